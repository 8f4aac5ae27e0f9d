//! Statements as text, with `$1`, `$2`, … for values: both databases understand that, so most are shared.

use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

use crate::error::{Code, Error, Result};

/// Runs a statement; gives the number of rows it changed.
///
/// # Errors
/// When the database fails.
pub async fn run(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64> {
    #[cfg(test)]
    recorded::note(sql);
    let statement = statement(db, sql, values).await;
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// The rows of a query.
///
/// # Errors
/// When the database fails.
pub async fn all(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>> {
    let statement = statement(db, sql, values).await;
    Ok(db.query_all_raw(statement).await?)
}

/// The one row of a query.
///
/// # Errors
/// When the database fails, or there is no row.
pub async fn one(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<QueryResult> {
    let statement = statement(db, sql, values).await;
    let row = db.query_one_raw(statement).await?;
    row.ok_or_else(|| Error::new(Code::Internal, "A query that must give a row gave none"))
}

/// The statement; a test may have its plan written down first.
async fn statement(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    #[cfg(feature = "probes")]
    if let Some(values) = &statement.values {
        crate::probe::explain(db, sql, &values.0).await;
    }
    statement
}

/// A table expression: the elements of the JSON array that a value holds, in its column `value`.
pub fn each(backend: DbBackend, value: &str, alias: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("jsonb_array_elements({value}::jsonb) AS {alias} (value)"),
        _ => format!("json_each({value}) AS {alias}"),
    }
}

/// A query in brackets: the texts of the JSON array that a value holds.
pub fn texts(backend: DbBackend, value: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("(SELECT jsonb_array_elements_text({value}::jsonb))"),
        _ => format!("(SELECT value FROM json_each({value}))"),
    }
}

/// A query in brackets: the whole numbers of the JSON array of texts that a value holds.
pub fn numbers(backend: DbBackend, value: &str) -> String {
    match backend {
        DbBackend::Postgres => {
            format!("(SELECT CAST(jsonb_array_elements_text({value}::jsonb) AS bigint))")
        }
        _ => format!("(SELECT CAST(value AS bigint) FROM json_each({value}))"),
    }
}

/// A statement that makes a temporary table for the open transaction; on SQLite whoever makes it drops it. `TEXT` and
/// `BIGINT` mean the same in both.
pub fn temporary(backend: DbBackend, table: &str, columns: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP"),
        _ => format!("CREATE TEMP TABLE {table} ({columns})"),
    }
}

/// Drops tables that [`temporary`] made, at the end of the transaction; PostgreSQL does that by itself.
///
/// # Errors
/// When the database fails.
pub async fn drop_temporary(db: &impl ConnectionTrait, tables: &[&str]) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    for table in tables {
        db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

/// What [`run`] ran on this thread, for the test of what a push shows of itself.
#[cfg(test)]
pub(crate) mod recorded {
    use std::cell::RefCell;

    thread_local! {
        static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn note(sql: &str) {
        STATEMENTS.with_borrow_mut(|all| all.push(sql.to_owned()));
    }

    /// All since the last call.
    pub(crate) fn take() -> Vec<String> {
        STATEMENTS.take()
    }
}
