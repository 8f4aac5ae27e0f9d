//! Commands of the People step.

use muster_backend::imports::Imports;
use muster_backend::people::{
    BulkMerged, BulkPreview, DecideInput, Decided, DecisionPage, PeopleView, PersonGroup, QueuePage,
    QueueQuery, RulesPreview, SurvivorshipSettings, SurvivorshipView, ThresholdCounts, Thresholds,
};
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn people(imports: State<'_, Imports>, import_id: u32) -> Answer<PeopleView> {
    Ok(imports.people(import_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_match(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    job: String,
) -> Answer<PeopleView> {
    let running = Running::start(&app, &job);
    Ok(imports.people_match(import_id, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_queue(
    imports: State<'_, Imports>,
    import_id: u32,
    query: QueueQuery,
    offset: u32,
    limit: u32,
) -> Answer<QueuePage> {
    Ok(imports.people_queue(import_id, query, offset, limit).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_group(
    imports: State<'_, Imports>,
    import_id: u32,
    group: u32,
) -> Answer<PersonGroup> {
    Ok(imports.people_group(import_id, group).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_decide(
    imports: State<'_, Imports>,
    import_id: u32,
    input: DecideInput,
) -> Answer<Decided> {
    Ok(imports.people_decide(import_id, input).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_revert(
    imports: State<'_, Imports>,
    import_id: u32,
    decision_id: u32,
) -> Answer<PeopleView> {
    Ok(imports.people_revert(import_id, decision_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_decisions(
    imports: State<'_, Imports>,
    search: Option<String>,
    offset: u32,
    limit: u32,
) -> Answer<DecisionPage> {
    Ok(imports.people_decisions(search.as_deref(), offset, limit).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_threshold_counts(
    imports: State<'_, Imports>,
    import_id: u32,
    thresholds: Thresholds,
) -> Answer<ThresholdCounts> {
    Ok(imports.people_threshold_counts(import_id, thresholds).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_set_thresholds(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    thresholds: Thresholds,
    job: String,
) -> Answer<PeopleView> {
    let running = Running::start(&app, &job);
    Ok(imports.people_set_thresholds(import_id, thresholds, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_bulk_preview(
    imports: State<'_, Imports>,
    import_id: u32,
    query: QueueQuery,
) -> Answer<BulkPreview> {
    Ok(imports.people_bulk_preview(import_id, query).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn people_bulk_merge(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    query: QueueQuery,
    job: String,
) -> Answer<BulkMerged> {
    let running = Running::start(&app, &job);
    Ok(imports.people_bulk_merge(import_id, query, running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn survivorship(imports: State<'_, Imports>, import_id: u32) -> Answer<SurvivorshipView> {
    Ok(imports.survivorship(import_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn survivorship_preview(
    imports: State<'_, Imports>,
    import_id: u32,
    settings: SurvivorshipSettings,
) -> Answer<RulesPreview> {
    Ok(imports.survivorship_preview(import_id, settings).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn survivorship_set(
    app: AppHandle,
    imports: State<'_, Imports>,
    import_id: u32,
    settings: SurvivorshipSettings,
    job: String,
) -> Answer<PeopleView> {
    let running = Running::start(&app, &job);
    Ok(imports.survivorship_set(import_id, settings, running.job()).await?)
}
