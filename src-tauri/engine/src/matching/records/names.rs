//! What is known of a name beyond its letters.

use super::values::{MISSING, Shape, Values};
use crate::matching::comparison::nickname;

/// Particles that do not tell families apart when they stand before a name.
const PARTICLES: [&str; 22] = [
    "de", "del", "della", "der", "den", "des", "di", "da", "dos", "das", "du", "la", "le", "las", "los",
    "van", "von", "vander", "ten", "ter", "st", "y",
];

/// All names of all name columns, each once, with their features: so given and family names can be compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) values: Values,
    features: Vec<NameFeatures>,
    none: NameFeatures,
}

/// Features of a name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NameFeatures {
    /// Soundex code of the first word; 0 where it has none
    pub(crate) sound: u32,
    /// First letter
    pub(crate) initial: char,
    /// Only one letter long
    pub(crate) is_initial: bool,
    /// The nickname groups it belongs to
    pub(crate) groups: nickname::Groups,
    /// What stands for its nickname groups in blocks; 0 for none
    pub(crate) root: u16,
    /// First and last word of a name of several words, particles left out; both [`MISSING`] otherwise
    pub(crate) first: u32,
    /// See `first`
    pub(crate) last: u32,
}

impl Names {
    /// The number of a folded name, whose words are kept as names as well.
    pub(crate) fn intern(&mut self, folded: &str) -> u32 {
        let number = self.values.intern(folded);
        if number == MISSING || (number as usize) < self.features.len() {
            return number;
        }
        self.features.resize(number as usize + 1, NameFeatures::default());
        let (groups, root) = nickname::groups(folded);
        let mut features = NameFeatures {
            sound: soundex(folded),
            initial: folded.chars().next().unwrap_or_default(),
            is_initial: folded.chars().nth(1).is_none(),
            groups,
            root,
            ..NameFeatures::default()
        };
        if folded.contains(' ') {
            let mut words = folded.split(' ').filter(|word| !PARTICLES.contains(word));
            if let Some(first) = words.next() {
                let last = words.next_back().unwrap_or(first);
                (features.groups, features.root) = nickname::groups(first);
                features.sound = soundex(first);
                features.first = self.intern(first);
                features.last = self.intern(last);
            }
        }
        self.features[number as usize] = features;
        number
    }

    /// Features of a name.
    #[inline]
    pub(crate) fn features(&self, number: u32) -> &NameFeatures {
        self.features.get(number as usize).unwrap_or(&self.none)
    }

    /// The folded text of a name.
    #[inline]
    pub(crate) fn text(&self, number: u32) -> &str {
        self.values.text(number)
    }

    /// What is known of a name without reading it.
    #[inline]
    pub(crate) fn shape(&self, number: u32) -> Shape {
        self.values.shape(number)
    }

    /// One past the largest number.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

/// American Soundex (Russell and Odell, US patents 1261167 of 1918 and 1435663 of 1922, as the US census used it) of
/// the first letters: a letter and three digits in four bytes; 0 for a text without a letter from a to z first.
pub(crate) fn soundex(word: &str) -> u32 {
    let mut letters = word.bytes().filter(|byte| *byte != b' ');
    let Some(first) = letters.next().filter(u8::is_ascii_lowercase) else {
        return 0;
    };
    let mut code = [first, b'0', b'0', b'0'];
    let mut length = 1;
    let mut before = soundex_digit(first);
    for letter in letters {
        let digit = soundex_digit(letter);
        match digit {
            // H and W do not part equal sounds.
            b'-' => continue,
            b'0' => {}
            _ if digit != before => {
                code[length] = digit;
                length += 1;
                if length == 4 {
                    break;
                }
            }
            _ => {}
        }
        before = digit;
    }
    u32::from_be_bytes(code)
}

fn soundex_digit(letter: u8) -> u8 {
    match letter {
        b'b' | b'f' | b'p' | b'v' => b'1',
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => b'2',
        b'd' | b't' => b'3',
        b'l' => b'4',
        b'm' | b'n' => b'5',
        b'r' => b'6',
        b'h' | b'w' => b'-',
        _ => b'0',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soundex_codes_are_the_census_ones() {
        for (name, code) in [
            ("robert", "r163"),
            ("rupert", "r163"),
            ("ashcraft", "a261"),
            ("tymczak", "t522"),
            ("pfister", "p236"),
            ("honeyman", "h555"),
            ("lee", "l000"),
        ] {
            assert_eq!(soundex(name).to_be_bytes(), code.as_bytes(), "{name}");
        }
        assert_eq!(soundex("ōta"), 0);
    }

    #[test]
    fn words_of_a_double_name_are_names_too() {
        let mut names = Names::default();
        let double = names.intern("van der berg smith");
        let smith = names.intern("smith");
        assert_eq!(names.features(double).last, smith);
        assert_eq!(names.text(names.features(double).first), "berg");
        assert_eq!(names.features(smith).first, MISSING);
    }
}
