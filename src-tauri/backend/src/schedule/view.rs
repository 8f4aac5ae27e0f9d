//! Schedules as the screens and the command line show and fill them in.

use jiff::Zoned;
use serde::Serialize;

use super::due;
use super::state::{ScheduleRun, State};
use crate::config::{Config, Day, Environment, Schedule};

/// What a person says about a schedule. Paths are whole ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleForm {
    /// The recipe's file
    pub recipe: String,
    /// The profile that it pushes to
    pub profile: String,
    /// The time of the day, `HH:MM`
    pub daily: String,
    /// On these days only; none: every day
    pub weekly: Vec<Day>,
    /// A folder for the result files
    pub out: Option<String>,
    /// The name of a prod profile, typed to confirm
    pub confirmed: Option<String>,
}

impl ScheduleForm {
    /// As it would be kept. The order of the days is that of a week.
    pub(super) fn to_schedule(&self) -> Schedule {
        Schedule {
            recipe: self.recipe.clone(),
            profile: self.profile.clone(),
            daily: self.daily.trim().to_owned(),
            weekly: Day::ALL.into_iter().filter(|day| self.weekly.contains(day)).collect(),
            out: self.out.clone(),
            confirm: self
                .confirmed
                .as_deref()
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            paused: false,
            os_timer: false,
        }
    }
}

/// A schedule in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScheduleView {
    /// Its name
    pub name: String,
    /// The recipe's file
    pub recipe: String,
    /// The profile that it pushes to
    pub profile: String,
    /// What that is for; nothing where there is no such profile
    pub environment: Option<Environment>,
    /// The time of the day, `HH:MM`
    pub daily: String,
    /// On these days only; none: every day
    pub weekly: Vec<Day>,
    /// The folder for the result files
    pub out: Option<String>,
    /// It does not begin by itself for now
    pub paused: bool,
    /// A timer of the operating system begins it, and not the open app
    pub os_timer: bool,
    /// When it runs next: RFC 3339, as clocks here show it; nothing while it is paused
    pub next: Option<String>,
    /// Its latest run
    pub last: Option<ScheduleRun>,
}

impl ScheduleView {
    pub(super) fn new(
        name: &str,
        schedule: &Schedule,
        config: &Config,
        state: Option<State>,
        now: &Zoned,
    ) -> ScheduleView {
        let next = due::next(schedule, now).filter(|_| !schedule.paused);
        ScheduleView {
            name: name.to_owned(),
            recipe: schedule.recipe.clone(),
            profile: schedule.profile.clone(),
            environment: config.profiles.get(&schedule.profile).map(|profile| profile.environment),
            daily: schedule.daily.clone(),
            weekly: schedule.weekly.clone(),
            out: schedule.out.clone(),
            paused: schedule.paused,
            os_timer: schedule.os_timer,
            next: next.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            last: state.and_then(|state| state.last),
        }
    }
}
