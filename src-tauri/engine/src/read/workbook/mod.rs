//! Workbooks (XLSX, XLSM, XLSB, XLS, ODS) to rows of text, through calamine.
//!
//! XLSX, XLSM and XLSB are read cell by cell, so a sheet that says it has 17 thousand million cells costs no more
//! than the cells that it has. For XLS and ODS calamine has only dense ranges, made when the workbook is opened,
//! before their size can be asked: there the caller's caps on memory and time must hold. Read workbooks in a
//! process of their own: they are compressed, and calamine can panic or run out of memory on hostile ones.
//!
//! Cells become text as a person would type them: texts as they are, whole numbers without a decimal point, other
//! numbers with the fewest digits that give the same number back, dates as `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`,
//! times as `HH:MM:SS`, booleans as `TRUE` and `FALSE`. An error value keeps its text (`#N/A`) and its row gets
//! [`Rule::CellError`](crate::Rule::CellError). Cells missing at a row's end are empty, as a sheet has no ends.

mod cell;
mod format;
mod rows;

use std::io::{BufReader, Read, Seek};

use calamine::{
    Data, Ods, OdsError, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};
use serde::{Deserialize, Serialize};

use super::RawBatch;
use crate::error::EngineError;
use cell::Value;
pub use format::{WorkbookFormat, detect_format, is_workbook};
use rows::Rows;

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetInfo {
    /// Its name
    pub name: String,
    /// Whether a person sees it
    pub visible: bool,
}

/// What is known about a sheet before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetHeader {
    /// The sheet that is read
    pub sheet: String,
    /// The workbook's format
    pub format: WorkbookFormat,
    /// The columns' names, each once
    pub header: Vec<String>,
    /// How many columns there are
    pub columns: usize,
    /// Sheet row of the header, from 1; `None` where there is none
    pub header_row: Option<u32>,
    /// Whether day numbers count from 1904 and not from 1900
    pub epoch_1904: bool,
}

/// What [`read_sheet`] gives: first the header, then the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkbookPart {
    /// Comes once, first
    Header(SheetHeader),
    /// Rows after the header; never empty
    Rows(RawBatch),
}

/// Where [`read_sheet`] puts the parts. An error ends the reading.
pub type Sink<'a> = dyn FnMut(WorkbookPart) -> Result<(), EngineError> + 'a;

/// The sheets with cells, in the workbook's order.
///
/// # Errors
/// [`EngineError::PasswordProtected`], [`EngineError::NotAList`] for a file that is no workbook, and
/// [`EngineError::Workbook`] for one that calamine cannot read.
pub fn sheets<R: Read + Seek>(input: R) -> Result<Vec<SheetInfo>, EngineError> {
    Ok(Workbook::open(input)?.sheets())
}

/// Reads a sheet: the named one, or the first that is visible. `header_row` counts from 1; 0 is no header, and
/// `None` is to find it.
///
/// # Errors
/// Those of [`sheets`], [`EngineError::NoSuchSheet`], [`EngineError::Limit`] for more than a sheet can hold,
/// [`EngineError::NotAList`] for an empty sheet, and what the sink returns.
pub fn read_sheet<R: Read + Seek>(
    input: R,
    sheet: Option<&str>,
    header_row: Option<u32>,
    sink: &mut Sink,
) -> Result<(), EngineError> {
    let mut workbook = Workbook::open(input)?;
    let sheets = workbook.sheets();
    let chosen = match sheet {
        Some(name) => sheets.iter().find(|info| info.name == name),
        None => sheets.iter().find(|info| info.visible).or_else(|| sheets.first()),
    };
    let name = chosen.ok_or(EngineError::NoSuchSheet)?.name.clone();
    let about = SheetHeader {
        sheet: name.clone(),
        format: workbook.format,
        header: Vec::new(),
        columns: 0,
        header_row: None,
        epoch_1904: workbook.epoch_1904(),
    };
    let mut rows = Rows::new(about, header_row, sink);
    workbook.cells(&name, &mut rows)?;
    rows.finish()
}

struct Workbook<R: Read + Seek> {
    format: WorkbookFormat,
    book: Book<R>,
}

/// The readers of calamine. They are large, so they are boxed.
enum Book<R: Read + Seek> {
    Xlsx(Box<Xlsx<BufReader<R>>>),
    Xlsb(Box<Xlsb<BufReader<R>>>),
    Xls(Box<Xls<BufReader<R>>>),
    Ods(Box<Ods<BufReader<R>>>),
}

impl<R: Read + Seek> Workbook<R> {
    fn open(input: R) -> Result<Workbook<R>, EngineError> {
        let mut input = BufReader::new(input);
        let format = detect_format(&mut input)?;
        input.rewind()?;
        let book = match format {
            WorkbookFormat::Xlsx | WorkbookFormat::Xlsm => {
                Book::Xlsx(Box::new(Xlsx::new(input).map_err(|error| xlsx_error(format, error))?))
            }
            WorkbookFormat::Xlsb => Book::Xlsb(Box::new(Xlsb::new(input).map_err(xlsb_error)?)),
            WorkbookFormat::Xls => Book::Xls(Box::new(Xls::new(input).map_err(xls_error)?)),
            WorkbookFormat::Ods => Book::Ods(Box::new(Ods::new(input).map_err(ods_error)?)),
        };
        Ok(Workbook { format, book })
    }

    fn sheets(&self) -> Vec<SheetInfo> {
        let all = match &self.book {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Xlsb(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        };
        all.iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| SheetInfo {
                name: sheet.name.clone(),
                visible: sheet.visible == SheetVisible::Visible,
            })
            .collect()
    }

    /// ODS writes dates out, so it has no epoch.
    fn epoch_1904(&self) -> bool {
        match &self.book {
            Book::Xlsx(book) => book.has_1904_epoch(),
            Book::Xlsb(book) => book.has_1904_epoch(),
            Book::Xls(book) => book.has_1904_epoch(),
            Book::Ods(_) => false,
        }
    }

    fn cells(&mut self, sheet: &str, rows: &mut Rows) -> Result<(), EngineError> {
        let format = self.format;
        match &mut self.book {
            Book::Xlsx(book) => {
                let mut cells =
                    book.worksheet_cells_reader(sheet).map_err(|error| xlsx_error(format, error))?;
                while let Some(cell) = cells.next_cell().map_err(|error| xlsx_error(format, error))? {
                    rows.cell(cell.get_position(), Value::of_ref(cell.get_value()))?;
                }
                Ok(())
            }
            Book::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsb_error)?;
                while let Some(cell) = cells.next_cell().map_err(xlsb_error)? {
                    rows.cell(cell.get_position(), Value::of_ref(cell.get_value()))?;
                }
                Ok(())
            }
            Book::Xls(book) => dense(&book.worksheet_range(sheet).map_err(xls_error)?, rows, false),
            Book::Ods(book) => dense(&book.worksheet_range(sheet).map_err(ods_error)?, rows, true),
        }
    }
}

fn dense(range: &calamine::Range<Data>, rows: &mut Rows, ods: bool) -> Result<(), EngineError> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let value = if ods { Value::of_ods(data) } else { Value::of(data) };
        let at = |first: u32, offset: usize| first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
        rows.cell((at(first_row, row), at(first_column, column)), value)?;
    }
    Ok(())
}

/// The reason must not quote a cell, so errors that carry a text of the file are told in our words.
fn xlsx_error(format: WorkbookFormat, error: XlsxError) -> EngineError {
    let reason = match error {
        XlsxError::Io(error) => return unpacking(format, error),
        XlsxError::Password => return EngineError::PasswordProtected,
        XlsxError::WorksheetNotFound(_) => return EngineError::NoSuchSheet,
        XlsxError::Zip(error) if error.to_string().contains("assword") => {
            return EngineError::PasswordProtected;
        }
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) => "its XML is damaged".to_owned(),
        XlsxError::CellError(_) => {
            "a cell holds an error value that is not known, such as #SPILL!".to_owned()
        }
        XlsxError::CellTAttribute(_) => "a cell has a type that is not known".to_owned(),
        XlsxError::Unrecognized { typ, .. } => format!("its {typ} is not known"),
        XlsxError::RowNumberOverflow | XlsxError::ColumnNumberOverflow => {
            return EngineError::Limit("a sheet has at most 1,048,576 rows and 16,384 columns");
        }
        XlsxError::FileNotFound(_) => "a part of it is missing".to_owned(),
        XlsxError::NotAWorksheet(_) => "the sheet is no worksheet".to_owned(),
        other => other.to_string(),
    };
    EngineError::Workbook { format: format.name(), reason }
}

fn xlsb_error(error: XlsbError) -> EngineError {
    let reason = match error {
        XlsbError::Io(error) => return unpacking(WorkbookFormat::Xlsb, error),
        XlsbError::Password => return EngineError::PasswordProtected,
        XlsbError::WorksheetNotFound(_) => return EngineError::NoSuchSheet,
        XlsbError::Zip(error) if error.to_string().contains("assword") => {
            return EngineError::PasswordProtected;
        }
        _ => "it is damaged".to_owned(),
    };
    EngineError::Workbook { format: WorkbookFormat::Xlsb.name(), reason }
}

fn xls_error(error: XlsError) -> EngineError {
    let reason = match error {
        XlsError::Io(error) => return unpacking(WorkbookFormat::Xls, error),
        XlsError::Password => return EngineError::PasswordProtected,
        XlsError::WorksheetNotFound(_) => return EngineError::NoSuchSheet,
        XlsError::Cfb(_) => "its container is damaged, or it holds no workbook".to_owned(),
        other => other.to_string(),
    };
    EngineError::Workbook { format: WorkbookFormat::Xls.name(), reason }
}

fn ods_error(error: OdsError) -> EngineError {
    let reason = match error {
        OdsError::Io(error) => return unpacking(WorkbookFormat::Ods, error),
        OdsError::Password => return EngineError::PasswordProtected,
        OdsError::WorksheetNotFound(_) => return EngineError::NoSuchSheet,
        OdsError::CellLimitExceeded { .. } => return EngineError::Limit("a sheet has too many cells"),
        OdsError::Zip(error) if error.to_string().contains("assword") => {
            return EngineError::PasswordProtected;
        }
        OdsError::Xml(_) | OdsError::XmlAttr(_) | OdsError::Eof(_) => "its XML is damaged".to_owned(),
        OdsError::InvalidMime(_) => "it is no spreadsheet".to_owned(),
        OdsError::Mismatch { expected, .. } => format!("its {expected} is not as it should be"),
        other => other.to_string(),
    };
    EngineError::Workbook { format: WorkbookFormat::Ods.name(), reason }
}

/// Damaged compressed data comes as an I/O error too, but trying again does not help there.
fn unpacking(format: WorkbookFormat, error: std::io::Error) -> EngineError {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match error.kind() {
        InvalidData | InvalidInput | UnexpectedEof => {
            EngineError::Workbook { format: format.name(), reason: "it is damaged or incomplete".to_owned() }
        }
        _ => EngineError::Io(error),
    }
}

#[cfg(test)]
mod tests;
