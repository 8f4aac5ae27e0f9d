//! The ledger: one row for all that is written together, be it a push, an undo or an edit by hand. Its checks make the
//! counts of a push add up, so that no row can disappear.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text, text_null};

use crate::parts::{drop, has_length, index, one_of, reference};

const COUNTS: [&str; 13] = [
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
    "conflicts",
    "rejected_in_push",
    "removed",
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
            .col(text("kind"))
            // SHA-256 of the raw files, the recipe and the target; of an entry that is no push, of what it does.
            .col(text("package"))
            .col(text("profile"))
            .col(text("mode"))
            .col(text("person"))
            .col(text("import_name"))
            // RFC 3339, UTC.
            .col(text("started"))
            .col(text("finished"))
            .col(text_null("undone"))
            // The entry that an undo took back.
            .col(big_integer_null("undoes"))
            // What was imported, as JSON: replays fixed rejects as the rest of their file was read.
            .col(text_null("recipe"))
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
            .col(big_integer("conflicts"))
            .col(big_integer("rejected_in_push"))
            // Memberships that the list does not have any more, removed by a mirror push.
            .col(big_integer("removed"))
            .foreign_key(&mut reference(TABLE, "undoes", "push", ForeignKeyAction::Restrict))
            .check(one_of("kind", &["push", "undo", "edit"]))
            .check(Expr::col("kind").eq("undo").eq(Expr::col("undoes").is_not_null()))
            .check(has_length("package", 64))
            .check(("push_rows_read", adds_up("rows_read", &["staged", "excluded", "rejected"])))
            .check(("push_staged", adds_up("staged", &["clean", "suspect"])))
            .check((
                "push_clean",
                adds_up(
                    "clean",
                    &[
                        "inserted",
                        "updated",
                        "skipped_identical",
                        "skipped_different",
                        "conflicts",
                        "rejected_in_push",
                    ],
                ),
            ))
            .check(("push_not_negative", none_negative()))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(package_once()).await?;
        manager.create_index(index(TABLE, &["kind", "id"])).await?;
        manager.create_index(index(TABLE, &["undoes"])).await?;
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
