//! What a headless run tells: one JSON object.

use muster_engine::{Level, Rule};
use serde::Serialize;

use crate::people::PeopleCounts;
use crate::push::{PlannedStatement, PushSummary, ScoreCounts};
use crate::reading::FileKind;
use crate::reading::prepared::PreparedFile;
use crate::staging::{Counts, Repeats};

/// The report of a run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Rows: read = clean + suspect + rejected + excluded
    pub counts: Counts,
    /// The files
    pub files: Vec<ReportFile>,
    /// Rows with an issue, by rule
    pub issues: Vec<ReportIssue>,
    /// Who is who
    pub people: People,
    /// What went to the database; `None` where the target was a folder
    pub push: Option<PushSummary>,
    /// What became of scores, or would; `None` where they stay as they are
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scores: Option<ScoreCounts>,
    /// The statements that a push would run, where they were asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<Vec<PlannedStatement>>,
    /// Seconds by stage
    pub seconds: Seconds,
}

impl Report {
    /// The exit code that tells a scheduler how it went: 3 where rows were rejected, else 0.
    pub fn exit_code(&self) -> u8 {
        if self.counts.rejected > 0 { 3 } else { 0 }
    }
}

/// A file of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportFile {
    /// Its name, without a folder
    pub name: String,
    /// The organisation that it comes from; for a company list, nothing
    pub source: Option<String>,
    /// Lower-case hex
    pub sha256: String,
    /// Rows
    pub rows: u64,
    /// Text files: label of the encoding
    pub encoding: Option<String>,
    /// Text files: the delimiter
    pub delimiter: Option<String>,
}

impl ReportFile {
    pub(super) fn of(file: &PreparedFile) -> ReportFile {
        let text = file.layout.kind == FileKind::Delimited;
        ReportFile {
            name: file.name.clone(),
            source: file.dimension.is_none().then(|| file.source.clone()),
            sha256: file.sha256.clone(),
            rows: file.facts.rows,
            encoding: text.then(|| file.layout.encoding.clone()),
            delimiter: text.then(|| char::from(file.layout.delimiter).to_string()),
        }
    }
}

/// Rows with an issue of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportIssue {
    /// The rule
    pub rule: Rule,
    /// Its worst level
    pub level: Level,
    /// Rows
    pub rows: u64,
}

/// Who is who: by matching where the recipe asks for it, else as far as the source keys tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct People {
    /// Clean records
    pub records: u64,
    /// Different members among them
    pub members: u64,
    /// Records that are one person with another record; without matching, those that repeat another one as a whole
    pub merged: u64,
    /// Groups of records that may be one person; without matching, members whose records differ
    pub to_review: u64,
    /// Members whose records disagree on a field that a person must settle; without matching, on any field
    pub conflicts: u64,
}

impl People {
    pub(super) fn new(clean: u32, repeats: Repeats) -> People {
        People {
            records: clean.into(),
            members: repeats.members,
            merged: repeats.merged,
            to_review: repeats.conflicts,
            conflicts: repeats.conflicts,
        }
    }

    pub(super) fn of_counts(counts: PeopleCounts) -> People {
        People {
            records: counts.records.into(),
            members: counts.people.into(),
            merged: counts.merged.into(),
            to_review: u64::from(counts.to_review) + u64::from(counts.changed),
            conflicts: counts.conflicts.into(),
        }
    }
}

/// Seconds by stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Seconds {
    /// Finding out what the files are: hashing and looking at all values
    pub look: f64,
    /// Reading, standardising and validating; to a folder, with writing
    pub stage: f64,
    /// Finding who is who
    pub people: f64,
    /// Comparing with the target
    pub plan: f64,
    /// Writing to the target
    pub push: f64,
    /// Writing files
    pub export: f64,
    /// All of it
    pub total: f64,
}
