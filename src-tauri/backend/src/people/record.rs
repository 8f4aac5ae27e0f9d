//! A record of matching with its values: a clean row of the import, or a member of the target.

use std::collections::HashMap;

use muster_engine::Field;
use muster_engine::decisions::RecordKey;
use muster_engine::resolve::{self, FieldSet};
use rusqlite::{Connection, OptionalExtension, Row};

use super::members::Changes;
use crate::error::Result;

/// The fields by which records are compared and changes since a decision are told; a title comes and goes.
pub(super) const COMPARED: [Field; 10] = [
    Field::GivenName,
    Field::MiddleName,
    Field::FamilyName,
    Field::Suffix,
    Field::PreferredName,
    Field::BirthDate,
    Field::Company,
    Field::State,
    Field::Email,
    Field::Phone,
];

/// Rows that matching takes: clean ones with a name.
pub(super) const CANDIDATE: &str =
    "staged_row.class = 0 AND (staged_row.given_name IS NOT NULL OR staged_row.family_name IS NOT NULL)";

/// Values by [`Field::index`].
pub(super) type Values = [Option<String>; Field::COUNT];

/// A set of fields as the staging keeps it: bit n is field n.
pub(super) fn bit(field: Field) -> i64 {
    1 << field.index()
}

/// The fields of a set.
pub(super) fn fields_of(mask: i64) -> Vec<Field> {
    Field::ALL.into_iter().filter(|field| mask & bit(*field) != 0).collect()
}

/// A person in a club.
#[derive(Clone, PartialEq)]
pub(super) struct KnownMembership {
    pub(super) key: RecordKey,
    pub(super) member_since: Option<String>,
    pub(super) last_active: Option<String>,
    pub(super) score: Option<String>,
}

/// A record with its values. Prints nothing of them.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) record: u32,
    /// The row; `None` for a member of the target
    pub(super) row: Option<u32>,
    /// The member whom the record is; of a row, whom it stands for
    pub(super) member: Option<i64>,
    /// Version of a member
    pub(super) version: Option<i64>,
    /// Memberships: of a row its own
    pub(super) memberships: Vec<KnownMembership>,
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) values: Values,
    pub(super) company_id: Option<String>,
    /// Fields that a person typed into the member
    pub(super) by_person: i64,
    /// When a list or a person last changed fields of the member
    pub(super) changes: Changes,
}

impl Known {
    /// Its keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &RecordKey> {
        self.memberships.iter().map(|membership| &membership.key)
    }

    /// The first of its keys.
    pub(super) fn key(&self) -> Option<&RecordKey> {
        self.keys().next()
    }

    /// A value.
    pub(super) fn value(&self, field: Field) -> Option<&str> {
        self.values[field.index()].as_deref()
    }

    /// Whether both have a key in common: then they are one membership.
    pub(super) fn shares_key(&self, other: &Known) -> bool {
        self.keys().any(|key| other.keys().any(|one| one == key))
    }

    /// The name, with its parts in the usual order.
    pub(super) fn name(&self) -> String {
        let parts = [Field::Prefix, Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix];
        parts.iter().filter_map(|part| self.value(*part)).collect::<Vec<_>>().join(" ")
    }

    /// The clubs, each once, joined.
    pub(super) fn clubs(&self) -> Vec<String> {
        let mut clubs: Vec<String> = self.keys().map(|key| key.source.clone()).collect();
        clubs.dedup();
        clubs
    }

    /// As survivorship sees it: one record for each membership.
    pub(super) fn records(&self) -> impl Iterator<Item = resolve::Record<'_>> {
        let by_person: FieldSet = fields_of(self.by_person).into_iter().collect();
        let origin = if self.row.is_some() { resolve::Origin::List } else { resolve::Origin::Database };
        self.memberships.iter().map(move |membership| {
            let mut values = self.values.each_ref().map(Option::as_deref);
            values[Field::MemberSince.index()] = membership.member_since.as_deref();
            values[Field::LastActive.index()] = membership.last_active.as_deref();
            values[Field::Score.index()] = membership.score.as_deref();
            resolve::Record {
                source: &membership.key.source,
                source_key: &membership.key.key,
                file: &self.file,
                row: self.line,
                origin,
                values,
                company_id: self.company_id.as_deref(),
                by_person,
            }
        })
    }
}

/// Reads records of an import.
pub(super) struct Reader<'c> {
    pub(super) db: &'c Connection,
    /// Name and source of each file
    files: HashMap<i64, (String, String)>,
    /// Number of the last row; members come after it
    pub(super) last_row: u32,
}

impl<'c> Reader<'c> {
    /// Reads what all records need.
    pub(super) fn new(db: &'c Connection) -> Result<Reader<'c>> {
        let mut statement = db.prepare_cached("SELECT id, name, source FROM staged_file")?;
        let files = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        let files = files.collect::<rusqlite::Result<_>>()?;
        let last_row = db.query_row("SELECT coalesce(max(id), 0) FROM staged_row", [], |row| row.get(0))?;
        Ok(Reader { db, files, last_row })
    }

    /// The source of a file.
    pub(super) fn source(&self, file: i64) -> &str {
        self.files.get(&file).map(|(_, source)| source.as_str()).unwrap_or_default()
    }

    /// A record; `None` where it is no candidate (any more).
    pub(super) fn known(&self, record: u32) -> Result<Option<Known>> {
        if record <= self.last_row { self.row(record) } else { self.member(record) }
    }

    /// Records, in order, without those that are no candidates (any more).
    pub(super) fn all(&self, records: &[u32]) -> Result<Vec<Known>> {
        let mut known = Vec::with_capacity(records.len());
        for &record in records {
            known.extend(self.known(record)?);
        }
        Ok(known)
    }

    /// Candidates among the rows after a row, in order.
    pub(super) fn rows_after(&self, after: u32, limit: usize) -> Result<Vec<Known>> {
        let sql = format!("{} id > ?1 AND {CANDIDATE} ORDER BY id LIMIT {limit}", select_row());
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([after], |row| self.read_row(row))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn row(&self, record: u32) -> Result<Option<Known>> {
        let sql = format!("{} id = ?1 AND {CANDIDATE}", select_row());
        let mut statement = self.db.prepare_cached(&sql)?;
        Ok(statement.query_row([record], |row| self.read_row(row)).optional()?)
    }

    fn read_row(&self, row: &Row<'_>) -> rusqlite::Result<Known> {
        let file: i64 = row.get(1)?;
        let values = values(row, 6)?;
        let (name, source) = self.files.get(&file).cloned().unwrap_or_default();
        let of = |field: Field| values[field.index()].clone();
        Ok(Known {
            record: row.get(0)?,
            row: Some(row.get(0)?),
            member: row.get(5)?,
            version: None,
            memberships: vec![KnownMembership {
                key: RecordKey { source, key: row.get(3)? },
                member_since: of(Field::MemberSince),
                last_active: of(Field::LastActive),
                score: of(Field::Score),
            }],
            file: name,
            line: row.get(2)?,
            values,
            company_id: row.get(4)?,
            by_person: 0,
            changes: Changes::new(),
        })
    }

    fn member(&self, record: u32) -> Result<Option<Known>> {
        let sql = format!(
            "SELECT record, member_id, version, company_source_id, by_person, changes, {} FROM staged_match_member
             WHERE record = ?1",
            MEMBER_COLUMNS.join(", ")
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let found = statement.query_row([record], |row| {
            let mut values = [const { None }; Field::COUNT];
            for (at, name) in MEMBER_COLUMNS.iter().enumerate() {
                if let Some(field) = name.parse::<Field>().ok().map(Field::index) {
                    values[field] = row.get(6 + at)?;
                }
            }
            let changes: Option<String> = row.get(5)?;
            Ok(Known {
                record: row.get(0)?,
                row: None,
                member: Some(row.get(1)?),
                version: Some(row.get(2)?),
                memberships: Vec::new(),
                file: String::new(),
                line: 0,
                values,
                company_id: row.get(3)?,
                by_person: row.get(4)?,
                changes: changes.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            })
        });
        let Some(mut known) = found.optional()? else { return Ok(None) };
        let sql = "SELECT club, source_key, member_since, last_active, score FROM staged_match_membership
                   WHERE record = ?1 ORDER BY club, source_key";
        let mut statement = self.db.prepare_cached(sql)?;
        let memberships = statement.query_map([record], |row| {
            Ok(KnownMembership {
                key: RecordKey { source: row.get(0)?, key: row.get(1)? },
                member_since: row.get(2)?,
                last_active: row.get(3)?,
                score: row.get(4)?,
            })
        })?;
        known.memberships = memberships.collect::<rusqlite::Result<_>>()?;
        Ok(Some(known))
    }

    /// The records that have a key: candidates among the rows, and the member.
    pub(super) fn with_key(&self, key: &RecordKey) -> Result<Vec<u32>> {
        let sql = format!(
            "SELECT staged_row.id, staged_row.file_id FROM staged_row WHERE membership_key = ?1 AND {CANDIDATE}
             ORDER BY staged_row.id"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query([&key.key])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if self.source(row.get(1)?) == key.source {
                found.push(row.get(0)?);
            }
        }
        let sql = "SELECT record FROM staged_match_membership WHERE source_key = ?1 AND club = ?2";
        let mut statement = self.db.prepare_cached(sql)?;
        let member = statement.query_row([&key.key, &key.source], |row| row.get(0)).optional()?;
        found.extend::<Option<u32>>(member);
        Ok(found)
    }
}

fn select_row() -> String {
    format!(
        "SELECT id, file_id, line, membership_key, company_id,
             (SELECT member_id FROM staged_tie WHERE row_id = staged_row.id), {}
         FROM staged_row WHERE",
        columns()
    )
}

/// The columns of a person in `staged_match_member` and `staged_member`.
pub(super) const MEMBER_COLUMNS: [&str; 11] = [
    "prefix",
    "given_name",
    "middle_name",
    "family_name",
    "suffix",
    "preferred_name",
    "birth_date",
    "company",
    "state",
    "email",
    "phone",
];

/// The value columns of `staged_row`.
pub(super) fn columns() -> String {
    Field::ALL.map(|field| format!("staged_row.{field}")).join(", ")
}

fn values(row: &Row<'_>, from: usize) -> rusqlite::Result<Values> {
    let mut values = [const { None }; Field::COUNT];
    for (at, value) in values.iter_mut().enumerate() {
        *value = row.get(from + at)?;
    }
    Ok(values)
}
