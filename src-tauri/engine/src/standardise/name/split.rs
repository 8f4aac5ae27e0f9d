//! A whole name in one text, split into its parts.

use super::case::{self, Role, Style};
use super::ends::{Side, all_suffixes, ends_in_title, take_suffixes, take_titles, write_suffixes};
use super::letters::only_other;
use super::suffixes::{self, Suffix};
use super::titles::{self, Kind};
use super::{FAMILY, GIVEN, MIDDLE, NameParts, PREFERRED, PREFIX, SUFFIX, Work, append, clean, particles};
use crate::issue::Change;
use crate::standardise::text::{has_invisible, is_no_name};

/// Splits a whole name; `parts` is cleared first. See [the module](super) for the rules.
///
/// A text without a name (empty, `n/a`) leaves all parts missing; a word for nothing is reported as the change of the
/// family name. Nothing fails.
#[inline]
pub fn split_full_name(text: &str, parts: &mut NameParts) {
    parts.clear();
    if let Some(space) = plain_space(text) {
        parts.given.push_str(&text[..space]);
        parts.family.push_str(&text[space + 1..]);
        parts.changes[GIVEN] = Some(Change::NameSplit);
        parts.changes[FAMILY] = Some(Change::NameSplit);
        return;
    }
    split_slowly(text, parts);
}

/// Where the space stands in a usual name: two words of ASCII letters, each with a capital and a small letter first,
/// neither of which is listed as anything but a name.
#[inline]
pub(crate) fn plain_space(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let space = only_other(bytes)??;
    if bytes.get(space) != Some(&b' ') {
        return None;
    }
    let starts_like_a_name = |word: &[u8]| matches!(word, [first, second, ..] if first.is_ascii_uppercase() && second.is_ascii_lowercase());
    let (given, family) = (bytes.get(..space)?, bytes.get(space + 1..)?);
    if !starts_like_a_name(given) || !starts_like_a_name(family) {
        return None;
    }
    let (given, family) = (&text[..space], &text[space + 1..]);
    let listed =
        titles::find(given).is_some() || titles::find(family).is_some() || suffixes::find(family).is_some();
    if listed || is_no_name(text) { None } else { Some(space) }
}

fn split_slowly(text: &str, parts: &mut NameParts) {
    let mut work = std::mem::take(&mut parts.work);
    if clean::clean(text, &mut work.text) == Some(Change::NullWord) {
        parts.changes[FAMILY] = Some(Change::NullWord);
    }
    parts.invisible = has_invisible(text);
    let Work { text: tidied, core } = &mut work;
    let name = if clean::may_hold_nickname(tidied) {
        clean::take_nicknames(tidied, core, &mut parts.preferred);
        if !parts.preferred.is_empty() {
            let nickname = std::mem::take(&mut parts.preferred);
            write_nickname(&nickname, &mut parts.preferred);
        }
        core.as_str()
    } else {
        tidied.as_str()
    };
    Splitter::split(name, parts);
    finish(text, parts);
    parts.work = work;
}

/// Writes a nickname without the signs around it.
pub(super) fn write_nickname(text: &str, out: &mut String) -> Option<Change> {
    let sign = |c: char| {
        c != '.' && (c == ' ' || c.is_ascii_punctuation() || "\u{ab}\u{bb}\u{b4}".contains(c))
            || matches!(c, '\u{2010}'..='\u{201f}')
    };
    let text = text.trim_matches(sign);
    let mut words = Vec::new();
    clean::words(text, &mut words);
    let style = case::style(words.iter().copied());
    case::write_words(&words, style, Role::Given, out);
    if style == Style::Mixed || is_written(&words, out) { None } else { Some(Change::LetterCase) }
}

/// Says how each part came about.
fn finish(text: &str, parts: &mut NameParts) {
    let of_part = [
        Change::TitleMoved,
        Change::NameSplit,
        Change::NameSplit,
        Change::NameSplit,
        Change::SuffixMoved,
        Change::NicknameMoved,
    ];
    for index in [PREFIX, GIVEN, MIDDLE, FAMILY, SUFFIX, PREFERRED] {
        if parts.clear_no_name(index) {
            parts.changes[index] = Some(Change::NullWord);
        }
        let value = parts.values()[index];
        parts.changes[index] = if value.is_empty() {
            parts.changes[index].filter(|&change| change == Change::NullWord)
        } else if value == text {
            None
        } else {
            parts.changes[index].or(Some(of_part[index]))
        };
    }
}

/// The words of a name while titles and suffixes are taken off.
struct Splitter<'a, 'p> {
    parts: &'p mut NameParts,
    /// Suffixes in the order of the text
    suffixes: Vec<&'static Suffix>,
    /// A title that goes with a given name alone was found
    of_given: bool,
    family: Vec<&'a str>,
}

impl<'a, 'p> Splitter<'a, 'p> {
    fn split(name: &'a str, parts: &'p mut NameParts) {
        let mut splitter = Splitter { parts, suffixes: Vec::new(), of_given: false, family: Vec::new() };
        let mut words = Vec::with_capacity(8);
        if name.contains(',') {
            splitter.split_at_commas(name);
        } else {
            clean::words(name, &mut words);
            splitter.write_whole(words);
        }
        write_suffixes(&mut splitter.suffixes, &mut splitter.parts.suffix);
    }

    /// A name in the order in which it is spoken.
    fn write_whole(&mut self, mut words: Vec<&'a str>) {
        let mixed = case::style(words.iter().copied()) == Style::Mixed;
        take_suffixes(&mut words, Side::Whole, mixed, &mut self.suffixes);
        self.take_titles(&mut words);
        while words.len() > 2 && ends_in_title(&words) {
            self.take_last_title(&mut words);
        }
        let style = case::style(words.iter().copied());
        let (given, family) = match words.len() {
            0 => return,
            1 if self.of_given => (1, 1),
            1 => (0, 0),
            _ => particles::split(&words, style == Style::Mixed),
        };
        self.write(&words[..given], &words[given..family], style);
        self.write_family(&words[family..], style);
    }

    fn split_at_commas(&mut self, name: &'a str) {
        let mut segments: Vec<Vec<&str>> = Vec::new();
        for segment in name.split(',') {
            let mut words = Vec::new();
            clean::words(segment.trim(), &mut words);
            if !words.is_empty() {
                segments.push(words);
            }
        }
        let mixed = case::style([name]) == Style::Mixed;
        let mut segments = segments.into_iter().peekable();
        let Some(first) = segments.next() else { return };
        // First Last, MD — or Last, Jr., First.
        let mut tail: Vec<&'static Suffix> = Vec::new();
        let whole_name = first.len() >= 2 && particles::find(first[0]).is_none();
        while let Some(found) = segments.peek().and_then(|words| all_suffixes(words, whole_name, mixed)) {
            tail.extend(found);
            segments.next();
        }
        if segments.peek().is_none() {
            self.write_whole(first);
        } else {
            self.write_reversed(first, segments.collect(), mixed);
        }
        self.suffixes.append(&mut tail);
    }

    /// Last, First Middle.
    fn write_reversed(&mut self, family: Vec<&'a str>, segments: Vec<Vec<&'a str>>, mixed: bool) {
        self.family = family;
        let mut given: Vec<&str> = Vec::new();
        for (index, mut words) in segments.into_iter().enumerate() {
            if index > 0
                && let Some(mut found) = all_suffixes(&words, true, mixed)
            {
                self.suffixes.append(&mut found);
                continue;
            }
            // Smith, Dr.
            if words.iter().all(|word| titles::find(word).is_some_and(|title| title.kind == Kind::Address)) {
                words.iter().for_each(|word| self.push_title(word));
                continue;
            }
            take_suffixes(&mut words, Side::Given, mixed, &mut self.suffixes);
            self.take_titles(&mut words);
            while words.len() > 1 && ends_in_title(&words) {
                self.take_last_title(&mut words);
            }
            given.append(&mut words);
        }
        let mut family = std::mem::take(&mut self.family);
        take_suffixes(&mut family, Side::Family, mixed, &mut self.suffixes);
        let prefix = std::mem::take(&mut self.parts.prefix);
        self.take_titles(&mut family);
        if !prefix.is_empty() {
            append(&mut self.parts.prefix, " ", &prefix);
        }
        let particles = particles::trailing(&given);
        family.splice(0..0, given.split_off(given.len() - particles));
        let style = case::style(given.iter().copied());
        // Smith, John and Jane
        let first = if given.len() >= 3 && titles::joins(given[1]) { 3 } else { given.len().min(1) };
        self.write(&given[..first], &given[first..], style);
        let style = case::style(family.iter().copied());
        self.write_family(&family, style);
    }

    fn write(&mut self, given: &[&str], middle: &[&str], style: Style) {
        for (index, words) in [(GIVEN, given), (MIDDLE, middle)] {
            let part = if index == GIVEN { &mut self.parts.given } else { &mut self.parts.middle };
            case::write_words(words, style, Role::Given, part);
            if style != Style::Mixed && !is_written(words, part) {
                self.parts.changes[index] = Some(Change::LetterCase);
            }
        }
    }

    fn write_family(&mut self, words: &[&str], style: Style) {
        // Jean DUPONT: a family name in capitals stands out on purpose, and not for its spelling.
        let long = words.iter().any(|word| word.chars().nth(3).is_some());
        let own = case::style(words.iter().copied());
        let style = if style == Style::Mixed && own == Style::Upper && long { own } else { style };
        case::write_words(words, style, Role::Family, &mut self.parts.family);
        if style != Style::Mixed && !is_written(words, &self.parts.family) {
            self.parts.changes[FAMILY] = Some(Change::LetterCase);
        }
    }

    /// Takes titles from the front; at least one word stays.
    fn take_titles(&mut self, words: &mut Vec<&'a str>) {
        let taken = take_titles(words, 1, 0, &mut self.parts.prefix);
        self.of_given |= taken.of_given;
        words.drain(..taken.words);
    }

    fn take_last_title(&mut self, words: &mut Vec<&'a str>) {
        if let Some(word) = words.pop() {
            self.push_title(word);
        }
    }

    fn push_title(&mut self, word: &str) {
        let usual = titles::find(word).map_or(word, |title| title.usual);
        append(&mut self.parts.prefix, " ", usual);
    }
}

/// Whether the text is these words with single spaces.
fn is_written(words: &[&str], text: &str) -> bool {
    let mut rest = text;
    words.iter().enumerate().all(|(index, word)| {
        let part = if index == 0 { rest } else { rest.strip_prefix(' ').unwrap_or("") };
        part.strip_prefix(word).map(|left| rest = left).is_some()
    }) && rest.is_empty()
}
