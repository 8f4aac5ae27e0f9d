//! What differs between two records of one person: slips of the pen, short forms, marriages, moves.

use super::names::{COMPANIES, FAMILIES, STATES};
use super::people::Given;
use super::random::Draws;
use super::record::{Cell, Kind, Order, Record};

/// Slips that make another name or birth date.
const OF_IDENTITY: &[Kind] = &[
    Kind::TypoGiven,
    Kind::TypoFamily,
    Kind::Nickname,
    Kind::Initial,
    Kind::SwappedNames,
    Kind::MarriedName,
    Kind::Hyphenated,
    Kind::BirthSwapped,
    Kind::BirthDigit,
    Kind::BirthYear,
    Kind::BirthMissing,
];

/// Slips in what can change while the person stays the same.
const OF_DETAIL: &[Kind] = &[
    Kind::StateMoved,
    Kind::StateMissing,
    Kind::CompanyChanged,
    Kind::CompanyMissing,
    Kind::Middle,
    Kind::Title,
    Kind::Suffix,
];

const NAME_SLIPS: &[Kind] = &[
    Kind::TypoFamily,
    Kind::SwappedNames,
    Kind::MarriedName,
    Kind::Hyphenated,
    Kind::TypoGiven,
    Kind::Nickname,
    Kind::Initial,
];
const BIRTH_SLIPS: &[Kind] = &[Kind::BirthSwapped, Kind::BirthDigit, Kind::BirthYear, Kind::BirthMissing];

/// Titles that men and women carry.
pub(super) const TITLES: [&[&str]; 2] = [&["Mr.", "Dr.", "Mr", "Rev."], &["Mrs.", "Ms.", "Miss", "Dr."]];
/// Suffixes that men and women carry.
pub(super) const SUFFIXES: [&[&str]; 2] =
    [&["Jr.", "Sr.", "II", "III", "MD", "PhD", "DDS"], &["MD", "PhD", "DDS", "DVM"]];
/// Middle initials.
pub(super) const MIDDLES: &[&str] =
    &["A.", "B", "C.", "D", "E.", "F.", "G", "H.", "J.", "K", "L.", "M.", "N", "P.", "R.", "S", "T.", "W."];

/// Plants none to three slips. With `changes_identity` there is at least one, and the first is in name or birth date:
/// a second record in the same list must not be the same member by its key.
pub(super) fn plant(record: &mut Record, draws: &mut Draws, changes_identity: bool) {
    let mut wanted = match draws.below(100) {
        0..25 => 0,
        25..65 => 1,
        65..90 => 2,
        _ => 3,
    };
    if changes_identity {
        wanted = wanted.max(1);
        // A digit of the birth date can always slip; other slips may not fit the person.
        if !(0..8).any(|_| apply(record, draws, OF_IDENTITY)) {
            slip(record, draws, Kind::BirthDigit);
        }
        wanted -= 1;
    }
    for _ in 0..wanted {
        let from = if draws.below(2) == 0 { OF_IDENTITY } else { OF_DETAIL };
        apply(record, draws, from);
    }
}

fn apply(record: &mut Record, draws: &mut Draws, from: &[Kind]) -> bool {
    let kind = draws.pick(from);
    let clashes = if BIRTH_SLIPS.contains(&kind) {
        record.kinds.has_any(BIRTH_SLIPS)
    } else if NAME_SLIPS.contains(&kind) {
        record.kinds.has_any(NAME_SLIPS)
    } else {
        record.kinds.has(kind)
    };
    !clashes && slip(record, draws, kind)
}

/// Plants one slip; false where it does not fit the person.
fn slip(record: &mut Record, draws: &mut Draws, kind: Kind) -> bool {
    let sex = usize::from(record.is_woman);
    let done = match kind {
        Kind::TypoGiven => mistype(&mut record.given, draws),
        Kind::TypoFamily => mistype(&mut record.family, draws),
        Kind::Nickname | Kind::Initial | Kind::SwappedNames | Kind::MarriedName | Kind::Hyphenated => {
            rename(record, draws, kind)
        }
        Kind::BirthSwapped | Kind::BirthDigit | Kind::BirthYear | Kind::BirthMissing => {
            redate(record, draws, kind)
        }
        Kind::Middle => set(&mut record.middle, draws.pick(MIDDLES)),
        Kind::Title => set(&mut record.title, draws.pick(TITLES[sex])),
        Kind::Suffix => set(&mut record.suffix, draws.pick(SUFFIXES[sex])),
        _ => change_detail(record, draws, kind),
    };
    if done {
        record.kinds.add(kind);
    }
    done
}

fn set(part: &mut &'static str, value: &'static str) -> bool {
    let empty = part.is_empty();
    if empty {
        *part = value;
    }
    empty
}

fn rename(record: &mut Record, draws: &mut Draws, kind: Kind) -> bool {
    match kind {
        Kind::Nickname => {
            let short = (0..Given::COUNT as u64).map(Given::at).find(|given| given.name() == record.given);
            let Some(short) = short.map(Given::short).filter(|short| !short.is_empty()) else { return false };
            record.given.clear();
            record.given.push_str(short);
        }
        Kind::Initial => {
            let Some(first) = record.given.chars().next() else { return false };
            record.given.clear();
            record.given.push(first);
            record.given.push('.');
        }
        Kind::SwappedNames => record.order = Order::Swapped,
        Kind::MarriedName => {
            let name = draws.pick(FAMILIES);
            if !record.is_woman || name == record.family {
                return false;
            }
            record.family.clear();
            record.family.push_str(name);
        }
        _ => {
            if record.family.contains(['-', ' ']) {
                return false;
            }
            record.family.push('-');
            // The later names of the list have hyphens and particles of their own.
            record.family.push_str(draws.pick(&FAMILIES[..100]));
        }
    }
    true
}

fn redate(record: &mut Record, draws: &mut Draws, kind: Kind) -> bool {
    let Cell::Value(mut date) = record.birth else { return false };
    match kind {
        Kind::BirthMissing => {
            record.birth = Cell::Missing;
            return true;
        }
        Kind::BirthSwapped => {
            if date.day > 12 || date.day == date.month {
                return false;
            }
            (date.day, date.month) = (date.month, date.day);
        }
        Kind::BirthYear => {
            date.year = draws.pick(&[date.year - 10, date.year - 1, date.year + 1]);
            date.day = date.day.min(28);
        }
        _ if draws.below(2) == 0 => date.day = 1 + (date.day + draws.below(26) as u8) % 28,
        _ => {
            date.month = 1 + (date.month + draws.below(10) as u8) % 12;
            date.day = date.day.min(28);
        }
    }
    let changed = record.birth != Cell::Value(date);
    record.birth = Cell::Value(date);
    changed
}

fn change_detail(record: &mut Record, draws: &mut Draws, kind: Kind) -> bool {
    match (kind, record.state, record.company) {
        (Kind::StateMoved, Cell::Value(state), _) => {
            record.state = Cell::Value((state + 1 + draws.index(STATES.len() - 1)) % STATES.len());
        }
        (Kind::StateMissing, Cell::Value(_), _) => record.state = Cell::Missing,
        (Kind::CompanyChanged, _, Cell::Value(company)) => {
            let other = draws.pick(COMPANIES).0;
            if other == company {
                return false;
            }
            record.company = Cell::Value(other);
        }
        (Kind::CompanyMissing, _, Cell::Value(_)) => record.company = Cell::Missing,
        _ => return false,
    }
    true
}

/// Leaves a letter out, doubles one, swaps two or hits a neighbouring one; never the first letter.
fn mistype(name: &mut String, draws: &mut Draws) -> bool {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() < 4 {
        return false;
    }
    let place = 1 + draws.index(letters.len() - 2);
    let mut wrong = letters.clone();
    match draws.below(4) {
        0 => drop(wrong.remove(place)),
        1 => wrong.insert(place, letters[place]),
        2 => wrong.swap(place, place + 1),
        _ => wrong[place] = draws.pick(&['a', 'e', 'i', 'n', 'r', 's', 't']),
    }
    let kept_apart = wrong.iter().zip(&letters).all(|(a, b)| (*a == ' ') == (*b == ' '));
    if wrong == letters || !kept_apart || !letters[place].is_alphabetic() {
        return false;
    }
    name.clear();
    name.extend(wrong);
    true
}

#[cfg(test)]
mod tests {
    use super::super::people::Day;
    use super::*;

    fn record() -> Record {
        Record {
            given: "Robert".to_owned(),
            family: "Whitcombe".to_owned(),
            birth: Cell::Value(Day { year: 1980, month: 3, day: 9 }),
            company: Cell::Value(3),
            state: Cell::Value(5),
            ..Record::default()
        }
    }

    #[test]
    fn a_slip_changes_what_it_says() {
        for seed in 0..2_000 {
            let (mut changed, mut draws) = (record(), Draws::new(seed));
            plant(&mut changed, &mut draws, true);
            let before = record();
            let name = changed.given != before.given
                || changed.family != before.family
                || changed.order != before.order;
            assert_eq!(name, changed.kinds.has_any(NAME_SLIPS), "{changed:?}");
            assert_eq!(changed.birth != before.birth, changed.kinds.has_any(BIRTH_SLIPS), "{changed:?}");
            assert!(name || changed.birth != before.birth);
            assert_eq!(
                changed.state != before.state,
                changed.kinds.has_any(&[Kind::StateMoved, Kind::StateMissing])
            );
            let company = changed.kinds.has_any(&[Kind::CompanyChanged, Kind::CompanyMissing]);
            assert_eq!(changed.company != before.company, company);
        }
    }
}
