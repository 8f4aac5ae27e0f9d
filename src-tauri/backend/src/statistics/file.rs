//! Statistics as a file: one list as CSV, a sheet a table as XLSX.

use std::path::Path;

use muster_engine::statistics::Table;
use tempfile::NamedTempFile;

use super::Counted;
use crate::error::{Error, Result};
use crate::export::csv::CsvFile;
use crate::export::xlsx::XlsxFile;
use crate::export::{
    ExportFormat, ExportedFile, Written, folder_of, format_of, put_in_place, sync, temporary,
};
use crate::progress::Job;

/// Columns of a workbook that hold numbers; in the pairs of clubs all but the first do.
const NUMBERS: [&str; 3] = ["members", "share", "number_of_clubs"];
/// The most columns of a sheet.
const COLUMNS: usize = 16_384;

/// Writes what was counted into a file; its ending (`.csv` or `.xlsx`) says the format. An older file of that name is
/// replaced. A CSV file is one list of counts that names the day and the club in each row, so that lists of several days
/// can be put together; a workbook has a sheet for each table.
///
/// # Errors
/// When the ending is another one, the file cannot be written or the job is cancelled; then no file is changed.
pub fn export(counted: &Counted, file: &Path, job: &Job) -> Result<ExportedFile> {
    let format = format_of(file)?;
    let folder = folder_of(file);
    let temporary = temporary(folder)?;
    job.report("export", 0, None)?;
    let written = match format {
        ExportFormat::Csv => as_list(counted, temporary),
        ExportFormat::Xlsx => as_sheets(counted, temporary, folder, job),
    };
    // What a cancel interrupts fails in its own words.
    let (temporary, rows) =
        written.map_err(|error| if job.is_cancelled() { Error::cancelled() } else { error })?;
    let written = Written { temporary: sync(temporary)?, target: file.to_owned(), rows };
    let mut files = put_in_place(vec![written], folder)?;
    files.pop().ok_or_else(|| Error::not_found("file"))
}

fn as_list(counted: &Counted, file: NamedTempFile) -> Result<(NamedTempFile, u32)> {
    let table = counted.statistics.long_table();
    let mut header = vec!["as_of", "members_of"];
    header.extend(table.header.iter().map(String::as_str));
    let mut csv = CsvFile::new(file, &header);
    for row in &table.rows {
        let mut cells = vec![Some(counted.as_of.as_str()), counted.club.as_deref()];
        cells.extend(row.iter().map(|cell| filled(cell)));
        csv.row(&cells)?;
    }
    Ok((csv.finish()?, super::count::narrow(table.rows.len() as u64)))
}

fn as_sheets(
    counted: &Counted,
    file: NamedTempFile,
    folder: &Path,
    job: &Job,
) -> Result<(NamedTempFile, u32)> {
    let statistics = &counted.statistics;
    let mut book = XlsxFile::new(file, "about", &["what", "value"], folder, job)?;
    let (members, memberships) = (statistics.members.to_string(), statistics.memberships.to_string());
    for (what, value) in [
        ("ages and tenures as of", Some(counted.as_of.as_str())),
        ("members of", counted.club.as_deref().or(Some("all clubs"))),
        ("members", Some(members.as_str())),
        ("memberships", Some(memberships.as_str())),
    ] {
        book.row(&[Some(what), value])?;
    }
    let mut rows = 0;
    for table in statistics.tables().iter().filter(|table| table.header.len() <= COLUMNS) {
        write_table(&mut book, table)?;
        rows += table.rows.len() as u64;
    }
    Ok((book.finish()?, super::count::narrow(rows)))
}

fn write_table(book: &mut XlsxFile, table: &Table) -> Result<()> {
    let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
    let pairs = table.name == "club_pairs";
    let is_number = |(at, name): (usize, &&str)| if pairs { at > 0 } else { NUMBERS.contains(name) };
    let numbers = header.iter().enumerate().map(is_number).collect();
    book.next_list(&table.name, &header, numbers)?;
    for row in &table.rows {
        book.row(&row.iter().map(|cell| filled(cell)).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// An empty cell of a table is missing.
fn filled(cell: &str) -> Option<&str> {
    Some(cell).filter(|cell| !cell.is_empty())
}
