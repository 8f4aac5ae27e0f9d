//! What is assumed where the data cannot say.
//!
//! The probabilities are round figures of the kind that studies of person registers report for real pairs (T. N. Herzog,
//! F. J. Scheuren, W. E. Winkler, "Data Quality and Record Linkage Techniques", 2007, chapters 8 and 9): a field is kept
//! without a slip in 8 or 9 of 10 pairs, and addresses and employers change more often than names and birth dates. They
//! weigh as much as [`STRENGTH`] real pairs, so with more data they no longer matter.

use super::model::LevelModel;
use crate::matching::comparison::{Comparison, Level};

/// Pairs that the assumed probabilities weigh as much as.
pub(crate) const STRENGTH: f64 = 40.0;

/// Pairs of one person for each record, where the data cannot say: one in five hundred.
pub(crate) const PAIRS_PER_RECORD: f64 = 1.0 / 500.0;

/// Pairs of relatives for each record, where the data cannot say: people of one household, twins among them, and
/// relatives with the same name.
pub(crate) const RELATIVES_PER_RECORD: [f64; 3] = [0.2, 0.004, 0.004];

/// Assumed probabilities of levels, which add up to 1.
pub(crate) fn assumed_levels(levels: &[LevelModel], assumed: impl Fn(Level) -> f64) -> Vec<f64> {
    let figures: Vec<f64> = levels.iter().map(|level| assumed(level.level)).collect();
    let sum: f64 = figures.iter().sum();
    figures.into_iter().map(|figure| figure / sum.max(1e-9)).collect()
}

/// Probability that two records of one person are at a level, up to a factor that makes the sum of levels 1.
pub(crate) fn assumed_m(comparison: Comparison, level: Level) -> f64 {
    use Comparison::{Company, Email, MiddleName, Phone, State, Suffix};
    match (comparison, level) {
        (State, Level::Different) => 0.12,
        (Company, Level::Different) => 0.18,
        (Email | Phone, Level::Different) => 0.25,
        (MiddleName | Suffix, Level::Different) => 0.05,
        (MiddleName, Level::Initial) => 0.25,
        (Comparison::FamilyName, Level::Different) => 0.05,
        (_, Level::Exact) => 0.85,
        (_, Level::Different) => 0.02,
        (_, Level::Similar) => 0.01,
        (_, Level::Close) => 0.015,
        (_, Level::TwoNames) => 0.005,
        (_, Level::Near) => 0.05,
        (_, Level::Initial) => 0.01,
        (_, Level::OtherGivenName) => 0.015,
        (_, Level::Nickname) => 0.04,
        (_, Level::Swapped) => 0.01,
        (_, Level::PartOfName) => 0.015,
        (_, Level::SameYear) => 0.01,
        (_, Level::TwoParts) => 0.02,
        (_, Level::YearOff | Level::DayMonthSwapped) => 0.015,
        (_, Level::OneDigit) => 0.03,
        (_, Level::SameLocalPart) => 0.03,
        (_, Level::TwoEdits) => 0.01,
        (_, Level::OneEdit) => 0.04,
        (_, Level::Missing) => 0.0,
    }
}

/// Probability that two records of different people are at a level, for a table with too few pairs to count; up to a
/// factor.
pub(crate) fn assumed_u(comparison: Comparison, level: Level) -> f64 {
    use Comparison::{BirthDate, Company, Email, Phone, State, Suffix};
    match (comparison, level) {
        (_, Level::Different) => 0.95,
        (Suffix, Level::Exact) => 0.4,
        (State | Company, Level::Exact) => 0.05,
        (BirthDate, Level::Exact) => 0.000_05,
        (Email | Phone, Level::Exact) => 0.000_01,
        (_, Level::Exact) => 0.002,
        (_, Level::Similar) => 0.01,
        (BirthDate, Level::SameYear | Level::TwoParts) => 0.02,
        (_, Level::Initial) => 0.01,
        _ => 0.002,
    }
}

/// How frequent the values of a comparison usually are.
pub(crate) fn usual_frequency(comparison: Comparison) -> f64 {
    assumed_u(comparison, Level::Exact)
}
