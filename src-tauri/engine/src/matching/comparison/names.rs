//! Names, each part with an eye on the others.

use super::nickname;
use super::similarity::{CLOSE, NEAR, SIMILAR, edits, jaro_winkler};
use crate::matching::records::{MISSING, Names};

/// The parts of a record's name, as numbers of [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameParts {
    pub(crate) given: u32,
    pub(crate) middle: u32,
    pub(crate) family: u32,
    pub(crate) preferred: u32,
}

/// Codes of given, middle and family name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct NameCodes {
    pub(crate) given: u8,
    pub(crate) middle: u8,
    pub(crate) family: u8,
}

/// Codes of the levels of [`super::Comparison::GivenName`].
pub(crate) mod given {
    pub(crate) const DIFFERENT: u8 = 1;
    pub(crate) const SIMILAR: u8 = 2;
    pub(crate) const INITIAL: u8 = 3;
    pub(crate) const TWO_NAMES: u8 = 4;
    pub(crate) const CLOSE: u8 = 5;
    pub(crate) const OTHER: u8 = 6;
    pub(crate) const NICKNAME: u8 = 7;
    pub(crate) const NEAR: u8 = 8;
    pub(crate) const SWAPPED: u8 = 9;
    pub(crate) const EXACT: u8 = 10;
}

/// Codes of the levels of [`super::Comparison::FamilyName`].
pub(crate) mod family {
    pub(crate) const DIFFERENT: u8 = 1;
    pub(crate) const SIMILAR: u8 = 2;
    pub(crate) const TWO_NAMES: u8 = 3;
    pub(crate) const CLOSE: u8 = 4;
    pub(crate) const PART: u8 = 5;
    pub(crate) const NEAR: u8 = 6;
    pub(crate) const EXACT: u8 = 7;
}

/// Names and how often they are given and family names.
#[derive(Clone, Copy)]
pub(crate) struct KnownNames<'r> {
    pub(crate) names: &'r Names,
    pub(crate) given_counts: &'r [u32],
    pub(crate) family_counts: &'r [u32],
}

/// Occurrences from which a spelling is a name of its own, rather than a slip: a slip is made again seldom.
const USUAL: u32 = 6;
/// How many times as often a name occurs than a slip of it, at the least.
const SLIPS: u32 = 50;

/// Whether both spellings are usual names.
fn are_two_names(counts: &[u32], a: u32, b: u32) -> bool {
    let count = |name: u32| counts.get(name as usize).copied().unwrap_or(1);
    let (rare, frequent) = (count(a).min(count(b)), count(a).max(count(b)));
    rare >= USUAL && rare >= frequent / SLIPS
}

/// Compares two names. Where given and family name changed places, the given name's level says so and the family
/// name's is missing, so that it does not count twice.
pub(crate) fn compare(known: KnownNames<'_>, a: NameParts, b: NameParts) -> NameCodes {
    let names = known.names;
    let given = given_code(known, a, b);
    let family = family_code(known, a, b);
    let middle = middle_code(names, a, b);
    let weak = (given <= given::CLOSE && given != given::INITIAL) && family <= family::CLOSE;
    if weak && is_swapped(names, a, b) {
        return NameCodes { given: given::SWAPPED, middle, family: 0 };
    }
    NameCodes { given, middle, family }
}

fn is_swapped(names: &Names, a: NameParts, b: NameParts) -> bool {
    if [a.given, a.family, b.given, b.family].contains(&MISSING) {
        return false;
    }
    let alike = |a, b| a == b || is_near(names, a, b);
    alike(a.given, b.family) && alike(a.family, b.given)
}

fn is_near(names: &Names, a: u32, b: u32) -> bool {
    let (of_a, of_b) = (names.shape(a), names.shape(b));
    of_a.may_be_alike(of_b, SIMILAR as f32) && spelling(names.text(a), names.text(b)) == Spelling::Near
}

/// How near two names are spelled.
fn spelling_of(names: &Names, a: u32, b: u32) -> Spelling {
    if !names.shape(a).may_be_alike(names.shape(b), SIMILAR as f32) {
        return Spelling::Different;
    }
    spelling(names.text(a), names.text(b))
}

fn given_code(known: KnownNames<'_>, a: NameParts, b: NameParts) -> u8 {
    let names = known.names;
    if a.given == MISSING || b.given == MISSING {
        return 0;
    }
    if a.given == b.given {
        return given::EXACT;
    }
    let (first_a, first_b) = (first_word(names, a.given), first_word(names, b.given));
    let other = |given: u32, first: u32, of: NameParts, first_of: u32| {
        // `Ann` and `Ann Marie`, `J. Edgar` and `Edgar`, `Robert` who likes to be called `Chip`.
        first == first_of
            || given == of.preferred
            || (first == of.middle || given == of.middle) && !names.features(given).is_initial
            || names.features(of.given).last == given
    };
    let spelled = !names.features(a.given).is_initial && !names.features(b.given).is_initial;
    if spelled && (other(a.given, first_a, b, first_b) || other(b.given, first_b, a, first_a)) {
        return given::OTHER;
    }
    let code = word_code(known, a.given, b.given);
    if first_a == a.given && first_b == b.given { code } else { code.max(word_code(known, first_a, first_b)) }
}

/// The first of several given names, or the only one.
fn first_word(names: &Names, given: u32) -> u32 {
    match names.features(given).first {
        MISSING => given,
        first => first,
    }
}

fn word_code(known: KnownNames<'_>, a: u32, b: u32) -> u8 {
    let names = known.names;
    let (of_a, of_b) = (names.features(a), names.features(b));
    if of_a.is_initial || of_b.is_initial {
        return if of_a.initial == of_b.initial { given::INITIAL } else { given::DIFFERENT };
    }
    if of_a.root != 0 && of_a.root == of_b.root && nickname::is_nickname(&of_a.groups, &of_b.groups) {
        return given::NICKNAME;
    }
    match spelling_of(names, a, b) {
        Spelling::Near | Spelling::Close if are_two_names(known.given_counts, a, b) => given::TWO_NAMES,
        Spelling::Near => given::NEAR,
        Spelling::Close => given::CLOSE,
        Spelling::Similar => given::SIMILAR,
        Spelling::Different => given::DIFFERENT,
    }
}

fn family_code(known: KnownNames<'_>, a: NameParts, b: NameParts) -> u8 {
    let names = known.names;
    if a.family == MISSING || b.family == MISSING {
        return 0;
    }
    if a.family == b.family {
        return family::EXACT;
    }
    let spelling = spelling_of(names, a.family, b.family);
    let two_names = spelling >= Spelling::Close && are_two_names(known.family_counts, a.family, b.family);
    if spelling == Spelling::Near && !two_names {
        return family::NEAR;
    }
    if is_part(names, a.family, b) || is_part(names, b.family, a) {
        return family::PART;
    }
    match spelling {
        _ if two_names => family::TWO_NAMES,
        Spelling::Near => family::NEAR,
        Spelling::Close => family::CLOSE,
        Spelling::Similar => family::SIMILAR,
        Spelling::Different => family::DIFFERENT,
    }
}

/// Whether a family name, or an end of it, is an end of the other's, or the other's middle name.
fn is_part(names: &Names, name: u32, of: NameParts) -> bool {
    let whole = names.features(of.family);
    let own = names.features(name);
    let is_end =
        |word: u32| word != MISSING && (word == whole.first || word == whole.last || word == of.family);
    name == of.middle && !own.is_initial || is_end(name) || is_end(own.first) || is_end(own.last)
}

fn middle_code(names: &Names, a: NameParts, b: NameParts) -> u8 {
    if a.middle == MISSING || b.middle == MISSING {
        return 0;
    }
    if a.middle == b.middle {
        return 4;
    }
    let (of_a, of_b) = (names.features(a.middle), names.features(b.middle));
    if of_a.initial == of_b.initial && (of_a.is_initial || of_b.is_initial) {
        return 2;
    }
    if jaro_winkler(names.text(a.middle), names.text(b.middle)) >= CLOSE { 3 } else { 1 }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spelling {
    Different,
    Similar,
    Close,
    Near,
}

/// How near two spellings are.
#[inline]
pub(crate) fn spelling(a: &str, b: &str) -> Spelling {
    let similarity = jaro_winkler(a, b);
    if similarity >= NEAR || a.len().min(b.len()) >= 4 && similarity > 0.7 && edits(a, b) <= 1 {
        Spelling::Near
    } else if similarity >= CLOSE {
        Spelling::Close
    } else if similarity >= SIMILAR {
        Spelling::Similar
    } else {
        Spelling::Different
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::records::fold_words;

    /// Given, middle, family, preferred.
    fn codes(a: [&str; 4], b: [&str; 4]) -> NameCodes {
        codes_where(a, b, 1)
    }

    /// Where every name occurs some times.
    fn codes_where(a: [&str; 4], b: [&str; 4], count: u32) -> NameCodes {
        let mut names = Names::default();
        let [a, b] = [a, b].map(|parts| {
            let [given, middle, family, preferred] = parts.map(|part| names.intern(&fold_words(part)));
            NameParts { given, middle, family, preferred }
        });
        let counts = vec![count; names.len()];
        let known = KnownNames { names: &names, given_counts: &counts, family_counts: &counts };
        let codes = compare(known, a, b);
        assert_eq!(codes, compare(known, b, a), "symmetric");
        codes
    }

    #[test]
    fn given_names() {
        for (a, b, level) in [
            ("Robert", "robert", given::EXACT),
            ("Robert", "Bob", given::NICKNAME),
            ("Robert", "R.", given::INITIAL),
            ("Robert", "B", given::DIFFERENT),
            ("Robert", "Robrt", given::NEAR),
            ("Danielle", "Daniela", given::CLOSE),
            ("Ann", "Ann Marie", given::OTHER),
            ("Marie", "Ann-Marie", given::OTHER),
            ("Robert", "Susan", given::DIFFERENT),
            ("Robert", "", 0),
        ] {
            assert_eq!(codes([a, "", "Lee", ""], [b, "", "Lee", ""]).given, level, "{a} {b}");
        }
        assert_eq!(codes(["J", "Edgar", "Roe", ""], ["Edgar", "", "Roe", ""]).given, given::DIFFERENT);
        assert_eq!(codes(["James", "Edgar", "Roe", ""], ["Edgar", "", "Roe", ""]).given, given::OTHER);
        assert_eq!(codes(["Robert", "", "Roe", "Chip"], ["Chip", "", "Roe", ""]).given, given::OTHER);
    }

    #[test]
    fn family_names() {
        for (a, b, level) in [
            ("O'Brien", "OBrien", family::EXACT),
            ("Smith", "Smith-Jones", family::PART),
            ("Jones", "Smith Jones", family::PART),
            ("Smith-Jones", "Jones-Reyes", family::PART),
            ("de la Cruz", "Cruz", family::PART),
            ("Johnson", "Jonson", family::NEAR),
            ("Johnson", "Garcia", family::DIFFERENT),
        ] {
            assert_eq!(codes(["Ann", "", a, ""], ["Ann", "", b, ""]).family, level, "{a} {b}");
        }
        assert_eq!(codes(["Ann", "Smith", "Jones", ""], ["Ann", "", "Smith", ""]).family, family::PART);
    }

    #[test]
    fn swapped_names_count_once() {
        let swapped = NameCodes { given: given::SWAPPED, middle: 0, family: 0 };
        assert_eq!(codes(["Kelly", "", "Nguyen", ""], ["Nguyen", "", "Kelly", ""]), swapped);
        assert_eq!(codes(["Kelly", "", "Nguyen", ""], ["Nguyne", "", "Kelly", ""]), swapped);
        assert_eq!(codes(["Kely", "", "Nguyen", ""], ["Nguyne", "", "Kelly", ""]), swapped);
        assert_ne!(codes(["Kelly", "", "Nguyen", ""], ["Nguyen", "", "Anna", ""]).given, given::SWAPPED);
        let same = codes(["Lee", "", "Lee", ""], ["Lee", "", "Lee", ""]);
        assert_eq!((same.given, same.family), (given::EXACT, family::EXACT));
    }

    #[test]
    fn two_usual_names_are_no_slip() {
        let (mark, mary) = (["Mark", "", "Hansen", ""], ["Mary", "", "Hanson", ""]);
        let usual = codes_where(mark, mary, 100);
        assert_eq!((usual.given, usual.family), (given::TWO_NAMES, family::TWO_NAMES));
        let rare = codes_where(mark, mary, 2);
        assert_eq!((rare.given, rare.family), (given::NEAR, family::NEAR));
    }

    #[test]
    fn middle_names() {
        for (a, b, level) in
            [("Ann", "Ann", 4), ("Ann", "A", 2), ("Anne", "Annee", 3), ("Ann", "Bea", 1), ("A", "", 0)]
        {
            assert_eq!(codes(["Jo", a, "Roe", ""], ["Jo", b, "Roe", ""]).middle, level, "{a} {b}");
        }
    }
}
