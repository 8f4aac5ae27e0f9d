//! `muster export`.

use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::{Error, Job, export};

use crate::arguments::ExportArguments;
use crate::output::Output;

pub(super) async fn export_members(
    profiles: &Profiles,
    arguments: &ExportArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let access = profiles.access(arguments.profile.as_deref()).await?;
    let file = export::export_members(&access, &arguments.out, job).await?;
    output.object(&file, || format!("{} members in {}", file.rows, file.name))
}
