//! Queries on `drive_file` of the workspace: where files of an import are in Google Drive.

use sea_orm::{DatabaseConnection, QueryResult};

use super::sql::{all, run};
use crate::error::Result;

/// Where a file of an import is in Google Drive, and which version of it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveFile {
    /// The file of the import
    pub import_file: i64,
    /// Google's id of the account
    pub account: String,
    /// Google's id of the file
    pub drive_id: String,
    /// Changes with the content
    pub version: String,
    /// When it was changed in Drive: RFC 3339, UTC
    pub modified: Option<String>,
}

impl DriveFile {
    fn of(row: &QueryResult) -> Result<DriveFile> {
        Ok(DriveFile {
            import_file: row.try_get("", "import_file_id")?,
            account: row.try_get("", "account")?,
            drive_id: row.try_get("", "drive_id")?,
            version: row.try_get("", "version")?,
            modified: row.try_get("", "modified")?,
        })
    }
}

/// Where a file is, if it came from Drive.
///
/// # Errors
/// When the database fails.
pub async fn of_file(db: &DatabaseConnection, file: i64) -> Result<Option<DriveFile>> {
    let sql = "SELECT import_file_id, account, drive_id, version, modified FROM drive_file
               WHERE import_file_id = $1";
    all(db, sql, [file.into()]).await?.first().map(DriveFile::of).transpose()
}

/// The files of an import that came from Drive, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_import(db: &DatabaseConnection, import: i64) -> Result<Vec<DriveFile>> {
    let sql = "SELECT d.import_file_id, d.account, d.drive_id, d.version, d.modified FROM drive_file AS d
               JOIN import_file AS f ON f.id = d.import_file_id
               WHERE f.import_id = $1 ORDER BY f.position";
    all(db, sql, [import.into()]).await?.iter().map(DriveFile::of).collect()
}

/// The versions of a file of Drive that the imports have.
///
/// # Errors
/// When the database fails.
pub async fn versions(db: &DatabaseConnection, drive_ids: &[String]) -> Result<Vec<DriveFile>> {
    let places: Vec<_> = (1..=drive_ids.len()).map(|number| format!("${number}")).collect();
    let sql = format!(
        "SELECT import_file_id, account, drive_id, version, modified FROM drive_file
         WHERE drive_id IN ({}) ORDER BY import_file_id",
        places.join(", ")
    );
    all(db, &sql, drive_ids.iter().map(|id| id.clone().into())).await?.iter().map(DriveFile::of).collect()
}

/// Keeps where a file is.
///
/// # Errors
/// When the database fails.
pub async fn keep(db: &DatabaseConnection, file: &DriveFile) -> Result<()> {
    let sql = "INSERT INTO drive_file (import_file_id, account, drive_id, version, modified)
               VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (import_file_id) DO UPDATE SET account = excluded.account,
                   drive_id = excluded.drive_id, version = excluded.version, modified = excluded.modified";
    let values = [
        file.import_file.into(),
        file.account.clone().into(),
        file.drive_id.clone().into(),
        file.version.clone().into(),
        file.modified.clone().into(),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Forgets it: the file is from elsewhere now.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &DatabaseConnection, file: i64) -> Result<()> {
    run(db, "DELETE FROM drive_file WHERE import_file_id = $1", [file.into()]).await?;
    Ok(())
}
