//! From staged rows to the target: a plan of every row's fate, and the push that carries out exactly that plan.
//!
//! The plan is kept with the import's staged rows, so it can be shown page by page, however long it is. The push brings
//! it to the target ([`planned`]) and merges it there with statements over all rows, in one transaction under the
//! writers' lock: killed or cancelled anywhere, the target is as before. Memory does not grow with the rows.

mod brought_back;
mod carry_out;
mod decisions;
mod details;
mod drift;
mod fates;
mod hand_edits;
mod impact;
mod member_merges;
mod merge;
mod origins;
mod package;
mod people;
mod plan;
mod planned;
mod present;
mod readings;
mod rejects;
mod removal;
mod replayed;
mod report;
mod rows;
mod scores;
mod sentence;
mod statements;
#[cfg(test)]
mod tests;
mod undo;
mod undo_rows;
mod undo_scores;

pub use crate::imports::person;
pub use crate::store::journal::AuditReport;
pub use carry_out::push;
pub use decisions::PushedDecisions;
pub use hand_edits::fields_by_hand;
pub use muster_engine::recipe::PushMode;
pub use muster_engine::score::ScoreSettings;
pub use package::{PackageFile, PackageParts};
pub use plan::make_plan;
pub use readings::{ReadColumn, Reading, Readings};
pub(crate) use readings::{today, unreadable};
pub use replayed::ReplayedRow;
pub(crate) use replayed::{is_taken, outcome_of, rules_of};
pub use report::{
    Difference, Fate, FieldImpact, PlanCounts, PlanRow, PlanRows, PlanView, PushEntry, PushReport,
    PushSummary,
};
pub use rows::plan_rows;
pub use scores::{ClubFormula, Compared, ScoreCounts, ScoreMove, ScorePlan, ScoresPreview, preview_scores};
pub use statements::{PlannedStatement, plan_statements};
pub use undo::{KeptMember, UndoReport, undo};

use crate::archive::{Archive, RawSource};
use crate::config::ProfileInfo;
use crate::error::Result;
use crate::store::{self, Access, SqliteAccess, Target};

/// What is to be pushed, and where to.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The import's staging database
    pub staged: SqliteAccess,
    /// What opens the target; a SQLite database is made where it is missing
    pub access: Access,
    /// What happens to keys that the target has
    pub mode: PushMode,
    /// A mirror push also removes what the lists do not have any more
    pub remove_missing: bool,
    /// The target as people know it
    pub profile: ProfileInfo,
    /// Name of the import, for the ledger
    pub import_name: String,
    /// Who pushes: the name of the operating system's user
    pub person: String,
    /// What makes the package
    pub package: PackageParts,
    /// What people decided about who is who, for others who push there
    pub decisions: PushedDecisions,
    /// What people typed into the database by hand is not overwritten
    pub keep_hand_edits: bool,
    /// How the files were read, for refused rows
    pub readings: Readings,
    /// How scores are brought to one scale; without it they stay as they are
    pub scores: Option<ScorePlan>,
    /// The raw files of the import, and where they are kept for ever
    pub archive: Archive,
    /// See [`PlanRequest::archive`]
    pub raw_files: Vec<RawSource>,
    /// The rows are those of the reject inbox: what becomes of them is noted there
    pub replay: Option<Vec<ReplayedRow>>,
}

impl PlanRequest {
    /// The package id: the same raw files, recipe, mode and target give the same one.
    pub fn package_id(&self) -> String {
        self.package.id(&self.profile, self.mode, self.remove_missing)
    }

    /// The same for whatever is done to scores: what the rows' fates depend on.
    pub(crate) fn fates_id(&self) -> String {
        self.package.without_scores().id(&self.profile, self.mode, self.remove_missing)
    }
}

/// The entries of a target's ledger, newest first; none where there is no such file yet.
///
/// # Errors
/// When the target cannot be opened or read.
pub async fn history(access: &Access) -> Result<Vec<PushEntry>> {
    if !access.is_there() {
        return Ok(Vec::new());
    }
    let entries = Target::read_once(access, async |db| store::push::newest_first(db).await).await?;
    Ok(entries.into_iter().map(PushEntry::from).collect())
}

/// Follows the audit's chain of hashes from its start.
///
/// # Errors
/// When the target cannot be opened or read.
pub async fn verify_audit(access: &Access) -> Result<AuditReport> {
    Target::read_once(access, async |db| store::journal::verify_audit(db).await).await
}
