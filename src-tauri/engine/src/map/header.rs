//! Headers made comparable.

use crate::key;

/// Characters of a header that are looked at; a header of a real list is far shorter.
const LONGEST: usize = 120;

/// A header in small letters without accents, its words separated by one space: `D.O.B.` → `dob`,
/// `dateOfBirth` → `date of birth`, `E-Mail_Address` → `e mail address`.
pub fn normalise_header(header: &str) -> String {
    let letters: Vec<char> = header.chars().take(LONGEST).collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        // Combining accents too, so that composed and separate ones give the same.
        if matches!(letter, '\'' | '’' | '\u{feff}' | '\u{200b}' | '\u{300}'..='\u{36f}') {
            continue;
        }
        if !letter.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        if letter.is_uppercase() && starts_word(&letters, index) {
            words.push(std::mem::take(&mut word));
        }
        push_folded(letter, &mut word);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    join(&words)
}

/// Whether a capital starts a word: after a small letter (`firstName`), or before one in a run of capitals (`USState`).
fn starts_word(letters: &[char], index: usize) -> bool {
    let Some(&before) = index.checked_sub(1).and_then(|at| letters.get(at)) else { return false };
    let next_is_small = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
    before.is_lowercase() || (before.is_uppercase() && next_is_small)
}

/// Joins words by spaces, and single letters in a row by nothing: they are an abbreviation.
fn join(words: &[String]) -> String {
    let single = |word: &String| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let mut out = String::new();
    for (index, word) in words.iter().enumerate() {
        let together = index > 0 && single(word) && single(&words[index - 1]);
        if index > 0 && !together {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Appends a letter in small form and, where it is a Latin letter with an accent, without it.
fn push_folded(letter: char, out: &mut String) {
    for letter in letter.to_lowercase() {
        match letter {
            'a'..='z' | '0'..='9' => out.push(letter),
            'à' | 'á' | 'â' | 'ã' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'ä' | 'æ' => out.push_str("ae"),
            'å' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' | 'đ' | 'ð' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => out.push('e'),
            'ğ' => out.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' => out.push('o'),
            'ö' | 'ø' | 'œ' => out.push_str("oe"),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ü' => out.push_str("ue"),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            other => out.push(other),
        }
    }
}

/// Without the spaces between words: `lastname` and `last name` are one.
pub(super) fn squeeze(normalised: &str) -> String {
    normalised.chars().filter(|letter| *letter != ' ').collect()
}

/// A signature of a header, by which a mapping is remembered: see [`key::header_shape`], in hexadecimal. Capitals,
/// accents and separators make no difference.
pub fn header_shape(header: &[String]) -> String {
    format!("{:032x}", key::header_shape(header.iter().map(|name| squeeze(&normalise_header(name)))))
}

/// Whether a header says nothing about its column: empty, a number, a letter, `Column 3`, `date`.
pub(super) fn is_meaningless(normalised: &str) -> bool {
    let name = squeeze(normalised);
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    stem.chars().count() <= 1
        || [
            "column",
            "col",
            "field",
            "unnamed",
            "unnamedcolumn",
            "spalte",
            "feld",
            "colonne",
            "columna",
            "var",
            "date",
            "value",
            "text",
            "data",
            "x",
            "header",
            "noname",
            "untitled",
        ]
        .contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_all_ways_of_writing_a_header() {
        for (header, normalised) in [
            ("dob", "dob"),
            ("D.O.B.", "dob"),
            ("dateOfBirth", "date of birth"),
            ("DateOfBirth", "date of birth"),
            ("DATE_OF_BIRTH", "date of birth"),
            ("  Date -- of\tbirth: ", "date of birth"),
            ("USState", "us state"),
            ("E-Mail", "e mail"),
            ("Member's ID#", "members id"),
            ("Prénom", "prenom"),
            ("Pre\u{301}nom", "prenom"),
            ("Straße", "strasse"),
            ("\u{feff}name", "name"),
            ("", ""),
            ("%$#", ""),
            ("Фамилия", "фамилия"),
        ] {
            assert_eq!(normalise_header(header), normalised, "{header:?}");
        }
    }

    #[test]
    fn a_shape_does_not_see_how_a_header_is_written() {
        let shape =
            |names: &[&str]| header_shape(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(shape(&["First Name", "DOB"]), shape(&["first_name", "d.o.b."]));
        assert_ne!(shape(&["first_name", "dob"]), shape(&["dob", "first_name"]));
        assert_ne!(shape(&["ab", "c"]), shape(&["a", "bc"]));
        assert_eq!(shape(&["id", "name"]), "9eafaaa82174deffe8351850c9911741");
    }

    #[test]
    fn knows_headers_that_say_nothing() {
        for header in ["", "Column 3", "column1", "Unnamed: 0", "7", "B", "Date", "field_12", "?"] {
            assert!(is_meaningless(&normalise_header(header)), "{header}");
        }
        for header in ["name", "dob", "st", "notes"] {
            assert!(!is_meaningless(&normalise_header(header)), "{header}");
        }
    }
}
