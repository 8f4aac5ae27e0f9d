//! Sample lists of two invented clubs, of any size, with planted suspects, repeated people and dirt, and a file that
//! tells the truth about every row.
//!
//! The lists look like the real ones: `harbour_rowing_club.csv` (names in two columns, `YYYY/MM/DD`, codes of states),
//! `prairie_chess_league.tsv` (names in one column, `MM/DD/YYYY`, names of states) and `companies.csv`. The people are
//! functions of the seed and a number (`people`), the rows of a list are functions of their number (`lists`), so that
//! ten million rows need no more memory than ten, and the same settings give the same bytes on every platform.

mod dirt;
mod lists;
mod names;
mod people;
mod random;
mod record;
mod render;
mod slips;
#[cfg(test)]
mod tests;
mod truth;

use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::lists::{List, Sizes};
use self::people::People;
use self::record::Record;
use self::render::Renderer;
use self::truth::Counter;
pub use self::truth::{ListSummary, SampleSummary};

/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 8_192;
/// Bytes that are collected before they are written.
const BUFFER: usize = 1 << 18;

/// What a sample is made from. Rates are shares between 0 and 1 of the rows, if not said otherwise; the same settings
/// always give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleSettings {
    /// Rows of the two lists of members together, without headers
    pub rows: u64,
    /// Another seed gives other people
    pub seed: u64,
    /// People who are members of both clubs, as a share of the people
    pub both_clubs: f64,
    /// Further records of a person in the same list with at least one slip in name or birth date
    pub repeated_people: f64,
    /// Rows that repeat another one exactly
    pub repeated_rows: f64,
    /// Rows with name and birth date of another one and other details
    pub repeated_keys: f64,
    /// Records whose dates cannot all be true
    pub suspects: Suspects,
    /// What is wrong with single values and lines
    pub dirt: Dirt,
}

/// Rates of records whose dates cannot all be true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suspects {
    /// Joined before birth
    pub joined_before_birth: f64,
    /// Last active before joining
    pub active_before_joined: f64,
    /// Born in a later century
    pub born_in_future: f64,
    /// Born 120 years too early
    pub implausible_age: f64,
}

/// Rates of dirt, and whether lines are broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dirt {
    /// Full names with a title, a suffix, a nickname in quotes or parentheses, or written `Last, First`
    pub decorated_names: f64,
    /// A company id that the list of companies lacks
    pub unknown_company: f64,
    /// A date, score or state that cannot be understood
    pub unreadable: f64,
    /// `n/a` and the like
    pub null_words: f64,
    /// States in small letters, in full or as a code where the list does otherwise
    pub state_variants: f64,
    /// Spaces too many in the name
    pub spaces: f64,
    /// Names in capitals or small letters
    pub letter_case: f64,
    /// Names with a zero-width space
    pub invisible: f64,
    /// Rows without a name
    pub no_name: f64,
    /// In each list of 50 rows or more: one row that ends early, one with a cell too many, one with an open quote
    pub broken_rows: bool,
    /// In each list of 50 rows or more: one row with a byte that is not UTF-8
    pub invalid_utf8: bool,
}

impl SampleSettings {
    /// The usual mixture: a little of everything.
    pub fn new(rows: u64, seed: u64) -> SampleSettings {
        SampleSettings {
            rows,
            seed,
            both_clubs: 0.15,
            repeated_people: 0.03,
            repeated_rows: 0.002,
            repeated_keys: 0.003,
            suspects: Suspects {
                joined_before_birth: 0.02,
                active_before_joined: 0.004,
                born_in_future: 0.002,
                implausible_age: 0.002,
            },
            dirt: Dirt {
                decorated_names: 0.06,
                unknown_company: 0.03,
                unreadable: 0.012,
                null_words: 0.01,
                state_variants: 0.03,
                spaces: 0.015,
                letter_case: 0.02,
                invisible: 0.003,
                no_name: 0.001,
                broken_rows: true,
                invalid_utf8: false,
            },
        }
    }

    /// The sample that a first start offers: two lists of about a thousand rows each, with examples of everything.
    pub fn first_start() -> SampleSettings {
        let mut settings = SampleSettings::new(2_000, 1);
        settings.suspects.active_before_joined = 0.01;
        settings.suspects.implausible_age = 0.004;
        settings.dirt.decorated_names = 0.12;
        settings.dirt.unreadable = 0.02;
        settings.dirt.invisible = 0.006;
        settings.dirt.no_name = 0.005;
        settings
    }

    /// Well-formed lists of different people, with nothing wrong.
    pub fn spotless(rows: u64, seed: u64) -> SampleSettings {
        SampleSettings {
            rows,
            seed,
            both_clubs: 0.0,
            repeated_people: 0.0,
            repeated_rows: 0.0,
            repeated_keys: 0.0,
            suspects: Suspects {
                joined_before_birth: 0.0,
                active_before_joined: 0.0,
                born_in_future: 0.0,
                implausible_age: 0.0,
            },
            dirt: Dirt {
                decorated_names: 0.0,
                unknown_company: 0.0,
                unreadable: 0.0,
                null_words: 0.0,
                state_variants: 0.0,
                spaces: 0.0,
                letter_case: 0.0,
                invisible: 0.0,
                no_name: 0.0,
                broken_rows: false,
                invalid_utf8: false,
            },
        }
    }
}

/// The club that a list belongs to, and so the list's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Comma-separated, names in two columns
    Rowing,
    /// Tab-separated, names in one column
    Chess,
}

/// Writes a sample into a folder, which is made where it is missing: the two lists, `companies.csv`, `truth.csv` and
/// `manifest.json`. Files of these names are replaced, and only once all are written. `progress` gets the rows written
/// so far, every few thousand, and can stop the work.
///
/// # Errors
/// When a file cannot be written; with [`io::ErrorKind::Interrupted`] when `progress` breaks off. The folder is then as
/// it was.
pub fn write_sample(
    settings: &SampleSettings,
    out: &Path,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> io::Result<SampleSummary> {
    fs::create_dir_all(out)?;
    let people = People::new(settings.seed);
    let sizes = Sizes::of(settings);
    let mut truth = Output::create(out, "truth.csv")?;
    truth.buffer.extend_from_slice(truth::HEADER.as_bytes());

    let lists = [Layout::Rowing, Layout::Chess].map(|layout| List::new(layout, &people, settings, sizes));
    let (mut written, mut summaries, mut done) = (Vec::new(), Vec::new(), 0);
    for list in &lists {
        let mut output = Output::create(out, list.layout.file_name())?;
        summaries.push(write_list(list, &mut output, &mut truth, &mut done, progress)?);
        written.push(output);
    }
    let mut summary = SampleSummary::of(settings, summaries);
    let [rowing, chess] = &lists;
    let ((within_rowing, across), (within_chess, _)) = (rowing.true_pairs(chess), chess.true_pairs(rowing));
    (summary.pairs_within, summary.pairs_across) = (within_rowing + within_chess, across);
    (summary.people, summary.people_in_both) = (sizes.people(), sizes.both);

    let mut companies = Output::create(out, "companies.csv")?;
    companies.buffer = render::companies();
    let mut manifest = Output::create(out, "manifest.json")?;
    manifest.buffer = serde_json::to_vec_pretty(&summary)?;
    manifest.buffer.push(b'\n');
    written.extend([truth, companies, manifest]);
    for output in &mut written {
        output.flush()?;
    }
    written.into_iter().try_for_each(Output::keep)?;
    Ok(summary)
}

fn write_list(
    list: &List<'_>,
    output: &mut Output,
    truth: &mut Output,
    done: &mut u64,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> io::Result<ListSummary> {
    let (mut record, mut renderer) = (Record::default(), Renderer::new(list.layout));
    let mut counter = Counter::new(list.layout);
    output.buffer.extend_from_slice(list.layout.header().as_bytes());
    for row in 0..list.rows() {
        if (*done).is_multiple_of(REPORT_EVERY) && progress(*done).is_break() {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "making the sample was cancelled"));
        }
        list.fill(row, &mut record);
        renderer.line(&record, &mut output.buffer);
        counter.add(&record, &mut truth.buffer);
        output.flush_if_full()?;
        truth.flush_if_full()?;
        *done += 1;
    }
    Ok(counter.finish())
}

/// A file that gets its name only when all of it is written, and goes away if that never happens.
#[derive(Debug)]
struct Output {
    file: File,
    buffer: Vec<u8>,
    temporary: PathBuf,
    path: PathBuf,
}

impl Output {
    fn create(folder: &Path, name: &str) -> io::Result<Output> {
        let temporary = folder.join(format!("{name}.part"));
        Ok(Output { file: File::create(&temporary)?, buffer: Vec::new(), temporary, path: folder.join(name) })
    }

    fn flush_if_full(&mut self) -> io::Result<()> {
        if self.buffer.len() < BUFFER { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn keep(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.path)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // After a rename there is nothing to remove; before it, the file is of no use.
        let _ = fs::remove_file(&self.temporary);
    }
}
