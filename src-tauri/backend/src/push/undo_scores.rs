//! Taking back scores. They are derived and give a member no version, so they have a rule of their own: an entry's scores of a
//! member are taken back where nothing was written to the member's score history since. Where something was, that history stays,
//! and what the undo itself changes of a score is a new row of it.

use sea_orm::DatabaseConnection;

use super::undo::FREE;
use super::undo_rows::{ByMember, bring_back, remove_added, remove_kept, revert};
use crate::error::Result;
use crate::store::journal::{self, Entry, SCORE_HISTORY};
use crate::store::score_history;
use crate::store::sql::{one, run};

/// Members whose scores are taken back.
const FREE_SCORES: &str = "(SELECT undo_member.member_id FROM undo_member WHERE undo_member.scores_kept = 0)";

static BY_MEMBER: ByMember = (
    &SCORE_HISTORY,
    "INNER JOIN membership ON score_history.membership_id = membership.id",
    "membership.member_id",
);

/// Whether there is anything about scores to be looked at.
async fn any(db: &DatabaseConnection, undone: i64) -> Result<bool> {
    let sql = "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM score_history) OR EXISTS (
             SELECT 1 FROM change WHERE change.push_id = $1 AND change.table_name = 'score_history')
         THEN 1 ELSE 0 END AS bigint)";
    Ok(one(db, sql, [undone.into()]).await?.try_get_by_index::<i64>(0)? == 1)
}

/// Adds to `undo_member` whose scores alone the entry wrote, and tells whose scores have been written since.
pub(super) async fn find_members(db: &DatabaseConnection, undone: i64) -> Result<()> {
    if !any(db, undone).await? {
        return Ok(());
    }
    let of_rows = "SELECT change.member_id FROM change
         WHERE change.push_id = $1 AND change.table_name = 'score_history' AND change.member_id IS NOT NULL";
    let added = "FROM change CROSS JOIN score_history CROSS JOIN membership
         WHERE change.push_id = $1 AND change.table_name = 'score_history' AND change.before IS NULL
             AND change.after IS NULL AND score_history.id BETWEEN change.first_id AND change.last_id
             AND membership.id = score_history.membership_id";
    for rows in [of_rows.to_owned(), format!("SELECT membership.member_id {added}")] {
        let sql = format!(
            "INSERT INTO undo_member (member_id, did, kept, changed_by)
             SELECT DISTINCT member.id, 'scored', 0, member.version FROM member
             WHERE member.id IN ({rows}) ON CONFLICT (member_id) DO NOTHING"
        );
        run(db, &sql, [undone.into()]).await?;
    }
    run(db, "UPDATE undo_member SET scores_kept = 1 WHERE kept = 1", []).await?;
    // Rows that it added and that have ended; that it ended or brought back and that are otherwise by now; later ones in place of
    // those that it removed.
    let ended = format!("SELECT membership.member_id {added} AND score_history.valid_to IS NOT NULL");
    let otherwise = "SELECT change.member_id FROM change LEFT JOIN score_history ON change.first_id = score_history.id
         WHERE change.push_id = $1 AND change.table_name = 'score_history' AND change.after IS NOT NULL
             AND (score_history.id IS NULL OR score_history.valid_to IS DISTINCT FROM (change.after ->> 'valid_to'))";
    let later = "SELECT change.member_id FROM change INNER JOIN score_history
             ON score_history.membership_id = CAST(change.before ->> 'membership_id' AS bigint)
         WHERE change.push_id = $1 AND change.table_name = 'score_history' AND change.before IS NOT NULL
             AND change.after IS NULL AND score_history.id > change.first_id";
    for rows in [ended.as_str(), otherwise, later] {
        let sql = format!("UPDATE undo_member SET scores_kept = 1 WHERE undo_member.member_id IN ({rows})");
        run(db, &sql, [undone.into()]).await?;
    }
    Ok(())
}

/// Before memberships go: the history of those that go goes with them, and so do the rows that the entry added.
pub(super) async fn remove(db: &DatabaseConnection, undone: i64, entry: Entry) -> Result<()> {
    if !any(db, undone).await? {
        return Ok(());
    }
    let (table, joins, member) = BY_MEMBER;
    let gone = format!("{joins} WHERE {member} IN {FREE} AND {}", journal::added_by("membership"));
    journal::keep_before(db, entry, table, member, &gone, [undone.into()]).await?;
    remove_kept(db, entry, table.name).await?;
    remove_added(db, (undone, entry), BY_MEMBER, FREE_SCORES).await
}

/// After memberships are back and as before: their history is, too, and unified scores are those of the history.
pub(super) async fn restore(db: &DatabaseConnection, undone: i64, entry: Entry) -> Result<()> {
    if !any(db, undone).await? {
        return Ok(());
    }
    let which = format!("change.member_id IN {FREE_SCORES}");
    bring_back(db, (undone, entry), &SCORE_HISTORY, &which).await?;
    revert(db, (undone, entry), &SCORE_HISTORY, FREE_SCORES).await?;
    let latest = "SELECT latest.unified_score FROM score_history AS latest
         WHERE latest.membership_id = membership.id AND latest.valid_to IS NULL ORDER BY latest.id DESC LIMIT 1";
    let of_history =
        "SELECT CAST(coalesce(change.after, change.before) ->> 'membership_id' AS bigint) FROM change
         WHERE change.push_id = $1 AND change.table_name = 'score_history'
             AND (change.before IS NOT NULL OR change.after IS NOT NULL)";
    let reverted =
        "(SELECT change.first_id FROM change WHERE change.push_id = $1 AND change.table_name = 'membership'
         AND change.before IS NOT NULL AND change.after IS NOT NULL)";
    for which in [
        format!("membership.id IN ({of_history})"),
        // Scores that were made since stay, though the row is as before.
        format!("membership.id IN {reverted} AND EXISTS ({latest})"),
    ] {
        let sql = format!("UPDATE membership SET unified_score = ({latest}) WHERE {which}");
        run(db, &sql, [entry.id.into()]).await?;
    }
    score_history::note(db, entry, &in_step(undone, entry), false).await?;
    Ok(())
}

/// Memberships that the undo made what they were, and whose history was written since the entry and said what they had been
/// until now. What a push that leaves scores as they are did not note, its undo does not note either.
fn in_step(undone: i64, entry: Entry) -> String {
    let behind = score_history::differ("held.score", "CAST(change.before ->> 'score' AS double precision)");
    format!(
        "(SELECT change.first_id FROM change INNER JOIN score_history AS held
             ON change.first_id = held.membership_id AND held.valid_to IS NULL
         WHERE change.push_id = {} AND change.table_name = 'membership' AND change.before IS NOT NULL
             AND change.after IS NOT NULL
             AND held.id >= (
                 SELECT min(added.first_id) FROM change AS added WHERE added.push_id >= {undone}
                     AND added.table_name = 'score_history' AND added.before IS NULL AND added.after IS NULL)
             AND CASE WHEN {behind} OR held.last_active IS DISTINCT FROM (change.before ->> 'last_active')
                 THEN 0 ELSE 1 END = 1)",
        entry.id
    )
}
