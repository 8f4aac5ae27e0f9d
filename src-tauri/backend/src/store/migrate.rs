//! Brings a database's tables to the version that this program knows.

use muster_migrations::{target, workspace};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use super::lock::MIGRATORS;
use crate::error::{Code, Error, Result};

/// Which tables a database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The members and the ledger
    Target,
    /// The desktop's imports
    Workspace,
}

impl Schema {
    fn known(self) -> Vec<String> {
        let steps = match self {
            Schema::Target => target::Migrator::migrations(),
            Schema::Workspace => workspace::Migrator::migrations(),
        };
        steps.iter().map(|step| step.name().to_owned()).collect()
    }
}

/// Runs the steps that the database has not had yet; all of them or none. However many programs start together, each
/// step runs once: SQLite's write lock, or on PostgreSQL an advisory lock, is taken first and held to the end.
///
/// # Errors
/// [`Code::NewerSchema`] where the database has had a step that this program does not know (it is left as it is),
/// [`Code::Busy`] where somebody holds the lock for too long.
pub async fn migrate(db: &DatabaseConnection, schema: Schema) -> Result<()> {
    let known = schema.known();
    // In a transaction, since a pooler would lose the statements between two.
    let look = db.begin().await?;
    if look.get_database_backend() == DbBackend::Postgres {
        look.execute_unprepared("DEALLOCATE ALL").await?;
    }
    let missing = pending(&look, &known).await;
    if look.get_database_backend() == DbBackend::Postgres {
        look.execute_unprepared("DEALLOCATE ALL").await?;
    }
    look.commit().await?;
    if missing? == 0 {
        return Ok(());
    }
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let lock = db.begin_with_options(options).await?;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    if postgres {
        // A pooler may have given us a connection on which another program has prepared statements of the same names.
        lock.execute_unprepared("DEALLOCATE ALL").await?;
        lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATORS})")).await?;
    }
    // Another program may have run them while this one waited.
    if pending(&lock, &known).await? > 0 {
        match schema {
            Schema::Target => target::Migrator::up(&lock, None).await?,
            Schema::Workspace => workspace::Migrator::up(&lock, None).await?,
        }
    }
    if postgres {
        lock.execute_unprepared("DEALLOCATE ALL").await?;
    }
    lock.commit().await?;
    Ok(())
}

/// How many of the known steps the database has not had.
async fn pending(db: &impl ConnectionTrait, known: &[String]) -> Result<usize> {
    let backend = db.get_database_backend();
    let table = match backend {
        DbBackend::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
        _ => "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    if db.query_one_raw(Statement::from_string(backend, table)).await?.is_none() {
        return Ok(known.len());
    }
    let names = "SELECT version FROM seaql_migrations";
    let mut applied = 0;
    for row in db.query_all_raw(Statement::from_string(backend, names)).await? {
        let name: String = row.try_get_by_index(0)?;
        if !known.contains(&name) {
            return Err(Error::new(Code::NewerSchema, "The database was made by a newer version of Muster")
                .with_help("Update Muster, then try again. Nothing was changed."));
        }
        applied += 1;
    }
    Ok(known.len().saturating_sub(applied))
}
