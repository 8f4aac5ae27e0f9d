//! What can go wrong with an answer.

use std::time::Duration;

use serde_json::json;

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An error as Google writes one
    Google {
        /// The status
        status: u16,
        /// Google's word for it
        reason: &'static str,
        /// What `Retry-After` says
        retry_after: Option<String>,
    },
    /// An error as newer parts of Google write one
    NewGoogle {
        /// The status
        status: u16,
        /// The word in its details
        reason: &'static str,
    },
    /// A page of something in between
    Html(u16),
    /// The answer comes later
    Late(Duration),
    /// So many bytes of the body come, then the connection ends
    Cut(usize),
    /// So many bytes of the body come, then nothing
    Stall(usize),
    /// A byte is another one
    Flip,
    /// All of the file, whatever was asked for
    IgnoreRange,
    /// A part that begins elsewhere
    WrongRange,
    /// No answer
    Close,
}

impl Fault {
    /// An error of Google's.
    pub fn google(status: u16, reason: &'static str) -> Fault {
        Fault::Google { status, reason, retry_after: None }
    }

    /// An error of Google's that says when to come back.
    pub fn later(status: u16, reason: &'static str, retry_after: impl ToString) -> Fault {
        Fault::Google { status, reason, retry_after: Some(retry_after.to_string()) }
    }

    /// The body of an error, as <https://developers.google.com/workspace/drive/api/guides/handle-errors> shows it.
    pub(super) fn body(status: u16, reason: &str) -> String {
        let message = "canary-in-the-message: members of canary.csv";
        let errors = json!([{ "domain": "global", "reason": reason, "message": message }]);
        json!({ "error": { "code": status, "message": message, "errors": errors } }).to_string()
    }

    pub(super) fn new_body(status: u16, reason: &str) -> String {
        let details = json!([{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"
        }]);
        let error = json!({ "code": status, "status": "PERMISSION_DENIED", "details": details });
        json!({ "error": error }).to_string()
    }
}
