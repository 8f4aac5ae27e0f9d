//! The scores of a membership over time: a row where one of them or the last activity changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, double_null, integer, text, text_null};

use crate::parts::{Partition, create_partitioned, drop, index, membership_reference};

const TABLE: &str = "score_history";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            // Of `valid_from`.
            .col(integer("year"))
            .col(big_integer("club_id"))
            .col(big_integer("membership_id"))
            // RFC 3339, UTC; the last row of a membership has no end.
            .col(text("valid_from"))
            .col(text_null("valid_to"))
            .col(double_null("score"))
            .col(double_null("unified_score"))
            .col(text_null("last_active"))
            // How the unified score was made.
            .col(text_null("method_version"))
            .foreign_key(&mut membership_reference(manager, TABLE))
            .to_owned();
        create_partitioned(manager, TABLE, table, Partition::ByYear("year")).await?;
        manager.create_index(index(TABLE, &["membership_id", "valid_from"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
