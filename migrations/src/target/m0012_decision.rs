//! What people decided about pairs of records and about the value of a field, by the records' keys: remembered for the
//! next import.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text, text_null};

use crate::parts::{drop, index, one_of, reference};

const TABLE: &str = "decision";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(text("kind"))
            .col(big_integer("club_id"))
            .col(text("source_key"))
            // The other record of a pair.
            .col(big_integer_null("other_club_id"))
            .col(text_null("other_source_key"))
            // The field whose value was chosen, and the value.
            .col(text_null("field"))
            .col(text_null("value"))
            .col(text("person"))
            // RFC 3339, UTC.
            .col(text("decided"))
            .col(text_null("reverted"))
            .foreign_key(&mut reference(TABLE, "club_id", "club", ForeignKeyAction::Restrict))
            .foreign_key(&mut reference(TABLE, "other_club_id", "club", ForeignKeyAction::Restrict))
            .check(one_of("kind", &["same", "different", "value"]))
            .check(Expr::col("kind").eq("value").eq(Expr::col("field").is_not_null()))
            .check(Expr::col("kind").eq("value").eq(Expr::col("other_source_key").is_null()))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index(TABLE, &["club_id", "source_key"])).await?;
        manager.create_index(index(TABLE, &["other_club_id", "other_source_key"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
