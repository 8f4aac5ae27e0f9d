//! A file as the Drive API describes it, and what it is to Muster.

use serde::{Deserialize, Serialize};

const FOLDER: &str = "application/vnd.google-apps.folder";
pub(super) const SHORTCUT: &str = "application/vnd.google-apps.shortcut";
pub(super) const SHEET: &str = "application/vnd.google-apps.spreadsheet";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Lists, whatever their name says.
const LISTS: [(&str, DriveKind); 8] = [
    ("text/csv", DriveKind::Text),
    ("text/tab-separated-values", DriveKind::Text),
    (XLSX, DriveKind::Workbook),
    ("application/vnd.ms-excel", DriveKind::Workbook),
    ("application/vnd.ms-excel.sheet.macroenabled.12", DriveKind::Workbook),
    ("application/vnd.ms-excel.sheet.binary.macroenabled.12", DriveKind::Workbook),
    ("application/vnd.oasis.opendocument.spreadsheet", DriveKind::Workbook),
    (SHEET, DriveKind::Sheet),
];

/// What some programs upload lists as: the name's ending tells.
const ANYTHING: [&str; 4] =
    ["text/plain", "application/octet-stream", "application/csv", "text/comma-separated-values"];

const ENDINGS: [(&str, DriveKind); 9] = [
    ("csv", DriveKind::Text),
    ("tsv", DriveKind::Text),
    ("tab", DriveKind::Text),
    ("txt", DriveKind::Text),
    ("xlsx", DriveKind::Workbook),
    ("xlsm", DriveKind::Workbook),
    ("xlsb", DriveKind::Workbook),
    ("xls", DriveKind::Workbook),
    ("ods", DriveKind::Workbook),
];

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DriveKind {
    /// A folder
    Folder,
    /// A shared drive
    SharedDrive,
    /// CSV, TSV and other text
    Text,
    /// XLSX, XLS or ODS
    Workbook,
    /// A Google Sheet; it comes as XLSX
    Sheet,
}

/// A folder or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveItem {
    /// To open a folder, or to fetch a file
    pub id: String,
    /// Its name
    pub name: String,
    /// What it is
    pub kind: DriveKind,
    /// Whose it is
    pub owner: Option<String>,
    /// Bytes, where Drive tells
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    #[serde(serialize_with = "as_number")]
    pub size: Option<u64>,
    /// RFC 3339, UTC
    pub modified: Option<String>,
    /// It is a shortcut to what it stands for
    pub shortcut: bool,
    /// The shared drive that it is in
    pub drive: Option<String>,
    /// Its owner lets it be downloaded
    pub downloadable: bool,
    /// An import has it already
    pub imported: bool,
    /// It was changed since an import fetched it last
    pub changed: bool,
    /// The id of what it is or points to
    #[serde(skip)]
    pub(crate) target: String,
    /// As [`RemoteFile::version`]; of a shortcut's target it is not known
    #[serde(skip)]
    pub(crate) version: Option<String>,
}

fn as_number<S: serde::Serializer>(
    size: &Option<u64>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    size.map(|size| size as f64).serialize(serializer)
}

/// A file as the API describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RemoteFile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(super) mime_type: String,
    /// A number as text: it may be larger than JavaScript can count
    size: Option<String>,
    pub(super) md5_checksum: Option<String>,
    pub(crate) modified_time: Option<String>,
    pub(super) trashed: bool,
    drive_id: Option<String>,
    pub(super) resource_key: Option<String>,
    owners: Vec<Person>,
    last_modifying_user: Option<Person>,
    capabilities: Capabilities,
    pub(super) shortcut_details: Option<Target>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Person {
    display_name: String,
    email_address: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Capabilities {
    can_download: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Target {
    pub(super) target_id: String,
    target_mime_type: String,
    pub(super) target_resource_key: Option<String>,
}

impl RemoteFile {
    /// Bytes, where Drive tells: not for Google's own kinds.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size.as_deref()?.parse().ok()
    }

    /// What changes with the file's content: its checksum, or for Google's own kinds when it was changed.
    pub(crate) fn version(&self) -> String {
        match &self.md5_checksum {
            Some(md5) => format!("md5:{md5}"),
            None => format!("modified:{}", self.modified_time.as_deref().unwrap_or_default()),
        }
    }

    /// A name without a folder, with the ending of what is fetched.
    pub(crate) fn list_name(&self) -> String {
        let name: String = self
            .name
            .chars()
            .map(|c| if c == '/' || c == '\\' || c.is_control() { '_' } else { c })
            .collect();
        match self.mime_type.as_str() {
            SHEET => format!("{name}.xlsx"),
            _ => name,
        }
    }

    /// What it is, where it is a list or a folder, by the type it has or points to.
    fn kind(&self) -> Option<DriveKind> {
        let mime = self.shortcut_details.as_ref().map_or(&self.mime_type, |target| &target.target_mime_type);
        let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if mime == FOLDER {
            return Some(DriveKind::Folder);
        }
        // Windows uploads CSV as Excel's.
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let by_ending = ENDINGS.iter().find(|(known, _)| Some(*known) == ending.as_deref());
        let by_mime = LISTS.iter().find(|(known, _)| *known == mime);
        match (by_mime, by_ending) {
            (Some((_, DriveKind::Sheet)), _) => Some(DriveKind::Sheet),
            (Some(_), Some((_, kind))) | (Some((_, kind)), None) => Some(*kind),
            (None, Some((_, kind))) if ANYTHING.contains(&mime.as_str()) => Some(*kind),
            _ => None,
        }
    }

    pub(super) fn item(self) -> Option<DriveItem> {
        let kind = self.kind()?;
        let size = self.size();
        let version = if self.shortcut_details.is_some() { None } else { Some(self.version()) };
        let target = self.shortcut_details.as_ref().map_or(&self.id, |target| &target.target_id).clone();
        let person = self.owners.into_iter().next().or(self.last_modifying_user);
        let owner = person.map(|person| match person.display_name.is_empty() {
            true => person.email_address,
            false => person.display_name,
        });
        let shortcut = self.shortcut_details.is_some();
        // A folder is opened where it is; a file is asked for by its own id, which says how to get at its target.
        let id = match self.shortcut_details {
            Some(target) if kind == DriveKind::Folder => target.target_id,
            _ => self.id,
        };
        Some(DriveItem {
            id,
            name: self.name,
            kind,
            owner: owner.filter(|owner| !owner.is_empty()),
            size,
            modified: self.modified_time,
            shortcut,
            drive: self.drive_id,
            downloadable: self.capabilities.can_download != Some(false),
            imported: false,
            changed: false,
            target,
            version,
        })
    }
}

/// Folders, shortcuts and all that may be a list.
pub(super) fn kinds() -> String {
    let known = [FOLDER, SHORTCUT].into_iter().chain(LISTS.iter().map(|(mime, _)| *mime)).chain(ANYTHING);
    let each: Vec<_> = known.map(|mime| format!("mimeType = '{mime}'")).collect();
    format!("({})", each.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, mime: &str) -> RemoteFile {
        RemoteFile { id: "x1".into(), name: name.into(), mime_type: mime.into(), ..RemoteFile::default() }
    }

    #[test]
    fn a_list_is_known_by_its_type_or_its_ending() {
        for (name, mime, kind) in [
            ("a", "text/csv", Some(DriveKind::Text)),
            ("a.csv", "application/vnd.ms-excel", Some(DriveKind::Text)),
            ("a.XLS", "application/vnd.ms-excel", Some(DriveKind::Workbook)),
            ("a.tsv", "text/plain; charset=utf-8", Some(DriveKind::Text)),
            ("a.ods", "application/octet-stream", Some(DriveKind::Workbook)),
            ("Members 3.2026", SHEET, Some(DriveKind::Sheet)),
            ("Lists", FOLDER, Some(DriveKind::Folder)),
            ("a.pdf", "application/octet-stream", None),
            ("notes", "text/plain", None),
            ("a.csv", "image/png", None),
            ("a.csv", "", None),
        ] {
            assert_eq!(file(name, mime).kind(), kind, "{name} {mime}");
        }
    }

    #[test]
    fn a_shortcut_counts_as_what_it_points_to() {
        let target = |mime: &str| {
            Some(Target { target_id: "t1".into(), target_mime_type: mime.into(), target_resource_key: None })
        };
        let to_folder =
            RemoteFile { shortcut_details: target(FOLDER), ..file("a", SHORTCUT) }.item().unwrap();
        assert_eq!(
            (to_folder.id.as_str(), to_folder.kind, to_folder.shortcut),
            ("t1", DriveKind::Folder, true)
        );
        let to_sheet = RemoteFile { shortcut_details: target(SHEET), ..file("a", SHORTCUT) }.item().unwrap();
        assert_eq!((to_sheet.id.as_str(), to_sheet.kind), ("x1", DriveKind::Sheet));
        assert_eq!(RemoteFile { shortcut_details: target("image/png"), ..file("a", SHORTCUT) }.item(), None);
    }

    #[test]
    fn a_name_has_no_folder_and_the_ending_of_what_is_fetched() {
        assert_eq!(file("a/b\\c.csv", "text/csv").list_name(), "a_b_c.csv");
        assert_eq!(file("Members", SHEET).list_name(), "Members.xlsx");
    }
}
