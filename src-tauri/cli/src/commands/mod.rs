//! The commands, one file each.

mod archive;
mod drive;
mod export;
mod history;
mod logs;
mod members;
mod profiles;
mod rejects;
mod run;
mod s3;
mod sample;
mod schedule;
mod secrets;
mod statistics;

use std::process::ExitCode;

use muster_backend::keychain::Keychain;
use muster_backend::profiles::Profiles;
use muster_backend::secrets::{Named, Secrets};
use muster_backend::telemetry::{self, Program};
use muster_backend::{Code, Error, Folders, Job};

use crate::arguments::{Arguments, AuditCommand, Command, LogsCommand};
use crate::output::Output;
use crate::progress;

pub(crate) async fn work(arguments: Arguments, output: &Output) -> Result<ExitCode, Error> {
    let named = Named::parse(&arguments.secret_file, &arguments.secret_fd)?;
    let secrets = Secrets::new(Keychain::system(), named);
    let profiles = Profiles::open(Folders::of_person()?, arguments.config.as_deref(), secrets)?;
    telemetry::start(&profiles, Program::CommandLine, arguments.log_level).await;
    let job = progress::job(output);
    progress::end_on_signal(&job, output)?;
    let done = carry_out(arguments.command, &profiles, output, &job).await;
    done.map_err(|error| if job.is_cancelled() { ended(error) } else { error })
}

/// What fails once the work was asked to end fails for that: a reader of workbooks, say, gets the same signal. A retry may
/// mend it.
fn ended(error: Error) -> Error {
    if error.code().exit_code() == Code::Cancelled.exit_code() { error } else { Error::cancelled() }
}

async fn carry_out(
    command: Command,
    profiles: &Profiles,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    match command {
        Command::Run(arguments) => run::run_import(profiles, arguments, false, output, job).await,
        Command::Plan(arguments) => run::plan(profiles, arguments, output, job).await,
        Command::Push(arguments) => run::push(profiles, arguments, output, job).await,
        Command::Undo(arguments) => history::undo(profiles, &arguments, output, job).await,
        Command::History(choice) => history::list(profiles, &choice, output).await,
        Command::Audit(AuditCommand::Verify(choice)) => {
            history::verify_audit(profiles, &choice, output).await
        }
        Command::Archive(command) => archive::work(profiles, command, output, job).await,
        Command::Rejects(command) => rejects::work(profiles, command, output, job).await,
        Command::Members(command) => members::work(profiles, *command, output, job).await,
        Command::Export(arguments) => export::export_members(profiles, &arguments, output, job).await,
        Command::Statistics(arguments) => statistics::count(profiles, &arguments, output, job).await,
        Command::Profiles(command) => profiles::work(profiles, command, output, job).await,
        Command::Secrets(command) => secrets::work(profiles, command, output).await,
        Command::Logs(LogsCommand::Test) => logs::test(profiles, output, job).await,
        Command::Schedule(command) => schedule::work(profiles, command, output, job).await,
        Command::Drive(command) => drive::work(profiles, command, output, job).await,
        Command::S3(command) => s3::work(profiles, command, output, job).await,
        Command::Sample(arguments) => sample::make_sample(arguments, output, job),
    }
}
