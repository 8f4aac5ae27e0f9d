//! When two standardised values say the same.

use crate::date::PartialDate;
use crate::field::Field;

/// Whether two values of a field say the same: equal without regard to capitals and runs of spaces, or dates of which one
/// is a reduced form of the other (`1971` and `1971-03-14`; ISO 8601 reduced precision).
pub fn agree(field: Field, one: &str, other: &str) -> bool {
    same_text(one, other) || is_date(field) && (fits(one, other) || fits(other, one))
}

/// Whether two texts are equal without regard to capitals and runs of spaces.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    one == other || fold(one).eq(fold(other))
}

/// Whether `reduced` is a date that leaves out what `full` says, and contradicts nothing of it.
pub(super) fn fits(reduced: &str, full: &str) -> bool {
    match (PartialDate::parse_iso(reduced), PartialDate::parse_iso(full)) {
        (Some(reduced), Some(full)) => {
            reduced != full
                && reduced.year == full.year
                && reduced.month.is_none_or(|month| full.month == Some(month))
                && reduced.day.is_none_or(|day| full.day == Some(day))
        }
        _ => false,
    }
}

/// Whether a field holds dates.
pub(super) const fn is_date(field: Field) -> bool {
    matches!(field, Field::BirthDate | Field::MemberSince | Field::LastActive)
}

/// A text's characters in small letters, with one space for each run of spaces and none at the ends.
fn fold(text: &str) -> impl Iterator<Item = char> {
    text.split_whitespace()
        .enumerate()
        .flat_map(|(index, word)| (index > 0).then_some(' ').into_iter().chain(word.chars()))
        .flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_spaces_make_no_difference() {
        assert!(agree(Field::Company, "Keller Group", " keller  GROUP "));
        assert!(!agree(Field::Company, "Keller Group", "KellerGroup"));
        assert!(agree(Field::FamilyName, "ÖZ", "öz"));
    }

    #[test]
    fn a_reduced_date_fits_a_full_one_in_date_fields_only() {
        assert!(agree(Field::BirthDate, "1971", "1971-03-14"));
        assert!(agree(Field::MemberSince, "1971-03-14", "1971-03"));
        assert!(!agree(Field::MemberSince, "1971-03", "1971-04-01"));
        assert!(!agree(Field::Phone, "1971", "1971-03-14"));
    }
}
