//! Rows of a batch as lines of the result files.

use muster_engine::pipeline::{QuickWriter, RowVisitor};
use muster_engine::staged::{RowClass, StagedBatch};
use muster_engine::write::csv::{MASTER_FIELDS, encode_cell};
use muster_engine::{Level, RawBatch, Rule};

use super::repeats::{Entry, Found, entries};
use super::report::ReportIssue;
use super::stream::Dates;
use crate::staging::Counts;

/// Rows by rule, and the worst level of each.
#[derive(Clone)]
pub(super) struct Tally {
    pub(super) counts: Counts,
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

    pub(super) fn merge(&mut self, other: &Tally) {
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

    pub(super) fn issues(self, repeats: Found) -> Vec<ReportIssue> {
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
pub(super) struct Encoded {
    pub(super) master: Vec<u8>,
    pub(super) suspects: Vec<u8>,
    pub(super) rejects: Vec<u8>,
    pub(super) tally: Tally,
    /// For the search for repeats
    pub(super) rows: Vec<Entry>,
    pub(super) dates: Dates,
}

impl Encoded {
    pub(super) fn clear(&mut self) {
        for lines in [&mut self.master, &mut self.suspects, &mut self.rejects] {
            lines.clear();
        }
        self.tally = Tally::default();
        self.rows.clear();
    }
}

/// Where rows come from, encoded once.
pub(super) struct Origin {
    pub(super) source_and_file: Vec<u8>,
    file: Vec<u8>,
}

impl Origin {
    pub(super) fn new(source: &str, file: &str) -> Origin {
        let mut name = Vec::new();
        encode_cell(&mut name, file);
        let mut both = Vec::new();
        encode_cell(&mut both, source);
        both.push(b',');
        both.extend_from_slice(&name);
        Origin { source_and_file: both, file: name }
    }
}

/// Encodes the rows of a batch.
pub(super) struct Encoder<'e> {
    pub(super) raw: &'e RawBatch,
    pub(super) origin: &'e Origin,
    /// Where rows may go the quick way
    pub(super) quick: Option<QuickWriter<'e>>,
    pub(super) encoded: &'e mut Encoded,
}

impl RowVisitor for Encoder<'_> {
    #[inline]
    fn quick(&mut self, index: usize) -> bool {
        let Some(writer) = &mut self.quick else { return false };
        let Some(row) = writer.write(self.raw, index) else { return false };
        let Encoded { master, tally, rows, .. } = &mut *self.encoded;
        master.extend_from_slice(writer.line());
        tally.counts.add(RowClass::Clean, 1);
        rows.push(Entry::clean(row));
        true
    }

    fn staged(&mut self, first: usize, rows: &StagedBatch) {
        encode(self.raw, first, rows, self.origin, self.encoded);
    }
}

/// Appends staged rows, of which the first is row `first` of `raw`.
fn encode(raw: &RawBatch, first: usize, staged: &StagedBatch, origin: &Origin, encoded: &mut Encoded) {
    encoded.rows.extend(entries(staged.rows()));
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
    encode_origin(staged.rows()[row].line, origin, out);
}

/// The source, the file and the line of a row, and its end.
#[inline]
fn encode_origin(line: u64, origin: &Origin, out: &mut Vec<u8>) {
    out.extend_from_slice(&origin.source_and_file);
    out.push(b',');
    encode_number(line, out);
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
