//! `muster run`.

use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::run::{RunRequest, files_of_paths, read_recipe, run};
use muster_backend::{Error, Job};

use crate::arguments::RunArguments;
use crate::output::{self, Output};

pub(super) async fn run_import(
    profiles: &Profiles,
    arguments: RunArguments,
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
    let request = RunRequest {
        recipe,
        base,
        name,
        profile: arguments.profile,
        out: arguments.out,
        xlsx: arguments.xlsx,
        plan_only: arguments.plan_only,
        confirmed: arguments.confirm,
    };
    let ran = run(profiles.folders(), &profiles.config(), request, job).await?;
    output.report(&ran.report)
}
