//! Straight from the files to `master.csv`, `suspects.csv` and `rejects.csv`, in bounded memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;

use muster_engine::pipeline::{self, Occurrences, SLICE_ROWS};
use muster_engine::staged::{RowClass, StagedBatch};
use muster_engine::standardise::date::DateEvidence;
use muster_engine::write::csv::{
    MASTER_FIELDS, MASTER_HEADER, REJECTS_HEADER, SUSPECTS_HEADER, encode_cell, encode_row,
};
use muster_engine::{Level, RawBatch, Rule};

use super::repeats::{Entry, Found, RepeatFinder, entries};
use super::report::ReportIssue;
use crate::error::{Error, Result};
use crate::progress::Job;
use crate::reading::parallel;
use crate::reading::prepared::{PreparedFile, PreparedImport};
use crate::staging::{Counts, Repeats};

/// What streaming found.
pub(super) struct Streamed {
    pub(super) counts: Counts,
    pub(super) issues: Vec<ReportIssue>,
    pub(super) repeats: Repeats,
    /// Rows of each list
    pub(super) rows: Vec<u64>,
    /// All rows say of their dates what the first ones did; if not, no file was written
    pub(super) dates_agree: bool,
}

/// Rows by rule, and the worst level of each.
#[derive(Clone)]
struct Tally {
    counts: Counts,
    rules: Vec<(u64, Option<Level>)>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { counts: Counts::default(), rules: vec![(0, None); Rule::ALL.len()] }
    }
}

impl Tally {
    fn add_row(&mut self, staged: &StagedBatch, row: usize) {
        self.counts.add(staged.rows()[row].class, 1);
        let issues = staged.issues(row);
        for (at, issue) in issues.iter().enumerate() {
            let (rows, worst) = &mut self.rules[issue.rule as usize];
            *rows += u64::from(!issues[..at].iter().any(|earlier| earlier.rule == issue.rule));
            *worst = Some(worst.map_or(issue.level(), |level| level.min(issue.level())));
        }
    }

    fn merge(&mut self, other: &Tally) {
        for class in RowClass::ALL {
            let rows = match class {
                RowClass::Clean => other.counts.clean,
                RowClass::Suspect => other.counts.suspect,
                RowClass::Rejected => other.counts.rejected,
                RowClass::Excluded => other.counts.excluded,
            };
            self.counts.add(class, rows);
        }
        for ((rows, worst), (more, level)) in self.rules.iter_mut().zip(&other.rules) {
            *rows += more;
            *worst = (*worst).into_iter().chain(*level).min();
        }
    }

    fn issues(self, repeats: Found) -> Vec<ReportIssue> {
        let mut found = self.rules;
        found[Rule::RepeatedRow as usize] = (repeats.rows, Some(Level::Warning));
        found[Rule::RepeatedKey as usize] = (repeats.keys, Some(Level::Warning));
        let issue = |(&rule, (rows, level)): (&Rule, (u64, Option<Level>))| {
            level.filter(|_| rows > 0).map(|level| ReportIssue { rule, level, rows })
        };
        Rule::ALL.iter().zip(found).filter_map(issue).collect()
    }
}

/// A batch, ready to be written.
#[derive(Default)]
struct Encoded {
    master: Vec<u8>,
    suspects: Vec<u8>,
    rejects: Vec<u8>,
    tally: Tally,
    /// For the search for repeats
    rows: Vec<Entry>,
    dates: Dates,
}

impl Encoded {
    fn clear(&mut self) {
        for lines in [&mut self.master, &mut self.suspects, &mut self.rejects] {
            lines.clear();
        }
        self.tally = Tally::default();
        self.rows.clear();
    }
}

/// Writes the files into a folder. They appear under their names when all are complete.
pub(super) fn stream(import: &PreparedImport, out: &Path, job: &Job) -> Result<Streamed> {
    let failed = |error: std::io::Error| Error::disk("write the result files", &error);
    std::fs::create_dir_all(out).map_err(failed)?;
    let names = ["master.csv", "suspects.csv", "rejects.csv"];
    let mut files = Vec::new();
    for (name, header) in names.iter().zip([&MASTER_HEADER[..], &SUSPECTS_HEADER[..], &REJECTS_HEADER[..]]) {
        let temporary =
            tempfile::Builder::new().prefix(&format!(".{name}.")).tempfile_in(out).map_err(failed)?;
        let (file, path) = temporary.into_parts();
        let mut file = BufWriter::with_capacity(1 << 18, file);
        let mut line = Vec::new();
        encode_row(&mut line, header.iter().map(|name| Some(*name)));
        file.write_all(&line).map_err(failed)?;
        files.push((file, path));
    }
    let streamed = stream_rows(import, &mut files, job)?;
    if !streamed.dates_agree {
        return Ok(streamed);
    }
    for ((file, path), name) in files.into_iter().zip(names) {
        drop(file.into_inner().map_err(|error| failed(error.into_error()))?);
        path.persist(out.join(name)).map_err(|error| failed(error.error))?;
    }
    Ok(streamed)
}

fn stream_rows(
    import: &PreparedImport,
    files: &mut [(BufWriter<File>, tempfile::TempPath)],
    job: &Job,
) -> Result<Streamed> {
    let whole = import.lists().all(|file| file.facts.whole);
    let total = whole.then(|| import.lists().map(|file| file.facts.rows).sum());
    let (mut rows, mut dates_agree) = (Vec::new(), true);
    let mut repeats = RepeatFinder::new();
    let mut tally = Tally::default();
    // Their memory is used again: fresh pages cost more than what is written into them.
    let spent = Mutex::new(Vec::<Encoded>::new());
    for file in import.lists() {
        let plan = import.plan(file, usize::MAX, false);
        let mut occurrences = Occurrences::default();
        let origin = Origin::new(&file.source, &file.name);
        let mut dates = Dates::of(file);
        let before = tally.counts.read;
        let unseen = dates.clone();
        parallel::in_order(
            &mut *file.layout.rows(&file.path)?,
            |batch| occurrences.number(&plan, batch),
            |staged: &mut StagedBatch, raw| {
                let mut encoded = spent.lock().ok().and_then(|mut spent| spent.pop()).unwrap_or_default();
                encoded.clear();
                pipeline::stage_slices(&plan, &raw, SLICE_ROWS, staged, |first, slice| {
                    encode(&raw, first, slice, &origin, &mut encoded);
                });
                encoded.dates = unseen.in_batch(&raw);
                (encoded, Some(raw))
            },
            |encoded| {
                for ((file, _), bytes) in
                    files.iter_mut().zip([&encoded.master, &encoded.suspects, &encoded.rejects])
                {
                    file.write_all(bytes).map_err(|error| Error::disk("write the result files", &error))?;
                }
                repeats.add(&encoded.rows)?;
                dates.merge(&encoded.dates);
                tally.merge(&encoded.tally);
                if let Ok(mut spent) = spent.lock() {
                    spent.push(encoded);
                }
                job.report("stage", tally.counts.read.into(), total)
            },
        )?;
        rows.push(u64::from(tally.counts.read - before));
        dates_agree &= dates.agree_with(file);
    }
    let repeats = repeats.finish()?;
    let (counts, clean) = (tally.counts, repeats.clean);
    Ok(Streamed { counts, issues: tally.issues(repeats), repeats: clean, rows, dates_agree })
}

/// What the values of a file's date columns say about how they are written, where only its first rows were looked at.
#[derive(Clone, Default)]
struct Dates {
    columns: Vec<(usize, DateEvidence)>,
}

impl Dates {
    fn of(file: &PreparedFile) -> Dates {
        let columns =
            file.columns.iter().enumerate().filter(|(_, column)| !file.facts.whole && column.is_date());
        Dates { columns: columns.map(|(at, _)| (at, DateEvidence::default())).collect() }
    }

    fn in_batch(&self, raw: &RawBatch) -> Dates {
        let mut found = self.clone();
        for (column, evidence) in &mut found.columns {
            for row in 0..raw.len() {
                let text = raw.cell(row, *column).unwrap_or_default();
                match text.as_bytes() {
                    // The year first, or alone: says nothing of day and month, and is no day number.
                    [year @ .., b'/' | b'-' | b'.', _, _, b'/' | b'-' | b'.', _, _] | year
                        if year.len() == 4 && year.iter().all(u8::is_ascii_digit) =>
                    {
                        evidence.unambiguous += 1;
                    }
                    _ => evidence.add(text),
                }
            }
        }
        found
    }

    fn merge(&mut self, other: &Dates) {
        for ((_, all), (_, more)) in self.columns.iter_mut().zip(&other.columns) {
            all.merge(more);
        }
    }

    fn agree_with(&self, file: &PreparedFile) -> bool {
        self.columns.iter().all(|(column, evidence)| file.columns[*column].agrees_with(evidence))
    }
}

/// Where rows come from, encoded once.
struct Origin {
    source_and_file: Vec<u8>,
    file: Vec<u8>,
}

impl Origin {
    fn new(source: &str, file: &str) -> Origin {
        let mut name = Vec::new();
        encode_cell(&mut name, file);
        let mut both = Vec::new();
        encode_cell(&mut both, source);
        both.push(b',');
        both.extend_from_slice(&name);
        Origin { source_and_file: both, file: name }
    }
}

/// Appends staged rows, of which the first is row `first` of `raw`.
fn encode(raw: &RawBatch, first: usize, staged: &StagedBatch, origin: &Origin, encoded: &mut Encoded) {
    encoded.rows.extend(entries(staged.rows()));
    encoded.master.reserve(staged.len() * 112);
    for row in 0..staged.len() {
        encoded.tally.add_row(staged, row);
        match staged.rows()[row].class {
            RowClass::Clean => encode_record(staged, row, origin, &mut encoded.master),
            RowClass::Suspect => {
                encode_record(staged, row, origin, &mut encoded.suspects);
                encoded.suspects.pop();
                encoded.suspects.push(b',');
                encode_rules(staged, row, &mut encoded.suspects);
                encoded.suspects.push(b'\n');
            }
            RowClass::Rejected => {
                encoded.rejects.extend_from_slice(&origin.file);
                encoded.rejects.push(b',');
                encode_number(staged.rows()[row].line, &mut encoded.rejects);
                encoded.rejects.push(b',');
                encode_rules(staged, row, &mut encoded.rejects);
                encoded.rejects.push(b',');
                encode_cell(&mut encoded.rejects, &raw.raw(first + row));
                encoded.rejects.push(b'\n');
            }
            RowClass::Excluded => {}
        }
    }
}

fn encode_record(staged: &StagedBatch, row: usize, origin: &Origin, out: &mut Vec<u8>) {
    for field in MASTER_FIELDS {
        if let Some(value) = staged.value(row, field) {
            encode_cell(out, value);
        }
        out.push(b',');
    }
    out.extend_from_slice(&origin.source_and_file);
    out.push(b',');
    encode_number(staged.rows()[row].line, out);
    out.push(b'\n');
}

/// The rules that a row breaks, each once, in the order of [`Rule::ALL`].
fn encode_rules(staged: &StagedBatch, row: usize, out: &mut Vec<u8>) {
    let mut rules: Vec<Rule> = staged.issues(row).iter().map(|issue| issue.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let names: Vec<&str> = rules.into_iter().map(Rule::name).collect();
    encode_cell(out, &names.join("+"));
}

fn encode_number(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}
