//! What is set for the scores of an import: whether they are brought to one scale, and how.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, json, text};

use crate::parts::{drop, reference};

const TABLE: &str = "score_settings";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_integer("import_id").primary_key())
            // Where not, scores stay as they are; the settings are kept for whoever switches them on again.
            .col(boolean("unify"))
            .col(json("settings"))
            // RFC 3339, UTC.
            .col(text("updated"))
            .foreign_key(&mut reference(TABLE, "import_id", "import", ForeignKeyAction::Cascade))
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
