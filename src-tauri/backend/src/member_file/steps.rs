//! What a person does to the rows of an open file: steps that can be undone and done again.

use muster_engine::Field;
use muster_engine::standardise::Parsed;
use muster_engine::standardise::typed::standardise;
use rusqlite::{OptionalExtension, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::open_file::OpenFile;
use super::query::{Filter, MemberRowQuery};
use super::working::Which;
use crate::error::{Code, Error, Result};

const EDIT: i64 = 0;
const COME: i64 = 1;
const GO: i64 = 2;

/// Steps that are listed at the most.
const LISTED: u32 = 500;

/// Rows that a step is to be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MemberRowChoice {
    /// Rows by their numbers
    Rows {
        /// The numbers
        rows: Vec<u32>,
    },
    /// All rows that a query finds
    Found {
        /// The query
        query: MemberRowQuery,
    },
}

/// A step of this session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberStep {
    /// Its id
    pub id: u32,
    /// What it does, for people; quotes no cell
    pub label: String,
    /// It was undone, and can be done again
    pub undone: bool,
    /// The file on the disk has it
    pub saved: bool,
}

impl OpenFile {
    /// Puts what a person typed into a cell, standardised where the column's field has a rule that understands it.
    /// Says what standardising changed.
    pub(super) fn edit(
        &mut self,
        row: u32,
        column: u32,
        typed: Option<&str>,
    ) -> Result<Option<&'static str>> {
        let at = column as usize;
        let known = self.columns.get(at).ok_or_else(|| Error::not_found("column"))?;
        let before = self.working.cells(row)?.swap_remove(at);
        let (after, note) = self.standardised(known.field, typed.unwrap_or_default());
        if before == after {
            return Ok(note);
        }
        let label = format!("Edit {} of row {row}", known.label);
        self.in_transaction(|file| {
            let step = file.new_step(EDIT, &label)?;
            file.working.db.execute(
                "INSERT INTO step_cell (step_id, row_id, position, before, after) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![step, row, column, before, after],
            )?;
            file.set_cell(row, column, after.as_deref())
        })?;
        Ok(note)
    }

    fn standardised(&self, field: Option<Field>, typed: &str) -> (Option<String>, Option<&'static str>) {
        let as_typed = (!typed.is_empty()).then(|| typed.to_owned());
        let Some(field) = field else { return (as_typed, None) };
        let mut value = String::new();
        match standardise(field, typed, self.today, &mut value) {
            Parsed::Value((), change) => (Some(value), change.map(muster_engine::Change::label)),
            Parsed::Missing(change) => (None, change.map(muster_engine::Change::label)),
            Parsed::Failed(_) => (as_typed, None),
        }
    }

    /// Adds an empty row at the end; gives its number.
    pub(super) fn add_row(&mut self) -> Result<u32> {
        self.in_transaction(|file| {
            let row = file.working.new_row()?;
            let step = file.new_step(COME, "Add a row")?;
            file.working
                .db
                .execute("INSERT INTO step_row (step_id, row_id) VALUES (?1, ?2)", [step, row.into()])?;
            file.set_absent(step, false)?;
            Ok(row)
        })
    }

    /// Deletes rows.
    pub(super) fn delete(&mut self, rows: &MemberRowChoice) -> Result<()> {
        self.change_presence(rows, GO, "Delete")
    }

    /// Brings deleted rows back.
    pub(super) fn bring_back(&mut self, rows: &MemberRowChoice) -> Result<()> {
        self.change_presence(rows, COME, "Bring back")
    }

    fn change_presence(&mut self, rows: &MemberRowChoice, kind: i64, verb: &str) -> Result<()> {
        let absent = i64::from(kind == COME);
        self.in_transaction(|file| {
            let step = file.new_step(kind, verb)?;
            let sql = "INSERT OR IGNORE INTO step_row (step_id, row_id) SELECT ?, id FROM member_row WHERE absent = ? AND ";
            let db = &file.working.db;
            let mut chosen = 0;
            match rows {
                MemberRowChoice::Rows { rows } => {
                    let mut choose = db.prepare(&format!("{sql} id = ?"))?;
                    for row in rows {
                        chosen += choose.execute(params![step, absent, row])?;
                    }
                }
                MemberRowChoice::Found { query } => {
                    let filter = Filter::of(query, file.working.columns);
                    let condition = if filter.is_empty() { "1".to_owned() } else { filter.sql() };
                    let numbers = [step.to_string(), absent.to_string()];
                    let values = numbers.iter().chain(&filter.words);
                    chosen = db.prepare(&format!("{sql} {condition}"))?.execute(params_from_iter(values))?;
                }
            }
            if chosen == 0 {
                return Err(Error::new(Code::InvalidInput, format!("There is no row to {}", verb.to_lowercase()))
                    .with_help("Choose rows first."));
            }
            let label = if chosen == 1 { format!("{verb} a row") } else { format!("{verb} {chosen} rows") };
            db.execute("UPDATE step SET label = ?2 WHERE id = ?1", params![step, label])?;
            file.set_absent(step, kind == GO)
        })
    }

    /// Undoes the last step that is not undone; `false` where there is none.
    pub(super) fn undo(&mut self) -> Result<bool> {
        self.turn("SELECT id, kind FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1", true)
    }

    /// Does the step again that was undone last; `false` where there is none.
    pub(super) fn redo(&mut self) -> Result<bool> {
        self.turn("SELECT id, kind FROM step WHERE undone = 1 ORDER BY id LIMIT 1", false)
    }

    fn turn(&mut self, which: &str, undone: bool) -> Result<bool> {
        let found: Option<(i64, i64)> =
            self.working.db.query_row(which, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((step, kind)) = found else { return Ok(false) };
        self.in_transaction(|file| {
            if kind == EDIT {
                let sql = "SELECT row_id, position, before, after FROM step_cell WHERE step_id = ?1";
                let (row, column, before, after): (u32, u32, Option<String>, Option<String>) = file
                    .working
                    .db
                    .query_row(sql, [step], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
                file.set_cell(row, column, if undone { before } else { after }.as_deref())?;
            } else {
                file.set_absent(step, (kind == GO) != undone)?;
            }
            file.working.db.execute("UPDATE step SET undone = ?2 WHERE id = ?1", params![step, undone])?;
            Ok(())
        })?;
        self.working.found = None;
        Ok(true)
    }

    /// The steps of this session, the newest first.
    pub(super) fn steps(&self) -> Result<Vec<MemberStep>> {
        let sql = format!("SELECT id, label, undone, saved FROM step ORDER BY id DESC LIMIT {LISTED}");
        let mut statement = self.working.db.prepare_cached(&sql)?;
        let step = |row: &rusqlite::Row<'_>| {
            Ok(MemberStep { id: row.get(0)?, label: row.get(1)?, undone: row.get(2)?, saved: row.get(3)? })
        };
        Ok(statement.query_map([], step)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Labels of the steps that undo and redo are about.
    pub(super) fn next_labels(&self) -> Result<(Option<String>, Option<String>)> {
        let label = |sql: &str| -> Result<Option<String>> {
            Ok(self.working.db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?)
        };
        Ok((
            label("SELECT label FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1")?,
            label("SELECT label FROM step WHERE undone = 1 ORDER BY id LIMIT 1")?,
        ))
    }

    /// Starts a step. What was undone before it cannot be done again.
    fn new_step(&mut self, kind: i64, label: &str) -> Result<i64> {
        let db = &self.working.db;
        db.execute_batch(
            "DELETE FROM step_cell WHERE step_id IN (SELECT id FROM step WHERE undone = 1);
             DELETE FROM step_row WHERE step_id IN (SELECT id FROM step WHERE undone = 1);
             DELETE FROM step WHERE undone = 1",
        )?;
        db.execute("INSERT INTO step (kind, label) VALUES (?1, ?2)", params![kind, label])?;
        Ok(db.last_insert_rowid())
    }

    fn set_cell(&mut self, row: u32, column: u32, value: Option<&str>) -> Result<()> {
        self.working.remember(Which::Row(row))?;
        let sql = format!("UPDATE member_row SET c{column} = ?2 WHERE id = ?1");
        self.working.db.execute(&sql, params![row, value])?;
        self.working.compare(Which::Row(row))
    }

    fn set_absent(&mut self, step: i64, absent: bool) -> Result<()> {
        let which = Which::OfStep(step);
        self.working.remember(which)?;
        let sql = format!("UPDATE member_row SET absent = ?1 WHERE absent <> ?1 AND id {}", which.sql());
        let changed = u32::try_from(self.working.db.execute(&sql, [absent])?).unwrap_or(u32::MAX);
        self.working.compare(which)?;
        self.working.found = None;
        let rows = self.working.rows;
        self.working.rows = if absent { rows.saturating_sub(changed) } else { rows.saturating_add(changed) };
        Ok(())
    }

    /// All of `work`, or nothing of it.
    fn in_transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (rows, next_row) = (self.working.rows, self.working.next_row);
        self.working.db.execute_batch("BEGIN")?;
        match work(self).and_then(|done| Ok((done, self.working.db.execute_batch("COMMIT")?).0)) {
            Ok(done) => Ok(done),
            Err(error) => {
                let _ = self.working.db.execute_batch("ROLLBACK");
                (self.working.rows, self.working.next_row) = (rows, next_row);
                self.working.found = None;
                Err(error)
            }
        }
    }
}
