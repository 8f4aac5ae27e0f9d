//! Files of an import that came from Google Drive, and the version that was fetched.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null};

use crate::parts::{drop, reference};

const TABLE: &str = "drive_file";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_integer("import_file_id").primary_key())
            // Google's ids of the account and of the file.
            .col(text("account"))
            .col(text("drive_id"))
            // Changes with the content: a checksum, or when a Google Sheet was changed.
            .col(text("version"))
            // RFC 3339, UTC: when it was changed in Drive.
            .col(text_null("modified"))
            .foreign_key(&mut reference(TABLE, "import_file_id", "import_file", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
