//! The archive in S3: nothing is written over, no kill leaves a push without its files, and lists are read from there.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use muster_backend::config::Config;
use muster_backend::keychain::Keychain;
use muster_backend::probe::DIE_AT;
use muster_backend::profiles::Profiles;
use muster_backend::run::{RunRequest, files_of_paths, run};
use muster_backend::secrets::{Named, Secrets};
use muster_backend::{Code, Job};
use muster_tests::{Machine, random_text};
use serde_json::Value;

use crate::archive::{COMPANIES, s3, settings};
use crate::lists::{Random, list};
use crate::place::Place;

/// The address of a store that keeps every version of an object.
pub(crate) fn moto() -> String {
    std::env::var("MUSTER_TEST_MOTO").expect("run under scripts/with-services.sh")
}

/// An archive in its bucket; `--secret-file archive=…`, of which it checks nothing.
fn in_moto(place: &Place, prefix: &str) -> String {
    let endpoint = moto();
    settings(
        place,
        &format!("{{ kind: s3, bucket: raw, key_id: muster, endpoint: '{endpoint}', prefix: {prefix} }}"),
    );
    format!("archive={}", std::env::var("MUSTER_TEST_S3_SECRET_FILE").unwrap())
}

/// What a signature looks like: the store lets nobody without one write over an object, and checks none.
const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=muster/20261126/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

/// Asks the store something; what it answers.
pub(crate) fn ask(method: &str, path: &str, body: &[u8]) -> String {
    let address = moto();
    let host = address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {SIGNED}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// How many versions the store has of each object below a prefix.
fn versions(prefix: &str) -> BTreeMap<String, usize> {
    let answer = ask("GET", &format!("/raw?versions&prefix={prefix}"), b"");
    let mut found = BTreeMap::new();
    for version in answer.split("<Version>").skip(1) {
        let key = version.split("<Key>").nth(1).unwrap().split("</Key>").next().unwrap();
        *found.entry(key.to_owned()).or_default() += 1;
    }
    found
}

fn push(place: &Place, secret: &str, rows: usize) -> (i32, Value) {
    place.machine.file("club.csv", list(0, rows, "TX"));
    place.machine.file("companies.csv", COMPANIES);
    place.run(&["push", "club.csv", "companies.csv", "--secret-file", secret])
}

#[test]
fn a_bucket_with_versions_has_one_of_each_file() {
    let prefix = format!("versions-{}", random_text());
    let places = [Place::sqlite(), Place::sqlite()];
    for place in &places {
        let secret = in_moto(place, &prefix);
        for rows in [3, 5, 5] {
            let (code, report) = push(place, &secret, rows);
            assert_eq!(code, 0, "{report}");
        }
        let (code, check) = place.run(&["archive", "verify", "--secret-file", &secret]);
        assert_eq!((code, check["sound"].as_u64()), (0, Some(3)), "{check}");
        let (code, test) = place.run(&["archive", "test", "--secret-file", &secret]);
        assert_eq!(code, 0, "{test}");
    }
    let mut found = versions(&prefix);
    found.retain(|key, _| !key.contains("muster-test-"));
    assert_eq!(found.values().copied().collect::<Vec<_>>(), [1, 1, 1], "{found:?}");
}

/// Members from this number on in a list of about so many bytes, which no other call gives.
fn large(first: usize, bytes: usize) -> String {
    let rows = 1_000;
    let notes = format!("{} ", random_text()).repeat(bytes / rows / 17);
    let with_notes = |(at, row): (usize, &str)| format!("{row},{}", if at == 0 { "notes" } else { &notes });
    list(first, rows, "TX").lines().enumerate().map(with_notes).collect::<Vec<_>>().join("\n")
}

/// Every push that the ledger has, has its two files, and the archive has them as they came. How many pushes.
fn check_files(place: &Place, secret: &str) -> i64 {
    let pushes = place.number("SELECT count(*) FROM push WHERE kind = 'push'");
    let files = place.number("SELECT count(*) FROM push_file");
    assert_eq!(files, 2 * pushes);
    let (code, check) = place.run(&["archive", "verify", "--secret-file", secret]);
    assert_eq!(code, 0, "{check}");
    // The companies are one file for all.
    assert_eq!(check["sound"].as_i64(), Some(pushes + 1), "{check}");
    pushes
}

/// Pushes that are killed, those at the named places included.
const KILLS: usize = 12;
const PLACES: [&str; 4] = ["ledger asked", "raw files archived", "about to commit", "committed"];

#[test]
fn no_kill_leaves_a_push_without_its_files() {
    let place = Place::sqlite();
    let secret = s3(&place, &format!(", prefix: kills-{}", random_text()));
    let command = ["push", "club.csv", "companies.csv", "--secret-file", &secret];
    place.machine.file("companies.csv", COMPANIES);
    // One that goes in one request, and one that goes in parts.
    let sizes = [1 << 20, 9 << 20];
    let whole = [0, 1].map(|at| {
        place.machine.file("club.csv", large(at * 1_000, sizes[at]));
        let started = Instant::now();
        let (code, report) = place.run(&command);
        assert_eq!(code, 0, "{report}");
        started.elapsed()
    });
    let mut committed = check_files(&place, &secret);
    assert_eq!(committed, 2);
    let mut random = Random(20_261_126);
    let (mut killed, mut pushed) = (0, 0);
    while killed < KILLS {
        assert!(pushed < 10 * KILLS, "most pushes end before they are killed");
        place.machine.file("club.csv", large((pushed + 2) * 1_000, sizes[pushed % 2]));
        let point = PLACES.get(pushed);
        let mut push = place.command(&command);
        if let Some(point) = point {
            push.env(DIE_AT, point);
        }
        let mut push = push.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if point.is_none() {
            let span = u64::try_from(whole[pushed % 2].as_micros()).unwrap();
            std::thread::sleep(Duration::from_micros(random.below(span)));
            push.kill().unwrap();
        }
        let status = push.wait().unwrap();
        assert!(point.is_none() || status.signal() == Some(9), "{point:?}: {status}");
        killed += usize::from(status.signal() == Some(9));
        pushed += 1;
        let now = check_files(&place, &secret);
        assert!((committed..=committed + 1).contains(&now), "{point:?}: {committed} pushes, then {now}");
        committed = now;
    }
    // The list whose push was killed last goes with the next one.
    let (code, report) = place.run(&command);
    assert_eq!(code, 0, "{report}");
    let now = check_files(&place, &secret);
    assert!((committed..=committed + 1).contains(&now));
    eprintln!("{killed} of {pushed} pushes killed; {} of them are in the ledger", committed - 2);
}

const CLUB: &str = "name,born,joined\nAnn Lee,13/02/1970,1990\nBob Ray,03/04/1980,2001\n";

#[test]
fn a_list_is_read_from_s3_by_its_path_and_by_a_recipe() {
    let folder = format!("lists-{}", random_text());
    ask("PUT", &format!("/raw/{folder}/rowing_club.csv"), CLUB.as_bytes());
    let path = format!("s3://raw/{folder}/rowing_club.csv");
    let place = Place::sqlite();
    let secret = in_moto(&place, &folder);
    let (code, report) = place.run(&["run", &path, "--out", "results", "--secret-file", &secret]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["counts"]["clean"].as_u64(), Some(2), "{report}");
    let file = &report["files"][0];
    assert_eq!((&file["name"], &file["source"]), (&"rowing_club.csv".into(), &"Rowing Club".into()));
    let recipe = std::fs::read_to_string(place.machine.path().join("results/recipe.yml")).unwrap();
    assert!(recipe.contains(&path), "{recipe}");
    // The recipe does it again, and a push archives the file as any other.
    let recipe = ["push", "--recipe", "results/recipe.yml", "--secret-file", &secret];
    let (code, report) = place.run(&recipe);
    assert_eq!((code, report["push"]["inserted"].as_u64()), (0, Some(2)), "{report}");
    let (_, files) = place.run(&["archive", "list"]);
    assert_eq!(files["files"][0]["name"], "rowing_club.csv");
    let sha256 = files["files"][0]["sha256"].as_str().unwrap();
    assert_eq!(place.run(&["archive", "get", sha256, "--out", "saved", "--secret-file", &secret]).0, 0);
    assert_eq!(std::fs::read_to_string(place.machine.path().join("saved")).unwrap(), CLUB);
}

#[test]
fn a_list_that_cannot_be_read_from_s3_is_named() {
    let place = Place::sqlite();
    // Without an S3 in the settings.
    let (code, error) = place.run(&["run", "s3://raw/club.csv", "--out", "results"]);
    assert_ne!(code, 0);
    assert!(error.to_string().contains("the settings name no S3"), "{error}");
    let secret = in_moto(&place, "none");
    for (path, says) in [
        ("s3://raw/nowhere/club.csv", "S3 has no such file"),
        ("s3://not-there/club.csv", "S3 has no such file"),
        ("s3://raw", "no path of a file in S3"),
    ] {
        let (code, error) = place.run(&["run", path, "--out", "results", "--secret-file", &secret]);
        assert_ne!(code, 0);
        let error = error.to_string();
        assert!(error.contains(says) && error.contains(path), "{error}");
    }
    assert!(!place.machine.path().join("results").exists());
}

#[test]
fn what_is_in_a_folder_of_a_bucket_is_listed() {
    let folder = format!("lists-{}", random_text());
    for name in ["rowing club.csv", "chess_club.csv", "old/golf.csv"] {
        ask("PUT", &format!("/raw/{folder}/{}", name.replace(' ', "%20")), CLUB.as_bytes());
    }
    let place = Place::sqlite();
    let secret = in_moto(&place, "none");
    let list = |address: &str| place.run(&["s3", "list", address, "--secret-file", &secret]);
    let (code, found) = list(&format!("s3://raw/{folder}/"));
    let files = found["files"].as_array().unwrap();
    let paths: Vec<_> = files.iter().map(|file| file["path"].as_str().unwrap()).collect();
    let expected = ["chess_club.csv", "rowing club.csv"].map(|name| format!("s3://raw/{folder}/{name}"));
    assert_eq!((code, paths), (0, expected.iter().map(String::as_str).collect()));
    assert_eq!(
        (&files[1]["name"], files[1]["size"].as_u64()),
        (&"rowing club.csv".into(), Some(CLUB.len() as u64))
    );
    // As it is listed, it is read.
    let (code, report) = place.run(&["run", &expected[1], "--out", "results", "--secret-file", &secret]);
    assert_eq!((code, report["counts"]["read"].as_u64()), (0, Some(2)), "{report}");
    let (code, none) = list("s3://raw/nowhere");
    assert_eq!((code, none["files"].as_array().map(Vec::len)), (0, Some(0)));
    let (code, error) = list("s3://not-there/lists");
    assert_eq!((code, &error["error"]["code"]), (1, &"not_found".into()), "{error}");
    assert!(error.to_string().contains("no such bucket"), "{error}");
}

/// The store that checks signatures.
#[test]
fn a_wrong_key_lists_nothing_and_is_told_as_such() {
    let place = Place::sqlite();
    s3(&place, "");
    let wrong = place.machine.file("wrong", "not-the-secret\n");
    std::fs::set_permissions(&wrong, std::fs::Permissions::from_mode(0o600)).unwrap();
    let secret = format!("archive={}", wrong.display());
    let (code, error) = place.run(&["s3", "list", "s3://raw/lists", "--secret-file", &secret]);
    assert_eq!((code, &error["error"]["code"]), (4, &"refused".into()), "{error}");
}

#[tokio::test]
async fn fetching_from_s3_tells_how_far_it_is_and_can_be_cancelled() {
    let folder = format!("lists-{}", random_text());
    let bytes = large(0, 20 << 20);
    ask("PUT", &format!("/raw/{folder}/club.csv"), bytes.as_bytes());
    let machine = Machine::new();
    let secret = format!("archive={}", std::env::var("MUSTER_TEST_S3_SECRET_FILE").unwrap());
    let secrets = Secrets::new(Keychain::system(), Named::parse(&[secret], &[]).unwrap());
    let yaml = format!("{{ kind: s3, bucket: raw, key_id: muster, endpoint: '{}' }}", moto());
    std::fs::create_dir_all(machine.folders().config_file().parent().unwrap()).unwrap();
    std::fs::write(machine.folders().config_file(), format!("archive: {yaml}\n")).unwrap();
    let config = Config::load_file(&machine.folders(), None).unwrap();
    let profiles = Profiles::new(machine.folders(), config, secrets);
    let cancel = Arc::new(OnceLock::<Job>::new());
    let told = Arc::clone(&cancel);
    let total = bytes.len() as u64;
    let job = Job::new(move |stage, done, of| {
        assert_eq!((stage, of), ("s3_download", Some(total)));
        assert!(done < total, "it went on");
        if done > 0 {
            told.get().unwrap().cancel();
        }
    });
    assert!(cancel.set(job.clone()).is_ok());
    let request = RunRequest {
        recipe: files_of_paths(&[format!("s3://raw/{folder}/club.csv").into()]).unwrap(),
        base: machine.path().to_owned(),
        name: "club".into(),
        profile: None,
        out: Some(machine.path().join("results")),
        xlsx: false,
        plan_only: false,
        sql: false,
        remove_missing: false,
        confirmed: None,
    };
    let error = run(&profiles, request, &job).await.unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
    assert!(!machine.path().join("results").exists());
}
