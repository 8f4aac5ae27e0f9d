//! Commands of schedules, in Settings.

use muster_backend::config::Problem;
use muster_backend::schedule::{ScheduleTestStepName, ScheduleView, Schedules, TimerReport};
use muster_backend::steps::TestedSteps;
use tauri::{AppHandle, State};

use crate::dialogs;
use crate::error::Answer;
use crate::jobs::Running;
use crate::picked::{Picked, PickedPath, ScheduleInput};

#[tauri::command]
#[specta::specta]
pub(crate) fn schedule_list(schedules: State<'_, Schedules>) -> Answer<Vec<ScheduleView>> {
    Ok(schedules.list()?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_pick_recipe(
    app: AppHandle,
    picked: State<'_, Picked>,
) -> Answer<Option<PickedPath>> {
    Ok(dialogs::pick_recipe(&app).await?.and_then(|path| picked.keep(path)))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_pick_folder(
    app: AppHandle,
    picked: State<'_, Picked>,
) -> Answer<Option<PickedPath>> {
    Ok(dialogs::pick_folder(&app).await?.and_then(|path| picked.keep(path)))
}

#[tauri::command]
#[specta::specta]
pub(crate) fn schedule_check(
    schedules: State<'_, Schedules>,
    picked: State<'_, Picked>,
    name: String,
    input: ScheduleInput,
    is_new: bool,
) -> Answer<Vec<Problem>> {
    Ok(schedules.check(&name, &picked.form(&schedules, &name, input)?, is_new)?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_add(
    schedules: State<'_, Schedules>,
    picked: State<'_, Picked>,
    name: String,
    input: ScheduleInput,
) -> Answer<ScheduleView> {
    Ok(schedules.add(&name, &picked.form(&schedules, &name, input)?).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_edit(
    schedules: State<'_, Schedules>,
    picked: State<'_, Picked>,
    name: String,
    input: ScheduleInput,
) -> Answer<TimerReport> {
    Ok(schedules.edit(&name, &picked.form(&schedules, &name, input)?).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_remove(schedules: State<'_, Schedules>, name: String) -> Answer<TimerReport> {
    Ok(schedules.remove(&name).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_pause(
    schedules: State<'_, Schedules>,
    name: String,
    paused: bool,
) -> Answer<ScheduleView> {
    Ok(schedules.pause(&name, paused).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_set_timer(
    schedules: State<'_, Schedules>,
    name: String,
    on: bool,
) -> Answer<TimerReport> {
    Ok(schedules.set_os_timer(&name, on).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_run(
    app: AppHandle,
    schedules: State<'_, Schedules>,
    name: String,
    job: String,
) -> Answer<Vec<ScheduleView>> {
    let running = Running::start(&app, &job);
    schedules.run(&name, None, running.job()).await?;
    Ok(schedules.list()?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn schedule_test(
    app: AppHandle,
    schedules: State<'_, Schedules>,
    name: String,
    job: String,
) -> Answer<TestedSteps<ScheduleTestStepName>> {
    let running = Running::start(&app, &job);
    Ok(schedules.test(&name, running.job()).await?)
}
