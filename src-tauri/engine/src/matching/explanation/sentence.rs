//! The evidence in one sentence.

use super::{Explanation, Step, StepKind};
use crate::matching::comparison::{Comparison, Level};

/// Bits from which the chance of a relative is worth a word.
const WORTH_SAYING: f64 = -2.0;

/// `Same name and birth date; the company differs. 99.8 % sure that they are one person.`
pub(super) fn of(explanation: &Explanation) -> String {
    let fields: Vec<&Step> = explanation.steps.iter().filter(|step| step.kind == StepKind::Field).collect();
    let at = |wanted: &dyn Fn(Level) -> bool| -> Vec<String> {
        let found = fields.iter().filter(|step| step.level.is_some_and(wanted));
        name_as_one(found.map(|step| (step.comparison, step.label.to_lowercase())).collect())
    };
    let mut clauses = Vec::new();
    let same = at(&|level| level == Level::Exact);
    if !same.is_empty() {
        clauses.push(format!("same {}", listed(&same)));
    }
    let between = |level| !matches!(level, Level::Exact | Level::Different | Level::Missing);
    for step in fields.iter().filter(|step| step.level.is_some_and(between)) {
        match step.level {
            Some(Level::Swapped) => clauses.push(step.words.clone()),
            _ => clauses.push(format!("{}: {}", step.label.to_lowercase(), step.words)),
        }
    }
    let different = at(&|level| level == Level::Different);
    if !different.is_empty() {
        clauses.push(format!(
            "the {} differ{}",
            listed(&different),
            if different.len() == 1 { "s" } else { "" }
        ));
    }
    let mut sentence = if clauses.is_empty() { "Nothing to compare".to_owned() } else { clauses.join("; ") };
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    let relatives = explanation.steps.iter().find(|step| step.kind == StepKind::Relatives);
    if relatives.is_some_and(|step| step.weight < WORTH_SAYING) {
        sentence.push_str(". They may be relatives");
    }
    if explanation.same_membership {
        return sentence + ". One membership: the club lists them under one member number.";
    }
    format!("{sentence}. {} sure that they are one person.", percent(explanation.probability))
}

/// Given and family name together are the name.
fn name_as_one(fields: Vec<(Option<Comparison>, String)>) -> Vec<String> {
    let has = |wanted| fields.iter().any(|(comparison, _)| *comparison == Some(wanted));
    let whole = has(Comparison::GivenName) && has(Comparison::FamilyName);
    let mut names = Vec::new();
    for (comparison, label) in fields {
        match comparison {
            Some(Comparison::GivenName) if whole => names.push("name".to_owned()),
            Some(Comparison::FamilyName) if whole => {}
            _ => names.push(label),
        }
    }
    names
}

fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Never rounded to certainty.
fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    match percent {
        99.99.. => "More than 99.99 %".to_owned(),
        99.0.. => format!("{:.2} %", (percent * 100.0).floor() / 100.0),
        1.0.. => format!("{percent:.0} %"),
        _ => "Less than 1 %".to_owned(),
    }
}
