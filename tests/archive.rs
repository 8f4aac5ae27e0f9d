//! Raw files as they came: stored before a push, in a folder, in the database and in S3; found again, saved and verified.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::Value;

use crate::lists::list;
use crate::place::Place;

pub(crate) const COMPANIES: &str = "id,name\n1,Acme\n2,Globex\n";

/// The folder that is the archive where the settings say no path.
fn folder(place: &Place) -> PathBuf {
    place.machine.path().join("data").join("archive")
}

pub(crate) fn settings(place: &Place, archive: &str) {
    let path = place.machine.path().join("config").join("config.yml");
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{settings}\narchive: {archive}\n")).unwrap();
}

fn push(place: &Place, rows: usize) -> (i32, Value) {
    place.machine.file("club.csv", list(0, rows, "TX"));
    place.machine.file("companies.csv", COMPANIES);
    place.run(&["push", "club.csv", "companies.csv"])
}

fn files(place: &Place) -> Vec<Value> {
    place.run(&["archive", "list"]).1["files"].as_array().unwrap().clone()
}

/// Saves each file and compares it with what was pushed.
fn check_saved(place: &Place, names: &[&str]) {
    let found = files(place);
    let mut known: Vec<&str> = found.iter().map(|file| file["name"].as_str().unwrap()).collect();
    known.sort_unstable();
    known.dedup();
    assert_eq!(known, names);
    for file in &found {
        let sha256 = file["sha256"].as_str().unwrap();
        let (code, saved) = place.run(&["archive", "get", sha256, "--out", "saved"]);
        assert_eq!(code, 0, "{saved}");
        let saved = std::fs::read(place.machine.path().join("saved")).unwrap();
        assert_eq!(saved.len() as u64, file["size"].as_u64().unwrap());
        let latest = place.machine.path().join(file["name"].as_str().unwrap());
        if file["push"] == found[0]["push"] {
            assert_eq!(saved, std::fs::read(latest).unwrap());
        }
    }
}

#[test]
fn a_folder_keeps_each_file_once_for_all_pushes() {
    for place in Place::all() {
        settings(&place, "{ kind: folder }");
        assert_eq!(push(&place, 3).0, 0);
        assert_eq!(push(&place, 5).0, 0);
        check_saved(&place, &["club.csv", "companies.csv"]);
        assert_eq!(files(&place).len(), 4, "two files of two pushes");
        let kept = || std::fs::read_dir(folder(&place)).unwrap().count();
        assert_eq!(kept(), 3, "the companies are kept once");
        // The same package again, and an undo, change nothing there.
        assert_eq!(push(&place, 5).0, 0);
        assert_eq!(place.run(&["undo", "2"]).0, 0);
        assert_eq!((kept(), files(&place).len()), (3, 4));
        let (code, check) = place.run(&["archive", "verify"]);
        assert_eq!((code, check["sound"].as_u64()), (0, Some(3)));
    }
}

#[test]
fn a_damaged_and_a_missing_file_are_told() {
    let place = Place::sqlite();
    settings(&place, "{ kind: folder }");
    assert_eq!(push(&place, 3).0, 0);
    let found = files(&place);
    let path = |at: usize| folder(&place).join(found[at]["sha256"].as_str().unwrap());
    std::fs::remove_file(path(0)).unwrap();
    let length = std::fs::metadata(path(1)).unwrap().len();
    std::fs::remove_file(path(1)).unwrap();
    std::fs::write(path(1), vec![b'x'; usize::try_from(length).unwrap()]).unwrap();
    let (code, check) = place.run(&["archive", "verify"]);
    assert_eq!((code, check["sound"].as_u64()), (1, Some(0)));
    assert_eq!((&check["missing"][0], &check["damaged"][0]), (&found[0]["sha256"], &found[1]["sha256"]));
    for file in &found {
        let before = std::fs::read_dir(place.machine.path()).unwrap().count();
        let (code, error) =
            place.run(&["archive", "get", file["sha256"].as_str().unwrap(), "--out", "saved"]);
        assert_ne!(code, 0, "{error}");
        assert_eq!(
            std::fs::read_dir(place.machine.path()).unwrap().count(),
            before,
            "nothing is left behind"
        );
    }
}

#[test]
fn the_database_keeps_the_files_of_its_pushes() {
    for place in Place::all() {
        // Where the settings say nothing.
        assert_eq!(push(&place, 3).0, 0);
        assert_eq!(push(&place, 5).0, 0);
        check_saved(&place, &["club.csv", "companies.csv"]);
        assert_eq!(place.number("SELECT count(*) FROM raw_file WHERE location = 'database'"), 3);
        assert!(!folder(&place).exists());
        assert_eq!(place.run(&["archive", "verify"]).1["sound"].as_u64(), Some(3));
        // Another program changed a byte.
        let sql = match place.db.is_some() {
            true => "UPDATE raw_file_part SET bytes = 'x'::bytea || substr(bytes, 2)",
            false => "UPDATE raw_file_part SET bytes = CAST('x' || substr(bytes, 2) AS BLOB)",
        };
        match &place.db {
            Some(db) => drop(db.psql(sql)),
            None => drop(place.machine.database("live.db").execute(sql, []).unwrap()),
        }
        let (code, check) = place.run(&["archive", "verify"]);
        assert_eq!((code, check["damaged"].as_array().unwrap().len()), (1, 3));
    }
}

#[test]
fn a_file_stays_where_it_was_archived_when_the_settings_change() {
    let place = Place::sqlite();
    assert_eq!(push(&place, 3).0, 0);
    settings(&place, "{ kind: folder }");
    let sha256 = files(&place)[0]["sha256"].as_str().unwrap().to_owned();
    let (code, error) = place.run(&["archive", "get", &sha256, "--out", "saved"]);
    assert_eq!(code, 4, "{error}");
    assert!(error.to_string().contains("another archive"), "{error}");
    assert_eq!(place.run(&["archive", "verify"]).1["elsewhere"].as_u64(), Some(2));
    // With the next push the files are in the new one, too.
    assert_eq!(push(&place, 3).0, 0);
    assert_eq!(push(&place, 4).0, 0);
    assert_eq!(
        place.run(&["archive", "get", files(&place)[0]["sha256"].as_str().unwrap(), "--out", "saved"]).0,
        0
    );
}

/// `--secret-file archive=…`, and an archive in the bucket of the tests' store.
pub(crate) fn s3(place: &Place, more: &str) -> String {
    let endpoint = std::env::var("MUSTER_TEST_S3").expect("run under scripts/with-services.sh");
    settings(place, &format!("{{ kind: s3, bucket: raw, key_id: muster, endpoint: '{endpoint}'{more} }}"));
    format!("archive={}", std::env::var("MUSTER_TEST_S3_SECRET_FILE").unwrap())
}

#[test]
fn a_bucket_keeps_files_of_all_sizes() {
    let place = Place::sqlite();
    let secret = s3(&place, ", prefix: lists/of-clubs");
    let run = |arguments: &[&str]| place.run(&[arguments, &["--secret-file", &secret]].concat());
    // More than one request takes.
    let notes = "note ".repeat(400);
    let rows: Vec<String> = list(0, 6_000, "TX")
        .lines()
        .enumerate()
        .map(|(at, row)| format!("{row},{}", if at == 0 { "notes" } else { &notes }))
        .collect();
    place.machine.file("club.csv", rows.join("\n"));
    place.machine.file("companies.csv", COMPANIES);
    let (code, report) = run(&["push", "club.csv", "companies.csv"]);
    assert_eq!(code, 0, "{report}");
    let found = run(&["archive", "list"]).1["files"].as_array().unwrap().clone();
    assert!(found.iter().any(|file| file["size"].as_u64().unwrap() > 10_000_000));
    for file in found {
        assert_eq!(file["location"], "s3://raw/lists/of-clubs");
        let sha256 = file["sha256"].as_str().unwrap();
        assert_eq!(run(&["archive", "get", sha256, "--out", "saved"]).0, 0);
        let came = std::fs::read(place.machine.path().join(file["name"].as_str().unwrap())).unwrap();
        assert_eq!(std::fs::read(place.machine.path().join("saved")).unwrap(), came);
    }
    let (code, check) = run(&["archive", "verify"]);
    assert_eq!((code, check["sound"].as_u64()), (0, Some(2)));
    // A list is read from there, too, in several requests.
    let sha256 = run(&["archive", "list"]).1["files"][0]["sha256"].as_str().unwrap().to_owned();
    let (code, report) = run(&["run", &format!("s3://raw/lists/of-clubs/{sha256}"), "--out", "results"]);
    assert_eq!((code, &report["files"][0]["sha256"]), (0, &sha256.into()), "{report}");
    assert_eq!(report["counts"]["read"].as_u64(), Some(6_000));
    let (code, test) = run(&["archive", "test"]);
    assert_eq!((code, test["ok"].as_bool()), (0, Some(true)), "{test}");
    let states = |test: &Value| {
        test["steps"].as_array().unwrap().iter().map(|step| step["state"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(states(&test), ["ok"; 4], "{test}");
}

#[test]
fn no_row_moves_where_the_archive_cannot_be_written() {
    let place = Place::sqlite();
    s3(&place, "");
    // No secret, and a wrong one.
    assert_ne!(push(&place, 3).0, 0);
    let wrong = place.machine.file("wrong", "not the secret");
    std::fs::set_permissions(&wrong, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let named = format!("archive={}", wrong.display());
    let (code, error) = place.run(&["push", "club.csv", "companies.csv", "--secret-file", &named]);
    assert_eq!(code, 4, "{error}");
    assert!(error.to_string().contains("does not accept the access key"), "{error}");
    assert_eq!(place.number("SELECT count(*) FROM member"), 0);
    assert_eq!(place.number("SELECT count(*) FROM push"), 0);
}

#[test]
fn a_wrong_key_says_nothing_about_the_files() {
    let place = Place::sqlite();
    let secret = s3(&place, "");
    let run = |arguments: &[&str], secret: &str| place.run(&[arguments, &["--secret-file", secret]].concat());
    place.machine.file("club.csv", list(0, 3, "TX"));
    assert_eq!(run(&["push", "club.csv"], &secret).0, 0);
    let wrong = place.machine.file("wrong", "not the secret");
    std::fs::set_permissions(&wrong, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let (code, error) = run(&["archive", "verify"], &format!("archive={}", wrong.display()));
    assert_eq!(code, 4, "{error}");
    assert!(error.to_string().contains("does not accept the access key"), "{error}");
}

/// A store that has nothing but what the archive's test wrote, and answers to everything else with a status, whatever the
/// condition, until the test ends.
fn store_that_says(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = Vec::new();
            let mut chunk = [0; 4_096];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut chunk) {
                    Ok(length) if length > 0 => request.extend_from_slice(&chunk[..length]),
                    _ => break,
                }
            }
            let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
            let (status, length, body) = match line.split_once(' ').unwrap_or_default() {
                ("HEAD", object) if object.contains("muster-test-") => ("200 OK", 6, ""),
                ("GET", object) if object.contains("muster-test-") => ("206 Partial Content", 6, "Muster"),
                ("HEAD", _) => ("404 Not Found", 0, ""),
                _ => (status, 0, ""),
            };
            let facts =
                "ETag: \"1\"\r\nLast-Modified: Thu, 26 Nov 2026 07:00:00 GMT\r\nContent-Range: bytes 0-5/6";
            let answer = format!(
                "HTTP/1.1 {status}\r\n{facts}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

/// A push to such a store fails and writes nothing: its exit code, and its error. And what the archive's test says.
fn pushed_to(status: &'static str) -> (i32, String, Value) {
    let place = Place::sqlite();
    let endpoint = store_that_says(status);
    settings(&place, &format!("{{ kind: s3, bucket: raw, key_id: muster, endpoint: '{endpoint}' }}"));
    let secret = place.machine.file("secret", "any");
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let named = format!("archive={}", secret.display());
    place.machine.file("club.csv", list(0, 3, "TX"));
    let (code, error) = place.run(&["push", "club.csv", "--secret-file", &named]);
    assert_eq!(place.number("SELECT count(*) FROM push"), 0);
    let (failed, test) = place.run(&["archive", "test", "--secret-file", &named]);
    assert_eq!((failed, test["ok"].as_bool()), (1, Some(false)));
    (code, error.to_string(), test)
}

#[test]
fn a_store_that_lets_files_be_overwritten_is_refused() {
    let (code, error, test) = pushed_to("200 OK");
    assert_eq!(code, 4, "{error}");
    for said in [error, test.to_string()] {
        assert!(said.contains("lets files be overwritten"), "{said}");
    }
}

#[test]
fn a_bucket_that_is_not_there_is_told_as_such() {
    let (code, error, test) = pushed_to("404 Not Found");
    assert_eq!(code, 1, "{error}");
    for said in [error, test.to_string()] {
        assert!(said.contains("no such bucket"), "{said}");
    }
}
