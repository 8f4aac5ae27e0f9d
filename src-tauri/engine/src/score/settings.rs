//! How scores are brought to one scale: chosen by the person, kept with the import.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decay::Decay;
use crate::error::EngineError;

/// A method with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScoreMethod {
    /// Distance from the club's mean in spreads, on a common mean and spread
    ZScore {
        /// The common mean
        #[serde(default = "usual_mean")]
        #[cfg_attr(feature = "specta", specta(type = u32))]
        mean: f64,
        /// The common spread; greater than 0
        #[serde(default = "usual_spread")]
        #[cfg_attr(feature = "specta", specta(type = u32))]
        spread: f64,
    },
    /// The share of the club's scores that lie below, and half of the equal ones
    PercentileRank {
        /// The lowest of the scale
        #[serde(default)]
        #[cfg_attr(feature = "specta", specta(type = u32))]
        low: f64,
        /// The highest of the scale; greater than the lowest
        #[serde(default = "usual_high")]
        #[cfg_attr(feature = "specta", specta(type = u32))]
        high: f64,
    },
    /// The place between the club's least and greatest score
    MinMax {
        /// The lowest of the scale
        #[serde(default)]
        #[cfg_attr(feature = "specta", specta(type = u32))]
        low: f64,
        /// The highest of the scale; greater than the lowest
        #[serde(default = "usual_high")]
        #[cfg_attr(feature = "specta", specta(type = u32))]
        high: f64,
    },
}

const fn usual_mean() -> f64 {
    50.0
}

const fn usual_spread() -> f64 {
    15.0
}

const fn usual_high() -> f64 {
    100.0
}

impl ScoreMethod {
    /// z-score with mean 50 and spread 15.
    pub const Z_SCORE: ScoreMethod = ScoreMethod::ZScore { mean: usual_mean(), spread: usual_spread() };
    /// Percentile rank from 0 to 100.
    pub const PERCENTILE_RANK: ScoreMethod = ScoreMethod::PercentileRank { low: 0.0, high: usual_high() };
    /// Min-max from 0 to 100.
    pub const MIN_MAX: ScoreMethod = ScoreMethod::MinMax { low: 0.0, high: usual_high() };

    /// The name in versions: `z-score`.
    pub const fn name(&self) -> &'static str {
        match self {
            ScoreMethod::ZScore { .. } => "z-score",
            ScoreMethod::PercentileRank { .. } => "percentile-rank",
            ScoreMethod::MinMax { .. } => "min-max",
        }
    }

    /// The formula in letters, for a screen that explains the method.
    pub const fn general_formula(&self) -> &'static str {
        match self {
            ScoreMethod::ZScore { .. } => "common mean + common spread × (score − club mean) ÷ club spread",
            ScoreMethod::PercentileRank { .. } => {
                "lowest + (highest − lowest) × (scores below + ½ × equal scores) ÷ scores of the club"
            }
            ScoreMethod::MinMax { .. } => {
                "lowest + (highest − lowest) × (score − club's least) ÷ (club's greatest − club's least)"
            }
        }
    }
}

impl Default for ScoreMethod {
    fn default() -> Self {
        ScoreMethod::Z_SCORE
    }
}

/// All that decides a unified score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct ScoreSettings {
    /// The method, the same for all clubs
    pub method: ScoreMethod,
    /// Decay by the last activity, if wanted
    pub decay: Option<Decay>,
    /// Weights of clubs in the score of a member of several; 1 for a club that is not named, 0 leaves a club out
    #[cfg_attr(feature = "specta", specta(type = BTreeMap<String, u32>))]
    pub weights: BTreeMap<String, f64>,
}

impl ScoreSettings {
    /// A club's weight.
    pub fn weight(&self, club: &str) -> f64 {
        self.weights.get(club).copied().unwrap_or(1.0)
    }

    /// Whether the numbers can be meant.
    ///
    /// # Errors
    ///
    /// [`EngineError::ScoreSettings`] says which number is out of range and what it has to be.
    pub fn check(&self) -> Result<(), EngineError> {
        // Comparisons are false for NaN.
        let in_range = |value: f64| value.abs() <= 1e6;
        let method = match self.method {
            ScoreMethod::ZScore { mean, spread } if !(in_range(mean) && spread > 0.0 && spread <= 1e6) => {
                Err("the common mean has to be a number up to a million, the common spread one above 0")
            }
            ScoreMethod::PercentileRank { low, high } | ScoreMethod::MinMax { low, high }
                if !(in_range(low) && in_range(high) && low < high) =>
            {
                Err("the lowest score of the scale has to lie below the highest, both up to a million")
            }
            _ => Ok(()),
        };
        let decay = match self.decay {
            Some(Decay { half_life_months: months, floor })
                if !(months > 0.0 && months <= 1e6 && in_range(floor)) =>
            {
                Err("the half-life has to be a number of months above 0, the floor a number up to a million")
            }
            _ => Ok(()),
        };
        let weights = match self.weights.values().all(|&weight| (0.0..=1e6).contains(&weight)) {
            true => Ok(()),
            false => Err("a club's weight has to be 0 or more, up to a million"),
        };
        method.and(decay).and(weights).map_err(EngineError::ScoreSettings)
    }
}
