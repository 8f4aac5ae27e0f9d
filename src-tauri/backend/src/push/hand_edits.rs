//! What people typed into the database by hand: lists do not overwrite it, unless that is asked for.
//!
//! The last entry of the ledger that wrote a field tells: a field counts as typed where that entry is an edit by hand
//! that was not undone. A member whom a person made by hand has all their fields typed.

use std::collections::{BTreeMap, HashMap};

use muster_engine::Field;
use muster_engine::resolve::{FieldSet, PERSON_FIELDS};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::Value as Json;

use crate::error::Result;
use crate::store::sql::{all, numbers};

/// The fields of members that people typed; members without any are left out.
///
/// # Errors
/// When the database fails.
pub async fn fields_by_hand(db: &impl ConnectionTrait, members: &[i64]) -> Result<HashMap<i64, FieldSet>> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let mut by_hand: HashMap<i64, BTreeMap<Field, bool>> = HashMap::new();
    let ids = members.iter().map(i64::to_string).collect::<Vec<_>>();
    let ids = serde_json::to_string(&ids).unwrap_or_default();
    // Mostly there are none: then no table of changes is asked.
    let edits = "SELECT id FROM push WHERE kind = 'edit' AND undone IS NULL";
    let edits: Vec<String> = all(db, edits, [])
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index::<i64>(0)?.to_string()))
        .collect::<Result<_>>()?;
    if edits.is_empty() {
        return Ok(HashMap::new());
    }
    let edits = serde_json::to_string(&edits).unwrap_or_default();
    for row in all(db, &made_by_hand(db.get_database_backend()), [ids.as_str().into(), edits.into()]).await? {
        let fields = PERSON_FIELDS.map(|field| (field, true));
        by_hand.entry(row.try_get_by_index(0)?).or_default().extend(fields);
    }
    for row in all(db, &written(db.get_database_backend()), [ids.into()]).await? {
        let (member, kind): (i64, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let image = |at: usize| -> Result<Json> {
            Ok(serde_json::from_str(&row.try_get_by_index::<String>(at)?).unwrap_or_default())
        };
        let (before, after) = (image(2)?, image(3)?);
        let fields = by_hand.entry(member).or_default();
        for field in PERSON_FIELDS {
            if columns(field).iter().any(|column| before.get(column) != after.get(column)) {
                fields.insert(field, kind == "edit");
            }
        }
    }
    let typed = |fields: BTreeMap<Field, bool>| -> FieldSet {
        fields.into_iter().filter(|(_, typed)| *typed).map(|(field, _)| field).collect()
    };
    let found = by_hand.into_iter().map(|(member, fields)| (member, typed(fields)));
    Ok(found.filter(|(_, fields)| *fields != FieldSet::EMPTY).collect())
}

/// The columns of a member that hold a field.
fn columns(field: Field) -> &'static [&'static str] {
    match field {
        Field::Company => &["company_id", "company_source_id"],
        Field::Prefix => &["prefix"],
        Field::GivenName => &["given_name"],
        Field::MiddleName => &["middle_name"],
        Field::FamilyName => &["family_name"],
        Field::Suffix => &["suffix"],
        Field::PreferredName => &["preferred_name"],
        Field::BirthDate => &["birth_date"],
        Field::State => &["state"],
        Field::Email => &["email"],
        Field::Phone => &["phone"],
        Field::MemberSince | Field::LastActive | Field::Score | Field::SourceKey => &[],
    }
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

/// What entries made of members, the oldest first. An undo and what it took back cancel out.
fn written(backend: DbBackend) -> String {
    format!(
        "SELECT change.member_id, push.kind, CAST(change.before AS text), CAST(change.after AS text)
         FROM change INNER JOIN push ON change.push_id = push.id
         WHERE change.member_id IN {} AND change.table_name = 'member' AND change.before IS NOT NULL AND change.after IS NOT NULL
             AND push.undone IS NULL AND push.kind <> 'undo'
         ORDER BY push.id",
        numbers(backend, "$1")
    )
}
