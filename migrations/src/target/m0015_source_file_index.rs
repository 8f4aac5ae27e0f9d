//! What comes from a file, found by the file: an undo asks whether anything still does before the file goes, and so does
//! the database when it goes.

use sea_orm_migration::prelude::*;

use crate::parts::index;

const TABLES: [&str; 2] = ["source_record", "reject"];

/// Makes the indexes.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.create_index(index(table, &["source_file_id"])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager
                .drop_index(Index::drop().name(format!("ix_{table}_source_file_id")).table(table).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
