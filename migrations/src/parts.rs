//! Pieces that the steps share.

use sea_orm_migration::prelude::*;

/// A foreign key to the `id` of another table.
pub(crate) fn reference(
    table: &'static str,
    column: &'static str,
    parent: &'static str,
    on_delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, column)
        .to(parent, "id")
        .on_delete(on_delete)
        .to_owned()
}

/// An index named after its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    for &column in columns {
        index.col(column);
    }
    index
}

/// A unique index named after its table and columns.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("uq_{table}_{}", columns.join("_"))).table(table).unique();
    for &column in columns {
        index.col(column);
    }
    index
}

/// `column IN (values)`, for columns that hold a word of a closed set.
pub(crate) fn one_of(column: &'static str, values: &[&'static str]) -> Expr {
    Expr::col(column).is_in(values.iter().copied())
}

/// `length(column) = length`; holds for NULL too.
pub(crate) fn has_length(column: &'static str, length: i32) -> Expr {
    Expr::from(Func::cust("length").arg(Expr::col(column))).eq(length)
}

/// Drops a table.
pub(crate) async fn drop(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    manager.drop_table(Table::drop().table(table).to_owned()).await
}
