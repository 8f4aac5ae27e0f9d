//! The steps of a SQLite profile.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Failure, Protocol, Step, Stop, Tables};
use crate::error::Code;
use crate::store::DataKey;

pub(super) fn test(
    path: &Path,
    key: crate::Result<DataKey>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Stop> {
    protocol.begin(Step::Folder)?;
    let message = test_folder(path)?;
    protocol.ok(Step::Folder, message);
    protocol.begin(Step::File)?;
    let key = key.map_err(|error| Failure::at(Step::File, error))?;
    if !path.exists() {
        protocol.ok(Step::File, "There is no file yet; the first push makes it");
        protocol.ok(Step::Schema, Tables::of(&[])?.told());
        return Ok(());
    }
    let applied = look_at_file(path, &key)?;
    protocol.ok(Step::File, "The file is a database that can be read and written");
    protocol.begin(Step::Schema)?;
    protocol.ok(Step::Schema, Tables::of(&applied)?.told());
    Ok(())
}

fn test_folder(path: &Path) -> Result<&'static str, Failure> {
    let refused = |message: &str, help| Failure::new(Step::Folder, Code::Disk, message, help);
    let folder = path.parent().unwrap_or(path);
    // The nearest folder that is there: what is missing below it is made by the first push.
    let there = folder.ancestors().find(|folder| folder.exists());
    let Some(there) = there.filter(|there| there.is_dir()) else {
        return Err(refused(
            "The folder is not there and cannot be made",
            "Choose another file in the profile's settings.",
        ));
    };
    tempfile::tempfile_in(there).map_err(|_| {
        refused(
            "The folder cannot be written to",
            "Check its permissions and the space on the disk, then try again.",
        )
    })?;
    Ok(if there == folder { "The folder can be written to" } else { "The first push makes the folder" })
}

/// The steps that the database's tables have had.
fn look_at_file(path: &Path, key: &DataKey) -> Result<Vec<String>, Failure> {
    let failed = |code, message: &str, help| Failure::new(Step::File, code, message, help);
    if std::fs::metadata(path).is_ok_and(|facts| facts.permissions().readonly()) {
        return Err(failed(Code::Disk, "The file is read-only", "Change its permissions, then try again."));
    }
    let of_sqlite = |error: &rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => failed(
            Code::Busy,
            "The database is in use by another program or window",
            "Wait until it has finished, then try again.",
        ),
        Some(ErrorCode::NotADatabase) => failed(
            Code::InvalidInput,
            "This file is no database, or was encrypted with another key than that in the keychain",
            "Choose another file in the profile's settings, or bring back the key.",
        ),
        _ => failed(Code::Disk, "The file cannot be opened", "Check its permissions, then try again."),
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|error| of_sqlite(&error))?;
    db.pragma_update(None, "key", key.as_pragma().expose()).map_err(|error| of_sqlite(&error))?;
    let exists = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'seaql_migrations'";
    let tables: i64 = db.query_row(exists, [], |row| row.get(0)).map_err(|error| of_sqlite(&error))?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let read = || {
        let mut query = db.prepare("SELECT version FROM seaql_migrations")?;
        let names = query.query_map([], |row| row.get(0))?;
        names.collect::<Result<_, _>>()
    };
    read().map_err(|error| of_sqlite(&error))
}
