//! What a planned push would do to scores, counted.

use muster_engine::score::{Scale, ScaleBuilder, ScoreState, TOLERANCE, needs_history};

use super::standing::{Memberships, Standing};
use super::{ScoreCounts, ScorePlan};
use crate::error::Result;
use crate::progress::Job;

/// Counts the memberships whose scores the planned push changes. They are read twice, so none has to be kept.
pub(in crate::push) async fn count(
    memberships: &Memberships<'_>,
    plan: &ScorePlan,
    job: &Job,
) -> Result<ScoreCounts> {
    let scale = fitted(memberships, plan, job).await?;
    let mut counts = ScoreCounts::default();
    memberships.each(job, |standing| add(&mut counts, &scale, &standing)).await?;
    Ok(counts)
}

/// The method, fitted to the scores as they are after the push.
pub(super) async fn fitted(memberships: &Memberships<'_>, plan: &ScorePlan, job: &Job) -> Result<Scale> {
    let mut builder = ScaleBuilder::new();
    let gather = |standing: Standing<'_>| {
        if standing.ours {
            builder.push(standing.club, standing.score);
        }
    };
    memberships.each(job, gather).await?;
    Ok(builder.finish(&plan.settings, plan.as_of)?)
}

pub(super) fn add(counts: &mut ScoreCounts, scale: &Scale, standing: &Standing<'_>) {
    if !standing.ours {
        return;
    }
    let unified_score = scale.unified(standing.club, standing.score, standing.last_active);
    let now = ScoreState { score: standing.score, unified_score, last_active: standing.last_active };
    counts.memberships += 1;
    counts.scored += u32::from(unified_score.is_some());
    counts.changed += u32::from(differ(standing.before, unified_score));
    counts.history += u32::from(needs_history(standing.kept.as_ref(), &now));
}

/// As the history sees it.
fn differ(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (None, None) => false,
        (Some(one), Some(other)) => (one - other).abs() > TOLERANCE * one.abs().max(other.abs()).max(1.0),
        _ => true,
    }
}
