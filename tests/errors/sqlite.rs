//! Errors of SQLite.

use std::io::{Seek, SeekFrom, Write};

use muster_backend::store::sql::run;
use muster_backend::store::{Access, SqliteAccess, Target};
use muster_backend::{Code, Job};

use super::{MAIL, NAME, NUMBER, assert_hidden, fails, list, told};
use crate::place::Place;

/// What happens to a new member within the database, and the exit code of the push.
const TRIGGERS: [(&str, &str, i32); 13] = [
    ("unique", "INSERT INTO once VALUES (NEW.given_name)", 1),
    ("foreign key", "INSERT INTO child VALUES (NEW.given_name)", 1),
    ("check", "INSERT INTO checked VALUES (NEW.given_name)", 1),
    ("not null", "INSERT INTO needed VALUES (NEW.given_name, NULL)", 1),
    ("primary key", "INSERT INTO keyed VALUES (NEW.given_name)", 1),
    ("type of a strict table", "INSERT INTO strict VALUES (NEW.given_name)", 1),
    ("type of a key", "INSERT INTO numbered VALUES (NEW.given_name)", 1),
    ("raised with a value", "SELECT RAISE(ABORT, 'not Qanarivolux')", 1),
    ("raised to roll back", "SELECT RAISE(ROLLBACK, 'not Qanarivolux')", 1),
    ("no JSON", "INSERT INTO texts SELECT json(NEW.given_name)", 1),
    (
        "number out of range",
        "INSERT INTO texts SELECT abs(-9223372036854775807 - (length(NEW.given_name) - 10))",
        1,
    ),
    ("too big", "INSERT INTO texts SELECT NEW.given_name || zeroblob(999999999)", 1),
    ("a table that is gone", "INSERT INTO Qanarivolux VALUES (NEW.given_name)", 1),
];

#[test]
fn no_error_of_sqlite_shows_a_value() {
    let place = Place::sqlite();
    assert_eq!(place.push("member number,first name\n1,Ann\n", &[]).0, 0);
    place
        .machine
        .database("live.db")
        .execute_batch(
            "CREATE TABLE once (x UNIQUE); CREATE TABLE known (x PRIMARY KEY); CREATE TABLE child (x REFERENCES known);
             CREATE TABLE checked (x CONSTRAINT Qanarivolux CHECK (x <> 'Qanarivolux'));
             CREATE TABLE needed (x, y NOT NULL); CREATE TABLE keyed (x PRIMARY KEY) WITHOUT ROWID;
             CREATE TABLE strict (x INTEGER) STRICT; CREATE TABLE numbered (x INTEGER PRIMARY KEY); CREATE TABLE texts (x);",
        )
        .unwrap();
    for (kind, body, expected) in TRIGGERS {
        let trigger = format!("CREATE TRIGGER provoke BEFORE INSERT ON member BEGIN {body}; END");
        place.machine.database("live.db").execute_batch(&trigger).unwrap();
        let (code, message) = fails(kind, &place);
        assert_eq!(code, expected, "{kind}: {message}");
        place.machine.database("live.db").execute_batch("DROP TRIGGER provoke").unwrap();
        assert_eq!(place.number("SELECT count(*) FROM member"), 1, "{kind}");
    }
    assert_eq!(place.push(&list(), &[]).0, 0);
}

#[test]
fn no_error_of_a_damaged_file_shows_a_value() {
    let place = Place::sqlite();
    let file = place.machine.path().join("data/live.db");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    // What is no database is full of values, and is not what is searched for them.
    let text = format!("{NAME},{MAIL},{NUMBER}\n").repeat(1000);
    let elsewhere = place.machine.file("elsewhere.db", &text);
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    let (_, message) = fails("no database", &place);
    assert!(message.contains("no database of this Muster"), "{message}");
    std::fs::remove_file(&file).unwrap();
    let members: String = (0..2_000).map(|number| format!("{number},Ann\n")).collect();
    assert_eq!(place.push(&format!("member number,first name\n{members}"), &[]).0, 0);
    let pages = std::fs::metadata(&file).unwrap().len() / 4096;
    let mut damaged = std::fs::File::options().write(true).open(&file).unwrap();
    for page in 2..pages {
        damaged.seek(SeekFrom::Start(page * 4096)).unwrap();
        damaged.write_all(&[7; 4096]).unwrap();
    }
    drop(damaged);
    fails("damaged", &place);
}

/// What a database of a program's own connection says.
#[tokio::test]
async fn no_error_of_a_busy_full_or_read_only_file_shows_a_value() {
    let place = Place::sqlite();
    assert_eq!(place.push("member number,first name\n1,Ann\n", &[]).0, 0);
    let path = place.machine.path().join("data/live.db");
    let access = Access::Sqlite(SqliteAccess { path, key: place.machine.data_key() });
    let insert = format!(
        "INSERT INTO member (given_name, email, version) VALUES ('{NAME}', '{MAIL}' || zeroblob(100000), 1)"
    );
    for (kind, pragma, expected) in [
        ("read-only", "PRAGMA query_only = 1", Code::Database),
        ("full", "PRAGMA max_page_count = 1", Code::Disk),
        ("busy", "PRAGMA busy_timeout = 0", Code::Busy),
    ] {
        let other = place.machine.database("live.db");
        let target = Target::open(&access).await.unwrap();
        run(target.db(), pragma, []).await.unwrap();
        if kind == "busy" {
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
        }
        let error = run(target.db(), &insert, []).await.unwrap_err();
        assert_eq!(error.code(), expected, "{kind}: {error}");
        assert_hidden(kind, &told(&error));
        target.close().await.unwrap();
    }
    let job = Job::silent();
    let target = Target::open_for(&access, "pat", &job).await.unwrap();
    job.cancel();
    let count = format!(
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000000) SELECT count(*) FROM n WHERE '{NAME}' = x"
    );
    let error = run(target.db(), &count, []).await.unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
    assert_hidden("interrupted", &told(&error));
    target.close().await.unwrap();
}
