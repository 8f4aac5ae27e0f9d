//! `drive:FILE_ID` in a recipe, with a sign-in that a scheduler hands over.

use std::process::Output;

use muster_tests::drive::{FakeDrive, FakeFile, Fault};
use muster_tests::{Machine, leaks};

use super::{CLUB, token_file};

/// A machine whose settings lead to a fake Drive.
fn machine(fake: &FakeDrive) -> Machine {
    let machine = Machine::new();
    fake.write_settings(&machine);
    machine.file(
        "recipe.yml",
        "version: 1\nfiles:\n  - { path: 'drive:abc-1', source: Rowing Club }\n  - path: 'drive:abc-2'\n  - path: disk.csv\n",
    );
    machine.file("disk.csv", CLUB.replace("Ann", "Eve"));
    machine
}

fn run(machine: &Machine, token: &str) -> Output {
    machine.muster(&["run", "--recipe", "recipe.yml", "--out", "out", "--secret-file", token, "--json"])
}

#[test]
fn a_recipe_names_files_in_drive_and_on_disk() {
    let fake = FakeDrive::start();
    fake.put(FakeFile::csv("abc-1", "any name.csv", CLUB));
    fake.put(FakeFile::csv("abc-2", "chess_club.csv", &CLUB.replace("Ann", "Joe")));
    // Google says when to come back: at once.
    fake.fail("files.get.media", [Fault::later(429, "rateLimitExceeded", 0), Fault::Cut(20)]);
    let machine = machine(&fake);
    let token = token_file(&machine, &fake);
    let secret = std::fs::read_to_string(&token).unwrap().trim().trim_start_matches("refresh-").to_owned();
    let output = run(&machine, &format!("google-drive={}", token.display()));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["counts"]["read"], 6, "{report:#}");
    let files: Vec<_> =
        report["files"].as_array().unwrap().iter().map(|file| file["source"].as_str().unwrap()).collect();
    assert_eq!(files, ["Rowing Club", "Chess Club", "Disk"]);
    let recipe = std::fs::read_to_string(machine.path().join("out/recipe.yml")).unwrap();
    for path in ["drive:abc-1", "drive:abc-2", "disk.csv"] {
        assert!(recipe.contains(path), "{recipe}");
    }
    std::fs::remove_file(token).unwrap();
    assert_eq!(leaks::in_files(&[&secret], &[machine.path()]), Default::default());
    // The recipe that was written runs again.
    let again = token_file(&machine, &fake);
    let arguments = format!("google-drive={}", again.display());
    std::fs::copy(machine.path().join("out/recipe.yml"), machine.path().join("recipe.yml")).unwrap();
    assert_eq!(run(&machine, &arguments).status.code(), Some(0));
}

#[test]
fn what_is_missing_is_told_by_the_id() {
    let fake = FakeDrive::start();
    fake.put(FakeFile::csv("abc-1", "any name.csv", CLUB));
    let machine = machine(&fake);
    let token = token_file(&machine, &fake);
    let output = run(&machine, &format!("google-drive={}", token.display()));
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &object["error"]["code"]), (Some(1), &"not_found".into()), "{object}");
    assert!(object["error"]["message"].as_str().unwrap().starts_with("drive:abc-2: "), "{object}");
    fake.revoke_all();
    let output = run(&machine, &format!("google-drive={}", token.display()));
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &object["error"]["code"]), (Some(1), &"signed_out".into()), "{object}");
}
