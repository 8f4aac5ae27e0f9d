//! The Google accounts that are signed in. All that is kept about them is in the keychain: their list in one item, each
//! sign-in (a refresh token) in one of its own. Access tokens are in memory only.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Drive;
use super::failure::{not_understood, signed_out};
use super::http::Request;
use super::oauth::{Browser, SignIn};
use crate::config::client_id_fault;
use crate::error::{Code, Error, Result};
use crate::keychain::Item;
use crate::progress::Job;
use crate::secret::Secret;

/// A token that ends this soon is fetched anew.
const MARGIN: Duration = Duration::from_secs(60);

/// Longest token or secret that is kept, in bytes: Windows takes 2,560.
const LONGEST: usize = 2_048;

/// The account of a sign-in that a scheduler handed over.
const SCHEDULER: &str = "scheduler";

/// An access token and when it ends.
pub(super) struct AccessToken {
    pub(super) token: Secret,
    pub(super) ends: Instant,
}

/// An account as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    id: String,
    email: String,
    name: String,
}

/// A Google account that is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveAccount {
    /// Google's id of it
    pub id: String,
    /// Its address
    pub email: String,
    /// The person's name
    pub name: String,
    /// The sign-in was found to be over
    pub signed_out: bool,
}

/// Which OAuth client Muster is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveClientView {
    /// Its id; `None`: Google Drive is not set up
    pub client_id: Option<String>,
    /// Whether its secret is in the keychain
    pub has_secret: bool,
}

/// What came of disconnecting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveDisconnected {
    /// The accounts that are left
    pub accounts: Vec<DriveAccount>,
    /// Why Google still counts the sign-in as good, where it does
    pub not_revoked: Option<String>,
}

#[derive(Deserialize)]
struct About {
    user: User,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    permission_id: String,
    #[serde(default)]
    email_address: String,
    #[serde(default)]
    display_name: String,
}

impl Drive {
    /// Which OAuth client Muster is.
    ///
    /// # Errors
    /// As [`crate::keychain::Keychain::get`].
    pub async fn client(&self) -> Result<DriveClientView> {
        let client_id = self.settings().client_id;
        let items = client_id.iter().map(|id| Item::DriveClient(id.clone())).collect();
        let has = self.0.profiles.secrets().keychain().have(items).await?;
        Ok(DriveClientView { client_id, has_secret: has == [true] })
    }

    /// Says which OAuth client Muster is: the id goes to `config.yml`, a secret to the keychain. Without a secret, the
    /// one that is kept stays for the same id, and goes for another one.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] where they do not fit; when the settings or the keychain cannot be written.
    pub async fn set_client(&self, id: &str, secret: Option<Secret>) -> Result<DriveClientView> {
        let id = id.trim();
        if let Some(fault) = client_id_fault(&id.into()) {
            return Err(Error::new(Code::InvalidInput, format!("The client id {fault}"))
                .with_help("Copy it from the Google Cloud console (docs/DRIVE.md)."));
        }
        let keychain = self.0.profiles.secrets().keychain();
        if let Some(secret) = secret.filter(|secret| !secret.expose().is_empty()) {
            check(&secret)?;
            keychain.set(&Item::DriveClient(id.to_owned()), secret).await?;
        }
        if let Some(former) = self.settings().client_id.filter(|former| former != id) {
            keychain.remove(&Item::DriveClient(former)).await?;
        }
        self.0.profiles.set_drive_client(id).await?;
        self.client().await
    }

    /// The secret of the OAuth client, where Google gave one.
    pub(super) async fn client_secret(&self) -> Result<Option<Secret>> {
        let Some(id) = self.settings().client_id else { return Ok(None) };
        match self.0.profiles.secrets().keychain().get(&Item::DriveClient(id)).await {
            // A scheduler's machine may be without a keychain.
            Err(error) if error.code() == Code::Keychain && self.is_scheduled()? => Ok(None),
            answer => answer,
        }
    }

    fn is_scheduled(&self) -> Result<bool> {
        Ok(self.0.profiles.secrets().named_drive()?.is_some())
    }

    /// The accounts that are connected.
    ///
    /// # Errors
    /// As [`crate::keychain::Keychain::get`].
    pub async fn accounts(&self) -> Result<Vec<DriveAccount>> {
        let kept = self.kept().await?;
        let signed_out = self.0.signed_out.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kept
            .into_iter()
            .map(|Kept { id, email, name }| DriveAccount {
                signed_out: signed_out.contains(&id),
                id,
                email,
                name,
            })
            .collect())
    }

    /// The ids of the accounts that a run may use: the scheduler's alone, where it handed one over.
    pub(super) async fn account_ids(&self) -> Result<Vec<String>> {
        if self.is_scheduled()? {
            return Ok(vec![SCHEDULER.to_owned()]);
        }
        Ok(self.kept().await?.into_iter().map(|account| account.id).collect())
    }

    /// Lets a person sign in and keeps the account. One that is connected already is signed in anew.
    ///
    /// # Errors
    /// When there is no OAuth client, the person refuses, the servers or the keychain do not answer, or the job is
    /// cancelled. Then nothing is kept.
    pub async fn connect(&self, browser: Browser<'_>, job: &Job) -> Result<DriveAccount> {
        // Told before a person types a password for nothing.
        self.kept().await?;
        let SignIn { refresh, access } = self.sign_in(browser, job).await?;
        check(&refresh)?;
        let user = self.about_with(&access, job).await?;
        let account = Kept { id: user.permission_id, email: user.email_address, name: user.display_name };
        if account.id.is_empty() || account.id == SCHEDULER || account.id.len() > 200 {
            return Err(not_understood());
        }
        let keychain = self.0.profiles.secrets().keychain();
        keychain.set(&Item::DriveSignIn(account.id.clone()), refresh).await?;
        self.change_kept(|kept| match kept.iter_mut().find(|other| other.id == account.id) {
            Some(other) => other.clone_from(&account),
            None => kept.push(account.clone()),
        })
        .await?;
        self.0.tokens.lock().await.insert(account.id.clone(), access);
        self.note_signed_out(&account.id, false);
        let Kept { id, email, name } = account;
        Ok(DriveAccount { id, email, name, signed_out: false })
    }

    /// Takes a sign-in back and forgets the account. It is forgotten also where Google cannot be told.
    ///
    /// # Errors
    /// When the keychain does not answer, or the job is cancelled.
    pub async fn disconnect(&self, id: &str, job: &Job) -> Result<DriveDisconnected> {
        let keychain = self.0.profiles.secrets().keychain();
        let item = Item::DriveSignIn(id.to_owned());
        let revoked = match keychain.get(&item).await? {
            Some(refresh) => self.revoke(&refresh, job).await,
            None => Ok(()),
        };
        let not_revoked = match revoked {
            Err(error) if error.code() == Code::Cancelled => return Err(error),
            Err(error) => Some(error.message().to_owned()),
            Ok(()) => None,
        };
        keychain.remove(&item).await?;
        self.change_kept(|kept| kept.retain(|account| account.id != id)).await?;
        self.0.tokens.lock().await.remove(id);
        self.note_signed_out(id, false);
        Ok(DriveDisconnected { accounts: self.accounts().await?, not_revoked })
    }

    async fn kept(&self) -> Result<Vec<Kept>> {
        let Some(text) = self.0.profiles.secrets().keychain().get(&Item::DriveAccounts).await? else {
            return Ok(Vec::new());
        };
        serde_json::from_str(text.expose()).map_err(|_| {
            Error::new(Code::Keychain, "The list of Google accounts in the keychain cannot be read")
                .with_help("Remove “Muster: accounts of Google Drive” in the keychain’s own window, then connect again.")
        })
    }

    async fn change_kept(&self, change: impl FnOnce(&mut Vec<Kept>)) -> Result<()> {
        let _one_at_a_time = self.0.changing.lock().await;
        let mut kept = self.kept().await?;
        change(&mut kept);
        let keychain = self.0.profiles.secrets().keychain();
        if kept.is_empty() {
            return keychain.remove(&Item::DriveAccounts).await;
        }
        let text = serde_json::to_string(&kept)
            .map_err(|_| Error::new(Code::Internal, "The list of Google accounts could not be kept"))?;
        keychain.set(&Item::DriveAccounts, Secret::new(text)).await
    }

    /// An access token of an account, fetched anew where there is none that lasts.
    ///
    /// # Errors
    /// [`Code::SignedOut`] where the account is not connected or its sign-in is over.
    pub(super) async fn token(&self, id: &str, job: &Job) -> Result<Secret> {
        // Held while a token is fetched: a refresh token may be good for one use only.
        let mut tokens = self.0.tokens.lock().await;
        if let Some(known) = tokens.get(id)
            && known.ends > Instant::now() + MARGIN
        {
            return Ok(known.token.clone());
        }
        let keychain = self.0.profiles.secrets().keychain();
        let item = Item::DriveSignIn(id.to_owned());
        let named = if id == SCHEDULER { self.0.profiles.secrets().named_drive()? } else { None };
        let refresh = match named {
            Some(refresh) => Some(refresh),
            None => keychain.get(&item).await?,
        };
        let Some(refresh) = refresh else {
            self.note_signed_out(id, true);
            return Err(signed_out());
        };
        let (access, new) = match self.refresh(&refresh, job).await {
            Ok(tokens) => tokens,
            Err(error) => {
                if error.code() == Code::SignedOut {
                    self.note_signed_out(id, true);
                }
                return Err(error);
            }
        };
        if let Some(new) = new.filter(|new| *new != refresh && id != SCHEDULER) {
            check(&new)?;
            keychain.set(&item, new).await?;
        }
        self.note_signed_out(id, false);
        let token = access.token.clone();
        tokens.insert(id.to_owned(), access);
        Ok(token)
    }

    /// Forgets an access token that was not taken.
    pub(super) async fn forget_token(&self, id: &str) {
        self.0.tokens.lock().await.remove(id);
    }

    pub(super) fn note_signed_out(&self, id: &str, over: bool) {
        let mut signed_out = self.0.signed_out.lock().unwrap_or_else(PoisonError::into_inner);
        if over {
            signed_out.insert(id.to_owned());
        } else {
            signed_out.remove(id);
        }
    }

    /// Whose sign-in it is. It is under no account yet.
    async fn about_with(&self, access: &AccessToken, job: &Job) -> Result<User> {
        let unnamed = "";
        let token = AccessToken { token: access.token.clone(), ends: Instant::now() + 5 * MARGIN };
        self.0.tokens.lock().await.insert(unnamed.to_owned(), token);
        let user = self.about(unnamed, job).await;
        self.forget_token(unnamed).await;
        self.note_signed_out(unnamed, false);
        user
    }

    async fn about(&self, account: &str, job: &Job) -> Result<User> {
        let mut url = self.address(&["about"])?;
        url.query_pairs_mut().append_pair("fields", "user(displayName,emailAddress,permissionId)");
        let about: About = self.json(&Request::new(account, url), job).await?;
        Ok(about.user)
    }

    /// The address that Google knows the account by now.
    pub(super) async fn address_of(&self, account: &str, job: &Job) -> Result<String> {
        Ok(self.about(account, job).await?.email_address)
    }
}

/// What goes into the keychain is one line of text, and not too long for any system.
fn check(secret: &Secret) -> Result<()> {
    let text = secret.expose();
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(Error::new(Code::InvalidInput, "The secret is too long, or is not one line of text")
            .with_help("Copy it once more from where it is shown."));
    }
    Ok(())
}
