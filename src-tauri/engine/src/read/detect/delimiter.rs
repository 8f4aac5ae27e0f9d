//! The delimiter and the quote.
//!
//! Every candidate splits the sample, quotes included, and the split is judged as CleverCSV does (van den Burg,
//! Nazábal, Sutton: "Wrangling messy CSV files by detecting row and type patterns", 2019): by the consistency of its
//! rows' patterns, which grows with the number of columns, times the share of cells that look like values. As in
//! DuckDB's sniffer, rows before the first one of the usual width count as a preamble and not as inconsistency.

use super::cell::Look;
use super::{Dialect, Sample, SampleRow};

/// Delimiters that are tried; the first wins a draw.
pub const CANDIDATES: [u8; 8] = [b',', b'\t', b';', b'|', b'^', b'~', 0x1F, 0x01];

/// Splits that score less are taken as chance: the file has one column.
const LEAST_SCORE: f64 = 0.2;

/// Rows before the first one of the usual width, at the most.
const LONGEST_PREAMBLE: usize = 30;

/// Delimiter and quote of the sample; what is given is kept.
pub(super) fn choose(sample: &Sample, delimiter: Option<u8>, quote: Option<Option<u8>>) -> (u8, Option<u8>) {
    let quotes = match quote {
        Some(quote) => vec![quote],
        None if prefers_apostrophes(sample.text) => vec![Some(b'\''), Some(b'"')],
        None => vec![Some(b'"')],
    };
    let usual = quotes.last().copied().flatten();
    let delimiters = delimiter.map_or_else(|| CANDIDATES.to_vec(), |given| vec![given]);
    let mut best = (LEAST_SCORE, None);
    for &quote in &quotes {
        for &delimiter in &delimiters {
            let dialect = Dialect { encoding: sample.encoding, delimiter, quote, header_row: None };
            let score = score(&sample.rows(&dialect));
            if score > best.0 {
                best = (score, Some((delimiter, quote)));
            }
        }
    }
    best.1.unwrap_or_else(|| (delimiter.unwrap_or_else(|| unused(sample.text)), usual))
}

/// A file of one column: a delimiter that no cell has.
fn unused(text: &str) -> u8 {
    CANDIDATES
        .into_iter()
        .find(|&candidate| memchr::memchr(candidate, text.as_bytes()).is_none())
        .unwrap_or(b'\t')
}

/// Whether cells are enclosed in apostrophes: some stand at both ends of what lies between likely delimiters, and
/// there is no usual quote.
fn prefers_apostrophes(text: &str) -> bool {
    let mut enclosed = 0_usize;
    let mut other = 0_usize;
    for line in text.lines().take(100) {
        for cell in line.split([',', '\t', ';', '|']).map(str::trim) {
            enclosed += usize::from(cell.len() >= 2 && cell.starts_with('\'') && cell.ends_with('\''));
            other += usize::from(cell.contains('"'));
        }
    }
    other == 0 && enclosed > 2
}

/// How well a split fits; 0 for one column.
fn score(rows: &[SampleRow]) -> f64 {
    let most = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut counts = vec![(0_usize, usize::MAX); most + 1];
    for (index, row) in rows.iter().enumerate() {
        let count = &mut counts[row.cells.len()];
        *count = (count.0 + 1, count.1.min(index));
    }
    let mut best = 0.0_f64;
    for (columns, &(hits, first)) in counts.iter().enumerate().skip(2) {
        if hits == 0 || first > LONGEST_PREAMBLE || (hits == 1 && rows.len() > 2) {
            continue;
        }
        let consistency = hits as f64 / (rows.len() - first) as f64;
        // Nine columns that fit are better evidence than two: chance makes few columns.
        let width = (columns - 1) as f64 / columns as f64;
        let preamble = if first == 0 { 1.0 } else { 0.6 };
        if consistency * width * preamble > best {
            let types = 0.2 + 0.8 * typed(&rows[first..], columns);
            best = best.max(consistency * consistency * width * preamble * types);
        }
    }
    best
}

/// The share of cells that look like values, in rows of that many columns.
fn typed(rows: &[SampleRow], columns: usize) -> f64 {
    let mut typed = 0_usize;
    let mut all = 0_usize;
    for row in rows.iter().filter(|row| row.cells.len() == columns).take(100) {
        all += columns;
        if !row.broken {
            typed += row.cells.iter().filter(|cell| Look::of(cell) != Look::Odd).count();
        }
    }
    typed as f64 / all.max(1) as f64
}
