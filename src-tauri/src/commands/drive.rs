//! Commands of Google Drive, in Settings and in the picker. No token goes to the screens.

use muster_backend::drive::{
    Drive, DriveAccount, DriveClientView, DriveDisconnected, DrivePage, DriveQuery, DriveTestStepName,
};
use muster_backend::imports::{DriveAdded, DriveState, ImportView, Imports};
use muster_backend::secret::Secret;
use muster_backend::steps::TestedSteps;
use tauri::{AppHandle, State};

use crate::browser;
use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_client(drive: State<'_, Drive>) -> Answer<DriveClientView> {
    Ok(drive.client().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_set_client(
    drive: State<'_, Drive>,
    client_id: String,
    secret: Option<String>,
) -> Answer<DriveClientView> {
    Ok(drive.set_client(&client_id, secret.map(Secret::new)).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_accounts(drive: State<'_, Drive>) -> Answer<Vec<DriveAccount>> {
    Ok(drive.accounts().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_connect(
    app: AppHandle,
    drive: State<'_, Drive>,
    job: String,
) -> Answer<DriveAccount> {
    let running = Running::start(&app, &job);
    Ok(drive.connect(&browser::show, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_disconnect(
    app: AppHandle,
    drive: State<'_, Drive>,
    account: String,
    job: String,
) -> Answer<DriveDisconnected> {
    let running = Running::start(&app, &job);
    Ok(drive.disconnect(&account, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_test(
    app: AppHandle,
    drive: State<'_, Drive>,
    account: String,
    job: String,
) -> Answer<TestedSteps<DriveTestStepName>> {
    let running = Running::start(&app, &job);
    Ok(drive.test(&account, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_list(
    app: AppHandle,
    drive: State<'_, Drive>,
    imports: State<'_, Imports>,
    query: DriveQuery,
    job: String,
) -> Answer<DrivePage> {
    let running = Running::start(&app, &job);
    Ok(imports.drive_list(&drive, &query, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_add(
    app: AppHandle,
    drive: State<'_, Drive>,
    imports: State<'_, Imports>,
    import_id: u32,
    account: String,
    files: Vec<String>,
    job: String,
) -> Answer<DriveAdded> {
    let running = Running::start(&app, &job);
    Ok(imports.add_drive_files(&drive, import_id, &account, &files, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_states(
    app: AppHandle,
    drive: State<'_, Drive>,
    imports: State<'_, Imports>,
    import_id: u32,
    job: String,
) -> Answer<Vec<DriveState>> {
    let running = Running::start(&app, &job);
    Ok(imports.drive_states(&drive, import_id, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn drive_update(
    app: AppHandle,
    drive: State<'_, Drive>,
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    job: String,
) -> Answer<ImportView> {
    let running = Running::start(&app, &job);
    Ok(imports.update_drive_file(&drive, import_id, file_id, running.job()).await?)
}
