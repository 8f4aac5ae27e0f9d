//! The writers' lock: who writes to a target does it alone, and who waits is told for whom.
//!
//! On PostgreSQL it is an advisory lock of the transaction, which also a pooler keeps with its server connection
//! (<https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS>). On SQLite it is the database's own
//! write lock; a file beside the database says whose.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::access::Access;
use crate::error::{Code, Error, Result};
use crate::progress::Job;

/// Names the lock among all advisory locks of a database: the letters `muster`.
const WRITERS: i64 = 0x6d75_7374_6572;
/// The lock of those who change the tables themselves.
pub(super) const MIGRATORS: i64 = WRITERS + 1;
/// How long somebody waits for others before they are told to come back later.
const WAIT_LIMIT: Duration = Duration::from_secs(300);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);
/// PostgreSQL cuts the name of a program to 63 bytes.
const PROGRAM_BYTES: usize = 63;
const PREFIX: &str = "muster: ";

/// The name under which a person's connection is listed at the server.
pub(super) fn program_of(person: &str) -> String {
    let mut program = PREFIX.to_owned();
    program.extend(person.chars().filter(|letter| letter.is_alphanumeric() || " .-_@".contains(*letter)));
    while program.len() > PROGRAM_BYTES {
        program.pop();
    }
    program
}

/// Takes the lock for the transaction that is open on the connection.
pub(super) async fn take(db: &DatabaseConnection, job: &Job) -> Result<()> {
    let started = Instant::now();
    let sql = take_sql();
    loop {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, &sql)).await?;
        if row.is_some_and(|row| row.try_get_by_index(0).unwrap_or(false)) {
            return Ok(());
        }
        job.wait_for(holder(db).await?.as_deref())?;
        if started.elapsed() > WAIT_LIMIT {
            return Err(busy());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The statement that tries to take the lock, on PostgreSQL.
pub(crate) fn take_sql() -> String {
    format!("SELECT pg_try_advisory_xact_lock({WRITERS})")
}

/// Who holds the lock: what their program calls itself, as far as it is one of Muster's.
async fn holder(db: &DatabaseConnection) -> Result<Option<String>> {
    let sql = format!(
        "SELECT activity.application_name FROM pg_locks AS held
         INNER JOIN pg_stat_activity AS activity ON held.pid = activity.pid
         WHERE held.locktype = 'advisory' AND held.granted AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND held.classid::bigint = {} AND held.objid::bigint = {}",
        WRITERS >> 32,
        WRITERS & 0xffff_ffff
    );
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, &sql)).await?;
    let Some(row) = row else { return Ok(None) };
    let program: Option<String> = row.try_get_by_index(0)?;
    Ok(program.and_then(|program| program.strip_prefix(PREFIX).map(str::to_owned)))
}

/// While it is there, the transaction on the SQLite connection is this program's.
#[derive(Debug)]
pub(super) struct Held {
    note: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        // A note that stays behind does no harm: it is read only while the database is locked.
        let _ = std::fs::remove_file(&self.note);
    }
}

/// Begins a transaction that writes, on SQLite.
pub(super) async fn take_file(
    db: &DatabaseConnection,
    access: &Access,
    program: &str,
    job: &Job,
) -> Result<Held> {
    let Access::Sqlite(access) = access else { return Err(busy()) };
    let mut note = access.path.clone().into_os_string();
    note.push("-writer");
    let note = PathBuf::from(note);
    let started = Instant::now();
    db.execute_unprepared("PRAGMA busy_timeout = 100").await?;
    let taken = loop {
        match db.execute_unprepared("BEGIN IMMEDIATE").await.map_err(Error::from) {
            Err(error) if error.code() == Code::Busy && started.elapsed() < WAIT_LIMIT => {
                let who = std::fs::read_to_string(&note).ok();
                job.wait_for(who.as_deref().and_then(|who| who.strip_prefix(PREFIX)))?;
                tokio::time::sleep(PAUSE).await;
            }
            result => break result,
        }
    };
    db.execute_unprepared("PRAGMA busy_timeout = 15000").await?;
    taken?;
    // Without the note others are only told less.
    let _ = std::fs::write(&note, program);
    Ok(Held { note })
}

fn busy() -> Error {
    Error::new(Code::Busy, "Somebody else is writing to the database and does not come to an end")
        .with_help("Nothing was written. Try again later.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_named_after_its_person_and_fits() {
        assert_eq!(program_of("pat"), "muster: pat");
        assert_eq!(program_of("p'; DROP"), "muster: p DROP");
        assert!(program_of(&"é".repeat(100)).len() <= PROGRAM_BYTES);
    }
}
