//! The statements by which a push writes scores. They run alike on both databases.

use sea_orm::DbBackend;

use super::ScorePlan;
use super::write::OF_DUE;
use crate::push::statements::{PlannedStatement, said};
use crate::store::journal::{self, EntryText};
use crate::store::score_history::{self, differ, due};
use crate::store::sql::each;

/// `score_value`: the different scores of the clubs, and what is made of them; with decay, of each last activity.
pub(super) const VALUE_COLUMNS: &str =
    "id BIGINT PRIMARY KEY, club_id BIGINT, score DOUBLE PRECISION, last_active TEXT, times BIGINT,
     unified DOUBLE PRECISION, UNIQUE (club_id, score, last_active)";

/// `score_change`: memberships whose unified score changes (`moved`), or who get a row in the history (`due`).
pub(super) const CHANGE_COLUMNS: &str =
    "membership_id BIGINT PRIMARY KEY, club_id BIGINT, unified DOUBLE PRECISION, moved BIGINT, due BIGINT";

/// What the last activity is to a unified score: without decay, nothing.
const fn active(decays: bool) -> &'static str {
    if decays { "coalesce(membership.last_active, '')" } else { "''" }
}

/// Gathers the scores that the clubs of the import have.
pub(super) fn values_sql(decays: bool) -> String {
    format!(
        "INSERT INTO score_value (id, club_id, score, last_active, times)
         SELECT row_number() OVER () AS id, found.club_id, found.score, found.last_active, found.times
         FROM (
             SELECT active.club_id, active.score, active.last_active, count(*) AS times
             FROM (
                 SELECT membership.club_id, membership.score, {} AS last_active FROM membership
                 WHERE membership.club_id IN (SELECT planned_file.club_id FROM planned_file)
                     AND membership.score IS NOT NULL) AS active
             GROUP BY active.club_id, active.score, active.last_active) AS found",
        active(decays)
    )
}

/// A page of them, after the id `$1`.
pub(super) const VALUES: &str =
    "SELECT score_value.id, club.name, score_value.score, score_value.last_active, score_value.times
     FROM score_value INNER JOIN club ON score_value.club_id = club.id
     WHERE score_value.id > $1 ORDER BY score_value.id LIMIT 20000";

/// Brings what the method makes of them; `$1` is a JSON array of ids and unified scores.
pub(super) fn unified_sql(backend: DbBackend) -> String {
    format!(
        "UPDATE score_value SET unified = CAST(made.value ->> 1 AS double precision) FROM {}
         WHERE score_value.id = CAST(made.value ->> 0 AS bigint)",
        each(backend, "$1", "made")
    )
}

/// Finds the memberships that change, of those with the ids `$1` to `$2`. `+` keeps SQLite to these ids.
pub(super) fn changes_sql(decays: bool) -> String {
    let moved = differ("found.unified_before", "found.unified_score");
    let due = due("kept", "found");
    format!(
        "INSERT INTO score_change (membership_id, club_id, unified, moved, due)
         SELECT found.id, found.club_id, found.unified_score, CASE WHEN {moved} THEN 1 ELSE 0 END,
             CASE WHEN {due} THEN 1 ELSE 0 END
         FROM (
             SELECT membership.id, membership.club_id, membership.score, membership.last_active,
                 membership.unified_score AS unified_before, score_value.unified AS unified_score
             FROM membership
             LEFT JOIN score_value ON membership.club_id = score_value.club_id
                 AND membership.score = score_value.score AND score_value.last_active = {}
             WHERE membership.id BETWEEN $1 AND $2
                 AND +membership.club_id IN (SELECT planned_file.club_id FROM planned_file)) AS found
         LEFT JOIN score_history AS kept ON found.id = kept.membership_id AND kept.valid_to IS NULL
         WHERE {moved} OR {due}",
        active(decays)
    )
}

/// Writes the unified scores.
pub(super) const UNIFY: &str = "UPDATE membership SET unified_score = score_change.unified FROM score_change
     WHERE membership.id = score_change.membership_id AND membership.club_id = score_change.club_id
         AND score_change.moved = 1";

/// Forgets what was written.
pub(super) const NEXT: &str = "DELETE FROM score_change";

/// Keeps the version of the method with its settings, where a row of the history will name it; `$1` the version, `$2` the
/// settings, `$3` the date of decay, `$4` now.
pub(super) const KEEP_METHOD: &str = "INSERT INTO score_method (version, settings, as_of, added)
     SELECT CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS text)
     WHERE EXISTS (SELECT 1 FROM score_change WHERE score_change.due = 1)
     ON CONFLICT (version) DO NOTHING";

/// What a push with scores runs for them, for people to read.
pub(in crate::push) fn shown_statements(
    plan: &ScorePlan,
    backend: DbBackend,
    entry: &EntryText,
    scores: &super::ScoreCounts,
) -> Vec<PlannedStatement> {
    let decays = plan.settings.decay.is_some();
    let (changed, history) = (Some(scores.changed), Some(scores.history));
    let keep = score_history::keep_closed_sql(backend, entry, OF_DUE);
    let note = journal::note_added_sql(entry, &journal::SCORE_HISTORY);
    vec![
        said("Gather the scores of the clubs", values_sql(decays), None),
        said("Bring what the method makes of them", unified_sql(backend), None),
        said("Find the memberships whose scores change", changes_sql(decays), None),
        said("Write the unified scores", UNIFY, changed),
        said("Keep the version of the method", KEEP_METHOD, None),
        said("Keep how the score history was", keep, None),
        said("End the rows that held until now", score_history::close_sql(OF_DUE), None),
        said("Add what holds from now on", score_history::add_sql(OF_DUE), history),
        said("Note what was added to score_history", note, None),
        said("Make room for the next memberships", NEXT, None),
    ]
}
