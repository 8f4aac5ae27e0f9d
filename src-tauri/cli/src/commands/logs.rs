//! `muster logs`.

use std::process::ExitCode;

use muster_backend::profiles::{Profiles, StepState};
use muster_backend::telemetry::LogsTestReport;
use muster_backend::{Error, Job};

use crate::output::Output;

/// `muster logs test`.
pub(super) async fn test(profiles: &Profiles, output: &Output, job: &Job) -> Result<ExitCode, Error> {
    let report = profiles.test_logs(job).await?;
    let file = profiles.logs().file;
    let done = output.object(&report, || told(&report, &file))?;
    Ok(if report.ok { done } else { ExitCode::FAILURE })
}

fn told(report: &LogsTestReport, file: &str) -> String {
    let mut lines = vec![format!("The log is {file}")];
    for step in &report.steps {
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
