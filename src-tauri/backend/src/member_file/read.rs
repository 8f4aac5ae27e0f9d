//! A member file's header and rows, read without changing anything of their text.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use muster_engine::map::header::normalise_header;
use muster_engine::read::delimited::DelimitedReader;
use muster_engine::read::detect::{SAMPLE_BYTES, detect};
use muster_engine::read::{RowSource, workbook};
use muster_engine::recipe::ReaderOptions;
use muster_engine::write::csv::unguarded;
use muster_engine::{Field, RawBatch, Rule};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::export::{ExportFormat, format_of};
use crate::worker;

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// How a member file is written, as far as that is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Shape {
    pub(super) format: ExportFormat,
    /// The header, as it stands in the file
    pub(super) header: Vec<String>,
    /// CSV: the file starts with a byte order mark
    pub(super) bom: bool,
    /// XLSX: the first sheet's name
    pub(super) sheet: String,
    /// What saving changes about the file
    pub(super) notes: Vec<String>,
    /// Why the file itself must not be written over
    pub(super) blocked: Option<String>,
}

/// A part of the file (all of a CSV file, a sheet of a workbook) whose first batch was read.
struct Part {
    rows: Box<dyn RowSource + Send>,
    first: RawBatch,
}

/// The rows of a file, each once, in order.
pub(super) struct Rows {
    parts: Vec<Part>,
    guarded: bool,
}

/// Opens a file.
///
/// # Errors
/// When it is neither CSV nor XLSX, cannot be read, or does not begin with its column names.
pub(super) fn open(path: &Path) -> Result<(Shape, Rows)> {
    let format = format_of(path).map_err(|_| {
        Error::new(Code::InvalidInput, "Muster edits files that end in .csv or .xlsx")
            .with_help("Open the list in an import, or save it as CSV or XLSX in the program that made it.")
    })?;
    let failed = |cause: std::io::Error| Error::disk("open the file", &cause);
    let mut sample = Vec::new();
    let mut file = File::open(path).map_err(failed)?;
    file.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(failed)?;
    drop(file);
    open_as(path, format, &sample)
}

/// Opens a file that has no ending yet.
pub(super) fn open_written(path: &Path, format: ExportFormat) -> Result<Rows> {
    let failed = |cause: std::io::Error| Error::disk("read what was written", &cause);
    let mut sample = Vec::new();
    File::open(path).map_err(failed)?.take(SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(failed)?;
    Ok(open_as(path, format, &sample)?.1)
}

fn open_as(path: &Path, format: ExportFormat, sample: &[u8]) -> Result<(Shape, Rows)> {
    match (format, workbook::is_workbook(sample)) {
        (ExportFormat::Csv, false) => open_csv(path, sample),
        (ExportFormat::Xlsx, true) => open_workbook(path),
        _ => Err(Error::new(Code::InvalidInput, "The file is of another kind than its name says")
            .with_help("Give it the ending of what it is: .csv for text, .xlsx for a workbook.")),
    }
}

fn open_csv(path: &Path, sample: &[u8]) -> Result<(Shape, Rows)> {
    let options = ReaderOptions {
        delimiter: commas_only(sample).then(|| ",".to_owned()),
        quote: Some("\"".to_owned()),
        header_row: Some(1),
        ..ReaderOptions::default()
    };
    let whole = sample.len() < SAMPLE_BYTES;
    let mut detected = detect(sample, whole, &options)?;
    // The header is read like any row, so that it stays as it is.
    detected.dialect.header_row = None;
    let dialect = detected.dialect;
    let file = File::open(path).map_err(|cause| Error::disk("open the file", &cause))?;
    let part = part(Box::new(DelimitedReader::new(file, &detected)))?;
    let header: Vec<String> = part.first.cells(0).map(|cell| unguarded(cell).to_owned()).collect();
    if !begins_with_names(&header)
        && let Ok(found) = detect(sample, whole, &ReaderOptions::default())
    {
        refuse_lines_above(found.dialect.header_row)?;
    }
    let mut notes = Vec::new();
    let name = match dialect.delimiter {
        b',' => None,
        b';' => Some("semicolons"),
        b'\t' => Some("tabs"),
        _ => Some("another sign"),
    };
    if let Some(name) = name {
        notes.push(format!("The file has {name} between its cells. Saving writes commas."));
    }
    if dialect.encoding.name() != "UTF-8" {
        notes.push(format!(
            "The file is written in {}. Saving writes UTF-8.",
            dialect.encoding.name().to_lowercase()
        ));
    }
    let shape = Shape {
        format: ExportFormat::Csv,
        header,
        bom: sample.starts_with(UTF8_BOM),
        sheet: "members".to_owned(),
        notes,
        blocked: None,
    };
    Ok((shape, Rows { parts: vec![part], guarded: true }))
}

/// Whether no other sign than a comma can stand between the cells of the first line: so it is in all that Muster
/// writes, also where there is one column only.
fn commas_only(sample: &[u8]) -> bool {
    let line = sample.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default();
    let has = |sign: u8| line.contains(&sign);
    !(has(b';') || has(b'\t') || has(b'|')) || begins_with_names(&names_in(line))
}

fn names_in(line: &[u8]) -> Vec<String> {
    let line = line.strip_prefix(UTF8_BOM).unwrap_or(line);
    String::from_utf8_lossy(line).split(',').map(str::to_owned).collect()
}

fn open_workbook(path: &Path) -> Result<(Shape, Rows)> {
    let sheets = worker::sheets(path)?;
    let first = sheets
        .iter()
        .find(|sheet| sheet.visible)
        .ok_or_else(|| Error::new(Code::UnreadableFile, "The workbook has no sheet that can be seen"))?;
    let sheet_part = |name: &str| -> Result<Part> {
        // No row is taken for a header by itself, so that it stays as it is.
        let (_, rows) = worker::read_sheet(path, Some(name), Some(0))?;
        part(Box::new(rows))
    };
    let mut parts = vec![sheet_part(&first.name)?];
    let header: Vec<String> = parts[0].first.cells(0).map(str::to_owned).collect();
    if !begins_with_names(&header) {
        let (found, _) = worker::read_sheet(path, Some(&first.name), None)?;
        refuse_lines_above(found.header_row.map(u64::from))?;
    }
    // A list that is longer than a sheet goes on in the next one.
    while let Some(next) = sheets.get(parts.len())
        && next.name == format!("{} {}", first.name, parts.len() + 1)
    {
        let part = sheet_part(&next.name)?;
        if !part.first.cells(0).eq(header.iter().map(String::as_str)) {
            break;
        }
        parts.push(part);
    }
    let others = sheets.len() - parts.len();
    let blocked = (others > 0).then(|| {
        format!(
            "The workbook has {others} more sheet(s), which saving would lose. Save the rows as another file."
        )
    });
    let shape = Shape {
        format: ExportFormat::Xlsx,
        header,
        bom: false,
        sheet: first.name.clone(),
        notes: vec![
            "Saving writes values only: colours, widths and formulas of the workbook are not kept."
                .to_owned(),
        ],
        blocked,
    };
    Ok((shape, Rows { parts, guarded: false }))
}

fn part(mut rows: Box<dyn RowSource + Send>) -> Result<Part> {
    match rows.next_batch()? {
        Some(first) => Ok(Part { rows, first }),
        None => Err(Error::new(Code::UnreadableFile, "The file has no rows, not even column names")),
    }
}

/// The field whose values a column holds.
pub(super) fn field_of(name: &str) -> Option<Field> {
    normalise_header(name).replace(' ', "_").parse().ok()
}

/// Whether two columns or more are called as Muster calls them.
fn begins_with_names(header: &[String]) -> bool {
    let known = |name: &&String| field_of(name).is_some() || name.starts_with("source_") || *name == "issues";
    header.iter().filter(known).count() >= 2
}

/// Titles and notes above the header would be taken for column names.
fn refuse_lines_above(header_row: Option<u64>) -> Result<()> {
    match header_row {
        Some(row) if row > 1 => Err(Error::new(
            Code::InvalidInput,
            "The first line of the file does not hold its column names",
        )
        .with_help(
            "Only lists that begin with their column names can be edited here. Import the list instead.",
        )),
        _ => Ok(()),
    }
}

/// A fault of the file: how many rows have it, and the line of the first one.
pub(super) type Fault = (Rule, u64, u32);

impl Rows {
    /// Gives the cells of every row after the header to `each`; says what is wrong with the file.
    pub(super) fn each(
        self,
        mut each: impl FnMut(&mut dyn Iterator<Item = &str>) -> Result<()>,
    ) -> Result<Vec<Fault>> {
        let guarded = self.guarded;
        let mut faults: Vec<Fault> = Vec::new();
        for Part { mut rows, first } in self.parts {
            let mut next = Some((first, 1));
            while let Some((batch, skipped)) = next.take() {
                for row in skipped..batch.len() {
                    let cells = batch.cells(row);
                    each(&mut cells.map(|cell| if guarded { unguarded(cell) } else { cell }))?;
                }
                // A sheet's rows have no ends that could be wrong: it is as wide as its widest row.
                let issues = batch.issues().iter().filter(|(_, rule)| guarded || *rule != Rule::SurplusCells);
                for &(row, rule) in issues {
                    match faults.iter_mut().find(|(found, ..)| *found == rule) {
                        Some((.., count)) => *count += 1,
                        None => faults.push((rule, batch.rows()[row as usize].line, 1)),
                    }
                }
                rows.recycle(batch);
                next = rows.next_batch()?.map(|batch| (batch, 0));
            }
        }
        Ok(faults)
    }
}
