//! Runs that begin by themselves at a time of the day.

use std::path::Path;

use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::validate::{Problem, check_known, find_secrets, name_fault, plain_text, shown};

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Day {
    /// All days, as a week goes.
    pub const ALL: [Day; 7] =
        [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday, Day::Saturday, Day::Sunday];

    /// Its name, as in `config.yml`.
    pub const fn name(self) -> &'static str {
        match self {
            Day::Monday => "monday",
            Day::Tuesday => "tuesday",
            Day::Wednesday => "wednesday",
            Day::Thursday => "thursday",
            Day::Friday => "friday",
            Day::Saturday => "saturday",
            Day::Sunday => "sunday",
        }
    }

    /// The day of a name or of its beginning (`mon`), in any case.
    pub fn of_name(text: &str) -> Option<Day> {
        let text = text.to_lowercase();
        let named = |day: &Day| text.len() >= 2 && day.name().starts_with(&text);
        Day::ALL.into_iter().find(named)
    }

    pub(crate) const fn weekday(self) -> Weekday {
        match self {
            Day::Monday => Weekday::Monday,
            Day::Tuesday => Weekday::Tuesday,
            Day::Wednesday => Weekday::Wednesday,
            Day::Thursday => Weekday::Thursday,
            Day::Friday => Weekday::Friday,
            Day::Saturday => Weekday::Saturday,
            Day::Sunday => Weekday::Sunday,
        }
    }
}

/// A run of a recipe that begins by itself. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The recipe's file, with its whole path
    pub recipe: String,
    /// The profile that it pushes to
    pub profile: String,
    /// The time of the day, `HH:MM`, as clocks here show it
    pub daily: String,
    /// On these days only; without, every day
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekly: Vec<Day>,
    /// A folder for the result files, with its whole path
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<String>,
    /// The name of a prod profile once more, typed by whoever added the schedule
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// It does not begin by itself for now
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// A timer of the operating system begins it, and not the open app
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub os_timer: bool,
}

impl Schedule {
    /// The time of the day.
    pub(crate) fn time(&self) -> Option<Time> {
        time_of(&self.daily)
    }

    /// Whether it runs on a day of the week.
    pub(crate) fn runs_on(&self, weekday: Weekday) -> bool {
        self.weekly.is_empty() || self.weekly.iter().any(|day| day.weekday() == weekday)
    }
}

fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let figures = |part: &str| part.len() == 2 && part.bytes().all(|figure| figure.is_ascii_digit());
    if !figures(hour) || !figures(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

const KEYS: [&str; 8] = ["recipe", "profile", "daily", "weekly", "out", "confirm", "paused", "os_timer"];
const REQUIRED: [&str; 3] = ["recipe", "profile", "daily"];

/// Tells what does not fit. Whether the profile is there is not asked: the run tells.
pub(super) fn check(settings: Option<&Value>, problems: &mut Vec<Problem>) {
    let schedules = match settings {
        None => return,
        Some(Value::Object(schedules)) => schedules,
        Some(_) => return problems.push(Problem::new("schedules", "must be a map of names to schedules")),
    };
    for (name, schedule) in schedules {
        let place = format!("schedules.{}", shown(name));
        problems.extend(name_fault(name, "schedule").map(|fault| Problem::new(&place, fault)));
        match schedule.as_object() {
            Some(schedule) => check_keys(&format!("{place}."), schedule, problems),
            None => problems.push(Problem::new(&place, "must be a map of settings")),
        }
    }
}

/// What is wrong with a schedule as a form has it; the place of a problem is `name` or a key.
pub fn check_schedule(name: &str, schedule: &Schedule) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(name_fault(name, "schedule").map(|fault| Problem::new("name", fault)));
    let settings = serde_json::to_value(schedule).unwrap_or_default();
    find_secrets("", &settings, &mut problems);
    if let Some(settings) = settings.as_object() {
        check_keys("", settings, &mut problems);
    }
    problems
}

fn check_keys(prefix: &str, schedule: &Map<String, Value>, problems: &mut Vec<Problem>) {
    check_known(prefix, schedule, &KEYS, problems);
    for key in KEYS {
        let fault = match schedule.get(key) {
            None if REQUIRED.contains(&key) => Some("is missing"),
            None => None,
            Some(value) => fault(key, value),
        };
        problems.extend(fault.map(|fault| Problem::new(&format!("{prefix}{key}"), fault)));
    }
}

fn fault(key: &str, value: &Value) -> Option<&'static str> {
    let whole_path = || plain_text(value) && value.as_str().is_some_and(|path| Path::new(path).is_absolute());
    let day = |day: &Value| day.as_str().is_some_and(|name| Day::ALL.iter().any(|day| day.name() == name));
    match key {
        "recipe" => (!whole_path()).then_some("must be the whole path of a file"),
        "out" => (!whole_path()).then_some("must be the whole path of a folder"),
        "daily" => value
            .as_str()
            .and_then(time_of)
            .is_none()
            .then_some("must be a time of the day from 00:00 to 23:59, such as 02:30"),
        "weekly" => (!value.as_array().is_some_and(|days| days.iter().all(day))).then_some(
            "must be a list of days: monday, tuesday, wednesday, thursday, friday, saturday, sunday",
        ),
        "paused" | "os_timer" => (!value.is_boolean()).then_some("must be true or false"),
        _ => (!plain_text(value)).then_some("must be the name of a profile"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(yaml: &str) -> Vec<String> {
        let settings: Value = serde_saphyr::from_str(yaml).unwrap();
        let mut problems = Vec::new();
        check(Some(&settings), &mut problems);
        problems.into_iter().map(|problem| format!("{}: {}", problem.place, problem.message)).collect()
    }

    #[test]
    #[cfg(unix)]
    fn settings_that_fit_are_taken() {
        let yaml = "nightly: { recipe: /lists/recipe.yml, profile: staging, daily: '02:30', weekly: [monday, friday], \
                    out: '/results of %h', paused: true, os_timer: true, confirm: staging }\n\
                    every-day: { recipe: '/a b.yml', profile: local, daily: 23:59 }";
        assert_eq!(problems_of(yaml), Vec::<String>::new());
    }

    #[test]
    #[cfg(unix)]
    fn all_that_does_not_fit_is_told() {
        assert_eq!(
            problems_of(
                "a b: { recipe: recipe.yml, daily: '24:00', weekly: [mon], out: x, paused: 1, when: now }\nc: 1"
            ),
            [
                "schedules.(a key): must be at most 40 letters, digits, - _ or . and start with a letter or digit",
                "schedules.(a key).when: is no setting; there are: recipe, profile, daily, weekly, out, confirm, paused, \
                 os_timer",
                "schedules.(a key).recipe: must be the whole path of a file",
                "schedules.(a key).profile: is missing",
                "schedules.(a key).daily: must be a time of the day from 00:00 to 23:59, such as 02:30",
                "schedules.(a key).weekly: must be a list of days: monday, tuesday, wednesday, thursday, friday, saturday, \
                 sunday",
                "schedules.(a key).out: must be the whole path of a folder",
                "schedules.(a key).paused: must be true or false",
                "schedules.c: must be a map of settings",
            ]
        );
        assert_eq!(problems_of("[]"), ["schedules: must be a map of names to schedules"]);
    }

    #[test]
    fn times_are_written_with_four_figures() {
        for wrong in ["", "2:30", "02:3", "02:60", "24:00", "02:30:00", "+2:30", "ab:cd"] {
            assert_eq!(time_of(wrong), None, "{wrong}");
        }
        assert_eq!(time_of("00:00"), Some(Time::midnight()));
        assert_eq!(Day::of_name("Thu"), Some(Day::Thursday));
        assert_eq!((Day::of_name("t"), Day::of_name("mondays")), (None, None));
    }
}
