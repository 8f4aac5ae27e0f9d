//! What the tables of a target hold, as a short text: equal contents, equal text. Counted and hashed within the database.

use std::hash::{DefaultHasher, Hasher};

use muster_backend::store::journal::{self, Table};
use rusqlite::functions::FunctionFlags;

use crate::place::Place;

static WRITTEN: [&Table; 7] = [
    &journal::COMPANY,
    &journal::CLUB,
    &journal::MEMBER,
    &journal::MEMBERSHIP,
    &journal::SOURCE_FILE,
    &journal::SOURCE_RECORD,
    &journal::REJECT,
];

/// All rows of all tables that a push writes, with their ids and versions.
pub(crate) fn fingerprint(place: &Place) -> String {
    let mut queries: Vec<String> =
        WRITTEN.iter().map(|table| summed(place, table.name, table.columns, table.name)).collect();
    queries.push(summed(place, "push", &["id", "package", "kind", "undone", "inserted", "updated"], "push"));
    queries.push(summed(
        place,
        "change",
        &["id", "table_name", "first_id", "last_id", "before", "after"],
        "change",
    ));
    queries.push(summed(place, "audit_entry", &["id", "hash"], "audit_entry"));
    ask(place, &queries)
}

/// The members and where they come from, without ids and versions: two pushes of one list leave the same.
pub(crate) fn members(place: &Place) -> String {
    let columns: Vec<&str> = journal::MEMBER
        .columns
        .iter()
        .copied()
        .filter(|name| !["id", "version", "company_id"].contains(name))
        .collect();
    let columns =
        [&columns[..], &["company", "club", "source_key", "member_since", "last_active", "score"]].concat();
    let from = "(SELECT member.*, company.name AS company, club.name AS club, source_key, member_since, last_active, score
                 FROM membership INNER JOIN member ON membership.member_id = member.id
                 INNER JOIN club ON membership.club_id = club.id LEFT JOIN company ON member.company_id = company.id) AS shown";
    let sources = "(SELECT source_key, line, sha256 FROM source_record
                    INNER JOIN membership ON source_record.membership_id = membership.id
                    INNER JOIN source_file ON source_record.source_file_id = source_file.id) AS shown";
    ask(
        place,
        &[
            summed(place, "members", &columns, from),
            summed(place, "sources", &["source_key", "line", "sha256"], sources),
            summed(place, "rejects", &["line", "rules", "raw_line"], "reject"),
        ],
    )
}

/// The tables of the target, temporary ones too.
pub(crate) fn table_names(place: &Place) -> Vec<String> {
    match &place.db {
        Some(db) => db
            .psql("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')")
            .lines()
            .map(str::to_owned)
            .collect(),
        None => {
            let db = place.machine.database("live.db");
            let mut statement = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        }
    }
}

/// A query for the number of rows and the sum of their hashes.
fn summed(place: &Place, label: &str, columns: &[&str], from: &str) -> String {
    if place.db.is_some() {
        let columns: Vec<String> = columns.iter().map(|column| format!("{column}::text")).collect();
        let row = columns.join(", ");
        return format!(
            "SELECT '{label} ' || count(*) || ' ' || coalesce(sum(hashtextextended(json_build_array({row})::text, 0)::numeric), 0) FROM {from}"
        );
    }
    let columns: Vec<String> = columns
        .iter()
        .map(
            |column| {
                if *column == "fingerprint" { "hex(fingerprint)".to_owned() } else { (*column).to_owned() }
            },
        )
        .collect();
    format!(
        "SELECT '{label} ' || count(*) || ' ' || coalesce(sum(row_hash({})), 0) FROM {from}",
        columns.join(", ")
    )
}

fn ask(place: &Place, queries: &[String]) -> String {
    let all = queries.join(" UNION ALL ");
    // The order of the queries is not that of the answers: the server works on several at once.
    let mut lines: Vec<String> = match &place.db {
        Some(db) => db.psql(&all).lines().map(str::to_owned).collect(),
        None => {
            let db = place.machine.database("live.db");
            db.create_scalar_function("row_hash", -1, FunctionFlags::SQLITE_DETERMINISTIC, |context| {
                let mut hasher = DefaultHasher::new();
                for at in 0..context.len() {
                    hash(&mut hasher, context.get_raw(at));
                }
                // A sum of many stays within 64 bits.
                Ok((hasher.finish() >> 24).cast_signed())
            })
            .unwrap();
            let mut statement = db.prepare(&all).unwrap();
            let lines = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
            lines.map(Result::unwrap).collect()
        }
    };
    lines.sort();
    lines.join("\n")
}

fn hash(hasher: &mut DefaultHasher, value: rusqlite::types::ValueRef<'_>) {
    use rusqlite::types::ValueRef;
    let (kind, bytes) = match value {
        ValueRef::Null => (0, Vec::new()),
        ValueRef::Integer(number) => (1, number.to_le_bytes().to_vec()),
        ValueRef::Real(number) => (2, number.to_le_bytes().to_vec()),
        ValueRef::Text(text) => (3, text.to_vec()),
        ValueRef::Blob(blob) => (4, blob.to_vec()),
    };
    hasher.write_u8(kind);
    hasher.write_usize(bytes.len());
    hasher.write(&bytes);
}
