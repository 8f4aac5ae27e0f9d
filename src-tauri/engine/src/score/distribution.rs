//! How scores are spread: histogram, quantiles, mean and spread, for comparing clubs before and after.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::tally::Tally;

/// A bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Bin {
    /// From this score on
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub from: f64,
    /// Up to this score: the last bin has it, the others have not
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub to: f64,
    /// How many scores
    pub count: u32,
}

/// A quantile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Quantile {
    /// The share of scores that lie below, 0 to 1
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub share: f64,
    /// The score there
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub value: f64,
}

/// The shares of [`Distribution::quantiles`].
pub const QUANTILE_SHARES: [f64; 7] = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];

/// Most bins of a histogram.
pub const MOST_BINS: u32 = 1_000;

/// How scores are spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Distribution {
    /// How many scores
    pub count: u32,
    /// How many members without a score, or with one that is no usable number
    pub missing: u32,
    /// The mean; 0 without scores
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub mean: f64,
    /// The standard deviation of all of them (divided by n)
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub spread: f64,
    /// Quantiles at [`QUANTILE_SHARES`]; none without scores
    pub quantiles: Vec<Quantile>,
    /// The histogram; none without scores and range
    pub bins: Vec<Bin>,
}

/// Gathers scores, in any order.
#[derive(Debug, Clone, Default)]
pub struct DistributionBuilder {
    tally: Tally,
}

impl DistributionBuilder {
    /// Adds a score.
    pub fn push(&mut self, score: Option<f64>) {
        self.tally.push(score, 1);
    }

    /// Adds what another builder gathered.
    pub fn merge(&mut self, other: DistributionBuilder) {
        self.tally.merge(other.tally);
    }

    /// The distribution with a histogram of that many bins of equal width (1 to [`MOST_BINS`]) over `range`, or from the least to
    /// the greatest score. Scores beyond the range count in the bin at its end.
    pub fn finish(self, bins: u32, range: Option<(f64, f64)>) -> Distribution {
        let values = self.tally.sorted();
        let mut moments = Moments::default();
        values.iter().for_each(|&(value, times)| moments.push(value, times));
        let own = values.first().zip(values.last()).map(|(first, last)| (first.0, last.0));
        let range = range.filter(|(from, to)| from.is_finite() && to.is_finite() && from <= to).or(own);
        Distribution {
            count: values.iter().map(|value| value.1).sum(),
            missing: self.tally.missing + self.tally.refused,
            mean: moments.mean(),
            spread: moments.spread(),
            quantiles: quantiles(&values),
            bins: range.map_or_else(Vec::new, |range| histogram(&values, bins, range)),
        }
    }
}

/// Linear between the two nearest scores: R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American
/// Statistician 50(4), 1996, type 7.
fn quantiles(values: &[(f64, u32)]) -> Vec<Quantile> {
    let count: u32 = values.iter().map(|value| value.1).sum();
    let Some(last) = count.checked_sub(1) else { return Vec::new() };
    let at = |rank: u32| {
        let mut passed = 0;
        let reaches = |&&(_, times): &&(f64, u32)| {
            passed += times;
            passed > rank
        };
        values.iter().find(reaches).or(values.last()).map_or(0.0, |value| value.0)
    };
    let quantile = |share: f64| {
        let place = share * f64::from(last);
        let below = place.floor();
        let (one, other) = (at(below as u32), at((below as u32 + 1).min(last)));
        Quantile { share, value: (one + (other - one) * (place - below)).clamp(one, other) }
    };
    QUANTILE_SHARES.map(quantile).to_vec()
}

fn histogram(values: &[(f64, u32)], bins: u32, (from, to): (f64, f64)) -> Vec<Bin> {
    // One value has no width: one bin holds it.
    let bins = if from == to { 1 } else { bins.clamp(1, MOST_BINS) };
    let edge = |index: u32| match index == bins {
        true => to,
        false => from + (to - from) * (f64::from(index) / f64::from(bins)),
    };
    let mut histogram: Vec<Bin> =
        (0..bins).map(|index| Bin { from: edge(index), to: edge(index + 1), count: 0 }).collect();
    for &(value, times) in values {
        // The edges decide, so that a score counts where the bin says.
        let at = histogram.partition_point(|bin| bin.from <= value).saturating_sub(1);
        if let Some(bin) = histogram.get_mut(at) {
            bin.count += times;
        }
    }
    histogram
}

/// A club's scores before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClubComparison {
    /// The club
    pub club: String,
    /// Its own scores, binned over their own range
    pub before: Distribution,
    /// The unified scores, binned over one range for all clubs
    pub after: Distribution,
}

/// Gathers the scores of all clubs before and after unifying.
#[derive(Debug, Clone, Default)]
pub struct ClubComparisonBuilder {
    clubs: BTreeMap<String, (DistributionBuilder, DistributionBuilder)>,
}

impl ClubComparisonBuilder {
    /// Adds a membership.
    pub fn push(&mut self, club: &str, score: Option<f64>, unified: Option<f64>) {
        if !self.clubs.contains_key(club) {
            self.clubs.insert(club.to_owned(), Default::default());
        }
        if let Some((before, after)) = self.clubs.get_mut(club) {
            before.push(score);
            after.push(unified);
        }
    }

    /// The clubs by name, with that many bins in every histogram.
    pub fn finish(self, bins: u32) -> Vec<ClubComparison> {
        let ends = |(_, after): &(DistributionBuilder, DistributionBuilder)| {
            let values = after.tally.sorted();
            Some((values.first()?.0, values.last()?.0))
        };
        let wider = |one: (f64, f64), other: (f64, f64)| (one.0.min(other.0), one.1.max(other.1));
        let range = self.clubs.values().filter_map(ends).reduce(wider);
        let compare = |(club, (before, after)): (String, (DistributionBuilder, DistributionBuilder))| {
            ClubComparison { club, before: before.finish(bins, None), after: after.finish(bins, range) }
        };
        self.clubs.into_iter().map(compare).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scores: &[f64], bins: u32, range: Option<(f64, f64)>) -> Distribution {
        let mut builder = DistributionBuilder::default();
        scores.iter().for_each(|&score| builder.push(Some(score)));
        builder.finish(bins, range)
    }

    #[test]
    fn bins_count_each_score_once() {
        let bins = |distribution: Distribution| {
            distribution.bins.iter().map(|bin| (bin.from, bin.to, bin.count)).collect::<Vec<_>>()
        };
        assert_eq!(bins(of(&[0.0, 5.0, 10.0], 2, None)), [(0.0, 5.0, 1), (5.0, 10.0, 2)]);
        assert_eq!(bins(of(&[-3.0, 5.0, 99.0], 2, Some((0.0, 10.0)))), [(0.0, 5.0, 1), (5.0, 10.0, 2)]);
        assert_eq!(bins(of(&[7.0, 7.0], 10, None)), [(7.0, 7.0, 2)]);
        assert_eq!(bins(of(&[], 10, None)), []);
        assert_eq!(of(&[], 2, Some((0.0, 1.0))).bins.len(), 2);
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let values: Vec<f64> =
            of(&[4.0, 1.0, 3.0, 2.0], 1, None).quantiles.iter().map(|quantile| quantile.value).collect();
        let expected = [1.0, 1.15, 1.75, 2.5, 3.25, 3.85, 4.0];
        assert!(values.iter().zip(expected).all(|(value, expected)| (value - expected).abs() < 1e-12));
        assert!(of(&[], 1, None).quantiles.is_empty());
    }

    #[test]
    fn clubs_share_the_range_of_unified_scores() {
        let mut builder = ClubComparisonBuilder::default();
        for (club, score, unified) in
            [("B", Some(900.0), Some(80.0)), ("A", Some(1.0), Some(20.0)), ("A", None, None)]
        {
            builder.push(club, score, unified);
        }
        let clubs = builder.finish(3);
        assert_eq!(clubs.iter().map(|club| club.club.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert!(clubs.iter().all(|club| (club.after.bins[0].from, club.after.bins[2].to) == (20.0, 80.0)));
        assert_eq!((clubs[0].before.count, clubs[0].before.missing), (1, 1));
    }
}
