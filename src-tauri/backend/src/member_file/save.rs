//! Writes an open file's rows: complete, read back and compared before it takes the place of the old one.

use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::open_file::OpenFile;
use super::read::open_written;
use crate::error::{Code, Error, Result};
use crate::export::csv::CsvFile;
use crate::export::xlsx::{CELL_UNITS, XlsxFile};
use crate::export::{ExportFormat, temporary};
use crate::progress::Job;

const BOM: &str = "\u{feff}";
const REPORT_EVERY: u64 = 4_096;

/// A file that is being written.
enum Sink {
    Csv(CsvFile),
    Xlsx(Box<XlsxFile>),
}

impl OpenFile {
    /// Writes the rows into a file beside `path`, and makes sure that reading it gives the same cells.
    pub(super) fn write(&self, path: &Path, format: ExportFormat, job: &Job) -> Result<NamedTempFile> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let (written, cells) = self.write_rows(folder, format, job)?;
        let mut again = Cells::default();
        let rows = open_written(written.path(), format)?;
        rows.each(|row| {
            again.add(&mut row.map(Some), self.working.columns);
            report(job, "Checking what was written", again.rows, self.working.rows)
        })?;
        if again.rows != cells.rows || again.hash.finalize() != cells.hash.finalize() {
            return Err(Error::new(
                Code::Refused,
                "Some cells hold signs (line breaks, most likely) that this kind of file would not give back as they are",
            )
            .with_help("Nothing was saved. Edit those cells, or save the rows as the other kind of file, CSV or XLSX."));
        }
        Ok(written)
    }

    fn write_rows(&self, folder: &Path, format: ExportFormat, job: &Job) -> Result<(NamedTempFile, Cells)> {
        let mut header: Vec<&str> = self.shape.header.iter().map(String::as_str).collect();
        header.resize(self.working.columns.max(header.len()), "");
        let mut file = temporary(folder)?;
        self.note_part(file.path())?;
        let mut sink = match format {
            ExportFormat::Csv => {
                if self.shape.bom {
                    file.write_all(BOM.as_bytes()).map_err(|cause| Error::disk("write the file", &cause))?;
                }
                Sink::Csv(CsvFile::new(file, &header))
            }
            ExportFormat::Xlsx => {
                let file = XlsxFile::new(file, &self.shape.sheet, &header, folder, job)?;
                Sink::Xlsx(Box::new(file))
            }
        };
        let mut cells = Cells::default();
        self.working.each_row(|row| {
            match &mut sink {
                Sink::Csv(file) => match row {
                    // A line of nothing but spaces would be no row.
                    [cell] if cell.is_none_or(|text| text.trim().is_empty()) => {
                        file.raw_line(&format!("\"{}\"", cell.unwrap_or_default()))?;
                    }
                    _ => file.row(row)?,
                },
                Sink::Xlsx(file) => {
                    refuse_long(row)?;
                    file.row(row)?;
                }
            }
            // Sheets have no empty rows.
            if format == ExportFormat::Csv || row.iter().any(Option::is_some) {
                cells.add(&mut row.iter().copied(), row.len());
            }
            report(job, "Writing the rows", cells.rows, self.working.rows)
        })?;
        let file = match sink {
            Sink::Csv(file) => file.finish()?,
            Sink::Xlsx(file) => file.finish()?,
        };
        file.as_file().sync_all().map_err(|cause| Error::disk("write the file", &cause))?;
        Ok((file, cells))
    }
}

fn report(job: &Job, stage: &'static str, done: u64, total: u32) -> Result<()> {
    if done.is_multiple_of(REPORT_EVERY) { job.report(stage, done, Some(total.into())) } else { Ok(()) }
}

fn refuse_long(row: &[Option<&str>]) -> Result<()> {
    let long = |text: &&str| text.len() > CELL_UNITS && text.encode_utf16().count() > CELL_UNITS;
    match row.iter().flatten().find(|text| long(text)) {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Code::Refused,
            "A cell is longer than a cell of a workbook can be (32,767 characters)",
        )
        .with_help("Nothing was saved. Save the rows as CSV.")),
    }
}

/// All cells of some rows, in short.
#[derive(Default)]
struct Cells {
    rows: u64,
    hash: Sha256,
}

impl Cells {
    fn add(&mut self, cells: &mut dyn Iterator<Item = Option<&str>>, columns: usize) {
        self.rows += 1;
        let mut width = 0;
        for cell in cells {
            let text = cell.unwrap_or_default();
            self.hash.update((text.len() as u64).to_le_bytes());
            self.hash.update(text);
            width += 1;
        }
        // Cells missing at a row's end are empty.
        for _ in width..columns {
            self.hash.update(0_u64.to_le_bytes());
        }
    }
}
