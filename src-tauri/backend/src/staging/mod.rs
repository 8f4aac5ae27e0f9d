//! An import's staged rows: a SQLite file beside the import, derived from its raw files and its recipe.
//!
//! It answers the Fix screen's questions (a block of rows sorted and filtered, counts by rule, facets) in bounded
//! memory at any size, takes edits in place, and opens at once. SQLite and not Parquet, which has neither random
//! access by row nor updates without a query engine. It can be deleted at any time: it is rebuilt.

mod describe;
mod facets;
mod load;
mod query;
mod repeats;
mod restage;

pub use describe::{CellChange, CellStory, FoundIssue, RawCell, RowStory};
pub use facets::{Facet, FacetValue, SpellingGroup};
pub use load::{Loader, StagedFile};
pub use query::{FacetFilter, FieldInfo, GridRow, IssueCount, RowBlock, RowQuery, SortBy};
pub(crate) use repeats::Repeats;
pub use restage::{ReplacePreview, ReplaceSample, Restaged};

use std::path::Path;

use muster_engine::Field;
use muster_engine::staged::RowClass;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::store::SqliteAccess;

/// The columns that hold field values are named like the fields.
const SCHEMA: &str = include_str!("schema.sql");
/// Raised when the schema or the meaning of its contents changes; an older file is rebuilt.
const FORMAT: i32 = 5;

/// Counts of staged rows. `read = clean + suspect + rejected + excluded`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Counts {
    /// All rows
    pub read: u32,
    /// Rows that go to the target
    pub clean: u32,
    /// Rows whose dates cannot all be true
    pub suspect: u32,
    /// Rows with an error
    pub rejected: u32,
    /// Rows left out by the person
    pub excluded: u32,
}

impl Counts {
    /// Adds rows of a class.
    pub fn add(&mut self, class: RowClass, rows: u32) {
        self.read += rows;
        *match class {
            RowClass::Clean => &mut self.clean,
            RowClass::Suspect => &mut self.suspect,
            RowClass::Rejected => &mut self.rejected,
            RowClass::Excluded => &mut self.excluded,
        } += rows;
    }
}

/// An open staging database.
#[derive(Debug)]
pub struct Staging {
    db: Connection,
    access: SqliteAccess,
}

impl Staging {
    /// Opens the file, or makes an empty one. One of another format, or of another key, is emptied.
    ///
    /// # Errors
    /// When the file cannot be opened or written.
    pub fn open(access: &SqliteAccess) -> Result<Staging> {
        match Staging::open_file(access) {
            Ok(Some(staging)) => Ok(staging),
            Err(error) if error.code() != Code::InvalidInput => Err(error),
            _ => Staging::create_new(access),
        }
    }

    /// `None` where it has another format.
    fn open_file(access: &SqliteAccess) -> Result<Option<Staging>> {
        let staging = Staging { db: connect(access)?, access: access.clone() };
        let format: i32 = staging.db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match format {
            FORMAT => Ok(Some(staging)),
            0 => Ok(Some(staging.create()?)),
            _ => Ok(None),
        }
    }

    /// Makes an empty file in place of what there is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create_new(access: &SqliteAccess) -> Result<Staging> {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = access.path.as_os_str().to_owned();
            name.push(suffix);
            match std::fs::remove_file(&name) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::disk("clear the import's staging", &error));
                }
                _ => {}
            }
        }
        Staging { db: connect(access)?, access: access.clone() }.create()
    }

    fn create(self) -> Result<Staging> {
        self.db.execute_batch(SCHEMA)?;
        self.db.pragma_update(None, "user_version", FORMAT)?;
        Ok(self)
    }

    /// The connection, for what other modules keep beside the rows.
    pub(crate) fn connection(&self) -> &Connection {
        &self.db
    }

    /// Closes the file, with all that was written in it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn close(self) -> Result<()> {
        self.db.close().map_err(|(_, error)| error.into())
    }

    /// Puts another, closed staging file of the same key in the place of this one.
    ///
    /// # Errors
    /// When a file cannot be moved; then this one stays.
    pub fn replace_with(&mut self, other: &Path) -> Result<()> {
        let own = &self.access.path;
        self.db = Connection::open_in_memory()?;
        for suffix in ["-wal", "-shm"] {
            let mut name = own.as_os_str().to_owned();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
        std::fs::rename(other, own).map_err(|error| Error::disk("keep the staged rows", &error))?;
        self.db = connect(&self.access)?;
        Ok(())
    }

    /// Cells of a field in a file that could not be understood.
    ///
    /// # Errors
    /// When the database fails.
    pub fn failed_cells(&self, file: i64, field: Field) -> Result<u32> {
        let sql = format!(
            "SELECT count(*) FROM staged_row WHERE unread IS NOT NULL AND file_id = ?1
             AND json_extract(unread, '$.{field}') IS NOT NULL"
        );
        Ok(self.db.prepare_cached(&sql)?.query_row([file], |row| row.get(0))?)
    }

    /// A value kept with the staged rows, such as what they were made from.
    ///
    /// # Errors
    /// When the database fails.
    pub fn state(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM staged_state WHERE name = ?1";
        Ok(self.db.query_row(sql, [name], |row| row.get(0)).optional()?)
    }

    /// Keeps a value with the staged rows.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_state(&self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO staged_state (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.db.execute(sql, params![name, value])?;
        Ok(())
    }

    /// Counts of rows by class.
    ///
    /// # Errors
    /// When the database fails.
    pub fn counts(&self) -> Result<Counts> {
        let mut statement =
            self.db.prepare_cached("SELECT class, count(*) FROM staged_row GROUP BY class")?;
        let mut counts = Counts::default();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            counts.add(class_of(row.get(0)?), row.get(1)?);
        }
        Ok(counts)
    }
}

/// Opens a staging file as all that work on it do.
///
/// # Errors
/// [`Code::InvalidInput`] where it is encrypted with another key, or not at all.
pub(crate) fn connect(access: &SqliteAccess) -> Result<Connection> {
    let db = access.connect()?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    db.pragma_update(None, "journal_mode", "WAL").map_err(|cause| match cause.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => {
            Error::new(Code::InvalidInput, "The staged rows of this import are of another key")
                .with_help("Open the import again; it is rebuilt from its files.")
        }
        _ => cause.into(),
    })?;
    // The file can be rebuilt: a lost last transaction after a power cut does no harm.
    db.pragma_update(None, "synchronous", "OFF")?;
    db.pragma_update(None, "cache_size", -32_000)?;
    Ok(db)
}

/// Opens a staging file to read rows once, in their order: pages that were read are not kept, as the memory is the
/// target's while a push writes.
///
/// # Errors
/// As [`connect`].
pub(crate) fn connect_to_scan(access: &SqliteAccess) -> Result<Connection> {
    let db = connect(access)?;
    db.pragma_update(None, "cache_size", -2_000)?;
    Ok(db)
}

pub(crate) fn class_of(code: u8) -> RowClass {
    RowClass::ALL.get(usize::from(code)).copied().unwrap_or(RowClass::Rejected)
}
