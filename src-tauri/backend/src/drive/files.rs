//! What is in Google Drive: folders and lists, found by place or by name.

use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::Drive;
use super::failure::not_understood;
use super::http::Request;
use super::remote::{DriveItem, DriveKind, RemoteFile, SHORTCUT, kinds};
use super::run::no_account;
use crate::error::{Code, Error, Result};
use crate::progress::Job;

const FIELDS: &str = "id,name,mimeType,size,md5Checksum,modifiedTime,trashed,driveId,resourceKey,\
    owners(displayName,emailAddress),lastModifyingUser(displayName,emailAddress),capabilities(canDownload),\
    shortcutDetails(targetId,targetMimeType,targetResourceKey)";

/// Items a page.
const PAGE: &str = "100";

/// Shortcuts that point to shortcuts are followed this far; Drive makes none.
const MOST_HOPS: usize = 4;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DrivePlace {
    /// The person's own
    MyDrive,
    /// What others shared with the person
    SharedWithMe,
    /// The drives of the person's organisation
    SharedDrives,
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveQuery {
    /// The account
    pub account: String,
    /// Where
    pub place: DrivePlace,
    /// A folder in that place, or a shared drive; without one, its top
    pub folder: Option<String>,
    /// The shared drive that the folder is in
    pub drive: Option<String>,
    /// Part of a name: then it is looked for everywhere
    pub search: Option<String>,
    /// [`DrivePage::next`] of the page before
    pub page: Option<String>,
}

/// A page of items, folders first, then the newest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DrivePage {
    /// The items
    pub items: Vec<DriveItem>,
    /// Asks for the page after it; `None`: it is the last
    pub next: Option<String>,
    /// Google did not look everywhere
    pub incomplete: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileList {
    #[serde(default)]
    files: Vec<RemoteFile>,
    next_page_token: Option<String>,
    #[serde(default)]
    incomplete_search: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DriveList {
    #[serde(default)]
    drives: Vec<SharedDrive>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct SharedDrive {
    id: String,
    name: String,
}

impl Drive {
    /// Lists a place, a folder or what has a name: folders first, then the newest.
    ///
    /// # Errors
    /// [`Code::SignedOut`] where the account must sign in again; what Google answers; when the job is cancelled.
    pub async fn list(&self, query: &DriveQuery, job: &Job) -> Result<DrivePage> {
        let search = query.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
        if query.place == DrivePlace::SharedDrives && query.folder.is_none() && search.is_none() {
            return self.shared_drives(query, job).await;
        }
        let mut url = self.address(&["files"])?;
        list_parameters(&mut url, query, search)?;
        let list: FileList = self.json(&Request::new(&query.account, url), job).await?;
        Ok(DrivePage {
            items: list.files.into_iter().filter_map(RemoteFile::item).collect(),
            next: list.next_page_token,
            incomplete: list.incomplete_search,
        })
    }

    /// All lists in a folder (of the shared drive `drive`, where it is in one), the newest first, with the first account that may see it. Folders in it are left out.
    ///
    /// # Errors
    /// When no account is connected; as [`Drive::list`].
    pub async fn lists_in(&self, folder: &str, drive: Option<&str>, job: &Job) -> Result<Vec<DriveItem>> {
        let mut first = None;
        for account in self.account_ids().await? {
            match self.lists_of(&account, folder, drive, job).await {
                // Drive lists a folder that an account may not see as an empty one.
                Ok(lists) if lists.is_empty() => first = first.or(Some(Ok(lists))),
                Err(error) if [Code::NotFound, Code::Refused, Code::SignedOut].contains(&error.code()) => {
                    first = first.or(Some(Err(error)));
                }
                answer => return answer,
            }
        }
        first.unwrap_or_else(|| Err(no_account()))
    }

    async fn lists_of(
        &self,
        account: &str,
        folder: &str,
        drive: Option<&str>,
        job: &Job,
    ) -> Result<Vec<DriveItem>> {
        let mut query = DriveQuery {
            account: account.to_owned(),
            place: DrivePlace::MyDrive,
            folder: Some(folder.to_owned()),
            drive: drive.map(str::to_owned),
            search: None,
            page: None,
        };
        let mut lists = Vec::new();
        loop {
            let page = self.list(&query, job).await?;
            let is_list = |item: &DriveItem| !matches!(item.kind, DriveKind::Folder | DriveKind::SharedDrive);
            lists.extend(page.items.into_iter().filter(is_list));
            match page.next {
                Some(next) => query.page = Some(next),
                None => return Ok(lists),
            }
        }
    }

    async fn shared_drives(&self, query: &DriveQuery, job: &Job) -> Result<DrivePage> {
        let mut url = self.address(&["drives"])?;
        url.query_pairs_mut()
            .append_pair("pageSize", PAGE)
            .append_pair("fields", "nextPageToken,drives(id,name)")
            .extend_pairs(query.page.iter().map(|page| ("pageToken", page)));
        let list: DriveList = self.json(&Request::new(&query.account, url), job).await?;
        let item = |drive: SharedDrive| DriveItem {
            drive: Some(drive.id.clone()),
            target: drive.id.clone(),
            id: drive.id,
            name: drive.name,
            kind: DriveKind::SharedDrive,
            owner: None,
            size: None,
            modified: None,
            shortcut: false,
            downloadable: false,
            imported: false,
            changed: false,
            version: None,
        };
        let items = list.drives.into_iter().map(item).collect();
        Ok(DrivePage { items, next: list.next_page_token, incomplete: false })
    }

    /// A file as it is now; a shortcut's target in its place.
    ///
    /// # Errors
    /// [`Code::NotFound`] where it is gone or in the bin; as [`Drive::list`].
    pub(crate) async fn file(&self, account: &str, id: &str, job: &Job) -> Result<RemoteFile> {
        let (mut id, mut key) = (id.to_owned(), None);
        for _ in 0..MOST_HOPS {
            check_id(&id)?;
            let mut url = self.address(&["files", &id])?;
            url.query_pairs_mut().append_pair("fields", FIELDS).append_pair("supportsAllDrives", "true");
            let request = Request::new(account, url).with_key(&id, key.as_deref());
            let mut file: RemoteFile = self.json(&request, job).await?;
            match file.shortcut_details.take().filter(|_| file.mime_type == SHORTCUT) {
                Some(target) => (id, key) = (target.target_id, target.target_resource_key),
                None if file.trashed => return Err(in_bin()),
                None => {
                    file.resource_key = file.resource_key.or(key);
                    return Ok(file);
                }
            }
        }
        Err(not_understood())
    }
}

fn in_bin() -> Error {
    Error::new(Code::NotFound, "The file is in the bin of Google Drive")
        .with_help("Bring it back there, or choose another file.")
}

fn list_parameters(url: &mut Url, query: &DriveQuery, search: Option<&str>) -> Result<()> {
    let mut wanted = vec!["trashed = false".to_owned(), kinds()];
    let mut order = "folder,modifiedTime desc";
    let (mut corpora, mut drive) = ("user", None);
    match (search, query.folder.as_deref()) {
        (Some(search), _) => {
            wanted.push(format!("name contains '{}'", quoted(search)));
            (corpora, order) = ("allDrives", "modifiedTime desc");
        }
        (None, Some(folder)) => {
            check_id(folder)?;
            wanted.push(format!("'{folder}' in parents"));
            drive = query.drive.as_deref();
        }
        (None, None) if query.place == DrivePlace::SharedWithMe => {
            wanted.push("sharedWithMe = true".to_owned())
        }
        (None, None) => wanted.push("'root' in parents".to_owned()),
    }
    let mut pairs = url.query_pairs_mut();
    if let Some(drive) = drive {
        check_id(drive)?;
        corpora = "drive";
        pairs.append_pair("driveId", drive);
    }
    pairs
        .append_pair("corpora", corpora)
        .append_pair("q", &wanted.join(" and "))
        .append_pair("orderBy", order)
        .append_pair("pageSize", PAGE)
        .append_pair("includeItemsFromAllDrives", "true")
        .append_pair("supportsAllDrives", "true")
        .append_pair("fields", &format!("nextPageToken,incompleteSearch,files({FIELDS})"))
        .extend_pairs(query.page.iter().map(|page| ("pageToken", page)));
    Ok(())
}

/// A text within quotes in a query of Drive.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// An id is part of an address and of queries.
pub(super) fn check_id(id: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || id.len() > 200 || !id.chars().all(plain) {
        return Err(Error::new(Code::InvalidInput, "This is no id of a file in Google Drive")
            .with_help("In a recipe, write drive: and the id that is in the file's address after /d/."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_within_its_quotes() {
        assert_eq!(quoted(r"O'Neil \ Co"), r"O\'Neil \\ Co");
        for id in ["", "../x", "a b", "x' or '1", "a/b", "é"] {
            assert!(check_id(id).is_err(), "{id}");
        }
        assert!(check_id("1A-b_9").is_ok());
    }
}
