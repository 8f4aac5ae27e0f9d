//! Decisions that the target remembers: made by others, or on another machine, and brought there by a push.

use muster_engine::decisions::{PairDecision, RecipeDecisions, RecordKey};
use muster_engine::resolve::ValueDecision;
use sea_orm::DatabaseConnection;

use crate::error::Result;
use crate::store::sql::{all, texts};

/// The decisions in force about records of some clubs.
pub(super) async fn read(db: &DatabaseConnection, sources: &[String]) -> Result<RecipeDecisions> {
    let names = serde_json::to_string(sources).unwrap_or_default();
    let sql = format!(
        "SELECT decision.kind, club.name AS club, decision.source_key, other.name AS other_club,
             decision.other_source_key, decision.field, decision.value, decision.person, decision.decided,
             decision.seen
         FROM decision INNER JOIN club ON decision.club_id = club.id
         LEFT JOIN club AS other ON decision.other_club_id = other.id
         WHERE decision.reverted IS NULL AND club.name IN {} ORDER BY decision.id",
        texts(db.get_database_backend(), "$1")
    );
    let mut decisions = RecipeDecisions::default();
    for row in all(db, &sql, [names.into()]).await? {
        let kind: String = row.try_get("", "kind")?;
        let (source, key): (String, String) = (row.try_get("", "club")?, row.try_get("", "source_key")?);
        let (person, decided) = (row.try_get("", "person")?, row.try_get("", "decided")?);
        let seen: Option<String> = row.try_get("", "seen")?;
        if kind == "value" {
            let field: String = row.try_get("", "field")?;
            let Ok(field) = field.parse() else { continue };
            let value = row.try_get("", "value")?;
            let seen = seen.and_then(|text| serde_json::from_str(&text).ok());
            decisions.values.push(ValueDecision {
                source,
                source_key: key,
                field,
                value,
                person,
                decided,
                seen,
            });
            continue;
        }
        let b =
            RecordKey { source: row.try_get("", "other_club")?, key: row.try_get("", "other_source_key")? };
        let seen = seen.and_then(|text| serde_json::from_str(&text).ok());
        let a = RecordKey { source, key };
        decisions.pairs.push(PairDecision { same: kind == "same", a, b, person, decided, seen });
    }
    Ok(decisions)
}
