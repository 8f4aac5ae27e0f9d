//! The memberships of the import's clubs as the planned push would leave them: those of the target, changed or removed by the
//! plan, and those that it adds. Read page by page; nothing of them is kept here.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use muster_engine::score::ScoreState;
use rusqlite::{Connection, params};
use sea_orm::{DatabaseConnection, QueryResult};

use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::push::report::Fate;
use crate::staging;
use crate::store::SqliteAccess;
use crate::store::sql::{all, numbers};

/// Memberships of a page.
const PAGE: usize = 10_000;

/// A membership after the push.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing<'s> {
    /// The member; of one whom the push adds, the number of their first row, below 0
    pub(super) member: i64,
    pub(super) club: &'s str,
    /// The club is one of the import's; others are here for members of several clubs
    pub(super) ours: bool,
    /// Its unified score before the push
    pub(super) before: Option<f64>,
    /// Its row of the history that holds before the push
    pub(super) kept: Option<ScoreState<'s>>,
    pub(super) score: Option<f64>,
    pub(super) last_active: Option<&'s str>,
}

/// Where the memberships are read.
pub(in crate::push) struct Memberships<'m> {
    pub(in crate::push) db: &'m DatabaseConnection,
    pub(in crate::push) staged: &'m SqliteAccess,
    /// What the lists do not have any more is removed
    pub(in crate::push) removes: bool,
}

impl Memberships<'_> {
    /// Gives each membership once: those of the target in the order of their ids, then the new ones in the order of their
    /// rows. Progress is reported as `scores`, in memberships.
    pub(super) async fn each(&self, job: &Job, mut each: impl FnMut(Standing<'_>)) -> Result<()> {
        let plan = Plan::open(self.staged, self.removes)?;
        let sources = plan.sources()?;
        let names: HashMap<i64, String> = all(self.db, "SELECT id, name FROM club", [])
            .await?
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect::<Result<_>>()?;
        let clubs: HashSet<i64> =
            names.iter().filter(|(_, name)| sources.contains(*name)).map(|(&id, _)| id).collect();
        let ids = clubs.iter().map(i64::to_string).collect::<Vec<_>>();
        let ids = serde_json::to_string(&ids).unwrap_or_default();
        let sql = page_sql(self.db);
        let (mut after, mut seen) = (0, 0);
        loop {
            let rows = all(self.db, &sql, [after.into(), ids.as_str().into()]).await?;
            let page: Vec<There> = rows.iter().map(There::read).collect::<Result<_>>()?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let planned = plan.of(&page)?;
            for there in &page {
                let ours = clubs.contains(&there.club);
                let Some(club) = names.get(&there.club) else { continue };
                match planned.get(&there.id) {
                    Some(Planned::Removed) => {}
                    Some(Planned::Becomes(score, active)) => {
                        each(there.standing(club, ours, *score, active.as_deref()));
                    }
                    None => each(there.standing(club, ours, there.score, there.last_active.as_deref())),
                }
            }
            seen += page.len() as u64;
            job.report("scores", seen, None)?;
        }
        plan.added(&mut each)
    }
}

/// A membership that the target has.
struct There {
    id: i64,
    member: i64,
    club: i64,
    score: Option<f64>,
    last_active: Option<String>,
    unified: Option<f64>,
    /// Score, unified score and last activity of the history's row
    kept: Option<(Option<f64>, Option<f64>, Option<String>)>,
}

/// `+` keeps SQLite from another order than that of the ids.
fn page_sql(db: &DatabaseConnection) -> String {
    format!(
        "SELECT membership.id, membership.member_id, membership.club_id, membership.score, membership.last_active,
             membership.unified_score, kept.id, kept.score, kept.unified_score, kept.last_active
         FROM membership
         LEFT JOIN score_history AS kept ON membership.id = kept.membership_id AND kept.valid_to IS NULL
         WHERE membership.id > $1
             AND (+membership.club_id IN {} OR membership.unified_score IS NOT NULL)
         ORDER BY membership.id LIMIT {PAGE}",
        numbers(db.get_database_backend(), "$2")
    )
}

impl There {
    fn read(row: &QueryResult) -> Result<There> {
        let kept: Option<i64> = row.try_get_by_index(6)?;
        let of_kept = || -> Result<_> {
            Ok((row.try_get_by_index(7)?, row.try_get_by_index(8)?, row.try_get_by_index(9)?))
        };
        Ok(There {
            id: row.try_get_by_index(0)?,
            member: row.try_get_by_index(1)?,
            club: row.try_get_by_index(2)?,
            score: row.try_get_by_index(3)?,
            last_active: row.try_get_by_index(4)?,
            unified: row.try_get_by_index(5)?,
            kept: kept.map(|_| of_kept()).transpose()?,
        })
    }

    fn standing<'s>(
        &'s self,
        club: &'s str,
        ours: bool,
        score: Option<f64>,
        last_active: Option<&'s str>,
    ) -> Standing<'s> {
        let kept = self.kept.as_ref().map(|(score, unified_score, active)| ScoreState {
            score: *score,
            unified_score: *unified_score,
            last_active: active.as_deref(),
        });
        Standing { member: self.member, club, ours, before: self.unified, kept, score, last_active }
    }
}

/// What the plan makes of a membership that is there.
enum Planned {
    Removed,
    Becomes(Option<f64>, Option<String>),
}

/// The plan as it is kept with the staged rows.
struct Plan {
    // Only ever locked for the length of one call, so that pages can be waited for in between.
    db: Mutex<Connection>,
    removes: bool,
}

/// A row's score and last activity, as it is pushed.
const MADE: &str = "CAST(CASE WHEN staged_fate.final IS NULL THEN staged_row.score ELSE staged_fate.final ->> 'score' END AS REAL),
     CASE WHEN staged_fate.final IS NULL THEN staged_row.last_active ELSE staged_fate.final ->> 'last_active' END";

impl Plan {
    fn open(staged: &SqliteAccess, removes: bool) -> Result<Plan> {
        let db = staging::connect(staged)?;
        db.execute_batch(
            "CREATE INDEX IF NOT EXISTS staged_fate_by_membership ON staged_fate (membership_id)
             WHERE membership_id IS NOT NULL",
        )?;
        Ok(Plan { db: Mutex::new(db), removes })
    }

    fn db(&self) -> Result<MutexGuard<'_, Connection>> {
        self.db.lock().map_err(|_| Error::new(Code::Internal, "The plan stopped without an answer"))
    }

    /// The clubs whose lists the import has.
    fn sources(&self) -> Result<HashSet<String>> {
        let db = self.db()?;
        let mut statement = db.prepare(
            "SELECT DISTINCT source FROM staged_file
             WHERE EXISTS (SELECT 1 FROM staged_row WHERE staged_row.file_id = staged_file.id)",
        )?;
        let sources = statement.query_map([], |row| row.get(0))?;
        Ok(sources.collect::<Result<_, _>>()?)
    }

    fn of(&self, page: &[There]) -> Result<HashMap<i64, Planned>> {
        let ids: Vec<i64> = page.iter().map(|there| there.id).collect();
        let ids = serde_json::to_string(&ids).unwrap_or_default();
        let db = self.db()?;
        let sql = format!(
            "SELECT staged_fate.membership_id, {MADE} FROM json_each(?1) AS wanted
             CROSS JOIN staged_fate ON staged_fate.membership_id = wanted.value
             CROSS JOIN staged_row ON staged_row.id = staged_fate.row_id WHERE staged_fate.fate = {}",
            Fate::Update as u8
        );
        let mut statement = db.prepare_cached(&sql)?;
        let updates = statement
            .query_map([&ids], |row| Ok((row.get(0)?, Planned::Becomes(row.get(1)?, row.get(2)?))))?;
        let mut found: HashMap<i64, Planned> = updates.collect::<Result<_, _>>()?;
        if self.removes {
            let sql = "SELECT membership_id FROM staged_removal
                       WHERE membership_id IN (SELECT value FROM json_each(?1))";
            let mut statement = db.prepare_cached(sql)?;
            let removed = statement.query_map([&ids], |row| Ok((row.get(0)?, Planned::Removed)))?;
            found.extend(removed.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// The memberships that the plan adds.
    fn added(&self, each: &mut impl FnMut(Standing<'_>)) -> Result<()> {
        let db = self.db()?;
        let sql = format!(
            "SELECT staged_file.source, staged_fate.member_id, staged_fate.lead_row_id, {MADE}
             FROM staged_fate INNER JOIN staged_row ON staged_fate.row_id = staged_row.id
             INNER JOIN staged_file ON staged_row.file_id = staged_file.id
             WHERE staged_fate.fate = ?1 ORDER BY staged_fate.row_id"
        );
        let mut statement = db.prepare(&sql)?;
        let mut rows = statement.query(params![Fate::Insert as u8])?;
        while let Some(row) = rows.next()? {
            let (member, lead): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            let club: String = row.get(0)?;
            let active: Option<String> = row.get(4)?;
            each(Standing {
                member: member.unwrap_or(-lead.unwrap_or_default()),
                club: &club,
                ours: true,
                before: None,
                kept: None,
                score: row.get(3)?,
                last_active: active.as_deref(),
            });
        }
        Ok(())
    }
}
