//! Timers of the operating system that begin a schedule without the app: a systemd user unit, a launchd agent, a task of
//! Task Scheduler. Their files hold names and paths, and no secret.

mod launchd;
mod systemd;
mod task;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use crate::config::{Schedule, write_whole};
use crate::error::{Code, Error, Result};
use crate::folders::Folders;

/// Variables that a timer passes on, where they are set when it is written. They name folders and files.
const PASSED_ON: [&str; 3] = ["MUSTER_DATA_DIR", "MUSTER_CONFIG_DIR", "MUSTER_ACTIVE_PROFILE"];
const SECRET_FILES: &str = "MUSTER_SECRET_FILE_";

/// What a timer begins, and when.
#[derive(Debug)]
pub(super) struct Timed<'s> {
    pub(super) name: &'s str,
    pub(super) schedule: &'s Schedule,
    /// The program and its arguments
    pub(super) command: Vec<String>,
    pub(super) variables: BTreeMap<String, String>,
}

/// A file of a timer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TimerFile {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// What was done about a timer of the operating system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TimerReport {
    /// What was done, in order
    pub done: Vec<String>,
    /// Commands that are still to be run by hand, where the system could not be told
    pub by_hand: Vec<String>,
}

/// A kind of timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Systemd,
    Launchd,
    TaskScheduler,
}

impl Kind {
    fn here() -> Kind {
        match std::env::consts::OS {
            "macos" => Kind::Launchd,
            "windows" => Kind::TaskScheduler,
            _ => Kind::Systemd,
        }
    }

    /// The files, below the folder of the person (for tasks, Muster's own).
    fn files(self, timed: &Timed<'_>, folders: &Folders) -> Result<Vec<TimerFile>> {
        Ok(match self {
            Kind::Systemd => systemd::files(timed, &systemd_folder()?),
            Kind::Launchd => {
                launchd::files(timed, &home()?.join("Library/LaunchAgents"), &folders.schedules())
            }
            Kind::TaskScheduler => task::files(timed, &folders.schedules()),
        })
    }

    /// What tells the system of new files.
    fn on(self, name: &str, files: &[TimerFile]) -> Vec<Vec<String>> {
        match self {
            Kind::Systemd => systemd::on(name),
            Kind::Launchd => launchd::on(files, user()),
            Kind::TaskScheduler => task::on(name, files),
        }
    }

    /// What tells the system that a timer ends; its files are removed afterwards.
    fn off(self, name: &str) -> Vec<Vec<String>> {
        match self {
            Kind::Systemd => systemd::off(name),
            Kind::Launchd => launchd::off(name, user()),
            Kind::TaskScheduler => task::off(name),
        }
    }
}

/// Writes a timer's files, in place of those that were there, and tells the system of them.
pub(super) fn install(timed: &Timed<'_>, folders: &Folders) -> Result<TimerReport> {
    let kind = Kind::here();
    let files = kind.files(timed, folders)?;
    let mut report = TimerReport::default();
    for file in &files {
        let failed = |error: std::io::Error| Error::disk("write the files of the timer", &error);
        let folder = file.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        write_whole(&file.path, &file.bytes).map_err(failed)?;
        report.done.push(format!("{} was written", file.path.display()));
    }
    // launchd keeps what it has read until it is told to forget it.
    if kind == Kind::Launchd {
        for command in kind.off(timed.name) {
            let _ = tell(&command);
        }
    }
    report.tell_all(kind.on(timed.name, &files));
    Ok(report)
}

/// Ends a timer and removes its files.
pub(super) fn uninstall(timed: &Timed<'_>, folders: &Folders) -> Result<TimerReport> {
    let kind = Kind::here();
    let mut report = TimerReport::default();
    report.tell_all(kind.off(timed.name));
    for file in kind.files(timed, folders)? {
        match std::fs::remove_file(&file.path) {
            Ok(()) => report.done.push(format!("{} was removed", file.path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::disk("remove the files of the timer", &error)),
        }
    }
    Ok(report)
}

impl TimerReport {
    /// Runs the commands up to the first that fails; that one and the rest are left to the person.
    fn tell_all(&mut self, commands: Vec<Vec<String>>) {
        let mut failed = false;
        for command in commands {
            let text = shown(&command);
            failed = failed || !tell(&command);
            if failed {
                self.by_hand.push(text);
            } else {
                self.done.push(format!("`{text}` was run"));
            }
        }
    }
}

/// Whether the command is there and went well.
fn tell(command: &[String]) -> bool {
    let Some((program, arguments)) = command.split_first() else { return false };
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// A command as a person types it.
fn shown(command: &[String]) -> String {
    let quoted =
        |word: &String| match word.contains(|c: char| !c.is_ascii_alphanumeric() && !"-_./:\\".contains(c)) {
            true => format!("\"{word}\""),
            false => word.clone(),
        };
    command.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// The variables of this program that a timer passes on.
pub(super) fn variables() -> BTreeMap<String, String> {
    let passed_on = |name: &str| PASSED_ON.contains(&name) || name.starts_with(SECRET_FILES);
    std::env::vars().filter(|(name, value)| passed_on(name) && !value.is_empty()).collect()
}

/// The program `muster`: this one, or the one beside the app.
pub(super) fn program() -> Result<PathBuf> {
    let name = format!("muster{}", std::env::consts::EXE_SUFFIX);
    let here = std::env::current_exe().map_err(|error| Error::disk("find the program muster", &error))?;
    let beside = here.with_file_name(&name);
    let on_path = || {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&folders).map(|folder| folder.join(&name)).find(|program| program.is_file())
    };
    if here.file_name() == Some(name.as_ref()) {
        return Ok(here);
    }
    Some(beside).filter(|program| program.is_file()).or_else(on_path).ok_or_else(|| {
        Error::new(Code::NotFound, "A timer starts the program muster, and that is not installed")
            .with_help("Put the program muster beside the app or on the PATH, then try again.")
    })
}

/// A path as a timer's file has it.
pub(super) fn text_of(path: &Path) -> Result<String> {
    path.to_str().filter(|text| !text.chars().any(char::is_control)).map(str::to_owned).ok_or_else(|| {
        Error::new(Code::InvalidInput, "A path has a name that no timer can be given")
            .with_help("Move the file to a folder whose name is plain text.")
    })
}

fn home() -> Result<PathBuf> {
    std::env::home_dir()
        .filter(|home| !home.as_os_str().is_empty())
        .ok_or_else(|| Error::new(Code::Config, "The system names no home folder"))
}

/// See `systemd.unit(5)`, the search path of user units.
fn systemd_folder() -> Result<PathBuf> {
    let config = match std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => home()?.join(".config"),
    };
    Ok(config.join("systemd/user"))
}

#[cfg(unix)]
fn user() -> u32 {
    rustix::process::getuid().as_raw()
}

#[cfg(not(unix))]
fn user() -> u32 {
    0
}

/// A command.
fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// `monday`: `Monday`
fn capitalised(day: &str) -> String {
    let mut letters = day.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Text in XML, also within quotes.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Day;

    /// Names that want escaping everywhere.
    fn awkward() -> Schedule {
        Schedule {
            recipe: "/lists/recipe.yml".into(),
            profile: "staging".into(),
            daily: "02:30".into(),
            weekly: vec![Day::Monday, Day::Sunday],
            out: None,
            confirm: None,
            paused: false,
            os_timer: true,
        }
    }

    fn timed(schedule: &Schedule) -> Timed<'_> {
        let program = r#"/opt/50% "off" $HOME\x/<muster> & co"#;
        Timed {
            name: "nightly",
            schedule,
            command: [program, "--config", "/it's $5 & 5%/c.yml", "schedule", "run", "nightly"]
                .map(str::to_owned)
                .into(),
            variables: [
                ("MUSTER_DATA_DIR".to_owned(), r#"/srv/a "b" 5% \c"#.to_owned()),
                ("MUSTER_SECRET_FILE_PROD".to_owned(), "/run/secrets/prod".to_owned()),
            ]
            .into(),
        }
    }

    fn told(files: &[TimerFile]) -> String {
        let text = |file: &TimerFile| {
            let text = match file.bytes.strip_prefix(&[0xff, 0xfe]) {
                Some(wide) => {
                    let units = wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
                    String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
                }
                None => String::from_utf8(file.bytes.clone()).unwrap(),
            };
            format!("--- {}\n{}", file.path.display(), text.replace("\r\n", "\n"))
        };
        files.iter().map(text).collect()
    }

    #[test]
    fn a_systemd_timer_looks_like_this() {
        let mut schedule = awkward();
        let days = told(&systemd::files(&timed(&schedule), Path::new("/units")));
        schedule.weekly.clear();
        let daily = told(&systemd::files(&timed(&schedule), Path::new("/units")));
        insta::assert_snapshot!(days);
        assert!(daily.contains("OnCalendar=*-*-* 02:30:00\n"), "{daily}");
    }

    #[test]
    fn a_launchd_agent_looks_like_this() {
        let mut schedule = awkward();
        let (agents, logs) = (Path::new("/agents"), Path::new("/data/schedules"));
        let days = told(&launchd::files(&timed(&schedule), agents, logs));
        schedule.weekly.clear();
        let daily = told(&launchd::files(&timed(&schedule), agents, logs));
        insta::assert_snapshot!(days);
        assert!(!daily.contains("Weekday"), "{daily}");
    }

    #[test]
    fn a_task_looks_like_this() {
        let mut schedule = awkward();
        let days = told(&task::files(&timed(&schedule), Path::new("/data/schedules")));
        schedule.weekly.clear();
        let daily = told(&task::files(&timed(&schedule), Path::new("/data/schedules")));
        insta::assert_snapshot!(days);
        assert!(daily.contains("<ScheduleByDay>"), "{daily}");
    }

    #[test]
    fn the_system_is_told_like_this() {
        let files = [TimerFile { path: "/agents/a b.plist".into(), bytes: Vec::new() }];
        let all = [
            systemd::on("nightly"),
            systemd::off("nightly"),
            launchd::on(&files, 501),
            launchd::off("nightly", 501),
            task::on("nightly", &files),
            task::off("nightly"),
        ];
        let lines: Vec<_> = all.concat().iter().map(|command| shown(command)).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
