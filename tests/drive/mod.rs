//! Google Drive: signing in at a strict OAuth server, looking around, fetching lists through all that can go wrong.

mod downloads;
mod errors;
mod headless;
mod imported;
mod look;
mod outside;
mod sign_in;

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use muster_backend::config::{Config, DriveSettings};
use muster_backend::drive::{Drive, DrivePlace, DriveQuery, Pace};
use muster_backend::imports::{DriveAdded, ImportView, Imports};
use muster_backend::keychain::Keychain as SystemKeychain;
use muster_backend::profiles::Profiles;
use muster_backend::secrets::{Named, Secrets};
use muster_backend::{Error, Job};
use muster_tests::Machine;
use muster_tests::drive::FakeDrive;

/// The account of a sign-in that a scheduler handed over.
const ACCOUNT: &str = "scheduler";

const CLUB: &str = "name,born,joined\nAnn Lee,13/02/1970,1990\nBob Ray,03/04/1980,2001\n";

/// Attempts follow each other at once.
const PACE: Pace = Pace {
    first: Duration::from_millis(1),
    longest: Duration::from_millis(4),
    patience: Duration::from_secs(2),
    attempts: 4,
};

/// A machine whose scheduler signed in to a fake Drive.
struct Place {
    machine: Machine,
    fake: FakeDrive,
    imports: Imports,
    drive: Drive,
}

impl Place {
    async fn new() -> Place {
        let fake = FakeDrive::start();
        let settings = fake.settings();
        Place::with(fake, settings).await
    }

    async fn with(fake: FakeDrive, settings: DriveSettings) -> Place {
        let machine = Machine::new();
        let token = token_file(&machine, &fake);
        let named = [
            format!("data-key={}", machine.path().join("data-key").display()),
            format!("google-drive={}", token.display()),
        ];
        let secrets = Secrets::new(SystemKeychain::system(), Named::parse(&named, &[]).unwrap());
        let config = Config { drive: settings, ..Config::default() };
        let profiles = Profiles::new(machine.folders(), config, secrets);
        let drive = Drive::with_pace(profiles.clone(), PACE).unwrap();
        let imports = Imports::open(profiles, &machine.data_key()).await.unwrap();
        Place { machine, fake, imports, drive }
    }

    async fn import(&self) -> ImportView {
        self.imports.create(Some("Test")).await.unwrap()
    }

    async fn try_add(&self, import: u32, files: &[&str], job: &Job) -> Result<DriveAdded, Error> {
        let files: Vec<_> = files.iter().map(|id| (*id).to_owned()).collect();
        self.imports.add_drive_files(&self.drive, import, ACCOUNT, &files, job).await
    }

    /// Adds one file to a new import: what came, or the error as a person sees it.
    async fn add_one(&self, id: &str) -> Result<DriveAdded, String> {
        let import = self.import().await;
        let added =
            self.try_add(import.id, &[id], &Job::silent()).await.map_err(|error| error.to_string())?;
        match added.not_added.first() {
            Some(not) => Err(format!("{}. {}", not.message, not.help.clone().unwrap_or_default())),
            None => Ok(added),
        }
    }

    /// The bytes that Muster keeps of an import's first file.
    fn kept(&self, added: &DriveAdded) -> Vec<u8> {
        let sha256 = &added.import.files[0].sha256;
        std::fs::read(self.machine.folders().raw_files().join(sha256)).unwrap()
    }

    /// What is in the folder of raw files.
    fn raw_files(&self) -> usize {
        std::fs::read_dir(self.machine.folders().raw_files()).map_or(0, Iterator::count)
    }
}

/// A file of the scheduler's with a sign-in that is good.
fn token_file(machine: &Machine, fake: &FakeDrive) -> PathBuf {
    let path = machine.file("google-drive", format!("{}\n", fake.refresh_token()));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

fn query(place: DrivePlace) -> DriveQuery {
    DriveQuery { account: ACCOUNT.to_owned(), place, folder: None, drive: None, search: None, page: None }
}
