//! Files of a recipe that are in Google Drive: `drive:FILE_ID`.

use std::fs::File;
use std::path::Path;

use super::Drive;
use super::failure::signed_out;
use crate::error::{Code, Error, Result};
use crate::profiles::Profiles;
use crate::progress::Job;

/// How such a path begins.
const SCHEME: &str = "drive:";

/// Whether a path of a recipe is one in Google Drive.
pub(crate) fn is_in_drive(path: &str) -> bool {
    path.starts_with(SCHEME)
}

/// The path of a file in a recipe.
pub(crate) fn path_of(id: &str) -> String {
    format!("{SCHEME}{id}")
}

/// Google Drive for a run: every account that is connected.
pub(crate) struct DriveFiles {
    drive: Drive,
    accounts: Vec<String>,
}

impl DriveFiles {
    /// # Errors
    /// As [`Drive::new`]; when the keychain does not say which accounts there are.
    pub(crate) async fn open(profiles: &Profiles) -> Result<DriveFiles> {
        let drive = Drive::new(profiles.clone())?;
        let accounts = drive.account_ids().await?;
        Ok(DriveFiles { drive, accounts })
    }

    /// Fetches a file into `to`, which is made, with the first account that may see it. Gives its name.
    ///
    /// # Errors
    /// When no account is connected, or the file cannot be fetched; as [`Drive::fetch`].
    pub(crate) async fn fetch(&self, path: &str, to: &Path, job: &Job) -> Result<String> {
        let mut first = None;
        let failed = |error: std::io::Error| Error::disk("keep the file from Google Drive", &error);
        let mut file = File::create_new(to).map_err(failed)?;
        let id = path.strip_prefix(SCHEME).unwrap_or_default();
        for account in &self.accounts {
            match self.drive.fetch(account, id, &mut file, job).await {
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
}

/// Nobody is signed in.
pub(super) fn no_account() -> Error {
    Error::new(signed_out().code(), "No Google account is connected").with_help(
        "Connect one in the app (Settings, Google Drive), or hand a sign-in over: --secret-file google-drive=FILE.",
    )
}
