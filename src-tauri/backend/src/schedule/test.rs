//! Tries a schedule step by step, and says what was done and where it stopped. Nothing is pushed.

use std::fs::File;
use std::path::Path;

use jiff::Zoned;
use serde::Serialize;

use super::{Schedules, due};
use crate::config::{Environment, Schedule};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::run::{Report, is_elsewhere, read_recipe};
use crate::steps::{StepTest, TestStep, TestedSteps};

/// A step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ScheduleTestStepName {
    /// There is a next time
    Time,
    /// The recipe can be read
    Recipe,
    /// Its files can be read
    Files,
    /// The profile is there, and confirmed where it is a prod one
    Profile,
    /// What opens its database is there
    Secret,
    /// A plan can be made
    Plan,
}

impl ScheduleTestStepName {
    const ALL: [ScheduleTestStepName; 6] = [
        ScheduleTestStepName::Time,
        ScheduleTestStepName::Recipe,
        ScheduleTestStepName::Files,
        ScheduleTestStepName::Profile,
        ScheduleTestStepName::Secret,
        ScheduleTestStepName::Plan,
    ];
}

impl TestStep for ScheduleTestStepName {
    fn name(self) -> &'static str {
        match self {
            ScheduleTestStepName::Time => "time",
            ScheduleTestStepName::Recipe => "recipe",
            ScheduleTestStepName::Files => "files",
            ScheduleTestStepName::Profile => "profile",
            ScheduleTestStepName::Secret => "secret",
            ScheduleTestStepName::Plan => "plan",
        }
    }
}

impl Schedules {
    /// Tries a schedule: all that a run does but for the push. The job's stages are the names of the steps.
    ///
    /// # Errors
    /// When there is no schedule of that name, or the job is cancelled. A step that failed is in the report.
    pub async fn test(&self, name: &str, job: &Job) -> Result<TestedSteps<ScheduleTestStepName>> {
        let schedule = self.find(name)?;
        let mut test = StepTest::new(&ScheduleTestStepName::ALL, job);
        while let Some(step) = test.begin()? {
            test.end(step, self.try_step(step, name, &schedule, job).await)?;
        }
        Ok(test.report())
    }

    async fn try_step(
        &self,
        step: ScheduleTestStepName,
        name: &str,
        schedule: &Schedule,
        job: &Job,
    ) -> Result<String> {
        match step {
            ScheduleTestStepName::Time => when(schedule, &Zoned::now()),
            ScheduleTestStepName::Recipe => {
                let recipe = read_recipe(Path::new(&schedule.recipe))?;
                Ok(format!("The recipe was read; it names {}", counted(recipe.files.len(), "file")))
            }
            ScheduleTestStepName::Files => files(schedule),
            ScheduleTestStepName::Profile => {
                let profile = self.profiles.info(Some(&schedule.profile))?;
                profile.confirm(schedule.confirm.as_deref())?;
                let environment = profile.environment.name();
                let confirmed = if profile.environment == Environment::Prod { ", confirmed" } else { "" };
                Ok(format!("{} ({environment}{confirmed}): {}", profile.name, profile.location))
            }
            ScheduleTestStepName::Secret => {
                self.profiles.access(Some(&schedule.profile)).await?;
                Ok("What opens the database was fetched from where a run fetches it".to_owned())
            }
            ScheduleTestStepName::Plan => {
                let report = self.import(name, schedule, true, &job.quiet()).await?;
                Ok(planned(&report))
            }
        }
    }
}

fn when(schedule: &Schedule, now: &Zoned) -> Result<String> {
    let at = due::next(schedule, now)
        .ok_or_else(|| Error::new(Code::Config, "The schedule has no time at which it runs"))?;
    let at = at.strftime("%A %-d %B %Y, %H:%M %Z");
    Ok(match (schedule.paused, schedule.os_timer) {
        (true, _) => format!("It is paused; otherwise it would run on {at}"),
        (false, true) => format!("A timer of the operating system runs it next on {at}"),
        (false, false) => format!("It runs next on {at}, if the app is open then"),
    })
}

/// Looks whether the files that are on this machine can be opened.
fn files(schedule: &Schedule) -> Result<String> {
    let path = Path::new(&schedule.recipe);
    let recipe = read_recipe(path)?;
    let (elsewhere, here): (Vec<_>, Vec<_>) =
        recipe.files.iter().map(|file| file.path.as_str()).partition(|path| is_elsewhere(path));
    for file in &here {
        let name = Path::new(file).file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let opened = File::open(path.with_file_name("").join(file));
        opened.map_err(|error| Error::disk("read the file", &error).about(&name))?;
    }
    let here = counted(here.len(), "file");
    Ok(match elsewhere.len() {
        0 => format!("{here} on this machine can be read"),
        away => format!("{here} on this machine can be read; {} fetched for the plan", counted(away, "file")),
    })
}

fn planned(report: &Report) -> String {
    let counts = report.counts;
    let push = report.push.as_ref().map_or_else(String::new, |push| {
        format!(
            "; a push would insert {}, update {} and refuse {}",
            push.inserted, push.updated, push.rejected
        )
    });
    format!(
        "{} rows read: {} clean, {} suspect, {} rejected{push}. Nothing was pushed",
        counts.read, counts.clean, counts.suspect, counts.rejected
    )
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
