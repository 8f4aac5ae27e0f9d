//! How often each pattern of levels occurs.

use std::collections::HashMap;

use crate::matching::blocking::BlockIndex;
use crate::matching::comparison::{self, Comparison, Pattern};
use crate::matching::records::Records;
use crate::matching::settings::Settings;
use crate::matching::threads::in_order;

/// Patterns and how often they occur, in the order of the patterns.
#[derive(Debug, Clone, Default)]
pub(crate) struct PatternCounts {
    pub(crate) counts: Vec<(Pattern, f64)>,
    /// Pairs that each counted pair stands for
    pub(crate) scale: f64,
}

impl PatternCounts {
    fn of(parts: Vec<HashMap<Pattern, u32>>, scale: f64) -> PatternCounts {
        let mut all: HashMap<Pattern, f64> = HashMap::new();
        for (pattern, count) in parts.into_iter().flatten() {
            *all.entry(pattern).or_default() += f64::from(count);
        }
        let mut counts: Vec<(Pattern, f64)> = all.into_iter().collect();
        counts.sort_unstable_by_key(|(pattern, _)| *pattern);
        PatternCounts { counts, scale }
    }
}

/// Work for one thread at a time, in pairs.
const PIECE: u64 = 65_536;

/// Patterns of pairs taken at random: all pairs where they are few.
pub(crate) fn random_pairs(records: &Records, settings: &Settings) -> PatternCounts {
    let count = records.len() as u64;
    let all = count * count.saturating_sub(1) / 2;
    let wanted = u64::from(settings.training_pairs);
    let take_all = all <= wanted;
    let number = all.min(wanted);
    let pieces = number.div_ceil(PIECE) as usize;
    let parts = in_order(pieces, settings.threads, |piece| {
        let mut counts = HashMap::new();
        let from = piece as u64 * PIECE;
        for at in from..(from + PIECE).min(number) {
            let (a, b) = if take_all { nth_pair(at) } else { drawn_pair(at, count) };
            let existing = records.existing[a as usize] && records.existing[b as usize];
            if a != b && !existing {
                *counts.entry(comparison::compare(records, a, b)).or_default() += 1;
            }
        }
        counts
    });
    PatternCounts::of(parts, all as f64 / number.max(1) as f64)
}

/// The pairs in the order (1, 0), (2, 0), (2, 1), (3, 0)…
fn nth_pair(at: u64) -> (u32, u32) {
    let mut row = ((1.0 + (1.0 + 8.0 * at as f64).sqrt()) / 2.0) as u64;
    while row * (row - 1) / 2 > at {
        row -= 1;
    }
    while row * (row + 1) / 2 <= at {
        row += 1;
    }
    (row as u32, (at - row * (row - 1) / 2) as u32)
}

/// A pair drawn by its number, the same in every run.
fn drawn_pair(at: u64, count: u64) -> (u32, u32) {
    let (a, b) = (mixed(at * 2 + 1), mixed(at * 2 + 2));
    ((a % count) as u32, (b % count) as u32)
}

/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", 2014).
fn mixed(number: u64) -> u64 {
    let z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// Patterns of the pairs that a rule makes, or of a part of its blocks where they are many. What all of them share is
/// left out.
pub(crate) fn session_pairs(
    records: &Records,
    index: &BlockIndex,
    rule: usize,
    fixed: &[Comparison],
    settings: &Settings,
) -> PatternCounts {
    let blocks = &index.blocks[rule];
    let share = (f64::from(settings.training_pairs) / blocks.pairs.max(1.0)).min(1.0);
    let limit = (share * f64::from(u32::MAX)) as u32;
    let mask = fixed.iter().fold(u64::MAX, |mask, comparison| mask & !(15 << (comparison.position() * 4)));
    let tasks: Vec<_> = index.tasks_of(rule);
    let parts = in_order(tasks.len(), settings.threads, |task| {
        let mut counts = HashMap::new();
        index.all_pairs_of(
            records,
            &tasks[task],
            |key| share >= 1.0 || mixed(u64::from(key)) as u32 <= limit,
            |a, b| *counts.entry(comparison::compare(records, a, b).masked(mask)).or_default() += 1,
        );
        counts
    });
    PatternCounts::of(parts, 1.0 / share.max(1e-9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_counted_once() {
        let pairs: Vec<(u32, u32)> = (0..10).map(nth_pair).collect();
        assert_eq!(pairs, [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (4, 2), (4, 3)]);
        assert_eq!(nth_pair(4_999_999_999), (100_000, 49_999));
    }
}
