//! What a plan and a push tell the screens, the command line and reports.

use muster_engine::Field;
use muster_engine::recipe::PushMode;
use serde::Serialize;

use super::scores::ScoreCounts;
use crate::config::ProfileInfo;
use crate::staging::{Counts, IssueCount};
use crate::store::entities::push;

/// What becomes of a row in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Fate {
    /// Becomes a new membership, of a new member or of one who is there
    Insert,
    /// Its key is there with the same details
    SkipIdentical,
    /// Its key is there with other details
    SkipDifferent,
    /// Has an error; refused until fixed
    Reject,
    /// Its key is there, and its details change
    Update,
    /// Another row of the import says otherwise of the same person; skipped
    Conflict,
    /// Is there, and the list does not have it any more; removed where that is asked for
    Remove,
}

impl Fate {
    /// All fates, by the code in `staged_fate`; those to be removed have no row there.
    pub const ALL: [Fate; 7] = [
        Fate::Insert,
        Fate::SkipIdentical,
        Fate::SkipDifferent,
        Fate::Reject,
        Fate::Update,
        Fate::Conflict,
        Fate::Remove,
    ];
}

/// Rows by fate. `insert + update + skip_identical + skip_different + conflict + reject + suspect + excluded` are all
/// rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlanCounts {
    /// New memberships
    pub insert: u32,
    /// Those among them whose member is there already, or new by another row
    pub joins: u32,
    /// Members who are there and are written: they change, or get a new membership
    pub members_written: u32,
    /// Members that change; none in the mode insert-new
    pub update: u32,
    /// Rows whose key is there with the same details
    pub skip_identical: u32,
    /// Rows whose key is there with other details
    pub skip_different: u32,
    /// Rows that another row of the import contradicts; skipped
    pub conflict: u32,
    /// Rows with an error
    pub reject: u32,
    /// Rows kept apart
    pub suspect: u32,
    /// Rows that the person left out
    pub excluded: u32,
    /// Memberships that the lists do not have any more; no rows
    pub remove: u32,
    /// Members who are there and become one with another one who is there; no rows
    pub merges: u32,
}

impl PlanCounts {
    /// The count of a fate.
    pub(super) fn of(&mut self, fate: Fate) -> &mut u32 {
        match fate {
            Fate::Insert => &mut self.insert,
            Fate::SkipIdentical => &mut self.skip_identical,
            Fate::SkipDifferent => &mut self.skip_different,
            Fate::Reject => &mut self.reject,
            Fate::Update => &mut self.update,
            Fate::Conflict => &mut self.conflict,
            Fate::Remove => &mut self.remove,
        }
    }
}

/// What a plan does to a field over all members of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldImpact {
    /// The field
    pub field: Field,
    /// Members whose value changes
    pub changes: u32,
    /// Those among them who had a value
    pub overwrites: u32,
    /// Members of the target
    pub members: u32,
    /// So large a share of the values is overwritten that something may be wrong
    pub warn: bool,
}

/// A plan at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlanView {
    /// Where it goes
    pub profile: ProfileInfo,
    /// What happens to keys that are there
    pub mode: PushMode,
    /// What the push would do, in one sentence
    pub sentence: String,
    /// Rows by fate
    pub counts: PlanCounts,
    /// Fields that change, most first
    pub impact: Vec<FieldImpact>,
    /// What becomes of scores; none where they stay as they are
    pub scores: Option<ScoreCounts>,
    /// The package id; the push asks for it
    pub package: String,
    /// The push that carried out this package before
    pub repeat_of: Option<u32>,
}

/// A row of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlanRow {
    /// Its number over all files of the import, from 1
    pub row: u32,
    /// Name of its file
    pub file: String,
    /// Line of the file or row of the sheet
    pub line: u32,
    /// What becomes of it
    pub fate: Fate,
    /// The member's name
    pub name: String,
    /// Why it has that fate
    pub reason: String,
    /// Where its details differ from those that are there
    pub differences: Vec<Difference>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Difference {
    /// The field
    pub field: Field,
    /// The value there
    pub theirs: Option<String>,
    /// The value of the row
    pub ours: Option<String>,
}

/// A page of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlanRows {
    /// How many rows have the fate
    pub total: u32,
    /// The rows of the page
    pub rows: Vec<PlanRow>,
}

/// What a push did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PushReport {
    /// Id in the ledger; of the earlier push where this one repeats it
    pub push: u32,
    /// The package id
    pub package: String,
    /// Where it went
    pub profile: ProfileInfo,
    /// What happened to keys that were there
    pub mode: PushMode,
    /// RFC 3339, UTC
    pub started: String,
    /// RFC 3339, UTC
    pub finished: String,
    /// New memberships
    pub inserted: u32,
    /// Those among them whose member was there already, or new by another row
    pub joined: u32,
    /// Members who became one with another member who was there
    pub merged: u32,
    /// Memberships changed
    pub updated: u32,
    /// Rows whose key was there with the same details
    pub skipped_identical: u32,
    /// Rows whose key was there with other details, conflicts too
    pub skipped_different: u32,
    /// Rows that another row of the import contradicts
    pub conflicts: u32,
    /// Memberships removed
    pub removed: u32,
    /// Rows with an error
    pub rejected: u32,
    /// Nothing was written because this push had carried out the package before
    pub repeat_of: Option<u32>,
    /// What became of scores; none where they stayed as they were
    pub scores: Option<ScoreCounts>,
    /// Issues of the rows, by rule
    pub issues: Vec<IssueCount>,
    /// Rows by class
    pub counts: Counts,
}

/// The `push` part of `report.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PushSummary {
    /// Name of the profile
    pub profile: String,
    /// `insert-new`
    pub mode: PushMode,
    /// New memberships
    pub inserted: u32,
    /// Those among them whose member was there already, or new by another row
    pub joined: u32,
    /// Members who became one with another member who was there
    pub merged: u32,
    /// Memberships changed
    pub updated: u32,
    /// Rows whose key was there with the same details
    pub skipped_identical: u32,
    /// Rows whose key was there with other details, conflicts too
    pub skipped_different: u32,
    /// Rows that another row of the import contradicts
    pub conflicts: u32,
    /// Memberships removed
    pub removed: u32,
    /// Rows with an error
    pub rejected: u32,
    /// The package id
    pub package: String,
}

impl From<&PushReport> for PushSummary {
    fn from(report: &PushReport) -> PushSummary {
        PushSummary {
            profile: report.profile.name.clone(),
            mode: report.mode,
            inserted: report.inserted,
            joined: report.joined,
            merged: report.merged,
            updated: report.updated,
            skipped_identical: report.skipped_identical,
            skipped_different: report.skipped_different,
            conflicts: report.conflicts,
            removed: report.removed,
            rejected: report.rejected,
            package: report.package.clone(),
        }
    }
}

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PushEntry {
    /// Id in the ledger
    pub id: u32,
    /// The package id
    pub package: String,
    /// Name of the profile
    pub profile: String,
    /// Who pushed
    pub person: String,
    /// Name of the import
    pub import_name: String,
    /// RFC 3339, UTC
    pub started: String,
    /// RFC 3339, UTC
    pub finished: String,
    /// New members
    pub inserted: u32,
    /// Members changed
    pub updated: u32,
    /// Rows whose key was there
    pub skipped: u32,
    /// Rows refused
    pub rejected: u32,
    /// What the entry is: a push, an undo, an edit by hand, a merge, an un-merge
    pub kind: String,
    /// How keys that were there were treated
    pub mode: String,
    /// Memberships removed; by an undo, members
    pub removed: u32,
    /// When it was taken back: RFC 3339, UTC
    pub undone: Option<String>,
    /// The entry that this one takes back
    pub undoes: Option<u32>,
}

impl From<push::Model> for PushEntry {
    fn from(row: push::Model) -> PushEntry {
        PushEntry {
            id: shown(row.id),
            skipped: shown(row.skipped_identical + row.skipped_different + row.conflicts),
            removed: shown(row.removed),
            undoes: row.undoes.map(shown),
            kind: row.kind,
            mode: row.mode,
            undone: row.undone,
            rejected: shown(row.rejected + row.rejected_in_push),
            inserted: shown(row.inserted),
            updated: shown(row.updated),
            package: row.package,
            profile: row.profile,
            person: row.person,
            import_name: row.import_name,
            started: row.started,
            finished: row.finished,
        }
    }
}

/// A count or id of the database as the screens take it (they know no 64-bit integers).
pub(super) fn shown(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX })
}
