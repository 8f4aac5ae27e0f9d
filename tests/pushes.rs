//! Pushes, their undo and their ledger on real databases: SQLite, PostgreSQL, and PostgreSQL behind PgBouncer.

use muster_tests::postgres::server;
use serde_json::Value;

use crate::place::Place;

const FIRST: &str = "number,first name,last name,born,company,state,email,score\n\
    1,Ann,Lee,1970-01-02,Acme,Oregon,,5\n\
    2,Bob,Ray,1980-03-04,,TX,bob@example.org,6\n\
    3,Cyd,Orr,1990-05-06,Blue Inc,TX,,7\n\
    4,Dot,Poe,never,Acme,TX,,8\n";
/// Ann moved and has an address now, Bob lost his, Cyd is gone, Eve is new.
const SECOND: &str = "number,first name,last name,born,company,state,email,score\n\
    1,Ann,Lee,1970-01-02,Acme,NY,ann@example.org,5\n\
    2,Bob,Ray,1980-03-04,,TX,,6\n\
    5,Eve,Fox,1991-05-06,Acme,TX,,9\n";

fn counts(push: &Value) -> [u64; 6] {
    ["inserted", "updated", "skipped_identical", "skipped_different", "removed", "rejected"]
        .map(|name| push[name].as_u64().unwrap_or_else(|| panic!("{push:#}")))
}

#[test]
fn every_mode_does_what_it_says_on_every_database() {
    for place in Place::all() {
        let (code, push) = place.push(FIRST, &[]);
        assert_eq!((code, counts(&push)), (3, [3, 0, 0, 0, 0, 1]), "{push:#}");
        // Again: nothing.
        let before = place.contents();
        let (_, push) = place.push(FIRST, &[]);
        assert_eq!(counts(&push), [0, 0, 3, 0, 0, 1]);
        assert_eq!(place.contents(), before);
        let (_, push) = place.push(SECOND, &["--plan-only", "--mode", "update"]);
        assert_eq!(counts(&push)[..2], [1, 1]);
        assert_eq!(place.contents(), before, "a plan writes nothing");
        let (_, push) = place.push(SECOND, &["--mode", "fill-blanks"]);
        assert_eq!(counts(&push), [1, 1, 0, 1, 0, 0], "{push:#}");
        assert_eq!(
            place.number("SELECT count(*) FROM member WHERE email = 'ann@example.org' AND state = 'OR'"),
            1
        );
        let (_, push) = place.push(SECOND, &["--mode", "update"]);
        assert_eq!(counts(&push), [0, 1, 1, 1, 0, 0], "{push:#}");
        assert_eq!(place.number("SELECT count(*) FROM member WHERE state = 'NY'"), 1);
        assert_eq!(place.number("SELECT count(*) FROM member WHERE email = 'bob@example.org'"), 1);
        let (_, push) = place.push(SECOND, &["--mode", "mirror", "--remove-missing"]);
        assert_eq!(counts(&push), [0, 1, 2, 0, 1, 0], "{push:#}");
        assert_eq!(place.number("SELECT count(*) FROM member"), 3);
        assert_eq!(place.number("SELECT count(*) FROM member WHERE email = 'bob@example.org'"), 0);
        let (_, audit) = place.run(&["audit", "verify"]);
        assert_eq!((audit["entries"].as_u64(), audit["broken_at"].as_u64()), (Some(4), None), "{audit}");
    }
}

#[test]
fn undo_takes_back_exactly_what_a_push_did_and_can_be_undone() {
    for place in Place::all() {
        assert_eq!(place.run(&["history"]).0, 0);
        place.push(FIRST, &[]);
        let first = place.contents();
        place.push(SECOND, &["--mode", "mirror", "--remove-missing"]);
        let second = place.contents();
        let (_, dry) = place.run(&["undo", "2", "--dry-run"]);
        assert_eq!(
            (dry["removed"].as_u64(), dry["restored"].as_u64(), dry["brought_back"].as_u64()),
            (Some(1), Some(2), Some(1)),
            "{dry:#}"
        );
        assert_eq!(place.contents(), second);
        let (code, report) = place.run(&["undo", "2"]);
        assert_eq!((code, report["kept"].as_u64()), (0, Some(0)), "{report:#}");
        assert_eq!(place.contents(), first);
        // Undone once is enough; the undo can be undone.
        assert_eq!(place.run(&["undo", "2"]).0, 4);
        let (code, report) = place.run(&["undo", "3"]);
        assert_eq!(code, 0, "{report:#}");
        assert_eq!(place.contents(), second);
        // Out of order: all that the second push wrote is kept, and named.
        let (_, report) = place.run(&["undo", "1"]);
        assert_eq!(report["removed"].as_u64(), Some(0), "{report:#}");
        assert!(report["kept"].as_u64() >= Some(2), "{report:#}");
    }
}

#[test]
fn what_was_typed_by_hand_is_not_overwritten_until_that_is_undone() {
    for place in Place::all() {
        place.push(FIRST, &[]);
        let ann = place.number("SELECT id FROM member WHERE given_name = 'Ann'").to_string();
        let (code, edited) = place.run(&["members", "edit", &ann, "--state", "WA"]);
        assert_eq!(code, 0, "{edited:#}");
        let (_, push) = place.push(SECOND, &["--mode", "update"]);
        assert_eq!(counts(&push)[1], 1, "{push:#}");
        let state = |state: &str| {
            place.number(&format!(
                "SELECT count(*) FROM member WHERE given_name = 'Ann' AND state = '{state}'"
            ))
        };
        assert_eq!(state("WA"), 1);
        assert_eq!(place.number("SELECT count(*) FROM member WHERE email = 'ann@example.org'"), 1);
        // Also where the list is to be mirrored; what nobody typed follows the list.
        let (_, push) = place.push(SECOND, &["--mode", "mirror"]);
        assert_eq!(counts(&push)[1], 1, "{push:#}");
        assert_eq!((state("WA"), place.number("SELECT count(*) FROM member WHERE email IS NULL")), (1, 3));
        // The pushes since are taken back, then the edit: the list's word counts again.
        for entry in ["4", "3", "2"] {
            assert_eq!(place.run(&["undo", entry]).0, 0);
        }
        let changed = SECOND.replace("Bob", "Robert");
        place.push(&changed, &["--mode", "update"]);
        assert_eq!(state("NY"), 1);
    }
}

#[test]
fn pushing_again_rewrites_no_row() {
    let db = server().database();
    let login = db.login();
    let place = Place::on(db, &login);
    place.push(FIRST, &[]);
    let db = place.db.as_ref().unwrap();
    let before = ["member", "membership", "source_record", "push"].map(|table| db.xmins(table, "id"));
    for round in 0..10 {
        let list = format!("{FIRST}{}", "\n".repeat(round % 2));
        let (_, push) = place.push(&list, if round % 2 == 0 { &[] } else { &["--mode", "update"] });
        assert_eq!(counts(&push)[..2], [0, 0], "{push:#}");
    }
    let after = ["member", "membership", "source_record"].map(|table| db.xmins(table, "id"));
    assert_eq!(after[..], before[..3]);
}

#[test]
fn a_login_that_row_level_security_binds_can_push() {
    let db = server().database();
    let login = db.login();
    let place = Place::on(db, &login);
    place.push(FIRST, &[]);
    let db = place.db.as_ref().unwrap();
    db.psql(
        "ALTER TABLE member ENABLE ROW LEVEL SECURITY; ALTER TABLE member FORCE ROW LEVEL SECURITY;
             CREATE POLICY everybody ON member USING (true) WITH CHECK (true);",
    );
    let (code, push) = place.push(SECOND, &["--mode", "update"]);
    assert_eq!((code, counts(&push)[0]), (0, 1), "{push:#}");
}

#[test]
fn eight_starters_make_the_tables_once() {
    let db = server().database();
    let login = db.login();
    let place = Place::on(db, &login);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(place.run(&["history"]).0, 0));
        }
    });
    let twice = "SELECT count(*) - count(DISTINCT version) FROM seaql_migrations";
    assert_eq!(place.number(twice), 0);
    assert!(place.number("SELECT count(*) FROM seaql_migrations") >= 12);
}

#[test]
fn a_newer_schema_is_refused() {
    let db = server().database();
    let login = db.login();
    let place = Place::on(db, &login);
    place.push(FIRST, &[]);
    place.db.as_ref().unwrap().psql("INSERT INTO seaql_migrations VALUES ('m9999_later', 0)");
    assert_eq!(place.push(SECOND, &[]).0, 4);
}
