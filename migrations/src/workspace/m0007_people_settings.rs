//! What is set for the People step of an import: thresholds and survivorship rules.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, double, json, text};

use crate::parts::{drop, reference};

const TABLE: &str = "people_settings";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_integer("import_id").primary_key())
            // Probabilities.
            .col(double("review_above"))
            .col(double("merge_above"))
            .col(json("survivorship"))
            // RFC 3339, UTC.
            .col(text("updated"))
            .foreign_key(&mut reference(TABLE, "import_id", "import", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
