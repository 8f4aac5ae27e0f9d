//! Scores tried out: who moves and by how much, and how the clubs' scores are spread before and after.

use std::collections::HashMap;

use muster_engine::score::{
    ClubComparison, ClubComparisonBuilder, ClubScore, Formula, Move, Scale, ScoreChange, ScorePreview,
};
use rusqlite::OptionalExtension;
use sea_orm::DatabaseConnection;
use serde::Serialize;

use super::plan::fitted;
use super::standing::{Memberships, Standing};
use super::{ScoreCounts, ScorePlan, plan};
use crate::error::Result;
use crate::progress::Job;
use crate::push::PlanRequest;
use crate::push::plan::{is_planned, make_plan};
use crate::staging;
use crate::store::sql::{all, numbers};
use crate::store::{SqliteAccess, Target};

/// Members that are listed.
const MOVES: usize = 50;
/// Bars of a histogram.
const BINS: u32 = 24;

/// What the unified scores are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// With the unified scores that the target has
    Unified,
    /// With the clubs' own scores: the target has no unified scores yet
    Own,
}

/// A club's formula with numbers filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClubFormula {
    /// The club
    pub club: String,
    /// The formula, of a score of the club
    pub formula: Formula,
}

/// A member who moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScoreMove {
    /// Their number in the target; none of a new member
    pub member: Option<u32>,
    /// Their name
    pub name: String,
    /// Their clubs
    pub clubs: Vec<String>,
    /// How they move
    pub movement: Move,
    /// The formula of each membership with a score
    pub formulas: Vec<ClubFormula>,
    /// Of a member of several clubs: the formula of their score
    pub combined: Option<Formula>,
}

/// What scores would become.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScoresPreview {
    /// What moves are measured against
    pub compared: Compared,
    /// Memberships by what happens to them
    pub counts: ScoreCounts,
    /// Scores that are no usable numbers
    pub refused: u32,
    /// How each club's scores are spread
    pub clubs: Vec<ClubComparison>,
    /// Each club's formula, of one of its scores
    pub formulas: Vec<ClubFormula>,
    /// Who moves, counted
    pub moved: ScorePreview,
    /// Who moves most
    pub moves: Vec<ScoreMove>,
    /// The version of the method
    pub version: String,
    /// The date from which decay counts back: ISO 8601
    pub as_of: String,
}

/// Shows what a push would do to scores with the request's settings. Where its rows are not planned, or the target was written
/// since, they are planned anew. Progress is reported as `plan` and `scores`.
///
/// # Errors
/// As [`make_plan`]; settings with which no score can be computed.
pub async fn preview_scores(request: &PlanRequest, tried: &ScorePlan, job: &Job) -> Result<ScoresPreview> {
    let show = async |target: &Target| target.read(async |db| show(db, request, tried, job).await).await;
    let planned = Target::with(&request.access, &request.person, job, async |target| {
        let is_planned = target.read(async |db| is_planned(db, request).await).await?;
        if is_planned { show(target).await.map(Some) } else { Ok(None) }
    });
    if let Some(shown) = planned.await? {
        return Ok(shown);
    }
    make_plan(request, job).await?;
    Target::with(&request.access, &request.person, job, show).await
}

async fn show(
    db: &DatabaseConnection,
    request: &PlanRequest,
    tried: &ScorePlan,
    job: &Job,
) -> Result<ScoresPreview> {
    let memberships = Memberships { db, staged: &request.staged, removes: request.remove_missing };
    let scale = fitted(&memberships, tried, job).await?;
    let mut seen = Seen::new(&scale);
    memberships.each(job, |standing| seen.add(&standing)).await?;
    seen.memberships.sort_by_key(|membership| membership.member);
    let members: Vec<&[Membership]> =
        seen.memberships.chunk_by(|one, other| one.member == other.member).collect();
    let compared = if seen.unified_before { Compared::Unified } else { Compared::Own };
    let changes: Vec<ScoreChange> = members.iter().map(|of| seen.change(of, compared)).collect();
    let mut moved = muster_engine::score::preview(&changes, MOVES);
    let listed = std::mem::take(&mut moved.moves);
    let of = |movement: &Move| members.get(movement.member as usize).copied().unwrap_or_default();
    let ids: Vec<i64> = listed.iter().filter_map(|movement| Some(of(movement).first()?.member)).collect();
    let names = names(db, &request.staged, &ids).await?;
    let moves = listed.into_iter().map(|movement| seen.moved(of(&movement), movement, &names)).collect();
    Ok(ScoresPreview {
        compared,
        counts: seen.counts,
        refused: scale.counts().iter().map(|club| club.refused).sum(),
        formulas: seen.formulas(),
        moved,
        moves,
        version: scale.version().to_string(),
        as_of: scale.as_of().to_string(),
        clubs: seen.comparison.finish(BINS),
    })
}

/// What is kept of a membership, to compare members.
struct Membership {
    member: i64,
    club: u16,
    score: Option<f64>,
    last_active: Option<Box<str>>,
    before: Option<f64>,
    after: Option<f64>,
}

/// The memberships, seen.
struct Seen<'s> {
    scale: &'s Scale,
    clubs: Vec<String>,
    numbers: HashMap<String, u16>,
    memberships: Vec<Membership>,
    comparison: ClubComparisonBuilder,
    counts: ScoreCounts,
    unified_before: bool,
}

impl<'s> Seen<'s> {
    fn new(scale: &'s Scale) -> Seen<'s> {
        Seen {
            scale,
            clubs: Vec::new(),
            numbers: HashMap::new(),
            memberships: Vec::new(),
            comparison: ClubComparisonBuilder::default(),
            counts: ScoreCounts::default(),
            unified_before: false,
        }
    }

    fn add(&mut self, standing: &Standing<'_>) {
        plan::add(&mut self.counts, self.scale, standing);
        let after = match standing.ours {
            true => self.scale.unified(standing.club, standing.score, standing.last_active),
            false => standing.before,
        };
        if standing.ours {
            self.comparison.push(standing.club, standing.score, after);
        }
        self.unified_before |= standing.before.is_some();
        let club = self.number(standing.club);
        self.memberships.push(Membership {
            member: standing.member,
            club,
            score: standing.score,
            last_active: standing.last_active.map(Box::from),
            before: standing.before,
            after,
        });
    }

    fn number(&mut self, club: &str) -> u16 {
        if let Some(&number) = self.numbers.get(club) {
            return number;
        }
        let number = u16::try_from(self.clubs.len()).unwrap_or(u16::MAX);
        self.clubs.push(club.to_owned());
        self.numbers.insert(club.to_owned(), number);
        number
    }

    fn club(&self, membership: &Membership) -> &str {
        self.clubs.get(usize::from(membership.club)).map_or("", String::as_str)
    }

    fn combined(&self, of: &[Membership], score: impl Fn(&Membership) -> Option<f64>) -> Option<f64> {
        let scores: Vec<ClubScore<'_>> = of
            .iter()
            .map(|membership| ClubScore { club: self.club(membership), unified: score(membership) })
            .collect();
        self.scale.combined(&scores)
    }

    fn change(&self, of: &[Membership], compared: Compared) -> ScoreChange {
        let before = |membership: &Membership| match compared {
            Compared::Unified => membership.before,
            Compared::Own => membership.score,
        };
        ScoreChange { before: self.combined(of, before), after: self.combined(of, |one| one.after) }
    }

    fn formula(&self, membership: &Membership) -> Option<ClubFormula> {
        let club = self.club(membership);
        let formula = self.scale.formula(club, membership.score, membership.last_active.as_deref())?;
        Some(ClubFormula { club: club.to_owned(), formula })
    }

    /// Of each club a score that is not its least nor greatest, if there is one: what a formula does shows best there.
    fn formulas(&self) -> Vec<ClubFormula> {
        let mut shown: Vec<(u16, &Membership)> = Vec::new();
        for number in 0..u16::try_from(self.clubs.len()).unwrap_or(u16::MAX) {
            let scored = || self.memberships.iter().filter(|one| one.club == number && one.score.is_some());
            let total = scored().count();
            let at = scored().nth(total / 2);
            shown.extend(at.map(|membership| (number, membership)));
        }
        shown.sort_by_key(|&(number, _)| self.clubs.get(usize::from(number)));
        shown.into_iter().filter_map(|(_, membership)| self.formula(membership)).collect()
    }

    fn moved(&self, of: &[Membership], movement: Move, names: &HashMap<i64, String>) -> ScoreMove {
        let member = of.first().map_or(0, |membership| membership.member);
        let mut clubs: Vec<String> = of.iter().map(|membership| self.club(membership).to_owned()).collect();
        clubs.sort();
        clubs.dedup();
        let scores: Vec<ClubScore<'_>> = of
            .iter()
            .map(|membership| ClubScore { club: self.club(membership), unified: membership.after })
            .collect();
        ScoreMove {
            member: u32::try_from(member).ok(),
            name: names.get(&member).cloned().unwrap_or_default(),
            combined: if clubs.len() > 1 { self.scale.combined_formula(&scores) } else { None },
            clubs,
            movement,
            formulas: of.iter().filter_map(|membership| self.formula(membership)).collect(),
        }
    }
}

/// The names of members of the target, and of new ones by their rows.
async fn names(
    db: &DatabaseConnection,
    staged: &SqliteAccess,
    members: &[i64],
) -> Result<HashMap<i64, String>> {
    let joined = |given: Option<String>, family: Option<String>| {
        given.into_iter().chain(family).collect::<Vec<_>>().join(" ")
    };
    let there: Vec<String> = members.iter().filter(|&&id| id > 0).map(i64::to_string).collect();
    let sql = format!(
        "SELECT id, given_name, family_name FROM member WHERE id IN {}",
        numbers(db.get_database_backend(), "$1")
    );
    let mut names = HashMap::new();
    for row in all(db, &sql, [serde_json::to_string(&there).unwrap_or_default().into()]).await? {
        names.insert(row.try_get_by_index(0)?, joined(row.try_get_by_index(1)?, row.try_get_by_index(2)?));
    }
    let staged = staging::connect(staged)?;
    let mut statement = staged.prepare("SELECT given_name, family_name FROM staged_row WHERE id = ?1")?;
    for &member in members.iter().filter(|&&id| id <= 0) {
        let name = statement.query_row([-member], |row| Ok(joined(row.get(0)?, row.get(1)?))).optional()?;
        names.insert(member, name.unwrap_or_default());
    }
    Ok(names)
}
