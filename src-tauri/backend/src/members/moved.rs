//! The memberships that a merge moved, and whose they are.

use std::collections::{HashMap, HashSet};

use sea_orm::DatabaseConnection;
use serde_json::Value as Json;

use crate::error::Result;
use crate::store::journal;
use crate::store::merges::{self, Merge};
use crate::store::sql::{all, numbers};

/// A membership that the merge moved, as it was before.
pub(super) struct Moved {
    pub(super) id: i64,
    pub(super) before: Json,
    /// As it is now; none where it is gone or another's
    pub(super) now: Option<Json>,
}

impl Moved {
    /// Somebody has written it since.
    pub(super) fn is_edited(&self) -> bool {
        self.now.as_ref().is_some_and(|now| !same_but(&self.before, now, "member_id"))
    }
}

/// Whether two images are the same but for a column.
fn same_but(one: &Json, other: &Json, column: &str) -> bool {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return false };
    one.iter().filter(|(name, _)| *name != column).all(|(name, value)| other.get(name) == Some(value))
}

/// An image.
pub(super) fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
}

/// The memberships that a merge moved, with how they are now where they still are with `from`.
pub(super) async fn moved(db: &DatabaseConnection, merge: &Merge, from: i64) -> Result<Vec<Moved>> {
    let backend = db.get_database_backend();
    let image = journal::MEMBERSHIP.image(backend);
    let sql = format!(
        "SELECT change.first_id, CAST(change.before AS text), CAST(CASE WHEN membership.id IS NOT NULL THEN {image} END AS text)
         FROM change LEFT JOIN membership ON change.first_id = membership.id AND membership.member_id = $3
         WHERE change.push_id = $1 AND change.member_id = $2 AND change.table_name = 'membership'
             AND CAST(change.before ->> 'member_id' AS bigint) = $4
         ORDER BY change.first_id"
    );
    let values = [merge.entry.into(), merge.member.into(), from.into(), merge.merged.into()];
    let moved = |row: &sea_orm::QueryResult| {
        let (before, now): (String, Option<String>) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok(Moved { id: row.try_get_by_index(0)?, before: parsed(&before), now: now.as_deref().map(parsed) })
    };
    all(db, &sql, values).await?.iter().map(moved).collect()
}

/// Memberships that would go back and are not of who went, nor of those who were merged into them: their member was told
/// apart since, and merged anew.
pub(super) async fn of_others(
    db: &DatabaseConnection,
    merge: &Merge,
    moved: &[Moved],
) -> Result<HashSet<i64>> {
    let theirs: HashSet<i64> =
        merges::into_member(db, merge.merged).await?.iter().map(|merge| merge.merged).collect();
    let owners = first_owners(db, &merges::related(db, merge.merged).await?).await?;
    let is_theirs =
        |id: &i64| owners.get(id).is_none_or(|owner| *owner == merge.merged || theirs.contains(owner));
    Ok(moved.iter().map(|moved| moved.id).filter(|id| !is_theirs(id)).collect())
}

/// Whose the memberships were that merges have moved among members, before the first of these.
async fn first_owners(db: &DatabaseConnection, members: &[i64]) -> Result<HashMap<i64, i64>> {
    let ids: Vec<String> = members.iter().map(i64::to_string).collect();
    let sql = format!(
        "SELECT first_id, CAST(before ->> 'member_id' AS bigint) FROM change
         WHERE member_id IN {} AND table_name = 'membership'
             AND before ->> 'member_id' <> after ->> 'member_id' ORDER BY push_id, id",
        numbers(db.get_database_backend(), "$1")
    );
    let mut owners = HashMap::new();
    for row in all(db, &sql, [serde_json::to_string(&ids).unwrap_or_default().into()]).await? {
        let owner: i64 = row.try_get_by_index(1)?;
        owners.entry(row.try_get_by_index(0)?).or_insert(owner);
    }
    Ok(owners)
}
