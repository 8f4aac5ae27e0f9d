//! Queries on `raw_file` and `push_file`: which raw files pushes were made from, and where they are.

use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult};

use super::view::ArchivedFile;
use super::{Stored, lost};
use crate::error::Result;
use crate::imports::small;
use crate::store::sql::{all, run};
use crate::store::{Access, Target};

/// A raw file of a database's pushes.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) sha256: String,
    pub(super) size: u64,
    pub(super) location: String,
}

/// Notes where a file is. One that was noted before moves to where it was stored last.
pub(super) async fn add(
    db: &impl ConnectionTrait,
    sha256: &str,
    size: u64,
    location: &str,
    now: &str,
) -> Result<()> {
    let sql = "INSERT INTO raw_file (sha256, size, location, added) VALUES ($1, $2, $3, $4)
               ON CONFLICT (sha256) DO UPDATE SET location = excluded.location, added = excluded.added
               WHERE raw_file.location <> excluded.location";
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    run(db, sql, [sha256.into(), size.into(), location.into(), now.into()]).await?;
    Ok(())
}

/// Notes from which files a push was made, in its transaction.
pub(crate) async fn note(db: &DatabaseConnection, push: i64, files: &[Stored], now: &str) -> Result<()> {
    for file in files {
        add(db, &file.sha256, file.size, &file.location, now).await?;
        let sql = "INSERT INTO push_file (push_id, sha256, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        run(db, sql, [push.into(), file.sha256.clone().into(), file.name.clone().into()]).await?;
    }
    Ok(())
}

const COLUMNS: &str = "raw_file.sha256, raw_file.size, raw_file.location";

fn kept(row: &QueryResult) -> Result<Kept> {
    let size: i64 = row.try_get("", "size")?;
    Ok(Kept {
        sha256: row.try_get("", "sha256")?,
        size: size.unsigned_abs(),
        location: row.try_get("", "location")?,
    })
}

/// The files of all pushes, or of one, newest first.
pub(super) async fn list(access: &Access, push: Option<u32>) -> Result<Vec<ArchivedFile>> {
    let of = push.map(|push| format!("WHERE push_file.push_id = {push}")).unwrap_or_default();
    let sql = format!(
        "SELECT push_file.push_id, push_file.name, raw_file.added, {COLUMNS} FROM push_file
         INNER JOIN raw_file ON push_file.sha256 = raw_file.sha256 {of}
         ORDER BY push_file.push_id DESC, push_file.name"
    );
    if !access.is_there() {
        return Ok(Vec::new());
    }
    let rows = Target::read_once(access, async |db| all(db, &sql, []).await).await?;
    let file = |row: &QueryResult| {
        let kept = kept(row)?;
        Ok(ArchivedFile {
            push: small(row.try_get("", "push_id")?),
            name: row.try_get("", "name")?,
            sha256: kept.sha256,
            size: kept.size,
            location: kept.location,
            added: row.try_get("", "added")?,
        })
    };
    rows.iter().map(file).collect()
}

/// Each file of the pushes once.
pub(super) async fn all_files(db: &DatabaseConnection) -> Result<Vec<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM raw_file ORDER BY sha256");
    all(db, &sql, []).await?.iter().map(kept).collect()
}

/// A file by its hash.
pub(super) async fn find(db: &DatabaseConnection, sha256: &str) -> Result<Kept> {
    let sql = format!("SELECT {COLUMNS} FROM raw_file WHERE sha256 = $1");
    all(db, &sql, [sha256.into()]).await?.first().map(kept).transpose()?.ok_or_else(lost)
}
