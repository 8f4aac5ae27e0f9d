//! Rules over the dates of a record.

use super::{RecordFacts, RuleBook};
use crate::date::Date;
use crate::field::Field;
use crate::issue::Rule;

impl RuleBook {
    /// The rules of dates; see [`RuleBook::check`] for what each says.
    #[inline]
    pub(super) fn check_dates(&self, facts: &RecordFacts, report: &mut impl FnMut(Rule, Field)) {
        let RecordFacts { birth, last_active, .. } = *facts;
        let joined = facts.member_since.map(|since| since.year);
        let age_at_joining = birth.zip(joined).map(|(birth, joined)| joined - birth.year());
        if age_at_joining.is_some_and(|age| age < 0) {
            report(Rule::JoinedBeforeBirth, Field::MemberSince);
        }
        if last_active.zip(joined).is_some_and(|(active, joined)| active.year() < joined) {
            report(Rule::ActiveBeforeJoined, Field::LastActive);
        }
        if birth.is_some_and(|birth| birth > self.today) {
            report(Rule::BornInFuture, Field::BirthDate);
        }
        if last_active.is_some_and(|active| active > self.today) {
            report(Rule::ActiveInFuture, Field::LastActive);
        }
        if birth.is_some_and(|birth| age_in_years(birth, self.today) > self.oldest_age) {
            report(Rule::ImplausibleAge, Field::BirthDate);
        }
        if age_at_joining.is_some_and(|age| (0..self.joined_under_age).contains(&age)) {
            report(Rule::JoinedUnderAge, Field::MemberSince);
        }
    }
}

/// Completed years from `birth` to `day`; someone born on 29 February completes a year on 1 March of common years.
fn age_in_years(birth: Date, day: Date) -> i16 {
    let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(before_birthday)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::date::PartialDate;
    use crate::recipe::RuleSettings;

    fn date(year: i16, month: u8, day: u8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    fn broken(birth: Option<Date>, joined: Option<PartialDate>, active: Option<Date>) -> Vec<(Rule, Field)> {
        let book = RuleBook::new(&RuleSettings::default(), date(2026, 11, 23));
        let facts =
            RecordFacts { birth, member_since: joined, last_active: active, score: None, has_name: true };
        let mut found = Vec::new();
        book.check(&facts, &mut |rule, field| found.push((rule, field.unwrap())));
        found
    }

    #[test]
    fn joining_comes_after_birth() {
        let joined = |year| broken(Some(date(1990, 6, 1)), Some(PartialDate::year(year)), None);
        assert_eq!(joined(1989), [(Rule::JoinedBeforeBirth, Field::MemberSince)]);
        assert_eq!(joined(1990), [(Rule::JoinedUnderAge, Field::MemberSince)]);
        assert_eq!(joined(1994), [(Rule::JoinedUnderAge, Field::MemberSince)]);
        assert_eq!(joined(1995), []);
        // Only years are compared: joined in January of the year of a birth in June is no contradiction.
        let january = PartialDate { year: 1990, month: Some(1), day: None };
        assert_eq!(
            broken(Some(date(1990, 6, 1)), Some(january), None),
            [(Rule::JoinedUnderAge, Field::MemberSince)]
        );
    }

    #[test]
    fn activity_comes_after_joining_and_not_after_today() {
        let active = |year, day| broken(None, Some(PartialDate::year(2018)), Some(date(year, 1, day)));
        assert_eq!(active(2017, 31), [(Rule::ActiveBeforeJoined, Field::LastActive)]);
        assert_eq!(active(2018, 1), []);
        assert_eq!(active(2027, 1), [(Rule::ActiveInFuture, Field::LastActive)]);
        assert_eq!(broken(None, None, Some(date(2026, 11, 23))), []);
        assert_eq!(broken(None, None, Some(date(2026, 11, 24))), [(Rule::ActiveInFuture, Field::LastActive)]);
    }

    #[test]
    fn births_are_neither_in_the_future_nor_too_long_ago() {
        let born = |birth| broken(Some(birth), None, None);
        assert_eq!(born(date(2026, 11, 23)), []);
        assert_eq!(born(date(2026, 11, 24)), [(Rule::BornInFuture, Field::BirthDate)]);
        // 120 years are allowed until the day before the 121st birthday.
        assert_eq!(born(date(1905, 11, 24)), []);
        assert_eq!(born(date(1905, 11, 23)), [(Rule::ImplausibleAge, Field::BirthDate)]);
        assert_eq!(born(date(1, 1, 1)), [(Rule::ImplausibleAge, Field::BirthDate)]);
    }

    #[test]
    fn several_rules_may_hold() {
        assert_eq!(
            broken(Some(date(2030, 1, 1)), Some(PartialDate::year(2029)), Some(date(2028, 1, 1))),
            [
                (Rule::JoinedBeforeBirth, Field::MemberSince),
                (Rule::ActiveBeforeJoined, Field::LastActive),
                (Rule::BornInFuture, Field::BirthDate),
                (Rule::ActiveInFuture, Field::LastActive)
            ]
        );
        assert!(Rule::ALL.is_sorted());
    }

    #[test]
    fn leap_days_have_birthdays() {
        assert_eq!(age_in_years(date(2000, 2, 29), date(2001, 2, 28)), 0);
        assert_eq!(age_in_years(date(2000, 2, 29), date(2001, 3, 1)), 1);
        assert_eq!(age_in_years(date(2000, 2, 29), date(2004, 2, 29)), 4);
    }

    proptest! {
        #[test]
        fn the_two_rules_of_joining_exclude_each_other(birth in 1..=9999_i16, joined in 1..=9999_i16) {
            let found = broken(Some(date(birth, 1, 1)), Some(PartialDate::year(joined)), None);
            let of_joining = found.iter().filter(|(_, field)| *field == Field::MemberSince).count();
            prop_assert!(of_joining <= 1);
            prop_assert_eq!(of_joining == 1, joined < birth || joined - birth < 5);
        }
    }
}
