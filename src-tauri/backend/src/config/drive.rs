//! Google Drive's settings: which OAuth client Muster is, and where Google's servers are.

use std::net::IpAddr;

use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Problem;

/// The keys, as in `config.yml` below `drive`.
pub(super) const KEYS: [&str; 5] = ["client_id", "auth_url", "token_url", "revoke_url", "api_url"];

/// Longest client id that is taken, in bytes.
const LONGEST: usize = 200;

/// See docs/DRIVE.md. What is not said is Google's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DriveSettings {
    /// The OAuth client that Muster signs in as; without one, nobody can sign in
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Where a person signs in
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_url: Option<String>,
    /// Where tokens are fetched
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    /// Where a sign-in is taken back
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoke_url: Option<String>,
    /// The Drive API, version 3
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_url: Option<String>,
}

impl DriveSettings {
    /// Whether nothing is set.
    pub fn is_default(&self) -> bool {
        *self == DriveSettings::default()
    }

    /// Where a person signs in.
    pub fn auth_url(&self) -> &str {
        self.auth_url.as_deref().unwrap_or("https://accounts.google.com/o/oauth2/v2/auth")
    }

    /// Where tokens are fetched.
    pub fn token_url(&self) -> &str {
        self.token_url.as_deref().unwrap_or("https://oauth2.googleapis.com/token")
    }

    /// Where a sign-in is taken back.
    pub fn revoke_url(&self) -> &str {
        self.revoke_url.as_deref().unwrap_or("https://oauth2.googleapis.com/revoke")
    }

    /// The Drive API, version 3, without a slash at its end.
    pub fn api_url(&self) -> &str {
        self.api_url.as_deref().unwrap_or("https://www.googleapis.com/drive/v3").trim_end_matches('/')
    }
}

/// What is wrong with the settings below `drive`.
pub(super) fn check(settings: Option<&Value>, problems: &mut Vec<Problem>) {
    let empty = Map::new();
    let settings = match settings {
        None => &empty,
        Some(Value::Object(settings)) => settings,
        Some(_) => return problems.push(Problem::new("drive", "must be a map of settings")),
    };
    for (key, value) in settings {
        let place = format!("drive.{key}");
        match key.as_str() {
            "client_id" => problems.extend(client_id_fault(value).map(|fault| Problem::new(&place, fault))),
            key if KEYS.contains(&key) && !is_address(value) => problems.push(Problem::new(
                &place,
                "must be an address that begins with https:// (or http:// on this machine), without a user, ? or #",
            )),
            _ => {}
        }
    }
}

/// What is wrong with a client id.
pub(crate) fn client_id_fault(value: &Value) -> Option<&'static str> {
    let Some(text) = value.as_str() else { return Some("must be text") };
    let plain = |c: char| c.is_ascii_graphic() && !"\"'<>\\".contains(c);
    if text.is_empty() || text.len() > LONGEST || !text.chars().all(plain) {
        Some("must be the id of an OAuth client, such as 1234-abcd.apps.googleusercontent.com")
    } else if text.starts_with("GOCSPX-") {
        Some("is a client's secret and not its id; give the id, which ends with .apps.googleusercontent.com")
    } else {
        None
    }
}

/// Encrypted, or on this machine: what is sent there are tokens.
fn is_address(value: &Value) -> bool {
    let Some(url) = value.as_str().and_then(|text| Url::parse(text).ok()) else { return false };
    let secure = match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => url.host_str().is_some_and(is_loopback),
        _ => false,
    };
    let bare = url.query().is_none() && url.fragment().is_none();
    secure && bare && url.username().is_empty() && url.password().is_none()
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encrypted_or_on_this_machine() {
        for good in [
            "https://www.googleapis.com/drive/v3",
            "http://127.0.0.1:8080",
            "http://[::1]:1/x",
            "http://localhost",
        ] {
            assert!(is_address(&good.into()), "{good}");
        }
        let bad = [
            "http://example.org",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "ftp://127.0.0.1",
            "https://user:pass@example.org",
            "https://example.org/?key=1",
            "file:///etc/passwd",
            "not an address",
            "",
        ];
        for bad in bad {
            assert!(!is_address(&bad.into()), "{bad}");
        }
    }

    #[test]
    fn a_client_s_secret_is_no_id() {
        assert_eq!(client_id_fault(&"123-abc.apps.googleusercontent.com".into()), None);
        for wrong in ["", "a b", "GOCSPX-abc", "a\nb"] {
            assert!(client_id_fault(&wrong.into()).is_some(), "{wrong}");
        }
    }
}
