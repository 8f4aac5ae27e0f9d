//! `muster schedule`.

use std::path::Path;
use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::schedule::{ScheduleForm, ScheduleView, Schedules, TimerReport};
use muster_backend::{Error, Job};
use serde::Serialize;

use crate::arguments::{ScheduleArguments, ScheduleCommand};
use crate::output::{Output, exit_code, steps_in_words};

/// A schedule that was saved, and what was done about its timer.
#[derive(Serialize)]
struct Saved {
    schedule: ScheduleView,
    timer: TimerReport,
}

#[derive(Serialize)]
struct List {
    schedules: Vec<ScheduleView>,
}

#[derive(Serialize)]
struct Removed<'n> {
    name: &'n str,
    timer: TimerReport,
}

pub(super) async fn work(
    profiles: &Profiles,
    command: ScheduleCommand,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let schedules = Schedules::new(profiles.clone());
    match command {
        ScheduleCommand::Add(arguments) => add(&schedules, &arguments, output).await,
        ScheduleCommand::List => {
            let list = List { schedules: schedules.list()? };
            output.object(&list, || in_words(&list.schedules))
        }
        ScheduleCommand::Test { name } => {
            let report = schedules.test(&name, job).await?;
            let done = output.object(&report, || steps_in_words(&report.steps))?;
            Ok(report.code.map_or(done, exit_code))
        }
        ScheduleCommand::Run { name, unless_paused } => {
            run(&schedules, &name, unless_paused, output, job).await
        }
        ScheduleCommand::Pause { name } => pause(&schedules, &name, true, output).await,
        ScheduleCommand::Resume { name } => pause(&schedules, &name, false, output).await,
        ScheduleCommand::Remove { name } => {
            let timer = schedules.remove(&name).await?;
            let words = told(&format!("{name} was removed"), &timer);
            output.object(&Removed { name: &name, timer }, || words)
        }
    }
}

async fn add(
    schedules: &Schedules,
    arguments: &ScheduleArguments,
    output: &Output,
) -> Result<ExitCode, Error> {
    let form = ScheduleForm {
        recipe: whole(&arguments.recipe)?,
        profile: arguments.profile.clone(),
        daily: arguments.daily.clone(),
        weekly: arguments.weekly.clone(),
        out: arguments.out.as_deref().map(whole).transpose()?,
        confirmed: arguments.confirm.clone(),
    };
    let name = &arguments.name;
    let mut timer = if arguments.replace {
        schedules.edit(name, &form).await?
    } else {
        schedules.add(name, &form).await?;
        TimerReport::default()
    };
    if arguments.os_timer {
        timer = schedules.set_os_timer(name, true).await?;
    }
    let schedule = schedules.list()?.into_iter().find(|view| view.name == *name);
    let schedule = schedule.ok_or_else(|| Error::not_found("schedule"))?;
    let words = told(&format!("{name} was saved; try it: muster schedule test {name}"), &timer);
    output.object(&Saved { schedule, timer }, || words)
}

/// A timer starts in another folder than the person is in.
fn whole(path: &Path) -> Result<String, Error> {
    let path = std::path::absolute(path).map_err(|error| Error::disk("find the current folder", &error))?;
    path.into_os_string()
        .into_string()
        .map_err(|_| Error::new(muster_backend::Code::InvalidInput, "The name of a file is not text"))
}

/// Prints what `muster run` would, and ends like it.
async fn run(
    schedules: &Schedules,
    name: &str,
    unless_paused: bool,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    if unless_paused && schedules.find(name)?.paused {
        let paused = serde_json::json!({ "name": name, "paused": true });
        return output.object(&paused, || format!("{name} is paused; nothing was done"));
    }
    let report = schedules.run(name, None, job).await?;
    output.report(&report)
}

async fn pause(schedules: &Schedules, name: &str, paused: bool, output: &Output) -> Result<ExitCode, Error> {
    let view = schedules.pause(name, paused).await?;
    output.object(&view, || match &view.next {
        None => format!("{name} is paused"),
        Some(next) => format!("{name} runs next at {next}"),
    })
}

fn in_words(schedules: &[ScheduleView]) -> String {
    let line = |schedule: &ScheduleView| {
        let days = match schedule.weekly.as_slice() {
            [] => "every day".to_owned(),
            days => days.iter().map(|day| day.name()).collect::<Vec<_>>().join(", "),
        };
        let by = if schedule.os_timer { "by a timer" } else { "while the app is open" };
        let next = schedule.next.as_deref().unwrap_or("paused");
        let last = schedule.last.as_ref().map_or_else(
            || "did not run yet".to_owned(),
            |run| format!("{}: exit code {}: {}", run.finished, run.exit_code, run.told),
        );
        format!(
            "{:<20} {} {days}, {by}, to {}\n{:20} next: {next}\n{:20} last: {last}",
            schedule.name, schedule.daily, schedule.profile, "", ""
        )
    };
    match schedules.is_empty() {
        true => "There is no schedule yet".to_owned(),
        false => schedules.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}

fn told(done: &str, timer: &TimerReport) -> String {
    let mut lines = vec![done.to_owned()];
    lines.extend(timer.done.iter().map(|what| format!("  {what}")));
    if !timer.by_hand.is_empty() {
        lines.push("The system could not be told. Run this where you are logged in:".to_owned());
    }
    lines.extend(timer.by_hand.iter().map(|command| format!("  {command}")));
    lines.join("\n")
}
