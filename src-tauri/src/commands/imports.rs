//! Commands of the Imports screen.

use muster_backend::imports::{ImportSummary, ImportView, Imports, Step};
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::jobs::{Jobs, Running};

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_list(imports: State<'_, Imports>) -> Answer<Vec<ImportSummary>> {
    Ok(imports.list().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_create(imports: State<'_, Imports>, name: Option<String>) -> Answer<ImportView> {
    Ok(imports.create(name.as_deref()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_create_sample(
    app: AppHandle,
    imports: State<'_, Imports>,
    job: String,
) -> Answer<ImportView> {
    let running = Running::start(&app, &job);
    Ok(imports.create_sample(running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_open(imports: State<'_, Imports>, import_id: u32) -> Answer<ImportView> {
    Ok(imports.open_import(import_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_rename(
    imports: State<'_, Imports>,
    import_id: u32,
    name: String,
) -> Answer<ImportView> {
    Ok(imports.rename(import_id, &name).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_delete(
    imports: State<'_, Imports>,
    import_id: u32,
    confirmed_name: String,
) -> Answer<()> {
    Ok(imports.delete(import_id, &confirmed_name).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_set_step(
    imports: State<'_, Imports>,
    import_id: u32,
    step: Step,
) -> Answer<ImportView> {
    Ok(imports.set_step(import_id, step).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) fn cancel_job(jobs: State<'_, Jobs>, job: String) -> Answer<()> {
    jobs.cancel(&job);
    Ok(())
}
