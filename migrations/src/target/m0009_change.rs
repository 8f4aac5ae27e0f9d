//! What every entry of the ledger did to which rows, for undo and for a member's history.
//!
//! A row that was changed or removed has its image before, as JSON, and after where there is an after. Rows that were
//! added need none: they are named by the range of their ids, which no other entry shares, and their image is the row
//! itself until a later change keeps it as its own image before.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, json_binary_null, text};

use crate::parts::{Partition, create_partitioned, drop, index, one_of, reference};

const TABLE: &str = "change";

/// The tables whose rows an entry of the ledger writes.
const TABLES: [&str; 8] =
    ["company", "club", "member", "membership", "source_file", "source_record", "score_history", "reject"];

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            // Of the entry.
            .col(integer("year"))
            .col(big_integer("push_id"))
            .col(text("table_name"))
            // The first and the last id; the same for a row that was changed or removed.
            .col(big_integer("first_id"))
            .col(big_integer("last_id"))
            // The person whose row it is, where it is one person's.
            .col(big_integer_null("member_id"))
            .col(json_binary_null("before"))
            .col(json_binary_null("after"))
            .foreign_key(&mut reference(TABLE, "push_id", "push", ForeignKeyAction::Restrict))
            .check(one_of("table_name", &TABLES))
            .check(Expr::col("first_id").lte(Expr::col("last_id")))
            .to_owned();
        create_partitioned(manager, TABLE, table, Partition::ByYear("year")).await?;
        manager.create_index(index(TABLE, &["push_id", "table_name", "first_id"])).await?;
        manager.create_index(index(TABLE, &["member_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
