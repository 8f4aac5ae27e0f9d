//! Commands of the Statistics screen, on the active profile.

use muster_backend::export::ExportedFile;
use muster_backend::profiles::Profiles;
use muster_backend::statistics::{self, StatisticsQuery, StatisticsView};
use tauri::{AppHandle, State};

use crate::dialogs;
use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn statistics(
    app: AppHandle,
    profiles: State<'_, Profiles>,
    query: StatisticsQuery,
    job: String,
) -> Answer<StatisticsView> {
    let running = Running::start(&app, &job);
    Ok(statistics::count(&profiles, None, &query, running.job()).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn statistics_save(
    app: AppHandle,
    profiles: State<'_, Profiles>,
    query: StatisticsQuery,
    job: String,
) -> Answer<Option<ExportedFile>> {
    let Some(path) = dialogs::save_statistics(&app).await? else { return Ok(None) };
    let running = Running::start(&app, &job);
    let counted = statistics::count(&profiles, None, &query, running.job()).await?;
    Ok(Some(statistics::export(&counted, &path, running.job())?))
}
