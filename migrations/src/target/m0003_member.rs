//! Members: one row a person. Dates are ISO 8601 text, states USPS codes, missing is NULL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text_null};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::parts::{drop, has_length, index, name_index, reference};

const TABLE: &str = "member";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(text_null("prefix"))
            .col(text_null("given_name"))
            .col(text_null("middle_name"))
            .col(text_null("family_name"))
            .col(text_null("suffix"))
            .col(text_null("preferred_name"))
            .col(text_null("birth_date"))
            .col(text_null("state"))
            .col(big_integer_null("company_id"))
            // A company id that the source's company list does not have: kept until somebody resolves it.
            .col(text_null("company_source_id"))
            .col(text_null("email"))
            .col(text_null("phone"))
            // The ledger's entry that last wrote the member or one of their memberships: it never comes again with
            // other details, so an equal version is the same member.
            .col(big_integer("version"))
            .foreign_key(&mut reference(TABLE, "company_id", "company", ForeignKeyAction::Restrict))
            .check(Expr::col("given_name").is_not_null().or(Expr::col("family_name").is_not_null()))
            .check(Expr::col("company_id").is_null().or(Expr::col("company_source_id").is_null()))
            .check(has_length("birth_date", 10))
            .check(has_length("state", 2))
            .check(Expr::col("version").gte(1))
            .to_owned();
        manager.create_table(table).await?;
        for column in ["birth_date", "state", "company_id"] {
            manager.create_index(index(TABLE, &[column])).await?;
        }
        // Searched by the first letters, in small letters or capitals.
        name_index(manager, TABLE, &["family_name", "given_name"]).await?;
        name_index(manager, TABLE, &["given_name", "family_name"]).await?;
        preferred_name_index(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Few members have a preferred name, so only theirs are in the index.
async fn preferred_name_index(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let key = match manager.get_database_backend() {
        DatabaseBackend::Postgres => "lower(preferred_name) text_pattern_ops",
        _ => "preferred_name COLLATE NOCASE",
    };
    let sql =
        format!("CREATE INDEX ix_{TABLE}_preferred_name ON {TABLE} ({key}) WHERE preferred_name IS NOT NULL");
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}
