//! The scores of a club, counted by value: the same whatever order they came in.

use std::collections::HashMap;

/// The greatest score, and the least with a minus sign. A club's score as Muster reads it has at most 15 digits before
/// the decimal sign; within this range nothing that is computed from scores overflows.
pub const LARGEST_SCORE: f64 = 1e15;

/// The score as it is used; `None` for NaN, infinities and what lies beyond [`LARGEST_SCORE`].
pub(super) fn usable(score: f64) -> Option<f64> {
    // Adding 0 makes one zero of the two.
    (score.abs() <= LARGEST_SCORE).then_some(score + 0.0)
}

/// Counts scores.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    counts: HashMap<u64, u32>,
    pub(super) missing: u32,
    pub(super) refused: u32,
}

impl Tally {
    pub(super) fn push(&mut self, score: Option<f64>, times: u32) {
        match score.map(usable) {
            None => self.missing += times,
            Some(None) => self.refused += times,
            Some(Some(score)) => *self.counts.entry(score.to_bits()).or_default() += times,
        }
    }

    pub(super) fn merge(&mut self, other: Tally) {
        self.missing += other.missing;
        self.refused += other.refused;
        for (bits, count) in other.counts {
            *self.counts.entry(bits).or_default() += count;
        }
    }

    /// `(score, how many have it)`, the least first.
    pub(super) fn sorted(&self) -> Vec<(f64, u32)> {
        let mut sorted: Vec<(f64, u32)> =
            self.counts.iter().map(|(&bits, &count)| (f64::from_bits(bits), count)).collect();
        sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_number() {
        for score in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.1e15, f64::MIN] {
            assert_eq!(usable(score), None);
        }
        assert_eq!(usable(-1e15), Some(-1e15));
        assert_eq!(usable(-0.0).map(f64::to_bits), Some(0));
    }

    #[test]
    fn counts_each_value_once() {
        let mut tally = Tally::default();
        for score in [Some(2.0), None, Some(-0.0), Some(2.0), Some(0.0), Some(f64::NAN)] {
            tally.push(score, 1);
        }
        assert_eq!(tally.sorted(), [(0.0, 2), (2.0, 2)]);
        assert_eq!((tally.missing, tally.refused), (1, 1));
    }
}
