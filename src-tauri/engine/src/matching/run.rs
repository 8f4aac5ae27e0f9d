//! A whole run.

use super::blocking::{BlockingPlan, plan_index};
use super::clustering::{Clusters, Decisions, cluster};
use super::records::Records;
use super::scoring::{ScoredPair, score_index};
use super::settings::{Settings, Watch};
use super::weights::{Model, train_index};
use crate::error::EngineError;

/// What a run finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// The blocking rules and their pairs
    pub plan: BlockingPlan,
    /// What was learnt
    pub model: Model,
    /// Pairs at or above [`Settings::review_above`], in the order of their records
    pub pairs: Vec<ScoredPair>,
    /// Who is who
    pub clusters: Clusters,
}

/// Plans, learns, compares and clusters.
///
/// # Errors
/// [`EngineError::Cancelled`] when the watch says so.
pub fn run(
    records: &Records,
    decisions: &Decisions,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Matching, EngineError> {
    let (plan, index) = plan_index(records, settings, watch)?;
    let model = train_index(records, &index, settings, watch)?;
    let pairs = score_index(records, &index, &model, settings, watch)?;
    drop(index);
    let clusters = cluster(records, &pairs, &model, decisions, settings, watch)?;
    Ok(Matching { plan, model, pairs, clusters })
}
