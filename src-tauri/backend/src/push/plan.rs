//! The plan: every row's fate in the target, found in the database and kept with the staged rows.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};
use serde::{Deserialize, Serialize};

use super::PlanRequest;
use super::report::{Fate, Mode, PlanCounts, PlanView, shown};
use super::sentence::sentence;
use super::session::{Session, all, find_files, one, run, run_in_chunks};
use crate::error::Result;
use crate::progress::Job;
use crate::staging::Counts;
use crate::store;

const FIND_REPEATS: &str = include_str!("sql/find_repeats.sql");
const PLAN_REJECTS: &str = include_str!("sql/plan_rejects.sql");
const PLAN_MET: &str = include_str!("sql/plan_met.sql");
const PLAN_NEW: &str = include_str!("sql/plan_new.sql");
const PLAN_REPEATS: &str = include_str!("sql/plan_repeats.sql");
const COUNT_FATES: &str = include_str!("sql/count_fates.sql");
const COUNT_NEW: &str = include_str!("sql/count_new.sql");
const COMPARED: &str = include_str!("sql/compared.sql");

/// Finds every row's fate and keeps it in the staging database, for [`super::plan_rows`] to show and
/// [`super::push()`] to carry out. Rows that repeat a key of the same source are compared with the first that has it.
/// Progress is reported as `plan`, in rows.
///
/// # Errors
/// [`crate::Code::Cancelled`] when cancelled (the staging is as before), [`crate::Code::NotFound`] without staged
/// rows, and as [`crate::store::Target::open`].
pub async fn make_plan(request: &PlanRequest, job: &Job) -> Result<PlanView> {
    let session = Session::open(&request.target, &request.staged, job).await?;
    let result = view(&session, request).await;
    session.close(result).await
}

async fn view(session: &Session, request: &PlanRequest) -> Result<PlanView> {
    let package = request.package_id();
    let made = make(session.db(), session.job(), &package).await?;
    let repeat = store::push::carried_out(session.db(), &package).await?;
    Ok(PlanView {
        profile: request.profile.clone(),
        mode: Mode::InsertNew,
        sentence: sentence(&made.fates, made.clubs, made.companies),
        counts: made.fates,
        package,
        repeat_of: repeat.map(|push| shown(push.id)),
    })
}

/// What a plan came to.
pub(super) struct Made {
    pub(super) fates: PlanCounts,
    pub(super) classes: Counts,
    clubs: u32,
    companies: u32,
}

/// What the push needs to know of its plan; kept in `staged_state` as `plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// The package that the plan was made for
    pub(super) package: String,
    /// Memberships of the target that rows were compared with
    pub(super) compared: i64,
    /// Sum of their members' versions: a version only ever rises, so an equal sum means that none did
    pub(super) versions: i64,
}

impl Stamp {
    /// As the databases are now.
    pub(super) async fn taken(db: &impl ConnectionTrait, package: &str) -> Result<Stamp> {
        let row = one(db, COMPARED).await?;
        Ok(Stamp {
            package: package.to_owned(),
            compared: row.try_get_by_index(0)?,
            versions: row.try_get_by_index(1)?,
        })
    }

    /// As the last plan left it; `None` without a plan.
    pub(super) async fn kept(db: &impl ConnectionTrait) -> Result<Option<Stamp>> {
        let rows = all(db, "SELECT value FROM staged.staged_state WHERE name = 'plan'", []).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(serde_json::from_str(&row.try_get_by_index::<String>(0)?).ok())
    }

    async fn keep(&self, db: &impl ConnectionTrait) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO staged.staged_state (name, value) VALUES ('plan', ?1)";
        let text = serde_json::to_string(self)
            .map_err(|_| crate::Error::new(crate::Code::Internal, "The plan's stamp could not be written"))?;
        run(db, sql, [text.into()]).await?;
        Ok(())
    }
}

/// Makes the plan in one transaction on the staging; nothing is written to the target.
pub(super) async fn make(db: &DatabaseConnection, job: &Job, package: &str) -> Result<Made> {
    let transaction = db.begin().await?;
    match make_in(&transaction, job, package).await {
        Ok(made) => {
            transaction.commit().await?;
            Ok(made)
        }
        Err(error) => {
            // An interrupted statement has rolled back already; then there is nothing left to undo.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

async fn make_in(db: &DatabaseTransaction, job: &Job, package: &str) -> Result<Made> {
    // A write first: the lock on the staging is held before anything is read.
    run(db, "DELETE FROM staged.staged_fate", []).await?;
    run(db, "DROP INDEX IF EXISTS staged.staged_fate_by_fate", []).await?;
    run(db, "DELETE FROM repeated", []).await?;
    find_files(db).await?;
    run(db, PLAN_REJECTS, []).await?;
    run_in_chunks(db, job, &[(PLAN_MET, &[]), (PLAN_NEW, &[])], "plan").await?;
    run(db, FIND_REPEATS, []).await?;
    run(db, PLAN_REPEATS, []).await?;
    run(db, "CREATE INDEX staged.staged_fate_by_fate ON staged_fate (fate, row_id)", []).await?;
    Stamp::taken(db, package).await?.keep(db).await?;
    let (classes, fates) = count(db).await?;
    let new = one(db, COUNT_NEW).await?;
    let (clubs, companies) = (shown(new.try_get_by_index(0)?), shown(new.try_get_by_index(1)?));
    Ok(Made { fates, classes, clubs, companies })
}

/// Counts rows by class and by fate.
pub(super) async fn count(db: &impl ConnectionTrait) -> Result<(Counts, PlanCounts)> {
    let mut classes = Counts::default();
    let mut fates = PlanCounts::default();
    for row in all(db, COUNT_FATES, []).await? {
        let (class, fate): (i64, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let rows = shown(row.try_get_by_index(2)?);
        classes.read += rows;
        match class {
            0 => classes.clean += rows,
            1 => classes.suspect += rows,
            3 => classes.excluded += rows,
            _ => classes.rejected += rows,
        }
        let fate = fate.and_then(|code| Fate::ALL.get(usize::try_from(code).ok()?).copied());
        match fate {
            Some(Fate::Insert) => fates.insert += rows,
            Some(Fate::SkipIdentical) => fates.skip_identical += rows,
            Some(Fate::SkipDifferent) => fates.skip_different += rows,
            Some(Fate::Reject) => fates.reject += rows,
            None => {}
        }
    }
    fates.suspect = classes.suspect;
    fates.excluded = classes.excluded;
    Ok((classes, fates))
}
