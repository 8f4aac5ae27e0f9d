//! The values of a column with their counts, and what each becomes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use muster_engine::pipeline;
use muster_engine::read::RawBatchBuilder;
use muster_engine::recipe::Operation;
use muster_engine::{Field, Level, Target};
use serde::Serialize;

use super::{Imports, blocking, poisoned};
use crate::error::{Error, Result};
use crate::reading::parallel;
use crate::reading::prepared::{PreparedFile, PreparedImport};

/// Different values of a column that are counted; a column with more is no list of values to map.
const MOST_VALUES: usize = 200_000;

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ColumnValue {
    /// The text in the file
    pub value: String,
    /// Rows that have it
    pub rows: u32,
    /// What it becomes
    pub becomes: Option<String>,
    /// What is wrong with it
    pub level: Option<Level>,
    /// The person mapped it
    pub mapped_by_person: bool,
}

/// Some values of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ColumnValuePage {
    /// How many there are
    pub total: u32,
    /// The values of the page, most frequent first
    pub values: Vec<ColumnValue>,
}

type Counted = Arc<Vec<(String, u32)>>;

/// Counted values of the columns looked at last, by file and column.
#[derive(Debug, Default)]
pub(super) struct Cache {
    columns: Mutex<HashMap<(i64, usize), Counted>>,
}

impl Cache {
    /// Forgets a file that changed.
    pub(super) fn forget(&self, file: i64) {
        if let Ok(mut columns) = self.columns.lock() {
            columns.retain(|(of, _), _| *of != file);
        }
    }

    fn get(&self, file: i64, column: usize) -> Option<Counted> {
        self.columns.lock().ok()?.get(&(file, column)).map(Arc::clone)
    }

    fn put(&self, file: i64, column: usize, counted: &Counted) -> Result<()> {
        let mut columns = self.columns.lock().map_err(|_| poisoned())?;
        if columns.len() >= 8 {
            columns.clear();
        }
        columns.insert((file, column), Arc::clone(counted));
        Ok(())
    }
}

impl Imports {
    /// Values of a column with their counts, and what each becomes.
    ///
    /// # Errors
    /// When the file or the column does not exist, or the file cannot be read.
    pub async fn column_values(
        &self,
        id: u32,
        file: u32,
        column: u32,
        search: Option<&str>,
        offset: u32,
        limit: u32,
    ) -> Result<ColumnValuePage> {
        let import = self.import(id).await?;
        let prepared = self.prepare(&import).await?;
        let at = column as usize;
        let found = prepared.files.iter().find(|found| found.id == i64::from(file)).cloned();
        let found =
            found.filter(|found| at < found.columns.len()).ok_or_else(|| Error::not_found("column"))?;
        let counted = match self.values.get(found.id, at) {
            Some(counted) => counted,
            None => {
                let of = found.clone();
                let counted = Arc::new(blocking(move || count_values(&of, at)).await?);
                self.values.put(found.id, at, &counted)?;
                counted
            }
        };
        let search = search.unwrap_or_default().trim().to_lowercase();
        let matching: Vec<_> =
            counted.iter().filter(|(value, _)| value.to_lowercase().contains(&search)).collect();
        let total = u32::try_from(matching.len()).unwrap_or(u32::MAX);
        let page = matching.into_iter().skip(offset as usize).take(limit as usize);
        Ok(ColumnValuePage { total, values: becoming(&prepared, &found, at, page) })
    }

    /// `(source, header)` of every value mapping in force.
    pub(super) async fn mapped_values(&self, import: i64) -> Result<Vec<(String, String)>> {
        let steps = self.steps(import).await?;
        let mapped = |(_, step)| match step {
            Operation::MapValue { source, column, .. } => Some((source, column)),
            _ => None,
        };
        Ok(steps.into_iter().filter_map(mapped).collect())
    }
}

fn count_values(file: &PreparedFile, column: usize) -> Result<Vec<(String, u32)>> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let work = |_: &mut (), batch: muster_engine::RawBatch| {
        let mut counts: HashMap<String, u32> = HashMap::new();
        for row in 0..batch.len() {
            let value = batch.cell(row, column).unwrap_or_default().trim();
            match counts.get_mut(value) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(value.to_owned(), 1);
                }
            }
        }
        (counts, Some(batch))
    };
    parallel::in_order(
        &mut *file.layout.rows(&file.path)?,
        |_| {},
        work,
        |batch| {
            for (value, rows) in batch {
                if counts.len() < MOST_VALUES || counts.contains_key(&value) {
                    *counts.entry(value).or_default() += rows;
                }
            }
            Ok(())
        },
    )?;
    let mut counted: Vec<_> = counts.into_iter().collect();
    counted.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Ok(counted)
}

/// What values become: each staged as a row that has nothing else.
fn becoming<'v>(
    prepared: &PreparedImport,
    file: &PreparedFile,
    column: usize,
    values: impl Iterator<Item = &'v (String, u32)>,
) -> Vec<ColumnValue> {
    let plan = prepared.plan(file, usize::MAX, false);
    let target = file.columns[column].target;
    let mapped = |value: &str| {
        prepared.operations.iter().any(|step| {
            matches!(step, Operation::MapValue { source, column: of, from, .. }
            if *source == file.source && *of == file.columns[column].facts.header && from == value)
        })
    };
    values
        .map(|(value, rows)| {
            let mut row = RawBatchBuilder::default();
            row.start_row(1);
            for at in 0..file.columns.len() {
                row.push_cell(if at == column { value } else { "" });
            }
            let staged = pipeline::stage(&plan, &row.take());
            let fields = fields_of(target);
            let shown: Vec<_> = fields.iter().filter_map(|field| staged.value(0, *field)).collect();
            let level = |field: &Field| {
                staged
                    .issues(0)
                    .iter()
                    .filter(|issue| issue.field == Some(*field))
                    .map(|issue| issue.level())
                    .min()
            };
            ColumnValue {
                value: value.clone(),
                rows: *rows,
                becomes: (!shown.is_empty()).then(|| shown.join(" ")),
                level: fields.iter().filter_map(level).min(),
                mapped_by_person: mapped(value),
            }
        })
        .collect()
}

fn fields_of(target: Option<Target>) -> Vec<Field> {
    match target {
        Some(Target::FullName) => Field::ALL[..=Field::PreferredName.index()].to_vec(),
        Some(target) => target.field().into_iter().collect(),
        None => Vec::new(),
    }
}
