//! z-score: how many spreads a score lies from its club's mean, on a common mean and spread.
//!
//! `target mean + target spread × (score − club mean) ÷ club spread`. Linear standardising; with mean 50 and spread 10 it is the
//! T-score (W. A. McCall, "How to Measure in Education", 1922). The spread is that of the club as a whole (divided by n).

use super::formula::{Formula, Part, number};
use super::moments::Moments;

/// A club's mean and spread, and those of the common scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ZScore {
    pub(super) target_mean: f64,
    pub(super) target_spread: f64,
    pub(super) mean: f64,
    pub(super) spread: f64,
}

impl ZScore {
    pub(super) fn fit(target_mean: f64, target_spread: f64, values: &[(f64, u32)]) -> ZScore {
        let mut moments = Moments::default();
        values.iter().for_each(|&(value, times)| moments.push(value, times));
        ZScore { target_mean, target_spread, mean: moments.mean(), spread: moments.spread() }
    }

    /// Where all scores are equal none is better than another, so each gets the common mean.
    pub(super) fn apply(&self, score: f64) -> f64 {
        if self.spread == 0.0 {
            return self.target_mean;
        }
        self.target_mean + self.target_spread * ((score - self.mean) / self.spread)
    }

    pub(super) fn formula(&self, score: f64) -> Formula {
        let parts = vec![
            Part::new("score", score),
            Part::new("club mean", self.mean),
            Part::new("club spread", self.spread),
            Part::new("common mean", self.target_mean),
            Part::new("common spread", self.target_spread),
        ];
        let result = self.apply(score);
        let [target, common, mean, spread] =
            [self.target_mean, self.target_spread, self.mean, self.spread].map(number);
        if self.spread == 0.0 {
            let sentence =
                format!("All scores of the club are equal, so each gets the common mean, {target}.");
            return Formula::new(target, sentence, parts, result);
        }
        let distance = (score - self.mean) / self.spread;
        let side = if distance < 0.0 { "below" } else { "above" };
        let (score, spreads) = (number(score), number((distance.abs() * 100.0).round() / 100.0));
        let text = format!("{target} + {common} × ({score} − {mean}) ÷ {spread}");
        let sentence =
            format!("A score of {score} lies {spreads} × {spread} {side} the club's mean ({mean}).");
        Formula::new(text, sentence, parts, result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_one_spread_above_the_mean_is_one_common_spread_above_the_common_mean() {
        let fit = ZScore::fit(50.0, 15.0, &[(60.0, 1), (80.0, 1)]);
        assert_eq!((fit.mean, fit.spread), (70.0, 10.0));
        assert_eq!([60.0, 70.0, 80.0, 90.0].map(|score| fit.apply(score)), [35.0, 50.0, 65.0, 80.0]);
        let formula = fit.formula(80.0);
        assert_eq!(formula.text, "50 + 15 × (80 − 70) ÷ 10 = 65");
        assert_eq!(formula.sentence, "A score of 80 lies 1 × 10 above the club's mean (70).");
    }

    #[test]
    fn one_value_or_all_equal_is_the_common_mean() {
        for values in [&[(7.3, 1)][..], &[(0.1, 1_000)], &[]] {
            let fit = ZScore::fit(50.0, 15.0, values);
            assert_eq!(fit.apply(7.3), 50.0);
            assert_eq!(fit.formula(7.3).result, 50.0);
        }
    }
}
