//! The reject inbox: rows that were refused, until they are fixed and pushed again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text, text_null};

use crate::parts::{drop, index, reference};

const TABLE: &str = "reject";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(big_integer("push_id"))
            .col(big_integer("source_file_id"))
            .col(big_integer("line"))
            // Names of the rules that the row breaks, joined by +.
            .col(text("rules"))
            // The row as it stands in the file.
            .col(text("raw_line"))
            // Its cells, and as they were fixed: JSON arrays in the order of the file's header.
            .col(text("cells"))
            .col(text_null("fixed_cells"))
            // The push that took the row in after it was fixed.
            .col(big_integer_null("replayed_by"))
            // When somebody put it away without taking it in: RFC 3339, UTC.
            .col(text_null("dismissed"))
            .foreign_key(&mut reference(TABLE, "push_id", "push", ForeignKeyAction::Cascade))
            .foreign_key(&mut reference(TABLE, "source_file_id", "source_file", ForeignKeyAction::Restrict))
            .foreign_key(&mut reference(TABLE, "replayed_by", "push", ForeignKeyAction::SetNull))
            .check(Expr::col("line").gte(1))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index(TABLE, &["push_id"])).await?;
        manager.create_index(index(TABLE, &["replayed_by"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
