//! A progress bar on a terminal, and cancelling by Ctrl+C.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use muster_backend::Job;

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

/// The first Ctrl+C cancels the job, which leaves everything as it was; the second one ends the program.
pub(crate) fn cancel_on_interrupt(job: &Job) {
    let job = job.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if job.is_cancelled() {
                std::process::exit(130);
            }
            job.cancel();
        }
    });
}
