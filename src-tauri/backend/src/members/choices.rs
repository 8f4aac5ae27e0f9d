//! What members can be filtered by.

use sea_orm::DatabaseConnection;
use serde::Serialize;

use super::number;
use crate::error::Result;
use crate::store::sql::all;

/// A club or a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberChoice {
    /// Its number
    pub id: u32,
    /// Its name
    pub name: String,
}

/// What members can be filtered by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberChoices {
    /// All clubs
    pub clubs: Vec<MemberChoice>,
    /// Companies whose name holds what was typed, at most [`COMPANIES`]
    pub companies: Vec<MemberChoice>,
    /// States that members have
    pub states: Vec<String>,
}

/// Companies that are offered at once.
pub const COMPANIES: u32 = 100;

/// What members can be filtered by; `search` narrows the companies.
///
/// # Errors
/// When the database fails.
pub(super) async fn choices(db: &DatabaseConnection, search: Option<&str>) -> Result<MemberChoices> {
    // From each state to the next one in the index: there are few, and many members.
    let states = "WITH RECURSIVE found (state) AS (
             SELECT min(state) FROM member
             UNION ALL
             SELECT (SELECT min(member.state) FROM member WHERE member.state > found.state) FROM found
             WHERE found.state IS NOT NULL
         ) SELECT state FROM found WHERE state IS NOT NULL";
    let pattern = search.unwrap_or_default().to_lowercase().replace(['\\', '%', '_'], "");
    let companies = format!(
        "SELECT id, name FROM company WHERE lower(name) LIKE $1 ORDER BY lower(name), id LIMIT {COMPANIES}"
    );
    let mut choices = MemberChoices::default();
    for row in all(db, states, []).await? {
        choices.states.push(row.try_get_by_index(0)?);
    }
    for row in all(db, &companies, [format!("%{pattern}%").into()]).await? {
        choices
            .companies
            .push(MemberChoice { id: number(row.try_get("", "id")?), name: row.try_get("", "name")? });
    }
    for row in all(db, "SELECT id, name FROM club ORDER BY lower(name), id", []).await? {
        choices
            .clubs
            .push(MemberChoice { id: number(row.try_get("", "id")?), name: row.try_get("", "name")? });
    }
    Ok(choices)
}
