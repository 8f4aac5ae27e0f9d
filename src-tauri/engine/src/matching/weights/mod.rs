//! How telling each level of each field is, learnt without labels.
//!
//! The u probabilities are counted in pairs taken at random. The m probabilities and the number of pairs of one person
//! come from expectation maximisation (A. P. Dempster, N. M. Laird, D. B. Rubin, 1977; for record linkage Winkler, "Using
//! the EM Algorithm for Weight Computation in the Fellegi-Sunter Model of Record Linkage", 1988), in several sessions,
//! each on the pairs that agree on some fields, which teach about the others (Splink's documentation on training). All
//! of it works on counts of level patterns, so its time does not depend on the number of pairs once they are counted.

mod counts;
mod defaults;
mod expectation;
mod model;
mod relatives;

pub(crate) use defaults::usual_frequency;
pub use model::{ComparisonModel, LevelModel, MODEL_VERSION, Model, Relatives};

use counts::{PatternCounts, random_pairs, session_pairs};
use expectation::{Learnt, Session, maximise};

use super::blocking::{BlockIndex, BlockingPlan};
use super::comparison::Comparison;
use super::records::Records;
use super::settings::{Settings, Stage, Watch, report};
use crate::error::EngineError;

/// Times that u, m and the prior are estimated from one another.
const ROUNDS: usize = 4;

/// Pairs of one person below which a session is no ground to learn from.
const LEAST_MATCHES: f64 = 20.0;

/// How sure a session must be, on average, of the pairs it takes for one person.
const LEAST_CERTAINTY: f64 = 0.85;

/// Learns a model from the records alone. Where there are too few pairs of one person to learn from, or they do not
/// stand out, assumed figures take their place (see [`Model::learnt`]).
///
/// # Errors
/// [`EngineError::Cancelled`] when the watch says so.
pub fn train(
    records: &Records,
    plan: &BlockingPlan,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Model, EngineError> {
    train_index(records, &BlockIndex::new(records, plan, settings), settings, watch)
}

pub(crate) fn train_index(
    records: &Records,
    index: &BlockIndex,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Model, EngineError> {
    let ground: Vec<(usize, Vec<Comparison>)> =
        index.rules.iter().enumerate().filter_map(|(at, rule)| Some((at, rule.fixed()?))).collect();
    let total = ground.len() as u64 + 1;
    report(watch, Stage::Train, 0, total)?;
    let random = random_pairs(records, settings);
    let mut sessions = Vec::with_capacity(ground.len());
    for (done, (rule, fixed)) in (1_u64..).zip(ground) {
        report(watch, Stage::Train, done, total)?;
        sessions.push(Session { pairs: session_pairs(records, index, rule, &fixed, settings), fixed });
    }
    let mut model = Model::assumed(records);
    for _ in 0..ROUNDS {
        set_u(&mut model, &random);
        model.weigh();
        learn(&mut model, records, &sessions);
        model.weigh();
    }
    report(watch, Stage::Train, total, total)?;
    Ok(model)
}

/// Counts u in random pairs, less what is likely one person.
fn set_u(model: &mut Model, random: &PatternCounts) {
    let strangers: Vec<f64> =
        random.counts.iter().map(|(pattern, count)| count * (1.0 - model.posterior(*pattern))).collect();
    for comparison in &mut model.comparisons {
        let position = comparison.comparison.position();
        let mut by_level = vec![0.0; comparison.levels.len() + 1];
        for ((pattern, _), strangers) in random.counts.iter().zip(&strangers) {
            by_level[pattern.code(position)] += strangers;
        }
        let total: f64 = by_level.iter().skip(1).sum();
        let assumed = defaults::assumed_levels(&comparison.levels, |level| {
            defaults::assumed_u(comparison.comparison, level)
        });
        for ((level, count), assumed) in comparison.levels.iter_mut().zip(&by_level[1..]).zip(assumed) {
            let u = (count + defaults::STRENGTH * assumed) / (total + defaults::STRENGTH);
            // What was never seen in so many pairs may still be there in more.
            level.u = u.max(0.25 / total.max(1_000.0));
        }
    }
}

/// Learns m, the prior and the relatives from the sessions that tell people apart.
fn learn(model: &mut Model, records: &Records, sessions: &[Session]) {
    let learnt: Vec<(&Session, Learnt)> =
        sessions.iter().map(|session| (session, maximise(model, session, records))).collect();
    let sure: Vec<&(&Session, Learnt)> = learnt
        .iter()
        .filter(|(_, learnt)| learnt.matches >= LEAST_MATCHES && learnt.certainty >= LEAST_CERTAINTY)
        .collect();
    if sure.is_empty() {
        let assumed = Model::assumed(records);
        model.adopt_m(&assumed);
        (model.prior, model.relatives, model.learnt) = (assumed.prior, assumed.relatives, false);
        return;
    }
    model.learnt = true;
    for (position, comparison) in model.comparisons.iter_mut().enumerate() {
        let teachers = sure.iter().filter(|(session, _)| !session.fixed.contains(&comparison.comparison));
        let teachers: Vec<&Learnt> = teachers.map(|(_, learnt)| learnt).collect();
        let total: f64 = teachers.iter().map(|learnt| learnt.say()).sum();
        if total > 0.0 {
            for (code, level) in comparison.levels.iter_mut().enumerate() {
                level.m = teachers.iter().map(|learnt| learnt.say() * learnt.m[position][code]).sum::<f64>()
                    / total;
            }
        }
    }
    let pairs = records.comparable_pairs().max(1.0);
    let total: f64 = sure.iter().map(|(_, learnt)| learnt.say()).sum();
    let matches =
        sure.iter().map(|(session, learnt)| learnt.say() * learnt.matches_in_all(model, session, records));
    let matches = matches.sum::<f64>() / total;
    model.prior = (matches.max(1.0) / pairs).min(0.5);
    model.relatives = relatives::estimate(model, records, &learnt, matches);
}
