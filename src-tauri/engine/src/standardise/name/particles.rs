//! Words that belong to the family name that follows: de la, van der, von, bin.

use crate::standardise::lexicon::{Dictionary, Lexicon, dictionary};

/// How a particle behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Between two names it is always a particle
    Always,
    /// Only in small letters; with a capital it is a name (Ben, Do)
    Small,
    /// It joins two family names: Ortega y Gasset. Only in small letters; a capital is an initial
    Joins,
}

/// After nameparser's list of prefixes. The second value: whether it is written small when capitals are corrected.
const PARTICLES: Dictionary<(Kind, bool), 256> = dictionary! {
    "de" => (Kind::Always, true), "da" => (Kind::Always, true), "das" => (Kind::Always, true),
    "dos" => (Kind::Always, true), "du" => (Kind::Always, true), "des" => (Kind::Always, true),
    "del" => (Kind::Always, true), "dela" => (Kind::Always, false), "della" => (Kind::Always, true),
    "dello" => (Kind::Always, true), "degli" => (Kind::Always, true), "dei" => (Kind::Always, true),
    "dal" => (Kind::Always, true), "dalla" => (Kind::Always, true), "di" => (Kind::Always, true),
    "la" => (Kind::Always, false), "las" => (Kind::Always, false), "le" => (Kind::Always, false),
    "los" => (Kind::Always, false), "lo" => (Kind::Always, false), "van" => (Kind::Always, true),
    "vande" => (Kind::Always, false), "vander" => (Kind::Always, false), "vanden" => (Kind::Always, false),
    "von" => (Kind::Always, true), "vom" => (Kind::Always, true), "zu" => (Kind::Always, true),
    "zum" => (Kind::Always, true), "zur" => (Kind::Always, true), "der" => (Kind::Always, true),
    "den" => (Kind::Always, true), "het" => (Kind::Always, true), "'t" => (Kind::Always, true),
    "ten" => (Kind::Always, true), "ter" => (Kind::Always, true), "te" => (Kind::Always, true),
    "op" => (Kind::Small, true), "af" => (Kind::Always, true), "av" => (Kind::Always, true),
    "bin" => (Kind::Always, true), "binti" => (Kind::Always, true), "bint" => (Kind::Always, true),
    "ibn" => (Kind::Always, true), "ben" => (Kind::Small, false), "bat" => (Kind::Small, false),
    "abu" => (Kind::Always, false), "al" => (Kind::Always, false), "el" => (Kind::Always, false),
    "st" => (Kind::Always, false), "ste" => (Kind::Always, false), "san" => (Kind::Always, false),
    "santa" => (Kind::Always, false), "mac" => (Kind::Always, false), "mc" => (Kind::Always, false),
    "ap" => (Kind::Small, true), "do" => (Kind::Small, false), "y" => (Kind::Joins, false), "e" => (Kind::Joins, false),
};

/// The usual Vietnamese family names: before them, Van, Le, Do and Ho are names of the person.
const VIETNAMESE: Lexicon<64> = Lexicon::new(&[
    "nguyen", "tran", "le", "pham", "huynh", "hoang", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo",
    "duong", "ly", "truong", "dinh", "lam", "mai", "trinh", "luu", "dao", "doan",
]);

/// Given names with particles, which go on with another name: Maria del Carmen Lopez.
const DEVOTIONS: Lexicon<64> = Lexicon::new(&[
    "carmen",
    "pilar",
    "rosario",
    "socorro",
    "refugio",
    "consuelo",
    "rocio",
    "mar",
    "sol",
    "valle",
    "jesus",
    "lourdes",
    "fatima",
    "guadalupe",
    "angeles",
    "luz",
    "paz",
    "concepcion",
    "caridad",
    "mercedes",
    "dolores",
    "remedios",
]);

/// What kind of particle a word is.
#[inline]
pub(super) fn find(word: &str) -> Option<Kind> {
    PARTICLES.get(word.strip_suffix('.').unwrap_or(word).as_bytes()).map(|&(kind, _)| kind)
}

/// Whether the word is written small inside a family name whose capitals are corrected. In `de la`, `la` is as well.
pub(super) fn is_small(word: &str, before: Option<&str>) -> bool {
    match PARTICLES.get(word.as_bytes()) {
        Some((_, true)) => true,
        Some((_, false)) => {
            let article =
                ["la", "las", "los", "lo", "el"].iter().any(|known| known.eq_ignore_ascii_case(word));
            article
                && before.is_some_and(|before| {
                    ["de", "van"].iter().any(|known| known.eq_ignore_ascii_case(before))
                })
        }
        None => false,
    }
}

/// Whether `words[at]` is a particle of the family name that the words after it make up. `mixed_case`: the text has
/// capitals and small letters.
fn leads(words: &[&str], at: usize, mixed_case: bool) -> bool {
    let word = words[at];
    let Some(next) = words.get(at + 1) else { return false };
    let small = !word.bytes().any(|byte| byte.is_ascii_uppercase());
    match find(word) {
        Some(Kind::Always) => small && mixed_case || VIETNAMESE.find(next.as_bytes()).is_none(),
        Some(Kind::Small) => small && mixed_case,
        Some(Kind::Joins) | None => false,
    }
}

/// Where the family name starts in the words of a whole name, and where its given name ends: given names are
/// `words[..given]`, middle names `words[given..family]`.
pub(super) fn split(words: &[&str], mixed_case: bool) -> (usize, usize) {
    let last = words.len() - 1;
    let mut given = given_len(words, mixed_case);
    let mut at = given;
    while at < last {
        if leads(words, at, mixed_case) {
            // Maria del Carmen Lopez: the particle belongs to a given name.
            match devotion(words, at) {
                Some(end) if at == given && end < words.len() => {
                    given = end;
                    at = end;
                    continue;
                }
                _ => return (given, at),
            }
        }
        at += 1;
    }
    (given, join_start(words, given, mixed_case))
}

/// How many words the given name has. 0 where all words are one family name (`de la Cruz`).
fn given_len(words: &[&str], mixed_case: bool) -> usize {
    let last = words.len() - 1;
    let particle = |at: usize| matches!(find(words[at]), Some(Kind::Always)) && leads(words, at, mixed_case);
    if !particle(0) {
        // John and Jane Smith
        let couple = last >= 3 && super::titles::joins(words[1]);
        return if couple { 3 } else { 1 };
    }
    let small = mixed_case && !words[0].starts_with(|c: char| c.is_uppercase());
    if (small || last >= 2) && (0..last).all(particle) {
        return 0;
    }
    // La Toya Jackson, St. John Smith; but Van Morrison and Al Smith.
    let leading = ["la", "de", "le", "da", "st", "mc", "abu", "del"];
    let word = words[0].strip_suffix('.').unwrap_or(words[0]);
    if last >= 2 && leading.iter().any(|known| known.eq_ignore_ascii_case(word)) { 2 } else { 1 }
}

/// The end of a devotional name that starts with the particle at `at`: del Carmen, de los Angeles, de Jesus.
fn devotion(words: &[&str], at: usize) -> Option<usize> {
    let article =
        |word: &str| ["la", "los", "las", "el"].iter().any(|known| known.eq_ignore_ascii_case(word));
    let is = |word: &str, known: &str| word.eq_ignore_ascii_case(known);
    if !is(words[at], "de") && !is(words[at], "del") {
        return None;
    }
    let noun = if article(words[at + 1]) { at + 2 } else { at + 1 };
    DEVOTIONS.find(words.get(noun)?.as_bytes()).map(|_| noun + 1)
}

/// Where the family name starts when no particle leads it: at the last word, or before `y` at the word before that.
fn join_start(words: &[&str], given: usize, mixed_case: bool) -> usize {
    let mut start = words.len() - 1;
    while start >= given + 2
        && mixed_case
        && find(words[start - 1]) == Some(Kind::Joins)
        && is_lower(words[start - 1])
    {
        start -= 2;
    }
    start.max(given)
}

fn is_lower(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// How many words at the end of the given names are particles of the family name: Berg, Hans van der.
pub(super) fn trailing(words: &[&str]) -> usize {
    let particles = words.iter().rev().take_while(|word| find(word) == Some(Kind::Always)).count();
    // "Smith, Al" and "Smith, John Van" are names; "van der" and a small "de" are not.
    let first = words.len() - particles;
    if particles >= words.len() || particles == 1 && !is_lower(words[first]) { 0 } else { particles }
}
