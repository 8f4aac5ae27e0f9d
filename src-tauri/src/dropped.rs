//! Files dropped on the window. The screens get their names and a token, never their paths.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;

use muster_backend::Error;
use serde::Serialize;
use specta::Type;
use tauri::{DragDropEvent, Emitter, Window};

/// Files were dropped. Event `files-dropped`.
#[derive(Debug, Clone, Serialize, Type)]
pub(crate) struct FilesDropped {
    token: String,
    names: Vec<String>,
}

/// Files hover over the window, or left it. Event `drag-over`.
#[derive(Debug, Clone, Serialize, Type)]
pub(crate) struct DragOver {
    over: bool,
}

/// Dropped files that no screen has taken yet.
#[derive(Default)]
pub(crate) struct Dropped {
    waiting: Mutex<(u64, HashMap<String, Vec<PathBuf>>)>,
}

impl Dropped {
    /// Tells the window about a drag.
    pub(crate) fn on_event(&self, window: &Window, event: &DragDropEvent) {
        // A window that is closing needs no events.
        let _ = match event {
            DragDropEvent::Enter { .. } => window.emit("drag-over", DragOver { over: true }),
            DragDropEvent::Leave => window.emit("drag-over", DragOver { over: false }),
            DragDropEvent::Drop { paths, .. } => {
                let _ = window.emit("drag-over", DragOver { over: false });
                self.keep(paths).map_or(Ok(()), |dropped| window.emit("files-dropped", dropped))
            }
            _ => Ok(()),
        };
    }

    fn keep(&self, paths: &[PathBuf]) -> Option<FilesDropped> {
        let mut waiting = self.waiting.lock().ok()?;
        let (number, files) = &mut *waiting;
        *number += 1;
        // What an earlier drop left is not taken any more.
        files.clear();
        let token = format!("drop-{number}");
        files.insert(token.clone(), paths.to_vec());
        let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        Some(FilesDropped { token, names: paths.iter().filter_map(name).collect() })
    }

    /// Takes the files of a drop, once.
    pub(crate) fn take(&self, token: &str) -> Result<Vec<PathBuf>, Error> {
        let found = self.waiting.lock().ok().and_then(|mut waiting| waiting.1.remove(token));
        found.ok_or_else(|| Error::not_found("set of dropped files"))
    }
}
