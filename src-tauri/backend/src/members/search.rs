//! The search: a page of members in the order of their names, and how many there are.
//!
//! It must not pause over a million members, so nothing is counted beyond [`MOST`], and every step of it is answered by
//! an index ([`super::search_sql`]).

use sea_orm::{DatabaseConnection, DbBackend};
use serde::Deserialize;

use muster_engine::standardise::Parsed;
use muster_engine::standardise::date::parse_partial;
use muster_engine::standardise::state::parse_state;

use super::found::{MemberPage, rows};
use super::names::NameSearch;
use super::search_sql::{postgres_count, postgres_page, sqlite_count, sqlite_page};
use super::{day_format, number};
use crate::error::{Code, Error, Result};
use crate::store::sql::{all, one};

/// Members that are counted at most.
pub const MOST: u32 = 10_000;
/// Members that are listed at most, of the order of their names the first; who looks for one narrows the search.
pub const LISTED: u32 = 2_000;

/// What is looked for; all that is given has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberQuery {
    /// Beginnings of given, family or preferred names, in any order
    pub name: Option<String>,
    /// A birth date, or its year, or year and month
    pub born: Option<String>,
    /// Number of a club
    pub club: Option<u32>,
    /// Number of a company
    pub company: Option<u32>,
    /// A state
    pub state: Option<String>,
}

/// The query, read.
#[derive(Debug, Default)]
pub(super) struct Filters {
    pub(super) name: Option<NameSearch>,
    /// The first and the last day
    pub(super) born: Option<(String, String)>,
    pub(super) club: Option<i64>,
    pub(super) company: Option<i64>,
    pub(super) state: Option<&'static str>,
}

impl Filters {
    pub(super) fn read(query: &MemberQuery) -> Result<Filters> {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let born = match given(&query.born) {
            None => None,
            Some(text) => Some(days(&text)?),
        };
        let state = match given(&query.state) {
            None => None,
            Some(text) => match parse_state(&text) {
                Parsed::Value(code, _) => Some(code),
                _ => return Err(unread("state", "Choose a US state or territory.")),
            },
        };
        Ok(Filters {
            name: given(&query.name).and_then(|text| NameSearch::of(&text)),
            born,
            club: query.club.map(i64::from),
            company: query.company.map(i64::from),
            state,
        })
    }
}

/// The first and the last day of a date that may be a month or a year.
fn days(text: &str) -> Result<(String, String)> {
    let Parsed::Value(date, _) = parse_partial(text, &day_format()?) else {
        return Err(unread("birth date", "Type it as YYYY-MM-DD, or a year, or YYYY-MM."));
    };
    let mut whole = String::new();
    date.write(&mut whole);
    // No day is later in its month than the 31st, and days that never were are nobody's.
    Ok(match whole.len() {
        4 => (format!("{whole}-01-01"), format!("{whole}-12-31")),
        7 => (format!("{whole}-01"), format!("{whole}-31")),
        _ => (whole.clone(), whole),
    })
}

fn unread(what: &str, help: &'static str) -> Error {
    Error::new(Code::InvalidInput, format!("The {what} to search for cannot be read")).with_help(help)
}

/// A page of the members that a query finds.
///
/// # Errors
/// [`Code::InvalidInput`] where a filter cannot be read; when the database fails.
pub(super) async fn search(
    db: &DatabaseConnection,
    query: &MemberQuery,
    offset: u32,
    limit: u32,
) -> Result<MemberPage> {
    let filters = Filters::read(query)?;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    if postgres {
        // A query that stops after so many rows makes reading the whole table look cheap; it is not in the worst case.
        run_planner_settings(db).await?;
    }
    let counted = if postgres { postgres_count(&filters) } else { sqlite_count(&filters) };
    let found: i64 = one(db, &counted.sql, counted.bound.values).await?.try_get_by_index(0)?;
    let found = number(found);
    let (count, more) = (found.min(MOST), found > MOST);
    let limit = limit.min(count.min(LISTED).saturating_sub(offset));
    if limit == 0 {
        return Ok(MemberPage { rows: Vec::new(), count, more });
    }
    let page = if postgres { postgres_page(&filters) } else { sqlite_page(&filters, more) };
    let sql = format!("{} LIMIT {limit} OFFSET {offset}", page.sql);
    let mut ids = Vec::new();
    for row in all(db, &sql, page.bound.values).await? {
        ids.push(row.try_get_by_index::<i64>(0)?);
    }
    Ok(MemberPage { rows: rows(db, &ids).await?, count, more })
}

async fn run_planner_settings(db: &DatabaseConnection) -> Result<()> {
    use sea_orm::ConnectionTrait;
    db.execute_unprepared("SET LOCAL enable_seqscan = off; SET LOCAL jit = off").await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_and_a_year_are_all_their_days() {
        let of = |text: &str| days(text).unwrap();
        assert_eq!(of("1971"), ("1971-01-01".to_owned(), "1971-12-31".to_owned()));
        assert_eq!(of("1971-02"), ("1971-02-01".to_owned(), "1971-02-31".to_owned()));
        assert_eq!(of("March 14, 1971"), ("1971-03-14".to_owned(), "1971-03-14".to_owned()));
        assert_eq!(days("03/04/1971").unwrap_err().code(), Code::InvalidInput);
    }
}
