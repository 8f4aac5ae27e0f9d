//! Mirror pushes: memberships that the lists do not have any more are removed, where that was asked for by itself.

use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::PlanRequest;
use super::drift::refused;
use super::merge::not_as_planned;
use crate::error::Result;
use crate::probe::reached;
use crate::staging;
use crate::store::journal::{self, Entry};
use crate::store::sql::{each, one, run, temporary};

/// Brings what is to be removed to the target's open transaction, as `planned_removal`.
pub(super) async fn load(db: &DatabaseConnection, request: &PlanRequest) -> Result<()> {
    let backend = db.get_database_backend();
    let columns = "membership_id BIGINT, member_id BIGINT, version BIGINT";
    db.execute_unprepared(&temporary(backend, "planned_removal", columns)).await?;
    if !request.remove_missing {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO planned_removal (membership_id, member_id, version)
         SELECT CAST(gone.value ->> 0 AS bigint), CAST(gone.value ->> 1 AS bigint), CAST(gone.value ->> 2 AS bigint)
         FROM {}",
        each(backend, "$1", "gone")
    );
    let mut after = 0;
    loop {
        let (rows, last) = read(request, after)?;
        if last == after {
            return Ok(());
        }
        after = last;
        run(db, &sql, [rows.into()]).await?;
    }
}

fn read(request: &PlanRequest, after: i64) -> Result<(String, i64)> {
    let db = staging::connect(&request.staged)?;
    let mut statement = db.prepare(
        "SELECT json_group_array(json_array(membership_id, member_id, version)), coalesce(max(membership_id), ?1) FROM (
             SELECT membership_id, member_id, version FROM staged_removal WHERE membership_id > ?1
             ORDER BY membership_id LIMIT 5000)",
    )?;
    Ok(statement.query_row([after], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

const MEMBERSHIPS: &str = "INNER JOIN planned_removal ON membership.id = planned_removal.membership_id";
/// Members of no club any more.
const ALONE: &str = "member.id IN (SELECT member_id FROM planned_removal)
     AND NOT EXISTS (SELECT 1 FROM membership WHERE membership.member_id = member.id)";

/// Removes them, and members that are then in no club; keeps how all of them were.
pub(super) async fn remove(db: &DatabaseConnection, entry: Entry, planned: u32) -> Result<()> {
    let drifted = one(
        db,
        "SELECT count(*) FROM planned_removal LEFT JOIN member ON planned_removal.member_id = member.id
         WHERE member.id IS NULL OR member.version <> planned_removal.version",
        [],
    )
    .await?
    .try_get_by_index::<i64>(0)?;
    if drifted > 0 {
        return Err(refused(format!(
            "The database has changed since this plan was made: members to be removed were changed ({drifted})"
        )));
    }
    for (table, which) in [
        (&journal::SCORE_HISTORY, "membership.id = score_history.membership_id"),
        (&journal::SOURCE_RECORD, "membership.id = source_record.membership_id"),
    ] {
        let which = format!("INNER JOIN membership ON {which} {MEMBERSHIPS}");
        journal::keep_before(db, entry, table, "membership.member_id", &which, []).await?;
    }
    journal::keep_before(db, entry, &journal::MEMBERSHIP, "membership.member_id", MEMBERSHIPS, []).await?;
    let all = "WHERE member.id IN (SELECT member_id FROM planned_removal)";
    journal::keep_before(db, entry, &journal::MEMBER, "member.id", all, []).await?;
    reached("images of removed kept");
    for table in ["score_history", "source_record"] {
        let sql =
            format!("DELETE FROM {table} WHERE membership_id IN (SELECT membership_id FROM planned_removal)");
        run(db, &sql, []).await?;
    }
    let sql = "DELETE FROM membership WHERE id IN (SELECT membership_id FROM planned_removal)";
    if run(db, sql, []).await? != u64::from(planned) {
        return Err(not_as_planned());
    }
    reached("memberships removed");
    run(db, &format!("DELETE FROM member WHERE {ALONE}"), []).await?;
    reached("members removed");
    let left = "UPDATE member SET version = $1 WHERE id IN (SELECT member_id FROM planned_removal)";
    run(db, left, [entry.id.into()]).await?;
    journal::keep_after(db, entry, &journal::MEMBER).await?;
    reached("removal noted");
    Ok(())
}
