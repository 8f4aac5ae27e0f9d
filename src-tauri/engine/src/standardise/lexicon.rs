//! Word lists that are searched without allocating: a hash table with open addressing, built at compile time.

/// Marks a free slot.
const FREE: u16 = u16::MAX;

/// A list of ASCII words. `SLOTS` is a power of two, at least twice the number of words.
pub(super) struct Lexicon<const SLOTS: usize> {
    words: &'static [&'static str],
    slots: [u16; SLOTS],
    /// For each first byte (its low five bits, which do not tell capitals from small letters), the set of the lengths of
    /// words: most texts are told apart by it, and most others by the next.
    lengths: [u64; 32],
    /// For each second byte, the set of the last bytes of words
    ends: [u32; 32],
}

impl<const SLOTS: usize> Lexicon<SLOTS> {
    /// Builds the table. The words are lower case and at most 63 bytes long.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        assert!(SLOTS.is_power_of_two() && words.len() * 2 <= SLOTS && words.len() < FREE as usize);
        let mut slots = [FREE; SLOTS];
        let mut lengths = [0_u64; 32];
        let mut ends = [0_u32; 32];
        let mut index = 0;
        while index < words.len() {
            let word = words[index].as_bytes();
            assert!(!word.is_empty() && word.len() < 64);
            lengths[(word[0] & 31) as usize] |= 1 << word.len();
            let second = if word.len() == 1 { word[0] } else { word[1] };
            ends[(second & 31) as usize] |= 1 << (word[word.len() - 1] & 31);
            let mut slot = hash(word) as usize & (SLOTS - 1);
            while slots[slot] != FREE {
                slot = (slot + 1) & (SLOTS - 1);
            }
            slots[slot] = index as u16;
            index += 1;
        }
        Lexicon { words, slots, lengths, ends }
    }

    /// Position of the word that equals `text` without regard to ASCII case.
    #[inline]
    pub(super) fn find(&self, text: &[u8]) -> Option<usize> {
        if !self.may_hold(text) {
            return None;
        }
        let mut slot = hash(text) as usize & (SLOTS - 1);
        loop {
            let index = usize::from(self.slots[slot]);
            let word = self.words.get(index)?;
            if word.as_bytes().eq_ignore_ascii_case(text) {
                return Some(index);
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }

    /// Whether some word has this length and first letter, and some word this second and last one.
    #[inline]
    pub(super) fn may_hold(&self, text: &[u8]) -> bool {
        let (&[first, ..], &[.., last]) = (text, text) else { return false };
        let second = text.get(1).copied().unwrap_or(first);
        let low = |byte: u8| usize::from(byte & 31);
        text.len() < 64
            && self.lengths[low(first)] & (1 << text.len()) != 0
            && self.ends[low(second)] & (1 << low(last)) != 0
    }
}

/// A [`Lexicon`] with a value for each word.
pub(super) struct Dictionary<V: 'static, const SLOTS: usize> {
    words: Lexicon<SLOTS>,
    values: &'static [V],
}

impl<V, const SLOTS: usize> Dictionary<V, SLOTS> {
    /// Builds the table; [`dictionary!`] keeps words and values in step.
    pub(super) const fn new(words: &'static [&'static str], values: &'static [V]) -> Self {
        assert!(words.len() == values.len());
        Dictionary { words: Lexicon::new(words), values }
    }

    /// The value of the word that equals `text` without regard to ASCII case.
    #[inline]
    pub(super) fn get(&self, text: &[u8]) -> Option<&'static V> {
        self.values.get(self.words.find(text)?)
    }
}

/// Builds a [`Dictionary`] from `word => value` pairs.
macro_rules! dictionary {
    ($($word:literal => $value:expr),* $(,)?) => {
        $crate::standardise::lexicon::Dictionary::new(&[$($word),*], &[$($value),*])
    };
}
pub(super) use dictionary;

/// A hash that does not tell ASCII capitals from small letters (bit 5 is set in every byte). It sees the first and the
/// last eight bytes and the length, which tell the words of a list apart well enough.
const fn hash(text: &[u8]) -> u32 {
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let (head, tail) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => short_ends(text),
    };
    let head = (head | SMALL).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let tail = (tail | SMALL).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
    // Only the low bits are used; the high half of a product is the well mixed one.
    ((head ^ tail.rotate_left(21) ^ text.len() as u64) >> 32) as u32
}

/// All bytes of a text that has fewer than eight.
const fn short_ends(text: &[u8]) -> (u64, u64) {
    match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(head), Some(tail)) => (u32::from_le_bytes(*head) as u64, u32::from_le_bytes(*tail) as u64),
        _ => match *text {
            [] => (0, 0),
            [first, .., last] => (first as u64 | (text[text.len() / 2] as u64) << 8, last as u64),
            [only] => (only as u64, only as u64),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_words_in_any_case_and_no_others() {
        const WORDS: &[&str] = &["dr", "mr", "new york", "ii"];
        const LEXICON: Lexicon<16> = Lexicon::new(WORDS);
        for (index, word) in WORDS.iter().enumerate() {
            assert_eq!(LEXICON.find(word.as_bytes()), Some(index));
            assert_eq!(LEXICON.find(word.to_uppercase().as_bytes()), Some(index));
        }
        for other in ["", "d", "dx", "rd", "new\u{0}york", "iii", "\u{ef}\u{ef}"] {
            assert_eq!(LEXICON.find(other.as_bytes()), None, "{other:?}");
        }
        assert_eq!(LEXICON.find(&[b'd'; 100]), None);
    }
}
