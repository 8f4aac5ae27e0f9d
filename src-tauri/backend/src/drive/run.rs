//! Files of a recipe that are in Google Drive: `drive:FILE_ID`.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;

use tempfile::TempDir;

use super::Drive;
use super::failure::signed_out;
use crate::error::{Code, Error, Result};
use crate::profiles::Profiles;
use crate::progress::Job;

/// How such a path begins.
const SCHEME: &str = "drive:";

/// The id in a path of a recipe, where it is one in Google Drive.
pub(crate) fn id_of(path: &str) -> Option<&str> {
    path.strip_prefix(SCHEME)
}

/// The path of a file in a recipe.
pub(crate) fn path_of(id: &str) -> String {
    format!("{SCHEME}{id}")
}

/// A file of a recipe that was fetched for one run.
#[derive(Debug, Clone)]
pub(crate) struct FetchedFile {
    /// Where it is for now
    pub(crate) path: PathBuf,
    /// What it is called in Drive
    pub(crate) name: String,
}

/// The files of a recipe that were fetched; gone when dropped.
#[derive(Debug, Default)]
pub(crate) struct FetchedFiles {
    files: HashMap<String, FetchedFile>,
    folder: Option<TempDir>,
}

impl FetchedFiles {
    /// The file of a path, where it came from Drive.
    pub(crate) fn get(&self, path: &str) -> Option<&FetchedFile> {
        self.files.get(path)
    }
}

/// Fetches those of the paths that are in Google Drive, each with the first account that may see it.
///
/// # Errors
/// When no account is connected, or a file cannot be fetched; the file is named by its id.
pub(crate) async fn fetch_for_run<'p>(
    profiles: &Profiles,
    paths: impl Iterator<Item = &'p str>,
    job: &Job,
) -> Result<FetchedFiles> {
    let paths: Vec<&str> = paths.filter(|path| id_of(path).is_some()).collect();
    let mut fetched = FetchedFiles::default();
    if paths.is_empty() {
        return Ok(fetched);
    }
    let drive = Drive::new(profiles.clone())?;
    let accounts = drive.account_ids().await?;
    let folder = tempfile::tempdir().map_err(|error| Error::disk("make a temporary folder", &error))?;
    for path in paths {
        if !fetched.files.contains_key(path) {
            let to = folder.path().join(fetched.files.len().to_string());
            let name =
                fetch_one(&drive, &accounts, path, &to, job).await.map_err(|error| error.about(path))?;
            fetched.files.insert(path.to_owned(), FetchedFile { path: to, name });
        }
    }
    fetched.folder = Some(folder);
    Ok(fetched)
}

async fn fetch_one(
    drive: &Drive,
    accounts: &[String],
    path: &str,
    to: &PathBuf,
    job: &Job,
) -> Result<String> {
    let mut first = None;
    let failed = |error: std::io::Error| Error::disk("keep the file from Google Drive", &error);
    let mut file = File::create_new(to).map_err(failed)?;
    for account in accounts {
        match drive.fetch(account, id_of(path).unwrap_or_default(), &mut file, job).await {
            Ok(fetched) => return Ok(fetched.file.list_name()),
            // Another account may see it.
            Err(error) if [Code::NotFound, Code::Refused, Code::SignedOut].contains(&error.code()) => {
                first = first.or(Some(error));
            }
            Err(error) => return Err(error),
        }
    }
    Err(first.unwrap_or_else(no_account))
}

/// Nobody is signed in.
pub(super) fn no_account() -> Error {
    Error::new(signed_out().code(), "No Google account is connected").with_help(
        "Connect one in the app (Settings, Google Drive), or hand a sign-in over: --secret-file google-drive=FILE.",
    )
}
