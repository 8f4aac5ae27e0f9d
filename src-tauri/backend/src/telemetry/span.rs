//! Stages of the work: each is a span with a duration, an outcome and counts.

use std::time::Instant;

use tracing::field::Empty;
use tracing::{Instrument, Level, Span};

use super::words::{Stage, outcome};
use super::{TARGET, metrics};
use crate::error::Result;

/// What a stage can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    Files,
    Rows,
    Bytes,
    Members,
}

impl Counter {
    const fn field(self) -> &'static str {
        match self {
            Counter::Files => "files",
            Counter::Rows => "rows",
            Counter::Bytes => "bytes",
            Counter::Members => "members",
        }
    }
}

fn span(stage: Stage) -> Span {
    tracing::span!(
        target: TARGET, Level::INFO, "stage", stage = stage.word(), outcome = Empty,
        files = Empty, rows = Empty, bytes = Empty, members = Empty,
    )
}

fn ended<T>(span: &Span, stage: Stage, began: Instant, done: &Result<T>) {
    let outcome = outcome(done);
    span.record("outcome", outcome);
    metrics::stage(stage, outcome, began.elapsed());
}

/// Does a stage of the work.
///
/// # Errors
/// Those of the work.
pub(crate) async fn stage<T>(stage: Stage, work: impl Future<Output = Result<T>>) -> Result<T> {
    let (span, began) = (span(stage), Instant::now());
    // On the heap: stages lie within each other, and a thread's stack is small.
    let done = Box::pin(work).instrument(span.clone()).await;
    ended(&span, stage, began, &done);
    done
}

/// The same for work that blocks.
///
/// # Errors
/// Those of the work.
pub(crate) fn stage_now<T>(stage: Stage, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let (span, began) = (span(stage), Instant::now());
    let done = span.in_scope(work);
    ended(&span, stage, began, &done);
    done
}

/// Notes a count of the stage that is being done.
pub(crate) fn count(counter: Counter, number: impl Into<u64>) {
    Span::current().record(counter.field(), number.into());
}
