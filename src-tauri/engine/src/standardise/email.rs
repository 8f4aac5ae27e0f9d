//! E-mail addresses: their form, and the domain in lower case.

use super::Parsed;
use super::text::{has_invisible, is_nothing};
use crate::issue::{Change, Rule};

/// Octets of a local part, a label and a whole address (RFC 5321 section 4.5.3.1, RFC 1035 section 2.3.4).
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;
const LONGEST_ADDRESS: usize = 254;

/// Checks the form of an address and appends it to `out`, its domain in lower case.
///
/// The form is RFC 5322's dot-atom on both sides, with letters of any script (RFC 6531, RFC 5890), and a domain of at
/// least two labels whose last is no number. `mailto:` (RFC 6068), `<…>` and `Name <…>` are taken off. The local part
/// keeps its case: RFC 5321 leaves its meaning to the receiver. Quoted local parts, comments, address literals and
/// several addresses in one cell are [`Rule::BadEmail`], as is all else.
pub fn parse_email(text: &str, out: &mut String) -> Parsed<()> {
    if let Some(at) = plain_at(text.as_bytes())
        && is_domain(&text[at + 1..])
        && at <= LONGEST_LOCAL
        && text.len() <= LONGEST_ADDRESS
    {
        out.push_str(text);
        return Parsed::Value((), None);
    }
    parse_slowly(text, out)
}

/// Position of the `@` in an address of small ASCII letters, digits, dots, hyphens and underscores.
fn plain_at(text: &[u8]) -> Option<usize> {
    let mut at = None;
    let mut last = b'.';
    for (index, &byte) in text.iter().enumerate() {
        let dot = byte == b'.';
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {}
            b'_' if at.is_none() => {}
            b'.' if last != b'.' => {}
            b'@' if at.is_none() && last != b'.' => at = Some(index),
            _ => return None,
        }
        last = if dot || byte == b'@' { b'.' } else { byte };
    }
    if last == b'.' { None } else { at }
}

fn parse_slowly(text: &str, out: &mut String) -> Parsed<()> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Parsed::Missing(None);
    }
    if is_nothing(trimmed) {
        return Parsed::Missing(Some(Change::NullWord));
    }
    let Some(address) = unwrap_address(trimmed) else { return Parsed::Failed(Rule::BadEmail) };
    let Some((local, domain)) = address.split_once('@') else { return Parsed::Failed(Rule::BadEmail) };
    let start = out.len();
    out.push_str(local);
    out.push('@');
    if domain.is_ascii() {
        out.push_str(domain);
        out[start + local.len()..].make_ascii_lowercase();
    } else {
        out.push_str(&domain.to_lowercase());
    }
    let written = &out[start..];
    if !is_local(local) || !is_domain(&written[local.len() + 1..]) || written.len() > LONGEST_ADDRESS {
        out.truncate(start);
        return Parsed::Failed(Rule::BadEmail);
    }
    let change = if written == text {
        None
    } else if written.len() != address.len() || !written.eq_ignore_ascii_case(address) || written == address {
        Some(if address.len() == trimmed.len() && written == address {
            Change::Spaces
        } else {
            Change::UsualForm
        })
    } else {
        Some(if address.len() == trimmed.len() { Change::EmailCase } else { Change::UsualForm })
    };
    Parsed::Value((), change)
}

/// Takes `mailto:`, a name and angle brackets off.
fn unwrap_address(text: &str) -> Option<&str> {
    let inner = match text.strip_suffix('>') {
        // Whatever stands before the bracket is a name.
        Some(rest) => rest.rsplit_once('<')?.1.trim(),
        None => text,
    };
    match inner.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            Some(inner[7..].split('?').next().unwrap_or_default().trim())
        }
        _ => Some(inner),
    }
}

/// A dot-atom: runs of `atext` with single dots between them.
fn is_local(local: &str) -> bool {
    let atext = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        c if c.is_ascii() => "!#$%&'*+/=?^_`{|}~-".contains(c),
        c => !c.is_whitespace() && !c.is_control(),
    };
    local.len() <= LONGEST_LOCAL
        && !has_invisible(local)
        && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

/// At least two labels of letters, digits and inner hyphens, the last one no number and longer than one letter.
fn is_domain(domain: &str) -> bool {
    let mut labels = 0;
    let mut last = "";
    for label in domain.split('.') {
        let hyphen = label.starts_with('-') || label.ends_with('-');
        if label.is_empty() || label.len() > LONGEST_LABEL || hyphen {
            return false;
        }
        if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte >= 0x80) {
            return false;
        }
        labels += 1;
        last = label;
    }
    let visible = || domain.is_ascii() || !has_invisible(domain) && !domain.contains(char::is_whitespace);
    let top = last.len() >= 2
        && (!last.contains(|c: char| !c.is_alphabetic()) || last.starts_with("xn--") || !last.is_ascii());
    labels >= 2 && top && visible()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> (String, Parsed<()>) {
        let mut out = String::from("x");
        let parsed = parse_email(text, &mut out);
        (out[1..].to_owned(), parsed)
    }

    #[test]
    fn good_addresses_stay() {
        for text in [
            "ann@example.org",
            "ann.lee_7@mail.example.co.uk",
            "Ann.Lee@example.org",
            "o'brien+list@example.org",
            "a@b-c.de",
            "x!#$%&'*+/=?^_`{|}~-@example.org",
            "jürgen@bücher.example",
            "ann@xn--bcher-kva.example",
            "用户@例子.公司",
            "ann@123.com",
        ] {
            assert_eq!(read(text), (text.to_owned(), Parsed::Value((), None)), "{text}");
        }
    }

    #[test]
    fn writes_the_address_alone() {
        for (text, address, change) in [
            ("Ann@Example.ORG", "Ann@example.org", Change::EmailCase),
            ("ANN@EXAMPLE.ORG", "ANN@example.org", Change::EmailCase),
            (" ann@example.org ", "ann@example.org", Change::Spaces),
            (" ann@Example.org ", "ann@example.org", Change::EmailCase),
            ("mailto:ann@example.org", "ann@example.org", Change::UsualForm),
            ("MailTo:ann@Example.org?subject=Hi", "ann@example.org", Change::UsualForm),
            ("<ann@example.org>", "ann@example.org", Change::UsualForm),
            ("Ann Lee <ann@example.org>", "ann@example.org", Change::UsualForm),
            ("\"Lee, Ann\" <Ann@Example.org>", "Ann@example.org", Change::UsualForm),
            ("ann@BÜCHER.example", "ann@bücher.example", Change::UsualForm),
        ] {
            assert_eq!(read(text), (address.to_owned(), Parsed::Value((), Some(change))), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_address() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}.org", "abcdefghi.".repeat(26));
        for text in [
            "ann",
            "ann@",
            "@example.org",
            "ann@example",
            "ann@@example.org",
            "ann@example..org",
            ".ann@example.org",
            "ann.@example.org",
            "an..n@example.org",
            "ann@.example.org",
            "ann@example.org.",
            "ann@-example.org",
            "ann@example-.org",
            "ann lee@example.org",
            "ann@exa mple.org",
            "ann@example.org, bob@example.org",
            "ann@example.org; bob@example.org",
            "ann@[127.0.0.1]",
            "ann@127.0.0.1",
            "\"a b\"@example.org",
            "ann@example.o",
            "ann(x)@example.org",
            "ann@example_x.org",
            "a\u{200b}nn@example.org",
            "mailto:",
            "<>",
            "ann@example.c0",
            "Ann <ann@example.org",
            "a\u{a0}b@example.org",
            "ann@exa\u{202e}mple.org",
            &long,
            &longer,
        ] {
            assert_eq!(read(text), (String::new(), Parsed::Failed(Rule::BadEmail)), "{text}");
        }
        assert_eq!(read(" "), (String::new(), Parsed::Missing(None)));
        assert_eq!(read("none"), (String::new(), Parsed::Missing(Some(Change::NullWord))));
    }

    proptest! {
        #[test]
        fn an_address_read_stays(text in ".*|[a-zA-Z0-9.@_<> \\-]{0,20}|[a-zA-ZÄİß.\\-]{1,8}@[a-zA-ZÄİßſK.\\-]{1,10}\\.[A-ZÄa-z]{2,4}") {
            let (address, parsed) = read(&text);
            if let Parsed::Value((), change) = parsed {
                prop_assert_eq!(change.is_none(), address == text);
                prop_assert_eq!(read(&address), (address.clone(), Parsed::Value((), None)));
            } else {
                prop_assert_eq!(address, "");
            }
        }
    }
}
