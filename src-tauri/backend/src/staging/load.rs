//! Fills the staging with rows, in file order.

use muster_engine::recipe::RuleSettings;
use muster_engine::staged::{CellOrigin, RowClass, StagedBatch};
use muster_engine::{Field, Level, RawBatch};
use rusqlite::{CachedStatement, Connection, params};
use serde_json::{Map, Value};

use super::Staging;
use crate::error::Result;

/// A file whose rows are staged.
#[derive(Debug, Clone)]
pub struct StagedFile {
    /// Its id in the workspace
    pub id: i64,
    /// Its name, without a folder
    pub name: String,
    /// The organisation that it comes from
    pub source: String,
    /// Lower-case hex
    pub sha256: String,
    /// Bytes
    pub size: u64,
    /// Column headers
    pub header: Vec<String>,
}

/// Loads rows in one transaction: all of them are there, or none.
pub struct Loader<'s> {
    staging: &'s Staging,
    next_row: i64,
    operations: Vec<i64>,
    done: bool,
}

impl Staging {
    /// Starts a load. `operations` are the ids of the recipe's steps in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn loader(&self, operations: Vec<i64>) -> Result<Loader<'_>> {
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Loader { staging: self, next_row: 1, operations, done: false })
    }
}

impl Loader<'_> {
    /// Announces the file that the next rows belong to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn start_file(&mut self, file: &StagedFile) -> Result<()> {
        let sql = "INSERT INTO staged_file (id, name, source, sha256, size, header) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let header = Value::from(file.header.clone()).to_string();
        let size = i64::try_from(file.size).unwrap_or(i64::MAX);
        self.staging.db.execute(sql, params![file.id, file.name, file.source, file.sha256, size, header])?;
        Ok(())
    }

    /// Adds rows of the file.
    ///
    /// # Errors
    /// When the database fails.
    pub fn add(&mut self, file_id: i64, raw: &RawBatch, staged: &StagedBatch) -> Result<()> {
        let mut statements = Statements::new(&self.staging.db)?;
        let first = self.next_row;
        for row in 0..staged.len() {
            statements.insert(self.next_row, file_id, raw, staged, row)?;
            self.next_row += 1;
        }
        for &(row, step) in staged.touches() {
            let operation = self.operations.get(step as usize).copied().unwrap_or_default();
            statements.touch.execute(params![operation, first + i64::from(row)])?;
        }
        Ok(())
    }

    /// Ends the load: finds what only the whole list shows, and commits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn finish(mut self, rules: &RuleSettings) -> Result<()> {
        self.staging.set_state("rules_off", &serde_json::to_string(&rules.off).unwrap_or_default())?;
        self.staging.find_repeats()?;
        self.staging.db.execute_batch("COMMIT")?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Loader<'_> {
    fn drop(&mut self) {
        if !self.done {
            // A load that failed or was cancelled leaves what was there; the next one starts anew anyway.
            let _ = self.staging.db.execute_batch("ROLLBACK");
        }
    }
}

/// Names of the value columns, in the order of [`Field::ALL`].
pub(super) fn field_columns() -> String {
    Field::ALL.map(Field::name).join(", ")
}

/// Prepared statements that write staged rows.
pub(super) struct Statements<'c> {
    row: CachedStatement<'c>,
    issue: CachedStatement<'c>,
    pub(super) touch: CachedStatement<'c>,
    raw_line: CachedStatement<'c>,
    marks: String,
}

impl<'c> Statements<'c> {
    pub(super) fn new(db: &'c Connection) -> Result<Statements<'c>> {
        let row = format!(
            "INSERT OR REPLACE INTO staged_row (id, file_id, line, class, membership_key, raw_hash, fingerprint, \
             occurrence, company_id, unread, marks, raw, {}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
             ?12, {})",
            field_columns(),
            (13..13 + Field::COUNT).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", "),
        );
        let issue = "INSERT OR IGNORE INTO staged_issue (rule, row_id, field, level) VALUES (?1, ?2, ?3, ?4)";
        Ok(Statements {
            row: db.prepare_cached(&row)?,
            issue: db.prepare_cached(issue)?,
            touch: db.prepare_cached(
                "INSERT OR IGNORE INTO staged_touch (operation_id, row_id) VALUES (?1, ?2)",
            )?,
            raw_line: db
                .prepare_cached("INSERT OR REPLACE INTO staged_raw_line (row_id, text) VALUES (?1, ?2)")?,
            marks: String::with_capacity(Field::COUNT),
        })
    }

    /// Writes one row with its issues.
    pub(super) fn insert(
        &mut self,
        id: i64,
        file_id: i64,
        raw: &RawBatch,
        staged: &StagedBatch,
        row: usize,
    ) -> Result<()> {
        let meta = &staged.rows()[row];
        write_marks(staged, row, &mut self.marks);
        let cells = serde_json::to_string(&raw.cells(row).collect::<Vec<_>>()).unwrap_or_default();
        let statement = &mut self.row;
        statement.raw_bind_parameter(1, id)?;
        statement.raw_bind_parameter(2, file_id)?;
        statement.raw_bind_parameter(3, i64::try_from(meta.line).unwrap_or(i64::MAX))?;
        statement.raw_bind_parameter(4, meta.class as u8)?;
        statement.raw_bind_parameter(5, membership_key(staged, row))?;
        statement.raw_bind_parameter(6, meta.raw_hash.cast_signed())?;
        statement.raw_bind_parameter(7, meta.fingerprint.to_be_bytes().as_slice())?;
        statement.raw_bind_parameter(8, meta.occurrence)?;
        statement.raw_bind_parameter(9, staged.company_id(row))?;
        statement.raw_bind_parameter(10, unread(staged, row))?;
        statement.raw_bind_parameter(11, self.marks.as_str())?;
        statement.raw_bind_parameter(12, cells)?;
        for field in Field::ALL {
            statement.raw_bind_parameter(13 + field.index(), staged.value(row, field))?;
        }
        statement.raw_execute()?;
        for issue in staged.issues(row) {
            let field = issue.field.map_or(-1, |field| field.index() as i64);
            self.issue.execute(params![issue.rule as u8, id, field, issue.level() as u8])?;
        }
        let faulty = staged.issues(row).iter().any(|issue| issue.field.is_none());
        if meta.class == RowClass::Rejected || faulty {
            self.raw_line.execute(params![id, raw.raw(row)])?;
        }
        Ok(())
    }
}

/// The key of the membership in the target: the club's member number, or a hash.
pub(crate) fn membership_key(staged: &StagedBatch, row: usize) -> String {
    staged
        .value(row, Field::SourceKey)
        .map_or_else(|| format!("{:032x}", staged.rows()[row].key), str::to_owned)
}

fn unread(staged: &StagedBatch, row: usize) -> Option<String> {
    let texts: Map<String, Value> = Field::ALL
        .into_iter()
        .filter_map(|field| Some((field.name().to_owned(), staged.unread(row, field)?.into())))
        .collect();
    (!texts.is_empty()).then(|| Value::Object(texts).to_string())
}

/// One character a field: see `staged_row.marks`. What a person edited stays marked so, unless it has an issue.
fn write_marks(staged: &StagedBatch, row: usize, marks: &mut String) {
    marks.clear();
    for field in Field::ALL {
        let worst =
            staged.issues(row).iter().filter(|issue| issue.field == Some(field)).map(|i| i.level()).min();
        marks.push(match (worst, staged.origin(row, field)) {
            (Some(Level::Error), _) => 'x',
            (Some(Level::Warning), _) => 'w',
            (_, CellOrigin::Edited) => 'e',
            (_, CellOrigin::Changed(_)) => 'c',
            (_, CellOrigin::AsRead) => '.',
        });
    }
}
