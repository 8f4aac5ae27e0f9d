//! Long work that the screens watch and can cancel.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use muster_backend::Job;
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Emitter, Manager};

/// Between two reports to the screen.
const PAUSE: Duration = Duration::from_millis(80);

/// How far a job has come. Event `progress`.
#[derive(Debug, Clone, Serialize, Type)]
pub(crate) struct Progress {
    job: String,
    stage: String,
    #[specta(type = u32)]
    done: f64,
    #[specta(type = Option<u32>)]
    total: Option<f64>,
    /// Seconds that are left, once they can be told
    #[specta(type = Option<u32>)]
    left: Option<f64>,
    /// Whom the work waits for, in the stage `wait`, as far as that is known
    waits_for: Option<String>,
}

/// The jobs at work, by the id that the screen gave them.
#[derive(Default)]
pub(crate) struct Jobs {
    jobs: Mutex<HashMap<String, Job>>,
}

impl Jobs {
    /// Cancels a job; one that has ended is left alone.
    pub(crate) fn cancel(&self, id: &str) {
        if let Ok(jobs) = self.jobs.lock()
            && let Some(job) = jobs.get(id)
        {
            job.cancel();
        }
    }

    /// Cancels all jobs.
    pub(crate) fn cancel_all(&self) {
        if let Ok(jobs) = self.jobs.lock() {
            jobs.values().for_each(Job::cancel);
        }
    }
}

/// A job at work; it is forgotten when this is dropped.
pub(crate) struct Running {
    app: AppHandle,
    id: String,
    job: Job,
}

impl Running {
    /// Starts a job that reports to the window as `id`.
    pub(crate) fn start(app: &AppHandle, id: &str) -> Running {
        let job =
            Job::new(reporter(app.clone(), id.to_owned())).telling_waits(waiter(app.clone(), id.to_owned()));
        if let Ok(mut jobs) = app.state::<Jobs>().jobs.lock() {
            jobs.insert(id.to_owned(), job.clone());
        }
        Running { app: app.clone(), id: id.to_owned(), job }
    }

    /// The job.
    pub(crate) fn job(&self) -> &Job {
        &self.job
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(mut jobs) = self.app.state::<Jobs>().jobs.lock() {
            jobs.remove(&self.id);
        }
    }
}

/// When a stage began and when it was last reported.
struct Watch {
    stage: &'static str,
    began: Instant,
    reported: Option<Instant>,
}

fn reporter(app: AppHandle, id: String) -> impl Fn(&'static str, u64, Option<u64>) + Send + Sync {
    let watch = Mutex::new(Watch { stage: "", began: Instant::now(), reported: None });
    move |stage, done, total| {
        let Ok(mut watch) = watch.lock() else { return };
        if watch.stage != stage {
            *watch = Watch { stage, began: Instant::now(), reported: None };
        }
        if watch.reported.is_some_and(|at| at.elapsed() < PAUSE) && total != Some(done) {
            return;
        }
        watch.reported = Some(Instant::now());
        let spent = watch.began.elapsed().as_secs_f64();
        let left = total
            .filter(|_| done > 0 && spent > 1.0)
            .map(|total| spent / done as f64 * total.saturating_sub(done) as f64);
        let progress = Progress {
            job: id.clone(),
            stage: stage.to_owned(),
            done: done as f64,
            total: total.map(|total| total as f64),
            left,
            waits_for: None,
        };
        // A window that is closing needs no progress.
        let _ = app.emit("progress", progress);
    }
}

/// Tells the window that the work waits for somebody; the next progress ends that.
fn waiter(app: AppHandle, id: String) -> impl Fn(Option<&str>) + Send + Sync {
    move |person| {
        let progress = Progress {
            job: id.clone(),
            stage: "wait".to_owned(),
            done: 0.0,
            total: None,
            left: None,
            waits_for: person.map(str::to_owned),
        };
        let _ = app.emit("progress", progress);
    }
}
