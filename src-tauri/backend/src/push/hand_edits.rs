//! What people typed into the database by hand: lists do not overwrite it, unless that is asked for.
//!
//! The entry in force that wrote a field last tells ([`crate::store::chain`]): a field counts as typed where that is an
//! edit by hand, or a merge in which a person chose. A member whom a person made by hand has all their fields typed.

use std::collections::{HashMap, HashSet};

use muster_engine::resolve::{FieldSet, PERSON_FIELDS};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::error::Result;
use crate::store::chain::Chains;
use crate::store::sql::{all, numbers};

/// The fields of members that people typed; members without any are left out.
///
/// # Errors
/// When the database fails.
pub async fn fields_by_hand(db: &impl ConnectionTrait, members: &[i64]) -> Result<HashMap<i64, FieldSet>> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    // Mostly there are none: then no table of changes is asked. An edit that was undone counts where its undo kept the
    // member.
    let edits = "SELECT id FROM push WHERE kind IN ('edit', 'merge')";
    let edits: Vec<String> = all(db, edits, [])
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index::<i64>(0)?.to_string()))
        .collect::<Result<_>>()?;
    if edits.is_empty() {
        return Ok(HashMap::new());
    }
    let as_json = |ids: &[String]| serde_json::to_string(ids).unwrap_or_default();
    let ids = members.iter().map(i64::to_string).collect::<Vec<_>>();
    let made: HashSet<i64> =
        all(db, &made_by_hand(db.get_database_backend()), [as_json(&ids).into(), as_json(&edits).into()])
            .await?
            .iter()
            .map(|row| Ok(row.try_get_by_index(0)?))
            .collect::<Result<_>>()?;
    let chains = Chains::read(db, members).await?;
    let written: Vec<String> = chains.members().map(|member| member.to_string()).collect();
    let mut found: HashMap<i64, FieldSet> =
        made.iter().map(|member| (*member, PERSON_FIELDS.into_iter().collect())).collect();
    let versions =
        format!("SELECT id, version FROM member WHERE id IN {}", numbers(db.get_database_backend(), "$1"));
    for row in all(db, &versions, [as_json(&written).into()]).await? {
        let (member, version): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let in_force = chains.in_force(member, version);
        let typed =
            PERSON_FIELDS.into_iter().filter(|field| match chains.last_write(member, &in_force, *field) {
                Some(write) => matches!(write.kind.as_str(), "edit" | "merge"),
                None => made.contains(&member),
            });
        found.insert(member, typed.collect());
    }
    found.retain(|_, fields| *fields != FieldSet::EMPTY);
    Ok(found)
}

/// Members (`$1`) whom an edit (`$2`) made: it has the range of their ids, or an image of none before. From the edits to
/// the members, of whom there are more: SQLite joins in the order of `CROSS JOIN`.
fn made_by_hand(backend: DbBackend) -> String {
    format!(
        "SELECT DISTINCT member.id FROM change CROSS JOIN member
         WHERE change.push_id IN {} AND change.table_name = 'member' AND change.before IS NULL
             AND member.id BETWEEN change.first_id AND change.last_id AND member.id IN {}",
        numbers(backend, "$2"),
        numbers(backend, "$1")
    )
}
