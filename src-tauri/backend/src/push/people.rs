//! Who is one person with whom, as far as the plan needs it: which rows become one member, and which member of the
//! target they join.

use std::collections::HashMap;

use muster_engine::resolve::FieldSet;
use sea_orm::DatabaseConnection;

use super::details::Details;
use super::fates::Fates;
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
}

impl People {
    /// Reads what matching and people decided, and asks the target for the members. A membership that the target has
    /// already tells whose the person's other rows are.
    pub(super) async fn find(
        db: &DatabaseConnection,
        fates: &Fates,
        clubs: &HashMap<i64, i64>,
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
        let mut wanted: Vec<i64> = people.members.values().copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        for chunk in wanted.chunks(5_000) {
            people.known.extend(present::members(db, chunk).await?);
        }
        Ok(people)
    }

    /// Where rows of one person are memberships of two members, the older member is the person's.
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
