//! Where a database is and what opens it. Made from a profile and its secret; holds no connection.

use std::fmt;
use std::path::PathBuf;

use crate::config::Tls;
use crate::error::{Code, Error, Result};
use crate::secret::Secret;

/// What it takes to open a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// A file on this machine
    Sqlite(SqliteAccess),
    /// A server
    Postgres(PostgresAccess),
}

impl Access {
    /// Whether there can be anything: a file that was never pushed to is not there yet.
    pub(crate) fn is_there(&self) -> bool {
        match self {
            Access::Sqlite(sqlite) => sqlite.path.exists(),
            Access::Postgres(_) => true,
        }
    }
}

/// A SQLite database, encrypted with SQLCipher: a target, the workspace, the staged rows of an import, a working copy.
#[derive(Clone, PartialEq, Eq)]
pub struct SqliteAccess {
    /// The file
    pub path: PathBuf,
    /// The key of its encryption
    pub key: DataKey,
}

/// The file's path may name a person; the key never prints.
impl fmt::Debug for SqliteAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteAccess").finish_non_exhaustive()
    }
}

impl SqliteAccess {
    /// The same database's key for another file.
    #[must_use]
    pub fn at(&self, path: PathBuf) -> SqliteAccess {
        SqliteAccess { path, key: self.key.clone() }
    }

    /// Opens the file through rusqlite, for work of its own that blocks. What is sorted or temporary stays in memory:
    /// SQLCipher does not encrypt temporary files.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn connect(&self) -> Result<rusqlite::Connection> {
        let db = rusqlite::Connection::open(&self.path)?;
        db.pragma_update(None, "key", self.key.as_pragma().expose())?;
        db.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(db)
    }
}

/// A PostgreSQL database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresAccess {
    /// Name or address of the server
    pub host: String,
    /// Its port
    pub port: u16,
    /// Name of the database
    pub database: String,
    /// Who logs in
    pub user: String,
    /// Their password; `None` where the server asks for none
    pub password: Option<Secret>,
    /// How the connection is secured
    pub tls: Tls,
    /// The certificate authority to trust instead of the well-known ones, a PEM file
    pub root_cert: Option<PathBuf>,
}

/// The key of the databases in the data folder: 32 random bytes, as SQLCipher's raw key (no password is stretched).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DataKey(Secret<[u8; 32]>);

impl DataKey {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> DataKey {
        // Before SQLCipher does it: this way OpenSSL registers no exit handler, which would take its memory from threads
        // that have a database open when the program ends, and the program's exit code with it.
        #[cfg(not(target_os = "macos"))]
        openssl_sys::init();
        DataKey(Secret::new(bytes))
    }

    /// A new key, from the system's random numbers.
    ///
    /// # Errors
    /// [`Code::Internal`] where the system gives none.
    pub fn random() -> Result<DataKey> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| {
            Error::new(Code::Internal, "The system gives no random numbers, so no key can be made")
        })?;
        Ok(DataKey::new(bytes))
    }

    /// The key as 64 hexadecimal digits, as the keychain keeps it; `None` where the text is no such key.
    pub fn parse(text: &str) -> Option<DataKey> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(DataKey::new(bytes))
    }

    /// As the keychain keeps it.
    pub fn to_hex(&self) -> Secret {
        Secret::new(self.0.expose().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// As `PRAGMA key` and `ATTACH … KEY` take it: a blob literal in quotes, which SQLCipher uses without derivation.
    pub(crate) fn as_pragma(&self) -> Secret {
        Secret::new(format!("x'{}'", self.to_hex().expose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_the_keychain_and_does_not_print() {
        let key = DataKey::new(std::array::from_fn(|at| u8::try_from(at * 7 % 256).unwrap()));
        assert_eq!(DataKey::parse(key.to_hex().expose()), Some(key.clone()));
        assert!(!format!("{key:?}").contains("0007"));
        for wrong in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(DataKey::parse(wrong), None);
        }
    }
}
