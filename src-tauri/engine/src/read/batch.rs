//! A batch of raw rows in one piece of memory.

use crate::issue::Rule;

/// A piece of a batch's text: byte offsets, end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// First byte
    pub start: u32,
    /// One past the last byte
    pub end: u32,
}

/// A row as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RawRow {
    /// Line of a text file, or row of a sheet, where the row starts; the first is 1
    pub line: u64,
    /// Index of its first cell in the batch
    pub first_cell: u32,
    /// The whole row as it stands in the file, without its line end; empty for a sheet's row
    pub raw: Span,
    /// How many earlier rows of the file have the same fingerprint. Set only for rows that operations name.
    pub occurrence: u32,
}

/// Rows of text. Cells and whole rows are [`Span`]s of `text`; unescaped cells follow the bytes of the file in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct RawBatch {
    text: String,
    cells: Vec<Span>,
    rows: Vec<RawRow>,
    issues: Vec<(u32, Rule)>,
}

impl RawBatch {
    /// A batch of parts that a reader made. `issues` are `(index of the row, rule)` in row order.
    pub fn new(text: String, cells: Vec<Span>, rows: Vec<RawRow>, issues: Vec<(u32, Rule)>) -> RawBatch {
        debug_assert!(rows.windows(2).all(|pair| pair[0].first_cell <= pair[1].first_cell));
        RawBatch { text, cells, rows, issues }
    }

    /// The memory of a batch that nobody needs any more, emptied.
    pub(crate) fn into_empty_parts(mut self) -> (String, Vec<Span>, Vec<RawRow>) {
        self.text.clear();
        self.cells.clear();
        self.rows.clear();
        (self.text, self.cells, self.rows)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows.
    pub fn rows(&self) -> &[RawRow] {
        &self.rows
    }

    /// The rows, to number their occurrences.
    pub fn rows_mut(&mut self) -> &mut [RawRow] {
        &mut self.rows
    }

    /// The cells of a row.
    pub fn cells(&self, row: usize) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.cell_spans(row).iter().map(|&span| self.slice(span))
    }

    /// A cell; `None` where the row has fewer.
    #[inline]
    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        self.cell_spans(row).get(column).map(|&span| self.slice(span))
    }

    /// The whole row as it stands in the file; for a sheet's row, its cells joined by tabs.
    pub fn raw(&self, row: usize) -> String {
        let span = self.rows[row].raw;
        if span.end > span.start {
            return self.slice(span).to_owned();
        }
        self.cells(row).collect::<Vec<_>>().join("\t")
    }

    /// Faults that the reader found: `(index of the row, rule)`, in row order.
    pub fn issues(&self) -> &[(u32, Rule)] {
        &self.issues
    }

    /// All text of the batch.
    #[inline]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where the cells of a row lie in the text.
    #[inline]
    pub(crate) fn spans(&self, row: usize) -> &[Span] {
        self.cell_spans(row)
    }

    #[inline]
    fn cell_spans(&self, row: usize) -> &[Span] {
        let start = self.rows[row].first_cell as usize;
        let end = self.rows.get(row + 1).map_or(self.cells.len(), |next| next.first_cell as usize);
        &self.cells[start..end]
    }

    #[inline]
    fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }
}

/// Builds a batch cell by cell, for readers whose cells are not pieces of one text, and for tests.
#[derive(Debug, Default)]
pub struct RawBatchBuilder {
    batch: RawBatch,
}

impl RawBatchBuilder {
    /// Starts a row at a line.
    pub fn start_row(&mut self, line: u64) {
        let first_cell = offset(self.batch.cells.len());
        self.batch.rows.push(RawRow { line, first_cell, raw: Span::default(), occurrence: 0 });
    }

    /// Adds a cell to the row.
    pub fn push_cell(&mut self, text: &str) {
        let start = offset(self.batch.text.len());
        self.batch.text.push_str(text);
        self.batch.cells.push(Span { start, end: offset(self.batch.text.len()) });
    }

    /// Notes a fault of the row.
    pub fn push_issue(&mut self, rule: Rule) {
        let row = offset(self.batch.rows.len().saturating_sub(1));
        self.batch.issues.push((row, rule));
    }

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.batch.len()
    }

    /// Whether no row was started.
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Bytes of text so far.
    pub fn text_len(&self) -> usize {
        self.batch.text.len()
    }

    /// The batch; the builder starts anew.
    pub fn take(&mut self) -> RawBatch {
        std::mem::take(&mut self.batch)
    }
}

/// Batches are limited to a few megabytes, far below `u32::MAX`.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_the_cells_of_each_row() {
        let mut builder = RawBatchBuilder::default();
        builder.start_row(2);
        builder.push_cell("Robert");
        builder.push_cell("");
        builder.start_row(5);
        builder.push_issue(Rule::MissingCells);
        let batch = builder.take();
        assert!(builder.is_empty());
        assert_eq!(batch.cells(0).collect::<Vec<_>>(), ["Robert", ""]);
        assert_eq!(batch.cells(1).len(), 0);
        assert_eq!(batch.cell(1, 0), None);
        assert_eq!(batch.raw(0), "Robert\t");
        assert_eq!(batch.rows()[1].line, 5);
        assert_eq!(batch.issues(), [(1, Rule::MissingCells)]);
    }
}
