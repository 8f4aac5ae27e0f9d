//! Statistics of members: by state, company, age, club and tenure, and which clubs share members.
//!
//! Members pass by one after the other, so a million of them need no memory of their own; builders of several threads can be
//! [merged](StatisticsBuilder::merge). Where a database has counted members already, it is told [fact](Fact) by fact. The
//! result does not depend on the order of the members.

mod bands;
mod overlap;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use bands::{Bands, completed_years};
pub use overlap::{Combination, Overlap};
pub use table::Table;

use crate::date::Date;
use overlap::OverlapCounter;

/// A membership, as statistics see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct MembershipFacts<'a> {
    /// The club
    pub club: &'a str,
    /// ISO 8601, perhaps reduced
    pub member_since: Option<&'a str>,
}

/// A member, as statistics see them.
#[derive(Debug, Clone, Copy, Default)]
pub struct MemberFacts<'a> {
    /// USPS code
    pub state: Option<&'a str>,
    /// The company's name
    pub company: Option<&'a str>,
    /// ISO 8601
    pub birth_date: Option<&'a str>,
    /// The member's memberships
    pub memberships: &'a [MembershipFacts<'a>],
}

/// What some members have in common.
#[derive(Debug, Clone, Copy)]
pub enum Fact<'a> {
    /// Their state, a USPS code
    State(Option<&'a str>),
    /// The name of their company
    Company(Option<&'a str>),
    /// Their birth date, ISO 8601
    BirthDate(Option<&'a str>),
    /// When they first joined a club, ISO 8601, perhaps reduced; a date after that of counting is none
    Joined(Option<&'a str>),
    /// The clubs of their memberships, each as often as they have memberships there
    Clubs(&'a [&'a str]),
}

/// Members of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Group {
    /// The value, or the name of the band; `None`: not known
    pub name: Option<String>,
    /// How many members
    pub members: u32,
}

/// What was counted. Every list but `by_club` adds up to `members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Statistics {
    /// Members
    pub members: u32,
    /// Memberships; two of one member in one club are two
    pub memberships: u32,
    /// By state, the most members first, those without one last
    pub by_state: Vec<Group>,
    /// By company, the most members first, those without one last
    pub by_company: Vec<Group>,
    /// By completed years of age, every band, those without a birth date (or born after the date of counting) last
    pub by_age: Vec<Group>,
    /// By club, the most members first; a member of two clubs counts in both
    pub by_club: Vec<Group>,
    /// By completed years since the member first joined any club, every band, those without a date last
    pub by_tenure: Vec<Group>,
    /// Which clubs share members
    pub overlap: Overlap,
}

/// Counts members as they pass by.
#[derive(Debug, Clone)]
pub struct StatisticsBuilder {
    as_of: Date,
    ages: Bands,
    tenures: Bands,
    members: u32,
    memberships: u32,
    states: Named,
    companies: Named,
    by_age: Vec<u32>,
    by_tenure: Vec<u32>,
    overlap: OverlapCounter,
}

impl StatisticsBuilder {
    /// Counts as of a date, with the usual bands.
    pub fn new(as_of: Date) -> StatisticsBuilder {
        StatisticsBuilder::with_bands(as_of, Bands::of_ages(), Bands::of_tenures())
    }

    /// Counts as of a date, with bands of age and of tenure.
    pub fn with_bands(as_of: Date, ages: Bands, tenures: Bands) -> StatisticsBuilder {
        StatisticsBuilder {
            as_of,
            members: 0,
            memberships: 0,
            states: Named::default(),
            companies: Named::default(),
            // The last place is for those of whom it is not known.
            by_age: vec![0; ages.len() + 1],
            by_tenure: vec![0; tenures.len() + 1],
            ages,
            tenures,
            overlap: OverlapCounter::default(),
        }
    }

    /// Adds a member.
    pub fn push(&mut self, member: &MemberFacts<'_>) {
        self.states.add(member.state, 1);
        self.companies.add(member.company, 1);
        let years = |date: &str| completed_years(date, self.as_of);
        let age = member.birth_date.and_then(years);
        let tenure = member.memberships.iter().filter_map(|membership| years(membership.member_since?)).max();
        self.add_age(age, 1);
        self.add_tenure(tenure, 1);
        self.add_clubs(member.memberships.iter().map(|membership| membership.club), 1);
    }

    /// Adds one fact of so many members. Each member has one fact of each kind: where one is never told, the lists do not
    /// add up.
    pub fn add(&mut self, fact: Fact<'_>, members: u32) {
        let years = |date: Option<&str>| completed_years(date?, self.as_of);
        match fact {
            Fact::State(state) => self.states.add(state, members),
            Fact::Company(company) => self.companies.add(company, members),
            Fact::BirthDate(date) => self.add_age(years(date), members),
            Fact::Joined(date) => self.add_tenure(years(date), members),
            Fact::Clubs(clubs) => self.add_clubs(clubs.iter().copied(), members),
        }
    }

    fn add_age(&mut self, years: Option<u32>, members: u32) {
        self.by_age[years.map_or(self.ages.len(), |years| self.ages.position(years))] += members;
    }

    fn add_tenure(&mut self, years: Option<u32>, members: u32) {
        self.by_tenure[years.map_or(self.tenures.len(), |years| self.tenures.position(years))] += members;
    }

    /// Every member has clubs, if only none: so these are the members.
    fn add_clubs<'c>(&mut self, clubs: impl Iterator<Item = &'c str>, members: u32) {
        self.members += members;
        self.memberships += self.overlap.add(clubs, members) * members;
    }

    /// Adds what another builder with the same date and bands counted.
    pub fn merge(&mut self, other: StatisticsBuilder) {
        self.members += other.members;
        self.memberships += other.memberships;
        self.states.merge(other.states);
        self.companies.merge(other.companies);
        for (counts, others) in [(&mut self.by_age, other.by_age), (&mut self.by_tenure, other.by_tenure)] {
            counts.iter_mut().zip(others).for_each(|(count, other)| *count += other);
        }
        self.overlap.merge(other.overlap);
    }

    /// The counts of all members pushed.
    pub fn finish(self) -> Statistics {
        let overlap = self.overlap.finish();
        let club = |(position, club): (usize, &String)| Group {
            name: Some(club.clone()),
            members: overlap.pairs[position][position],
        };
        let mut by_club: Vec<Group> = overlap.clubs.iter().enumerate().map(club).collect();
        by_club.sort_by(most_first);
        Statistics {
            members: self.members,
            memberships: self.memberships,
            by_state: self.states.finish(),
            by_company: self.companies.finish(),
            by_age: banded(&self.ages, &self.by_age),
            by_club,
            by_tenure: banded(&self.tenures, &self.by_tenure),
            overlap,
        }
    }
}

/// Counts by name.
#[derive(Debug, Clone, Default)]
struct Named {
    counts: HashMap<String, u32>,
    unknown: u32,
}

impl Named {
    fn add(&mut self, name: Option<&str>, members: u32) {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            self.unknown += members;
            return;
        };
        match self.counts.get_mut(name) {
            Some(count) => *count += members,
            None => {
                self.counts.insert(name.to_owned(), members);
            }
        }
    }

    fn merge(&mut self, other: Named) {
        self.unknown += other.unknown;
        for (name, count) in other.counts {
            *self.counts.entry(name).or_default() += count;
        }
    }

    fn finish(self) -> Vec<Group> {
        let group = |(name, members)| Group { name: Some(name), members };
        let mut groups: Vec<Group> = self.counts.into_iter().map(group).collect();
        groups.sort_by(most_first);
        groups.extend(unknown(self.unknown));
        groups
    }
}

fn most_first(one: &Group, other: &Group) -> std::cmp::Ordering {
    other.members.cmp(&one.members).then_with(|| one.name.cmp(&other.name))
}

/// The group of those of whom it is not known, where there are any.
fn unknown(members: u32) -> Option<Group> {
    (members > 0).then_some(Group { name: None, members })
}

fn banded(bands: &Bands, counts: &[u32]) -> Vec<Group> {
    let group = |position: usize| Group { name: Some(bands.label(position)), members: counts[position] };
    (0..bands.len()).map(group).chain(unknown(counts[bands.len()])).collect()
}
