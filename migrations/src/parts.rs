//! Pieces that the steps share.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_pk_auto;
use sea_orm_migration::sea_orm::DatabaseBackend;

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

/// How PostgreSQL parts a table. SQLite keeps it whole.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Partition {
    /// A partition for each year that a column of whole numbers holds
    ByYear(&'static str),
    /// Partitions for values of a column, made when one has many rows; all others are together
    ByList(&'static str),
}

/// The years that have partitions from the start; what is before or after goes into the default one.
const YEARS: std::ops::Range<i32> = 2025..2036;

/// Makes a table with an `id`, parted on PostgreSQL, where the partition's column is part of the primary key.
pub(crate) async fn create_partitioned(
    manager: &SchemaManager<'_>,
    name: &'static str,
    mut table: TableCreateStatement,
    partition: Partition,
) -> Result<(), DbErr> {
    if manager.get_database_backend() != DatabaseBackend::Postgres {
        return manager.create_table(table.col(big_pk_auto("id")).to_owned()).await;
    }
    let (Partition::ByYear(column) | Partition::ByList(column)) = partition;
    let mut id = ColumnDef::new("id");
    table.col(id.big_integer().not_null().auto_increment());
    table.primary_key(Index::create().col("id").col(column));
    let how = match partition {
        Partition::ByYear(_) => "RANGE",
        Partition::ByList(_) => "LIST",
    };
    let db = manager.get_connection();
    let whole = table.to_string(PostgresQueryBuilder);
    db.execute_unprepared(&format!("{whole} PARTITION BY {how} (\"{column}\")")).await?;
    db.execute_unprepared(&format!("CREATE TABLE {name}_default PARTITION OF {name} DEFAULT")).await?;
    if let Partition::ByYear(_) = partition {
        for year in YEARS {
            let part = format!(
                "CREATE TABLE {name}_{year} PARTITION OF {name} FOR VALUES FROM ({year}) TO ({})",
                year + 1
            );
            db.execute_unprepared(&part).await?;
        }
    }
    Ok(())
}

/// A foreign key to a membership, which goes with it. PostgreSQL's is parted by club, so there the club is part of the
/// reference.
pub(crate) fn membership_reference(
    manager: &SchemaManager<'_>,
    table: &'static str,
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("fk_{table}_membership_id")).on_delete(ForeignKeyAction::Cascade);
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        key.from(table, ("membership_id", "club_id")).to("membership", ("id", "club_id"));
    } else {
        key.from(table, "membership_id").to("membership", "id");
    }
    key
}

/// An index for searches by the first letters of names, whether small or capital.
pub(crate) async fn name_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let of = |column: &&str| match manager.get_database_backend() {
        DatabaseBackend::Postgres => format!("lower({column}) text_pattern_ops"),
        _ => format!("{column} COLLATE NOCASE"),
    };
    let keys: Vec<String> = columns.iter().map(of).collect();
    let sql = format!("CREATE INDEX ix_{table}_{} ON {table} ({})", columns.join("_"), keys.join(", "));
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Drops a table.
pub(crate) async fn drop(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    manager.drop_table(Table::drop().table(table).to_owned()).await
}
