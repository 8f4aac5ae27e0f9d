//! What a column of a file is mapped to, and who said so.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text, text_null};

use crate::parts::{drop, one_of, reference, unique};

const TABLE: &str = "column_choice";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(big_integer("file_id"))
            .col(text("header"))
            // NULL keeps the column as extra.
            .col(text_null("target"))
            .col(text("chosen_by"))
            .col(text_null("date_order"))
            .foreign_key(&mut reference(TABLE, "file_id", "import_file", ForeignKeyAction::Cascade))
            .check(one_of("chosen_by", &["muster", "person", "template"]))
            .check(one_of("date_order", &["day_month", "month_day"]))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(unique(TABLE, &["file_id", "header"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
