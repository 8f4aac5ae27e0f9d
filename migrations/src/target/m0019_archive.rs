//! Raw files as they came: where each is kept, which push was made from it, and its bytes where the database is the archive.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, integer, text};

use crate::parts::{drop, has_length, index, reference};

const RAW_FILE: &str = "raw_file";
const PART: &str = "raw_file_part";
const PUSH_FILE: &str = "push_file";

/// Makes the tables.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let raw_file = Table::create()
            .table(RAW_FILE)
            // Of its bytes, in hexadecimal.
            .col(text("sha256").primary_key())
            // Bytes.
            .col(big_integer("size"))
            // The archive that has it: `database`, or an address.
            .col(text("location"))
            // When it was archived: RFC 3339, UTC.
            .col(text("added"))
            .check(has_length("sha256", 64))
            .check(Expr::col("size").gte(0))
            .to_owned();
        manager.create_table(raw_file).await?;
        let part = Table::create()
            .table(PART)
            .col(text("sha256"))
            .col(integer("part"))
            .col(binary("bytes"))
            .primary_key(Index::create().col("sha256").col("part"))
            .foreign_key(&mut of_raw_file(PART))
            .to_owned();
        manager.create_table(part).await?;
        let push_file = Table::create()
            .table(PUSH_FILE)
            .col(big_integer("push_id"))
            .col(text("sha256"))
            // Its name, without the folder.
            .col(text("name"))
            .primary_key(Index::create().col("push_id").col("sha256").col("name"))
            .foreign_key(&mut reference(PUSH_FILE, "push_id", "push", ForeignKeyAction::Cascade))
            .foreign_key(&mut of_raw_file(PUSH_FILE))
            .to_owned();
        manager.create_table(push_file).await?;
        manager.create_index(index(PUSH_FILE, &["sha256"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [PUSH_FILE, PART, RAW_FILE] {
            drop(manager, table).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn of_raw_file(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_sha256"))
        .from(table, "sha256")
        .to(RAW_FILE, "sha256")
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned()
}
