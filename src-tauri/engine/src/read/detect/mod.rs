//! How a text file is written: its encoding, delimiter, quote and header, found out from its start.
//!
//! Each part can be given instead by [`ReaderOptions`]. How a delimiter is judged is told in [`delimiter`], how a
//! header is told from data in [`header`].

mod cell;
pub mod delimiter;
pub mod header;
mod magic;

use encoding_rs::Encoding;

use super::delimited::Limits;
use super::delimited::tokenise::{Place, Tokeniser, separator_line};
use super::encoding::{Transcoder, by_label, detect_encoding};
use crate::error::EngineError;
use crate::recipe::ReaderOptions;
pub use header::unique_names;

/// How a text file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The encoding of its bytes
    pub encoding: &'static Encoding,
    /// What separates cells: an ASCII character
    pub delimiter: u8,
    /// What encloses cells that hold a delimiter or line end; `None` where quotes are plain text
    pub quote: Option<u8>,
    /// Physical line of the header, from 1; `None` where there is none
    pub header_row: Option<u64>,
}

/// What was found out about a text file from its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// How to read it
    pub dialect: Dialect,
    /// The columns' names, each once
    pub header: Vec<String>,
    /// How many columns there are
    pub columns: usize,
}

/// How much of a file [`detect`] wants to see, if there is so much.
pub const SAMPLE_BYTES: usize = 256 * 1024;

/// Rows that are looked at.
const SAMPLE_ROWS: usize = 1_000;

/// Finds out how a text file is to be read.
///
/// # Errors
/// [`EngineError::NotAList`] for an empty file and for one that is no text, [`EngineError::UnknownEncoding`] for an
/// encoding that does not exist, [`EngineError::Limit`] for options that cannot be followed.
pub fn detect(
    sample: &[u8],
    sample_is_whole_file: bool,
    options: &ReaderOptions,
) -> Result<Detected, EngineError> {
    let encoding = match &options.encoding {
        Some(label) => by_label(label)?,
        None => detect_encoding(sample, sample_is_whole_file),
    };
    if let Some(reason) = magic::not_a_list(sample, encoding) {
        return Err(EngineError::NotAList(reason));
    }
    let text = decoded(sample, encoding)?;
    if text.trim().is_empty() {
        return Err(EngineError::NotAList("it is empty"));
    }
    let told = separator_line(&text).filter(|_| options.delimiter.is_none());
    let delimiter = match &options.delimiter {
        Some(delimiter) => ascii(delimiter)?,
        None => told,
    };
    let quote = match options.quote.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(quote) => Some(ascii(quote)?),
    };
    let from_line = match (options.header_row, told) {
        (Some(row), _) => u64::from(row.max(1)),
        (None, Some(_)) => 2,
        (None, None) => 1,
    };
    let start = line_start(&text, from_line)
        .ok_or(EngineError::Limit("the header row lies beyond the part of the file that is looked at"))?;
    let part = Sample { text: &text[start..], first_line: from_line, whole: sample_is_whole_file, encoding };
    let (delimiter, quote) = delimiter::choose(&part, delimiter, quote);
    let dialect = Dialect { encoding, delimiter, quote, header_row: None };
    Ok(with_header(dialect, &part, options.header_row))
}

/// The dialect with its header, once the delimiter is known.
fn with_header(mut dialect: Dialect, part: &Sample, header_row: Option<u32>) -> Detected {
    let rows = part.rows(&dialect);
    let usual = header::usual_width(&rows.iter().map(|row| row.cells.len()).collect::<Vec<_>>());
    let cells: Vec<&[String]> = rows.iter().map(|row| row.cells.as_slice()).collect();
    let found = match header_row {
        Some(0) => None,
        Some(_) => (!rows.is_empty()).then_some(0),
        None => header::find(&cells, usual),
    };
    match found.map(|index| &rows[index]) {
        Some(row) => {
            dialect.header_row = Some(row.line);
            Detected { dialect, header: unique_names(&row.cells), columns: row.cells.len() }
        }
        None => Detected { dialect, header: unique_names(&vec![String::new(); usual]), columns: usual },
    }
}

/// The start of a file as text, from a physical line on.
pub(in crate::read) struct Sample<'a> {
    text: &'a str,
    first_line: u64,
    whole: bool,
    encoding: &'static Encoding,
}

/// A row of the sample.
pub(in crate::read) struct SampleRow {
    line: u64,
    cells: Vec<String>,
    /// The reader would find its quotes unbalanced
    broken: bool,
}

impl Sample<'_> {
    /// The rows as the reader would see them, except that it is not known yet how many columns there are.
    fn rows(&self, dialect: &Dialect) -> Vec<SampleRow> {
        let tokeniser = Tokeniser::new(dialect, 0, Limits::default());
        let mut place = Place::at_line(self.first_line);
        let (mut found, _) = tokeniser.rows(self.text, self.whole, &mut place);
        if found.rows.is_empty() {
            // One record that is longer than the sample.
            (found, _) = tokeniser.rows(self.text, true, &mut Place::at_line(self.first_line));
        }
        let text = [self.text, &found.unescaped].concat();
        let mut rows = Vec::new();
        for (index, row) in found.rows.iter().enumerate().take(SAMPLE_ROWS) {
            let end = found.rows.get(index + 1).map_or(found.cells.len(), |next| next.first_cell as usize);
            let cells = &found.cells[row.first_cell as usize..end];
            let broken = found
                .issues
                .iter()
                .any(|&(at, rule)| at as usize == index && rule == crate::issue::Rule::UnbalancedQuote);
            let cells = cells.iter().map(|cell| text[cell.start as usize..cell.end as usize].to_owned());
            rows.push(SampleRow { line: row.line, cells: cells.collect(), broken });
        }
        rows
    }
}

fn decoded(sample: &[u8], encoding: &'static Encoding) -> Result<String, EngineError> {
    let mut text = String::new();
    let mut transcoder = Transcoder::new(sample, encoding);
    while !transcoder.is_at_end() {
        transcoder.read_to(&mut text, &mut Vec::new(), sample.len().max(1))?;
    }
    Ok(text)
}

fn ascii(text: &str) -> Result<Option<u8>, EngineError> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Ok(Some(*byte)),
        _ => Err(EngineError::Limit("a delimiter or quote is one character of ASCII and no line end")),
    }
}

/// Where a physical line starts.
fn line_start(text: &str, line: u64) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    for _ in 1..line {
        let end = at + memchr::memchr2(b'\n', b'\r', &bytes[at..])?;
        at = end + 1 + usize::from(bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n'));
    }
    (at < bytes.len()).then_some(at)
}

#[cfg(test)]
mod tests;
