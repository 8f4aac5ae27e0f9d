//! What the People screen sees.

use muster_engine::Field;
use muster_engine::resolve::{ConflictView, FieldView, RecordView, SurvivorshipSettings};
use serde::{Deserialize, Serialize};

use crate::config::ProfileInfo;

/// Whether there are results of matching, and whether they are those of the rows as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum PeopleState {
    /// Matching has not run
    Missing,
    /// Rows, thresholds or the active profile changed since; what is shown may be out of date
    Stale,
    /// As the rows are
    Current,
}

/// Who is who in an import, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PeopleCounts {
    /// Clean rows
    pub records: u32,
    /// People among them
    pub people: u32,
    /// Rows that are one person with another row: records − people
    pub merged: u32,
    /// Groups of which a person has to say whether they are one
    pub to_review: u32,
    /// People with a field that a person has to settle
    pub conflicts: u32,
    /// Groups that were decided before, and whose records changed since
    pub changed: u32,
    /// Groups that a person decided
    pub decided: u32,
    /// People of several records whom matching found by itself, with nothing to settle
    pub found: u32,
    /// People whom the active profile has already
    pub in_database: u32,
}

/// From which probability a pair is asked about, and merged without asking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Thresholds {
    /// A person is asked from here, 0 to 1
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub review: f64,
    /// Merged without asking from here, 0 to 1
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub merge: f64,
}

/// A rule that says which records are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BlockingView {
    /// In words: `same name and birth date`
    pub name: String,
    /// Pairs that it makes
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub pairs: f64,
    /// Whether they are compared; not where there are none or too many
    pub used: bool,
    /// Blocks that are left out, since too many records share their value
    pub left_out_blocks: u32,
    /// Their pairs
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub left_out_pairs: f64,
}

/// The state of the People step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PeopleView {
    /// Whether matching has run, on the rows as they are
    pub state: PeopleState,
    /// Why the results are out of date, for people
    pub stale: Option<String>,
    /// The counts; with [`PeopleState::Missing`] all zero but the records
    pub counts: PeopleCounts,
    /// The thresholds
    pub thresholds: Thresholds,
    /// The lowest threshold that can be set: pairs below it are not kept
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub lowest: f64,
    /// Which records are compared
    pub blocking: Vec<BlockingView>,
    /// Whether the weights were learnt from these lists; else there are too few pairs, and they are assumed
    pub learnt: bool,
    /// Whose values win
    pub survivorship: SurvivorshipSettings,
    /// The clubs of the import, for filters and for the order of trust
    pub clubs: Vec<String>,
    /// The profile whose members were compared
    pub profile: Option<ProfileInfo>,
    /// Members of the profile that were compared
    pub members_compared: u32,
    /// How long matching took
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub seconds: Option<f64>,
}

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

/// What thresholds would do with the pairs that are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ThresholdCounts {
    /// Pairs that would be merged without asking
    pub merge: u32,
    /// Pairs that a person would be asked about
    pub ask: u32,
    /// Pairs with some likeness that would stay apart
    pub apart: u32,
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

/// Whose values win.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SurvivorshipView {
    /// The rules
    pub settings: SurvivorshipSettings,
    /// What cannot be meant, for people
    pub problems: Vec<String>,
    /// The clubs of the import
    pub clubs: Vec<String>,
}

/// How a field of all people of several records would change with other rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RuleEffect {
    /// The field
    pub field: Field,
    /// Values that would be another one
    pub changed: u32,
    /// Values that a person would newly have to choose
    pub opened: u32,
    /// Values that a person would no longer have to choose
    pub closed: u32,
}

/// A value that other rules would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RuleExample {
    /// The group, where there is one to open
    pub group: Option<u32>,
    /// The person's name
    pub name: String,
    /// The field
    pub field: Field,
    /// The club, where the field is of a membership
    pub club: Option<String>,
    /// The value now; `None`: none, or to be chosen
    pub before: Option<String>,
    /// Why
    pub before_reason: String,
    /// The value with the new rules
    pub after: Option<String>,
    /// Why
    pub after_reason: String,
}

/// What other rules would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RulesPreview {
    /// What cannot be meant, for people
    pub problems: Vec<String>,
    /// People of several records
    pub members: u32,
    /// People of whom any value would change
    pub changed_members: u32,
    /// People with a value to choose now
    pub open_before: u32,
    /// People with a value to choose with the new rules
    pub open_after: u32,
    /// Fields that would change
    pub fields: Vec<RuleEffect>,
    /// Some of the values that would change
    pub examples: Vec<RuleExample>,
}
