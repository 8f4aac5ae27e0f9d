//! Tests that go step by step, as the settings offer them: what was done, and where it stopped.

use serde::Serialize;

use crate::error::{Code, Error, Result};
use crate::progress::Job;

/// The steps of a test.
pub trait TestStep: Copy + Serialize {
    /// The step's name, as in JSON and in progress.
    fn name(self) -> &'static str;

    /// Whether the steps after it can be tried where it failed.
    fn can_fail_alone(self) -> bool {
        false
    }
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// As it should
    Ok,
    /// It went wrong
    Failed,
    /// It was not tried, because an earlier one failed or the test does not need it
    Skipped,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TestedStep<S> {
    /// The step
    pub step: S,
    /// How it went
    pub state: StepState,
    /// What was done and found
    pub message: String,
    /// What to do, where it failed
    pub help: Option<String>,
}

impl<S> TestedStep<S> {
    /// One that went as it should.
    pub(crate) fn ok(step: S, message: impl Into<String>) -> TestedStep<S> {
        TestedStep { step, state: StepState::Ok, message: message.into(), help: None }
    }

    /// One that went wrong.
    pub(crate) fn failed(step: S, error: &Error) -> TestedStep<S> {
        let help = error.help().map(str::to_owned);
        TestedStep { step, state: StepState::Failed, message: error.message().to_owned(), help }
    }

    /// One that was not tried, and why.
    pub(crate) fn skipped(step: S, message: impl Into<String>) -> TestedStep<S> {
        TestedStep { step, state: StepState::Skipped, message: message.into(), help: None }
    }

    /// One that was not tried since one before it failed.
    pub(crate) fn not_tried(step: S) -> TestedStep<S> {
        TestedStep::skipped(step, "Not tried, because an earlier step failed")
    }
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TestedSteps<S> {
    /// Whether no step failed
    pub ok: bool,
    /// What kind the first failure is
    pub code: Option<Code>,
    /// All steps, in order
    pub steps: Vec<TestedStep<S>>,
}

/// A test at work: one step after the other, up to the first that fails.
pub(crate) struct StepTest<'j, S> {
    all: &'j [S],
    tested: TestedSteps<S>,
    stopped: bool,
    job: &'j Job,
}

impl<'j, S: TestStep> StepTest<'j, S> {
    /// A test of these steps. The job's stages are their names.
    pub(crate) fn new(all: &'j [S], job: &'j Job) -> StepTest<'j, S> {
        let tested = TestedSteps { ok: true, code: None, steps: Vec::with_capacity(all.len()) };
        StepTest { all, tested, stopped: false, job }
    }

    /// The step that is to be tried now; its outcome goes to [`StepTest::end`]. `None` once the test is over.
    ///
    /// # Errors
    /// When the job is cancelled.
    pub(crate) fn begin(&self) -> Result<Option<S>> {
        let done = self.tested.steps.len();
        let next = self.all.get(done).copied().filter(|_| !self.stopped);
        if let Some(step) = next {
            self.job.report(step.name(), done as u64, Some(self.all.len() as u64))?;
        }
        Ok(next)
    }

    /// Notes what came of a step: what was done and found, or why it failed.
    ///
    /// # Errors
    /// When it did not come to its end because the job was cancelled.
    pub(crate) fn end(&mut self, step: S, outcome: Result<String>) -> Result<()> {
        self.tested.steps.push(match outcome {
            Ok(message) => TestedStep::ok(step, message),
            Err(error) if error.code() == Code::Cancelled => return Err(error),
            Err(error) => {
                self.tested.ok = false;
                self.tested.code = self.tested.code.or(Some(error.code()));
                self.stopped = !step.can_fail_alone();
                TestedStep::failed(step, &error)
            }
        });
        Ok(())
    }

    /// What came of all.
    pub(crate) fn report(mut self) -> TestedSteps<S> {
        let left = self.all.iter().skip(self.tested.steps.len());
        self.tested.steps.extend(left.map(|&step| TestedStep::not_tried(step)));
        self.tested
    }
}
