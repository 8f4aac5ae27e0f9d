//! Mirror pushes: memberships that the lists do not have any more are removed, where that was asked for by itself.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::PlanRequest;
use super::merge::not_as_planned;
use crate::error::Result;
use crate::probe::reached;
use crate::staging;
use crate::store::journal::{self, Entry, Table};
use crate::store::sql::{each, run, temporary};

/// Brings what is to be removed to the target's open transaction, as `planned_removal`.
pub(super) async fn load(db: &DatabaseConnection, request: &PlanRequest) -> Result<()> {
    let backend = db.get_database_backend();
    let columns = "membership_id BIGINT, member_id BIGINT, version BIGINT";
    db.execute_unprepared(&temporary(backend, "planned_removal", columns)).await?;
    if !request.remove_missing {
        return Ok(());
    }
    let sql = insert_sql(backend);
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

/// Brings memberships that are to be removed; `$1` is a JSON array of them.
pub(super) fn insert_sql(backend: DbBackend) -> String {
    format!(
        "INSERT INTO planned_removal (membership_id, member_id, version)
         SELECT CAST(gone.value ->> 0 AS bigint), CAST(gone.value ->> 1 AS bigint), CAST(gone.value ->> 2 AS bigint)
         FROM {}",
        each(backend, "$1", "gone")
    )
}

fn read(request: &PlanRequest, after: i64) -> Result<(String, i64)> {
    let db = staging::connect_to_scan(&request.staged)?;
    let mut statement = db.prepare(
        "SELECT json_group_array(json_array(membership_id, member_id, version)), coalesce(max(membership_id), ?1) FROM (
             SELECT membership_id, member_id, version FROM staged_removal WHERE membership_id > ?1
             ORDER BY membership_id LIMIT 5000)",
    )?;
    Ok(statement.query_row([after], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// What goes, with its person and how it is found: images of it are kept.
pub(super) static KEPT: [(&Table, &str, &str); 3] = [
    (&journal::SCORE_HISTORY, "membership.member_id", OF_SCORES),
    (&journal::SOURCE_RECORD, "membership.member_id", OF_RECORDS),
    (&journal::MEMBERSHIP, "membership.member_id", MEMBERSHIPS),
];
/// The members. Of those that another row changes, this push (`$1`, their version by now) has images already.
pub(super) const KEPT_MEMBERS: &str =
    "WHERE member.id IN (SELECT member_id FROM planned_removal) AND member.version <> $1";
const OF_SCORES: &str = "INNER JOIN membership ON membership.id = score_history.membership_id
     INNER JOIN planned_removal ON membership.id = planned_removal.membership_id";
const OF_RECORDS: &str = "INNER JOIN membership ON membership.id = source_record.membership_id
     INNER JOIN planned_removal ON membership.id = planned_removal.membership_id";
const MEMBERSHIPS: &str = "INNER JOIN planned_removal ON membership.id = planned_removal.membership_id";

/// Members of whom a membership was to be removed and who are otherwise by now. Asked before anything is written: the
/// push itself may change them.
pub(super) const DRIFTED: &str = "SELECT DISTINCT planned_removal.member_id FROM planned_removal
     LEFT JOIN member ON planned_removal.member_id = member.id
     WHERE member.id IS NULL OR member.version <> planned_removal.version
     ORDER BY planned_removal.member_id";
pub(super) const DELETE_SCORES: &str =
    "DELETE FROM score_history WHERE membership_id IN (SELECT membership_id FROM planned_removal)";
pub(super) const DELETE_RECORDS: &str =
    "DELETE FROM source_record WHERE membership_id IN (SELECT membership_id FROM planned_removal)";
pub(super) const DELETE_MEMBERSHIPS: &str =
    "DELETE FROM membership WHERE id IN (SELECT membership_id FROM planned_removal)";
/// Members of no club any more.
pub(super) const DELETE_MEMBERS: &str =
    "DELETE FROM member WHERE member.id IN (SELECT member_id FROM planned_removal)
     AND NOT EXISTS (SELECT 1 FROM membership WHERE membership.member_id = member.id)";
/// Those who stay in another club have the entry `$1` as their version.
pub(super) const UPDATE_LEFT: &str =
    "UPDATE member SET version = $1 WHERE id IN (SELECT member_id FROM planned_removal)";

/// Removes them, and members that are then in no club; keeps how all of them were.
pub(super) async fn remove(db: &DatabaseConnection, entry: Entry, planned: u32) -> Result<()> {
    for (table, member, which) in KEPT {
        journal::keep_before(db, entry, table, member, which, []).await?;
    }
    journal::keep_before(db, entry, &journal::MEMBER, "member.id", KEPT_MEMBERS, [entry.id.into()]).await?;
    reached("images of removed kept");
    run(db, DELETE_SCORES, []).await?;
    run(db, DELETE_RECORDS, []).await?;
    if run(db, DELETE_MEMBERSHIPS, []).await? != u64::from(planned) {
        return Err(not_as_planned());
    }
    reached("memberships removed");
    run(db, DELETE_MEMBERS, []).await?;
    reached("members removed");
    run(db, UPDATE_LEFT, [entry.id.into()]).await?;
    journal::keep_after(db, entry, &journal::MEMBER).await?;
    reached("removal noted");
    Ok(())
}
