//! Tries a profile: each step on the way to a push, in order, with what went wrong and what to do about it.

mod file;
mod server;

use muster_migrations::target::Migrator;
use sea_orm_migration::MigratorTrait;
use serde::Serialize;

use super::Profiles;
use crate::config::Driver;
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::steps::{TestStep, TestedStep};

/// A step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "ProfileTestStep", rename_all = "snake_case")]
pub enum Step {
    /// The server's name has an address
    Name,
    /// The server accepts connections
    Network,
    /// The connection is secured as the profile says
    Tls,
    /// The user is let in
    Login,
    /// SQLite: the folder can be written to
    Folder,
    /// SQLite: the file is a database
    File,
    /// The user may do what a push does
    Permission,
    /// The tables are those of this program
    Schema,
}

impl Step {
    const OF_SERVER: [Step; 6] =
        [Step::Name, Step::Network, Step::Tls, Step::Login, Step::Permission, Step::Schema];
    const OF_FILE: [Step; 3] = [Step::Folder, Step::File, Step::Schema];
}

impl TestStep for Step {
    fn name(self) -> &'static str {
        match self {
            Step::Name => "name",
            Step::Network => "network",
            Step::Tls => "tls",
            Step::Login => "login",
            Step::Folder => "folder",
            Step::File => "file",
            Step::Permission => "permission",
            Step::Schema => "schema",
        }
    }
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TestReport {
    /// The profile
    pub profile: String,
    /// Whether no step failed
    pub ok: bool,
    /// The first failure as a program takes it: what kind it is
    pub code: Option<Code>,
    /// All steps, in order
    pub steps: Vec<TestedStep<Step>>,
}

/// Why a step failed.
pub(super) struct Failure {
    step: Step,
    error: Error,
}

impl Failure {
    /// An error of another part, at a step.
    fn at(step: Step, error: Error) -> Failure {
        Failure { step, error }
    }

    fn new(step: Step, code: Code, message: impl Into<String>, help: &'static str) -> Failure {
        Failure { step, error: Error::new(code, message).with_help(help) }
    }
}

/// The steps so far.
pub(super) struct Protocol<'j> {
    all: &'static [Step],
    done: Vec<TestedStep<Step>>,
    job: &'j Job,
}

impl Protocol<'_> {
    /// Tells that a step begins. The job's cancel takes effect here.
    fn begin(&self, step: Step) -> Result<()> {
        self.job.report(step.name(), self.done.len() as u64, Some(self.all.len() as u64))
    }

    fn ok(&mut self, step: Step, message: impl Into<String>) {
        self.done.push(TestedStep::ok(step, message));
    }

    fn skip(&mut self, step: Step, message: &str) {
        self.done.push(TestedStep::skipped(step, message));
    }

    /// Notes the failure, and the steps after it as not tried.
    fn end(mut self, profile: &str, failure: Option<Failure>) -> TestReport {
        let code = failure.as_ref().map(|failure| failure.error.code());
        if let Some(Failure { step, error }) = failure {
            for &before in self.all.iter().take_while(|&&other| other != step) {
                if self.done.iter().all(|done| done.step != before) {
                    self.skip(before, "Not tried");
                }
            }
            self.done.push(TestedStep::failed(step, &error));
        }
        for &step in self.all {
            if self.done.iter().all(|done| done.step != step) {
                self.done.push(TestedStep::not_tried(step));
            }
        }
        TestReport { profile: profile.to_owned(), ok: code.is_none(), code, steps: self.done }
    }
}

/// What may end a test before its end: a failed step, or the person.
pub(super) enum Stop {
    Failed(Failure),
    Cancelled(Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Cancelled(error)
    }
}

/// See [`Profiles::test`].
pub(super) async fn test(profiles: &Profiles, name: &str, job: &Job) -> Result<TestReport> {
    let config = profiles.config();
    let profile = config.profile(name)?;
    let all: &'static [Step] =
        if profile.driver == Driver::Sqlite { &Step::OF_FILE } else { &Step::OF_SERVER };
    let mut protocol = Protocol { all, done: Vec::new(), job };
    let ended = match profile.driver {
        Driver::Sqlite => {
            let path = profiles.folders().resolve(profile.path.as_deref().unwrap_or_default());
            // A failure is told at its step: the folder is tried without the key.
            let key = profiles.secrets().data_key(profiles.folders()).await;
            file::test(&path, key, &mut protocol)
        }
        Driver::Postgres => {
            // Fetched first, but a failure is told at its step: what can be tried without it is tried.
            let password = profiles.secrets().of_profile(name).await;
            let (password, missing) = match password {
                Ok(password) => (password, None),
                Err(error) => (None, Some(error)),
            };
            let access = profiles.server(profile, password);
            server::test(&access, missing, &mut protocol).await
        }
    };
    match ended {
        Ok(()) => Ok(protocol.end(name, None)),
        Err(Stop::Failed(failure)) => Ok(protocol.end(name, Some(failure))),
        Err(Stop::Cancelled(error)) => Err(error),
    }
}

/// What the tables of a database are to this program.
pub(super) struct Tables {
    /// Steps that they have not had
    pending: usize,
    are_there: bool,
}

impl Tables {
    /// From the names of the steps that they have had.
    fn of(applied: &[String]) -> Result<Tables, Failure> {
        let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        if applied.iter().any(|name| !known.contains(name)) {
            return Err(Failure::new(
                Step::Schema,
                Code::NewerSchema,
                "The tables were made by a newer version of Muster",
                "Update Muster, then try again. Nothing was changed.",
            ));
        }
        Ok(Tables { pending: known.len().saturating_sub(applied.len()), are_there: !applied.is_empty() })
    }

    fn told(&self) -> &'static str {
        match (self.are_there, self.pending) {
            (_, 0) => "The tables are up to date",
            (true, _) => "The tables are older; the next push brings them up to date",
            (false, _) => "There are no tables yet; the first push makes them",
        }
    }
}
