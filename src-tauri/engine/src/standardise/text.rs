//! Tidying that every kind of text gets: spaces, invisible characters, accents, words for nothing.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Parsed;
use super::lexicon::Lexicon;
use crate::issue::Change;

/// Words for nothing: those that pandas' `read_csv` takes for missing, MySQL's `\N`, SAS's `.`, and what people type.
const NOTHING: Lexicon<128> = Lexicon::new(&[
    "n/a",
    "n.a.",
    "n.a",
    "na",
    "#n/a",
    "#n/a n/a",
    "#na",
    "<na>",
    "(n/a)",
    "null",
    "(null)",
    "<null>",
    "[null]",
    "#null!",
    "\\n",
    "none",
    "(none)",
    "<none>",
    "nil",
    "nan",
    "-nan",
    "#nan",
    "undefined",
    "unknown",
    "(unknown)",
    "unk",
    "not available",
    "not applicable",
    "not known",
    "not given",
    "not provided",
    "no data",
    "(blank)",
    "blank",
    "(empty)",
    "tbd",
    "tba",
    ".",
    "..",
    "...",
    "-",
    "--",
    "---",
    "----",
    "-----",
    "_",
    "__",
    "___",
    "?",
    "??",
    "???",
    "/",
    "*",
]);

/// Words for nothing that are also names of people.
const NAMES: Lexicon<16> = Lexicon::new(&["na", "nan", "none", "null", "nil", "blank", "unk"]);

/// Whether the text, without spaces at its ends, is a word for nothing (`n/a`, `null`, `-`).
#[inline]
pub fn is_nothing(text: &str) -> bool {
    NOTHING.find(text.as_bytes()).is_some() || is_dash(text)
}

/// Whether the text, without spaces at its ends, cannot be a name: like [`is_nothing`], but `Null` and `None` are names.
#[inline]
pub fn is_no_name(text: &str) -> bool {
    is_nothing(text) && NAMES.find(text.as_bytes()).is_none() || text.eq_ignore_ascii_case("no name")
}

fn is_dash(text: &str) -> bool {
    matches!(text, "\u{2010}" | "\u{2011}" | "\u{2013}" | "\u{2014}" | "\u{2015}" | "\u{2212}")
}

/// Appends the text to `out`, tidied: no spaces at its ends, each run of white space one space, no control, zero-width
/// or bidirectional formatting characters, accents composed (Unicode Standard Annex 15, form NFC).
///
/// [`Parsed::Missing`] for nothing and for words for nothing; `out` is then left as it was.
pub fn tidy(text: &str, out: &mut String) -> Parsed<()> {
    let start = out.len();
    let change = tidy_any(text, out);
    nothing_or(out, start, change, is_nothing)
}

/// Like [`tidy`] for names of people, where only words that cannot be a name (`n/a`, `-`) stand for nothing.
pub fn tidy_name(text: &str, out: &mut String) -> Parsed<()> {
    let start = out.len();
    let change = tidy_any(text, out);
    nothing_or(out, start, change, is_no_name)
}

#[inline]
fn nothing_or(
    out: &mut String,
    start: usize,
    change: Option<Change>,
    is_nothing: fn(&str) -> bool,
) -> Parsed<()> {
    if out.len() == start {
        return Parsed::Missing(None);
    }
    if is_nothing(&out[start..]) {
        out.truncate(start);
        return Parsed::Missing(Some(Change::NullWord));
    }
    Parsed::Value((), change)
}

/// Tidies without a look at words for nothing.
#[inline]
pub(super) fn tidy_any(text: &str, out: &mut String) -> Option<Change> {
    if is_tidy_ascii(text.as_bytes()) {
        out.push_str(text);
        return None;
    }
    tidy_slowly(text, out)
}

/// Printable ASCII without a space at an end or beside another space.
#[inline]
pub(super) fn is_tidy_ascii(text: &[u8]) -> bool {
    let mut last = b' ';
    let mut tidy = true;
    for &byte in text {
        tidy &= byte > b' ' && byte < 0x7f || byte == b' ' && last != b' ';
        last = byte;
    }
    tidy && (last != b' ' || text.is_empty())
}

fn tidy_slowly(text: &str, out: &mut String) -> Option<Change> {
    let start = out.len();
    let (mut space, mut removed) = (false, false);
    let mut last = '\0';
    for (index, c) in text.char_indices() {
        if c.is_whitespace() {
            space = true;
            last = ' ';
        } else if is_invisible(c) && !joins(c, last, &text[index + c.len_utf8()..]) {
            removed = true;
        } else {
            if space && out.len() > start {
                out.push(' ');
            }
            space = false;
            out.push(c);
            last = c;
        }
    }
    let composed = compose(out, start);
    if removed {
        Some(Change::InvisibleRemoved)
    } else if composed {
        Some(Change::Composed)
    } else if out[start..] != *text {
        Some(Change::Spaces)
    } else {
        None
    }
}

/// Puts the text from `start` into form NFC; says whether that changed it.
fn compose(out: &mut String, start: usize) -> bool {
    let text = &out[start..];
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return false;
    }
    let composed: String = text.nfc().collect();
    let changed = composed != text;
    if changed {
        out.truncate(start);
        out.push_str(&composed);
    }
    changed
}

/// Whether the text holds a character that cannot be seen or that turns the direction of writing. Spaces of any kind,
/// tabs and line ends are not meant, nor joiners where Arabic and Indic scripts need them.
#[inline]
pub fn has_invisible(text: &str) -> bool {
    if text.is_ascii() {
        return text.bytes().any(|byte| byte < b' ' && !(9..=13).contains(&byte) || byte == 0x7f);
    }
    let mut last = '\0';
    for (index, c) in text.char_indices() {
        if is_invisible(c) && !c.is_whitespace() && !joins(c, last, &text[index + c.len_utf8()..]) {
            return true;
        }
        last = c;
    }
    false
}

/// Control characters, and those of Unicode's `Default_Ignorable_Code_Point` that occur in text by accident or malice.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a zero-width (non-)joiner stands between two letters of a script that spells with it (after Unicode Standard
/// Annex 31, section 2.3).
fn joins(c: char, before: char, after: &str) -> bool {
    let needs = |c: char| matches!(c, '\u{620}'..='\u{dff}');
    matches!(c, '\u{200c}' | '\u{200d}') && needs(before) && after.chars().next().is_some_and(needs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tidied(text: &str) -> (String, Parsed<()>) {
        let mut out = String::from("kept");
        let parsed = tidy(text, &mut out);
        (out.strip_prefix("kept").unwrap().to_owned(), parsed)
    }

    #[test]
    fn leaves_clean_text_alone() {
        for text in ["Robert", "Brown, Vasquez and Sanchez", "Ann-Marie O'Brien", "José", "李小龍", "a"] {
            assert_eq!(tidied(text), (text.to_owned(), Parsed::Value((), None)));
        }
    }

    #[test]
    fn tidies_spaces_of_all_kinds() {
        let spaces = Parsed::Value((), Some(Change::Spaces));
        for text in [
            " Mary Ann",
            "Mary Ann ",
            "Mary  Ann",
            "\tMary\tAnn\r\n",
            "Mary\u{a0}Ann",
            "\u{3000}Mary\u{2009}\u{202f}Ann",
        ] {
            assert_eq!(tidied(text), ("Mary Ann".to_owned(), spaces), "{text:?}");
        }
    }

    #[test]
    fn removes_what_cannot_be_seen() {
        let removed = Parsed::Value((), Some(Change::InvisibleRemoved));
        for text in [
            "\u{feff}Ann",
            "An\u{200b}n",
            "A\0nn",
            "\u{202e}Ann\u{202c}",
            "An\u{ad}n",
            "Ann\u{7f}",
            "A\u{1b}nn ",
        ] {
            assert_eq!(tidied(text), ("Ann".to_owned(), removed), "{text:?}");
            assert!(has_invisible(text), "{text:?}");
        }
        for text in ["Ann", " A n\tn\n", "A\u{a0}nn", "José", "\u{2028}Ann\u{85}"] {
            assert!(!has_invisible(text), "{text:?}");
        }
    }

    #[test]
    fn keeps_joiners_that_spell() {
        let persian = "علی\u{200c}رضا";
        assert_eq!(tidied(persian), (persian.to_owned(), Parsed::Value((), None)));
        assert!(!has_invisible(persian));
        assert_eq!(tidied("An\u{200c}n").0, "Ann");
    }

    #[test]
    fn composes_accents() {
        assert_eq!(tidied("Jose\u{301}"), ("José".to_owned(), Parsed::Value((), Some(Change::Composed))));
        assert_eq!(tidied("Jose\u{301}\u{200b}").1, Parsed::Value((), Some(Change::InvisibleRemoved)));
    }

    #[test]
    fn nothing_and_words_for_nothing_are_missing() {
        for text in ["", " ", "\u{a0}\t", "\u{200b}", "\0"] {
            assert_eq!(tidied(text), (String::new(), Parsed::Missing(None)), "{text:?}");
        }
        for text in
            ["n/a", " N/A ", "NULL", "None", "nil", "-", "--", "—", "?", "Unknown", "#N/A", "\\N", "NaN", "."]
        {
            assert_eq!(tidied(text), (String::new(), Parsed::Missing(Some(Change::NullWord))), "{text:?}");
        }
        for text in ["nano", "n", "N/A-12", "Nullarbor", "0", "a-", "x", "- -"] {
            assert_eq!(tidied(text).0, text);
        }
    }

    #[test]
    fn people_can_be_called_null() {
        let mut out = String::new();
        for name in ["Null", "Nil", "None", "Na", "Nan", "Blank", "NULL"] {
            out.clear();
            assert_eq!(tidy_name(name, &mut out), Parsed::Value((), None));
        }
        for nobody in ["n/a", "-", "?", "UNKNOWN", "#N/A", "–"] {
            assert_eq!(tidy_name(nobody, &mut out), Parsed::Missing(Some(Change::NullWord)));
        }
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(text in "\\PC*|.*|[a-zA-Z \\-./\u{200c}\u{200d}\u{e9}e\u{301}\u{a0}\u{6cc}\u{0}]{0,20}") {
            let (once, parsed) = tidied(&text);
            if matches!(parsed, Parsed::Value(..)) {
                prop_assert!(!has_invisible(&once));
                prop_assert_eq!(tidied(&once), (once.clone(), Parsed::Value((), None)));
            } else {
                prop_assert_eq!(once, "");
            }
        }

        #[test]
        fn invisible_characters_are_seen_where_they_are_removed(text in "[a-z\u{200c}\u{6cc}\u{200b}\u{0} ]{0,12}") {
            let (_, parsed) = tidied(&text);
            if let Parsed::Value((), change) = parsed {
                prop_assert_eq!(has_invisible(&text), change == Some(Change::InvisibleRemoved));
            }
        }
    }
}
