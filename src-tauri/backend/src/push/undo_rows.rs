//! Taking back what an entry did to the rows of one table: rows that it added go, those that it removed come back, and those that
//! it changed are as before. `free` says whose: a query in brackets that gives members.

use sea_orm::DatabaseConnection;

use crate::error::Result;
use crate::store::journal::{self, Entry, Table};
use crate::store::sql::run;

/// A table, what leads from its rows to their members, and the member.
pub(super) type ByMember = (&'static Table, &'static str, &'static str);

/// Rows that the entry `undone` had added go, and their images are kept.
pub(super) async fn remove_added(
    db: &DatabaseConnection,
    (undone, entry): (i64, Entry),
    (table, joins, member): ByMember,
    free: &str,
) -> Result<()> {
    let name = table.name;
    let which = format!("{joins} WHERE {member} IN {free} AND {}", journal::added_by(name));
    journal::keep_before(db, entry, table, member, &which, [undone.into()]).await?;
    remove_kept(db, entry, name).await
}

/// Rows that it had removed come back as they were. `which` is a condition on `change`.
pub(super) async fn bring_back(
    db: &DatabaseConnection,
    (undone, entry): (i64, Entry),
    table: &Table,
    which: &str,
) -> Result<()> {
    let from = format!(
        "SELECT change.before AS image FROM change WHERE change.push_id = $1 AND change.table_name = '{}'
             AND change.before IS NOT NULL AND change.after IS NULL AND {which}",
        table.name
    );
    run(db, &table.restore(db.get_database_backend(), &from), [undone.into()]).await?;
    // They have an image after and none before.
    let noted = format!(
        "INSERT INTO change (year, push_id, table_name, first_id, last_id, member_id, after)
         SELECT {}, {}, change.table_name, change.first_id, change.last_id, change.member_id, change.before
         FROM change WHERE change.push_id = $1 AND change.table_name = '{}' AND change.before IS NOT NULL
             AND change.after IS NULL AND {which}",
        entry.year, entry.id, table.name
    );
    run(db, &noted, [undone.into()]).await?;
    Ok(())
}

/// Rows that it had changed become what they were.
pub(super) async fn revert(
    db: &DatabaseConnection,
    (undone, entry): (i64, Entry),
    table: &Table,
    free: &str,
) -> Result<()> {
    let name = table.name;
    let changed = format!(
        "change.push_id = $1 AND change.table_name = '{name}' AND change.before IS NOT NULL
             AND change.after IS NOT NULL AND change.member_id IN {free}"
    );
    let which = format!("INNER JOIN change ON change.first_id = {name}.id WHERE {changed}");
    journal::keep_before(db, entry, table, "change.member_id", &which, [undone.into()]).await?;
    let from = format!("SELECT change.first_id AS id, change.before AS image FROM change WHERE {changed}");
    run(db, &table.revert(db.get_database_backend(), &from), [undone.into()]).await?;
    journal::keep_after(db, entry, table).await
}

/// Removes the rows of a table whose images were just kept.
pub(super) async fn remove_kept(db: &DatabaseConnection, entry: Entry, table: &str) -> Result<()> {
    let sql = format!(
        "DELETE FROM {table} WHERE id IN (
             SELECT change.first_id FROM change WHERE change.push_id = $1 AND change.table_name = '{table}'
                 AND change.before IS NOT NULL AND change.after IS NULL)"
    );
    run(db, &sql, [entry.id.into()]).await?;
    Ok(())
}
