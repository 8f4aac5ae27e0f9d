//! Commands of the Members screen, on the active profile.

use muster_backend::members::{
    FieldProblem, FieldValue, MemberChoices, MemberEdit, MemberMerge, MemberPage, MemberQuery, MemberScores,
    MemberView, Members, MergeReport, NewMember, UnmergeReport, Written, check,
};
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) async fn members_search(
    members: State<'_, Members>,
    query: MemberQuery,
    offset: u32,
    limit: u32,
) -> Answer<MemberPage> {
    Ok(members.search(None, &query, offset, limit).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_choices(
    members: State<'_, Members>,
    company: Option<String>,
) -> Answer<MemberChoices> {
    Ok(members.choices(None, company.as_deref()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_view(members: State<'_, Members>, member_id: u32) -> Answer<MemberView> {
    Ok(members.view(None, member_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) fn member_check(values: Vec<FieldValue>) -> Answer<Vec<FieldProblem>> {
    Ok(check(&values)?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_create(
    app: AppHandle,
    members: State<'_, Members>,
    member: NewMember,
    confirmed: Option<String>,
    job: String,
) -> Answer<Written> {
    let running = Running::start(&app, &job);
    Ok(members.create(None, &member, confirmed.as_deref(), running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_edit(
    app: AppHandle,
    members: State<'_, Members>,
    member_id: u32,
    edit: MemberEdit,
    confirmed: Option<String>,
    job: String,
) -> Answer<Written> {
    let running = Running::start(&app, &job);
    Ok(members.edit(None, member_id, &edit, confirmed.as_deref(), running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_remove(
    app: AppHandle,
    members: State<'_, Members>,
    member_id: u32,
    version: u32,
    confirmed: Option<String>,
    job: String,
) -> Answer<Written> {
    let running = Running::start(&app, &job);
    Ok(members.remove(None, member_id, version, confirmed.as_deref(), running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_scores(members: State<'_, Members>, member_id: u32) -> Answer<MemberScores> {
    Ok(members.scores(None, member_id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_merge(
    app: AppHandle,
    members: State<'_, Members>,
    merge: MemberMerge,
    dry_run: bool,
    confirmed: Option<String>,
    job: String,
) -> Answer<MergeReport> {
    let running = Running::start(&app, &job);
    Ok(members.merge(None, &merge, dry_run, confirmed.as_deref(), running.job()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn member_unmerge(
    app: AppHandle,
    members: State<'_, Members>,
    merged_id: u32,
    version: Option<u32>,
    dry_run: bool,
    confirmed: Option<String>,
    job: String,
) -> Answer<UnmergeReport> {
    let running = Running::start(&app, &job);
    let confirmed = confirmed.as_deref();
    Ok(members.unmerge(None, merged_id, version, dry_run, confirmed, running.job()).await?)
}
