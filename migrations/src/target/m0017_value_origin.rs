//! Where the values of a member come from whom a push made of several records: which record each is from, and why it won.
//! A member of one row has all values from that row, which `source_record` names.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text};

use crate::parts::{drop, index, reference};

const TABLE: &str = "value_origin";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(big_integer("push_id"))
            // May be gone by now.
            .col(big_integer("member_id"))
            // A JSON object: `from`, a list of records; `why`, a list of reasons in words; `fields`, by name the places in
            // both lists.
            .col(text("origins"))
            .foreign_key(&mut reference(TABLE, "push_id", "push", ForeignKeyAction::Restrict))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index(TABLE, &["member_id"])).await?;
        manager.create_index(index(TABLE, &["push_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
