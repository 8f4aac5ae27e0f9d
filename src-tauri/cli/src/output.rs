//! What the program prints: words for people or one JSON object, and its exit code.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muster_backend::run::Report;
use muster_backend::steps::{StepState, TestStep, TestedStep};
use muster_backend::{Code, Error};
use serde::Serialize;

/// How long a result that is being printed may take when the program has to end.
const PRINT_LIMIT: Duration = Duration::from_secs(1);

/// Where results go. Clones are the same place.
#[derive(Clone)]
pub(crate) struct Output {
    json: bool,
    /// Whether something was printed; held while that is done
    printed: Arc<Mutex<bool>>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Output {
        Output { json, printed: Arc::default() }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints a result, and ends well.
    pub(crate) fn object(
        &self,
        result: &impl Serialize,
        words: impl FnOnce() -> String,
    ) -> Result<ExitCode, Error> {
        self.print(&if self.json { to_json(result)? } else { words() });
        Ok(ExitCode::SUCCESS)
    }

    /// Prints a result of which some rows were refused: exit code 3 where `stay` is more than none.
    pub(crate) fn partly(
        &self,
        result: &impl Serialize,
        stay: u32,
        words: impl FnOnce() -> String,
    ) -> Result<ExitCode, Error> {
        let done = self.object(result, words)?;
        Ok(if stay > 0 { ExitCode::from(3) } else { done })
    }

    /// Prints the report of a run.
    pub(crate) fn report(&self, report: &Report) -> Result<ExitCode, Error> {
        self.print(&if self.json { to_json(report)? } else { in_words(report) });
        Ok(ExitCode::from(report.exit_code()))
    }

    /// Prints an error, and gives the exit code that tells a scheduler what to do.
    pub(crate) fn failed(&self, error: &Error) -> ExitCode {
        if let Ok(mut printed) = self.printed.lock() {
            *printed = true;
            self.tell(error);
        }
        exit_code(error.code())
    }

    /// Ends the program while its work is still going on, after telling so unless a result was printed.
    pub(crate) fn abandoned(&self) -> ! {
        let error = Error::new(
            Code::InDoubt,
            "The work was ended before it came to its end: whether its last step was written is not known",
        )
        .with_help("Run it again: what was written is not written twice.");
        match self.printed.try_lock() {
            Ok(printed) if !*printed => self.tell(&error),
            Ok(_) => {}
            Err(_) => std::thread::sleep(PRINT_LIMIT),
        }
        std::process::exit(Code::InDoubt.exit_code().into())
    }

    fn tell(&self, error: &Error) {
        // A reader that went away is no failure of the work.
        let _ = if self.json {
            let object = serde_json::json!({
                "error": { "code": error.code(), "message": error.message(), "help": error.help() }
            });
            writeln!(std::io::stdout(), "{object}")
        } else {
            writeln!(std::io::stderr(), "muster: {error}")
        };
    }

    fn print(&self, text: &str) {
        if let Ok(mut printed) = self.printed.lock() {
            *printed = true;
            // As in `tell`.
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }
}

/// What tells a scheduler what to do.
pub(crate) fn exit_code(code: Code) -> ExitCode {
    ExitCode::from(code.exit_code())
}

fn to_json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string_pretty(value)
        .map_err(|_| Error::new(Code::Internal, "The result could not be written as JSON"))
}

fn in_words(report: &Report) -> String {
    let counts = report.counts;
    let mut lines = Vec::new();
    for file in &report.files {
        let source = file.source.as_deref().unwrap_or("company list");
        lines.push(format!("{:>9}  rows of {} ({source})", file.rows, file.name));
    }
    lines.push(format!(
        "{:>9}  read = {} clean + {} suspect + {} rejected + {} excluded",
        counts.read, counts.clean, counts.suspect, counts.rejected, counts.excluded
    ));
    for issue in &report.issues {
        let level = format!("{:?}", issue.level).to_lowercase();
        lines.push(format!("{:>9}  {} ({level})", issue.rows, issue.rule.name()));
    }
    if let Some(push) = &report.push {
        lines.push(format!(
            "{:>9}  inserted into {}; {} skipped as identical, {} as different; {} rejected",
            push.inserted, push.profile, push.skipped_identical, push.skipped_different, push.rejected
        ));
        if push.merged > 0 {
            lines.push(format!("{:>9}  members joined who were two", push.merged));
        }
    }
    if let Some(scores) = &report.scores {
        lines.push(format!(
            "{:>9}  unified scores changed of {}; {} rows in the score history",
            scores.changed, scores.scored, scores.history
        ));
    }
    lines.push(format!("{:>9.2}  seconds", report.seconds.total));
    for statement in report.sql.iter().flatten() {
        let rows = match statement.rows {
            Some(1) => " (1 row)".to_owned(),
            Some(rows) => format!(" ({rows} rows)"),
            None => String::new(),
        };
        lines.push(format!("\n-- {}{rows}\n{};", statement.purpose, statement.sql));
    }
    lines.join("\n")
}

/// The name of a file without its ending.
pub(crate) fn file_stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The steps of a test as a list, each with what to do where it failed.
pub(crate) fn signed<S>(steps: &[TestedStep<S>]) -> String {
    let mut lines = Vec::new();
    for step in steps {
        let sign = match step.state {
            StepState::Ok => "✓",
            StepState::Failed => "✗",
            StepState::Skipped => "-",
        };
        lines.push(format!("  {sign} {}", step.message));
        lines.extend(step.help.iter().map(|help| format!("    {help}")));
    }
    lines.join("\n")
}

/// The steps of a test as a table with their names.
pub(crate) fn steps_in_words<S: TestStep>(steps: &[TestedStep<S>]) -> String {
    let mut lines = Vec::new();
    for step in steps {
        let state = match step.state {
            StepState::Ok => "ok",
            StepState::Failed => "FAILED",
            StepState::Skipped => "-",
        };
        lines.push(format!("{state:<6}  {:<10}  {}", step.step.name(), step.message));
        lines.extend(step.help.as_ref().map(|help| format!("{:20}{help}", "")));
    }
    lines.join("\n")
}
