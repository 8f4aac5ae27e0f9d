//! Disagreements of a person's records: all are reported; some wait for a person.

use serde::{Deserialize, Serialize};

use super::pick::Cluster;
use crate::field::Field;

/// A value, and the records that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueAt<'a> {
    /// The value, as the first of the records writes it
    pub value: &'a str,
    /// Indexes of the records, by the order of the tie breaks
    pub records: Vec<u32>,
}

/// What became of a disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ConflictState {
    /// A person has to choose
    Open,
    /// A person chose, and since then a record has another value: they have to choose again
    Changed,
    /// A rule settled it
    ByRule,
    /// A person settled it
    ByPerson,
}

impl ConflictState {
    /// Whether a person has to choose.
    pub const fn is_open(self) -> bool {
        matches!(self, ConflictState::Open | ConflictState::Changed)
    }
}

/// Records of one person that disagree on a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict<'a> {
    /// The field
    pub field: Field,
    /// The different values with their records; at least two, unless the state is [`ConflictState::Changed`]
    pub values: Vec<ValueAt<'a>>,
    /// Whether different clubs say different things
    pub between_clubs: bool,
    /// What became of it
    pub state: ConflictState,
    /// With [`ConflictState::Changed`]: the values that were not there when the person chose
    pub changed: Vec<&'a str>,
}

impl<'a> Cluster<'_, 'a> {
    /// Whether a club's records have a value that another club's records have not.
    pub(super) fn is_between_clubs(&self, values: &[ValueAt<'a>]) -> bool {
        let club = |index: &u32| self.record(*index).source;
        let across = |one: &ValueAt<'a>, other: &ValueAt<'a>| {
            one.records.iter().any(|a| other.records.iter().any(|b| club(a) != club(b)))
        };
        values.iter().enumerate().any(|(at, one)| values[at + 1..].iter().any(|other| across(one, other)))
    }
}
