//! Schedules: recipes that run by themselves at a time of the day (docs/SCHEDULES.md).
//!
//! They are kept in `config.yml`. Either the open app begins them ([`Schedules::due`]) or a timer of the operating system
//! does, with `muster schedule run NAME` ([`timer`]). Only one runs at a time, and what became of it is noted ([`state`]).

mod due;
mod state;
mod test;
mod timer;
mod view;

pub use state::ScheduleRun;
pub use test::ScheduleTestStepName;
pub use timer::TimerReport;
pub use view::{ScheduleForm, ScheduleView};

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, Zoned};

use crate::config::{Config, Problem, Schedule, check_schedule, refuse};
use crate::error::{Code, Error, Result};
use crate::imports::now as stamp;
use crate::profiles::Profiles;
use crate::progress::Job;
use crate::run::{Report, RunRequest, read_recipe, run};
use state::State;

/// From then on a run is late: the app looks several times a minute.
const LATE: SignedDuration = SignedDuration::from_mins(3);

/// The schedules of a person. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Schedules {
    profiles: Profiles,
}

/// A schedule whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The schedule
    pub name: String,
    /// When it was due
    pub at: Timestamp,
    note: Option<String>,
}

impl Schedules {
    /// The schedules in the settings of these profiles.
    pub fn new(profiles: Profiles) -> Schedules {
        Schedules { profiles }
    }

    /// All schedules by name, as they are at this moment.
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub fn list(&self) -> Result<Vec<ScheduleView>> {
        let (config, now) = (self.profiles.read_config()?, Zoned::now());
        let view = |(name, schedule): (&String, &Schedule)| {
            ScheduleView::new(name, schedule, &config, state::read(self.profiles.folders(), name), &now)
        };
        Ok(config.schedules.iter().map(view).collect())
    }

    fn view(&self, name: &str) -> Result<ScheduleView> {
        let listed = self.list()?.into_iter().find(|view| view.name == name);
        listed.ok_or_else(|| Error::not_found("schedule"))
    }

    /// A schedule by its name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn find(&self, name: &str) -> Result<Schedule> {
        self.profiles.read_config()?.schedule(name).cloned()
    }

    /// What is wrong with a schedule as a form has it; `is_new` where its name must be free.
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub fn check(&self, name: &str, form: &ScheduleForm, is_new: bool) -> Result<Vec<Problem>> {
        let config = self.profiles.read_config()?;
        let mut problems = check_schedule(name, &form.to_schedule());
        if is_new && config.schedules.contains_key(name) {
            problems.push(Problem::of_form("name", "there is a schedule of that name already"));
        }
        if !form.profile.is_empty() && !config.profiles.contains_key(&form.profile) {
            problems.push(Problem::of_form("profile", "there is no profile of that name"));
        }
        Ok(problems)
    }

    /// Adds a schedule.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] with all that does not fit, [`Code::Refused`] where a prod profile is not confirmed; when the
    /// settings cannot be saved.
    pub async fn add(&self, name: &str, form: &ScheduleForm) -> Result<ScheduleView> {
        self.keep(name, form, true).await?;
        self.view(name)
    }

    /// Changes a schedule; whether it is paused stays as it is. Gives what was done about its timer, where it has one.
    ///
    /// # Errors
    /// As [`Schedules::add`]; when there is none of that name.
    pub async fn edit(&self, name: &str, form: &ScheduleForm) -> Result<TimerReport> {
        self.find(name)?;
        let schedule = self.keep(name, form, false).await?;
        if schedule.os_timer { self.install(name, &schedule) } else { Ok(TimerReport::default()) }
    }

    async fn keep(&self, name: &str, form: &ScheduleForm, is_new: bool) -> Result<Schedule> {
        let problems = self.check(name, form, is_new)?;
        if !problems.is_empty() {
            return Err(refuse("The schedule is", Code::InvalidInput, &problems));
        }
        let mut schedule = form.to_schedule();
        self.profiles
            .read_config()?
            .profile_info(Some(&form.profile), self.profiles.folders())?
            .confirm(schedule.confirm.as_deref())?;
        let former = self.profiles.read_config()?.schedules.get(name).cloned();
        if let Some(former) = former {
            (schedule.paused, schedule.os_timer) = (former.paused, former.os_timer);
        }
        self.put(name, schedule.clone()).await?;
        self.begin_anew(name)?;
        Ok(schedule)
    }

    async fn put(&self, name: &str, schedule: Schedule) -> Result<()> {
        self.profiles
            .change(|config: &mut Config| {
                config.schedules.insert(name.to_owned(), schedule);
                Ok(())
            })
            .await
    }

    /// From now on a time counts as missed; none before.
    fn begin_anew(&self, name: &str) -> Result<()> {
        let folders = self.profiles.folders();
        let last = state::read(folders, name).and_then(|state| state.last);
        state::write(folders, name, &State { last, ..State::new(Timestamp::now()) })
    }

    /// Removes a schedule, with its timer.
    ///
    /// # Errors
    /// When there is none of that name, or the settings cannot be saved.
    pub async fn remove(&self, name: &str) -> Result<TimerReport> {
        let schedule = self.find(name)?;
        let report = self.uninstall(name, &schedule)?;
        self.profiles
            .change(|config| {
                config.schedules.remove(name);
                Ok(())
            })
            .await?;
        state::forget(self.profiles.folders(), name);
        Ok(report)
    }

    /// Pauses a schedule, or lets it go on; what it missed meanwhile is not made up for.
    ///
    /// # Errors
    /// When there is none of that name, or the settings cannot be saved.
    pub async fn pause(&self, name: &str, paused: bool) -> Result<ScheduleView> {
        let schedule = self.find(name)?;
        self.put(name, Schedule { paused, ..schedule }).await?;
        if !paused {
            self.begin_anew(name)?;
        }
        self.view(name)
    }

    /// Lets a timer of the operating system begin the schedule, or the open app again. Gives what was done.
    ///
    /// # Errors
    /// When there is none of that name, the timer's files cannot be written, or the settings cannot be saved.
    pub async fn set_os_timer(&self, name: &str, on: bool) -> Result<TimerReport> {
        let schedule = Schedule { os_timer: on, ..self.find(name)? };
        let report = if on { self.install(name, &schedule)? } else { self.uninstall(name, &schedule)? };
        self.put(name, schedule).await?;
        self.begin_anew(name)?;
        Ok(report)
    }

    fn install(&self, name: &str, schedule: &Schedule) -> Result<TimerReport> {
        let mut command = vec![timer::text_of(&timer::program()?)?];
        if let Some(file) = self.profiles.config_file() {
            let whole =
                std::path::absolute(file).map_err(|error| Error::disk("find the settings", &error))?;
            command.extend(["--config".to_owned(), timer::text_of(&whole)?]);
        }
        command.extend(["schedule", "run", name, "--unless-paused", "--json"].map(str::to_owned));
        let timed = timer::Timed { name, schedule, command, variables: timer::variables() };
        timer::install(&timed, self.profiles.folders())
    }

    /// Where there is no timer, there is nothing to do.
    fn uninstall(&self, name: &str, schedule: &Schedule) -> Result<TimerReport> {
        if !self.find(name)?.os_timer {
            return Ok(TimerReport::default());
        }
        let timed = timer::Timed { name, schedule, command: Vec::new(), variables: timer::variables() };
        timer::uninstall(&timed, self.profiles.folders())
    }

    /// As [`Schedules::due`], at this moment.
    ///
    /// # Errors
    /// As [`Schedules::due`].
    pub fn due_now(&self) -> Result<Vec<Due>> {
        self.due(&Zoned::now())
    }

    /// The schedules that the open app has to begin now: each once, however often its time has passed since it ran.
    ///
    /// # Errors
    /// When the settings cannot be read, or a new schedule cannot be noted.
    pub fn due(&self, now: &Zoned) -> Result<Vec<Due>> {
        let config = self.profiles.read_config()?;
        let mut all = Vec::new();
        for (name, schedule) in &config.schedules {
            if schedule.paused || schedule.os_timer {
                continue;
            }
            let folders = self.profiles.folders();
            let Some(state) = state::read(folders, name) else {
                // It was written into the settings by hand.
                state::write(folders, name, &State::new(now.timestamp()))?;
                continue;
            };
            let latest = due::latest(schedule, now).filter(|at| at.timestamp() > state.settled());
            if let Some(at) = latest {
                let late = now.timestamp().duration_since(at.timestamp()) > LATE;
                let note = late.then(|| {
                    format!("It was due on {}, when Muster was not open", at.strftime("%-d %B, %H:%M"))
                });
                all.push(Due { name: name.clone(), at: at.timestamp(), note });
            }
        }
        Ok(all)
    }

    /// Runs a schedule now, after any other that runs, and notes what became of it; `due` where its time has come.
    ///
    /// # Errors
    /// When there is none of that name; as [`run`]. But where there is none, that is noted, too.
    pub async fn run(&self, name: &str, due: Option<&Due>, job: &Job) -> Result<Report> {
        let schedule = self.find(name)?;
        let folders = self.profiles.folders();
        let _turn = state::take_turn(folders, job).await?;
        let started = stamp();
        let done = self.import(name, &schedule, false, job).await;
        let (exit_code, told) = match &done {
            Ok(report) => (report.exit_code(), told(report)),
            Err(error) => (error.code().exit_code(), error.to_string()),
        };
        let note = due.and_then(|due| due.note.clone());
        let mut state = state::read(folders, name).unwrap_or_else(|| State::new(Timestamp::now()));
        state.last = Some(ScheduleRun { started, finished: stamp(), exit_code, told, note });
        // What was cancelled, by closing the window, is made up for.
        let cancelled = done.as_ref().is_err_and(|error| error.code() == Code::Cancelled);
        if let Some(due) = due.filter(|_| !cancelled) {
            state.handled = Some(due.at);
        }
        state::write(folders, name, &state)?;
        done
    }

    async fn import(&self, name: &str, schedule: &Schedule, plan_only: bool, job: &Job) -> Result<Report> {
        let path = Path::new(&schedule.recipe);
        let request = RunRequest {
            recipe: read_recipe(path)?,
            base: path.parent().map(Path::to_owned).unwrap_or_default(),
            name: name.to_owned(),
            profile: Some(schedule.profile.clone()),
            out: schedule.out.as_deref().filter(|_| !plan_only).map(PathBuf::from),
            xlsx: false,
            plan_only,
            sql: false,
            remove_missing: false,
            confirmed: schedule.confirm.clone(),
        };
        Ok(run(&self.profiles, request, job).await?.report)
    }
}

fn told(report: &Report) -> String {
    let counts = report.counts;
    let push = report.push.as_ref().map_or_else(String::new, |push| {
        format!(
            "; {} inserted, {} updated, {} as they were",
            push.inserted,
            push.updated,
            push.skipped_identical + push.skipped_different
        )
    });
    let rejected =
        if counts.rejected > 0 { format!("; {} rejected", counts.rejected) } else { String::new() };
    format!("{} rows read{push}{rejected}", counts.read)
}
