//! Errors as the screens get them.

use muster_backend::telemetry::{self, Event};
use muster_backend::{Code, Error};
use serde::Serialize;
use specta::Type;

/// What went wrong, for a person: `message` says what and why, `help` what to do. Never quotes a cell.
#[derive(Debug, Serialize, Type)]
pub(crate) struct UserError {
    code: Code,
    message: String,
    help: Option<String>,
}

impl From<Error> for UserError {
    fn from(error: Error) -> Self {
        telemetry::record(Event::Failed { code: error.code() });
        UserError {
            code: error.code(),
            message: error.message().to_owned(),
            help: error.help().map(str::to_owned),
        }
    }
}

/// What a command gives back.
pub(crate) type Answer<T> = Result<T, UserError>;
