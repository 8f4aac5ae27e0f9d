//! One score for a member of several clubs: the weighted mean of the clubs' unified scores.
//!
//! `Σ weight × unified ÷ Σ weight` over the clubs that have a score for the member.

use std::collections::BTreeMap;

use super::formula::{Formula, Part, number};
use super::scale::ClubScore;
use super::settings::ScoreSettings;

/// `(club, weight, mean of the member's unified scores there)`, by club.
fn by_club<'a>(settings: &ScoreSettings, scores: &[ClubScore<'a>]) -> Vec<(&'a str, f64, f64)> {
    let mut clubs: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for score in scores {
        if let Some(unified) = score.unified.filter(|unified| unified.is_finite()) {
            clubs.entry(score.club).or_default().push(unified);
        }
    }
    let club = |(club, mut values): (&'a str, Vec<f64>)| {
        // In their order by size, so that the last digits do not depend on the memberships' order.
        values.sort_by(f64::total_cmp);
        let mean = weighted_mean(values.iter().map(|&value| (1.0, value)));
        Some((club, settings.weight(club), mean?)).filter(|(_, weight, _)| *weight > 0.0)
    };
    clubs.into_iter().filter_map(club).collect()
}

/// Never outside the values, whatever is rounded.
fn weighted_mean(values: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let total: f64 = values.clone().map(|(weight, _)| weight).sum();
    let least = values.clone().map(|(_, value)| value).reduce(f64::min)?;
    let greatest = values.clone().map(|(_, value)| value).reduce(f64::max)?;
    let sum: f64 = values.map(|(weight, value)| weight / total * value).sum();
    Some(sum.clamp(least, greatest))
}

pub(super) fn combined(settings: &ScoreSettings, scores: &[ClubScore<'_>]) -> Option<f64> {
    weighted_mean(by_club(settings, scores).iter().map(|&(_, weight, unified)| (weight, unified)))
}

pub(super) fn formula(settings: &ScoreSettings, scores: &[ClubScore<'_>]) -> Option<Formula> {
    let clubs = by_club(settings, scores);
    let result = combined(settings, scores)?;
    let mut parts = Vec::new();
    for &(club, weight, unified) in &clubs {
        parts.push(Part::new(&format!("weight of {club}"), weight));
        parts.push(Part::new(&format!("unified score in {club}"), unified));
    }
    if let [(club, _, _)] = clubs[..] {
        let sentence = format!("Only {club} has a score for this member.");
        return Some(Formula::new(number(result), sentence, parts, result));
    }
    let product =
        |&(_, weight, unified): &(&str, f64, f64)| format!("{} × {}", number(weight), number(unified));
    let joined = |texts: Vec<String>| texts.join(" + ");
    let text = format!(
        "({}) ÷ ({})",
        joined(clubs.iter().map(product).collect()),
        joined(clubs.iter().map(|&(_, weight, _)| number(weight)).collect())
    );
    let named = |&(club, weight, _): &(&str, f64, f64)| format!("{club} (weight {})", number(weight));
    let names: Vec<String> = clubs.iter().map(named).collect();
    let sentence = format!("The weighted mean of the scores in {}.", names.join(", "));
    Some(Formula::new(text, sentence, parts, result))
}
