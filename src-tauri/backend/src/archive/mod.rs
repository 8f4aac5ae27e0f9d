//! Raw files for ever. Before the first row of a push moves, each of its files is stored as it came under the SHA-256 of
//! its bytes (FIPS 180-4): in a folder, in the database that is pushed to, or in S3. Nothing is written over; what was
//! stored is read back and its hash compared; many pushes share one copy.

mod database;
mod folder;
mod kept;
mod s3;
mod settings;
mod source;
mod test;
mod view;

pub(crate) use source::{S3Files, is_in_s3};
pub use source::{S3Item, list_s3};
pub use test::{ArchiveTestReport, ArchiveTestStepName};
pub use view::{ArchiveCheck, ArchiveForm, ArchiveView, ArchivedFile};

use std::path::{Path, PathBuf};

use crate::config::{ArchiveConfig, ArchiveKind};
use crate::error::{Code, Error, Result};
use crate::imports::person;
use crate::profiles::Profiles;
use crate::progress::{Job, unless_cancelled};
use crate::secret::Secret;
use crate::secrets::Secrets;
use crate::store::Target;
use crate::telemetry::{Counter, Event, Stage, count, record, stage};

use folder::FolderArchive;
use s3::S3Archive;

/// A raw file of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawSource {
    /// Where its bytes are
    pub path: PathBuf,
    /// Its name, without the folder
    pub name: String,
    /// Lower-case hex
    pub sha256: String,
    /// Bytes
    pub size: u64,
}

/// A raw file that the archive has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    sha256: String,
    size: u64,
    name: String,
    location: String,
}

/// The archive of the settings. Nothing is opened, and no secret asked for, before it is used.
#[derive(Debug, Clone)]
pub struct Archive {
    config: ArchiveConfig,
    folder: PathBuf,
    secrets: Option<Secrets>,
}

#[derive(Debug)]
enum Place {
    Folder(FolderArchive),
    Database,
    S3(Box<S3Archive>),
}

/// What the archive in the database is called.
const DATABASE: &str = "database";

impl Archive {
    /// The archive of the settings.
    pub fn of(profiles: &Profiles) -> Archive {
        let config = profiles.config().archive.clone();
        let folder = profiles.folders().resolve(config.path.as_deref().unwrap_or("archive"));
        Archive { config, folder, secrets: Some(profiles.secrets().clone()) }
    }

    /// A folder.
    #[cfg(test)]
    pub(crate) fn in_folder(folder: PathBuf) -> Archive {
        let config = ArchiveConfig { kind: ArchiveKind::Folder, ..ArchiveConfig::default() };
        Archive { config, folder, secrets: None }
    }

    /// Where it is, for people.
    pub fn location(&self) -> String {
        match self.config.kind {
            ArchiveKind::Folder => self.folder.display().to_string(),
            ArchiveKind::Database => DATABASE.to_owned(),
            ArchiveKind::S3 => s3::location(&self.config),
        }
    }

    async fn place(&self) -> Result<Place> {
        Ok(match self.config.kind {
            ArchiveKind::Folder => Place::Folder(FolderArchive::new(self.folder.clone())),
            ArchiveKind::Database => Place::Database,
            ArchiveKind::S3 => Place::S3(Box::new(S3Archive::new(&self.config, &self.secret().await?)?)),
        })
    }

    /// The secret of the S3 key.
    async fn secret(&self) -> Result<Secret> {
        let secret = match &self.secrets {
            Some(secrets) => secrets.of_archive().await?,
            None => None,
        };
        secret.ok_or_else(|| {
            Error::new(Code::SecretMissing, "The secret of the archive's access key is not there")
                .with_help("Set it in Settings, or with: muster secrets set archive")
        })
    }

    /// Stores files that it does not have yet. Progress is reported as `archive`, in bytes.
    ///
    /// # Errors
    /// [`Code::Refused`] where a file is not the one that was read, or the store lets files be overwritten;
    /// [`Code::SecretMissing`] where the secret of an S3 key is not there; when the archive cannot be written, or the job
    /// is cancelled.
    pub(crate) async fn keep(&self, target: &Target, files: &[RawSource], job: &Job) -> Result<Vec<Stored>> {
        let stored = stage(Stage::Archive, self.keep_all(target, files, job)).await?;
        if !stored.is_empty() {
            record(Event::Archived {
                kind: self.config.kind,
                files: u32::try_from(stored.len()).unwrap_or(u32::MAX),
                bytes: stored.iter().map(|file| file.size).sum(),
            });
        }
        Ok(stored)
    }

    async fn keep_all(&self, target: &Target, files: &[RawSource], job: &Job) -> Result<Vec<Stored>> {
        let total = files.iter().map(|file| file.size).sum();
        count(Counter::Files, files.len() as u64);
        count(Counter::Bytes, total);
        let (mut stored, mut done) = (Vec::with_capacity(files.len()), 0);
        let place = self.place().await?;
        for file in files {
            let progress = Progress { job, done, total };
            match &place {
                Place::Folder(folder) => folder.keep(file, &progress).await?,
                Place::Database => database::keep(target, file, &progress).await?,
                Place::S3(s3) => s3.keep(file, &progress).await?,
            }
            done += file.size;
            stored.push(Stored {
                sha256: file.sha256.clone(),
                size: file.size,
                name: file.name.clone(),
                location: self.location(),
            });
        }
        Ok(stored)
    }

    /// Writes a file as it came in place of what is at `to`, whole or not at all. Progress as [`Archive::keep`].
    async fn fetch(&self, target: &Target, sha256: &str, to: &Path, job: &Job) -> Result<()> {
        let file = target.read(async |db| kept::find(db, sha256).await).await?;
        if file.location != self.location() {
            return Err(elsewhere(&file));
        }
        let folder = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let failed = |error: std::io::Error| Error::disk("save the file", &error);
        let mut copy = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        if !self.place().await?.read(target, &file, copy.as_file_mut(), job).await? {
            return Err(damaged());
        }
        copy.as_file().sync_all().map_err(failed)?;
        copy.persist(to).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Reads every file, and compares their hashes.
    async fn verify(&self, target: &Target, job: &Job) -> Result<ArchiveCheck> {
        let (place, location) = (self.place().await?, self.location());
        let mut check = ArchiveCheck::default();
        for file in target.read(async |db| kept::all_files(db).await).await? {
            if file.location != location {
                check.elsewhere += 1;
                continue;
            }
            match place.read(target, &file, &mut std::io::sink(), job).await {
                Ok(true) => check.sound += 1,
                Ok(false) => check.damaged.push(file.sha256),
                Err(error) if error.code() == Code::NotFound => check.missing.push(file.sha256),
                Err(error) => return Err(error),
            }
        }
        Ok(ArchiveCheck { location, ..check })
    }
}

impl Place {
    /// Writes a file's bytes to `to`; tells whether they have its hash.
    async fn read(
        &self,
        target: &Target,
        file: &kept::Kept,
        to: &mut (dyn std::io::Write + Send),
        job: &Job,
    ) -> Result<bool> {
        let progress = Progress { job, done: 0, total: file.size };
        let sha256 = match self {
            Place::Folder(folder) => folder.read(&file.sha256, to, &progress).await?,
            Place::Database => {
                target.read(async |db| database::read(db, &file.sha256, to, &progress).await).await?
            }
            // Nothing is left half done by a cancel: it need not wait for a store that is slow.
            Place::S3(s3) => unless_cancelled(job, s3.read(&file.sha256, to, &progress)).await??,
        };
        Ok(sha256 == file.sha256)
    }
}

/// How far the storing of several files has come.
struct Progress<'j> {
    job: &'j Job,
    done: u64,
    total: u64,
}

impl Progress<'_> {
    /// Bytes of the present file.
    fn report(&self, bytes: u64) -> Result<()> {
        self.job.report("archive", (self.done + bytes).min(self.total), Some(self.total))
    }
}

impl Profiles {
    /// The raw files of a database's pushes, newest first; of one push where it is named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn archived(&self, profile: Option<&str>, push: Option<u32>) -> Result<Vec<ArchivedFile>> {
        kept::list(&self.access(profile).await?, push).await
    }

    /// A raw file of a push of the active profile.
    ///
    /// # Errors
    /// [`Code::NotFound`] when the push has no such file; when the database cannot be read.
    pub async fn archived_file(&self, push: u32, sha256: &str) -> Result<ArchivedFile> {
        let files = self.archived(None, Some(push)).await?;
        files.into_iter().find(|file| file.sha256 == sha256).ok_or_else(lost)
    }

    /// Saves a raw file as it came.
    ///
    /// # Errors
    /// [`Code::NotFound`] when no push has such a file, or the archive lost it; [`Code::Refused`] when its bytes are not
    /// those that were archived, or are in another archive than that of the settings.
    pub async fn save_archived(
        &self,
        profile: Option<&str>,
        sha256: &str,
        to: &Path,
        job: &Job,
    ) -> Result<()> {
        let access = self.access(profile).await?;
        if !access.is_there() {
            return Err(lost());
        }
        let archive = Archive::of(self);
        let fetch = async |target: &Target| archive.fetch(target, sha256, to, job).await;
        Target::with(&access, &person(), job, fetch).await
    }

    /// Reads every raw file of a database's pushes, and compares their hashes. Progress is reported as `archive`, in bytes
    /// of each file.
    ///
    /// # Errors
    /// When the database or the archive cannot be opened, or the job is cancelled.
    pub async fn verify_archive(&self, profile: Option<&str>, job: &Job) -> Result<ArchiveCheck> {
        let access = self.access(profile).await?;
        let archive = Archive::of(self);
        if !access.is_there() {
            return Ok(ArchiveCheck { location: archive.location(), ..ArchiveCheck::default() });
        }
        Target::with(&access, &person(), job, async |target| archive.verify(target, job).await).await
    }
}

/// Keeps which files a push was made from, in its transaction.
pub(crate) use kept::note;

fn elsewhere(file: &kept::Kept) -> Error {
    Error::new(
        Code::Refused,
        format!("The file is in another archive than that of the settings: {}", file.location),
    )
    .with_help("Name that archive in the settings (Settings, Archive, or config.yml), and try again.")
}

fn damaged() -> Error {
    Error::new(Code::Refused, "The archive holds other bytes under this file's name")
        .with_help("The file was damaged or changed in the archive. Restore it there from a backup.")
}

fn lost() -> Error {
    Error::new(Code::NotFound, "The archive does not have this file any more")
        .with_help("Restore it there from a backup, under its SHA-256.")
}

fn not_as_read() -> Error {
    Error::new(Code::Refused, "A file was changed after it was read")
        .with_help("Open the import again, so that it is read anew, and look at the plan.")
}
