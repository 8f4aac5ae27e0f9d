//! `muster run`.

use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::run::{MatchSettings, RunRequest, files_of_paths, read_recipe, run};
use muster_backend::{Error, Job};

use crate::arguments::{PlanArguments, RunArguments};
use crate::output::{self, Output};

pub(super) async fn run_import(
    profiles: &Profiles,
    arguments: RunArguments,
    sql: bool,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let here = std::env::current_dir().map_err(|error| Error::disk("find the current folder", &error))?;
    let (recipe, base, name) = match &arguments.recipe {
        Some(path) => {
            let folder = path.parent().map(|folder| here.join(folder)).unwrap_or(here);
            (read_recipe(path)?, folder, output::file_stem(path))
        }
        None => {
            let names: Vec<_> = arguments.files.iter().map(|path| output::file_stem(path)).collect();
            (files_of_paths(&arguments.files)?, here, names.join(", "))
        }
    };
    let mut recipe = recipe;
    if let Some(mode) = arguments.mode {
        recipe.push.mode = mode.into();
    }
    if arguments.matching && recipe.matching.is_none() {
        recipe.matching = Some(MatchSettings::default());
    }
    let request = RunRequest {
        recipe,
        base,
        name,
        profile: arguments.profile,
        out: arguments.out,
        xlsx: arguments.xlsx,
        plan_only: arguments.plan_only,
        sql,
        remove_missing: arguments.remove_missing,
        confirmed: arguments.confirm,
    };
    let ran = run(profiles, request, job).await?;
    output.report(&ran.report)
}

/// `muster plan`: what a push would do.
pub(super) async fn plan(
    profiles: &Profiles,
    arguments: PlanArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let run = RunArguments { plan_only: true, ..arguments.run };
    run_import(profiles, run, arguments.sql, output, job).await
}

/// `muster push`: `muster run` to a database, also where there is a folder for the files.
pub(super) async fn push(
    profiles: &Profiles,
    arguments: RunArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let profile = arguments.profile.clone().unwrap_or_else(|| profiles.config().active_profile.clone());
    run_import(profiles, RunArguments { profile: Some(profile), ..arguments }, false, output, job).await
}
