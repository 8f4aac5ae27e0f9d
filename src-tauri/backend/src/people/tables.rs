//! Writes who is who beside the staged rows: see the tables in `staging/schema.sql`.

use std::collections::BTreeSet;

use muster_engine::Field;
use muster_engine::resolve::{FieldResult, Member, Provenance, Reason, Record};
use rusqlite::{Connection, params, params_from_iter};
use serde_json::{Map, Value as Json, json};

use super::gather::Link;
use super::record::{Known, MEMBER_COLUMNS, bit};
use super::view::QueueKind;
use crate::error::Result;

/// A person to write.
pub(super) struct NewPerson<'p> {
    pub(super) records: &'p [Known],
    /// The same, as they were resolved
    pub(super) flat: &'p [Record<'p>],
    pub(super) member: &'p Member<'p>,
}

/// A group to write.
pub(super) struct NewGroup<'g> {
    pub(super) kind: QueueKind,
    pub(super) place: f64,
    pub(super) link: Option<Link>,
    pub(super) fields: i64,
    pub(super) open: i64,
    pub(super) company_between_clubs: bool,
    pub(super) conflict_free: bool,
    /// How late it comes in its queue, where a person put it off
    pub(super) later: u32,
    /// Records and their people
    pub(super) records: &'g [(&'g Known, u32)],
}

/// The code of a kind in `staged_group`.
pub(super) fn code(kind: QueueKind) -> u8 {
    match kind {
        QueueKind::ToReview => 0,
        QueueKind::Conflicts => 1,
        QueueKind::Changed => 2,
        QueueKind::Merged => 3,
        QueueKind::Decided | QueueKind::All => 4,
    }
}

/// The kind of a code.
pub(super) fn kind_of(code: u8) -> QueueKind {
    match code {
        0 => QueueKind::ToReview,
        1 => QueueKind::Conflicts,
        2 => QueueKind::Changed,
        3 => QueueKind::Merged,
        _ => QueueKind::Decided,
    }
}

/// Writes in the open transaction.
pub(super) struct Writer<'c> {
    db: &'c Connection,
}

impl<'c> Writer<'c> {
    /// Forgets what is known of the records of a scope, or of all.
    pub(super) fn new(db: &'c Connection, scope: Option<&BTreeSet<u32>>) -> Result<Writer<'c>> {
        match scope {
            None => db.execute_batch(
                "DELETE FROM staged_person; DELETE FROM staged_member; DELETE FROM staged_member_merge;
                 DELETE FROM staged_group; DELETE FROM staged_group_record;",
            )?,
            Some(scope) => scope.iter().try_for_each(|record| forget(db, *record))?,
        }
        Ok(Writer { db })
    }

    /// All rows that stand for a member of the target.
    pub(super) fn all_ties(&mut self) -> Result<()> {
        let sql = "INSERT INTO staged_person (row_id, person, lead_row_id, member_id)
                   SELECT row_id, row_id, row_id, member_id FROM staged_tie WHERE true
                   ON CONFLICT (row_id) DO NOTHING";
        self.db.execute(sql, [])?;
        Ok(())
    }

    /// A row, where it stands for a member of the target.
    pub(super) fn tie(&mut self, row: u32) -> Result<()> {
        let sql = "INSERT INTO staged_person (row_id, person, lead_row_id, member_id)
                   SELECT row_id, row_id, row_id, member_id FROM staged_tie WHERE row_id = ?1
                   ON CONFLICT (row_id) DO NOTHING";
        self.db.prepare_cached(sql)?.execute([row])?;
        Ok(())
    }

    /// A person with their records; one of a single row that stands for nobody is not written.
    pub(super) fn person(&mut self, new: &NewPerson<'_>) -> Result<()> {
        let rows = || new.records.iter().filter_map(|known| known.row);
        let Some(person) = rows().min() else { return Ok(()) };
        let members: BTreeSet<i64> = new.records.iter().filter_map(|known| known.member).collect();
        if new.records.len() < 2 && members.is_empty() {
            return Ok(());
        }
        let member = members.first().copied();
        let sql = "INSERT OR REPLACE INTO staged_person (row_id, person, lead_row_id, member_id)
                   VALUES (?1, ?2, ?2, ?3)";
        let mut statement = self.db.prepare_cached(sql)?;
        for row in rows() {
            statement.execute(params![row, person, member])?;
        }
        if new.records.len() < 2 {
            return Ok(());
        }
        for other in members.iter().skip(1) {
            let sql = "INSERT OR REPLACE INTO staged_member_merge (member_id, person, into_member_id)
                       VALUES (?1, ?2, ?3)";
            self.db.prepare_cached(sql)?.execute(params![other, person, member])?;
        }
        self.values(person, member, new)
    }

    fn values(&self, person: u32, member: Option<i64>, new: &NewPerson<'_>) -> Result<()> {
        let columns = MEMBER_COLUMNS.join(", ");
        let marks: Vec<String> = (8..8 + MEMBER_COLUMNS.len()).map(|at| format!("?{at}")).collect();
        let sql = format!(
            "INSERT OR REPLACE INTO staged_member
                 (person, member_id, version, company_source_id, open, memberships, provenance, {columns})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, {})",
            marks.join(", ")
        );
        let is_it = |known: &&Known| known.row.is_none() && known.member == member;
        let version = new.records.iter().find(is_it).and_then(|known| known.version);
        let open = new.member.fields.iter().filter(|result| result.is_open());
        let open = open.fold(0, |mask, result| mask | bit(result.field));
        let value =
            |text: Option<&str>| text.map_or(rusqlite::types::Value::Null, |text| text.to_owned().into());
        let number = |number: Option<i64>| number.map_or(rusqlite::types::Value::Null, Into::into);
        let company = new.member.company_id.as_ref().map(|company| company.id);
        let mut values = vec![
            i64::from(person).into(),
            number(member),
            number(version),
            value(company),
            open.into(),
            memberships(new).into(),
            provenance(new).into(),
        ];
        for name in MEMBER_COLUMNS {
            values.push(value(name.parse::<Field>().ok().and_then(|field| new.member.value(field))));
        }
        self.db.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        Ok(())
    }

    /// A group.
    pub(super) fn group(&mut self, new: &NewGroup<'_>) -> Result<()> {
        let sql = "INSERT INTO staged_group (kind, place, link_a, link_b, weight, records, fields, open,
                       company_between_clubs, conflict_free, later, words)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let records = u32::try_from(new.records.len()).unwrap_or(u32::MAX);
        let words = new.records.iter().map(|(known, _)| words(known)).collect::<Vec<_>>().join("\n");
        self.db.prepare_cached(sql)?.execute(params![
            code(new.kind),
            new.place,
            new.link.map(|link| link.a),
            new.link.map(|link| link.b),
            new.link.map(|link| link.weight),
            records,
            new.fields,
            new.open,
            new.company_between_clubs,
            new.conflict_free,
            new.later,
            words,
        ])?;
        let group = self.db.last_insert_rowid();
        let sql = "INSERT INTO staged_group_record (group_id, record, person, clubs) VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.db.prepare_cached(sql)?;
        for (known, person) in new.records {
            let clubs = format!("\n{}\n", known.clubs().join("\n"));
            statement.execute(params![group, known.record, person, clubs])?;
        }
        Ok(())
    }
}

/// Forgets what is known of a record.
fn forget(db: &Connection, record: u32) -> Result<()> {
    for sql in [
        "DELETE FROM staged_member WHERE person = (SELECT person FROM staged_person WHERE row_id = ?1)",
        "DELETE FROM staged_member_merge WHERE person = (SELECT person FROM staged_person WHERE row_id = ?1)",
        "DELETE FROM staged_person WHERE row_id = ?1",
        "DELETE FROM staged_group WHERE id IN (SELECT group_id FROM staged_group_record WHERE record = ?1)",
        "DELETE FROM staged_group_record WHERE group_id IN
             (SELECT group_id FROM staged_group_record WHERE record = ?1)",
    ] {
        db.prepare_cached(sql)?.execute([record])?;
    }
    Ok(())
}

/// What a search finds a record by, in small letters.
fn words(known: &Known) -> String {
    let parts = [known.name(), known.value(Field::PreferredName).unwrap_or_default().to_owned()];
    let keys = known.memberships.iter().map(|membership| membership.key.key.clone());
    parts.into_iter().chain(keys).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The memberships that rows of the import have.
fn memberships(new: &NewPerson<'_>) -> String {
    let of_rows = new.member.memberships.iter().filter_map(|membership| {
        let with = |known: &&Known| {
            known.row.is_some()
                && known.keys().any(|key| key.source == membership.source && key.key == membership.source_key)
        };
        let row = new.records.iter().filter(with).filter_map(|known| known.row).min()?;
        let mut object = Map::new();
        object.insert("source".to_owned(), membership.source.into());
        object.insert("source_key".to_owned(), membership.source_key.into());
        object.insert("row_id".to_owned(), row.into());
        for fact in &membership.facts {
            object.insert(fact.field.name().to_owned(), fact.value.into());
        }
        Some(Json::Object(object))
    });
    Json::Array(of_rows.collect()).to_string()
}

/// Where each value comes from, and why it won. Values of one record, and those of one reason, are many: each is named
/// once.
fn provenance(new: &NewPerson<'_>) -> String {
    // Each record of matching gave one record for each of its memberships.
    let of_flat: Vec<&Known> =
        new.records.iter().flat_map(|known| known.memberships.iter().map(move |_| known)).collect();
    debug_assert_eq!(of_flat.len(), new.flat.len());
    let origin = |result: &FieldResult<'_>| -> Json {
        match (result.from, result.reason) {
            (Provenance::Record { record }, _) => match of_flat.get(record as usize) {
                Some(Known { row: Some(_), file, line, .. }) => json!({ "file": file, "line": line }),
                Some(Known { member: Some(member), .. }) => json!({ "member": member }),
                _ => json!({}),
            },
            (Provenance::Person, Reason::Decision { person, decided }) => {
                json!({ "person": person, "decided": decided })
            }
            _ => json!({}),
        }
    };
    let (mut from, mut why, mut fields) = (Vec::new(), Vec::new(), Map::new());
    for result in new.member.fields.iter().filter(|result| result.reason != Reason::Blank) {
        let places = json!([place(&mut from, origin(result)), place(&mut why, result.reason.words().into())]);
        fields.insert(result.field.name().to_owned(), places);
    }
    json!({ "from": from, "why": why, "fields": fields }).to_string()
}

/// The place of a value in a list; a new one is added.
fn place(list: &mut Vec<Json>, value: Json) -> usize {
    list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}
