//! The ledger's entries and what they write: images of rows before and after, and the audit's chain.
//!
//! Every writer to a target does the same, under the writers' lock: it opens an entry, keeps the images of what it is
//! about to change, changes it with the entry's id as the members' new version, and adds an entry to the audit.

use jiff::Timestamp;
use sea_orm::sea_query::Value;
use sea_orm::{ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend};
use sha2::{Digest, Sha256};

use super::entities::push;
use super::sql::{all, one, run};
use crate::error::{Error, Result};

/// A table whose rows entries write, and its columns.
#[derive(Debug)]
pub struct Table {
    /// Its name
    pub name: &'static str,
    /// All its columns; `id` first
    pub columns: &'static [&'static str],
    /// A column of bytes
    blob: Option<&'static str>,
}

const fn table(name: &'static str, columns: &'static [&'static str], blob: Option<&'static str>) -> Table {
    Table { name, columns, blob }
}

/// `company`
pub static COMPANY: Table = table("company", &["id", "name", "source_company_id"], None);
/// `club`
pub static CLUB: Table = table("club", &["id", "name"], None);
/// `member`
pub static MEMBER: Table = table(
    "member",
    &[
        "id",
        "prefix",
        "given_name",
        "middle_name",
        "family_name",
        "suffix",
        "preferred_name",
        "birth_date",
        "state",
        "company_id",
        "company_source_id",
        "email",
        "phone",
        "version",
    ],
    None,
);
/// `membership`
pub static MEMBERSHIP: Table = table(
    "membership",
    &["id", "member_id", "club_id", "source_key", "member_since", "last_active", "score", "unified_score"],
    None,
);
/// `source_file`
pub static SOURCE_FILE: Table =
    table("source_file", &["id", "club_id", "sha256", "name", "size", "header", "added"], None);
/// `source_record`
pub static SOURCE_RECORD: Table = table(
    "source_record",
    &["id", "year", "source_file_id", "line", "club_id", "membership_id", "push_id", "fingerprint"],
    Some("fingerprint"),
);
/// `score_history`
pub static SCORE_HISTORY: Table = table(
    "score_history",
    &[
        "id",
        "year",
        "club_id",
        "membership_id",
        "valid_from",
        "valid_to",
        "score",
        "unified_score",
        "last_active",
        "method_version",
    ],
    None,
);
/// `reject`
pub static REJECT: Table = table(
    "reject",
    &[
        "id",
        "push_id",
        "source_file_id",
        "line",
        "rules",
        "raw_line",
        "cells",
        "fixed_cells",
        "replayed_by",
        "dismissed",
        "reading_id",
        "occurrence",
        "version",
        "outcome",
    ],
    None,
);

impl Table {
    /// An expression: the row of the table (called by its own name in the statement) as JSON.
    pub(crate) fn image(&self, backend: DbBackend) -> String {
        if backend == DbBackend::Postgres {
            return format!("to_jsonb({})", self.name);
        }
        let pair = |column: &&str| match self.blob {
            Some(blob) if blob == *column => {
                format!("'{column}', '\\x' || lower(hex({}.{column}))", self.name)
            }
            _ => format!("'{column}', {}.{column}", self.name),
        };
        let pairs: Vec<String> = self.columns.iter().map(pair).collect();
        format!("json_object({})", pairs.join(", "))
    }

    /// An expression: the value of a column in an image.
    fn value_in(&self, image: &str, column: &str) -> String {
        match self.blob {
            Some(blob) if blob == column => format!("unhex(substr({image} ->> '{column}', 3))"),
            _ => format!("{image} ->> '{column}'"),
        }
    }

    /// Puts rows back as they stand in images: `from` gives them, as `image`.
    pub(crate) fn restore(&self, backend: DbBackend, from: &str) -> String {
        let columns = self.columns.join(", ");
        if backend == DbBackend::Postgres {
            let values: Vec<String> = self.columns.iter().map(|column| format!("kept.{column}")).collect();
            let (name, values) = (self.name, values.join(", "));
            return format!(
                "INSERT INTO {name} ({columns}) SELECT {values} FROM ({from}) AS images
                 CROSS JOIN LATERAL jsonb_populate_record(NULL::{name}, images.image) AS kept"
            );
        }
        let values: Vec<String> =
            self.columns.iter().map(|column| self.value_in("images.image", column)).collect();
        format!("INSERT INTO {} ({columns}) SELECT {} FROM ({from}) AS images", self.name, values.join(", "))
    }

    /// Makes rows what they are in images: `from` gives them, as `image`, with the rows' `id`.
    pub(crate) fn revert(&self, backend: DbBackend, from: &str) -> String {
        let name = self.name;
        let columns = self.columns.iter().filter(|column| **column != "id");
        if backend == DbBackend::Postgres {
            let sets: Vec<String> = columns.map(|column| format!("{column} = kept.{column}")).collect();
            return format!(
                "UPDATE {name} SET {} FROM ({from}) AS images
                 CROSS JOIN LATERAL jsonb_populate_record(NULL::{name}, images.image) AS kept
                 WHERE {name}.id = images.id",
                sets.join(", ")
            );
        }
        let sets: Vec<String> =
            columns.map(|column| format!("{column} = {}", self.value_in("images.image", column))).collect();
        format!("UPDATE {name} SET {} FROM ({from}) AS images WHERE {name}.id = images.id", sets.join(", "))
    }
}

/// An entry of the ledger that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its id, which is the new version of the members that it writes
    pub id: i64,
    /// The year that its parts are kept under
    pub year: i32,
}

/// What stands for an entry in the text of a statement: its id and its year, or names for them where the text is only
/// shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryText {
    /// The id
    pub id: String,
    /// The year
    pub year: String,
}

impl Entry {
    pub(crate) fn text(self) -> EntryText {
        EntryText { id: self.id.to_string(), year: self.year.to_string() }
    }
}

/// Adds an entry to the ledger.
///
/// # Errors
/// When the counts do not add up, or the database fails.
pub async fn open(db: &impl ConnectionTrait, row: push::ActiveModel) -> Result<Entry> {
    let row = push::ActiveModel { id: ActiveValue::NotSet, ..row }.insert(db).await?;
    Ok(Entry { id: row.id, year: year() })
}

/// What an entry that is no push has in the ledger: no rows of a list.
pub fn blank(kind: &str, person: &str, profile: &str, started: &str) -> push::ActiveModel {
    use ActiveValue::Set;
    let mut hasher = Sha256::new();
    for part in [kind, person, profile, started, &Timestamp::now().as_nanosecond().to_string()] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    push::ActiveModel {
        id: ActiveValue::NotSet,
        kind: Set(kind.to_owned()),
        package: Set(format!("{:x}", hasher.finalize())),
        profile: Set(profile.to_owned()),
        mode: Set(kind.to_owned()),
        person: Set(person.to_owned()),
        import_name: Set(String::new()),
        started: Set(started.to_owned()),
        finished: Set(started.to_owned()),
        undone: Set(None),
        undoes: Set(None),
        recipe: Set(None),
        rows_read: Set(0),
        excluded: Set(0),
        rejected: Set(0),
        staged: Set(0),
        suspect: Set(0),
        clean: Set(0),
        inserted: Set(0),
        updated: Set(0),
        skipped_identical: Set(0),
        skipped_different: Set(0),
        conflicts: Set(0),
        rejected_in_push: Set(0),
        removed: Set(0),
    }
}

/// Keeps the images of rows that are about to be changed or removed. `which` is what follows `FROM table`: joins and a
/// condition, with `$1`, … for `values`; `member` is an expression for the person whose rows they are. Gives their
/// number.
///
/// # Errors
/// When the database fails.
pub async fn keep_before(
    db: &impl ConnectionTrait,
    entry: Entry,
    table: &Table,
    member: &str,
    which: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64> {
    let sql = keep_before_sql(db.get_database_backend(), &entry.text(), table, member, which);
    run(db, &sql, values).await
}

/// The statement of [`keep_before`].
pub fn keep_before_sql(
    backend: DbBackend,
    entry: &EntryText,
    table: &Table,
    member: &str,
    which: &str,
) -> String {
    let (name, image) = (table.name, table.image(backend));
    format!(
        "INSERT INTO change (year, push_id, table_name, first_id, last_id, member_id, before)
         SELECT {}, {}, '{name}', {name}.id, {name}.id, {member}, {image} FROM {name} {which}",
        entry.year, entry.id
    )
}

/// Keeps how the rows whose images before were kept are now; a row that is gone has no image after.
///
/// # Errors
/// When the database fails.
pub async fn keep_after(db: &impl ConnectionTrait, entry: Entry, table: &Table) -> Result<()> {
    run(db, &keep_after_sql(db.get_database_backend(), &entry.text(), table), []).await?;
    Ok(())
}

/// The statement of [`keep_after`].
pub fn keep_after_sql(backend: DbBackend, entry: &EntryText, table: &Table) -> String {
    let (name, image) = (table.name, table.image(backend));
    format!(
        "UPDATE change SET after = (SELECT {image} FROM {name} WHERE {name}.id = change.first_id)
         WHERE push_id = {} AND year = {} AND table_name = '{name}' AND before IS NOT NULL AND after IS NULL",
        entry.id, entry.year
    )
}

/// A condition on rows of a table: the entry `$1` of the ledger has added them. From the few ranges of ids that it noted to
/// the rows: SQLite joins in the order of `CROSS JOIN`, and would look through all that the entry did for each row otherwise.
pub fn added_by(table: &str) -> String {
    format!(
        "{table}.id IN (
             SELECT added.id FROM change CROSS JOIN {table} AS added
             WHERE change.push_id = $1 AND change.table_name = '{table}' AND change.before IS NULL
                 AND added.id BETWEEN change.first_id AND change.last_id)"
    )
}

/// The greatest id of a table; 0 where it is empty.
///
/// # Errors
/// When the database fails.
pub async fn last_id(db: &impl ConnectionTrait, table: &Table) -> Result<i64> {
    Ok(one(db, &format!("SELECT coalesce(max(id), 0) FROM {}", table.name), []).await?.try_get_by_index(0)?)
}

/// The last entry of the ledger; 0 without any.
///
/// # Errors
/// When the database fails.
pub async fn last_entry(db: &impl ConnectionTrait) -> Result<i64> {
    Ok(one(db, "SELECT coalesce(max(id), 0) FROM push", []).await?.try_get_by_index(0)?)
}

/// Notes that the rows of a table above an id are new: the lock kept others from adding any.
///
/// # Errors
/// When the database fails.
pub async fn note_added(db: &impl ConnectionTrait, entry: Entry, table: &Table, above: i64) -> Result<()> {
    run(db, &note_added_sql(&entry.text(), table), [above.into()]).await?;
    Ok(())
}

/// The statement of [`note_added`].
pub fn note_added_sql(entry: &EntryText, table: &Table) -> String {
    let name = table.name;
    format!(
        "INSERT INTO change (year, push_id, table_name, first_id, last_id)
         SELECT {}, {}, '{name}', min(id), max(id) FROM {name} WHERE id > $1 HAVING count(*) > 0",
        entry.year, entry.id
    )
}

/// The statement of [`audit`].
pub const INSERT_AUDIT: &str =
    "INSERT INTO audit_entry (year, at, person, action, push_id, detail, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Adds an entry to the audit. `detail` holds counts and names of fields, never values.
///
/// # Errors
/// When the database fails.
pub async fn audit(
    db: &impl ConnectionTrait,
    entry: Entry,
    person: &str,
    action: &str,
    detail: &serde_json::Value,
) -> Result<()> {
    chain(db, entry.year, Some(entry.id), person, action, detail).await
}

/// As [`audit`], of what no entry of the ledger stands for: no member was written.
///
/// # Errors
/// When the database fails.
pub async fn audit_apart(
    db: &impl ConnectionTrait,
    person: &str,
    action: &str,
    detail: &serde_json::Value,
) -> Result<()> {
    chain(db, year(), None, person, action, detail).await
}

async fn chain(
    db: &impl ConnectionTrait,
    year: i32,
    entry: Option<i64>,
    person: &str,
    action: &str,
    detail: &serde_json::Value,
) -> Result<()> {
    let last = all(db, "SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1", []).await?;
    let previous = match last.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => "0".repeat(64),
    };
    let (at, detail) = (now(), detail.to_string());
    let hash = audit_hash(&previous, &at, person, action, entry, &detail);
    let values: [Value; 8] = [
        year.into(),
        at.into(),
        person.into(),
        action.into(),
        entry.into(),
        detail.into(),
        previous.into(),
        hash.into(),
    ];
    run(db, INSERT_AUDIT, values).await?;
    Ok(())
}

/// SHA-256 over the entry before and all that this one says.
fn audit_hash(
    previous: &str,
    at: &str,
    person: &str,
    action: &str,
    push: Option<i64>,
    detail: &str,
) -> String {
    let mut hasher = Sha256::new();
    let push = push.map(|push| push.to_string()).unwrap_or_default();
    for part in [previous, at, person, action, &push, detail] {
        // The length before each part keeps parts from running together.
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    format!("{:x}", hasher.finalize())
}

/// What [`verify_audit`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct AuditReport {
    /// Entries of the audit
    pub entries: u64,
    /// The first entry that was changed, or before which one was taken out
    pub broken_at: Option<i64>,
}

/// Follows the audit's chain from its start.
///
/// # Errors
/// When the database fails.
pub async fn verify_audit(db: &impl ConnectionTrait) -> Result<AuditReport> {
    const PAGE: usize = 1000;
    let mut report = AuditReport { entries: 0, broken_at: None };
    let (mut after, mut previous) = (0_i64, "0".repeat(64));
    loop {
        let sql = format!(
            "SELECT id, at, person, action, push_id, detail, previous_hash, hash FROM audit_entry WHERE id > $1
             ORDER BY id LIMIT {PAGE}"
        );
        let rows = all(db, &sql, [after.into()]).await?;
        for row in &rows {
            let text = |column: &str| row.try_get::<String>("", column).map_err(Error::from);
            let (id, push): (i64, Option<i64>) = (row.try_get("", "id")?, row.try_get("", "push_id")?);
            let hash = audit_hash(
                &previous,
                &text("at")?,
                &text("person")?,
                &text("action")?,
                push,
                &text("detail")?,
            );
            report.entries += 1;
            if text("previous_hash")? != previous || text("hash")? != hash {
                return Ok(AuditReport { broken_at: Some(id), ..report });
            }
            (after, previous) = (id, hash);
        }
        if rows.len() < PAGE {
            return Ok(report);
        }
    }
}

/// The time, as the ledger and the audit keep it: RFC 3339, UTC.
pub fn now() -> String {
    format!("{:.3}", Timestamp::now())
}

fn year() -> i32 {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year().into()
}
