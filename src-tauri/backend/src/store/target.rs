//! A target: the database that members are pushed to.

use std::path::Path;

use sea_orm::DatabaseConnection;

use super::connection;
use super::migrate::{Schema, migrate};
use crate::error::Result;
use crate::progress::Job;

/// An open target, with all its tables.
#[derive(Debug, Clone)]
pub struct Target {
    db: DatabaseConnection,
}

impl Target {
    /// Opens a SQLite database, making it and its tables where they are missing.
    ///
    /// # Errors
    /// As [`connection::open`] and [`migrate`].
    pub async fn open(path: &Path) -> Result<Target> {
        Target::open_for(path, &Job::silent()).await
    }

    /// As [`Target::open`]; a cancelled job interrupts what runs on the connection.
    ///
    /// # Errors
    /// As [`connection::open`] and [`migrate`].
    pub async fn open_for(path: &Path, job: &Job) -> Result<Target> {
        let db = connection::open(path, job).await?;
        migrate(&db, Schema::Target).await?;
        Ok(Target { db })
    }

    /// The connection.
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Closes the connection; a dropped target closes a little later.
    ///
    /// # Errors
    /// [`crate::error::Code::Database`] where the database reports one.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }
}
