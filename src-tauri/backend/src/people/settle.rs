//! From pairs and decisions to people and to groups that a person looks at.
//!
//! The engine puts records together ([`muster_engine::matching::clustering`]): what a person decided and what the target
//! knows first, then pairs that are sure enough. Two members of the target become one only by a decision. What is left
//! between people, from the review threshold on, is a group to review; people of several records are groups as well, to
//! settle their conflicts, or to look at.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use muster_engine::matching::clustering::cluster;
use muster_engine::matching::{Clusters, Decisions};
use muster_engine::resolve::{Survivorship, SurvivorshipSettings};
use rusqlite::Connection;

use super::book::Book;
use super::gather::{Applied, Ask, Gathered, Link};
use super::groups::Groups;
use super::matched::{Matched, settings, watch, weight};
use super::record::{Known, Reader};
use super::tables::Writer;
use super::view::Thresholds;
use crate::error::Result;
use crate::progress::Job;
use crate::store::put_off::PutOff;

/// The person of each record, and people who are kept apart by a decision.
type PeopleAndApart = (HashMap<u32, u32>, HashSet<(u32, u32)>);

/// What people said about who is who.
#[derive(Clone, Copy)]
pub(super) struct Said<'s> {
    pub(super) book: &'s Book,
    pub(super) put_off: &'s PutOff,
}

/// All that settling goes by.
pub(super) struct Settler<'s> {
    pub(super) reader: Reader<'s>,
    pub(super) matched: &'s Matched,
    pub(super) book: &'s Book,
    pub(super) put_off: &'s PutOff,
    pub(super) thresholds: Thresholds,
    pub(super) rules: Survivorship,
}

/// Records that hang together, with what links them.
#[derive(Default)]
pub(super) struct Component {
    pub(super) records: Vec<u32>,
    pub(super) links: Vec<Link>,
    /// Positions of decisions
    pub(super) applied: Vec<usize>,
}

impl<'s> Settler<'s> {
    /// Over the staged rows of a connection.
    pub(super) fn new(
        db: &'s Connection,
        matched: &'s Matched,
        Said { book, put_off }: Said<'s>,
        thresholds: Thresholds,
        survivorship: &SurvivorshipSettings,
    ) -> Result<Settler<'s>> {
        let rules = Survivorship::new(survivorship);
        Ok(Settler { reader: Reader::new(db)?, matched, book, put_off, thresholds, rules })
    }

    /// From which evidence a person is asked.
    pub(super) fn ask(&self) -> Ask {
        Ask(weight(self.thresholds.review))
    }

    /// Settles all of the import anew. Progress is reported as `people_settle`, in components.
    pub(super) fn settle_all(&self, job: &Job) -> Result<()> {
        let gathered = super::gather::everything(&self.reader, self.book)?;
        self.settle(&gathered, job)
    }

    /// Settles what hangs together with some records.
    pub(super) fn settle_around(&self, records: &[u32]) -> Result<()> {
        let gathered = super::gather::around(&self.reader, self.book, records, &self.ask())?;
        self.settle(&gathered, &Job::silent())
    }

    fn settle(&self, gathered: &Gathered, job: &Job) -> Result<()> {
        let (person, apart) = self.people(gathered, job)?;
        let components = self.components(gathered);
        let mut writer = Writer::new(self.reader.db, gathered.scope.as_ref())?;
        self.write_single_ties(&mut writer, gathered)?;
        let total = components.len() as u64;
        for (done, component) in (0_u64..).zip(components) {
            if done % 256 == 0 {
                job.report("people_settle", done, Some(total))?;
            }
            let known = self.reader.all(&component.records)?;
            let mut people: BTreeMap<u32, Vec<Known>> = BTreeMap::new();
            for known in known {
                let of = person.get(&known.record).copied().unwrap_or(known.record);
                people.entry(of).or_default().push(known);
            }
            let groups = Groups { settler: self, gathered, component: &component, apart: &apart };
            groups.write(&people, &mut writer)?;
        }
        job.report("people_settle", total, Some(total))
    }

    /// Rows that stand for a member of the target and hang together with no other record.
    fn write_single_ties(&self, writer: &mut Writer<'_>, gathered: &Gathered) -> Result<()> {
        match &gathered.scope {
            None => writer.all_ties(),
            Some(scope) => scope.iter().try_for_each(|record| writer.tie(*record)),
        }
    }

    /// The person of each record that is not alone: the least record that is the same person. And the pairs that stay
    /// apart since both have a member of the target.
    fn people(&self, gathered: &Gathered, job: &Job) -> Result<PeopleAndApart> {
        let mut decisions = Decisions::default();
        let position = |(a, b): (u32, u32)| Some((self.matched.position(a)?, self.matched.position(b)?));
        decisions.same.extend(gathered.ties.iter().copied().filter_map(position));
        for applied in &gathered.applied {
            let pairs = applied.pairs().filter_map(position);
            // Where a record changed since somebody said `same`, the evidence decides, or the person again.
            match (applied.same, applied.changes.is_empty()) {
                (true, true) => decisions.same.extend(pairs),
                (true, false) => {}
                (false, _) => decisions.different.extend(pairs),
            }
        }
        let pairs: Vec<_> =
            gathered.links.iter().filter_map(|link| self.matched.pair(link.a, link.b, link.weight)).collect();
        let settings = settings(self.thresholds);
        let (records, model) = (self.matched.matcher.records(), self.matched.matcher.model());
        let mut apart = HashSet::new();
        for _ in 0..MOST_ROUNDS {
            let clusters = cluster(records, &pairs, model, &decisions, &settings, &watch(job))?;
            let person = self.several(&clusters);
            let two = self.with_two_members(&person, gathered)?;
            if two.is_empty() {
                return Ok((person, apart));
            }
            decisions.different.extend(two.iter().copied().filter_map(position));
            apart.extend(two);
        }
        // Decisions that contradict what the target says may leave some; then no evidence counts.
        settings_without_evidence(self, &decisions, job).map(|person| (person, apart))
    }

    /// The person of each record that is not alone.
    fn several(&self, clusters: &Clusters) -> HashMap<u32, u32> {
        let mut person = HashMap::new();
        for (record, &first) in (0_u32..).zip(&clusters.person).filter(|(record, first)| record != *first) {
            let first = self.matched.record(first);
            person.insert(self.matched.record(record), first);
            person.insert(first, first);
        }
        person
    }

    /// Rows that stand for different members of the target and were put together by evidence alone.
    fn with_two_members(&self, person: &HashMap<u32, u32>, gathered: &Gathered) -> Result<Vec<(u32, u32)>> {
        let mut by_person: BTreeMap<u32, BTreeMap<i64, Vec<u32>>> = BTreeMap::new();
        let sql = "SELECT member_id FROM staged_tie WHERE row_id = ?1
                   UNION ALL SELECT member_id FROM staged_match_member WHERE record = ?1";
        let mut statement = self.reader.db.prepare_cached(sql)?;
        for (&record, &of) in person {
            let mut members = statement.query([record])?;
            if let Some(row) = members.next()? {
                by_person.entry(of).or_default().entry(row.get(0)?).or_default().push(record);
            }
        }
        let mut two = Vec::new();
        for (of, members) in by_person.into_iter().filter(|(_, members)| members.len() > 1) {
            // A decision on any records of the person that are of different members allows it.
            let joined = gathered.applied.iter().any(|applied| {
                applied.same
                    && applied.changes.is_empty()
                    && applied
                        .pairs()
                        .any(|(a, b)| person.get(&a) == Some(&of) && person.get(&b) == Some(&of))
            });
            if joined {
                continue;
            }
            let members: Vec<_> = members.into_values().collect();
            for (at, one) in members.iter().enumerate() {
                for other in &members[at + 1..] {
                    two.extend(one.iter().flat_map(|a| other.iter().map(|b| (*a.min(b), *a.max(b)))));
                }
            }
        }
        Ok(two)
    }

    /// The components, each with its links and decisions, by the least record.
    fn components(&self, gathered: &Gathered) -> Vec<Component> {
        let ask = self.ask();
        let mut sets = Sets::default();
        for link in gathered.links.iter().filter(|link| link.connects(&ask)) {
            sets.join(link.a, link.b);
        }
        gathered.ties.iter().for_each(|(a, b)| sets.join(*a, *b));
        let likely: HashSet<(u32, u32)> =
            gathered.links.iter().filter(|link| link.connects(&ask)).map(|link| (link.a, link.b)).collect();
        let concerns = |applied: &Applied| {
            applied.same || applied.pairs().any(|(a, b)| likely.contains(&(a.min(b), a.max(b))))
        };
        for applied in gathered.applied.iter().filter(|applied| concerns(applied)) {
            applied.pairs().for_each(|(a, b)| sets.join(a, b));
        }
        let mut components: BTreeMap<u32, Component> = BTreeMap::new();
        for record in sets.all() {
            components.entry(sets.find(record)).or_default().records.push(record);
        }
        for link in &gathered.links {
            if let Some(component) = components.get_mut(&sets.find(link.a))
                && link.connects(&ask)
            {
                component.links.push(*link);
            }
        }
        for (at, applied) in gathered.applied.iter().enumerate().filter(|(_, applied)| concerns(applied)) {
            if let Some(component) = applied.a.first().and_then(|a| components.get_mut(&sets.find(*a))) {
                component.applied.push(at);
            }
        }
        components.into_values().collect()
    }
}

/// How often clustering is tried again with more members kept apart.
const MOST_ROUNDS: usize = 4;

/// Only what was decided and what the target says.
fn settings_without_evidence(
    settler: &Settler<'_>,
    decisions: &Decisions,
    job: &Job,
) -> Result<HashMap<u32, u32>> {
    let (records, model) = (settler.matched.matcher.records(), settler.matched.matcher.model());
    let settings = settings(settler.thresholds);
    let clusters = cluster(records, &[], model, decisions, &settings, &watch(job))?;
    Ok(settler.several(&clusters))
}

/// Disjoint sets of numbers (R. E. Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", 1975); the least
/// number stands for a set.
#[derive(Default)]
pub(super) struct Sets {
    parent: HashMap<u32, u32>,
}

impl Sets {
    /// The least number of a number's set.
    pub(super) fn find(&mut self, number: u32) -> u32 {
        let mut root = number;
        while let Some(&above) = self.parent.get(&root).filter(|above| **above != root) {
            root = above;
        }
        let mut at = number;
        while at != root {
            at = self.parent.insert(at, root).unwrap_or(root);
        }
        self.parent.entry(root).or_insert(root);
        root
    }

    /// Joins the sets of two numbers.
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent.insert(a.max(b), a.min(b));
    }

    /// All numbers that were ever named, rising.
    fn all(&self) -> BTreeSet<u32> {
        self.parent.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_named_by_their_least_number() {
        let mut sets = Sets::default();
        for (a, b) in [(5, 9), (9, 7), (2, 7), (20, 21)] {
            sets.join(a, b);
        }
        assert_eq!([5, 9, 7, 2].map(|number| sets.find(number)), [2; 4]);
        assert_eq!((sets.find(21), sets.find(8)), (20, 8));
    }
}
