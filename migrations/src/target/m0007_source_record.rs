//! Provenance: which row of which file made or changed which membership, under which push.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob, integer};

use crate::parts::{Partition, create_partitioned, drop, index, membership_reference, reference};

const TABLE: &str = "source_record";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            // Of the push.
            .col(integer("year"))
            .col(big_integer("source_file_id"))
            // Line of a text file or row of a sheet; the header counts.
            .col(big_integer("line"))
            .col(big_integer("club_id"))
            .col(big_integer("membership_id"))
            .col(big_integer("push_id"))
            // Hash of the source and the raw text of the row's identifying columns.
            .col(blob("fingerprint"))
            .foreign_key(&mut reference(TABLE, "source_file_id", "source_file", ForeignKeyAction::Restrict))
            .foreign_key(&mut membership_reference(manager, TABLE))
            .foreign_key(&mut reference(TABLE, "push_id", "push", ForeignKeyAction::Restrict))
            .check(Expr::col("line").gte(1))
            .to_owned();
        create_partitioned(manager, TABLE, table, Partition::ByYear("year")).await?;
        manager.create_index(index(TABLE, &["membership_id"])).await?;
        manager.create_index(index(TABLE, &["push_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
