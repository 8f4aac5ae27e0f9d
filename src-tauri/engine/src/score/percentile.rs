//! Percentile rank: the share of the club's scores that lie below, counting half of those that are equal (mid-rank).
//!
//! `(below + ½ × equal) ÷ n`, stretched over the common scale. The mid-rank form is that of test norms (L. Crocker and
//! J. Algina, "Introduction to Classical and Modern Test Theory", 1986, chapter 19); its mean over a club is exactly the middle.

use super::formula::{Formula, Part, number};

/// A club's scores with how many lie below each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Percentile {
    pub(super) low: f64,
    pub(super) high: f64,
    /// `(score, how many have it, how many lie below)`, the least first
    pub(super) ranks: Vec<(f64, u32, u32)>,
    pub(super) count: u32,
}

impl Percentile {
    pub(super) fn fit(low: f64, high: f64, values: &[(f64, u32)]) -> Percentile {
        let mut count = 0;
        let rank = |&(score, equal): &(f64, u32)| {
            let below = count;
            count += equal;
            (score, equal, below)
        };
        let ranks = values.iter().map(rank).collect();
        Percentile { low, high, ranks, count }
    }

    /// How many scores lie below, and how many are equal. The score need not be one of the club's.
    fn place(&self, score: f64) -> (u32, u32) {
        match self.ranks.binary_search_by(|known| known.0.total_cmp(&score)) {
            Ok(at) => (self.ranks[at].2, self.ranks[at].1),
            Err(at) => (self.ranks.get(at).map_or(self.count, |next| next.2), 0),
        }
    }

    /// The middle of the scale for a club without scores.
    pub(super) fn apply(&self, score: f64) -> f64 {
        if self.count == 0 {
            return self.low + (self.high - self.low) / 2.0;
        }
        let (below, equal) = self.place(score);
        let share = (f64::from(below) + f64::from(equal) / 2.0) / f64::from(self.count);
        (self.low + (self.high - self.low) * share).clamp(self.low, self.high)
    }

    pub(super) fn formula(&self, score: f64) -> Formula {
        let (below, equal) = self.place(score);
        let parts = vec![
            Part::new("score", score),
            Part::new("scores below", f64::from(below)),
            Part::new("equal scores", f64::from(equal)),
            Part::new("scores of the club", f64::from(self.count)),
            Part::new("lowest", self.low),
            Part::new("highest", self.high),
        ];
        let width = number(self.high - self.low);
        let stretched = match self.low == 0.0 {
            true => width,
            false => format!("{} + {width}", number(self.low)),
        };
        let text = format!("{stretched} × ({below} + ½ × {equal}) ÷ {}", self.count);
        let sentence = format!(
            "Of the club's {} scores {below} lie below {} and {equal} are equal to it; half of the equal ones count.",
            self.count,
            number(score)
        );
        Formula::new(text, sentence, parts, self.apply(score))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_share_the_middle_of_their_ranks() {
        let fit = Percentile::fit(0.0, 100.0, &[(1.0, 1), (2.0, 2), (5.0, 1)]);
        assert_eq!([1.0, 2.0, 5.0].map(|score| fit.apply(score)), [12.5, 50.0, 87.5]);
        // Scores that are none of the club's: between, below and above.
        assert_eq!([0.0, 3.0, 9.0].map(|score| fit.apply(score)), [0.0, 75.0, 100.0]);
        assert_eq!(fit.formula(2.0).text, "100 × (1 + ½ × 2) ÷ 4 = 50");
    }

    #[test]
    fn one_value_or_all_equal_is_the_middle() {
        for values in [&[(7.3, 1)][..], &[(7.3, 1_000)], &[]] {
            assert_eq!(Percentile::fit(0.0, 100.0, values).apply(7.3), 50.0);
        }
    }

    #[test]
    fn another_scale_is_stretched() {
        let fit = Percentile::fit(1.0, 5.0, &[(1.0, 1), (2.0, 1)]);
        assert_eq!([1.0, 2.0].map(|score| fit.apply(score)), [2.0, 4.0]);
        assert_eq!(fit.formula(1.0).text, "1 + 4 × (0 + ½ × 1) ÷ 2 = 2");
    }
}
