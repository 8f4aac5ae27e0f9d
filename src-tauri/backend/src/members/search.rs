//! The search: a page of members in the order of their names, and how many there are.
//!
//! It must not pause over a million members, so nothing is counted beyond [`MOST`], and every step of it is answered
//! by an index. PostgreSQL knows how values are spread and chooses well by itself. SQLite does not: there, names are
//! found and sorted within the indexes alone, and other filters either give few members, which are sorted, or many,
//! which a walk in the order of names soon meets.

use std::collections::HashMap;

use sea_orm::{DatabaseConnection, DbBackend};
use serde::{Deserialize, Serialize};

use muster_engine::standardise::Parsed;
use muster_engine::standardise::date::parse_partial;
use muster_engine::standardise::state::parse_state;

use super::names::{Bound, NameSearch};
use super::{day_format, number};
use crate::error::{Code, Error, Result};
use crate::store::sql::{all, one};

/// Members that are counted at most.
pub const MOST: u32 = 10_000;
/// Members that are listed at most, of the order of their names the first; who looks for one narrows the search.
pub const LISTED: u32 = 2_000;

/// The order of names, which is that of an index.
const SQLITE_ORDER: &str = "family_name COLLATE NOCASE, given_name COLLATE NOCASE, id";
const POSTGRES_ORDER: &str =
    "lower(member.family_name) USING ~<~, lower(member.given_name) USING ~<~, member.id";
const BY_NAME: &str = "INDEXED BY ix_member_family_name_given_name";

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

/// A member in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundMember {
    /// Their number
    pub id: u32,
    /// Given, middle and preferred name
    pub given_name: Option<String>,
    /// Middle name
    pub middle_name: Option<String>,
    /// Family name
    pub family_name: Option<String>,
    /// `Jr.`
    pub suffix: Option<String>,
    /// Preferred name
    pub preferred_name: Option<String>,
    /// ISO 8601
    pub birth_date: Option<String>,
    /// Name of the company, or its id where nobody knows the name
    pub company: Option<String>,
    /// USPS code
    pub state: Option<String>,
    /// Names of their clubs
    pub clubs: Vec<String>,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberPage {
    /// The members, in the order of their names
    pub rows: Vec<FoundMember>,
    /// How many there are, at most [`MOST`]
    pub count: u32,
    /// Whether there are more than those
    pub more: bool,
}

impl MemberPage {
    /// Nobody.
    pub(super) fn empty() -> MemberPage {
        MemberPage { rows: Vec::new(), count: 0, more: false }
    }
}

/// The query, read.
#[derive(Debug, Default)]
struct Filters {
    name: Option<NameSearch>,
    /// The first and the last day
    born: Option<(String, String)>,
    club: Option<i64>,
    company: Option<i64>,
    state: Option<&'static str>,
}

impl Filters {
    fn read(query: &MemberQuery) -> Result<Filters> {
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

/// A statement that gives the ids of members, and its values.
struct Statement {
    sql: String,
    bound: Bound,
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

fn of_club(bound: &mut Bound, club: i64) -> String {
    format!(
        "EXISTS (SELECT 1 FROM membership WHERE membership.member_id = member.id AND membership.club_id = {})",
        bound.add(club)
    )
}

/// What holds of a member besides the name, as conditions on columns.
fn plain(filters: &Filters, bound: &mut Bound) -> Vec<String> {
    let mut conditions = Vec::new();
    if let Some((from, to)) = &filters.born {
        let (from, to) = (bound.add(from.clone()), bound.add(to.clone()));
        conditions.push(format!("member.birth_date >= {from} AND member.birth_date <= {to}"));
    }
    if let Some(company) = filters.company {
        conditions.push(format!("member.company_id = {}", bound.add(company)));
    }
    if let Some(state) = filters.state {
        conditions.push(format!("member.state = {}", bound.add(state)));
    }
    conditions
}

fn where_all(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// What comes before a statement on PostgreSQL, and what follows `FROM member`.
///
/// How often two parts of a name begin so together is more than the planner can know: names of several phrases are
/// looked up first, by the indexes of both parts.
fn postgres_found(filters: &Filters, bound: &mut Bound) -> (String, String) {
    let mut conditions = plain(filters, bound);
    let mut first = String::new();
    match &filters.name {
        Some(name) if name.is_single() => conditions.push(name.condition(DbBackend::Postgres, bound)),
        Some(name) => {
            let branches = name.branches(DbBackend::Postgres, bound).into_iter();
            let selects: Vec<String> = branches
                .map(|(_, condition)| format!("SELECT member.id FROM member WHERE {condition}"))
                .collect();
            first = format!("WITH named AS MATERIALIZED ({}) ", selects.join(" UNION "));
            conditions.push("member.id IN (SELECT named.id FROM named)".to_owned());
        }
        None => {}
    }
    if let Some(club) = filters.club {
        conditions.push(of_club(bound, club));
    }
    (first, where_all(&conditions))
}

fn postgres_count(filters: &Filters) -> Statement {
    let mut bound = Bound::default();
    let (first, conditions) = postgres_found(filters, &mut bound);
    let most = MOST + 1;
    let sql = format!("{first}SELECT count(*) FROM (SELECT 1 FROM member{conditions} LIMIT {most}) AS found");
    Statement { sql, bound }
}

fn postgres_page(filters: &Filters) -> Statement {
    let mut bound = Bound::default();
    let (first, conditions) = postgres_found(filters, &mut bound);
    Statement {
        sql: format!("{first}SELECT member.id FROM member{conditions} ORDER BY {POSTGRES_ORDER}"),
        bound,
    }
}

/// Filters besides the name, each answered by an index alone: the ids that one gives are looked up in those of the
/// others. The plus keeps SQLite from turning that around, which would read the members themselves.
fn sqlite_sets(filters: &Filters, bound: &mut Bound) -> Vec<String> {
    let plain = plain(filters, bound);
    let mut sets: Vec<String> = plain
        .iter()
        .map(|condition| format!("+member.id IN (SELECT member.id FROM member WHERE {condition})"))
        .collect();
    if let Some(club) = filters.club {
        sets.push(of_club(bound, club));
    }
    sets
}

/// `id`, and for a search by name `family_name` and `given_name`, of all that is found.
fn sqlite_found(filters: &Filters, bound: &mut Bound) -> String {
    if let Some(name) = &filters.name {
        let branches = name.branches(DbBackend::Sqlite, bound);
        let sets = sqlite_sets(filters, bound);
        let also: String = sets.iter().map(|set| format!(" AND {set}")).collect();
        let selects: Vec<String> = branches
            .into_iter()
            .map(|(index, condition)| {
                format!(
                    "SELECT member.id, member.family_name, member.given_name FROM member INDEXED BY {index}
                     WHERE {condition}{also}"
                )
            })
            .collect();
        return selects.join(if name.is_single() { " UNION ALL " } else { " UNION " });
    }
    // The first filter gives the ids, the others are looked up.
    let mut plain = plain(filters, bound);
    if plain.is_empty() {
        return match filters.club {
            None => "SELECT member.id FROM member".to_owned(),
            Some(club) => {
                let club = bound.add(club);
                format!(
                    "SELECT DISTINCT membership.member_id AS id FROM membership WHERE membership.club_id = {club}"
                )
            }
        };
    }
    let mut conditions = vec![plain.remove(0)];
    conditions.extend(
        plain
            .iter()
            .map(|condition| format!("+member.id IN (SELECT member.id FROM member WHERE {condition})")),
    );
    if let Some(club) = filters.club {
        conditions.push(of_club(bound, club));
    }
    format!("SELECT member.id FROM member{}", where_all(&conditions))
}

fn sqlite_count(filters: &Filters) -> Statement {
    let mut bound = Bound::default();
    let found = sqlite_found(filters, &mut bound);
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({found}) LIMIT {})", MOST + 1);
    Statement { sql, bound }
}

/// `many`: there are more than [`MOST`].
fn sqlite_page(filters: &Filters, many: bool) -> Statement {
    let mut bound = Bound::default();
    let sql = if filters.name.is_some() {
        let found = sqlite_found(filters, &mut bound);
        format!("SELECT id FROM ({found}) ORDER BY {SQLITE_ORDER}")
    } else if many {
        let mut conditions: Vec<String> =
            plain(filters, &mut bound).into_iter().map(|condition| format!("({condition})")).collect();
        if let Some(club) = filters.club {
            conditions.push(of_club(&mut bound, club));
        }
        format!("SELECT member.id FROM member {BY_NAME}{} ORDER BY {SQLITE_ORDER}", where_all(&conditions))
    } else {
        let found = sqlite_found(filters, &mut bound);
        format!("SELECT member.id FROM member WHERE member.id IN ({found}) ORDER BY {SQLITE_ORDER}")
    };
    Statement { sql, bound }
}

/// The members with these ids, in that order.
async fn rows(db: &DatabaseConnection, ids: &[i64]) -> Result<Vec<FoundMember>> {
    let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let clubs = format!(
        "SELECT membership.member_id, club.name FROM membership INNER JOIN club ON membership.club_id = club.id
         WHERE membership.member_id IN ({list}) ORDER BY club.name"
    );
    let mut by_member: HashMap<i64, Vec<String>> = HashMap::new();
    for row in all(db, &clubs, []).await? {
        by_member.entry(row.try_get("", "member_id")?).or_default().push(row.try_get("", "name")?);
    }
    let members = format!(
        "SELECT member.id, member.given_name, member.middle_name, member.family_name, member.suffix,
             member.preferred_name, member.birth_date, coalesce(company.name, member.company_source_id) AS company,
             member.state
         FROM member LEFT JOIN company ON member.company_id = company.id WHERE member.id IN ({list})"
    );
    let mut by_id = HashMap::new();
    for row in all(db, &members, []).await? {
        let id: i64 = row.try_get("", "id")?;
        let text = |column: &str| row.try_get::<Option<String>>("", column);
        let member = FoundMember {
            id: number(id),
            given_name: text("given_name")?,
            middle_name: text("middle_name")?,
            family_name: text("family_name")?,
            suffix: text("suffix")?,
            preferred_name: text("preferred_name")?,
            birth_date: text("birth_date")?,
            company: text("company")?,
            state: text("state")?,
            clubs: by_member.remove(&id).unwrap_or_default(),
        };
        by_id.insert(id, member);
    }
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// A club or a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberChoice {
    /// Its number
    pub id: u32,
    /// Its name
    pub name: String,
}

/// What members can be filtered by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberChoices {
    /// All clubs
    pub clubs: Vec<MemberChoice>,
    /// Companies whose name holds what was typed, at most [`COMPANIES`]
    pub companies: Vec<MemberChoice>,
    /// States that members have
    pub states: Vec<String>,
}

/// Companies that are offered at once.
pub const COMPANIES: u32 = 100;

/// What members can be filtered by; `search` narrows the companies.
///
/// # Errors
/// When the database fails.
pub(super) async fn choices(db: &DatabaseConnection, search: Option<&str>) -> Result<MemberChoices> {
    // From each state to the next one in the index: there are few, and many members.
    let states = "WITH RECURSIVE found (state) AS (
             SELECT min(state) FROM member
             UNION ALL
             SELECT (SELECT min(member.state) FROM member WHERE member.state > found.state) FROM found
             WHERE found.state IS NOT NULL
         ) SELECT state FROM found WHERE state IS NOT NULL";
    let pattern = search.unwrap_or_default().to_lowercase().replace(['\\', '%', '_'], "");
    let companies = format!(
        "SELECT id, name FROM company WHERE lower(name) LIKE $1 ORDER BY lower(name), id LIMIT {COMPANIES}"
    );
    let mut choices = MemberChoices::default();
    for row in all(db, states, []).await? {
        choices.states.push(row.try_get_by_index(0)?);
    }
    for row in all(db, &companies, [format!("%{pattern}%").into()]).await? {
        choices
            .companies
            .push(MemberChoice { id: number(row.try_get("", "id")?), name: row.try_get("", "name")? });
    }
    for row in all(db, "SELECT id, name FROM club ORDER BY lower(name), id", []).await? {
        choices
            .clubs
            .push(MemberChoice { id: number(row.try_get("", "id")?), name: row.try_get("", "name")? });
    }
    Ok(choices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Access, DataKey, SqliteAccess, Target};

    /// What SQLite would do for a statement, a step a line.
    async fn steps(db: &DatabaseConnection, statement: Statement) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let rows = all(db, &sql, statement.bound.values).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect()
    }

    #[tokio::test]
    async fn sqlite_answers_every_search_from_indexes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("members.db");
        let access = Access::Sqlite(SqliteAccess { path, key: DataKey::new([7; 32]) });
        let target = Target::open(&access).await.unwrap();
        let names = ["", "m", "mana", "m b", "de la cruz maria", "élo", "a b c d e f g"];
        for name in names {
            for filters in 0..16_u32 {
                let given = |at: u32| filters & (1 << at) != 0;
                let query = MemberQuery {
                    name: Some(name.to_owned()),
                    born: given(0).then(|| "1971".to_owned()),
                    club: given(1).then_some(1),
                    company: given(2).then_some(1),
                    state: given(3).then(|| "TX".to_owned()),
                };
                let filters = Filters::read(&query).unwrap();
                let everybody = name.is_empty() && query.born.is_none() && query.state.is_none();
                let everybody = everybody && query.company.is_none() && query.club.is_none();
                for (statement, walks) in [
                    (sqlite_count(&filters), everybody),
                    (sqlite_page(&filters, false), everybody),
                    // Walks in the order of names, until the page is full.
                    (sqlite_page(&filters, true), name.is_empty()),
                ] {
                    let steps = steps(target.db(), statement).await;
                    let whole = steps.iter().filter(|step| {
                        ["SCAN member", "SCAN membership"].iter().any(|scan| step.starts_with(scan))
                            && !(walks && step.contains("INDEX"))
                    });
                    assert_eq!(whole.collect::<Vec<_>>(), Vec::<&String>::new(), "{query:?}: {steps:#?}");
                }
            }
        }
        target.close().await.unwrap();
    }

    #[test]
    fn a_month_and_a_year_are_all_their_days() {
        let of = |text: &str| days(text).unwrap();
        assert_eq!(of("1971"), ("1971-01-01".to_owned(), "1971-12-31".to_owned()));
        assert_eq!(of("1971-02"), ("1971-02-01".to_owned(), "1971-02-31".to_owned()));
        assert_eq!(of("March 14, 1971"), ("1971-03-14".to_owned(), "1971-03-14".to_owned()));
        assert_eq!(days("03/04/1971").unwrap_err().code(), Code::InvalidInput);
    }
}
