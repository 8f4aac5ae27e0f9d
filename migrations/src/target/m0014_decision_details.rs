//! What a decision needs to be asked again when its records change: what the person saw. And indexes by which the members
//! that can be the person of a list's row are found.

use sea_orm_migration::prelude::*;

use crate::parts::index;

/// Adds the columns and the indexes.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What the person saw, as JSON: both records' values by field, or the values of the field.
        let seen = Table::alter().table("decision").add_column(ColumnDef::new("seen").text()).to_owned();
        manager.alter_table(seen).await?;
        for column in ["email", "phone"] {
            manager.create_index(index("member", &[column])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["phone", "email"] {
            manager
                .drop_index(Index::drop().table("member").name(format!("ix_member_{column}")).to_owned())
                .await?;
        }
        let seen = Table::alter().table("decision").drop_column("seen").to_owned();
        manager.alter_table(seen).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
