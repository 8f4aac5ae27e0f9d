//! Profiles as the screens and the command line show and fill them in.

use serde::{Deserialize, Serialize};

use crate::config::{Config, Driver, Environment, Problem, Profile, ProfileInfo, Tls};

/// The settings of a profile, as a form has them. A text that is empty counts as not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ProfileForm {
    /// What it is for
    pub environment: Environment,
    /// The kind of database
    pub driver: Driver,
    /// SQLite: the file
    pub path: Option<String>,
    /// PostgreSQL: name or address of the server
    pub host: Option<String>,
    /// PostgreSQL: the port
    pub port: Option<u32>,
    /// PostgreSQL: name of the database
    pub database: Option<String>,
    /// PostgreSQL: who logs in
    pub user: Option<String>,
    /// PostgreSQL: how the connection is secured
    pub tls: Option<Tls>,
    /// PostgreSQL: the certificate authority to trust, a PEM file
    pub root_cert: Option<String>,
}

impl ProfileForm {
    /// As it would be kept.
    pub(super) fn to_profile(&self) -> Profile {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Profile {
            environment: self.environment,
            driver: self.driver,
            path: given(&self.path),
            host: given(&self.host),
            port: self.port.and_then(|port| u16::try_from(port).ok()),
            database: given(&self.database),
            user: given(&self.user),
            tls: self.tls,
            root_cert: given(&self.root_cert),
        }
    }

    /// A port that no profile can keep.
    pub(super) fn port_problem(&self) -> Option<Problem> {
        let wrong = self.port.is_some_and(|port| port > u32::from(u16::MAX));
        wrong.then(|| Problem::of_form("port", "must be a number from 1 to 65535"))
    }
}

impl From<&Profile> for ProfileForm {
    fn from(profile: &Profile) -> Self {
        ProfileForm {
            environment: profile.environment,
            driver: profile.driver,
            path: profile.path.clone(),
            host: profile.host.clone(),
            port: profile.port.map(u32::from),
            database: profile.database.clone(),
            user: profile.user.clone(),
            tls: profile.tls,
            root_cert: profile.root_cert.clone(),
        }
    }
}

/// A profile in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ProfileView {
    /// Its name
    pub name: String,
    /// What it is for
    pub environment: Environment,
    /// The kind of database
    pub driver: Driver,
    /// Where it is
    pub location: String,
    /// Whether pushes go there where no other is named
    pub active: bool,
    /// All its settings
    pub settings: ProfileForm,
}

impl ProfileView {
    pub(super) fn new(info: ProfileInfo, profile: &Profile, config: &Config) -> ProfileView {
        ProfileView {
            active: info.name == config.active_profile,
            name: info.name,
            environment: info.environment,
            driver: info.driver,
            location: info.location,
            settings: profile.into(),
        }
    }
}

/// A profile that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RemovedProfile {
    /// Its name
    pub name: String,
    /// Why its password is still in the keychain, where it is
    pub secret_kept: Option<String>,
}
