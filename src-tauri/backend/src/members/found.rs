//! The members that a search found, as the list shows them.

use std::collections::HashMap;

use sea_orm::DatabaseConnection;
use serde::Serialize;

use super::number;
use crate::error::Result;
use crate::store::sql::all;

/// A member in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundMember {
    /// Their number
    pub id: u32,
    /// Given, middle and preferred name
    pub given_name: Option<String>,
    /// Middle name
    pub middle_name: Option<String>,
    /// Family name
    pub family_name: Option<String>,
    /// `Jr.`
    pub suffix: Option<String>,
    /// Preferred name
    pub preferred_name: Option<String>,
    /// ISO 8601
    pub birth_date: Option<String>,
    /// Name of the company, or its id where nobody knows the name
    pub company: Option<String>,
    /// USPS code
    pub state: Option<String>,
    /// Names of their clubs
    pub clubs: Vec<String>,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberPage {
    /// The members, in the order of their names
    pub rows: Vec<FoundMember>,
    /// How many there are, at most [`super::MOST`]
    pub count: u32,
    /// Whether there are more than those
    pub more: bool,
}

impl MemberPage {
    /// Nobody.
    pub(super) fn empty() -> MemberPage {
        MemberPage { rows: Vec::new(), count: 0, more: false }
    }
}

/// The members with these ids, in that order.
pub(super) async fn rows(db: &DatabaseConnection, ids: &[i64]) -> Result<Vec<FoundMember>> {
    let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let clubs = format!(
        "SELECT membership.member_id, club.name FROM membership INNER JOIN club ON membership.club_id = club.id
         WHERE membership.member_id IN ({list}) ORDER BY club.name"
    );
    let mut by_member: HashMap<i64, Vec<String>> = HashMap::new();
    for row in all(db, &clubs, []).await? {
        by_member.entry(row.try_get("", "member_id")?).or_default().push(row.try_get("", "name")?);
    }
    let members = format!(
        "SELECT member.id, member.given_name, member.middle_name, member.family_name, member.suffix,
             member.preferred_name, member.birth_date, coalesce(company.name, member.company_source_id) AS company,
             member.state
         FROM member LEFT JOIN company ON member.company_id = company.id WHERE member.id IN ({list})"
    );
    let mut by_id = HashMap::new();
    for row in all(db, &members, []).await? {
        let id: i64 = row.try_get("", "id")?;
        let text = |column: &str| row.try_get::<Option<String>>("", column);
        let member = FoundMember {
            id: number(id),
            given_name: text("given_name")?,
            middle_name: text("middle_name")?,
            family_name: text("family_name")?,
            suffix: text("suffix")?,
            preferred_name: text("preferred_name")?,
            birth_date: text("birth_date")?,
            company: text("company")?,
            state: text("state")?,
            clubs: by_member.remove(&id).unwrap_or_default(),
        };
        by_id.insert(id, member);
    }
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
