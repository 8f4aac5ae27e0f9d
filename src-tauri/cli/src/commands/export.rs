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
    let profile = profiles.info(arguments.profile.as_deref())?;
    let (location, out, job) = (profile.location, arguments.out.clone(), job.clone());
    let exported =
        tokio::task::spawn_blocking(move || export::export_members(location.as_ref(), &out, &job)).await;
    let file = exported.map_err(|_| Error::not_found("profile"))??;
    output.object(&file, || format!("{} members in {}", file.rows, file.name))
}
