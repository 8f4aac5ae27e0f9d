//! One connection to a SQLite database, as Muster wants it: encrypted with SQLCipher, checked, interruptible.

use std::time::{Duration, Instant};

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::sqlx::{ConnectOptions, Error as SqlxError, SqlitePool, raw_sql};
use sea_orm::{DatabaseConnection, SqlxSqliteConnector};

use super::access::SqliteAccess;
use crate::error::{Code, Error, Result};
use crate::progress::Job;

/// How long a statement waits for another program's lock before it gives up.
const LOCK_WAIT: Duration = Duration::from_secs(15);

/// Virtual machine steps of SQLite between two looks at the cancel flag: well under a millisecond of work.
const STEPS_BETWEEN_LOOKS: i32 = 20_000;

/// What looks into the file, which may be none of ours, or locked. A commit is on the disk before it is reported. A push of
/// many rows touches the pages of many indexes in no order; the default keeps 2 MB of them.
const OF_FILE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;";

/// Opens a database, making the file where there is none. One connection, kept for good: what is attached to it or
/// temporary in it stays. Foreign keys are checked. A cancelled `job` interrupts its statements.
///
/// # Errors
/// [`Code::Disk`] where the file cannot be opened, [`Code::Busy`] where another program holds its lock.
pub async fn open(access: &SqliteAccess, job: &Job) -> Result<DatabaseConnection> {
    let options = SqliteConnectOptions::new()
        .filename(&access.path)
        .pragma("key", format!("\"{}\"", access.key.as_pragma().expose()))
        // Sorting must not leave readable rows on the disk.
        .pragma("temp_store", "MEMORY")
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(LOCK_WAIT)
        .disable_statement_logging();
    let started = Instant::now();
    loop {
        match connect(options.clone(), job).await {
            // Of several programs that make a database together, one turns its journal on, and SQLite refuses the
            // others at once, without the wait that it grants for every other lock.
            Err(cause) if is_locked(&cause) && started.elapsed() < LOCK_WAIT => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            opened => {
                return opened
                    .map(SqlxSqliteConnector::from_sqlx_sqlite_pool)
                    .map_err(|cause| not_opened(&cause));
            }
        }
    }
}

async fn connect(options: SqliteConnectOptions, job: &Job) -> Result<SqlitePool, SqlxError> {
    let job = job.clone();
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let job = job.clone();
            Box::pin(async move {
                let mut handle = connection.lock_handle().await?;
                handle.set_progress_handler(STEPS_BETWEEN_LOOKS, move || !job.is_cancelled());
                Ok(())
            })
        })
        .connect_with(options)
        .await?;
    match raw_sql(OF_FILE).execute(&pool).await {
        Ok(_) => Ok(pool),
        Err(cause) => {
            // Not only dropped: see `Target::with`.
            pool.close().await;
            Err(cause)
        }
    }
}

/// SQLite's primary result code: 5 busy, 6 locked, 14 cannot open, 26 not a database.
fn primary_code(cause: &SqlxError) -> Option<u32> {
    let code = cause.as_database_error().and_then(|cause| cause.code()?.parse::<u32>().ok());
    code.map(|code| code & 0xff)
}

fn is_locked(cause: &SqlxError) -> bool {
    matches!(primary_code(cause), Some(5 | 6))
}

fn not_opened(cause: &SqlxError) -> Error {
    match primary_code(cause) {
        Some(5 | 6) => Error::new(Code::Busy, "The database is in use by another program or window")
            .with_help("Wait until it has finished, then try again."),
        Some(26) => Error::new(
            Code::InvalidInput,
            "This file is no database of this Muster: it is none at all, or was \
                                encrypted with another key than that in the keychain",
        )
        .with_help("Choose another file in the settings of the profile, or bring back the key."),
        _ => {
            Error::new(Code::Disk, "Could not open the database: its folder is not there or access is denied")
                .with_help("Check that the folder exists and can be written to, then try again.")
        }
    }
}
