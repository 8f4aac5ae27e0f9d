//! Editing a member file: a CSV or XLSX file of the shape that Muster writes is opened, edited and saved.
//!
//! The rows are in a working copy, so the file on the disk is as it was until it is saved. Saving puts a complete file in
//! its place and keeps the previous version. One file is open at a time. What is not saved when the program ends is kept as
//! a draft.

mod disk;
mod drafts;
mod open_file;
mod query;
mod read;
mod save;
mod steps;
mod working;

pub use disk::FileVersion;
pub use drafts::MemberDraft;
pub use query::{CellWarning, ColumnSort, MemberRow, MemberRowQuery, MemberRowState, MemberRows};
pub use steps::{MemberRowChoice, MemberStep};

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use muster_engine::Field;
use serde::Serialize;

use self::drafts::Copies;
use self::open_file::OpenFile;
use crate::error::{Code, Error, Result};
use crate::export::ExportFormat;
use crate::folders::Folders;
use crate::imports::{FileIssue, blocking};
use crate::progress::Job;
use crate::store::DataKey;

/// A column of a member file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberColumn {
    /// Its name in the file
    pub name: String,
    /// Its name for people
    pub label: String,
    /// The field whose rules hold for what is typed
    pub field: Option<Field>,
    /// Values that can be chosen
    pub choices: Vec<String>,
}

/// How many rows are not saved yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Unsaved {
    /// Rows with edited cells
    pub changed: u32,
    /// New rows
    pub added: u32,
    /// Deleted rows
    pub deleted: u32,
}

impl Unsaved {
    /// Whether there is any.
    pub fn any(self) -> bool {
        self != Unsaved::default()
    }
}

/// An open member file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberFileView {
    /// Its id
    pub id: u32,
    /// Its name, without a folder
    pub name: String,
    /// Its kind
    pub format: ExportFormat,
    /// Its columns, in order
    pub columns: Vec<MemberColumn>,
    /// Rows, without the deleted ones
    pub rows: u32,
    /// Rows that are not saved yet
    pub unsaved: Unsaved,
    /// What undo would undo
    pub undo: Option<String>,
    /// What redo would do again
    pub redo: Option<String>,
    /// Faults of the file, as it was read
    pub faults: Vec<FileIssue>,
    /// What saving changes beyond the rows
    pub notes: Vec<String>,
    /// Why the file itself cannot be saved, only another one
    pub blocked: Option<String>,
}

/// What a step made of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberRowChange {
    /// The file after it
    pub file: MemberFileView,
    /// The row after it
    pub row: MemberRow,
    /// How the typed value was rewritten, if it was
    pub note: Option<String>,
}

/// The member file that is open in this window, if any.
pub struct MemberFiles {
    copies: Copies,
    open: Arc<Mutex<Slot>>,
}

#[derive(Default)]
struct Slot {
    last_id: u32,
    file: Option<OpenFile>,
}

impl Slot {
    /// Closes the file without keeping its changes.
    fn discard(&mut self) {
        if let Some(mut file) = self.file.take() {
            file.discarded = true;
        }
    }
}

impl MemberFiles {
    /// Nothing is open yet. Working copies that a crashed program left are removed, unless they have changes that were
    /// not saved.
    pub fn new(folders: &Folders, key: DataKey) -> MemberFiles {
        let copies = Copies { folder: folders.open_files(), key };
        drafts::remove_left_over(&copies);
        MemberFiles { copies, open: Arc::default() }
    }

    /// Opens a file in place of the one that is open, whose unsaved changes are dropped. Where there is a draft of the
    /// file, that is opened, and its notes say so.
    ///
    /// # Errors
    /// When the file cannot be read as a member file, or the job is cancelled; then the other one stays open.
    pub async fn open(&self, path: &Path, job: &Job) -> Result<MemberFileView> {
        let (path, job) = (path.to_owned(), job.clone());
        self.put(move |copies| {
            let draft = path.canonicalize().ok().and_then(|file| drafts::of_file(copies, &file));
            match draft {
                Some((folder, about)) => OpenFile::resume(folder, about),
                None => OpenFile::open(&path, copies, &job),
            }
        })
        .await
    }

    /// Changes that were not saved when Muster closed, the last ones first.
    ///
    /// # Errors
    /// When the work cannot be started.
    pub async fn drafts(&self) -> Result<Vec<MemberDraft>> {
        let copies = self.copies.clone();
        blocking(move || Ok(drafts::list(&copies))).await
    }

    /// Opens a draft in place of the file that is open, whose unsaved changes are dropped.
    ///
    /// # Errors
    /// When the draft is not there any more.
    pub async fn resume(&self, draft: String) -> Result<MemberFileView> {
        self.put(move |copies| {
            let (folder, about) = drafts::take(copies, &draft)?;
            OpenFile::resume(folder, about)
        })
        .await
    }

    /// Deletes a draft. The file itself stays as it is.
    ///
    /// # Errors
    /// When the draft is not there any more.
    pub async fn discard_draft(&self, draft: String) -> Result<Vec<MemberDraft>> {
        let copies = self.copies.clone();
        blocking(move || {
            drafts::take(&copies, &draft)?.0.keep(false);
            Ok(drafts::list(&copies))
        })
        .await
    }

    /// Puts a file in the place of the one that is open.
    async fn put(
        &self,
        open: impl FnOnce(&Copies) -> Result<OpenFile> + Send + 'static,
    ) -> Result<MemberFileView> {
        let (copies, slot) = (self.copies.clone(), Arc::clone(&self.open));
        blocking(move || {
            let file = open(&copies)?;
            let mut slot = lock(&slot)?;
            slot.last_id += 1;
            let view = file.view(slot.last_id);
            slot.discard();
            slot.file = Some(file);
            view
        })
        .await
    }

    /// Opens a file as it is on the disk.
    async fn open_anew(&self, path: PathBuf, job: &Job) -> Result<MemberFileView> {
        let job = job.clone();
        self.put(move |copies| OpenFile::open(&path, copies, &job)).await
    }

    /// The file that is open, if any.
    ///
    /// # Errors
    /// When the working copy cannot be read.
    pub async fn current(&self) -> Result<Option<MemberFileView>> {
        let slot = Arc::clone(&self.open);
        blocking(move || {
            let slot = lock(&slot)?;
            slot.file.as_ref().map(|file| file.view(slot.last_id)).transpose()
        })
        .await
    }

    /// Closes the file. Unsaved changes are dropped.
    ///
    /// # Errors
    /// When it is not open any more.
    pub async fn close(&self, id: u32) -> Result<()> {
        let slot = Arc::clone(&self.open);
        blocking(move || {
            let mut slot = lock(&slot)?;
            of(&mut slot, id)?;
            slot.discard();
            Ok(())
        })
        .await
    }

    /// Closes whatever is open, at the program's end. What is not saved becomes a draft.
    pub fn close_all(&self) {
        if let Ok(mut slot) = self.open.lock() {
            slot.file = None;
        }
    }

    /// A block of the rows that a query finds.
    ///
    /// # Errors
    /// When the file is not open any more, or the query names what does not exist.
    pub async fn rows(&self, id: u32, query: MemberRowQuery, offset: u32, limit: u32) -> Result<MemberRows> {
        self.with(id, move |file| file.rows(&query, offset, limit)).await
    }

    /// Puts what a person typed into a cell, in the form of the column's field. What its rule does not understand is
    /// kept as typed, with a warning.
    ///
    /// # Errors
    /// When the row or column does not exist.
    pub async fn edit(
        &self,
        id: u32,
        row: u32,
        column: u32,
        typed: Option<String>,
    ) -> Result<MemberRowChange> {
        self.with(id, move |file| {
            let note = file.edit(row, column, typed.as_deref())?.map(str::to_owned);
            Ok(MemberRowChange { file: file.view(id)?, row: file.row(row)?, note })
        })
        .await
    }

    /// Adds an empty row at the end.
    ///
    /// # Errors
    /// When the file is not open any more.
    pub async fn add_row(&self, id: u32) -> Result<MemberRowChange> {
        self.with(id, move |file| {
            let row = file.add_row()?;
            Ok(MemberRowChange { file: file.view(id)?, row: file.row(row)?, note: None })
        })
        .await
    }

    /// Deletes rows.
    ///
    /// # Errors
    /// When no such row is there.
    pub async fn delete_rows(&self, id: u32, rows: MemberRowChoice) -> Result<MemberFileView> {
        self.with(id, move |file| file.delete(&rows).and_then(|()| file.view(id))).await
    }

    /// Brings deleted rows back.
    ///
    /// # Errors
    /// When no such row was deleted.
    pub async fn bring_back_rows(&self, id: u32, rows: MemberRowChoice) -> Result<MemberFileView> {
        self.with(id, move |file| file.bring_back(&rows).and_then(|()| file.view(id))).await
    }

    /// Undoes the last step of this session, where there is one.
    ///
    /// # Errors
    /// When the file is not open any more.
    pub async fn undo(&self, id: u32) -> Result<MemberFileView> {
        self.with(id, move |file| file.undo().and_then(|_| file.view(id))).await
    }

    /// Does the step again that was undone last, where there is one.
    ///
    /// # Errors
    /// When the file is not open any more.
    pub async fn redo(&self, id: u32) -> Result<MemberFileView> {
        self.with(id, move |file| file.redo().and_then(|_| file.view(id))).await
    }

    /// The steps of this session, the newest first.
    ///
    /// # Errors
    /// When the file is not open any more.
    pub async fn steps(&self, id: u32) -> Result<Vec<MemberStep>> {
        self.with(id, move |file| file.steps()).await
    }

    /// Saves the file: all of it or nothing, with what it held before as a previous version.
    ///
    /// # Errors
    /// [`Code::Refused`] when another program has changed it, when it cannot hold the rows, or must not be written
    /// over; [`Code::Disk`] when it cannot be written. Then it is as it was.
    pub async fn save(&self, id: u32, job: &Job) -> Result<MemberFileView> {
        let job = job.clone();
        self.with(id, move |file| file.save(&job).and_then(|()| file.view(id))).await
    }

    /// Saves the rows as another file, which is the open one from then on. Its ending says its kind. A file that was
    /// there becomes a previous version.
    ///
    /// # Errors
    /// As [`MemberFiles::save`]; [`Code::InvalidInput`] for another ending.
    pub async fn save_as(&self, id: u32, path: &Path, job: &Job) -> Result<MemberFileView> {
        let (path, job) = (path.to_owned(), job.clone());
        self.with(id, move |file| file.save_as(&path, &job).and_then(|()| file.view(id))).await
    }

    /// Opens the file anew, as it is on the disk. Unsaved changes are dropped.
    ///
    /// # Errors
    /// As [`MemberFiles::open`].
    pub async fn reload(&self, id: u32, job: &Job) -> Result<MemberFileView> {
        let path = self.with(id, |file| Ok(file.path.clone())).await?;
        self.open_anew(path, job).await
    }

    /// The previous versions of the file, the newest first.
    ///
    /// # Errors
    /// When their folder cannot be read.
    pub async fn versions(&self, id: u32) -> Result<Vec<FileVersion>> {
        self.with(id, |file| disk::versions(&file.path)).await
    }

    /// Puts a previous version in the place of the file, whose present contents become a previous version, and opens
    /// it. Unsaved changes are dropped.
    ///
    /// # Errors
    /// When the version is not there any more, cannot be read, or the file cannot be replaced.
    pub async fn restore(&self, id: u32, version: String, job: &Job) -> Result<MemberFileView> {
        let path = self
            .with(id, move |file| {
                let copy = disk::copy_of(&disk::version_path(&file.path, &version)?, &file.path)?;
                disk::replace(&file.path, copy, None)?;
                Ok(file.path.clone())
            })
            .await?;
        self.open_anew(path, job).await
    }

    async fn with<T: Send + 'static>(
        &self,
        id: u32,
        work: impl FnOnce(&mut OpenFile) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = Arc::clone(&self.open);
        blocking(move || work(of(&mut *lock(&slot)?, id)?)).await
    }
}

fn lock(slot: &Mutex<Slot>) -> Result<MutexGuard<'_, Slot>> {
    slot.lock().map_err(|_| {
        Error::new(Code::Internal, "An earlier step failed in a way that Muster did not expect")
            .with_help("Close Muster and open the file again. The file on the disk is as it was saved last.")
    })
}

fn of(slot: &mut Slot, id: u32) -> Result<&mut OpenFile> {
    let known = slot.last_id == id;
    slot.file.as_mut().filter(|_| known).ok_or_else(|| {
        Error::new(Code::NotFound, "This file is not open any more").with_help("Open it again.")
    })
}
