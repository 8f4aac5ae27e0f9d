//! A file that is open: its working copy, and what it was on the disk.

use std::path::{Path, PathBuf};

use muster_engine::standardise::state::STATES;
use muster_engine::{Date, Field};
use serde::{Deserialize, Serialize};

use super::drafts::{Copies, CopyFolder};
use super::{MemberColumn, MemberFileView, disk, read, working};
use crate::error::{Code, Error, Result};
use crate::export::format_of;
use crate::imports::FileIssue;
use crate::progress::Job;
use crate::reading::prepared::today;

/// Said of a draft.
const RESUMED: &str =
    "These are the changes that you had not saved when Muster closed. Reloading the file drops them.";
/// Said of a draft whose file is another now.
const RESUMED_CHANGED: &str = "These are the changes that you had not saved when Muster closed. The file itself has been \
     changed, moved or deleted since: save the rows as another file, or reload it, which drops the changes.";

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
    faults: Vec<read::Fault>,
    pub(super) today: Date,
    pub(super) working: working::Working,
    /// The person does not want the changes
    pub(super) discarded: bool,
    /// Deleted with the working copy in it, after that was closed, unless it is a draft
    folder: CopyFolder,
}

/// What a working copy knows of its file.
#[derive(Serialize, Deserialize)]
pub(super) struct About {
    pub(super) path: PathBuf,
    state: disk::State,
    shape: read::Shape,
    faults: Vec<read::Fault>,
    /// What is about to take the file's place
    next: Option<disk::State>,
    /// Where that is written
    pub(super) part: Option<PathBuf>,
}

impl About {
    pub(super) fn read(working: &working::Working) -> Result<About> {
        serde_json::from_str(&working.about()?).map_err(|_| Error::not_found("draft"))
    }

    /// Whether the file is what an interrupted save wanted to put in its place.
    pub(super) fn was_saved(&self) -> bool {
        let Some(next) = &self.next else { return false };
        disk::State::of(&self.path, &Job::silent()).is_ok_and(|now| now.is_same(next))
    }
}

impl OpenFile {
    pub(super) fn open(path: &Path, copies: &Copies, job: &Job) -> Result<OpenFile> {
        // What a link points to is edited, and the link stays.
        let path = path.canonicalize().map_err(|cause| Error::disk("open the file", &cause))?;
        let state = disk::State::of(&path, job)?;
        let (shape, rows) = read::open(&path)?;
        let folder = CopyFolder::new(copies)?;
        let (working, faults) = working::Working::load(&folder.rows(), shape.header.len(), rows, job)?;
        let file = OpenFile {
            columns: columns(&shape.header, working.columns),
            faults,
            today: today()?,
            path,
            state,
            shape,
            working,
            discarded: false,
            folder,
        };
        file.note(None, None)?;
        Ok(file)
    }

    /// Opens a draft, and says so.
    pub(super) fn resume(folder: CopyFolder, about: About) -> Result<OpenFile> {
        let mut working = working::Working::open(&folder.rows())?;
        working.count_rows()?;
        let About { path, state, shape, faults, .. } = about;
        let mut file = OpenFile {
            columns: columns(&shape.header, working.columns),
            faults,
            today: today()?,
            path,
            state,
            shape,
            working,
            discarded: false,
            folder,
        };
        file.note(None, None)?;
        file.shape.notes.retain(|note| note != RESUMED && note != RESUMED_CHANGED);
        let as_left = file.state.check(&file.path, &Job::silent()).is_ok();
        file.shape.notes.insert(0, if as_left { RESUMED } else { RESUMED_CHANGED }.to_owned());
        Ok(file)
    }

    /// Keeps what the file is, and what is about to take its place, for a start after a crash.
    fn note(&self, next: Option<&disk::State>, part: Option<&Path>) -> Result<()> {
        let about = About {
            path: self.path.clone(),
            state: self.state.clone(),
            shape: self.shape.clone(),
            faults: self.faults.clone(),
            next: next.cloned(),
            part: part.map(Path::to_owned),
        };
        let about = serde_json::to_string(&about)
            .map_err(|_| Error::new(Code::InvalidInput, "The name of the file cannot be kept"))?;
        self.working.set_about(&about)
    }

    /// Keeps where a new file is being written.
    pub(super) fn note_part(&self, part: &Path) -> Result<()> {
        self.note(None, Some(part))
    }

    pub(super) fn save(&mut self, job: &Job) -> Result<()> {
        if let Some(reason) = &self.shape.blocked {
            return Err(Error::new(Code::Refused, reason.clone()));
        }
        let checked = self.state.check(&self.path, job)?;
        let new = self.write(&self.path, self.shape.format, job)?;
        let state = disk::State::of(new.path(), job)?;
        self.note(Some(&state), Some(new.path()))?;
        job.report("Replacing the file", 0, None)?;
        disk::replace(&self.path, new, Some(&checked))?;
        self.is_saved(state)
    }

    /// The file is on the disk as the rows are here.
    fn is_saved(&mut self, state: disk::State) -> Result<()> {
        self.state = state;
        self.shape.notes.retain(|note| note != RESUMED && note != RESUMED_CHANGED);
        self.working.all_saved()?;
        self.note(None, None)
    }

    pub(super) fn save_as(&mut self, path: &Path, job: &Job) -> Result<()> {
        let format = format_of(path)?;
        let new = self.write(path, format, job)?;
        let state = disk::State::of(new.path(), job)?;
        disk::replace(path, new, None)?;
        self.path = path.canonicalize().map_err(|cause| Error::disk("open the file", &cause))?;
        self.shape.format = format;
        self.shape.notes.clear();
        self.shape.blocked = None;
        self.is_saved(state)
    }

    pub(super) fn is_changed(&self) -> Result<bool> {
        Ok(self.working.unsaved()?.any())
    }

    pub(super) fn view(&self, id: u32) -> Result<MemberFileView> {
        let (undo, redo) = self.next_labels()?;
        Ok(MemberFileView {
            id,
            name: self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            format: self.shape.format,
            columns: self.columns.iter().map(member_column).collect(),
            rows: self.working.rows,
            unsaved: self.working.unsaved()?,
            undo,
            redo,
            faults: self.faults.iter().map(file_issue).collect(),
            notes: self.shape.notes.clone(),
            blocked: self.shape.blocked.clone(),
        })
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        // What cannot be told is kept: nobody's work is lost by it.
        self.folder.keep(!self.discarded && self.is_changed().unwrap_or(true));
    }
}

fn file_issue(&(rule, line, rows): &read::Fault) -> FileIssue {
    FileIssue {
        rule: rule.name().to_owned(),
        level: rule.level(None),
        line: u32::try_from(line).ok(),
        label: rule.label().to_owned(),
        rows,
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
