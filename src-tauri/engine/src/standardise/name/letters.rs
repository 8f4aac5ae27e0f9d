//! Which bytes of a name are ASCII letters, eight at a time.

const HIGH: u64 = 0x8080_8080_8080_8080;

/// Where the only byte stands that is no ASCII letter: `Some(None)` where all are letters, `None` where several are none.
#[inline]
pub(super) fn only_other(text: &[u8]) -> Option<Option<usize>> {
    let mut found = None;
    let mut look = |start: usize, word: u64| {
        let others = HIGH & !letters(word);
        if others == 0 {
            return true;
        }
        let at = start + (others.trailing_zeros() / 8) as usize;
        // Words overlap: the same byte may be met twice.
        others & (others - 1) == 0 && found.replace(at).is_none_or(|earlier| earlier == at)
    };
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        if !look(index * 8, u64::from_le_bytes(*word)) {
            return None;
        }
    }
    if !rest.is_empty() {
        let (start, last) = last_word(text, rest);
        if !look(start, last) {
            return None;
        }
    }
    Some(found)
}

/// The word that ends where the text does, and where it starts. Before a text that is shorter, it is filled with letters.
#[inline]
fn last_word(text: &[u8], rest: &[u8]) -> (usize, u64) {
    if let Some(last) = text.last_chunk::<8>() {
        return (text.len() - 8, u64::from_le_bytes(*last));
    }
    let mut word = *b"aaaaaaaa";
    for (to, from) in word.iter_mut().zip(rest) {
        *to = *from;
    }
    (0, u64::from_le_bytes(word))
}

/// The high bit of each byte that is an ASCII letter, and of no other.
#[inline]
const fn letters(word: u64) -> u64 {
    let small = (word | 0x2020_2020_2020_2020) & !HIGH;
    // The first sum reaches the high bit from `a` on, the second one from the sign behind `z` on.
    (small + 0x1f1f_1f1f_1f1f_1f1f) & !(small + 0x0505_0505_0505_0505) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_byte_is_told_apart() {
        for byte in 0..=u8::MAX {
            let word = u64::from_le_bytes([byte; 8]);
            assert_eq!(letters(word), if byte.is_ascii_alphabetic() { HIGH } else { 0 }, "{byte:#x}");
        }
    }

    proptest! {
        #[test]
        fn finds_what_a_look_at_each_byte_finds(text in "[A-Za-z]{0,20}[ -~é]?[a-z]{0,20}[ ',-]?[A-Z]{0,9}") {
            let others: Vec<usize> =
                (0..text.len()).filter(|&at| !text.as_bytes()[at].is_ascii_alphabetic()).collect();
            let expected = match others[..] {
                [] => Some(None),
                [only] => Some(Some(only)),
                _ => None,
            };
            prop_assert_eq!(only_other(text.as_bytes()), expected);
        }
    }
}
