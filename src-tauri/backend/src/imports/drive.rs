//! Files of an import that are in Google Drive: added, watched for changes, brought up to date.

use muster_engine::recipe::ReaderOptions;
use serde::Serialize;

use super::files::{FileRole, parse};
use super::{ImportView, Imports, small};
use crate::drive::{Drive, DriveKind, DrivePage, DriveQuery, Fetched, RemoteFile};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::raw_files;
use crate::store::drive_file::{self, DriveFile};

/// A file that could not be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveNotAdded {
    /// Its id in Drive
    pub id: String,
    /// What kind of failure it is
    pub code: Code,
    /// What happened and why
    pub message: String,
    /// What to do
    pub help: Option<String>,
}

/// What came of adding files.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveAdded {
    /// The import with those that could be added
    pub import: ImportView,
    /// Those that could not
    pub not_added: Vec<DriveNotAdded>,
}

/// How a file in Drive is now, beside what was fetched of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DriveStatus {
    /// As it was fetched
    Same,
    /// Changed since
    Changed,
    /// Gone, or this account may not see it any more
    Gone,
    /// The account must sign in again
    SignedOut,
    /// It could not be found out
    Unknown,
}

/// A file of an import and how it is in Drive now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveState {
    /// The file of the import
    pub file: u32,
    /// Google's id of its account
    pub account: String,
    /// How it is now
    pub status: DriveStatus,
    /// When it was changed in Drive, as far as that is known: RFC 3339, UTC
    pub modified: Option<String>,
    /// Why it could not be found out
    pub message: Option<String>,
}

impl Imports {
    /// Lists a place in Drive. Lists that changed since an import fetched them last are marked.
    ///
    /// # Errors
    /// As [`Drive::list`]; when the workspace cannot be read.
    pub async fn drive_list(&self, drive: &Drive, query: &DriveQuery, job: &Job) -> Result<DrivePage> {
        let mut page = drive.list(query, job).await?;
        let is_list = |kind| !matches!(kind, DriveKind::Folder | DriveKind::SharedDrive);
        let ids: Vec<_> =
            page.items.iter().filter(|item| is_list(item.kind)).map(|item| item.target.clone()).collect();
        if ids.is_empty() {
            return Ok(page);
        }
        let known = drive_file::versions(self.db(), &ids).await?;
        for item in &mut page.items {
            // The last one that was fetched counts.
            if let Some(last) = known.iter().rfind(|known| known.drive_id == item.target) {
                item.imported = true;
                item.changed = item.version.as_ref().is_some_and(|version| *version != last.version);
            }
        }
        Ok(page)
    }

    /// Fetches files from Drive and adds them to an import. Files that can be read are added even if another one cannot.
    ///
    /// # Errors
    /// When the account must sign in again, or the job is cancelled: then the files before stay added.
    pub async fn add_drive_files(
        &self,
        drive: &Drive,
        id: u32,
        account: &str,
        files: &[String],
        job: &Job,
    ) -> Result<DriveAdded> {
        let import = self.import(id).await?;
        let mut not_added = Vec::new();
        for file in files {
            match self.add_drive_file(drive, import.id, account, file, job).await {
                Ok(()) => {}
                Err(error) if [Code::Cancelled, Code::SignedOut].contains(&error.code()) => {
                    self.touch(import.id).await?;
                    return Err(error);
                }
                Err(error) => not_added.push(DriveNotAdded {
                    id: file.clone(),
                    code: error.code(),
                    message: error.message().to_owned(),
                    help: error.help().map(str::to_owned),
                }),
            }
        }
        self.touch(import.id).await?;
        Ok(DriveAdded { import: self.open_import(id).await?, not_added })
    }

    async fn add_drive_file(
        &self,
        drive: &Drive,
        import: i64,
        account: &str,
        file: &str,
        job: &Job,
    ) -> Result<()> {
        let Fetched { file: remote, raw } = self.fetch_raw(drive, account, file, job).await?;
        if self.files_of(import).await?.iter().any(|file| file.sha256 == raw.sha256) {
            return Err(Error::new(Code::InvalidInput, "The same file is in this import already"));
        }
        let sha256 = raw.sha256.clone();
        let added = match self.look_kept(raw, ReaderOptions::default(), None, job).await {
            Ok(looked) => self.add_looked(import, remote.list_name(), &looked).await,
            Err(error) => Err(error),
        };
        match added {
            Ok(added) => self.keep_drive(added, account, &remote).await,
            Err(error) => {
                self.drop_raw(&sha256).await?;
                Err(error)
            }
        }
    }

    /// Fetches a file into Muster's keeping.
    async fn fetch_raw(&self, drive: &Drive, account: &str, file: &str, job: &Job) -> Result<Fetched> {
        let mut arriving = raw_files::arriving(self.folders())?;
        let fetched = drive.fetch(account, file, arriving.as_file_mut(), job).await?;
        raw_files::adopt(self.folders(), arriving, &fetched.raw)?;
        Ok(fetched)
    }

    async fn keep_drive(&self, file: i64, account: &str, remote: &RemoteFile) -> Result<()> {
        let kept = DriveFile {
            import_file: file,
            account: account.to_owned(),
            drive_id: remote.id.clone(),
            version: remote.version(),
            modified: remote.modified_time.clone(),
        };
        drive_file::keep(self.db(), &kept).await
    }

    /// How the files of an import that came from Drive are there now.
    ///
    /// # Errors
    /// When the import does not exist, or the job is cancelled. What Google answers is in the states.
    pub async fn drive_states(&self, drive: &Drive, id: u32, job: &Job) -> Result<Vec<DriveState>> {
        let import = self.import(id).await?;
        let mut states = Vec::new();
        for kept in drive_file::of_import(self.db(), import.id).await? {
            let state = |status, modified, message| DriveState {
                file: small(kept.import_file),
                account: kept.account.clone(),
                status,
                modified,
                message,
            };
            states.push(match drive.file(&kept.account, &kept.drive_id, job).await {
                Ok(now) if now.version() == kept.version => state(DriveStatus::Same, now.modified_time, None),
                Ok(now) => state(DriveStatus::Changed, now.modified_time, None),
                Err(error) => {
                    let status = match error.code() {
                        Code::Cancelled => return Err(error),
                        Code::NotFound => DriveStatus::Gone,
                        Code::SignedOut => DriveStatus::SignedOut,
                        _ => DriveStatus::Unknown,
                    };
                    state(status, kept.modified.clone(), Some(error.message().to_owned()))
                }
            });
        }
        Ok(states)
    }

    /// Fetches the version that is in Drive now in place of the one before. Choices and steps stay and are replayed.
    ///
    /// # Errors
    /// When the file did not come from Drive, cannot be fetched or read as a list, or the job is cancelled; then the former
    /// version stays.
    pub async fn update_drive_file(
        &self,
        drive: &Drive,
        id: u32,
        file: u32,
        job: &Job,
    ) -> Result<ImportView> {
        let file = self.file(id, file).await?;
        let Some(kept) = drive_file::of_file(self.db(), file.id).await? else {
            return Err(Error::new(Code::InvalidInput, "This file did not come from Google Drive")
                .with_help("Replace it with a file from the disk instead."));
        };
        let Fetched { file: remote, raw } = self.fetch_raw(drive, &kept.account, &kept.drive_id, job).await?;
        let (sha256, options) = (raw.sha256.clone(), parse(&file.reader)?);
        let role = Some(FileRole::of_name(&file.role));
        match self.look_kept(raw, options, role, job).await {
            Ok(looked) => self.put_in_place(&file, remote.list_name(), &looked).await?,
            Err(error) => {
                self.drop_raw(&sha256).await?;
                return Err(error);
            }
        }
        self.keep_drive(file.id, &kept.account, &remote).await?;
        self.open_import(id).await
    }
}
