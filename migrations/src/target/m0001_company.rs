//! Companies that members work for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, text, text_null};

use crate::parts::{drop, unique};

const TABLE: &str = "company";

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
            // The id it had in the source that named it first, where that gave ids.
            .col(text_null("source_company_id"))
            .check(Expr::col("name").ne(""))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique(TABLE, &["name"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
