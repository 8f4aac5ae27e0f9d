//! The working copy of an open member file: an encrypted SQLite file in a folder of its own, gone when the file is
//! closed; with changes that are not saved it is kept as a draft ([`super::drafts`]).
//!
//! A row keeps its number for as long as the file is open; a deleted row stays as absent, so that it can come back.
//! `saved_row` has every row that is not as on the disk, as it is there.

use rusqlite::Connection;

use super::Unsaved;
use super::query::Found;
use super::read::{Fault, Rows};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::store::SqliteAccess;

/// Columns at the most: SQL that names them all stays within SQLite's limits.
const MOST_COLUMNS: usize = 400;
/// Rows between two reports.
const REPORT_EVERY: u32 = 8_192;

const STEPS: &str = "
    -- kind: 0 a cell was edited, 1 rows came, 2 rows went
    CREATE TABLE step (
        id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, label TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0, saved INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE step_cell (
        step_id INTEGER PRIMARY KEY, row_id INTEGER NOT NULL, position INTEGER NOT NULL, before TEXT, after TEXT
    );
    CREATE TABLE step_row (step_id INTEGER NOT NULL, row_id INTEGER NOT NULL, PRIMARY KEY (step_id, row_id)) WITHOUT ROWID;
    CREATE INDEX saved_row_state ON saved_row (present, present_now);
    -- One row, once all rows of the file are there: what file it is, as JSON
    CREATE TABLE about (id INTEGER PRIMARY KEY, value TEXT NOT NULL);
";
const FOUND: &str = "CREATE TEMP TABLE found (position INTEGER PRIMARY KEY, row_id INTEGER NOT NULL)";
/// Columns of `saved_row` before those of the file.
const SAVED_ROW_COLUMNS: usize = 3;

/// An open working copy.
pub(super) struct Working {
    pub(super) db: Connection,
    /// How many columns a row has: those of the header, or more where a row has more cells
    pub(super) columns: usize,
    /// Rows that are present
    pub(super) rows: u32,
    /// The number that the next new row gets
    pub(super) next_row: u32,
    /// What `temp.found` holds
    pub(super) found: Option<Found>,
}

impl Working {
    /// Fills a new working copy. Progress is reported in rows.
    pub(super) fn load(
        access: &SqliteAccess,
        columns: usize,
        rows: Rows,
        job: &Job,
    ) -> Result<(Working, Vec<Fault>)> {
        let db = connect(access)?;
        // While it is filled, it holds nothing that the file does not.
        db.pragma_update(None, "synchronous", "OFF")?;
        let mut working = Working { db, columns: 0, rows: 0, next_row: 1, found: None };
        working.db.execute_batch(
            "BEGIN; CREATE TABLE member_row (id INTEGER PRIMARY KEY, absent INTEGER NOT NULL DEFAULT 0)",
        )?;
        working.widen(columns.max(1))?;
        let faults = working.fill(rows, job)?;
        let cells = working.names("");
        working.db.execute_batch(&format!(
            "CREATE TABLE saved_row (row_id INTEGER PRIMARY KEY, present INTEGER NOT NULL, present_now INTEGER NOT NULL, {cells});
             {STEPS} COMMIT; {FOUND}"
        ))?;
        // From now on it holds what a person did.
        working.db.pragma_update(None, "synchronous", "NORMAL")?;
        Ok((working, faults))
    }

    /// Whether the program ended before all rows of the file were there.
    pub(super) fn is_unfilled(access: &SqliteAccess) -> bool {
        let tables = || -> Result<i64> {
            let sql = "SELECT count(*) FROM sqlite_master WHERE name = 'about'";
            Ok(connect(access)?.query_row(sql, [], |row| row.get(0))?)
        };
        tables().is_ok_and(|tables| tables == 0)
    }

    /// Opens a working copy that is there.
    pub(super) fn open(access: &SqliteAccess) -> Result<Working> {
        let db = connect(access)?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        let columns: usize =
            db.query_row("SELECT count(*) FROM pragma_table_info('saved_row')", [], |row| row.get(0))?;
        let next_row =
            db.query_row("SELECT coalesce(max(id), 0) + 1 FROM member_row", [], |row| row.get(0))?;
        db.execute_batch(FOUND)?;
        Ok(Working { db, columns: columns.saturating_sub(SAVED_ROW_COLUMNS), rows: 0, next_row, found: None })
    }

    /// Counts the present rows of a working copy that was opened.
    pub(super) fn count_rows(&mut self) -> Result<()> {
        let sql = "SELECT count(*) FROM member_row WHERE absent = 0";
        self.rows = self.db.query_row(sql, [], |row| row.get(0))?;
        Ok(())
    }

    /// What file it is, as JSON.
    pub(super) fn about(&self) -> Result<String> {
        Ok(self.db.query_row("SELECT value FROM about", [], |row| row.get(0))?)
    }

    /// Keeps what file it is.
    pub(super) fn set_about(&self, value: &str) -> Result<()> {
        self.db.execute("INSERT OR REPLACE INTO about (id, value) VALUES (1, ?1)", [value])?;
        Ok(())
    }

    fn fill(&mut self, rows: Rows, job: &Job) -> Result<Vec<Fault>> {
        let mut sql = self.insert_sql();
        rows.each(|cells| {
            let cells: Vec<&str> = cells.collect();
            if cells.len() > self.columns {
                self.widen(cells.len())?;
                sql = self.insert_sql();
            }
            let mut insert = self.db.prepare_cached(&sql)?;
            insert.raw_bind_parameter(1, self.next_row)?;
            for column in 0..self.columns {
                let cell = cells.get(column).copied().filter(|cell| !cell.is_empty());
                insert.raw_bind_parameter(column + 2, cell)?;
            }
            insert.raw_execute()?;
            self.rows += 1;
            self.next_row += 1;
            if self.rows.is_multiple_of(REPORT_EVERY) {
                job.report("Reading the rows", self.rows.into(), None)?;
            }
            Ok(())
        })
    }

    /// A row with more cells than the header has gets columns without a name.
    fn widen(&mut self, columns: usize) -> Result<()> {
        if columns > MOST_COLUMNS {
            return Err(Error::new(
                Code::FileTooLarge,
                format!("A row of the file has more than {MOST_COLUMNS} cells"),
            )
            .with_help("Member files have fewer columns. Check that this is the right file."));
        }
        for column in self.columns..columns {
            self.db.execute_batch(&format!("ALTER TABLE member_row ADD COLUMN c{column} TEXT"))?;
        }
        self.columns = columns;
        Ok(())
    }

    fn insert_sql(&self) -> String {
        let marks = vec!["?"; self.columns].join(", ");
        format!("INSERT INTO member_row (id, {}) VALUES (?, {marks})", self.names(""))
    }

    /// `c0, c1, …`, each behind `prefix`.
    pub(super) fn names(&self, prefix: &str) -> String {
        (0..self.columns).map(|column| format!("{prefix}c{column}")).collect::<Vec<_>>().join(", ")
    }

    /// Gives the cells of every present row to `each`, in the order of the file.
    pub(super) fn each_row(&self, mut each: impl FnMut(&[Option<&str>]) -> Result<()>) -> Result<()> {
        let sql = format!("SELECT {} FROM member_row WHERE absent = 0 ORDER BY id", self.names(""));
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cells = (0..self.columns)
                .map(|column| row.get_ref(column)?.as_str_or_null().map_err(|_| no_text()))
                .collect::<Result<Vec<_>>>()?;
            each(&cells)?;
        }
        Ok(())
    }

    /// The cells of a present row.
    pub(super) fn cells(&self, row: u32) -> Result<Vec<Option<String>>> {
        let sql = format!("SELECT {} FROM member_row WHERE id = ?1 AND absent = 0", self.names(""));
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query([row])?;
        let row = rows.next()?.ok_or_else(|| Error::not_found("row"))?;
        Ok((0..self.columns).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?)
    }

    /// Adds an absent row of empty cells; a step lets it come.
    pub(super) fn new_row(&mut self) -> Result<u32> {
        let row = self.next_row;
        self.db.execute("INSERT INTO member_row (id, absent) VALUES (?1, 1)", [row])?;
        self.next_row += 1;
        Ok(row)
    }

    /// Keeps how rows are on the disk, before they change.
    pub(super) fn remember(&self, which: Which) -> Result<()> {
        let cells = self.names("");
        let sql = format!(
            "INSERT OR IGNORE INTO saved_row (row_id, present, present_now, {cells})
             SELECT id, 1 - absent, 1 - absent, {cells} FROM member_row WHERE id {}",
            which.sql()
        );
        self.db.execute(&sql, [])?;
        Ok(())
    }

    /// Notes what changed rows are now, and forgets those that are as on the disk again.
    pub(super) fn compare(&self, which: Which) -> Result<()> {
        let rows = which.sql();
        let same: Vec<_> = (0..self.columns).map(|column| format!("m.c{column} IS s.c{column}")).collect();
        self.db.execute_batch(&format!(
            "UPDATE saved_row SET present_now =
                 (SELECT 1 - m.absent FROM member_row AS m WHERE m.id = saved_row.row_id) WHERE row_id {rows};
             DELETE FROM saved_row WHERE row_id IN (
                 SELECT s.row_id FROM saved_row AS s INNER JOIN member_row AS m ON m.id = s.row_id
                 WHERE s.row_id {rows} AND s.present = s.present_now AND (s.present = 0 OR ({})))",
            same.join(" AND ")
        ))?;
        Ok(())
    }

    /// Rows that are not as on the disk.
    pub(super) fn unsaved(&self) -> Result<Unsaved> {
        let sql = "SELECT present, present_now, count(*) FROM saved_row GROUP BY present, present_now";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut counts = Unsaved::default();
        while let Some(row) = rows.next()? {
            match (row.get(0)?, row.get(1)?) {
                (true, true) => counts.changed = row.get(2)?,
                (false, true) => counts.added = row.get(2)?,
                (true, false) => counts.deleted = row.get(2)?,
                (false, false) => {}
            }
        }
        Ok(counts)
    }

    /// All rows are on the disk as they are here.
    pub(super) fn all_saved(&mut self) -> Result<()> {
        self.db.execute_batch("DELETE FROM saved_row; UPDATE step SET saved = 1 - undone")?;
        self.found = None;
        Ok(())
    }
}

/// Rows that a step is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    Row(u32),
    OfStep(i64),
}

impl Which {
    /// A condition on a row's number.
    pub(super) fn sql(self) -> String {
        match self {
            Which::Row(row) => format!("= {row}"),
            Which::OfStep(step) => format!("IN (SELECT row_id FROM step_row WHERE step_id = {step})"),
        }
    }
}

fn connect(access: &SqliteAccess) -> Result<Connection> {
    let db = access.connect()?;
    db.pragma_update(None, "journal_mode", "DELETE")?;
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    db.pragma_update(None, "cache_size", -32_000)?;
    Ok(db)
}

fn no_text() -> Error {
    Error::new(Code::Internal, "The working copy of the file holds something that is no text")
}
