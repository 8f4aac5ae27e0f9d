//! Which entry of the ledger wrote a field of a member last.
//!
//! A member's version names the entry that wrote them last, and that entry's image before has the version before. So the
//! entries in force are found by following the versions back: what was undone is passed over, and an entry whose undo
//! kept this member is not. What a merge wrote counts no more once the merge was taken back.

use std::collections::{HashMap, HashSet};

use muster_engine::Field;
use sea_orm::ConnectionTrait;
use serde_json::Value as Json;

use super::sql::{all, numbers};
use crate::error::Result;

/// An image of a member's row before and after an entry.
#[derive(Debug, Clone)]
pub struct Write {
    /// The entry
    pub entry: i64,
    /// Its kind
    pub kind: String,
    /// None where the member came back with it
    pub before: Option<Json>,
    /// None where the member went with it
    pub after: Option<Json>,
}

/// The images of some members, and the merges of theirs that were taken back.
#[derive(Debug, Default)]
pub struct Chains {
    writes: HashMap<i64, Vec<Write>>,
    /// By member and entry: the fields that a merge wrote and that count no more
    ended: HashMap<(i64, i64), HashSet<String>>,
}

impl Chains {
    /// Of members by their ids; members without images are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(db: &impl ConnectionTrait, members: &[i64]) -> Result<Chains> {
        let mut chains = Chains::default();
        let ids = members.iter().map(i64::to_string).collect::<Vec<_>>();
        let ids = serde_json::to_string(&ids).unwrap_or_default();
        let numbers = numbers(db.get_database_backend(), "$1");
        let images = format!(
            "SELECT change.member_id, change.push_id, push.kind, CAST(change.before AS text), CAST(change.after AS text)
             FROM change INNER JOIN push ON change.push_id = push.id
             WHERE change.member_id IN {numbers} AND change.table_name = 'member'
             ORDER BY change.push_id"
        );
        for row in all(db, &images, [ids.as_str().into()]).await? {
            let image = |at: usize| -> Result<Option<Json>> {
                let text: Option<String> = row.try_get_by_index(at)?;
                Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
            };
            let (entry, kind) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let write = Write { entry, kind, before: image(3)?, after: image(4)? };
            chains.writes.entry(row.try_get_by_index(0)?).or_default().push(write);
        }
        if chains.writes.is_empty() {
            return Ok(chains);
        }
        let ended = format!(
            "SELECT member_id, push_id, fields FROM member_merge WHERE ended_by IS NOT NULL AND member_id IN {numbers}"
        );
        for row in all(db, &ended, [ids.into()]).await? {
            let fields: String = row.try_get_by_index(2)?;
            let fields: Vec<String> = serde_json::from_str(&fields).unwrap_or_default();
            chains.end(row.try_get_by_index(0)?, row.try_get_by_index(1)?, fields);
        }
        Ok(chains)
    }

    /// Lets fields that a merge wrote count no more.
    pub fn end(&mut self, member: i64, merge: i64, fields: impl IntoIterator<Item = String>) {
        self.ended.entry((member, merge)).or_default().extend(fields);
    }

    /// The members that have images.
    pub fn members(&self) -> impl Iterator<Item = i64> {
        self.writes.keys().copied()
    }

    /// How a member was when they went with an entry.
    pub fn gone_with(&self, member: i64, entry: i64) -> Option<&Json> {
        let mut writes = self.writes.get(&member)?.iter();
        writes.find(|write| write.entry == entry && write.after.is_none())?.before.as_ref()
    }

    /// The entry that added a member who is what they are in a version, or brought them back.
    pub fn added_by(in_force: &[&Write], version: i64) -> i64 {
        let Some(oldest) = in_force.last() else { return version };
        oldest.before.as_ref().and_then(|image| image.get("version")?.as_i64()).unwrap_or(oldest.entry)
    }

    /// The entries in force that made a member what they are in a version, newest first.
    pub fn in_force(&self, member: i64, version: i64) -> Vec<&Write> {
        let Some(writes) = self.writes.get(&member) else { return Vec::new() };
        let (mut version, mut found) = (version, Vec::new());
        while let Some(at) = writes.iter().rposition(|write| write.entry == version) {
            found.push(&writes[at]);
            // Who came back with another version is, further back, who they were when they went.
            let gone = || writes[..at].iter().rev().find(|write| write.after.is_none())?.before.as_ref();
            let Some(before) = writes[at].before.as_ref().or_else(gone) else { break };
            match before.get("version").and_then(Json::as_i64) {
                // Versions fall, so this ends.
                Some(earlier) if earlier < version => version = earlier,
                _ => break,
            }
        }
        found
    }

    /// The entry that wrote a field last, of those that [`Chains::in_force`] gave; none where nobody has written it since
    /// the member was added.
    pub fn last_write<'w>(&self, member: i64, in_force: &[&'w Write], field: Field) -> Option<&'w Write> {
        in_force.iter().copied().find(|write| self.counts(member, write, field))
    }

    fn counts(&self, member: i64, write: &Write, field: Field) -> bool {
        // An un-merge gives back what others wrote.
        if write.kind == "unmerge" || !differs(write, field) {
            return false;
        }
        let ended = self.ended.get(&(member, write.entry));
        ended.is_none_or(|fields| !fields.contains(field.name()))
    }

    /// An image with the field's value as the entries in force left it; none where the member has no images.
    pub fn image_with<'w>(&self, member: i64, in_force: &[&'w Write], field: Field) -> Option<&'w Json> {
        match self.last_write(member, in_force, field) {
            Some(write) => write.after.as_ref(),
            None => in_force.iter().rev().find_map(|write| write.before.as_ref().or(write.after.as_ref())),
        }
    }
}

fn differs(write: &Write, field: Field) -> bool {
    match (&write.before, &write.after) {
        (Some(before), Some(after)) => !same(before, after, field),
        _ => false,
    }
}

/// Whether two images have the same value of a field.
pub fn same(one: &Json, other: &Json, field: Field) -> bool {
    columns(field).iter().all(|column| one.get(column) == other.get(column))
}

/// The columns of `member` that hold a field; none where it is no field of a person.
pub fn columns(field: Field) -> &'static [&'static str] {
    match field {
        Field::Company => &["company_id", "company_source_id"],
        Field::Prefix => &["prefix"],
        Field::GivenName => &["given_name"],
        Field::MiddleName => &["middle_name"],
        Field::FamilyName => &["family_name"],
        Field::Suffix => &["suffix"],
        Field::PreferredName => &["preferred_name"],
        Field::BirthDate => &["birth_date"],
        Field::State => &["state"],
        Field::Email => &["email"],
        Field::Phone => &["phone"],
        Field::MemberSince | Field::LastActive | Field::Score | Field::SourceKey => &[],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn write(entry: i64, kind: &str, before: Option<Json>, after: Option<Json>) -> Write {
        Write { entry, kind: kind.to_owned(), before, after }
    }

    fn image(version: i64, state: &str) -> Option<Json> {
        Some(json!({ "version": version, "state": state }))
    }

    fn chains(writes: Vec<Write>) -> Chains {
        Chains { writes: [(7, writes)].into(), ended: HashMap::new() }
    }

    fn last(chains: &Chains, version: i64) -> Option<i64> {
        let in_force = chains.in_force(7, version);
        chains.last_write(7, &in_force, Field::State).map(|write| write.entry)
    }

    #[test]
    fn what_was_undone_is_passed_over() {
        let chains = chains(vec![
            write(2, "edit", image(1, "TX"), image(2, "WA")),
            write(3, "push", image(2, "WA"), image(3, "NY")),
            write(4, "undo", image(3, "NY"), image(2, "WA")),
        ]);
        assert_eq!([3, 2, 1].map(|version| last(&chains, version)), [Some(3), Some(2), None]);
    }

    #[test]
    fn a_merge_that_was_taken_back_counts_no_more() {
        let mut chains = chains(vec![
            write(2, "merge", image(1, "TX"), image(2, "WA")),
            write(3, "edit", image(2, "WA"), image(3, "WA")),
            write(4, "unmerge", image(3, "WA"), image(4, "TX")),
        ]);
        chains.end(7, 2, ["state".to_owned()]);
        assert_eq!(last(&chains, 4), None);
        let in_force = chains.in_force(7, 4);
        assert_eq!(chains.image_with(7, &in_force, Field::State), image(1, "TX").as_ref());
    }

    #[test]
    fn who_came_back_under_a_new_version_is_who_went() {
        let chains = chains(vec![
            write(2, "edit", image(1, "TX"), image(2, "WA")),
            write(3, "merge", image(2, "WA"), None),
            write(5, "unmerge", None, image(5, "WA")),
        ]);
        assert_eq!(last(&chains, 5), Some(2));
    }
}
