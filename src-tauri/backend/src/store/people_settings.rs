//! Queries on `people_settings` of the workspace.

use muster_engine::recipe::MatchSettings;
use muster_engine::resolve::SurvivorshipSettings;
use sea_orm::DatabaseConnection;
use serde_json::Value as Json;

use super::sql::{all, run};
use crate::error::{Code, Error, Result};

/// What is set for an import; what nobody set there is as in the import where somebody set it last.
///
/// # Errors
/// When the database fails.
pub async fn of_import(
    db: &DatabaseConnection,
    import: i64,
) -> Result<Option<(MatchSettings, SurvivorshipSettings)>> {
    let sql = "SELECT review_above, merge_above, survivorship FROM people_settings
               ORDER BY import_id = $1 DESC, updated DESC LIMIT 1";
    let rows = all(db, sql, [import.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let matching = MatchSettings {
        review_above: row.try_get("", "review_above")?,
        merge_above: row.try_get("", "merge_above")?,
    };
    let survivorship: Json = row.try_get("", "survivorship")?;
    let survivorship = serde_json::from_value(survivorship)
        .map_err(|_| Error::new(Code::Internal, "The rules of the People step cannot be read"))?;
    Ok(Some((matching, survivorship)))
}

/// Keeps what is set for an import.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    db: &DatabaseConnection,
    import: i64,
    matching: MatchSettings,
    survivorship: &SurvivorshipSettings,
    now: &str,
) -> Result<()> {
    let sql = "INSERT INTO people_settings (import_id, review_above, merge_above, survivorship, updated)
               VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (import_id) DO UPDATE SET review_above = excluded.review_above,
                   merge_above = excluded.merge_above, survivorship = excluded.survivorship,
                   updated = excluded.updated";
    let survivorship = serde_json::to_value(survivorship).unwrap_or_default();
    let values = [
        import.into(),
        matching.review_above.into(),
        matching.merge_above.into(),
        survivorship.into(),
        now.into(),
    ];
    run(db, sql, values).await?;
    Ok(())
}
