//! Staged records: what a batch of raw rows became.

use crate::field::Field;
use crate::issue::{Change, Level, Rule};

/// Where a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RowClass {
    /// Goes to the target
    Clean,
    /// Its dates cannot all be true; kept apart
    Suspect,
    /// Has an error; refused until fixed
    Rejected,
    /// Left out by the person
    Excluded,
}

impl RowClass {
    /// All classes.
    pub const ALL: [RowClass; 4] =
        [RowClass::Clean, RowClass::Suspect, RowClass::Rejected, RowClass::Excluded];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            RowClass::Clean => "clean",
            RowClass::Suspect => "suspect",
            RowClass::Rejected => "rejected",
            RowClass::Excluded => "excluded",
        }
    }
}

/// What happened to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellOrigin {
    /// As it stands in the file, or empty
    #[default]
    AsRead,
    /// Standardising changed it
    Changed(Change),
    /// A person's operation changed it
    Edited,
}

/// One standardised cell: where its text lies, and how it came about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    pub(crate) start: u32,
    /// Bytes; 0 is missing, since no value is an empty string
    pub(crate) len: u32,
    pub(crate) origin: CellOrigin,
    /// The text could not be understood: it is shown, but is no value
    pub(crate) failed: bool,
}

/// An issue of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Issue {
    /// Index of the row in its batch
    pub row: u32,
    /// The field it is about
    pub field: Option<Field>,
    /// The rule
    pub rule: Rule,
}

impl Issue {
    /// The level of the issue.
    pub const fn level(self) -> Level {
        self.rule.level(self.field)
    }
}

/// A row of a staged batch.
#[derive(Debug, Clone, Copy)]
pub struct StagedRow {
    /// Line of the file or row of the sheet
    pub line: u64,
    /// Where the row goes
    pub class: RowClass,
    /// Identifies the membership in the target; see [`crate::key::source_key`]
    pub key: u128,
    /// Hash of all its raw cells, to tell a repeated row from a repeated member
    pub raw_hash: u64,
    /// See [`crate::key::fingerprint`]; 0 where nobody asked for it
    pub fingerprint: u128,
    /// See [`crate::read::RawRow::occurrence`]
    pub occurrence: u32,
    /// Text of the company's id in the source, where the file gave an id
    pub(crate) company_id: (u32, u32),
    /// One past its last issue in the batch's list
    pub(crate) issues_end: u32,
}

/// Standardised rows in one piece of memory, [`Field::COUNT`] cells a row.
#[derive(Debug, Default)]
pub struct StagedBatch {
    pub(crate) text: String,
    pub(crate) cells: Vec<Cell>,
    pub(crate) rows: Vec<StagedRow>,
    pub(crate) issues: Vec<Issue>,
    /// `(row, index of the operation)` for every operation that changed a row
    pub(crate) touches: Vec<(u32, u32)>,
}

impl StagedBatch {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows.
    pub fn rows(&self) -> &[StagedRow] {
        &self.rows
    }

    /// Empties the batch and makes room for some rows.
    pub(crate) fn clear_for(&mut self, rows: usize) {
        self.text.clear();
        self.cells.clear();
        self.rows.clear();
        self.issues.clear();
        self.touches.clear();
        self.text.reserve(rows * 96);
        self.cells.reserve(rows * Field::COUNT);
        self.rows.reserve(rows);
    }

    /// The value of a cell; `None` is missing or not understood. Dates are ISO 8601, numbers plain decimals.
    #[inline]
    pub fn value(&self, row: usize, field: Field) -> Option<&str> {
        let cell = self.cells[row * Field::COUNT + field.index()];
        (cell.len > 0 && !cell.failed).then(|| self.slice(cell.start, cell.len))
    }

    /// The text of a cell that could not be understood.
    #[inline]
    pub fn unread(&self, row: usize, field: Field) -> Option<&str> {
        let cell = self.cells[row * Field::COUNT + field.index()];
        (cell.len > 0 && cell.failed).then(|| self.slice(cell.start, cell.len))
    }

    #[inline]
    fn slice(&self, start: u32, len: u32) -> &str {
        &self.text[start as usize..(start + len) as usize]
    }

    /// How a cell's value came about.
    #[inline]
    pub fn origin(&self, row: usize, field: Field) -> CellOrigin {
        self.cells[row * Field::COUNT + field.index()].origin
    }

    /// The company's id in the source, where the file gave an id.
    pub fn company_id(&self, row: usize) -> Option<&str> {
        let (start, len) = self.rows[row].company_id;
        (len > 0).then(|| self.slice(start, len))
    }

    /// The issues of a row.
    pub fn issues(&self, row: usize) -> &[Issue] {
        let start = if row == 0 { 0 } else { self.rows[row - 1].issues_end };
        &self.issues[start as usize..self.rows[row].issues_end as usize]
    }

    /// `(row, index of the operation)` for every operation that changed a row of the batch, in row order.
    pub fn touches(&self) -> &[(u32, u32)] {
        &self.touches
    }
}
