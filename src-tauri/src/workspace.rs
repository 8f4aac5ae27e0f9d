//! Opening the workspace once the window is there: a keychain that is locked, or settings that do not fit, are told in
//! the window, and can be tried again.

use std::sync::OnceLock;
use std::time::Instant;

use muster_backend::drive::Drive;
use muster_backend::imports::Imports;
use muster_backend::keychain::Keychain;
use muster_backend::member_file::MemberFiles;
use muster_backend::members::Members;
use muster_backend::profiles::Profiles;
use muster_backend::rejects::Rejects;
use muster_backend::schedule::Schedules;
use muster_backend::secrets::{Named, Secrets};
use muster_backend::telemetry::{self, Event, Program, Seconds};
use muster_backend::{Error, Folders, imports};
use tauri::{AppHandle, Manager};
use tokio::sync::Mutex;

/// One attempt at a time.
#[derive(Default)]
pub(crate) struct Opening(Mutex<()>);

/// When the program began.
static BEGAN: OnceLock<Instant> = OnceLock::new();

/// Notes that the program begins.
pub(crate) fn begin() {
    BEGAN.get_or_init(Instant::now);
}

/// Notes that the program ends, and sends what is left of the log.
pub(crate) fn end() {
    let seconds = Seconds::since(*BEGAN.get_or_init(Instant::now));
    telemetry::record(Event::Ended { program: Program::App, command: None, exit_code: 0, seconds });
    telemetry::finish();
}

/// Reads the settings, fetches the key of the data folder and opens the workspace, each unless it is done already.
/// What was opened becomes a state of the app.
pub(crate) async fn open(app: &AppHandle) -> Result<(), Error> {
    let opening = app.state::<Opening>();
    let _one_at_a_time = opening.0.lock().await;
    if app.try_state::<Imports>().is_some() {
        return Ok(());
    }
    if app.try_state::<Profiles>().is_none() {
        let secrets = Secrets::new(Keychain::system(), Named::default());
        let profiles = Profiles::open(Folders::of_person()?, None, secrets)?;
        // The window does not wait for the key of a collector.
        let logged = profiles.clone();
        tauri::async_runtime::spawn(async move { telemetry::start(&logged, Program::App, None).await });
        app.manage(profiles);
    }
    let profiles = app.state::<Profiles>().inner().clone();
    if app.try_state::<Members>().is_none() {
        app.manage(Drive::new(profiles.clone())?);
        app.manage(Members::new(profiles.clone()));
        app.manage(Rejects::new(profiles.clone()));
        app.manage(Schedules::new(profiles.clone()));
    }
    let key = profiles.secrets().data_key(profiles.folders()).await?;
    let folders = profiles.folders().clone();
    let imports = imports::open_workspace(profiles, &key).await?;
    app.manage(MemberFiles::new(&folders, key));
    app.manage(imports);
    Ok(())
}
