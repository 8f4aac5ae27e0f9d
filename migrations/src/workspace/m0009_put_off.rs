//! Groups of records that a person put off in an import, by the keys of the records: matching may run again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, integer, text};

use crate::parts::{drop, reference, unique};

const TABLE: &str = "put_off";

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
            // JSON array of the records' clubs and keys, sorted.
            .col(text("keys"))
            // As `staged_group.kind` in the import's staging.
            .col(integer("kind"))
            // Among those of its kind, the lesser first.
            .col(integer("turn"))
            .foreign_key(&mut reference(TABLE, "import_id", "import", ForeignKeyAction::Cascade))
            .check(Expr::col("turn").gte(1))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique(TABLE, &["import_id", "keys"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
