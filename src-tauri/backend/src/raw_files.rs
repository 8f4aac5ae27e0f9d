//! Raw files are kept untouched, named by the SHA-256 of their bytes (FIPS 180-4).

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::folders::Folders;
use crate::progress::Job;

const CHUNK: usize = 1 << 20;

/// A raw file that Muster keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawFile {
    /// Lower-case hex
    pub sha256: String,
    /// Bytes
    pub size: u64,
}

/// Where a raw file is kept.
pub fn path(folders: &Folders, sha256: &str) -> PathBuf {
    folders.raw_files().join(sha256)
}

/// The hash and size of a file.
///
/// # Errors
/// When the file cannot be read, or the job is cancelled.
pub fn hash(file: &Path, job: &Job) -> Result<RawFile> {
    let total = file.metadata().map(|meta| meta.len()).ok();
    copy(file, &mut std::io::sink(), &|size| job.report("copy", size, total))
}

/// Copies a file into Muster's keeping. A file that is kept already is not written again.
///
/// # Errors
/// When the file cannot be read or written, or the job is cancelled; then nothing is kept.
pub fn keep(folders: &Folders, file: &Path, job: &Job) -> Result<RawFile> {
    let mut kept = arriving(folders)?;
    let total = file.metadata().map(|meta| meta.len()).ok();
    let raw = copy(file, kept.as_file_mut(), &|size| job.report("copy", size, total))?;
    adopt(folders, kept, &raw)?;
    Ok(raw)
}

/// Takes a file that was written into the folder of raw files, with what was found of it meanwhile. One that is kept
/// already is not kept twice.
///
/// # Errors
/// When the file cannot be kept.
pub(crate) fn adopt(folders: &Folders, file: tempfile::NamedTempFile, raw: &RawFile) -> Result<()> {
    let failed = |error: std::io::Error| Error::disk("keep the raw file", &error);
    file.as_file().sync_all().map_err(failed)?;
    let target = path(folders, &raw.sha256);
    if !target.exists() {
        file.persist(&target).map_err(|error| failed(error.error))?;
    }
    Ok(())
}

/// An empty file for [`adopt`]; gone when dropped.
///
/// # Errors
/// When the folder cannot be written to.
pub(crate) fn arriving(folders: &Folders) -> Result<tempfile::NamedTempFile> {
    let folder = folders.raw_files();
    Folders::make_private(&folder)?;
    tempfile::NamedTempFile::new_in(&folder).map_err(|error| Error::disk("keep the raw file", &error))
}

/// Copies a file, and hashes it. `report` is told the bytes that were copied, and may stop it.
pub(crate) fn copy(file: &Path, to: &mut dyn Write, report: &dyn Fn(u64) -> Result<()>) -> Result<RawFile> {
    let mut from = File::open(file).map_err(|error| Error::disk("open the file", &error))?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut size = 0;
    loop {
        let length = from.read(&mut chunk).map_err(|error| Error::disk("read the file", &error))?;
        if length == 0 {
            break;
        }
        hasher.update(&chunk[..length]);
        to.write_all(&chunk[..length]).map_err(|error| Error::disk("keep the raw file", &error))?;
        size += length as u64;
        report(size)?;
    }
    Ok(RawFile::of(hasher, size))
}

impl RawFile {
    fn of(hasher: Sha256, size: u64) -> RawFile {
        let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        RawFile { sha256, size }
    }
}

/// Hashes a file while someone else reads it from its first byte to its last, so that it is read once only.
#[derive(Debug, Clone, Default)]
pub struct Hashing {
    so_far: Arc<Mutex<(Sha256, u64)>>,
}

impl Hashing {
    /// What was read through [`Hashing::reader`].
    pub fn finish(self) -> RawFile {
        let (hasher, size) = self.so_far.lock().unwrap_or_else(PoisonError::into_inner).clone();
        RawFile::of(hasher, size)
    }

    /// Reads a file, and hashes what is read.
    pub fn reader(&self, file: File) -> impl Read + Send + use<> {
        HashingReader { file, hashing: self.clone() }
    }
}

struct HashingReader {
    file: File,
    hashing: Hashing,
}

impl Read for HashingReader {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let length = self.file.read(bytes)?;
        let mut so_far = self.hashing.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        so_far.0.update(&bytes[..length]);
        so_far.1 += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_file_under_its_hash_once() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let list = folder.path().join("list.csv");
        std::fs::write(&list, "abc").unwrap();
        let first = keep(&folders, &list, &Job::silent()).unwrap();
        // The example of FIPS 180-4
        assert_eq!(first.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(keep(&folders, &list, &Job::silent()).unwrap(), first);
        assert_eq!(hash(&list, &Job::silent()).unwrap(), first);
        assert_eq!(std::fs::read(path(&folders, &first.sha256)).unwrap(), b"abc");
        assert_eq!(std::fs::read_dir(folders.raw_files()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_hashed_while_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list.csv");
        std::fs::write(&list, "list,".repeat(10_000)).unwrap();
        let hashing = Hashing::default();
        let mut reader = hashing.reader(File::open(&list).unwrap());
        let mut chunk = [0; 777];
        while reader.read(&mut chunk).unwrap() > 0 {}
        assert_eq!(hashing.finish(), hash(&list, &Job::silent()).unwrap());
    }

    #[test]
    fn a_cancelled_copy_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let list = folder.path().join("list.csv");
        std::fs::write(&list, "abc").unwrap();
        let job = Job::silent();
        job.cancel();
        assert!(keep(&folders, &list, &job).is_err());
        assert_eq!(std::fs::read_dir(folders.raw_files()).unwrap().count(), 0);
    }
}
