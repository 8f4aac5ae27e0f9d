//! Progress and cancelling of long work. The engine and the backend know no windows: the caller gives a sink.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::error::{Error, Result};

/// Where progress goes: `(stage, done, total)`, in units of the stage (bytes or rows). Called often: must be quick.
pub type ProgressSink = dyn Fn(&'static str, u64, Option<u64>) + Send + Sync;

/// Told whom the work waits for, as far as that is known. Called several times a second while it waits.
pub type WaitSink = dyn Fn(Option<&str>) + Send + Sync;

/// A piece of long work, as the caller sees it: reports progress and can be cancelled. Cheap to clone.
#[derive(Clone)]
pub struct Job {
    sink: Arc<ProgressSink>,
    waits: Arc<WaitSink>,
    cancelled: Arc<AtomicBool>,
}

impl Job {
    /// A job that reports to `sink`.
    pub fn new(sink: impl Fn(&'static str, u64, Option<u64>) + Send + Sync + 'static) -> Job {
        Job { sink: Arc::new(sink), waits: Arc::new(|_| {}), cancelled: Arc::default() }
    }

    /// As the job, and tells `waits` for whom it waits.
    #[must_use]
    pub fn telling_waits(mut self, waits: impl Fn(Option<&str>) + Send + Sync + 'static) -> Job {
        self.waits = Arc::new(waits);
        self
    }

    /// The same job for a part of the work that reports nothing: what cancels one cancels both.
    #[must_use]
    pub fn quiet(&self) -> Job {
        Job { sink: Arc::new(|_, _, _| {}), ..self.clone() }
    }

    /// A job that nobody watches.
    pub fn silent() -> Job {
        Job::new(|_, _, _| {})
    }

    /// Asks the work to stop at the next opportunity.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the work was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Reports how far a stage has come.
    ///
    /// # Errors
    /// [`crate::error::Code::Cancelled`] when the work was asked to stop.
    pub fn report(&self, stage: &'static str, done: u64, total: Option<u64>) -> Result<()> {
        (self.sink)(stage, done, total);
        if self.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }
}

impl Job {
    /// Tells whom the work waits for.
    ///
    /// # Errors
    /// [`crate::error::Code::Cancelled`] when the work was asked to stop.
    pub fn wait_for(&self, person: Option<&str>) -> Result<()> {
        (self.waits)(person);
        if self.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }
}

/// Between two looks at whether the person cancelled.
pub(crate) const LOOK: Duration = Duration::from_millis(100);

/// Waits for something, unless the person cancels.
pub(crate) async fn unless_cancelled<T>(job: &Job, work: impl Future<Output = T>) -> Result<T> {
    let mut work = std::pin::pin!(work);
    loop {
        if let Ok(done) = tokio::time::timeout(LOOK, &mut work).await {
            return Ok(done);
        }
        if job.is_cancelled() {
            return Err(Error::cancelled());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_job_stops_at_its_next_report() {
        let job = Job::silent();
        assert!(job.report("read", 1, None).is_ok());
        job.clone().cancel();
        assert!(job.report("read", 2, None).is_err());
    }

    #[tokio::test]
    async fn what_never_comes_is_waited_for_until_the_person_cancels() {
        let job = Job::silent();
        assert_eq!(unless_cancelled(&job, async { 7 }).await.unwrap(), 7);
        job.cancel();
        assert!(unless_cancelled(&job, std::future::pending::<()>()).await.is_err());
    }
}
