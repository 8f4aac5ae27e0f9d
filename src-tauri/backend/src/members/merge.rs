//! Two members of the database become one: the memberships of one go to the other, who gets the values that a person
//! chose; the one goes. Both may have a membership of the same club: then the member has two of it, each with its own
//! key and facts, as where a list has a person twice.

use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use serde_json::json;

use muster_engine::Field;

use super::history::FieldChange;
use super::number;
use super::record::{Record, broken, only, refuse_new};
use super::values::{FieldValue, standardised};
use super::view::{OF_MEMBER, Person};
use super::write::{By, unchanged, update_member};
use crate::error::{Code, Error, Result};
use crate::store::journal::{self, Entry};
use crate::store::merges;
use crate::store::pair_decisions::{self, Pairs};
use crate::store::sql::run;

/// Two members who are one person.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberMerge {
    /// Who stays
    pub keep: u32,
    /// The version that the person saw
    pub keep_version: u32,
    /// Who goes
    pub other: u32,
    /// The version that the person saw
    pub other_version: u32,
    /// Values that were chosen or typed. A field that is not named keeps the value of who stays, or gets the other's
    /// where that is blank
    pub values: Vec<FieldValue>,
}

/// What a merge does, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MergeReport {
    /// Who stays
    pub member: u32,
    /// Who goes
    pub merged: u32,
    /// The entry of the ledger; none in a dry run
    pub entry: Option<u32>,
    /// What changes of who stays
    pub changes: Vec<FieldChange>,
    /// The memberships that go over
    pub memberships: Vec<MovedMembership>,
}

/// A membership that goes to another member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MovedMembership {
    /// Its number
    pub id: u32,
    /// The club
    pub club: String,
    /// The other member has one of the same club
    pub twice: bool,
    /// It was edited since the merge, and stays that way; of an un-merge
    pub edited: bool,
}

/// A merge that was looked at.
struct Merge {
    keep: Person,
    other: Person,
    record: Record,
    /// Fields of who stays that change
    fields: Vec<Field>,
    changes: Vec<FieldChange>,
}

/// What a merge would do.
pub(super) async fn look(db: &DatabaseConnection, merge: &MemberMerge) -> Result<MergeReport> {
    Ok(Merge::find(db, merge).await?.report(None))
}

/// Merges.
pub(super) async fn carry_out(db: &DatabaseConnection, by: &By, merge: &MemberMerge) -> Result<MergeReport> {
    let merge = Merge::find(db, merge).await?;
    let entry = by.open(db, "merge").await?;
    // Before they are one, it is known which memberships are whose.
    let pairs = Pairs::between(db, merge.keep.id, merge.other.id).await?;
    keep_images(db, entry, merge.keep.id, merge.other.id).await?;
    let company = merge.company_of_other();
    if company {
        let sql = "UPDATE member SET
                company_id = (SELECT other.company_id FROM member AS other WHERE other.id = $2),
                company_source_id = (SELECT other.company_source_id FROM member AS other WHERE other.id = $2)
            WHERE id = $1";
        run(db, sql, [merge.keep.id.into(), merge.other.id.into()]).await?;
    }
    let fields = merge.fields.iter().copied().filter(|field| !company || *field != Field::Company);
    update_member(db, entry, merge.keep.id, &merge.record, &fields.collect::<Vec<_>>()).await?;
    join(db, merge.keep.id, merge.other.id).await?;
    journal::keep_after(db, entry, &journal::MEMBER).await?;
    journal::keep_after(db, entry, &journal::MEMBERSHIP).await?;
    let names: Vec<&str> = merge.fields.iter().map(|field| field.name()).collect();
    merges::add(db, entry, merge.keep.id, merge.other.id, &names).await?;
    pair_decisions::write(db, &pairs, true, &by.person, entry).await?;
    let detail = json!({
        "member": merge.keep.id, "merged": merge.other.id, "fields": names,
        "memberships": merge.other.memberships.len(),
    });
    journal::audit(db, entry, &by.person, "merge", &detail).await?;
    Ok(merge.report(Some(entry)))
}

/// Images of both members, and of the memberships that go over; those are told of the member who gets them.
async fn keep_images(db: &DatabaseConnection, entry: Entry, keep: i64, other: i64) -> Result<()> {
    let both = "WHERE member.id IN ($1, $2)";
    journal::keep_before(db, entry, &journal::MEMBER, "member.id", both, [keep.into(), other.into()]).await?;
    let (getter, theirs) = (keep.to_string(), "WHERE membership.member_id = $1");
    journal::keep_before(db, entry, &journal::MEMBERSHIP, &getter, theirs, [other.into()]).await?;
    Ok(())
}

async fn join(db: &DatabaseConnection, keep: i64, other: i64) -> Result<()> {
    let sql = "UPDATE membership SET member_id = $1 WHERE member_id = $2";
    run(db, sql, [keep.into(), other.into()]).await?;
    run(db, "DELETE FROM member WHERE id = $1", [other.into()]).await?;
    Ok(())
}

impl Merge {
    async fn find(db: &DatabaseConnection, merge: &MemberMerge) -> Result<Merge> {
        if merge.keep == merge.other {
            return Err(Error::new(Code::InvalidInput, "A member cannot be merged with themselves")
                .with_help("Choose two members."));
        }
        only(&OF_MEMBER, &merge.values)?;
        let keep = unchanged(db, merge.keep.into(), merge.keep_version.into()).await?;
        let other = unchanged(db, merge.other.into(), merge.other_version.into()).await?;
        let (before, theirs) = (Record::of(&keep.values), Record::of(&other.values));
        let mut record = before.clone();
        let fields = record.change(chosen(&before, &theirs, &merge.values)?);
        for (person, own) in [(&keep, &before), (&other, &theirs)] {
            for membership in &person.memberships {
                let facts = Record::of(&membership.view.values);
                refuse_new(&broken(own, &facts)?, &broken(&record, &facts)?)?;
            }
        }
        let alone = Record::default();
        let known = [broken(&before, &alone)?, broken(&theirs, &alone)?].concat();
        refuse_new(&known, &broken(&record, &alone)?)?;
        let owned = |record: &Record, field: Field| record.get(field).map(str::to_owned);
        let change = |field: &Field| FieldChange {
            field: Some(*field),
            club: None,
            before: owned(&before, *field),
            after: owned(&record, *field),
        };
        let changes = OF_MEMBER.iter().filter(|field| fields.contains(field)).map(change).collect();
        Ok(Merge { keep, other, record, fields, changes })
    }

    /// The company is the other's, which may be an id that nobody knows the name of.
    fn company_of_other(&self) -> bool {
        let theirs = Record::of(&self.other.values);
        let theirs = theirs.get(Field::Company);
        self.fields.contains(&Field::Company) && theirs.is_some() && theirs == self.record.get(Field::Company)
    }

    fn report(&self, entry: Option<Entry>) -> MergeReport {
        let has = |club: &str| self.keep.memberships.iter().any(|membership| membership.view.club == club);
        let moved = self.other.memberships.iter().map(|membership| MovedMembership {
            id: membership.view.id,
            club: membership.view.club.clone(),
            twice: has(&membership.view.club),
            edited: false,
        });
        MergeReport {
            member: number(self.keep.id),
            merged: number(self.other.id),
            entry: entry.map(|entry| number(entry.id)),
            changes: self.changes.clone(),
            memberships: moved.collect(),
        }
    }
}

/// The value of every field: what the person chose, else that of who stays, else the other's. A value that one of them has
/// is taken as it is.
fn chosen(keep: &Record, other: &Record, values: &[FieldValue]) -> Result<Vec<(Field, Option<String>)>> {
    let known = |value: &FieldValue| {
        let text = value.value.as_deref();
        text == keep.get(value.field) || text == other.get(value.field)
    };
    let (as_they_are, typed): (Vec<FieldValue>, Vec<FieldValue>) = values.iter().cloned().partition(known);
    let mut chosen: Vec<_> = as_they_are.into_iter().map(|value| (value.field, value.value)).collect();
    chosen.extend(standardised(&typed)?);
    for field in OF_MEMBER {
        let said = chosen.iter().any(|(of, _)| *of == field);
        if !said && keep.get(field).is_none() {
            chosen.push((field, other.get(field).map(str::to_owned)));
        }
    }
    Ok(chosen)
}
