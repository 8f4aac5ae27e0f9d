//! Files of a recipe that are not on this machine: fetched for one run.

use std::collections::HashMap;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::archive::{S3Files, is_in_s3};
use crate::drive::{DriveFiles, is_in_drive};
use crate::error::{Error, Result};
use crate::profiles::Profiles;
use crate::progress::Job;

/// A file that was fetched.
#[derive(Debug, Clone)]
pub(super) struct FetchedFile {
    /// Where it is for now
    pub(super) path: PathBuf,
    /// What it is called where it came from
    pub(super) name: String,
}

/// The files of a recipe that were fetched, by their paths in the recipe; gone when dropped.
#[derive(Debug, Default)]
pub(super) struct FetchedFiles {
    files: HashMap<String, FetchedFile>,
    folder: Option<TempDir>,
}

impl FetchedFiles {
    /// The file of a path, where it was fetched.
    pub(super) fn get(&self, path: &str) -> Option<&FetchedFile> {
        self.files.get(path)
    }

    /// Where the next one goes.
    fn room(&mut self) -> Result<PathBuf> {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => tempfile::tempdir().map_err(|error| Error::disk("make a temporary folder", &error))?,
        };
        let room = folder.path().join(self.files.len().to_string());
        self.folder = Some(folder);
        Ok(room)
    }
}

/// Whether a path of a recipe is one in Google Drive or in S3.
pub(crate) fn is_elsewhere(path: &str) -> bool {
    is_in_drive(path) || is_in_s3(path)
}

/// Fetches those of the paths that are in Google Drive or in S3, each once.
///
/// # Errors
/// When one cannot be fetched: its path is in the error. When the job is cancelled.
pub(super) async fn fetch(profiles: &Profiles, paths: &[&str], job: &Job) -> Result<FetchedFiles> {
    let any = |is: fn(&str) -> bool| paths.iter().any(|path| is(path));
    let drive = if any(is_in_drive) { Some(DriveFiles::open(profiles).await?) } else { None };
    let s3 = if any(is_in_s3) { Some(S3Files::open(profiles).await?) } else { None };
    let mut fetched = FetchedFiles::default();
    for path in paths.iter().filter(|path| is_elsewhere(path)) {
        if fetched.files.contains_key(*path) {
            continue;
        }
        let to = fetched.room()?;
        let name = match (&drive, &s3) {
            (Some(drive), _) if is_in_drive(path) => drive.fetch(path, &to, job).await,
            (_, Some(s3)) if is_in_s3(path) => s3.fetch(path, &to, job).await,
            _ => continue,
        };
        let name = name.map_err(|error| error.about(path))?;
        fetched.files.insert((*path).to_owned(), FetchedFile { path: to, name });
    }
    Ok(fetched)
}
