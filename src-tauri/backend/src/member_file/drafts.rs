//! The folders of working copies. One whose program ended with changes that were not saved is a draft: it is kept, and
//! offered when Muster starts again.

use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::Unsaved;
use super::open_file::About;
use super::working::Working;
use crate::error::{Error, Result};
use crate::folders::Folders;
use crate::store::{DataKey, SqliteAccess};

/// Held for as long as a working copy is open; whose lock is free is a draft, or left over.
const LOCK: &str = "lock";
/// The working copy in its folder.
const ROWS: &str = "rows.db";

/// Changes of a member file that were not saved when Muster closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberDraft {
    /// Names it, for [`super::MemberFiles::resume`]
    pub id: String,
    /// Name of the file
    pub name: String,
    /// Where the file is
    pub folder: String,
    /// What is not saved
    pub unsaved: Unsaved,
    /// When it was last changed: RFC 3339, UTC
    pub changed: String,
}

/// Where working copies are, and the key that they are encrypted with.
#[derive(Debug, Clone)]
pub(super) struct Copies {
    pub(super) folder: PathBuf,
    pub(super) key: DataKey,
}

/// The folder of a working copy, locked. It is deleted when this is dropped, unless it is to be kept.
pub(super) struct CopyFolder {
    path: PathBuf,
    key: DataKey,
    lock: Option<File>,
    kept: bool,
}

impl CopyFolder {
    /// A new one that only this person can read.
    pub(super) fn new(copies: &Copies) -> Result<CopyFolder> {
        let parent = &copies.folder;
        let failed = |cause: std::io::Error| Error::disk("make the working copy", &cause);
        Folders::make_private(parent)?;
        // Made like this it is readable by its owner only.
        let path = tempfile::Builder::new().prefix("file-").tempdir_in(parent).map_err(failed)?.keep();
        let mut folder = CopyFolder { path, key: copies.key.clone(), lock: None, kept: false };
        let lock = File::create(folder.path.join(LOCK)).map_err(failed)?;
        lock.lock().map_err(failed)?;
        folder.lock = Some(lock);
        Ok(folder)
    }

    /// One that is there; `None` where another program holds it, or it is none.
    fn take(path: PathBuf, key: &DataKey) -> Option<CopyFolder> {
        let lock = File::open(path.join(LOCK)).ok()?;
        lock.try_lock().ok()?;
        Some(CopyFolder { path, key: key.clone(), lock: Some(lock), kept: true })
    }

    /// The working copy.
    pub(super) fn rows(&self) -> SqliteAccess {
        SqliteAccess { path: self.path.join(ROWS), key: self.key.clone() }
    }

    /// Whether the folder outlives this.
    pub(super) fn keep(&mut self, kept: bool) {
        self.kept = kept;
    }
}

impl Drop for CopyFolder {
    fn drop(&mut self) {
        // Where an open file cannot be deleted, the lock goes first.
        self.lock = None;
        if !self.kept {
            // What cannot be removed now is tried again at the next start.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// A working copy that no program has open.
struct Found {
    folder: CopyFolder,
    about: About,
    unsaved: Unsaved,
}

fn found(copies: &Copies) -> impl Iterator<Item = Found> {
    let entries = std::fs::read_dir(&copies.folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| CopyFolder::take(entry.path(), &copies.key)).filter_map(|mut folder| {
        let read = || -> Result<(About, Unsaved)> {
            let working = Working::open(&folder.rows())?;
            let about = About::read(&working)?;
            // The program ended just after it had put the file in its place.
            if about.was_saved() {
                return Ok((about, Unsaved::default()));
            }
            Ok((about, working.unsaved()?))
        };
        match read() {
            Ok((about, unsaved)) => Some(Found { folder, about, unsaved }),
            // What cannot be read stays, in case it can be later; what was not filled yet, nobody can have changed.
            Err(_) => {
                folder.keep(!Working::is_unfilled(&folder.rows()));
                None
            }
        }
    })
}

/// Removes working copies in which everything is saved, and what an interrupted save left beside its file.
pub(super) fn remove_left_over(copies: &Copies) {
    for mut found in found(copies) {
        if let Some(part) = &found.about.part {
            // It is no more than a second copy of the rows.
            let _ = std::fs::remove_file(part);
        }
        found.folder.keep(found.unsaved.any());
    }
}

/// The drafts, the last changed first.
pub(super) fn list(copies: &Copies) -> Vec<MemberDraft> {
    let mut drafts: Vec<_> =
        found(copies).filter(|found| found.unsaved.any()).map(|found| draft(&found)).collect();
    drafts.sort_by(|one, other| (&other.changed, &one.id).cmp(&(&one.changed, &other.id)));
    drafts
}

/// Takes a draft. Only what is listed can be named.
pub(super) fn take(copies: &Copies, id: &str) -> Result<(CopyFolder, About)> {
    let wanted = found(copies).find(|found| found.unsaved.any() && id_of(&found.folder) == id);
    wanted.map(|found| (found.folder, found.about)).ok_or_else(|| Error::not_found("draft"))
}

/// Takes the draft of a file, if there is one.
pub(super) fn of_file(copies: &Copies, file: &Path) -> Option<(CopyFolder, About)> {
    let wanted = found(copies).find(|found| found.unsaved.any() && found.about.path == file);
    wanted.map(|found| (found.folder, found.about))
}

fn draft(found: &Found) -> MemberDraft {
    let file = &found.about.path;
    let changed = std::fs::metadata(found.folder.rows().path).and_then(|meta| meta.modified());
    let changed = changed.ok().and_then(|time| Timestamp::try_from(time).ok()).unwrap_or_default();
    MemberDraft {
        id: id_of(&found.folder),
        name: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        folder: file.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default(),
        unsaved: found.unsaved,
        changed: changed.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

fn id_of(folder: &CopyFolder) -> String {
    folder.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
