//! The steps of a PostgreSQL profile.
//!
//! All queries run without named prepared statements and in one transaction, so that they work through PgBouncer in
//! transaction mode too. Nothing is written: the transaction is rolled back.

use std::net::SocketAddr;
use std::time::Duration;

use sea_orm::EntityName;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sea_orm::sqlx::{Connection, Error as SqlxError, Row, query};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::{Failure, Protocol, Step, Stop, Tables};
use crate::config::Tls;
use crate::error::{Code, Error};
use crate::store::PostgresAccess;
use crate::store::entities;

const NAME_LIMIT: Duration = Duration::from_secs(5);
const NETWORK_LIMIT: Duration = Duration::from_secs(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const QUERY_LIMIT: Duration = Duration::from_secs(10);

pub(super) async fn test(
    access: &PostgresAccess,
    secret_missing: Option<Error>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Stop> {
    protocol.begin(Step::Name)?;
    let addresses = find_addresses(access).await?;
    protocol.ok(Step::Name, format!("{} has an address", access.host));
    protocol.begin(Step::Network)?;
    reach(access, &addresses).await?;
    protocol.ok(Step::Network, format!("A server accepts connections on port {}", access.port));
    if let Some(error) = secret_missing {
        protocol.skip(Step::Tls, "Not tried without a password");
        return Err(Failure { step: Step::Login, error }.into());
    }
    protocol.begin(Step::Tls)?;
    let mut connection = match connect(access).await {
        Ok(connection) => connection,
        Err(failure) => {
            if failure.step == Step::Login {
                tell_tls(access, protocol);
            }
            return Err(failure.into());
        }
    };
    tell_tls(access, protocol);
    protocol.ok(Step::Login, format!("{} may log in to {}", access.user, access.database));
    protocol.begin(Step::Permission)?;
    let looked = timeout(QUERY_LIMIT, look(&mut connection)).await;
    let found = looked.map_err(|_| too_slow(Step::Permission))?.map_err(|error| of_query(&error))?;
    // Whatever closing says, all that was to be known is known.
    let _ = timeout(QUERY_LIMIT, connection.close()).await;
    found.check()?;
    protocol.ok(Step::Permission, found.allowed());
    protocol.begin(Step::Schema)?;
    protocol.ok(Step::Schema, Tables::of(&found.applied)?.told());
    Ok(())
}

fn tell_tls(access: &PostgresAccess, protocol: &mut Protocol<'_>) {
    match access.tls {
        Tls::Disable => protocol.skip(Step::Tls, "The profile says not to encrypt the connection"),
        Tls::Require => protocol.ok(Step::Tls, "Encrypted; the server's certificate is not checked"),
        Tls::VerifyCa | Tls::VerifyFull => {
            protocol.ok(Step::Tls, "Encrypted, with a certificate that is trusted");
        }
    }
}

async fn find_addresses(access: &PostgresAccess) -> Result<Vec<SocketAddr>, Failure> {
    let found = timeout(NAME_LIMIT, lookup_host((access.host.as_str(), access.port))).await;
    let addresses: Vec<_> = found.ok().and_then(Result::ok).into_iter().flatten().collect();
    if addresses.is_empty() {
        return Err(Failure::new(
            Step::Name,
            Code::Network,
            format!("No address is known for the name {}", access.host),
            "Check how the host is written, and that this machine is in the right network (VPN).",
        ));
    }
    Ok(addresses)
}

async fn reach(access: &PostgresAccess, addresses: &[SocketAddr]) -> Result<(), Failure> {
    let mut refused = false;
    for address in addresses {
        match timeout(NETWORK_LIMIT, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => refused |= error.kind() == std::io::ErrorKind::ConnectionRefused,
            Err(_) => {}
        }
    }
    let what = if refused { "refuses connections" } else { "does not answer" };
    Err(Failure::new(
        Step::Network,
        Code::Network,
        format!("{} {what} on port {}", access.host, access.port),
        "Check the port, that the server runs, and that no firewall is in the way (VPN).",
    ))
}

/// What sqlx needs to connect. Its `Debug` shows the password: never print it.
fn options(access: &PostgresAccess) -> PgConnectOptions {
    let mode = match access.tls {
        Tls::VerifyFull => PgSslMode::VerifyFull,
        Tls::VerifyCa => PgSslMode::VerifyCa,
        Tls::Require => PgSslMode::Require,
        Tls::Disable => PgSslMode::Disable,
    };
    let options = PgConnectOptions::new_without_pgpass()
        .host(&access.host)
        .port(access.port)
        .username(&access.user)
        .database(&access.database)
        // An empty one rather than none: PGPASSWORD is not ours.
        .password(access.password.as_ref().map_or("", |password| password.expose().as_str()))
        .application_name("muster")
        // PgBouncer refuses a connection that sets it at the start.
        .extra_float_digits(None)
        .ssl_mode(mode);
    match &access.root_cert {
        Some(path) => options.ssl_root_cert(path),
        None => options,
    }
}

async fn connect(access: &PostgresAccess) -> Result<PgConnection, Failure> {
    match timeout(CONNECT_LIMIT, PgConnection::connect_with(&options(access))).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(not_connected(access, &error)),
        Err(_) => Err(too_slow(Step::Login)),
    }
}

fn too_slow(step: Step) -> Failure {
    Failure::new(
        step,
        Code::Network,
        "The server accepted the connection and then did not answer within 10 seconds",
        "It may be overloaded, or it may be no PostgreSQL server. Try again later.",
    )
}

fn not_connected(access: &PostgresAccess, error: &SqlxError) -> Failure {
    match error {
        SqlxError::Tls(cause) => tls_failed(&cause.to_string()),
        // The certificate of an authority that cannot be read.
        SqlxError::Configuration(_) => no_root_cert(),
        SqlxError::Io(cause) if cause.kind() == std::io::ErrorKind::InvalidData => {
            tls_failed(&cause.to_string())
        }
        SqlxError::Io(_) if access.root_cert.as_ref().is_some_and(|path| !path.is_file()) => no_root_cert(),
        SqlxError::Io(cause) if cause.to_string().contains("certificate") => tls_failed(&cause.to_string()),
        SqlxError::Database(cause) => login_failed(access, cause.code().as_deref().unwrap_or("unknown")),
        SqlxError::Io(_) => Failure::new(
            Step::Login,
            Code::Network,
            "The server closed the connection",
            "It may be restarting. Try again; if it stays, ask who runs the server.",
        ),
        _ => Failure::new(
            Step::Login,
            Code::Database,
            "What answers is no PostgreSQL server, or asks for a way to log in that Muster does not know",
            "Check the host and the port.",
        ),
    }
}

fn no_root_cert() -> Failure {
    Failure::new(
        Step::Tls,
        Code::Config,
        "The file of the certificate authority (root_cert) cannot be read as certificates",
        "Check its path in the profile's settings; it must be a PEM file. A relative path is below the config folder.",
    )
}

/// The texts are rustls's: they name certificates and hosts, never a secret, and are not passed on.
fn tls_failed(cause: &str) -> Failure {
    let says = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    let (message, help) = if says(&["does not support TLS"]) {
        (
            "The server does not encrypt connections",
            "Turn TLS on at the server. Only in a network that you trust: set TLS to disable.",
        )
    } else if says(&["UnknownIssuer", "CaUsedAsEndEntity", "self-signed"]) {
        (
            "The server's certificate is signed by no authority that this machine trusts",
            "Set root_cert to the certificate of your authority (ask who runs the server).",
        )
    } else if says(&["NotValidForName", "not valid for name"]) {
        (
            "The server's certificate is for another name",
            "Use the name that the certificate has as the host; another host may be answering.",
        )
    } else if says(&["Expired", "expired", "NotValidYet", "not valid yet"]) {
        ("The server's certificate is out of date", "Renew it, and check the clock of this machine.")
    } else if says(&["no valid", "PEM", "pem", "root"]) {
        return no_root_cert();
    } else {
        (
            "The connection could not be encrypted",
            "Check that this is the port of a PostgreSQL server that offers TLS 1.2 or newer.",
        )
    };
    Failure::new(Step::Tls, Code::Database, message, help)
}

/// By SQLSTATE; the server's words may quote names and are not passed on.
fn login_failed(access: &PostgresAccess, state: &str) -> Failure {
    let (code, message, help) = match state {
        "28P01" | "28000" if access.password.is_none() => (
            Code::SecretMissing,
            format!("The server asks {} for a password, and none is set", access.user),
            "Set the profile's password.",
        ),
        "28P01" => (
            Code::Database,
            format!("The server does not accept the password of {}", access.user),
            "Check the user, and set the password again.",
        ),
        "28000" => (
            Code::Database,
            format!("The server does not let {} in from this machine", access.user),
            "Check the user and TLS settings; who runs the server may have to allow the connection (pg_hba.conf).",
        ),
        "3D000" => (
            Code::Database,
            format!("The server has no database called {}", access.database),
            "Check how it is written, or have it made.",
        ),
        "42501" => (
            Code::Database,
            format!("{} may not connect to {}", access.user, access.database),
            "Have the right to connect granted (GRANT CONNECT).",
        ),
        // What a pooler says to many things, a wrong database among them.
        "08P01" => (
            Code::Database,
            format!(
                "The server, or the pooler before it, does not take the connection to {}",
                access.database
            ),
            "Check user, password and database; ask who runs the pooler (PgBouncer).",
        ),
        "53300" => (Code::Network, "The server has no connection left".to_owned(), "Try again later."),
        "57P03" => (Code::Network, "The server is starting or stopping".to_owned(), "Try again in a minute."),
        _ => (
            Code::Database,
            "The server refused the login".to_owned(),
            "Check user, password and database; ask who runs the server.",
        ),
    };
    Failure::new(Step::Login, code, format!("{message} (SQLSTATE {state})"), help)
}

/// What the user may do in the database.
struct Found {
    read_only: bool,
    schema: Option<String>,
    can_create: bool,
    can_make_temporary: bool,
    /// Tables of ours that are there and that the user may not read or add to
    closed: Vec<String>,
    tables: usize,
    applied: Vec<String>,
}

const RIGHTS: &str = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean,
    current_schema()::text,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
    has_database_privilege(current_database(), 'TEMPORARY'),
    to_regclass(quote_ident(current_schema()) || '.seaql_migrations') IS NOT NULL";

const TABLES: &str = "SELECT c.relname::text,
    has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname = ANY ($1)";

async fn look(connection: &mut PgConnection) -> Result<Found, SqlxError> {
    let mut transaction = connection.begin().await?;
    let rights = query(RIGHTS).persistent(false).fetch_one(&mut *transaction).await?;
    let mut found = Found {
        read_only: rights.try_get(0)?,
        schema: rights.try_get(1)?,
        can_create: rights.try_get(2)?,
        can_make_temporary: rights.try_get(3)?,
        closed: Vec::new(),
        tables: 0,
        applied: Vec::new(),
    };
    let migrated: Option<bool> = rights.try_get(4)?;
    let rows = query(TABLES).persistent(false).bind(tables()).fetch_all(&mut *transaction).await?;
    for row in &rows {
        if !row.try_get::<bool, _>(1)? {
            found.closed.push(row.try_get(0)?);
        }
    }
    found.tables = rows.len();
    if migrated == Some(true) && !found.closed.iter().any(|table| table == MIGRATIONS) {
        let sql = "SELECT version::text FROM seaql_migrations";
        for row in query(sql).persistent(false).fetch_all(&mut *transaction).await? {
            found.applied.push(row.try_get(0)?);
        }
    }
    transaction.rollback().await?;
    Ok(found)
}

const MIGRATIONS: &str = "seaql_migrations";

/// The tables that a push writes to.
fn tables() -> Vec<String> {
    let ours = [
        entities::company::Entity.table_name(),
        entities::club::Entity.table_name(),
        entities::member::Entity.table_name(),
        entities::membership::Entity.table_name(),
        entities::source_file::Entity.table_name(),
        entities::source_record::Entity.table_name(),
        entities::push::Entity.table_name(),
        entities::reject::Entity.table_name(),
        "change",
        "audit_entry",
        "score_history",
        "decision",
        "reading",
        "company_list",
        MIGRATIONS,
    ];
    ours.map(str::to_owned).to_vec()
}

impl Found {
    fn check(&self) -> Result<(), Failure> {
        let refused =
            |message: String, help| Err(Failure::new(Step::Permission, Code::Database, message, help));
        if self.read_only {
            return refused(
                "The database is read-only (a standby, or set so)".to_owned(),
                "Use the host of the primary server.",
            );
        }
        let Some(schema) = &self.schema else {
            return refused(
                "The user may use no schema of the database".to_owned(),
                "Have the right granted: GRANT USAGE, CREATE ON SCHEMA public TO the user.",
            );
        };
        if !self.closed.is_empty() {
            return refused(
                format!("The user may not read and add to: {}", self.closed.join(", ")),
                "Have the rights granted: GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA … TO the user.",
            );
        }
        let pending = Tables::of(&self.applied).is_ok_and(|tables| tables.pending > 0);
        if pending && !self.can_create {
            return refused(
                format!("The user may not make tables in the schema {schema}, and tables are missing"),
                "Have the right granted (GRANT CREATE ON SCHEMA … TO the user), or have the tables made by their owner.",
            );
        }
        if !self.can_make_temporary {
            return refused(
                "The user may not make temporary tables, through which a push loads its rows".to_owned(),
                "Have the right granted: GRANT TEMPORARY ON DATABASE … TO the user.",
            );
        }
        Ok(())
    }

    fn allowed(&self) -> String {
        if self.tables == 0 {
            "The user may make the tables".to_owned()
        } else {
            "The user may read and add members".to_owned()
        }
    }
}

fn of_query(error: &SqlxError) -> Failure {
    let state = error.as_database_error().and_then(|error| error.code().map(String::from));
    let state = state.map(|state| format!(" (SQLSTATE {state})")).unwrap_or_default();
    Failure::new(
        Step::Permission,
        Code::Database,
        format!("The server did not say what the user may do{state}"),
        "Try again; if it stays, ask who runs the server.",
    )
}
