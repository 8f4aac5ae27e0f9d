//! A name whose parts stand in columns of their own.

use super::case::{self, Role, Style};
use super::ends::{Side, take_suffixes, take_titles, write_suffixes};
use super::letters::only_other;
use super::split::write_nickname;
use super::suffixes::{self, Suffix};
use super::{
    FAMILY, GIVEN, MIDDLE, NameParts, PREFERRED, PREFIX, SUFFIX, Work, append, clean, is_initial, titles,
};
use crate::issue::Change;
use crate::standardise::text::{has_invisible, is_no_name};

/// The texts of a record's name columns; `None` where the file has no such column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NameColumns<'a> {
    /// Titles
    pub prefix: Option<&'a str>,
    /// Given names
    pub given: Option<&'a str>,
    /// Middle names and initials
    pub middle: Option<&'a str>,
    /// Family name
    pub family: Option<&'a str>,
    /// Suffixes
    pub suffix: Option<&'a str>,
    /// Nickname
    pub preferred: Option<&'a str>,
}

/// Standardises names from separate columns; `parts` is cleared first. See [the module](super) for the rules.
///
/// A title at the front of the given or family name moves to the prefix, a suffix at the end of either to the suffix, a
/// nickname in quotes or parentheses to the preferred name where there is none, and initials at the end of the given
/// name to the middle name where there is none. A given name of several words stays whole (`Mary Ann`).
#[inline]
pub fn from_columns(columns: &NameColumns<'_>, parts: &mut NameParts) {
    parts.clear();
    if are_plain(columns) {
        parts.given.push_str(columns.given.unwrap_or_default());
        parts.middle.push_str(columns.middle.unwrap_or_default());
        parts.family.push_str(columns.family.unwrap_or_default());
        parts.preferred.push_str(columns.preferred.unwrap_or_default());
        return;
    }
    read_slowly(columns, parts);
}

/// Whether the columns are the parts of the name as they stand, without title and suffix.
#[inline]
pub(crate) fn are_plain(columns: &NameColumns<'_>) -> bool {
    let plain = |column: Option<&str>| column.is_none_or(|text| text.is_empty() || is_plain(text));
    columns.prefix.is_none_or(str::is_empty)
        && columns.suffix.is_none_or(str::is_empty)
        && plain(columns.given)
        && plain(columns.family)
        && columns.middle.is_none_or(|text| text.is_empty() || is_plain(text) && !is_no_middle_name(text))
        && plain(columns.preferred)
        && columns.given.is_none_or(|given| titles::find(given).is_none())
}

/// Whether a text is one word with a capital first and a small letter, without any other sign than inner hyphens and
/// apostrophes, that stands for itself.
#[inline]
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_inner = |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b'-' | b'\''));
    let letters = match only_other(bytes) {
        Some(other) => other.is_none_or(is_inner),
        None => (0..bytes.len()).all(|at| bytes[at].is_ascii_alphabetic() || is_inner(at)),
    };
    letters
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.last().is_some_and(u8::is_ascii_alphabetic)
        && !is_no_name(text)
}

/// NMN and NMI: "no middle name" and "no middle initial" in American records.
fn is_no_middle_name(text: &str) -> bool {
    let text = text.trim_matches(['(', ')']);
    ["nmn", "nmi", "no middle name", "n.m.n."].iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn read_slowly(columns: &NameColumns<'_>, parts: &mut NameParts) {
    let mut work = std::mem::take(&mut parts.work);
    let mut found = Vec::new();
    let NameColumns { prefix, given, middle, family, suffix, preferred } = *columns;
    parts.invisible =
        [prefix, given, middle, family, suffix, preferred].into_iter().flatten().any(has_invisible);

    let text = preferred.unwrap_or_default();
    let change = clean_part(text, &mut work.text);
    let change = write_nickname(&work.text, &mut parts.preferred).or(change);
    record(parts, PREFERRED, text, change);

    let text = prefix.unwrap_or_default();
    let change = clean_part(text, &mut work.text);
    let change = read_prefix(&work.text, parts).or(change);
    record(parts, PREFIX, text, change);

    let text = middle.unwrap_or_default();
    let mut change = clean_part(text, &mut work.text);
    if is_no_middle_name(&work.text) {
        work.text.clear();
        change = Some(Change::NullWord);
    }
    let words: Vec<&str> = work.text.split(' ').filter(|word| !word.is_empty()).collect();
    let change = write(&words, Role::Given, &mut parts.middle).or(change);
    record(parts, MIDDLE, text, change);

    let family_is_named =
        family.is_some_and(|text| text.contains(char::is_alphabetic) && !is_no_name(text.trim()));
    let text = given.unwrap_or_default();
    let change = clean_part(text, &mut work.text);
    let change = read_given(&mut work, parts, family_is_named, &mut found).or(change);
    record(parts, GIVEN, text, change);

    let text = family.unwrap_or_default();
    let change = clean_part(text, &mut work.text);
    let change = read_family(&mut work, parts, &mut found).or(change);
    record(parts, FAMILY, text, change);

    let text = suffix.unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let mut change = clean::clean(text, &mut work.text);
    let trimmed = work.text.trim_matches(ends);
    if trimmed.len() < work.text.len() {
        change = clean::clean(trimmed, &mut work.core).or(change);
        std::mem::swap(&mut work.text, &mut work.core);
    }
    let moved = !found.is_empty();
    read_suffix(&work.text, &mut found, &mut parts.suffix);
    let change = if moved { Some(Change::SuffixMoved) } else { change.or(Some(Change::UsualForm)) };
    record(parts, SUFFIX, text, change);
    parts.work = work;
}

/// Cleans a text that is one part of a name, in which commas part words.
fn clean_part(text: &str, out: &mut String) -> Option<Change> {
    if text.contains([',', ';']) {
        return clean::clean(&text.replace([',', ';'], " "), out).or(Some(Change::UsualForm));
    }
    clean::clean(text, out)
}

/// Notes how a part differs from its column's text, unless something is noted already.
fn record(parts: &mut NameParts, part: usize, text: &str, change: Option<Change>) {
    let noted = parts.changes[part];
    let change = if parts.clear_no_name(part) { Some(Change::NullWord) } else { change };
    let value = parts.values()[part];
    parts.changes[part] = if value == text {
        None
    } else if value.is_empty() {
        change.filter(|&change| change == Change::NullWord)
    } else {
        noted.or(change).or(Some(Change::UsualForm))
    };
}

/// Writes words with their capitals; says whether those were corrected.
fn write(words: &[&str], role: Role, out: &mut String) -> Option<Change> {
    let start = out.len();
    let style = case::style(words.iter().copied());
    case::write_words(words, style, role, out);
    let same = style == Style::Mixed || out[start..].split(' ').eq(words.iter().copied());
    if same { None } else { Some(Change::LetterCase) }
}

/// Titles in their usual form, other words as they are but for their capitals.
fn read_prefix(text: &str, parts: &mut NameParts) -> Option<Change> {
    let mut words = Vec::new();
    clean::words(text, &mut words);
    let style = case::style(words.iter().copied());
    for word in &words {
        let usual = match titles::find(word) {
            Some(title) => Some(title.usual),
            None if titles::joins(word) => Some("and"),
            None => titles::find_before_titles(word),
        };
        append(&mut parts.prefix, " ", usual.unwrap_or_default());
        if usual.is_none() {
            case::write_words(&[word], style, Role::Given, &mut parts.prefix);
        }
    }
    let same = parts.prefix.split(' ').eq(words.iter().copied());
    if same || words.is_empty() { None } else { Some(Change::UsualForm) }
}

/// Moves a nickname out of `work.text` where there is no preferred name yet.
fn move_nickname(work: &mut Work, parts: &mut NameParts) {
    if !parts.preferred.is_empty() || !clean::may_hold_nickname(&work.text) {
        return;
    }
    let mut nickname = String::new();
    clean::take_nicknames(&work.text, &mut work.core, &mut nickname);
    write_nickname(&nickname, &mut parts.preferred);
    if !parts.preferred.is_empty() {
        parts.changes[PREFERRED] = Some(Change::NicknameMoved);
    }
    std::mem::swap(&mut work.text, &mut work.core);
}

fn read_given(
    work: &mut Work,
    parts: &mut NameParts,
    family_is_named: bool,
    found: &mut Vec<&'static Suffix>,
) -> Option<Change> {
    move_nickname(work, parts);
    let mut words = Vec::new();
    clean::words(&work.text, &mut words);
    let mixed = case::style(words.iter().copied()) == Style::Mixed;
    let mut change = None;
    let before = words.len();
    let taken = take_titles(&words, 1, usize::from(family_is_named), &mut parts.prefix);
    words.drain(..taken.words);
    // Where the family name stands in its own column, a title alone is a title: given "Mr.", family "Smith".
    if let [word] = words[..]
        && let Some(title) =
            titles::find(word).filter(|title| title.kind == titles::Kind::Address && family_is_named)
    {
        append(&mut parts.prefix, " ", title.usual);
        words.clear();
    }
    if words.len() < before {
        parts.changes[PREFIX] = Some(Change::TitleMoved);
        change = Some(Change::TitleMoved);
    }
    let before = words.len();
    take_suffixes(&mut words, Side::Given, mixed, found);
    let mut suffixed = words.len() < before;
    let first_initial = words.iter().rposition(|word| !is_initial(word)).map_or(words.len(), |last| last + 1);
    if parts.middle.is_empty() && first_initial > 0 && first_initial < words.len() {
        write(&words[first_initial..], Role::Given, &mut parts.middle);
        parts.changes[MIDDLE] = Some(Change::NameSplit);
        words.truncate(first_initial);
        change = change.or(Some(Change::NameSplit));
        // Robert Jr. J.
        let before = words.len();
        take_suffixes(&mut words, Side::Given, mixed, found);
        suffixed |= words.len() < before;
    }
    change = change.or(suffixed.then_some(Change::SuffixMoved));
    let cased = write(&words, Role::Given, &mut parts.given);
    change.or(cased)
}

fn read_family(work: &mut Work, parts: &mut NameParts, found: &mut Vec<&'static Suffix>) -> Option<Change> {
    move_nickname(work, parts);
    let mut words = Vec::new();
    clean::words(&work.text, &mut words);
    let mixed = case::style(words.iter().copied()) == Style::Mixed;
    let taken = take_titles(&words, 1, 0, &mut parts.prefix);
    words.drain(..taken.words);
    let mut change = None;
    if taken.words > 0 {
        parts.changes[PREFIX] = Some(Change::TitleMoved);
        change = Some(Change::TitleMoved);
    }
    let before = words.len();
    take_suffixes(&mut words, Side::Family, mixed, found);
    if words.len() < before {
        change = change.or(Some(Change::SuffixMoved));
    }
    let cased = write(&words, Role::Family, &mut parts.family);
    change.or(cased)
}

/// Suffixes of their own column after those that were found elsewhere, in their usual form. A text that is not all
/// suffixes stays as it is.
fn read_suffix(text: &str, found: &mut Vec<&'static Suffix>, out: &mut String) {
    let pieces = text.split([' ', ',', ';', '/', '&']).filter(|piece| !piece.is_empty());
    let known: Option<Vec<&Suffix>> = pieces.map(suffixes::find).collect();
    match known {
        Some(mut known) => {
            found.append(&mut known);
            write_suffixes(found, out);
        }
        None if text.is_empty() => write_suffixes(found, out),
        None => {
            write_suffixes(found, out);
            append(out, ", ", text);
        }
    }
}
