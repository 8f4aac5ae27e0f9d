//! Writes the unified scores and their history, in the transaction of a push and after its rows.

use muster_engine::score::{Scale, ScaleBuilder};
use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult};

use super::statements::{
    CHANGE_COLUMNS, KEEP_METHOD, NEXT, UNIFY, VALUE_COLUMNS, VALUES, changes_sql, unified_sql, values_sql,
};
use super::{ScoreCounts, ScorePlan};
use crate::error::Result;
use crate::progress::Job;
use crate::push::report::shown;
use crate::store::journal::{self, Entry, now};
use crate::store::score_history;
use crate::store::sql::{all, drop_temporary, one, run, temporary};

/// Memberships that get a row in the history.
pub(super) const OF_DUE: &str =
    "(SELECT score_change.membership_id FROM score_change WHERE score_change.due = 1)";

/// Memberships of one round on SQLite, which keeps what is found for a while in memory. PostgreSQL takes all at once.
const CHUNK: i64 = 50_000;

/// How many memberships the clubs of the import have, and how many of them a unified score.
const SCORED: &str =
    "SELECT count(*) AS memberships, count(membership.unified_score) AS scored FROM membership
     WHERE membership.club_id IN (SELECT planned_file.club_id FROM planned_file)";

/// How many change, and how many get a row.
const CHANGED: &str =
    "SELECT count(nullif(moved, 0)) AS changed, count(nullif(due, 0)) AS history FROM score_change";

/// Fits the method to the scores that the clubs have by now, and writes what changes. Progress is reported as `scores`, in
/// different scores.
pub(in crate::push) async fn write(
    db: &DatabaseConnection,
    entry: Entry,
    plan: Option<&ScorePlan>,
    job: &Job,
) -> Result<Option<ScoreCounts>> {
    let Some(plan) = plan else { return Ok(None) };
    let decays = plan.settings.decay.is_some();
    let backend = db.get_database_backend();
    for (table, columns) in [("score_value", VALUE_COLUMNS), ("score_change", CHANGE_COLUMNS)] {
        db.execute_unprepared(&temporary(backend, table, columns)).await?;
    }
    run(db, &values_sql(decays), []).await?;
    analyze(db, "score_value").await?;
    let scale = fit(db, plan, job).await?;
    unify(db, &scale, job).await?;
    let mut counts = ScoreCounts::default();
    let last = journal::last_id(db, &journal::MEMBERSHIP).await?;
    let chunk = if backend == DbBackend::Postgres { last.max(1) } else { CHUNK };
    let mut first = 1;
    while first <= last {
        let end = first.saturating_add(chunk - 1).min(last);
        run(db, &changes_sql(decays), [first.into(), end.into()]).await?;
        write_changes(db, entry, &scale, &mut counts).await?;
        job.report("scores", end.cast_unsigned(), u64::try_from(last).ok())?;
        first = end + 1;
    }
    let after = one(db, SCORED, []).await?;
    counts.memberships = number(&after, "memberships")?;
    counts.scored = number(&after, "scored")?;
    drop_temporary(db, &["score_value", "score_change"]).await?;
    Ok(Some(counts))
}

/// Writes what was found, and forgets it.
async fn write_changes(
    db: &DatabaseConnection,
    entry: Entry,
    scale: &Scale,
    counts: &mut ScoreCounts,
) -> Result<()> {
    analyze(db, "score_change").await?;
    let found = one(db, CHANGED, []).await?;
    counts.changed += number(&found, "changed")?;
    counts.history += number(&found, "history")?;
    run(db, UNIFY, []).await?;
    keep_method(db, scale).await?;
    score_history::write(db, entry, OF_DUE, Some(scale.version().as_str())).await?;
    run(db, NEXT, []).await?;
    Ok(())
}

fn number(row: &QueryResult, name: &str) -> Result<u32> {
    Ok(shown(row.try_get::<i64>("", name)?))
}

/// PostgreSQL plans by what it knows of a table.
async fn analyze(db: &DatabaseConnection, table: &str) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&format!("ANALYZE {table}")).await?;
    }
    Ok(())
}

/// A score that memberships of a club have.
struct ScoreValue {
    id: i64,
    club: String,
    score: f64,
    last_active: String,
    times: u32,
}

/// A page of the different scores after an id.
async fn page(db: &DatabaseConnection, after: i64) -> Result<Vec<ScoreValue>> {
    let value = |row: &QueryResult| {
        Ok(ScoreValue {
            id: row.try_get_by_index(0)?,
            club: row.try_get_by_index(1)?,
            score: row.try_get_by_index(2)?,
            last_active: row.try_get_by_index(3)?,
            times: shown(row.try_get_by_index(4)?),
        })
    };
    all(db, VALUES, [after.into()]).await?.iter().map(value).collect()
}

async fn fit(db: &DatabaseConnection, plan: &ScorePlan, job: &Job) -> Result<Scale> {
    let mut builder = ScaleBuilder::new();
    let mut after = 0;
    loop {
        let values = page(db, after).await?;
        let Some(last) = values.last() else { break };
        after = last.id;
        for value in &values {
            builder.push_times(&value.club, Some(value.score), value.times);
        }
        job.report("scores", after.cast_unsigned(), None)?;
    }
    Ok(builder.finish(&plan.settings, plan.as_of)?)
}

async fn unify(db: &DatabaseConnection, scale: &Scale, job: &Job) -> Result<()> {
    let sql = unified_sql(db.get_database_backend());
    let mut after = 0;
    loop {
        let values = page(db, after).await?;
        let Some(last) = values.last() else { return Ok(()) };
        after = last.id;
        let made = |value: &ScoreValue| {
            let active = Some(value.last_active.as_str()).filter(|active| !active.is_empty());
            (value.id, scale.unified(&value.club, Some(value.score), active).map(kept))
        };
        let made: Vec<(i64, Option<f64>)> = values.iter().map(made).collect();
        run(db, &sql, [serde_json::to_string(&made).unwrap_or_default().into()]).await?;
        job.report("scores", after.cast_unsigned(), None)?;
    }
}

/// With 15 significant digits, which is what SQLite's JSON keeps of a number: images of rows give back the same one.
fn kept(unified: f64) -> f64 {
    format!("{unified:.14e}").parse().unwrap_or(unified)
}

async fn keep_method(db: &DatabaseConnection, scale: &Scale) -> Result<()> {
    let settings = serde_json::to_string(scale.settings()).unwrap_or_default();
    let values: [Value; 4] =
        [scale.version().as_str().into(), settings.into(), scale.as_of().to_string().into(), now().into()];
    run(db, KEEP_METHOD, values).await?;
    Ok(())
}
