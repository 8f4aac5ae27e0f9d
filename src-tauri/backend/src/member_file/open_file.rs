//! A file that is open: its working copy, and what it was on the disk.

use std::path::{Path, PathBuf};

use muster_engine::standardise::state::STATES;
use muster_engine::{Date, Field};
use tempfile::TempDir;

use super::{MemberColumn, MemberFileView, Unsaved, disk, read, working};
use crate::error::{Code, Error, Result};
use crate::export::format_of;
use crate::folders::Folders;
use crate::imports::FileIssue;
use crate::progress::Job;
use crate::reading::prepared::today;

/// The lock of a working copy's folder; whose lock is free is left over.
const LOCK: &str = "lock";

/// A column, as the rules see it.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) field: Option<Field>,
}

/// A file, its working copy and what it was on the disk.
pub(super) struct OpenFile {
    pub(super) path: PathBuf,
    state: disk::State,
    pub(super) shape: read::Shape,
    pub(super) columns: Vec<Column>,
    faults: Vec<FileIssue>,
    pub(super) today: Date,
    pub(super) working: working::Working,
    _lock: std::fs::File,
    /// Deleted with the working copy in it, after what is open in it was closed
    _folder: TempDir,
}

impl OpenFile {
    pub(super) fn open(path: &Path, folders: &Folders, job: &Job) -> Result<OpenFile> {
        // What a link points to is edited, and the link stays.
        let path = path.canonicalize().map_err(|cause| Error::disk("open the file", &cause))?;
        let state = disk::State::of(&path, job)?;
        let (shape, rows) = read::open(&path)?;
        let (folder, lock) = private_folder(&folders.open_files())?;
        let file = folder.path().join("rows.db");
        let (working, faults) = working::Working::load(&file, shape.header.len(), rows, job)?;
        let faults = faults.into_iter().map(|(rule, line, rows)| FileIssue {
            rule: rule.name().to_owned(),
            level: rule.level(None),
            line: u32::try_from(line).ok(),
            label: rule.label().to_owned(),
            rows,
        });
        Ok(OpenFile {
            columns: columns(&shape.header, working.columns),
            faults: faults.collect(),
            today: today()?,
            path,
            state,
            shape,
            working,
            _folder: folder,
            _lock: lock,
        })
    }

    pub(super) fn save(&mut self, job: &Job) -> Result<()> {
        if let Some(reason) = &self.shape.blocked {
            return Err(Error::new(Code::Refused, reason.clone()));
        }
        let checked = self.state.check(&self.path, job)?;
        let new = self.write(&self.path, self.shape.format, job)?;
        let state = disk::State::of(new.path(), job)?;
        disk::replace(&self.path, new, Some(&checked))?;
        self.state = state;
        self.working.all_saved()
    }

    pub(super) fn save_as(&mut self, path: &Path, job: &Job) -> Result<()> {
        let format = format_of(path)?;
        let new = self.write(path, format, job)?;
        let state = disk::State::of(new.path(), job)?;
        disk::replace(path, new, None)?;
        self.path = path.canonicalize().map_err(|cause| Error::disk("open the file", &cause))?;
        self.state = state;
        self.shape.format = format;
        self.shape.notes.clear();
        self.shape.blocked = None;
        self.working.all_saved()
    }

    pub(super) fn is_changed(&self) -> Result<bool> {
        Ok(self.working.unsaved()? != (0, 0, 0))
    }

    pub(super) fn view(&self, id: u32) -> Result<MemberFileView> {
        let (changed, added, deleted) = self.working.unsaved()?;
        let (undo, redo) = self.next_labels()?;
        Ok(MemberFileView {
            id,
            name: self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            format: self.shape.format,
            columns: self.columns.iter().map(member_column).collect(),
            rows: self.working.rows,
            unsaved: Unsaved { changed, added, deleted },
            undo,
            redo,
            faults: self.faults.clone(),
            notes: self.shape.notes.clone(),
            blocked: self.shape.blocked.clone(),
        })
    }
}

/// The columns; of several with one field the first counts.
fn columns(header: &[String], width: usize) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::with_capacity(width);
    for at in 0..width {
        let name = header.get(at).cloned().unwrap_or_default();
        let field =
            read::field_of(&name).filter(|field| columns.iter().all(|other| other.field != Some(*field)));
        let label = match field {
            Some(field) => field.label().to_owned(),
            None if name.trim().is_empty() => format!("Column {}", at + 1),
            None => own_label(&name),
        };
        columns.push(Column { name, label, field });
    }
    columns
}

/// Muster's columns that are no fields have names for people; all others are called as in the file.
fn own_label(name: &str) -> String {
    match name {
        "source" => "Source",
        "source_file" => "Source file",
        "source_row" => "Source row",
        "issues" => "Issues",
        "raw_line" => "Raw line",
        other => other,
    }
    .to_owned()
}

fn member_column(column: &Column) -> MemberColumn {
    let states = || STATES.iter().map(|(code, _)| (*code).to_owned()).collect();
    MemberColumn {
        name: column.name.clone(),
        label: column.label.clone(),
        field: column.field,
        choices: if column.field == Some(Field::State) { states() } else { Vec::new() },
    }
}

/// A folder that only this person can read, and its lock.
fn private_folder(parent: &Path) -> Result<(TempDir, std::fs::File)> {
    let failed = |cause: std::io::Error| Error::disk("make the working copy", &cause);
    Folders::make_private(parent)?;
    // Made like this it is readable by its owner only.
    let folder = tempfile::Builder::new().prefix("file-").tempdir_in(parent).map_err(failed)?;
    let lock = std::fs::File::create(folder.path().join(LOCK)).map_err(failed)?;
    lock.lock().map_err(failed)?;
    Ok((folder, lock))
}

/// Removes working copies that nobody holds: they are of programs that ended without closing them.
pub(super) fn remove_left_over(parent: &Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let free = std::fs::File::open(entry.path().join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
        if free {
            // What cannot be removed now is tried again at the next start.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
