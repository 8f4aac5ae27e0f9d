//! What became of a schedule's runs: a small file each, which needs no key, so that a keychain that is locked can be told,
//! too. And the lock by which only one schedule runs at a time, whichever program begins it.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::write_whole;
use crate::error::{Code, Error, Result};
use crate::folders::Folders;
use crate::progress::Job;

/// How long a run waits for another one.
const WAIT_LIMIT: Duration = Duration::from_secs(600);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScheduleRun {
    /// When it began: RFC 3339, UTC
    pub started: String,
    /// When it ended
    pub finished: String,
    /// As `muster run` would have ended: 0 done, 3 done but for some rows, 4 refused, 75 a retry may mend it, 1 failed
    pub exit_code: u8,
    /// What it did, or why it failed
    pub told: String,
    /// What else there is to say: that it was late
    pub note: Option<String>,
}

/// What is known of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// Nothing before that was missed: the schedule was not there, was another one, or was paused
    pub(super) since: Timestamp,
    /// The latest time at which it was due and ran
    #[serde(default)]
    pub(super) handled: Option<Timestamp>,
    /// Its latest run
    #[serde(default)]
    pub(super) last: Option<ScheduleRun>,
}

impl State {
    pub(super) fn new(since: Timestamp) -> State {
        State { since, handled: None, last: None }
    }

    /// Nothing until then is missed any more.
    pub(super) fn settled(&self) -> Timestamp {
        self.handled.map_or(self.since, |handled| handled.max(self.since))
    }
}

fn file(folders: &Folders, name: &str) -> PathBuf {
    folders.schedules().join(format!("{name}.json"))
}

/// What is known of a schedule; nothing where its file is not there or cannot be understood.
pub(super) fn read(folders: &Folders, name: &str) -> Option<State> {
    serde_json::from_slice(&std::fs::read(file(folders, name)).ok()?).ok()
}

pub(super) fn write(folders: &Folders, name: &str, state: &State) -> Result<()> {
    let failed = |error: std::io::Error| Error::disk("note what became of the schedule", &error);
    Folders::make_private(&folders.schedules())?;
    let json = serde_json::to_vec_pretty(state)
        .map_err(|_| Error::new(Code::Internal, "What became of the schedule could not be written"))?;
    write_whole(&file(folders, name), &json).map_err(failed)
}

/// Forgets a schedule that is not there any more.
pub(super) fn forget(folders: &Folders, name: &str) {
    // A file that stays is taken for no schedule's.
    let _ = std::fs::remove_file(file(folders, name));
}

/// While it is there, no other schedule runs. The system takes the lock away with the program.
#[derive(Debug)]
pub(super) struct Turn {
    _file: File,
}

/// Waits for the turn to run.
///
/// # Errors
/// [`Code::Busy`] where another schedule runs and does not come to its end; when the job is cancelled.
pub(super) async fn take_turn(folders: &Folders, job: &Job) -> Result<Turn> {
    let failed = |error: std::io::Error| Error::disk("wait for other schedules", &error);
    let folder = folders.schedules();
    Folders::make_private(&folder)?;
    let file = File::options().create(true).append(true).open(folder.join("lock")).map_err(failed)?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Turn { _file: file }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) if started.elapsed() > WAIT_LIMIT => {
                return Err(Error::new(Code::Busy, "Another schedule runs and does not come to its end")
                    .with_help("Try again later."));
            }
            Err(TryLockError::WouldBlock) => {}
        }
        job.wait_for(None)?;
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        assert_eq!(read(&folders, "nightly"), None);
        let mut state = State::new("2026-11-26T01:00:00Z".parse().unwrap());
        state.last = Some(ScheduleRun {
            started: "2026-11-26T02:30:00.000Z".into(),
            finished: "2026-11-26T02:31:00.000Z".into(),
            exit_code: 75,
            told: "The keychain is locked".into(),
            note: None,
        });
        write(&folders, "nightly", &state).unwrap();
        assert_eq!(read(&folders, "nightly"), Some(state));
        std::fs::write(file(&folders, "nightly"), "{").unwrap();
        assert_eq!(read(&folders, "nightly"), None);
        forget(&folders, "nightly");
        assert_eq!(std::fs::read_dir(folders.schedules()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn one_runs_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let first = take_turn(&folders, &Job::silent()).await.unwrap();
        let second = Job::silent();
        second.cancel();
        assert_eq!(take_turn(&folders, &second).await.unwrap_err().code(), Code::Cancelled);
        drop(first);
        take_turn(&folders, &second).await.unwrap();
    }
}
