//! Commands of the archive of raw files, in Settings and on the History screen. No secret goes to the screens.

use muster_backend::archive::{ArchiveForm, ArchiveTestReport, ArchiveView, ArchivedFile};
use muster_backend::config::Problem;
use muster_backend::profiles::Profiles;
use muster_backend::secret::Secret;
use tauri::{AppHandle, State};

use crate::dialogs;
use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) fn archive(profiles: State<'_, Profiles>) -> Answer<ArchiveView> {
    Ok(profiles.archive())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn archive_has_secret(profiles: State<'_, Profiles>) -> Answer<bool> {
    Ok(profiles.archive_has_secret().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) fn archive_check(profiles: State<'_, Profiles>, form: ArchiveForm) -> Answer<Vec<Problem>> {
    Ok(profiles.check_archive(&form))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn archive_set(
    profiles: State<'_, Profiles>,
    form: ArchiveForm,
    secret: Option<String>,
) -> Answer<ArchiveView> {
    Ok(profiles.set_archive(&form, secret.map(Secret::new)).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn archive_test(
    app: AppHandle,
    profiles: State<'_, Profiles>,
    job: String,
) -> Answer<ArchiveTestReport> {
    let running = Running::start(&app, &job);
    Ok(profiles.test_archive(running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn archive_files(profiles: State<'_, Profiles>, push: u32) -> Answer<Vec<ArchivedFile>> {
    Ok(profiles.archived(None, Some(push)).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn archive_save(
    app: AppHandle,
    profiles: State<'_, Profiles>,
    push: u32,
    sha256: String,
    job: String,
) -> Answer<Option<String>> {
    let file = profiles.archived_file(push, &sha256).await?;
    let Some(path) = dialogs::save_raw_file(&app, &file.name).await? else { return Ok(None) };
    let running = Running::start(&app, &job);
    profiles.save_archived(None, &file.sha256, &path, running.job()).await?;
    Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()))
}
