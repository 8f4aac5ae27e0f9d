//! Names as text: tidied, with one kind of apostrophe and hyphen; nicknames taken out; words told apart.

use super::titles;
use crate::issue::Change;
use crate::standardise::text::{is_no_name, tidy_any};

/// Writes the tidied text to `out`, which is cleared first: spaces and invisible characters as
/// [`tidy`](crate::standardise::text::tidy) does, apostrophes and hyphens between letters as `'` and `-`, no spaces beside
/// hyphens that join names. Empty where the text is a word for nothing.
pub(super) fn clean(text: &str, out: &mut String) -> Option<Change> {
    out.clear();
    let mut change = tidy_any(text, out);
    if is_no_name(out) {
        out.clear();
        return Some(Change::NullWord);
    }
    if out.bytes().any(|byte| byte >= 0x80 || byte == b'`') || out.contains(" -") || out.contains("- ") {
        let joined = join_signs(out);
        if joined != *out {
            change = change.or(Some(Change::UsualForm));
            *out = joined;
        }
    }
    change
}

fn join_signs(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text.chars();
    let mut before = None;
    let alone = |neighbour: Option<char>| neighbour.is_none_or(|c| c == ' ');
    while let Some(c) = rest.next() {
        let after = rest.clone().next();
        let letters = before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic);
        let c = match c {
            '\u{2019}' | '\u{2018}' | '\u{201b}' | '\u{2bc}' | '`' | '\u{b4}' | '\u{2032}' | '\u{ff07}'
                if letters =>
            {
                '\''
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' if letters || c == '\u{2010}' || c == '\u{2011}' => '-',
            '\u{2012}'..='\u{2015}' | '\u{2212}' if alone(before) && alone(after) => '-',
            c => c,
        };
        joined.push(c);
        before = Some(c);
    }
    if joined.contains(" -") || joined.contains("- ") { without_spaces_at_hyphens(&joined) } else { joined }
}

/// `Smith - Jones`, `Smith -Jones` and `Smith- Jones` to `Smith-Jones`.
fn without_spaces_at_hyphens(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('-') {
        let (head, tail) = (&rest[..at], &rest[at + 1..]);
        let (left, right) = (head.trim_end(), tail.trim_start());
        let ends_in_letter = match left.chars().next_back() {
            Some(c) => c.is_alphabetic() || c == '.',
            None => joined.ends_with(char::is_alphabetic) && head.is_empty(),
        };
        let joins = ends_in_letter && right.starts_with(char::is_alphabetic);
        joined.push_str(if joins { left } else { head });
        joined.push('-');
        rest = if joins { right } else { tail };
    }
    joined.push_str(rest);
    joined
}

/// Whether the text may hold a nickname in quotes or parentheses.
pub(super) fn may_hold_nickname(text: &str) -> bool {
    text.contains(|c: char| OPENING.iter().any(|&(open, _)| open == c))
}

/// Opening signs of nicknames, and what closes each.
const OPENING: [(char, &[char]); 8] = [
    ('"', &['"']),
    ('\u{201c}', &['\u{201d}', '\u{201c}', '"']),
    ('\u{201e}', &['\u{201c}', '\u{201d}', '"']),
    ('\u{ab}', &['\u{bb}']),
    ('\'', &['\'', '\u{2019}']),
    ('\u{2018}', &['\u{2019}', '\'']),
    ('(', &[')']),
    ('[', &[']']),
];

/// Copies the text to `core` without nicknames, which go to `preferred`, and without the signs around suffixes such as
/// `(Ret.)`. A name at birth, `(née Jones)`, stays where it is. A text that is a nickname and nothing else is the name.
pub(super) fn take_nicknames(text: &str, core: &mut String, preferred: &mut String) {
    core.clear();
    let mut rest = text;
    while let Some((start, content, end)) = find_nickname(rest) {
        core.push_str(&rest[..start]);
        let content = content.trim();
        if is_birth_name(content) {
            core.push_str(&rest[start..end]);
        } else if super::suffixes::find(content).is_some() && !core.trim().is_empty() {
            core.push_str(content);
        } else if content.contains(char::is_alphanumeric) {
            super::append(preferred, " ", content);
        }
        rest = &rest[end..];
    }
    core.push_str(rest);
    if !core.contains(char::is_alphanumeric) {
        core.clear();
        core.push_str(preferred);
        preferred.clear();
    }
}

/// The next nickname: where its opening sign stands, what it holds, and where it ends.
fn find_nickname(text: &str) -> Option<(usize, &str, usize)> {
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        let starts = " ,".contains(before) || before == '-' && c != '\'' || "([".contains(c);
        before = c;
        let Some(&(_, closing)) = OPENING.iter().find(|&&(open, _)| open == c && starts) else { continue };
        let inner = start + c.len_utf8();
        for (at, close) in text[inner..].char_indices().filter(|(_, close)| closing.contains(close)) {
            let end = inner + at + close.len_utf8();
            // A quote inside of a word (O'Brien) closes nothing.
            let closes = close == ')'
                || close == ']'
                || text[end..].chars().next().is_none_or(|c| " ,.;-".contains(c));
            if closes && at > 0 {
                return Some((start, &text[inner..inner + at], end));
            }
        }
    }
    None
}

fn is_birth_name(content: &str) -> bool {
    let word = content.split(' ').next().unwrap_or_default();
    let word = word.strip_suffix('.').unwrap_or(word).to_lowercase();
    content.contains(' ')
        && ["née", "nee", "né", "born", "formerly", "maiden", "fka"].contains(&word.as_str())
}

/// The words of a name; commas part them as well. Signs that stand alone and hyphens that join nothing are left out, and a title that sticks to a name (`Dr.Smith`) is a word.
pub(super) fn words<'a>(text: &'a str, words: &mut Vec<&'a str>) {
    words.clear();
    for word in text.split([' ', ',', ';']) {
        let mut word = word.trim_matches('-');
        while let Some(dot) = word.find('.') {
            let (head, tail) = (&word[..dot], &word[dot + 1..]);
            let titled = head.len() >= 2 && tail.len() >= 2 && titles::find(head).is_some();
            if !titled {
                break;
            }
            words.push(&word[..=dot]);
            word = tail.trim_start_matches('-');
        }
        let sign = word
            .chars()
            .all(|c| c.is_ascii_punctuation() || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}'));
        if !sign || titles::joins(word) {
            words.push(word);
        }
    }
}
