//! Commands of the Fix step.

use muster_backend::imports::{Field, ImportView, Imports, NewOperation, OperationResult, OperationView};
use muster_backend::staging::{
    CellStory, Facet, FieldInfo, IssueCount, ReplacePreview, RowBlock, RowQuery, RowStory, SpellingGroup,
};
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn stage(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    job: String,
) -> Answer<ImportView> {
    let running = Running::start(&app, &job);
    Ok(imports.stage(import_id, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn fields(imports: State<'_, Imports>, import_id: u32) -> Answer<Vec<FieldInfo>> {
    Ok(imports.fields(import_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn rows(
    imports: State<'_, Imports>,
    import_id: u32,
    query: RowQuery,
    offset: u32,
    limit: u32,
) -> Answer<RowBlock> {
    Ok(imports.rows(import_id, query, offset, limit).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn issue_counts(
    imports: State<'_, Imports>,
    import_id: u32,
    query: RowQuery,
) -> Answer<Vec<IssueCount>> {
    Ok(imports.issue_counts(import_id, query).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn facet(
    imports: State<'_, Imports>,
    import_id: u32,
    field: Field,
    query: RowQuery,
    search: Option<String>,
) -> Answer<Facet> {
    Ok(imports.facet(import_id, field, query, search).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn spellings(
    imports: State<'_, Imports>,
    import_id: u32,
    field: Field,
) -> Answer<Vec<SpellingGroup>> {
    Ok(imports.spellings(import_id, field).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn cell_story(
    imports: State<'_, Imports>,
    import_id: u32,
    row: u32,
    field: Field,
) -> Answer<CellStory> {
    Ok(imports.cell_story(import_id, row, field).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn row_story(imports: State<'_, Imports>, import_id: u32, row: u32) -> Answer<RowStory> {
    Ok(imports.row_story(import_id, row).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn operations(imports: State<'_, Imports>, import_id: u32) -> Answer<Vec<OperationView>> {
    Ok(imports.operations(import_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn operation_add(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    operation: NewOperation,
    job: String,
) -> Answer<OperationResult> {
    let running = Running::start(&app, &job);
    Ok(imports.add_operation(import_id, operation, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn operation_undo(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    operation_id: u32,
    job: String,
) -> Answer<OperationResult> {
    let running = Running::start(&app, &job);
    Ok(imports.undo_operation(import_id, operation_id, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn operation_redo(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    job: String,
) -> Answer<OperationResult> {
    let running = Running::start(&app, &job);
    Ok(imports.redo_operation(import_id, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn replace_preview(
    imports: State<'_, Imports>,
    import_id: u32,
    operation: NewOperation,
) -> Answer<ReplacePreview> {
    Ok(imports.preview_operation(import_id, operation).await?)
}
