//! A connection to the target with the import's staging database attached.

use std::path::Path;

use muster_engine::Rule;
use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

use crate::error::{Error, Result};
use crate::progress::Job;
use crate::store::Target;

/// Rows of one statement: few enough for progress and a quick cancel, enough that starting statements costs nothing.
const CHUNK: i64 = 50_000;

const VIEWS: &str = include_str!("sql/views.sql");
const FIND_FILES: &str = include_str!("sql/find_files.sql");

/// See the module's description. Everything is on one connection: what is attached and temporary stays.
pub(super) struct Session {
    target: Target,
    job: Job,
}

impl Session {
    /// Opens both databases. The job's cancel interrupts every statement.
    pub(super) async fn open(target: &Path, staged: &Path, job: &Job) -> Result<Session> {
        if !staged.exists() {
            return Err(Error::not_found("import"));
        }
        let target = Target::open_for(target, job).await?;
        let db = target.db();
        run(db, "ATTACH DATABASE ?1 AS staged", [staged.to_string_lossy().into_owned().into()]).await?;
        // The staging can be rebuilt, so it need not wait for the disk. Sorting goes to files, not to memory.
        let settings = "PRAGMA staged.synchronous = OFF; PRAGMA temp_store = FILE;
                        PRAGMA main.cache_size = -64000; PRAGMA staged.cache_size = -16000;";
        db.execute_unprepared(settings).await?;
        db.execute_unprepared(VIEWS).await?;
        for (code, rule) in (0_i32..).zip(Rule::ALL) {
            let sql = "INSERT INTO rule (code, rule_name) VALUES (?1, ?2)";
            run(db, sql, [code.into(), rule.name().into()]).await?;
        }
        Ok(Session { target, job: job.clone() })
    }

    /// The connection.
    pub(super) fn db(&self) -> &DatabaseConnection {
        self.target.db()
    }

    /// The job that the session works for.
    pub(super) fn job(&self) -> &Job {
        &self.job
    }

    /// Closes the connection and passes on what came of the work. An error after a cancel is the cancel.
    pub(super) async fn close<T>(self, result: Result<T>) -> Result<T> {
        let closed = self.target.close().await;
        match result {
            Ok(done) => closed.map(|()| done),
            Err(_) if self.job.is_cancelled() => Err(Error::cancelled()),
            Err(error) => Err(error),
        }
    }
}

/// Looks up the files of the import in the target, anew.
pub(super) async fn find_files(db: &impl ConnectionTrait) -> Result<()> {
    run(db, "DELETE FROM plan_file", []).await?;
    run(db, FIND_FILES, []).await?;
    Ok(())
}

/// Runs a statement for all rows in ranges of row ids (`?1` to `?2`, then `values`), and reports progress as the
/// part of `stages` that `stage` is, from 0. Gives the number of rows it changed.
pub(super) async fn run_in_chunks(
    db: &impl ConnectionTrait,
    job: &Job,
    statements: &[(&str, &[Value])],
    name: &'static str,
) -> Result<Vec<u64>> {
    let last: i64 =
        one(db, "SELECT coalesce(max(id), 0) FROM staged.staged_row").await?.try_get_by_index(0)?;
    let total = u64::try_from(last).ok();
    let mut changed = vec![0; statements.len()];
    let mut first = 1;
    while first <= last {
        let end = first.saturating_add(CHUNK - 1).min(last);
        for (changed, (sql, values)) in changed.iter_mut().zip(statements) {
            let range = [Value::from(first), Value::from(end)];
            *changed += run(db, sql, range.into_iter().chain(values.iter().cloned())).await?;
        }
        job.report(name, end.cast_unsigned(), total)?;
        first = end + 1;
    }
    Ok(changed)
}

/// Runs a statement; gives the number of rows it changed.
pub(super) async fn run(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64> {
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// The rows of a query.
pub(super) async fn all(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>> {
    Ok(db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?)
}

/// The one row of a query.
pub(super) async fn one(db: &impl ConnectionTrait, sql: &str) -> Result<QueryResult> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    row.ok_or_else(|| Error::new(crate::Code::Internal, "A query that must give a row gave none"))
}
