//! States and territories of the United States, as USPS two-letter codes.

use super::Parsed;
use super::lexicon::Lexicon;
use super::text::is_nothing;
use crate::issue::{Change, Rule};

/// Codes and names of USPS Publication 28, Appendix B: the 50 states, the District of Columbia, the territories and
/// freely associated states, and the three codes of the armed forces. In order of their names, by groups.
pub const STATES: &[(&str, &str)] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
    ("AS", "American Samoa"),
    ("GU", "Guam"),
    ("MP", "Northern Mariana Islands"),
    ("PR", "Puerto Rico"),
    ("VI", "U.S. Virgin Islands"),
    ("FM", "Federated States of Micronesia"),
    ("MH", "Marshall Islands"),
    ("PW", "Palau"),
    ("AA", "Armed Forces Americas"),
    ("AE", "Armed Forces Europe"),
    ("AP", "Armed Forces Pacific"),
];

/// Defines two lists in step, so that the table of words can be built at compile time.
macro_rules! spellings {
    ($($word:literal $code:literal),* $(,)?) => {
        const SPELLINGS: &[&str] = &[$($word),*];
        const SPELLING_CODES: &[&str] = &[$($code),*];
    };
}

// Names, and the abbreviations of the AP Stylebook, the Government Publishing Office's Style Manual and older use as
// Wikipedia's "List of U.S. state and territory abbreviations" gives them. Small letters, without dots and commas.
spellings! {
    "alabama" "AL", "ala" "AL", "alaska" "AK", "alas" "AK", "arizona" "AZ", "ariz" "AZ", "arkansas" "AR", "ark" "AR",
    "california" "CA", "calif" "CA", "cal" "CA", "cali" "CA", "colorado" "CO", "colo" "CO", "col" "CO",
    "connecticut" "CT", "conn" "CT", "delaware" "DE", "del" "DE", "florida" "FL", "fla" "FL", "flor" "FL",
    "district of columbia" "DC", "dist of columbia" "DC", "washington dc" "DC", "washington d c" "DC",
    "wash dc" "DC", "wash d c" "DC", "d c" "DC", "washington district of columbia" "DC",
    "georgia" "GA", "hawaii" "HI", "hawai'i" "HI", "hawai\u{2bb}i" "HI", "hawai\u{2019}i" "HI", "haw" "HI",
    "idaho" "ID", "ida" "ID", "illinois" "IL", "ill" "IL", "ills" "IL", "indiana" "IN", "ind" "IN", "iowa" "IA",
    "kansas" "KS", "kans" "KS", "kan" "KS", "kas" "KS", "kentucky" "KY", "kent" "KY", "ken" "KY",
    "louisiana" "LA", "maine" "ME", "maryland" "MD", "massachusetts" "MA", "mass" "MA", "michigan" "MI",
    "mich" "MI", "minnesota" "MN", "minn" "MN", "mississippi" "MS", "miss" "MS", "missouri" "MO", "montana" "MT",
    "mont" "MT", "nebraska" "NE", "nebr" "NE", "neb" "NE", "nevada" "NV", "nev" "NV",
    "new hampshire" "NH", "n h" "NH", "n hampshire" "NH", "new jersey" "NJ", "n j" "NJ", "n jersey" "NJ",
    "new mexico" "NM", "n m" "NM", "n mex" "NM", "n mexico" "NM", "new mex" "NM", "new york" "NY", "n y" "NY",
    "n york" "NY", "new york state" "NY", "north carolina" "NC", "n c" "NC", "n car" "NC", "n carolina" "NC",
    "no carolina" "NC", "north dakota" "ND", "n d" "ND", "n dak" "ND", "n dakota" "ND", "no dak" "ND",
    "nodak" "ND", "no dakota" "ND", "ohio" "OH", "oklahoma" "OK", "okla" "OK", "oregon" "OR", "ore" "OR",
    "oreg" "OR", "pennsylvania" "PA", "penn" "PA", "penna" "PA", "rhode island" "RI", "r i" "RI",
    "rhode island and providence plantations" "RI", "south carolina" "SC", "s c" "SC", "s car" "SC",
    "s carolina" "SC", "so carolina" "SC", "south dakota" "SD", "s d" "SD", "s dak" "SD", "s dakota" "SD",
    "so dak" "SD", "sodak" "SD", "so dakota" "SD", "tennessee" "TN", "tenn" "TN", "texas" "TX", "tex" "TX",
    "utah" "UT", "vermont" "VT", "virginia" "VA", "virg" "VA", "washington" "WA", "wash" "WA",
    "washington state" "WA", "west virginia" "WV", "w va" "WV", "w v" "WV", "wva" "WV", "w virg" "WV",
    "w virginia" "WV", "wisconsin" "WI", "wis" "WI", "wisc" "WI", "wyoming" "WY", "wyo" "WY",
    "american samoa" "AS", "amer samoa" "AS", "guam" "GU", "northern mariana islands" "MP",
    "commonwealth of the northern mariana islands" "MP", "northern marianas" "MP", "northern mariana is" "MP",
    "cnmi" "MP", "puerto rico" "PR", "p r" "PR", "us virgin islands" "VI", "u s virgin islands" "VI",
    "united states virgin islands" "VI", "virgin islands of the united states" "VI", "virgin islands" "VI",
    "virgin islands us" "VI", "usvi" "VI", "v i" "VI", "federated states of micronesia" "FM", "micronesia" "FM",
    "marshall islands" "MH", "republic of the marshall islands" "MH", "palau" "PW", "republic of palau" "PW",
    "armed forces americas" "AA", "armed forces europe" "AE", "armed forces pacific" "AP",
}

const BY_SPELLING: Lexicon<1024> = Lexicon::new(SPELLINGS);

/// Position in [`STATES`] + 1 for each pair of letters; 0 is no code.
const BY_CODE: [u8; 26 * 26] = {
    let mut table = [0; 26 * 26];
    let mut index = 0;
    while index < STATES.len() {
        let code = STATES[index].0.as_bytes();
        table[(code[0] - b'A') as usize * 26 + (code[1] - b'A') as usize] = index as u8 + 1;
        index += 1;
    }
    table
};

/// Longest text that is looked at; the longest spelling has 44 bytes, dots and spaces come on top.
const LONGEST: usize = 80;

/// Reads a state or territory in any case: its code (`CA`, `ca`, `C.A.`), its name, its AP or traditional abbreviation
/// (`Calif.`), `State of …`, `Commonwealth of …`, ISO 3166-2 (`US-CA`), or name and code together if they agree.
///
/// Nothing is guessed: other text is [`Rule::UnreadableState`]. The codes are those of [`STATES`].
#[inline]
pub fn parse_state(text: &str) -> Parsed<&'static str> {
    if let Some(code) = code_of(text.as_bytes()) {
        return Parsed::Value(code, if code == text { None } else { Some(Change::StateCode) });
    }
    if let Some(index) = BY_SPELLING.find(text.as_bytes()) {
        return Parsed::Value(SPELLING_CODES[index], Some(Change::StateCode));
    }
    parse_slowly(text)
}

#[inline]
fn code_of(text: &[u8]) -> Option<&'static str> {
    let &[first, second] = text else { return None };
    let letter = |byte: u8| usize::from((byte | 0x20).wrapping_sub(b'a'));
    let (first, second) = (letter(first), letter(second));
    if first >= 26 || second >= 26 {
        return None;
    }
    let index = usize::from(BY_CODE[first * 26 + second]);
    Some(STATES.get(index.wrapping_sub(1))?.0)
}

fn parse_slowly(text: &str) -> Parsed<&'static str> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Parsed::Missing(None);
    }
    if let Some(code) = read(trimmed).or_else(|| read_both(trimmed)) {
        return Parsed::Value(code, Some(Change::StateCode));
    }
    if is_nothing(trimmed) {
        Parsed::Missing(Some(Change::NullWord))
    } else {
        Parsed::Failed(Rule::UnreadableState)
    }
}

/// Reads one code, name or abbreviation, with dots, commas and spaces as they come.
fn read(text: &str) -> Option<&'static str> {
    let mut buffer = [0; LONGEST];
    let words = simplify(text, &mut buffer)?;
    let words = [&b"state of "[..], b"commonwealth of ", b"us-", b"the "]
        .into_iter()
        .find_map(|prefix| words.strip_prefix(prefix).filter(|rest| look_up(rest).is_some()))
        .unwrap_or(words);
    look_up(words)
}

fn look_up(words: &[u8]) -> Option<&'static str> {
    code_of(words).or_else(|| BY_SPELLING.find(words).map(|index| SPELLING_CODES[index]))
}

/// Small letters without dots; commas and runs of spaces are one space. `None` where the text is too long.
fn simplify<'b>(text: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let mut len = 0;
    for c in text.chars() {
        if c == '.' {
            continue;
        }
        let c = if c == ',' || c.is_whitespace() { ' ' } else { c.to_ascii_lowercase() };
        if c == ' ' && (len == 0 || buffer[len - 1] == b' ') {
            continue;
        }
        let end = len + c.len_utf8();
        c.encode_utf8(buffer.get_mut(len..end)?);
        len = end;
    }
    while len > 0 && buffer[len - 1] == b' ' {
        len -= 1;
    }
    Some(&buffer[..len])
}

/// Reads `California (CA)` and `CA - California`, where both halves say the same.
fn read_both(text: &str) -> Option<&'static str> {
    let (one, other) = match text.strip_suffix(')') {
        Some(rest) => rest.split_once('(')?,
        None => text.split_once(['-', '\u{2013}', '/', ':'])?,
    };
    let one = read(one)?;
    (read(other)? == one).then_some(one)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHANGED: Option<Change> = Some(Change::StateCode);

    #[test]
    fn lists_what_publication_28_lists() {
        assert_eq!(STATES.len(), 51 + 5 + 3 + 3);
        for &(code, name) in STATES {
            assert_eq!(parse_state(code), Parsed::Value(code, None));
            assert_eq!(parse_state(&code.to_lowercase()), Parsed::Value(code, CHANGED));
            assert_eq!(parse_state(name), Parsed::Value(code, CHANGED), "{name}");
        }
        for (word, code) in SPELLINGS.iter().zip(SPELLING_CODES) {
            assert_eq!(parse_state(word), Parsed::Value(*code, CHANGED), "{word}");
            assert!(STATES.iter().any(|state| state.0 == *code));
        }
    }

    #[test]
    fn reads_other_spellings() {
        for (text, code) in [
            ("C.A.", "CA"),
            ("D.C.", "DC"),
            ("D. C.", "DC"),
            (" ny ", "NY"),
            ("Calif.", "CA"),
            ("Penna.", "PA"),
            ("N.Y.", "NY"),
            ("N. Carolina", "NC"),
            ("W.Va.", "WV"),
            ("W. Va.", "WV"),
            ("Washington, D.C.", "DC"),
            ("Washington DC", "DC"),
            ("washington  d.c", "DC"),
            ("Washington State", "WA"),
            ("State of Washington", "WA"),
            ("State of New York", "NY"),
            ("Commonwealth of Virginia", "VA"),
            ("the District of Columbia", "DC"),
            ("NEW\u{a0}YORK", "NY"),
            ("New   York", "NY"),
            ("US-CA", "CA"),
            ("California (CA)", "CA"),
            ("CA - California", "CA"),
            ("CA-California", "CA"),
            ("Hawai\u{2bb}i", "HI"),
            ("U.S. Virgin Islands", "VI"),
            ("PUERTO RICO", "PR"),
        ] {
            assert_eq!(parse_state(text), Parsed::Value(code, CHANGED), "{text}");
        }
    }

    #[test]
    fn guesses_nothing() {
        for text in [
            "Ontario",
            "ZZ",
            "Puerto",
            "Californa",
            "New",
            "North",
            "X",
            "C",
            "CAL-",
            "CA NY",
            "California (NY)",
            "CA - NV",
            "Washington DC DC",
            "State of",
            "12",
            "U.S.",
            "USA",
            "UM",
            "Carolina",
            "new yorkk",
            "ЅC",
            "С.A.",
            "State of State of Ohio",
            "a".repeat(500).as_str(),
        ] {
            assert_eq!(parse_state(text), Parsed::Failed(Rule::UnreadableState), "{text}");
        }
        assert_eq!(parse_state(""), Parsed::Missing(None));
        assert_eq!(parse_state(" \u{a0} "), Parsed::Missing(None));
        assert_eq!(parse_state("N/A"), Parsed::Missing(Some(Change::NullWord)));
        assert_eq!(parse_state("unknown"), Parsed::Missing(Some(Change::NullWord)));
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = parse_state(&text);
        }

        #[test]
        fn any_case_and_spacing_reads(
            index in 0..SPELLINGS.len(),
            capitals in any::<u64>(),
            space in prop::sample::select(vec![" ", "  ", "\u{a0}", " \t"]),
        ) {
            let word: String = SPELLINGS[index]
                .chars()
                .enumerate()
                .map(|(i, c)| if capitals >> (i % 64) & 1 == 1 { c.to_ascii_uppercase() } else { c })
                .collect();
            let text = format!("{space}{}{space}", word.replace(' ', space));
            prop_assert_eq!(parse_state(&text).value(), Some(SPELLING_CODES[index]));
        }
    }
}
