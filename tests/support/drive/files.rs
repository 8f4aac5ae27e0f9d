//! What is in the fake.

use std::path::Path;

use md5::{Digest, Md5};
use serde_json::{Value, json};

/// The type of a folder.
pub const FOLDER: &str = "application/vnd.google-apps.folder";
/// The type of a shortcut.
pub const SHORTCUT: &str = "application/vnd.google-apps.shortcut";
/// The type of a Google Sheet.
pub const SHEET: &str = "application/vnd.google-apps.spreadsheet";

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeFile {
    /// Its id
    pub id: String,
    /// Its name
    pub name: String,
    /// Its type
    pub mime: String,
    /// The folder it is in; `root` is My Drive
    pub parent: String,
    /// Its bytes; of a Google Sheet what it is exported as
    pub content: Vec<u8>,
    /// RFC 3339
    pub modified: String,
    /// In the bin
    pub trashed: bool,
    /// Whose it is
    pub owner: String,
    /// The shared drive it is in
    pub drive: Option<String>,
    /// Somebody shared it with the person
    pub shared: bool,
    /// The file it points to, and the key of that
    pub target: Option<(String, Option<String>)>,
    /// Without this key nobody gets it
    pub key: Option<String>,
    /// The owner lets it be downloaded
    pub can_download: bool,
}

impl FakeFile {
    /// A file in My Drive.
    pub fn new(id: &str, name: &str, mime: &str, content: impl AsRef<[u8]>) -> FakeFile {
        FakeFile {
            id: id.to_owned(),
            name: name.to_owned(),
            mime: mime.to_owned(),
            parent: "root".to_owned(),
            content: content.as_ref().to_vec(),
            modified: "2026-03-01T09:00:00.000Z".to_owned(),
            trashed: false,
            owner: "Pat Example".to_owned(),
            drive: None,
            shared: false,
            target: None,
            key: None,
            can_download: true,
        }
    }

    /// A CSV file in My Drive.
    pub fn csv(id: &str, name: &str, text: &str) -> FakeFile {
        FakeFile::new(id, name, "text/csv", text)
    }

    /// A shortcut in My Drive.
    pub fn shortcut(id: &str, name: &str, target: &str) -> FakeFile {
        FakeFile { target: Some((target.to_owned(), None)), ..FakeFile::new(id, name, SHORTCUT, "") }
    }

    /// A file of the disk, in My Drive.
    pub(super) fn of_disk(path: &Path) -> Option<FakeFile> {
        let name = path.file_name()?.to_str()?;
        let content = std::fs::read(path).ok()?;
        let (name, mime) = match name.rsplit_once('.')? {
            (stem, "gsheet") => (stem, SHEET),
            (_, "csv") => (name, "text/csv"),
            (_, "tsv") => (name, "text/tab-separated-values"),
            (_, "xlsx") => (name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            _ => return None,
        };
        let id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let seconds =
            path.metadata().ok()?.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
        let second = |part: u64| format!("{part:02}");
        let modified = format!(
            "2026-03-{}T{}:{}:{}.000Z",
            second(1 + seconds / 86_400 % 28),
            second(seconds / 3_600 % 24),
            second(seconds / 60 % 60),
            second(seconds % 60)
        );
        Some(FakeFile { modified, ..FakeFile::new(&id, name, mime, content) })
    }

    /// Whether it has bytes of its own.
    pub(super) fn has_bytes(&self) -> bool {
        !self.mime.starts_with("application/vnd.google-apps.")
    }

    /// All that the API tells of it.
    pub(super) fn resource(&self, target: Option<&FakeFile>) -> Value {
        let person =
            json!({ "kind": "drive#user", "displayName": self.owner, "emailAddress": "owner@example.org" });
        let mut resource = json!({
            "kind": "drive#file",
            "id": self.id,
            "name": self.name,
            "mimeType": self.mime,
            "parents": [self.parent],
            "modifiedTime": self.modified,
            "trashed": self.trashed,
            "lastModifyingUser": person,
            "capabilities": { "canDownload": self.can_download },
        });
        if self.has_bytes() {
            resource["size"] = self.content.len().to_string().into();
            let md5 = Md5::digest(&self.content);
            resource["md5Checksum"] = md5.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
        }
        match &self.drive {
            // Files of shared drives belong to nobody.
            Some(drive) => resource["driveId"] = drive.clone().into(),
            None => resource["owners"] = json!([person]),
        }
        if let Some(key) = &self.key {
            resource["resourceKey"] = key.clone().into();
        }
        if let Some((id, key)) = &self.target {
            let mime = target.map(|target| target.mime.as_str()).unwrap_or_default();
            resource["shortcutDetails"] = json!({ "targetId": id, "targetMimeType": mime });
            if let Some(key) = key {
                resource["shortcutDetails"]["targetResourceKey"] = key.clone().into();
            }
        }
        resource
    }
}
