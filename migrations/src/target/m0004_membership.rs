//! Memberships: a person in a club, under the club's key for them. PostgreSQL keeps them in partitions by club: the
//! default one, until a club has so many that it gets its own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, double_null, text, text_null};

use crate::parts::{Partition, create_partitioned, drop, index, reference, unique};

const TABLE: &str = "membership";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_integer("member_id"))
            .col(big_integer("club_id"))
            // The key of the anti-join: the club's member number, or a hash of club, name parts and birth date.
            .col(text("source_key"))
            // An ISO 8601 date, or its reduced forms YYYY-MM and YYYY.
            .col(text_null("member_since"))
            .col(text_null("last_active"))
            .col(double_null("score"))
            // The score on the scale that all clubs share.
            .col(double_null("unified_score"))
            .foreign_key(&mut reference(TABLE, "member_id", "member", ForeignKeyAction::Restrict))
            .foreign_key(&mut reference(TABLE, "club_id", "club", ForeignKeyAction::Restrict))
            .check(Expr::col("source_key").ne(""))
            .to_owned();
        create_partitioned(manager, TABLE, table, Partition::ByList("club_id")).await?;
        manager.create_index(unique(TABLE, &["club_id", "source_key"])).await?;
        // With the club, so that whether a member is of a club is read from the index alone.
        manager.create_index(index(TABLE, &["member_id", "club_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
