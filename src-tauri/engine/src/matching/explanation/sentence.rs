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
        99.9.. => format!("{:.2} %", (percent * 100.0).floor() / 100.0),
        99.0.. => format!("{:.1} %", (percent * 10.0).floor() / 10.0),
        1.0.. => format!("{percent:.0} %"),
        _ => "Less than 1 %".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explanation(fields: &[(Comparison, Level)], probability: f64, relatives: f64) -> Explanation {
        let step = |kind, comparison: Option<Comparison>, level: Option<Level>, weight| Step {
            kind,
            comparison,
            label: comparison
                .and_then(Comparison::field)
                .map_or_else(String::new, |field| field.label().to_owned()),
            level,
            words: level.map_or("", Level::words).to_owned(),
            weight,
            by_frequency: 0.0,
            probability: 0.0,
        };
        let fields = fields
            .iter()
            .map(|(comparison, level)| step(StepKind::Field, Some(*comparison), Some(*level), 1.0));
        let steps = fields.chain([step(StepKind::Relatives, None, None, relatives)]).collect();
        Explanation { sentence: String::new(), same_membership: false, steps, weight: 0.0, probability }
    }

    #[test]
    fn a_sentence_says_what_is_the_same_and_what_differs() {
        use Comparison::{BirthDate, Company, FamilyName, GivenName, State};
        let usual = [(GivenName, Level::Exact), (FamilyName, Level::Exact), (BirthDate, Level::Exact)];
        let conflict = [&usual[..], &[(Company, Level::Different), (State, Level::Missing)]].concat();
        assert_eq!(
            of(&explanation(&conflict, 0.9985, 0.0)),
            "Same name and birth date; the company differs. 99.8 % sure that they are one person."
        );
        let slips = [(GivenName, Level::Nickname), (FamilyName, Level::Exact), (BirthDate, Level::OneDigit)];
        assert_eq!(
            of(&explanation(&slips, 0.62, -3.0)),
            "Same family name; given name: nickname of the other; birth date: one digit differs. They may be \
             relatives. 62 % sure that they are one person."
        );
        let swapped = [(GivenName, Level::Swapped), (FamilyName, Level::Missing)];
        assert_eq!(
            of(&explanation(&swapped, 0.001, 0.0)),
            "Given and family name swapped. Less than 1 % sure that they are one person."
        );
        let other =
            [(GivenName, Level::Different), (FamilyName, Level::Different), (State, Level::Different)];
        assert_eq!(
            of(&explanation(&other, 0.999_95, 0.0)),
            "The name and state differ. More than 99.99 % sure that they are one person."
        );
    }
}
