//! The files of an import, in the order in which their rows are numbered.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, integer, json, json_null, text};

use crate::parts::{drop, has_length, index, one_of, reference};

const TABLE: &str = "import_file";

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
            .col(integer("position"))
            .col(text("name"))
            .col(text("sha256"))
            // Bytes.
            .col(big_integer("size"))
            .col(text("kind"))
            .col(text("role"))
            .col(text("source"))
            // How it is read: as the person fixed it, and as detected.
            .col(json("reader"))
            .col(json("detected"))
            // What was found in its columns.
            .col(json_null("profile"))
            .col(big_integer_null("rows"))
            .foreign_key(&mut reference(TABLE, "import_id", "import", ForeignKeyAction::Cascade))
            .check(has_length("sha256", 64))
            .check(one_of("kind", &["delimited", "workbook"]))
            .check(one_of("role", &["members", "companies"]))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index(TABLE, &["import_id", "position"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
