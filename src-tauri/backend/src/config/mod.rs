//! The settings that hold no secret: built-in defaults, then `config.yml`, then `MUSTER_…` variables.

mod archive;
mod drive;
mod layers;
mod logs;
mod profile;
mod save;
mod schedule;
mod shared;
mod validate;

pub(crate) use archive::is_bucket;
pub use archive::{ArchiveConfig, ArchiveKind};
pub use drive::DriveSettings;
pub(crate) use drive::client_id_fault;
pub(crate) use layers::variable_name;
pub use logs::{LogLevel, LogsConfig, OtlpConfig};
pub(crate) use logs::{Signal, check_logs};
pub use profile::{Driver, Environment, Profile, ProfileInfo, Tls};
pub(crate) use save::write_whole;
pub use schedule::{Day, Schedule, check_schedule};
pub use shared::SharedConfig;
pub(crate) use validate::refuse;
pub use validate::{Problem, check_archive, check_profile};

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::folders::Folders;

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The targets by name
    pub profiles: BTreeMap<String, Profile>,
    /// The target of a push where none is named
    pub active_profile: String,
    /// Google Drive
    #[serde(skip_serializing_if = "DriveSettings::is_default")]
    pub drive: DriveSettings,
    /// Where raw files are kept for ever
    #[serde(skip_serializing_if = "ArchiveConfig::is_default")]
    pub archive: ArchiveConfig,
    /// What is logged, and where it is sent
    #[serde(skip_serializing_if = "LogsConfig::is_default")]
    pub logs: LogsConfig,
    /// Runs that begin by themselves, by name
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<String, Schedule>,
}

impl Default for Config {
    fn default() -> Self {
        let local = Profile::sqlite(Environment::Dev, "members.db");
        Config {
            profiles: [("local".to_owned(), local)].into(),
            active_profile: "local".to_owned(),
            drive: DriveSettings::default(),
            archive: ArchiveConfig::default(),
            logs: LogsConfig::default(),
            schedules: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads the settings: defaults, the file, variables. `file` names another file than the usual one, which then
    /// must exist.
    ///
    /// # Errors
    /// When the file cannot be read, or something does not fit; all that does not fit is told at once, each with its
    /// place, and no value of a secret.
    pub fn load(folders: &Folders, file: Option<&Path>) -> Result<Config> {
        let text = Config::text(folders, file)?;
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        validate::read(&text, layers::of_muster(variables))
    }

    /// Reads the settings as the file says them, without variables: what an edit starts from.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_file(folders: &Folders, file: Option<&Path>) -> Result<Config> {
        validate::read(&Config::text(folders, file)?, BTreeMap::new())
    }

    /// Writes the settings in place of the file, whole or not at all, readable by this person alone. Comments above
    /// the first setting stay; where there are others, the former file is kept as `config.yml.bak`.
    ///
    /// # Errors
    /// When the file cannot be written; then the former one is as it was.
    pub fn save(&self, folders: &Folders, file: Option<&Path>) -> Result<()> {
        save::save(self, file.unwrap_or(&folders.config_file()))
    }

    fn text(folders: &Folders, file: Option<&Path>) -> Result<String> {
        let usual = folders.config_file();
        match std::fs::read_to_string(file.unwrap_or(&usual)) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => Ok(String::new()),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Err(Error::new(Code::Config, "The settings (config.yml) are no UTF-8 text")
                    .with_help("Save the file as UTF-8."))
            }
            Err(error) => Err(Error::disk("read the settings", &error)),
        }
    }

    /// A profile by its name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn profile(&self, name: &str) -> Result<&Profile> {
        self.profiles.get(name).ok_or_else(|| {
            Error::new(
                Code::Config,
                format!("There is no profile of that name. The profiles are: {}", self.names()),
            )
            .with_help("Name one of them, or add it (muster profiles add, or Settings).")
        })
    }

    fn names(&self) -> String {
        self.profiles.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// A schedule by its name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn schedule(&self, name: &str) -> Result<&Schedule> {
        self.schedules.get(name).ok_or_else(|| {
            Error::new(Code::NotFound, "There is no schedule of that name")
                .with_help("See those that there are (muster schedule list, or Settings).")
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
    fn a_server_s_place_is_shown_without_a_secret() {
        let text = "profiles: { p: { environment: staging, driver: postgres, host: db.example.org, \
                    database: members, user: importer } }\nactive_profile: p";
        let config = validate::read(text, BTreeMap::new()).unwrap();
        let info = config.profile_info(None, &Folders::under(Path::new("/x"))).unwrap();
        assert_eq!(info.location, "importer@db.example.org:5432/members");
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        assert_eq!(Config::load_file(&folders, None).unwrap(), Config::default());
        let missing = folder.path().join("other.yml");
        assert_eq!(Config::load_file(&folders, Some(&missing)).unwrap_err().code(), Code::Disk);
    }
}
