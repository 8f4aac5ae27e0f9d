//! The settings that hold no secret: built-in defaults, then `config.yml`, then `MUSTER_…` variables.

use std::collections::BTreeMap;
use std::path::Path;

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
    fn location(&self, folders: &Folders) -> String {
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

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The targets by name
    pub profiles: BTreeMap<String, Profile>,
    /// The target of a push where none is named
    pub active_profile: String,
}

impl Default for Config {
    fn default() -> Self {
        let local = Profile::sqlite(Environment::Dev, "members.db");
        Config { profiles: [("local".to_owned(), local)].into(), active_profile: "local".to_owned() }
    }
}

/// A profile as the screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

impl Config {
    /// Reads the settings. `file` names another file than the usual one, which then must exist.
    ///
    /// # Errors
    /// When the file cannot be read, or something in it does not fit; all that does not fit is told at once.
    pub fn load(folders: &Folders, file: Option<&Path>) -> Result<Config> {
        let usual = folders.config_file();
        let path = file.unwrap_or(&usual);
        let mut config = match std::fs::read_to_string(path) {
            Ok(text) => Config::parse(&text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => Config::default(),
            Err(error) => return Err(Error::disk("read the settings", &error)),
        };
        if let Ok(profile) = std::env::var("MUSTER_ACTIVE_PROFILE") {
            config.active_profile = profile;
        }
        config.check()?;
        Ok(config)
    }

    /// Reads settings from YAML. Profiles that are not mentioned keep their built-in settings.
    fn parse(text: &str) -> Result<Config> {
        refuse_secrets(text)?;
        if text.trim().is_empty() {
            return Ok(Config::default());
        }
        serde_saphyr::from_str(text).map_err(|error| {
            let place =
                error.location().map(|place| format!(" in line {}", place.line())).unwrap_or_default();
            Error::new(Code::Config, format!("The settings (config.yml) do not fit{place}"))
                .with_help("Compare the file with the example in docs/FORMATS.md.")
        })
    }

    fn check(&self) -> Result<()> {
        self.profile(&self.active_profile).map(|_| ())
    }

    /// A profile by its name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn profile(&self, name: &str) -> Result<&Profile> {
        self.profiles.get(name).ok_or_else(|| {
            let known = self.profiles.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            Error::new(Code::Config, format!("There is no profile of that name. The profiles are: {known}"))
                .with_help("Name one of them, or add it to config.yml.")
        })
    }

    /// A profile for the screens and for a push; without a name, the active one.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn profile_info(&self, name: Option<&str>, folders: &Folders) -> Result<ProfileInfo> {
        let name = name.unwrap_or(&self.active_profile);
        let profile = self.profile(name)?;
        Ok(ProfileInfo {
            name: name.to_owned(),
            environment: profile.environment,
            driver: profile.driver,
            location: profile.location(folders),
        })
    }
}

/// A secret in the settings is an error that says where secrets go.
fn refuse_secrets(text: &str) -> Result<()> {
    const NAMES: [&str; 6] = ["password", "passwd", "secret", "token", "api_key", "client_secret"];
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().to_lowercase();
        let names = line
            .split([',', '{', '-'])
            .filter_map(|part| part.split_once(':'))
            .map(|(name, _)| name.trim().trim_matches(['"', '\'']).to_owned());
        if names.into_iter().any(|name| NAMES.contains(&name.as_str())) {
            return Err(Error::new(
                Code::Config,
                format!("The settings (config.yml) hold a secret in line {number}"),
            )
            .with_help("Remove it there: secrets belong in the system's keychain only."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_profile_is_a_file_in_the_data_folder() {
        let folders = Folders::under(Path::new("/somewhere"));
        let info = Config::default().profile_info(None, &folders).unwrap();
        assert_eq!((info.name.as_str(), info.environment), ("local", Environment::Dev));
        assert_eq!(Path::new(&info.location), Path::new("/somewhere/data/members.db"));
    }

    #[test]
    fn reads_profiles() {
        let text = "profiles:\n  club: { environment: prod, driver: sqlite, path: /srv/club.db }\nactive_profile: club\n";
        let config = Config::parse(text).unwrap();
        assert_eq!(config.profile("club").unwrap().environment, Environment::Prod);
        assert!(config.profile("local").is_err());
    }

    #[test]
    fn says_where_the_settings_do_not_fit_without_quoting_them() {
        let error = Config::parse("profiles:\n  club: { environment: prod, driver: sqlite, file: canary }\n")
            .unwrap_err();
        assert_eq!(error.code(), Code::Config);
        assert!(!error.to_string().contains("canary"), "{error}");
    }

    #[test]
    fn refuses_a_secret() {
        for text in [
            "profiles:\n  x: { environment: dev, password: canary }",
            "token: canary",
            "a:\n  - 'secret': canary",
        ] {
            let error = Config::parse(text).unwrap_err().to_string();
            assert!(error.contains("keychain") && !error.contains("canary"), "{error}");
        }
    }
}
