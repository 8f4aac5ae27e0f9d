//! What a cell looks like, roughly, for judging a whole file. Values are read for good by the standardisers.

/// The look of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing or spaces
    Empty,
    /// Figures: a number, amount, percentage, date, time, phone number
    Figures,
    /// An e-mail or web address
    Address,
    /// Words
    Words,
    /// Text that a wrong delimiter may have left: with spaces at its ends, or quotes or delimiters inside
    Odd,
}

impl Look {
    pub(super) fn of(cell: &str) -> Look {
        let text = cell.trim();
        if text.is_empty() {
            return Look::Empty;
        }
        if cell.len() != text.len() || has_leftovers(text) {
            return Look::Odd;
        }
        if is_figures(text) {
            return Look::Figures;
        }
        if is_address(text) {
            return Look::Address;
        }
        Look::Words
    }

    /// Whether a header's cell does not look so.
    pub(super) fn is_data(self) -> bool {
        matches!(self, Look::Figures | Look::Address)
    }
}

/// Figures, with what stands between and around them in numbers, amounts, dates, times and phone numbers.
fn is_figures(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        return false;
    }
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let other = |c: char| {
        !c.is_alphanumeric()
            && !matches!(
                c,
                '-' | '/' | '.' | ',' | ':' | ' ' | '+' | '(' | ')' | '%' | '$' | '€' | '£' | '\''
            )
    };
    if text.chars().any(other) {
        return false;
    }
    // 12 Mar 2018, 2018-03-12T10:00:00Z, 5pm
    letters == 0 || (letters <= 2 && digits >= 4) || has_month(text)
}

fn has_month(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let month =
        |word: &str| word.get(..3).is_some_and(|start| MONTHS.iter().any(|m| start.eq_ignore_ascii_case(m)));
    words.clone().count() <= 2 && words.any(month) && text.bytes().filter(u8::is_ascii_digit).count() >= 3
}

fn is_address(text: &str) -> bool {
    let mail = text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    !text.contains(' ') && (mail || text.starts_with("http://") || text.starts_with("https://"))
}

fn has_leftovers(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'\t' | b';' | b'|' | b'^' | b'~' | 1 | 0x1F))
        || text.starts_with('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_looks() {
        for cell in [
            "57",
            "-1,234.50",
            "$3.20",
            "12%",
            "1967/03/26",
            "12 Mar 2018",
            "Mar 12, 2018",
            "2018-03-12T10:00:00Z",
            "(555) 010-9999",
        ] {
            assert_eq!(Look::of(cell), Look::Figures, "{cell}");
        }
        for cell in
            ["Robert", "member no. 1 of us", "O\"Brien", "address line 2", "Smith, John", "Maryland 2nd St"]
        {
            assert_eq!(Look::of(cell), Look::Words, "{cell}");
        }
        for cell in [" John", "a;b", "\"a"] {
            assert_eq!(Look::of(cell), Look::Odd, "{cell}");
        }
        assert_eq!(Look::of("kim@example.org"), Look::Address);
        assert_eq!(Look::of("  "), Look::Empty);
    }
}
