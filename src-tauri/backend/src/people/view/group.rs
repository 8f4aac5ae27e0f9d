//! A group, open before a person.

use muster_engine::Field;
use muster_engine::resolve::{ConflictView, FieldView, RecordView};
use serde::Serialize;

use super::decision::{DecisionView, Verdict};
use super::queue::QueueKind;

/// A record of an open group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GroupRecord {
    /// Its number in this import's matching
    pub record: u32,
    /// Records with the same number here are one person as things stand
    pub person: u32,
    /// The club; of a member of the database the first of theirs
    pub club: String,
    /// The key in the club
    pub key: String,
    /// All clubs of a member of the database; of a row its own
    pub clubs: Vec<String>,
    /// The file; empty for a member of the database
    pub file: String,
    /// Line of the file or row of the sheet; 0 for a member of the database
    pub line: u32,
    /// Number of the row in the grid
    pub row: Option<u32>,
    /// Number of the member, where the record is one of the database
    pub member: Option<u32>,
    /// The values, in the order of the fields
    pub cells: Vec<Option<String>>,
}

/// What one field says about a pair: a bar of the waterfall.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EvidenceView {
    /// The field; `None` for what no field says (where the odds start, the chance of a relative)
    pub field: Option<Field>,
    /// For people: `Birth date`
    pub label: String,
    /// How equal the values are: `day and month swapped`
    pub words: String,
    /// The value of the first record
    pub a: Option<String>,
    /// The value of the second record
    pub b: Option<String>,
    /// Evidence in bits (log₂ of the factor on the odds): above 0 for one person, below 0 for two
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bits: f64,
    /// How many of the bits come from the value being rare or frequent
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub by_frequency: f64,
    /// Bits of this and all bars before it
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub sum: f64,
}

/// A pair of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PairView {
    /// A record
    pub a: u32,
    /// The other
    pub b: u32,
    /// Probability that they are one person
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub probability: f64,
    /// Why, in a sentence
    pub sentence: String,
    /// Why, field by field: the bars of the waterfall in their order
    pub evidence: Vec<EvidenceView>,
    /// They are one membership by their keys: nothing was compared
    pub same_key: bool,
    /// What a person decided about the two
    pub decision: Option<Verdict>,
}

/// One person as they would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ResolvedMember {
    /// The records. A member of the database has one for each of their memberships
    pub records: Vec<RecordView>,
    /// For each of `records`, the record of the group
    pub of_record: Vec<u32>,
    /// The fields of the person
    pub fields: Vec<FieldView>,
    /// Their memberships
    pub memberships: Vec<ResolvedMembership>,
    /// All disagreements
    pub conflicts: Vec<ConflictView>,
    /// Whether a person has to choose something
    pub open: bool,
}

/// A membership of a person as they would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ResolvedMembership {
    /// The club
    pub source: String,
    /// The key in the club
    pub source_key: String,
    /// Positions in [`ResolvedMember::records`]
    pub records: Vec<u32>,
    /// `member_since`, `last_active` and `score`
    pub facts: Vec<FieldView>,
}

/// What a group asks a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Asked {
    /// The question, for people
    pub question: String,
    /// Whether the records are one person
    pub whether_same: bool,
    /// Fields whose value has to be chosen
    pub fields: Vec<Field>,
}

/// A value that is another one than when a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChangedSince {
    /// The record
    pub record: u32,
    /// The field
    pub field: Field,
    /// What the person saw
    pub before: Option<String>,
    /// What it is now
    pub after: Option<String>,
    /// What they decided
    pub verdict: Verdict,
    /// Who
    pub person: String,
    /// When: RFC 3339, UTC
    pub decided: String,
}

/// A group, open before a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PersonGroup {
    /// Its number
    pub group: u32,
    /// What it is
    pub kind: QueueKind,
    /// Its records
    pub records: Vec<GroupRecord>,
    /// Its pairs that were compared, the surest first
    pub pairs: Vec<PairView>,
    /// The member that all records together would be
    pub member: ResolvedMember,
    /// What is to decide
    pub asked: Asked,
    /// What changed since an earlier decision
    pub changed: Vec<ChangedSince>,
    /// The decisions that hold here
    pub decisions: Vec<DecisionView>,
    /// The group before it in the queue to review or to settle
    pub previous: Option<u32>,
    /// The group after it in the queue to review or to settle
    pub next: Option<u32>,
}
