//! What is learnt about a table: how telling each level of each field is.

use serde::{Deserialize, Serialize};

use super::defaults::{PAIRS_PER_RECORD, RELATIVES_PER_RECORD, assumed_levels, assumed_m, assumed_u};
use crate::matching::comparison::{Comparison, Level, Pattern};
use crate::matching::records::Records;

/// The model's format; a program refuses a newer one.
pub const MODEL_VERSION: u32 = 1;

/// A Fellegi-Sunter model (I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", 1969) with a class of its own
/// for relatives (after W. E. Winkler, "Improved Decision Rules in the Fellegi-Sunter Model of Record Linkage", 1993,
/// and M. D. Larsen and D. B. Rubin, "Iterative Automated Record Linkage Using Mixture Models", 2001).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Model {
    /// [`MODEL_VERSION`]
    pub version: u32,
    /// Records it was learnt from
    pub records: u32,
    /// Probability that two records taken at random are one person
    pub prior: f64,
    /// Probability that two records taken at random are relatives
    pub relatives: Relatives,
    /// The comparisons, in the order of explanations
    pub comparisons: Vec<ComparisonModel>,
    /// Whether the prior and the m probabilities were learnt; otherwise they are assumed, since there are too few pairs
    /// of one person or they cannot be told from others
    pub learnt: bool,
}

/// Probabilities that two records taken at random are relatives of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Relatives {
    /// They share family name and home
    pub household: f64,
    /// They share the birth date as well
    pub twins: f64,
    /// They share the given name as well, as father and son may
    pub namesakes: f64,
}

/// What is known of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ComparisonModel {
    /// What is compared
    pub comparison: Comparison,
    /// Its levels, from different to exact
    pub levels: Vec<LevelModel>,
}

/// How telling a level is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LevelModel {
    /// The level
    pub level: Level,
    /// Probability of the level in pairs of one person
    pub m: f64,
    /// Probability of the level in pairs of two people
    pub u: f64,
    /// Evidence in bits: log₂ m/u, kept in order
    pub weight: f64,
}

impl Model {
    /// A model of assumed figures, for a table from which nothing can be learnt, such as a few new records and the members
    /// that they are compared with. A model that was learnt from whole lists serves better where there is one.
    pub fn assumed(records: &Records) -> Model {
        let comparisons = Comparison::of(records).into_iter().map(|(comparison, levels)| {
            let mut levels: Vec<LevelModel> = levels
                .iter()
                .map(|level| LevelModel { level: *level, m: 0.0, u: 0.0, weight: 0.0 })
                .collect();
            let m = assumed_levels(&levels, |level| assumed_m(comparison, level));
            let u = assumed_levels(&levels, |level| assumed_u(comparison, level));
            for (level, (m, u)) in levels.iter_mut().zip(m.into_iter().zip(u)) {
                (level.m, level.u) = (m, u);
            }
            ComparisonModel { comparison, levels }
        });
        let count = records.len() as f64;
        let pairs = records.comparable_pairs().max(1.0);
        let [household, twins, namesakes] = RELATIVES_PER_RECORD.map(|each| (each * count / pairs).min(0.01));
        let mut model = Model {
            version: MODEL_VERSION,
            records: records.len() as u32,
            prior: ((PAIRS_PER_RECORD * count).max(1.0) / pairs).min(0.1),
            relatives: Relatives { household, twins, namesakes },
            comparisons: comparisons.collect(),
            learnt: false,
        };
        model.weigh();
        model
    }

    /// Sets the weights from m and u.
    pub(crate) fn weigh(&mut self) {
        for comparison in &mut self.comparisons {
            weigh(&mut comparison.levels);
        }
    }

    /// What is known of a comparison.
    pub fn of(&self, comparison: Comparison) -> Option<&ComparisonModel> {
        self.comparisons.iter().find(|model| model.comparison == comparison)
    }

    /// Takes over the m probabilities of another model of the same table.
    pub(crate) fn adopt_m(&mut self, other: &Model) {
        for (own, other) in self.comparisons.iter_mut().zip(&other.comparisons) {
            for (own, other) in own.levels.iter_mut().zip(&other.levels) {
                own.m = other.m;
            }
        }
    }

    /// Probability that a pair with these levels is one person, without a look at the values' frequencies.
    pub(crate) fn posterior(&self, pattern: Pattern) -> f64 {
        let bits = self.comparisons.iter().filter_map(|comparison| {
            let code = pattern.code(comparison.comparison.position()).checked_sub(1)?;
            comparison.levels.get(code).map(|level| level.weight)
        });
        1.0 / (1.0 + (-(self.prior_weight() + bits.sum::<f64>())).exp2())
    }

    /// log₂ of the odds that two records taken at random are one person.
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }
}

/// Most bits that one field can say before rare values are looked at.
const MOST: f64 = 24.0;

/// Weights in order: `Different` says least, grades of spelling rise, and being the same never speaks against a pair.
/// That no level says more than being the same would is seen to where the values are known
/// ([`crate::matching::scoring`]), since what that says depends on how frequent they are.
fn weigh(levels: &mut [LevelModel]) {
    for level in levels.iter_mut() {
        level.weight = (level.m.max(1e-9) / level.u.max(1e-9)).log2().clamp(-MOST, MOST);
    }
    let Some((exact, below)) = levels.split_last_mut() else { return };
    exact.weight = exact.weight.max(0.0);
    let least = below.first().map_or(0.0, |different| different.weight.min(0.0));
    let mut spelled = least;
    for level in below {
        level.weight = level.weight.max(least);
        if is_spelling(level.level) {
            level.weight = level.weight.max(spelled);
            spelled = level.weight;
        }
    }
}

fn is_spelling(level: Level) -> bool {
    use Level::{Close, Different, Near, OneEdit, Similar, TwoEdits, TwoNames};
    matches!(level, Different | Similar | TwoNames | Close | Near | TwoEdits | OneEdit)
}
