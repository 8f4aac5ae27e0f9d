//! Statistics of the members of a profile's database: by state, company, age, club and tenure, and which clubs share
//! members; as a file, too.
//!
//! The database counts, some ten thousand members at a time ([`count`](mod@count)); the engine puts dates into bands and
//! adds up ([`muster_engine::statistics`]). So memory does not grow with the members.

mod count;
mod file;

use std::time::Instant;

use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};

use muster_engine::Date;
use muster_engine::date::PartialDate;
use muster_engine::statistics::{Combination, StatisticsBuilder};

pub use file::export;
pub use muster_engine::statistics::{Group, Statistics};

use crate::error::{Code, Error, Result};
use crate::members::today;
use crate::profiles::Profiles;
use crate::progress::Job;
use crate::push::person;
use crate::store::Target;
use crate::telemetry::{Counter, Event, Seconds, Stage, count as note, record, stage};

/// Companies, and combinations of clubs, that a screen gets at most: of the members the most. A file has all.
pub const LISTED: usize = 500;

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct StatisticsQuery {
    /// Number of a club: only its members, with their time in it as tenure. Their other clubs count in the overlap
    pub club: Option<u32>,
    /// The day of ages and tenures, `YYYY-MM-DD`; without it, today
    pub as_of: Option<String>,
}

/// All that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The day of ages and tenures, ISO 8601
    pub as_of: String,
    /// The club whose members were counted; `None`: all members
    pub club: Option<String>,
    /// The counts
    #[serde(flatten)]
    pub statistics: Statistics,
}

/// What a screen shows of what was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct StatisticsView {
    /// The day of ages and tenures, ISO 8601
    pub as_of: String,
    /// The club whose members were counted; `None`: all members
    pub club: Option<String>,
    /// The counts; of companies and of combinations of clubs only the first [`LISTED`], and of companies those without
    pub statistics: Statistics,
    /// Companies that are not among them
    pub more_companies: LeftOut,
    /// Combinations of clubs that are not among them
    pub more_combinations: LeftOut,
}

/// Groups that are not listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LeftOut {
    /// How many groups
    pub groups: u32,
    /// Members in them
    pub members: u32,
}

impl From<Counted> for StatisticsView {
    fn from(counted: Counted) -> StatisticsView {
        let Counted { as_of, club, mut statistics } = counted;
        let unknown: Vec<Group> =
            statistics.by_company.extract_if(.., |group| group.name.is_none()).collect();
        let more_companies = cut(&mut statistics.by_company, |group| group.members);
        statistics.by_company.extend(unknown);
        let more_combinations =
            cut(&mut statistics.overlap.combinations, |combination: &Combination| combination.members);
        StatisticsView { as_of, club, statistics, more_companies, more_combinations }
    }
}

/// Keeps the first [`LISTED`], and tells of the others.
fn cut<T>(groups: &mut Vec<T>, members: impl Fn(&T) -> u32) -> LeftOut {
    let rest = groups.split_off(groups.len().min(LISTED));
    LeftOut { groups: count::narrow(rest.len() as u64), members: rest.iter().map(members).sum() }
}

/// Counts the members of a profile; without a name, of the active one. One state of the database is counted throughout.
/// Progress is reported as `count`, in members.
///
/// # Errors
/// [`Code::InvalidInput`] where the date cannot be read, [`Code::NotFound`] where there is no such club; when the
/// database cannot be opened or read, or the job is cancelled.
pub async fn count(
    profiles: &Profiles,
    profile: Option<&str>,
    query: &StatisticsQuery,
    job: &Job,
) -> Result<Counted> {
    let as_of = day(query.as_of.as_deref())?;
    let access = profiles.access(profile).await?;
    if !access.is_there() {
        // Nothing was written yet: there is nobody.
        let statistics = StatisticsBuilder::new(as_of).finish();
        return Ok(Counted { as_of: as_of.to_string(), club: None, statistics });
    }
    let began = Instant::now();
    let count = async |db: &DatabaseConnection| {
        let counted = count::count(db, as_of, query.club, job).await?;
        note(Counter::Members, counted.1.members);
        Ok(counted)
    };
    let person = person();
    let work = Target::with(&access, &person, job, async |target| target.read(count).await);
    let (club, statistics) = stage(Stage::Count, work).await?;
    record(Event::Counted { members: statistics.members, seconds: Seconds::since(began) });
    Ok(Counted { as_of: as_of.to_string(), club, statistics })
}

fn day(text: Option<&str>) -> Result<Date> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return today() };
    let whole = PartialDate::parse_iso(text).filter(|date| date.day.is_some());
    whole.and_then(PartialDate::earliest).ok_or_else(|| {
        Error::new(Code::InvalidInput, "The day of the statistics cannot be read")
            .with_help("Type it as YYYY-MM-DD.")
    })
}

#[cfg(test)]
mod tests {
    use muster_engine::statistics::Fact;

    use super::*;

    #[test]
    fn a_day_is_a_whole_one() {
        assert_eq!(day(Some(" 2026-11-25 ")).unwrap(), Date::new(2026, 11, 25).unwrap());
        assert_eq!(day(None).unwrap(), day(Some("")).unwrap());
        for wrong in ["2026", "2026-11", "2026-02-30", "25.11.2026", "canary"] {
            let error = day(Some(wrong)).unwrap_err();
            assert_eq!(error.code(), Code::InvalidInput);
            assert!(!error.to_string().contains(wrong));
        }
    }

    #[test]
    fn a_screen_gets_the_largest_groups_and_how_many_more_there_are() {
        let mut builder = StatisticsBuilder::new(day(Some("2026-11-25")).unwrap());
        for at in 0..LISTED + 2 {
            let (company, club) = (format!("Company {at:03}"), format!("Club {at:03}"));
            let members = if at == 0 { 1 } else { 3 };
            builder.add(Fact::Company(Some(&company)), members);
            builder.add(Fact::Clubs(&[club.as_str()]), members);
        }
        builder.add(Fact::Company(None), 2);
        let statistics = builder.finish();
        let view = StatisticsView::from(Counted {
            as_of: String::new(),
            club: None,
            statistics: statistics.clone(),
        });
        let names = &view.statistics.by_company;
        assert_eq!(
            (names.len(), names[LISTED].name.as_deref(), names[LISTED].members),
            (LISTED + 1, None, 2)
        );
        assert_eq!(names[..LISTED], statistics.by_company[..LISTED]);
        assert_eq!(view.more_companies, LeftOut { groups: 2, members: 4 });
        assert_eq!(view.statistics.overlap.combinations.len(), LISTED);
        assert_eq!(view.more_combinations, LeftOut { groups: 2, members: 4 });
    }
}
