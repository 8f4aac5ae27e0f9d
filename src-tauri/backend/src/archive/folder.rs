//! An archive in a folder, on this machine or a shared drive: a file for each SHA-256.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::s3::TEST;
use super::{Progress, RawSource, damaged, lost, not_as_read};
use crate::error::{Error, Result};
use crate::folders::Folders;
use crate::imports::blocking;
use crate::progress::Job;
use crate::raw_files;

#[derive(Debug)]
pub(super) struct FolderArchive {
    folder: PathBuf,
}

impl FolderArchive {
    pub(super) fn new(folder: PathBuf) -> FolderArchive {
        FolderArchive { folder }
    }

    pub(super) async fn keep(&self, file: &RawSource, progress: &Progress<'_>) -> Result<()> {
        let (folder, file, job) = (self.folder.clone(), file.clone(), progress.job.clone());
        let (done, total) = (progress.done, progress.total);
        blocking(move || keep(&folder, &file, &Progress { job: &job, done, total })).await
    }

    /// Writes the bytes; gives their hash.
    pub(super) async fn read(
        &self,
        sha256: &str,
        to: &mut (dyn Write + Send),
        progress: &Progress<'_>,
    ) -> Result<String> {
        let path = self.folder.join(sha256);
        if !path.exists() {
            return Err(lost());
        }
        // A local copy is quick; it holds a thread for a moment.
        tokio::task::block_in_place(|| Ok(copy(&path, to, progress)?.sha256))
    }

    /// Writes a small file of a name of its own.
    pub(super) async fn write_test(&self, name: &str) -> Result<()> {
        let (folder, path) = (self.folder.clone(), self.folder.join(name));
        blocking(move || {
            let failed = |error: std::io::Error| Error::disk("write to the archive", &error);
            Folders::make_private(&folder)?;
            let mut file = File::create_new(path).map_err(failed)?;
            file.write_all(TEST).and_then(|()| file.sync_all()).map_err(failed)
        })
        .await
    }

    /// Reads it, and compares.
    pub(super) async fn read_test(&self, name: &str) -> Result<()> {
        let path = self.folder.join(name);
        let read = blocking(move || {
            std::fs::read(path).map_err(|error| Error::disk("read from the archive", &error))
        });
        if read.await? == TEST { Ok(()) } else { Err(damaged()) }
    }

    pub(super) async fn remove_test(&self, name: &str) {
        let _ = tokio::fs::remove_file(self.folder.join(name)).await;
    }
}

fn copy(from: &Path, to: &mut dyn Write, progress: &Progress<'_>) -> Result<raw_files::RawFile> {
    raw_files::copy(from, to, &|bytes| progress.report(bytes))
}

fn keep(folder: &Path, file: &RawSource, progress: &Progress<'_>) -> Result<()> {
    let path = folder.join(&file.sha256);
    if path.metadata().is_ok_and(|kept| kept.len() == file.size) {
        return progress.report(file.size);
    }
    let failed = |error: std::io::Error| Error::disk("write to the archive", &error);
    Folders::make_private(folder)?;
    let mut kept = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    if copy(&file.path, kept.as_file_mut(), progress)?.sha256 != file.sha256 {
        return Err(not_as_read());
    }
    kept.as_file().sync_all().map_err(failed)?;
    match kept.persist_noclobber(&path) {
        Ok(_) => {}
        // Somebody else has archived it meanwhile; what they wrote is checked as well.
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error.error)),
    }
    // The name is as lasting as the bytes.
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    match raw_files::hash(&path, &Job::silent())?.sha256 == file.sha256 {
        true => Ok(()),
        false => Err(damaged()),
    }
}
