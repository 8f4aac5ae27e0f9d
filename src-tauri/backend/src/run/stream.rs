//! Straight from the files to `master.csv`, `suspects.csv` and `rejects.csv`, in bounded memory.

use std::fs::File;
use std::io::{BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use muster_engine::RawBatch;
use muster_engine::pipeline::{self, Occurrences, QuickPlan, SLICE_ROWS};
use muster_engine::staged::StagedBatch;
use muster_engine::standardise::date::DateEvidence;
use muster_engine::write::csv::{MASTER_HEADER, REJECTS_HEADER, SUSPECTS_HEADER, encode_row};

use super::encode::{Encoded, Encoder, Origin, Tally};
use super::repeats::{Found, RepeatFinder};
use super::report::ReportIssue;
use crate::error::{Error, Result};
use crate::progress::Job;
use crate::raw_files::{Hashing, RawFile};
use crate::reading::parallel;
use crate::reading::prepared::{PreparedFile, PreparedImport};
use crate::staging::{Counts, Repeats};

/// What streaming found.
pub(super) struct Streamed {
    pub(super) counts: Counts,
    pub(super) issues: Vec<ReportIssue>,
    pub(super) repeats: Repeats,
    /// What was found of each list
    pub(super) lists: Vec<StreamedList>,
    /// All rows say of their dates what the first ones did; if not, no file was written
    pub(super) dates_agree: bool,
}

/// What streaming found of a list.
pub(super) struct StreamedList {
    pub(super) rows: u64,
    /// Hash and size, where the rows were read from the bytes of the file
    pub(super) raw: Option<RawFile>,
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
        // What a batch becomes is larger, and so not copied once more; only the few suspects and rejects are gathered.
        let mut file = BufWriter::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        encode_row(&mut line, header.iter().map(|name| Some(*name)));
        file.write_all(&line).map_err(failed)?;
        files.push((file, path));
    }
    let StreamedRows { tally, lists, repeats, dates_agree } = stream_rows(import, &mut files, job)?;
    let mut found = Found::default();
    if dates_agree {
        // Putting files in the place of older ones takes the time to free those: 0.05 s for 100 MB.
        let (finished, persisted) = std::thread::scope(|scope| {
            let persisting = scope.spawn(|| persist(files, names.map(|name| out.join(name))));
            (repeats.finish(), persisting.join())
        });
        persisted.unwrap_or_else(|_| Err(std::io::Error::other("the thread ended"))).map_err(failed)?;
        found = finished?;
    }
    let (counts, clean) = (tally.counts, found.clean);
    Ok(Streamed { counts, issues: tally.issues(found), repeats: clean, lists, dates_agree })
}

/// A file in the making, and where it stands until it is complete.
type Unfinished = (BufWriter<File>, tempfile::TempPath);

/// Gives complete files their names.
fn persist(files: Vec<Unfinished>, paths: [PathBuf; 3]) -> std::io::Result<()> {
    let mut complete = Vec::new();
    for (file, path) in files {
        drop(file.into_inner().map_err(IntoInnerError::into_error)?);
        complete.push(path);
    }
    for (temporary, path) in complete.into_iter().zip(paths) {
        temporary.persist(path).map_err(|error| error.error)?;
    }
    Ok(())
}

/// What streaming the rows found, before repeats are looked for.
struct StreamedRows {
    tally: Tally,
    lists: Vec<StreamedList>,
    repeats: RepeatFinder,
    dates_agree: bool,
}

fn stream_rows(import: &PreparedImport, files: &mut [Unfinished], job: &Job) -> Result<StreamedRows> {
    let whole = import.lists().all(|file| file.facts.whole);
    let total = whole.then(|| import.lists().map(|file| file.facts.rows).sum());
    let (mut lists, mut dates_agree) = (Vec::new(), true);
    let mut repeats = RepeatFinder::new();
    let mut tally = Tally::default();
    // Their memory is used again: fresh pages cost more than what is written into them.
    let spent = Mutex::new(Vec::<Encoded>::new());
    for file in import.lists() {
        let plan = import.plan(file, usize::MAX, false);
        let quick = QuickPlan::new(&plan);
        let mut occurrences = Occurrences::default();
        let origin = Origin::new(&file.source, &file.name);
        let mut dates = Dates::of(file);
        let before = tally.counts.read;
        let unseen = dates.clone();
        let (mut source, hashing) = match file.layout.hashed_rows(&file.path)? {
            Some((source, hashing)) => (source, Some(hashing)),
            None => (file.layout.rows(&file.path)?, None),
        };
        parallel::in_order(
            &mut *source,
            |batch| occurrences.number(&plan, batch),
            |staged: &mut StagedBatch, raw| {
                let mut encoded = spent.lock().ok().and_then(|mut spent| spent.pop()).unwrap_or_default();
                encoded.clear();
                let quick = quick.as_ref().map(|quick| quick.writer(&origin.source_and_file));
                let slice_rows = if quick.is_some() { 1 } else { SLICE_ROWS };
                let mut encoder = Encoder { raw: &raw, origin: &origin, quick, encoded: &mut encoded };
                pipeline::stage_slices(&plan, &raw, slice_rows, staged, &mut encoder);
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
        lists.push(StreamedList {
            rows: u64::from(tally.counts.read - before),
            raw: hashing.map(Hashing::finish),
        });
        dates_agree &= dates.agree_with(file);
    }
    Ok(StreamedRows { tally, lists, repeats, dates_agree })
}

/// What the values of a file's date columns say about how they are written, where only its first rows were looked at.
#[derive(Clone, Default)]
pub(super) struct Dates {
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
