//! Invented people as functions of the seed and a number, so that any of ten million can be asked for without a list.
//!
//! Two people of different numbers never share name and birth date by chance: people of one birth date take different
//! slots of the table of names. A repeated member in the lists is therefore one that was planted. (A namesake, and a
//! slip in a name or date, can still hit another person; at a million rows that is a handful.)

use super::names::{COMPANIES, FAMILIES, HEADS, MEN, STATES, TAILS, WOMEN};
use super::random::{Shuffle, hash, scale};

/// Slots of the table of family names; a common name has many.
const SLOTS: usize = 1 << 15;
/// How many slots in a hundred go to common names.
const COMMON_PERCENT: usize = 70;
/// Birth dates run from 1945-01-01 …
const FIRST_BIRTH: i64 = -9_131;
/// … over so many days, to 2005-03-26.
const BIRTH_DAYS: u64 = 22_000;

/// A day as year, month, day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

impl Day {
    /// The day that lies `days` after 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    pub(super) const fn since_1970(days: i64) -> Day {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + (month <= 2) as i64;
        Day { year: year as u16, month: month as u8, day: day as u8 }
    }
}

/// A given name: a place in the list of men's and then women's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Given(u16);

impl Given {
    /// How many there are.
    pub(super) const COUNT: usize = MEN.len() + WOMEN.len();

    /// The given name at a place.
    pub(super) const fn at(place: u64) -> Given {
        Given((place % Given::COUNT as u64) as u16)
    }

    /// Whether it is a woman's name.
    pub(super) const fn is_woman(self) -> bool {
        self.0 as usize >= MEN.len()
    }

    /// The name.
    pub(super) fn name(self) -> &'static str {
        self.entry().0
    }

    /// Its short form; empty where it has none.
    pub(super) fn short(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (&'static str, &'static str) {
        let place = usize::from(self.0);
        if place < MEN.len() { MEN[place] } else { WOMEN[place - MEN.len()] }
    }
}

/// A family name: a common one, or one made of two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Family(u16);

impl Family {
    /// Appends the name.
    pub(super) fn write(self, out: &mut String) {
        let place = usize::from(self.0);
        match place.checked_sub(FAMILIES.len()) {
            None => out.push_str(FAMILIES[place]),
            Some(rare) => {
                out.push_str(HEADS[rare / TAILS.len()]);
                out.push_str(TAILS[rare % TAILS.len()]);
            }
        }
    }
}

/// An invented person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) given: Given,
    pub(super) family: Family,
    /// Shares both names with the person before, but is much younger: father and son
    pub(super) namesake: bool,
    pub(super) birth: Day,
    /// Index into [`COMPANIES`]
    pub(super) company: usize,
    /// Index into [`STATES`]
    pub(super) state: usize,
}

/// Everybody that a seed invents.
#[derive(Debug)]
pub(super) struct People {
    seed: u64,
    days: Shuffle,
    /// Family name of each slot, and how many slots before it have the same name
    slots: Vec<(Family, u16)>,
}

impl People {
    /// The people of a seed.
    pub(super) fn new(seed: u64) -> People {
        People { seed, days: Shuffle::new(BIRTH_DAYS, hash(seed, 1, 0)), slots: family_slots() }
    }

    /// The person of a number.
    pub(super) fn person(&self, number: u64) -> Person {
        let junior = number
            .checked_sub(1)
            .filter(|_| self.may_be_namesake(number) && !self.may_be_namesake(number - 1));
        let (given, family, day) = self.identity(junior.unwrap_or(number));
        let later = 9_131 + scale(hash(self.seed, 3, number), 3_000);
        let (day, namesake) = match junior {
            Some(_) if !given.is_woman() && day + later < BIRTH_DAYS => (day + later, true),
            _ => (day, false),
        };
        // Somebody who could not become a namesake is the usual person of the number.
        let (given, family, day) = if namesake { (given, family, day) } else { self.identity(number) };
        Person {
            given,
            family,
            namesake,
            birth: Day::since_1970(FIRST_BIRTH + day as i64),
            company: scale(hash(self.seed, 4, number), COMPANIES.len() as u64) as usize,
            state: scale(hash(self.seed, 5, number), STATES.len() as u64) as usize,
        }
    }

    fn may_be_namesake(&self, number: u64) -> bool {
        scale(hash(self.seed, 2, number), 64) == 0
    }

    /// Name and birth date (as a day of the range). Each run of [`BIRTH_DAYS`] people has every birth date once; the
    /// n-th person of a date takes the n-th slot from the date's own start, and people on slots of one family name
    /// take successive given names.
    fn identity(&self, number: u64) -> (Given, Family, u64) {
        let (run, place) = (number / BIRTH_DAYS, number % BIRTH_DAYS);
        let day = self.days.forward(place);
        let start = hash(self.seed, 6, day);
        // An odd step visits all slots, whose number is a power of two.
        let slot = start.wrapping_add(run.wrapping_mul(2 * (start >> 40) + 1)) as usize % SLOTS;
        let (family, rank) = self.slots[slot];
        let first = scale(hash(self.seed ^ day, 7, u64::from(family.0)), Given::COUNT as u64);
        (Given::at(first + u64::from(rank)), family, day)
    }
}

/// The table of family names: slots in proportion to 1 / (place in the list + 25), the rest to rare names.
fn family_slots() -> Vec<(Family, u16)> {
    let weight = |place: usize| 1.0 / (place as f64 + 25.0);
    let total: f64 = (0..FAMILIES.len()).map(weight).sum();
    let mut slots = Vec::with_capacity(SLOTS);
    for place in 0..FAMILIES.len() {
        let share = weight(place) / total * (SLOTS * COMMON_PERCENT / 100) as f64;
        // No more slots than given names, or two people on them could have the same name and birth date.
        let count = (share as u16).clamp(1, Given::COUNT as u16);
        slots.extend((0..count).map(|rank| (Family(place as u16), rank)));
    }
    let rare = SLOTS.saturating_sub(slots.len()).min(HEADS.len() * TAILS.len());
    let step = HEADS.len() * TAILS.len() / rare.max(1);
    slots.extend((0..rare).map(|index| (Family((FAMILIES.len() + index * step) as u16), 0)));
    slots.resize(SLOTS, (Family(0), 0));
    slots
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_range_of_birth_dates_is_as_said() {
        assert_eq!(Day::since_1970(FIRST_BIRTH), Day { year: 1945, month: 1, day: 1 });
        assert_eq!(Day::since_1970(FIRST_BIRTH + 21_999), Day { year: 2005, month: 3, day: 26 });
    }

    #[test]
    fn the_table_is_full_and_its_slots_differ() {
        let slots = family_slots();
        assert_eq!(slots.len(), SLOTS);
        let unique: HashSet<_> = slots.iter().map(|(family, rank)| (family.0, rank)).collect();
        assert_eq!(unique.len(), SLOTS);
        assert!(slots.iter().all(|&(_, rank)| usize::from(rank) < Given::COUNT));
    }

    #[test]
    fn nobody_shares_name_and_birth_date() {
        let people = People::new(11);
        let mut seen = HashSet::new();
        let mut namesakes = 0;
        for number in 0..200_000 {
            let person = people.person(number);
            namesakes += u32::from(person.namesake);
            let day = person.birth;
            assert!(seen.insert((person.given.0, person.family.0, day.year, day.month, day.day)), "{number}");
        }
        assert!(namesakes > 500, "{namesakes}");
    }
}
