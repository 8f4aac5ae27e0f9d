//! A whole run of matching over the staged rows of an import and the members of a target.

use std::sync::Arc;
use std::time::Instant;

use muster_engine::decisions::RecipeDecisions;
use muster_engine::matching::blocking::plan;
use muster_engine::matching::scoring::score_pairs;
use muster_engine::matching::weights::train;
use muster_engine::matching::{BlockingPlan, ScoredPair};
use muster_engine::resolve::SurvivorshipSettings;
use rusqlite::{Connection, params};
use sea_orm::DatabaseConnection;

use super::book::Book;
use super::found::{Found, TABLES};
use super::matched::{Matched, Table, settings, watch};
use super::record::Reader;
use super::settle::{Said, Settler};
use super::state::{Kept, Stamp};
use super::view::Thresholds;
use crate::config::ProfileInfo;
use crate::error::Result;
use crate::imports::blocking;
use crate::progress::Job;
use crate::store::put_off::PutOff;
use crate::store::{Access, SqliteAccess, Target};
use crate::telemetry::{Stage, stage, stage_now};

/// What is matched, and how.
pub(crate) struct MatchRequest {
    /// The import's staging database
    pub(crate) staged: SqliteAccess,
    /// The target whose members are compared, with what opens it
    pub(crate) target: Option<(ProfileInfo, Access)>,
    /// The thresholds
    pub(crate) thresholds: Thresholds,
    /// Whose values win
    pub(crate) survivorship: SurvivorshipSettings,
    /// What people decided
    pub(crate) book: Arc<Book>,
    /// What they put off
    pub(crate) put_off: PutOff,
}

/// Matches, settles and keeps the results. Nothing is changed where it fails or is cancelled.
pub(crate) async fn match_staged(request: MatchRequest, job: &Job) -> Result<Matched> {
    stage(Stage::Match, find_and_settle(request, job)).await
}

async fn find_and_settle(request: MatchRequest, job: &Job) -> Result<Matched> {
    let started = Instant::now();
    let found = Found::open(&request.staged)?;
    let mut of_target = None;
    if let Some((profile, access)) = &request.target
        && access.is_there()
    {
        let search = async |db: &DatabaseConnection| {
            found.search(db, job).await?;
            found.decisions(db).await
        };
        let read = async |target: &Target| target.read(search).await;
        let decisions = Target::with(access, &crate::push::person(), job, read).await?;
        of_target = Some((profile.clone(), decisions));
    }
    let profile = request.target.as_ref().map(|(profile, _)| profile.clone());
    let decisions = of_target.map(|(_, decisions)| decisions).unwrap_or_default();
    let job = job.clone();
    blocking(move || {
        let db = found.finish()?;
        let MatchRequest { thresholds, survivorship, put_off, .. } = request;
        let book = request.book.joined(&decisions);
        let run = Run { db, thresholds, survivorship, book, put_off, decisions };
        let (matched, kept) = run.compare(&job)?;
        let stamp = |members| Stamp {
            profile,
            members,
            seconds: started.elapsed().as_secs_f64(),
            run: crate::imports::now(),
        };
        stage_now(Stage::Resolve, || run.keep(&matched, kept, stamp, &job))?;
        Ok(matched)
    })
    .await
}

struct Run {
    db: Connection,
    thresholds: Thresholds,
    survivorship: SurvivorshipSettings,
    book: Arc<Book>,
    put_off: PutOff,
    /// What the target remembers; the book has it, too
    decisions: RecipeDecisions,
}

/// What comparing found.
struct Compared {
    plan: BlockingPlan,
    pairs: Vec<ScoredPair>,
    /// The last change of a row that was seen
    seen: i64,
}

impl Run {
    /// Compares all records. Rows may be edited meanwhile: such rows are compared again later.
    fn compare(&self, job: &Job) -> Result<(Matched, Compared)> {
        let seen =
            self.db.query_row("SELECT coalesce(max(seq), 0) FROM staged_rematch", [], |row| row.get(0))?;
        let reader = Reader::new(&self.db)?;
        let table = Table::read(&reader, job)?;
        let (settings, watch) = (settings(self.thresholds), watch(job));
        let plan = plan(&table.records, &settings, &watch)?;
        let model = train(&table.records, &plan, &settings, &watch)?;
        let pairs = score_pairs(&table.records, &plan, &model, &settings, &watch)?;
        let matched = Matched::new(table.with_uncompared(&reader)?, &plan, model, self.thresholds);
        Ok((matched, Compared { plan, pairs, seen }))
    }

    /// Keeps what was found, in one transaction.
    fn keep(
        &self,
        matched: &Matched,
        compared: Compared,
        stamp: impl FnOnce(u32) -> Stamp,
        job: &Job,
    ) -> Result<()> {
        let transaction = self.db.unchecked_transaction()?;
        for table in TABLES {
            self.db.execute_batch(&format!(
                "DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM temp.{table};
                 DROP TABLE temp.{table};"
            ))?;
        }
        self.db.execute_batch("DELETE FROM staged_pair")?;
        let mut statement =
            self.db.prepare("INSERT INTO staged_pair (a, b, weight, same_key) VALUES (?1, ?2, ?3, ?4)")?;
        for pair in &compared.pairs {
            let same = matched.matcher.records().same_membership(pair.a, pair.b);
            let (a, b) = (matched.record(pair.a), matched.record(pair.b));
            statement.execute(params![a, b, f64::from(pair.weight), same])?;
        }
        drop(statement);
        count_pairs(&self.db)?;
        self.db.execute("DELETE FROM staged_rematch WHERE seq <= ?1", [compared.seen])?;
        let said = Said { book: &self.book, put_off: &self.put_off };
        let settler = Settler::new(&self.db, matched, said, self.thresholds, &self.survivorship)?;
        settler.settle_all(job)?;
        let members =
            self.db.query_row("SELECT count(*) FROM staged_match_member", [], |row| row.get::<_, u32>(0))?;
        let ties: u32 =
            self.db.query_row("SELECT count(DISTINCT member_id) FROM staged_tie", [], |row| row.get(0))?;
        let kept = Kept { plan: compared.plan, model: matched.matcher.model().clone() };
        super::state::keep(&self.db, &stamp(members + ties), &self.decisions, &kept)?;
        transaction.commit()?;
        Ok(())
    }
}

/// Counts the kept pairs by their evidence, for the thresholds.
pub(super) fn count_pairs(db: &Connection) -> Result<()> {
    db.execute_batch(
        "DELETE FROM staged_pair_count;
         INSERT INTO staged_pair_count (bucket, pairs)
             SELECT CAST(weight * 100 + 1000000 AS INTEGER) - 1000000, count(*) FROM staged_pair WHERE NOT same_key GROUP BY 1;",
    )?;
    Ok(())
}
