//! Who is one person with whom, as far as the plan needs it: which rows become one member, and which member of the
//! target they join.

use std::collections::{BTreeMap, HashMap};

use muster_engine::resolve::FieldSet;
use sea_orm::DatabaseConnection;

use super::details::Details;
use super::fates::Fates;
use super::member_merges::Merging;
use super::present::{self, KnownMember};
use crate::error::Result;

/// Rows that are looked up together.
const CHUNK: i64 = 5_000;

/// The persons of an import who have several rows, or whom the target has. All others are a person of one row.
#[derive(Default)]
pub(super) struct People {
    /// The person of a row
    of_row: HashMap<i64, i64>,
    /// The target's member of a person
    members: HashMap<i64, i64>,
    /// How those members are at the moment
    known: HashMap<i64, KnownMember>,
    /// Those of them that become one
    merging: Vec<Merging>,
    /// The place in that list of each member of it
    merged: HashMap<i64, usize>,
}

impl People {
    /// Reads what matching and people decided, and asks the target for the members. A membership that the target has
    /// already tells whose the person's other rows are. With `merge`, members whom people said to be one become one.
    pub(super) async fn find(
        db: &DatabaseConnection,
        fates: &Fates,
        clubs: &HashMap<i64, i64>,
        merge: bool,
    ) -> Result<People> {
        let mut people = People::default();
        let mut said: HashMap<i64, i64> = HashMap::new();
        for (row, person, member) in fates.persons()? {
            people.of_row.insert(row, person);
            if let Some(member) = member {
                said.insert(person, member);
            }
        }
        if people.of_row.is_empty() {
            return Ok(people);
        }
        let last = fates.last_row()?;
        let mut after = 0;
        while after < last {
            let upto = after.saturating_add(CHUNK).min(last);
            let mut keys: HashMap<i64, Vec<(String, i64)>> = HashMap::new();
            for (file, key, person) in fates.keys_of_persons(after, upto)? {
                if let Some(&club) = clubs.get(&file) {
                    keys.entry(club).or_default().push((key, person));
                }
            }
            for (club, keys) in keys {
                people.look_up(db, club, &keys).await?;
            }
            after = upto;
        }
        for (person, member) in said {
            people.members.entry(person).or_insert(member);
        }
        // By person: who stays, and who goes.
        let mut merges: BTreeMap<i64, (i64, Vec<i64>)> = BTreeMap::new();
        for (person, into, merged) in if merge { fates.merges_wanted()? } else { Vec::new() } {
            merges.entry(person).or_insert((into, Vec::new())).1.push(merged);
        }
        let mut wanted: Vec<i64> = people.members.values().copied().collect();
        wanted.extend(merges.values().flat_map(|(into, others)| others.iter().copied().chain([*into])));
        wanted.sort_unstable();
        wanted.dedup();
        for chunk in wanted.chunks(5_000) {
            people.known.extend(present::members(db, chunk).await?);
        }
        for (person, (into, others)) in merges {
            people.plan_merge(fates, person, into, &others)?;
        }
        Ok(people)
    }

    /// Where the person is by now somebody else in the target, or who stays is not there, nobody is merged.
    fn plan_merge(&mut self, fates: &Fates, person: i64, into: i64, others: &[i64]) -> Result<()> {
        let is_one = self.members.get(&person).is_some_and(|is| *is == into || others.contains(is));
        let free = |member: &i64| !self.merged.contains_key(member);
        let Some(stays) = self.known.get(&into).filter(|_| is_one && free(&into)) else { return Ok(()) };
        let others: Vec<&KnownMember> =
            others.iter().filter(|member| free(member)).filter_map(|member| self.known.get(member)).collect();
        if others.is_empty() {
            return Ok(());
        }
        let (resolved, open) = fates.of_person(person)?.unwrap_or((stays.details.clone(), FieldSet::EMPTY));
        let merging = Merging::new(stays, &others, &resolved, open);
        if let Some(known) = self.known.get_mut(&into) {
            known.details = merging.base.clone();
        }
        self.merged.extend(merging.members().map(|member| (member, self.merging.len())));
        self.merging.push(merging);
        self.members.insert(person, into);
        Ok(())
    }

    /// The merge with which a member goes, or stays.
    pub(super) fn merging(&self, member: i64) -> Option<&Merging> {
        self.merging.get(*self.merged.get(&member)?)
    }

    /// All merges.
    pub(super) fn all_merging(&self) -> &[Merging] {
        &self.merging
    }

    /// Where rows of one person are memberships of two members, and nobody said that these are one, the older member is the
    /// person's.
    async fn look_up(&mut self, db: &DatabaseConnection, club: i64, keys: &[(String, i64)]) -> Result<()> {
        let names: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
        let found = present::members_of_keys(db, club, &names).await?;
        for (key, person) in keys {
            if let Some(&member) = found.get(key) {
                let known = self.members.entry(*person).or_insert(member);
                *known = member.min(*known);
            }
        }
        Ok(())
    }

    /// The person of a row, where it is not a person of one row only.
    pub(super) fn person_of(&self, row: i64) -> Option<i64> {
        self.of_row.get(&row).copied()
    }

    /// The member whom a person's new membership joins.
    pub(super) fn member_of(&self, person: i64) -> Option<&KnownMember> {
        self.known.get(self.members.get(&person)?)
    }

    /// What a row says of its member, and fields that are open: what is the person's comes from all rows of the person.
    pub(super) fn details(&self, fates: &Fates, row: i64, own: &Details) -> Result<(Details, FieldSet)> {
        let resolved = match self.person_of(row) {
            Some(person) => fates.of_person(person)?,
            None => None,
        };
        Ok(match resolved {
            Some((resolved, open)) => (own.with_person_of(&resolved), open),
            None => (own.clone(), FieldSet::EMPTY),
        })
    }
}
