//! The members of a target as one file in the columns of `master.csv`.

use std::path::Path;

use muster_engine::write::csv::MASTER_HEADER;
use sea_orm::{DatabaseConnection, QueryResult};

use super::list::List;
use super::{ExportFormat, ExportedFile, Progress, Sink, Written, put_in_place};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::store::sql::{all, one};
use crate::store::{Access, Target};
use crate::telemetry::{Stage, stage};

const MEMBERS: &str = include_str!("sql/members.sql");
/// Rows that are fetched together.
const PAGE: usize = 5_000;

/// Writes all members of a target into a file; its ending (`.csv` or `.xlsx`) says the format. An older file of that
/// name is replaced. Progress is reported as `export`, in rows.
///
/// # Errors
/// When the ending is another one, the target is not there or cannot be read, or the file cannot be written; then no
/// file is changed.
pub async fn export_members(access: &Access, file: &Path, job: &Job) -> Result<ExportedFile> {
    let format = format_of(file)?;
    if !access.is_there() {
        return Err(Error::new(Code::NotFound, "The database of this profile does not exist yet")
            .with_help("Push an import to it first."));
    }
    let export = async |db: &DatabaseConnection| export(db, format, file, job).await;
    let person = crate::imports::person();
    stage(Stage::Export, Target::with(access, &person, job, async |target| target.read(export).await)).await
}

async fn export(
    db: &DatabaseConnection,
    format: ExportFormat,
    file: &Path,
    job: &Job,
) -> Result<ExportedFile> {
    let folder = folder_of(file);
    let total: i64 = one(db, "SELECT count(*) FROM membership", []).await?.try_get_by_index(0)?;
    let mut progress = Progress { job, done: 0, total: total.unsigned_abs() };
    let mut sink = Sink::new(format, List::Master, folder, job)?;
    let (mut after, mut rows) = (0_i64, 0);
    loop {
        let page = all(db, MEMBERS, [after.into()]).await?;
        for row in &page {
            let cells = cells(row)?;
            sink.row(&cells.each_ref().map(Option::as_deref))?;
            rows += 1;
            progress.step()?;
            after = row.try_get("", "membership_id")?;
        }
        if page.len() < PAGE {
            break;
        }
    }
    let written = Written { temporary: sink.finish()?, target: file.to_owned(), rows };
    let mut files = put_in_place(vec![written], folder)?;
    files.pop().ok_or_else(|| Error::not_found("file"))
}

/// A row in the order of the header; a score is the shortest text of its number.
fn cells(row: &QueryResult) -> Result<[Option<String>; MASTER_HEADER.len()]> {
    let mut cells = [const { None }; MASTER_HEADER.len()];
    for (cell, name) in cells.iter_mut().zip(MASTER_HEADER) {
        *cell = match name {
            "score" => row.try_get::<Option<f64>>("", name)?.map(|score| score.to_string()),
            "source_row" => row.try_get::<Option<i64>>("", name)?.map(|line| line.to_string()),
            name => row.try_get("", name)?,
        };
    }
    Ok(cells)
}

/// The folder that a file is written into.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The format that a file's ending names.
pub(crate) fn format_of(file: &Path) -> Result<ExportFormat> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "csv" => Ok(ExportFormat::Csv),
        "xlsx" => Ok(ExportFormat::Xlsx),
        _ => Err(Error::new(Code::InvalidInput, "The name of the file tells no format that Muster writes")
            .with_help("Give it the ending .csv or .xlsx.")),
    }
}
