//! Commands of the Rejects screen, on the active profile.

use muster_backend::rejects::{
    RejectFilter, RejectPage, RejectView, Rejects, ReplayChoice, ReplayPlan, ReplayReport,
};
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn rejects_open(rejects: State<'_, Rejects>) -> Answer<u32> {
    Ok(rejects.count_open(None).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn rejects_list(
    rejects: State<'_, Rejects>,
    filter: RejectFilter,
    offset: u32,
    limit: u32,
) -> Answer<RejectPage> {
    Ok(rejects.list(None, filter, offset, limit).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn reject_show(rejects: State<'_, Rejects>, reject_id: u32) -> Answer<RejectView> {
    Ok(rejects.show(None, reject_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn reject_fix(
    app: AppHandle,
    rejects: State<'_, Rejects>,
    reject_id: u32,
    version: u32,
    cells: Vec<String>,
    job: String,
) -> Answer<RejectView> {
    let running = Running::start(&app, &job);
    Ok(rejects.fix(None, reject_id, version, &cells, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn reject_dismiss(
    app: AppHandle,
    rejects: State<'_, Rejects>,
    reject_id: u32,
    dismissed: bool,
    job: String,
) -> Answer<RejectView> {
    let running = Running::start(&app, &job);
    Ok(rejects.dismiss(None, reject_id, dismissed, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn replay_plan(
    app: AppHandle,
    rejects: State<'_, Rejects>,
    choice: ReplayChoice,
    job: String,
) -> Answer<ReplayPlan> {
    let running = Running::start(&app, &job);
    Ok(rejects.plan(None, &choice, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn replay(
    app: AppHandle,
    rejects: State<'_, Rejects>,
    choice: ReplayChoice,
    plan: String,
    confirmed: Option<String>,
    job: String,
) -> Answer<ReplayReport> {
    let running = Running::start(&app, &job);
    Ok(rejects.replay(None, &choice, Some(&plan), confirmed.as_deref(), running.job()).await?)
}
