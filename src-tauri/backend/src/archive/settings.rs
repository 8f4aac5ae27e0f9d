//! The archive's settings: what the screens show and change. The secret of an S3 key goes to the keychain and never back.

use super::{Archive, ArchiveForm, ArchiveView};
use crate::config::{ArchiveConfig, ArchiveKind, Problem, check_archive, refuse};
use crate::error::{Code, Result};
use crate::profiles::Profiles;
use crate::secret::Secret;

impl Profiles {
    /// The archive of the settings. Asks no keychain.
    pub fn archive(&self) -> ArchiveView {
        let archive = Archive::of(self);
        ArchiveView { location: archive.location(), settings: archive.config.into() }
    }

    /// Whether the secret of the archive's access key is there. Without S3 nothing is asked.
    ///
    /// # Errors
    /// As [`crate::keychain::Keychain::get`].
    pub async fn archive_has_secret(&self) -> Result<bool> {
        match self.config().archive.kind {
            ArchiveKind::S3 => self.secrets().has_archive().await,
            ArchiveKind::Folder | ArchiveKind::Database => Ok(false),
        }
    }

    /// What is wrong with settings as a form has them; the place of a problem is a key of `archive`.
    pub fn check_archive(&self, form: &ArchiveForm) -> Vec<Problem> {
        check_archive(&form.to_config())
    }

    /// Changes the archive's settings: they go to `config.yml`, a secret to the keychain. Without a secret, the one that is
    /// kept stays for the same key at the same address, and goes for another one. Files that were archived stay where
    /// they are.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] with all that does not fit; when the keychain or the settings cannot be written.
    pub async fn set_archive(&self, form: &ArchiveForm, secret: Option<Secret>) -> Result<ArchiveView> {
        let (former, settings) = (self.config().archive.clone(), form.to_config());
        let problems = check_archive(&settings);
        if !problems.is_empty() {
            return Err(refuse("The archive is", Code::InvalidInput, &problems));
        }
        let secret = secret.filter(|secret| !secret.expose().is_empty());
        let uses_s3 = [former.kind, settings.kind].contains(&ArchiveKind::S3);
        if secret.is_some() && settings.kind == ArchiveKind::S3 {
            self.secrets().set_for_archive(secret).await?;
        } else if uses_s3 && !same_key(&former, &settings) {
            match self.secrets().set_for_archive(None).await {
                // Without a keychain there is nothing to forget.
                Err(error) if error.code() != Code::Keychain => return Err(error),
                _ => {}
            }
        }
        self.change_archive(settings).await?;
        Ok(self.archive())
    }
}

/// Whether a secret that was given for one is meant for the other.
fn same_key(a: &ArchiveConfig, b: &ArchiveConfig) -> bool {
    (a.kind, &a.endpoint, &a.key_id) == (b.kind, &b.endpoint, &b.key_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::folders::Folders;
    use crate::keychain::Keychain;
    use crate::secrets::{Named, Secrets};

    fn s3() -> ArchiveForm {
        ArchiveForm {
            kind: ArchiveKind::S3,
            bucket: Some("raw-files".into()),
            key_id: Some(" muster ".into()),
            region: Some("  ".into()),
            ..ArchiveForm::default()
        }
    }

    #[tokio::test]
    async fn what_was_saved_is_read_again_without_the_blanks_of_the_form() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let secrets = Secrets::new(Keychain::system(), Named::default());
        let profiles = Profiles::new(folders.clone(), Config::default(), secrets);
        let form = ArchiveForm {
            kind: ArchiveKind::Folder,
            path: Some(" kept ".into()),
            region: Some(String::new()),
            ..ArchiveForm::default()
        };
        assert!(profiles.check_archive(&form).is_empty());
        let view = profiles.set_archive(&form, None).await.unwrap();
        assert!(view.location.ends_with("kept"), "{}", view.location);
        let saved = Config::load_file(&folders, None).unwrap().archive;
        assert_eq!(saved.path.as_deref(), Some("kept"));
        assert_eq!(ArchiveForm::from(saved), view.settings);
        assert!(!profiles.archive_has_secret().await.unwrap());
    }

    #[tokio::test]
    async fn what_does_not_fit_is_told_by_key_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::new(Keychain::system(), Named::default());
        let profiles = Profiles::new(Folders::under(folder.path()), Config::default(), secrets);
        let form = ArchiveForm {
            bucket: Some("x".into()),
            endpoint: Some("https://user:canary@example.org".into()),
            ..s3()
        };
        let places: Vec<_> = profiles.check_archive(&form).into_iter().map(|problem| problem.place).collect();
        assert!(["bucket", "endpoint"].iter().all(|key| places.contains(&(*key).to_owned())), "{places:?}");
        let error = profiles.set_archive(&form, Some(Secret::new("hush".into()))).await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput);
        assert!(!error.to_string().contains("canary"));
        assert_eq!(profiles.archive().settings, ArchiveForm::default());
    }

    #[test]
    fn a_secret_is_for_one_key_at_one_address() {
        let ours = s3().to_config();
        assert_eq!((ours.key_id.as_deref(), ours.region.as_deref()), (Some("muster"), None));
        assert!(same_key(&ours, &ArchiveConfig { bucket: Some("other".into()), ..ours.clone() }));
        for other in [
            ArchiveConfig { key_id: Some("other".into()), ..ours.clone() },
            ArchiveConfig { endpoint: Some("https://example.org".into()), ..ours.clone() },
            ArchiveConfig::default(),
        ] {
            assert!(!same_key(&ours, &other));
        }
    }
}
