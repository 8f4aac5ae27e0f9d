//! Why a pair scored what it did: in a sentence, and as a waterfall of evidence from the prior to the probability.

mod sentence;

use serde::{Deserialize, Serialize};

use super::comparison::{Comparison, Level};
use super::records::Records;
use super::scoring::{Scorer, probability};
use super::weights::Model;

/// The evidence about a pair. It names fields and levels, never a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Explanation {
    /// `Same name and birth date; the company differs. 99.8 % sure that they are one person.`
    pub sentence: String,
    /// Whether both are one membership of one club, and so one person whatever the evidence
    pub same_membership: bool,
    /// From the prior to the last field; the weights add up to [`Explanation::weight`]
    pub steps: Vec<Step>,
    /// Evidence in bits: log₂ of the odds; 0 is even, 10 is about a thousand to one
    pub weight: f64,
    /// Probability that they are one person
    pub probability: f64,
}

/// What a step of the waterfall is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// How likely two records taken at random are one person
    Prior,
    /// What a field says
    Field,
    /// What the chance takes away that they are relatives, who agree on much too
    Relatives,
}

/// A step of the waterfall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Step {
    /// What it is about
    pub kind: StepKind,
    /// The comparison, of a field
    pub comparison: Option<Comparison>,
    /// The field's label or the step's name, for people
    pub label: String,
    /// The level, of a field
    pub level: Option<Level>,
    /// The level in words
    pub words: String,
    /// Bits that the step adds or takes away
    pub weight: f64,
    /// The part of `weight` that comes from how frequent the value is: above 0 for a rare one
    pub by_frequency: f64,
    /// Probability that they are one person after this step
    pub probability: f64,
}

/// Explains a pair, whether or not blocking would make it.
pub fn explain(records: &Records, model: &Model, a: u32, b: u32) -> Explanation {
    explain_with(&Scorer::new(records, model), records, a, b)
}

/// As [`explain`], with a scorer that is at hand: for many pairs.
pub fn explain_with(scorer: &Scorer<'_>, records: &Records, a: u32, b: u32) -> Explanation {
    let pair = scorer.score(a, b);
    let parts = scorer.parts(pair.a, pair.b, pair.pattern);
    let mut steps = vec![Step {
        kind: StepKind::Prior,
        comparison: None,
        label: "Before looking".into(),
        level: None,
        words: "two records taken at random".into(),
        weight: parts.prior,
        by_frequency: 0.0,
        probability: 0.0,
    }];
    let comparisons = Comparison::of(records);
    for part in &parts.parts {
        let (comparison, _) = comparisons[part.position];
        // A field that neither record has is no step.
        let level = scorer.level(part.position, part.level);
        if level == Level::Missing
            && !has_value(records, comparison, pair.a)
            && !has_value(records, comparison, pair.b)
        {
            continue;
        }
        steps.push(Step {
            kind: StepKind::Field,
            comparison: Some(comparison),
            label: label(records, comparison),
            level: Some(level),
            words: level.words().into(),
            weight: part.by_level + part.by_frequency,
            by_frequency: part.by_frequency,
            probability: 0.0,
        });
    }
    steps.push(Step {
        kind: StepKind::Relatives,
        comparison: None,
        label: "Relatives".into(),
        level: None,
        words: "people of one family agree on much of this too".into(),
        weight: parts.relatives,
        by_frequency: 0.0,
        probability: 0.0,
    });
    let mut sum = 0.0;
    for step in &mut steps {
        sum += step.weight;
        step.probability = probability(sum);
    }
    let mut explanation = Explanation {
        sentence: String::new(),
        same_membership: records.same_membership(a, b),
        steps,
        weight: sum,
        probability: probability(sum),
    };
    explanation.sentence = sentence::of(&explanation);
    explanation
}

fn label(records: &Records, comparison: Comparison) -> String {
    match comparison {
        Comparison::Extra(index) => records.extras[usize::from(index)].column.label.clone(),
        _ => comparison.field().map_or_else(String::new, |field| field.label().into()),
    }
}

fn has_value(records: &Records, comparison: Comparison, record: u32) -> bool {
    let at = record as usize;
    match comparison {
        Comparison::GivenName => records.given[at] != 0,
        Comparison::MiddleName => records.middle[at] != 0,
        Comparison::FamilyName => records.family[at] != 0,
        Comparison::Suffix => records.generation[at] != 0,
        Comparison::BirthDate => records.birth_date[at] != 0,
        Comparison::Company => records.company.ids[at] != 0,
        Comparison::State => records.state.ids[at] != 0,
        Comparison::Email => records.email.ids[at] != 0,
        Comparison::Phone => records.phone.ids[at] != 0,
        Comparison::Extra(index) => records.extras[usize::from(index)].text.ids[at] != 0,
    }
}
