//! Titles taken from the front of a name's words, and suffixes from their end.

use super::append;
use super::particles;
use super::suffixes::{self, Place, Suffix};
use super::titles::{self, Kind};

/// Smith, John Mr. — and John Smith Dr.
pub(super) fn ends_in_title(words: &[&str]) -> bool {
    words.last().and_then(|word| titles::find(word)).is_some_and(|title| title.kind == Kind::Address)
}

/// What [`take_titles`] took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taken {
    /// How many words
    pub(super) words: usize,
    /// A title that goes with a given name alone was among them
    pub(super) of_given: bool,
}

/// Appends the titles at the front of `words` to `prefix` in their usual form; at least `keep` words are left. `more`: how
/// many names follow elsewhere, in a column of their own.
pub(super) fn take_titles(words: &[&str], keep: usize, more: usize, prefix: &mut String) -> Taken {
    let mut taken = Taken::default();
    let title_at = |at: usize| words.get(at).and_then(|word| titles::find(word));
    while taken.words + keep < words.len() {
        let at = taken.words;
        let Some(title) = title_at(at) else {
            // Mr. and Mrs.; The Hon.; 1st Lt.
            let joined = if at > 0 && titles::joins(words[at]) {
                Some("and")
            } else {
                titles::find_before_titles(words[at])
            };
            let Some(word) = joined.filter(|_| is_title(words, at + 1, keep, more)) else {
                break;
            };
            append(prefix, " ", word);
            taken.words += 1;
            continue;
        };
        if !is_title(words, at, keep, more) {
            break;
        }
        append(prefix, " ", title.usual);
        taken.of_given |= title.of_given;
        taken.words += 1;
    }
    taken
}

/// Whether the word is a title where it stands, with at least `keep` words after it and `more` names elsewhere.
fn is_title(words: &[&str], at: usize, keep: usize, more: usize) -> bool {
    let Some(title) = words.get(at).and_then(|word| titles::find(word)) else { return false };
    let left = words.len() - at - 1;
    let sure = title.kind != Kind::Doubtful || words[at].ends_with('.');
    left >= keep && (sure || left + more >= 2 || title.of_given && left == 1)
}

/// Which names the words are that suffixes are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The whole name
    Whole,
    /// The family name
    Family,
    /// The given names
    Given,
}

/// Takes suffixes from the end of `words`; at least one word stays. They come before those that `found` holds.
pub(super) fn take_suffixes(
    words: &mut Vec<&str>,
    side: Side,
    mixed: bool,
    found: &mut Vec<&'static Suffix>,
) {
    let start = found.len();
    loop {
        let Some((&last, before)) = words.split_last() else { return };
        // Ph. D.
        let degree = before.last().copied().filter(|_| last.trim_end_matches('.').eq_ignore_ascii_case("d"));
        if degree.is_some_and(|word| word.trim_end_matches('.').eq_ignore_ascii_case("ph"))
            && before.len() >= 2
        {
            found.extend(suffixes::find("phd"));
            words.truncate(words.len() - 2);
            continue;
        }
        let place = Place {
            names_before: before.len(),
            after_comma: false,
            mixed_case: mixed,
            after_family: side != Side::Given,
        };
        let fits = |word: &str| {
            // A particle alone is no family name that a suffix could follow.
            let alone = side == Side::Family && before.len() == 1 && particles::find(before[0]).is_none();
            suffixes::find(word).filter(|suffix| {
                let roman = suffix.kind == suffixes::Kind::ShortRoman
                    && alone
                    && word.bytes().all(|b| b.is_ascii_uppercase());
                !before.is_empty() && (suffix.fits(word, place) || roman)
            })
        };
        // MD/PhD
        let pieces: Option<Vec<_>> = last.split(['/', '&']).rev().map(fits).collect();
        match pieces {
            Some(mut pieces) => found.append(&mut pieces),
            None => break,
        }
        words.pop();
    }
    found[start..].reverse();
}

/// The suffixes, where all words after a comma are such.
pub(super) fn all_suffixes(words: &[&str], whole_name: bool, mixed: bool) -> Option<Vec<&'static Suffix>> {
    if let [first, second] = words
        && first.trim_end_matches('.').eq_ignore_ascii_case("ph")
        && second.trim_end_matches('.').eq_ignore_ascii_case("d")
    {
        return Some(suffixes::find("phd").into_iter().collect());
    }
    let place = Place { names_before: 1, after_comma: whole_name, mixed_case: mixed, after_family: true };
    let one = |word: &str| suffixes::find(word).filter(|suffix| suffix.fits(word, place));
    words.iter().flat_map(|word| word.split(['/', '&'])).map(one).collect()
}

/// Writes suffixes: generations first, then degrees in their order, each once.
pub(super) fn write_suffixes(found: &mut [&'static Suffix], out: &mut String) {
    found.sort_by_key(|suffix| !suffix.is_generation());
    for (index, suffix) in found.iter().enumerate() {
        if !found[..index].iter().any(|earlier| earlier.usual == suffix.usual) {
            append(out, ", ", suffix.usual);
        }
    }
}
