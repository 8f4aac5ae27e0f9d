//! An archive in the database that is pushed to: the bytes in parts, committed before the push.

use std::fs::File;
use std::io::{Read, Write};

use sea_orm::DatabaseConnection;
use sha2::{Digest, Sha256};

use super::{DATABASE, Progress, RawSource, lost, not_as_read};
use crate::error::{Error, Result};
use crate::store::Target;
use crate::store::journal::now;
use crate::store::sql::{all, run};

/// Bytes of a part.
const PART: usize = 1 << 20;

/// Stores a file in a transaction of its own.
pub(super) async fn keep(target: &Target, file: &RawSource, progress: &Progress<'_>) -> Result<()> {
    let known = target.read(async |db| has(db, &file.sha256).await).await?;
    if known {
        return progress.report(file.size);
    }
    target
        .write(async |db| {
            // Somebody else may have stored it while this waited for the lock.
            if has(db, &file.sha256).await? { Ok(()) } else { store(db, file, progress).await }
        })
        .await
}

async fn has(db: &DatabaseConnection, sha256: &str) -> Result<bool> {
    let sql = "SELECT sha256 FROM raw_file WHERE sha256 = $1 AND location = 'database'";
    Ok(!all(db, sql, [sha256.into()]).await?.is_empty())
}

async fn store(db: &DatabaseConnection, file: &RawSource, progress: &Progress<'_>) -> Result<()> {
    let failed = |error: std::io::Error| Error::disk("read the file", &error);
    super::kept::add(db, &file.sha256, file.size, DATABASE, &now()).await?;
    let mut from = File::open(&file.path).map_err(failed)?;
    let (mut hasher, mut done, mut part) = (Sha256::new(), 0, 0_i32);
    loop {
        let mut bytes = Vec::with_capacity(PART);
        let length = (&mut from).take(PART as u64).read_to_end(&mut bytes).map_err(failed)?;
        if length == 0 {
            break;
        }
        hasher.update(&bytes);
        let sql = "INSERT INTO raw_file_part (sha256, part, bytes) VALUES ($1, $2, $3)";
        run(db, sql, [file.sha256.clone().into(), part.into(), bytes.into()]).await?;
        (done, part) = (done + length as u64, part + 1);
        progress.report(done)?;
    }
    // Nothing was committed yet.
    if format!("{:x}", hasher.finalize()) == file.sha256 { Ok(()) } else { Err(not_as_read()) }
}

/// Writes the bytes, a part at a time; gives their hash.
pub(super) async fn read(
    db: &DatabaseConnection,
    sha256: &str,
    to: &mut (dyn Write + Send),
    progress: &Progress<'_>,
) -> Result<String> {
    let (mut hasher, mut done) = (Sha256::new(), 0);
    for part in 0_i32.. {
        let sql = "SELECT bytes FROM raw_file_part WHERE sha256 = $1 AND part = $2";
        let rows = all(db, sql, [sha256.into(), part.into()]).await?;
        let Some(row) = rows.first() else { break };
        let bytes: Vec<u8> = row.try_get("", "bytes")?;
        hasher.update(&bytes);
        to.write_all(&bytes).map_err(|error| Error::disk("save the file", &error))?;
        done += bytes.len() as u64;
        progress.report(done)?;
    }
    if has(db, sha256).await? { Ok(format!("{:x}", hasher.finalize())) } else { Err(lost()) }
}
