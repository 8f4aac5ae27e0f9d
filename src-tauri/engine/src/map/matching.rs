//! How well a header fits a target.

use strsim::damerau_levenshtein;

use super::header::{normalise_header, squeeze};
use super::synonyms::{COMPANIES, MEMBERS, OF_OTHERS, OTHERS, QUALIFIERS};
use crate::field::Target;
use crate::recipe::Dimension;

/// How a header was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It is a usual name
    Usual,
    /// It has words around a usual name
    Contains,
    /// It is a usual name with a slip
    Misspelt(&'static str),
}

/// A target that a header fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct HeaderMatch {
    pub(super) target: Target,
    /// 0 to 1
    pub(super) score: f64,
    pub(super) how: How,
}

/// Words that stand around a name weaken it only a little.
const CONTAINED: f64 = 0.93;
/// The same name again with a number: the first one is meant.
const NUMBERED: f64 = 0.9;
/// Another person's.
const ANOTHERS: f64 = 0.3;
/// An id or number of an organisation that is not known.
const SOME_NUMBER: f64 = 0.5;
/// A slip weakens a name in proportion; this is what a slip of no letter would leave.
const MISSPELT: f64 = 0.95;

/// The targets that a header fits, each once, the best first.
pub(super) fn header_matches(header: &str, role: Option<Dimension>) -> Vec<HeaderMatch> {
    let normalised = normalise_header(header);
    let table = match role {
        Some(Dimension::Company) => COMPANIES,
        None => MEMBERS,
    };
    let mut found = Vec::new();
    let name = squeeze(&normalised);
    look_up(table, &name, 1.0, How::Usual, &mut found);
    if found.is_empty() {
        with_words_left_out(table, &normalised, &mut found);
    }
    if found.is_empty() && !OTHERS.contains(&name.as_str()) {
        misspelt(table, &name, &mut found);
    }
    if found.is_empty() && role.is_none() && is_some_number(&normalised) {
        found.push(HeaderMatch { target: Target::SourceKey, score: SOME_NUMBER, how: How::Contains });
    }
    // The best of each target.
    found.sort_by(|one, other| one.target.cmp(&other.target).then(other.score.total_cmp(&one.score)));
    found.dedup_by_key(|found| found.target);
    found.sort_by(|one, other| other.score.total_cmp(&one.score));
    found
}

/// Whether a header is somebody's id or number: `USCF ID`. It is a member number where the values never repeat.
fn is_some_number(normalised: &str) -> bool {
    let mut words = normalised.split(' ');
    let number = words.next_back().is_some_and(|word| ["id", "no", "nr", "number"].contains(&word));
    number && words.next().is_some() && !is_of_something_else(normalised)
}

/// Whether a header is known to be of another person or thing, or of nothing that has a target.
pub(super) fn is_of_something_else(normalised: &str) -> bool {
    OTHERS.contains(&squeeze(normalised).as_str())
        || normalised.split(' ').any(|word| OF_OTHERS.contains(&word))
}

type Table = &'static [(Target, f64, &'static [&'static str])];

fn look_up(table: Table, name: &str, factor: f64, how: How, found: &mut Vec<HeaderMatch>) {
    let fits = table.iter().filter(|(_, _, names)| names.contains(&name));
    found.extend(fits.map(|&(target, sure, _)| HeaderMatch { target, score: sure * factor, how }));
}

/// Leaves words out at both ends while what is left is no usual name: `Member Date of Birth (required)`.
fn with_words_left_out(table: Table, normalised: &str, found: &mut Vec<HeaderMatch>) {
    let words: Vec<&str> = normalised.split(' ').filter(|word| !word.is_empty()).take(12).collect();
    let anothers = words.iter().any(|word| OF_OTHERS.contains(word));
    let droppable = |word: &&str| QUALIFIERS.contains(word) || OF_OTHERS.contains(word);
    // The longest pieces first: "member id" says more than "id".
    for length in (1..words.len()).rev() {
        for start in 0..=words.len() - length {
            let (before, rest) = words.split_at(start);
            let (piece, after) = rest.split_at(length);
            if !before.iter().chain(after).all(droppable) {
                continue;
            }
            let name = piece.concat();
            // A word that says whose it is, is no name alone: "member" of "member fee" is left out itself.
            if length == 1 && QUALIFIERS.contains(&piece[0]) && words.len() > 1 && !after.is_empty() {
                continue;
            }
            let numbered = after.iter().any(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
            let whose = if anothers { ANOTHERS } else { 1.0 };
            let factor = CONTAINED * whose * if numbered { NUMBERED } else { 1.0 };
            look_up(table, &name, factor, How::Contains, found);
        }
        if !found.is_empty() {
            return;
        }
    }
}

/// One slip in a short name, two in a longer one (optimal string alignment would not see letters swapped twice; this is
/// Damerau's distance).
fn misspelt(table: Table, name: &str, found: &mut Vec<HeaderMatch>) {
    let length = name.chars().count();
    if !(4..=40).contains(&length) {
        return;
    }
    let most = if length < 7 { 1 } else { 2 };
    let near_other = OTHERS.iter().filter(|other| other.len().abs_diff(name.len()) <= most);
    let other = near_other.map(|other| damerau_levenshtein(name, other)).min().unwrap_or(usize::MAX);
    for &(target, sure, names) in table {
        let near =
            names.iter().filter(|known| known.len() >= 4 && known.len().abs_diff(name.len()) <= most + 1);
        let best = near.map(|&known| (damerau_levenshtein(name, known), known)).min();
        if let Some((slips, known)) = best.filter(|&(slips, _)| slips <= most && slips <= other) {
            let likeness = 1.0 - slips as f64 / length.max(known.len()) as f64;
            found.push(HeaderMatch { target, score: sure * likeness * MISSPELT, how: How::Misspelt(known) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(header: &str) -> Option<(Target, f64)> {
        header_matches(header, None).first().map(|found| (found.target, found.score))
    }

    #[test]
    fn usual_names_are_sure() {
        for (header, target) in [
            ("dob", Target::BirthDate),
            ("D.O.B.", Target::BirthDate),
            ("Date of Birth", Target::BirthDate),
            ("joined_league", Target::MemberSince),
            ("LNAME", Target::FamilyName),
            ("us_state", Target::State),
            ("E-Mail", Target::Email),
            ("Company ID", Target::Company),
            ("Member No.", Target::SourceKey),
        ] {
            assert_eq!(best(header), Some((target, 1.0)), "{header}");
        }
    }

    #[test]
    fn words_around_a_name_and_slips_are_less_sure() {
        for (header, target) in [
            ("Member Date of Birth (required)", Target::BirthDate),
            ("Mailing State/Province", Target::State),
            ("Phone 2", Target::Phone),
            ("birht_date", Target::BirthDate),
            ("Frist Name", Target::GivenName),
            ("suname", Target::FamilyName),
            ("Emial", Target::Email),
            ("member sicne", Target::MemberSince),
        ] {
            let (found, score) = best(header).unwrap_or_else(|| panic!("{header}"));
            assert_eq!(found, target, "{header}");
            assert!((0.6..1.0).contains(&score), "{header}: {score}");
        }
    }

    #[test]
    fn other_columns_are_left_alone() {
        for header in [
            "status",
            "City",
            "zip",
            "notes",
            "gender",
            "stats",
            "Membership level",
            "",
            "???",
            "Team",
            "fee",
        ] {
            assert!(best(header).is_none(), "{header}: {:?}", best(header));
        }
        for header in ["Spouse First Name", "Emergency contact phone", "Parent Email"] {
            assert!(best(header).is_none_or(|(_, score)| score < 0.4), "{header}");
        }
    }

    #[test]
    fn the_tables_hold_normalised_names_once_a_target() {
        for table in [MEMBERS, COMPANIES] {
            let mut seen = std::collections::HashMap::new();
            for &(target, _, names) in table {
                for name in names {
                    assert_eq!(squeeze(&normalise_header(name)), *name);
                    assert_eq!(seen.insert(*name, target), None, "{name}");
                }
            }
        }
        assert!(OTHERS.iter().all(|other| MEMBERS.iter().all(|(_, _, names)| !names.contains(other))));
    }
}
