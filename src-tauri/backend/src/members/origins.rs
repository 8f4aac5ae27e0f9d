//! Where each value of a member comes from: the file and row, the rule that chose it among several, or the person who typed
//! or chose it.
//!
//! The entry in force that wrote a field last tells ([`crate::store::chain`]). A merge passes on what it took from who
//! went; a push knows the row, and where a member was made of several rows, the one that the value is from.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::{DatabaseConnection, DbBackend, QueryResult};
use serde::Serialize;
use serde_json::Value as Json;

use muster_engine::Field;

use super::number;
use super::view::{OF_MEMBER, OF_MEMBERSHIP, Person};
use crate::error::Result;
use crate::store::chain::{self, Chains};
use crate::store::merges::{self, Merge};
use crate::store::sql::{all, numbers};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ValueOrigin {
    /// The field
    pub field: Field,
    /// The entry that wrote it
    pub entry: u32,
    /// Its kind: `push`, `edit` or `merge`
    pub kind: String,
    /// Who pushed, typed or chose
    pub person: String,
    /// When: RFC 3339, UTC
    pub at: String,
    /// Name of the file; none where a person typed it
    pub file: Option<String>,
    /// Line of a text file, or row of a sheet; the header counts
    pub line: Option<u32>,
    /// Why it was taken among the values of several records, in words
    pub rule: Option<String>,
    /// The member who was merged into this one, whose value it was
    pub member: Option<u32>,
}

/// A change of a membership.
struct Change {
    entry: i64,
    membership: i64,
    before: Option<Json>,
    after: Option<Json>,
}

/// A row of a list that made or changed a membership.
struct Row {
    membership: i64,
    push: i64,
    file: String,
    line: u32,
}

struct Entry {
    kind: String,
    person: String,
    at: String,
}

/// All that is known of where a member's values come from.
pub(super) struct Origins {
    member: i64,
    version: i64,
    chains: Chains,
    merges: Vec<Merge>,
    changes: Vec<Change>,
    rows: Vec<Row>,
    /// By entry and member
    made: HashMap<(i64, i64), Json>,
    entries: HashMap<i64, Entry>,
}

impl Origins {
    pub(super) async fn find(db: &DatabaseConnection, person: &Person) -> Result<Origins> {
        let merges = merges::into_member(db, person.id).await?;
        let members: Vec<i64> = merges.iter().map(|merge| merge.merged).chain([person.id]).collect();
        let mut origins = Origins {
            member: person.id,
            version: person.version,
            chains: Chains::read(db, &members).await?,
            merges,
            changes: changes(db, &members).await?,
            rows: rows(db, person.id).await?,
            made: made(db, &members).await?,
            entries: HashMap::new(),
        };
        origins.entries = entries(db, &origins.named()).await?;
        Ok(origins)
    }

    /// The entries that may be named.
    fn named(&self) -> BTreeSet<i64> {
        let mut named: BTreeSet<i64> = self.rows.iter().map(|row| row.push).collect();
        for (member, version) in self.versions() {
            let in_force = self.chains.in_force(member, version);
            named.insert(Chains::added_by(&in_force, version));
            named.extend(in_force.iter().map(|write| write.entry));
        }
        named
    }

    /// The member, and those who were merged into them with the versions in which they went.
    fn versions(&self) -> Vec<(i64, i64)> {
        let merged = self.merges.iter().filter_map(|merge| Some((merge.merged, self.version_of(merge)?)));
        merged.chain([(self.member, self.version)]).collect()
    }

    fn version_of(&self, merge: &Merge) -> Option<i64> {
        self.chains.gone_with(merge.merged, merge.entry)?.get("version")?.as_i64()
    }

    /// Of the fields of the member that have a value.
    pub(super) fn of_member(&self, person: &Person) -> Vec<ValueOrigin> {
        let has =
            |field: &Field| person.values.iter().any(|value| value.field == *field && value.value.is_some());
        let fields = OF_MEMBER.into_iter().filter(has);
        fields.filter_map(|field| self.origin(self.member, self.version, field)).collect()
    }

    fn origin(&self, member: i64, version: i64, field: Field) -> Option<ValueOrigin> {
        let in_force = self.chains.in_force(member, version);
        let write = self.chains.last_write(member, &in_force, field);
        let entry = write.map_or_else(|| Chains::added_by(&in_force, version), |write| write.entry);
        let image = write.and_then(|write| write.after.as_ref());
        // What came from who went is known from them.
        let from = self.merges.iter().find(|merge| {
            merge.entry == entry
                && merge.member == member
                && self
                    .chains
                    .gone_with(merge.merged, entry)
                    .zip(image)
                    .is_some_and(|(gone, image)| chain::same(gone, image, field))
        });
        if let Some(merge) = from
            && merge.fields.iter().any(|name| name == field.name())
            && let Some(origin) = self.origin(merge.merged, self.version_of(merge)?, field)
        {
            return Some(ValueOrigin { member: Some(number(merge.merged)), ..origin });
        }
        let mut origin = self.by_entry(entry, field)?;
        if origin.kind == "push" {
            self.tell_row(&mut origin, entry, member);
        }
        Some(origin)
    }

    fn by_entry(&self, entry: i64, field: Field) -> Option<ValueOrigin> {
        let Entry { kind, person, at } = self.entries.get(&entry)?;
        Some(ValueOrigin {
            field,
            entry: number(entry),
            kind: kind.clone(),
            person: person.clone(),
            at: at.clone(),
            file: None,
            line: None,
            rule: None,
            member: None,
        })
    }

    /// Which row of a push a member's value is from.
    fn tell_row(&self, origin: &mut ValueOrigin, entry: i64, member: i64) {
        if let Some(made) = self.made.get(&(entry, member))
            && let Some(places) = made.get("fields").and_then(|fields| fields.get(origin.field.name()))
        {
            let at = |list: &str, place: usize| {
                let place = usize::try_from(places.get(place)?.as_u64()?).ok()?;
                made.get(list)?.get(place)
            };
            let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_owned);
            origin.rule = text(at("why", 1));
            if let Some(from) = at("from", 0) {
                origin.file = text(from.get("file"));
                origin.line =
                    from.get("line").and_then(Json::as_u64).and_then(|line| u32::try_from(line).ok());
                if let Some(person) = text(from.get("person")) {
                    origin.person = person;
                }
            }
            return;
        }
        let theirs = self.memberships_of(member);
        if let Some(row) = self.rows.iter().find(|row| row.push == entry && theirs.contains(&row.membership))
        {
            (origin.file, origin.line) = (Some(row.file.clone()), Some(row.line));
        }
    }

    /// The memberships that a member has, or had when they went.
    fn memberships_of(&self, member: i64) -> HashSet<i64> {
        let moved = |merge: &Merge| -> HashSet<i64> {
            let is_it = |change: &&Change| {
                let owner = change.before.as_ref().and_then(|image| image.get("member_id")?.as_i64());
                change.entry == merge.entry && owner == Some(merge.merged)
            };
            self.changes.iter().filter(is_it).map(|change| change.membership).collect()
        };
        let mut theirs = match self.merges.iter().find(|merge| merge.merged == member) {
            Some(merge) => moved(merge),
            None => self.rows.iter().map(|row| row.membership).collect(),
        };
        for merge in self.merges.iter().filter(|merge| merge.member == member) {
            let gone = moved(merge);
            theirs.retain(|membership| !gone.contains(membership));
        }
        theirs
    }

    /// Of the facts of a membership that have a value.
    pub(super) fn of_membership(&self, person: &Person, membership: i64) -> Vec<ValueOrigin> {
        let values = person.memberships.iter().find(|of| of.id == membership).map(|of| &of.view.values);
        let has = |field: &Field| {
            values.is_some_and(|values| values.iter().any(|of| of.field == *field && of.value.is_some()))
        };
        let in_force: HashSet<i64> = self
            .versions()
            .into_iter()
            .flat_map(|(member, version)| self.chains.in_force(member, version))
            .map(|write| write.entry)
            .collect();
        let first = self.rows.iter().filter(|row| row.membership == membership).map(|row| row.push).min();
        let origin = |field: Field| {
            let writes = self.changes.iter().rev().filter(|change| change.membership == membership);
            let differs = |change: &&Change| match (&change.before, &change.after) {
                (Some(before), Some(after)) => before.get(field.name()) != after.get(field.name()),
                _ => false,
            };
            let write = writes.filter(differs).find(|change| in_force.contains(&change.entry));
            let entry = write.map(|change| change.entry).or(first).or_else(|| self.maker(membership))?;
            let mut origin = self.by_entry(entry, field)?;
            let is_it = |row: &&Row| row.push == entry && row.membership == membership;
            if let Some(row) = self.rows.iter().find(is_it) {
                (origin.file, origin.line) = (Some(row.file.clone()), Some(row.line));
            }
            Some(origin)
        };
        OF_MEMBERSHIP.into_iter().filter(has).filter_map(origin).collect()
    }

    /// The entry that made a membership which no list made: it came with its member.
    fn maker(&self, membership: i64) -> Option<i64> {
        let owner =
            self.merges.iter().rev().find(|merge| self.memberships_of(merge.merged).contains(&membership));
        let (member, version) = match owner {
            Some(merge) => (merge.merged, self.version_of(merge)?),
            None => (self.member, self.version),
        };
        Some(Chains::added_by(&self.chains.in_force(member, version), version))
    }
}

fn list(members: &[i64]) -> String {
    let ids: Vec<String> = members.iter().map(i64::to_string).collect();
    serde_json::to_string(&ids).unwrap_or_default()
}

/// What entries made of the memberships of members, the oldest first.
async fn changes(db: &DatabaseConnection, members: &[i64]) -> Result<Vec<Change>> {
    let sql = format!(
        "SELECT push_id, first_id, CAST(before AS text), CAST(after AS text) FROM change
         WHERE member_id IN {} AND table_name = 'membership' AND before IS NOT NULL ORDER BY push_id, id",
        numbers(db.get_database_backend(), "$1")
    );
    let change = |row: &QueryResult| -> Result<Change> {
        let image = |at: usize| -> Result<Option<Json>> {
            let text: Option<String> = row.try_get_by_index(at)?;
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
        };
        Ok(Change {
            entry: row.try_get_by_index(0)?,
            membership: row.try_get_by_index(1)?,
            before: image(2)?,
            after: image(3)?,
        })
    };
    all(db, &sql, [list(members).into()]).await?.iter().map(change).collect()
}

/// The rows of lists that a member's memberships come from.
async fn rows(db: &DatabaseConnection, member: i64) -> Result<Vec<Row>> {
    let sql =
        "SELECT source_record.membership_id, source_record.push_id, source_file.name, source_record.line
        FROM membership
        INNER JOIN source_record ON membership.id = source_record.membership_id
        INNER JOIN source_file ON source_record.source_file_id = source_file.id
        WHERE membership.member_id = $1 ORDER BY source_record.id";
    let row = |row: &QueryResult| {
        Ok(Row {
            membership: row.try_get_by_index(0)?,
            push: row.try_get_by_index(1)?,
            file: row.try_get_by_index(2)?,
            line: number(row.try_get_by_index(3)?),
        })
    };
    all(db, sql, [member.into()]).await?.iter().map(row).collect()
}

/// What pushes noted of members whom they made of several records.
async fn made(db: &DatabaseConnection, members: &[i64]) -> Result<HashMap<(i64, i64), Json>> {
    let sql = format!(
        "SELECT push_id, member_id, origins FROM value_origin WHERE member_id IN {}",
        numbers(db.get_database_backend(), "$1")
    );
    let made = |row: &QueryResult| {
        let origins: String = row.try_get_by_index(2)?;
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        Ok((key, serde_json::from_str(&origins).unwrap_or_default()))
    };
    all(db, &sql, [list(members).into()]).await?.iter().map(made).collect()
}

async fn entries(db: &DatabaseConnection, ids: &BTreeSet<i64>) -> Result<HashMap<i64, Entry>> {
    let backend: DbBackend = db.get_database_backend();
    let sql = format!("SELECT id, kind, person, finished FROM push WHERE id IN {}", numbers(backend, "$1"));
    let entry = |row: &QueryResult| {
        let entry = Entry {
            kind: row.try_get_by_index(1)?,
            person: row.try_get_by_index(2)?,
            at: row.try_get_by_index(3)?,
        };
        Ok((row.try_get_by_index(0)?, entry))
    };
    let ids: Vec<i64> = ids.iter().copied().collect();
    all(db, &sql, [list(&ids).into()]).await?.iter().map(entry).collect()
}
