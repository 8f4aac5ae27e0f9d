//! What a person decides, and what they decided.

use muster_engine::Field;
use serde::{Deserialize, Serialize};

use super::overview::PeopleCounts;

/// What a person said of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// One person
    Same,
    /// Different people
    Different,
    /// Not now: the group goes to the end of the queue
    Later,
}

/// A value that a person chose for a field, or typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChosenValue {
    /// The field, one of a person
    pub field: Field,
    /// The value; `None` leaves it blank
    pub value: Option<String>,
}

/// A person's word on a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DecideInput {
    /// The group
    pub group: u32,
    /// What they are
    pub verdict: Verdict,
    /// With [`Verdict::Same`]: records that are somebody else, different from all others
    pub excluded: Vec<u32>,
    /// With [`Verdict::Same`]: values chosen
    pub values: Vec<ChosenValue>,
}

/// What a decision did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Decided {
    /// The decision, for [`DecisionView`] and to revert it; `None` for [`Verdict::Later`]
    pub decision: Option<u32>,
    /// The counts after it
    pub counts: PeopleCounts,
    /// The group that was next in the queue that the group was in
    pub next: Option<u32>,
}

/// What a decision says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// The records are one person (some may be excluded)
    Same,
    /// They are different people
    Different,
    /// Many groups are one person each
    Bulk,
}

/// A decision: all that was said at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DecisionView {
    /// Its number; 0 where it comes from the recipe or from the database
    pub id: u32,
    /// What it says
    pub kind: DecisionKind,
    /// In words: `Ann Lee (Unity Golf Club) and Ann M. Lee (US Softball League) are one person`
    pub label: String,
    /// How many groups it is about
    pub groups: u32,
    /// The values that were chosen
    pub values: Vec<ChosenValue>,
    /// Who decided
    pub person: String,
    /// When: RFC 3339, UTC
    pub decided: String,
    /// When it was reverted
    pub reverted: Option<String>,
}

/// A page of decisions, the last ones first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DecisionPage {
    /// All that the search finds
    pub total: u32,
    /// Those of the page
    pub items: Vec<DecisionView>,
}
