//! Rows that were edited after matching: compared again by themselves, with the model that is there.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{Connection, params};

use super::members::Lookup;
use super::record::{Known, Reader};
use super::session::{Session, open};
use super::state;
use crate::error::Result;
use crate::imports::Imports;
use crate::store::Target;

/// Edited rows that are compared one by one at the most; more are a reason to run matching again.
const MOST: usize = 200;

impl Imports {
    /// Compares the rows again that were edited since matching ran, where they are few. With many nothing is done: the
    /// results are out of date then, and say so.
    pub(super) async fn compare_edited(&self, import: i64) -> Result<()> {
        let edited = self.with_staging(import, |staging| {
            let db = staging.connection();
            Ok((state::stamp(db)?.is_some(), state::changed_rows(db, MOST + 1)?))
        });
        let (matched, rows) = edited.await?;
        if !matched || rows.is_empty() || rows.len() > MOST {
            return Ok(());
        }
        if self.has_new_members(import, &rows).await? {
            // A member came into question who has not been compared: only a run takes them in.
            return Ok(());
        }
        self.in_session(import, move |session| compare(session, &rows)).await
    }

    /// Whether the target has members that can be one of the rows, and that matching did not look at.
    async fn has_new_members(&self, import: i64, rows: &[u32]) -> Result<bool> {
        let access = self.profiles().access(None).await?;
        if !access.is_there() {
            return Ok(false);
        }
        let wanted = rows.to_vec();
        let (known, sources) = self
            .with_staging(import, move |staging| {
                let reader = Reader::new(staging.connection())?;
                let mut statement =
                    staging.connection().prepare("SELECT DISTINCT source FROM staged_file")?;
                let sources = statement.query_map([], |row| row.get(0))?;
                Ok((reader.all(&wanted)?, sources.collect::<rusqlite::Result<Vec<String>>>()?))
            })
            .await?;
        let found = Target::read_once(&access, async |db| {
            let lookup = Lookup::new(db, &sources).await?;
            Ok((lookup.alike(&known).await?, lookup.by_key(&known).await?))
        });
        let (mut found, by_key) = found.await?;
        let stands_for_another = |known: &Known| {
            let key = known.key().map(|key| (key.source.clone(), key.key.clone()));
            known.member.is_some() && key.and_then(|key| by_key.get(&key).copied()) != known.member
        };
        if known.iter().any(stands_for_another) {
            // The edit made another key of it.
            return Ok(true);
        }
        found.extend(by_key.into_values());
        self.with_staging(import, move |staging| {
            let known = members(staging.connection())?;
            Ok(found.iter().any(|member| !known.contains(member)))
        })
        .await
    }
}

/// Members that were compared, or whom rows stand for.
fn members(db: &Connection) -> Result<HashSet<i64>> {
    let sql = "SELECT member_id FROM staged_match_member UNION SELECT member_id FROM staged_tie";
    let mut statement = db.prepare(sql)?;
    let members = statement.query_map([], |row| row.get(0))?;
    Ok(members.collect::<rusqlite::Result<_>>()?)
}

/// Compares rows again and settles what hangs together with them.
fn compare(session: &mut Session<'_>, rows: &[u32]) -> Result<()> {
    let staging = session.staging;
    let db = staging.connection();
    let transaction = db.unchecked_transaction()?;
    let known: Vec<(u32, Option<Known>)> = {
        let reader = Reader::new(db)?;
        rows.iter().map(|&row| Ok((row, reader.known(row)?))).collect::<Result<_>>()?
    };
    let is_new =
        |(row, known): &(u32, Option<Known>)| known.is_some() && session.matched.position(*row).is_none();
    if known.iter().any(is_new) {
        // Rows that were not clean before: the table of records is made anew, with the same model.
        *session.matched = open(session.staging, session.settings.thresholds)?;
    }
    let mut touched: BTreeSet<u32> = rows.iter().copied().collect();
    for (row, known) in &known {
        touched.extend(forget_pairs(db, *row)?);
        let pairs = session.matched.replace(*row, known.as_ref()).unwrap_or_default();
        match known {
            Some(_) => keep_pairs(session, *row, &pairs)?,
            // A row that is no longer clean stands for nobody.
            None => {
                db.prepare_cached("DELETE FROM staged_tie WHERE row_id = ?1")?.execute([row])?;
            }
        }
    }
    super::run::count_pairs(db)?;
    db.execute(
        "DELETE FROM staged_rematch WHERE row_id IN (SELECT value FROM json_each(?1))",
        [serde_json::to_string(rows).unwrap_or_default()],
    )?;
    let touched: Vec<u32> = touched.into_iter().collect();
    session.settler()?.settle_around(&touched)?;
    transaction.commit()?;
    Ok(())
}

fn forget_pairs(db: &Connection, row: u32) -> Result<Vec<u32>> {
    let sql = "SELECT b FROM staged_pair WHERE a = ?1 UNION SELECT a FROM staged_pair WHERE b = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let others = statement.query_map([row], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    db.prepare_cached("DELETE FROM staged_pair WHERE a = ?1")?.execute([row])?;
    db.prepare_cached("DELETE FROM staged_pair WHERE b = ?1")?.execute([row])?;
    Ok(others)
}

fn keep_pairs(session: &Session<'_>, row: u32, pairs: &[(u32, f64)]) -> Result<()> {
    let db = session.staging.connection();
    let reader = Reader::new(db)?;
    let Some(own) = reader.known(row)? else { return Ok(()) };
    let sql = "INSERT OR REPLACE INTO staged_pair (a, b, weight, same_key) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = db.prepare_cached(sql)?;
    for &(other, weight) in pairs {
        let known = reader.known(other)?.filter(|known| known.row.is_some());
        let same = known.is_some_and(|known| known.shares_key(&own));
        if same || weight >= super::matched::weight(super::matched::LOWEST) {
            statement.execute(params![row.min(other), row.max(other), weight, same])?;
        }
    }
    // Rows of one key are one membership, however unlike their values are.
    let keys: Vec<_> = own.keys().cloned().collect();
    for key in &keys {
        for other in reader.with_key(key)?.into_iter().filter(|other| *other != row) {
            if other <= reader.last_row && !pairs.iter().any(|pair| pair.0 == other) {
                statement.execute(params![row.min(other), row.max(other), 0.0, true])?;
            }
        }
    }
    Ok(())
}
