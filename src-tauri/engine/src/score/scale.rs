//! The common scale: each club's fit, and what it makes of a score.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::combine;
use super::formula::Formula;
use super::min_max::MinMax;
use super::percentile::Percentile;
use super::settings::{ScoreMethod, ScoreSettings};
use super::tally::{Tally, usable};
use super::version::{MethodVersion, version};
use super::z_score::ZScore;
use crate::date::{Date, PartialDate};
use crate::error::EngineError;

/// What a method found out about a club's scores.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fit {
    ZScore(ZScore),
    Percentile(Percentile),
    MinMax(MinMax),
}

impl Fit {
    fn new(method: ScoreMethod, values: &[(f64, u32)]) -> Fit {
        match method {
            ScoreMethod::ZScore { mean, spread } => Fit::ZScore(ZScore::fit(mean, spread, values)),
            ScoreMethod::PercentileRank { low, high } => Fit::Percentile(Percentile::fit(low, high, values)),
            ScoreMethod::MinMax { low, high } => Fit::MinMax(MinMax::fit(low, high, values)),
        }
    }

    fn apply(&self, score: f64) -> f64 {
        match self {
            Fit::ZScore(fit) => fit.apply(score),
            Fit::Percentile(fit) => fit.apply(score),
            Fit::MinMax(fit) => fit.apply(score),
        }
    }

    fn formula(&self, score: f64) -> Formula {
        match self {
            Fit::ZScore(fit) => fit.formula(score),
            Fit::Percentile(fit) => fit.formula(score),
            Fit::MinMax(fit) => fit.formula(score),
        }
    }
}

/// What was counted of a club's scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClubCounts {
    /// The club
    pub club: String,
    /// Memberships with a score
    pub scores: u32,
    /// Memberships without one
    pub missing: u32,
    /// Scores that are no numbers that can be used: infinite, NaN, or beyond [`super::LARGEST_SCORE`]
    pub refused: u32,
}

/// Gathers the scores of all clubs, in any order, perhaps on several threads.
#[derive(Debug, Clone, Default)]
pub struct ScaleBuilder {
    clubs: BTreeMap<String, Tally>,
}

impl ScaleBuilder {
    /// Nothing gathered yet.
    pub fn new() -> ScaleBuilder {
        ScaleBuilder::default()
    }

    /// Adds the score of a membership. A score that is no usable number counts as refused and changes nothing else.
    pub fn push(&mut self, club: &str, score: Option<f64>) {
        self.push_times(club, score, 1);
    }

    /// As [`ScaleBuilder::push`] of as many memberships as have the same score.
    pub fn push_times(&mut self, club: &str, score: Option<f64>, times: u32) {
        match self.clubs.get_mut(club) {
            Some(tally) => tally.push(score, times),
            None => self.clubs.entry(club.to_owned()).or_default().push(score, times),
        }
    }

    /// Adds what another builder gathered.
    pub fn merge(&mut self, other: ScaleBuilder) {
        for (club, tally) in other.clubs {
            self.clubs.entry(club).or_default().merge(tally);
        }
    }

    /// Fits the clubs. `as_of` is the date from which decay counts back.
    ///
    /// # Errors
    ///
    /// Settings that cannot be used, see [`ScoreSettings::check`].
    pub fn finish(self, settings: &ScoreSettings, as_of: Date) -> Result<Scale, EngineError> {
        settings.check()?;
        let mut counts = Vec::with_capacity(self.clubs.len());
        let mut fits = BTreeMap::new();
        for (club, tally) in self.clubs {
            let values = tally.sorted();
            let scores = values.iter().map(|value| value.1).sum();
            counts.push(ClubCounts {
                club: club.clone(),
                scores,
                missing: tally.missing,
                refused: tally.refused,
            });
            if scores > 0 {
                fits.insert(club, Fit::new(settings.method, &values));
            }
        }
        let version = version(settings, as_of, &fits);
        Ok(Scale { settings: settings.clone(), as_of, fits, counts, version })
    }
}

/// The unified score of a membership, for [`Scale::combined`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClubScore<'a> {
    /// The club
    pub club: &'a str,
    /// Its unified score for the member
    pub unified: Option<f64>,
}

/// The common scale, fitted to the scores of all clubs.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    settings: ScoreSettings,
    as_of: Date,
    fits: BTreeMap<String, Fit>,
    counts: Vec<ClubCounts>,
    version: MethodVersion,
}

impl Scale {
    /// The unified score of a membership. `None` for a missing or unusable score, and for a club none of whose scores
    /// were gathered. `last_active` is ISO 8601; it matters with decay only.
    ///
    /// Within a club it never falls when the score rises (with the same last activity).
    pub fn unified(&self, club: &str, score: Option<f64>, last_active: Option<&str>) -> Option<f64> {
        let unified = self.fits.get(club)?.apply(usable(score?)?);
        let decayed = self.settings.decay.map(|decay| decay.apply(unified, parse(last_active), self.as_of));
        Some(decayed.unwrap_or(unified))
    }

    /// The formula of [`Scale::unified`] with the numbers filled in.
    pub fn formula(&self, club: &str, score: Option<f64>, last_active: Option<&str>) -> Option<Formula> {
        let formula = self.fits.get(club)?.formula(usable(score?)?);
        Some(match self.settings.decay {
            Some(decay) => decay.extend(formula, parse(last_active), self.as_of),
            None => formula,
        })
    }

    /// The score of a member of several clubs: the mean of the clubs' unified scores, weighted by the clubs' weights. Several
    /// memberships of one club count as their mean. Clubs without a score and of weight 0 are left out; `None` where
    /// none is left.
    pub fn combined(&self, scores: &[ClubScore<'_>]) -> Option<f64> {
        combine::combined(&self.settings, scores)
    }

    /// The formula of [`Scale::combined`] with the numbers filled in.
    pub fn combined_formula(&self, scores: &[ClubScore<'_>]) -> Option<Formula> {
        combine::formula(&self.settings, scores)
    }

    /// What was gathered of each club, by its name.
    pub fn counts(&self) -> &[ClubCounts] {
        &self.counts
    }

    /// Names method, parameters and what was fitted: equal only where the same scores come out.
    pub const fn version(&self) -> &MethodVersion {
        &self.version
    }

    /// The date from which decay counts back.
    pub const fn as_of(&self) -> Date {
        self.as_of
    }

    /// The settings that it was fitted with.
    pub const fn settings(&self) -> &ScoreSettings {
        &self.settings
    }
}

fn parse(last_active: Option<&str>) -> Option<PartialDate> {
    last_active.and_then(PartialDate::parse_iso)
}
