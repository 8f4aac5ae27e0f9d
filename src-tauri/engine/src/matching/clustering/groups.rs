//! Groups of records that grow.

use std::collections::HashMap;

use super::{ApartBecause, Clusters, Decisions, KeptApart, sorted};
use crate::matching::records::Records;
use crate::matching::scoring::{ScoredPair, Scorer};

/// Bits against one person from which a pair keeps two groups apart, however strong the others are: odds of about a
/// thousand to one.
const STRONGLY_AGAINST: f64 = -10.0;

/// Most bits that a single pair weighs in an average, for and against: one strong pair is no proof for the others.
const MOST: f64 = 14.0;

/// Most pairs between two groups that are looked at, the first in the order of the records.
const MOST_PAIRS: usize = 1_024;

pub(super) struct Groups<'r> {
    records: &'r Records,
    /// For each record a record of its group, which leads to the smallest one
    parent: Vec<u32>,
    /// Records of groups of two and more, by their smallest record
    members: HashMap<u32, Vec<u32>>,
    /// Records that a person said to be others
    different: HashMap<u32, Vec<u32>>,
}

impl<'r> Groups<'r> {
    pub(super) fn new(records: &'r Records, decisions: &Decisions) -> Groups<'r> {
        let mut different: HashMap<u32, Vec<u32>> = HashMap::new();
        for (a, b) in sorted(&decisions.different) {
            different.entry(a).or_default().push(b);
            different.entry(b).or_default().push(a);
        }
        Groups { records, parent: (0..records.len() as u32).collect(), members: HashMap::new(), different }
    }

    fn find(&mut self, record: u32) -> u32 {
        let mut root = record;
        while self.parent[root as usize] != root {
            root = self.parent[root as usize];
        }
        let mut at = record;
        while self.parent[at as usize] != root {
            at = std::mem::replace(&mut self.parent[at as usize], root);
        }
        root
    }

    fn of(&self, root: u32) -> Vec<u32> {
        self.members.get(&root).cloned().unwrap_or_else(|| vec![root])
    }

    fn join(&mut self, a: u32, b: u32) {
        let (keep, gone) = (a.min(b), a.max(b));
        let mut members = self.of(keep);
        members.extend(self.members.remove(&gone).unwrap_or_else(|| vec![gone]));
        members.sort_unstable();
        self.parent[gone as usize] = keep;
        self.members.insert(keep, members);
    }

    /// Joins by a decision. Of decisions that contradict one another, `different` counts.
    pub(super) fn join_decided(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b && !self.are_decided_different(a, b) {
            self.join(a, b);
        }
    }

    /// Joins where no decision and no two members of the database stand against it.
    pub(super) fn join_if_allowed(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b && self.forbidden(a, b).is_none() {
            self.join(a, b);
        }
    }

    /// Joins where, besides, the members of both groups agree.
    pub(super) fn join_if_alike(&mut self, a: u32, b: u32, scorer: &Scorer<'_>) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b && self.forbidden(a, b).is_none() && self.are_alike(a, b, scorer) {
            self.join(a, b);
        }
    }

    fn forbidden(&self, a: u32, b: u32) -> Option<ApartBecause> {
        if self.are_decided_different(a, b) {
            return Some(ApartBecause::Decided);
        }
        let existing = |root| self.of(root).into_iter().any(|record| self.records.existing[record as usize]);
        (existing(a) && existing(b)).then_some(ApartBecause::TwoMembers)
    }

    fn are_decided_different(&self, a: u32, b: u32) -> bool {
        if self.different.is_empty() {
            return false;
        }
        let others = self.of(b);
        self.of(a).iter().any(|record| {
            self.different
                .get(record)
                .is_some_and(|different| different.iter().any(|one| others.contains(one)))
        })
    }

    fn are_alike(&self, a: u32, b: u32, scorer: &Scorer<'_>) -> bool {
        let (a, b) = (self.of(a), self.of(b));
        if a.len() * b.len() == 1 {
            return true;
        }
        let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y))).take(MOST_PAIRS);
        let (mut sum, mut count) = (0.0, 0.0);
        for (x, y) in pairs {
            let weight = f64::from(scorer.score(x, y).weight);
            if weight < STRONGLY_AGAINST {
                return false;
            }
            sum += weight.clamp(-MOST, MOST);
            count += 1.0;
        }
        sum / count >= 0.0
    }

    /// The groups, and which of the pairs that are sure enough are not in one.
    pub(super) fn finish(mut self, sure: &[&ScoredPair]) -> Clusters {
        let person: Vec<u32> = (0..self.parent.len() as u32).map(|record| self.find(record)).collect();
        let mut kept_apart: Vec<KeptApart> = sure
            .iter()
            .filter_map(|pair| {
                let (a, b) = (person[pair.a as usize], person[pair.b as usize]);
                let because = || self.forbidden(a, b).unwrap_or(ApartBecause::OthersDisagree);
                (a != b).then(|| KeptApart { a: pair.a, b: pair.b, because: because() })
            })
            .collect();
        kept_apart.sort_unstable_by_key(|apart| (apart.a, apart.b));
        Clusters { person, kept_apart }
    }
}
