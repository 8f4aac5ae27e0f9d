//! Members of the target that were found, kept in temporary tables until a run of matching has come to its end. They have
//! the names of the staging's own tables, which they hide meanwhile.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};

use muster_engine::Field;
use muster_engine::decisions::RecipeDecisions;
use rusqlite::{Connection, params, params_from_iter};
use sea_orm::DatabaseConnection;

use super::members::{CHUNK, FoundMember, FoundMembership, Lookup};
use super::record::{CANDIDATE, Known, MEMBER_COLUMNS, Reader};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::staging;
use crate::store::SqliteAccess;

/// The tables that are filled before the end.
pub(super) const TABLES: [&str; 3] = ["staged_match_member", "staged_match_membership", "staged_tie"];

/// A connection to the staging with temporary tables.
pub(super) struct Found {
    // Only ever locked for the length of one call; the lock lets the search wait for a server in between.
    db: Mutex<Connection>,
}

impl Found {
    /// Opens the staging, with nothing found.
    pub(super) fn open(staged: &SqliteAccess) -> Result<Found> {
        if !staged.path.exists() {
            return Err(Error::not_found("import"));
        }
        let db = staging::connect(staged)?;
        let person: Vec<String> = MEMBER_COLUMNS.iter().map(|name| format!("{name} TEXT")).collect();
        db.execute_batch(&format!(
            "CREATE TEMP TABLE found_member (member_id INTEGER PRIMARY KEY, version INTEGER NOT NULL, {},
                 company_source_id TEXT, by_person INTEGER NOT NULL, changes TEXT);
             CREATE TEMP TABLE found_membership (member_id INTEGER NOT NULL, club TEXT NOT NULL,
                 source_key TEXT NOT NULL, member_since TEXT, last_active TEXT, score TEXT,
                 PRIMARY KEY (source_key, club)) WITHOUT ROWID;
             CREATE TEMP TABLE staged_match_member AS SELECT * FROM main.staged_match_member WHERE false;
             CREATE TEMP TABLE staged_match_membership AS
                 SELECT * FROM main.staged_match_membership WHERE false;
             CREATE TEMP TABLE staged_tie AS SELECT * FROM main.staged_tie WHERE false;",
            person.join(", ")
        ))?;
        Ok(Found { db: Mutex::new(db) })
    }

    fn db(&self) -> Result<MutexGuard<'_, Connection>> {
        self.db.lock().map_err(|_| lost())
    }

    /// The connection, with what was found in the tables of the staging's names.
    pub(super) fn finish(self) -> Result<Connection> {
        let db = self.db.into_inner().map_err(|_| lost())?;
        number(&db)?;
        Ok(db)
    }

    /// The clubs of the import.
    pub(super) fn sources(&self) -> Result<Vec<String>> {
        let db = self.db()?;
        let mut statement = db.prepare("SELECT DISTINCT source FROM staged_file ORDER BY source")?;
        let sources = statement.query_map([], |row| row.get(0))?;
        Ok(sources.collect::<rusqlite::Result<_>>()?)
    }

    /// Finds the members who can be a person of the import. Progress is reported as `people_members`, in rows.
    pub(super) async fn search(&self, db: &DatabaseConnection, job: &Job) -> Result<()> {
        let lookup = Lookup::new(db, &self.sources()?).await?;
        if lookup.is_empty().await? {
            return Ok(());
        }
        let mut seen = HashSet::new();
        let (mut after, mut done) = (0, 0);
        loop {
            let (rows, last) = self.chunk(after)?;
            let Some(end) = rows.last().map(|known| known.record) else { return Ok(()) };
            self.search_for(&lookup, &rows, &mut seen).await?;
            done += rows.len() as u64;
            job.report("people_members", done, Some(last.into()))?;
            after = end;
        }
    }

    /// Finds the members who can be one of some rows.
    pub(super) async fn search_for(
        &self,
        lookup: &Lookup<'_>,
        rows: &[Known],
        seen: &mut HashSet<i64>,
    ) -> Result<()> {
        let mut wanted = lookup.alike(rows).await?;
        wanted.extend(lookup.by_key(rows).await?.into_values());
        let mut wanted: Vec<i64> = wanted.into_iter().filter(|member| seen.insert(*member)).collect();
        wanted.sort_unstable();
        let (members, memberships) = lookup.read(&wanted).await?;
        self.add(&members, &memberships)
    }

    fn chunk(&self, after: u32) -> Result<(Vec<Known>, u32)> {
        let db = self.db()?;
        let reader = Reader::new(&db)?;
        Ok((reader.rows_after(after, CHUNK)?, reader.last_row))
    }

    fn add(&self, members: &[FoundMember], memberships: &[FoundMembership]) -> Result<()> {
        let db = self.db()?;
        let transaction = db.unchecked_transaction()?;
        let marks: Vec<String> = (6..6 + MEMBER_COLUMNS.len()).map(|at| format!("?{at}")).collect();
        let sql = format!(
            "INSERT OR REPLACE INTO found_member (member_id, version, company_source_id, by_person, changes, {})
             VALUES (?1, ?2, ?3, ?4, ?5, {})",
            MEMBER_COLUMNS.join(", "),
            marks.join(", ")
        );
        let mut statement = transaction.prepare_cached(&sql)?;
        let text = |text: &Option<String>| {
            text.clone().map_or(rusqlite::types::Value::Null, rusqlite::types::Value::Text)
        };
        for member in members {
            let changes = Some(&member.changes).filter(|changes| !changes.is_empty());
            let changes = changes.and_then(|changes| serde_json::to_string(changes).ok());
            let mut values = vec![
                member.id.into(),
                member.version.into(),
                text(&member.company_id),
                member.by_person.into(),
                text(&changes),
            ];
            for name in MEMBER_COLUMNS {
                let field = name.parse::<Field>().ok();
                values
                    .push(field.map_or(rusqlite::types::Value::Null, |at| text(&member.values[at.index()])));
            }
            statement.execute(params_from_iter(values))?;
        }
        drop(statement);
        let sql = "INSERT OR REPLACE INTO found_membership VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut statement = transaction.prepare_cached(sql)?;
        for one in memberships {
            let (club, key) = (&one.club, &one.key);
            statement.execute(params![
                one.member,
                club,
                key,
                one.member_since,
                one.last_active,
                one.score
            ])?;
        }
        drop(statement);
        transaction.commit()?;
        Ok(())
    }

    /// Keeps the decisions that the target has about clubs of the import, for as long as matching runs.
    pub(super) async fn decisions(&self, db: &DatabaseConnection) -> Result<RecipeDecisions> {
        super::target_decisions::read(db, &self.sources()?).await
    }
}

/// Numbers the members that are records of their own. One whose key rows of the import have with the same values is none:
/// the rows stand for them. One whose keys and values all are in rows, of this row the one and of that the other, is a
/// record but is not compared: that would find what comparing the rows finds, and the merged values would raise
/// questions anew that were answered about the rows. Those come last.
pub(super) fn number(db: &Connection) -> Result<()> {
    find_in_rows(db)?;
    db.execute_batch(&format!(
        "INSERT INTO temp.staged_tie (row_id, member_id)
             SELECT row_id, member_id FROM found_key
             WHERE member_id NOT IN (SELECT member_id FROM found_key WHERE NOT same);
         INSERT INTO temp.staged_match_member
                 (record, member_id, compared, version, {columns}, company_source_id, by_person, changes)
             SELECT (SELECT coalesce(max(id), 0) FROM staged_row)
                     + row_number() OVER (ORDER BY member_id IN (SELECT member_id FROM found_in_rows), member_id),
                 member_id, member_id NOT IN (SELECT member_id FROM found_in_rows), version, {columns},
                 company_source_id, by_person, changes
             FROM found_member WHERE member_id NOT IN (SELECT member_id FROM temp.staged_tie);
         INSERT INTO temp.staged_match_membership (record, club, source_key, member_since, last_active, score)
             SELECT staged_match_member.record, club, source_key, member_since, last_active, score
             FROM found_membership INNER JOIN temp.staged_match_member
                 ON found_membership.member_id = staged_match_member.member_id;
         DROP TABLE found_key;
         DROP TABLE found_in_rows;",
        columns = MEMBER_COLUMNS.join(", ")
    ))?;
    db.execute_batch(
        "CREATE INDEX temp.found_record ON staged_match_member (record);
         CREATE INDEX temp.found_membership_record ON staged_match_membership (record);
         CREATE INDEX temp.found_membership_key ON staged_match_membership (source_key, club);
         CREATE INDEX temp.found_tie ON staged_tie (row_id);
         CREATE INDEX temp.found_tie_member ON staged_tie (member_id);",
    )?;
    Ok(())
}

/// Finds the rows that have keys of members, and the members all of whose keys and values rows have.
fn find_in_rows(db: &Connection) -> Result<()> {
    let company = "CASE WHEN staged_row.company IS NULL THEN staged_row.company_id END";
    let same: Vec<String> = MEMBER_COLUMNS
        .iter()
        .map(|name| format!("found_member.{name} IS staged_row.{name}"))
        .chain([format!("found_member.company_source_id IS {company}")])
        .collect();
    let known: Vec<String> = MEMBER_COLUMNS
        .iter()
        .map(|name| format!("max(found_member.{name} IS NULL OR found_member.{name} IS staged_row.{name})"))
        .collect();
    db.execute_batch(&format!(
        "CREATE INDEX temp.found_membership_member ON found_membership (member_id);
         CREATE TEMP TABLE found_key AS
             SELECT staged_row.id AS row_id, found_member.member_id, found_membership.source_key,
                 found_membership.club, {} AS same
             FROM found_membership
             INNER JOIN staged_row ON staged_row.membership_key = found_membership.source_key
             INNER JOIN staged_file
                 ON staged_row.file_id = staged_file.id AND staged_file.source = found_membership.club
             INNER JOIN found_member ON found_membership.member_id = found_member.member_id
             WHERE {CANDIDATE};
         CREATE TEMP TABLE found_in_rows AS
             SELECT found_key.member_id FROM found_key
             INNER JOIN staged_row ON found_key.row_id = staged_row.id
             INNER JOIN found_member ON found_key.member_id = found_member.member_id
             GROUP BY found_key.member_id
             HAVING {} AND count(DISTINCT found_key.source_key || char(31) || found_key.club) =
                 (SELECT count(*) FROM found_membership WHERE member_id = found_key.member_id);",
        same.join(" AND "),
        known.join(" AND "),
    ))?;
    Ok(())
}

fn lost() -> Error {
    Error::new(Code::Internal, "The search for members stopped without an answer")
}
