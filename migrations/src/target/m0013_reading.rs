//! How the files of refused rows were read, so that anybody can replay a fixed row as its import would have read it; and
//! what the reject inbox notes of a row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, integer, text};

use crate::parts::{drop, has_length, index, reference, unique};

const COMPANY_LIST: &str = "company_list";
const READING: &str = "reading";

/// Columns that the inbox adds to `reject`, the last first when they are dropped.
const COLUMNS: [&str; 4] = [
    // How the row's file was read; none for rows of earlier versions.
    "reading_id bigint REFERENCES reading (id) ON DELETE SET NULL",
    // How many rows before it in the file have the same identifying text: names it to the person's steps.
    "occurrence bigint NOT NULL DEFAULT 0",
    // One more at each change, so that of two people who change a row the second one is told.
    "version bigint NOT NULL DEFAULT 0",
    // What the last replay made of it: a fate, or `suspect`.
    "outcome text",
];

/// Makes the tables and the columns.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let company_list = Table::create()
            .table(COMPANY_LIST)
            .col(big_pk_auto("id"))
            // Of the entries: a list that many pushes used is kept once.
            .col(text("sha256"))
            // Ids and names in the order of the file: a JSON array of pairs.
            .col(text("entries"))
            .check(has_length("sha256", 64))
            .to_owned();
        manager.create_table(company_list).await?;
        manager.create_index(unique(COMPANY_LIST, &["sha256"])).await?;
        let reading = Table::create()
            .table(READING)
            .col(big_pk_auto("id"))
            // Its recipe has the person's steps and the limits of the rules.
            .col(big_integer("push_id"))
            .col(big_integer_null("company_list_id"))
            // Header, field, order of dates and whether they are day numbers, column by column: a JSON array.
            .col(text("columns"))
            // What day numbers count from.
            .col(integer("epoch_year"))
            .foreign_key(&mut reference(READING, "push_id", "push", ForeignKeyAction::Cascade))
            .foreign_key(&mut reference(READING, "company_list_id", COMPANY_LIST, ForeignKeyAction::Restrict))
            .check(Expr::col("epoch_year").is_in([1900, 1904]))
            .to_owned();
        manager.create_table(reading).await?;
        manager.create_index(index(READING, &["push_id"])).await?;
        manager.create_index(index(READING, &["company_list_id"])).await?;
        let db = manager.get_connection();
        for column in COLUMNS {
            db.execute_unprepared(&format!("ALTER TABLE reject ADD COLUMN {column}")).await?;
        }
        manager.create_index(index("reject", &["reading_id"])).await?;
        let open =
            "CREATE INDEX ix_reject_open ON reject (id) WHERE replayed_by IS NULL AND dismissed IS NULL";
        db.execute_unprepared(open).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for index in ["ix_reject_open", "ix_reject_reading_id"] {
            db.execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        for column in COLUMNS.iter().rev().filter_map(|column| column.split(' ').next()) {
            db.execute_unprepared(&format!("ALTER TABLE reject DROP COLUMN {column}")).await?;
        }
        drop(manager, READING).await?;
        drop(manager, COMPANY_LIST).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
