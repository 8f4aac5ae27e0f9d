//! Queries on `score_settings` of the workspace.

use muster_engine::score::ScoreSettings;
use sea_orm::DatabaseConnection;
use serde_json::Value as Json;

use super::sql::{all, run};
use crate::error::{Code, Error, Result};

/// What is set for an import: whether scores are brought to one scale, and how. What nobody set there is as in the import
/// where somebody set it last.
///
/// # Errors
/// When the database fails.
pub async fn of_import(db: &DatabaseConnection, import: i64) -> Result<Option<(bool, ScoreSettings)>> {
    let sql = "SELECT unify, settings FROM score_settings ORDER BY import_id = $1 DESC, updated DESC LIMIT 1";
    let rows = all(db, sql, [import.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let settings: Json = row.try_get("", "settings")?;
    let settings = serde_json::from_value(settings)
        .map_err(|_| Error::new(Code::Internal, "The settings of the scores cannot be read"))?;
    Ok(Some((row.try_get("", "unify")?, settings)))
}

/// Keeps what is set for an import.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    db: &DatabaseConnection,
    import: i64,
    unify: bool,
    settings: &ScoreSettings,
    now: &str,
) -> Result<()> {
    let sql = "INSERT INTO score_settings (import_id, unify, settings, updated) VALUES ($1, $2, $3, $4)
               ON CONFLICT (import_id) DO UPDATE SET unify = excluded.unify, settings = excluded.settings,
                   updated = excluded.updated";
    let settings = serde_json::to_value(settings).unwrap_or_default();
    run(db, sql, [import.into(), unify.into(), settings.into(), now.into()]).await?;
    Ok(())
}
