//! Use cases of database profiles: their settings are in `config.yml`, their passwords in the keychain.

mod test;
mod view;

pub use test::{Step, TestReport};
pub use view::{ProfileForm, ProfileView, RemovedProfile};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::config::{
    ArchiveConfig, Config, Driver, Problem, Profile, ProfileInfo, SharedConfig, check_profile, refuse,
};
use crate::error::{Code, Error, Result};
use crate::folders::Folders;
use crate::progress::Job;
use crate::secret::Secret;
use crate::secrets::Secrets;
use crate::store::{Access, PostgresAccess, SqliteAccess};

/// The profiles of a person or a run, which may change while the program runs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Profiles {
    folders: Folders,
    /// Another file than the usual one
    file: Option<PathBuf>,
    config: SharedConfig,
    secrets: Secrets,
    /// One change of the file at a time
    changing: Arc<Mutex<()>>,
}

impl Profiles {
    /// Reads the settings; `file` names another file than the usual one.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn open(folders: Folders, file: Option<&Path>, secrets: Secrets) -> Result<Profiles> {
        let config = Config::load(&folders, file)?;
        Ok(Profiles { file: file.map(Path::to_owned), ..Profiles::new(folders, config, secrets) })
    }

    /// With these settings.
    pub fn new(folders: Folders, config: Config, secrets: Secrets) -> Profiles {
        Profiles { folders, file: None, config: config.into(), secrets, changing: Arc::default() }
    }

    /// Muster's folders.
    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    /// The settings as they are now.
    pub fn config(&self) -> Arc<Config> {
        self.config.get()
    }

    /// Where secrets come from.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// A profile as people know it; without a name, the active one.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn info(&self, name: Option<&str>) -> Result<ProfileInfo> {
        self.config().profile_info(name, &self.folders)
    }

    /// All profiles by name. Asks no keychain.
    pub fn list(&self) -> Vec<ProfileView> {
        let config = self.config();
        let view = |(name, profile): (&String, &Profile)| {
            let info = config.profile_info(Some(name), &self.folders).ok()?;
            Some(ProfileView::new(info, profile, &config))
        };
        config.profiles.iter().filter_map(view).collect()
    }

    /// The profiles that have a password. Those whose driver knows none are not asked for.
    ///
    /// # Errors
    /// As [`crate::keychain::Keychain::get`].
    pub async fn with_secret(&self) -> Result<Vec<String>> {
        let config = self.config();
        let servers = config.profiles.iter().filter(|(_, profile)| profile.driver == Driver::Postgres);
        let names: Vec<String> = servers.map(|(name, _)| name.clone()).collect();
        let have = self.secrets.have(&names).await?;
        Ok(names.into_iter().zip(have).filter(|(_, has)| *has).map(|(name, _)| name).collect())
    }

    /// What is wrong with a profile as a form has it; `is_new` where its name must be free.
    pub fn check(&self, name: &str, form: &ProfileForm, is_new: bool) -> Vec<Problem> {
        let mut problems = check_profile(name, &form.to_profile());
        problems.extend(form.port_problem());
        if is_new && self.config().profiles.contains_key(name) {
            problems.push(Problem::of_form("name", "there is a profile of that name already"));
        }
        problems
    }

    /// Adds a profile.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] with all that does not fit; when the settings cannot be saved.
    pub async fn add(&self, name: &str, form: &ProfileForm) -> Result<()> {
        self.refuse_problems(name, form, true)?;
        // A password that an earlier profile of that name left behind is not this one's.
        self.forget_secret(name, form.driver).await?;
        let profile = form.to_profile();
        self.change(|config| {
            config.profiles.insert(name.to_owned(), profile);
            Ok(())
        })
        .await
    }

    /// Changes a profile. Where it then names another server, or another way to it, its password is removed: it was
    /// given for the former one.
    ///
    /// # Errors
    /// As [`Profiles::add`]; when there is no profile of that name.
    pub async fn edit(&self, name: &str, form: &ProfileForm) -> Result<()> {
        let former = self.config().profile(name)?.clone();
        self.refuse_problems(name, form, false)?;
        let profile = form.to_profile();
        if former.driver == Driver::Postgres && !same_server(&former, &profile) {
            self.forget_secret(name, former.driver).await?;
        }
        self.change(|config| {
            config.profile(name)?;
            config.profiles.insert(name.to_owned(), profile);
            Ok(())
        })
        .await
    }

    fn refuse_problems(&self, name: &str, form: &ProfileForm, is_new: bool) -> Result<()> {
        match self.check(name, form, is_new) {
            problems if problems.is_empty() => Ok(()),
            problems => Err(refuse("The profile is", Code::InvalidInput, &problems)),
        }
    }

    /// Without a keychain there is nothing to forget.
    async fn forget_secret(&self, name: &str, driver: Driver) -> Result<()> {
        if driver == Driver::Sqlite {
            return Ok(());
        }
        match self.secrets.remove_of_profile(name).await {
            Err(error) if error.code() != Code::Keychain => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes a profile and its password. Its database stays as it is.
    ///
    /// # Errors
    /// [`Code::Refused`] for the active profile and for one of a schedule; when there is none of that name, or the settings cannot be saved. That
    /// the keychain kept the password is told in what is given back.
    pub async fn remove(&self, name: &str) -> Result<RemovedProfile> {
        let driver = self.config().profile(name)?.driver;
        self.change(|config| {
            config.profile(name)?;
            if config.active_profile == name {
                return Err(Error::new(Code::Refused, format!("{name} is the active profile"))
                    .with_help("Switch to another profile first."));
            }
            if let Some((schedule, _)) =
                config.schedules.iter().find(|(_, schedule)| schedule.profile == name)
            {
                let message = format!("The schedule {schedule} pushes to {name}");
                return Err(
                    Error::new(Code::Refused, message).with_help("Change or remove the schedule first.")
                );
            }
            config.profiles.remove(name);
            Ok(())
        })
        .await?;
        let forgotten = match driver {
            Driver::Sqlite => Ok(()),
            Driver::Postgres => self.secrets.remove_of_profile(name).await,
        };
        Ok(RemovedProfile {
            name: name.to_owned(),
            secret_kept: forgotten.err().map(|error| error.message().to_owned()),
        })
    }

    /// Makes a profile the active one.
    ///
    /// # Errors
    /// When there is none of that name, a variable chooses the profile, or the settings cannot be saved.
    pub async fn activate(&self, name: &str) -> Result<ProfileInfo> {
        if std::env::var_os("MUSTER_ACTIVE_PROFILE").is_some_and(|chosen| !chosen.is_empty()) {
            return Err(Error::new(Code::Refused, "The variable MUSTER_ACTIVE_PROFILE chooses the profile")
                .with_help("Start Muster without it to switch here."));
        }
        self.change(|config| {
            config.profile(name)?;
            name.clone_into(&mut config.active_profile);
            Ok(())
        })
        .await?;
        self.info(None)
    }

    /// Changes the file, starting from what it says now, and then the settings of this program.
    pub(crate) async fn change(&self, change: impl FnOnce(&mut Config) -> Result<()>) -> Result<()> {
        let _one_at_a_time = self.changing.lock().await;
        let file = self.file.as_deref();
        let mut config = Config::load_file(&self.folders, file)?;
        change(&mut config)?;
        config.save(&self.folders, file)?;
        self.config.set(Config::load(&self.folders, file)?);
        Ok(())
    }

    /// The settings as the file says them at this moment: another program may have changed it.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub(crate) fn read_config(&self) -> Result<Config> {
        Config::load(&self.folders, self.file.as_deref())
    }

    /// The file of the settings, where it is not the usual one.
    pub(crate) fn config_file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Says which OAuth client Muster is for Google Drive.
    ///
    /// # Errors
    /// When a variable says so already, or the settings cannot be saved.
    pub(crate) async fn set_drive_client(&self, id: &str) -> Result<()> {
        const VARIABLE: &str = "MUSTER_DRIVE_CLIENT_ID";
        if std::env::var_os(VARIABLE).is_some_and(|chosen| !chosen.is_empty()) {
            return Err(Error::new(
                Code::Refused,
                format!("The variable {VARIABLE} says which OAuth client Muster is"),
            )
            .with_help("Start Muster without it to change the client here."));
        }
        self.change(|config| {
            config.drive.client_id = Some(id.to_owned());
            Ok(())
        })
        .await
    }

    /// Says where raw files are archived; the settings were checked.
    ///
    /// # Errors
    /// When the settings cannot be saved.
    pub(crate) async fn change_archive(&self, archive: ArchiveConfig) -> Result<()> {
        self.change(|config| {
            config.archive = archive;
            Ok(())
        })
        .await
    }

    /// Keeps a profile's password in the keychain.
    ///
    /// # Errors
    /// When there is no profile of that name or its driver knows no password; as [`Secrets::set_for_profile`].
    pub async fn set_secret(&self, name: &str, secret: Secret) -> Result<()> {
        if self.config().profile(name)?.driver == Driver::Sqlite {
            return Err(Error::new(
                Code::InvalidInput,
                format!("{name} is a file on this machine: it has no password"),
            )
            .with_help("Its encryption uses the key of the data folder, which Muster keeps itself."));
        }
        self.secrets.set_for_profile(name, secret).await
    }

    /// Removes a profile's password from the keychain; one that is not there is no error, and neither is a profile that
    /// is not there any more.
    ///
    /// # Errors
    /// As [`Secrets::remove_of_profile`].
    pub async fn remove_secret(&self, name: &str) -> Result<()> {
        self.secrets.remove_of_profile(name).await
    }

    /// What opens a profile's database; without a name, the active one's. Fetches its secret.
    ///
    /// # Errors
    /// When there is no profile of that name; as [`Secrets::of_profile`] and [`Secrets::data_key`].
    pub async fn access(&self, name: Option<&str>) -> Result<Access> {
        let config = self.config();
        let name = name.unwrap_or(&config.active_profile);
        let profile = config.profile(name)?;
        match profile.driver {
            Driver::Sqlite => Ok(Access::Sqlite(SqliteAccess {
                path: self.folders.resolve(profile.path.as_deref().unwrap_or_default()),
                key: self.secrets.data_key(&self.folders).await?,
            })),
            Driver::Postgres => {
                let password = self.secrets.of_profile(name).await?;
                Ok(Access::Postgres(self.server(profile, password)))
            }
        }
    }

    fn server(&self, profile: &Profile, password: Option<Secret>) -> PostgresAccess {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        PostgresAccess {
            host: text(&profile.host),
            port: profile.port.unwrap_or(5432),
            database: text(&profile.database),
            user: text(&profile.user),
            password,
            tls: profile.tls.unwrap_or_default(),
            root_cert: profile.root_cert.as_deref().map(|path| self.folders.resolve_config(path)),
        }
    }

    /// Tries a profile step by step, and says which step failed. Writes nothing to its database. The job's stages are
    /// the names of the steps.
    ///
    /// # Errors
    /// When there is no profile of that name, or the job is cancelled. A step that failed is in the report.
    pub async fn test(&self, name: &str, job: &Job) -> Result<TestReport> {
        test::test(self, name, job).await
    }
}

/// Whether a password given for one is meant for the other.
fn same_server(a: &Profile, b: &Profile) -> bool {
    let key = |p: &Profile| {
        let (tls, port) = (p.tls.unwrap_or_default(), p.port.unwrap_or(5432));
        (p.driver, p.host.clone(), port, p.user.clone(), tls, p.root_cert.clone())
    };
    key(a) == key(b)
}

#[cfg(test)]
mod tests;
