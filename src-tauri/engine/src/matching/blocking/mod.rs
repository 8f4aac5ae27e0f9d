//! Blocking: which pairs are compared at all.
//!
//! Several rules are joined, each making the pairs that share its key (M. A. Hernández and S. J. Stolfo, "The
//! merge/purge problem for large databases", 1995, on several passes; Splink's documentation on choosing rules by the
//! number of pairs they make). A pair is made once, by the first rule that makes it, and never kept.

mod index;
mod rule;

pub(crate) use index::BlockIndex;
pub use rule::BlockingRule;
pub(crate) use rule::NO_KEY;

use serde::{Deserialize, Serialize};

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use index::Blocks;

use super::records::Records;
use super::settings::{Settings, Stage, Watch, report};
use super::threads::in_order;
use crate::error::EngineError;

/// A rule and the pairs it makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RulePlan {
    /// The rule
    pub rule: BlockingRule,
    /// The rule in words, for people
    pub name: String,
    /// Pairs of its blocks, whether or not an earlier rule makes them too
    pub pairs: f64,
    /// Whether they are compared; `false` where there are none or too many
    pub used: bool,
    /// Blocks that are left out as too large
    pub left_out_blocks: u32,
    /// Pairs of the blocks that are left out
    pub left_out_pairs: f64,
}

/// The rules of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BlockingPlan {
    /// All rules, used or not, in order
    pub rules: Vec<RulePlan>,
}

impl BlockingPlan {
    /// The rules that are used.
    pub fn used(&self) -> impl Iterator<Item = BlockingRule> {
        self.rules.iter().filter(|rule| rule.used).map(|rule| rule.rule)
    }

    /// Pairs of all used rules: how many comparisons a run makes at most.
    pub fn pairs(&self) -> f64 {
        self.rules.iter().filter(|rule| rule.used).map(|rule| rule.pairs).sum()
    }
}

/// Counts the pairs of every rule and leaves out those that make too many. Nothing is compared.
///
/// # Errors
/// [`EngineError::Cancelled`] when the watch says so.
pub fn plan(records: &Records, settings: &Settings, watch: &Watch<'_>) -> Result<BlockingPlan, EngineError> {
    planned(records, settings, watch, |_, _| ())
}

/// As [`plan`], with the blocks of the rules that are used, which are made on the way.
pub(crate) fn plan_index(
    records: &Records,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<(BlockingPlan, BlockIndex), EngineError> {
    let kept = Mutex::new(Vec::new());
    let plan = planned(records, settings, watch, |at, blocks| {
        kept.lock().unwrap_or_else(PoisonError::into_inner).push((at, blocks));
    })?;
    let mut kept = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    kept.sort_unstable_by_key(|(at, _)| *at);
    let index = BlockIndex {
        rules: plan.used().collect(),
        blocks: kept.into_iter().map(|(_, blocks)| blocks).collect(),
    };
    Ok((plan, index))
}

fn planned(
    records: &Records,
    settings: &Settings,
    watch: &Watch<'_>,
    keep: impl Fn(usize, Blocks) + Sync,
) -> Result<BlockingPlan, EngineError> {
    let rules = BlockingRule::of(records);
    let total = rules.len() as u64;
    let most = settings.most_pairs(records.len());
    let done = AtomicU64::new(0);
    let plans = in_order(rules.len(), settings.threads, |at| {
        report(watch, Stage::Plan, done.fetch_add(1, Ordering::Relaxed), total)?;
        let rule = rules[at];
        let blocks = Blocks::new(records, rule, settings);
        let plan = RulePlan {
            rule,
            name: rule.words(records),
            pairs: blocks.pairs,
            used: blocks.pairs > 0.0 && blocks.pairs <= most,
            left_out_blocks: blocks.left_out_blocks,
            left_out_pairs: blocks.left_out_pairs,
        };
        if plan.used {
            keep(at, blocks);
        }
        Ok::<_, EngineError>(plan)
    });
    report(watch, Stage::Plan, total, total)?;
    Ok(BlockingPlan { rules: plans.into_iter().collect::<Result<_, _>>()? })
}
