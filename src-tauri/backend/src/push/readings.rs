//! How the files of an import were read, kept with its refused rows: whoever fixes one later has neither the import nor
//! its company list.

use std::sync::Arc;

use muster_engine::pipeline::ColumnPlan;
use muster_engine::recipe::DateOrder;
use muster_engine::standardise::company::CompanyDimension;
use muster_engine::standardise::date::Epoch;
use muster_engine::{Date, Target};
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Result};
use crate::store::sql::{all, one, run};

/// Keeps how a file was read.
pub(super) const INSERT_READING: &str = "INSERT INTO reading (push_id, company_list_id, columns, epoch_year) VALUES ($1, $2, $3, $4) RETURNING id";
/// Notes it for the file's refused rows.
pub(super) const NOTE_READING: &str = "UPDATE planned_file SET reading_id = $1 WHERE file_id = $2";
/// Keeps a company list.
pub(super) const INSERT_COMPANY_LIST: &str =
    "INSERT INTO company_list (sha256, entries) VALUES ($1, $2) RETURNING id";

/// A column as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadColumn {
    /// Its header
    pub header: String,
    /// What it was mapped to
    pub target: Option<Target>,
    /// For a date in figures: what comes first
    pub date_order: Option<DateOrder>,
    /// For a date: the cells are day numbers of a spreadsheet
    pub date_serials: bool,
}

impl ReadColumn {
    /// As the engine takes it.
    pub(crate) fn plan(&self) -> ColumnPlan {
        ColumnPlan {
            header: self.header.clone(),
            target: self.target,
            date_order: self.date_order,
            date_serials: self.date_serials,
        }
    }
}

impl From<ColumnPlan> for ReadColumn {
    fn from(plan: ColumnPlan) -> ReadColumn {
        ReadColumn {
            header: plan.header,
            target: plan.target,
            date_order: plan.date_order,
            date_serials: plan.date_serials,
        }
    }
}

/// How one file was read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Its id in the import
    pub file: i64,
    /// Its columns, in the order of the file
    pub columns: Vec<ReadColumn>,
    /// What day numbers count from
    pub epoch: Epoch,
}

/// How the files of an import were read.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    /// File by file
    pub files: Vec<Reading>,
    /// The company list; empty where there was none
    pub companies: Arc<CompanyDimension>,
}

impl Readings {
    /// Writes those that the files with refused rows need, and notes them in `planned_file`.
    pub(super) async fn write(&self, db: &DatabaseConnection, push: i64, files: &[i64]) -> Result<()> {
        let wanted: Vec<&Reading> =
            self.files.iter().filter(|reading| files.contains(&reading.file)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let list = write_companies(db, &self.companies).await?;
        for reading in wanted {
            let columns = serde_json::to_string(&reading.columns).unwrap_or_default().replace("\\u0000", "");
            let year: i32 = if reading.epoch == Epoch::Year1904 { 1904 } else { 1900 };
            let values = [push.into(), list.into(), columns.into(), year.into()];
            let id: i64 = one(db, INSERT_READING, values).await?.try_get_by_index(0)?;
            run(db, NOTE_READING, [id.into(), reading.file.into()]).await?;
        }
        Ok(())
    }
}

/// The id of a company list, which is kept once; none of an empty one.
async fn write_companies(db: &DatabaseConnection, companies: &CompanyDimension) -> Result<Option<i64>> {
    if companies.is_empty() {
        return Ok(None);
    }
    let entries = serde_json::to_string(companies.entries()).unwrap_or_default().replace("\\u0000", "");
    let hash = format!("{:x}", Sha256::digest(entries.as_bytes()));
    let known = all(db, "SELECT id FROM company_list WHERE sha256 = $1", [hash.as_str().into()]).await?;
    if let Some(known) = known.first() {
        return Ok(Some(known.try_get_by_index(0)?));
    }
    Ok(Some(one(db, INSERT_COMPANY_LIST, [hash.into(), entries.into()]).await?.try_get_by_index(0)?))
}

/// Today, for the rules about the future.
pub(crate) fn today() -> Result<Date> {
    crate::reading::prepared::today()
}

/// A kept JSON text that cannot be read.
pub(crate) fn unreadable(_: serde_json::Error) -> Error {
    Error::new(Code::Database, "How this row's file was read is not kept in a way that this Muster can read")
        .with_help("Import the file again and fix the row there.")
}
