//! Google Drive: signing in, looking around, fetching lists.
//!
//! [`Drive`] is what the screens and `muster run` use. A person signs in with the system's browser ([`oauth`]); the refresh
//! token is kept in the keychain and nowhere else, access tokens in memory ([`accounts`]). Requests that Google turns
//! down for a while are made again ([`http`], [`failure`]); downloads go on where they were cut and are checked
//! against the checksum that Drive gives ([`download`]). Google's side is described in its Drive API, version 3.

mod accounts;
mod download;
mod failure;
mod files;
mod http;
mod oauth;
mod redirect;
mod remote;
mod run;
mod test;

pub use accounts::{DriveAccount, DriveClientView, DriveDisconnected};
pub(crate) use download::Fetched;
pub use files::{DrivePage, DrivePlace, DriveQuery};
pub use http::Pace;
pub use oauth::Browser;
pub(crate) use remote::RemoteFile;
pub use remote::{DriveItem, DriveKind};
pub(crate) use run::{DriveFiles, is_in_drive, path_of};
pub use test::DriveTestStepName;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::sync::Mutex;

use crate::config::DriveSettings;
use crate::error::{Code, Error, Result};
use crate::profiles::Profiles;
use accounts::AccessToken;

/// What is asked for: to see and fetch files, and nothing else.
pub const SCOPE: &str = "https://www.googleapis.com/auth/drive.readonly";

/// How long a server may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a server may say nothing.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);

/// Google Drive for a person or a run. Cheap to clone.
#[derive(Clone)]
pub struct Drive(Arc<Inner>);

struct Inner {
    profiles: Profiles,
    /// For the Drive API
    api: Client,
    /// For tokens: what is sent there never goes on to another address
    sign_in: Client,
    pace: Pace,
    tokens: Mutex<HashMap<String, AccessToken>>,
    /// Accounts whose sign-in was found to be over
    signed_out: std::sync::Mutex<HashSet<String>>,
    /// One change of the list of accounts at a time
    changing: Mutex<()>,
}

impl std::fmt::Debug for Drive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drive")
    }
}

impl Drive {
    /// Google Drive with the settings and the keychain of these profiles. Nothing is asked of Google yet.
    ///
    /// # Errors
    /// When the system gives no means to make secure connections.
    pub fn new(profiles: Profiles) -> Result<Drive> {
        Drive::with_pace(profiles, Pace::default())
    }

    /// The same, with other pauses between attempts.
    ///
    /// # Errors
    /// As [`Drive::new`].
    pub fn with_pace(profiles: Profiles, pace: Pace) -> Result<Drive> {
        // Another part of the program may have chosen before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let local = is_local(&profiles.config().drive);
        let client = |redirects: Policy| {
            let builder = Client::builder()
                .user_agent(concat!("Muster/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(CONNECT_LIMIT)
                .read_timeout(SILENCE_LIMIT)
                .redirect(redirects);
            let builder = if local { builder.no_proxy() } else { builder };
            builder.build().map_err(|_| {
                Error::new(Code::Internal, "No secure connections can be made on this machine")
                    .with_help("Check that the system's list of certificate authorities can be read.")
            })
        };
        Ok(Drive(Arc::new(Inner {
            api: client(Policy::limited(3))?,
            sign_in: client(Policy::none())?,
            profiles,
            pace,
            tokens: Mutex::default(),
            signed_out: std::sync::Mutex::default(),
            changing: Mutex::default(),
        })))
    }

    fn settings(&self) -> DriveSettings {
        self.0.profiles.config().drive.clone()
    }

    /// An address of the Drive API: `path` below its root, each part as it is.
    fn address(&self, path: &[&str]) -> Result<Url> {
        let wrong = || Error::new(Code::Config, "The address of the Drive API in the settings does not fit");
        let mut url = Url::parse(self.settings().api_url()).map_err(|_| wrong())?;
        url.path_segments_mut().map_err(|()| wrong())?.extend(path);
        Ok(url)
    }
}

/// Whether all servers are on this machine, where no proxy is asked.
fn is_local(settings: &DriveSettings) -> bool {
    let loopback = |address: &str| {
        let Ok(url) = Url::parse(address) else { return false };
        let host =
            url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    [settings.auth_url(), settings.token_url(), settings.revoke_url(), settings.api_url()]
        .into_iter()
        .all(loopback)
}
