//! The steps that a person did in an import.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, boolean, integer, json, text};

use crate::parts::{drop, index, reference};

const TABLE: &str = "operation";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(big_integer("import_id"))
            .col(integer("position"))
            .col(json("body"))
            // RFC 3339, UTC.
            .col(text("created"))
            .col(boolean("undone").default(false))
            .foreign_key(&mut reference(TABLE, "import_id", "import", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index(TABLE, &["import_id", "position"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
