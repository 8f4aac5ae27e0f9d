//! What is kept of a run of matching beside its tables, and the counts of who is who.

use muster_engine::decisions::RecipeDecisions;
use muster_engine::matching::{BlockingPlan, Model};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::record::CANDIDATE;
use super::view::PeopleCounts;
use crate::config::ProfileInfo;
use crate::error::Result;

/// What a run was about; `people` in `staged_state`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// The profile whose members were compared
    pub(super) profile: Option<ProfileInfo>,
    /// How many of its members
    pub(super) members: u32,
    pub(super) seconds: f64,
    /// When it came to its end; no two runs of an import have the same
    pub(super) run: String,
}

/// What compares records again as the run did; `people_model` in `staged_state`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) plan: BlockingPlan,
    pub(super) model: Model,
}

/// Keeps what a run was about, what the target remembers (`people_decisions`), and what compares records again.
pub(super) fn keep(
    db: &Connection,
    stamp: &Stamp,
    target_decisions: &RecipeDecisions,
    kept: &Kept,
) -> Result<()> {
    let sql = "INSERT INTO staged_state (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    let mut statement = db.prepare_cached(sql)?;
    statement.execute(params!["people", serde_json::to_string(stamp).unwrap_or_default()])?;
    let decisions = serde_json::to_string(target_decisions).unwrap_or_default();
    statement.execute(params!["people_decisions", decisions])?;
    db.execute("DELETE FROM staged_state WHERE name = 'people_pushed'", [])?;
    statement.execute(params!["people_model", serde_json::to_string(kept).unwrap_or_default()])?;
    Ok(())
}

/// What the target remembered when matching ran.
pub(super) fn target_decisions(db: &Connection) -> Result<RecipeDecisions> {
    let sql = "SELECT value FROM staged_state WHERE name = 'people_decisions'";
    let text = db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    super::matched::kept(text)
}

/// What the last run was about; `None` where there was none on these rows.
pub(super) fn stamp(db: &Connection) -> Result<Option<Stamp>> {
    let sql = "SELECT value FROM staged_state WHERE name = 'people'";
    let text: Option<String> = db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// What compares records as the last run did.
pub(super) fn kept(db: &Connection) -> Result<Kept> {
    let sql = "SELECT value FROM staged_state WHERE name = 'people_model'";
    let text = db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    super::matched::kept(text)
}

/// Counts who is who.
pub(crate) fn counts(db: &Connection) -> Result<PeopleCounts> {
    let records: u32 = db
        .prepare_cached(&format!("SELECT count(*) FROM staged_row WHERE {CANDIDATE}"))?
        .query_row([], |row| row.get(0))?;
    let sql = "SELECT count(*) FILTER (WHERE row_id <> lead_row_id),
                   count(DISTINCT CASE WHEN member_id IS NOT NULL THEN person END) FROM staged_person";
    let (merged, in_database): (u32, u32) =
        db.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut counts = PeopleCounts {
        records,
        people: records.saturating_sub(merged),
        merged,
        in_database,
        ..PeopleCounts::default()
    };
    let mut statement = db.prepare_cached("SELECT kind, count(*) FROM staged_group GROUP BY kind")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let of: u32 = row.get(1)?;
        match row.get::<_, u8>(0)? {
            0 => counts.to_review = of,
            1 => counts.conflicts = of,
            2 => counts.changed = of,
            3 => counts.found = of,
            _ => counts.decided = of,
        }
    }
    Ok(counts)
}

/// Rows that changed since matching ran, each once.
pub(super) fn changed_rows(db: &Connection, at_most: usize) -> Result<Vec<u32>> {
    let sql = "SELECT DISTINCT row_id FROM staged_rematch ORDER BY row_id LIMIT ?1";
    let mut statement = db.prepare_cached(sql)?;
    let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
    let rows = statement.query_map([limit], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
