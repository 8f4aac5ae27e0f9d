//! What Google's answers mean when they are no success, and which of them are worth another attempt.
//!
//! See <https://developers.google.com/workspace/drive/api/guides/handle-errors>. What Google writes for people is not
//! passed on: it may name files.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;

use crate::error::{Code, Error};

/// Longest answer that is looked at, in bytes.
const LONGEST: usize = 64 * 1_024;

/// An answer that is no success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) status: u16,
    /// Google's word for it, such as `rateLimitExceeded`; empty where there is none
    pub(super) reason: String,
    /// How long Google wants to be left alone
    pub(super) retry_after: Option<Duration>,
}

#[derive(Deserialize)]
struct Body {
    error: BodyError,
}

#[derive(Deserialize)]
struct BodyError {
    #[serde(default)]
    errors: Vec<Reason>,
    #[serde(default)]
    details: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

impl Failure {
    /// Reads an answer.
    pub(super) async fn of(mut answer: Response) -> Failure {
        let (status, retry_after) = (answer.status().as_u16(), retry_after(answer.headers()));
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = answer.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST {
                break;
            }
        }
        Failure { status, reason: reason(&body), retry_after }
    }

    /// Whether the same request may be taken later.
    pub(super) fn passes(&self) -> bool {
        match self.status {
            408 | 429 | 500..=599 => true,
            403 => matches!(
                self.reason.as_str(),
                "rateLimitExceeded" | "userRateLimitExceeded" | "RATE_LIMIT_EXCEEDED" | "backendError"
            ),
            _ => false,
        }
    }

    /// In the words of a person at the screen.
    pub(super) fn error(&self) -> Error {
        let (status, reason) = (self.status, self.reason.as_str());
        let (code, message, help) = match (status, reason) {
            (401, _) => return signed_out(),
            (_, "insufficientPermissions" | "ACCESS_TOKEN_SCOPE_INSUFFICIENT") => return not_allowed(),
            (_, "accessNotConfigured" | "SERVICE_DISABLED") => (
                Code::Config,
                "The Google Drive API is switched off for the OAuth client that Muster uses",
                "Switch it on in the Google Cloud project of the client (docs/DRIVE.md), wait a minute, then try again.",
            ),
            (403, "domainPolicy") => (
                Code::Refused,
                "The administrator of the organisation does not let Muster into its Google Drive",
                "Ask the administrator to allow the app, or save the file and choose it from the disk.",
            ),
            (403, "dailyLimitExceeded" | "downloadQuotaExceeded" | "quotaExceeded") => (
                Code::Busy,
                "Google Drive lets no more be fetched for now: a limit of the day is used up",
                "Try again tomorrow, or save the file and choose it from the disk.",
            ),
            (
                403,
                "cannotDownloadFile" | "fileNotDownloadable" | "cannotExportFile" | "fileNotExportable",
            ) => (
                Code::Refused,
                "The file's owner does not let it be downloaded, or Google Drive cannot give it as a list",
                "Ask the owner to allow downloads, or choose another file.",
            ),
            (403, "cannotDownloadAbusiveFile") => (
                Code::Refused,
                "Google Drive holds the file back because it was found to be harmful",
                "Ask the owner for a clean copy.",
            ),
            (403, "exportSizeLimitExceeded") => (
                Code::FileTooLarge,
                "The Google Sheet is too large for Google Drive to give out as a workbook (10 MB)",
                "Download it in the browser as CSV or XLSX, then choose it from the disk.",
            ),
            (403, "appNotAuthorizedToFile" | "insufficientFilePermissions" | "forbidden") => (
                Code::Refused,
                "This account may not read the file",
                "Ask its owner to share it with the account, or connect another account.",
            ),
            (404, _) => (
                Code::NotFound,
                "The file is not there any more, or this account may not see it",
                "Choose it again, or ask its owner to share it.",
            ),
            (429, _) | (403, "rateLimitExceeded" | "userRateLimitExceeded" | "RATE_LIMIT_EXCEEDED") => (
                Code::Busy,
                "Google Drive gets too many requests at the moment",
                "Wait a few minutes, then try again.",
            ),
            (408 | 500..=599, _) | (403, "backendError") => {
                (Code::Network, "Google Drive does not work at the moment", "Try again in a few minutes.")
            }
            _ => return refused(status, reason),
        };
        Error::new(code, message).with_help(help)
    }
}

fn refused(status: u16, reason: &str) -> Error {
    let reason = if reason.is_empty() { String::new() } else { format!(" {reason}") };
    Error::new(Code::Refused, format!("Google Drive refused the request ({status}{reason})"))
        .with_help("Try again; if it stays, save the file and choose it from the disk.")
}

/// The sign-in is over.
pub(super) fn signed_out() -> Error {
    Error::new(Code::SignedOut, "The sign-in to Google Drive is over: it has expired or was taken back")
        .with_help("Sign in again (Settings, Google Drive).")
}

/// The person did not allow to see files.
pub(super) fn not_allowed() -> Error {
    Error::new(Code::SignedOut, "The sign-in does not let Muster see the files in Google Drive")
        .with_help("Sign in again and allow to see and download files: the page has a box to tick.")
}

/// No server answered.
pub(super) fn unreachable() -> Error {
    Error::new(Code::Network, "Google Drive cannot be reached, or the connection to it broke")
        .with_help("Check the network, then try again.")
}

/// Something that does not follow the Drive API.
pub(super) fn not_understood() -> Error {
    Error::new(Code::Network, "Google Drive gave an answer that Muster does not understand").with_help(
        "Try again; if it stays, check the addresses of Google Drive in the settings (docs/DRIVE.md).",
    )
}

/// The word for it, where the answer is Google's.
fn reason(body: &[u8]) -> String {
    let Ok(Body { error }) = serde_json::from_slice::<Body>(body) else { return String::new() };
    let words = error.errors.into_iter().chain(error.details).map(|reason| reason.reason);
    let plain = |word: &String| {
        !word.is_empty() && word.len() <= 60 && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    words.into_iter().find(plain).unwrap_or_default()
}

/// `Retry-After` of RFC 9110: seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(at.duration_since(jiff::Timestamp::now()).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, reason: &str) -> Failure {
        Failure { status, reason: reason.to_owned(), retry_after: None }
    }

    #[test]
    fn only_what_passes_is_tried_again() {
        for (status, reason) in [
            (429, ""),
            (500, "internalError"),
            (503, ""),
            (403, "rateLimitExceeded"),
            (403, "userRateLimitExceeded"),
        ] {
            assert!(failure(status, reason).passes(), "{status} {reason}");
        }
        for (status, reason) in [
            (400, "badRequest"),
            (401, "authError"),
            (403, "dailyLimitExceeded"),
            (403, "domainPolicy"),
            (403, "insufficientFilePermissions"),
            (403, ""),
            (404, "notFound"),
            (416, ""),
        ] {
            assert!(!failure(status, reason).passes(), "{status} {reason}");
        }
    }

    #[test]
    fn the_reason_is_found_in_old_and_new_answers() {
        let old = br#"{"error":{"code":403,"message":"canary.csv","errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}]}}"#;
        let new = br#"{"error":{"code":403,"status":"PERMISSION_DENIED","details":[{"@type":"t"},{"reason":"SERVICE_DISABLED"}]}}"#;
        assert_eq!(reason(old), "rateLimitExceeded");
        assert_eq!(reason(new), "SERVICE_DISABLED");
        for other in
            [&b"<html>canary</html>"[..], b"", br#"{"error":{"errors":[{"reason":"a canary <b>"}]}}"#]
        {
            assert_eq!(reason(other), "");
        }
    }

    #[test]
    fn google_s_own_words_do_not_get_through() {
        let error = failure(403, "somethingNew").error();
        assert_eq!(error.message(), "Google Drive refused the request (403 somethingNew)");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(of("7"), Some(Duration::from_secs(7)));
        assert_eq!(of("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(of("Wed, 21 Oct 2099 07:28:00 GMT").is_some_and(|wait| wait > Duration::from_secs(1_000)));
        assert_eq!(of("soon"), None);
    }
}
