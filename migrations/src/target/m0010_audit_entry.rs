//! Who did what when. Each entry carries the hash of the one before, so that none can be changed or left out unseen.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, integer, text};

use crate::parts::{Partition, create_partitioned, drop, has_length, index};

const TABLE: &str = "audit_entry";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(integer("year"))
            // RFC 3339, UTC.
            .col(text("at"))
            .col(text("person"))
            // What was done: push, undo, edit, …
            .col(text("action"))
            // The entry of the ledger, where it has one.
            .col(big_integer_null("push_id"))
            // Counts and names of fields, never values: a JSON object.
            .col(text("detail"))
            // SHA-256, hexadecimal: of the entry before, and of this one with it.
            .col(text("previous_hash"))
            .col(text("hash"))
            .check(has_length("previous_hash", 64))
            .check(has_length("hash", 64))
            .to_owned();
        create_partitioned(manager, TABLE, table, Partition::ByYear("year")).await?;
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
