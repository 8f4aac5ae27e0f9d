//! The push: carries out the plan that was made, in one transaction.

use jiff::Timestamp;
use sea_orm::sea_query::Value;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use super::PlanRequest;
use super::plan::{Stamp, count, make};
use super::report::{Mode, PlanCounts, PushReport, shown};
use super::sentence::thousands;
use super::session::{Session, find_files, one, run, run_in_chunks};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::staging::{Counts, IssueCount, RowQuery, Staging};
use crate::store::{self, entities};

const DRIFT: &str = include_str!("sql/drift.sql");
const INSERT_CLUBS: &str = include_str!("sql/insert_clubs.sql");
const INSERT_COMPANIES: &str = include_str!("sql/insert_companies.sql");
const INSERT_SOURCE_FILES: &str = include_str!("sql/insert_source_files.sql");
const INSERT_MEMBERS: &str = include_str!("sql/insert_members.sql");
const INSERT_MEMBERSHIPS: &str = include_str!("sql/insert_memberships.sql");
const INSERT_SOURCE_RECORDS: &str = include_str!("sql/insert_source_records.sql");
const INSERT_REJECTS: &str = include_str!("sql/insert_rejects.sql");

/// Carries out the plan whose package id is `plan` (the one that the person looked at). A package that was pushed
/// before is left alone: the report then names that push, and what a fresh plan finds. Progress is reported as
/// `push`, in rows.
///
/// # Errors
/// [`Code::Refused`] when the import or the target has changed since the plan, [`Code::Cancelled`] when cancelled,
/// [`Code::Busy`] when somebody else keeps the target locked. The target is as before in each case.
pub async fn push(request: &PlanRequest, plan: &str, job: &Job) -> Result<PushReport> {
    let package = request.package_id();
    if package != plan {
        return Err(refused("The import was changed after this plan was made"));
    }
    let session = Session::open(&request.target, &request.staged, job).await?;
    let result = carry_out(&session, request, package).await;
    session.close(result).await
}

/// What a push came to, apart from who and where.
struct Outcome {
    push: i64,
    finished: String,
    repeat: bool,
    fates: PlanCounts,
    classes: Counts,
}

async fn carry_out(session: &Session, request: &PlanRequest, package: String) -> Result<PushReport> {
    let started = now();
    // Before the transaction: once that is committed, nothing may fail.
    let issues = issues(request).await?;
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = session.db().begin_with_options(options).await?;
    let work = Work { db: &transaction, job: session.job(), request, package: &package, started: &started };
    let outcome = match store::push::carried_out(&transaction, &package).await {
        Ok(Some(earlier)) => {
            transaction.rollback().await?;
            repeated(session, earlier.id, &package).await?
        }
        Ok(None) => match work.run().await {
            Ok(outcome) => {
                transaction.commit().await?;
                outcome
            }
            Err(error) => {
                // An interrupted statement has rolled back already; then there is nothing left to undo.
                let _ = transaction.rollback().await;
                return Err(error);
            }
        },
        Err(error) => return Err(error),
    };
    Ok(report(request, package, started, issues, &outcome))
}

fn report(
    request: &PlanRequest,
    package: String,
    started: String,
    issues: Vec<IssueCount>,
    outcome: &Outcome,
) -> PushReport {
    PushReport {
        push: shown(outcome.push),
        package,
        profile: request.profile.clone(),
        mode: Mode::InsertNew,
        started,
        finished: outcome.finished.clone(),
        inserted: if outcome.repeat { 0 } else { outcome.fates.insert },
        updated: 0,
        skipped_identical: outcome.fates.skip_identical,
        skipped_different: outcome.fates.skip_different,
        rejected: outcome.fates.reject,
        repeat_of: outcome.repeat.then(|| shown(outcome.push)),
        issues,
        counts: outcome.classes,
    }
}

/// Nothing is written; a fresh plan tells how the target is now.
async fn repeated(session: &Session, push: i64, package: &str) -> Result<Outcome> {
    let made = make(session.db(), session.job(), package).await?;
    Ok(Outcome { push, finished: now(), repeat: true, fates: made.fates, classes: made.classes })
}

/// The work of one push inside its transaction.
struct Work<'w> {
    db: &'w DatabaseTransaction,
    job: &'w Job,
    request: &'w PlanRequest,
    package: &'w str,
    started: &'w str,
}

impl Work<'_> {
    async fn run(&self) -> Result<Outcome> {
        self.check_plan().await?;
        let (classes, fates) = count(self.db).await?;
        find_files(self.db).await?;
        self.check_drift().await?;
        run(self.db, INSERT_CLUBS, []).await?;
        run(self.db, INSERT_COMPANIES, []).await?;
        find_files(self.db).await?;
        run(self.db, INSERT_SOURCE_FILES, [self.started.into()]).await?;
        find_files(self.db).await?;
        let push = self.write_ledger(&classes, &fates).await?;
        self.write_rows(push, &fates).await?;
        let finished = now();
        let sql = "UPDATE push SET finished = ?1 WHERE id = ?2";
        run(self.db, sql, [finished.as_str().into(), push.into()]).await?;
        Ok(Outcome { push, finished, repeat: false, fates, classes })
    }

    async fn check_plan(&self) -> Result<()> {
        match Stamp::kept(self.db).await? {
            Some(stamp) if stamp.package == self.package => Ok(()),
            Some(_) => Err(refused("The import was changed after this plan was made")),
            None => Err(refused("There is no plan for this import")),
        }
    }

    /// Refuses when the target is not as the plan found it.
    async fn check_drift(&self) -> Result<()> {
        let row = one(self.db, DRIFT).await?;
        let (added, changed): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let mut found = Vec::new();
        if added > 0 {
            found.push(members(
                added,
                "that the plan would add is there already",
                "that the plan would add are there already",
            ));
        }
        if changed > 0 {
            found.push(members(
                changed,
                "that the plan looked at was changed",
                "that the plan looked at were changed",
            ));
        }
        let stamp = Stamp::taken(self.db, self.package).await?;
        if found.is_empty() && Stamp::kept(self.db).await?.as_ref() != Some(&stamp) {
            found.push("members that the plan looked at were changed".to_owned());
        }
        if found.is_empty() {
            return Ok(());
        }
        Err(refused(format!("The database has changed since this plan was made: {}", found.join("; "))))
    }

    async fn write_ledger(&self, classes: &Counts, fates: &PlanCounts) -> Result<i64> {
        use ActiveValue::Set;
        let row = entities::push::ActiveModel {
            id: ActiveValue::NotSet,
            package: Set(self.package.to_owned()),
            profile: Set(self.request.profile.name.clone()),
            mode: Set("insert-new".to_owned()),
            person: Set(self.request.person.clone()),
            import_name: Set(self.request.import_name.clone()),
            started: Set(self.started.to_owned()),
            finished: Set(self.started.to_owned()),
            undone: Set(None),
            rows_read: Set(classes.read.into()),
            excluded: Set(classes.excluded.into()),
            rejected: Set(classes.rejected.into()),
            staged: Set(i64::from(classes.clean) + i64::from(classes.suspect)),
            suspect: Set(classes.suspect.into()),
            clean: Set(classes.clean.into()),
            inserted: Set(fates.insert.into()),
            updated: Set(0),
            skipped_identical: Set(fates.skip_identical.into()),
            skipped_different: Set(fates.skip_different.into()),
            rejected_in_push: Set(i64::from(fates.reject) - i64::from(classes.rejected)),
        };
        Ok(row.insert(self.db).await?.id)
    }

    async fn write_rows(&self, push: i64, fates: &PlanCounts) -> Result<()> {
        let ids: [Value; 2] =
            [last_id(self.db, "member").await?.into(), last_id(self.db, "membership").await?.into()];
        let origin = [ids[1].clone(), push.into()];
        let reject = [push.into(), muster_engine::Rule::MissingName.name().into()];
        let statements = [
            (INSERT_MEMBERS, &ids[..1]),
            (INSERT_MEMBERSHIPS, &ids[..]),
            (INSERT_SOURCE_RECORDS, &origin[..]),
            (INSERT_REJECTS, &reject[..]),
        ];
        let written = run_in_chunks(self.db, self.job, &statements, "push").await?;
        let planned = [fates.insert, fates.insert, fates.insert, fates.reject].map(u64::from);
        if written == planned {
            return Ok(());
        }
        Err(Error::new(Code::Internal, "The push did not write what its plan says, so nothing was written")
            .with_help("Make a new plan and try again."))
    }
}

/// The greatest id that a table ever gave.
async fn last_id(db: &impl ConnectionTrait, table: &str) -> Result<i64> {
    let sql = format!(
        "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0),
                    coalesce((SELECT max(id) FROM main.{table}), 0))"
    );
    Ok(one(db, &sql).await?.try_get_by_index(0)?)
}

async fn issues(request: &PlanRequest) -> Result<Vec<IssueCount>> {
    let staged = request.staged.clone();
    let work =
        tokio::task::spawn_blocking(move || Staging::open(&staged)?.issue_counts(&RowQuery::default()));
    work.await.map_err(|_| Error::new(Code::Internal, "Counting the issues stopped without an answer"))?
}

fn members(number: i64, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 member {one}"),
        _ => format!("{} members {many}", thousands(shown(number))),
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(Code::Refused, message)
        .with_help("Nothing was written. Make a new plan, look at it and push that.")
}

fn now() -> String {
    format!("{:.3}", Timestamp::now())
}
