//! Files and folders that were chosen for a form: the screens show where they are, and name them by a token. What a screen
//! says is never taken for a path.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;

use muster_backend::schedule::{ScheduleForm, Schedules};
use muster_backend::{Code, Error};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A file or a folder that was chosen.
#[derive(Debug, Clone, Serialize, Type)]
pub(crate) struct PickedPath {
    token: String,
    /// To show it
    path: String,
}

/// A schedule as a form has it.
#[derive(Debug, Clone, Deserialize, Type)]
pub(crate) struct ScheduleInput {
    /// Token of the recipe; without one, it stays what it was
    recipe: Option<String>,
    profile: String,
    /// `HH:MM`
    daily: String,
    weekly: Vec<muster_backend::config::Day>,
    /// Token of the folder for the result files; without one, there is none, or it stays
    out: Option<String>,
    /// The folder stays what it was
    keep_out: bool,
    /// The name of a prod profile, typed to confirm
    confirmed: Option<String>,
}

/// What was chosen since the window was opened.
#[derive(Default)]
pub(crate) struct Picked {
    paths: Mutex<(u64, HashMap<String, PathBuf>)>,
}

impl Picked {
    /// Keeps what was chosen.
    pub(crate) fn keep(&self, path: PathBuf) -> Option<PickedPath> {
        let mut paths = self.paths.lock().ok()?;
        let (number, known) = &mut *paths;
        *number += 1;
        let token = format!("picked-{number}");
        let shown = path.to_string_lossy().into_owned();
        known.insert(token.clone(), path);
        Some(PickedPath { token, path: shown })
    }

    fn path(&self, token: &str) -> Result<String, Error> {
        let found = self.paths.lock().ok().and_then(|paths| paths.1.get(token).cloned());
        let path = found.ok_or_else(|| Error::not_found("choice of a file"))?;
        path.into_os_string()
            .into_string()
            .map_err(|_| Error::new(Code::InvalidInput, "The name of a file is not text"))
    }

    /// The form with its paths. What is not there is empty, for the check to tell.
    pub(crate) fn form(
        &self,
        schedules: &Schedules,
        name: &str,
        input: ScheduleInput,
    ) -> Result<ScheduleForm, Error> {
        let former = schedules.find(name).ok();
        let recipe = match &input.recipe {
            Some(token) => self.path(token)?,
            None => former.as_ref().map(|former| former.recipe.clone()).unwrap_or_default(),
        };
        let out = match &input.out {
            Some(token) => Some(self.path(token)?),
            None => former.and_then(|former| former.out).filter(|_| input.keep_out),
        };
        let ScheduleInput { profile, daily, weekly, confirmed, .. } = input;
        Ok(ScheduleForm { recipe, profile, daily, weekly, out, confirmed })
    }
}
