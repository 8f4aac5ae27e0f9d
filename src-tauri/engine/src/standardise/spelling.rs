//! Near-spellings among the values of a column: what a person may want to merge.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many times as often as a rare value a frequent one must occur to be taken for its right spelling.
const FREQUENT: u64 = 4;

/// Letters and digits below which only equal keys group values: Jan and Jon are two names.
const SHORTEST: usize = 5;

/// Letters and digits from which two edits are few.
const LONG: usize = 10;

/// Longest key that is compared by edits, in characters.
const LONGEST: usize = 64;

/// Least Jaro-Winkler similarity of two near spellings.
const LEAST_SIMILARITY: f64 = 0.90;

/// Most values of a block that a value is compared with, the most frequent ones.
const MOST_COMPARED: usize = 24;

/// Groups of values that may be one, as positions in `values` (value and how often it occurs).
///
/// Two methods: OpenRefine's key collision, with its fingerprint (words sorted, no case, accents and punctuation) and its
/// n-gram fingerprint (n = 2); then OpenRefine's nearest neighbour within blocks, for a rare value and a frequent one
/// (four times as often) that differ by one edit, or two in ten characters and more (Levenshtein), and are alike by
/// Jaro-Winkler (0.90). Values whose figures differ (`Unit 1`, `Unit 2`) are never grouped.
///
/// In each group the most frequent value, which is the one to suggest, comes first; groups are in the order of their
/// first values. The same values give the same groups; time is nearly in proportion to their number.
pub fn spelling_groups(values: &[(String, u64)]) -> Vec<Vec<usize>> {
    let keys: Vec<Key> = values.iter().map(|(value, _)| Key::new(value)).collect();
    // The most frequent first; of equals, the first.
    let mut order: Vec<usize> = (0..values.len()).filter(|&index| !keys[index].plain.is_empty()).collect();
    order.sort_by(|&a, &b| values[b].1.cmp(&values[a].1).then(a.cmp(&b)));

    let mut centre: Vec<usize> = (0..values.len()).collect();
    collide(&keys, &order, &mut centre);
    attach_neighbours(values, &keys, &order, &mut centre);

    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for &index in &order {
        groups.entry(centre[index]).or_default().push(index);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable_by_key(|group| group[0]);
    groups
}

/// What values are compared by.
struct Key {
    /// Words in lower case without accents and punctuation, sorted, each once: OpenRefine's fingerprint
    fingerprint: String,
    /// The sorted pairs of characters: OpenRefine's n-gram fingerprint; empty for short values
    ngrams: String,
    /// Letters and digits in their order
    plain: Vec<char>,
    /// The figures in their order
    figures: String,
}

impl Key {
    fn new(value: &str) -> Key {
        // An apostrophe or dot inside of a word does not part it: O'Brien, U.S.A.
        let mut words: Vec<String> = value
            .split(|c: char| c.is_whitespace() || c == '-')
            .map(fold_word)
            .filter(|word| !word.is_empty())
            .collect();
        let plain: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
        words.sort_unstable();
        words.dedup();
        let mut pairs: Vec<[char; 2]> = plain.windows(2).map(|pair| [pair[0], pair[1]]).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let ngrams = if plain.len() >= SHORTEST { pairs.iter().flatten().collect() } else { String::new() };
        let figures = plain.iter().filter(|c| c.is_numeric()).collect();
        Key { fingerprint: words.join(" "), ngrams, plain, figures }
    }
}

/// Letters and digits in lower case, without accents.
fn fold_word(word: &str) -> String {
    if word.is_ascii() {
        return word
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|b| char::from(b.to_ascii_lowercase()))
            .collect();
    }
    word.nfkd()
        .filter(|&c| !is_combining_mark(c) && c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Gives values with the same key the same centre, the most frequent of them.
fn collide(keys: &[Key], order: &[usize], centre: &mut [usize]) {
    let mut by_fingerprint: HashMap<&str, usize> = HashMap::with_capacity(order.len());
    let mut by_ngrams: HashMap<(&str, &str), usize> = HashMap::with_capacity(order.len());
    for &index in order {
        let key = &keys[index];
        let known = by_fingerprint.get(key.fingerprint.as_str()).or_else(|| {
            let ngrams = (key.ngrams.as_str(), key.figures.as_str());
            if key.ngrams.is_empty() { None } else { by_ngrams.get(&ngrams) }
        });
        if let Some(&known) = known {
            centre[index] = known;
        }
        let target = centre[index];
        by_fingerprint.entry(&key.fingerprint).or_insert(target);
        by_ngrams.entry((&key.ngrams, &key.figures)).or_insert(target);
    }
}

/// Gives rare values the centre of the nearest frequent one. Blocks are the texts that are left when one character is
/// taken out (SymSpell's deletion neighbourhood), which finds every single edit; and, for long values, halves of the
/// text, one of which two edits often leave whole.
fn attach_neighbours(values: &[(String, u64)], keys: &[Key], order: &[usize], centre: &mut [usize]) {
    let mut blocks: HashMap<u64, Vec<u32>, BuildHasherDefault<Hashed>> = HashMap::default();
    let mut candidates: Vec<usize> = Vec::new();
    for &index in order {
        let plain = &keys[index].plain;
        if centre[index] != index || !(SHORTEST..=LONGEST).contains(&plain.len()) {
            continue;
        }
        let block_keys = block_keys(plain);
        candidates.clear();
        for key in &block_keys {
            candidates.extend(blocks.get(key).into_iter().flatten().map(|&other| other as usize));
        }
        // Indices of centres in the order of their frequency, so the first best is the most frequent best.
        candidates.sort_unstable_by(|&a, &b| values[b].1.cmp(&values[a].1).then(a.cmp(&b)));
        candidates.dedup();
        let count = values[index].1;
        let best = candidates
            .iter()
            .filter(|&&other| values[other].1 >= count.saturating_mul(FREQUENT))
            .filter_map(|&other| Some((nearness(&keys[index], &keys[other])?, other)))
            .min_by(|(a, _), (b, _)| a.cmp(b));
        match best {
            Some((_, other)) => centre[index] = other,
            // Only values that are no rare spelling themselves attract others, so that spellings do not chain.
            None => block_keys.into_iter().for_each(|key| {
                let block = blocks.entry(key).or_default();
                if block.len() < MOST_COMPARED {
                    block.push(index as u32);
                }
            }),
        }
    }
    // What collided with a value goes with it.
    for &index in order {
        centre[index] = centre[centre[index]];
    }
}

/// Takes keys that are hashes already as they are.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key ^ (key >> 32);
    }
}

/// The edits between two near spellings; `None` where they are not near.
fn nearness(one: &Key, other: &Key) -> Option<usize> {
    if one.figures != other.figures {
        return None;
    }
    let allowed = if one.plain.len().min(other.plain.len()) >= LONG { 2 } else { 1 };
    if one.plain.len().abs_diff(other.plain.len()) > allowed {
        return None;
    }
    let (a, b): (String, String) = (one.plain.iter().collect(), other.plain.iter().collect());
    // Neighbours that changed places count as one edit (optimal string alignment).
    let edits = strsim::osa_distance(&a, &b);
    (edits <= allowed && strsim::jaro_winkler(&a, &b) >= LEAST_SIMILARITY).then_some(edits)
}

/// Hashes of the blocks of a value.
fn block_keys(plain: &[char]) -> Vec<u64> {
    let hash = |kind: u64, chars: &mut dyn Iterator<Item = &char>| {
        chars.fold(0xcbf2_9ce4_8422_2325 ^ kind, |hash, &c| {
            (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
        })
    };
    let mut keys = vec![hash(0, &mut plain.iter())];
    for left_out in 0..plain.len() {
        keys.push(hash(0, &mut plain[..left_out].iter().chain(&plain[left_out + 1..])));
    }
    if plain.len() >= LONG {
        // Five characters at either end and about the middle stay whole in most spellings with two edits.
        let half = plain.len() / 2;
        keys.push(hash(1, &mut plain[..half.min(6)].iter()));
        keys.push(hash(2, &mut plain[plain.len() - half.min(6)..].iter()));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups(values: &[(&str, u64)]) -> Vec<Vec<String>> {
        let values: Vec<(String, u64)> =
            values.iter().map(|&(value, count)| (value.to_owned(), count)).collect();
        let name = |group: Vec<usize>| group.into_iter().map(|index| values[index].0.clone()).collect();
        spelling_groups(&values).into_iter().map(name).collect()
    }

    #[test]
    fn groups_values_with_the_same_fingerprint() {
        let found = groups(&[
            ("Brown, Vasquez and Sanchez", 3),
            ("vasquez and sanchez  brown", 9),
            ("Keller Group", 5),
            ("KELLER GROUP.", 1),
            ("O'Brien Ltd", 1),
            ("OBrien Ltd", 2),
            ("Café Zoë", 1),
            ("Cafe Zoe", 1),
            ("Alone Inc", 1),
        ]);
        assert_eq!(
            found,
            [
                vec!["vasquez and sanchez  brown", "Brown, Vasquez and Sanchez"],
                vec!["Keller Group", "KELLER GROUP."],
                vec!["OBrien Ltd", "O'Brien Ltd"],
                vec!["Café Zoë", "Cafe Zoe"],
            ]
        );
    }

    #[test]
    fn groups_values_with_the_same_pairs_of_letters() {
        assert_eq!(groups(&[("Key Bank", 1), ("Keybank", 2)]), [["Keybank", "Key Bank"]]);
    }

    #[test]
    fn groups_a_rare_spelling_with_a_frequent_one() {
        let found = groups(&[
            ("Pensylvania", 2),
            ("Pennsylvania", 100),
            ("Pennsylvnaia", 1),
            ("Massachussets", 1),
            ("Massachusetts", 50),
            ("Californai", 3),
            ("California", 12),
        ]);
        assert_eq!(
            found,
            [
                vec!["Pennsylvania", "Pensylvania", "Pennsylvnaia"],
                vec!["Massachusetts", "Massachussets"],
                vec!["California", "Californai"],
            ]
        );
    }

    #[test]
    fn keeps_apart_what_is_different() {
        for values in [
            &[("Jon", 1), ("Jan", 100)][..],
            &[("Unit 11", 1), ("Unit 12", 100)],
            &[("Rivera-Morrow", 40), ("Rivera-Marrow", 30)],
            &[("North Dakota", 1), ("South Dakota", 100)],
            &[("", 5), ("-", 5), ("?", 1)],
            &[("Carolyn", 10), ("Marilyn", 100)],
        ] {
            assert_eq!(groups(values), Vec::<Vec<String>>::new(), "{values:?}");
        }
    }

    #[test]
    fn rare_spellings_do_not_chain() {
        let found = groups(&[("abcdefgh", 1000), ("abcdefgx", 100), ("abcdefyx", 10)]);
        assert_eq!(found, [["abcdefgh", "abcdefgx"]]);
    }

    proptest! {
        #[test]
        fn every_value_is_in_one_group_at_most(values in prop::collection::vec((".{0,8}|[ab]{5,7}", 0..500_u64), 0..30)) {
            let found = spelling_groups(&values);
            let mut all: Vec<usize> = found.iter().flatten().copied().collect();
            all.sort_unstable();
            let count = all.len();
            all.dedup();
            prop_assert_eq!(all.len(), count);
            for group in &found {
                prop_assert!(group.len() > 1);
                prop_assert!(group.iter().all(|&index| values[index].1 <= values[group[0]].1));
            }
            prop_assert_eq!(spelling_groups(&values), found);
        }
    }
}
