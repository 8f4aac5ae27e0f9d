//! Commands of the Columns step.

use muster_backend::imports::{ColumnValuePage, DateOrder, FileColumns, Imports, Target};
use tauri::State;

use crate::error::Answer;

#[tauri::command]
#[specta::specta]
pub(crate) async fn columns(imports: State<'_, Imports>, import_id: u32) -> Answer<Vec<FileColumns>> {
    Ok(imports.columns(import_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn column_set_target(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    column: u32,
    target: Option<Target>,
) -> Answer<Vec<FileColumns>> {
    Ok(imports.set_target(import_id, file_id, column, target).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn column_set_date_order(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    column: u32,
    order: Option<DateOrder>,
) -> Answer<Vec<FileColumns>> {
    Ok(imports.set_date_order(import_id, file_id, column, order).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn column_values(
    imports: State<'_, Imports>,
    import_id: u32,
    file_id: u32,
    column: u32,
    search: Option<String>,
    offset: u32,
    limit: u32,
) -> Answer<ColumnValuePage> {
    Ok(imports.column_values(import_id, file_id, column, search.as_deref(), offset, limit).await?)
}
