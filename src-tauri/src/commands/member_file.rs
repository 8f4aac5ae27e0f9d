//! Commands of the Member file screen.

use muster_backend::member_file::{
    FileVersion, MemberDraft, MemberFileView, MemberFiles, MemberRowChange, MemberRowChoice, MemberRowQuery,
    MemberRows, MemberStep,
};
use tauri::{AppHandle, State};

use crate::dialogs;
use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_open(
    app: AppHandle,
    files: State<'_, MemberFiles>,
    job: String,
) -> Answer<Option<MemberFileView>> {
    let Some(path) = dialogs::pick_member_file(&app).await? else { return Ok(None) };
    let running = Running::start(&app, &job);
    Ok(Some(files.open(&path, running.job()).await?))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_current(files: State<'_, MemberFiles>) -> Answer<Option<MemberFileView>> {
    Ok(files.current().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_drafts(files: State<'_, MemberFiles>) -> Answer<Vec<MemberDraft>> {
    Ok(files.drafts().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_resume(
    files: State<'_, MemberFiles>,
    draft: String,
) -> Answer<MemberFileView> {
    Ok(files.resume(draft).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_discard_draft(
    files: State<'_, MemberFiles>,
    draft: String,
) -> Answer<Vec<MemberDraft>> {
    Ok(files.discard_draft(draft).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_close(files: State<'_, MemberFiles>, file_id: u32) -> Answer<()> {
    Ok(files.close(file_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_rows(
    files: State<'_, MemberFiles>,
    file_id: u32,
    query: MemberRowQuery,
    offset: u32,
    limit: u32,
) -> Answer<MemberRows> {
    Ok(files.rows(file_id, query, offset, limit).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_edit(
    files: State<'_, MemberFiles>,
    file_id: u32,
    row: u32,
    column: u32,
    value: Option<String>,
) -> Answer<MemberRowChange> {
    Ok(files.edit(file_id, row, column, value).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_add_row(
    files: State<'_, MemberFiles>,
    file_id: u32,
) -> Answer<MemberRowChange> {
    Ok(files.add_row(file_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_delete_rows(
    files: State<'_, MemberFiles>,
    file_id: u32,
    rows: MemberRowChoice,
) -> Answer<MemberFileView> {
    Ok(files.delete_rows(file_id, rows).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_bring_back_rows(
    files: State<'_, MemberFiles>,
    file_id: u32,
    rows: MemberRowChoice,
) -> Answer<MemberFileView> {
    Ok(files.bring_back_rows(file_id, rows).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_undo(files: State<'_, MemberFiles>, file_id: u32) -> Answer<MemberFileView> {
    Ok(files.undo(file_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_redo(files: State<'_, MemberFiles>, file_id: u32) -> Answer<MemberFileView> {
    Ok(files.redo(file_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_steps(
    files: State<'_, MemberFiles>,
    file_id: u32,
) -> Answer<Vec<MemberStep>> {
    Ok(files.steps(file_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_save(
    app: AppHandle,
    files: State<'_, MemberFiles>,
    file_id: u32,
    job: String,
) -> Answer<MemberFileView> {
    let running = Running::start(&app, &job);
    Ok(files.save(file_id, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_save_as(
    app: AppHandle,
    files: State<'_, MemberFiles>,
    file_id: u32,
    job: String,
) -> Answer<Option<MemberFileView>> {
    let Some(path) = dialogs::save_member_file(&app).await? else { return Ok(None) };
    let running = Running::start(&app, &job);
    Ok(Some(files.save_as(file_id, &path, running.job()).await?))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_reload(
    app: AppHandle,
    files: State<'_, MemberFiles>,
    file_id: u32,
    job: String,
) -> Answer<MemberFileView> {
    let running = Running::start(&app, &job);
    Ok(files.reload(file_id, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_versions(
    files: State<'_, MemberFiles>,
    file_id: u32,
) -> Answer<Vec<FileVersion>> {
    Ok(files.versions(file_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_file_restore(
    app: AppHandle,
    files: State<'_, MemberFiles>,
    file_id: u32,
    version: String,
    job: String,
) -> Answer<MemberFileView> {
    let running = Running::start(&app, &job);
    Ok(files.restore(file_id, version, running.job()).await?)
}
