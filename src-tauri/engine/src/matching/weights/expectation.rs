//! Expectation maximisation on pattern counts.

use super::counts::PatternCounts;
use super::defaults::{STRENGTH, assumed_levels, assumed_m};
use super::model::{ComparisonModel, Model};
use crate::matching::comparison::Comparison;
use crate::matching::records::Records;

/// Steps at most; it ends sooner when nothing moves any more.
const STEPS: usize = 60;

/// Pairs that agree on some fields.
pub(crate) struct Session {
    pub(crate) pairs: PatternCounts,
    pub(crate) fixed: Vec<Comparison>,
}

/// What a session teaches.
#[derive(Debug, Clone)]
pub(crate) struct Learnt {
    /// m by position and level
    pub(crate) m: Vec<Vec<f64>>,
    /// Pairs of one person in the session
    pub(crate) matches: f64,
    /// Pairs of relatives in the session
    pub(crate) relatives: f64,
    /// How sure the session is of its pairs of one person: the average of their probabilities, 0 to 1
    pub(crate) certainty: f64,
}

impl Learnt {
    /// How much the session has to say.
    pub(crate) fn say(&self) -> f64 {
        self.matches * self.certainty.powi(4)
    }

    /// Pairs of one person in the whole table, judged by this session.
    pub(crate) fn matches_in_all(&self, model: &Model, session: &Session, records: &Records) -> f64 {
        self.matches / shared(model, session, records)
    }
}

/// Share of the pairs of one person that a session sees: those that agree on what it holds fixed.
pub(crate) fn shared(model: &Model, session: &Session, records: &Records) -> f64 {
    let kept = session.fixed.iter().map(|fixed| {
        let exact = model.of(*fixed).and_then(|model| model.levels.last()).map_or(1.0, |level| level.m);
        exact * records.filled(*fixed).powi(2)
    });
    kept.product::<f64>().max(0.01)
}

/// Probabilities of a pattern, up to a factor, for one person, relatives and strangers.
struct Likelihoods {
    classes: [f64; 3],
}

/// Learns m and the shares of one person and of relatives in a session; u stays.
pub(crate) fn maximise(model: &Model, session: &Session, records: &Records) -> Learnt {
    let compared: Vec<(usize, &ComparisonModel, bool)> = model
        .comparisons
        .iter()
        .enumerate()
        .filter(|(_, comparison)| !session.fixed.contains(&comparison.comparison))
        .map(|(position, comparison)| (position, comparison, comparison.comparison.is_of_household(records)))
        .collect();
    let mut m: Vec<Vec<f64>> = model
        .comparisons
        .iter()
        .map(|comparison| comparison.levels.iter().map(|level| level.m).collect())
        .collect();
    let total: f64 = session.pairs.counts.iter().map(|(_, count)| count).sum();
    let relatives_show = compared.iter().any(|(position, _, household)| {
        *household && session.pairs.counts.iter().any(|(pattern, _)| pattern.code(*position) != 0)
    });
    let mut shares = [0.05, if relatives_show { 0.01 } else { 0.0 }];
    let mut learnt = Learnt { m: Vec::new(), matches: 0.0, relatives: 0.0, certainty: 0.0 };
    for _ in 0..STEPS {
        let mut counts: Vec<Vec<f64>> = m.iter().map(|levels| vec![0.0; levels.len()]).collect();
        let (mut sums, mut squares) = ([0.0; 2], 0.0);
        for (pattern, count) in &session.pairs.counts {
            let likelihoods = Likelihoods::of(*pattern, &compared, &m, shares);
            let [one, relatives] = likelihoods.posteriors();
            sums[0] += count * one;
            sums[1] += count * relatives;
            squares += count * one * one;
            for (position, _, _) in &compared {
                if let Some(code) = pattern.code(*position).checked_sub(1) {
                    counts[*position][code] += count * one;
                }
            }
        }
        for (position, comparison, _) in &compared {
            m[*position] = posterior_m(comparison, &counts[*position]);
        }
        let before = shares;
        shares = sums.map(|sum| (sum / total.max(1.0)).clamp(0.0, 0.98));
        learnt.matches = sums[0] * session.pairs.scale;
        learnt.relatives = sums[1] * session.pairs.scale;
        learnt.certainty = squares / sums[0].max(1e-9);
        if shares.iter().zip(before).all(|(now, before)| (now - before).abs() < 1e-7) {
            break;
        }
    }
    learnt.m = m;
    learnt
}

impl Likelihoods {
    fn of(
        pattern: crate::matching::comparison::Pattern,
        compared: &[(usize, &ComparisonModel, bool)],
        m: &[Vec<f64>],
        shares: [f64; 2],
    ) -> Likelihoods {
        let mut classes = [shares[0], shares[1], (1.0 - shares[0] - shares[1]).max(1e-9)];
        for (position, comparison, household) in compared {
            if let Some(code) = pattern.code(*position).checked_sub(1) {
                let (m, u) = (m[*position][code].max(1e-9), comparison.levels[code].u.max(1e-9));
                classes[0] *= m;
                classes[1] *= if *household { m } else { u };
                classes[2] *= u;
            }
        }
        Likelihoods { classes }
    }

    /// Probabilities of one person and of relatives.
    fn posteriors(&self) -> [f64; 2] {
        let sum: f64 = self.classes.iter().sum();
        [self.classes[0] / sum, self.classes[1] / sum]
    }
}

/// m from counted pairs and the assumed ones.
fn posterior_m(comparison: &ComparisonModel, counts: &[f64]) -> Vec<f64> {
    let total: f64 = counts.iter().sum();
    let assumed = assumed_levels(&comparison.levels, |level| assumed_m(comparison.comparison, level));
    counts
        .iter()
        .zip(assumed)
        .map(|(count, assumed)| (count + STRENGTH * assumed) / (total + STRENGTH))
        .collect()
}
