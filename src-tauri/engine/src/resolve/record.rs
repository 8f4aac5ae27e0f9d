//! The records of a cluster, as survivorship sees them.

use serde::{Deserialize, Serialize};

use crate::date::PartialDate;
use crate::field::Field;

/// Where a record comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A row of a list
    #[default]
    List,
    /// A membership of a member who is in the database already
    Database,
}

/// A set of fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldSet(u16);

impl FieldSet {
    /// No field.
    pub const EMPTY: FieldSet = FieldSet(0);

    /// With one more field.
    #[must_use]
    pub const fn with(self, field: Field) -> FieldSet {
        FieldSet(self.0 | 1 << field.index())
    }

    /// Whether the field is in the set.
    pub const fn contains(self, field: Field) -> bool {
        self.0 & 1 << field.index() != 0
    }
}

impl FromIterator<Field> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> FieldSet {
        fields.into_iter().fold(FieldSet::EMPTY, FieldSet::with)
    }
}

/// One record of a cluster: a row of a list, or a membership of a member in the database (one record for each of the
/// member's memberships, all with the member's own values).
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The club
    pub source: &'a str,
    /// The record's key in its club, as in the target
    pub source_key: &'a str,
    /// Name of the file; empty for a member of the database
    pub file: &'a str,
    /// Line of the file or row of the sheet; 0 for a member of the database
    pub row: u32,
    /// List or database
    pub origin: Origin,
    /// Standardised values, by [`Field::index`]; `None` and blank text are missing
    pub values: [Option<&'a str>; Field::COUNT],
    /// The company's id in the source, where it gave one
    pub company_id: Option<&'a str>,
    /// Values that a person typed into the database's member: a later list does not overwrite them
    /// (see [`super::SurvivorshipSettings::overwrite_hand_edits`])
    pub by_person: FieldSet,
}

impl<'a> Record<'a> {
    /// The value of a field; blank text is no value.
    #[inline]
    pub fn value(&self, field: Field) -> Option<&'a str> {
        self.values[field.index()].filter(|text| !text.trim_ascii().is_empty())
    }

    /// The last activity; `None` where it is missing or no ISO 8601 date.
    pub(super) fn last_active(&self) -> Option<PartialDate> {
        PartialDate::parse_iso(self.value(Field::LastActive)?)
    }

    /// Whether both are the same membership: club and key.
    pub(super) fn is_same_membership(&self, other: &Record<'_>) -> bool {
        self.source == other.source && self.source_key == other.source_key
    }
}
