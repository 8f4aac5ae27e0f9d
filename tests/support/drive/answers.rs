//! The methods of the API.

use serde_json::{Value, json};

use super::discovery::{self, Parameters};
use super::files::{FOLDER, FakeFile, SHEET, SHORTCUT};
use super::http::{Answer, Request};
use super::{FakeDrive, Fault, Seen, State, query, tokens};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Google exports no more, in bytes.
const LARGEST_EXPORT: usize = 10 * 1_024 * 1_024;
/// Fields that come where none are asked for.
const USUAL: &str = "kind,id,name,mimeType";

/// Answers a request, well or not.
pub(super) fn answer(drive: &FakeDrive, request: &Request) -> Answer {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    let media = request.query.get("alt").is_some_and(|alt| alt == "media");
    let (method, id) = match (request.verb.as_str(), path.as_slice()) {
        ("POST", ["token"]) => ("token", ""),
        ("POST", ["revoke"]) => ("revoke", ""),
        ("GET", ["drive", "v3", "about"]) => ("about.get", ""),
        ("GET", ["drive", "v3", "drives"]) => ("drives.list", ""),
        ("GET", ["drive", "v3", "files"]) => ("files.list", ""),
        ("GET", ["drive", "v3", "files", id]) if media => ("files.get.media", *id),
        ("GET", ["drive", "v3", "files", id]) => ("files.get", *id),
        ("GET", ["drive", "v3", "files", id, "export"]) => ("files.export", *id),
        _ => return error(404, "notFound"),
    };
    let fault = {
        let mut state = drive.state();
        let header = |name: &str| request.headers.get(name).cloned();
        let keys = header("x-goog-drive-resource-keys");
        state.seen.push(Seen { method: method.to_owned(), range: header("range"), keys });
        state.faults.get_mut(method).and_then(std::collections::VecDeque::pop_front)
    };
    match fault {
        Some(Fault::Google { status, reason, retry_after }) => {
            let mut answer = error(status, reason);
            answer.headers.extend(retry_after.map(|text| ("Retry-After", text)));
            return answer;
        }
        Some(Fault::NewGoogle { status, reason }) => {
            return json_text(status, Fault::new_body(status, reason));
        }
        Some(Fault::Html(status)) => {
            let body = b"<html>canary.csv is not here</html>".to_vec();
            return Answer {
                status,
                headers: vec![("Content-Type", "text/html".to_owned())],
                body,
                fault: None,
            };
        }
        _ => {}
    }
    let mut answer = match method {
        "token" => json_value(tokens::token(drive, request)),
        "revoke" => json_value(tokens::revoke(drive, request)),
        _ => match tokens::owner(drive, request) {
            None => error(401, "authError"),
            Some(owner) => of_api(drive, request, method, id, &owner, fault.as_ref()),
        },
    };
    answer.fault = fault;
    answer
}

fn of_api(
    drive: &FakeDrive,
    request: &Request,
    method: &str,
    id: &str,
    owner: &str,
    fault: Option<&Fault>,
) -> Answer {
    let mut state = drive.state();
    state.read_folder();
    let described = method.trim_end_matches(".media");
    if let Err(wrong) = discovery::check(described, &request.query) {
        eprintln!("the fake Drive refuses a request: {wrong}");
        return error(400, "invalidParameter");
    }
    let answered = match method {
        "about.get" => about(owner, &request.query),
        "drives.list" => drives(&state, &request.query),
        "files.list" => list(&state, &request.query),
        _ => {
            let all_drives = request.query.get("supportsAllDrives").is_some_and(|value| value == "true");
            let file = state.files.iter().find(|file| {
                file.id == id && (file.drive.is_none() || all_drives || method == "files.export")
            });
            // Who lacks the key is not told that there is a file.
            match file.filter(|file| has_key(file, request)) {
                None => return error(404, "notFound"),
                Some(file) if method == "files.get" => get(&state, file, &request.query),
                Some(file) if method == "files.export" => return export(file, &request.query),
                Some(file) => return media(file, request.headers.get("range").map(String::as_str), fault),
            }
        }
    };
    match answered {
        Ok(value) => json_value((200, value)),
        Err(wrong) => {
            eprintln!("the fake Drive refuses a request: {wrong}");
            error(400, "invalidParameter")
        }
    }
}

fn has_key(file: &FakeFile, request: &Request) -> bool {
    let given = request.headers.get("x-goog-drive-resource-keys").map(String::as_str).unwrap_or_default();
    file.key.as_ref().is_none_or(|key| given.split(',').any(|pair| pair == format!("{}/{key}", file.id)))
}

fn about(owner: &str, parameters: &Parameters) -> Result<Value, String> {
    // The one method that gives nothing unasked.
    let fields = parameters.get("fields").ok_or("about needs fields")?;
    let id = owner.split('@').next().unwrap_or_default();
    let user = json!({
        "kind": "drive#user", "displayName": format!("{id} of the tests"), "emailAddress": owner, "me": true,
        "permissionId": format!("id-{id}")
    });
    discovery::choose("About", fields, &json!({ "kind": "drive#about", "user": user }))
}

fn drives(state: &State, parameters: &Parameters) -> Result<Value, String> {
    let all: Vec<Value> = state
        .drives
        .iter()
        .map(|(id, name)| json!({ "kind": "drive#drive", "id": id, "name": name }))
        .collect();
    let (page, next) = paged(state, all, parameters)?;
    let mut list = json!({ "kind": "drive#driveList", "drives": page });
    if let Some(next) = next {
        list["nextPageToken"] = next.into();
    }
    discovery::choose("DriveList", parameters.get("fields").map_or("kind,drives", String::as_str), &list)
}

fn list(state: &State, parameters: &Parameters) -> Result<Value, String> {
    let of = |name: &str| parameters.get(name).map(String::as_str);
    let everywhere = of("includeItemsFromAllDrives") == Some("true");
    let mut found = Vec::new();
    for file in &state.files {
        let within = match (of("corpora").unwrap_or("user"), &file.drive) {
            (_, None) => of("corpora") != Some("drive"),
            ("drive", Some(drive)) => of("driveId") == Some(drive),
            ("allDrives", Some(_)) => everywhere,
            _ => false,
        };
        if within && query::matches(of("q").unwrap_or("trashed = false"), file)? {
            found.push(file);
        }
    }
    found.sort_by(|a, b| b.modified.cmp(&a.modified));
    if of("orderBy").is_some_and(|keys| keys.split(',').any(|key| key == "folder")) {
        found.sort_by_key(|file| file.mime != FOLDER);
    }
    let resources = found.into_iter().map(|file| resource(state, file)).collect();
    let (page, next) = paged(state, resources, parameters)?;
    let mut list = json!({ "kind": "drive#fileList", "incompleteSearch": false, "files": page });
    if let Some(next) = next {
        list["nextPageToken"] = next.into();
    }
    let usual = "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)";
    discovery::choose("FileList", of("fields").unwrap_or(usual), &list)
}

fn resource(state: &State, file: &FakeFile) -> Value {
    let target = file.target.as_ref().and_then(|(id, _)| state.files.iter().find(|other| other.id == *id));
    file.resource(target)
}

fn paged(
    state: &State,
    all: Vec<Value>,
    parameters: &Parameters,
) -> Result<(Vec<Value>, Option<String>), String> {
    let size = parameters.get("pageSize").and_then(|text| text.parse().ok()).unwrap_or(100);
    let size = state.page.map_or(size, |most| most.min(size));
    let from = match parameters.get("pageToken") {
        None => 0,
        Some(token) => {
            token.strip_prefix("~!!~").and_then(|text| text.parse().ok()).ok_or("pageToken is none")?
        }
    };
    let next = (from + size < all.len()).then(|| format!("~!!~{}", from + size));
    Ok((all.into_iter().skip(from).take(size).collect(), next))
}

fn get(state: &State, file: &FakeFile, parameters: &Parameters) -> Result<Value, String> {
    discovery::choose("File", parameters.get("fields").map_or(USUAL, String::as_str), &resource(state, file))
}

fn media(file: &FakeFile, range: Option<&str>, fault: Option<&Fault>) -> Answer {
    if !file.can_download {
        return error(403, "cannotDownloadFile");
    }
    if !file.has_bytes() {
        return error(403, if file.mime == SHORTCUT { "notFound" } else { "fileNotDownloadable" });
    }
    let kind = ("Content-Type", file.mime.clone());
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let (Some(from), false) = (from, fault == Some(&Fault::IgnoreRange)) else {
        return Answer { status: 200, headers: vec![kind], body: file.content.clone(), fault: None };
    };
    let whole = file.content.len();
    if from >= whole {
        let mut answer = error(416, "requestedRangeNotSatisfiable");
        answer.headers.push(("Content-Range", format!("bytes */{whole}")));
        return answer;
    }
    let from = if fault == Some(&Fault::WrongRange) { from / 2 } else { from };
    let part = ("Content-Range", format!("bytes {from}-{}/{whole}", whole - 1));
    Answer { status: 206, headers: vec![kind, part], body: file.content[from..].to_vec(), fault: None }
}

fn export(file: &FakeFile, parameters: &Parameters) -> Answer {
    let wanted = parameters.get("mimeType").map(String::as_str);
    if file.mime != SHEET {
        return error(403, "fileNotExportable");
    }
    if wanted != Some(XLSX) {
        return error(400, "badRequest");
    }
    if !file.can_download {
        return error(403, "cannotExportFile");
    }
    if file.content.len() > LARGEST_EXPORT {
        return error(403, "exportSizeLimitExceeded");
    }
    Answer {
        status: 200,
        headers: vec![("Content-Type", XLSX.to_owned())],
        body: file.content.clone(),
        fault: None,
    }
}

fn error(status: u16, reason: &str) -> Answer {
    json_text(status, Fault::body(status, reason))
}

fn json_value((status, value): (u16, Value)) -> Answer {
    json_text(status, value.to_string())
}

fn json_text(status: u16, body: String) -> Answer {
    let headers = vec![("Content-Type", "application/json; charset=UTF-8".to_owned())];
    Answer { status, headers, body: body.into_bytes(), fault: None }
}

impl State {
    /// The folder of the disk, as it is now.
    fn read_folder(&mut self) {
        let Some(folder) = self.folder.clone() else { return };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        self.files = entries.filter_map(|entry| FakeFile::of_disk(&entry.path())).collect();
    }
}
