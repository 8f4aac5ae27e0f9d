//! How much more a rare value says than a frequent one.
//!
//! Two who share a rare name are one person more likely than two who share a frequent one (Fellegi and Sunter 1969, method
//! I; Winkler, "Frequency-based matching in the Fellegi-Sunter model of record linkage", 1989; Splink's documentation on
//! term frequency adjustments).

/// Occurrences up to which a value that is nearly everybody's own (an email, a date) counts as nobody else's.
const OWN: u32 = 8;

/// Records that the usual frequency weighs as much as.
const USUAL_WEIGHS: f64 = 500.0;

/// log₂ of how often the values of a column occur, by their numbers.
pub(super) struct Frequencies {
    log: Vec<f32>,
    /// For a value that is not in the table
    new: f32,
    /// Whether only values far above the usual frequency are looked at, since most are one person's own
    only_frequent: bool,
}

impl Frequencies {
    /// From occurrences by value; the first entry is that of the missing value. `usual` is the frequency that values have
    /// in general: it counts as much as [`USUAL_WEIGHS`] records, since a small table knows little of how rare a
    /// name is.
    pub(super) fn new(counts: &[u32], only_frequent: bool, usual: f64) -> Frequencies {
        let total: f64 = counts.iter().skip(1).map(|count| f64::from(*count)).sum();
        // The two records at hand have the value: fewer than two say nothing about others.
        let log = |count: u32| {
            let share = (f64::from(count.max(2)) + USUAL_WEIGHS * usual) / (total.max(2.0) + USUAL_WEIGHS);
            share.log2() as f32
        };
        let of = |count: &u32| if only_frequent && *count <= OWN { f32::NEG_INFINITY } else { log(*count) };
        Frequencies { log: counts.iter().map(of).collect(), new: of(&1), only_frequent }
    }

    /// The weight of two equal values, of which the level's own m and u say `weight` on average.
    #[inline]
    pub(super) fn exact(&self, value: u32, log_m: f64, weight: f64) -> f64 {
        let by_value = log_m - self.log(value);
        if self.only_frequent { weight.min(by_value).max(0.0) } else { by_value.max(0.0) }
    }

    /// What is added to the weight of two near values: half of what the more frequent one would add if they were equal,
    /// since a rare name has rare neighbours, but some of those are names of their own. Never more than
    /// equal values would say.
    #[inline]
    pub(super) fn near(&self, a: u32, b: u32, log_m: f64, exact: f64, weight: f64) -> f64 {
        let frequent = if self.log(a) > self.log(b) { a } else { b };
        let if_equal = self.exact(frequent, log_m, exact);
        let shift = if self.only_frequent || weight <= 0.0 { 0.0 } else { 0.5 * (if_equal - exact) };
        (weight + shift).max(weight.min(0.0)).min(if_equal)
    }

    #[inline]
    fn log(&self, value: u32) -> f64 {
        // A value that came after the table was made occurs once.
        f64::from(self.log.get(value as usize).copied().unwrap_or(self.new))
    }
}
