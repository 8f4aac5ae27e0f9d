//! Cells to rows, and the header among the first rows.

use super::cell::Value;
use super::{SheetHeader, Sink, WorkbookPart};
use crate::error::EngineError;
use crate::issue::Rule;
use crate::read::detect::{header, unique_names};
use crate::read::{BATCH_ROWS, RawBatchBuilder};

/// What a sheet can hold, in Excel and in LibreOffice.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// Text of one row, at the most.
const MOST_ROW_BYTES: usize = 64 << 20;

/// Rows and bytes among which a header is looked for.
const FIRST_ROWS: usize = 50;
const FIRST_BYTES: usize = 4 << 20;

/// Bytes of text, and cells, after which a batch is given out.
const BATCH_BYTES: usize = 1 << 20;
const BATCH_CELLS: usize = 1 << 18;

/// A row of a sheet.
#[derive(Debug, Default)]
struct SheetRow {
    /// From 1; 0 before the first cell
    line: u32,
    cells: Vec<String>,
    bytes: usize,
    has_error: bool,
}

impl SheetRow {
    /// Cells up to the last that is not blank.
    fn width(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1)
    }
}

/// Puts cells together to rows, and rows to batches.
pub(super) struct Rows<'a, 's> {
    sink: &'a mut Sink<'s>,
    about: SheetHeader,
    /// What the caller says about the header
    given: Option<u32>,
    /// Rows before it is known which one is the header
    first: Option<Vec<SheetRow>>,
    first_bytes: usize,
    row: SheetRow,
    batch: RawBatchBuilder,
    batch_cells: usize,
}

impl<'a, 's> Rows<'a, 's> {
    pub(super) fn new(about: SheetHeader, given: Option<u32>, sink: &'a mut Sink<'s>) -> Rows<'a, 's> {
        let (row, batch) = (SheetRow::default(), RawBatchBuilder::default());
        Rows { sink, about, given, first: Some(Vec::new()), first_bytes: 0, row, batch, batch_cells: 0 }
    }

    /// Takes a cell; row and column count from 0. Cells of a row come together.
    pub(super) fn cell(&mut self, (row, column): (u32, u32), value: Value) -> Result<(), EngineError> {
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(EngineError::Limit("a sheet has at most 1,048,576 rows and 16,384 columns"));
        }
        if row + 1 != self.row.line {
            self.end_row()?;
            self.row.line = row + 1;
        }
        if value == Value::Empty {
            return Ok(());
        }
        let column = column as usize;
        if self.row.cells.len() <= column {
            self.row.cells.resize(column + 1, String::new());
        }
        let cell = &mut self.row.cells[column];
        cell.clear();
        value.write(cell);
        self.row.bytes += cell.len();
        self.row.has_error |= value.is_error();
        if self.row.bytes > MOST_ROW_BYTES {
            return Err(EngineError::Limit("a row of the sheet holds too much text"));
        }
        Ok(())
    }

    /// Gives out what is left.
    pub(super) fn finish(mut self) -> Result<(), EngineError> {
        self.end_row()?;
        if let Some(first) = self.first.take() {
            self.settle(first)?;
        }
        self.flush()
    }

    fn end_row(&mut self) -> Result<(), EngineError> {
        if self.row.width() > 0 && self.row.line >= self.given.unwrap_or(0) {
            match &mut self.first {
                None => self.push_row()?,
                Some(first) => {
                    self.first_bytes += self.row.bytes;
                    first.push(std::mem::take(&mut self.row));
                    if first.len() >= FIRST_ROWS || self.first_bytes >= FIRST_BYTES {
                        let first = self.first.take().unwrap_or_default();
                        self.settle(first)?;
                    }
                }
            }
        }
        self.row.cells.clear();
        self.row.bytes = 0;
        self.row.has_error = false;
        Ok(())
    }

    /// Decides which of the first rows is the header, and gives it and the rows after it out.
    fn settle(&mut self, first: Vec<SheetRow>) -> Result<(), EngineError> {
        if first.is_empty() {
            return Err(EngineError::NotAList("the sheet has no rows, or none from the header row on"));
        }
        let cells: Vec<&[String]> = first.iter().map(|row| &row.cells[..row.width()]).collect();
        let found = match self.given {
            Some(0) => None,
            Some(_) => Some(0),
            None => {
                // A lone cell far to the right must not make a wide list, so cells that are filled are counted.
                let filled = |cells: &&[String]| cells.iter().filter(|cell| !cell.trim().is_empty()).count();
                header::find(&cells, header::usual_width(&cells.iter().map(filled).collect::<Vec<_>>()))
            }
        };
        let mut about = self.about.clone();
        match found {
            Some(index) => {
                about.header_row = Some(first[index].line);
                about.header = unique_names(cells[index]);
            }
            None => {
                let width = header::usual_width(&cells.iter().map(|cells| cells.len()).collect::<Vec<_>>());
                about.header = unique_names(&vec![String::new(); width]);
            }
        }
        about.columns = about.header.len();
        self.about.columns = about.columns;
        (self.sink)(WorkbookPart::Header(about))?;
        for row in first.into_iter().skip(found.map_or(0, |index| index + 1)) {
            self.row = row;
            self.push_row()?;
        }
        Ok(())
    }

    fn push_row(&mut self) -> Result<(), EngineError> {
        let columns = self.about.columns;
        let width = self.row.width();
        self.batch.start_row(u64::from(self.row.line));
        for index in 0..width.max(columns) {
            self.batch.push_cell(self.row.cells.get(index).map_or("", String::as_str));
        }
        self.batch_cells += width.max(columns);
        if width > columns {
            self.batch.push_issue(Rule::SurplusCells);
        }
        if self.row.cells.iter().any(|cell| cell.contains('\0')) {
            self.batch.push_issue(Rule::NulCharacter);
        }
        if self.row.has_error {
            self.batch.push_issue(Rule::CellError);
        }
        let full = self.batch.len() >= BATCH_ROWS || self.batch_cells >= BATCH_CELLS;
        if full || self.batch.text_len() >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        self.batch_cells = 0;
        if self.batch.is_empty() { Ok(()) } else { (self.sink)(WorkbookPart::Rows(self.batch.take())) }
    }
}
