//! A resolved member as the screens show it: owned, with files and rows, and reasons in words.

use serde::{Deserialize, Serialize};

use super::conflict::{Conflict, ConflictState, ValueAt};
use super::member::{FieldResult, Member, Provenance};
use super::record::{Origin, Record};
use crate::field::Field;

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RecordView {
    /// The club
    pub source: String,
    /// The key in the club
    pub source_key: String,
    /// List or database
    pub origin: Origin,
    /// The file; empty for the database
    pub file: String,
    /// The row; 0 for the database
    pub row: u32,
}

/// A value, and the records that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ValueView {
    /// The value
    pub value: String,
    /// Positions in [`MemberView::records`]
    pub records: Vec<u32>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldView {
    /// The field
    pub field: Field,
    /// The value; `None`: none, or open
    pub value: Option<String>,
    /// Where it comes from
    pub provenance: Provenance,
    /// Why, in words
    pub reason: String,
    /// Whether a person has to choose
    pub open: bool,
    /// What would be taken, where a person has to choose
    pub proposal: Option<String>,
    /// Values that say something else
    pub losers: Vec<ValueView>,
}

/// A person in a club.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MembershipView {
    /// The club
    pub source: String,
    /// The key in the club
    pub source_key: String,
    /// Positions in [`MemberView::records`]
    pub records: Vec<u32>,
    /// `member_since`, `last_active`, `score`
    pub facts: Vec<FieldView>,
}

/// A disagreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ConflictView {
    /// The field
    pub field: Field,
    /// The different values with their records
    pub values: Vec<ValueView>,
    /// Whether different clubs say different things
    pub between_clubs: bool,
    /// What became of it
    pub state: ConflictState,
    /// Values that were not there when a person chose
    pub changed: Vec<String>,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberView {
    /// The records, as they were given
    pub records: Vec<RecordView>,
    /// The person's fields
    pub fields: Vec<FieldView>,
    /// The person's memberships
    pub memberships: Vec<MembershipView>,
    /// All disagreements
    pub conflicts: Vec<ConflictView>,
    /// Whether a person has to choose something
    pub open: bool,
}

impl MemberView {
    /// The view of a member that was resolved from these records.
    pub fn new(member: &Member<'_>, records: &[Record<'_>]) -> MemberView {
        let membership = |known: &super::Membership<'_>| MembershipView {
            source: known.source.to_owned(),
            source_key: known.source_key.to_owned(),
            records: known.records.clone(),
            facts: known.facts.iter().map(field_view).collect(),
        };
        MemberView {
            records: records.iter().map(record_view).collect(),
            fields: member.fields.iter().map(field_view).collect(),
            memberships: member.memberships.iter().map(membership).collect(),
            conflicts: member.conflicts.iter().map(conflict_view).collect(),
            open: member.is_open(),
        }
    }
}

fn record_view(record: &Record<'_>) -> RecordView {
    RecordView {
        source: record.source.to_owned(),
        source_key: record.source_key.to_owned(),
        origin: record.origin,
        file: record.file.to_owned(),
        row: record.row,
    }
}

fn field_view(result: &FieldResult<'_>) -> FieldView {
    FieldView {
        field: result.field,
        value: result.value.map(str::to_owned),
        provenance: result.from,
        reason: result.reason.words(),
        open: result.is_open(),
        proposal: result.proposal.map(str::to_owned),
        losers: value_views(&result.losers),
    }
}

fn conflict_view(conflict: &Conflict<'_>) -> ConflictView {
    ConflictView {
        field: conflict.field,
        values: value_views(&conflict.values),
        between_clubs: conflict.between_clubs,
        state: conflict.state,
        changed: conflict.changed.iter().map(|&value| value.to_owned()).collect(),
    }
}

fn value_views(values: &[ValueAt<'_>]) -> Vec<ValueView> {
    let view =
        |known: &ValueAt<'_>| ValueView { value: known.value.to_owned(), records: known.records.clone() };
    values.iter().map(view).collect()
}
