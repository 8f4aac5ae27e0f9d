//! Compares two records field by field: a level for each, and all levels of a pair as a pattern.

pub(crate) mod dates;
mod level;
pub(crate) mod names;
pub(crate) mod nickname;
mod similarity;
mod texts;

pub(crate) use level::MOST_COMPARISONS;
pub use level::{Comparison, Level, Pattern};

use names::{KnownNames, NameParts};

use super::records::Records;

/// Levels of two records. Symmetric.
pub(crate) fn compare(records: &Records, a: u32, b: u32) -> Pattern {
    let (a, b) = (a as usize, b as usize);
    let known = KnownNames {
        names: &records.names,
        given_counts: &records.given_counts,
        family_counts: &records.family_counts,
    };
    let names = names::compare(known, name_parts(records, a), name_parts(records, b));
    let mut pattern = Pattern::default();
    let mut set = |comparison: Comparison, code| pattern.set(comparison.position(), code);
    set(Comparison::GivenName, names.given);
    set(Comparison::MiddleName, names.middle);
    set(Comparison::FamilyName, names.family);
    set(Comparison::Suffix, generations(records.generation[a], records.generation[b]));
    set(Comparison::BirthDate, dates::compare(records.birth_date[a], records.birth_date[b]));
    set(Comparison::Company, texts::company(&records.company, a, b));
    set(Comparison::State, texts::equal(&records.state, a, b));
    set(Comparison::Email, texts::email(&records.email, &records.email_local, a, b));
    set(Comparison::Phone, texts::phone(&records.phone, a, b));
    for (index, extra) in records.extras.iter().enumerate() {
        set(Comparison::Extra(index as u8), texts::extra(extra.column.kind, &extra.text, a, b));
    }
    pattern
}

fn name_parts(records: &Records, record: usize) -> NameParts {
    NameParts {
        given: records.given[record],
        middle: records.middle[record],
        family: records.family[record],
        preferred: records.preferred[record],
    }
}

/// Generations: missing, different, the same.
fn generations(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 { 0 } else { 1 + u8::from(a == b) }
}
