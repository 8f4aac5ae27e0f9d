//! A club's score: a decimal number, written plainly.

use super::Parsed;
use super::text::is_nothing;
use crate::issue::{Change, Rule};

/// Most digits before the decimal sign, and most after it: what a 64-bit float holds exactly in decimal is 15.
const MOST_DIGITS: usize = 15;

/// Reads a score and appends it to `out` as a plain decimal: `-1234.5`, no grouping, no needless zeros, no exponent.
///
/// Understood are grouped thousands (`1,234.5`, `1.234,5`, `1 234`, `1'234`), a decimal comma where it can be nothing
/// else (`57,5`; `1,234` is one thousand), a sign, and a per-cent sign, which is dropped (`87%` is 87 on a scale of
/// 100). All else is [`Rule::UnreadableScore`]: exponents, infinities, fractions, currencies, hexadecimal.
#[inline]
pub fn parse_score(text: &str, out: &mut String) -> Parsed<f64> {
    if let Some(value) = usual(text.as_bytes()) {
        out.push_str(text);
        return Parsed::Value(value, None);
    }
    parse_slowly(text, out)
}

/// The value of a usual score: one to four figures without a leading zero, which are written as they stand.
#[inline]
pub(crate) fn usual(text: &[u8]) -> Option<f64> {
    if text.is_empty() || text.len() > 4 || text[0] == b'0' && text.len() > 1 {
        return None;
    }
    let mut value = 0_u32;
    for &byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
    }
    Some(f64::from(value))
}

fn parse_slowly(text: &str, out: &mut String) -> Parsed<f64> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Parsed::Missing(None);
    }
    if is_nothing(trimmed) {
        return Parsed::Missing(Some(Change::NullWord));
    }
    let start = out.len();
    match write_plain(trimmed, out).and_then(|()| out[start..].parse::<f64>().ok()) {
        Some(value) if out[start..] == *text => Parsed::Value(value, None),
        Some(value) => Parsed::Value(value, Some(Change::NumberFormat)),
        None => {
            out.truncate(start);
            Parsed::Failed(Rule::UnreadableScore)
        }
    }
}

/// Appends the number as a plain decimal; `None` where the text is no number.
fn write_plain(text: &str, out: &mut String) -> Option<()> {
    let text = text.strip_suffix('%').map_or(text, str::trim_end);
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text).trim_start()),
    };
    let (whole, fraction) = split_at_decimal_sign(text)?;
    let whole = Grouped::new(whole)?;
    if fraction.len() > MOST_DIGITS || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if whole.0.is_empty() && fraction.is_empty() {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let start = out.len();
    out.extend(whole.digits().skip_while(|&digit| digit == '0'));
    if out.len() - start > MOST_DIGITS {
        return None;
    }
    if out.len() == start {
        out.push('0');
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    if negative && out[start..] != *"0" {
        out.insert(start, '-');
    }
    Some(())
}

/// The figures before and after the decimal sign, the latter empty where there is no such sign.
fn split_at_decimal_sign(text: &str) -> Option<(&str, &str)> {
    let dots = text.matches('.').count();
    let commas = text.matches(',').count();
    match (dots, commas) {
        (0, 0) => Some((text, "")),
        (1, 0) => text.split_once('.'),
        // Thousands as in 1,234; but 0,500 and 57,5 can only be decimals.
        (0, 1) => {
            let (whole, fraction) = text.split_once(',')?;
            let grouped = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            let decimal = !fraction.is_empty() && whole.ends_with(|c: char| c.is_ascii_digit());
            if grouped { Some((text, "")) } else { decimal.then_some((whole, fraction)) }
        }
        (0, _) | (_, 0) => Some((text, "")),
        // Both signs: the one that comes last, and only once, is the decimal sign.
        _ => {
            let (sign, count) = if text.rfind('.') > text.rfind(',') { ('.', dots) } else { (',', commas) };
            (count == 1).then(|| text.split_once(sign))?
        }
    }
}

/// Figures, plain or in groups of three with one kind of sign between them.
struct Grouped<'a>(&'a str);

impl<'a> Grouped<'a> {
    fn new(text: &'a str) -> Option<Self> {
        let Some(sign) = text.chars().find(|c| !c.is_ascii_digit()) else { return Some(Grouped(text)) };
        if !matches!(sign, ',' | '.' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}') {
            return None;
        }
        let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
        let mut groups = text.split(sign);
        let first = groups.next()?;
        let whole = (1..=3).contains(&first.len()) && digits(first);
        (whole && groups.all(|group| group.len() == 3 && digits(group))).then_some(Grouped(text))
    }

    fn digits(&self) -> impl Iterator<Item = char> + 'a {
        self.0.chars().filter(char::is_ascii_digit)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> (String, Parsed<f64>) {
        let mut out = String::from("x");
        let parsed = parse_score(text, &mut out);
        (out[1..].to_owned(), parsed)
    }

    #[test]
    fn plain_numbers_stay() {
        for (text, value) in [
            ("57", 57.0),
            ("0", 0.0),
            ("9999", 9999.0),
            ("12345", 12345.0),
            ("57.5", 57.5),
            ("-3", -3.0),
            ("0.25", 0.25),
        ] {
            assert_eq!(read(text), (text.to_owned(), Parsed::Value(value, None)), "{text}");
        }
    }

    #[test]
    fn other_ways_to_write_a_number() {
        let changed = Some(Change::NumberFormat);
        for (text, plain, value) in [
            (" 57 ", "57", 57.0),
            ("057", "57", 57.0),
            ("57.0", "57", 57.0),
            ("57.50", "57.5", 57.5),
            ("57,5", "57.5", 57.5),
            ("0,500", "0.5", 0.5),
            ("1,2345", "1.2345", 1.2345),
            ("1,234", "1234", 1234.0),
            ("1,234.5", "1234.5", 1234.5),
            ("1.234,5", "1234.5", 1234.5),
            ("1,234,567", "1234567", 1_234_567.0),
            ("1.234.567", "1234567", 1_234_567.0),
            ("1 234,5", "1234.5", 1234.5),
            ("1\u{202f}234", "1234", 1234.0),
            ("1'234.5", "1234.5", 1234.5),
            ("+5", "5", 5.0),
            ("\u{2212}5", "-5", -5.0),
            ("-0", "0", 0.0),
            ("-0.0", "0", 0.0),
            (".5", "0.5", 0.5),
            ("5.", "5", 5.0),
            ("87%", "87", 87.0),
            ("87.5 %", "87.5", 87.5),
            ("0000000000000000000007", "7", 7.0),
        ] {
            assert_eq!(read(text), (plain.to_owned(), Parsed::Value(value, changed)), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_fails() {
        for text in [
            "7O",
            "8.5.1",
            "1e5",
            "inf",
            "NaN5",
            "Infinity",
            "0x1F",
            "1/2",
            "$5",
            "12,34,567",
            "1,23,4.5",
            "--5",
            "5-",
            "(5)",
            "5,",
            ",5",
            "1.234.5",
            "1,234,5",
            "1,234.567,8",
            "٣",
            "５",
            "1_000",
            "ten",
            "9999999999999999",
            "1.1234567890123456",
            "1 2",
            "+",
            "%",
            "1,,234",
            "1..2",
        ] {
            assert_eq!(read(text), (String::new(), Parsed::Failed(Rule::UnreadableScore)), "{text}");
        }
    }

    #[test]
    fn nothing_is_missing() {
        assert_eq!(read(""), (String::new(), Parsed::Missing(None)));
        assert_eq!(read(" \u{a0}"), (String::new(), Parsed::Missing(None)));
        assert_eq!(read("n/a"), (String::new(), Parsed::Missing(Some(Change::NullWord))));
        assert_eq!(read("NaN"), (String::new(), Parsed::Missing(Some(Change::NullWord))));
    }

    proptest! {
        #[test]
        fn a_plain_number_stays(text in ".*|[0-9.,' %+-]{0,12}") {
            let (plain, parsed) = read(&text);
            match parsed {
                Parsed::Value(value, _) => {
                    prop_assert!(value.is_finite());
                    prop_assert_eq!(read(&plain), (plain.clone(), Parsed::Value(value, None)));
                }
                _ => prop_assert_eq!(plain, ""),
            }
        }

        #[test]
        fn reads_what_rust_prints(whole in -999_999_999_i64..999_999_999, cents in 0_u8..100) {
            let value = format!("{whole}.{cents:02}").parse::<f64>().unwrap();
            prop_assert_eq!(read(&value.to_string()).1.value(), Some(value));
        }
    }
}
