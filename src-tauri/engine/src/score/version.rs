//! The version of a method: what `score_history` says of how a unified score was made.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::scale::Fit;
use super::settings::{ScoreMethod, ScoreSettings};
use crate::date::Date;

/// Raised when the same settings and scores come to give other results or another hash.
const FORMAT: u32 = 1;

/// Names a method, its parameters and the statistics fitted to the clubs: `z-score/1:4f0c…` (name, format, and the XXH3-128
/// hash of all numbers that a unified score depends on). It is the same on every machine and for every order of the scores.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct MethodVersion(String);

impl MethodVersion {
    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MethodVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hashes numbers by their bits (little-endian; one zero) and texts with their lengths, so that parts do not run together.
struct Hasher(Box<Xxh3>);

impl Hasher {
    fn numbers(&mut self, numbers: &[f64]) {
        for number in numbers {
            self.0.update(&(number + 0.0).to_bits().to_le_bytes());
        }
    }

    fn count(&mut self, count: usize) {
        self.0.update(&(count as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text.as_bytes());
    }
}

pub(super) fn version(settings: &ScoreSettings, as_of: Date, fits: &BTreeMap<String, Fit>) -> MethodVersion {
    let mut hasher = Hasher(Box::default());
    let name = settings.method.name();
    hasher.text(name);
    match settings.method {
        ScoreMethod::ZScore { mean: one, spread: other }
        | ScoreMethod::PercentileRank { low: one, high: other }
        | ScoreMethod::MinMax { low: one, high: other } => hasher.numbers(&[one, other]),
    }
    hasher.count(usize::from(settings.decay.is_some()));
    if let Some(decay) = settings.decay {
        // Without decay the date changes nothing.
        hasher.numbers(&[decay.half_life_months, decay.floor]);
        hasher.text(&as_of.to_string());
    }
    hasher.count(settings.weights.len());
    for (club, &weight) in &settings.weights {
        hasher.text(club);
        hasher.numbers(&[weight]);
    }
    hasher.count(fits.len());
    for (club, fit) in fits {
        hasher.text(club);
        match fit {
            Fit::ZScore(fit) => hasher.numbers(&[fit.mean, fit.spread]),
            Fit::MinMax(fit) => hasher.numbers(&[fit.min, fit.max]),
            Fit::Percentile(fit) => {
                hasher.count(fit.ranks.len());
                for &(score, equal, below) in &fit.ranks {
                    hasher.numbers(&[score, f64::from(equal), f64::from(below)]);
                }
            }
        }
    }
    MethodVersion(format!("{name}/{FORMAT}:{:032x}", hasher.0.digest128()))
}
