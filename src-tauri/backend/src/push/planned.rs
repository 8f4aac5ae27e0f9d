//! Brings the planned rows to the target: the relation `planned` there has one row for every row of the import that is
//! written or was compared with what the target has.
//!
//! On SQLite it is a view of the staging database, which is attached. On PostgreSQL it is a temporary table filled by
//! `COPY`: so also a login that row-level security binds, for whom `COPY` into the members' own table is refused, can
//! load in bulk.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::PlanRequest;
use super::details::COLUMNS;
use super::report::Fate;
use crate::error::{Code, Error, Result};
use crate::probe::reached;
use crate::progress::Job;
use crate::staging;
use crate::store::SqliteAccess;
use crate::store::sql::{run, temporary};

/// Bytes that go to the server at a time.
const PIECE: usize = 1 << 18;

/// `planned`, before the details.
const FACTS: &str = "row_id BIGINT, fate BIGINT, membership_id BIGINT, member_id BIGINT, version BIGINT, \
                     lead_row_id BIGINT, writes_member BIGINT, file_id BIGINT, line BIGINT, source_key TEXT, \
                     company_number TEXT";

/// Makes the staging database known to a connection to a SQLite target, before its transaction begins.
pub(super) async fn attach(db: &DatabaseConnection, staged: &SqliteAccess) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    let (path, key) = (staged.path.to_string_lossy().into_owned(), staged.key.as_pragma());
    run(db, "ATTACH DATABASE $1 AS staged KEY $2", [path.into(), key.expose().as_str().into()]).await?;
    db.execute_unprepared(&view_sql()).await?;
    Ok(())
}

/// On SQLite: the rows of the attached staging database.
pub(super) fn view_sql() -> String {
    format!("CREATE TEMP VIEW planned AS {}", select("staged."))
}

/// On PostgreSQL: the table that the rows are copied into.
pub(super) fn table_sql() -> String {
    let mut columns = format!("{FACTS}, fingerprint BYTEA");
    for name in COLUMNS {
        let kind = if name == "score" { "DOUBLE PRECISION" } else { "TEXT" };
        columns.push_str(&format!(", {name} {kind}"));
    }
    temporary(DbBackend::Postgres, "planned", &columns)
}

/// On PostgreSQL: what brings the rows.
pub(super) const COPY: &str = "COPY planned FROM STDIN";

/// Loads `planned` into the open transaction on PostgreSQL; progress is reported as `load`, in rows.
pub(super) async fn load(db: &DatabaseConnection, request: &PlanRequest, job: &Job) -> Result<()> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    db.execute_unprepared(&table_sql()).await?;
    copy(db, &request.staged, job).await?;
    db.execute_unprepared("ANALYZE planned").await?;
    Ok(())
}

/// The rows of `planned` in the staging database, whose tables are called with `prefix` before.
fn select(prefix: &str) -> String {
    let detail = |name: &str| {
        let own = match name {
            "company_source_id" => {
                "CASE WHEN staged_row.company IS NULL THEN staged_row.company_id END".to_owned()
            }
            name => format!("staged_row.{name}"),
        };
        let made =
            format!("CASE WHEN staged_fate.final IS NULL THEN {own} ELSE staged_fate.final ->> '{name}' END");
        if name == "score" { format!("CAST({made} AS REAL) AS score") } else { format!("{made} AS {name}") }
    };
    let details: Vec<String> = COLUMNS.iter().map(|name| detail(name)).collect();
    format!(
        "SELECT staged_fate.row_id, staged_fate.fate, staged_fate.membership_id, staged_fate.member_id,
             staged_fate.version, staged_fate.lead_row_id, staged_fate.writes_member, staged_row.file_id, staged_row.line, staged_row.membership_key AS source_key,
             staged_row.company_id AS company_number, staged_row.fingerprint, {}
         FROM {prefix}staged_fate INNER JOIN {prefix}staged_row ON staged_fate.row_id = staged_row.id
         WHERE staged_fate.fate IN ({}, {}) OR staged_fate.membership_id IS NOT NULL",
        details.join(",\n             "),
        Fate::Insert as u8,
        Fate::Update as u8
    )
}

/// Streams the rows with `COPY … FROM STDIN` in its text format
/// (<https://www.postgresql.org/docs/15/sql-copy.html>). Reading the import's own database and sending take turns with
/// a queue of a few pieces between them, so memory does not grow with the rows.
async fn copy(db: &DatabaseConnection, staged: &SqliteAccess, job: &Job) -> Result<()> {
    let (to_server, mut pieces) = tokio::sync::mpsc::channel::<(Vec<u8>, u64)>(4);
    let staged = staged.clone();
    let reader = tokio::task::spawn_blocking(move || read(&staged, &to_server));
    let mut connection = db.get_postgres_connection_pool().acquire().await?;
    let mut stream = connection.copy_in_raw(COPY).await?;
    let mut sent = Ok(());
    while let Some((piece, rows)) = pieces.recv().await {
        sent = match job.report("load", rows, None) {
            Ok(()) => stream.send(piece).await.map(|_| ()).map_err(Error::from),
            Err(error) => Err(error),
        };
        if sent.is_err() {
            break;
        }
        reached("rows half sent");
    }
    drop(pieces);
    let read = reader.await.map_err(|_| Error::new(Code::Internal, "Reading the staged rows stopped"))?;
    match sent.and(read) {
        Ok(()) => {
            stream.finish().await?;
            Ok(())
        }
        Err(error) => {
            let _ = stream.abort("stopped").await;
            Err(error)
        }
    }
}

fn read(staged: &SqliteAccess, to_server: &tokio::sync::mpsc::Sender<(Vec<u8>, u64)>) -> Result<()> {
    let db = staging::connect_to_scan(staged)?;
    let mut statement = db.prepare(&select(""))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let (mut piece, mut count) = (Vec::with_capacity(PIECE + 1024), 0);
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            if column > 0 {
                piece.push(b'\t');
            }
            encode(&mut piece, row.get_ref(column)?);
        }
        piece.push(b'\n');
        count += 1;
        if piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE + 1024));
            if to_server.blocking_send((full, count)).is_err() {
                return Ok(());
            }
        }
    }
    // Nobody waits any more where the load was stopped; that error is told there.
    let _ = to_server.blocking_send((piece, count));
    Ok(())
}

fn encode(out: &mut Vec<u8>, value: rusqlite::types::ValueRef<'_>) {
    use std::io::Write as _;

    use rusqlite::types::ValueRef;
    // Writing to memory cannot fail.
    let _ = match value {
        ValueRef::Null => out.write_all(b"\\N"),
        ValueRef::Integer(number) => write!(out, "{number}"),
        ValueRef::Real(number) => write!(out, "{number}"),
        ValueRef::Text(text) => {
            for &byte in text {
                match byte {
                    b'\\' => out.extend_from_slice(b"\\\\"),
                    b'\t' => out.extend_from_slice(b"\\t"),
                    b'\n' => out.extend_from_slice(b"\\n"),
                    b'\r' => out.extend_from_slice(b"\\r"),
                    // PostgreSQL's text has no NUL; a cell with one carries an issue.
                    0 => {}
                    byte => out.push(byte),
                }
            }
            Ok(())
        }
        ValueRef::Blob(bytes) => {
            out.extend_from_slice(b"\\\\x");
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_as_copy_wants_them() {
        use rusqlite::types::ValueRef;
        for (value, expected) in [
            (ValueRef::Null, "\\N"),
            (ValueRef::Integer(-7), "-7"),
            (ValueRef::Real(75.5), "75.5"),
            (ValueRef::Text("O\\'Neil\tJr.\r\nx\0".as_bytes()), "O\\\\'Neil\\tJr.\\r\\nx"),
            (ValueRef::Text(b"\\N"), "\\\\N"),
            (ValueRef::Blob(&[0, 255]), "\\\\x00ff"),
        ] {
            let mut out = Vec::new();
            encode(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
