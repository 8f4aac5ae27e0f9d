//! The queue of groups, and what is done to many of them at once.

use muster_engine::Field;
use serde::{Deserialize, Serialize};

use super::overview::PeopleCounts;

/// Which groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum QueueKind {
    /// May be one person: a person has to say
    #[default]
    ToReview,
    /// One person, with a field to settle
    Conflicts,
    /// Decided before, and a record changed since
    Changed,
    /// Found by matching itself
    Merged,
    /// Decided by a person
    Decided,
    /// All
    All,
}

/// Which groups of the queue are wanted; what is not said does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QueueQuery {
    /// Of this kind
    pub kind: QueueKind,
    /// Whose records disagree on this field
    pub field: Option<Field>,
    /// With records of each of these clubs
    pub clubs: Vec<String>,
    /// Probability from
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub score_from: Option<f64>,
    /// Probability below
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub score_to: Option<f64>,
    /// Words that occur in the records' names or keys
    pub text: Option<String>,
}

/// A record of a group, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RecordLine {
    /// Its number in this import's matching
    pub record: u32,
    /// The whole name
    pub name: String,
    /// The club; of a member of the database the clubs, joined by commas
    pub club: String,
    /// The file; empty for a member of the database
    pub file: String,
    /// Line of the file or row of the sheet; 0 for a member of the database
    pub line: u32,
    /// Number of the member, where the record is one of the database
    pub member: Option<u32>,
}

/// A group in the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QueueItem {
    /// Its number
    pub group: u32,
    /// What it is; never [`QueueKind::All`]
    pub kind: QueueKind,
    /// Its records
    pub records: Vec<RecordLine>,
    /// Probability of its most doubtful link; `None` where its records are one by their keys or by a decision alone
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub probability: Option<f64>,
    /// Why, in a sentence
    pub sentence: String,
    /// Fields on which the records disagree; those that a person has to settle first
    pub fields: Vec<Field>,
    /// Fields that a person has to settle
    pub open: Vec<Field>,
    /// Clubs name different companies
    pub company_between_clubs: bool,
    /// What a person decided, in words
    pub decision: Option<String>,
    /// A person put it off
    pub later: bool,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QueuePage {
    /// All groups that the query finds
    pub total: u32,
    /// Those of the page
    pub items: Vec<QueueItem>,
}

/// A field and in how many members it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldCount {
    /// The field
    pub field: Field,
    /// Groups in which a record would take another record's value
    pub groups: u32,
}

/// A group that a bulk merge would make one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BulkSample {
    /// The group, as in the queue
    pub item: QueueItem,
    /// The name that the person would have
    pub name: String,
    /// The fields in which its records would change
    pub fields: Vec<Field>,
}

/// What a bulk merge would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BulkPreview {
    /// Groups that would be one person each
    pub groups: u32,
    /// Their records
    pub records: u32,
    /// Groups of the query that are left: they have a conflict to settle
    pub left: u32,
    /// Some of them
    pub samples: Vec<BulkSample>,
    /// In how many of them each field would change
    pub fields: Vec<FieldCount>,
}

/// What a bulk merge did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BulkMerged {
    /// The decision, to revert all of it at once; `None` where there was nothing to merge
    pub decision: Option<u32>,
    /// Groups that are one person each now
    pub groups: u32,
    /// Their records
    pub records: u32,
    /// The counts after it
    pub counts: PeopleCounts,
}
