//! Rules over a whole record: what its values say together.

mod chronology;

use crate::date::{Date, PartialDate};
use crate::field::Field;
use crate::issue::Rule;
use crate::recipe::RuleSettings;

/// What the rules look at.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RecordFacts {
    /// [`Field::BirthDate`]
    pub birth: Option<Date>,
    /// [`Field::MemberSince`]
    pub member_since: Option<PartialDate>,
    /// [`Field::LastActive`]
    pub last_active: Option<Date>,
    /// [`Field::Score`]
    pub score: Option<f64>,
    /// Whether there is a given or a family name
    pub has_name: bool,
}

/// The rules of an import, with their limits and the day that is today.
#[derive(Debug, Clone)]
pub struct RuleBook {
    today: Date,
    joined_under_age: i16,
    oldest_age: i16,
    score_min: f64,
    score_max: f64,
    /// One bit a rule, set where it is on
    on: u64,
}

// A bit for every rule must fit.
const _: () = assert!(Rule::ALL.len() <= 64);

impl RuleBook {
    /// The rules with the limits of `settings`, on the day `today`.
    pub fn new(settings: &RuleSettings, today: Date) -> RuleBook {
        let off = settings.off.iter().fold(0, |off, &rule| off | bit(rule));
        RuleBook {
            today,
            joined_under_age: i16::from(settings.joined_under_age),
            oldest_age: i16::from(settings.oldest_age),
            score_min: settings.score_min.unwrap_or(f64::NEG_INFINITY),
            score_max: settings.score_max.unwrap_or(f64::INFINITY),
            on: !off,
        }
    }

    /// Whether the rule is on. All are until the settings switch them off.
    #[inline]
    pub const fn is_on(&self, rule: Rule) -> bool {
        self.on & bit(rule) != 0
    }

    /// The day that counts as today.
    pub const fn today(&self) -> Date {
        self.today
    }

    /// Calls `found` for every rule that the record breaks, with the field that is most likely wrong, in the order of
    /// [`Rule::ALL`].
    ///
    /// | rule | holds where | reported on |
    /// | --- | --- | --- |
    /// | `missing_name` | there is neither a given nor a family name | family name |
    /// | `joined_before_birth` | year of `member_since` < year of `birth` | member since |
    /// | `active_before_joined` | year of `last_active` < year of `member_since` | last active |
    /// | `born_in_future` | `birth` > today | birth date |
    /// | `active_in_future` | `last_active` > today | last active |
    /// | `implausible_age` | completed years from `birth` to today > `oldest_age` | birth date |
    /// | `joined_under_age` | 0 ≤ year of `member_since` − year of `birth` < the setting | member since |
    /// | `score_out_of_range` | `score` < `score_min` or > `score_max` | score |
    ///
    /// A rule that needs a value which is missing does not hold. Rules of dates compare years where one of the dates may
    /// be a year only, so that 2019 and 2019-01-09 never contradict each other.
    #[inline]
    pub fn check(&self, facts: &RecordFacts, found: &mut impl FnMut(Rule, Option<Field>)) {
        let mut report = |rule: Rule, field: Field| {
            if self.is_on(rule) {
                found(rule, Some(field));
            }
        };
        if !facts.has_name {
            report(Rule::MissingName, Field::FamilyName);
        }
        if facts.score.is_some_and(|score| score < self.score_min || score > self.score_max) {
            report(Rule::ScoreOutOfRange, Field::Score);
        }
        self.check_dates(facts, &mut report);
    }
}

const fn bit(rule: Rule) -> u64 {
    1 << rule as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(settings: &RuleSettings, facts: RecordFacts) -> Vec<(Rule, Option<Field>)> {
        let book = RuleBook::new(settings, Date::new(2026, 11, 23).unwrap());
        let mut found = Vec::new();
        book.check(&facts, &mut |rule, field| found.push((rule, field)));
        found
    }

    #[test]
    fn a_record_needs_a_name_and_nothing_else() {
        let named = RecordFacts { has_name: true, ..RecordFacts::default() };
        assert_eq!(broken(&RuleSettings::default(), named), []);
        assert_eq!(
            broken(&RuleSettings::default(), RecordFacts::default()),
            [(Rule::MissingName, Some(Field::FamilyName))]
        );
    }

    #[test]
    fn scores_are_limited_where_the_settings_say_so() {
        let settings =
            RuleSettings { score_min: Some(30.0), score_max: Some(99.0), ..RuleSettings::default() };
        for (score, wrong) in [(29.9, true), (30.0, false), (99.0, false), (99.5, true)] {
            let facts = RecordFacts { score: Some(score), has_name: true, ..RecordFacts::default() };
            assert_eq!(!broken(&settings, facts).is_empty(), wrong, "{score}");
            assert_eq!(broken(&RuleSettings::default(), facts), []);
        }
    }

    #[test]
    fn rules_can_be_switched_off() {
        let settings = RuleSettings { off: vec![Rule::MissingName], ..RuleSettings::default() };
        assert_eq!(broken(&settings, RecordFacts::default()), []);
        let book = RuleBook::new(&settings, Date::new(2026, 1, 1).unwrap());
        assert!(!book.is_on(Rule::MissingName));
        assert!(Rule::ALL.iter().filter(|&&rule| !book.is_on(rule)).count() == 1);
    }
}
