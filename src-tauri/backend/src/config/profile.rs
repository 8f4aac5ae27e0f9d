//! Profiles: named targets, without their secrets.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::folders::Folders;

/// What a target is for. The screens show it with a colour and a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// To try things
    Dev,
    /// To rehearse
    Staging,
    /// What everybody relies on
    Prod,
}

impl Environment {
    /// Its name, as in the settings.
    pub const fn name(self) -> &'static str {
        match self {
            Environment::Dev => "dev",
            Environment::Staging => "staging",
            Environment::Prod => "prod",
        }
    }
}

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// A file on this machine
    Sqlite,
    /// A PostgreSQL server
    Postgres,
}

impl Driver {
    /// Its name, as in the settings.
    pub const fn name(self) -> &'static str {
        match self {
            Driver::Sqlite => "sqlite",
            Driver::Postgres => "postgres",
        }
    }
}

/// How a connection to a server is secured; the names are those of PostgreSQL's `sslmode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Encrypted, by a certificate of a trusted authority that names the host
    #[default]
    VerifyFull,
    /// Encrypted, by a certificate of a trusted authority
    VerifyCa,
    /// Encrypted, whoever answers
    Require,
    /// Not encrypted
    Disable,
}

/// A named target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What it is for
    pub environment: Environment,
    /// The kind of database
    pub driver: Driver,
    /// SQLite: the file; a relative path is below the data folder
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// PostgreSQL: name or address of the server
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// PostgreSQL: the port; 5432 where none is said
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// PostgreSQL: name of the database
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// PostgreSQL: who logs in; the password is in the keychain
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// PostgreSQL: how the connection is secured; `verify-full` where nothing is said
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// PostgreSQL: the certificate authority to trust, a PEM file; a relative path is below the config folder
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cert: Option<String>,
}

impl Profile {
    /// A SQLite database in a file.
    pub fn sqlite(environment: Environment, path: impl Into<String>) -> Profile {
        Profile {
            environment,
            driver: Driver::Sqlite,
            path: Some(path.into()),
            host: None,
            port: None,
            database: None,
            user: None,
            tls: None,
            root_cert: None,
        }
    }

    /// Where it is, as people read it.
    pub(crate) fn location(&self, folders: &Folders) -> String {
        match self.driver {
            Driver::Sqlite => {
                folders.resolve(self.path.as_deref().unwrap_or_default()).to_string_lossy().into_owned()
            }
            Driver::Postgres => format!(
                "{}@{}:{}/{}",
                self.user.as_deref().unwrap_or_default(),
                self.host.as_deref().unwrap_or_default(),
                self.port.unwrap_or(5432),
                self.database.as_deref().unwrap_or_default()
            ),
        }
    }
}

/// A profile as the screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ProfileInfo {
    /// Its name
    pub name: String,
    /// What it is for
    pub environment: Environment,
    /// The kind of database
    pub driver: Driver,
    /// Where it is: for SQLite, the file; for PostgreSQL, `user@host:port/database`
    pub location: String,
}

impl ProfileInfo {
    /// Lets a push go on: to a prod profile only when its name was typed.
    ///
    /// # Errors
    /// [`Code::Refused`] where the name is missing or another one.
    pub fn confirm(&self, typed: Option<&str>) -> Result<()> {
        if self.environment != Environment::Prod || typed.map(str::trim) == Some(self.name.as_str()) {
            return Ok(());
        }
        Err(Error::new(
            Code::Refused,
            format!("{} is a prod profile and the push was not confirmed", self.name),
        )
        .with_help("Type the profile's name to confirm (on the command line: --confirm NAME)."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_name_confirms_a_push_to_prod() {
        let mut info = ProfileInfo {
            name: "live".into(),
            environment: Environment::Prod,
            driver: Driver::Sqlite,
            location: String::new(),
        };
        for wrong in [None, Some(""), Some("Live"), Some("local")] {
            assert_eq!(info.confirm(wrong).unwrap_err().code(), Code::Refused, "{wrong:?}");
        }
        assert!(info.confirm(Some("live")).is_ok());
        info.environment = Environment::Staging;
        assert!(info.confirm(None).is_ok());
    }
}
