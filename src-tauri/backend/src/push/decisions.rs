//! Decisions about who is who go to the target with a push, so that nobody who imports the same records is asked again.

use muster_engine::decisions::{PairDecision, RecipeDecisions};
use muster_engine::resolve::ValueDecision;
use sea_orm::DatabaseConnection;
use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::store::journal::now;
use crate::store::sql::{each, run};

/// What the target is to remember, and what it is to forget.
#[derive(Debug, Clone, Default)]
pub struct PushedDecisions {
    /// In force
    pub made: RecipeDecisions,
    /// Taken back since they were brought to a target
    pub reverted: RecipeDecisions,
}

/// Decisions that are sent together.
const CHUNK: usize = 1_000;

/// Adds the decisions that the target does not have, and marks those that were reverted. Decisions about clubs that the
/// target does not have are left out.
pub(super) async fn write(db: &DatabaseConnection, decisions: &PushedDecisions) -> Result<()> {
    let backend = db.get_database_backend();
    let insert = format!(
        "INSERT INTO decision (kind, club_id, source_key, other_club_id, other_source_key, field, value, person,
             decided, seen)
         SELECT made.value ->> 'kind', club.id, made.value ->> 'key', other.id, made.value ->> 'other_key',
             made.value ->> 'field', made.value ->> 'value', made.value ->> 'person', made.value ->> 'decided',
             made.value ->> 'seen'
         FROM {} INNER JOIN club ON club.name = made.value ->> 'club'
         LEFT JOIN club AS other ON other.name = made.value ->> 'other_club'
         WHERE (made.value ->> 'kind' = 'value' OR other.id IS NOT NULL) AND NOT EXISTS (
             SELECT 1 FROM decision WHERE {})",
        each(backend, "$1", "made"),
        same("made")
    );
    for chunk in rows(&decisions.made).chunks(CHUNK) {
        run(db, &insert, [Json::from(chunk).to_string().into()]).await?;
    }
    let revert = format!(
        "UPDATE decision SET reverted = $2 WHERE reverted IS NULL AND EXISTS (
             SELECT 1 FROM {} INNER JOIN club ON club.name = gone.value ->> 'club'
             LEFT JOIN club AS other ON other.name = gone.value ->> 'other_club'
             WHERE {})",
        each(backend, "$1", "gone"),
        same("gone")
    );
    for chunk in rows(&decisions.reverted).chunks(CHUNK) {
        run(db, &revert, [Json::from(chunk).to_string().into(), now().into()]).await?;
    }
    Ok(())
}

/// That a row of `decision` is the one that was sent.
fn same(sent: &str) -> String {
    format!(
        "decision.club_id = club.id AND decision.source_key = {sent}.value ->> 'key'
             AND decision.kind = {sent}.value ->> 'kind' AND decision.decided = {sent}.value ->> 'decided'
             AND coalesce(decision.other_club_id, 0) = coalesce(other.id, 0)
             AND coalesce(decision.other_source_key, '') = coalesce({sent}.value ->> 'other_key', '')
             AND coalesce(decision.field, '') = coalesce({sent}.value ->> 'field', '')"
    )
}

fn rows(decisions: &RecipeDecisions) -> Vec<Json> {
    decisions.pairs.iter().map(of_pair).chain(decisions.values.iter().map(of_value)).collect()
}

fn of_pair(pair: &PairDecision) -> Json {
    json!({
        "kind": if pair.same { "same" } else { "different" }, "club": pair.a.source, "key": pair.a.key,
        "other_club": pair.b.source, "other_key": pair.b.key, "person": pair.person, "decided": pair.decided,
        "seen": pair.seen.as_ref().and_then(|seen| serde_json::to_string(seen).ok()),
    })
}

fn of_value(value: &ValueDecision) -> Json {
    json!({
        "kind": "value", "club": value.source, "key": value.source_key, "field": value.field.name(),
        "value": value.value, "person": value.person, "decided": value.decided,
        "seen": value.seen.as_ref().and_then(|seen| serde_json::to_string(seen).ok()),
    })
}
