//! Reads a row of the inbox as its import did: the same columns, order of dates, company list, steps and rules.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use muster_engine::operations::Operations;
use muster_engine::pipeline::{self, ColumnPlan, FilePlan, PlanSettings};
use muster_engine::read::{RawBatch, RawBatchBuilder};
use muster_engine::recipe::{Operation, Recipe, RowRef, RuleSettings};
use muster_engine::staged::StagedBatch;
use muster_engine::standardise::company::CompanyDimension;
use muster_engine::standardise::date::Epoch;
use muster_engine::{Date, Rule};
use sea_orm::DatabaseConnection;

use super::kept::Kept;
use crate::error::{Code, Error, Result};
use crate::push::{ReadColumn, rules_of, today, unreadable};
use crate::store::sql::all;

/// How the rows of one file of one push are read.
pub(super) struct Reader {
    pub(super) columns: Vec<ReadColumn>,
    source: String,
    plans: Vec<ColumnPlan>,
    epoch: Epoch,
    companies: Arc<CompanyDimension>,
    rules: RuleSettings,
    today: Date,
    operations: Vec<Operation>,
    /// Rows that steps name
    named: HashSet<RowRef>,
    /// With the steps that name no row
    plan: FilePlan,
}

/// Readers of a target, each loaded once.
#[derive(Default)]
pub(super) struct Readers {
    readers: HashMap<i64, Reader>,
    companies: HashMap<i64, Arc<CompanyDimension>>,
}

impl Readers {
    /// The reader of a row.
    ///
    /// # Errors
    /// [`Code::Refused`] where a version of Muster refused the row that did not keep how it was read.
    pub(super) async fn of(&mut self, db: &DatabaseConnection, kept: &Kept) -> Result<&Reader> {
        let id = kept.reading.ok_or_else(|| {
            Error::new(Code::Refused, format!("Row {} was refused by an earlier version of Muster", kept.id))
                .with_help("That version did not keep how the file was read. Import the file again, and fix the row there.")
        })?;
        if !self.readers.contains_key(&id) {
            let reader = self.load(db, id, &kept.file.source).await?;
            self.readers.insert(id, reader);
        }
        self.readers.get(&id).ok_or_else(|| Error::not_found("reading"))
    }

    async fn load(&mut self, db: &DatabaseConnection, id: i64, source: &str) -> Result<Reader> {
        let sql = "SELECT reading.columns, reading.epoch_year, reading.company_list_id, push.recipe
             FROM reading INNER JOIN push ON reading.push_id = push.id WHERE reading.id = $1";
        let rows = all(db, sql, [id.into()]).await?;
        let row = rows.first().ok_or_else(|| Error::not_found("reading"))?;
        let columns: Vec<ReadColumn> =
            serde_json::from_str(&row.try_get::<String>("", "columns")?).map_err(unreadable)?;
        let recipe: Option<String> = row.try_get("", "recipe")?;
        let recipe: Recipe = serde_json::from_str(&recipe.unwrap_or_default()).map_err(unreadable)?;
        let companies = match row.try_get::<Option<i64>>("", "company_list_id")? {
            Some(list) => self.company_list(db, list).await?,
            None => Arc::default(),
        };
        let epoch =
            if row.try_get::<i32>("", "epoch_year")? == 1904 { Epoch::Year1904 } else { Epoch::Year1900 };
        Reader::new(source, columns, epoch, companies, recipe)
    }

    async fn company_list(&mut self, db: &DatabaseConnection, id: i64) -> Result<Arc<CompanyDimension>> {
        if let Some(list) = self.companies.get(&id) {
            return Ok(Arc::clone(list));
        }
        let rows = all(db, "SELECT entries FROM company_list WHERE id = $1", [id.into()]).await?;
        let row = rows.first().ok_or_else(|| Error::not_found("company list"))?;
        let entries: Vec<(String, String)> =
            serde_json::from_str(&row.try_get::<String>("", "entries")?).map_err(unreadable)?;
        let list = Arc::new(CompanyDimension::new(entries));
        self.companies.insert(id, Arc::clone(&list));
        Ok(list)
    }
}

impl Reader {
    fn new(
        source: &str,
        columns: Vec<ReadColumn>,
        epoch: Epoch,
        companies: Arc<CompanyDimension>,
        recipe: Recipe,
    ) -> Result<Reader> {
        let plans: Vec<ColumnPlan> = columns.iter().map(ReadColumn::plan).collect();
        let (today, Recipe { operations, rules, .. }) = (today()?, recipe);
        let of_all = operations.iter().filter(|step| rows_of(step).is_none());
        let settings = PlanSettings {
            companies: Arc::clone(&companies),
            operations: Arc::new(Operations::new(of_all)),
            rules: rules.clone(),
            today,
            fingerprints: true,
        };
        let plan = FilePlan::new(source, &plans, epoch, &settings);
        let named = operations.iter().filter_map(rows_of).flatten().collect();
        Ok(Reader {
            columns,
            source: source.to_owned(),
            plans,
            epoch,
            companies,
            rules,
            today,
            operations,
            named,
            plan,
        })
    }

    /// The row, raw and staged, with its cells as they stand.
    pub(super) fn stage(&self, kept: &Kept) -> (RawBatch, StagedBatch) {
        let raw = self.batch(kept, kept.current(), kept.fixed.is_some());
        let original = self.plan.fingerprint(&self.batch(kept, &kept.cells, true), 0);
        let was = RowRef { fingerprint: original, occurrence: kept.occurrence };
        if !self.named.contains(&was) {
            let staged = pipeline::stage(&self.plan, &raw);
            return (raw, staged);
        }
        // Steps that name the row know it by its cells as they came.
        let is = RowRef { fingerprint: self.plan.fingerprint(&raw, 0), occurrence: 0 };
        let operations: Vec<Operation> =
            self.operations.iter().filter_map(|step| renamed(step, was, is)).collect();
        let settings = PlanSettings {
            companies: Arc::clone(&self.companies),
            operations: Arc::new(Operations::new(&operations)),
            rules: self.rules.clone(),
            today: self.today,
            fingerprints: true,
        };
        let plan = FilePlan::new(&self.source, &self.plans, self.epoch, &settings);
        let staged = pipeline::stage(&plan, &raw);
        (raw, staged)
    }

    /// The cells as a reader would give them. Whoever saved the cells has seen how they were cut, so a quote that is not
    /// closed counts no more; what is too much for the columns still does.
    fn batch(&self, kept: &Kept, cells: &[String], seen: bool) -> RawBatch {
        let mut builder = RawBatchBuilder::default();
        builder.start_row(kept.line.cast_unsigned());
        let filled = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        let count = cells.len().min(self.columns.len().max(filled));
        for cell in &cells[..count] {
            builder.push_cell(cell);
        }
        let found = rules_of(&kept.rules);
        let surplus = count > self.columns.len() || (!seen && found.contains(&Rule::SurplusCells));
        if !seen && found.contains(&Rule::UnbalancedQuote) {
            builder.push_issue(Rule::UnbalancedQuote);
        }
        if surplus {
            builder.push_issue(Rule::SurplusCells);
        } else if count < self.columns.len() {
            builder.push_issue(Rule::MissingCells);
        }
        builder.take()
    }
}

/// The rows that a step names; `None` of a step that names none.
fn rows_of(step: &Operation) -> Option<Vec<RowRef>> {
    match step {
        Operation::EditCell { row, .. } => Some(vec![*row]),
        Operation::ExcludeRows { rows } | Operation::RestoreRows { rows } => Some(rows.clone()),
        _ => None,
    }
}

/// The step, if it is of all rows or of the row `was`, which is called `is` now.
fn renamed(step: &Operation, was: RowRef, is: RowRef) -> Option<Operation> {
    if !rows_of(step).is_none_or(|rows| rows.contains(&was)) {
        return None;
    }
    Some(match step {
        Operation::EditCell { field, was, value, .. } => {
            Operation::EditCell { row: is, field: *field, was: was.clone(), value: value.clone() }
        }
        Operation::ExcludeRows { .. } => Operation::ExcludeRows { rows: vec![is] },
        Operation::RestoreRows { .. } => Operation::RestoreRows { rows: vec![is] },
        of_all => of_all.clone(),
    })
}
