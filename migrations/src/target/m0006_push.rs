//! The ledger: one row a push. Its checks make the counts add up, so that no row can disappear.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text, text_null};

use crate::parts::{drop, has_length, index};

const COUNTS: [&str; 11] = [
    "rows_read",
    "excluded",
    "rejected",
    "staged",
    "suspect",
    "clean",
    "inserted",
    "updated",
    "skipped_identical",
    "skipped_different",
    "rejected_in_push",
];

const TABLE: &str = "push";

/// Makes the table.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            // SHA-256 of the raw files, the recipe and the target.
            .col(text("package"))
            .col(text("profile"))
            .col(text("mode"))
            .col(text("person"))
            .col(text("import_name"))
            // RFC 3339, UTC.
            .col(text("started"))
            .col(text("finished"))
            .col(text_null("undone"))
            .col(big_integer("rows_read"))
            .col(big_integer("excluded"))
            .col(big_integer("rejected"))
            .col(big_integer("staged"))
            .col(big_integer("suspect"))
            .col(big_integer("clean"))
            .col(big_integer("inserted"))
            .col(big_integer("updated"))
            .col(big_integer("skipped_identical"))
            .col(big_integer("skipped_different"))
            .col(big_integer("rejected_in_push"))
            .check(has_length("package", 64))
            .check(("push_rows_read", adds_up("rows_read", &["staged", "excluded", "rejected"])))
            .check(("push_staged", adds_up("staged", &["clean", "suspect"])))
            .check((
                "push_clean",
                adds_up(
                    "clean",
                    &["inserted", "updated", "skipped_identical", "skipped_different", "rejected_in_push"],
                ),
            ))
            .check(("push_not_negative", none_negative()))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(package_once()).await?;
        manager.create_index(index(TABLE, &["finished"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `whole = part + part + …`
fn adds_up(whole: &'static str, parts: &[&'static str]) -> Expr {
    let sum = parts.iter().copied().map(Expr::col).reduce(|sum, part| sum.add(part));
    Expr::col(whole).eq(sum.unwrap_or_else(|| Expr::val(0)))
}

fn none_negative() -> Expr {
    let each = COUNTS.into_iter().map(|count| Expr::col(count).gte(0));
    each.reduce(|all, one| all.and(one)).unwrap_or_else(|| Expr::val(true))
}

/// A package is carried out once; after an undo it can be pushed again.
fn package_once() -> IndexCreateStatement {
    let mut index = Index::create();
    index.name("uq_push_package").table(TABLE).col("package").unique();
    index.cond_where(Expr::col("undone").is_null());
    index
}
