//! The one thread that talks to the keychain.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};

use keyring_core::{CredentialStore, Entry, Error as KeyringError};
use tokio::sync::oneshot;

use super::failure::{self, failure};
use super::{Item, mixed_up, store};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// Opens a connection to a keychain.
pub(super) type Opener = dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync;

pub(super) enum Ask {
    Get(Item),
    Have(Vec<Item>),
    Set(Item, Secret),
    Remove(Item),
}

pub(super) enum Answer {
    Secret(Option<Secret>),
    Have(Vec<bool>),
    Done,
}

type Request = (Ask, oneshot::Sender<Result<Answer>>);

/// The thread, as the others see it. It ends when this is dropped and its work is done.
pub(super) struct Worker {
    number: u64,
    requests: Sender<Request>,
    alive: Weak<()>,
}

impl Worker {
    pub(super) fn start(open: Arc<Opener>) -> Result<Worker> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let (requests, received) = channel();
        let alive = Arc::new(());
        let watched = Arc::downgrade(&alive);
        std::thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                work(&open, &received);
                drop(alive);
            })
            .map_err(|error| Error::disk("start the keychain's thread", &error))?;
        Ok(Worker { number: NUMBER.fetch_add(1, Ordering::Relaxed), requests, alive: watched })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn send(&self, ask: Ask, reply: oneshot::Sender<Result<Answer>>) -> Result<()> {
        self.requests.send((ask, reply)).map_err(|_| mixed_up())
    }

    /// Lets go of it; what is given back tells whether it still runs.
    pub(super) fn leave(self) -> Weak<()> {
        self.alive
    }
}

fn work(open: &Arc<Opener>, requests: &Receiver<Request>) {
    let mut connection = None;
    for (ask, reply) in requests {
        // Nobody waits any more for what was asked before a call that hung: least of all for a change.
        if reply.is_closed() {
            continue;
        }
        let mut answer = Connection::of(&mut connection, open).and_then(|used| used.answer(&ask));
        // The keychain may have been started anew since the last call: what a used connection says is asked once more.
        if answer.is_err() && connection.take_if(|connection| connection.calls > 1).is_some() {
            answer = Connection::of(&mut connection, open).and_then(|new| new.answer(&ask));
        }
        if answer.is_err() {
            connection = None;
        }
        let _ = reply.send(answer.map_err(|error| failure(&error)).and_then(|answer| verified(&ask, answer)));
    }
}

/// What was kept is what was to be kept: a keychain may say yes and keep nothing.
fn verified(ask: &Ask, answer: Answer) -> Result<Answer> {
    match (ask, answer) {
        (Ask::Set(_, secret), Answer::Secret(kept)) if kept.as_ref() == Some(secret) => Ok(Answer::Done),
        (Ask::Set(..), _) => Err(failure::not_kept()),
        (_, answer) => Ok(answer),
    }
}

struct Connection {
    store: Arc<CredentialStore>,
    calls: u64,
}

impl Connection {
    fn of<'c>(
        kept: &'c mut Option<Connection>,
        open: &Arc<Opener>,
    ) -> keyring_core::Result<&'c mut Connection> {
        let connection = match kept {
            Some(connection) => connection,
            none => none.insert(Connection { store: open()?, calls: 0 }),
        };
        connection.calls += 1;
        Ok(connection)
    }

    fn answer(&self, ask: &Ask) -> keyring_core::Result<Answer> {
        match ask {
            Ask::Get(item) => self.get(item).map(Answer::Secret),
            Ask::Have(items) => {
                items.iter().map(|item| self.has(item)).collect::<Result<_, _>>().map(Answer::Have)
            }
            Ask::Set(item, secret) => {
                self.entry(item)?.set_password(secret.expose())?;
                self.get(item).map(Answer::Secret)
            }
            Ask::Remove(item) => match self.entry(item)?.delete_credential() {
                Ok(()) | Err(KeyringError::NoEntry) => Ok(Answer::Done),
                Err(error) => Err(error),
            },
        }
    }

    fn entry(&self, item: &Item) -> keyring_core::Result<Entry> {
        store::entry(&self.store, item)
    }

    fn get(&self, item: &Item) -> keyring_core::Result<Option<Secret>> {
        match self.entry(item)?.get_password() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn has(&self, item: &Item) -> keyring_core::Result<bool> {
        match self.entry(item)?.get_credential() {
            Ok(_) => Ok(true),
            Err(KeyringError::NoEntry) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
