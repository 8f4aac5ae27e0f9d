//! `muster drive`.

use std::process::ExitCode;

use muster_backend::drive::{Drive, DriveItem};
use muster_backend::profiles::Profiles;
use muster_backend::{Error, Job};
use serde::Serialize;

use crate::arguments::DriveCommand;
use crate::output::Output;

#[derive(Serialize)]
struct Files {
    files: Vec<DriveItem>,
}

pub(super) async fn work(
    profiles: &Profiles,
    command: DriveCommand,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    match command {
        DriveCommand::List { folder, shared_drive } => {
            let drive = Drive::new(profiles.clone())?;
            let files = drive.lists_in(&folder, shared_drive.as_deref(), job).await?;
            output.object(&Files { files: files.clone() }, || in_words(&files))
        }
    }
}

fn in_words(files: &[DriveItem]) -> String {
    let line = |file: &DriveItem| {
        format!("drive:{}  {}  {}", file.id, file.modified.as_deref().unwrap_or("-"), file.name)
    };
    match files.is_empty() {
        true => "There is no list in this folder".to_owned(),
        false => files.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}
