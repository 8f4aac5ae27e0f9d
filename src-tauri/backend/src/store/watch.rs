//! Keeps an eye on a server while it works for us: a connection can die without either side being told.
//!
//! Every ten seconds the server is asked over a second connection what became of the first. It is given up
//! when the server could not be reached twice, does not know the connection any more, or has been waiting for our next
//! word all the time while we wait for its answer. That it waits while we work on our side is no fault.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use sea_orm::DatabaseConnection;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{ConnectOptions, Connection, PgPool, Row};

use super::access::PostgresAccess;
use super::postgres::options;
use crate::error::{Code, Error, Result};

const PAUSE: Duration = Duration::from_secs(10);
const ANSWER_LIMIT: Duration = Duration::from_secs(6);

/// What the server says of a connection.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    waits_for_us: bool,
    since: Option<String>,
}

/// A connection that is watched: the only one of a pool.
pub(super) struct Watched {
    pub(super) access: PostgresAccess,
    pub(super) program: String,
    /// The server's process for it; 0 where that is not known
    pub(super) process: Arc<AtomicI32>,
    pub(super) pool: PgPool,
}

impl Watched {
    /// Comes to an end when the connection is lost. In a task of its own, which long work on our side cannot hold up.
    pub(super) async fn lost(self) {
        // Where the transaction begins only now, its process is known a moment later.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let pid = Some(self.process.load(Ordering::Relaxed)).filter(|&process| process != 0);
        let mut before: Option<Seen> = None;
        loop {
            tokio::time::sleep(PAUSE).await;
            // Nobody waits for an answer while the connection is in its pool.
            let we_wait = self.pool.num_idle() == 0;
            let Some(seen) = self.look_twice(pid).await else { return };
            if pid.is_none() {
                continue;
            }
            match seen {
                None => return,
                Some(seen) if we_wait && seen.waits_for_us && before.as_ref() == Some(&seen) => return,
                seen => before = seen.filter(|_| we_wait),
            }
        }
    }

    /// What the server says; `None` where it cannot be reached. One that has much to do may be late once.
    async fn look_twice(&self, pid: Option<i32>) -> Option<Option<Seen>> {
        for _ in 0..2 {
            let look = look(&self.access, &self.program, pid);
            if let Ok(Ok(seen)) = tokio::time::timeout(ANSWER_LIMIT, look).await {
                return Some(seen);
            }
        }
        None
    }
}

async fn look(access: &PostgresAccess, program: &str, pid: Option<i32>) -> Result<Option<Seen>> {
    let mut connection = options(access, program).connect().await?;
    let sql = format!(
        "SELECT state LIKE 'idle%' AS waits, state_change::text AS since FROM pg_stat_activity WHERE pid = {}",
        pid.unwrap_or_default()
    );
    let row = simple(&mut connection, sql).await?;
    let _ = connection.close().await;
    let Some(row) = row else { return Ok(None) };
    // Answers of simple queries are text.
    let waits: Option<String> = row.try_get_unchecked("waits").ok();
    let since: Option<String> = row.try_get_unchecked("since").ok();
    Ok(Some(Seen { waits_for_us: waits.is_some_and(|waits| waits.starts_with('t')), since }))
}

/// A query without a prepared statement, which a pooler would lose.
async fn simple(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Option<sea_orm::sqlx::postgres::PgRow>> {
    use sea_orm::sqlx::{AssertSqlSafe, Executor};
    Ok(connection.fetch_optional(sea_orm::sqlx::raw_sql(AssertSqlSafe(sql))).await?)
}

/// Asks the server to stop what the process `pid` does. Where that cannot be asked, its connection is left to die.
pub(super) async fn interrupt(access: &PostgresAccess, program: &str, pid: Option<i32>) {
    let Some(pid) = pid else { return };
    let ask = async {
        let mut connection = options(access, program).connect().await?;
        simple(&mut connection, format!("SELECT pg_cancel_backend({pid})")).await?;
        Ok::<(), Error>(connection.close().await?)
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), ask).await;
}

/// The process of the server that works for the connection.
pub(super) async fn server_process(db: &DatabaseConnection) -> Result<Option<i32>> {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};
    let sql = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid()");
    let row = db.query_one_raw(sql).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

pub(super) fn gone() -> Error {
    Error::new(Code::Network, "The connection to the database server was lost").with_help(
        "Check the network, then try again: a push that was not finished is taken back by the server.",
    )
}
