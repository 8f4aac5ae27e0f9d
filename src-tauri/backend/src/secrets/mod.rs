//! Where secrets come from: the keychain, or for runs without a screen a file or pipe that the scheduler names.
//!
//! What was named (`--secret-file`, `--secret-fd`, then `MUSTER_SECRET_FILE_<NAME>`) goes before the keychain. A secret
//! is never an argument or the value of a variable: both can be read by other programs.

mod data_key;
mod named;

pub use named::{Named, Source};

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::error::{Code, Error, Result};
use crate::folders::Folders;
use crate::keychain::{DATA_KEY, GOOGLE_DRIVE, Item, Keychain, slow};
use crate::secret::Secret;
use crate::store::DataKey;

/// What the secret of the archive's access key is called where secrets are named.
pub const ARCHIVE: &str = "archive";

/// What the key of the collector that logs are sent to is called where secrets are named.
pub const LOGS: &str = "logs";

/// Longest password that is taken, in bytes.
const LONGEST: usize = 1_024;

/// How long fetching or making the key of the data folder may take.
const KEY_LIMIT: Duration = Duration::from_secs(9);

/// The secrets of a person or a run. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Secrets(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    keychain: Keychain,
    named: Named,
    /// Fetched once: the data folder has one key for good
    data_key: Mutex<Option<DataKey>>,
}

impl Secrets {
    /// Secrets from this keychain, and what was named instead of it.
    pub fn new(keychain: Keychain, named: Named) -> Secrets {
        Secrets(Arc::new(Inner { keychain, named, data_key: Mutex::default() }))
    }

    /// A profile's password; `None` where none was set.
    ///
    /// # Errors
    /// As [`Keychain::get`]; [`Code::Refused`] where others can read the named file.
    pub async fn of_profile(&self, name: &str) -> Result<Option<Secret>> {
        match self.0.named.find(name)? {
            Some(secret) => Ok(Some(secret)),
            None => self.0.keychain.get(&Item::Profile(name.to_owned())).await,
        }
    }

    /// For which of the profiles there is a password; none is read.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub async fn have(&self, names: &[String]) -> Result<Vec<bool>> {
        let asked = names.iter().filter(|name| !self.0.named.has(name));
        let mut kept = self.0.keychain.have(asked.cloned().map(Item::Profile).collect()).await?.into_iter();
        Ok(names.iter().map(|name| self.0.named.has(name) || kept.next().unwrap_or(false)).collect())
    }

    /// Keeps a profile's password in the keychain.
    ///
    /// # Errors
    /// As [`Keychain::set`]; [`Code::InvalidInput`] where it is empty, too long or no line of text.
    pub async fn set_for_profile(&self, name: &str, secret: Secret) -> Result<()> {
        check(&secret)?;
        self.0.keychain.set(&Item::Profile(name.to_owned()), secret).await
    }

    /// Removes a profile's password from the keychain; one that is not there is no error.
    ///
    /// # Errors
    /// As [`Keychain::remove`].
    pub async fn remove_of_profile(&self, name: &str) -> Result<()> {
        self.0.keychain.remove(&Item::Profile(name.to_owned())).await
    }

    /// The keychain.
    pub(crate) fn keychain(&self) -> &Keychain {
        &self.0.keychain
    }

    /// The sign-in to Google Drive that a scheduler handed over, where it did: a refresh token.
    ///
    /// # Errors
    /// [`Code::Refused`] where others can read the named file.
    pub(crate) fn named_drive(&self) -> Result<Option<Secret>> {
        self.0.named.find(GOOGLE_DRIVE)
    }

    /// The secret of the archive's access key; `None` where none was set.
    ///
    /// # Errors
    /// As [`Secrets::of_profile`].
    pub async fn of_archive(&self) -> Result<Option<Secret>> {
        match self.0.named.find(ARCHIVE)? {
            Some(secret) => Ok(Some(secret)),
            None => self.0.keychain.get(&Item::Archive).await,
        }
    }

    /// Whether the secret of the archive's access key is there; it is not read.
    ///
    /// # Errors
    /// As [`Keychain::get`].
    pub(crate) async fn has_archive(&self) -> Result<bool> {
        Ok(self.0.named.has(ARCHIVE) || self.0.keychain.have(vec![Item::Archive]).await? == [true])
    }

    /// Keeps the secret of the archive's access key in the keychain, or removes it.
    ///
    /// # Errors
    /// As [`Secrets::set_for_profile`].
    pub async fn set_for_archive(&self, secret: Option<Secret>) -> Result<()> {
        match secret {
            None => self.0.keychain.remove(&Item::Archive).await,
            Some(secret) => {
                check(&secret)?;
                self.0.keychain.set(&Item::Archive, secret).await
            }
        }
    }

    /// The key of the collector that logs are sent to; `None` where none was set.
    ///
    /// # Errors
    /// As [`Secrets::of_profile`].
    pub async fn of_logs(&self) -> Result<Option<Secret>> {
        match self.0.named.find(LOGS)? {
            Some(secret) => Ok(Some(secret)),
            None => self.0.keychain.get(&Item::Logs).await,
        }
    }

    /// Whether there is a key of that collector; none is read.
    ///
    /// # Errors
    /// As [`Secrets::of_profile`].
    pub async fn have_for_logs(&self) -> Result<bool> {
        Ok(self.0.named.has(LOGS) || self.0.keychain.have(vec![Item::Logs]).await? == [true])
    }

    /// Keeps that key in the keychain, or removes it.
    ///
    /// # Errors
    /// As [`Secrets::set_for_profile`].
    pub async fn set_for_logs(&self, secret: Option<Secret>) -> Result<()> {
        match secret {
            None => self.0.keychain.remove(&Item::Logs).await,
            Some(secret) => {
                check(&secret)?;
                self.0.keychain.set(&Item::Logs, secret).await
            }
        }
    }

    /// The key of the data folder's databases. It is made on first use, where no encrypted database is there yet.
    ///
    /// # Errors
    /// As [`Keychain::get`]; [`Code::SecretMissing`] where databases are there and their key is not, or the named file
    /// is missing; [`Code::Config`] where what is kept is no key.
    pub async fn data_key(&self, folders: &Folders) -> Result<DataKey> {
        let mut known = self.0.data_key.lock().await;
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let key = match self.0.named.find(DATA_KEY)? {
            Some(secret) => DataKey::parse(secret.expose()).ok_or_else(data_key::no_key)?,
            // Several calls, and another program's before them: together no longer than a person waits.
            None => tokio::time::timeout(KEY_LIMIT, data_key::of_keychain(folders, &self.0.keychain))
                .await
                .map_err(|_| slow())??,
        };
        Ok(known.insert(key).clone())
    }
}

fn check(secret: &Secret) -> Result<()> {
    let text = secret.expose();
    let fault = if text.is_empty() {
        "The password is empty"
    } else if text.len() > LONGEST {
        "The password is longer than 1,024 bytes"
    } else if text.chars().any(char::is_control) {
        "The password is not one line of text"
    } else {
        return Ok(());
    };
    Err(Error::new(Code::InvalidInput, fault).with_help("Type the password of the database's user."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_of_text() {
        assert!(check(&Secret::new("pass word ü".into())).is_ok());
        for wrong in ["", "a\nb", "\0", &"x".repeat(1_025)] {
            assert_eq!(check(&Secret::new(wrong.to_owned())).unwrap_err().code(), Code::InvalidInput);
        }
    }
}
