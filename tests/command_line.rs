//! The program `muster`: its output, its exit codes, its files.

use muster_tests::{Machine, clubs};

const CLUB: &str = "given name,surname,dob,joined,state\n\
    Ann,Lee,1970/01/02,1990,Oregon\n\
    Bob,Ray,1980/03/04,1975,TX\n\
    ,,1981/05/06,2001,TX\n";

#[test]
fn the_clubs_are_imported_pushed_and_pushed_again() {
    let Some(files) = clubs() else { return };
    let machine = Machine::new();
    let files = files.map(|file| file.to_str().unwrap().to_owned());
    let arguments: Vec<_> = std::iter::once("run").chain(files.iter().map(String::as_str)).collect();
    let (code, report) = machine.muster_json(&arguments);
    assert_eq!(code, 0);
    assert_eq!(report["counts"]["read"], 16_118);
    assert_eq!(report["people"]["members"], 12_747);
    assert_eq!(report["people"]["conflicts"], 1);
    assert_eq!(report["push"]["inserted"], 12_747);
    let (_, report) = machine.muster_json(&arguments);
    assert_eq!(report["push"]["inserted"], 0);
    assert_eq!(report["push"]["skipped_identical"], 12_747);
}

/// The straight way to files and the way through staged rows are two paths: they must agree to the byte.
#[test]
fn both_ways_to_files_write_the_same() {
    let machine = Machine::new();
    assert!(machine.muster(&["sample", "--rows", "3000", "--seed", "7", "--out", "lists"]).status.success());
    let files = ["lists/harbour_rowing_club.csv", "lists/prairie_chess_league.tsv", "lists/companies.csv"];
    let run = |extra: &[&str]| machine.muster_json(&[&["run"], &files[..], extra].concat());
    let (code, straight) = run(&["--out", "straight"]);
    assert_eq!(code, 3);
    assert_eq!(straight["push"], serde_json::Value::Null);
    let (code, staged) = run(&["--out", "staged", "--profile", "local"]);
    assert_eq!(code, 3);
    for part in ["counts", "files", "issues", "people"] {
        assert_eq!(straight[part], staged[part], "{part}");
    }
    for file in ["master.csv", "suspects.csv", "rejects.csv", "recipe.yml"] {
        let read = |folder: &str| std::fs::read_to_string(machine.path().join(folder).join(file)).unwrap();
        assert_eq!(read("straight"), read("staged"), "{file}");
    }
}

#[test]
fn a_recipe_gives_the_same_again() {
    let machine = Machine::new();
    machine.file("club.csv", CLUB);
    let (code, first) = machine.muster_json(&["run", "club.csv", "--out", "out"]);
    assert_eq!(code, 3);
    std::fs::copy(machine.path().join("out/recipe.yml"), machine.path().join("recipe.yml")).unwrap();
    let (_, second) = machine.muster_json(&["run", "--recipe", "recipe.yml", "--out", "again"]);
    assert_eq!(first["counts"], second["counts"]);
    let read = |folder: &str| std::fs::read(machine.path().join(folder).join("master.csv")).unwrap();
    assert_eq!(read("out"), read("again"));
    insta::assert_snapshot!(std::fs::read_to_string(machine.path().join("recipe.yml")).unwrap());
}

#[test]
fn the_result_files_look_like_this() {
    let machine = Machine::new();
    machine.file("harbour_club.csv", CLUB);
    let (_, mut report) = machine.muster_json(&["run", "harbour_club.csv", "--out", "out"]);
    report["seconds"] = serde_json::Value::Null;
    let read = |name: &str| std::fs::read_to_string(machine.path().join("out").join(name)).unwrap();
    let all = ["master.csv", "suspects.csv", "rejects.csv"].map(|name| format!("--- {name}\n{}", read(name)));
    insta::assert_snapshot!(format!("{}--- report\n{report:#}", all.concat()));
}

#[test]
fn members_are_exported() {
    let machine = Machine::new();
    machine.file("club.csv", CLUB);
    assert_eq!(machine.muster(&["export", "--out", "members.csv"]).status.code(), Some(1));
    machine.muster(&["run", "club.csv"]);
    let (code, exported) = machine.muster_json(&["export", "--out", "members.csv"]);
    assert_eq!((code, &exported["rows"]), (0, &1.into()));
    let text = std::fs::read_to_string(machine.path().join("members.csv")).unwrap();
    assert!(text.ends_with("Ann,,Lee,,,,1970-01-02,,OR,,,1990,,,Club,club.csv,2\n"), "{text}");
    let (code, _) = machine.muster_json(&["export", "--out", "members.xlsx"]);
    assert_eq!(code, 0);
    assert_eq!(machine.muster(&["export", "--out", "members.doc"]).status.code(), Some(1));
}

#[test]
fn exit_codes_tell_a_scheduler_what_to_do() {
    let machine = Machine::new();
    machine.file("club.csv", CLUB);
    machine.file("clean.csv", "name,dob\nAnn Lee,1970-01-02\n");
    let code = |arguments: &[&str]| machine.muster(arguments).status.code().unwrap();
    assert_eq!(code(&["run", "clean.csv"]), 0);
    assert_eq!(code(&["run", "club.csv"]), 3);
    assert_eq!(code(&["run"]), 2);
    assert_eq!(code(&["run", "missing.csv"]), 1);
    assert_eq!(code(&["run", "club.csv", "--profile", "nowhere"]), 1);
    std::fs::create_dir_all(machine.path().join("config")).unwrap();
    let prod =
        "profiles:\n  live: { environment: prod, driver: sqlite, path: live.db }\nactive_profile: live\n";
    machine.file("config/config.yml", prod);
    assert_eq!(code(&["run", "clean.csv"]), 4);
    assert_eq!(code(&["run", "clean.csv", "--confirm", "wrong"]), 4);
    assert_eq!(code(&["run", "clean.csv", "--plan-only"]), 0);
    assert_eq!(code(&["run", "clean.csv", "--confirm", "live"]), 0);
    let newer = machine.database("live.db");
    newer.execute_batch("INSERT INTO seaql_migrations VALUES ('m9999_later', 0)").unwrap();
    drop(newer);
    assert_eq!(code(&["run", "clean.csv", "--confirm", "live"]), 4);
}

#[test]
fn an_error_is_one_json_object_too() {
    let machine = Machine::new();
    let (code, object) = machine.muster_json(&["run", "missing.csv"]);
    assert_eq!(code, 1);
    assert_eq!(object["error"]["code"], "disk");
    assert!(object["error"]["help"].is_string());
}

/// The first rows leave the order of the dates open, and a late one settles it for all of them.
#[test]
fn a_late_row_says_how_all_dates_are_written() {
    let machine = Machine::new();
    let mut list = String::from("name,born\n");
    for number in 0..60_000 {
        let name: String =
            format!("{number:05}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        list += &format!("Ann {name},0{}/0{}/1970\n", number % 9 + 1, number % 7 + 1);
    }
    list += "Late Comer,25/12/1970\n";
    machine.file("club.csv", list);
    let (code, report) = machine.muster_json(&["run", "club.csv", "--out", "out"]);
    assert_eq!((code, &report["counts"]["clean"]), (0, &60_001.into()));
    assert_eq!(report["files"][0]["rows"], 60_001);
    let master = std::fs::read_to_string(machine.path().join("out/master.csv")).unwrap();
    assert!(master.lines().nth(9).unwrap().contains("1970-02-09"), "{}", master.lines().nth(9).unwrap());
}

#[test]
fn a_plan_shows_the_statements_of_its_push_and_no_value() {
    let machine = Machine::new();
    machine.file("club.csv", "member number,name,born\n1,Canary Lee,1970-01-02\n2,Canary Ray,never\n");
    let (code, report) = machine.muster_json(&["plan", "club.csv", "--sql"]);
    assert_eq!(code, 3, "{report:#}");
    let statements = report["sql"].as_array().unwrap();
    let of = |purpose: &str| statements.iter().find(|one| one["purpose"] == purpose).unwrap();
    assert_eq!(of("Add members")["rows"], 1);
    assert!(of("Add members")["sql"].as_str().unwrap().contains("INSERT INTO member ("));
    assert_eq!(of("Put refused rows into the reject inbox")["rows"], 1);
    assert!(!report["sql"].to_string().contains("Canary"));
    let output = machine.muster(&["plan", "club.csv", "--sql"]);
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.contains("\n-- Add members (1 row)\n"), "{words}");
    assert!(!words.contains("Canary"), "{words}");
    let (_, report) = machine.muster_json(&["plan", "club.csv"]);
    assert!(report["sql"].is_null());
}
