mod columns;
mod whole;

use proptest::prelude::*;

use super::*;
use crate::standardise::text::has_invisible;

fn split(text: &str) -> NameParts {
    let mut parts = NameParts::default();
    split_full_name(text, &mut parts);
    parts
}

fn columns<'a>(given: &'a str, middle: &'a str, family: &'a str) -> NameColumns<'a> {
    NameColumns { given: Some(given), middle: Some(middle), family: Some(family), ..NameColumns::default() }
}

fn from(columns: &NameColumns<'_>) -> NameParts {
    let mut parts = NameParts::default();
    from_columns(columns, &mut parts);
    parts
}

const PREFIXES: [&str; 6] = ["", "Mr.", "Mrs.", "Dr.", "Prof. Dr.", "Lt. Col."];
const GIVEN_NAMES: [&str; 7] = ["Ann", "Robert", "Jean-Luc", "De'Andre", "José", "J.R.", "Dean"];
const MIDDLE_NAMES: [&str; 5] = ["", "Q.", "V", "Marie", "J. K."];
const FAMILY_NAMES: [&str; 9] = [
    "Lee",
    "Smith-Jones",
    "O'Brien",
    "de la Cruz",
    "van der Berg",
    "McDonald",
    "Müller",
    "St. Clair",
    "al-Bashir",
];
const SUFFIXES: [&str; 8] = ["", "Jr.", "III", "V", "MD", "PhD", "Jr., MD", "DDS, PhD"];
const NICKNAMES: [&str; 3] = ["", "Bob", "Billy Bob"];

proptest! {
    #[test]
    fn composed_names_come_apart_again(
        prefix in prop::sample::select(&PREFIXES[..]),
        given in prop::sample::select(&GIVEN_NAMES[..]),
        middle in prop::sample::select(&MIDDLE_NAMES[..]),
        family in prop::sample::select(&FAMILY_NAMES[..]),
        suffix in prop::sample::select(&SUFFIXES[..]),
        nickname in prop::sample::select(&NICKNAMES[..]),
        comma: bool,
        double_spaces: bool,
    ) {
        let quoted = if nickname.is_empty() { String::new() } else { format!("\"{nickname}\"") };
        let join = |words: &[&str]| {
            let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
            words.join(if double_spaces { "  " } else { " " })
        };
        let joint = if suffix.is_empty() { "" } else if comma { ", " } else { " " };
        let whole = format!("{}{joint}{suffix}", join(&[prefix, given, &quoted, middle, family]));
        let found = split(&whole);
        prop_assert_eq!(found.values(), [prefix, given, middle, family, suffix, nickname], "{}", whole);
        let joint = if suffix.is_empty() { "" } else { ", " };
        let reversed = format!("{family}, {}{joint}{suffix}", join(&[prefix, given, &quoted, middle]));
        let found = split(&reversed);
        prop_assert_eq!(found.values(), [prefix, given, middle, family, suffix, nickname], "{}", reversed);
    }

    #[test]
    fn a_standardised_name_stays(
        given in WORDS, middle in WORDS, family in WORDS, prefix in WORDS, suffix in WORDS, preferred in WORDS, whole in WORDS,
    ) {
        let once = from(&NameColumns {
            prefix: Some(&prefix), given: Some(&given), middle: Some(&middle), family: Some(&family),
            suffix: Some(&suffix), preferred: Some(&preferred),
        });
        let twice = again(&once);
        prop_assert_eq!(twice.values(), once.values());
        prop_assert_eq!(twice.changes, [None; 6]);
        let whole = split(&whole);
        let columns = again(&whole);
        let twice = again(&columns);
        prop_assert_eq!(twice.values(), columns.values());
    }

    #[test]
    fn never_panics(text in ".*") {
        let parts = split(&text);
        for value in parts.values() {
            prop_assert!(!value.starts_with(' ') && !value.ends_with(' ') && !value.contains("  "));
            prop_assert!(!has_invisible(value));
        }
        from(&columns(&text, &text, &text));
    }
}

/// Words, signs and letters that names are made of, in any order.
const WORDS: &str = "((|DR|dr\\.|Mr\\.|Major|and|&|The|1st|Sir|ann|ANN|Ann|J\\.|k|V|md|MD|Jr\\.|junior|Ma|Ph\\.|D\\.|de|la|Van|y|\
    mcdonald|MACDONALD|O.brien|\"Bob\"|\\(bob\\)|'x'|,|-|–|n/a|nmn|é|ÉCO|ß|\u{200b}|smith-|-jones|tj|[A-Za-z]{1,4})( |, )){0,5}";

fn again(parts: &NameParts) -> NameParts {
    let [prefix, given, middle, family, suffix, preferred] = parts.values().map(Some);
    from(&NameColumns { prefix, given, middle, family, suffix, preferred })
}
