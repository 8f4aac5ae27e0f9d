//! Commands of the scores of an import.

use muster_backend::imports::{Imports, PushChoice, ScoresView};
use muster_backend::push::{ScoreSettings, ScoresPreview};
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn scores(imports: State<'_, Imports>, import_id: u32) -> Answer<ScoresView> {
    Ok(imports.scores(import_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn scores_set(
    imports: State<'_, Imports>,
    import_id: u32,
    unify: bool,
    settings: ScoreSettings,
) -> Answer<ScoresView> {
    Ok(imports.scores_set(import_id, unify, settings).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn scores_preview(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    how: PushChoice,
    settings: ScoreSettings,
    job: String,
) -> Answer<ScoresPreview> {
    let running = Running::start(&app, &job);
    Ok(imports.scores_preview(import_id, how, settings, running.job()).await?)
}
