//! The reject inbox: refused rows are found, fixed, dismissed and replayed on SQLite, PostgreSQL, and PostgreSQL behind
//! PgBouncer.

use std::process::Stdio;

use muster_tests::postgres::server;
use serde_json::Value;

use crate::place::Place;

/// Day first, as only lines 2 and 3 prove; a company by its id; Dot, Eve and the last have no birth date that can be read.
const LIST: &str = "member number,name,born,company,state,joined\n\
    1,Ann Lee,21/02/1970,7,Oregon,2001\n\
    2,Bob Ray,25/04/1980,8,TX,2002\n\
    3,\"Poe, Dot Q.\",never,7,texas,2003\n\
    4,Eve Fox,soon,9,NY,2004\n\
    5,,31/12/1999,8,NY,2005\n";
const COMPANIES: &str = "id,name\n7,Acme\n8,Blue Inc\n9,Cord Ltd\n";

/// Pushes the list with its companies; three rows are refused.
fn pushed(place: &Place, more: &[&str]) -> Value {
    place.machine.file("companies.csv", COMPANIES);
    place.machine.file("club.csv", LIST);
    let (code, report) = place.run(&[&["push", "club.csv", "companies.csv"], more].concat());
    assert_eq!((code, report["push"]["rejected"].as_u64()), (3, Some(3)), "{report:#}");
    report
}

fn rejects(place: &Place, arguments: &[&str]) -> (i32, Value) {
    place.run(&[&["rejects"], arguments].concat())
}

fn open(place: &Place) -> Vec<u64> {
    let (_, list) = rejects(place, &["list"]);
    list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

/// The first value of a row that a query finds.
fn text(place: &Place, sql: &str) -> String {
    match &place.db {
        Some(db) => db.psql(sql).trim().to_owned(),
        None => place.machine.database("live.db").query_row(sql, [], |row| row.get(0)).unwrap(),
    }
}

#[test]
fn a_fixed_row_is_read_as_its_import_would_have_read_it_and_becomes_a_member() {
    for place in Place::all() {
        pushed(&place, &[]);
        assert_eq!(open(&place), [1, 2, 3]);
        let (code, row) = rejects(&place, &["show", "1"]);
        assert_eq!(
            (code, row["line"].as_u64(), row["class"].as_str()),
            (0, Some(4), Some("rejected")),
            "{row:#}"
        );
        assert_eq!(row["raw_line"], "3,\"Poe, Dot Q.\",never,7,texas,2003");
        let born = &row["cells"][2];
        assert_eq!((&born["header"], &born["target"]), (&"born".into(), &"birth_date".into()));
        assert_eq!(born["issues"][0]["rule"], "unreadable_date");
        // Both a field and a header name the cell. The order of days is that of the import's column.
        let (code, row) = rejects(&place, &["fix", "1", "birth_date=03/04/1990", "STATE=New York"]);
        assert_eq!(
            (code, row["class"].as_str(), row["version"].as_u64()),
            (0, Some("clean"), Some(1)),
            "{row:#}"
        );
        assert_eq!(row["cells"][2]["original"], "never");

        let (code, plan) = rejects(&place, &["replay", "--all", "--dry-run"]);
        assert_eq!((code, plan["taken"].as_u64(), plan["stay"].as_u64()), (0, Some(1), Some(0)), "{plan:#}");
        assert_eq!(plan["rows"][0]["name"], "Dot Q. Poe");
        assert_eq!(place.number("SELECT count(*) FROM member"), 2, "a plan writes nothing");
        let (code, report) = rejects(&place, &["replay", "--all"]);
        assert_eq!(
            (code, report["inserted"].as_u64(), report["push"].as_u64()),
            (0, Some(1), Some(2)),
            "{report:#}"
        );
        let member = "SELECT member.family_name || '|' || member.middle_name || '|' || member.birth_date || '|' ||
                member.state || '|' || company.name || '|' || membership.source_key || '|' || source_record.line
            FROM member INNER JOIN membership ON membership.member_id = member.id
            INNER JOIN company ON member.company_id = company.id
            INNER JOIN source_record ON source_record.membership_id = membership.id
            INNER JOIN source_file ON source_record.source_file_id = source_file.id
            WHERE member.given_name = 'Dot' AND source_file.name = 'club.csv' AND source_record.push_id = 2";
        assert_eq!(text(&place, member), "Poe|Q.|1990-04-03|NY|Acme|3|4");
        assert_eq!(place.number("SELECT replayed_by FROM reject WHERE id = 1"), 2);
        assert_eq!(open(&place), [2, 3]);
        // It is one entry of the ledger, whose counts add up, and is audited.
        let (_, history) = place.run(&["history"]);
        let entry = &history["entries"][0];
        assert_eq!(
            (&entry["kind"], &entry["import_name"]),
            (&"push".into(), &"Rejects of club, companies".into())
        );
        let (_, audit) = place.run(&["audit", "verify"]);
        assert_eq!((audit["entries"].as_u64(), audit["broken_at"].as_u64()), (Some(3), None), "{audit}");
        // Again: there is nothing to do, and nobody is in twice.
        assert_eq!(rejects(&place, &["replay", "--all"]).0, 1);
        assert_eq!(rejects(&place, &["replay", "1"]).0, 4);
        assert_eq!(place.number("SELECT count(*) FROM member"), 3);
    }
}

#[test]
fn undo_opens_the_row_again_and_its_undo_takes_it_in_again() {
    for place in Place::all() {
        pushed(&place, &[]);
        let before = place.contents();
        rejects(&place, &["fix", "1", "born=03/04/1990"]);
        rejects(&place, &["fix", "2", "born=05/06/1991"]);
        assert_eq!(rejects(&place, &["replay", "1", "2"]).0, 0);
        let after = place.contents();
        // One of the two is edited since: they are kept, and their row stays taken in.
        let kept = place.number("SELECT id FROM member WHERE given_name = 'Eve'").to_string();
        let (code, edited) = place.run(&["members", "edit", &kept, "--state", "WA"]);
        assert_eq!(code, 0, "{edited:#}");
        let (_, report) = place.run(&["undo", "2"]);
        assert_eq!((report["removed"].as_u64(), report["kept"].as_u64()), (Some(1), Some(1)), "{report:#}");
        assert_eq!(open(&place), [1, 3]);
        assert_eq!(place.number("SELECT replayed_by FROM reject WHERE id = 2"), 2);
        // Undo of the undo, and of all.
        assert_eq!(place.run(&["undo", "4"]).0, 0);
        assert_eq!(open(&place), [3]);
        assert_eq!(place.number("SELECT replayed_by FROM reject WHERE id = 1"), 2);
        assert_eq!(place.run(&["undo", "3"]).0, 0);
        assert_eq!(place.contents(), after);
        assert_eq!(place.run(&["undo", "2"]).0, 0);
        assert_eq!(place.contents(), before);
        assert_eq!(open(&place), [1, 2, 3]);
        // It can be replayed anew.
        let (code, report) = rejects(&place, &["replay", "1"]);
        assert_eq!((code, report["inserted"].as_u64()), (0, Some(1)), "{report:#}");
        // With the push that refused them, open rows are gone; the one that was taken in stays.
        assert_eq!(place.run(&["undo", "1"]).0, 0);
        assert_eq!(open(&place), [0_u64; 0]);
        assert_eq!(rejects(&place, &["replay", "2"]).0, 4, "its push was undone");
        let (_, list) = rejects(&place, &["list", "--all"]);
        assert_eq!(list["total"].as_u64(), Some(1), "{list:#}");
    }
}

#[test]
fn a_row_that_is_refused_again_stays_with_its_new_reason() {
    for place in Place::all() {
        pushed(&place, &[]);
        rejects(&place, &["fix", "1", "born=the third"]);
        // Its dates contradict each other.
        rejects(&place, &["fix", "2", "born=03/04/2010"]);
        rejects(&place, &["fix", "3", "name=Gus Hay"]);
        let (code, report) = rejects(&place, &["replay", "--all"]);
        assert_eq!(
            (code, report["inserted"].as_u64(), report["stay"].as_u64()),
            (3, Some(1), Some(2)),
            "{report:#}"
        );
        assert_eq!(open(&place), [1, 2]);
        let (_, list) = rejects(&place, &["list"]);
        assert_eq!(list["rows"][1]["reasons"][0]["rule"], "joined_before_birth", "{list:#}");
        assert_eq!(place.number("SELECT rejected FROM push WHERE id = 2"), 1);
        assert_eq!(place.number("SELECT suspect FROM push WHERE id = 2"), 1);
        assert_eq!(place.number("SELECT count(*) FROM reject"), 3, "no row twice");
        rejects(&place, &["fix", "2", "born=03/04/2000"]);
        let (code, report) = rejects(&place, &["replay", "2"]);
        assert_eq!((code, report["inserted"].as_u64()), (0, Some(1)), "{report:#}");
    }
}

#[test]
fn a_row_whose_key_is_there_by_now_follows_the_mode() {
    for place in Place::all() {
        pushed(&place, &[]);
        // The club sends a new list, in which both are right.
        place.machine.file("club.csv", "member number,name,born,company,state,joined\n3,Dot Q. Poe,1990-04-03,7,TX,2003\n4,Eve Fox,1991-06-05,9,NY,2004\n");
        assert_eq!(place.run(&["push", "club.csv", "companies.csv"]).0, 0);
        rejects(&place, &["fix", "1", "born=03/04/1990"]);
        rejects(&place, &["fix", "2", "born=05/06/1991", "state=WA"]);
        let (code, report) = rejects(&place, &["replay", "1", "2"]);
        // The one is there as the row says and is done; the other is told and stays.
        assert_eq!(
            (code, report["already_there"].as_u64(), report["stay"].as_u64()),
            (3, Some(1), Some(1)),
            "{report:#}"
        );
        assert_eq!((report["inserted"].as_u64(), report["refused"].as_u64()), (Some(0), Some(0)));
        let differs = &report["rows"][0];
        assert_eq!(
            (&differs["outcome"], &differs["differences"][0]["field"]),
            (&"skip_different".into(), &"state".into())
        );
        assert_eq!(open(&place), [2, 3]);
        let (_, row) = rejects(&place, &["show", "2"]);
        assert_eq!(row["outcome"]["rule"], "skip_different", "{row:#}");
        let (code, report) = rejects(&place, &["replay", "2", "--mode", "update"]);
        assert_eq!((code, report["updated"].as_u64()), (0, Some(1)), "{report:#}");
        assert_eq!(place.number("SELECT count(*) FROM member WHERE state = 'WA'"), 1);
        assert_eq!(place.run(&["undo", "4"]).0, 0);
        assert_eq!(open(&place), [2, 3]);
        assert_eq!(place.run(&["undo", "3"]).0, 0);
        assert_eq!(open(&place), [1, 2, 3]);
    }
}

#[test]
fn a_mirror_replay_removes_nobody() {
    for place in Place::all() {
        pushed(&place, &["--mode", "mirror"]);
        rejects(&place, &["fix", "1", "born=03/04/1990"]);
        let (_, plan) = rejects(&place, &["replay", "1", "--dry-run"]);
        assert_eq!(
            (&plan["mode"], plan["counts"]["remove"].as_u64()),
            (&"mirror".into(), Some(0)),
            "{plan:#}"
        );
        assert_eq!(rejects(&place, &["replay", "1"]).0, 0);
        assert_eq!(place.number("SELECT count(*) FROM member"), 3);
    }
}

#[test]
fn a_dismissed_row_is_put_away_until_that_is_taken_back() {
    for place in Place::all() {
        pushed(&place, &[]);
        let (code, row) = rejects(&place, &["dismiss", "1"]);
        assert_eq!((code, row["state"].as_str()), (0, Some("dismissed")), "{row:#}");
        assert_eq!(open(&place), [2, 3]);
        assert_eq!(rejects(&place, &["replay", "1"]).0, 4);
        assert_eq!(rejects(&place, &["fix", "1", "born=1990-04-03"]).0, 4);
        let (_, row) = rejects(&place, &["dismiss", "1", "--undo"]);
        assert_eq!(row["state"], "open");
        assert_eq!(open(&place), [1, 2, 3]);
        assert_eq!(rejects(&place, &["show", "99"]).0, 1);
        assert_eq!(rejects(&place, &["fix", "1", "shoe size=44"]).0, 1);
        let (_, audit) = place.run(&["audit", "verify"]);
        assert_eq!((audit["entries"].as_u64(), audit["broken_at"].as_u64()), (Some(3), None), "{audit}");
    }
}

#[test]
fn eight_who_replay_the_same_rows_at_once_take_them_in_once() {
    for place in Place::all() {
        pushed(&place, &[]);
        rejects(&place, &["fix", "1", "born=03/04/1990"]);
        rejects(&place, &["fix", "2", "born=05/06/1991"]);
        let replay = |ids: &[&str]| {
            place.command(&[&["rejects", "replay"], ids].concat()).stdout(Stdio::null()).spawn().unwrap()
        };
        // Half of them mean one of the rows only.
        let children: Vec<_> =
            (0..8).map(|number| replay(if number % 2 == 0 { &["1", "2"] } else { &["1"] })).collect();
        let codes: Vec<i32> =
            children.into_iter().map(|mut child| child.wait().unwrap().code().unwrap()).collect();
        assert!(codes.contains(&0), "{codes:?}");
        assert!(codes.iter().all(|code| [0, 4].contains(code)), "{codes:?}");
        assert_eq!(place.number("SELECT count(*) FROM member WHERE given_name = 'Dot'"), 1);
        let _ = rejects(&place, &["replay", "2"]);
        assert_eq!(place.number("SELECT count(*) FROM member"), 4);
        assert_eq!(open(&place), [3]);
        let (_, audit) = place.run(&["audit", "verify"]);
        assert_eq!(audit["broken_at"].as_u64(), None, "{audit}");
    }
}

#[test]
fn a_replay_that_is_killed_has_done_all_or_nothing() {
    let rows: String = (1..=2_000).map(|number| format!("{number},Ann Lee,never,TX\n")).collect();
    for place in Place::all() {
        place.machine.file("club.csv", format!("number,name,born,state\n{rows}"));
        place.machine.file(
            "recipe.yml",
            "version: 1\nfiles:\n- path: club.csv\n  source: Club\n  columns: { number: source_key, name: full_name, \
             born: birth_date, state: state }\n",
        );
        let (_, report) = place.run(&["push", "--recipe", "recipe.yml"]);
        assert_eq!(report["push"]["rejected"].as_u64(), Some(2_000), "{report:#}");
        fix_all(&place);
        for round in 0..6 {
            let mut child =
                place.command(&["rejects", "replay", "--all"]).stdout(Stdio::null()).spawn().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(100 + round * 120));
            let _ = child.kill();
            child.wait().unwrap();
            let members = place.number("SELECT count(*) FROM member");
            assert!(members == 0 || members == 2_000, "{members}");
            assert_eq!(place.number("SELECT count(*) FROM reject WHERE replayed_by IS NOT NULL"), members);
        }
        let (_, report) = rejects(&place, &["replay", "--all"]);
        assert_eq!(place.number("SELECT count(*) FROM member"), 2_000, "{report:.600}");
        assert_eq!(place.number("SELECT count(*) FROM push"), 2);
        assert_eq!(open(&place), [0_u64; 0]);
    }
}

/// Gives every row of the inbox a birth date, from outside: two thousand calls would take a while.
fn fix_all(place: &Place) {
    let sql = "UPDATE reject SET fixed_cells = replace(cells, 'never', '1970-01-02'), version = 1";
    match &place.db {
        Some(db) => {
            db.psql(sql);
        }
        None => {
            place.machine.database("live.db").execute(sql, []).unwrap();
        }
    }
}

#[test]
fn the_persons_steps_are_laid_over_a_fixed_row_too() {
    let place = Place::sqlite();
    let list = "name,born,state\nAnn Lee,1970-02-21,Cascadia\nDot Poe,never,Cascadia\nDot Poe,never,TX\n";
    place.machine.file("club.csv", list);
    // The second Dot was edited in the import; their birth date was not.
    let fingerprint = muster_engine::key::fingerprint("Club", ["Dot Poe", "never"].into_iter());
    let recipe = format!(
        "version: 1\nfiles: [{{ path: club.csv, source: Club }}]\noperations:\n\
         - {{ kind: map_value, source: Club, column: state, from: Cascadia, to: OR }}\n\
         - {{ kind: edit_cell, row: '{fingerprint:032x}#1', field: preferred_name, was: 'Dot Poe', value: Dottie }}\n\
         - {{ kind: edit_cell, row: '{fingerprint:032x}#1', field: state, was: TX, value: WA }}\n"
    );
    place.machine.file("recipe.yml", recipe);
    let (code, report) = place.run(&["push", "--recipe", "recipe.yml"]);
    assert_eq!((code, report["push"]["rejected"].as_u64()), (3, Some(2)), "{report:#}");
    rejects(&place, &["fix", "1", "born=1990-04-03"]);
    rejects(&place, &["fix", "2", "born=1991-06-05"]);
    assert_eq!(rejects(&place, &["replay", "--all"]).0, 0);
    let dots = "SELECT group_concat(birth_date || ' ' || state || ' ' || coalesce(preferred_name, '-'), ', ')
        FROM (SELECT * FROM member WHERE given_name = 'Dot' ORDER BY birth_date)";
    assert_eq!(text(&place, dots), "1990-04-03 OR -, 1991-06-05 WA Dottie");
}

#[test]
fn a_row_with_too_many_cells_or_an_open_quote_is_taken_once_somebody_has_seen_to_it() {
    let place = Place::sqlite();
    let list = "number,name,born\n1,Ann Lee,1970-02-21\n2,Dot,Poe,1990-04-03\n3,\"Eve Fox,1991-06-05\n";
    let (code, push) = place.push(list, &[]);
    assert_eq!((code, push["rejected"].as_u64()), (3, Some(2)), "{push:#}");
    let (_, row) = rejects(&place, &["show", "1"]);
    assert_eq!(
        (&row["cells"][3]["header"], &row["issues"][0]["rule"]),
        (&"column 4".into(), &"surplus_cells".into())
    );
    // One of the two is not enough.
    let (_, row) = rejects(&place, &["fix", "1", "name=Dot Poe", "born=1990-04-03"]);
    assert_eq!(row["class"], "rejected", "{row:#}");
    let (_, row) = rejects(&place, &["fix", "1", "column 4="]);
    assert_eq!(row["class"], "clean", "{row:#}");
    let (_, row) = rejects(&place, &["fix", "2", "name=Eve Fox", "born=1991-06-05"]);
    assert_eq!(row["class"], "clean", "{row:#}");
    assert_eq!(rejects(&place, &["replay", "--all"]).0, 0);
    assert_eq!(place.number("SELECT count(*) FROM member"), 3);
}

#[test]
fn a_prod_profile_is_confirmed_by_its_name() {
    let db = server().database();
    let login = db.login();
    let place = Place::on(db, &login);
    pushed(&place, &[]);
    let settings = place.machine.path().join("config/config.yml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, text.replace("environment: dev", "environment: prod")).unwrap();
    let (code, row) = rejects(&place, &["fix", "1", "born=03/04/1990"]);
    assert_eq!(code, 0, "the inbox is not the members: {row:#}");
    for wrong in [&["replay", "1"][..], &["replay", "1", "--confirm", "Live"]] {
        assert_eq!(rejects(&place, wrong).0, 4);
    }
    assert_eq!(rejects(&place, &["replay", "1", "--dry-run"]).0, 0);
    assert_eq!(place.number("SELECT count(*) FROM member"), 2);
    assert_eq!(rejects(&place, &["replay", "1", "--confirm", "live"]).0, 0);
    assert_eq!(place.number("SELECT count(*) FROM member"), 3);
}

#[test]
fn a_row_of_an_earlier_version_is_shown_and_not_replayed() {
    let place = Place::sqlite();
    pushed(&place, &[]);
    place.machine.database("live.db").execute("UPDATE reject SET reading_id = NULL", []).unwrap();
    let (code, row) = rejects(&place, &["show", "1"]);
    assert_eq!(
        (code, row["replayable"].as_bool(), &row["cells"][2]["value"]),
        (0, Some(false), &"never".into())
    );
    assert_eq!(rejects(&place, &["replay", "1"]).0, 4);
    assert_eq!(rejects(&place, &["dismiss", "1"]).0, 0);
}

#[test]
fn an_inbox_that_nobody_pushed_to_is_empty() {
    let place = Place::sqlite();
    let (code, list) = rejects(&place, &["list"]);
    assert_eq!((code, list["total"].as_u64()), (0, Some(0)), "{list}");
    assert!(!place.machine.path().join("data/live.db").exists());
    assert_eq!(place.command(&["rejects", "fix", "1", "nonsense"]).output().unwrap().status.code(), Some(2));
    assert_eq!(place.command(&["rejects", "replay"]).output().unwrap().status.code(), Some(2));
}
