//! An Excel workbook of an export. Cells are typed as text (or numbers), so none of them can be a live formula.

use std::io::{self, Write};
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tempfile::NamedTempFile;

use crate::error::{Code, Error, Result};
use crate::progress::Job;

/// Excel's limit, header included.
const SHEET_ROWS: u32 = 1_048_576;
/// Excel's limit of a cell, in UTF-16 code units.
pub(crate) const CELL_UNITS: usize = 32_767;

pub(crate) struct XlsxFile {
    file: NamedTempFile,
    workbook: Workbook,
    list: SheetList,
    job: Job,
    /// Rows of one sheet
    sheet_rows: u32,
    sheets: usize,
    next_row: u32,
}

/// A list, on as many sheets as it needs.
struct SheetList {
    /// Name of the first sheet; the next ones have a number behind it
    name: String,
    header: Vec<String>,
    /// Which columns hold numbers
    numbers: Vec<bool>,
    sheets: usize,
}

impl SheetList {
    fn new(name: &str, header: &[&str], numbers: Vec<bool>) -> SheetList {
        let header = header.iter().map(|&name| name.to_owned()).collect();
        SheetList { name: name.to_owned(), header, numbers, sheets: 0 }
    }
}

impl XlsxFile {
    /// A workbook whose sheets are called after `name` and begin with the header.
    pub(crate) fn new(
        file: NamedTempFile,
        name: &str,
        header: &[&str],
        folder: &Path,
        job: &Job,
    ) -> Result<XlsxFile> {
        XlsxFile::with_sheet_rows(file, (name, header), folder, job, SHEET_ROWS)
    }

    pub(super) fn with_sheet_rows(
        file: NamedTempFile,
        (name, header): (&str, &[&str]),
        folder: &Path,
        job: &Job,
        sheet_rows: u32,
    ) -> Result<XlsxFile> {
        let mut workbook = Workbook::new();
        // The system's folder for temporary files may be in memory; the sheets are as big as the result.
        workbook.set_tempdir(folder).map_err(|cause| failed(&cause))?;
        let numbers = header.iter().map(|&name| matches!(name, "score" | "source_row")).collect();
        let list = SheetList::new(name, header, numbers);
        let job = job.clone();
        let mut file = XlsxFile { file, workbook, list, job, sheet_rows, sheets: 0, next_row: 0 };
        file.start_sheet().map_err(|cause| failed(&cause))?;
        Ok(file)
    }

    /// Ends the list; what follows is another one, on a sheet of its own. `numbers`: which of its columns hold numbers.
    pub(crate) fn next_list(&mut self, name: &str, header: &[&str], numbers: Vec<bool>) -> Result<()> {
        self.list = SheetList::new(name, header, numbers);
        self.start_sheet().map_err(|cause| failed(&cause))
    }

    pub(crate) fn row(&mut self, cells: &[Option<&str>]) -> Result<()> {
        self.write_row(cells).map_err(|cause| failed(&cause))
    }

    pub(crate) fn finish(mut self) -> Result<NamedTempFile> {
        let writer = Stoppable { inner: io::BufWriter::new(self.file.as_file_mut()), job: &self.job };
        self.workbook.save_to_writer(writer).map_err(|cause| failed(&cause))?;
        Ok(self.file)
    }

    fn start_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        self.list.sheets += 1;
        let name = match self.list.sheets {
            1 => self.list.name.clone(),
            number => format!("{} {number}", self.list.name),
        };
        let bold = Format::new().set_bold();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, header) in (0..).zip(&self.list.header) {
            sheet.write_string_with_format(0, column, fitting(header), &bold)?;
        }
        self.next_row = 1;
        Ok(())
    }

    fn write_row(&mut self, cells: &[Option<&str>]) -> Result<(), XlsxError> {
        if self.next_row >= self.sheet_rows {
            self.start_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for ((column, cell), &is_number) in (0..).zip(cells).zip(&self.list.numbers) {
            if let Some(text) = cell {
                write_cell(sheet, (self.next_row, column), is_number, text)?;
            }
        }
        self.next_row += 1;
        Ok(())
    }
}

/// Scores, row numbers and counts are numbers, so that they can be summed and sorted; all else, dates too, is text. So is a
/// number that would come back with other figures (`007`).
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    is_number: bool,
    text: &str,
) -> Result<(), XlsxError> {
    match is_number.then(|| plain_number(text)).flatten() {
        Some(number) => sheet.write_number(row, column, number)?,
        None => sheet.write_string(row, column, fitting(text))?,
    };
    Ok(())
}

/// The number that is written just so, within the figures that a spreadsheet keeps.
fn plain_number(text: &str) -> Option<f64> {
    const FIGURES: usize = 15;
    let number = text.parse::<f64>().ok().filter(|_| text.len() <= FIGURES)?;
    (number.is_finite() && text != "-0" && number.to_string() == text).then_some(number)
}

/// The text, cut with an ellipsis where it is longer than a cell can be (a raw line of a broken file, say); the CSV
/// file has it whole.
fn fitting(text: &str) -> String {
    // No character has more code units than bytes.
    if text.len() <= CELL_UNITS {
        return text.to_owned();
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > CELL_UNITS - 1
    });
    match end {
        Some((end, _)) if text.encode_utf16().count() > CELL_UNITS => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// Stops a save when the job is cancelled.
struct Stoppable<'j, W> {
    inner: W,
    job: &'j Job,
}

impl<W: Write> Write for Stoppable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.job.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn failed(cause: &XlsxError) -> Error {
    match cause {
        XlsxError::IoError(cause) => Error::disk("write the workbook", cause),
        _ => Error::new(Code::Internal, "The workbook could not be written"),
    }
}
