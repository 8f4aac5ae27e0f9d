//! What people decided about who is who: for ever, by the keys of the records, also when the import is gone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, integer, json_null, text, text_null};

use crate::parts::{drop, index, one_of, reference};

/// All that a person said at once.
const SET: &str = "decision_set";
/// What it says of two records, or of the value of a field.
const PART: &str = "decision_part";

/// Makes the tables.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let set = Table::create()
            .table(SET)
            .col(big_pk_auto("id"))
            .col(text("kind"))
            // In words, for the list of decisions and its search.
            .col(text("label"))
            // Groups that it is about.
            .col(integer("groups"))
            .col(text("person"))
            // RFC 3339, UTC.
            .col(text("decided"))
            .col(text_null("reverted"))
            .check(one_of("kind", &["same", "different", "bulk"]))
            .to_owned();
        manager.create_table(set).await?;
        let part = Table::create()
            .table(PART)
            .col(big_pk_auto("id"))
            .col(big_integer("set_id"))
            .col(text("kind"))
            .col(text("source"))
            .col(text("source_key"))
            // The other record of a pair.
            .col(text_null("other_source"))
            .col(text_null("other_source_key"))
            // The field whose value was chosen, and the value; NULL leaves it blank.
            .col(text_null("field"))
            .col(text_null("value"))
            // What the person saw: both records' values by field, or the values of the field.
            .col(json_null("seen"))
            .foreign_key(&mut reference(PART, "set_id", SET, ForeignKeyAction::Cascade))
            .check(one_of("kind", &["same", "different", "value"]))
            .check(Expr::col("kind").eq("value").eq(Expr::col("field").is_not_null()))
            .check(Expr::col("kind").eq("value").eq(Expr::col("other_source_key").is_null()))
            .to_owned();
        manager.create_table(part).await?;
        manager.create_index(index(PART, &["set_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, PART).await?;
        drop(manager, SET).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
