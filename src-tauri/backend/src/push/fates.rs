//! The plan as it is kept with the staged rows: what the planner reads of them and writes beside them.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use muster_engine::Field;
use muster_engine::resolve::FieldSet;
use rusqlite::{Connection, OptionalExtension, params};

use super::details::{COLUMNS, Details};
use super::member_merges::PlannedMerge;
use super::report::Fate;
use crate::error::{Code, Error, Result};
use crate::staging;
use crate::store::SqliteAccess;

/// A clean row that may become a member.
pub(super) struct Candidate {
    pub(super) row: i64,
    pub(super) file: i64,
    pub(super) key: String,
    pub(super) details: Details,
}

/// A row's fate, found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) row: i64,
    pub(super) fate: u8,
    pub(super) membership: Option<i64>,
    pub(super) member: Option<i64>,
    pub(super) version: Option<i64>,
    pub(super) same_key_row: Option<i64>,
    pub(super) theirs: Option<String>,
    pub(super) made: Option<String>,
    /// Of a new membership: the row whose person it is of
    pub(super) lead: Option<i64>,
    /// The row with whose details its member is written
    pub(super) writes_member: bool,
}

impl Found {
    pub(super) fn new(row: i64, fate: Fate) -> Found {
        Found { row, fate: fate as u8, ..Found::default() }
    }
}

/// A membership that the lists do not have any more.
pub(super) struct Removal {
    pub(super) membership: i64,
    pub(super) member: i64,
    pub(super) version: i64,
    pub(super) source: String,
    pub(super) theirs: String,
}

/// The staging database of an import, with a transaction open for a plan. Dropped without [`Fates::keep`], the plan
/// that was there before stays.
pub(super) struct Fates {
    // Only ever locked for the length of one call; the lock lets the planner wait for a server in between.
    db: Mutex<Connection>,
}

const CANDIDATE: &str =
    "staged_row.class = 0 AND (staged_row.given_name IS NOT NULL OR staged_row.family_name IS NOT NULL)";

impl Fates {
    /// Opens the staging and begins a new plan in it.
    pub(super) fn begin(staged: &SqliteAccess) -> Result<Fates> {
        if !staged.path.exists() {
            return Err(Error::not_found("import"));
        }
        let db = staging::connect(staged)?;
        db.execute_batch(
            "BEGIN IMMEDIATE;
             DELETE FROM staged_fate;
             DELETE FROM staged_removal;
             DELETE FROM staged_merge;
             DROP INDEX IF EXISTS staged_fate_by_fate;
             DROP INDEX IF EXISTS staged_fate_by_membership;",
        )?;
        // Rows with an error, and clean ones without any name (where that rule is switched off), cannot be members.
        let rejects = format!(
            "INSERT INTO staged_fate (row_id, fate) SELECT id, {} FROM staged_row
             WHERE class = 2 OR (class = 0 AND given_name IS NULL AND family_name IS NULL)",
            Fate::Reject as u8
        );
        db.execute(&rejects, [])?;
        Ok(Fates { db: Mutex::new(db) })
    }

    fn db(&self) -> Result<MutexGuard<'_, Connection>> {
        self.db.lock().map_err(|_| Error::new(Code::Internal, "The plan stopped without an answer"))
    }

    /// The files that have rows: id and source.
    pub(super) fn files(&self) -> Result<Vec<(i64, String)>> {
        let db = self.db()?;
        let mut statement = db.prepare(
            "SELECT id, source FROM staged_file
             WHERE EXISTS (SELECT 1 FROM staged_row WHERE staged_row.file_id = staged_file.id)",
        )?;
        let files = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    /// The greatest id of a row.
    pub(super) fn last_row(&self) -> Result<i64> {
        Ok(self.db()?.query_row("SELECT coalesce(max(id), 0) FROM staged_row", [], |row| row.get(0))?)
    }

    /// For rows that repeat the key of an earlier candidate of their source: that one.
    pub(super) fn repeats(&self) -> Result<HashMap<i64, i64>> {
        let sql = format!(
            "SELECT numbered.id, numbered.first_id FROM (
                 SELECT staged_row.id, min(staged_row.id) OVER (PARTITION BY staged_file.source, staged_row.membership_key) AS first_id
                 FROM staged_row INNER JOIN staged_file ON staged_row.file_id = staged_file.id
                 WHERE {CANDIDATE} AND staged_row.membership_key IN (
                     SELECT membership_key FROM staged_row GROUP BY membership_key HAVING count(*) > 1)
             ) AS numbered WHERE numbered.id > numbered.first_id"
        );
        let db = self.db()?;
        let mut statement = db.prepare(&sql)?;
        let repeats = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(repeats.collect::<Result<_, _>>()?)
    }

    /// The candidates among the rows after `after`, up to `upto`.
    pub(super) fn candidates(&self, after: i64, upto: i64) -> Result<Vec<Candidate>> {
        let db = self.db()?;
        let sql = format!(
            "SELECT id, file_id, membership_key, {} FROM staged_row
             WHERE id > ?1 AND id <= ?2 AND {CANDIDATE} ORDER BY id",
            details_of("staged_row")
        );
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = statement.query(params![after, upto])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Candidate {
                row: row.get(0)?,
                file: row.get(1)?,
                key: row.get(2)?,
                details: Details::read(|at| Ok(row.get(3 + at)?))?,
            });
        }
        Ok(found)
    }

    /// The details of one row.
    pub(super) fn details(&self, row: i64) -> Result<Details> {
        let db = self.db()?;
        let sql = format!("SELECT {} FROM staged_row WHERE id = ?1", details_of("staged_row"));
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = statement.query([row])?;
        let row = rows.next()?.ok_or_else(|| Error::not_found("row"))?;
        Details::read(|at| Ok(row.get(at)?))
    }

    /// Rows of persons who have several, or whom the target may have: the row, its person and the person's member.
    pub(super) fn persons(&self) -> Result<Vec<(i64, i64, Option<i64>)>> {
        let db = self.db()?;
        let sql = format!(
            "SELECT staged_person.row_id, staged_person.person, staged_person.member_id
             FROM staged_person INNER JOIN staged_row ON staged_person.row_id = staged_row.id WHERE {CANDIDATE}
             ORDER BY staged_person.row_id"
        );
        let mut statement = db.prepare(&sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Files and keys of rows that are among [`Fates::persons`], those after `after` and up to `upto`, with their persons.
    pub(super) fn keys_of_persons(&self, after: i64, upto: i64) -> Result<Vec<(i64, String, i64)>> {
        let db = self.db()?;
        let sql = format!(
            "SELECT staged_row.file_id, staged_row.membership_key, staged_person.person
             FROM staged_person INNER JOIN staged_row ON staged_person.row_id = staged_row.id
             WHERE staged_person.row_id > ?1 AND staged_person.row_id <= ?2 AND {CANDIDATE}"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let rows = statement.query_map([after, upto], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the rows of a person make of the member, and the fields that somebody has to settle first.
    pub(super) fn of_person(&self, person: i64) -> Result<Option<(Details, FieldSet)>> {
        let db = self.db()?;
        let columns: Vec<String> = COLUMNS
            .iter()
            .map(|name| match *name {
                "member_since" | "last_active" | "score" => format!("NULL AS {name}"),
                "company_source_id" => "CASE WHEN company IS NULL THEN company_source_id END".to_owned(),
                name => name.to_owned(),
            })
            .collect();
        let sql = format!("SELECT {}, open FROM staged_member WHERE person = ?1", columns.join(", "));
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = statement.query([person])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let open: u32 = row.get(COLUMNS.len())?;
        let is_open = |field: &Field| open & 1 << field.index() != 0;
        Ok(Some((Details::read(|at| Ok(row.get(at)?))?, Field::ALL.into_iter().filter(is_open).collect())))
    }

    /// Members of the target whom people said to be the person of another one: the person, who stays and who goes.
    pub(super) fn merges_wanted(&self) -> Result<Vec<(i64, i64, i64)>> {
        let db = self.db()?;
        let mut statement = db.prepare(
            "SELECT person, into_member_id, member_id FROM staged_member_merge ORDER BY person, member_id",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds merges.
    pub(super) fn add_merges(&self, merges: &[PlannedMerge]) -> Result<()> {
        let db = self.db()?;
        let mut statement = db.prepare_cached("INSERT INTO staged_merge VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for one in merges {
            statement.execute(params![
                one.merged,
                one.merged_version,
                one.member,
                one.version,
                one.fields,
                one.made
            ])?;
        }
        Ok(())
    }

    /// Hashes of the keys that a source's rows have, whatever became of them.
    pub(super) fn keys(&self, source: &str) -> Result<HashSet<u64>> {
        let db = self.db()?;
        let mut statement = db.prepare(
            "SELECT staged_row.membership_key FROM staged_row
             INNER JOIN staged_file ON staged_row.file_id = staged_file.id WHERE staged_file.source = ?1",
        )?;
        let mut rows = statement.query([source])?;
        let mut keys = HashSet::new();
        while let Some(row) = rows.next()? {
            keys.insert(hash(row.get_ref(0)?.as_str().unwrap_or_default()));
        }
        Ok(keys)
    }

    /// Adds fates.
    pub(super) fn add(&self, found: &[Found]) -> Result<()> {
        let db = self.db()?;
        let mut statement = db.prepare_cached(
            "INSERT INTO staged_fate (row_id, fate, membership_id, member_id, version, same_key_row_id, theirs, final,
                 lead_row_id, writes_member)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for one in found {
            statement.execute(params![
                one.row,
                one.fate,
                one.membership,
                one.member,
                one.version,
                one.same_key_row,
                one.theirs,
                one.made,
                one.lead,
                one.writes_member
            ])?;
        }
        Ok(())
    }

    /// Adds memberships that are to be removed.
    pub(super) fn add_removals(&self, removals: &[Removal]) -> Result<()> {
        let db = self.db()?;
        let mut statement = db.prepare_cached("INSERT INTO staged_removal VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for one in removals {
            statement.execute(params![one.membership, one.member, one.version, one.source, one.theirs])?;
        }
        Ok(())
    }

    /// Names of the companies of new or changed members.
    pub(super) fn companies(&self) -> Result<Vec<String>> {
        let db = self.db()?;
        let sql = format!(
            "SELECT DISTINCT CASE WHEN staged_fate.final IS NULL THEN staged_row.company ELSE staged_fate.final ->> 'company' END AS name
             FROM staged_fate INNER JOIN staged_row ON staged_fate.row_id = staged_row.id
             WHERE staged_fate.fate IN ({}, {}) AND name IS NOT NULL",
            Fate::Insert as u8,
            Fate::Update as u8
        );
        let mut statement = db.prepare(&sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Keeps the plan, with its stamp.
    pub(super) fn keep(self, stamp: &str) -> Result<()> {
        let db = self
            .db
            .into_inner()
            .map_err(|_| Error::new(Code::Internal, "The plan stopped without an answer"))?;
        db.execute(
            "INSERT INTO staged_state (name, value) VALUES ('plan', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [stamp],
        )?;
        db.execute_batch("CREATE INDEX staged_fate_by_fate ON staged_fate (fate, row_id); COMMIT;")?;
        Ok(())
    }
}

/// Keeps another stamp of the plan that is there.
pub(super) fn stamp(staged: &SqliteAccess, stamp: &str) -> Result<()> {
    let db = staging::connect(staged)?;
    db.execute("UPDATE staged_state SET value = ?1 WHERE name = 'plan'", [stamp])?;
    Ok(())
}

/// The stamp of the plan that is kept with the staged rows.
pub(super) fn kept_stamp(staged: &SqliteAccess) -> Result<Option<String>> {
    let db = staging::connect(staged)?;
    Ok(db.query_row("SELECT value FROM staged_state WHERE name = 'plan'", [], |row| row.get(0)).optional()?)
}

/// The details' columns of a staged row; the id of a company that has a name is not one of them.
pub(super) fn details_of(table: &str) -> String {
    let column = |name: &&str| match *name {
        "company_source_id" => {
            format!("CASE WHEN {table}.company IS NULL THEN {table}.company_id END AS company_source_id")
        }
        name => format!("{table}.{name}"),
    };
    COLUMNS.iter().map(column).collect::<Vec<_>>().join(", ")
}

/// Of a key, to look it up among many.
pub(super) fn hash(key: &str) -> u64 {
    muster_engine::key::raw_hash(std::iter::once(key))
}
