//! A user service and its timer: `systemd.service(5)`, `systemd.timer(5)`, `systemd.syntax(7)`.

use std::path::Path;

use super::{Timed, TimerFile, capitalised, words};

/// A run is asked to end with SIGTERM, alone: what it has started ends with it. Only what a retry may mend is tried again.
const ENDINGS: &str = "\
KillMode=mixed
TimeoutStopSec=30
SuccessExitStatus=3
Restart=on-failure
RestartPreventExitStatus=1 2 4
RestartSec=15min
";

/// Starts what is named by its argument.
const ENV: &str = "/usr/bin/env";

/// The units, for a folder of user units.
pub(super) fn files(timed: &Timed<'_>, folder: &Path) -> Vec<TimerFile> {
    let file = |kind: &str, text: String| TimerFile {
        path: folder.join(format!("{}.{kind}", unit(timed.name))),
        bytes: text.into_bytes(),
    };
    vec![file("service", service(timed)), file("timer", timer(timed))]
}

fn unit(name: &str) -> String {
    format!("muster-{name}")
}

fn service(timed: &Timed<'_>) -> String {
    let variables: String = timed
        .variables
        .iter()
        .map(|(name, value)| format!("Environment={}\n", quoted(&format!("{name}={value}"))))
        .collect();
    // A program whose path has these systemd does not start; as an argument it takes any.
    let is_safe = |program: &str| !program.contains(['"', '\'', '\\']);
    let program = timed.command.first().map(String::as_str).filter(|program| is_safe(program)).unwrap_or(ENV);
    let words = timed.command.iter().skip(usize::from(program != ENV));
    // `$` stands for a variable in arguments, and for itself in the program's path.
    let arguments: String = words.map(|word| format!(" {}", quoted(word).replace('$', "$$"))).collect();
    let program = quoted(program);
    format!(
        "[Unit]\nDescription=Muster: the schedule {}\nStartLimitIntervalSec=2h\nStartLimitBurst=4\n\n\
         [Service]\nType=oneshot\n{variables}ExecStart={program}{arguments}\n{ENDINGS}",
        timed.name
    )
}

fn timer(timed: &Timed<'_>) -> String {
    let days: Vec<_> = timed.schedule.weekly.iter().map(|day| capitalised(&day.name()[..3])).collect();
    let days = if days.is_empty() { String::new() } else { days.join(",") + " " };
    format!(
        "[Unit]\nDescription=Muster: when the schedule {} runs\n\n\
         [Timer]\nOnCalendar={days}*-*-* {}:00\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
        timed.name, timed.schedule.daily
    )
}

/// A word in quotes; `%` begins a specifier also there.
fn quoted(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%");
    format!("\"{escaped}\"")
}

/// Lets the timer begin.
pub(super) fn on(name: &str) -> Vec<Vec<String>> {
    let timer = format!("{}.timer", unit(name));
    vec![
        systemctl(&["daemon-reload"]),
        systemctl(&["enable", "--now", &timer]),
        systemctl(&["restart", &timer]),
    ]
}

/// Ends the timer.
pub(super) fn off(name: &str) -> Vec<Vec<String>> {
    vec![systemctl(&["disable", "--now", &format!("{}.timer", unit(name))])]
}

fn systemctl(arguments: &[&str]) -> Vec<String> {
    [words(&["systemctl", "--user"]), words(arguments)].concat()
}
