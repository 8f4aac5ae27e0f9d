//! The versions of methods that made unified scores, with their settings; and the rows of `score_history` that hold now,
//! found by their membership.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, text};

use crate::parts::{drop, unique};

const TABLE: &str = "score_method";
const OPEN: &str = "ix_score_history_open";

/// Makes the table and the index.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            // As in `score_history.method_version`.
            .col(text("version"))
            // Method, parameters, decay and weights, as JSON.
            .col(text("settings"))
            // The date from which decay counts back: ISO 8601.
            .col(text("as_of"))
            // RFC 3339, UTC.
            .col(text("added"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique(TABLE, &["version"])).await?;
        let open = format!("CREATE INDEX {OPEN} ON score_history (membership_id) WHERE valid_to IS NULL");
        manager.get_connection().execute_unprepared(&open).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(&format!("DROP INDEX {OPEN}")).await?;
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
