//! How sure it is that two records are one person.

mod frequency;
mod scorer;

pub use scorer::Scorer;
pub(crate) use scorer::{probability, weight};

use std::sync::atomic::{AtomicU64, Ordering};

use super::blocking::{BlockIndex, BlockingPlan};
use super::comparison::Pattern;
use super::records::Records;
use super::settings::{Settings, Stage, Watch, report};
use super::threads::in_order;
use super::weights::Model;
use crate::error::EngineError;

/// Two records and how sure it is that they are one person.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ScoredPair {
    /// The record with the smaller number
    pub a: u32,
    /// The record with the larger number
    pub b: u32,
    /// Evidence in bits: log₂ of the odds that they are one person; 0 is even
    pub weight: f32,
    /// The levels of all comparisons
    pub pattern: Pattern,
}

impl ScoredPair {
    /// Probability that they are one person.
    pub fn probability(&self) -> f64 {
        probability(f64::from(self.weight))
    }
}

/// Compares all pairs of the plan and keeps those at or above [`Settings::review_above`], in the order of their
/// records. Records of one membership are kept whatever their score.
///
/// # Errors
/// [`EngineError::Cancelled`] when the watch says so.
pub fn score_pairs(
    records: &Records,
    plan: &BlockingPlan,
    model: &Model,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Vec<ScoredPair>, EngineError> {
    let index = BlockIndex::new(records, plan, settings);
    score_index(records, &index, model, settings, watch)
}

pub(crate) fn score_index(
    records: &Records,
    index: &BlockIndex,
    model: &Model,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Vec<ScoredPair>, EngineError> {
    let scorer = Scorer::new(records, model);
    let least = weight(settings.review_above);
    let tasks = index.tasks();
    let done = AtomicU64::new(0);
    let found = in_order(tasks.len(), settings.threads, |task| {
        report(watch, Stage::Compare, done.fetch_add(1, Ordering::Relaxed), tasks.len() as u64)?;
        let mut kept = Vec::new();
        // Most pairs score too low: which rule makes a pair first is asked of the others only.
        index.all_pairs_of(
            records,
            &tasks[task],
            |_| true,
            |a, b| {
                if let Some(pair) = scorer.score_above(a, b, least)
                    && index.is_first(tasks[task].0, a, b)
                {
                    kept.push(pair);
                }
            },
        );
        Ok::<_, EngineError>(kept)
    });
    let mut pairs = Vec::new();
    for kept in found {
        pairs.append(&mut kept?);
    }
    pairs.sort_unstable_by_key(|pair: &ScoredPair| (pair.a, pair.b));
    report(watch, Stage::Compare, tasks.len() as u64, tasks.len() as u64)?;
    Ok(pairs)
}
