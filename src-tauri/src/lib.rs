//! The desktop shell: one window, native dialogs, and typed commands that call the backend's use cases.
//!
//! The web view is not trusted: it gets small commands, ids instead of paths, and no SQL.

mod browser;
mod commands;
mod dialogs;
mod dropped;
mod error;
mod jobs;
mod picked;
mod schedules;
mod workspace;

use muster_backend::Error;
use muster_backend::member_file::MemberFiles;
use muster_backend::telemetry;
use tauri::{Manager, Window, WindowEvent};

use dropped::Dropped;
use jobs::Jobs;
use picked::Picked;
use workspace::Opening;

/// Opens the window and works until it is closed.
///
/// # Errors
/// When no window can be opened. What else may fail at the start is told in the window.
pub fn run() -> Result<(), Error> {
    workspace::begin();
    telemetry::watch_panics();
    let specta = commands::builder();
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(Opening::default())
        .manage(Jobs::default())
        .manage(Dropped::default())
        .manage(Picked::default())
        .invoke_handler(specta.invoke_handler())
        .on_window_event(on_window_event)
        .setup(|app| {
            schedules::watch(app.handle().clone());
            Ok(())
        })
        .run(tauri::generate_context!())
        .map_err(|_| {
            Error::new(muster_backend::Code::Internal, "The window could not be opened")
                .with_help("Without a display, use the program muster.")
        })
}

fn on_window_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::DragDrop(event) => window.state::<Dropped>().on_event(window, event),
        // Work in progress stops at its next step and leaves everything as it was.
        WindowEvent::CloseRequested { .. } => window.state::<Jobs>().cancel_all(),
        // A working copy in which everything is saved is gone before the program is; another one stays, as a draft.
        WindowEvent::Destroyed => {
            if let Some(files) = window.try_state::<MemberFiles>() {
                files.close_all();
            }
            workspace::end();
        }
        _ => {}
    }
}
