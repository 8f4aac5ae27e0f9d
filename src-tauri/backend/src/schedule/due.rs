//! When a schedule runs: times of the day as clocks here show them.
//!
//! A time that the clocks skip in spring is taken when they have gone on (02:30 becomes 03:30); one that they show twice
//! in autumn is taken the first time.

use jiff::{ToSpan, Zoned};

use crate::config::Schedule;

/// The latest time at which the schedule was due, now included.
pub(super) fn latest(schedule: &Schedule, now: &Zoned) -> Option<Zoned> {
    (0..=8).find_map(|days| on(schedule, now, -days).filter(|at| at <= now))
}

/// The next time at which it will be due.
pub(super) fn next(schedule: &Schedule, now: &Zoned) -> Option<Zoned> {
    (0..=8).find_map(|days| on(schedule, now, days).filter(|at| at > now))
}

/// When it is due on the day that is so many days from now, if it is.
fn on(schedule: &Schedule, now: &Zoned, days: i64) -> Option<Zoned> {
    let date = now.date().checked_add(days.days()).ok()?;
    if !schedule.runs_on(date.weekday()) {
        return None;
    }
    date.to_datetime(schedule.time()?).to_zoned(now.time_zone().clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Day;

    fn schedule(daily: &str, weekly: &[Day]) -> Schedule {
        Schedule {
            recipe: "/recipe.yml".into(),
            profile: "local".into(),
            daily: daily.into(),
            weekly: weekly.to_vec(),
            out: None,
            confirm: None,
            paused: false,
            os_timer: false,
        }
    }

    /// The latest and the next time, in Berlin.
    fn around(schedule: &Schedule, now: &str) -> [String; 2] {
        let now: Zoned = format!("{now}[Europe/Berlin]").parse().unwrap();
        [latest(schedule, &now), next(schedule, &now)]
            .map(|at| at.unwrap().strftime("%Y-%m-%dT%H:%M%:z").to_string())
    }

    #[test]
    fn every_day_is_today_or_yesterday() {
        let daily = schedule("02:30", &[]);
        assert_eq!(
            around(&daily, "2026-11-26T02:29:59+01:00"),
            ["2026-11-25T02:30+01:00", "2026-11-26T02:30+01:00"]
        );
        assert_eq!(
            around(&daily, "2026-11-26T02:30:00+01:00"),
            ["2026-11-26T02:30+01:00", "2026-11-27T02:30+01:00"]
        );
    }

    #[test]
    fn days_of_the_week_are_kept_to() {
        // The 26th is a Thursday.
        let some = schedule("18:00", &[Day::Monday, Day::Thursday]);
        assert_eq!(
            around(&some, "2026-11-26T17:00:00+01:00"),
            ["2026-11-23T18:00+01:00", "2026-11-26T18:00+01:00"]
        );
        let one = schedule("18:00", &[Day::Thursday]);
        assert_eq!(
            around(&one, "2026-11-26T18:00:01+01:00"),
            ["2026-11-26T18:00+01:00", "2026-12-03T18:00+01:00"]
        );
        assert_eq!(
            around(&one, "2026-11-26T17:59:59+01:00"),
            ["2026-11-19T18:00+01:00", "2026-11-26T18:00+01:00"]
        );
    }

    #[test]
    fn the_clocks_may_be_changed() {
        let daily = schedule("02:30", &[]);
        // On 29 March 2026 there is no 02:30.
        assert_eq!(
            around(&daily, "2026-03-29T03:29:00+02:00"),
            ["2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00"]
        );
        // On 25 October 2026 there are two: it runs at the first one, and not again.
        assert_eq!(
            around(&daily, "2026-10-25T02:10:00+02:00"),
            ["2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00"]
        );
        assert_eq!(
            around(&daily, "2026-10-25T02:40:00+01:00"),
            ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]
        );
    }
}
