//! Lines and cells of text. Lines without a quote take the quick way, eight bytes at a time.

use memchr::{memchr, memchr2, memrchr2};

use super::Limits;
use crate::issue::Rule;
use crate::read::detect::Dialect;
use crate::read::{RawRow, Span};

const LF: u8 = b'\n';
const CR: u8 = b'\r';

/// Where in the file reading stands, from chunk to chunk.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct Place {
    /// Physical line of the next byte, from 1
    pub(super) line: u64,
    /// Lines still to leave out
    pub(super) skip_lines: u64,
    /// The next record is the header
    pub(super) at_header: bool,
    /// The first line may be Excel's `sep=;`
    at_separator_line: bool,
    /// Cells and rows of the last chunk: the next one will have about as many
    usual: (usize, usize),
}

impl Place {
    /// The start of a file with its header in that line.
    pub(in crate::read) fn before_header(header_row: Option<u64>) -> Place {
        Place {
            line: 1,
            skip_lines: header_row.map_or(0, |row| row.saturating_sub(1)),
            at_header: header_row.is_some(),
            at_separator_line: header_row.is_none(),
            usual: (0, 0),
        }
    }
}

impl Place {
    /// A line of the file, for text that starts there.
    pub(in crate::read) fn at_line(line: u64) -> Place {
        Place { line, at_separator_line: false, ..Place::before_header(None) }
    }
}

/// Rows found in a chunk. Spans beyond the chunk's text lie in `unescaped`, which is to follow it.
#[derive(Debug, Default)]
pub(in crate::read) struct Found {
    pub(in crate::read) cells: Vec<Span>,
    pub(in crate::read) rows: Vec<RawRow>,
    pub(in crate::read) issues: Vec<(u32, Rule)>,
    pub(in crate::read) unescaped: String,
}

/// What is known about the file, for all chunks.
#[derive(Debug, Clone, Copy)]
pub(in crate::read) struct Tokeniser {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) columns: usize,
    pub(super) limits: Limits,
}

/// A chunk at work.
pub(super) struct Chunk<'a> {
    pub(super) how: Tokeniser,
    pub(super) text: &'a str,
    pub(super) at_end: bool,
    pub(super) found: Found,
    pub(super) place: &'a mut Place,
}

impl Tokeniser {
    /// For a file of that many columns; 0 where that is not known yet.
    pub(in crate::read) fn new(dialect: &Dialect, columns: usize, limits: Limits) -> Tokeniser {
        let quote = dialect.quote.filter(|&quote| quote != dialect.delimiter);
        Tokeniser { delimiter: dialect.delimiter, quote, columns, limits }
    }

    /// The rows that end in `text`, and how many bytes they and what lies between them take. At the end of the
    /// file that is all of `text`.
    pub(in crate::read) fn rows(self, text: &str, at_end: bool, place: &mut Place) -> (Found, usize) {
        let (cells, rows) = place.usual;
        let found = Found {
            cells: Vec::with_capacity(cells + cells / 16),
            rows: Vec::with_capacity(rows + rows / 16),
            ..Found::default()
        };
        self.rows_into(found, text, at_end, place)
    }

    /// Like [`Tokeniser::rows`], in memory that is there.
    pub(super) fn rows_into(
        self,
        found: Found,
        text: &str,
        at_end: bool,
        place: &mut Place,
    ) -> (Found, usize) {
        let mut chunk = Chunk { how: self, text, at_end, found, place };
        let taken = chunk.tokenise();
        let found = chunk.found;
        place.usual = (found.cells.len(), found.rows.len());
        (found, taken)
    }
}

impl Chunk<'_> {
    fn tokenise(&mut self) -> usize {
        let bytes = self.text.as_bytes();
        if !self.skip_separator_line() {
            return 0;
        }
        let (mut at, mut next_quote) = (0, 0);
        while at < bytes.len() {
            if self.place.skip_lines > 0 {
                match self.line_end(at) {
                    LineEnd::At { next, .. } => {
                        at = next;
                        self.place.line += 1;
                        self.place.skip_lines -= 1;
                        continue;
                    }
                    // The rest of the line is left out too, however long it is; a CR may be half a line end.
                    LineEnd::Unknown if bytes.ends_with(b"\r") => return bytes.len() - 1,
                    LineEnd::Unknown => return bytes.len(),
                }
            }
            if next_quote <= at {
                next_quote = match self.how.quote {
                    Some(quote) => memchr(quote, &bytes[at..]).map_or(bytes.len(), |offset| at + offset),
                    None => bytes.len(),
                };
            }
            let whole = if self.place.at_header { at } else { self.whole_lines(at, next_quote) };
            if whole > at {
                self.plain_lines(at, whole);
                at = whole;
            } else {
                match self.record(at) {
                    Some(next) => at = next,
                    None => return at,
                }
            }
        }
        at
    }

    /// Leaves out a first line `sep=;` where there is no header to skip to; whether enough text is there to tell.
    fn skip_separator_line(&mut self) -> bool {
        if self.place.at_separator_line {
            if self.text.len() < SEPARATOR_LINE && !self.at_end {
                return false;
            }
            self.place.at_separator_line = false;
            self.place.skip_lines = u64::from(separator_line(self.text).is_some());
        }
        true
    }

    /// The end of the last line that ends before `limit`, which is a quote or the end of the text.
    fn whole_lines(&self, from: usize, limit: usize) -> usize {
        let bytes = self.text.as_bytes();
        if limit == bytes.len() && self.at_end {
            return limit;
        }
        let mut end = limit;
        loop {
            match memrchr2(LF, CR, &bytes[from..end]) {
                None => return from,
                // The LF of this CR may follow in the next chunk.
                Some(offset) if from + offset + 1 == bytes.len() && bytes[from + offset] == CR => end -= 1,
                Some(offset) => return from + offset + 1,
            }
        }
    }

    /// Where the line ends that `from` lies in.
    pub(super) fn line_end(&self, from: usize) -> LineEnd {
        let bytes = self.text.as_bytes();
        match memchr2(LF, CR, &bytes[from..]).map(|offset| from + offset) {
            None if self.at_end => LineEnd::At { end: bytes.len(), next: bytes.len() },
            None => LineEnd::Unknown,
            Some(end) => match after_line_end(bytes, end, self.at_end) {
                Some(next) => LineEnd::At { end, next },
                None => LineEnd::Unknown,
            },
        }
    }

    /// Rows of lines without a quote, `from` the start of the first `to` the end of the last.
    fn plain_lines(&mut self, from: usize, to: usize) {
        let lines = Lines { from, row: from, cell: from, first_cell: self.found.cells.len() };
        if memchr(CR, &self.text.as_bytes()[from..to]).is_some() {
            self.plain::<true>(lines, to);
        } else {
            self.plain::<false>(lines, to);
        }
    }

    fn plain<const CRS: bool>(&mut self, mut lines: Lines, to: usize) {
        let bytes = &self.text.as_bytes()[..to];
        let delimiter = self.how.delimiter;
        let (delimiters, line_feeds, returns) = (repeat(delimiter), repeat(LF), repeat(CR));
        let (words, rest) = bytes[lines.from..].as_chunks::<8>();
        let mut at = lines.from;
        for word in words {
            let word = u64::from_le_bytes(*word);
            let mut hits = zeros(word ^ delimiters) | zeros(word ^ line_feeds);
            if CRS {
                hits |= zeros(word ^ returns);
            }
            while hits != 0 {
                let hit = at + (hits.trailing_zeros() / 8) as usize;
                hits &= hits - 1;
                self.mark::<CRS>(&mut lines, bytes, hit);
            }
            at += 8;
        }
        for (offset, &byte) in rest.iter().enumerate() {
            if byte == delimiter || byte == LF || (CRS && byte == CR) {
                self.mark::<CRS>(&mut lines, bytes, at + offset);
            }
        }
        if lines.row < to {
            self.end_row(&mut lines, bytes, to);
        }
    }

    /// A delimiter or line end.
    #[inline(always)]
    fn mark<const CRS: bool>(&mut self, lines: &mut Lines, bytes: &[u8], hit: usize) {
        if bytes[hit] == self.how.delimiter {
            self.found.cells.push(span(lines.cell, hit));
            lines.cell = hit + 1;
        } else if CRS && hit == lines.row && hit > lines.from && bytes[hit] == LF && bytes[hit - 1] == CR {
            lines.row = hit + 1;
            lines.cell = hit + 1;
        } else {
            self.end_row(lines, bytes, hit);
        }
    }

    #[inline]
    fn end_row(&mut self, lines: &mut Lines, bytes: &[u8], end: usize) {
        let start = lines.row;
        let unmarked = self.found.cells.len() == lines.first_cell;
        if unmarked && self.is_blank(&bytes[start..end]) {
            self.place.line += 1;
        } else if end - start > self.how.limits.record_bytes {
            self.found.cells.truncate(lines.first_cell);
            self.cut_row(start);
            self.place.line += 1;
        } else {
            self.found.cells.push(span(lines.cell, end));
            self.push_row(lines.first_cell, start, end, 1);
        }
        lines.first_cell = self.found.cells.len();
        lines.row = end + 1;
        lines.cell = end + 1;
    }

    /// Ends a row whose cells were pushed.
    #[inline]
    pub(super) fn push_row(&mut self, first_cell: usize, start: usize, end: usize, lines: u64) {
        let raw = span(start, end);
        let line = self.place.line;
        self.place.line += lines;
        self.found.rows.push(RawRow { line, first_cell: first_cell as u32, raw, occurrence: 0 });
        let count = self.found.cells.len() - first_cell;
        if count != self.how.columns {
            self.ragged(first_cell, count);
        }
    }

    #[cold]
    fn ragged(&mut self, first_cell: usize, count: usize) {
        let columns = self.how.columns;
        if count < columns {
            self.push_issue(Rule::MissingCells);
        } else if columns > 0
            && self.found.cells[first_cell + columns..].iter().any(|cell| cell.end > cell.start)
        {
            self.push_issue(Rule::SurplusCells);
        }
    }

    /// Notes a fault of the row pushed last.
    pub(super) fn push_issue(&mut self, rule: Rule) {
        self.found.issues.push((self.found.rows.len().saturating_sub(1) as u32, rule));
    }

    /// Whether the line has nothing but spaces.
    #[inline]
    pub(super) fn is_blank(&self, line: &[u8]) -> bool {
        let delimiter = self.how.delimiter;
        line.iter().all(|&byte| (byte == b' ' || byte == b'\t') && byte != delimiter)
    }
}

/// The state of the quick way.
struct Lines {
    from: usize,
    row: usize,
    cell: usize,
    first_cell: usize,
}

/// What is known about the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// Where its text ends, and where the next line starts
    At { end: usize, next: usize },
    /// More text is needed
    Unknown,
}

/// Where the next line starts after the CR or LF at `end`; `None` if an LF may follow in the next chunk.
pub(super) fn after_line_end(bytes: &[u8], end: usize, at_end: bool) -> Option<usize> {
    match (bytes[end], bytes.get(end + 1)) {
        (CR, Some(&LF)) => Some(end + 2),
        (CR, None) if !at_end => None,
        _ => Some(end + 1),
    }
}

/// Bytes of `sep=;` with its line end.
const SEPARATOR_LINE: usize = 7;

/// The delimiter that a first line `sep=;` tells, as Excel writes and reads it.
pub(in crate::read) fn separator_line(text: &str) -> Option<u8> {
    let bytes = text.as_bytes();
    let (&delimiter, rest) = bytes.get(4..)?.split_first()?;
    let named =
        bytes[..4].eq_ignore_ascii_case(b"sep=") && delimiter.is_ascii() && !matches!(delimiter, LF | CR);
    (named && matches!(rest.first(), None | Some(&LF | &CR))).then_some(delimiter)
}

#[inline]
pub(super) fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

const fn repeat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte that is zero, and of no other (Hacker's Delight, 6–1).
#[inline]
const fn zeros(word: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    !(((word & LOW) + LOW) | word | LOW)
}
