//! Commands of the Files step.

use muster_backend::imports::{FilePreview, FileRole, ImportView, Imports, ReaderOptions};
use tauri::{AppHandle, State};

use crate::dialogs;
use crate::dropped::Dropped;
use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn files_pick(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    job: String,
) -> Answer<ImportView> {
    let paths = dialogs::pick_lists(&app).await?;
    let running = Running::start(&app, &job);
    Ok(imports.add_files(import_id, &paths, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn files_add_dropped(
    app: AppHandle,
    imports: State<'_, Imports>,
    dropped: State<'_, Dropped>,
    import_id: u32,
    token: String,
    job: String,
) -> Answer<ImportView> {
    let paths = dropped.take(&token)?;
    let running = Running::start(&app, &job);
    Ok(imports.add_files(import_id, &paths, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn file_remove(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
) -> Answer<ImportView> {
    Ok(imports.remove_file(import_id, file_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn file_replace(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    job: String,
) -> Answer<ImportView> {
    let Some(path) = dialogs::pick_list(&app).await? else {
        return Ok(imports.open_import(import_id).await?);
    };
    let running = Running::start(&app, &job);
    Ok(imports.replace_file(import_id, file_id, &path, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn file_set_source(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    source: String,
) -> Answer<ImportView> {
    Ok(imports.set_source(import_id, file_id, &source).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn file_set_role(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    role: FileRole,
) -> Answer<ImportView> {
    Ok(imports.set_role(import_id, file_id, role).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn file_set_options(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    options: ReaderOptions,
) -> Answer<FilePreview> {
    Ok(imports.set_options(import_id, file_id, options).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn file_preview(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
) -> Answer<FilePreview> {
    Ok(imports.preview(import_id, file_id).await?)
}
