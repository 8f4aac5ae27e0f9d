//! The rows of `score_history`: a membership whose score, unified score or last activity changed gets a new one, and the
//! row before ends.
//!
//! The statements take which memberships those are as `which`: a query in brackets that gives their ids.

use muster_engine::score::TOLERANCE;
use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::journal::{self, Entry, EntryText, SCORE_HISTORY, now};
use super::sql::{run, temporary};
use crate::error::Result;

/// Whether two numbers differ as [`muster_engine::score::needs_history`] sees it.
pub fn differ(first: &str, second: &str) -> String {
    let apart = format!("abs({first} - {second}) > {TOLERANCE:e}");
    format!(
        "(({first} IS NULL) <> ({second} IS NULL)
             OR ({apart} AND {apart} * abs({first}) AND {apart} * abs({second})))"
    )
}

/// Whether a membership is otherwise than its row: [`muster_engine::score::needs_history`] as a condition, between the
/// columns of two relations.
pub fn due(row: &str, membership: &str) -> String {
    format!(
        "({} OR {} OR {row}.last_active IS DISTINCT FROM {membership}.last_active)",
        differ(&format!("{row}.score"), &format!("{membership}.score")),
        differ(&format!("{row}.unified_score"), &format!("{membership}.unified_score")),
    )
}

/// Keeps how the rows that end are, and will be; `$1` is the moment.
pub fn keep_closed_sql(backend: DbBackend, entry: &EntryText, which: &str) -> String {
    let image = SCORE_HISTORY.image(backend);
    let after = match backend {
        DbBackend::Postgres => format!("{image} || jsonb_build_object('valid_to', CAST($1 AS text))"),
        _ => format!("json_set({image}, '$.valid_to', $1)"),
    };
    format!(
        "INSERT INTO change (year, push_id, table_name, first_id, last_id, member_id, before, after)
         SELECT {}, {}, 'score_history', score_history.id, score_history.id, membership.member_id, {image}, {after}
         FROM score_history INNER JOIN membership
             ON score_history.membership_id = membership.id AND score_history.club_id = membership.club_id
         WHERE score_history.valid_to IS NULL AND score_history.membership_id IN {which}",
        entry.year, entry.id
    )
}

/// Ends the rows that hold now; `$1` is the moment.
pub fn close_sql(which: &str) -> String {
    format!("UPDATE score_history SET valid_to = $1 WHERE valid_to IS NULL AND membership_id IN {which}")
}

/// Adds rows of how the memberships are now; `$1` is the year, `$2` the moment, `$3` the version of the method.
pub fn add_sql(which: &str) -> String {
    insert("$3", which)
}

/// As [`add_sql`], where the unified scores are those of the row before.
fn add_same_version_sql(which: &str) -> String {
    let version = "(SELECT earlier.method_version FROM score_history AS earlier
             WHERE earlier.membership_id = membership.id AND earlier.valid_to = $2 ORDER BY earlier.id DESC LIMIT 1)";
    insert(version, which)
}

fn insert(version: &str, which: &str) -> String {
    format!(
        "INSERT INTO score_history (year, club_id, membership_id, valid_from, score, unified_score, last_active, method_version)
         SELECT $1, membership.club_id, membership.id, $2, membership.score, membership.unified_score,
             membership.last_active, {version}
         FROM membership WHERE membership.id IN {which}"
    )
}

/// A temporary table of memberships that get a row.
const DUE: &str = "score_due";
const OF_DUE: &str = "(SELECT score_due.membership_id FROM score_due)";

/// Gives memberships that were changed by hand, or by an undo, their row where one is due. `which` gives their ids; the
/// unified scores stay those of the method before. Without a row before, one is written only where `first` says so. Gives the
/// number of rows.
///
/// # Errors
/// When the database fails.
pub async fn note(db: &DatabaseConnection, entry: Entry, which: &str, first: bool) -> Result<u64> {
    let backend = db.get_database_backend();
    db.execute_unprepared(&temporary(backend, DUE, "membership_id BIGINT PRIMARY KEY")).await?;
    let join = if first { "LEFT" } else { "INNER" };
    let find = format!(
        "INSERT INTO score_due (membership_id) SELECT membership.id FROM membership
         {join} JOIN score_history AS latest ON membership.id = latest.membership_id AND latest.valid_to IS NULL
         WHERE membership.id IN {which} AND {}",
        due("latest", "membership")
    );
    let found = run(db, &find, []).await?;
    if found > 0 {
        write(db, entry, OF_DUE, None).await?;
    }
    // Another call in the same transaction makes it anew.
    db.execute_unprepared("DROP TABLE score_due").await?;
    Ok(found)
}

/// Ends the rows of memberships and adds new ones, made with a version of the method or the one before; keeps images.
///
/// # Errors
/// When the database fails.
pub async fn write(db: &DatabaseConnection, entry: Entry, which: &str, version: Option<&str>) -> Result<u64> {
    let now = now();
    let above = journal::last_id(db, &SCORE_HISTORY).await?;
    run(db, &keep_closed_sql(db.get_database_backend(), &entry.text(), which), [now.as_str().into()]).await?;
    run(db, &close_sql(which), [now.as_str().into()]).await?;
    let values: [Value; 2] = [i64::from(entry.year).into(), now.into()];
    let added = match version {
        Some(version) => run(db, &add_sql(which), values.into_iter().chain([version.into()])).await?,
        None => run(db, &add_same_version_sql(which), values).await?,
    };
    journal::note_added(db, entry, &SCORE_HISTORY, above).await?;
    Ok(added)
}

#[cfg(test)]
mod tests {
    use muster_engine::score::{ScoreState, needs_history};

    use super::*;

    /// The condition says the same as the engine, for each pair of states.
    #[test]
    fn a_row_is_due_when_the_engine_says_so() {
        let numbers =
            [None, Some(0.0), Some(61.5), Some(61.5 * (1.0 + 1e-12)), Some(61.5 + 1e-6), Some(-4e12)];
        let days = [None, Some("2026-01-02"), Some("2026")];
        let states: Vec<ScoreState<'_>> = numbers
            .iter()
            .flat_map(|&score| numbers.iter().map(move |&unified_score| (score, unified_score)))
            .flat_map(|(score, unified_score)| {
                days.iter().map(move |&last_active| ScoreState { score, unified_score, last_active })
            })
            .collect();
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let state = |first: usize| {
            format!(
                "(SELECT ?{first} AS score, ?{} AS unified_score, ?{} AS last_active)",
                first + 1,
                first + 2
            )
        };
        let sql = format!(
            "SELECT coalesce({}, 0) FROM {} AS kept, {} AS now",
            due("kept", "now"),
            state(1),
            state(4)
        );
        let mut statement = db.prepare(&sql).unwrap();
        for before in &states {
            for now in &states {
                let values = rusqlite::params![
                    before.score,
                    before.unified_score,
                    before.last_active,
                    now.score,
                    now.unified_score,
                    now.last_active
                ];
                let due: bool = statement.query_row(values, |row| row.get(0)).unwrap();
                assert_eq!(due, needs_history(Some(before), now), "{before:?} {now:?}");
            }
        }
    }
}
