//! The settings of the log, as a screen shows and changes them.

use serde::Serialize;

use super::{configure, file};
use crate::config::{LogsConfig, OtlpConfig, check_logs, refuse};
use crate::error::{Code, Error, Result};
use crate::profiles::Profiles;
use crate::secret::Secret;

/// The log as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LogsView {
    /// The settings
    pub settings: LogsConfig,
    /// The file that is written to
    pub file: String,
}

impl Profiles {
    /// The log's settings. Asks no keychain.
    pub fn logs(&self) -> LogsView {
        let file = self.folders().logs().join(file::NAME);
        LogsView { settings: self.config().logs.clone(), file: file.display().to_string() }
    }

    /// Saves other settings of the log, which count from now on. Where logs then go to another collector, its key is
    /// removed: it was given for the former one.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] with all that does not fit; when the settings or the keychain cannot be written.
    pub async fn set_logs(&self, settings: LogsConfig) -> Result<LogsView> {
        let problems = check_logs(&settings);
        if !problems.is_empty() {
            return Err(refuse("The settings of the log are", Code::InvalidInput, &problems));
        }
        if let Some(former) = &self.config().logs.otlp
            && former.header_of_key().is_some()
            && Some(former) != settings.otlp.as_ref()
        {
            self.secrets().set_for_logs(None).await?;
        }
        self.change(|config| {
            config.logs = settings;
            Ok(())
        })
        .await?;
        configure(self).await;
        Ok(self.logs())
    }

    /// Keeps the key of the collector in the keychain, or removes it.
    ///
    /// # Errors
    /// As [`crate::secrets::Secrets::set_for_logs`].
    pub async fn set_logs_key(&self, key: Option<Secret>) -> Result<()> {
        self.secrets().set_for_logs(key).await?;
        configure(self).await;
        Ok(())
    }
}

/// The key of the collector, where it wants one.
pub(super) async fn key(profiles: &Profiles, settings: &OtlpConfig) -> Result<Option<Secret>> {
    if settings.header_of_key().is_none() {
        return Ok(None);
    }
    match profiles.secrets().of_logs().await? {
        Some(key) => Ok(Some(key)),
        None => Err(Error::new(Code::SecretMissing, "The key of the collector of logs is not there")
            .with_help("Set it in Settings, or with: muster secrets set logs")),
    }
}
