//! A progress bar on a terminal, and ending by SIGTERM or Ctrl+C.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use muster_backend::{Error, Job};

use crate::output::Output;

/// A job that draws a bar on standard error if that is a terminal and the output is for people. Whom it waits for is
/// told on standard error in any case, once for each person.
pub(crate) fn job(output: &Output) -> Job {
    let told = Mutex::new(None::<String>);
    drawing(output).telling_waits(move |person| {
        let text = waiting_for(person);
        let Ok(mut told) = told.lock() else { return };
        if told.as_deref() != Some(text.as_str()) {
            // A reader that went away is no failure of the work.
            let _ = writeln!(std::io::stderr(), "muster: {text}");
            *told = Some(text);
        }
    })
}

fn waiting_for(person: Option<&str>) -> String {
    match person {
        Some(person) => format!("waiting for {person}, who is writing to the database"),
        None => "waiting for somebody else who is writing to the database".to_owned(),
    }
}

fn drawing(output: &Output) -> Job {
    if output.is_json() || !std::io::stderr().is_terminal() {
        return Job::silent();
    }
    let bar = Mutex::new(None::<(&'static str, ProgressBar)>);
    Job::new(move |stage, done, total| {
        let Ok(mut shown) = bar.lock() else { return };
        if shown.as_ref().is_none_or(|(of, _)| *of != stage) {
            *shown = Some((stage, new_bar(stage, total)));
        }
        if let Some((_, bar)) = &*shown {
            bar.set_position(done);
            if total == Some(done) {
                bar.finish_and_clear();
            }
        }
    })
}

fn new_bar(stage: &'static str, total: Option<u64>) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let template = if total.is_some() {
        "{msg:>6} {bar:30} {human_pos}/{human_len} {eta}"
    } else {
        "{msg:>6} {human_pos}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(stage);
    bar
}

/// How long the work may take to end once it was asked to: schedulers wait 30 seconds before they kill.
const END_LIMIT: Duration = Duration::from_secs(25);

/// SIGTERM and Ctrl+C cancel the job, which comes to its end or leaves everything as it was. Where that takes too long, and
/// on the second signal, the program ends as it is: what was not committed the database takes back.
///
/// # Errors
/// When the system does not tell of signals.
pub(crate) fn end_on_signal(job: &Job, output: &Output) -> Result<(), Error> {
    let (job, output) = (job.clone(), output.clone());
    let mut signals = Signals::new().map_err(|error| Error::disk("listen to signals", &error))?;
    tokio::spawn(async move {
        signals.next().await;
        job.cancel();
        let late = output.clone();
        // A thread: the runtime may have none to spare.
        std::thread::spawn(move || {
            std::thread::sleep(END_LIMIT);
            late.abandoned();
        });
        signals.next().await;
        output.abandoned();
    });
    Ok(())
}

/// The signals that ask a program to end.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl+C: Windows has no signal by which another program asks.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals)
    }

    async fn next(&mut self) {
        // Without a console nobody can press it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
