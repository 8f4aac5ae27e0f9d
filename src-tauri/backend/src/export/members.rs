//! The members of a target as one file in the columns of `master.csv`.

use std::path::Path;

use muster_engine::write::csv::MASTER_HEADER;

use super::list::{self, List};
use super::{ExportFormat, ExportedFile, Progress, Sink, Written, open, put_in_place};
use crate::error::{Code, Error, Result};
use crate::progress::Job;

const MEMBERS: &str = include_str!("sql/members.sql");

/// Writes all members of a SQLite target into a file; its ending (`.csv` or `.xlsx`) says the format. Blocks. An older
/// file of that name is replaced. Progress is reported as `export`, in rows.
///
/// # Errors
/// When the ending is another one, the target is not there or cannot be read, or the file cannot be written; then no
/// file is changed.
pub fn export_members(target: &Path, file: &Path, job: &Job) -> Result<ExportedFile> {
    let format = format_of(file)?;
    if !target.exists() {
        return Err(Error::new(Code::NotFound, "The database of this profile does not exist yet")
            .with_help("Push an import to it first."));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let db = open(target)?;
    let total = db.query_row("SELECT count(*) FROM membership", [], |row| row.get(0))?;
    let mut progress = Progress { job, done: 0, total };
    let mut sink = Sink::new(format, List::Master, folder, job)?;
    let mut statement = db.prepare(MEMBERS)?;
    let mut found = statement.query([])?;
    let mut rows = 0;
    while let Some(row) = found.next()? {
        let mut cells = [None; MASTER_HEADER.len()];
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell = list::text(row, column)?;
        }
        sink.row(&cells)?;
        rows += 1;
        progress.step()?;
    }
    let written = Written { temporary: sink.finish()?, target: file.to_owned(), rows };
    let mut files = put_in_place(vec![written], folder)?;
    files.pop().ok_or_else(|| Error::not_found("file"))
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
