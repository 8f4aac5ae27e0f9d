//! Commands of database profiles, in the top bar and in Settings. No secret goes back to the screens.

use muster_backend::config::{Problem, ProfileInfo};
use muster_backend::profiles::{ProfileForm, ProfileView, Profiles, RemovedProfile, TestReport};
use muster_backend::secret::Secret;
use muster_backend::{Code, Error};
use tauri::{AppHandle, State};

use crate::error::Answer;
use crate::jobs::Running;

#[tauri::command]
#[specta::specta]
pub(crate) fn profile_list(profiles: State<'_, Profiles>) -> Answer<Vec<ProfileView>> {
    Ok(profiles.list())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profiles_with_secret(profiles: State<'_, Profiles>) -> Answer<Vec<String>> {
    Ok(profiles.with_secret().await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) fn profile_check(
    profiles: State<'_, Profiles>,
    name: String,
    form: ProfileForm,
    is_new: bool,
) -> Answer<Vec<Problem>> {
    Ok(profiles.check(&name, &form, is_new))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_add(
    profiles: State<'_, Profiles>,
    name: String,
    form: ProfileForm,
) -> Answer<Vec<ProfileView>> {
    profiles.add(&name, &form).await?;
    Ok(profiles.list())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_edit(
    profiles: State<'_, Profiles>,
    name: String,
    form: ProfileForm,
) -> Answer<Vec<ProfileView>> {
    profiles.edit(&name, &form).await?;
    Ok(profiles.list())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_remove(
    profiles: State<'_, Profiles>,
    name: String,
    confirmed_name: String,
) -> Answer<RemovedProfile> {
    if confirmed_name.trim() != name {
        let error = Error::new(Code::Refused, "The typed name is not the name of this profile");
        return Err(error.with_help("Type the name as it is shown.").into());
    }
    Ok(profiles.remove(&name).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_use(profiles: State<'_, Profiles>, name: String) -> Answer<ProfileInfo> {
    Ok(profiles.activate(&name).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_set_secret(
    profiles: State<'_, Profiles>,
    name: String,
    secret: String,
) -> Answer<()> {
    Ok(profiles.set_secret(&name, Secret::new(secret)).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_remove_secret(profiles: State<'_, Profiles>, name: String) -> Answer<()> {
    Ok(profiles.remove_secret(&name).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_test(
    app: AppHandle,
    profiles: State<'_, Profiles>,
    name: String,
    job: String,
) -> Answer<TestReport> {
    let running = Running::start(&app, &job);
    Ok(profiles.test(&name, running.job()).await?)
}
