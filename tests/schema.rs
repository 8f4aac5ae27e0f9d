//! docs/SCHEMA.md: the tables of a target, drawn from a database that was just made. `make diagram` writes it.

use std::fmt::Write as _;
use std::path::Path;

use muster_tests::postgres::{Database, server};

use crate::place::Place;

/// What each table holds.
const HOLDS: [(&str, &str); 21] = [
    ("company", "companies that members work for, with the id of the company list"),
    ("club", "the clubs: the sources of lists"),
    ("member", "one row a person; `version` is the entry of the ledger that wrote them last"),
    ("membership", "a person in a club, under the key that the club or Muster gives them"),
    ("source_file", "files that rows came from, by the SHA-256 of their bytes"),
    ("source_record", "which file and line made or changed which membership, in which push"),
    ("push", "the ledger: an entry for all that is written together, with counts that must add up"),
    ("change", "what each entry did to which rows, with their images before and after"),
    ("audit_entry", "who did what when; each entry carries the hash of the one before"),
    ("reject", "the reject inbox: refused rows with their raw line, until they are fixed and replayed"),
    ("reading", "how the file of refused rows was read, so that a fixed row is read in the same way"),
    ("company_list", "company lists that readings refer to, each kept once"),
    ("score_history", "the scores of a membership over time"),
    ("score_method", "versions of the methods that made unified scores, with their settings"),
    ("decision", "what people decided about pairs of records and values of fields"),
    ("member_merge", "members who were merged into others, with the fields that came with it"),
    ("member_unmerge", "which entry told whom apart again"),
    ("raw_file", "raw files as they came, by their SHA-256, and the archive that has each"),
    ("raw_file_part", "their bytes, where the database is the archive"),
    ("push_file", "the raw files that each push was made from"),
    ("value_origin", "of members made of several records: the record that each value is from, and why"),
];

const FILE: &str = "../docs/SCHEMA.md";

const TABLES: &str = "SELECT c.relname, coalesce(pg_get_partkeydef(c.oid), '') FROM pg_class AS c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> 'seaql_migrations' ORDER BY c.relname COLLATE \"C\"";

/// A column with its type, whether it is of the primary key, of a foreign key, and may be missing.
const COLUMNS: &str = "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        EXISTS (SELECT 1 FROM pg_constraint AS k
            WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)),
        EXISTS (SELECT 1 FROM pg_constraint AS k
            WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)),
        a.attnotnull
    FROM pg_class AS c INNER JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'seaql_migrations'
    ORDER BY c.relname COLLATE \"C\", a.attnum";

/// A foreign key with the first of its columns, which is the one that is not also a partition's.
const KEYS: &str = "SELECT parent.relname, child.relname, a.attname, a.attnotnull
    FROM pg_constraint AS k
    INNER JOIN pg_class AS child ON child.oid = k.conrelid
    INNER JOIN pg_class AS parent ON parent.oid = k.confrelid
    INNER JOIN pg_attribute AS a ON a.attrelid = child.oid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND NOT child.relispartition
        AND NOT parent.relispartition AND k.conparentid = 0
    ORDER BY parent.relname COLLATE \"C\", child.relname COLLATE \"C\", a.attname COLLATE \"C\"";

/// What a query finds, cell by cell.
fn rows(db: &Database, sql: &str) -> Vec<Vec<String>> {
    let found = db.psql(sql);
    found.lines().map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

fn drawn(db: &Database) -> String {
    let mut text = String::from(
        "# The tables of a target\n\nDrawn from a PostgreSQL database that was just made; `make diagram` writes this page, \
         and a test fails while it is\nstale. SQLite has the same tables and columns, without partitions.\n\n\
         | table | holds | partitions |\n| --- | --- | --- |\n",
    );
    let tables = rows(db, TABLES);
    for table in &tables {
        let holds = HOLDS.iter().find(|(name, _)| *name == table[0]);
        let (_, holds) = holds.unwrap_or_else(|| panic!("say in HOLDS what the table {} holds", table[0]));
        writeln!(text, "| `{}` | {holds} | {} |", table[0], table[1].to_lowercase()).unwrap();
    }
    assert_eq!(tables.len(), HOLDS.len(), "HOLDS names a table that is not there");
    text.push_str("\n```mermaid\nerDiagram\n");
    for key in rows(db, KEYS) {
        let one = if key[3] == "t" { "||" } else { "|o" };
        writeln!(text, "    {} {one}--o{{ {} : {}", key[0], key[1], key[2]).unwrap();
    }
    let columns = rows(db, COLUMNS);
    for table in &tables {
        writeln!(text, "    {} {{", table[0]).unwrap();
        for column in columns.iter().filter(|column| column[0] == table[0]) {
            let keys: Vec<&str> = [("PK", &column[3]), ("FK", &column[4])]
                .iter()
                .filter(|(_, is)| *is == "t")
                .map(|(key, _)| *key)
                .collect();
            let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(",")) };
            let missing = if column[5] == "t" { "" } else { " \"may be missing\"" };
            writeln!(text, "        {} {}{keys}{missing}", column[2].replace(' ', "_"), column[1]).unwrap();
        }
        text.push_str("    }\n");
    }
    text.push_str("```\n");
    text
}

#[test]
fn the_page_of_the_tables_is_up_to_date() {
    let db = server().database();
    let login = db.login();
    let place = Place::on(db, &login);
    assert_eq!(place.run(&["history"]).0, 0);
    let drawn = drawn(place.db.as_ref().unwrap());
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("MUSTER_WRITE_SCHEMA").is_some() {
        std::fs::write(&page, &drawn).unwrap();
    }
    let committed = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(committed == drawn, "docs/SCHEMA.md is stale: run `make diagram`");
}

#[test]
fn both_kinds_of_database_have_the_same_tables_and_columns() {
    let db = server().database();
    let login = db.login();
    let place = Place::on(db, &login);
    assert_eq!(place.run(&["history"]).0, 0);
    let mut on_server: Vec<String> = rows(place.db.as_ref().unwrap(), COLUMNS)
        .iter()
        .map(|row| format!("{}.{}", row[0], row[1]))
        .collect();
    let local = Place::sqlite();
    local.push("name,born\nAnn Lee,1970-01-02\n", &[]);
    let file = local.machine.database("live.db");
    let mut statement = file
        .prepare(
            "SELECT t.name || '.' || c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> 'seaql_migrations'",
        )
        .unwrap();
    let mut in_file: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    on_server.sort();
    in_file.sort();
    assert_eq!(in_file, on_server);
}
