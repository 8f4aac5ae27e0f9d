//! Records with quotes: strictly first, and where the quotes are unbalanced, line by line.

use memchr::{memchr, memchr3};

use super::tokenise::{Chunk, LineEnd, after_line_end, span};
use crate::issue::Rule;

/// A record read by the strict rules.
enum Strict {
    /// Where its text ends, where the next one starts, and over how many lines it runs
    Record { end: usize, next: usize, lines: u64 },
    /// Its quotes are unbalanced
    Broken,
    /// Its end is not in the chunk
    Unknown,
}

/// The end of a quoted value.
enum Closing {
    /// Where the content ends, where the delimiter or line end stands, whether it has doubled quotes, and its line ends
    At {
        content: usize,
        stop: usize,
        doubled: bool,
        line_ends: u64,
    },
    Broken,
    Unknown,
}

/// Bytes that may be needed behind a record to know its end: CR, LF.
const LOOK_AHEAD: usize = 4;

impl Chunk<'_> {
    /// Reads the record that starts at `from`, and tells where the next one starts; `None` if the record's end is
    /// not in the chunk.
    pub(super) fn record(&mut self, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let limits = self.how.limits;
        let first_cell = self.found.cells.len();
        let first_issue = self.found.issues.len();
        let unescaped = self.found.unescaped.len();
        let next = match self.strict(from) {
            Strict::Record { end, next, lines }
                if end - from <= limits.record_bytes && self.holds_together(from, end, lines, first_cell) =>
            {
                if lines == 1 && self.is_blank(&bytes[from..end]) {
                    self.found.cells.truncate(first_cell);
                    self.place.line += 1;
                    return Some(next);
                }
                self.push_row(first_cell, from, end, lines);
                if lines > 1 {
                    self.push_issue(Rule::MultiLineValue);
                }
                next
            }
            Strict::Unknown if bytes.len() - from <= limits.record_bytes + LOOK_AHEAD => {
                self.found.cells.truncate(first_cell);
                self.found.unescaped.truncate(unescaped);
                return None;
            }
            _ => {
                self.found.cells.truncate(first_cell);
                self.found.unescaped.truncate(unescaped);
                self.single_line(from)?
            }
        };
        if self.place.at_header {
            self.place.at_header = false;
            self.found.rows.pop();
            self.found.cells.truncate(first_cell);
            self.found.issues.truncate(first_issue);
        }
        Some(next)
    }

    fn strict(&mut self, from: usize) -> Strict {
        let bytes = self.text.as_bytes();
        let columns = self.how.columns;
        let first_cell = self.found.cells.len();
        let mut at = from;
        let mut lines = 1;
        loop {
            let stop = if bytes.get(at).is_some_and(|&byte| Some(byte) == self.how.quote) {
                match self.closing(at + 1, self.how.limits.record_lines.saturating_sub(lines)) {
                    Closing::At { content, stop, doubled, line_ends } => {
                        self.push_quoted(at + 1, content, doubled);
                        lines += line_ends;
                        stop
                    }
                    Closing::Broken => return Strict::Broken,
                    Closing::Unknown => return Strict::Unknown,
                }
            } else {
                let stop = self.cell_end(at, bytes.len());
                self.found.cells.push(span(at, stop));
                stop
            };
            match bytes.get(stop) {
                None if self.at_end => return Strict::Record { end: stop, next: stop, lines },
                None => return Strict::Unknown,
                Some(&byte) if byte == self.how.delimiter => at = stop + 1,
                Some(_) => {
                    return match after_line_end(bytes, stop, self.at_end) {
                        Some(next) => Strict::Record { end: stop, next, lines },
                        None => Strict::Unknown,
                    };
                }
            }
            // It cannot have the right number of cells any more: no need to look further.
            if lines > 1 && columns > 0 && self.found.cells.len() - first_cell >= columns {
                return Strict::Broken;
            }
        }
    }

    /// Finds the end of the quoted value whose content starts at `from`.
    fn closing(&self, from: usize, most_line_ends: u64) -> Closing {
        let bytes = self.text.as_bytes();
        let Some(quote) = self.how.quote else { return Closing::Broken };
        let (mut at, mut doubled, mut line_ends) = (from, false, 0);
        loop {
            let found = memchr(quote, &bytes[at..]).map(|offset| at + offset);
            line_ends += count_line_ends(&bytes[at..found.unwrap_or(bytes.len())]);
            if line_ends > most_line_ends {
                return Closing::Broken;
            }
            let content = match found {
                None if self.at_end => return Closing::Broken,
                None => return Closing::Unknown,
                Some(content) => content,
            };
            if bytes.get(content + 1) == Some(&quote) {
                doubled = true;
                at = content + 2;
                continue;
            }
            let stop = self.after_spaces(content + 1, bytes.len());
            return match bytes.get(stop) {
                None if !self.at_end => Closing::Unknown,
                Some(&byte) if byte != self.how.delimiter && !matches!(byte, b'\n' | b'\r') => {
                    Closing::Broken
                }
                _ => Closing::At { content, stop, doubled, line_ends },
            };
        }
    }

    /// Whether a record that runs over several lines is one: see the module's rules.
    fn holds_together(&mut self, from: usize, end: usize, lines: u64, first_cell: usize) -> bool {
        let columns = self.how.columns;
        if lines == 1 || columns == 0 {
            return true;
        }
        if self.found.cells.len() - first_cell != columns {
            return false;
        }
        if columns < 3 {
            return true;
        }
        let (cells, unescaped) = (self.found.cells.len(), self.found.unescaped.len());
        let mut at = from;
        let mut all_look_like_rows = true;
        while at < end && all_look_like_rows {
            let LineEnd::At { end: line_end, next } = self.line_end(at) else { break };
            self.line_cells(at, line_end.min(end), false);
            all_look_like_rows = self.found.cells.len() - cells == columns;
            self.found.cells.truncate(cells);
            self.found.unescaped.truncate(unescaped);
            at = next;
        }
        !all_look_like_rows
    }

    /// A row of the line at `from`, whose quotes are unbalanced; where the next one starts.
    fn single_line(&mut self, from: usize) -> Option<usize> {
        let limit = self.how.limits.record_bytes;
        let (end, next) = match self.line_end(from) {
            LineEnd::At { end, next } if end - from <= limit => (end, next),
            LineEnd::Unknown if self.text.len() - from <= limit + LOOK_AHEAD => return None,
            _ => {
                self.place.skip_lines = 1;
                return Some(self.cut_row(from));
            }
        };
        let first_cell = self.found.cells.len();
        let unescaped = self.found.unescaped.len();
        self.line_cells(from, end, true);
        if self.found.cells.len() - first_cell != self.how.columns {
            self.found.cells.truncate(first_cell);
            self.found.unescaped.truncate(unescaped);
            self.line_cells(from, end, false);
        }
        self.push_row(first_cell, from, end, 1);
        self.push_issue(Rule::UnbalancedQuote);
        Some(next)
    }

    /// A row of the start of a line that is too long; where the cut is. The rest of the line is still to be skipped.
    #[cold]
    pub(super) fn cut_row(&mut self, from: usize) -> usize {
        let end = self.text.floor_char_boundary(from + self.how.limits.record_bytes);
        let first_cell = self.found.cells.len();
        let balanced = self.line_cells(from, end, false);
        self.push_row(first_cell, from, end, 0);
        self.push_issue(if balanced { Rule::SurplusCells } else { Rule::UnbalancedQuote });
        end
    }

    /// Cells of one line. A quoted value that is not closed on the line is plain text; whether there was none.
    /// If `lenient`, quotes inside a quoted value need not be doubled: it ends at a quote before a delimiter.
    fn line_cells(&mut self, from: usize, end: usize, mut lenient: bool) -> bool {
        let bytes = &self.text.as_bytes()[..end];
        let mut at = from;
        let mut balanced = true;
        loop {
            let quoted = bytes.get(at).is_some_and(|&byte| Some(byte) == self.how.quote);
            let closed = if quoted { self.closing_on_line(at + 1, end, lenient) } else { None };
            let stop = if let Some((content, stop, doubled)) = closed {
                self.push_quoted(at + 1, content, doubled);
                stop
            } else {
                if quoted {
                    balanced = false;
                    // What was not found from here is not found from further on: the search stays linear.
                    lenient = false;
                }
                let stop = self.cell_end(at, end);
                self.found.cells.push(span(at, stop));
                stop
            };
            if stop >= end {
                return balanced;
            }
            at = stop + 1;
        }
    }

    fn closing_on_line(&self, from: usize, end: usize, lenient: bool) -> Option<(usize, usize, bool)> {
        let bytes = &self.text.as_bytes()[..end];
        let quote = self.how.quote?;
        let (mut at, mut doubled) = (from, false);
        loop {
            let content = at + memchr(quote, &bytes[at..])?;
            if bytes.get(content + 1) == Some(&quote) {
                doubled = true;
                at = content + 2;
                continue;
            }
            let stop = self.after_spaces(content + 1, end);
            if bytes.get(stop).is_none_or(|&byte| byte == self.how.delimiter) {
                return Some((content, stop, doubled));
            }
            if !lenient {
                return None;
            }
            at = content + 1;
        }
    }

    /// The delimiter or line end at or after `from`, at most `end`.
    fn cell_end(&self, from: usize, end: usize) -> usize {
        let bytes = &self.text.as_bytes()[from..end];
        memchr3(self.how.delimiter, b'\n', b'\r', bytes).map_or(end, |offset| from + offset)
    }

    fn after_spaces(&self, from: usize, end: usize) -> usize {
        let spaces = |byte: &&u8| **byte == b' ' && self.how.delimiter != b' ';
        from + self.text.as_bytes()[from..end].iter().take_while(spaces).count()
    }

    /// Pushes the cell of a quoted value, with its doubled quotes made one.
    fn push_quoted(&mut self, from: usize, end: usize, doubled: bool) {
        if !doubled {
            self.found.cells.push(span(from, end));
            return;
        }
        let Some(quote) = self.how.quote else { return };
        let start = self.text.len() + self.found.unescaped.len();
        let mut rest = &self.text[from..end];
        while let Some(offset) = memchr(quote, rest.as_bytes()) {
            let (before, after) = rest.split_at(offset + 1);
            self.found.unescaped.push_str(before);
            rest = if after.as_bytes().first() == Some(&quote) { &after[1..] } else { after };
        }
        self.found.unescaped.push_str(rest);
        self.found.cells.push(span(start, self.text.len() + self.found.unescaped.len()));
    }
}

/// Line ends in a piece of text; CRLF is one.
fn count_line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut before = 0;
    for &byte in bytes {
        count += u64::from(byte == b'\r' || (byte == b'\n' && before != b'\r'));
        before = byte;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_line_ends() {
        assert_eq!(count_line_ends(b"a\nb\r\nc\rd\r\r\n"), 5);
        assert_eq!(count_line_ends(b"a,b"), 0);
    }
}
