//! Unified scores of a push: fitted on what the target holds of the import's clubs after it, written in its transaction.
//!
//! [`standing`] tells how the memberships would be after a planned push, [`plan`] counts and [`preview`] shows who moves,
//! [`write`] writes. Unified scores are derived: they give a member no new version, so they stop nobody's plan, edit or undo.

mod plan;
mod preview;
mod standing;
mod statements;
mod write;

pub use preview::{ClubFormula, Compared, ScoreMove, ScoresPreview, preview_scores};

pub(super) use plan::count;
pub(super) use standing::Memberships;
pub(super) use statements::shown_statements;
pub(super) use write::write;

use muster_engine::Date;
use muster_engine::score::ScoreSettings;
use serde::{Deserialize, Serialize};

use crate::error::Result;

/// How a push brings scores to one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePlan {
    /// Method, parameters, decay and weights
    pub settings: ScoreSettings,
    /// The date from which decay counts back
    pub as_of: Date,
}

impl ScorePlan {
    /// With decay as of the first of this month: pushes of one month give the same scores.
    ///
    /// # Errors
    /// Settings with which no score can be computed; a clock that shows no date.
    pub fn new(settings: ScoreSettings) -> Result<ScorePlan> {
        settings.check()?;
        let today = super::today()?;
        let as_of = Date::new(today.year(), today.month(), 1).unwrap_or(today);
        Ok(ScorePlan { settings, as_of })
    }
}

/// Memberships of the import's clubs, by what happens to their scores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScoreCounts {
    /// All of them, after the push
    pub memberships: u32,
    /// Those with a unified score
    pub scored: u32,
    /// Whose unified score changes, comes or goes
    pub changed: u32,
    /// Who get a row in the score history
    pub history: u32,
}
