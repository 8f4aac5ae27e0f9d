//! Which record of a cluster wins: a rule's order first, then the tie breaks, so that the order in which records are given
//! never matters.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::agree::{agree, fits, is_date, same_text};
use super::conflict::ValueAt;
use super::record::{Origin, Record};
use super::rules::{Rule, Survivorship, place};
use crate::date::PartialDate;
use crate::field::Field;

/// What told two records apart that a rule held equal: the tie breaks, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// The later last activity; none is the earliest
    LastActive,
    /// A list before the database, which an earlier list filled
    Origin,
    /// The order of the sources in the settings
    SourceOrder,
    /// The club's name, its key, the file and the row
    Place,
    /// The values themselves, where nothing else differs
    Values,
}

impl TieBreak {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            TieBreak::LastActive => "the later last activity",
            TieBreak::Origin => "the list before the database",
            TieBreak::SourceOrder => "the order of the clubs",
            TieBreak::Place => "the first by club, key, file and row",
            TieBreak::Values => "the first by its values",
        }
    }
}

/// A cluster made ready for choosing.
pub(super) struct Cluster<'c, 'a> {
    pub(super) records: &'c [Record<'a>],
    pub(super) rules: &'c Survivorship,
    active: Vec<Option<PartialDate>>,
    /// Place of each record in the order of the tie breaks
    ranks: Vec<u32>,
    /// For each record of the database, the rows of lists that say the same membership anew
    newer: Vec<(u32, u32)>,
}

/// A choice: a record, and whether the rule alone made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pick {
    pub(super) record: u32,
    /// What told it from the best record with another value; `None`: the rule
    pub(super) tie: Option<TieBreak>,
}

impl<'c, 'a> Cluster<'c, 'a> {
    pub(super) fn new(records: &'c [Record<'a>], rules: &'c Survivorship) -> Cluster<'c, 'a> {
        let active = records.iter().map(Record::last_active).collect();
        let mut cluster =
            Cluster { records, rules, active, ranks: vec![0; records.len()], newer: Vec::new() };
        let mut order: Vec<u32> = cluster.all().collect();
        order.sort_by(|&one, &other| cluster.precedence(one, other).0);
        for (rank, index) in (0..).zip(order) {
            cluster.ranks[index as usize] = rank;
        }
        cluster.newer = cluster.superseding();
        cluster
    }

    pub(super) fn all(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn record(&self, index: u32) -> &'c Record<'a> {
        &self.records[index as usize]
    }

    pub(super) fn value(&self, index: u32, field: Field) -> Option<&'a str> {
        self.record(index).value(field)
    }

    pub(super) fn rank(&self, index: u32) -> u32 {
        self.ranks[index as usize]
    }

    /// The order of two records by the tie breaks, and which of them told.
    fn precedence(&self, one: u32, other: u32) -> (Ordering, TieBreak) {
        let (a, b) = (self.record(one), self.record(other));
        let places = |record: &Record<'a>| (record.source, record.source_key, record.file, record.row);
        let breaks = [
            (self.active[other as usize].cmp(&self.active[one as usize]), TieBreak::LastActive),
            (a.origin.cmp(&b.origin), TieBreak::Origin),
            (self.rules.place(a.source).cmp(&self.rules.place(b.source)), TieBreak::SourceOrder),
            (places(a).cmp(&places(b)), TieBreak::Place),
        ];
        let values = || {
            let rest = |record: &Record<'a>| (record.values, record.company_id, record.by_person);
            (rest(a).cmp(&rest(b)), TieBreak::Values)
        };
        breaks.into_iter().find(|(order, _)| order.is_ne()).unwrap_or_else(values)
    }

    /// `(record of the database, row of a list)`: the row says the same membership anew, unless its last activity is earlier.
    fn superseding(&self) -> Vec<(u32, u32)> {
        let of = |origin| self.all().filter(move |&index| self.record(index).origin == origin);
        let is_newer = |old: u32, new: u32| {
            let (was, is) = (self.active[old as usize], self.active[new as usize]);
            self.record(old).is_same_membership(self.record(new))
                && was.is_none_or(|was| is.is_none_or(|is| is >= was))
        };
        of(Origin::Database)
            .flat_map(|old| of(Origin::List).map(move |new| (old, new)))
            .filter(|&(old, new)| is_newer(old, new))
            .collect()
    }

    /// Whether a club's newer list says one of the fields anew, so that what the database has from it is history. What a
    /// person typed is not.
    fn is_superseded(&self, index: u32, fields: &[Field]) -> bool {
        let record = self.record(index);
        if self.newer.is_empty() || record.origin != Origin::Database {
            return false;
        }
        let typed = |field: &Field| self.rules.keeps_hand_edits && record.by_person.contains(*field);
        let says_one = |new: u32| fields.iter().any(|&field| self.value(new, field).is_some());
        !fields.iter().any(typed) && self.newer.iter().any(|&(old, new)| old == index && says_one(new))
    }

    /// Records of `scope` that have a value to offer for a field.
    pub(super) fn offers(&self, field: Field, scope: &[u32]) -> Vec<u32> {
        let offers =
            |index: &u32| self.value(*index, field).is_some() && !self.is_superseded(*index, &[field]);
        scope.iter().copied().filter(offers).collect()
    }

    /// Records of `scope` that a group may be taken from: with a value of its first field that any record has.
    pub(super) fn donors(&self, fields: &[Field], scope: &[u32]) -> Vec<u32> {
        let open: Vec<u32> =
            scope.iter().copied().filter(|&index| !self.is_superseded(index, fields)).collect();
        let with = |&field: &Field| {
            let found: Vec<u32> =
                open.iter().copied().filter(|&index| self.value(index, field).is_some()).collect();
            (!found.is_empty()).then_some(found)
        };
        fields.iter().find_map(with).unwrap_or_default()
    }

    /// Whether two records agree on all of the fields that both have.
    pub(super) fn agree_where_both_have(&self, one: u32, other: u32, fields: &[Field]) -> bool {
        fields.iter().all(|&field| match (self.value(one, field), self.value(other, field)) {
            (Some(a), Some(b)) => agree(field, a, b),
            _ => true,
        })
    }

    /// The candidate that the rule of the first field chooses; the other fields count for the length and the frequency.
    pub(super) fn pick(&self, fields: &[Field], candidates: &[u32]) -> Option<Pick> {
        let lead = *fields.first()?;
        if let [only] = *candidates {
            return Some(Pick { record: only, tie: None });
        }
        let mut keyed: Vec<(Vec<u32>, u32)> =
            candidates.iter().map(|&index| (self.strength(lead, fields, candidates, index), index)).collect();
        keyed.sort_by(|(one, a), (other, b)| other.cmp(one).then(self.rank(*a).cmp(&self.rank(*b))));
        let (strength, winner) = keyed.first()?;
        let differs = |index: u32| {
            fields.iter().any(|&field| match (self.value(*winner, field), self.value(index, field)) {
                (Some(a), Some(b)) => !agree(field, a, b),
                (one, other) => one != other,
            })
        };
        let rival = keyed.iter().find(|(_, index)| differs(*index));
        let tie =
            rival.filter(|(other, _)| other == strength).map(|&(_, index)| self.precedence(*winner, index).1);
        Some(Pick { record: self.fuller_date(lead, fields, *winner, &keyed), tie })
    }

    /// What a rule compares; the greatest wins.
    fn strength(&self, lead: Field, fields: &[Field], candidates: &[u32], index: u32) -> Vec<u32> {
        match self.rules.rule(lead) {
            Rule::Priority(order) => vec![u32::MAX - place(order, self.record(index).source)],
            Rule::Newest => vec![self.active[index as usize].map_or(0, day_number)],
            Rule::Longest => {
                let length = |&field: &Field| {
                    self.value(index, field).map_or(0, |text| text.trim().chars().count() as u32)
                };
                vec![fields.iter().map(length).sum()]
            }
            Rule::MostFrequent => {
                (1..=fields.len()).map(|count| self.frequency(&fields[..count], candidates, index)).collect()
            }
            Rule::NonBlank => Vec::new(),
        }
    }

    /// How many candidates say the same of all these fields; 0 where the last one is blank.
    fn frequency(&self, fields: &[Field], candidates: &[u32], index: u32) -> u32 {
        if fields.last().is_none_or(|&last| self.value(index, last).is_none()) {
            return 0;
        }
        let same = |&other: &u32| {
            fields.iter().all(|&field| match (self.value(index, field), self.value(other, field)) {
                (Some(a), Some(b)) => agree(field, a, b),
                (one, other) => one.is_none() && other.is_none(),
            })
        };
        candidates.iter().filter(|&other| same(other)).count() as u32
    }

    /// A date that says more than the one that won, and does not contradict it, is taken in its place.
    fn fuller_date(&self, lead: Field, fields: &[Field], winner: u32, keyed: &[(Vec<u32>, u32)]) -> u32 {
        if fields.len() > 1 || !is_date(lead) {
            return winner;
        }
        let Some(date) = self.value(winner, lead) else { return winner };
        let length = |index: u32| self.value(index, lead).map_or(0, str::len);
        let is_fuller = |index: &u32| self.value(*index, lead).is_some_and(|other| fits(date, other));
        let fuller = || keyed.iter().map(|&(_, index)| index).filter(is_fuller);
        let longest = fuller().map(length).max();
        fuller().find(|&index| Some(length(index)) == longest).unwrap_or(winner)
    }

    /// The different values of a field, each with the records that have it, the best by the tie breaks first. A reduced
    /// date stands with the fuller ones that it fits.
    pub(super) fn distinct(&self, field: Field, offers: &[u32]) -> Vec<ValueAt<'a>> {
        let mut ordered = offers.to_vec();
        ordered.sort_by_key(|&index| self.rank(index));
        let mut values: Vec<ValueAt<'a>> = Vec::new();
        for index in ordered {
            let Some(value) = self.value(index, field) else { continue };
            match values.iter_mut().find(|known| same_text(known.value, value)) {
                Some(known) => known.records.push(index),
                None => values.push(ValueAt { value, records: vec![index] }),
            }
        }
        if is_date(field) { self.join_reduced(values) } else { values }
    }

    fn join_reduced(&self, values: Vec<ValueAt<'a>>) -> Vec<ValueAt<'a>> {
        let is_of_another = |value: &str| values.iter().any(|other| fits(value, other.value));
        let (reduced, mut full): (Vec<_>, Vec<_>) =
            values.iter().cloned().partition(|known| is_of_another(known.value));
        for known in &mut full {
            let fitting = reduced.iter().filter(|other| fits(other.value, known.value));
            known.records.extend(fitting.flat_map(|other| other.records.iter().copied()));
            known.records.sort_by_key(|&index| self.rank(index));
        }
        full.sort_by_key(|known| known.records.first().map(|&index| self.rank(index)));
        full
    }
}

/// Greater for a later date; a reduced one is before the full ones that it fits.
fn day_number(date: PartialDate) -> u32 {
    let year = u32::from(date.year.unsigned_abs());
    year << 16 | u32::from(date.month.unwrap_or(0)) << 8 | u32::from(date.day.unwrap_or(0))
}
