//! An agent of launchd: `launchd.plist(5)`.

use std::path::Path;

use super::{Timed, TimerFile, words, xml};

/// The agent, for the folder of the person's agents; `logs` is where its output goes.
pub(super) fn files(timed: &Timed<'_>, folder: &Path, logs: &Path) -> Vec<TimerFile> {
    let path = folder.join(format!("{}.plist", label(timed.name)));
    vec![TimerFile { path, bytes: plist(timed, logs).into_bytes() }]
}

fn label(name: &str) -> String {
    format!("org.muster.schedule.{name}")
}

fn plist(timed: &Timed<'_>, logs: &Path) -> String {
    let words: String = timed.command.iter().map(|word| format!("    {}\n", string(word))).collect();
    let variables: String = timed
        .variables
        .iter()
        .map(|(name, value)| format!("    <key>{}</key>{}\n", xml(name), string(value)))
        .collect();
    let log = string(&logs.join(format!("{}.log", timed.name)).to_string_lossy());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n  <key>Label</key>{}\n  <key>ProgramArguments</key>\n  <array>\n{words}  </array>\n\
         {}  <key>StartCalendarInterval</key>\n  <array>\n{}  </array>\n  <key>ExitTimeOut</key><integer>30</integer>\n  \
         <key>StandardOutPath</key>{log}\n  <key>StandardErrorPath</key>{log}\n</dict>\n</plist>\n",
        string(&label(timed.name)),
        if variables.is_empty() {
            String::new()
        } else {
            format!("  <key>EnvironmentVariables</key>\n  <dict>\n{variables}  </dict>\n")
        },
        times(timed)
    )
}

/// A Mac that sleeps then runs it when it wakes.
fn times(timed: &Timed<'_>) -> String {
    let (hour, minute) = timed.schedule.daily.split_once(':').unwrap_or(("0", "0"));
    let number = |key: &str, text: &str| {
        format!("<key>{key}</key><integer>{}</integer>", text.parse::<u8>().unwrap_or_default())
    };
    let clock = format!("{}{}", number("Hour", hour), number("Minute", minute));
    let days = &timed.schedule.weekly;
    if days.is_empty() {
        return format!("    <dict>{clock}</dict>\n");
    }
    // 1 is Monday, 7 Sunday.
    let day = |day: &crate::config::Day| number("Weekday", &day.weekday().to_monday_one_offset().to_string());
    days.iter().map(|each| format!("    <dict>{}{clock}</dict>\n", day(each))).collect()
}

fn string(text: &str) -> String {
    format!("<string>{}</string>", xml(text))
}

/// Lets the agent begin.
pub(super) fn on(files: &[TimerFile], user: u32) -> Vec<Vec<String>> {
    let domain = format!("gui/{user}");
    let load = |file: &TimerFile| words(&["launchctl", "bootstrap", &domain, &file.path.to_string_lossy()]);
    files.iter().map(load).collect()
}

/// Ends the agent.
pub(super) fn off(name: &str, user: u32) -> Vec<Vec<String>> {
    let service = format!("gui/{user}/{}", label(name));
    vec![words(&["launchctl", "bootout", &service])]
}
