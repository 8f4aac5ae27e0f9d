//! Commands that open the workspace, and what every screen shows.

use muster_backend::config::ProfileInfo;
use muster_backend::profiles::Profiles;
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::workspace;

/// What the screens show about the program.
#[derive(Debug, Serialize, Type)]
pub(crate) struct AppInfo {
    version: String,
    data_folder: String,
    profile: ProfileInfo,
}

/// Opens the workspace unless it is open; the other commands can be used once this has answered without an error.
#[tauri::command]
#[specta::specta]
pub(crate) async fn workspace_open(app: AppHandle) -> Answer<()> {
    Ok(workspace::open(&app).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) fn app_info(profiles: State<'_, Profiles>) -> Answer<AppInfo> {
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_folder: profiles.folders().data().to_string_lossy().into_owned(),
        profile: profiles.info(None)?,
    })
}
