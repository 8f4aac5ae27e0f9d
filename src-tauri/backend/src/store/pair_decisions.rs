//! Decisions that come with a merge or an un-merge by hand: the next import of the same records knows of them.

use sea_orm::DatabaseConnection;

use super::journal::{Entry, now};
use super::sql::{all, run};
use crate::error::Result;

/// Memberships of two members, each with each, by club and key.
#[derive(Debug, Default)]
pub struct Pairs(Vec<[(i64, String); 2]>);

impl Pairs {
    /// Of all memberships of two members.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn between(db: &DatabaseConnection, one: i64, other: i64) -> Result<Pairs> {
        let sql = "SELECT one.club_id, one.source_key, other.club_id, other.source_key
            FROM membership AS one INNER JOIN membership AS other ON other.member_id = $2
            WHERE one.member_id = $1 ORDER BY one.id, other.id";
        let mut pairs = Vec::new();
        for row in all(db, sql, [one.into(), other.into()]).await? {
            let key = |at: usize| -> Result<(i64, String)> {
                Ok((row.try_get_by_index(at)?, row.try_get_by_index(at + 1)?))
            };
            pairs.push([key(0)?, key(2)?]);
        }
        Ok(Pairs(pairs))
    }
}

/// Remembers that they are the same person, or different ones. What was seen is not kept: the decision is about who they
/// are in the database, not about how a list describes them.
///
/// # Errors
/// When the database fails.
pub async fn write(
    db: &DatabaseConnection,
    pairs: &Pairs,
    same: bool,
    person: &str,
    entry: Entry,
) -> Result<()> {
    let (kind, now) = (if same { "same" } else { "different" }, now());
    let sql = "INSERT INTO decision (kind, club_id, source_key, other_club_id, other_source_key, person, decided, push_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    for [(club, key), (other_club, other_key)] in &pairs.0 {
        let values = [
            kind.into(),
            (*club).into(),
            key.as_str().into(),
            (*other_club).into(),
            other_key.as_str().into(),
            person.into(),
            now.as_str().into(),
            entry.id.into(),
        ];
        run(db, sql, values).await?;
    }
    Ok(())
}
