//! What the values of a column look like, whatever its header says.

use std::collections::HashSet;

use crate::date::Date;
use crate::recipe::DateOrder;
use crate::standardise::Parsed;
use crate::standardise::date::{DateFormat, Epoch, parse_date};
use crate::standardise::email::parse_email;
use crate::standardise::phone::parse_phone;
use crate::standardise::score::parse_score;
use crate::standardise::state::parse_state;
use crate::standardise::text::is_nothing;

/// Titles as lists have them in a column of their own, in small letters without dots.
#[rustfmt::skip] // a table: many entries a line
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "hon", "sir", "madam",
    "fr", "sr", "capt", "captain", "col", "lt", "maj", "sgt", "rabbi", "judge", "herr", "frau", "mme", "mlle",
    "m",
];

/// Suffixes, written alike.
#[rustfmt::skip] // a table: many entries a line
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "v", "md", "phd", "dds", "dvm", "esq", "esquire", "jd", "cpa", "rn", "do",
    "od", "mba", "junior", "senior", "ret", "pe", "edd",
];

/// Common given names of the United States: enough of a column of given names is among them to tell it from others.
#[rustfmt::skip] // a table: many entries a line
const GIVEN_NAMES: &[&str] = &[
    "aaron", "adam", "alan", "albert", "alex", "alexander", "alexis", "alice", "alicia", "allison", "amanda",
    "amber", "amy", "andrea", "andrew", "angela", "ann", "anna", "anthony", "antonio", "april", "ashley",
    "barbara", "benjamin", "betty", "bonnie", "bradley", "brandon", "brenda", "brian", "brittany", "bryan",
    "carl", "carlos", "carol", "caroline", "carolyn", "catherine", "chad", "charles", "cheryl", "chris",
    "christina", "christine", "christopher", "cindy", "cody", "corey", "courtney", "crystal", "cynthia",
    "daniel", "danielle", "david", "dawn", "deborah", "debra", "denise", "dennis", "diana", "diane", "donald",
    "donna", "dorothy", "douglas", "dustin", "dylan", "edward", "elizabeth", "emily", "emma", "eric", "erica",
    "erin", "ethan", "eugene", "frances", "francisco", "frank", "gabriel", "gary", "george", "gerald", "gina",
    "gloria", "grace", "gregory", "hannah", "harold", "heather", "helen", "henry", "holly", "jack", "jacob",
    "jacqueline", "james", "jamie", "jane", "janet", "janice", "jason", "jean", "jeff", "jeffrey", "jennifer",
    "jeremy", "jerry", "jesse", "jessica", "jill", "jim", "joan", "joe", "joel", "john", "jonathan", "jose",
    "joseph", "joshua", "joyce", "juan", "judith", "judy", "julia", "julie", "justin", "karen", "katherine",
    "kathleen", "kathryn", "katie", "kayla", "keith", "kelly", "kenneth", "kevin", "kimberly", "kristen",
    "kristin", "kyle", "larry", "laura", "lauren", "lawrence", "leslie", "linda", "lisa", "lori", "louis",
    "luis", "lynn", "madison", "margaret", "maria", "marie", "marilyn", "mark", "martha", "mary", "matthew",
    "megan", "melanie", "melissa", "michael", "michelle", "mikayla", "mike", "monica", "nancy", "natalie",
    "nathan", "nicholas", "nicole", "noah", "olivia", "pamela", "patricia", "patrick", "paul", "paula",
    "peter", "philip", "phillip", "rachel", "ralph", "randy", "raymond", "rebecca", "richard", "robert",
    "robin", "roger", "ronald", "rose", "roy", "russell", "ruth", "ryan", "samantha", "samuel", "sandra",
    "sara", "sarah", "scott", "sean", "shannon", "sharon", "shawn", "shirley", "sophia", "stacy", "stephanie",
    "stephen", "steven", "susan", "tammy", "tara", "taylor", "teresa", "terry", "theresa", "thomas",
    "tiffany", "timothy", "tina", "todd", "tom", "tracy", "travis", "tyler", "vanessa", "veronica", "victor",
    "victoria", "vincent", "virginia", "walter", "wayne", "wendy", "william", "zachary",
];

/// Common family names of the United States.
#[rustfmt::skip] // a table: many entries a line
const FAMILY_NAMES: &[&str] = &[
    "adams", "alexander", "allen", "alvarez", "anderson", "bailey", "baker", "barnes", "bell", "bennett",
    "brooks", "brown", "bryant", "butler", "campbell", "carter", "castillo", "chavez", "clark", "cole",
    "coleman", "collins", "cook", "cooper", "cox", "cruz", "davis", "diaz", "edwards", "ellis", "evans",
    "fisher", "flores", "foster", "garcia", "gibson", "gomez", "gonzalez", "graham", "gray", "green",
    "griffin", "gutierrez", "hall", "hamilton", "harris", "harrison", "hayes", "henderson", "hernandez",
    "hill", "howard", "hughes", "jackson", "jenkins", "jimenez", "johnson", "jones", "jordan", "kelly",
    "kennedy", "king", "lee", "lewis", "long", "lopez", "marshall", "martin", "martinez", "mcdonald",
    "mendoza", "miller", "mitchell", "moore", "morales", "morgan", "morris", "murphy", "murray", "myers",
    "nelson", "nguyen", "ortiz", "owens", "parker", "patel", "patterson", "perez", "perry", "peterson",
    "phillips", "powell", "price", "ramirez", "ramos", "reed", "reyes", "reynolds", "richardson", "rivera",
    "roberts", "robinson", "rodriguez", "rogers", "ross", "ruiz", "russell", "sanchez", "sanders", "scott",
    "simmons", "smith", "stevens", "stewart", "sullivan", "taylor", "thomas", "thompson", "torres", "tucker",
    "turner", "vasquez", "walker", "wallace", "ward", "washington", "watson", "webb", "west", "white",
    "williams", "wilson", "wood", "wright", "young",
];

/// What the values of a column look like: shares between 0 and 1 of the values that were judged. Words for nothing
/// (`n/a`) are not judged. The shares overlap: a year is a number too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// How many values were judged
    pub values: usize,
    /// Days, in figures or words
    pub date: f64,
    /// Numbers of four digits from 1850 to 2150
    pub year: f64,
    /// Numbers that may be a spreadsheet's day numbers of 1909 to 2036
    pub serial: f64,
    /// States and territories of the United States
    pub state: f64,
    /// E-mail addresses
    pub email: f64,
    /// Phone numbers
    pub phone: f64,
    /// Numbers
    pub number: f64,
    /// Whole numbers without a sign
    pub integer: f64,
    /// Letters, with what names have besides
    pub name: f64,
    /// Names of two words or more
    pub full_name: f64,
    /// Given names that are common, among the first words
    pub known_given: f64,
    /// Family names that are common, among the whole values
    pub known_family: f64,
    /// Titles
    pub title: f64,
    /// Suffixes of a name
    pub suffix: f64,
    /// Single letters
    pub initial: f64,
    /// One word with figures and perhaps letters, as member numbers are
    pub code: f64,
    /// At least six figures, and nothing but figures and the signs that numbers and dates have
    pub figures: f64,
    /// Different values by values
    pub distinct: f64,
    /// How many different values
    pub distinct_values: usize,
    /// Least and greatest year, of dates and years; the outer twentieths are left out
    pub years: Option<(i16, i16)>,
    /// Least and greatest whole number
    pub integers: Option<(u64, u64)>,
}

impl Look {
    /// Judges values without spaces at their ends.
    pub fn of<'t>(values: impl Iterator<Item = &'t str>) -> Look {
        let mut look = Look::default();
        let mut seen = HashSet::new();
        let mut years = Vec::new();
        let mut scratch = String::new();
        for value in values.filter(|value| !value.is_empty() && !is_nothing(value)) {
            look.values += 1;
            seen.insert(value);
            look.judge_figures(value, &mut years, &mut scratch);
            look.judge_words(value, &mut scratch);
        }
        look.distinct_values = seen.len();
        let values = look.values.max(1) as f64;
        look.distinct = seen.len() as f64 / values;
        for share in look.shares() {
            *share /= values;
        }
        years.sort_unstable();
        let edge = years.len() / 20;
        look.years = years.get(edge).copied().zip(years.len().checked_sub(edge + 1).map(|last| years[last]));
        look
    }

    fn shares(&mut self) -> [&mut f64; 17] {
        [
            &mut self.date,
            &mut self.year,
            &mut self.serial,
            &mut self.state,
            &mut self.email,
            &mut self.phone,
            &mut self.number,
            &mut self.integer,
            &mut self.name,
            &mut self.full_name,
            &mut self.known_given,
            &mut self.known_family,
            &mut self.title,
            &mut self.suffix,
            &mut self.initial,
            &mut self.code,
            &mut self.figures,
        ]
    }

    fn judge_figures(&mut self, value: &str, years: &mut Vec<i16>, scratch: &mut String) {
        if !value.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        let whole =
            value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse::<u64>().ok()).flatten();
        if let Some(number) = whole {
            self.integer += 1.0;
            let (least, greatest) = self.integers.unwrap_or((number, number));
            self.integers = Some((least.min(number), greatest.max(number)));
            if value.len() == 4 && (1850..=2150).contains(&number) {
                self.year += 1.0;
                years.extend(i16::try_from(number));
            }
            self.serial += f64::from(u8::from((3_500..=49_999).contains(&number) && value.len() >= 4));
        }
        if let Some(date) = as_date(value) {
            self.date += 1.0;
            years.push(date.year());
        }
        scratch.clear();
        self.number += count(matches!(parse_score(value, scratch), Parsed::Value(..)));
        scratch.clear();
        self.phone += count(value.len() >= 7 && matches!(parse_phone(value, scratch), Parsed::Value(..)));
        let plain = value
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '/' | '.' | '#'));
        self.code += count(plain && value.len() <= 36);
        let signs = |byte: u8| {
            matches!(byte, b' ' | b'+' | b'-' | b'/' | b'.' | b'(' | b')' | b':' | b'T' | b'Z' | b',')
        };
        let figures = value.bytes().filter(u8::is_ascii_digit).count();
        self.figures += count(figures >= 6 && value.bytes().all(|byte| byte.is_ascii_digit() || signs(byte)));
    }

    fn judge_words(&mut self, value: &str, scratch: &mut String) {
        scratch.clear();
        self.email += count(value.contains('@') && matches!(parse_email(value, scratch), Parsed::Value(..)));
        self.state += count(matches!(parse_state(value), Parsed::Value(..)));
        if !is_name_like(value) {
            return;
        }
        self.name += 1.0;
        self.initial += count(value.trim_end_matches('.').chars().count() == 1);
        let small: String = value.to_lowercase().chars().filter(|letter| *letter != '.').collect();
        self.title += count(TITLES.contains(&small.as_str()));
        self.suffix += count(SUFFIXES.contains(&small.as_str()));
        self.known_family += count(FAMILY_NAMES.binary_search(&small.as_str()).is_ok());
        let words: Vec<&str> = small.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        self.full_name += count(words.len() >= 2);
        let known = |word: &&str| GIVEN_NAMES.binary_search(word).is_ok();
        self.known_given += count(words.iter().take(2).any(known));
    }
}

fn count(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

/// A day, whatever comes first. The day that two-digit years are completed by matters little here.
fn as_date(value: &str) -> Option<Date> {
    let today = Date::new(2030, 1, 1)?;
    let format = |order| DateFormat {
        order: Some(order),
        epoch: Epoch::Year1900,
        serials: false,
        today,
        past_only: false,
    };
    let by = |order| parse_date(value, &format(order)).value();
    by(DateOrder::MonthDay).or_else(|| by(DateOrder::DayMonth))
}

/// Letters of any script, with spaces and the signs that names have; up to six words.
fn is_name_like(value: &str) -> bool {
    let mut letters = 0;
    for letter in value.chars() {
        match letter {
            ' ' | '-' | '\'' | '’' | '.' | ',' | '(' | ')' | '"' | '“' | '”' | '\u{200b}' => {}
            _ if letter.is_alphabetic() => letters += 1,
            // Combining marks of names that are not composed.
            '\u{300}'..='\u{36f}' => {}
            _ => return false,
        }
    }
    letters > 0 && value.len() <= 80 && value.split_whitespace().count() <= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(values: &[&str]) -> Look {
        Look::of(values.iter().copied())
    }

    #[test]
    fn the_lists_of_names_are_sorted() {
        assert!(GIVEN_NAMES.is_sorted() && FAMILY_NAMES.is_sorted());
    }

    #[test]
    fn tells_kinds_of_values_apart() {
        assert!((look(&["1967/03/26", "26.3.1967", "3 Aug 1971", "n/a"]).date - 1.0).abs() < 1e-9);
        let year = look(&["2013", "1986"]);
        assert_eq!((year.year, year.integer, year.date, year.years), (1.0, 1.0, 0.0, Some((1986, 2013))));
        assert_eq!(look(&["OR", "new york", "D.C."]).state, 1.0);
        assert_eq!(look(&["a@example.org", "x"]).email, 0.5);
        assert_eq!(look(&["(212) 555-0142", "12"]).phone, 0.5);
        assert_eq!(look(&["57", "3.5"]).number, 1.0);
        assert_eq!(look(&["A-1001", "B-1002"]).code, 1.0);
        let names = look(&["Robert Smith", "van der Berg, Tom", "Josefa"]);
        assert_eq!((names.name, names.values), (1.0, 3));
        assert!(names.full_name > 0.6 && names.known_given > 0.3);
        assert_eq!(look(&["Mr.", "Dr"]).title, 1.0);
        assert_eq!(look(&["Jr.", "MD"]).suffix, 1.0);
    }

    #[test]
    fn no_values_look_like_nothing() {
        assert_eq!(look(&[]), Look::default());
        assert_eq!(look(&["n/a", "-", ""]), Look::default());
    }

    #[test]
    fn the_outer_years_do_not_count() {
        let mut values = vec!["1970"; 30];
        values.extend(["1850", "2100"]);
        assert_eq!(look(&values).years, Some((1970, 1970)));
    }
}
