//! Bytes to rows of text.
//!
//! A reader yields [`RawBatch`]es: every cell is text, with the line (or sheet row) where its row starts. A fault
//! of the file (an unbalanced quote, a ragged row, an undecodable byte) is an issue of its row: rows are never
//! lost or merged because of it.

mod batch;
pub mod delimited;
pub mod detect;
pub mod encoding;
pub mod workbook;

pub use batch::{RawBatch, RawBatchBuilder, RawRow, Span};

use crate::error::EngineError;

/// A stream of rows, whatever the file's format.
pub trait RowSource {
    /// The next rows in file order, or `None` at the end. Batches are never empty.
    ///
    /// # Errors
    /// When the bytes cannot be fetched or the file is damaged beyond reading on.
    fn next_batch(&mut self) -> Result<Option<RawBatch>, EngineError>;

    /// Takes back a batch that nobody needs any more: the next one may be made in its memory.
    fn recycle(&mut self, _spent: RawBatch) {}
}

/// Rows that a reader puts into one batch, at the most.
pub const BATCH_ROWS: usize = 8_192;
