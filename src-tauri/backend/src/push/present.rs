//! What the target has: memberships by their keys, with their members' details.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, QueryResult};

use super::details::{COLUMNS, Details};
use super::fates::Candidate;
use crate::error::Result;
use crate::store::sql::{all, numbers, texts};

/// A membership that the target has.
#[derive(Clone)]
pub(super) struct Present {
    pub(super) membership: i64,
    pub(super) key: String,
    pub(super) member: i64,
    pub(super) version: i64,
    pub(super) details: Details,
}

const FROM: &str = "FROM membership
     INNER JOIN member ON membership.member_id = member.id
     LEFT JOIN company ON member.company_id = company.id";

fn columns() -> String {
    let column = |name: &&str| match *name {
        "member_since" | "last_active" => format!("membership.{name}"),
        // The shortest text of the number is made by us, in the same way for both databases.
        "score" => "membership.score".to_owned(),
        "company" => "company.name AS company".to_owned(),
        name => format!("member.{name}"),
    };
    let details: Vec<String> = COLUMNS.iter().map(column).collect();
    format!(
        "membership.id AS membership_id, membership.source_key, membership.member_id, member.version, {}",
        details.join(", ")
    )
}

fn details(row: &QueryResult) -> Result<Details> {
    Details::read(|at| {
        let name = COLUMNS[at];
        if name == "score" {
            return Ok(row.try_get::<Option<f64>>("", name)?.map(|score| score.to_string()));
        }
        Ok(row.try_get("", name)?)
    })
}

fn present(row: &QueryResult) -> Result<Present> {
    Ok(Present {
        membership: row.try_get("", "membership_id")?,
        key: row.try_get("", "source_key")?,
        member: row.try_get("", "member_id")?,
        version: row.try_get("", "version")?,
        details: details(row)?,
    })
}

/// The memberships of a club that have the keys of candidates, by key. The database joins them by its index; only
/// those that it has come back.
pub(super) async fn by_key(
    db: &impl ConnectionTrait,
    club: i64,
    candidates: &[&Candidate],
) -> Result<HashMap<String, Present>> {
    let keys: Vec<&str> = candidates.iter().map(|candidate| candidate.key.as_str()).collect();
    let keys = serde_json::to_string(&keys).unwrap_or_default();
    let sql = format!(
        "SELECT {} {FROM} WHERE membership.club_id = $1 AND membership.source_key IN {}",
        columns(),
        texts(db.get_database_backend(), "$2")
    );
    let rows = all(db, &sql, [club.into(), keys.into()]).await?;
    rows.iter().map(|row| present(row).map(|found| (found.key.clone(), found))).collect()
}

/// A member of the target, apart from their memberships.
pub(super) struct KnownMember {
    pub(super) id: i64,
    pub(super) version: i64,
    /// Without what belongs to a membership
    pub(super) details: Details,
}

/// The members of a club's memberships with these keys, by key.
pub(super) async fn members_of_keys(
    db: &impl ConnectionTrait,
    club: i64,
    keys: &[&str],
) -> Result<HashMap<String, i64>> {
    let keys = serde_json::to_string(keys).unwrap_or_default();
    let sql = format!(
        "SELECT source_key, member_id FROM membership WHERE club_id = $1 AND source_key IN {}",
        texts(db.get_database_backend(), "$2")
    );
    let rows = all(db, &sql, [club.into(), keys.into()]).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Members by their ids; those that are gone are left out.
pub(super) async fn members(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, KnownMember>> {
    let column = |name: &&str| match *name {
        "member_since" | "last_active" => format!("CAST(NULL AS text) AS {name}"),
        "score" => "CAST(NULL AS double precision) AS score".to_owned(),
        "company" => "company.name AS company".to_owned(),
        name => format!("member.{name}"),
    };
    let columns: Vec<String> = COLUMNS.iter().map(column).collect();
    let ids = serde_json::to_string(&ids.iter().map(i64::to_string).collect::<Vec<_>>()).unwrap_or_default();
    let sql = format!(
        "SELECT member.id AS member_id, member.version, {} FROM member
         LEFT JOIN company ON member.company_id = company.id
         WHERE member.id IN {}",
        columns.join(", "),
        numbers(db.get_database_backend(), "$1")
    );
    let known = |row: &QueryResult| {
        let id = row.try_get("", "member_id")?;
        Ok((id, KnownMember { id, version: row.try_get("", "version")?, details: details(row)? }))
    };
    all(db, &sql, [ids.into()]).await?.iter().map(known).collect()
}

/// A page of a club's memberships after an id, in the order of their ids.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    club: i64,
    after: i64,
    limit: u32,
) -> Result<Vec<Present>> {
    let sql = format!(
        "SELECT {} {FROM} WHERE membership.club_id = $1 AND membership.id > $2 ORDER BY membership.id LIMIT {limit}",
        columns()
    );
    all(db, &sql, [club.into(), after.into()]).await?.iter().map(present).collect()
}

/// The ids of the clubs that the target has among sources.
pub(super) async fn clubs(db: &impl ConnectionTrait, sources: &[String]) -> Result<HashMap<String, i64>> {
    let names = serde_json::to_string(sources).unwrap_or_default();
    let sql = format!("SELECT id, name FROM club WHERE name IN {}", texts(db.get_database_backend(), "$1"));
    let rows = all(db, &sql, [names.into()]).await?;
    rows.iter().map(|row| Ok((row.try_get("", "name")?, row.try_get("", "id")?))).collect()
}

/// How many of the companies the target does not have.
pub(super) async fn new_companies(db: &impl ConnectionTrait, names: &[String]) -> Result<usize> {
    let list = serde_json::to_string(names).unwrap_or_default();
    let sql =
        format!("SELECT count(*) FROM company WHERE name IN {}", texts(db.get_database_backend(), "$1"));
    let known: i64 =
        all(db, &sql, [list.into()]).await?.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(names.len().saturating_sub(usize::try_from(known).unwrap_or_default()))
}
