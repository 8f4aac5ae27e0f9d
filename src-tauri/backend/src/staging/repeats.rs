//! What only the whole list shows: rows that stand in it twice, members that do.

use muster_engine::{Level, Rule};
use rusqlite::params;

use super::Staging;
use crate::error::Result;

impl Staging {
    /// Numbers rows of one fingerprint, and notes repeated rows and members over the whole list.
    pub(super) fn find_repeats(&self) -> Result<()> {
        self.db.execute_batch(
            "CREATE INDEX IF NOT EXISTS staged_row_fingerprint ON staged_row (fingerprint);
             CREATE INDEX IF NOT EXISTS staged_row_key ON staged_row (membership_key, file_id);
             UPDATE staged_row SET occurrence = numbered.place FROM (
                 SELECT id AS numbered_id,
                        row_number() OVER (PARTITION BY fingerprint ORDER BY id) - 1 AS place
                 FROM staged_row WHERE fingerprint IN (
                     SELECT fingerprint FROM staged_row GROUP BY fingerprint HAVING count(*) > 1)
             ) AS numbered WHERE staged_row.id = numbered.numbered_id AND numbered.place > 0;",
        )?;
        let repeated = "SELECT membership_key FROM staged_row WHERE class <> 3
                        GROUP BY membership_key HAVING count(*) > 1";
        let keys: Vec<String> =
            self.db.prepare(repeated)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for key in keys {
            self.note_repeats(&key)?;
        }
        Ok(())
    }

    /// Brings the issues about repeats of one key up to date. Excluded rows do not count. A row whose raw cells are
    /// those of an earlier one is a repeated row; rows that differ are the same member twice, and all of them say so.
    pub(super) fn note_repeats(&self, key: &str) -> Result<()> {
        let sql = "SELECT staged_row.id, file.source, raw_hash, class FROM staged_row
                   JOIN staged_file AS file ON file.id = staged_row.file_id
                   WHERE staged_row.membership_key = ?1 ORDER BY file.source, staged_row.id";
        let rows: Vec<(i64, String, i64, u8)> = self
            .db
            .prepare_cached(sql)?
            .query_map([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let rules = [Rule::RepeatedRow, Rule::RepeatedKey];
        for (id, ..) in &rows {
            for rule in rules {
                let sql = "DELETE FROM staged_issue WHERE rule = ?1 AND row_id = ?2";
                self.db.prepare_cached(sql)?.execute(params![rule as u8, id])?;
            }
        }
        let taken: Vec<_> = rows.into_iter().filter(|(.., class)| *class != 3).collect();
        for of_source in taken.chunk_by(|one, other| one.1 == other.1) {
            let differ = of_source.iter().any(|row| row.2 != of_source[0].2);
            for (place, (id, _, hash, _)) in of_source.iter().enumerate() {
                let repeated = of_source[..place].iter().any(|earlier| earlier.2 == *hash);
                if repeated {
                    self.note(Rule::RepeatedRow, *id)?;
                } else if differ {
                    self.note(Rule::RepeatedKey, *id)?;
                }
            }
        }
        Ok(())
    }

    fn note(&self, rule: Rule, row: i64) -> Result<()> {
        if self.is_off(rule)? {
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO staged_issue (rule, row_id, field, level) VALUES (?1, ?2, -1, ?3)";
        self.db.prepare_cached(sql)?.execute(params![rule as u8, row, Level::Warning as u8])?;
        Ok(())
    }

    fn is_off(&self, rule: Rule) -> Result<bool> {
        let off = self.state("rules_off")?;
        let rules: Vec<Rule> = off.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(rules.contains(&rule))
    }

    /// Counts members that are listed more than once.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn repeats(&self) -> Result<Repeats> {
        let sql = "SELECT count(*), coalesce(sum(kinds > 1), 0), coalesce(sum(rows - kinds), 0) FROM (
                       SELECT count(*) AS rows, count(DISTINCT raw_hash) AS kinds FROM staged_row
                       JOIN staged_file ON staged_file.id = staged_row.file_id
                       WHERE class = 0 GROUP BY source, membership_key)";
        let found = self.db.query_row(sql, [], |row| {
            Ok(Repeats {
                members: row.get::<_, u32>(0)?.into(),
                conflicts: row.get::<_, u32>(1)?.into(),
                merged: row.get::<_, u32>(2)?.into(),
            })
        });
        Ok(found?)
    }
}

/// Members that are listed more than once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Repeats {
    /// Different members among the clean rows
    pub(crate) members: u64,
    /// Members whose clean rows differ
    pub(crate) conflicts: u64,
    /// Clean rows that repeat another clean one as a whole
    pub(crate) merged: u64,
}
