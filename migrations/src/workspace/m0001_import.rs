//! Imports: one piece of work each.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, json, text, text_null};

use crate::parts::{drop, index, one_of};

const TABLE: &str = "import";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(text("name"))
            .col(text("step"))
            // RFC 3339, UTC.
            .col(text("created"))
            .col(text("updated"))
            // What the staged rows were made from; NULL before the first staging.
            .col(text_null("stage_key"))
            // Steps that were undone last, for redo.
            .col(json("redo"))
            .check(one_of("step", &["files", "columns", "fix", "people", "push"]))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index(TABLE, &["updated"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
