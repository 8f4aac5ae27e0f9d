//! `muster`: the use cases of Muster without a screen, for schedulers and scripts.

mod arguments;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;
use muster_backend::config::Config;
use muster_backend::run::{RunRequest, files_of_paths, read_recipe, run};
use muster_backend::{Error, Folders, Job, export, sample};

use arguments::{Arguments, Command, ExportArguments, RunArguments, SampleArguments};
use output::Output;

/// Rows of sample lists where a seed is named and no number.
const DEFAULT_ROWS: u64 = 2_000;

fn main() -> ExitCode {
    if let Some(code) = muster_backend::worker::run_if_asked() {
        return code;
    }
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    let done = tokio::runtime::Runtime::new()
        .map_err(|error| Error::disk("start", &error))
        .and_then(|runtime| runtime.block_on(work(arguments, &output)));
    done.unwrap_or_else(|error| output.failed(&error))
}

async fn work(arguments: Arguments, output: &Output) -> Result<ExitCode, Error> {
    let folders = Folders::of_person()?;
    let config = Config::load(&folders, arguments.config.as_deref())?;
    let job = progress::job(output);
    progress::cancel_on_interrupt(&job);
    match arguments.command {
        Command::Run(arguments) => run_import(&folders, &config, arguments, output, &job).await,
        Command::Export(arguments) => export_members(&folders, &config, &arguments, output, &job).await,
        Command::Sample(arguments) => make_sample(arguments, output, &job),
    }
}

async fn run_import(
    folders: &Folders,
    config: &Config,
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
    let ran = run(folders, config, request, job).await?;
    output.report(&ran.report)
}

async fn export_members(
    folders: &Folders,
    config: &Config,
    arguments: &ExportArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let profile = config.profile_info(arguments.profile.as_deref(), folders)?;
    let (location, out, job) = (profile.location, arguments.out.clone(), job.clone());
    let exported =
        tokio::task::spawn_blocking(move || export::export_members(location.as_ref(), &out, &job)).await;
    let file = exported.map_err(|_| Error::not_found("profile"))??;
    output.object(&file, || format!("{} members in {}", file.rows, file.name))
}

fn make_sample(arguments: SampleArguments, output: &Output, job: &Job) -> Result<ExitCode, Error> {
    let settings = match (arguments.rows, arguments.seed) {
        (None, None) => sample::SampleSettings::first_start(),
        (rows, seed) => sample::SampleSettings::new(rows.unwrap_or(DEFAULT_ROWS), seed.unwrap_or(1)),
    };
    let rows = settings.rows;
    let summary = sample::write_sample(&settings, &arguments.out, &mut |done| {
        if job.report("sample", done, Some(rows)).is_ok() {
            std::ops::ControlFlow::Continue(())
        } else {
            std::ops::ControlFlow::Break(())
        }
    });
    let summary = summary.map_err(|error| {
        if job.is_cancelled() { Error::cancelled() } else { Error::disk("write the sample lists", &error) }
    })?;
    output.object(&summary, || format!("{rows} rows of sample lists in {}", arguments.out.display()))
}
