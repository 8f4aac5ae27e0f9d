//! What the screens and the command line show of the archive.

use serde::Serialize;

/// A raw file of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ArchivedFile {
    /// The push that was made from it
    pub push: u32,
    /// Its name, without the folder
    pub name: String,
    /// Of its bytes, in hexadecimal
    pub sha256: String,
    /// Bytes
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size: u64,
    /// The archive that has it: `database`, or an address
    pub location: String,
    /// When it was archived: RFC 3339, UTC
    pub added: String,
}

/// What reading all archived files came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ArchiveCheck {
    /// The archive of the settings
    pub location: String,
    /// Files whose bytes are those that were archived
    pub sound: u32,
    /// Files that are in another archive
    pub elsewhere: u32,
    /// Files that it does not have any more, by their SHA-256
    pub missing: Vec<String>,
    /// Files whose bytes are other ones, by their SHA-256
    pub damaged: Vec<String>,
}

/// What a test of the archive did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ArchiveTest {
    /// Where the archive is
    pub location: String,
    /// Whether it can be used
    pub works: bool,
    /// What was done, in order, up to the first that failed
    pub steps: Vec<ArchiveStep>,
}

/// A step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ArchiveStep {
    /// What was tried, or what failed
    pub told: String,
    /// Whether it worked
    pub works: bool,
    /// What to do about it
    pub help: Option<String>,
}

impl ArchiveStep {
    pub(super) fn done(told: &str) -> ArchiveStep {
        ArchiveStep { told: told.to_owned(), works: true, help: None }
    }

    pub(super) fn failed(error: &crate::error::Error) -> ArchiveStep {
        ArchiveStep { told: error.message().to_owned(), works: false, help: error.help().map(str::to_owned) }
    }
}
