//! A task of Windows' Task Scheduler: its XML is described in the Task Scheduler Schema of Microsoft's documentation.

use std::path::Path;

use super::{Timed, TimerFile, capitalised, words, xml};

/// Any day in the past: the time of the day is what counts.
const FIRST_DAY: &str = "2026-01-01";

/// The task, as `schtasks /Create /XML` takes it: UTF-16 with a byte order mark.
pub(super) fn files(timed: &Timed<'_>, folder: &Path) -> Vec<TimerFile> {
    let text = task(timed).replace('\n', "\r\n");
    let bytes = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    vec![TimerFile { path: folder.join(format!("{}.task.xml", timed.name)), bytes }]
}

fn task(timed: &Timed<'_>) -> String {
    let (program, arguments) =
        timed.command.split_first().map_or(("", &[][..]), |(program, rest)| (program, rest));
    let arguments = arguments.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n\
         <Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\n  \
           <RegistrationInfo><Description>Muster: the schedule {}</Description></RegistrationInfo>\n  \
           <Triggers>\n    <CalendarTrigger>\n      <StartBoundary>{FIRST_DAY}T{}:00</StartBoundary>\n      \
           <Enabled>true</Enabled>\n      {}\n    </CalendarTrigger>\n  </Triggers>\n  \
           <Principals><Principal id=\"Author\"><LogonType>InteractiveToken</LogonType>\
           <RunLevel>LeastPrivilege</RunLevel></Principal></Principals>\n  \
           <Settings>\n    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n    \
           <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n    \
           <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n    \
           <StartWhenAvailable>true</StartWhenAvailable>\n    <Enabled>true</Enabled>\n    \
           <ExecutionTimeLimit>PT12H</ExecutionTimeLimit>\n  </Settings>\n  \
           <Actions Context=\"Author\"><Exec><Command>{}</Command><Arguments>{}</Arguments></Exec></Actions>\n</Task>\n",
        xml(timed.name),
        xml(&timed.schedule.daily),
        days(timed),
        xml(program),
        xml(&arguments)
    )
}

fn days(timed: &Timed<'_>) -> String {
    let days = &timed.schedule.weekly;
    if days.is_empty() {
        return "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>".into();
    }
    let days: String = days.iter().map(|day| format!("<{}/>", capitalised(day.name()))).collect();
    format!(
        "<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek>{days}</DaysOfWeek></ScheduleByWeek>"
    )
}

/// An argument in quotes, as programs on Windows read them; no path there has a quote within.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:\\".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let backslashes = word.len() - word.trim_end_matches('\\').len();
    format!("\"{}{}\"", word.replace('"', "\\\""), "\\".repeat(backslashes))
}

fn path_of(name: &str) -> String {
    format!("\\Muster\\{name}")
}

/// Registers the task, in place of one that was there.
pub(super) fn on(name: &str, files: &[TimerFile]) -> Vec<Vec<String>> {
    let create = |file: &TimerFile| {
        words(&["schtasks", "/Create", "/F", "/TN", &path_of(name), "/XML", &file.path.to_string_lossy()])
    };
    files.iter().map(create).collect()
}

/// Removes the task.
pub(super) fn off(name: &str) -> Vec<Vec<String>> {
    vec![words(&["schtasks", "/Delete", "/F", "/TN", &path_of(name)])]
}
