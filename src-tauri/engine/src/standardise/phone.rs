//! Phone numbers, in the form of ITU-T Recommendation E.164.

use super::Parsed;
use super::text::is_nothing;
use crate::issue::{Change, Rule};

/// Digits of an international number, country code included (E.164 section 6.1 sets the most; the least is practical).
const FEWEST_DIGITS: usize = 8;
const MOST_DIGITS: usize = 15;

/// Digits of an extension.
const LONGEST_EXTENSION: usize = 7;

/// Reads a phone number and appends it to `out` as `+15550100123`, with `;ext=12` (RFC 3966) where there is an extension.
///
/// A number without a country code is North American (ten digits, or eleven with a leading 1). Others need `+`, or a
/// prefix of international calls (`011`, `00`). Spaces, dots, hyphens, slashes, parentheses, `tel:` and a trunk `(0)` after
/// a country code are left out. Too few or too many digits, letters and impossible area codes are [`Rule::BadPhone`];
/// whether a number is assigned to somebody is not checked.
pub fn parse_phone(text: &str, out: &mut String) -> Parsed<()> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Parsed::Missing(None);
    }
    if is_nothing(trimmed) {
        return Parsed::Missing(Some(Change::NullWord));
    }
    let start = out.len();
    if write_number(trimmed, out).is_none() {
        out.truncate(start);
        return Parsed::Failed(Rule::BadPhone);
    }
    Parsed::Value((), if out[start..] == *text { None } else { Some(Change::PhoneFormat) })
}

fn write_number(text: &str, out: &mut String) -> Option<()> {
    let text = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => text[4..].trim_start(),
        _ => text,
    };
    let (number, extension) = split_extension(text)?;
    // A spreadsheet's number: 5550100123.0
    let number = number.strip_suffix(".0").filter(|digits| all_digits(digits)).unwrap_or(number);
    let (number, international) = match number.strip_prefix(['+', '\u{ff0b}']) {
        Some(rest) => (rest, true),
        None => (number, false),
    };
    let mut buffer = [0; 24];
    let digits = digits_of(number, international, &mut buffer)?;
    let (digits, international) = if international {
        (digits, true)
    } else if let Some(rest) = digits.strip_prefix("011").or_else(|| digits.strip_prefix("00")) {
        (rest, true)
    } else {
        (digits, false)
    };
    let north_american = if international { digits.strip_prefix('1') } else { Some(digits) };
    if let Some(digits) = north_american {
        let national = if digits.len() == 11 && !international { digits.strip_prefix('1')? } else { digits };
        // No area code starts with 0 or 1 (North American Numbering Plan).
        if national.len() != 10 || national.starts_with(['0', '1']) {
            return None;
        }
        out.push_str("+1");
        out.push_str(national);
    } else {
        if !(FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len()) || digits.starts_with('0') {
            return None;
        }
        out.push('+');
        out.push_str(digits);
    }
    if !extension.is_empty() {
        out.push_str(";ext=");
        out.push_str(extension);
    }
    Some(())
}

/// The number and the digits of its extension; `None` where what follows is no extension.
fn split_extension(text: &str) -> Option<(&str, &str)> {
    let Some(at) = text.find(|c: char| c.is_ascii_alphabetic() || c == '#' || c == ';') else {
        return Some((text, ""));
    };
    let number = text[..at].trim_end_matches([' ', ',', '\u{a0}']);
    let mark = text[at..].trim_start_matches([';', ' ']);
    let word = mark.find(|c: char| !c.is_ascii_alphabetic() && c != '#').unwrap_or(mark.len());
    let known =
        ["x", "ext", "extn", "extension", "#"].iter().any(|&known| known.eq_ignore_ascii_case(&mark[..word]));
    let digits = mark[word..].trim_start_matches(['.', ':', '=', ' ', '\u{a0}', '#']);
    let fits = all_digits(digits) && (1..=LONGEST_EXTENSION).contains(&digits.len());
    (known && fits).then_some((number, digits))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a number without its punctuation; `None` for other characters.
fn digits_of<'b>(number: &str, international: bool, buffer: &'b mut [u8; 24]) -> Option<&'b str> {
    let mut len = 0;
    let mut rest = number;
    while let Some(c) = rest.chars().next() {
        // +44 (0)20 …: the trunk 0 is not dialled after a country code.
        if international && len > 0 && rest.starts_with("(0)") {
            rest = &rest[3..];
            continue;
        }
        match c {
            '0'..='9' => {
                *buffer.get_mut(len)? = c as u8;
                len += 1;
            }
            ' ' | '(' | ')' | '-' | '.' | '/' | '\u{a0}' | '\u{202f}' | '\u{2010}'..='\u{2014}' => {}
            _ => return None,
        }
        rest = &rest[c.len_utf8()..];
    }
    std::str::from_utf8(&buffer[..len]).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> (String, Parsed<()>) {
        let mut out = String::from("x");
        let parsed = parse_phone(text, &mut out);
        (out[1..].to_owned(), parsed)
    }

    #[test]
    fn north_american_numbers_get_their_country_code() {
        for text in [
            "555-010-0123",
            "(555) 010-0123",
            "555.010.0123",
            "5550100123",
            "1-555-010-0123",
            "+1 555 010 0123",
            "+1 (555) 010-0123",
            "15550100123",
            "555 010 0123",
            "1 (555) 010 0123",
            "tel:+1-555-010-0123",
            "5550100123.0",
            "555/010-0123",
            " 555-010-0123 ",
            "555\u{2011}010\u{2011}0123",
            "011 1 555 010 0123",
        ] {
            assert_eq!(
                read(text),
                ("+15550100123".to_owned(), Parsed::Value((), Some(Change::PhoneFormat))),
                "{text}"
            );
        }
        assert_eq!(read("+15550100123"), ("+15550100123".to_owned(), Parsed::Value((), None)));
    }

    #[test]
    fn extensions_follow() {
        for text in [
            "555-010-0123 x12",
            "555-010-0123 ext. 12",
            "555-010-0123, ext 12",
            "(555) 010-0123 Extension 12",
            "555-010-0123x12",
            "555-010-0123 #12",
            "+1-555-010-0123;ext=12",
        ] {
            assert_eq!(read(text).0, "+15550100123;ext=12", "{text}");
        }
        assert_eq!(read("+15550100123;ext=12").1, Parsed::Value((), None));
    }

    #[test]
    fn international_numbers_keep_theirs() {
        for (text, number) in [
            ("+44 20 7946 0958", "+442079460958"),
            ("+44 (0)20 7946 0958", "+442079460958"),
            ("0044 20 7946 0958", "+442079460958"),
            ("011 44 20 7946 0958", "+442079460958"),
            ("+49 (30) 901820", "+4930901820"),
            ("+52-55-5555-0100", "+525555550100"),
        ] {
            assert_eq!(read(text).0, number, "{text}");
        }
    }

    #[test]
    fn other_text_is_no_number() {
        for text in [
            "010-0123",
            "5550123",
            "555-010-012",
            "555-010-01234",
            "1-800-FLOWERS",
            "55501001234567890",
            "+",
            "()",
            "+1 555 010",
            "+0 123 456 789",
            "+1234567890123456",
            "155-010-0123",
            "055-010-0123",
            "25550100123",
            "call me",
            "555-010-0123 or 555-010-0124",
            "555-010-0123 x",
            "555-010-0123 x12345678",
            "555-010-0123 y12",
            "٥٥٥٠١٠٠١٢٣",
            "++15550100123",
            "1234567890123456789012345678901234567890",
            "5.55010E+09",
        ] {
            assert_eq!(read(text), (String::new(), Parsed::Failed(Rule::BadPhone)), "{text}");
        }
        assert_eq!(read(""), (String::new(), Parsed::Missing(None)));
        assert_eq!(read("n/a"), (String::new(), Parsed::Missing(Some(Change::NullWord))));
    }

    proptest! {
        #[test]
        fn a_number_read_stays(text in ".*|[0-9+()x#;=ext. \\-]{0,24}|\\+?[0-9 ]{7,18}( x[0-9]{1,4})?") {
            let (number, parsed) = read(&text);
            if let Parsed::Value((), change) = parsed {
                prop_assert_eq!(change.is_none(), number == text);
                prop_assert_eq!(read(&number), (number.clone(), Parsed::Value((), None)));
            } else {
                prop_assert_eq!(number, "");
            }
        }
    }
}
