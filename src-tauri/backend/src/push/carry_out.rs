//! The push: carries out the plan that was made, in one transaction.

use std::time::{Duration, Instant};

use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseConnection, DbBackend};
use serde_json::json;

use super::drift::{self, refused};
use super::plan::Stamp;
use super::report::{PlanCounts, PushReport, shown};
use super::rows::count;
use super::scores::{self, ScoreCounts};
use super::{
    PlanRequest, decisions, make_plan, member_merges, merge, origins, planned, rejects, removal, replayed,
};
use crate::archive;
use crate::error::{Code, Error, Result};
use crate::probe::reached;
use crate::progress::Job;
use crate::staging::{self, Counts, IssueCount, RowQuery, Staging};
use crate::store::journal::{self, Entry, Table, now};
use crate::store::sql::{drop_temporary, each, run, temporary};
use crate::store::{self, Target, entities};
use crate::telemetry::{Counter, Event, ProfileId, Seconds, Stage, count as note, record, stage};

/// How long the ledger is asked for a push whose commit got no answer.
const ASK_LIMIT: Duration = Duration::from_secs(25);
/// Between two questions.
const ASK_PAUSE: Duration = Duration::from_secs(2);

/// Carries out the plan whose package id is `plan` (the one that the person looked at). A package that was pushed
/// before is left alone: the report then names that push, and what a fresh plan finds. Progress is reported as `load`
/// and `push`, in rows.
///
/// # Errors
/// [`Code::Refused`] when the import or the target has changed since the plan, [`Code::Cancelled`] when cancelled,
/// [`Code::Busy`] when somebody else keeps the target locked, [`Code::Network`] when the server was lost. The target is
/// as before in each case; with [`Code::InDoubt`], which a repeat settles, that is not known.
pub async fn push(request: &PlanRequest, plan: &str, job: &Job) -> Result<PushReport> {
    let began = Instant::now();
    let pushed = stage(Stage::Push, carry_out(request, plan, job)).await;
    record(told(request, &pushed, Seconds::since(began)));
    pushed
}

/// The event of a push.
fn told(request: &PlanRequest, pushed: &Result<PushReport>, seconds: Seconds) -> Event {
    let of = &request.profile;
    let (profile, environment, driver) = (ProfileId::of(&of.name), of.environment, of.driver);
    match pushed {
        Err(error) => {
            let (mode, code) = (request.mode, error.code());
            Event::PushFailed { profile, environment, driver, mode, code, seconds }
        }
        Ok(report) => Event::Pushed {
            push: report.push,
            profile,
            environment,
            driver,
            mode: report.mode,
            repeat: report.repeat_of.is_some(),
            replay: request.replay.is_some(),
            inserted: report.inserted,
            joined: report.joined,
            merged: report.merged,
            updated: report.updated,
            skipped_identical: report.skipped_identical,
            skipped_different: report.skipped_different,
            conflicts: report.conflicts,
            removed: report.removed,
            rejected: report.rejected,
            seconds,
        },
    }
}

async fn carry_out(request: &PlanRequest, plan: &str, job: &Job) -> Result<PushReport> {
    let package = request.package_id();
    if package != plan {
        return Err(refused("The import was changed after this plan was made"));
    }
    let started = now();
    // Before the transaction: once that is committed, nothing may fail.
    let issues = issues(request).await?;
    let work = Work { request, package: &package, started: &started, job };
    let outcome = match work.push().await {
        Err(error) if error.code() == Code::InDoubt => match work.was_committed(error).await? {
            Some(outcome) => outcome,
            None => return Err(not_written()),
        },
        outcome => outcome?,
    };
    Ok(work.report(issues, &outcome))
}

/// What a push came to, apart from who and where.
struct Outcome {
    push: i64,
    finished: String,
    repeat: bool,
    fates: PlanCounts,
    scores: Option<ScoreCounts>,
    classes: Counts,
}

/// Tables that only the transaction of a push needs.
const TEMPORARY: [&str; 2] = ["planned_file", "planned_removal"];

/// `planned_file`: the files of the import, and what they are in the target.
const FILE_COLUMNS: &str = "file_id BIGINT, source TEXT, sha256 TEXT, file_name TEXT, size BIGINT, header TEXT, \
                            club_id BIGINT, source_file_id BIGINT, reading_id BIGINT";

/// Tables to which a push adds rows.
pub(super) static TABLES: [&Table; 7] = [
    &journal::CLUB,
    &journal::COMPANY,
    &journal::SOURCE_FILE,
    &journal::MEMBER,
    &journal::MEMBERSHIP,
    &journal::SOURCE_RECORD,
    &journal::REJECT,
];

/// Notes when a push was done.
pub(super) const FINISH: &str = "UPDATE push SET finished = $1 WHERE id = $2";

/// Brings the files of the import; `$1` is a JSON array of them.
pub(super) fn insert_files_sql(backend: DbBackend) -> String {
    format!(
        "INSERT INTO planned_file (file_id, source, sha256, file_name, size, header)
         SELECT CAST(file.value ->> 'id' AS bigint), file.value ->> 'source', file.value ->> 'sha256',
             file.value ->> 'name', CAST(file.value ->> 'size' AS bigint), file.value ->> 'header' FROM {}",
        each(backend, "$1", "file")
    )
}

struct Work<'w> {
    request: &'w PlanRequest,
    package: &'w str,
    started: &'w str,
    job: &'w Job,
}

impl Work<'_> {
    async fn push(&self) -> Result<Outcome> {
        let push = async |target: &Target| {
            reached("target opened");
            let pushed = self.push_to(target).await?;
            reached("committed");
            Ok(pushed)
        };
        match Target::with(&self.request.access, &self.request.person, self.job, push).await? {
            Ok(outcome) => Ok(outcome),
            Err(earlier) => self.repeated(earlier).await,
        }
    }

    /// `Err` in `Ok` is the earlier push that has carried out the package.
    async fn push_to(&self, target: &Target) -> Result<Result<Outcome, i64>> {
        planned::attach(target.db(), &self.request.staged).await?;
        if let Some(earlier) =
            target.read(async |db| store::push::carried_out(db, self.package).await).await?
        {
            return Ok(Err(earlier.id));
        }
        reached("ledger asked");
        let archived = self.request.archive.keep(target, &self.request.raw_files, self.job).await?;
        reached("raw files archived");
        let load = async |db: &DatabaseConnection| stage(Stage::Load, self.load(db)).await;
        let merge = async |db: &DatabaseConnection, ()| stage(Stage::Merge, self.write(db, &archived)).await;
        target.write_after(load, merge).await
    }

    /// Nothing is written; a fresh plan tells how the target is now.
    async fn repeated(&self, push: i64) -> Result<Outcome> {
        make_plan(self.request, self.job).await?;
        let (classes, fates) = count(&self.request.staged)?;
        Ok(Outcome { push, finished: now(), repeat: true, fates, scores: None, classes })
    }

    /// Before the lock: what is to be written is brought to the server.
    async fn load(&self, db: &DatabaseConnection) -> Result<()> {
        reached("load begun");
        self.check_plan()?;
        planned::load(db, self.request, self.job).await?;
        let backend = db.get_database_backend();
        db.execute_unprepared(&temporary(backend, "planned_file", FILE_COLUMNS)).await?;
        run(db, &insert_files_sql(backend), [files(self.request)?.into()]).await?;
        if backend == DbBackend::Postgres {
            db.execute_unprepared("ANALYZE planned_file").await?;
        }
        removal::load(db, self.request).await?;
        member_merges::load(db, self.request).await?;
        replayed::load(db, self.request).await?;
        reached("rows loaded");
        Ok(())
    }

    /// Under the lock. `Err` in `Ok` is the earlier push that has carried out the package meanwhile.
    async fn write(
        &self,
        db: &DatabaseConnection,
        archived: &[archive::Stored],
    ) -> Result<Result<Outcome, i64>> {
        if let Some(earlier) = store::push::carried_out(db, self.package).await? {
            return self.leave(db, earlier.id).await.map(Err);
        }
        reached("locked");
        replayed::check(db, self.request).await?;
        let (classes, fates) = count(&self.request.staged)?;
        note(Counter::Rows, classes.clean);
        let before = greatest_ids(db, &TABLES).await?;
        merge::write_sources(db, self.started).await?;
        reached("sources written");
        let removed = if self.request.remove_missing { fates.remove } else { 0 };
        drift::check(db, removed > 0).await?;
        member_merges::check(db, fates.merges).await?;
        reached("drift checked");
        let entry = journal::open(db, self.ledger(&classes, &fates, removed)).await?;
        archive::note(db, entry.id, archived, self.started).await?;
        reached("entry opened");
        merge::write_companies(db).await?;
        reached("companies written");
        let members = merge::insert(db, entry, &fates, self.job).await?;
        merge::update(db, entry, &fates).await?;
        origins::write(db, self.request, entry, members).await?;
        if removed > 0 {
            removal::remove(db, entry, removed).await?;
        }
        let scores = scores::write(db, entry, self.request.scores.as_ref(), self.job).await?;
        let rejected = match self.request.replay {
            Some(_) => replayed::settle(db, self.request, entry).await?,
            None => rejects::write(db, self.request, entry.id, self.job).await?,
        };
        if rejected != u64::from(fates.reject) {
            return Err(merge::not_as_planned());
        }
        reached("refused rows written");
        for (table, above) in TABLES.into_iter().zip(before) {
            journal::note_added(db, entry, table, above).await?;
        }
        member_merges::leave(db, fates.merges).await?;
        decisions::write(db, &self.request.decisions).await?;
        reached("additions noted");
        let finished = self.finish(db, entry, &fates, scores, removed).await?;
        Ok(Ok(Outcome { push: entry.id, finished, repeat: false, fates, scores, classes }))
    }

    /// Ends a push that an earlier one has carried out.
    async fn leave(&self, db: &DatabaseConnection, earlier: i64) -> Result<i64> {
        replayed::drop_planned(db, self.request).await?;
        member_merges::leave(db, member_merges::planned(self.request)?).await?;
        drop_temporary(db, &TEMPORARY).await?;
        Ok(earlier)
    }

    async fn finish(
        &self,
        db: &DatabaseConnection,
        entry: Entry,
        fates: &PlanCounts,
        scores: Option<ScoreCounts>,
        removed: u32,
    ) -> Result<String> {
        let mut detail = json!({
            "profile": self.request.profile.name, "mode": self.request.mode.name(), "package": self.package,
            "inserted": fates.insert, "joined": fates.joins, "updated": fates.update, "merged": fates.merges, "rejected": fates.reject,
            "removed": removed,
        });
        if let Some(scores) = scores {
            detail["scores"] = json!(scores.changed);
        }
        journal::audit(db, entry, &self.request.person, "push", &detail).await?;
        reached("audit written");
        drop_temporary(db, &TEMPORARY).await?;
        let finished = now();
        run(db, FINISH, [finished.as_str().into(), entry.id.into()]).await?;
        reached("about to commit");
        Ok(finished)
    }

    fn check_plan(&self) -> Result<()> {
        match Stamp::kept(&self.request.staged)? {
            Some(stamp) if stamp.package == self.package => Ok(()),
            Some(_) => Err(refused("The import was changed after this plan was made")),
            None => Err(refused("There is no plan for this import")),
        }
    }

    fn ledger(&self, classes: &Counts, fates: &PlanCounts, removed: u32) -> entities::push::ActiveModel {
        entities::push::ActiveModel {
            package: Set(self.package.to_owned()),
            mode: Set(self.request.mode.name().to_owned()),
            import_name: Set(self.request.import_name.clone()),
            recipe: Set(Some(self.request.package.recipe.clone())),
            rows_read: Set(classes.read.into()),
            excluded: Set(classes.excluded.into()),
            rejected: Set(classes.rejected.into()),
            staged: Set(i64::from(classes.clean) + i64::from(classes.suspect)),
            suspect: Set(classes.suspect.into()),
            clean: Set(classes.clean.into()),
            inserted: Set(fates.insert.into()),
            updated: Set(fates.update.into()),
            skipped_identical: Set(fates.skip_identical.into()),
            skipped_different: Set(fates.skip_different.into()),
            conflicts: Set(fates.conflict.into()),
            rejected_in_push: Set(i64::from(fates.reject) - i64::from(classes.rejected)),
            removed: Set(removed.into()),
            ..journal::blank("push", &self.request.person, &self.request.profile.name, self.started)
        }
    }

    /// What became of a push whose connection was lost, perhaps after its commit had reached the server: the ledger
    /// knows. It is read under the writers' lock, which a push that is still being committed holds.
    async fn was_committed(&self, lost: Error) -> Result<Option<Outcome>> {
        let started = Instant::now();
        loop {
            match self.ask_ledger().await {
                Err(error) if matches!(error.code(), Code::Network | Code::InDoubt) => {}
                answer => return answer,
            }
            if started.elapsed() > ASK_LIMIT {
                return Err(lost.with_help(
                    "Push again once the server can be reached: what was written is not written twice.",
                ));
            }
            tokio::time::sleep(ASK_PAUSE).await;
        }
    }

    async fn ask_ledger(&self) -> Result<Option<Outcome>> {
        let ask = async |target: &Target| {
            target.write(async |db| store::push::carried_out(db, self.package).await).await
        };
        // Whether the job was cancelled meanwhile changes nothing about what was written.
        let job = Job::silent();
        let asked = Target::with(&self.request.access, &self.request.person, &job, ask);
        let found = match tokio::time::timeout(ASK_LIMIT, asked).await {
            Ok(found) => found?,
            Err(_) => return Err(unanswered()),
        };
        let Some(push) = found else { return Ok(None) };
        let (classes, fates) = count(&self.request.staged)?;
        // An earlier one than this is a repeat.
        let repeat = push.started != self.started;
        // The plan's counts: the push's own were lost with the connection.
        let planned = Stamp::kept(&self.request.staged)?.and_then(|stamp| stamp.scores);
        let scores = planned.filter(|_| !repeat);
        Ok(Some(Outcome { push: push.id, finished: push.finished, repeat, fates, scores, classes }))
    }

    fn report(&self, issues: Vec<IssueCount>, outcome: &Outcome) -> PushReport {
        let done = |count: u32| if outcome.repeat { 0 } else { count };
        let fates = &outcome.fates;
        PushReport {
            push: shown(outcome.push),
            package: self.package.to_owned(),
            profile: self.request.profile.clone(),
            mode: self.request.mode,
            started: self.started.to_owned(),
            finished: outcome.finished.clone(),
            inserted: done(fates.insert),
            joined: done(fates.joins),
            merged: done(fates.merges),
            updated: done(fates.update),
            skipped_identical: fates.skip_identical,
            skipped_different: fates.skip_different + fates.conflict,
            conflicts: fates.conflict,
            removed: if self.request.remove_missing { done(fates.remove) } else { 0 },
            rejected: fates.reject,
            repeat_of: outcome.repeat.then(|| shown(outcome.push)),
            scores: outcome.scores,
            issues,
            counts: outcome.classes,
        }
    }
}

/// The files of the import that have rows, as a JSON array.
fn files(request: &PlanRequest) -> Result<String> {
    let db = staging::connect(&request.staged)?;
    let mut statement = db.prepare(
        "SELECT json_group_array(json_object('id', id, 'source', source, 'sha256', sha256, 'name', name, 'size', size,
             'header', header)) FROM staged_file
         WHERE EXISTS (SELECT 1 FROM staged_row WHERE staged_row.file_id = staged_file.id)",
    )?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The greatest ids that tables have at the moment.
async fn greatest_ids(db: &DatabaseConnection, tables: &[&Table]) -> Result<Vec<i64>> {
    let mut ids = Vec::with_capacity(tables.len());
    for table in tables {
        ids.push(journal::last_id(db, table).await?);
    }
    Ok(ids)
}

async fn issues(request: &PlanRequest) -> Result<Vec<IssueCount>> {
    let staged = request.staged.clone();
    crate::imports::blocking(move || Staging::open(&staged)?.issue_counts(&RowQuery::default())).await
}

fn unanswered() -> Error {
    Error::new(Code::Network, "The database does not answer").with_help("Check the network, then push again.")
}

fn not_written() -> Error {
    Error::new(Code::Network, "The connection to the database server was lost, and nothing was written")
        .with_help("Check the network, then push again.")
}
