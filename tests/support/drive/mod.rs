//! A Google Drive on this machine: its API as Google's discovery document describes it (fixtures/drive-v3.json has the
//! names and types of that), and all that can go wrong with it.

mod answers;
pub mod browser;
mod discovery;
mod fault;
mod files;
mod http;
mod query;
mod servers;
mod tokens;

use std::collections::{BTreeMap, VecDeque};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use muster_backend::config::DriveSettings;

pub use fault::Fault;
pub use files::{FOLDER, FakeFile, SHEET, SHORTCUT};
pub use http::post;
pub use servers::{Google, create_in_mock, google};

/// The one who asks, where no server of tokens says who.
pub const OWNER: &str = "pat@example.org";

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `files.list`, `files.get.media`, `token`, …
    pub method: String,
    /// The `Range` that was asked for
    pub range: Option<String>,
    /// The keys of files that were shared by link
    pub keys: Option<String>,
}

/// What the fake knows.
#[derive(Debug, Default)]
struct State {
    files: Vec<FakeFile>,
    drives: Vec<(String, String)>,
    faults: BTreeMap<String, VecDeque<Fault>>,
    seen: Vec<Seen>,
    refresh_tokens: Vec<String>,
    access_tokens: Vec<String>,
    /// Files of this folder are in My Drive
    folder: Option<PathBuf>,
    /// Asks a real server of tokens whether a token is good
    introspection: Option<Introspection>,
    /// The access token to give, where another server wants a certain one
    fixed_token: Option<String>,
    /// Items a page, where fewer than are asked for
    page: Option<usize>,
}

/// Where a server of tokens tells about them (RFC 7662).
#[derive(Debug, Clone)]
pub struct Introspection {
    /// Its address
    pub url: String,
    /// Who asks
    pub client_id: String,
    /// The asker's secret
    pub client_secret: String,
}

impl Introspection {
    /// What `tests/servers/google.mjs` lets Drive ask.
    pub fn at(oauth: &str) -> Introspection {
        Introspection {
            url: format!("{oauth}/token/introspection"),
            client_id: "drive".to_owned(),
            client_secret: "drive-s-secret".to_owned(),
        }
    }
}

/// The fake. It serves until the process ends.
#[derive(Clone)]
pub struct FakeDrive {
    state: Arc<Mutex<State>>,
    port: u16,
}

impl FakeDrive {
    /// An empty one on a free port.
    pub fn start() -> FakeDrive {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let drive = FakeDrive { state: Arc::default(), port };
        let serving = drive.clone();
        std::thread::spawn(move || http::serve(&listener, &serving));
        drive
    }

    /// One whose My Drive has the files of a folder, as they are at each request, and whose tokens another server
    /// gives.
    pub fn of_folder(folder: PathBuf, introspection: Introspection) -> FakeDrive {
        let drive = FakeDrive::start();
        let mut state = drive.state();
        (state.folder, state.introspection) = (Some(folder), Some(introspection));
        drop(state);
        drive
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// An address on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Settings that lead here and nowhere else.
    pub fn settings(&self) -> DriveSettings {
        DriveSettings {
            client_id: Some("muster-test".to_owned()),
            auth_url: Some(self.url("auth")),
            token_url: Some(self.url("token")),
            revoke_url: Some(self.url("revoke")),
            api_url: Some(self.url("drive/v3")),
        }
    }

    /// Writes them to a machine's `config.yml`, with nothing else.
    pub fn write_settings(&self, machine: &crate::Machine) {
        std::fs::create_dir_all(machine.path().join("config")).unwrap();
        let settings = serde_json::to_string(&self.settings()).unwrap();
        machine.file("config/config.yml", format!("drive: {settings}\n"));
    }

    /// Whose tokens another server gives.
    pub fn trusting(introspection: Introspection) -> FakeDrive {
        let drive = FakeDrive::start();
        drive.state().introspection = Some(introspection);
        drive
    }

    /// Gives this access token, which another server wants.
    pub fn give_token(&self, token: &str) {
        self.state().fixed_token = Some(token.to_owned());
    }

    /// A sign-in that is good.
    pub fn refresh_token(&self) -> String {
        let token = format!("refresh-{}", crate::random_text());
        self.state().refresh_tokens.push(token.clone());
        token
    }

    /// Takes all sign-ins back.
    pub fn revoke_all(&self) {
        let mut state = self.state();
        state.refresh_tokens.clear();
        state.access_tokens.clear();
    }

    /// Lets all access tokens end; sign-ins stay.
    pub fn expire_access(&self) {
        self.state().access_tokens.clear();
    }

    /// Puts a file there, or in place of the one of its id.
    pub fn put(&self, file: FakeFile) {
        let mut state = self.state();
        state.files.retain(|other| other.id != file.id);
        state.files.push(file);
    }

    /// Removes a file.
    pub fn remove(&self, id: &str) {
        self.state().files.retain(|file| file.id != id);
    }

    /// Makes a shared drive.
    pub fn share(&self, id: &str, name: &str) {
        self.state().drives.push((id.to_owned(), name.to_owned()));
    }

    /// Gives no more than so many items a page.
    pub fn pages_of(&self, items: usize) {
        self.state().page = Some(items);
    }

    /// What goes wrong with the next requests of a method, one after the other.
    pub fn fail(&self, method: &str, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.entry(method.to_owned()).or_default().extend(faults);
    }

    /// Whether everything that was to go wrong has.
    pub fn all_failed(&self) -> bool {
        self.state().faults.values().all(VecDeque::is_empty)
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    /// How many requests of a method there were.
    pub fn count(&self, method: &str) -> usize {
        self.state().seen.iter().filter(|seen| seen.method == method).count()
    }
}
