//! One connection to a PostgreSQL database, as Muster wants it: over TLS, with time limits, and fit for a pooler.
//!
//! PgBouncer in transaction mode gives every transaction another server connection. So all work is done inside
//! transactions, nothing is kept on a connection between them, and statements that the driver has prepared there, which
//! it names alike in every program, are dropped at both ends of each ([`super::Target`]).

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sea_orm::sqlx::{ConnectOptions, Error as SqlxError};
use sea_orm::{DatabaseConnection, SqlxPostgresConnector};

use super::access::PostgresAccess;
use crate::config::Tls;
use crate::error::{Code, Error, Result};

/// How long connecting may take, all in all.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// The options of a connection. Their `Debug` prints the password: never print them.
pub fn options(access: &PostgresAccess, program: &str) -> PgConnectOptions {
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&access.host)
        .port(access.port)
        .database(&access.database)
        .username(&access.user)
        .application_name(program)
        .ssl_mode(match access.tls {
            Tls::VerifyFull => PgSslMode::VerifyFull,
            Tls::VerifyCa => PgSslMode::VerifyCa,
            Tls::Require => PgSslMode::Require,
            Tls::Disable => PgSslMode::Disable,
        })
        .statement_cache_capacity(0)
        // PgBouncer refuses settings that it does not know; servers since version 12 print all digits anyway.
        .extra_float_digits(None)
        .disable_statement_logging();
    // Without one the driver would take PGPASSWORD, which is somebody else's.
    options = options.password(access.password.as_ref().map_or("", |password| password.expose()));
    if let Some(certificate) = &access.root_cert {
        options = options.ssl_root_cert(certificate);
    }
    options
}

/// Opens a database. One connection, kept for good, so that a transaction may be spread over several calls.
///
/// # Errors
/// [`Code::Network`] where the server cannot be reached in time, [`Code::Database`] where it does not let us in.
pub async fn open(access: &PostgresAccess, program: &str) -> Result<DatabaseConnection> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(CONNECT_LIMIT)
        .connect_lazy_with(options(access, program));
    // The pool hides why it could not connect; the first connection is made outside of it to know.
    let first = tokio::time::timeout(CONNECT_LIMIT, pool.acquire()).await;
    match first {
        Ok(Ok(_)) => Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool)),
        Ok(Err(SqlxError::PoolTimedOut)) | Err(_) => Err(cause_of_timeout(access, program).await),
        Ok(Err(cause)) => Err(Error::from(cause)),
    }
}

/// The pool tries again until its time is up and then says only that; one attempt of our own has the cause.
async fn cause_of_timeout(access: &PostgresAccess, program: &str) -> Error {
    match tokio::time::timeout(Duration::from_secs(3), options(access, program).connect()).await {
        Ok(Err(cause)) => Error::from(cause),
        _ => Error::new(Code::Network, "The database server did not answer in time")
            .with_help("Check the network and the address in the profile, then try again."),
    }
}
