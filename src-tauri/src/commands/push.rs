//! Commands of the Push step and of the History screen.

use muster_backend::export::{ExportFormat, ExportReport};
use muster_backend::imports::{Imports, PushChoice};
use muster_backend::push::{Fate, PlanRows, PlanView, PlannedStatement, PushEntry, PushReport, UndoReport};
use tauri::{AppHandle, State};

use crate::dialogs;
use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn plan(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    how: PushChoice,
    job: String,
) -> Answer<PlanView> {
    let running = Running::start(&app, &job);
    Ok(imports.plan(import_id, how, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_rows(
    imports: State<'_, Imports>,
    import_id: u32,
    fate: Fate,
    offset: u32,
    limit: u32,
) -> Answer<PlanRows> {
    Ok(imports.plan_rows(import_id, fate, offset, limit).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_sql(
    imports: State<'_, Imports>,
    import_id: u32,
    how: PushChoice,
) -> Answer<Vec<PlannedStatement>> {
    Ok(imports.plan_sql(import_id, how).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn push(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    package_id: String,
    how: PushChoice,
    confirmed: Option<String>,
    job: String,
) -> Answer<PushReport> {
    let running = Running::start(&app, &job);
    Ok(imports.push(import_id, &package_id, how, confirmed.as_deref(), running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn export_files(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    formats: Vec<ExportFormat>,
    job: String,
) -> Answer<Option<ExportReport>> {
    let Some(folder) = dialogs::pick_folder(&app).await? else { return Ok(None) };
    let running = Running::start(&app, &job);
    Ok(Some(imports.export(import_id, &folder, formats, running.job()).await?))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn report_save(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
) -> Answer<Option<String>> {
    let Some(path) = dialogs::save_file(&app, "report.json").await? else { return Ok(None) };
    Ok(Some(imports.save_report(import_id, &path).await?))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn push_history(imports: State<'_, Imports>) -> Answer<Vec<PushEntry>> {
    Ok(imports.push_history().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn undo(
    app: AppHandle,
    imports: State<'_, Imports>,
    entry: u32,
    dry_run: bool,
    confirmed: Option<String>,
    job: String,
) -> Answer<UndoReport> {
    let running = Running::start(&app, &job);
    Ok(imports.undo(entry, dry_run, confirmed.as_deref(), running.job()).await?)
}
