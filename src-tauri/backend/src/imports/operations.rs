//! The person's steps: added at the end, undone one by one in any order, saved at once.

use std::collections::HashMap;

use muster_engine::Field;
use muster_engine::recipe::{Operation, RowRef};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::files::{json, parse};
use super::stage::applied;
use super::{Imports, now, small};
use crate::error::{Error, Result};
use crate::progress::Job;
use crate::staging::{Counts, ReplacePreview, RowQuery, Staging};
use crate::store::entities::{import, operation};

/// A step that a person asks for. Rows are named by their numbers.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NewOperation {
    /// Type a value into a cell
    EditCell {
        /// The row
        row: u32,
        /// The field
        field: Field,
        /// What was typed
        value: Option<String>,
    },
    /// Replace text in a field of all rows
    ReplaceValue {
        /// The field
        field: Field,
        /// Text to find
        find: String,
        /// Text to put in its place
        replace: String,
        /// Only cells that are that text as a whole
        whole_cell: bool,
        /// Capitals matter
        match_case: bool,
    },
    /// Give several spellings one value
    MergeValues {
        /// The field
        field: Field,
        /// The values, as shown
        from: Vec<Option<String>>,
        /// The value they get
        to: Option<String>,
    },
    /// Read a value of a column as another one
    MapValue {
        /// The file
        file: u32,
        /// Position of the column
        column: u32,
        /// The text in the file
        from: String,
        /// What it is read as
        to: Option<String>,
    },
    /// Leave rows out
    ExcludeRows {
        /// The rows
        rows: Vec<u32>,
    },
    /// Take rows in again
    RestoreRows {
        /// The rows
        rows: Vec<u32>,
    },
    /// Leave all rows out that a query finds
    ExcludeFound {
        /// The query
        query: RowQuery,
    },
    /// Take all rows in again that a query finds
    RestoreFound {
        /// The query
        query: RowQuery,
    },
}

/// A step in the list of steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OperationView {
    /// Its id
    pub id: u32,
    /// Its kind
    pub kind: String,
    /// What it does, for people
    pub label: String,
    /// Rows that it changed
    pub rows: u32,
    /// Rows that it was made for and that are no longer there, or no longer as they were
    pub not_found: u32,
    /// RFC 3339, UTC
    pub created: String,
}

/// What adding or undoing a step did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OperationResult {
    /// The step; `None` where there was nothing to do
    pub operation: Option<OperationView>,
    /// Counts of all rows after it
    pub counts: Counts,
}

impl Imports {
    /// The steps in force, the first one first.
    ///
    /// # Errors
    /// When the import does not exist.
    pub async fn operations(&self, id: u32) -> Result<Vec<OperationView>> {
        let import = self.import(id).await?;
        let saved = self.saved_steps(import.id).await?;
        let mut views = Vec::with_capacity(saved.len());
        for step in saved.iter().filter(|step| !step.undone) {
            views.push(self.operation_view(step).await?);
        }
        Ok(views)
    }

    /// Does a step and saves it.
    ///
    /// # Errors
    /// When it does not fit the import, or the job is cancelled; then nothing is changed.
    pub async fn add_operation(&self, id: u32, new: NewOperation, job: &Job) -> Result<OperationResult> {
        let import = self.import(id).await?;
        let operation = self.resolve(&import, new).await?;
        let last = self.saved_steps(import.id).await?.last().map_or(0, |step| step.position);
        let saved = operation::ActiveModel {
            import_id: Set(import.id),
            position: Set(last + 1),
            body: Set(json(&operation)?),
            created: Set(now()),
            undone: Set(false),
            ..Default::default()
        };
        let saved = saved.insert(self.db()).await?;
        let select = move |staging: &Staging| staging.select_for(&operation).map(|_| ());
        let counts = match self.restage(&import, select, job).await {
            Ok(counts) => counts,
            Err(error) => {
                operation::Entity::delete_by_id(saved.id).exec(self.db()).await?;
                return Err(error);
            }
        };
        self.forget_redo(&import).await?;
        Ok(OperationResult { operation: Some(self.operation_view(&saved).await?), counts })
    }

    /// Undoes a step, whichever it is. Later steps stay.
    ///
    /// # Errors
    /// When there is no such step, or the job is cancelled; then nothing is changed.
    pub async fn undo_operation(&self, id: u32, step: u32, job: &Job) -> Result<OperationResult> {
        let import = self.import(id).await?;
        let saved = self.saved_step(&import, i64::from(step)).await?;
        let view = self.operation_view(&saved).await?;
        let select = move |staging: &Staging| staging.select_touched(saved.id).map(|_| ());
        let counts = self.switch(&import, saved.id, true, select, job).await?;
        let mut redo: Vec<i64> = parse(&import.redo)?;
        redo.push(saved.id);
        self.save_redo(&import, &redo).await?;
        Ok(OperationResult { operation: Some(view), counts })
    }

    /// Does the step again that was undone last.
    ///
    /// # Errors
    /// When the import does not exist, or the job is cancelled; then nothing is changed.
    pub async fn redo_operation(&self, id: u32, job: &Job) -> Result<OperationResult> {
        let import = self.import(id).await?;
        let mut redo: Vec<i64> = parse(&import.redo)?;
        let Some(step) = redo.pop() else {
            let counts = self.with_staging(import.id, |staging| staging.counts()).await?;
            return Ok(OperationResult { operation: None, counts });
        };
        let saved = self.saved_step(&import, step).await?;
        // At its old place later steps follow it: rows that they changed are among those that it may change.
        let later = self.steps(import.id).await?.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        let operation: Operation = parse(&saved.body)?;
        let select = move |staging: &Staging| staging.select_for_at(&operation, &later);
        let counts = self.switch(&import, saved.id, false, select, job).await?;
        self.save_redo(&import, &redo).await?;
        Ok(OperationResult { operation: Some(self.operation_view(&saved).await?), counts })
    }

    /// What a replacement or a merge of values would change.
    ///
    /// # Errors
    /// When it does not fit the import.
    pub async fn preview_operation(&self, id: u32, new: NewOperation) -> Result<ReplacePreview> {
        let import = self.import(id).await?;
        let operation = self.resolve(&import, new).await?;
        self.with_staging(import.id, move |staging| staging.preview(&operation)).await
    }

    /// Switches a step off or on and stages the rows anew that it concerns; switches it back where that fails.
    async fn switch(
        &self,
        import: &import::Model,
        step: i64,
        undone: bool,
        select: impl FnOnce(&Staging) -> Result<()> + Send + 'static,
        job: &Job,
    ) -> Result<Counts> {
        let set = |undone: bool| operation::ActiveModel {
            id: Set(step),
            undone: Set(undone),
            ..Default::default()
        };
        set(undone).update(self.db()).await?;
        let restaged = self.restage(import, select, job).await;
        if restaged.is_err() {
            set(!undone).update(self.db()).await?;
        }
        restaged
    }

    /// Stages rows anew. They are selected under the same lock, so that no other call selects others meanwhile.
    async fn restage(
        &self,
        import: &import::Model,
        select: impl FnOnce(&Staging) -> Result<()> + Send + 'static,
        job: &Job,
    ) -> Result<Counts> {
        let prepared = self.prepare(import).await?;
        let ids: Vec<i64> = self.steps(import.id).await?.into_iter().map(|(id, _)| id).collect();
        let job = job.clone();
        let counts = self.with_staging(import.id, move |staging| {
            let plans: HashMap<_, _> =
                prepared.lists().map(|file| (file.id, prepared.plan(file, usize::MAX, true))).collect();
            select(staging)?;
            let restaged = staging.restage(&plans, &ids, &job)?;
            staging.set_state("applied", &applied(&ids))?;
            Ok(restaged.counts)
        });
        let counts = counts.await?;
        self.touch(import.id).await?;
        Ok(counts)
    }

    /// Turns row numbers and queries into what lasts: names of rows.
    async fn resolve(&self, import: &import::Model, new: NewOperation) -> Result<Operation> {
        Ok(match new {
            NewOperation::EditCell { row, field, value } => {
                let value = value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
                let row_ref = self.refs(import, vec![row]).await?;
                let was = self.cell_story(small(import.id), row, field).await?.raw;
                let Some(&row) = row_ref.first() else { return Err(Error::not_found("row")) };
                Operation::EditCell { row, field, was, value }
            }
            NewOperation::ReplaceValue { field, find, replace, whole_cell, match_case } => {
                Operation::ReplaceValue { field, find, replace, whole_cell, match_case }
            }
            NewOperation::MergeValues { field, from, to } => Operation::MergeValues { field, from, to },
            NewOperation::MapValue { file, column, from, to } => {
                let file = self.file(small(import.id), file).await?;
                let columns = self.columns_of(&file).await?;
                let column = columns.get(column as usize).ok_or_else(|| Error::not_found("column"))?;
                let to = to.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
                let (from, column) = (from.trim().to_owned(), column.facts.header.clone());
                Operation::MapValue { source: file.source, column, from, to }
            }
            NewOperation::ExcludeRows { rows } => {
                Operation::ExcludeRows { rows: self.refs(import, rows).await? }
            }
            NewOperation::RestoreRows { rows } => {
                Operation::RestoreRows { rows: self.refs(import, rows).await? }
            }
            NewOperation::ExcludeFound { query } => {
                Operation::ExcludeRows { rows: self.found(import, query).await? }
            }
            NewOperation::RestoreFound { query } => {
                Operation::RestoreRows { rows: self.found(import, query).await? }
            }
        })
    }

    async fn refs(&self, import: &import::Model, rows: Vec<u32>) -> Result<Vec<RowRef>> {
        self.with_staging(import.id, move |staging| staging.row_refs(&rows)).await
    }

    async fn found(&self, import: &import::Model, query: RowQuery) -> Result<Vec<RowRef>> {
        self.with_staging(import.id, move |staging| staging.found_refs(&query)).await
    }

    async fn saved_steps(&self, import: i64) -> Result<Vec<operation::Model>> {
        Ok(operation::Entity::find()
            .filter(operation::Column::ImportId.eq(import))
            .order_by_asc(operation::Column::Position)
            .all(self.db())
            .await?)
    }

    async fn saved_step(&self, import: &import::Model, step: i64) -> Result<operation::Model> {
        let found = operation::Entity::find_by_id(step).one(self.db()).await?;
        found.filter(|found| found.import_id == import.id).ok_or_else(|| Error::not_found("step"))
    }

    async fn operation_view(&self, step: &operation::Model) -> Result<OperationView> {
        let operation: Operation = parse(&step.body)?;
        let kind = step.body.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned();
        let text = label(&operation);
        let id = step.id;
        let counted = move |staging: &mut Staging| {
            let touched = staging.touched(id)?;
            Ok((
                touched,
                match &operation {
                    Operation::EditCell { .. } => 1_u32.saturating_sub(touched),
                    Operation::ExcludeRows { rows } | Operation::RestoreRows { rows } => {
                        staging.not_found(rows)?
                    }
                    _ => 0,
                },
            ))
        };
        let (rows, not_found) = self.with_staging(step.import_id, counted).await?;
        Ok(OperationView { id: small(id), kind, label: text, rows, not_found, created: step.created.clone() })
    }

    async fn save_redo(&self, import: &import::Model, redo: &[i64]) -> Result<()> {
        let change =
            import::ActiveModel { id: Set(import.id), redo: Set(json(&redo)?), ..Default::default() };
        change.update(self.db()).await?;
        Ok(())
    }

    /// A new step ends the chance to do undone ones again.
    async fn forget_redo(&self, import: &import::Model) -> Result<()> {
        operation::Entity::delete_many()
            .filter(operation::Column::ImportId.eq(import.id))
            .filter(operation::Column::Undone.eq(true))
            .exec(self.db())
            .await?;
        self.save_redo(import, &[]).await
    }
}

/// What a step does, in a person's words.
pub(super) fn label(operation: &Operation) -> String {
    let shown = |value: &Option<String>| {
        value.as_ref().map_or_else(|| "empty".to_owned(), |text| format!("“{text}”"))
    };
    let rows =
        |rows: &[RowRef]| if rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", rows.len()) };
    match operation {
        Operation::EditCell { field, value, .. } => {
            format!("Set {} to {}", field.label().to_lowercase(), shown(value))
        }
        Operation::ReplaceValue { field, find, replace, .. } => {
            format!("Replace “{find}” by “{replace}” in {}", field.label().to_lowercase())
        }
        Operation::MergeValues { field, from, to } => {
            format!("Merge {} values of {} into {}", from.len(), field.label().to_lowercase(), shown(to))
        }
        Operation::MapValue { column, from, to, .. } => {
            format!("Read “{from}” in column “{column}” as {}", shown(to))
        }
        Operation::ExcludeRows { rows: excluded } => format!("Exclude {}", rows(excluded)),
        Operation::RestoreRows { rows: restored } => format!("Restore {}", rows(restored)),
    }
}
