//! The people of a component, and the groups of it that a person looks at.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use muster_engine::Field;
use muster_engine::resolve::{Conflict, ConflictState, Member, Record, resolve};

use super::gather::{Gathered, Link};
use super::record::{Known, bit};
use super::settle::{Component, Sets, Settler};
use super::tables::{NewGroup, NewPerson, Writer};
use super::view::QueueKind;
use crate::error::Result;

/// Records that are reviewed at once at the most; where more hang together, each two people are a group.
const MOST_RECORDS: usize = 12;

/// The people of a component.
pub(super) struct Groups<'g, 's> {
    pub(super) settler: &'g Settler<'s>,
    pub(super) gathered: &'g Gathered,
    pub(super) component: &'g Component,
    /// Pairs that stay apart since both have a member of the target
    pub(super) apart: &'g HashSet<(u32, u32)>,
}

/// What somebody said about two people.
#[derive(Default)]
struct Between {
    /// The strongest pair that is not decided
    ask: Option<Link>,
    /// The strongest pair that is decided to be different
    decided: Option<Link>,
    /// A record changed since a decision
    changed: bool,
}

impl Groups<'_, '_> {
    /// Writes people and groups. `people`: the records of each person, by the least of them.
    pub(super) fn write(&self, people: &BTreeMap<u32, Vec<Known>>, writer: &mut Writer<'_>) -> Result<()> {
        for records in people.values() {
            self.write_person(records, writer)?;
        }
        let of: HashMap<u32, u32> = people
            .iter()
            .flat_map(|(person, records)| records.iter().map(|known| (known.record, *person)))
            .collect();
        let between = self.between(&of);
        let reviewed = self.write_reviews(people, &between, writer)?;
        let left = people.iter().filter(|(person, _)| !reviewed.contains(person));
        let left: BTreeMap<u32, &Vec<Known>> = left.map(|(person, records)| (*person, records)).collect();
        for records in left.values() {
            self.write_several(records, writer)?;
        }
        self.write_decided(&left, &between, writer)
    }

    /// The resolved values of a person, and whose they are.
    fn write_person(&self, records: &[Known], writer: &mut Writer<'_>) -> Result<()> {
        let flat: Vec<Record<'_>> = records.iter().flat_map(Known::records).collect();
        let member = resolve(&flat, &self.settler.rules, self.settler.book.values());
        writer.person(&NewPerson { records, flat: &flat, member: &member })
    }

    /// What links each two people, the lesser first.
    fn between(&self, of: &HashMap<u32, u32>) -> BTreeMap<(u32, u32), Between> {
        let mut between: BTreeMap<(u32, u32), Between> = BTreeMap::new();
        let people = |a: u32, b: u32| {
            let (one, other) = (*of.get(&a)?, *of.get(&b)?);
            (one != other).then(|| (one.min(other), one.max(other)))
        };
        let mut decided = HashSet::new();
        for applied in self.component.applied.iter().map(|at| &self.gathered.applied[*at]) {
            for (a, b) in applied.pairs() {
                let Some(people) = people(a, b) else { continue };
                if !applied.changes.is_empty() {
                    between.entry(people).or_default().changed = true;
                } else if !applied.same {
                    decided.insert((a.min(b), a.max(b)));
                }
            }
        }
        for link in &self.component.links {
            let Some(people) = people(link.a, link.b) else { continue };
            let between = between.entry(people).or_default();
            let kept =
                if decided.contains(&(link.a, link.b)) { &mut between.decided } else { &mut between.ask };
            if kept.is_none_or(|kept| kept.weight < link.weight) {
                *kept = Some(*link);
            }
        }
        for &(a, b) in self.apart {
            if let Some(people) = people(a, b) {
                let ask = &mut between.entry(people).or_default().ask;
                *ask = ask.or(Some(Link { a, b, weight: 0.0, same_key: false }));
            }
        }
        between
    }

    /// Groups to review: people between whom a pair is to be decided, or was decided and changed. Gives these people.
    fn write_reviews(
        &self,
        people: &BTreeMap<u32, Vec<Known>>,
        between: &BTreeMap<(u32, u32), Between>,
        writer: &mut Writer<'_>,
    ) -> Result<BTreeSet<u32>> {
        let mut reviewed = BTreeSet::new();
        // People of whom somebody said that they are different are not asked about again because of other records.
        let open =
            |between: &&Between| (between.ask.is_some() && between.decided.is_none()) || between.changed;
        let asked: Vec<_> = between.iter().filter(|(_, between)| open(between)).collect();
        let mut sets = Sets::default();
        for ((one, other), _) in &asked {
            sets.join(*one, *other);
        }
        let mut together: BTreeMap<u32, Vec<&(u32, u32)>> = BTreeMap::new();
        for (pair, _) in &asked {
            together.entry(sets.find(pair.0)).or_default().push(pair);
        }
        for pairs in together.into_values() {
            let all: BTreeSet<u32> = pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
            let records: usize = all.iter().filter_map(|person| people.get(person)).map(Vec::len).sum();
            let groups = if records <= MOST_RECORDS {
                vec![(all.clone(), pairs)]
            } else {
                pairs.into_iter().map(|pair| (BTreeSet::from([pair.0, pair.1]), vec![pair])).collect()
            };
            for (members, pairs) in groups {
                let of_group = || pairs.iter().filter_map(|pair| between.get(pair));
                let link = of_group().filter_map(|between| between.ask).max_by(by_weight);
                let changed = of_group().any(|between| between.changed);
                let kind = if changed { QueueKind::Changed } else { QueueKind::ToReview };
                let records: Vec<(&Known, u32)> = members
                    .iter()
                    .filter_map(|person| Some((*person, people.get(person)?)))
                    .flat_map(|(person, records)| records.iter().map(move |known| (known, person)))
                    .collect();
                self.write_group(&records, kind, link, writer)?;
            }
            reviewed.extend(all);
        }
        Ok(reviewed)
    }

    /// The group of a person of several records.
    fn write_several(&self, records: &[Known], writer: &mut Writer<'_>) -> Result<()> {
        let rows = records.iter().filter(|known| known.row.is_some()).count();
        let decided = self.is_decided(records);
        // One row and the member who has its key are the same membership: the plan of a push compares them.
        let one_membership = rows == 1 && records.iter().all(|known| known.shares_key(&records[0]));
        if records.len() < 2 || rows == 0 || (one_membership && !decided) {
            return Ok(());
        }
        let person = records[0].record;
        let with: Vec<(&Known, u32)> = records.iter().map(|known| (known, person)).collect();
        let kind = if decided { QueueKind::Decided } else { QueueKind::Merged };
        self.write_group(&with, kind, self.weakest(records), writer)
    }

    /// Whether a person decided about records of one person.
    fn is_decided(&self, records: &[Known]) -> bool {
        let has = |record: &u32| records.iter().any(|known| known.record == *record);
        let applied = self.component.applied.iter().map(|at| &self.gathered.applied[*at]);
        let mut same = applied.filter(|applied| applied.same && applied.changes.is_empty());
        let keys = records.iter().flat_map(Known::keys);
        same.any(|applied| applied.a.iter().any(has) && applied.b.iter().any(has))
            || self.settler.book.values_of(keys).next().is_some()
    }

    /// The weakest pair that holds a person's records together: of the strongest pairs that connect them all
    /// (J. B. Kruskal, "On the shortest spanning subtree of a graph", 1956).
    fn weakest(&self, records: &[Known]) -> Option<Link> {
        let has = |record: u32| records.iter().any(|known| known.record == record);
        let links = self.component.links.iter().filter(|link| has(link.a) && has(link.b));
        let mut links: Vec<Link> = links.copied().collect();
        links.sort_by(|one, other| {
            other
                .same_key
                .cmp(&one.same_key)
                .then(by_weight(other, one))
                .then((one.a, one.b).cmp(&(other.a, other.b)))
        });
        let mut sets = Sets::default();
        let mut weakest = None;
        for link in links {
            if sets.find(link.a) != sets.find(link.b) {
                sets.join(link.a, link.b);
                weakest = Some(link);
            }
        }
        weakest
    }

    /// People whom somebody said to be different although they are alike, to look at.
    fn write_decided(
        &self,
        people: &BTreeMap<u32, &Vec<Known>>,
        between: &BTreeMap<(u32, u32), Between>,
        writer: &mut Writer<'_>,
    ) -> Result<()> {
        for ((one, other), between) in between {
            let Some(link) = between.decided.filter(|_| !between.changed) else { continue };
            let (Some(first), Some(second)) = (people.get(one), people.get(other)) else { continue };
            let first = first.iter().map(|known| (known, *one));
            let records: Vec<(&Known, u32)> =
                first.chain(second.iter().map(|known| (known, *other))).collect();
            self.write_group(&records, QueueKind::Decided, Some(link), writer)?;
        }
        Ok(())
    }

    /// Writes a group. One person with something to settle is a conflict, whatever else it is.
    fn write_group(
        &self,
        records: &[(&Known, u32)],
        kind: QueueKind,
        link: Option<Link>,
        writer: &mut Writer<'_>,
    ) -> Result<()> {
        let flat: Vec<Record<'_>> = records.iter().flat_map(|(known, _)| known.records()).collect();
        let member = resolve(&flat, &self.settler.rules, self.settler.book.values());
        let one_person = records.iter().all(|(_, person)| *person == records[0].1);
        let kind = match kind {
            QueueKind::Merged | QueueKind::Decided if one_person && member.is_open() => {
                let changed =
                    member.conflicts.iter().any(|conflict| conflict.state == ConflictState::Changed);
                if changed { QueueKind::Changed } else { QueueKind::Conflicts }
            }
            kind => kind,
        };
        let company_between_clubs = member.conflicts.iter().any(is_company_between_clubs);
        let members: BTreeSet<i64> = records.iter().filter_map(|(known, _)| known.member).collect();
        let apart = kind == QueueKind::Decided && !one_person;
        let keys = || records.iter().flat_map(|(known, _)| known.keys());
        let later = self.settler.put_off.turn(super::tables::code(kind), keys).unwrap_or_default();
        let open = if apart { 0 } else { mask(&member, |conflict| conflict.state.is_open()) };
        writer.group(&NewGroup {
            kind,
            place: place(kind, company_between_clubs && open != 0, link, records.len()),
            link,
            fields: mask(&member, |_| true),
            open,
            company_between_clubs: company_between_clubs && open != 0,
            conflict_free: kind == QueueKind::ToReview && open == 0 && members.len() < 2,
            later,
            records,
        })
    }
}

fn by_weight(one: &Link, other: &Link) -> std::cmp::Ordering {
    one.weight.total_cmp(&other.weight)
}

fn is_company_between_clubs(conflict: &Conflict<'_>) -> bool {
    conflict.field == Field::Company && conflict.between_clubs
}

/// The fields of a member's conflicts.
fn mask(member: &Member<'_>, wanted: impl Fn(&Conflict<'_>) -> bool) -> i64 {
    let conflicts = member.conflicts.iter().filter(|conflict| wanted(conflict));
    conflicts.map(|conflict| bit(conflict.field)).fold(0, |mask, bit| mask | bit)
}

/// The order of the queue: first what clubs contradict each other in about the company, then what changed after a decision,
/// then other conflicts, then what is to review. Within these, the most doubtful first (its evidence is nearest to
/// even odds); of two that are as doubtful, the one with more records.
fn place(kind: QueueKind, company: bool, link: Option<Link>, records: usize) -> f64 {
    let tier = match kind {
        _ if company && kind == QueueKind::Conflicts => 0.0,
        QueueKind::Changed => 1.0,
        QueueKind::Conflicts => 2.0,
        QueueKind::ToReview if company => 3.0,
        QueueKind::ToReview => 4.0,
        QueueKind::Merged => 5.0,
        QueueKind::Decided | QueueKind::All => 6.0,
    };
    let doubt = link.map_or(50.0, |link| link.weight.abs().min(100.0));
    #[expect(clippy::cast_precision_loss, reason = "a group has few records")]
    let records = records.min(1_000) as f64;
    tier * 1_000.0 + doubt - records / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_begins_with_what_matters() {
        let link = |weight| Some(Link { a: 1, b: 2, weight, same_key: false });
        let order = [
            place(QueueKind::Conflicts, true, link(20.0), 2),
            place(QueueKind::Changed, false, link(3.0), 2),
            place(QueueKind::Conflicts, false, link(9.0), 2),
            place(QueueKind::ToReview, true, link(5.0), 2),
            place(QueueKind::ToReview, false, link(0.5), 3),
            place(QueueKind::ToReview, false, link(0.5), 2),
            place(QueueKind::ToReview, false, link(-2.0), 2),
            place(QueueKind::Merged, false, link(12.0), 2),
            place(QueueKind::Decided, false, None, 2),
        ];
        assert!(order.is_sorted(), "{order:?}");
    }
}
