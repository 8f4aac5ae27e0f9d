//! The log's files: one JSON object a line, in files that only this person can read. Several programs may write at once:
//! each line is one write at the file's end.

use std::fs::{File, OpenOptions};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::folders::Folders;

/// Largest size of a file, in bytes.
const LARGEST: u64 = 5 * 1_024 * 1_024;

/// The file that is written to; older ones are `muster.1.jsonl` and so on.
pub(super) const NAME: &str = "muster.jsonl";

/// Where lines go.
#[derive(Debug)]
pub(super) struct LogFile {
    folder: PathBuf,
    keep: u32,
    largest: u64,
    open: Mutex<Option<File>>,
}

impl LogFile {
    /// In this folder, with that many older files. Nothing is opened before the first line.
    pub(super) fn new(folder: PathBuf, keep: u32) -> LogFile {
        LogFile { folder, keep, largest: LARGEST, open: Mutex::default() }
    }

    /// Adds a line. That it cannot be written is no failure of the work.
    pub(super) fn write(&self, line: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if self.try_write(&mut open, line).is_err() {
            // The next line tries with a new file.
            *open = None;
        }
    }

    fn try_write(&self, open: &mut Option<File>, line: &str) -> Result<()> {
        let text = format!("{line}\n");
        let full =
            |file: &File| -> Result<bool> { Ok(file.metadata()?.len() + text.len() as u64 > self.largest) };
        let file = match open.take() {
            Some(file) if !full(&file)? => file,
            // Another program may have begun a new one meanwhile.
            _ => {
                let file = self.open()?;
                let size = file.metadata()?.len();
                if size > 0 && full(&file)? && self.rotate(size)? { self.open()? } else { file }
            }
        };
        open.insert(file).write_all(text.as_bytes())
    }

    fn open(&self) -> Result<File> {
        Folders::make_private(&self.folder).map_err(|_| std::io::Error::other("no folder"))?;
        private().append(true).open(self.folder.join(NAME))
    }

    /// Begins a new file in place of one of this size, unless another program is doing that.
    fn rotate(&self, size: u64) -> Result<bool> {
        let lock = private().write(true).open(self.folder.join("muster.lock"))?;
        if lock.try_lock().is_err() {
            return Ok(false);
        }
        let newest = self.folder.join(NAME);
        if newest.metadata()?.len() >= size {
            for number in (1..self.keep).rev() {
                move_on(&self.older(number), &self.older(number + 1))?;
            }
            move_on(&newest, &self.older(1))?;
        }
        Ok(true)
    }

    fn older(&self, number: u32) -> PathBuf {
        self.folder.join(format!("muster.{number}.jsonl"))
    }
}

fn move_on(from: &Path, to: &Path) -> Result<()> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(folder: &Path) -> usize {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.map(|file| std::fs::read_to_string(file).unwrap().lines().count()).sum()
    }

    #[test]
    fn a_full_file_gives_way_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        let file = LogFile { largest: 100, ..LogFile::new(logs.clone(), 2) };
        // Ten a file: more than three files can hold.
        (0..50).for_each(|number| file.write(&format!("{number:9}")));
        let mut names: Vec<_> =
            std::fs::read_dir(&logs).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["muster.1.jsonl", "muster.2.jsonl", "muster.jsonl", "muster.lock"]);
        assert_eq!(lines(&logs), 30);
        assert!(std::fs::read_to_string(logs.join(NAME)).unwrap().ends_with("49\n"));
        #[cfg(unix)]
        for entry in std::fs::read_dir(&logs).unwrap() {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn several_writers_lose_no_line_and_mix_none() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let logs = logs.clone();
                scope.spawn(move || {
                    let file = LogFile { largest: 2_000, ..LogFile::new(logs, 100) };
                    (0..200).for_each(|number| file.write(&format!("{writer}-{number:03}")));
                });
            }
        });
        let mut all = Vec::new();
        for entry in std::fs::read_dir(&logs).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            all.extend(text.lines().map(str::to_owned));
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 800);
        assert!(all.iter().all(|line| line.len() == 5));
    }

    #[test]
    fn a_folder_that_cannot_be_written_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("logs"), "in the way").unwrap();
        LogFile::new(folder.path().join("logs"), 1).write("lost");
    }
}
