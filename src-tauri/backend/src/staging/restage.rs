//! Brings single rows up to date after a step was added or dropped, without reading the files again.
//!
//! A row's result depends on its raw cells and the steps alone. So dropping a step concerns the rows that it had
//! changed, and adding one at the end concerns the rows that it matches.

use std::collections::{BTreeSet, HashMap};

use muster_engine::operations::replace_in;
use muster_engine::pipeline::{self, FilePlan};
use muster_engine::read::RawBatchBuilder;
use muster_engine::recipe::{Operation, RowRef};
use muster_engine::{RawBatch, Rule};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use serde::Serialize;

use super::load::Statements;
use super::query::{Filter, RowQuery, shown};
use super::{Counts, Staging};
use crate::error::{Error, Result};
use crate::progress::Job;

/// Rows that are restaged at a time.
const CHUNK: usize = 4_096;
/// Samples of a preview.
const SAMPLES: u32 = 20;

/// What restaging did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restaged {
    /// Rows that were made anew
    pub rows: u32,
    /// Counts of all rows after it
    pub counts: Counts,
}

/// What a step would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReplacePreview {
    /// Rows it would change
    pub rows: u32,
    /// Some of them
    pub samples: Vec<ReplaceSample>,
}

/// A cell that a step would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReplaceSample {
    /// The row
    pub row: u32,
    /// What it shows
    pub before: Option<String>,
    /// What is put there, before it is standardised
    pub after: Option<String>,
}

/// A raw row as the staging keeps it.
struct KeptRow {
    id: i64,
    file_id: i64,
    line: u64,
    cells: Vec<String>,
    occurrence: u32,
    key: String,
    faults: Vec<Rule>,
}

impl Staging {
    /// Selects the rows that a step at the end of the recipe would change, for [`Staging::restage`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn select_for(&self, operation: &Operation) -> Result<u32> {
        self.clear_selection()?;
        match operation {
            Operation::EditCell { row, .. } => self.select_refs(&[*row]),
            Operation::ExcludeRows { rows } | Operation::RestoreRows { rows } => self.select_refs(rows),
            Operation::MapValue { source, column, from, .. } => {
                let sql = "INSERT INTO temp.selected SELECT staged_row.id FROM staged_row
                           JOIN staged_file ON staged_file.id = staged_row.file_id
                           JOIN json_each(staged_file.header) AS header ON header.value = ?2
                           WHERE staged_file.source = ?1 AND muster_cell(staged_row.raw, header.key) = ?3";
                self.define_functions()?;
                Ok(count(self.db.execute(sql, params![source, column, from])?))
            }
            Operation::ReplaceValue { .. } | Operation::MergeValues { .. } => {
                let (condition, values) = self.matching(operation)?;
                let sql = format!("INSERT INTO temp.selected SELECT id FROM staged_row WHERE {condition}");
                Ok(count(self.db.execute(&sql, params_from_iter(values))?))
            }
        }
    }

    /// Selects the rows that a step would change at an earlier place in the recipe: what steps after it (`later`)
    /// changed is not what it would see.
    ///
    /// # Errors
    /// When the database fails.
    pub fn select_for_at(&self, operation: &Operation, later: &[i64]) -> Result<()> {
        self.select_for(operation)?;
        let sql =
            "INSERT OR IGNORE INTO temp.selected SELECT row_id FROM staged_touch WHERE operation_id = ?1";
        let mut statement = self.db.prepare_cached(sql)?;
        for step in later {
            statement.execute([step])?;
        }
        Ok(())
    }

    /// Selects the rows that a step had changed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn select_touched(&self, operation_id: i64) -> Result<u32> {
        self.clear_selection()?;
        let sql = "INSERT INTO temp.selected SELECT row_id FROM staged_touch WHERE operation_id = ?1";
        Ok(count(self.db.execute(sql, [operation_id])?))
    }

    /// How many rows a step changed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn touched(&self, operation_id: i64) -> Result<u32> {
        let sql = "SELECT count(*) FROM staged_touch WHERE operation_id = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([operation_id], |row| row.get(0))?)
    }

    /// How many of the rows are not in the staging (any more).
    ///
    /// # Errors
    /// When the database fails.
    pub fn not_found(&self, rows: &[RowRef]) -> Result<u32> {
        let mut statement = self.db.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM staged_row WHERE fingerprint = ?1 AND occurrence = ?2)",
        )?;
        let mut missing = 0;
        for row in rows {
            let found: bool = statement
                .query_row(params![row.fingerprint.to_be_bytes().as_slice(), row.occurrence], |row| {
                    row.get(0)
                })?;
            missing += u32::from(!found);
        }
        Ok(missing)
    }

    /// Names of the rows for a step: by their numbers.
    ///
    /// # Errors
    /// When a number does not exist, or the database fails.
    pub fn row_refs(&self, rows: &[u32]) -> Result<Vec<RowRef>> {
        let mut statement =
            self.db.prepare_cached("SELECT fingerprint, occurrence FROM staged_row WHERE id = ?1")?;
        rows.iter()
            .map(|row| statement.query_row([row], row_ref).map_err(|_| Error::not_found("row")))
            .collect()
    }

    /// Names of the rows that a query finds.
    ///
    /// # Errors
    /// When the query names what does not exist, or the database fails.
    pub fn found_refs(&self, query: &RowQuery) -> Result<Vec<RowRef>> {
        let filter = Filter::new(query)?;
        let sql = format!("SELECT fingerprint, occurrence FROM staged_row{} ORDER BY id", filter.sql());
        let mut statement = self.db.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(filter.values.iter()), row_ref)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What a replacement or a merge of values would change.
    ///
    /// # Errors
    /// When the database fails.
    pub fn preview(&self, operation: &Operation) -> Result<ReplacePreview> {
        let (condition, values) = self.matching(operation)?;
        let field = match operation {
            Operation::ReplaceValue { field, .. } | Operation::MergeValues { field, .. } => *field,
            _ => return Ok(ReplacePreview { rows: self.select_for(operation)?, samples: Vec::new() }),
        };
        let sql = format!("SELECT count(*) FROM staged_row WHERE {condition}");
        let rows = self.db.query_row(&sql, params_from_iter(values.iter()), |row| row.get(0))?;
        let sql = format!(
            "SELECT id, {} FROM staged_row WHERE {condition} ORDER BY id LIMIT {SAMPLES}",
            shown(field)
        );
        let sample = |row: &Row<'_>| {
            let before: Option<String> = row.get(1)?;
            let after = match operation {
                Operation::ReplaceValue { find, replace, whole_cell, match_case, .. } => {
                    let text = before.as_deref().unwrap_or_default();
                    replace_in(text, find, replace, *whole_cell, *match_case).filter(|text| !text.is_empty())
                }
                Operation::MergeValues { to, .. } => to.clone(),
                _ => None,
            };
            Ok(ReplaceSample { row: row.get(0)?, before, after })
        };
        let mut statement = self.db.prepare(&sql)?;
        let samples = statement.query_map(params_from_iter(values.iter()), sample)?;
        Ok(ReplacePreview { rows, samples: samples.collect::<rusqlite::Result<_>>()? })
    }

    /// Stages the selected rows anew, in one transaction. `operations` are the ids of the plans' steps in order.
    ///
    /// # Errors
    /// When the database fails or the job is cancelled; then nothing is changed.
    pub fn restage(&self, plans: &HashMap<i64, FilePlan>, operations: &[i64], job: &Job) -> Result<Restaged> {
        let transaction = self.db.unchecked_transaction()?;
        let total: u32 = self.db.query_row("SELECT count(*) FROM temp.selected", [], |row| row.get(0))?;
        let mut keys = BTreeSet::new();
        let mut last = 0;
        let mut done = 0;
        loop {
            let rows = self.kept_rows(last)?;
            let Some(end) = rows.last().map(|row| row.id) else { break };
            done += count(rows.len());
            job.report("apply", done.into(), Some(total.into()))?;
            self.restage_rows(&rows, plans, operations, &mut keys)?;
            last = end;
        }
        for key in &keys {
            self.note_repeats(key)?;
        }
        // Who is who is found anew for these rows (`crate::people`).
        self.db.execute("INSERT INTO staged_rematch (row_id) SELECT row_id FROM temp.selected", [])?;
        self.bump_revision()?;
        let counts = self.counts()?;
        transaction.commit()?;
        Ok(Restaged { rows: done, counts })
    }

    fn restage_rows(
        &self,
        rows: &[KeptRow],
        plans: &HashMap<i64, FilePlan>,
        operations: &[i64],
        keys: &mut BTreeSet<String>,
    ) -> Result<()> {
        let mut statements = Statements::new(&self.db)?;
        for of_file in rows.chunk_by(|one, other| one.file_id == other.file_id) {
            let Some(plan) = plans.get(&of_file[0].file_id) else { return Err(Error::not_found("file")) };
            let raw = raw_batch(of_file);
            let staged = pipeline::stage(plan, &raw);
            for (at, row) in of_file.iter().enumerate() {
                for table in ["staged_issue", "staged_touch"] {
                    let sql = format!("DELETE FROM {table} WHERE row_id = ?1");
                    self.db.prepare_cached(&sql)?.execute([row.id])?;
                }
                statements.insert(row.id, row.file_id, &raw, &staged, at)?;
                keys.insert(super::load::membership_key(&staged, at));
                keys.insert(row.key.clone());
            }
            for &(at, step) in staged.touches() {
                let operation = operations.get(step as usize).copied().unwrap_or_default();
                statements.touch.execute(params![operation, of_file[at as usize].id])?;
            }
        }
        Ok(())
    }

    /// Marks that rows changed, so that what was found before is looked for again.
    fn bump_revision(&self) -> Result<()> {
        let revision: i64 = self.state("revision")?.and_then(|text| text.parse().ok()).unwrap_or_default();
        self.set_state("revision", &(revision + 1).to_string())
    }

    fn clear_selection(&self) -> Result<()> {
        Ok(self.db.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS selected (row_id INTEGER PRIMARY KEY); DELETE FROM temp.selected;",
        )?)
    }

    fn select_refs(&self, rows: &[RowRef]) -> Result<u32> {
        let mut statement = self.db.prepare_cached(
            "INSERT OR IGNORE INTO temp.selected
             SELECT id FROM staged_row WHERE fingerprint = ?1 AND occurrence = ?2",
        )?;
        let mut selected = 0;
        for row in rows {
            selected +=
                count(statement.execute(params![row.fingerprint.to_be_bytes().as_slice(), row.occurrence])?);
        }
        Ok(selected)
    }

    /// The condition that a replacement or merge changes a row.
    fn matching(&self, operation: &Operation) -> Result<(String, Vec<Value>)> {
        self.define_functions()?;
        match operation {
            Operation::ReplaceValue { field, find, replace, whole_cell, match_case } => Ok((
                format!("muster_replaces({}, ?1, ?2, {whole_cell}, {match_case})", shown(*field)),
                vec![Value::Text(find.clone()), Value::Text(replace.clone())],
            )),
            Operation::MergeValues { field, from, to } => {
                let facet = super::FacetFilter { field: *field, values: from.clone() };
                let filter = Filter::new(&RowQuery { facets: vec![facet], ..RowQuery::default() })?;
                let mut values = filter.values.clone();
                values.push(to.clone().map_or(Value::Null, Value::Text));
                let found = filter.sql();
                Ok((
                    format!("{} AND {} IS NOT ?", found.trim_start_matches(" WHERE "), shown(*field)),
                    values,
                ))
            }
            _ => Ok(("false".to_owned(), Vec::new())),
        }
    }

    /// SQL sees text as the engine does: the same trimming and the same capital letters.
    fn define_functions(&self) -> Result<()> {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        self.db.create_scalar_function("muster_replaces", 5, flags, |context| {
            let text: Option<String> = context.get(0)?;
            let (find, replace): (String, String) = (context.get(1)?, context.get(2)?);
            let text = text.unwrap_or_default();
            Ok(replace_in(&text, &find, &replace, context.get(3)?, context.get(4)?)
                .is_some_and(|after| after != text))
        })?;
        self.db.create_scalar_function("muster_cell", 2, flags, |context| {
            let cells: Vec<String> = serde_json::from_str(context.get_raw(0).as_str()?).unwrap_or_default();
            let column: u32 = context.get(1)?;
            Ok(cells.get(column as usize).map(|cell| cell.trim().to_owned()))
        })?;
        Ok(())
    }

    /// The next selected rows after a row.
    fn kept_rows(&self, after: i64) -> Result<Vec<KeptRow>> {
        let sql = format!(
            "SELECT id, file_id, line, raw, occurrence, membership_key FROM staged_row
             WHERE id IN (SELECT row_id FROM temp.selected WHERE row_id > ?1 ORDER BY row_id LIMIT {CHUNK})
             ORDER BY id"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([after], kept_row)?;
        let mut rows: Vec<KeptRow> = rows.collect::<rusqlite::Result<_>>()?;
        self.add_faults(&mut rows)?;
        Ok(rows)
    }

    fn add_faults(&self, rows: &mut [KeptRow]) -> Result<()> {
        let sql = "SELECT rule FROM staged_issue WHERE row_id = ?1 AND field = -1 AND rule = ?2";
        let mut statement = self.db.prepare_cached(sql)?;
        for row in rows {
            for rule in READER_RULES {
                if statement.exists(params![row.id, rule as u8])? {
                    row.faults.push(rule);
                }
            }
        }
        Ok(())
    }

    /// A staged row's raw cells as a batch of one row, and the id of its file.
    pub(super) fn raw_row(&self, row: u32) -> Result<(i64, RawBatch)> {
        let sql = "SELECT id, file_id, line, raw, occurrence, membership_key FROM staged_row WHERE id = ?1";
        let kept = self.db.prepare_cached(sql)?.query_row([row], kept_row);
        let mut rows = [kept.map_err(|_| Error::not_found("row"))?];
        self.add_faults(&mut rows)?;
        Ok((rows[0].file_id, raw_batch(&rows)))
    }
}

/// Faults of the file itself: they stay with the row whatever is done to its cells.
const READER_RULES: [Rule; 7] = [
    Rule::UnbalancedQuote,
    Rule::SurplusCells,
    Rule::MissingCells,
    Rule::NulCharacter,
    Rule::UndecodableBytes,
    Rule::MultiLineValue,
    Rule::CellError,
];

fn kept_row(row: &Row<'_>) -> rusqlite::Result<KeptRow> {
    let raw: String = row.get(3)?;
    Ok(KeptRow {
        id: row.get(0)?,
        file_id: row.get(1)?,
        line: row.get::<_, i64>(2)?.unsigned_abs(),
        cells: serde_json::from_str(&raw).unwrap_or_default(),
        occurrence: row.get(4)?,
        key: row.get(5)?,
        faults: Vec::new(),
    })
}

fn raw_batch(rows: &[KeptRow]) -> RawBatch {
    let mut builder = RawBatchBuilder::default();
    for row in rows {
        builder.start_row(row.line);
        for cell in &row.cells {
            builder.push_cell(cell);
        }
        for &fault in &row.faults {
            builder.push_issue(fault);
        }
    }
    let mut batch = builder.take();
    for (kept, row) in rows.iter().zip(batch.rows_mut()) {
        row.occurrence = kept.occurrence;
    }
    batch
}

fn row_ref(row: &Row<'_>) -> rusqlite::Result<RowRef> {
    let fingerprint: [u8; 16] = row.get(0)?;
    Ok(RowRef { fingerprint: u128::from_be_bytes(fingerprint), occurrence: row.get(1)? })
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
