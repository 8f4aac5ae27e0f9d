//! Mean and spread in one pass, without the loss of digits that sums of squares have.

/// Count, mean and sum of squared deviations.
///
/// B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4(3), 1962; with
/// weights: D. H. D. West, "Updating mean and variance estimates: an improved method", CACM 22(9), 1979.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Adds a value that stands `times` times. The value is finite.
    pub fn push(&mut self, value: f64, times: u32) {
        if times == 0 {
            return;
        }
        let times = f64::from(times);
        self.count += times;
        let distance = value - self.mean;
        self.mean += distance * (times / self.count);
        self.squares += times * distance * (value - self.mean);
    }

    /// How many values.
    pub const fn count(&self) -> f64 {
        self.count
    }

    /// The mean; 0 without values.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation of these values as a whole population (divided by n); 0 for none, one, or all equal.
    pub fn spread(&self) -> f64 {
        if self.count > 0.0 { (self.squares.max(0.0) / self.count).sqrt() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|&value| moments.push(value, 1));
        moments
    }

    #[test]
    fn mean_and_spread_of_few_values() {
        assert_eq!((of(&[]).mean(), of(&[]).spread()), (0.0, 0.0));
        assert_eq!((of(&[7.1]).mean(), of(&[7.1]).spread()), (7.1, 0.0));
        assert_eq!(of(&[0.1; 1_000]).spread(), 0.0);
        let moments = of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert!((moments.mean() - 5.0).abs() < 1e-12 && (moments.spread() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_great_common_part_costs_no_digits() {
        // Variance 22.5 by the sum of squares would be lost wholly at this offset.
        let moments = of(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
        assert!((moments.spread() - 22.5_f64.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn a_repeated_value_is_like_the_value_repeated() {
        let mut weighted = Moments::default();
        weighted.push(3.0, 2);
        weighted.push(6.0, 4);
        let plain = of(&[3.0, 3.0, 6.0, 6.0, 6.0, 6.0]);
        assert!((weighted.spread() - plain.spread()).abs() < 1e-12 && weighted.count() == 6.0);
    }
}
