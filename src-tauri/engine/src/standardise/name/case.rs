//! Capital letters of names: only text all in capitals or all in small letters is corrected.

use super::particles;
use crate::standardise::lexicon::Lexicon;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// All capitals
    Upper,
    /// All small letters
    Lower,
    /// Both, or letters that know neither
    Mixed,
}

/// Which part of a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Given, middle and preferred names, in which TJ and J.R. are initials
    Given,
    /// The family name, with its particles
    Family,
}

/// How the words are written.
pub(super) fn style<'a>(words: impl IntoIterator<Item = &'a str>) -> Style {
    let (mut upper, mut lower) = (false, false);
    for c in words.into_iter().flat_map(str::chars) {
        upper |= c.is_uppercase();
        lower |= c.is_lowercase();
    }
    match (upper, lower) {
        (true, false) => Style::Upper,
        (false, true) => Style::Lower,
        _ => Style::Mixed,
    }
}

/// Mac names that have a second capital. Others (Mack, Macey, Machado, Mackenzie) have none.
const MAC: Lexicon<256> = Lexicon::new(&[
    "macadam",
    "macadams",
    "macalister",
    "macallister",
    "macarthur",
    "macaulay",
    "macauley",
    "macbain",
    "macbeth",
    "macbride",
    "maccallum",
    "maccarthy",
    "maccormack",
    "maccormick",
    "macdermott",
    "macdonald",
    "macdonell",
    "macdonnell",
    "macdonough",
    "macdougal",
    "macdougall",
    "macdowell",
    "macduff",
    "macelroy",
    "macewan",
    "macewen",
    "macfadden",
    "macfarland",
    "macfarlane",
    "macgill",
    "macgillivray",
    "macginnis",
    "macgowan",
    "macgrath",
    "macgregor",
    "macguire",
    "macinnes",
    "macinnis",
    "macintosh",
    "macintyre",
    "macisaac",
    "maciver",
    "maclachlan",
    "maclaren",
    "maclaughlin",
    "maclean",
    "maclellan",
    "maclennan",
    "macleod",
    "macmahon",
    "macmanus",
    "macmaster",
    "macmillan",
    "macmullen",
    "macnab",
    "macnally",
    "macnamara",
    "macnaughton",
    "macneil",
    "macneill",
    "macneal",
    "macnulty",
    "macphail",
    "macphee",
    "macpherson",
    "macquarrie",
    "macqueen",
    "macrae",
    "mactaggart",
    "mactavish",
    "macvicar",
    "macwilliams",
]);

/// Two or three consonants that are a name all the same, or a short form.
const NO_INITIALS: Lexicon<64> = Lexicon::new(&[
    "ng", "md", "mr", "mrs", "ms", "st", "ste", "dr", "jr", "sr", "mc", "kt", "mx", "mch", "wm", "chs", "ths",
]);

/// Appends the words with spaces between them, their capitals corrected where `style` is not mixed.
pub(super) fn write_words(words: &[&str], style: Style, role: Role, out: &mut String) {
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let before = index.checked_sub(1).map(|before| words[before]);
        let inner = index + 1 < words.len() && (role == Role::Family || index > 0);
        if style == Style::Mixed {
            out.push_str(word);
        } else if inner && particles::is_small(word, before) {
            out.push_str(&word.to_ascii_lowercase());
        } else if role == Role::Given && is_initials(word) {
            out.push_str(&word.to_ascii_uppercase());
        } else {
            word.split_inclusive('-').for_each(|piece| write_piece(piece, role, out));
        }
    }
}

/// TJ, JD, AJ, JRR: two or three letters without a vowel, or two that end in J.
fn is_initials(word: &str) -> bool {
    let bytes = word.as_bytes();
    let letters = bytes.iter().all(u8::is_ascii_alphabetic);
    let vowel = bytes.iter().any(|byte| b"aeiouy".contains(&byte.to_ascii_lowercase()));
    let ends_in_j = bytes.len() == 2 && bytes[1].eq_ignore_ascii_case(&b'j');
    letters && (2..=3).contains(&bytes.len()) && (!vowel || ends_in_j) && NO_INITIALS.find(bytes).is_none()
}

/// One word, or one of those that hyphens join.
fn write_piece(piece: &str, role: Role, out: &mut String) {
    let name = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
    // McDonald, MacDonald: a capital after the first syllable as well.
    let bytes = name.as_bytes();
    let starts_with_mc =
        bytes.len() >= 4 && bytes[..2].eq_ignore_ascii_case(b"mc") && name.is_char_boundary(2);
    let syllable = if starts_with_mc {
        2
    } else if role == Role::Family && MAC.find(bytes).is_some() {
        3
    } else {
        0
    };
    write_capitalised(&piece[..syllable], out);
    write_capitalised(&piece[syllable..], out);
}

/// A capital at the start and after every sign that is no letter or digit; after an apostrophe only behind one or two
/// letters (O'Brien, De'Andre, not Ka'ana'ana or a possessive).
fn write_capitalised(text: &str, out: &mut String) {
    let lower = text.to_lowercase();
    // The letters since the last sign, and whether the next one is a capital.
    let (mut run, mut capital) = (0, true);
    let mut rest = lower.chars();
    while let Some(c) = rest.next() {
        if c == '\'' {
            let letters_after = rest.clone().take_while(|c| c.is_alphabetic()).take(2).count();
            capital = run == 0 || run <= 2 && letters_after == 2;
            run = 0;
        } else if !c.is_alphanumeric() {
            capital = !is_mark(c) || capital;
            run = if is_mark(c) { run } else { 0 };
        } else {
            run += 1;
            out.push(if capital { capital_of(c) } else { c });
            capital = false;
            continue;
        }
        out.push(c);
    }
}

/// Combining marks belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// The capital, where it is one character.
fn capital_of(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(capital), None) => capital,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn recased(text: &str, role: Role) -> String {
        let words: Vec<&str> = text.split(' ').collect();
        let mut out = String::new();
        write_words(&words, style(words.iter().copied()), role, &mut out);
        out
    }

    #[test]
    fn family_names_get_their_capitals() {
        for name in [
            "McDonald",
            "McCoy",
            "MacDonald",
            "MacArthur",
            "Mack",
            "Macey",
            "Machado",
            "Macias",
            "O'Brien",
            "D'Angelo",
            "L'Esperance",
            "Smith-Jones",
            "O'Brien-McCoy",
            "de la Cruz",
            "van der Berg",
            "von Trapp",
            "di Caprio",
            "Le Pen",
            "La Fontaine",
            "St. Clair",
            "San Juan",
            "bin Laden",
            "García",
            "Müller",
            "Łukasz",
            "Ng",
            "Wu",
            "Do",
            "Vaughan-Williams",
            "de los Santos",
            "van 't Hoff",
            "Della",
            "Ka'ana'ana",
        ] {
            for text in [name.to_uppercase(), name.to_lowercase()] {
                let right = if name == "Ka'ana'ana" { "Ka'Ana'ana" } else { name };
                assert_eq!(recased(&text, Role::Family), right, "{text}");
            }
        }
        assert_eq!(recased("ΠΑΠΑΔΌΠΟΥΛΟΣ", Role::Family), "Παπαδόπουλος");
    }

    #[test]
    fn given_names_get_their_capitals() {
        for name in [
            "Mary Ann",
            "Jean-Luc",
            "J.R.R.",
            "De'Andre",
            "TJ",
            "AJ",
            "JD",
            "Jo",
            "Al",
            "Ty",
            "Mackenzie",
            "Zoë",
            "J",
        ] {
            for text in [name.to_uppercase(), name.to_lowercase()] {
                assert_eq!(recased(&text, Role::Given), name, "{text}");
            }
        }
    }

    #[test]
    fn mixed_case_is_left_alone() {
        for name in ["Mclaughlin", "Macdonald", "DeAngelo", "d'Arc", "van Dyke", "SMITH Jones", "李", "123"]
        {
            assert_eq!(recased(name, Role::Family), name);
        }
    }

    proptest! {
        #[test]
        fn correcting_twice_changes_nothing(text in "[\\PC&&[^ ]]{1,8}( [\\PC&&[^ ]]{1,8}){0,2}|[a-zA-Z'.\\-éßŉıİς\u{301}]{1,9}") {
            for role in [Role::Given, Role::Family] {
                let once = recased(&text, role);
                prop_assert_eq!(recased(&once, role), once);
            }
        }
    }
}
