//! From staged rows to the target: a plan of every row's fate, and the push that carries out exactly that plan.
//!
//! Both are set-based SQL over the import's staging database, attached to a connection to the target; no rows pass
//! through this program, so memory does not grow with them. A push is one transaction: killed or cancelled anywhere,
//! the target is as before.

mod carry_out;
mod package;
mod plan;
mod report;
mod rows;
mod sentence;
mod session;
#[cfg(test)]
mod tests;

pub use carry_out::push;
pub use package::{PackageFile, PackageParts};
pub use plan::make_plan;
pub use report::{
    Difference, Fate, Mode, PlanCounts, PlanRow, PlanRows, PlanView, PushEntry, PushReport, PushSummary,
};
pub use rows::plan_rows;

use std::path::{Path, PathBuf};

use crate::config::ProfileInfo;
use crate::error::Result;
use crate::store::{self, Target};

/// What is to be pushed, and where to.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The import's staging database
    pub staged: PathBuf,
    /// The target's SQLite database; made where it is missing
    pub target: PathBuf,
    /// The target as people know it
    pub profile: ProfileInfo,
    /// Name of the import, for the ledger
    pub import_name: String,
    /// Who pushes: the name of the operating system's user
    pub person: String,
    /// What makes the package
    pub package: PackageParts,
}

impl PlanRequest {
    /// The package id: the same raw files, recipe and target give the same one.
    pub fn package_id(&self) -> String {
        self.package.id(&self.profile)
    }
}

/// The pushes that a target has had, newest first; none where there is no such file yet.
///
/// # Errors
/// When the target cannot be opened or read.
pub async fn history(target: &Path) -> Result<Vec<PushEntry>> {
    if !target.exists() {
        return Ok(Vec::new());
    }
    let target = Target::open(target).await?;
    let entries = store::push::newest_first(target.db()).await?.into_iter().map(PushEntry::from).collect();
    target.close().await?;
    Ok(entries)
}
