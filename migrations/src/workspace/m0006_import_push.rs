//! Which pushes an import went out with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text};

use crate::parts::{drop, index, reference};

const TABLE: &str = "import_push";

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
            // Id in the ledger of the target.
            .col(big_integer("push_id"))
            .col(text("profile"))
            .col(text("package"))
            // RFC 3339, UTC.
            .col(text("finished"))
            .foreign_key(&mut reference(TABLE, "import_id", "import", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index(TABLE, &["import_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
