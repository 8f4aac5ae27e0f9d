//! What the integration tests share: a workspace of their own, the program `muster`, lists made of text, and the
//! servers that Muster talks to (docs/TESTING.md).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod collector;
mod commits;
mod database;
pub mod drive;
pub mod keychain;
pub mod leaks;
mod login;
pub mod postgres;
pub mod proxy;
mod services;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use muster_backend::config::Config;
use muster_backend::imports::{ImportView, Imports};
use muster_backend::keychain::Keychain as SystemKeychain;
use muster_backend::profiles::Profiles;
use muster_backend::secrets::{Named, Secrets};
use muster_backend::staging::{GridRow, RowQuery};
use muster_backend::store::DataKey;
use muster_backend::{Folders, Job, worker};
use muster_engine::Field;
use tempfile::TempDir;

pub use database::Database;
pub use keychain::Keychain;
pub use login::Login;
pub use proxy::Proxy;
pub use services::random_text;

/// A person's machine: folders of its own, gone with it.
pub struct Machine {
    folder: TempDir,
    keychain: Keychain,
}

impl Machine {
    /// An empty one, without a keychain.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Machine {
        Machine::with(Keychain::absent())
    }

    /// An empty one with a keychain, which the programs on it use.
    pub fn with(keychain: Keychain) -> Machine {
        worker::use_program(program());
        let machine = Machine { folder: TempDir::new().unwrap(), keychain };
        let key = machine.file("data-key", format!("{}\n", machine.data_key().to_hex().expose()));
        #[cfg(unix)]
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        machine
    }

    /// The key of its data folder, where no keychain has one.
    pub fn data_key(&self) -> DataKey {
        DataKey::new([7; 32])
    }

    /// Where a scheduler keeps that key.
    fn data_key_file(&self) -> String {
        format!("data-key={}", self.path().join("data-key").display())
    }

    /// Its keychain.
    pub fn keychain(&self) -> &Keychain {
        &self.keychain
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Muster's folders on it.
    pub fn folders(&self) -> Folders {
        Folders::under(self.path())
    }

    /// Profiles on it, with these settings.
    pub fn profiles(&self, config: Config) -> Profiles {
        let named = Named::parse(&[self.data_key_file()], &[]).unwrap();
        Profiles::new(self.folders(), config, Secrets::new(SystemKeychain::system(), named))
    }

    /// Muster's workspace on it.
    pub async fn open(&self) -> Imports {
        Imports::open(self.profiles(Config::default()), &self.data_key()).await.unwrap()
    }

    /// A file with this text.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs `muster` on it.
    pub fn muster(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// `muster` on it, for a test that gives it more, or goes on while it runs.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .current_dir(self.path())
            .env("MUSTER_DATA_DIR", self.path().join("data"))
            .env("MUSTER_CONFIG_DIR", self.path().join("config"))
            .env_remove("MUSTER_ACTIVE_PROFILE");
        if self.keychain.is_absent() {
            command.env("MUSTER_SECRET_FILE_DATA_KEY", self.path().join("data-key"));
        }
        self.keychain.give_to(&mut command);
        command
    }

    /// Runs `muster … --json` on it: the exit code and the object.
    pub fn muster_json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let output = self.muster(&[arguments, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let object = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON object: {text}"));
        (output.status.code().unwrap(), object)
    }

    /// A database of its data folder, opened with another driver than the programs use.
    pub fn database(&self, name: &str) -> rusqlite::Connection {
        let db = rusqlite::Connection::open(self.path().join("data").join(name)).unwrap();
        let key = self.data_key().to_hex();
        db.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.expose())).unwrap();
        db
    }

    /// The one value that a query finds in the embedded database.
    pub fn in_members<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.database("members.db").query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// The program `muster`, as built beside the tests.
pub fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let name = format!("muster{}", std::env::consts::EXE_SUFFIX);
    let program = tests.parent().and_then(Path::parent).unwrap().join(name);
    assert!(program.exists(), "build the programs first: cargo build --workspace --bins");
    program
}

/// The two clubs' real lists and their companies, or nothing with a message where they are absent.
pub fn clubs() -> Option<[PathBuf; 3]> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/clubs");
    let files =
        ["unity_golf_club.csv", "us_softball_league.tsv", "companies.csv"].map(|name| root.join(name));
    if files.iter().all(|file| file.exists()) {
        return Some(files);
    }
    eprintln!("skipped: the clubs' lists are not beside the project");
    None
}

/// An import of files, staged.
pub async fn staged(imports: &Imports, files: &[PathBuf]) -> ImportView {
    let import = imports.create(Some("Test")).await.unwrap();
    imports.add_files(import.id, files, &Job::silent()).await.unwrap();
    imports.stage(import.id, &Job::silent()).await.unwrap()
}

/// All rows that a query finds.
pub async fn rows(imports: &Imports, import: u32, query: RowQuery) -> Vec<GridRow> {
    imports.rows(import, query, 0, 1_000).await.unwrap().rows
}

/// What a row shows of a field.
pub fn shown(row: &GridRow, field: Field) -> Option<&str> {
    row.cells[field.index()].as_deref()
}
