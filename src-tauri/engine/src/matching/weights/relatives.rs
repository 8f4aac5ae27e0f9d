//! How many relatives there are in a table.

use std::collections::HashMap;

use super::defaults::RELATIVES_PER_RECORD;
use super::expectation::{Learnt, Session, shared};
use super::model::{Model, Relatives};
use crate::matching::comparison::Comparison;
use crate::matching::records::Records;

/// The part of the assumed number of relatives that counts beside what was found: few were found where few fields tell.
const ASSUMED: f64 = 0.25;

/// Estimates relatives. Twins are found in the session of birth dates and namesakes in that of names, as pairs who
/// share a home and not the rest. Households are what is left of the pairs with the same family name and state after
/// pairs of one person and the pairs that chance would make.
pub(crate) fn estimate(
    model: &Model,
    records: &Records,
    learnt: &[(&Session, Learnt)],
    matches: f64,
) -> Relatives {
    let pairs = records.comparable_pairs().max(1.0);
    let [household, twins, namesakes] =
        RELATIVES_PER_RECORD.map(|each| each * records.len() as f64 * ASSUMED);
    let found = |fixed: &[Comparison]| {
        let session = learnt.iter().find(|(session, _)| session.fixed == fixed);
        session.map_or(0.0, |(session, learnt)| learnt.relatives / shared(model, session, records))
    };
    let share = |count: f64| (count / pairs).min(0.05);
    Relatives {
        household: share(household + households(model, records, matches)),
        twins: share(twins + found(&[Comparison::BirthDate])),
        namesakes: share(namesakes + found(&[Comparison::GivenName, Comparison::FamilyName])),
    }
}

fn households(model: &Model, records: &Records, matches: f64) -> f64 {
    let mut blocks: HashMap<(u32, u32), f64> = HashMap::new();
    for (family, state) in records.family.iter().zip(&records.state.ids) {
        if *family != 0 && *state != 0 {
            *blocks.entry((*family, *state)).or_default() += 1.0;
        }
    }
    let levels = [Comparison::FamilyName, Comparison::State].map(|comparison| {
        let exact = model.of(comparison).and_then(|model| model.levels.last());
        (exact.map_or((1.0, 1.0), |exact| (exact.m, exact.u)), records.filled(comparison).powi(2))
    });
    let both_filled: f64 = levels.iter().map(|(_, filled)| filled).product();
    let (m, u) = levels.iter().fold((1.0, 1.0), |(m, u), ((exact_m, exact_u), _)| (m * exact_m, u * exact_u));
    if both_filled < 0.01 {
        return 0.0;
    }
    // Whole numbers below 2^53 add up to the same in any order.
    let together: f64 = blocks.values().map(|count| count * (count - 1.0) / 2.0).sum();
    let by_chance = records.comparable_pairs() * both_filled * u;
    ((together - by_chance) / both_filled / m - matches).max(0.0)
}
