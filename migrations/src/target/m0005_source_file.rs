//! Files that rows came from, by the SHA-256 of their bytes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text};

use crate::parts::{drop, has_length, reference, unique};

const TABLE: &str = "source_file";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(big_integer("club_id"))
            .col(text("sha256"))
            .col(text("name"))
            // Bytes.
            .col(big_integer("size"))
            // Headers of its columns: a JSON array.
            .col(text("header"))
            // When the file was first pushed: RFC 3339, UTC.
            .col(text("added"))
            .foreign_key(&mut reference(TABLE, "club_id", "club", ForeignKeyAction::Restrict))
            .check(has_length("sha256", 64))
            .check(Expr::col("size").gte(0))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique(TABLE, &["club_id", "sha256", "name"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
