//! Begins schedules while the app is open, one after the other.

use std::collections::HashMap;
use std::time::Duration;

use muster_backend::imports::Imports;
use muster_backend::schedule::Schedules;
use tauri::{AppHandle, Manager};

use crate::jobs::Running;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(20);

/// Looks for schedules that are due, from the moment the workspace is open.
pub(crate) fn watch(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        // Begun once in a session, whatever came of it: a full disk must not let one run begin again and again.
        let mut begun = HashMap::new();
        loop {
            tokio::time::sleep(PAUSE).await;
            if app.try_state::<Imports>().is_none() {
                continue;
            }
            let schedules = app.state::<Schedules>().inner().clone();
            // Settings that cannot be read are told on every screen that needs them.
            for due in schedules.due_now().unwrap_or_default() {
                if begun.insert(due.name.clone(), due.at) == Some(due.at) {
                    continue;
                }
                let running = Running::start(&app, &format!("schedule-{}", due.name));
                // What went wrong is noted with the schedule.
                let _ = schedules.run(&due.name, Some(&due), running.job()).await;
            }
        }
    });
}
