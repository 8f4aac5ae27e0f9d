//! Column choices remembered by the shape of a header.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{json, text};

use crate::parts::drop;

const TABLE: &str = "template";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(text("shape").primary_key())
            .col(json("body"))
            // RFC 3339, UTC.
            .col(text("updated"))
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
