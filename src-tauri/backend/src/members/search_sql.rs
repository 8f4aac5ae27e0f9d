//! The statements of the search, made so that indexes answer every step.
//!
//! PostgreSQL knows how values are spread and chooses well by itself. SQLite does not: there, names are found and sorted
//! within the indexes alone, and other filters either give few members, which are sorted, or many, which a walk in the
//! order of names soon meets.

use sea_orm::DbBackend;

use super::names::Bound;
use super::search::{Filters, MOST};

/// The order of names, which is that of an index.
const SQLITE_ORDER: &str = "family_name COLLATE NOCASE, given_name COLLATE NOCASE, id";
const POSTGRES_ORDER: &str =
    "lower(member.family_name) USING ~<~, lower(member.given_name) USING ~<~, member.id";
const BY_NAME: &str = "INDEXED BY ix_member_family_name_given_name";

/// A statement that gives the ids of members, and its values.
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) bound: Bound,
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

pub(super) fn postgres_count(filters: &Filters) -> Statement {
    let mut bound = Bound::default();
    let (first, conditions) = postgres_found(filters, &mut bound);
    let most = MOST + 1;
    let sql = format!("{first}SELECT count(*) FROM (SELECT 1 FROM member{conditions} LIMIT {most}) AS found");
    Statement { sql, bound }
}

pub(super) fn postgres_page(filters: &Filters) -> Statement {
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

pub(super) fn sqlite_count(filters: &Filters) -> Statement {
    let mut bound = Bound::default();
    let found = sqlite_found(filters, &mut bound);
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({found}) LIMIT {})", MOST + 1);
    Statement { sql, bound }
}

/// `many`: there are more than [`MOST`].
pub(super) fn sqlite_page(filters: &Filters, many: bool) -> Statement {
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

#[cfg(test)]
mod tests {
    use sea_orm::DatabaseConnection;

    use super::*;
    use crate::members::MemberQuery;
    use crate::store::sql::all;
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
}
