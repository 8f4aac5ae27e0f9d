//! A target: the database that members are pushed to, SQLite or PostgreSQL.
//!
//! One connection for good, and transactions that are opened and ended by statements: so a bulk load, which needs the
//! driver's own connection, and queries, which need sea-orm's, can be parts of the same one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use tokio::task::JoinSet;

use super::access::Access;
use super::migrate::{Schema, migrate};
use super::{lock, postgres, sqlite, watch};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::telemetry::{Stage, stage};

/// How long a cancelled statement may take to end before its connection is left behind.
const CANCEL_LIMIT: Duration = Duration::from_millis(1500);
/// How long closing may take; a connection that is lost is left to die.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);
/// How often a cancel is looked for.
const CANCEL_PAUSE: Duration = Duration::from_millis(50);

/// An open target, with all its tables.
pub struct Target {
    db: DatabaseConnection,
    access: Access,
    program: String,
    job: Job,
    /// The server's process for the open transaction; 0 without one
    process: Arc<AtomicI32>,
}

/// A commit that got no answer may have been carried out.
fn in_doubt(error: Error) -> Error {
    match error.code() {
        Code::Network | Code::Cancelled => Error::new(
            Code::InDoubt,
            "The connection to the database server was lost at the last moment: whether it was written is not known",
        )
        .with_help("Look at the history once the server can be reached, before you do it again."),
        _ => error,
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("access", &self.access).finish_non_exhaustive()
    }
}

/// Who opens a database where no person is told of it.
const PROGRAM: &str = "muster";

impl Target {
    /// Opens a database and brings its tables up to date; a SQLite database is made where it is missing.
    ///
    /// # Errors
    /// As [`sqlite::open`], [`postgres::open`] and [`migrate`].
    pub async fn open(access: &Access) -> Result<Target> {
        Target::open_for(access, PROGRAM, &Job::silent()).await
    }

    /// As [`Target::open`], for a person, whom others that have to wait are told, and for a job, which interrupts what
    /// runs on the connection when it is cancelled.
    ///
    /// # Errors
    /// As [`Target::open`].
    pub async fn open_for(access: &Access, person: &str, job: &Job) -> Result<Target> {
        let program = lock::program_of(person);
        let db = match access {
            Access::Sqlite(sqlite) => sqlite::open(sqlite, job).await?,
            Access::Postgres(postgres) => postgres::open(postgres, &program).await?,
        };
        let target =
            Target { db, access: access.clone(), program, job: job.clone(), process: Arc::default() };
        match target.watched(migrate(&target.db, Schema::Target)).await {
            Ok(_) => Ok(target),
            Err(error) => {
                // As in `with`.
                let _ = target.close().await;
                Err(error)
            }
        }
    }

    /// Opens a database as [`Target::open_for`], and closes it whatever comes of `work`: where the program ends while
    /// SQLite's thread is still closing an encrypted file, SQLCipher has taken its memory away, and the program
    /// ends by a signal instead of its exit code.
    ///
    /// # Errors
    /// As [`Target::open`], those of `work`, and where the database reports one as it is closed.
    pub async fn with<T>(
        access: &Access,
        person: &str,
        job: &Job,
        work: impl AsyncFnOnce(&Target) -> Result<T>,
    ) -> Result<T> {
        let target = Target::open_for(access, person, job).await?;
        let done = work(&target).await;
        let closed = target.close().await;
        let done = done?;
        closed?;
        Ok(done)
    }

    /// Reads a database as [`Target::read`] does, in a connection of its own.
    ///
    /// # Errors
    /// As [`Target::with`].
    pub async fn read_once<T>(
        access: &Access,
        work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T>,
    ) -> Result<T> {
        Target::with(access, PROGRAM, &Job::silent(), async |target| target.read(work).await).await
    }

    /// The connection.
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Which database it is.
    pub fn backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    /// Reads in one transaction, which sees one state of the database throughout.
    ///
    /// # Errors
    /// Those of `work`, and when the database fails.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T>) -> Result<T> {
        let begin = match self.backend() {
            DbBackend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ",
            _ => "BEGIN",
        };
        self.transaction(begin, false, work).await.map_err(|error| match error.code() {
            // Nothing was written that could be in doubt.
            Code::InDoubt => Error::new(Code::Network, "The connection to the database server was lost")
                .with_help("Check the network, then try again."),
            _ => error,
        })
    }

    /// Writes in one transaction: all of it or nothing. The writers' lock ([`lock::take`]) is held from the start.
    ///
    /// # Errors
    /// Those of `work`, [`Code::Busy`] where another writer does not come to an end, and when the database fails. Then
    /// nothing was written; but with [`Code::InDoubt`] that is not known.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T>) -> Result<T> {
        self.write_after(async |_| Ok(()), async |db, ()| work(db).await).await
    }

    /// As [`Target::write`]; what `prepare` does belongs to the transaction and is done before the lock is taken, where
    /// the database knows such a time (SQLite's lock is that of the transaction).
    ///
    /// # Errors
    /// As [`Target::write`].
    pub async fn write_after<P, T>(
        &self,
        prepare: impl AsyncFnOnce(&DatabaseConnection) -> Result<P>,
        work: impl AsyncFnOnce(&DatabaseConnection, P) -> Result<T>,
    ) -> Result<T> {
        match self.backend() {
            DbBackend::Postgres => {
                self.transaction("BEGIN", true, async |db| {
                    let prepared = prepare(db).await?;
                    lock::take(db, &self.job).await?;
                    work(db, prepared).await
                })
                .await
            }
            _ => {
                let held = lock::take_file(&self.db, &self.access, &self.program, &self.job).await?;
                let result = self
                    .ended(true, async {
                        let prepared = prepare(&self.db).await?;
                        work(&self.db, prepared).await
                    })
                    .await;
                drop(held);
                result
            }
        }
    }

    async fn transaction<T>(
        &self,
        begin: &str,
        writes: bool,
        work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T>,
    ) -> Result<T> {
        self.watched(async { Ok(self.db.execute_unprepared(begin).await?) }).await?;
        self.ended(writes, async {
            if self.backend() == DbBackend::Postgres {
                self.db.execute_unprepared(&self.postgres_start()).await?;
                let process = watch::server_process(&self.db).await?;
                self.process.store(process.unwrap_or_default(), Ordering::Relaxed);
            }
            work(&self.db).await
        })
        .await
    }

    /// What every transaction on PostgreSQL begins with. A server that finds its client gone takes the transaction back
    /// and gives the lock free, also while it is busy or waits for the client's next word.
    fn postgres_start(&self) -> String {
        format!(
            "DEALLOCATE ALL;
             SET LOCAL application_name = '{}';
             SET LOCAL idle_in_transaction_session_timeout = '60s';
             SELECT set_config(name, '2s', true) FROM pg_settings WHERE name = 'client_connection_check_interval'",
            self.program
        )
    }

    /// Does the work of a transaction that was begun, and ends it.
    async fn ended<T>(&self, writes: bool, work: impl Future<Output = Result<T>>) -> Result<T> {
        match self.watched(work).await {
            Ok(done) => {
                let postgres = self.backend() == DbBackend::Postgres;
                let commit = if postgres { "DEALLOCATE ALL; COMMIT" } else { "COMMIT" };
                let commit = self.watched(async { Ok(self.db.execute_unprepared(commit).await?) });
                let committed = if writes { stage(Stage::Commit, commit).await } else { commit.await };
                committed.map(|_| done).map_err(in_doubt)
            }
            Err(error) => {
                // An interrupted statement of SQLite has rolled back already; a lost connection needs none.
                let rollback = self.db.execute_unprepared("ROLLBACK");
                let _ = tokio::time::timeout(CANCEL_LIMIT, rollback).await;
                Err(if self.job.is_cancelled() { Error::cancelled() } else { error })
            }
        }
    }

    /// Waits for work on the database, and ends it when the job is cancelled or the server is lost.
    async fn watched<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::pin!(work);
        let Access::Postgres(access) = &self.access else { return work.await };
        let mut watch = JoinSet::new();
        watch.spawn(self.watch(access).lost());
        tokio::select! {
            done = &mut work => return done,
            _ = watch.join_next() => return Err(watch::gone()),
            () = self.cancelled() => {}
        }
        watch::interrupt(access, &self.program, self.process()).await;
        match tokio::time::timeout(CANCEL_LIMIT, work).await {
            Ok(Err(_)) | Err(_) => Err(Error::cancelled()),
            Ok(done) => done,
        }
    }

    fn watch(&self, access: &super::PostgresAccess) -> watch::Watched {
        watch::Watched {
            access: access.clone(),
            program: self.program.clone(),
            process: Arc::clone(&self.process),
            pool: self.db.get_postgres_connection_pool().clone(),
        }
    }

    fn process(&self) -> Option<i32> {
        Some(self.process.load(Ordering::Relaxed)).filter(|&process| process != 0)
    }

    async fn cancelled(&self) {
        while !self.job.is_cancelled() {
            tokio::time::sleep(CANCEL_PAUSE).await;
        }
    }

    /// Closes the connection; a dropped target closes a little later.
    ///
    /// # Errors
    /// [`Code::Database`] where the database reports one.
    pub async fn close(self) -> Result<()> {
        match tokio::time::timeout(CLOSE_LIMIT, self.db.close()).await {
            Ok(closed) => Ok(closed?),
            Err(_) => Ok(()),
        }
    }
}
