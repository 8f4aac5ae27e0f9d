//! What a person or a program can set about matching.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::error::EngineError;
use crate::recipe::MatchSettings;

/// Settings of a run. The defaults are meant to be right; results do not depend on `threads`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Probability from which a pair is shown to a person
    pub review_above: f64,
    /// Probability from which a pair is merged without asking
    pub merge_above: f64,
    /// A blocking rule that makes more pairs than this for each record is left out
    pub pairs_per_record: f64,
    /// A rule that makes at most this many pairs in all is never left out
    pub pairs_always: f64,
    /// Records of a block beyond which the block is left out: a placeholder that thousands share tells nobody apart
    pub block_records: u32,
    /// Most pairs from which the model is learnt, for each of its sessions
    pub training_pairs: u32,
    /// Threads, at least 1
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            review_above: 0.50,
            merge_above: 0.99,
            pairs_per_record: 48.0,
            pairs_always: 2_000_000.0,
            block_records: 2_000,
            training_pairs: 1_000_000,
            threads: 1,
        }
    }
}

impl Settings {
    /// Default settings with the thresholds of a recipe.
    pub fn with_thresholds(thresholds: MatchSettings) -> Settings {
        Settings {
            review_above: thresholds.review_above,
            merge_above: thresholds.merge_above,
            ..Settings::default()
        }
    }

    pub(crate) fn most_pairs(&self, records: usize) -> f64 {
        (self.pairs_per_record * records as f64).max(self.pairs_always)
    }
}

/// A stage of matching, for progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Pairs of each blocking rule are counted; units are rules
    Plan,
    /// The weights are learnt; units are sessions
    Train,
    /// Pairs are compared; units are pairs
    Compare,
    /// Records are put together; units are pairs
    Cluster,
}

impl Stage {
    /// The name in progress reports.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Plan => "match_plan",
            Stage::Train => "match_train",
            Stage::Compare => "match_compare",
            Stage::Cluster => "match_cluster",
        }
    }
}

/// Told how far a stage has come, as `(stage, done, total)`; [`ControlFlow::Break`] cancels the work. Called from
/// several threads.
pub type Watch<'w> = dyn Fn(Stage, u64, u64) -> ControlFlow<()> + Sync + 'w;

/// A watch that lets the work run.
pub fn unwatched(_: Stage, _: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Reports progress.
///
/// # Errors
/// [`EngineError::Cancelled`] when the watch says so.
pub(crate) fn report(watch: &Watch<'_>, stage: Stage, done: u64, total: u64) -> Result<(), EngineError> {
    match watch(stage, done, total) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(EngineError::Cancelled),
    }
}
