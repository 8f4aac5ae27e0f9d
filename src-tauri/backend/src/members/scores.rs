//! A member's scores over time: each membership's, and the member's own where they are in several clubs.

use std::collections::HashMap;

use muster_engine::Date;
use muster_engine::score::{ClubScore, Scale, ScaleBuilder, ScoreSettings};
use sea_orm::{DatabaseConnection, QueryResult};
use serde::Serialize;

use super::number;
use crate::error::Result;
use crate::store::sql::all;

/// A member's scores over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberScores {
    /// Their memberships with a history, by club
    pub clubs: Vec<ClubScores>,
    /// Of a member of several clubs: the weighted mean of their unified scores, oldest first
    pub combined: Vec<CombinedScore>,
    /// The clubs' weights at last
    pub weights: Vec<ClubWeight>,
    /// The formula of the last combined score
    pub formula: Option<muster_engine::score::Formula>,
}

/// A membership's scores over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClubScores {
    /// The membership
    pub membership: u32,
    /// The club
    pub club: String,
    /// Oldest first
    pub rows: Vec<ScoreRow>,
}

/// What held for a while.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScoreRow {
    /// RFC 3339, UTC
    pub valid_from: String,
    /// When something else came to hold; none for what holds now
    pub valid_to: Option<String>,
    /// The club's own score
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub score: Option<f64>,
    /// On the scale of all clubs
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub unified_score: Option<f64>,
    /// ISO 8601
    pub last_active: Option<String>,
    /// The version of the method that made the unified score
    pub method_version: Option<String>,
}

/// A member's score from a moment on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CombinedScore {
    /// RFC 3339, UTC
    pub valid_from: String,
    /// The score; none where no club has one
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub score: Option<f64>,
}

/// A club's weight in the score of a member of several.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClubWeight {
    /// The club
    pub club: String,
    /// 1 where none is set
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub weight: f64,
}

/// The history of a member's scores.
pub(super) async fn scores(db: &DatabaseConnection, member: i64) -> Result<MemberScores> {
    let clubs = clubs(db, member).await?;
    let mut found = MemberScores { clubs, ..MemberScores::default() };
    let mut names: Vec<&str> = found.clubs.iter().map(|club| club.club.as_str()).collect();
    names.dedup();
    if names.len() < 2 {
        return Ok(found);
    }
    let methods = methods(db, &found.clubs).await?;
    let mut moments: Vec<&str> =
        found.clubs.iter().flat_map(|club| &club.rows).map(|row| row.valid_from.as_str()).collect();
    moments.sort_unstable();
    moments.dedup();
    for moment in moments {
        let held: Vec<(&str, &ScoreRow)> = found
            .clubs
            .iter()
            .filter_map(|club| Some((club.club.as_str(), held_at(&club.rows, moment)?)))
            .collect();
        let newest = held.iter().max_by_key(|(_, row)| row.valid_from.as_str());
        let version = newest.and_then(|(_, row)| row.method_version.as_deref());
        let Some(scale) = scale(version.and_then(|version| methods.get(version))) else { continue };
        let scores: Vec<ClubScore<'_>> =
            held.iter().map(|&(club, row)| ClubScore { club, unified: row.unified_score }).collect();
        let score = scale.combined(&scores);
        found.combined.push(CombinedScore { valid_from: moment.to_owned(), score });
        found.formula = scale.combined_formula(&scores);
        let weight =
            |&club: &&str| ClubWeight { club: club.to_owned(), weight: scale.settings().weight(club) };
        found.weights = names.iter().map(weight).collect();
    }
    Ok(found)
}

fn held_at<'r>(rows: &'r [ScoreRow], moment: &str) -> Option<&'r ScoreRow> {
    rows.iter()
        .rev()
        .find(|row| row.valid_from.as_str() <= moment)
        .filter(|row| row.valid_to.as_deref().is_none_or(|end| end > moment))
}

/// The weights are in the settings; nothing has to be fitted.
fn scale(settings: Option<&ScoreSettings>) -> Option<Scale> {
    let settings = settings.cloned().unwrap_or_default();
    ScaleBuilder::new().finish(&settings, Date::new(1970, 1, 1)?).ok()
}

async fn clubs(db: &DatabaseConnection, member: i64) -> Result<Vec<ClubScores>> {
    let sql = "SELECT membership.id AS membership, club.name AS club, score_history.valid_from, score_history.valid_to,
            score_history.score, score_history.unified_score, score_history.last_active, score_history.method_version
        FROM membership
        INNER JOIN score_history ON membership.id = score_history.membership_id
        INNER JOIN club ON membership.club_id = club.id
        WHERE membership.member_id = $1
        ORDER BY club.name, membership.id, score_history.valid_from, score_history.id";
    let mut clubs: Vec<ClubScores> = Vec::new();
    for row in all(db, sql, [member.into()]).await? {
        let membership = number(row.try_get("", "membership")?);
        if clubs.last().is_none_or(|club| club.membership != membership) {
            clubs.push(ClubScores { membership, club: row.try_get("", "club")?, rows: Vec::new() });
        }
        if let Some(club) = clubs.last_mut() {
            club.rows.push(score_row(&row)?);
        }
    }
    Ok(clubs)
}

fn score_row(row: &QueryResult) -> Result<ScoreRow> {
    Ok(ScoreRow {
        valid_from: row.try_get("", "valid_from")?,
        valid_to: row.try_get("", "valid_to")?,
        score: row.try_get("", "score")?,
        unified_score: row.try_get("", "unified_score")?,
        last_active: row.try_get("", "last_active")?,
        method_version: row.try_get("", "method_version")?,
    })
}

/// The settings of the methods that made the scores, by version.
async fn methods(db: &DatabaseConnection, clubs: &[ClubScores]) -> Result<HashMap<String, ScoreSettings>> {
    let mut versions: Vec<&str> =
        clubs.iter().flat_map(|club| &club.rows).filter_map(|row| row.method_version.as_deref()).collect();
    versions.sort_unstable();
    versions.dedup();
    let mut methods = HashMap::new();
    for version in versions {
        let sql = "SELECT settings FROM score_method WHERE version = $1";
        for row in all(db, sql, [version.into()]).await? {
            let settings: String = row.try_get_by_index(0)?;
            if let Ok(settings) = serde_json::from_str(&settings) {
                methods.insert(version.to_owned(), settings);
            }
        }
    }
    Ok(methods)
}
