//! Which record stands in which row of a list. All of it is computed from the row's number: nothing is kept.

use super::dirt::{self, Rates, Suspect};
use super::names::{COMPANIES, PARTICLES};
use super::people::{Day, People, Person};
use super::random::{Draws, Shuffle, hash};
use super::record::{Cell, Kind, Record};
use super::slips;
use super::{Layout, SampleSettings};

/// 2019-01-01 and 2022-01-01: last activities lie in the three years from the second.
const ACTIVE_EARLY: i64 = 17_897;
const ACTIVE: i64 = 18_993;
/// Days of three years.
const THREE_YEARS: u64 = 1_095;
/// Lists shorter than this get no broken rows.
const LEAST_FOR_BROKEN: u64 = 50;

/// How many rows and people each list has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Rows of the rowing club's and the chess league's list
    pub(super) rows: [u64; 2],
    /// Of them, rows that are further records of somebody in the list: exact repeats, repeated keys, and others
    further: [[u64; 3]; 2],
    /// People who are in both
    pub(super) both: u64,
}

impl Sizes {
    /// The sizes that settings ask for. The rowing club gets a little more than half of the rows.
    pub(super) fn of(settings: &SampleSettings) -> Sizes {
        let first = settings.rows - share(settings.rows, 0.475);
        let rows = [first, settings.rows - first];
        let further = rows.map(|rows| {
            // Everybody has at most one further record in a list.
            let mut left = rows / 2;
            [settings.repeated_rows, settings.repeated_keys, settings.repeated_people].map(|rate| {
                let count = share(rows, rate).min(left);
                left -= count;
                count
            })
        });
        let mut sizes = Sizes { rows, further, both: 0 };
        let [rowing, chess] = [sizes.members(0), sizes.members(1)];
        let rate = settings.both_clubs.clamp(0.0, 1.0);
        sizes.both = share(rowing + chess, rate / (1.0 + rate)).min(rowing).min(chess);
        sizes
    }

    /// People of a list.
    pub(super) fn members(&self, list: usize) -> u64 {
        self.rows[list] - self.further[list].iter().sum::<u64>()
    }

    /// People of both lists.
    pub(super) fn people(&self) -> u64 {
        self.members(0) + self.members(1) - self.both
    }
}

/// A share of a count, rounded; no more than the count.
fn share(count: u64, rate: f64) -> u64 {
    ((count as f64 * rate.clamp(0.0, 1.0)).round() as u64).min(count)
}

/// What a person's further record in the same list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Further {
    ExactRow,
    SameKey,
    WithSlips,
}

/// One list: a function from its rows to records.
#[derive(Debug)]
pub(super) struct List<'a> {
    pub(super) layout: Layout,
    people: &'a People,
    settings: &'a SampleSettings,
    sizes: Sizes,
    rates: Rates,
    /// Row → slot; the first slots are the people of the list, then come the further records
    order: Shuffle,
    /// Further record → the slot of the person's first record
    bases: Shuffle,
    broken: Vec<(u64, Kind)>,
}

impl<'a> List<'a> {
    /// The list of a club.
    pub(super) fn new(
        layout: Layout,
        people: &'a People,
        settings: &'a SampleSettings,
        sizes: Sizes,
    ) -> List<'a> {
        let list = layout as usize;
        let key = |purpose: u64| hash(settings.seed, purpose + list as u64, settings.rows);
        let mut made = List {
            layout,
            people,
            settings,
            sizes,
            rates: Rates::of(settings),
            order: Shuffle::new(sizes.rows[list], key(20)),
            bases: Shuffle::new(sizes.members(list), key(22)),
            broken: Vec::new(),
        };
        made.choose_broken();
        made
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> u64 {
        self.sizes.rows[self.layout as usize]
    }

    /// Pairs of records of one person: within this list, and between it and another.
    pub(super) fn true_pairs(&self, other: &List<'_>) -> (u64, u64) {
        let within: u64 = self.sizes.further[self.layout as usize].iter().sum();
        let records = |list: &List<'_>, slot| 1 + u64::from(list.further_of(slot).is_some());
        (within, (0..self.sizes.both).map(|slot| records(self, slot) * records(other, slot)).sum())
    }

    /// A few rows that no reader finds well-formed, spread over the list. They stand for people with one record, so that
    /// their damage hides no other planted fact.
    fn choose_broken(&mut self) {
        let dirt = &self.settings.dirt;
        if self.rows() < LEAST_FOR_BROKEN {
            return;
        }
        let mut wanted = Vec::new();
        if dirt.broken_rows {
            wanted.extend([Kind::MissingCells, Kind::SurplusCells, Kind::UnbalancedQuote]);
        }
        if dirt.invalid_utf8 {
            wanted.push(Kind::InvalidUtf8);
        }
        for (place, kind) in wanted.into_iter().enumerate() {
            let from = self.rows() * (2 * place as u64 + 1) / 8;
            let alone = |row: &u64| {
                let slot = self.order.forward(*row);
                slot < self.members() && self.further_of(slot).is_none()
            };
            let to = self.rows() * (2 * place as u64 + 2) / 8;
            if let Some(row) = (from..to).find(alone) {
                self.broken.push((row, kind));
            }
        }
    }

    fn members(&self) -> u64 {
        self.sizes.members(self.layout as usize)
    }

    fn further_kind(&self, further: u64) -> Further {
        let [exact, key, _] = self.sizes.further[self.layout as usize];
        match further {
            _ if further < exact => Further::ExactRow,
            _ if further < exact + key => Further::SameKey,
            _ => Further::WithSlips,
        }
    }

    /// The further record of the person at a slot.
    fn further_of(&self, slot: u64) -> Option<(u64, Further)> {
        let further = self.bases.back(slot);
        let count = self.rows() - self.members();
        (further < count).then(|| (further, self.further_kind(further)))
    }

    /// Number of the person whose first record is at a slot: the first people are in both lists.
    fn person_number(&self, slot: u64) -> u64 {
        match self.layout {
            Layout::Rowing => slot,
            Layout::Chess if slot < self.sizes.both => slot,
            Layout::Chess => self.sizes.members(0) + slot - self.sizes.both,
        }
    }

    /// Fills in the record of a row.
    pub(super) fn fill(&self, row: u64, record: &mut Record) {
        let slot = self.order.forward(row);
        let own = slot.checked_sub(self.members()).map(|further| (further, self.further_kind(further)));
        let base = own.map_or(slot, |(further, _)| self.bases.forward(further));
        let partner = own.or_else(|| self.further_of(base));
        // An exact repeat is the first record once more.
        let stream = if matches!(own, Some((_, Further::ExactRow))) { base } else { slot };
        let mut draws = Draws::new(hash(self.settings.seed, 24 + self.layout as u64, stream));
        let broken = self.broken.iter().find(|&&(at, _)| at == row).map(|&(_, kind)| kind);
        let calm = broken.is_some() || matches!(partner, Some((_, Further::ExactRow | Further::SameKey)));

        record.clear();
        record.person = self.person_number(base);
        let person = self.people.person(record.person);
        describe(record, &person);
        self.plant_slips(record, own.is_some(), partner.map(|(_, kind)| kind), base, calm, &mut draws);
        self.plant_facts(record, &person, calm, &mut draws);
        self.decorate(record, &person, base);
        if let Some((further, kind @ (Further::ExactRow | Further::SameKey))) = partner {
            self.mark_repeat(record, row, base, further, kind, own.is_some());
        }
        if let Some(kind) = broken {
            record.kinds.add(kind);
        } else if !calm {
            dirt::lose_company(record, self.rates, &mut draws);
            let first = own.is_none() && !record.kinds.has(Kind::OtherClub);
            dirt::soil(record, self.layout, self.rates, first, &mut draws);
        }
    }

    fn plant_slips(
        &self,
        record: &mut Record,
        is_further: bool,
        partner: Option<Further>,
        base: u64,
        calm: bool,
        draws: &mut Draws,
    ) {
        let from_other = self.layout == Layout::Chess && base < self.sizes.both;
        if from_other {
            record.kinds.add(Kind::OtherClub);
        }
        match partner {
            Some(Further::WithSlips) if is_further => {
                record.kinds.add(Kind::SamePerson);
                slips::plant(record, draws, true);
            }
            // Somebody's first record stays as it is, or both could slip to the same name and date.
            None if from_other && !calm => slips::plant(record, draws, false),
            _ => {}
        }
    }

    /// What belongs to the membership rather than the person, and the suspects among it. It follows the birth date that
    /// is written, so that no slip makes a suspect by chance.
    fn plant_facts(&self, record: &mut Record, person: &Person, calm: bool, draws: &mut Draws) {
        let born = record.birth.value().unwrap_or(person.birth);
        let mut active = Day::since_1970(ACTIVE + draws.below(THREE_YEARS) as i64);
        let youngest = born.year + 14;
        let mut since = youngest + draws.below(u64::from(active.year - youngest) + 1) as u16;
        record.score = Cell::Value(30 + draws.below(70) as u32);
        match if calm { None } else { self.rates.suspect(draws) } {
            Some(Suspect::JoinedBeforeBirth) => since = born.year - 1 - draws.below(12) as u16,
            Some(Suspect::ActiveBeforeJoined) => {
                active = Day::since_1970(ACTIVE_EARLY + draws.below(THREE_YEARS) as i64);
                since = active.year + 1 + draws.below(2) as u16;
            }
            // Without a year of joining, which would lie before the birth: one row, one rule.
            Some(Suspect::BornInFuture) if record.birth.value().is_some() => {
                record.birth = Cell::Value(Day { year: born.year + 100, day: born.day.min(28), ..born });
                record.since = Cell::Missing;
                record.last_active = Cell::Value(active);
                return;
            }
            Some(Suspect::ImplausibleAge) if record.birth.value().is_some() => {
                record.birth = Cell::Value(Day { year: born.year - 120, day: born.day.min(28), ..born });
            }
            _ => {}
        }
        record.last_active = Cell::Value(active);
        record.since = Cell::Value(since);
    }

    fn decorate(&self, record: &mut Record, person: &Person, base: u64) {
        let particle = PARTICLES.iter().any(|particle| record.family.starts_with(particle));
        if particle {
            record.kinds.add(Kind::Particle);
        }
        let plain = !record.kinds.has_any(&[Kind::SwappedNames, Kind::Title, Kind::Suffix, Kind::Middle]);
        if self.layout == Layout::Chess && plain {
            let draws = Draws::new(hash(self.settings.seed, 28, self.person_number(base)));
            let nickname = if record.given == person.given.name() { person.given.short() } else { "" };
            dirt::decorate_name(record, nickname, self.rates, draws);
        }
    }

    /// The later one of two rows is the repeated one.
    fn mark_repeat(
        &self,
        record: &mut Record,
        row: u64,
        base: u64,
        further: u64,
        kind: Further,
        is_further: bool,
    ) {
        let other = self.order.back(if is_further { base } else { self.members() + further });
        if row > other {
            record.kinds.add(if kind == Further::ExactRow { Kind::RepeatedRow } else { Kind::RepeatedKey });
        }
        if is_further && kind == Further::SameKey {
            let at = COMPANIES.iter().position(|&(id, _)| record.company == Cell::Value(id)).unwrap_or(0);
            record.company = Cell::Value(COMPANIES[(at + 1) % COMPANIES.len()].0);
        }
    }
}

fn describe(record: &mut Record, person: &Person) {
    record.is_woman = person.given.is_woman();
    record.given.push_str(person.given.name());
    person.family.write(&mut record.family);
    record.birth = Cell::Value(person.birth);
    record.company = Cell::Value(COMPANIES[person.company].0);
    record.state = Cell::Value(person.state);
    if person.namesake {
        record.kinds.add(Kind::Namesake);
    }
}
