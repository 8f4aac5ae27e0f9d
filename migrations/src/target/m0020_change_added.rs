//! What an entry of the ledger has added, found without a look at what it has changed: it notes a few ranges of ids beside an
//! image of each row that it changed or removed.

use sea_orm_migration::prelude::*;

const ADDED: &str = "ix_change_added";

/// Makes the index.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = format!(
            "CREATE INDEX {ADDED} ON change (push_id, table_name, first_id, last_id) WHERE before IS NULL"
        );
        manager.get_connection().execute_unprepared(&added).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(&format!("DROP INDEX {ADDED}")).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
