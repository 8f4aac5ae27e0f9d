//! Texts as matching sees them: lower case, no accents, words parted by single spaces.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters that have no decomposition in Unicode, and how they are written without their stroke or ligature.
const PLAIN: [(char, &str); 10] = [
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ı', "i"),
    ('ħ', "h"),
];

/// Words of letters and digits in lower case without accents. An apostrophe or full stop does not part a word
/// (`O'Brien`, `J.R.`), every other sign does.
pub(crate) fn fold_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else if !matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '`' | '.') {
            gap = true;
        }
    };
    if text.is_ascii() {
        text.bytes().for_each(|byte| push(char::from(byte.to_ascii_lowercase())));
        return out;
    }
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        match PLAIN.iter().find(|(letter, _)| *letter == c) {
            Some((_, plain)) => plain.chars().for_each(&mut push),
            None => push(c),
        }
    }
    out
}

/// Letters and digits only, in lower case: for codes and identifiers.
pub(crate) fn fold_code(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The last ten digits of a phone number (a number of the North American plan without its country code), or all if
/// there are fewer.
pub(crate) fn fold_phone(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(10)..].to_owned()
}

/// An email address in lower case.
pub(crate) fn fold_email(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase())
}

/// What stands before the last `@`.
pub(crate) fn local_part(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(local, _)| local)
}

/// The generation that a suffix names: 1 senior, 2 junior or second, 3 third and so on; 0 for degrees and none.
pub(crate) fn generation(suffix: &str) -> u8 {
    let words = fold_words(suffix);
    words.split(' ').find_map(generation_of_word).unwrap_or_default()
}

fn generation_of_word(word: &str) -> Option<u8> {
    Some(match word {
        "sr" | "snr" | "senior" | "i" | "1st" => 1,
        "jr" | "jnr" | "junior" | "ii" | "2nd" => 2,
        "iii" | "3rd" => 3,
        "iv" | "4th" => 4,
        "v" | "5th" => 5,
        "vi" | "6th" => 6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_plain() {
        assert_eq!(fold_words("  O'Brien-Núñez,  J.R. "), "obrien nunez jr");
        assert_eq!(fold_words("Sørensen Łukasz Weiß"), "sorensen lukasz weiss");
        assert_eq!(fold_words("- ."), "");
    }

    #[test]
    fn other_texts_are_plain() {
        assert_eq!(fold_phone("+1 (555) 010-2030"), "5550102030");
        assert_eq!(fold_phone("12-34"), "1234");
        assert_eq!(fold_code("AB 12-3c"), "ab123c");
        assert_eq!(local_part(&fold_email(" Ann.Lee@Example.ORG ")), "ann.lee");
    }

    #[test]
    fn generations_are_told_from_degrees() {
        assert_eq!(["Jr.", "Sr.", "II", "III", "MD", "MD Jr.", ""].map(generation), [2, 1, 2, 3, 0, 2, 0]);
    }
}
