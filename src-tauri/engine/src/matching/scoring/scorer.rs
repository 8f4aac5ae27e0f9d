//! Scores a pair from its levels, the values' frequencies and the chance of a relative.

use super::ScoredPair;
use super::frequency::Frequencies;
use crate::matching::comparison::{self, Comparison, Level, MOST_COMPARISONS, Pattern};
use crate::matching::records::{ExtraKind, Records};
use crate::matching::weights::{Model, usual_frequency};

/// log₂ of the odds of a probability.
pub(crate) fn weight(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// Probability of odds whose log₂ is `weight`.
pub(crate) fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// What a comparison says about a pair, in bits.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part {
    /// Position of the comparison
    pub(crate) position: usize,
    pub(crate) level: usize,
    /// By the level alone
    pub(crate) by_level: f64,
    /// By the value's frequency, on top
    pub(crate) by_frequency: f64,
}

/// All parts of a pair's weight.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub(crate) prior: f64,
    pub(crate) parts: Vec<Part>,
    /// What the chance that they are relatives takes away: 0 or less
    pub(crate) relatives: f64,
}

/// Kinds of relatives: household, twins, namesakes.
const KINDS: usize = 3;
const NAMESAKES: usize = 2;

/// Years between births within which two are of one generation.
const YEARS_OF_A_GENERATION: u32 = 10;
/// What that says against namesakes, in bits: half as likely as chance would have it.
const SAME_GENERATION: f64 = -1.0;

struct Compared {
    weights: [f64; 16],
    levels: Vec<Level>,
    log_m: f64,
    exact: usize,
    frequencies: Option<Frequencies>,
    /// Which kinds of relatives agree here as one person does
    shared: [bool; KINDS],
}

/// Scores pairs of a table by a model.
pub struct Scorer<'r> {
    records: &'r Records,
    prior: f64,
    /// Odds of each kind of relatives against strangers
    relatives: [f64; KINDS],
    compared: Vec<Compared>,
}

impl<'r> Scorer<'r> {
    /// Makes a scorer. Of a model for other extra columns, only the comparisons that both have count.
    pub fn new(records: &'r Records, model: &Model) -> Scorer<'r> {
        let compared = Comparison::of(records).into_iter().map(|(comparison, levels)| {
            let found = model.comparisons.iter().find(|model| model.comparison == comparison);
            let known = found.map_or(&[][..], |found| &found.levels);
            let mut weights = [0.0; 16];
            for (code, level) in levels.iter().enumerate() {
                weights[code + 1] =
                    known.iter().find(|known| known.level == *level).map_or(0.0, |known| known.weight);
            }
            let frequencies = frequencies(records, comparison);
            if frequencies.is_none() {
                // Nothing says more than being the same; where values have frequencies, theirs are the measure.
                let exact = weights[levels.len()];
                weights[1..].iter_mut().for_each(|weight| *weight = weight.min(exact));
            }
            let household = comparison.is_of_household(records);
            Compared {
                weights,
                levels: levels.to_vec(),
                log_m: known.last().map_or(0.0, |exact| exact.m.max(1e-9).log2()),
                exact: levels.len(),
                frequencies,
                shared: [
                    household,
                    household || comparison == Comparison::BirthDate,
                    household || comparison == Comparison::GivenName,
                ],
            }
        });
        let strangers = 1.0 - model.prior;
        Scorer {
            records,
            prior: model.prior_weight(),
            relatives: [model.relatives.household, model.relatives.twins, model.relatives.namesakes]
                .map(|odds| odds / strangers),
            compared: compared.collect(),
        }
    }

    /// Scores a pair.
    pub fn score(&self, a: u32, b: u32) -> ScoredPair {
        let (a, b) = (a.min(b), a.max(b));
        let pattern = comparison::compare(self.records, a, b);
        let weight = self.weigh(a, b, pattern);
        ScoredPair { a, b, weight: weight as f32, pattern }
    }

    /// Scores a pair and keeps it where its weight is at least `least` or both are one membership.
    pub(crate) fn score_above(&self, a: u32, b: u32, least: f64) -> Option<ScoredPair> {
        let (a, b) = (a.min(b), a.max(b));
        let pattern = comparison::compare(self.records, a, b);
        let least = if self.records.same_membership(a, b) { f64::NEG_INFINITY } else { least };
        let (fields, of_relatives) = self.sums(a, b, pattern);
        if fields < least {
            return None;
        }
        let weight = fields + self.less_relatives(of_relatives);
        (weight >= least).then_some(ScoredPair { a, b, weight: weight as f32, pattern })
    }

    fn weigh(&self, a: u32, b: u32, pattern: Pattern) -> f64 {
        let (fields, of_relatives) = self.sums(a, b, pattern);
        fields + self.less_relatives(of_relatives)
    }

    /// Bits of the prior and the fields together, and those that relatives would have.
    fn sums(&self, a: u32, b: u32, pattern: Pattern) -> (f64, [f64; KINDS]) {
        let mut sum = self.prior;
        let mut of_relatives = [0.0; KINDS];
        for (position, compared) in self.compared.iter().enumerate() {
            let code = pattern.code(position);
            if code == 0 {
                continue;
            }
            let bits = self.bits(position, code, a, b);
            sum += bits;
            for (of_kind, shared) in of_relatives.iter_mut().zip(compared.shared) {
                *of_kind += if shared { self.of_relative(position, code, bits) } else { 0.0 };
            }
        }
        of_relatives[NAMESAKES] += self.same_generation(a, b);
        (sum, of_relatives)
    }

    /// All parts of the weight of a pair.
    pub(crate) fn parts(&self, a: u32, b: u32, pattern: Pattern) -> Parts {
        let mut parts = Parts { prior: self.prior, ..Parts::default() };
        let mut of_relatives = [0.0; KINDS];
        for (position, compared) in self.compared.iter().enumerate() {
            let level = pattern.code(position);
            let bits = self.bits(position, level, a, b);
            let by_level = compared.weights[level];
            parts.parts.push(Part { position, level, by_level, by_frequency: bits - by_level });
            for (of_kind, shared) in of_relatives.iter_mut().zip(compared.shared) {
                *of_kind += if shared { self.of_relative(position, level, bits) } else { 0.0 };
            }
        }
        of_relatives[NAMESAKES] += self.same_generation(a, b);
        parts.relatives = self.less_relatives(of_relatives);
        parts
    }

    /// The level at a position of a pattern.
    pub(crate) fn level(&self, position: usize, code: usize) -> Level {
        if code == 0 { Level::Missing } else { self.compared[position].levels[code - 1] }
    }

    /// Bits of one comparison.
    #[inline]
    fn bits(&self, position: usize, code: usize, a: u32, b: u32) -> f64 {
        let compared = &self.compared[position];
        let weight = compared.weights[code];
        let Some(frequencies) = compared.frequencies.as_ref().filter(|_| code != 0) else {
            return weight;
        };
        let (x, y) = self.values(position, a, b);
        if code == compared.exact {
            frequencies.exact(x, compared.log_m, weight)
        } else if self.is_swapped(position, code) {
            self.swapped_bits(a, b, weight)
        } else {
            frequencies.near(x, y, compared.log_m, compared.weights[compared.exact], weight)
        }
    }

    /// Bits of swapped names: by level, and by how rare both names are in the places where they are more frequent. Not
    /// more than both would say at their own places.
    fn swapped_bits(&self, a: u32, b: u32, weight: f64) -> f64 {
        let (given, family) = (Comparison::GivenName.position(), Comparison::FamilyName.position());
        let of = |record: u32| {
            let (first, last) = (self.values(given, record, record).0, self.values(family, record, record).0);
            [(given, first), (family, last)]
                .into_iter()
                .filter_map(|(position, value)| {
                    let compared = &self.compared[position];
                    let exact = compared.weights[compared.exact];
                    let by_value = compared.frequencies.as_ref()?.exact(value, compared.log_m, exact);
                    Some([by_value, by_value - exact])
                })
                .fold([0.0, 0.0], |[sum, shift], [by_value, more]| [sum + by_value, shift + more])
        };
        let ([sum_a, shift_a], [sum_b, shift_b]) = (of(a), of(b));
        (weight + shift_a.min(shift_b)).min(sum_a.min(sum_b)).max(0.0)
    }

    fn is_swapped(&self, position: usize, code: usize) -> bool {
        position == Comparison::GivenName.position() && code == usize::from(comparison::names::given::SWAPPED)
    }

    /// What a shared comparison says about relatives. Swapped names hold both names: half each.
    fn of_relative(&self, position: usize, code: usize, bits: f64) -> f64 {
        if self.is_swapped(position, code) { bits / 2.0 } else { bits }
    }

    /// Bits against namesakes for two who were born in the same ten years: relatives share a given name across
    /// generations, seldom within one.
    fn same_generation(&self, a: u32, b: u32) -> f64 {
        let (a, b) =
            (self.records.birth_date[a as usize] / 10_000, self.records.birth_date[b as usize] / 10_000);
        if a != 0 && b != 0 && a.abs_diff(b) <= YEARS_OF_A_GENERATION { SAME_GENERATION } else { 0.0 }
    }

    /// Bits that the chance of a relative takes away: with M for one person, R for relatives and U for strangers, the
    /// odds are M / (U + R), and M / U is what the fields say.
    fn less_relatives(&self, of_relatives: [f64; KINDS]) -> f64 {
        let odds: f64 = self.relatives.iter().zip(of_relatives).map(|(odds, bits)| odds * bits.exp2()).sum();
        -(1.0 + odds).log2()
    }

    fn values(&self, position: usize, a: u32, b: u32) -> (u32, u32) {
        let (a, b) = (a as usize, b as usize);
        let records = self.records;
        let column = match position {
            0 => &records.given,
            2 => &records.family,
            4 => return (records.birth_date[a], records.birth_date[b]),
            5 => &records.company.ids,
            6 => &records.state.ids,
            7 => &records.email.ids,
            8 => &records.phone.ids,
            9..MOST_COMPARISONS => &records.extras[position - 9].text.ids,
            _ => return (0, 0),
        };
        (column[a], column[b])
    }
}

fn frequencies(records: &Records, comparison: Comparison) -> Option<Frequencies> {
    let (counts, only_frequent) = match comparison {
        Comparison::GivenName => (&records.given_counts, false),
        Comparison::FamilyName => (&records.family_counts, false),
        Comparison::Company => (&records.company.counts, false),
        Comparison::State => (&records.state.counts, false),
        Comparison::Email => (&records.email.counts, true),
        Comparison::Phone => (&records.phone.counts, true),
        Comparison::Extra(index) => {
            let extra = &records.extras[usize::from(index)];
            (&extra.text.counts, extra.column.kind == ExtraKind::Identifier)
        }
        Comparison::MiddleName | Comparison::Suffix | Comparison::BirthDate => return None,
    };
    Some(Frequencies::new(counts, only_frequent, usual_frequency(comparison)))
}
