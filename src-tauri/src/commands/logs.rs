//! Commands of the log, in Settings. No key goes back to the screens.

use muster_backend::config::LogsConfig;
use muster_backend::profiles::Profiles;
use muster_backend::secret::Secret;
use muster_backend::steps::TestedSteps;
use muster_backend::telemetry::{LogsStep, LogsView};
use tauri::{AppHandle, State};

use crate::browser;
use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) fn logs_settings(profiles: State<'_, Profiles>) -> Answer<LogsView> {
    Ok(profiles.logs())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn logs_has_key(profiles: State<'_, Profiles>) -> Answer<bool> {
    Ok(profiles.secrets().have_for_logs().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn logs_save(profiles: State<'_, Profiles>, settings: LogsConfig) -> Answer<LogsView> {
    Ok(profiles.set_logs(settings).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn logs_set_key(profiles: State<'_, Profiles>, key: Option<String>) -> Answer<bool> {
    profiles.set_logs_key(key.map(Secret::new)).await?;
    Ok(profiles.secrets().have_for_logs().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) fn logs_open_folder(profiles: State<'_, Profiles>) -> Answer<()> {
    Ok(browser::show_folder(&profiles.folders().logs())?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn logs_test(
    app: AppHandle,
    profiles: State<'_, Profiles>,
    job: String,
) -> Answer<TestedSteps<LogsStep>> {
    let running = Running::start(&app, &job);
    Ok(profiles.test_logs(running.job()).await?)
}
