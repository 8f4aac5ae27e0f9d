//! `muster s3`.

use std::process::ExitCode;

use muster_backend::archive::{S3Item, list_s3};
use muster_backend::profiles::Profiles;
use muster_backend::{Error, Job};
use serde::Serialize;

use crate::arguments::S3Command;
use crate::output::Output;

#[derive(Serialize)]
struct Files {
    files: Vec<S3Item>,
}

pub(super) async fn work(
    profiles: &Profiles,
    command: S3Command,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    match command {
        S3Command::List { folder } => {
            let files = list_s3(profiles, &folder, job).await?;
            output.object(&Files { files: files.clone() }, || in_words(&files))
        }
    }
}

fn in_words(files: &[S3Item]) -> String {
    match files.is_empty() {
        true => "There is no file in this folder".to_owned(),
        false => files
            .iter()
            .map(|file| format!("{}  {}", file.path, file.modified))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}
