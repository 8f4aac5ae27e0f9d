//! One value that a person types into a field, by the same rules as the values of a file.

use super::date::{DateFormat, Epoch, parse_date, parse_partial};
use super::{Parsed, email, phone, score, state, text};
use crate::date::Date;
use crate::field::Field;

/// Appends the standardised form of `typed` to `out`; nothing where the value is missing or not understood.
///
/// No column shows which of day and month comes first, so a date in figures that fits both orders is not understood.
/// `today` completes two-digit years.
pub fn standardise(field: Field, typed: &str, today: Date, out: &mut String) -> Parsed<()> {
    let start = out.len();
    let parsed = match field {
        Field::BirthDate | Field::LastActive => {
            written(parse_date(typed, &format(field, today)), |date| date.write(out))
        }
        Field::MemberSince => written(parse_partial(typed, &format(field, today)), |date| date.write(out)),
        Field::State => written(state::parse_state(typed), |code| out.push_str(code)),
        Field::Score => written(score::parse_score(typed, out), |_| ()),
        Field::Email => email::parse_email(typed, out),
        Field::Phone => phone::parse_phone(typed, out),
        Field::Company | Field::SourceKey => text::tidy(typed, out),
        Field::Prefix
        | Field::GivenName
        | Field::MiddleName
        | Field::FamilyName
        | Field::Suffix
        | Field::PreferredName => text::tidy_name(typed, out),
    };
    if !matches!(parsed, Parsed::Value(..)) {
        out.truncate(start);
    }
    parsed
}

fn format(field: Field, today: Date) -> DateFormat {
    let past_only = field != Field::LastActive;
    DateFormat { order: None, epoch: Epoch::Year1900, serials: false, today, past_only }
}

fn written<T>(parsed: Parsed<T>, write: impl FnOnce(T)) -> Parsed<()> {
    match parsed {
        Parsed::Missing(change) => Parsed::Missing(change),
        Parsed::Failed(rule) => Parsed::Failed(rule),
        Parsed::Value(value, change) => {
            write(value);
            Parsed::Value((), change)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::{Change, Rule};

    fn typed(field: Field, text: &str) -> (Parsed<()>, String) {
        let mut out = String::new();
        let parsed = standardise(field, text, Date::new(2026, 11, 25).unwrap(), &mut out);
        (parsed, out)
    }

    #[test]
    fn values_get_the_form_of_their_field() {
        for (field, text, expected) in [
            (Field::BirthDate, "14 March 1971", "1971-03-14"),
            (Field::LastActive, "2024/3/4", "2024-03-04"),
            (Field::MemberSince, "1999", "1999"),
            (Field::State, "new york", "NY"),
            (Field::Email, " ann@EXAMPLE.org ", "ann@example.org"),
            (Field::Score, "1,000.50", "1000.5"),
            (Field::GivenName, "  Ann   Mary ", "Ann Mary"),
            (Field::Company, " Keller  Group", "Keller Group"),
        ] {
            let (parsed, out) = typed(field, text);
            assert_eq!((out.as_str(), matches!(parsed, Parsed::Value(..))), (expected, true), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_leaves_nothing_behind() {
        assert_eq!(typed(Field::BirthDate, "soon"), (Parsed::Failed(Rule::UnreadableDate), String::new()));
        assert_eq!(
            typed(Field::BirthDate, "03/04/1971"),
            (Parsed::Failed(Rule::AmbiguousDate), String::new())
        );
        assert_eq!(typed(Field::State, "Narnia"), (Parsed::Failed(Rule::UnreadableState), String::new()));
        assert_eq!(typed(Field::Email, "ann at home"), (Parsed::Failed(Rule::BadEmail), String::new()));
        assert_eq!(typed(Field::Phone, "call me"), (Parsed::Failed(Rule::BadPhone), String::new()));
        assert_eq!(typed(Field::Email, "n/a"), (Parsed::Missing(Some(Change::NullWord)), String::new()));
    }
}
