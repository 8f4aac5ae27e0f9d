//! Native dialogs: they run here, so that no path passes through the web view.

use std::path::{Path, PathBuf};

use muster_backend::Error;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FilePath};

/// Endings of lists.
const LISTS: [&str; 9] = ["csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xlsb", "xls", "ods"];

/// Lets the person choose lists; empty where they cancel.
pub(crate) async fn pick_lists(app: &AppHandle) -> Result<Vec<PathBuf>, Error> {
    if let Some(paths) = answer("MUSTER_E2E_PICK_FILES") {
        return Ok(std::env::split_paths(&paths).collect());
    }
    let dialog = app
        .dialog()
        .file()
        .set_title("Choose lists")
        .add_filter("Lists", &LISTS)
        .add_filter("All files", &["*"]);
    let picked = off_thread(move || dialog.blocking_pick_files()).await?;
    picked.unwrap_or_default().into_iter().map(to_path).collect()
}

/// Lets the person choose one list.
pub(crate) async fn pick_list(app: &AppHandle) -> Result<Option<PathBuf>, Error> {
    if let Some(paths) = answer("MUSTER_E2E_PICK_FILES") {
        return Ok(std::env::split_paths(&paths).next());
    }
    let dialog = app.dialog().file().set_title("Choose the newer list").add_filter("Lists", &LISTS);
    off_thread(move || dialog.blocking_pick_file()).await?.map(to_path).transpose()
}

/// Lets the person choose a member file.
pub(crate) async fn pick_member_file(app: &AppHandle) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = answer("MUSTER_E2E_MEMBER_FILE") {
        return Ok(Some(path.into()));
    }
    let dialog =
        app.dialog().file().set_title("Open a member file").add_filter("CSV and XLSX", &["csv", "xlsx"]);
    off_thread(move || dialog.blocking_pick_file()).await?.map(to_path).transpose()
}

/// Lets the person choose where a member file is saved.
pub(crate) async fn save_member_file(app: &AppHandle) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = answer("MUSTER_E2E_SAVE_MEMBER_FILE") {
        return Ok(Some(path.into()));
    }
    let dialog = app
        .dialog()
        .file()
        .set_title("Save the member file as")
        .add_filter("CSV", &["csv"])
        .add_filter("Excel workbook", &["xlsx"])
        .set_file_name("members.csv");
    off_thread(move || dialog.blocking_save_file()).await?.map(to_path).transpose()
}

/// Lets the person choose a folder.
pub(crate) async fn pick_folder(app: &AppHandle) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = answer("MUSTER_E2E_PICK_FOLDER") {
        return Ok(Some(path.into()));
    }
    let dialog = app.dialog().file().set_title("Choose a folder for the files");
    off_thread(move || dialog.blocking_pick_folder()).await?.map(to_path).transpose()
}

/// Lets the person choose a recipe.
pub(crate) async fn pick_recipe(app: &AppHandle) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = answer("MUSTER_E2E_PICK_RECIPE") {
        return Ok(Some(path.into()));
    }
    let dialog = app.dialog().file().set_title("Choose a recipe").add_filter("Recipes", &["yml", "yaml"]);
    off_thread(move || dialog.blocking_pick_file()).await?.map(to_path).transpose()
}

/// Lets the person choose where a file is saved.
pub(crate) async fn save_file(app: &AppHandle, name: &str) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = answer("MUSTER_E2E_SAVE_FILE") {
        return Ok(Some(path.into()));
    }
    let dialog = app.dialog().file().set_title("Save the report").set_file_name(name);
    off_thread(move || dialog.blocking_save_file()).await?.map(to_path).transpose()
}

/// Lets the person choose where a raw file is saved, under the name that it had or another one.
pub(crate) async fn save_raw_file(app: &AppHandle, name: &str) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = answer("MUSTER_E2E_SAVE_RAW_FILE") {
        return Ok(Some(path.into()));
    }
    // The name is another person's: it may name no folder.
    let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    let dialog = app.dialog().file().set_title("Save the file as it came").set_file_name(name);
    off_thread(move || dialog.blocking_save_file()).await?.map(to_path).transpose()
}

/// Lets the person choose where statistics are saved.
pub(crate) async fn save_statistics(app: &AppHandle) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = answer("MUSTER_E2E_SAVE_FILE") {
        return Ok(Some(path.into()));
    }
    let dialog = app
        .dialog()
        .file()
        .set_title("Save the statistics")
        .add_filter("Excel workbook", &["xlsx"])
        .add_filter("CSV", &["csv"])
        .set_file_name("statistics.xlsx");
    off_thread(move || dialog.blocking_save_file()).await?.map(to_path).transpose()
}

/// An answer that a test gives in place of a person.
#[cfg(feature = "e2e")]
fn answer(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

#[cfg(not(feature = "e2e"))]
fn answer(_: &str) -> Option<std::ffi::OsString> {
    None
}

async fn off_thread<T: Send + 'static>(dialog: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tauri::async_runtime::spawn_blocking(dialog)
        .await
        .map_err(|_| Error::new(muster_backend::Code::Internal, "The dialog could not be shown"))
}

fn to_path(path: FilePath) -> Result<PathBuf, Error> {
    path.into_path().map_err(|_| {
        Error::new(muster_backend::Code::InvalidInput, "The chosen place is no file on this machine")
    })
}
