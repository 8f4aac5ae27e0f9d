//! What the screens and the command line show of the archive.

use serde::{Deserialize, Serialize};

use crate::config::{ArchiveConfig, ArchiveKind};

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

/// The archive's settings, as a form has them. A text that is empty counts as not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ArchiveForm {
    /// The kind
    pub kind: ArchiveKind,
    /// Folder: the path
    pub path: Option<String>,
    /// S3: the bucket
    pub bucket: Option<String>,
    /// S3: the region
    pub region: Option<String>,
    /// S3: the address of another store than Amazon's
    pub endpoint: Option<String>,
    /// S3: what stands before the names of the objects
    pub prefix: Option<String>,
    /// S3: the id of the access key
    pub key_id: Option<String>,
    /// S3: `false` takes a store that lets files be overwritten
    pub conditional_writes: Option<bool>,
}

impl ArchiveForm {
    /// As it would be kept.
    pub(super) fn to_config(&self) -> ArchiveConfig {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        ArchiveConfig {
            kind: self.kind,
            path: given(&self.path),
            bucket: given(&self.bucket),
            region: given(&self.region),
            endpoint: given(&self.endpoint),
            prefix: given(&self.prefix),
            key_id: given(&self.key_id),
            conditional_writes: self.conditional_writes,
        }
    }
}

impl From<ArchiveConfig> for ArchiveForm {
    fn from(archive: ArchiveConfig) -> ArchiveForm {
        ArchiveForm {
            kind: archive.kind,
            path: archive.path,
            bucket: archive.bucket,
            region: archive.region,
            endpoint: archive.endpoint,
            prefix: archive.prefix,
            key_id: archive.key_id,
            conditional_writes: archive.conditional_writes,
        }
    }
}

/// The archive as the settings have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ArchiveView {
    /// All its settings
    pub settings: ArchiveForm,
    /// Where it is, for people
    pub location: String,
}
