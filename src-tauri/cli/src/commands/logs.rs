//! `muster logs`.

use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::{Error, Job};

use crate::output::{Output, signed};

/// `muster logs test`.
pub(super) async fn test(profiles: &Profiles, output: &Output, job: &Job) -> Result<ExitCode, Error> {
    let report = profiles.test_logs(job).await?;
    let file = profiles.logs().file;
    let done = output.object(&report, || format!("The log is {file}\n{}", signed(&report.steps)))?;
    Ok(if report.ok { done } else { ExitCode::FAILURE })
}
