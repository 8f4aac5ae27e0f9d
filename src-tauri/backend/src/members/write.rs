//! Changes by hand. Each is an entry of the ledger and is done under the writers' lock, so of two people who edit the
//! same member the second one finds another version than they saw.

use sea_orm::DatabaseConnection;
use sea_orm::sea_query::Value;
use serde::{Deserialize, Serialize};
use serde_json::json;

use muster_engine::standardise::Parsed;
use muster_engine::standardise::text::tidy;
use muster_engine::{Field, key};

use super::lookups::{company, find_or_add_club};
use super::number;
use super::record::{Record, broken, only, refuse_new};
use super::values::{FieldValue, standardised};
use super::view::{OF_MEMBER, OF_MEMBERSHIP, Person, gone, person};
use crate::error::{Code, Error, Result};
use crate::store::entities::push;
use crate::store::journal::{self, Entry, now};
use crate::store::score_history;
use crate::store::sql::{all, one, run};

/// A new member in a club.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NewMember {
    /// Name of the club; a new one is made
    pub club: String,
    /// Fields of the member and of the membership
    pub values: Vec<FieldValue>,
}

/// What is changed of a member: only the fields that are named.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberEdit {
    /// The version that the person saw
    pub version: u32,
    /// Fields of the member
    pub values: Vec<FieldValue>,
    /// Their memberships
    pub memberships: Vec<MembershipEdit>,
}

/// What is changed of a membership.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MembershipEdit {
    /// Its number
    pub id: u32,
    /// When they joined, were last active, their score
    pub values: Vec<FieldValue>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Written {
    /// The member
    pub member: u32,
    /// The entry of the ledger, which can be undone; none where nothing was different
    pub entry: Option<u32>,
}

/// Who writes, and under which profile's name.
#[derive(Debug)]
pub(super) struct By {
    pub(super) person: String,
    pub(super) profile: String,
}

impl By {
    /// Opens an entry of the ledger. `what` is its mode: `create`, `edit`, `delete`, `merge` or `unmerge`.
    pub(super) async fn open(&self, db: &DatabaseConnection, what: &str) -> Result<Entry> {
        let kind = if matches!(what, "merge" | "unmerge") { what } else { "edit" };
        let row = journal::blank(kind, &self.person, &self.profile, &now());
        journal::open(db, push::ActiveModel { mode: sea_orm::ActiveValue::Set(what.to_owned()), ..row }).await
    }

    async fn audit(
        &self,
        db: &DatabaseConnection,
        entry: Entry,
        what: &str,
        member: i64,
        fields: &[Field],
    ) -> Result<Written> {
        let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        journal::audit(db, entry, &self.person, what, &json!({ "member": member, "fields": names })).await?;
        Ok(Written { member: number(member), entry: Some(number(entry.id)) })
    }
}

/// Adds a member with one membership.
pub(super) async fn create(db: &DatabaseConnection, by: &By, new: &NewMember) -> Result<Written> {
    let fields: Vec<Field> = OF_MEMBER.into_iter().chain(OF_MEMBERSHIP).chain([Field::SourceKey]).collect();
    only(&fields, &new.values)?;
    let mut record = Record::default();
    let given = record.change(standardised(&new.values)?);
    refuse_new(&[], &broken(&record, &record)?)?;
    let mut club = String::new();
    if !matches!(tidy(&new.club, &mut club), Parsed::Value(..)) {
        return Err(Error::new(Code::InvalidInput, "A member needs a club").with_help("Choose a club."));
    }
    let entry = by.open(db, "create").await?;
    let club_id = find_or_add_club(db, entry, &club).await?;
    let key = source_key(&club, &record);
    refuse_known(db, club_id, &key).await?;
    let company = company(db, entry, record.get(Field::Company)).await?;
    let above =
        [journal::last_id(db, &journal::MEMBER).await?, journal::last_id(db, &journal::MEMBERSHIP).await?];
    let id = insert_member(db, entry, &record, company).await?;
    let sql = "INSERT INTO membership (member_id, club_id, source_key, member_since, last_active, score)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let mut values: Vec<Value> = vec![id.into(), club_id.into(), key.into()];
    for field in OF_MEMBERSHIP {
        values.push(record.value(field)?);
    }
    run(db, sql, values).await?;
    for (table, above) in [&journal::MEMBER, &journal::MEMBERSHIP].into_iter().zip(above) {
        journal::note_added(db, entry, table, above).await?;
    }
    let which = format!("(SELECT theirs.id FROM membership AS theirs WHERE theirs.member_id = {id})");
    score_history::note(db, entry, &which, true).await?;
    by.audit(db, entry, "create", id, &given).await
}

/// As the engine makes it for a row of a list: so the list that has the member meets this membership.
fn source_key(club: &str, record: &Record) -> String {
    if let Some(number) = record.get(Field::SourceKey) {
        return number.to_owned();
    }
    let name = [Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix]
        .map(|field| record.get(field));
    format!("{:032x}", key::source_key(club, name, record.get(Field::BirthDate)))
}

async fn refuse_known(db: &DatabaseConnection, club: i64, key: &str) -> Result<()> {
    let sql = "SELECT member_id FROM membership WHERE club_id = $1 AND source_key = $2";
    match all(db, sql, [club.into(), key.into()]).await?.first() {
        None => Ok(()),
        Some(row) => {
            let member: i64 = row.try_get_by_index(0)?;
            Err(Error::new(Code::Refused, format!("The club has this member already (number {member})"))
                .with_help("Edit that member, or tell the two apart by a member number."))
        }
    }
}

/// The columns of `member` that hold a field's text.
fn columns() -> impl Iterator<Item = Field> {
    OF_MEMBER.into_iter().filter(|field| *field != Field::Company)
}

async fn insert_member(
    db: &DatabaseConnection,
    entry: Entry,
    record: &Record,
    company: Option<i64>,
) -> Result<i64> {
    let names: Vec<&str> = columns().map(Field::name).collect();
    let mut values: Vec<Value> = columns().map(|field| record.value(field)).collect::<Result<_>>()?;
    values.extend([company.into(), entry.id.into()]);
    let places: Vec<String> = (1..=values.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "INSERT INTO member ({}, company_id, version) VALUES ({}) RETURNING id",
        names.join(", "),
        places.join(", ")
    );
    Ok(one(db, &sql, values).await?.try_get_by_index(0)?)
}

/// The member as the person saw them, or why they are not.
pub(super) async fn unchanged(db: &DatabaseConnection, id: i64, version: i64) -> Result<Person> {
    let Some(person) = person(db, id).await? else { return Err(gone(db, id).await?) };
    if person.version == version {
        return Ok(person);
    }
    let entry = crate::store::push::by_id(db, person.version).await?;
    let who = entry.map_or_else(String::new, |entry| format!(" by {} on {}", entry.person, entry.finished));
    Err(Error::new(
        Code::Refused,
        format!("This member was changed meanwhile{who} (entry {})", person.version),
    )
    .with_help("Nothing was written. Reload the member to see what changed, then make your change again."))
}

/// A membership and what it becomes.
struct Changed {
    id: i64,
    record: Record,
    fields: Vec<Field>,
}

/// Changes a member.
pub(super) async fn edit(db: &DatabaseConnection, by: &By, id: i64, edit: &MemberEdit) -> Result<Written> {
    only(&OF_MEMBER, &edit.values)?;
    let person = unchanged(db, id, edit.version.into()).await?;
    let before = Record::of(&person.values);
    let mut record = before.clone();
    let mut fields = record.change(standardised(&edit.values)?);
    let memberships = changed_memberships(&person, edit)?;
    for membership in &person.memberships {
        let was = Record::of(&membership.view.values);
        let is = memberships
            .iter()
            .find(|changed| changed.id == membership.id)
            .map_or(&was, |changed| &changed.record);
        refuse_new(&broken(&before, &was)?, &broken(&record, is)?)?;
    }
    if person.memberships.is_empty() {
        refuse_new(&broken(&before, &Record::default())?, &broken(&record, &Record::default())?)?;
    }
    if fields.is_empty() && memberships.is_empty() {
        return Ok(Written { member: number(id), entry: None });
    }
    let entry = by.open(db, "edit").await?;
    journal::keep_before(db, entry, &journal::MEMBER, "member.id", "WHERE member.id = $1", [id.into()])
        .await?;
    update_member(db, entry, id, &record, &fields).await?;
    for membership in &memberships {
        let which = "WHERE membership.id = $1";
        journal::keep_before(
            db,
            entry,
            &journal::MEMBERSHIP,
            "membership.member_id",
            which,
            [membership.id.into()],
        )
        .await?;
        update("membership", db, membership.id, &membership.record, &membership.fields, Vec::new()).await?;
        fields.extend(&membership.fields);
    }
    journal::keep_after(db, entry, &journal::MEMBER).await?;
    journal::keep_after(db, entry, &journal::MEMBERSHIP).await?;
    note_scores(db, entry, &memberships).await?;
    by.audit(db, entry, "edit", id, &fields).await
}

/// Notes scores and last activities that changed in their history.
async fn note_scores(db: &DatabaseConnection, entry: Entry, changed: &[Changed]) -> Result<()> {
    let ids: Vec<String> = changed.iter().map(|membership| membership.id.to_string()).collect();
    if !ids.is_empty() {
        score_history::note(db, entry, &format!("({})", ids.join(", ")), true).await?;
    }
    Ok(())
}

/// The memberships that the edit really changes.
fn changed_memberships(person: &Person, edit: &MemberEdit) -> Result<Vec<Changed>> {
    let mut found = Vec::new();
    for change in &edit.memberships {
        only(&OF_MEMBERSHIP, &change.values)?;
        let id = i64::from(change.id);
        let membership = person.memberships.iter().find(|membership| membership.id == id);
        let membership = membership.ok_or_else(|| Error::not_found("membership"))?;
        let mut record = Record::of(&membership.view.values);
        let fields = record.change(standardised(&change.values)?);
        if !fields.is_empty() {
            found.push(Changed { id, record, fields });
        }
    }
    Ok(found)
}

/// The version is written even where only a membership changes.
pub(super) async fn update_member(
    db: &DatabaseConnection,
    entry: Entry,
    id: i64,
    record: &Record,
    fields: &[Field],
) -> Result<()> {
    let mut more: Vec<(&str, Value)> = vec![("version", entry.id.into())];
    if fields.contains(&Field::Company) {
        more.push(("company_id", company(db, entry, record.get(Field::Company)).await?.into()));
        more.push(("company_source_id", None::<String>.into()));
    }
    let plain: Vec<Field> = fields.iter().copied().filter(|field| *field != Field::Company).collect();
    update("member", db, id, record, &plain, more).await
}

async fn update(
    table: &str,
    db: &DatabaseConnection,
    id: i64,
    record: &Record,
    fields: &[Field],
    more: Vec<(&str, Value)>,
) -> Result<()> {
    let mut values: Vec<Value> = vec![id.into()];
    let mut sets = Vec::new();
    for (column, value) in more {
        values.push(value);
        sets.push(format!("{column} = ${}", values.len()));
    }
    for field in fields {
        values.push(record.value(*field)?);
        sets.push(format!("{} = ${}", field.name(), values.len()));
    }
    run(db, &format!("UPDATE {table} SET {} WHERE id = $1", sets.join(", ")), values).await?;
    Ok(())
}

/// Deletes a member with their memberships, their history of scores and where they came from.
pub(super) async fn remove(db: &DatabaseConnection, by: &By, id: i64, version: i64) -> Result<Written> {
    unchanged(db, id, version).await?;
    let entry = by.open(db, "delete").await?;
    let of_membership = |table: &str| {
        format!(
            "INNER JOIN membership ON {table}.membership_id = membership.id WHERE membership.member_id = $1"
        )
    };
    for (table, which) in [
        (&journal::SOURCE_RECORD, of_membership("source_record")),
        (&journal::SCORE_HISTORY, of_membership("score_history")),
        (&journal::MEMBERSHIP, "WHERE membership.member_id = $1".to_owned()),
        (&journal::MEMBER, "WHERE member.id = $1".to_owned()),
    ] {
        journal::keep_before(db, entry, table, "$1", &which, [id.into()]).await?;
    }
    for table in ["source_record", "score_history"] {
        let sql = format!(
            "DELETE FROM {table} WHERE membership_id IN (SELECT membership.id FROM membership WHERE membership.member_id = $1)"
        );
        run(db, &sql, [id.into()]).await?;
    }
    run(db, "DELETE FROM membership WHERE member_id = $1", [id.into()]).await?;
    run(db, "DELETE FROM member WHERE id = $1", [id.into()]).await?;
    by.audit(db, entry, "delete", id, &[]).await
}
