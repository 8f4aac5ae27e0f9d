//! The operating system's keychain: the Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! There is no other place for secrets: where no keychain answers, that is an error, never a file instead. All calls
//! run on one thread (entries must not be used from several), each within a time limit, because a locked keychain may
//! wait for a person for ever. After a failure the connection is made anew, so a keychain that was unlocked or
//! started meanwhile is found without starting Muster again.

mod failure;
mod store;
mod thread;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Code, Error, Result};
use crate::secret::Secret;
pub(crate) use failure::slow;
use thread::{Answer, Ask, Opener, Worker};

/// The service under which all of Muster's items are kept.
pub const SERVICE: &str = "org.muster.Muster";

/// The name by which the command line and variables call the key of the data folder.
pub const DATA_KEY: &str = "data-key";

/// The name by which the command line and variables call a sign-in to Google Drive.
pub const GOOGLE_DRIVE: &str = "google-drive";

/// How long a call may take.
const TIME_LIMIT: Duration = Duration::from_secs(8);

/// Calls that may be left hanging in a keychain that does not answer, before no more are made.
const MOST_STUCK: usize = 4;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// The password of the profile of this name
    Profile(String),
    /// The key of the data folder with this id
    DataKey(String),
    /// The sign-in (refresh token) of the Google account with this id
    DriveSignIn(String),
    /// Which Google accounts are signed in
    DriveAccounts,
    /// The secret of the OAuth client with this id, where Google gave one
    DriveClient(String),
    /// The secret of the archive's access key
    Archive,
    /// The key of the collector that logs are sent to
    Logs,
}

impl Item {
    /// The account's name in the keychain.
    fn account(&self) -> String {
        match self {
            Item::Profile(name) => format!("profile/{name}"),
            Item::DataKey(id) => format!("{DATA_KEY}/{id}"),
            Item::DriveSignIn(id) => format!("{GOOGLE_DRIVE}/account/{id}"),
            Item::DriveAccounts => format!("{GOOGLE_DRIVE}/accounts"),
            Item::DriveClient(id) => format!("{GOOGLE_DRIVE}/client/{id}"),
            Item::Archive => crate::secrets::ARCHIVE.to_owned(),
            Item::Logs => crate::secrets::LOGS.to_owned(),
        }
    }

    /// What the keychain's own window calls it.
    #[cfg_attr(any(target_os = "macos", windows), expect(dead_code))]
    fn label(&self) -> String {
        match self {
            Item::Profile(name) => format!("Muster: password of the profile {name}"),
            Item::DataKey(_) => "Muster: key of the data folder".to_owned(),
            Item::DriveSignIn(_) => "Muster: sign-in to Google Drive".to_owned(),
            Item::DriveAccounts => "Muster: accounts of Google Drive".to_owned(),
            Item::DriveClient(_) => "Muster: secret of the OAuth client for Google Drive".to_owned(),
            Item::Archive => "Muster: key of the archive of raw files".to_owned(),
            Item::Logs => "Muster: key of the collector of logs".to_owned(),
        }
    }
}

/// The keychain. Cheap to clone; nothing is opened before the first call.
#[derive(Clone)]
pub struct Keychain(Arc<Inner>);

struct Inner {
    open: Arc<Opener>,
    time_limit: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    worker: Option<Worker>,
    /// Threads that did not answer in time and still wait
    stuck: Vec<Weak<()>>,
}

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keychain")
    }
}

impl Keychain {
    /// The keychain of the person who is logged in.
    pub fn system() -> Keychain {
        Keychain::with(Arc::new(store::open), TIME_LIMIT)
    }

    fn with(open: Arc<Opener>, time_limit: Duration) -> Keychain {
        Keychain(Arc::new(Inner { open, time_limit, state: Mutex::default() }))
    }

    /// An item's secret; `None` where there is none.
    ///
    /// # Errors
    /// [`Code::KeychainLocked`] where the keychain is locked or does not answer in time, [`Code::Keychain`] where there
    /// is none or it refuses.
    pub async fn get(&self, item: &Item) -> Result<Option<Secret>> {
        match self.ask(Ask::Get(item.clone())).await? {
            Answer::Secret(secret) => Ok(secret),
            _ => Err(mixed_up()),
        }
    }

    /// Which of the items are there; no secret is read.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn have(&self, items: Vec<Item>) -> Result<Vec<bool>> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        match self.ask(Ask::Have(items)).await? {
            Answer::Have(have) => Ok(have),
            _ => Err(mixed_up()),
        }
    }

    /// Keeps a secret, in place of a former one, and reads it back.
    ///
    /// # Errors
    /// As [`Keychain::get`]; also where what is read back is not what was kept.
    pub async fn set(&self, item: &Item, secret: Secret) -> Result<()> {
        match self.ask(Ask::Set(item.clone(), secret)).await? {
            Answer::Done => Ok(()),
            _ => Err(mixed_up()),
        }
    }

    /// Removes an item; one that is not there is no error.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn remove(&self, item: &Item) -> Result<()> {
        match self.ask(Ask::Remove(item.clone())).await? {
            Answer::Done => Ok(()),
            _ => Err(mixed_up()),
        }
    }

    async fn ask(&self, ask: Ask) -> Result<Answer> {
        let (reply, answer) = oneshot::channel();
        let number = self.hand_over(ask, reply)?;
        match tokio::time::timeout(self.0.time_limit, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => {
                self.give_up(number);
                Err(mixed_up())
            }
            Err(_) => {
                self.give_up(number);
                Err(slow())
            }
        }
    }

    /// Gives the work to the thread, starting one where there is none. Gives the thread's number.
    fn hand_over(&self, ask: Ask, reply: oneshot::Sender<Result<Answer>>) -> Result<u64> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.stuck.retain(|thread| thread.strong_count() > 0);
        if state.stuck.len() >= MOST_STUCK {
            return Err(slow());
        }
        let worker = match &mut state.worker {
            Some(worker) => worker,
            none => none.insert(Worker::start(Arc::clone(&self.0.open))?),
        };
        worker.send(ask, reply)?;
        Ok(worker.number())
    }

    /// Leaves a thread that hangs to itself: the next call gets a new one, with a connection of its own.
    fn give_up(&self, number: u64) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(worker) = state.worker.take_if(|worker| worker.number() == number) {
            state.stuck.push(worker.leave());
        }
    }
}

fn mixed_up() -> Error {
    Error::new(Code::Internal, "The keychain gave no answer that Muster understands")
        .with_help("Try again; if it stays, restart Muster.")
}

#[cfg(test)]
mod tests;
