//! CSV as Muster writes it: comma, `"` where it is needed (RFC 4180), LF line ends, UTF-8, no live formula.

use crate::field::Field;

/// The record fields of `master.csv` and `suspects.csv`, in the order of [`MASTER_HEADER`].
pub const MASTER_FIELDS: [Field; 14] = [
    Field::GivenName,
    Field::MiddleName,
    Field::FamilyName,
    Field::Prefix,
    Field::Suffix,
    Field::PreferredName,
    Field::BirthDate,
    Field::Company,
    Field::State,
    Field::Email,
    Field::Phone,
    Field::MemberSince,
    Field::LastActive,
    Field::Score,
];

/// Header of `master.csv`: [`MASTER_FIELDS`], then where the row comes from.
pub const MASTER_HEADER: [&str; 17] = with_origin([""; 17]);

/// Header of `suspects.csv`: [`MASTER_HEADER`], then the names of the row's rules joined by `+`.
pub const SUSPECTS_HEADER: [&str; 18] = {
    let mut header = with_origin([""; 18]);
    header[17] = "issues";
    header
};

/// Header of `rejects.csv`: where the row comes from, its rules joined by `+`, and the row as it stands in the file.
pub const REJECTS_HEADER: [&str; 4] = ["source_file", "source_row", "issues", "raw_line"];

const fn with_origin<const N: usize>(mut header: [&'static str; N]) -> [&'static str; N] {
    let mut index = 0;
    while index < MASTER_FIELDS.len() {
        header[index] = MASTER_FIELDS[index].name();
        index += 1;
    }
    header[index] = "source";
    header[index + 1] = "source_file";
    header[index + 2] = "source_row";
    header
}

/// Appends one row with its line end; a missing value is an empty cell.
pub fn encode_row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = Option<&'a str>>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if let Some(text) = cell {
            encode_cell(out, text);
        }
    }
    out.push(b'\n');
}

/// Appends one cell, without a separator. It is quoted where a reader would need that, and a cell that a
/// spreadsheet could take for a formula gets an apostrophe in front (see [`is_live_formula`]).
#[inline]
pub fn encode_cell(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return };
    if may_be_formula(first) && is_live_formula(text) {
        encode_guarded(out, bytes);
    } else if needs_quotes(bytes) {
        encode_quoted(out, b"", bytes);
    } else {
        out.extend_from_slice(bytes);
    }
}

/// Whether a spreadsheet could run a cell with this text when it opens a CSV file.
///
/// By OWASP's list for CSV injection: a cell that starts with `=`, `+`, `-`, `@`, their full-width forms, TAB, CR or
/// LF; looked for behind quotation marks and spaces too, since programs differ in what they strip. A plain number or
/// a phone number in figures (`-5`, `+15550100123`) runs nothing and is left as it is.
pub fn is_live_formula(text: &str) -> bool {
    let inner = text.trim_start_matches([' ', '"', '\'']);
    let live = matches!(
        inner.chars().next(),
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
    );
    live && !is_plain_number(text.as_bytes())
}

/// The text of a cell without the apostrophe that [`encode_cell`] put in front of a live formula.
///
/// What `encode_cell` writes comes back unchanged: an apostrophe is a guard only where the text behind it would get
/// one, so `'Tis` keeps its own.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|inner| is_live_formula(inner)).unwrap_or(cell)
}

/// `[+-]? digit+ (. digit+)?`, and nothing else.
fn is_plain_number(bytes: &[u8]) -> bool {
    let digits = bytes.strip_prefix(b"+").or_else(|| bytes.strip_prefix(b"-")).unwrap_or(bytes);
    let mut parts = digits.splitn(2, |&byte| byte == b'.');
    parts.all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
}

/// The first bytes that [`is_live_formula`] looks behind; all others cost one comparison or two.
#[inline]
const fn may_be_formula(first: u8) -> bool {
    // Below '0' stand all ASCII candidates; 0xEF begins the full-width ones.
    first < b'0' || first == b'=' || first == b'@' || first == 0xef
}

/// A separator, a quotation mark or a control character (line ends among them).
///
/// Eight bytes at a time; the last word overlaps the one before, so that no byte is looked at alone but in the shortest
/// cells, which are widened.
#[inline]
fn needs_quotes(bytes: &[u8]) -> bool {
    if let (Some(last), (words, _)) = (bytes.last_chunk::<8>(), bytes.as_chunks::<8>()) {
        let found = words.iter().fold(special(u64::from_le_bytes(*last)), |found, word| {
            found | special(u64::from_le_bytes(*word))
        });
        return found != 0;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let halves = [u32::from_le_bytes(*first), u32::from_le_bytes(*last)].map(u64::from);
        return special(halves[0] | halves[1] << 32) != 0;
    }
    bytes.iter().any(|&byte| matches!(byte, b',' | b'"' | 0..0x20))
}

/// Not 0 where one of the eight bytes is a comma, a quotation mark or below 0x20. (A byte is below `n`, or 0, where
/// taking `n`, or 1, away borrows into its top bit and the bit was not set; a borrow from a lower byte comes only after
/// such a byte. See "Bit Twiddling Hacks" by S. E. Anderson.)
#[inline]
const fn special(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = u64::from_le_bytes([0x80; 8]);
    let comma = word ^ (ONES * b',' as u64);
    let quote = word ^ (ONES * b'"' as u64);
    let below = word.wrapping_sub(ONES * 0x20) & !word;
    (below | (comma.wrapping_sub(ONES) & !comma) | (quote.wrapping_sub(ONES) & !quote)) & TOPS
}

#[cold]
fn encode_guarded(out: &mut Vec<u8>, bytes: &[u8]) {
    if needs_quotes(bytes) {
        encode_quoted(out, b"'", bytes);
    } else {
        out.push(b'\'');
        out.extend_from_slice(bytes);
    }
}

#[cold]
fn encode_quoted(out: &mut Vec<u8>, before: &[u8], bytes: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(before);
    let mut start = 0;
    for quote in memchr::memchr_iter(b'"', bytes) {
        out.extend_from_slice(&bytes[start..=quote]);
        start = quote;
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        encode_cell(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn quotes_only_where_needed() {
        for (text, expected) in [
            ("", ""),
            ("Nguyen", "Nguyen"),
            ("van der Berg", "van der Berg"),
            ("Smith, Inc.", "\"Smith, Inc.\""),
            ("a \"b\" c", "\"a \"\"b\"\" c\""),
            ("\"", "\"\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("a company, with a long name", "\"a company, with a long name\""),
            ("Zoë 'Zo' 李", "Zoë 'Zo' 李"),
        ] {
            assert_eq!(encoded(text), expected);
        }
    }

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+1+1", "'+1+1"),
            ("-1+1", "'-1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\"'\t=1\""),
            ("\rx", "\"'\rx\""),
            ("\nx", "\"'\nx\""),
            ("\"=1\"", "\"'\"\"=1\"\"\""),
            (" =1", "' =1"),
            ("'=1", "''=1"),
            ("＝1", "'＝1"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("+1 555-0100", "'+1 555-0100"),
            ("-", "'-"),
            ("-5.", "'-5."),
            ("+-5", "'+-5"),
            ("-1e5", "'-1e5"),
            ("-5", "-5"),
            ("+15550100123", "+15550100123"),
            ("-12.75", "-12.75"),
            ("555-0100", "555-0100"),
            ("(555) 0100", "(555) 0100"),
            ("!x", "!x"),
        ] {
            assert_eq!(encoded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_guard_is_taken_off_once_and_an_apostrophe_of_the_text_is_not() {
        for (cell, text) in [
            ("'=1+1", "=1+1"),
            ("''=1", "'=1"),
            ("=1", "=1"),
            ("'Tis", "'Tis"),
            ("'-5", "'-5"),
            ("'", "'"),
            ("", ""),
        ] {
            assert_eq!(unguarded(cell), text, "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_guard_never_piles_up(text in "[-=+@'\"＝ \t0-9a.]{0,6}") {
            let guarded = if is_live_formula(&text) { format!("'{text}") } else { text.clone() };
            proptest::prop_assert_eq!(unguarded(&guarded), text);
        }
    }

    #[test]
    fn rows_have_their_separators() {
        let mut out = Vec::new();
        encode_row(&mut out, [Some("Ann"), None, Some("Lee")]);
        assert_eq!(out, b"Ann,,Lee\n");
    }

    #[test]
    fn headers_are_as_documented() {
        assert_eq!(
            MASTER_HEADER.join(", "),
            "given_name, middle_name, family_name, prefix, suffix, preferred_name, birth_date, company, state, \
             email, phone, member_since, last_active, score, source, source_file, source_row"
        );
        assert_eq!(SUSPECTS_HEADER[..17], MASTER_HEADER);
    }

    #[test]
    fn every_position_of_a_special_byte_is_seen() {
        for length in 1..40 {
            for at in 0..length {
                for special in [",", "\"", "\u{1f}", "\n"] {
                    let mut text = "x".repeat(length);
                    text.replace_range(at..=at, special);
                    assert!(needs_quotes(text.as_bytes()), "{length} {at}");
                }
                for usual in 0x20..=0xff {
                    let mut bytes = vec![b'~'; length];
                    bytes[at] = usual;
                    assert_eq!(needs_quotes(&bytes), usual == b',' || usual == b'"', "{length} {at} {usual}");
                }
            }
        }
    }
}
