//! `muster members add|edit|remove`, and whom the command line waits for.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::place::Place;

#[test]
fn members_are_added_edited_and_removed_and_each_can_be_undone() {
    for place in Place::all() {
        let add =
            ["members", "add", "--club", "Unity Golf Club", "--given-name", "Ann", "--family-name", "Lee"];
        let (code, added) = place.run(
            &[&add[..], &["--birth-date", "March 14, 1971", "--state", "texas", "--score", "7.50"]].concat(),
        );
        assert_eq!(
            (code, added["member"].as_u64(), added["entry"].as_u64()),
            (0, Some(1), Some(1)),
            "{added}"
        );
        let (code, view) = place.run(&["members", "show", "1"]);
        let value = |field: &str| {
            view["values"].as_array().unwrap().iter().find(|value| value["field"] == field).unwrap()["value"]
                .clone()
        };
        assert_eq!(
            (code, value("birth_date"), value("state")),
            (0, "1971-03-14".into(), "TX".into()),
            "{view:#}"
        );
        assert_eq!(view["memberships"][0]["club"], "Unity Golf Club");
        // The same person in the same club, what cannot be read, and nothing at all.
        let born = ["--birth-date", "1971-03-14"];
        assert_eq!(place.run(&[&add[..], &born].concat()).0, 4);
        assert_eq!(place.run(&[&add[..], &["--birth-date", "someday"]].concat()).0, 1);
        assert_eq!(place.run(&["members", "add", "--club", "Unity Golf Club"]).0, 1);

        let (code, edited) =
            place.run(&["members", "edit", "1", "--state", "WA", "--email", "ann@example.org"]);
        assert_eq!(code, 0, "{edited}");
        let (code, removed) = place.run(&["members", "remove", "1"]);
        assert_eq!(code, 0, "{removed}");
        assert_eq!(place.number("SELECT count(*) FROM member"), 0);
        assert_eq!(place.run(&["members", "show", "1"]).0, 1);
        assert_eq!(place.run(&["members", "remove", "1"]).0, 1);
        // The numbers of entries have gaps: what was refused may have used one.
        assert_eq!(place.run(&["undo", &removed["entry"].to_string()]).0, 0);
        assert_eq!(place.number("SELECT count(*) FROM member WHERE state = 'WA'"), 1);
        assert_eq!(place.run(&["undo", &edited["entry"].to_string()]).0, 0);
        assert_eq!(place.number("SELECT count(*) FROM member WHERE state = 'TX' AND email IS NULL"), 1);
    }
}

#[test]
fn whoever_saw_an_older_version_is_refused_with_exit_code_4() {
    for place in Place::all() {
        let add = ["members", "add", "--club", "Golf", "--given-name", "Ann", "--family-name", "Lee"];
        assert_eq!(place.run(&add).0, 0);
        assert_eq!(place.run(&["members", "edit", "1", "--if-version", "1", "--state", "WA"]).0, 0);
        // The version is 2 now.
        let (code, refused) = place.run(&["members", "edit", "1", "--if-version", "1", "--state", "OR"]);
        assert_eq!((code, &refused["error"]["code"]), (4, &"refused".into()), "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().contains("changed meanwhile by"), "{refused}");
        assert_eq!(place.run(&["members", "remove", "1", "--if-version", "1"]).0, 4);
        assert_eq!(place.number("SELECT count(*) FROM member WHERE state = 'WA'"), 1);
        assert_eq!(place.run(&["members", "remove", "1", "--if-version", "2"]).0, 0);
        assert_eq!(place.number("SELECT count(*) FROM member"), 0);
    }
}

#[test]
fn the_command_line_tells_whom_it_waits_for() {
    let place = Place::sqlite();
    place.push("member number,name,born\n1,Ann Lee,1970-01-02\n2,Bob Ray,never\n", &[]);
    place.run(&["rejects", "fix", "1", "born=1980-03-04"]);
    place.machine.file("club.csv", "member number,name,born\n3,Cyd Orr,1990-05-06\n");
    for command in [&["push", "club.csv"][..], &["rejects", "replay", "1"], &["undo", "1"]] {
        // Somebody writes, and has said who they are.
        let writer = place.machine.database("live.db");
        writer.execute_batch("BEGIN IMMEDIATE").unwrap();
        let note = place.machine.path().join("data/live.db-writer");
        std::fs::write(&note, "muster: Robin").unwrap();
        let mut child = place.command(command).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = lines.next().unwrap().unwrap();
        assert_eq!(told, "muster: waiting for Robin, who is writing to the database");
        writer.execute_batch("ROLLBACK").unwrap();
        // Told once, however long it took.
        assert!(lines.next().is_none());
        assert!(child.wait().unwrap().success(), "{command:?}");
    }
}

#[test]
fn two_members_are_merged_and_told_apart() {
    for place in Place::all() {
        let add = ["members", "add", "--club", "Golf", "--family-name", "Lee"];
        assert_eq!(place.run(&[&add[..], &["--given-name", "Ann", "--state", "TX"]].concat()).0, 0);
        let more = ["--given-name", "Anna", "--email", "anna@example.org"];
        assert_eq!(place.run(&[&add[..], &more].concat()).0, 0);
        let before = place.contents();
        let merge = ["members", "merge", "1", "2", "--set", "given_name=Annie"];
        let (code, look) = place.run(&[&merge[..], &["--dry-run"]].concat());
        assert_eq!(
            (code, &look["entry"], &look["memberships"][0]["twice"]),
            (0, &Value::Null, &true.into()),
            "{look}"
        );
        assert_eq!(place.contents(), before);
        // What cannot be read, who is not there, and an older version.
        assert_eq!(place.run(&["members", "merge", "1", "2", "--set", "shoe=9"]).0, 1);
        assert_eq!(place.run(&["members", "merge", "1", "2", "--set", "email=canary"]).0, 1);
        assert_eq!(place.run(&["members", "merge", "1", "9"]).0, 1);
        assert_eq!(place.run(&["members", "merge", "1", "2", "--if-versions", "1", "1"]).0, 4);
        let (code, merged) = place.run(&merge);
        assert_eq!((code, &merged["changes"]), (0, &look["changes"]), "{merged}");
        let (_, view) = place.run(&["members", "show", "1"]);
        assert_eq!(
            (&view["merged_from"][0]["member"], view["memberships"].as_array().unwrap().len()),
            (&2.into(), 2)
        );
        let origin = |field: &str| {
            let origins = view["origins"].as_array().unwrap().iter();
            origins.clone().find(|origin| origin["field"] == field).unwrap().clone()
        };
        // The e-mail is what was typed into the member who went; the name was chosen in the merge.
        assert_eq!((&origin("email")["kind"], &origin("email")["member"]), (&"edit".into(), &2.into()));
        assert_eq!(origin("given_name")["kind"], "merge");
        let gone = place.run(&["members", "show", "2"]).1;
        assert!(gone["error"]["message"].as_str().unwrap().contains("was merged into member 1"), "{gone}");
        let (code, look) = place.run(&["members", "unmerge", "2", "--dry-run"]);
        assert_eq!((code, &look["entry"]), (0, &Value::Null), "{look}");
        assert_eq!(place.run(&["members", "unmerge", "2", "--if-version", "1"]).0, 4);
        let (code, back) = place.run(&["members", "unmerge", "1"]);
        assert_eq!((code, &back["merged"], &back["changes"]), (0, &2.into(), &look["changes"]), "{back}");
        assert_eq!(place.contents(), before);
        for nobody in ["1", "2", "9"] {
            assert_eq!(place.run(&["members", "unmerge", nobody]).0, 1);
        }
        let (_, history) = place.run(&["history"]);
        let kinds: Vec<&str> = history["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds[..2], ["unmerge", "merge"]);
        assert_eq!(place.run(&["undo", &back["entry"].to_string()]).0, 0);
        assert_eq!(place.number("SELECT count(*) FROM member"), 1);
    }
}
