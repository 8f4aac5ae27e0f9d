//! What a file's columns are: their look, the target Muster suggests, and what the person chose.

use std::collections::BTreeMap;
use std::path::Path;

use muster_engine::map::profile::FileProfile;
use muster_engine::map::suggest::{detect_role, suggest};
use muster_engine::pipeline::ColumnPlan;
use muster_engine::read::RowSource;
use muster_engine::recipe::{DateOrder, Dimension};
use muster_engine::standardise::date::{DateEvidence, DateVerdict};
use muster_engine::{EngineError, RawBatch, Target};
use serde::{Deserialize, Serialize};

use super::{Layout, parallel};
use crate::error::Result;
use crate::progress::Job;

/// What was found in a column of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnFacts {
    /// Its header
    pub header: String,
    /// The first different values
    pub samples: Vec<String>,
    /// Cells that are not empty
    pub filled: u64,
    /// Different values, as far as they were counted
    pub distinct: u64,
    /// The target that its header and look suggest
    pub target: Option<Target>,
    /// How sure, 0 to 1
    pub confidence: f64,
    /// Why, for a person
    pub why: String,
    /// Dates in figures that fit only day/month, only month/day, and both
    pub date_orders: [u64; 3],
    /// The order that all values together prove
    pub date_order: Option<DateOrder>,
    /// The values leave the order open
    pub date_question: bool,
    /// The values are day numbers of a spreadsheet
    pub date_serials: bool,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Rows
    pub rows: u64,
    /// All rows were looked at, and not only the first
    pub whole: bool,
    /// A dimension, by its look
    pub dimension: Option<Dimension>,
    /// The columns
    pub columns: Vec<ColumnFacts>,
}

/// Who chose a column's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ChosenBy {
    /// Muster's suggestion
    Muster,
    /// The person
    Person,
    /// Remembered from a file with the same header
    Template,
}

/// A column with what it is mapped to.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What was found in it
    pub facts: ColumnFacts,
    /// Its target
    pub target: Option<Target>,
    /// Who chose it
    pub chosen_by: ChosenBy,
    /// The order of dates, as proven or as answered
    pub date_order: Option<DateOrder>,
}

impl Column {
    /// Whether its values are dates in figures whose order nobody has settled.
    pub fn has_question(&self) -> bool {
        let is_date =
            matches!(self.target, Some(Target::BirthDate | Target::MemberSince | Target::LastActive));
        is_date && self.facts.date_question && self.date_order.is_none()
    }

    /// Whether it is mapped to a date.
    pub fn is_date(&self) -> bool {
        matches!(self.target, Some(Target::BirthDate | Target::MemberSince | Target::LastActive))
    }

    /// Whether its dates are as these values of all rows say, and not only as the first rows did.
    pub fn agrees_with(&self, evidence: &DateEvidence) -> bool {
        let verdict = match (self.facts.date_order, self.facts.date_question) {
            (Some(order), _) => DateVerdict::Order(order),
            (None, true) => DateVerdict::Question,
            (None, false) => DateVerdict::NotNeeded,
        };
        verdict == evidence.verdict() && self.facts.date_serials == evidence.serials()
    }

    /// What the engine needs to know.
    pub fn plan(&self) -> ColumnPlan {
        ColumnPlan {
            header: self.facts.header.clone(),
            target: self.target,
            date_order: self.date_order,
            date_serials: self.facts.date_serials,
        }
    }
}

/// Choices of a person or a template, by header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Targets; `None` keeps the column as extra
    pub targets: BTreeMap<String, (Option<Target>, ChosenBy)>,
    /// Orders of dates
    pub date_orders: BTreeMap<String, DateOrder>,
}

/// Looks at all rows of a file.
///
/// # Errors
/// When the file cannot be read, or the job is cancelled.
pub fn profile(
    path: &Path,
    layout: &Layout,
    role: Option<Option<Dimension>>,
    job: &Job,
) -> Result<FileFacts> {
    profile_rows(&mut *layout.rows(path)?, layout, role, job)
}

/// Looks at the first rows of a file: enough to map its columns, while what its dates are must be checked on the rest.
///
/// # Errors
/// When the file cannot be read, or the job is cancelled.
pub fn profile_start(
    path: &Path,
    layout: &Layout,
    role: Option<Option<Dimension>>,
    job: &Job,
) -> Result<FileFacts> {
    let mut first = FirstRows { source: layout.rows(path)?, left: FIRST_ROWS };
    let facts = profile_rows(&mut first, layout, role, job)?;
    Ok(FileFacts { whole: first.left > 0, ..facts })
}

/// Rows that are looked at first.
const FIRST_ROWS: usize = 20_000;

/// The first batches of a file.
struct FirstRows {
    source: Box<dyn RowSource + Send>,
    left: usize,
}

impl RowSource for FirstRows {
    fn next_batch(&mut self) -> Result<Option<RawBatch>, EngineError> {
        if self.left == 0 {
            return Ok(None);
        }
        let batch = self.source.next_batch()?;
        self.left = self.left.saturating_sub(batch.as_ref().map_or(0, RawBatch::len));
        Ok(batch)
    }
}

fn profile_rows(
    source: &mut (dyn RowSource + Send),
    layout: &Layout,
    role: Option<Option<Dimension>>,
    job: &Job,
) -> Result<FileFacts> {
    let mut all = FileProfile::new(layout.header.len());
    let columns = layout.header.len();
    let mut rows = 0;
    let work = |_: &mut (), batch| {
        let mut profile = FileProfile::new(columns);
        profile.add(&batch);
        (profile, Some(batch))
    };
    parallel::in_order(
        source,
        |_| {},
        work,
        |profile| {
            rows += profile.rows();
            all.merge(profile);
            job.report("look", rows, None)
        },
    )?;
    Ok(facts(&layout.header, &all, role))
}

fn facts(header: &[String], profile: &FileProfile, role: Option<Option<Dimension>>) -> FileFacts {
    let dimension = role.unwrap_or_else(|| detect_role(header, profile));
    let suggestions = suggest(header, profile, dimension);
    let columns =
        header.iter().zip(profile.columns()).zip(suggestions).map(|((header, column), suggestion)| {
            let evidence = column.dates();
            let verdict = evidence.verdict();
            ColumnFacts {
                header: header.clone(),
                samples: column.samples().to_vec(),
                filled: column.filled(),
                distinct: column.distinct(),
                target: suggestion.target,
                confidence: suggestion.confidence,
                why: suggestion.why,
                date_orders: [evidence.day_month_only, evidence.month_day_only, evidence.both],
                date_order: if let DateVerdict::Order(order) = verdict { Some(order) } else { None },
                date_question: verdict == DateVerdict::Question,
                date_serials: evidence.serials(),
            }
        });
    FileFacts { rows: profile.rows(), whole: true, dimension, columns: columns.collect() }
}

/// Maps columns: what was chosen for a header counts; else Muster's suggestion, unless another column has the target
/// by choice.
pub fn choose_columns(facts: &FileFacts, choices: &Choices) -> Vec<Column> {
    let chosen = |target: Target| choices.targets.values().any(|(choice, _)| *choice == Some(target));
    facts
        .columns
        .iter()
        .map(|facts| {
            let (target, chosen_by) = match choices.targets.get(&facts.header) {
                Some((target, by)) => (*target, *by),
                None => (facts.target.filter(|target| !chosen(*target)), ChosenBy::Muster),
            };
            let date_order = choices.date_orders.get(&facts.header).copied().or(facts.date_order);
            Column { facts: facts.clone(), target, chosen_by, date_order }
        })
        .collect()
}
