//! What stops a use case, in the words of a person at the screen.
//!
//! One type for the crate: a [`Code`] that programs act on, what happened and why, and what to do. A message never
//! quotes a cell; errors of a database driver are wrapped here, and only here, without the values they carry.

use std::fmt;

use muster_engine::EngineError;
use serde::Serialize;

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "ErrorCode", rename_all = "snake_case")]
pub enum Code {
    /// The person cancelled
    Cancelled,
    /// What was asked for is not there (any more)
    NotFound,
    /// The request does not fit
    InvalidInput,
    /// The file cannot be read as a list
    UnreadableFile,
    /// A limit was exceeded
    FileTooLarge,
    /// The workbook is encrypted
    PasswordProtected,
    /// A question to the person is open
    NeedsAnswer,
    /// Somebody else holds a lock; try again later
    Busy,
    /// The disk or a folder
    Disk,
    /// The database
    Database,
    /// The database was made by a newer program
    NewerSchema,
    /// Refused for safety: the plan is out of date, or a confirmation is missing
    Refused,
    /// The settings
    Config,
    /// There is no keychain, or it refuses
    Keychain,
    /// The keychain is locked or does not answer; try again once it is unlocked
    KeychainLocked,
    /// A sign-in is over; sign in again
    SignedOut,
    /// A secret that is needed was not set
    SecretMissing,
    /// A server cannot be reached; try again later
    Network,
    /// The connection was lost while the database was committing: whether it was written is not known
    InDoubt,
    /// A mistake in Muster
    Internal,
}

impl Code {
    /// The names of all, as programs see them.
    pub const NAMES: [&'static str; 20] = [
        "cancelled",
        "not_found",
        "invalid_input",
        "unreadable_file",
        "file_too_large",
        "password_protected",
        "needs_answer",
        "busy",
        "disk",
        "database",
        "newer_schema",
        "refused",
        "config",
        "keychain",
        "keychain_locked",
        "signed_out",
        "secret_missing",
        "network",
        "in_doubt",
        "internal",
    ];

    /// Its name, as programs see it.
    pub const fn name(self) -> &'static str {
        Code::NAMES[self as usize]
    }

    /// The exit code that tells a scheduler what to do: 4 refused, 75 failed or ended in a way that a retry may mend, 1 failed
    /// for good.
    pub const fn exit_code(self) -> u8 {
        match self {
            Code::Refused | Code::NewerSchema => 4,
            Code::Busy | Code::Network | Code::InDoubt | Code::KeychainLocked | Code::Cancelled => 75,
            _ => 1,
        }
    }
}

/// Why a use case stopped. See the module's description.
#[derive(Debug)]
pub struct Error {
    code: Code,
    message: String,
    help: Option<&'static str>,
}

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error that says what happened and why. The message must not hold a cell's value.
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error { code, message: message.into(), help: None }
    }

    /// Adds what the person can do.
    #[must_use]
    pub fn with_help(mut self, help: &'static str) -> Error {
        self.help = Some(help);
        self
    }

    /// Says which file or part the error is about.
    #[must_use]
    pub fn about(mut self, what: &str) -> Error {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// The person cancelled.
    pub fn cancelled() -> Error {
        Error::new(Code::Cancelled, "Cancelled. Nothing was changed")
    }

    /// What was asked for is not there.
    pub fn not_found(what: &str) -> Error {
        Error::new(Code::NotFound, format!("This {what} does not exist any more"))
            .with_help("It may have been removed in another window. Go back and choose again.")
    }

    /// An input or output error on a file or folder that is named by its role, not by a person's data.
    pub fn disk(what: &str, cause: &std::io::Error) -> Error {
        use std::io::ErrorKind as Kind;
        let (reason, help) = match cause.kind() {
            Kind::NotFound => {
                ("it is not there", "Check that the file or folder still exists, then try again.")
            }
            Kind::PermissionDenied => {
                ("access is denied", "Check the permissions of the folder, then try again.")
            }
            Kind::StorageFull => ("the disk is full", "Free some space, then try again."),
            _ => ("the system reports a fault", "Check the disk and the connection to it, then try again."),
        };
        Error::new(Code::Disk, format!("Could not {what}: {reason}")).with_help(help)
    }

    /// What kind of failure it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What happened and why.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do, where there is something.
    pub fn help(&self) -> Option<&'static str> {
        self.help
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(help) = self.help {
            write!(f, ". {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<EngineError> for Error {
    fn from(cause: EngineError) -> Self {
        let code = match &cause {
            EngineError::Io(io) => return Error::disk("read the file", io),
            EngineError::Cancelled => return Error::cancelled(),
            EngineError::PasswordProtected => Code::PasswordProtected,
            EngineError::Limit(_) => Code::FileTooLarge,
            EngineError::NoSuchSheet | EngineError::UnknownEncoding | EngineError::ScoreSettings(_) => {
                Code::InvalidInput
            }
            EngineError::Workbook { .. } | EngineError::NotAList(_) => Code::UnreadableFile,
        };
        let text = cause.to_string();
        let mut letters = text.chars();
        let message =
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or(text);
        Error::new(code, message)
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(cause: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, RuntimeErr};
        match cause {
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => driver(&cause),
            DbErr::ConnectionAcquire(_) => unreachable_server(),
            // What other kinds print is sea-orm's, and may quote a value that could not be converted.
            _ => reported("unknown"),
        }
    }
}

impl From<sea_orm::sqlx::Error> for Error {
    fn from(cause: sea_orm::sqlx::Error) -> Self {
        driver(&cause)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(cause: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Sqlite;
        match cause.sqlite_error_code() {
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => busy(),
            Some(Sqlite::DiskFull) => {
                Error::new(Code::Disk, "The disk is full").with_help("Free some space, then try again.")
            }
            Some(Sqlite::OperationInterrupted) => Error::cancelled(),
            code => {
                let detail = code.map_or_else(|| "no code".to_owned(), |code| format!("{code:?}"));
                Error::new(
                    Code::Database,
                    format!("The database of this import reported an error ({detail})"),
                )
                .with_help("Open the import again; it is rebuilt from its files.")
            }
        }
    }
}

/// Drivers put values into their messages (`Key (email)=(…)`): only the code of the error and the name of the rule
/// that it broke get through.
fn driver(cause: &sea_orm::sqlx::Error) -> Error {
    use sea_orm::sqlx::Error as Sqlx;
    let cause = match cause {
        Sqlx::Database(cause) => cause,
        // So a certificate that is not trusted arrives.
        Sqlx::Io(cause) if cause.kind() == std::io::ErrorKind::InvalidData => return insecure(),
        Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed | Sqlx::Protocol(_) => {
            return unreachable_server();
        }
        Sqlx::Tls(_) => return insecure(),
        _ => return reported("unknown"),
    };
    let code = cause.code().unwrap_or_default();
    if let Some(postgres) = cause.try_downcast_ref::<sea_orm::sqlx::postgres::PgDatabaseError>() {
        return of_postgres(postgres.code(), postgres.constraint(), postgres.file());
    }
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => busy(),
        Ok(8) => Error::new(Code::Database, "The database file is read-only").with_help(
            "Nothing was written. Check the permissions of the file and its folder, then try again.",
        ),
        Ok(9) => Error::cancelled(),
        Ok(11 | 26) => Error::new(Code::Database, "The database file is damaged, or is not one of Muster's")
            .with_help(
                "Nothing was written. Bring back a copy of the file, or name another one in the profile.",
            ),
        Ok(13) => Error::new(Code::Disk, "The disk is full").with_help("Free some space, then try again."),
        Ok(19) => constraint(None),
        _ => reported(&code),
    }
}

/// By SQLSTATE; see <https://www.postgresql.org/docs/15/errcodes-appendix.html>. `file` is the source file of the server
/// that reports it.
fn of_postgres(code: &str, rule: Option<&str>, file: Option<&str>) -> Error {
    // Functions in the database can raise whatever they like, also a code or a constraint that is made of values.
    let raised = file.is_some_and(|file| file.starts_with("pl"));
    let (shown, rule) = if raised { ("P0001", None) } else { (code, rule) };
    match code {
        "57014" => Error::new(
            Code::Busy,
            "The database server stopped the work (57014): it took longer than the server allows, or somebody ended it",
        )
        .with_help("Nothing was written. Try again later, or ask who runs the server."),
        "55P03" | "40001" | "40P01" => busy(),
        "42501" => Error::new(Code::Database, "The database does not allow this login to do that (42501)")
            .with_help("Nothing was written. Ask who runs the database for the permissions that docs/PROFILES.md lists."),
        "25006" => Error::new(Code::Database, "The database is read-only at the moment (25006)")
            .with_help("Nothing was written. Name the main server in the profile, or try again later."),
        "28P01" | "28000" => Error::new(Code::Database, format!("The database server refuses the login ({code})"))
            .with_help("Check the user in the profile, and set its password anew."),
        "3D000" => Error::new(Code::Database, "The server has no database of the profile's name (3D000)")
            .with_help("Check the profile in the settings."),
        _ => match code.get(..2).unwrap_or_default() {
            "08" | "57" => unreachable_server(),
            "53" => Error::new(Code::Network, format!("The database server has no room at the moment ({shown})"))
                .with_help("Nothing was written. Try again later, or ask who runs the server."),
            "23" => constraint(rule),
            _ if raised => Error::new(Code::Database, "A rule that was added to the database refused the data")
                .with_help("Nothing was written. Ask who runs the database what the rule wants."),
            _ => reported(shown),
        },
    }
}

/// `rule` is the name of a constraint: it belongs to the tables and not to the data.
fn constraint(rule: Option<&str>) -> Error {
    let name = rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
    Error::new(
        Code::Database,
        format!("The database refused the data: a rule of its tables does not hold{name}"),
    )
    .with_help("Nothing was written. Make a new plan and try again.")
}

fn reported(code: &str) -> Error {
    let code = if code.is_empty() || code.len() > 8 { "unknown" } else { code };
    Error::new(Code::Database, format!("The database reported an error (code {code})")).with_help(
        "Nothing was written. Check that the database can be reached and is not read-only, then try again.",
    )
}

fn insecure() -> Error {
    Error::new(Code::Network, "No secure connection to the database server came about")
        .with_help("Test the profile in the settings: it tells what is wrong with the server's certificate.")
}

fn unreachable_server() -> Error {
    Error::new(Code::Network, "The database server cannot be reached, or the connection to it broke")
        .with_help("Check the network and the profile, then try again.")
}

fn busy() -> Error {
    Error::new(Code::Busy, "The database is in use by another program or window")
        .with_help("Wait until it has finished, then try again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_happened_and_what_to_do() {
        let error = Error::disk("keep the raw file", &std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert_eq!(
            error.to_string(),
            "Could not keep the raw file: the disk is full. Free some space, then try again."
        );
        assert_eq!(Error::from(EngineError::NoSuchSheet).code(), Code::InvalidInput);
    }

    #[test]
    fn a_code_has_the_name_that_programs_see() {
        assert_eq!(Code::NAMES.len(), Code::Internal as usize + 1);
        for code in
            [Code::Cancelled, Code::UnreadableFile, Code::KeychainLocked, Code::InDoubt, Code::Internal]
        {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }

    #[test]
    fn a_driver_s_values_do_not_get_through() {
        let error =
            Error::from(sea_orm::DbErr::Custom("Key (email)=(canary@example.org) already exists".into()));
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
