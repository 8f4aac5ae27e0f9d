//! Delimited text (CSV, TSV and the like) to rows.
//!
//! The reader takes a chunk of the file at a time and hands the chunk itself out as a batch, with cells as pieces
//! of it; only cells with doubled quotes are written anew. So memory does not depend on the file's size.
//!
//! # Quotes
//!
//! One stray quote must not swallow the rows behind it. A quoted value counts only if its closing quote is followed
//! by a delimiter, a line end or the end of the file (spaces before them are tolerated). If one is not, or if a
//! record that runs over several lines
//!
//! - is not closed at the end of the file, after [`Limits::record_lines`] or after [`Limits::record_bytes`],
//! - has not as many cells as the header, or
//! - has three columns or more, and each of its lines, the first too, has as many cells as a row of its own,
//!
//! then the quote is unbalanced: the row is its first line alone, a quote that is not closed on that line is plain
//! text, the row gets [`Rule::UnbalancedQuote`], and reading goes on with the next line. A quote inside a cell that
//! does not start with one is plain text and no fault.
//!
//! # Lines
//!
//! Lines end with LF, CRLF or CR. Lines with nothing but spaces are skipped and counted. A line longer than
//! [`Limits::record_bytes`] is cut there: its row gets [`Rule::SurplusCells`] (an error, so that the row is not
//! taken as whole), or [`Rule::UnbalancedQuote`] where a quote is open.

mod quotes;
pub(in crate::read) mod tokenise;

use std::io::Read;

use super::detect::Detected;
use super::encoding::{Replaced, Transcoder};
use super::{RawBatch, RawRow, RowSource, Span};
use crate::error::EngineError;
use crate::issue::Rule;
use tokenise::{Found, Place, Tokeniser};

/// How much the reader takes at once, and what it bears with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes read at a time; a batch is one such chunk
    pub chunk_bytes: usize,
    /// Longest record, in bytes of UTF-8. DuckDB's limit is the same.
    pub record_bytes: usize,
    /// Most lines of a record with quoted line ends
    pub record_lines: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // With its cells it fits the second cache of a usual processor; memory of spent batches is used again.
        Limits { chunk_bytes: 128 * 1024, record_bytes: 2_000_000, record_lines: 100 }
    }
}

/// Rows of delimited text: those after the header.
#[derive(Debug)]
pub struct DelimitedReader<R> {
    input: Transcoder<R>,
    chunk_bytes: usize,
    tokeniser: Tokeniser,
    place: Place,
    /// Text of the record whose end was not read yet
    carry: String,
    /// Memory of batches that nobody needs any more
    spare: Vec<(String, Vec<Span>, Vec<RawRow>)>,
    /// Where bytes of `carry` could not be decoded
    replaced: Replaced,
}

impl<R: Read> DelimitedReader<R> {
    /// Reads a file, from its first byte, in the way that was detected.
    pub fn new(input: R, detected: &Detected) -> DelimitedReader<R> {
        DelimitedReader::with_limits(input, detected, Limits::default())
    }

    /// Like [`DelimitedReader::new`], with other limits.
    pub fn with_limits(input: R, detected: &Detected, limits: Limits) -> DelimitedReader<R> {
        DelimitedReader {
            input: Transcoder::new(input, detected.dialect.encoding),
            chunk_bytes: limits.chunk_bytes.clamp(1, 1 << 26),
            tokeniser: Tokeniser::new(&detected.dialect, detected.columns, limits),
            place: Place::before_header(detected.dialect.header_row),
            carry: String::new(),
            spare: Vec::new(),
            replaced: Vec::new(),
        }
    }
}

impl<R: Read> RowSource for DelimitedReader<R> {
    fn next_batch(&mut self) -> Result<Option<RawBatch>, EngineError> {
        loop {
            if self.input.is_at_end() && self.carry.is_empty() {
                return Ok(None);
            }
            // A long record is read in ever larger pieces, so that looking for its end again stays linear.
            let size = self.chunk_bytes.max(self.carry.len());
            let (mut text, cells, rows) = self.spare.pop().unwrap_or_default();
            text.push_str(&self.carry);
            text.reserve(size + 4);
            let mut replaced = std::mem::take(&mut self.replaced);
            self.input.read_to(&mut text, &mut replaced, size)?;
            let at_end = self.input.is_at_end();
            let found = Found { cells, rows, ..Found::default() };
            let (found, taken) = self.tokeniser.rows_into(found, &text, at_end, &mut self.place);
            text[taken..].clone_into(&mut self.carry);
            let behind = replaced.partition_point(|&offset| offset < taken);
            self.replaced = replaced.split_off(behind).into_iter().map(|offset| offset - taken).collect();
            if found.rows.is_empty() {
                continue;
            }
            let mut issues = found.issues;
            note(Rule::UndecodableBytes, replaced.into_iter(), &found.rows, &mut issues);
            note(
                Rule::NulCharacter,
                memchr::memchr_iter(0, &text.as_bytes()[..taken]),
                &found.rows,
                &mut issues,
            );
            issues.sort_unstable();
            issues.dedup();
            text.push_str(&found.unescaped);
            return Ok(Some(RawBatch::new(text, found.cells, found.rows, issues)));
        }
    }

    fn recycle(&mut self, spent: RawBatch) {
        self.spare.push(spent.into_empty_parts());
    }
}

/// Notes a fault of the rows in which the places lie. Places between rows (in the header) belong to none.
fn note(rule: Rule, places: impl Iterator<Item = usize>, rows: &[RawRow], issues: &mut Vec<(u32, Rule)>) {
    let mut row = 0;
    for place in places {
        while rows.get(row).is_some_and(|candidate| candidate.raw.end as usize <= place) {
            row += 1;
        }
        match rows.get(row) {
            None => return,
            Some(found) if (found.raw.start as usize) <= place => issues.push((row as u32, rule)),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
