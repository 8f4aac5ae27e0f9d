//! The member file on the disk: whether another program changed it, its previous versions, and its replacement.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::error::{Code, Error, Result};
use crate::export::temporary;
use crate::progress::Job;
use crate::raw_files;

/// The folder of previous versions, beside the file.
const FOLDER: &str = "previous versions";
/// Part of a version's name: when it was replaced, in UTC. No colon, which Windows does not allow.
const STAMP: &str = "%Y-%m-%dT%H-%M-%SZ";
/// Versions of one second, at the most.
const SAME_SECOND: u32 = 1_000;

/// What a file was when Muster read or wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    sha256: String,
    size: u64,
    modified: Option<SystemTime>,
}

impl State {
    /// Reads the whole file: two versions of the same size and time are told apart.
    pub(super) fn of(path: &Path, job: &Job) -> Result<State> {
        let (_, modified) = size_and_time(path)?;
        let raw = raw_files::hash(path, job)?;
        Ok(State { sha256: raw.sha256, size: raw.size, modified })
    }

    /// Refuses where the file holds something else than it did; gives what it is now, for [`replace`].
    pub(super) fn check(&self, path: &Path, job: &Job) -> Result<State> {
        if !path.exists() {
            return Err(Error::new(Code::Refused, "The file is not there any more")
                .with_help("Save the rows as another file."));
        }
        let now = State::of(path, job)?;
        if self.is_same(&now) { Ok(now) } else { Err(changed()) }
    }

    /// Whether both are of the same bytes.
    pub(super) fn is_same(&self, other: &State) -> bool {
        (&self.sha256, self.size) == (&other.sha256, other.size)
    }

    /// A quick look, just before the file is replaced.
    fn check_again(&self, path: &Path) -> Result<()> {
        if size_and_time(path)? == (self.size, self.modified) { Ok(()) } else { Err(changed()) }
    }
}

fn size_and_time(path: &Path) -> Result<(u64, Option<SystemTime>)> {
    let meta = fs::metadata(path).map_err(|cause| Error::disk("open the file", &cause))?;
    Ok((meta.len(), meta.modified().ok()))
}

fn changed() -> Error {
    Error::new(Code::Refused, "Another program has changed the file since it was opened")
        .with_help("Reload it and make your changes again, or save the rows as another file.")
}

/// A version of the file that was replaced.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FileVersion {
    /// Names it, for [`super::MemberFiles::restore`]
    pub id: String,
    /// When it was replaced: RFC 3339, UTC
    pub replaced: String,
    /// Bytes
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size: f64,
}

/// The previous versions of a file, the newest first.
pub(super) fn versions(path: &Path) -> Result<Vec<FileVersion>> {
    let entries = match fs::read_dir(folder_of(path)) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::disk("list the previous versions", &cause)),
    };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((id, replaced)) = id_in(path, &name) else { continue };
        let Ok(meta) = entry.metadata() else { continue };
        #[expect(clippy::cast_precision_loss, reason = "no file reaches 2^53 bytes")]
        found.push(FileVersion { id, replaced: replaced.to_string(), size: meta.len() as f64 });
    }
    found.sort_by(|one, other| (&other.replaced, number(&other.id)).cmp(&(&one.replaced, number(&one.id))));
    Ok(found)
}

/// Where a previous version is. Only what is listed can be named.
pub(super) fn version_path(path: &Path, id: &str) -> Result<PathBuf> {
    let known = versions(path)?.into_iter().any(|version| version.id == id);
    known.then(|| named(path, id)).ok_or_else(|| Error::not_found("previous version"))
}

/// Puts a complete file in the place of `path`, whose present contents become a previous version. `expected` is what
/// must be there, as [`State::check`] found it; without it, whatever is there.
///
/// Whoever looks, and whenever the power fails: the file is the old one or the new one, whole.
pub(super) fn replace(path: &Path, new: NamedTempFile, expected: Option<&State>) -> Result<()> {
    let failed = |cause: &io::Error| Error::disk("save the file", cause);
    if path.exists() {
        let meta = fs::metadata(path).map_err(|cause| failed(&cause))?;
        if meta.permissions().readonly() {
            return Err(Error::new(Code::Refused, "The file is protected against writing")
                .with_help("Take the protection off, or save the rows as another file."));
        }
        new.as_file().set_permissions(meta.permissions()).map_err(|cause| failed(&cause))?;
        let kept = keep(path)?;
        if let Some(Err(error)) = expected.map(|expected| expected.check_again(path)) {
            // Nothing is replaced, so there is no previous version.
            let _ = fs::remove_file(kept);
            return Err(error);
        }
    }
    new.as_file().sync_all().map_err(|cause| failed(&cause))?;
    new.persist(path).map_err(|cause| failed(&cause.error))?;
    sync_folder(path.parent())
}

/// A copy of a previous version, complete, beside the file.
pub(super) fn copy_of(version: &Path, beside: &Path) -> Result<NamedTempFile> {
    let failed = |cause: io::Error| Error::disk("read the previous version", &cause);
    let mut copy = temporary(beside.parent().unwrap_or(Path::new(".")))?;
    io::copy(&mut File::open(version).map_err(failed)?, copy.as_file_mut()).map_err(failed)?;
    copy.as_file().sync_all().map_err(failed)?;
    Ok(copy)
}

/// Keeps what the file holds now as a previous version; gives its place.
fn keep(path: &Path) -> Result<PathBuf> {
    let failed = |cause: io::Error| Error::disk("keep the previous version", &cause);
    let folder = folder_of(path);
    fs::create_dir_all(&folder).map_err(failed)?;
    let stamp = Timestamp::now().strftime(STAMP).to_string();
    for attempt in 1..SAME_SECOND {
        let id = if attempt == 1 { stamp.clone() } else { format!("{stamp}_{attempt}") };
        let target = named(path, &id);
        // A second name for the same bytes: the file itself gets new ones.
        match fs::hard_link(path, &target) {
            Ok(()) => return sync_folder(Some(&folder)).map(|()| target),
            Err(_) if target.exists() => {}
            Err(_) => {
                // This disk has no second names.
                fs::copy(path, &target).map_err(failed)?;
                File::open(&target).and_then(|copy| copy.sync_all()).map_err(failed)?;
                return sync_folder(Some(&folder)).map(|()| target);
            }
        }
    }
    Err(Error::new(Code::Busy, "The previous version could not be given a name").with_help("Try again."))
}

/// On Unix a new name is on the disk once its folder is.
fn sync_folder(folder: Option<&Path>) -> Result<()> {
    let Some(folder) = folder.filter(|_| cfg!(unix)) else { return Ok(()) };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|cause| Error::disk("save the file", &cause))
}

fn folder_of(path: &Path) -> PathBuf {
    path.with_file_name(FOLDER)
}

/// `master.csv` → `previous versions/master.2026-11-25T13-12-54Z.csv`
fn named(path: &Path, id: &str) -> PathBuf {
    let (stem, ending) = stem_and_ending(path);
    folder_of(path).join(format!("{stem}.{id}{ending}"))
}

fn stem_and_ending(path: &Path) -> (String, String) {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    (stem, ending)
}

/// The id in the name of a previous version, and its time; `None` for any other file.
fn id_in(path: &Path, name: &str) -> Option<(String, Timestamp)> {
    let (stem, ending) = stem_and_ending(path);
    let id = name.strip_prefix(&format!("{stem}."))?.strip_suffix(&ending)?;
    let (stamp, number) = id.split_once('_').unwrap_or((id, "1"));
    number.parse::<u32>().ok()?;
    let time = DateTime::strptime(STAMP, stamp).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some((id.to_owned(), time))
}

fn number(id: &str) -> u32 {
    id.split_once('_').and_then(|(_, number)| number.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_file(folder: &Path, text: &str) -> NamedTempFile {
        let file = temporary(folder).unwrap();
        fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn every_replaced_version_is_kept_and_listed_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.csv");
        fs::write(&path, "1").unwrap();
        for text in ["2", "3", "4"] {
            replace(&path, new_file(folder.path(), text), None).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "4");
        let kept = versions(&path).unwrap();
        let texts: Vec<_> = kept
            .iter()
            .map(|version| fs::read_to_string(version_path(&path, &version.id).unwrap()).unwrap())
            .collect();
        assert_eq!(texts, ["3", "2", "1"]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn only_versions_of_this_file_can_be_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.csv");
        fs::write(&path, "1").unwrap();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        for name in ["master.2026-11-25T10-00-00Z.xlsx", "master.old.csv", "other.2026-11-25T10-00-00Z.csv"] {
            fs::write(folder.path().join(FOLDER).join(name), "x").unwrap();
        }
        assert_eq!(versions(&path).unwrap(), []);
        for id in ["../../etc/passwd", "old", "2026-11-25T10-00-00Z"] {
            assert_eq!(version_path(&path, id).unwrap_err().code(), Code::NotFound);
        }
    }

    #[test]
    fn a_file_that_changed_is_noticed_even_with_the_same_size_and_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.csv");
        fs::write(&path, "1").unwrap();
        let state = State::of(&path, &Job::silent()).unwrap();
        state.check(&path, &Job::silent()).unwrap();
        fs::write(&path, "2").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(state.modified.unwrap()).unwrap();
        assert_eq!(state.check(&path, &Job::silent()).unwrap_err().code(), Code::Refused);
        fs::remove_file(&path).unwrap();
        assert_eq!(state.check(&path, &Job::silent()).unwrap_err().code(), Code::Refused);
    }

    #[test]
    fn a_change_while_the_new_file_is_written_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.csv");
        fs::write(&path, "1").unwrap();
        let checked = State::of(&path, &Job::silent()).unwrap().check(&path, &Job::silent()).unwrap();
        fs::write(&path, "theirs").unwrap();
        let error = replace(&path, new_file(folder.path(), "2"), Some(&checked)).unwrap_err();
        assert_eq!((error.code(), fs::read_to_string(&path).unwrap().as_str()), (Code::Refused, "theirs"));
        assert_eq!(versions(&path).unwrap(), []);
    }

    #[test]
    fn permissions_stay_and_a_protected_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.csv");
        fs::write(&path, "1").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions.clone()).unwrap();
        let error = replace(&path, new_file(folder.path(), "2"), None).unwrap_err();
        assert_eq!((error.code(), fs::read_to_string(&path).unwrap().as_str()), (Code::Refused, "1"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            replace(&path, new_file(folder.path(), "2"), None).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        }
    }
}
