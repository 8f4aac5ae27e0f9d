//! Min-max: the club's least score becomes the lowest of the common scale, its greatest the highest, the others in
//! proportion.
//!
//! `lowest + (highest − lowest) × (score − min) ÷ (max − min)`. Feature scaling as in J. Han, M. Kamber and J. Pei, "Data Mining:
//! Concepts and Techniques", 3rd edition, 2011, section 3.5.2. One extreme score squeezes all others.

use super::formula::{Formula, Part, number};

/// A club's least and greatest score, and the common scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct MinMax {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl MinMax {
    pub(super) fn fit(low: f64, high: f64, values: &[(f64, u32)]) -> MinMax {
        let min = values.first().map_or(0.0, |value| value.0);
        let max = values.last().map_or(0.0, |value| value.0);
        MinMax { low, high, min, max }
    }

    /// Where all scores are equal each gets the middle. A score beyond the club's range gets the end of the scale.
    pub(super) fn apply(&self, score: f64) -> f64 {
        let width = self.high - self.low;
        if self.max <= self.min {
            return self.low + width / 2.0;
        }
        let share = (score - self.min) / (self.max - self.min);
        (self.low + width * share).clamp(self.low, self.high)
    }

    pub(super) fn formula(&self, score: f64) -> Formula {
        let parts = vec![
            Part::new("score", score),
            Part::new("club's least", self.min),
            Part::new("club's greatest", self.max),
            Part::new("lowest", self.low),
            Part::new("highest", self.high),
        ];
        let result = self.apply(score);
        let [low, width, least, greatest, written] =
            [self.low, self.high - self.low, self.min, self.max, score].map(number);
        let stretched = if self.low == 0.0 { width } else { format!("{low} + {width}") };
        let (text, sentence) = if self.max <= self.min {
            let middle = number(result);
            (middle.clone(), format!("All scores of the club are equal, so each gets the middle, {middle}."))
        } else {
            (
                format!("{stretched} × ({written} − {least}) ÷ ({greatest} − {least})"),
                format!(
                    "The club's scores go from {least} to {greatest}; {written} has its place between them."
                ),
            )
        };
        Formula::new(text, sentence, parts, result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_and_greatest_are_the_ends() {
        let fit = MinMax::fit(0.0, 100.0, &[(-10.0, 2), (0.0, 1), (30.0, 1)]);
        assert_eq!([-10.0, 0.0, 30.0].map(|score| fit.apply(score)), [0.0, 25.0, 100.0]);
        assert_eq!([-11.0, 31.0].map(|score| fit.apply(score)), [0.0, 100.0]);
        assert_eq!(fit.formula(0.0).text, "100 × (0 − −10) ÷ (30 − −10) = 25");
    }

    #[test]
    fn one_value_or_all_equal_is_the_middle() {
        for values in [&[(7.3, 1)][..], &[(7.3, 1_000)], &[]] {
            assert_eq!(MinMax::fit(0.0, 100.0, values).apply(7.3), 50.0);
        }
    }
}
