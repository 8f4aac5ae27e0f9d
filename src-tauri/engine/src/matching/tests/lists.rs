//! Lists of made-up people whose truth is known, the same in every run.

use crate::field::Field;
use crate::matching::Column;

/// Numbers that are the same in every run (SplitMix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % bound as u64) as usize
    }

    pub(super) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    /// Small positions more often than large ones, as with names.
    fn skewed(&mut self, bound: usize) -> usize {
        let (a, b) = (self.below(bound), self.below(bound));
        a.min(b).min(self.below(bound))
    }
}

const GIVEN: [&str; 40] = [
    "Michael",
    "James",
    "John",
    "Robert",
    "David",
    "William",
    "Richard",
    "Thomas",
    "Mark",
    "Charles",
    "Steven",
    "Gary",
    "Joseph",
    "Donald",
    "Ronald",
    "Kenneth",
    "Paul",
    "Larry",
    "Daniel",
    "Stephen",
    "Dennis",
    "Timothy",
    "Edward",
    "Jennifer",
    "Jessica",
    "Amanda",
    "Melissa",
    "Sarah",
    "Heather",
    "Nicole",
    "Amy",
    "Elizabeth",
    "Michelle",
    "Kimberly",
    "Angela",
    "Stephanie",
    "Tiffany",
    "Christina",
    "Lisa",
    "Rebecca",
];
const STATES: [&str; 12] = ["CA", "TX", "FL", "NY", "PA", "IL", "OH", "GA", "NC", "MI", "NJ", "VA"];
const COMPANIES: [&str; 8] = [
    "Keller Group",
    "Acme",
    "Lopez Ltd",
    "Hill and Sons",
    "Ward Inc",
    "Baker LLC",
    "Fox Partners",
    "North Works",
];

/// A record: given, middle, family, birth date, state, company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person(pub(super) [String; 6]);

impl Person {
    pub(super) fn value(&self, column: Column) -> Option<&str> {
        let at = match column {
            Column::Field(Field::GivenName) => 0,
            Column::Field(Field::MiddleName) => 1,
            Column::Field(Field::FamilyName) => 2,
            Column::Field(Field::BirthDate) => 3,
            Column::Field(Field::State) => 4,
            Column::Field(Field::Company) => 5,
            _ => return None,
        };
        Some(self.0[at].as_str()).filter(|text| !text.is_empty())
    }

    pub(super) fn made(random: &mut Random) -> Person {
        let starts = [
            "Bar", "Cor", "Dan", "Fel", "Gar", "Hol", "Kor", "Lin", "Mar", "Nov", "Pel", "Ros", "Sal", "Tor",
        ];
        let ends =
            ["berg", "dale", "man", "ski", "son", "ton", "well", "wick", "field", "ley", "mann", "rigan"];
        let middles = ["a", "e", "ing", "o", "el", "en", "ar", "ow", "is", "un"];
        let family = format!(
            "{}{}{}",
            starts[random.skewed(starts.len())],
            middles[random.skewed(middles.len())],
            ends[random.skewed(ends.len())]
        );
        let date =
            format!("{}-{:02}-{:02}", 1950 + random.below(50), 1 + random.below(12), 1 + random.below(28));
        Person([
            GIVEN[random.skewed(GIVEN.len())].into(),
            String::new(),
            family,
            date,
            STATES[random.below(STATES.len())].into(),
            COMPANIES[random.below(COMPANIES.len())].into(),
        ])
    }

    /// The same person, listed again with slips.
    pub(super) fn again(&self, random: &mut Random) -> Person {
        let mut again = self.clone();
        for _ in 0..random.below(3) {
            again.slip(random);
        }
        again
    }

    fn slip(&mut self, random: &mut Random) {
        let typo = |text: &mut String, random: &mut Random| {
            let at = 1 + random.below(text.len() - 1);
            text.remove(at);
        };
        match random.below(8) {
            0 if self.0[0].len() > 3 => typo(&mut self.0[0], random),
            1 => typo(&mut self.0[2], random),
            2 => self.0.swap(0, 2),
            3 => self.0[5] = COMPANIES[random.below(COMPANIES.len())].into(),
            4 => self.0[4] = STATES[random.below(STATES.len())].into(),
            5 => self.0[1] = "J".into(),
            6 => self.0[3].replace_range(9..10, "7"),
            _ => self.0[5].clear(),
        }
    }
}

/// A list with people who are listed several times, and households with twins and with fathers and sons of one name; and
/// the person of each record.
pub(super) fn list(people: usize, seed: u64) -> (Vec<Person>, Vec<usize>) {
    let mut random = Random(seed);
    let (mut records, mut truth) = (Vec::new(), Vec::new());
    for person in 0..people {
        let mut made = Person::made(&mut random);
        if person > 0 && random.one_in(20) {
            // A relative of the one before: the same home, and the same birth date or the same given name.
            let other: &Person = &records[records.len() - 1];
            made.0[2].clone_from(&other.0[2]);
            made.0[4].clone_from(&other.0[4]);
            let shared = if random.one_in(2) { 3 } else { 0 };
            made.0[shared].clone_from(&other.0[shared]);
        }
        let again = random.one_in(4).then(|| made.again(&mut random));
        for record in std::iter::once(made).chain(again) {
            records.push(record);
            truth.push(person);
        }
    }
    (records, truth)
}
