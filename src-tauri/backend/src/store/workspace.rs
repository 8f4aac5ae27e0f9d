//! The workspace database: what the desktop remembers about its imports.

use sea_orm::DatabaseConnection;

use super::access::SqliteAccess;
use super::migrate::{Schema, migrate};
use super::sqlite;
use crate::error::Result;
use crate::progress::Job;

/// The open workspace, with all its tables.
#[derive(Debug, Clone)]
pub struct Workspace {
    db: DatabaseConnection,
}

impl Workspace {
    /// Opens the workspace's SQLite database, making it and its tables where they are missing.
    ///
    /// # Errors
    /// As [`sqlite::open`] and [`migrate`].
    pub async fn open(access: &SqliteAccess) -> Result<Workspace> {
        let db = sqlite::open(access, &Job::silent()).await?;
        migrate(&db, Schema::Workspace).await?;
        Ok(Workspace { db })
    }

    /// The connection.
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Closes the connection; a dropped workspace closes a little later.
    ///
    /// # Errors
    /// [`crate::error::Code::Database`] where the database reports one.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }
}
