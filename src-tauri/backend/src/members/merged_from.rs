//! Who was merged into a member, as the member's view lists them.

use sea_orm::DatabaseConnection;
use serde::Serialize;
use serde_json::Value as Json;

use muster_engine::Field;

use super::moved::parsed;
use super::number;
use crate::error::Result;
use crate::store::merges::{self, Merge};
use crate::store::sql::all;

/// Somebody who was merged into a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MergedFrom {
    /// Their number
    pub member: u32,
    /// Their name
    pub name: String,
    /// Their birth date
    pub birth_date: Option<String>,
    /// The clubs of their memberships
    pub clubs: Vec<String>,
    /// The entry that merged them
    pub entry: u32,
    /// Its kind: `merge`, or `push`
    pub kind: String,
    /// Who merged them
    pub person: String,
    /// When: RFC 3339, UTC
    pub at: String,
}

/// Who was merged into a member, and still is.
pub(super) async fn merged_from(db: &DatabaseConnection, member: i64) -> Result<Vec<MergedFrom>> {
    let mut found = Vec::new();
    for merge in merges::into_member(db, member).await? {
        let sql = "SELECT push.kind, push.person, push.finished, CAST(change.before AS text)
            FROM push INNER JOIN change ON change.push_id = push.id
            WHERE push.id = $1 AND change.table_name = 'member' AND change.first_id = $2 AND change.before IS NOT NULL";
        for row in all(db, sql, [merge.entry.into(), merge.merged.into()]).await? {
            let image = parsed(&row.try_get_by_index::<String>(3)?);
            let text = |field: Field| image.get(field.name()).and_then(Json::as_str).map(str::to_owned);
            let parts = [Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix];
            found.push(MergedFrom {
                member: number(merge.merged),
                name: parts.into_iter().filter_map(text).collect::<Vec<_>>().join(" "),
                birth_date: text(Field::BirthDate),
                clubs: clubs(db, &merge).await?,
                entry: number(merge.entry),
                kind: row.try_get_by_index(0)?,
                person: row.try_get_by_index(1)?,
                at: row.try_get_by_index(2)?,
            });
        }
    }
    Ok(found)
}

/// The clubs of the memberships that a merge moved.
async fn clubs(db: &DatabaseConnection, merge: &Merge) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT club.name FROM change
        INNER JOIN club ON club.id = CAST(change.before ->> 'club_id' AS bigint)
        WHERE change.push_id = $1 AND change.member_id = $2 AND change.table_name = 'membership'
            AND CAST(change.before ->> 'member_id' AS bigint) = $3
        ORDER BY club.name";
    let values = [merge.entry.into(), merge.member.into(), merge.merged.into()];
    all(db, sql, values).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
