//! The records of an import as the engine compares them: kept in memory while somebody works on them, and made again
//! from the staged rows whenever they are needed.

use std::ops::ControlFlow;

use muster_engine::Field;
use muster_engine::key::numbered_key;
use muster_engine::matching::{
    BlockingPlan, Column, Explanation, Matcher, Model, Origin, Records, ScoredPair, Settings, Stage, explain,
};
use rusqlite::Row;

use super::record::{CANDIDATE, Known, MEMBER_COLUMNS, Reader, columns};
use super::view::Thresholds;
use crate::error::{Code, Error, Result};
use crate::progress::Job;

/// Pairs below this probability are not kept: the lowest threshold that a person can set.
pub(super) const LOWEST: f64 = 0.10;

/// How matching runs for some thresholds. Pairs are kept from [`LOWEST`] on, so that thresholds can be moved afterwards.
pub(super) fn settings(thresholds: Thresholds) -> Settings {
    Settings {
        review_above: LOWEST,
        merge_above: thresholds.merge,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        ..Settings::default()
    }
}

/// log₂ of the odds of a probability.
pub(super) fn weight(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// The probability of odds whose log₂ is `weight`.
pub(super) fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// Lets a job watch the engine, which stops where it is cancelled.
pub(super) fn watch(job: &Job) -> impl Fn(Stage, u64, u64) -> ControlFlow<()> + Sync + '_ {
    |stage, done, total| match job.report(stage.name(), done, Some(total)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}

/// The records with their numbers in the staging.
pub(super) struct Table {
    pub(super) records: Records,
    /// The record at each position, rising
    pub(super) numbers: Vec<u32>,
}

impl Table {
    /// Reads all that is compared: candidates among the rows, and members that were found. Progress is reported as
    /// `people_read`.
    pub(super) fn read(reader: &Reader<'_>, job: &Job) -> Result<Table> {
        let mut builder = Records::builder(&[]);
        let mut numbers = Vec::new();
        let sql = format!(
            "SELECT id, file_id, membership_key, {} FROM staged_row WHERE {CANDIDATE} ORDER BY id",
            columns()
        );
        let mut statement = reader.db.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let source = reader.source(row.get(1)?);
            let key = numbered_key(source, text(row, 2).unwrap_or_default());
            builder.push(Origin { source, existing: false, membership: Some(key) }, |column| match column {
                Column::Field(field) => text(row, 3 + field.index()),
                Column::Extra(_) => None,
            });
            numbers.push(row.get(0)?);
            if numbers.len() % 4_096 == 0 {
                job.report("people_read", numbers.len() as u64, Some(reader.last_row.into()))?;
            }
        }
        members(reader, true, |record, origin, member| {
            builder.push(origin, |column| member.value(column));
            numbers.push(record);
        })?;
        Ok(Table { records: builder.finish(), numbers })
    }

    /// Appends the members that are not compared, so that they can be put together with their rows.
    pub(super) fn with_uncompared(mut self, reader: &Reader<'_>) -> Result<Table> {
        members(reader, false, |record, origin, member| {
            self.records.append(origin, |column| member.value(column));
            self.numbers.push(record);
        })?;
        Ok(self)
    }
}

/// Reads the members that were found and are compared, or those that are not.
fn members(
    reader: &Reader<'_>,
    compared: bool,
    mut add: impl FnMut(u32, Origin<'_>, &MemberRow<'_, '_>),
) -> Result<()> {
    let places = Field::ALL.map(member_column);
    let sql = format!(
        "SELECT staged_match_member.record, min(club), min(source_key), {} FROM staged_match_member
         INNER JOIN staged_match_membership ON staged_match_member.record = staged_match_membership.record
         WHERE compared = ?1
         GROUP BY staged_match_member.record ORDER BY staged_match_member.record",
        MEMBER_COLUMNS.join(", ")
    );
    let mut statement = reader.db.prepare(&sql)?;
    let mut rows = statement.query([compared])?;
    while let Some(row) = rows.next()? {
        let source = text(row, 1).unwrap_or_default();
        let origin = Origin { source, existing: true, membership: None };
        add(row.get(0)?, origin, &MemberRow { row, places: &places });
    }
    Ok(())
}

/// A member that is being read.
struct MemberRow<'m, 'r> {
    row: &'m Row<'r>,
    /// Where the value of each field is
    places: &'m [Option<usize>],
}

impl<'m> MemberRow<'m, '_> {
    fn value(&self, column: Column) -> Option<&'m str> {
        match column {
            Column::Field(field) => text(self.row, 3 + self.places[field.index()]?),
            Column::Extra(_) => None,
        }
    }
}

fn member_column(field: Field) -> Option<usize> {
    MEMBER_COLUMNS.iter().position(|name| *name == field.name())
}

/// A text of a row; NULL and empty are none.
fn text<'r>(row: &'r Row<'_>, at: usize) -> Option<&'r str> {
    row.get_ref(at).ok()?.as_str_or_null().ok()?.filter(|text| !text.is_empty())
}

/// Compared records, to explain pairs and to compare single records again.
pub(crate) struct Matched {
    pub(super) matcher: Matcher,
    pub(super) numbers: Vec<u32>,
}

impl Matched {
    /// Keeps what is needed of a run.
    pub(super) fn new(table: Table, plan: &BlockingPlan, model: Model, thresholds: Thresholds) -> Matched {
        Matched {
            matcher: Matcher::new(table.records, plan, model, settings(thresholds)),
            numbers: table.numbers,
        }
    }

    /// The position of a record.
    pub(super) fn position(&self, record: u32) -> Option<u32> {
        self.numbers.binary_search(&record).ok().and_then(|at| u32::try_from(at).ok())
    }

    /// The record at a position.
    pub(super) fn record(&self, position: u32) -> u32 {
        self.numbers.get(position as usize).copied().unwrap_or_default()
    }

    /// A pair by the numbers of its records.
    pub(super) fn pair(&self, a: u32, b: u32, weight: f64) -> Option<ScoredPair> {
        let (a, b) = (self.position(a)?, self.position(b)?);
        #[expect(clippy::cast_possible_truncation, reason = "it was an f32 before it was kept")]
        let weight = weight as f32;
        Some(ScoredPair {
            a: a.min(b),
            b: a.max(b),
            weight,
            pattern: muster_engine::matching::Pattern::default(),
        })
    }

    /// Why a pair scored what it did.
    pub(super) fn explain(&self, a: u32, b: u32) -> Option<Explanation> {
        let (a, b) = (self.position(a)?, self.position(b)?);
        Some(explain(self.matcher.records(), self.matcher.model(), a, b))
    }

    /// Compares a row again after it changed; gives its pairs as `(other record, weight)`. `None`: it was not there.
    pub(super) fn replace(&mut self, record: u32, known: Option<&Known>) -> Option<Vec<(u32, f64)>> {
        let position = self.position(record)?;
        // The key may be made of the values.
        let key = known.and_then(Known::key).map(|key| numbered_key(&key.source, &key.key));
        let pairs = self.matcher.replace(position, key, |column| match column {
            Column::Field(field) => known?.value(field),
            Column::Extra(_) => None,
        });
        let other = |pair: &ScoredPair| if pair.a == position { pair.b } else { pair.a };
        Some(pairs.iter().map(|pair| (self.record(other(pair)), f64::from(pair.weight))).collect())
    }
}

/// A text of the state as what it was made from.
pub(super) fn kept<T: serde::de::DeserializeOwned>(text: Option<String>) -> Result<T> {
    text.and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(not_matched)
}

/// Matching has not run on the import's rows.
pub(super) fn not_matched() -> Error {
    Error::new(Code::NeedsAnswer, "The records have not been compared yet")
        .with_help("Go to People and let Muster look for records of the same person.")
}
