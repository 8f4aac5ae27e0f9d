//! Errors of databases, provoked with values that nobody may see: neither messages nor output nor files repeat them.

mod postgres;
mod sqlite;

use std::path::PathBuf;

use muster_backend::config::Config;
use muster_backend::keychain::Keychain;
use muster_backend::profiles::Profiles;
use muster_backend::run::{RunRequest, files_of_paths, run};
use muster_backend::secrets::{Named, Secrets};
use muster_backend::{Error, Job};
use muster_tests::collector::Collector;
use muster_tests::leaks;

use crate::place::Place;

/// A name, a mail address and a member number that are nowhere else.
const NAME: &str = "Qanarivolux";
const MAIL: &str = "qanarimail";
const NUMBER: &str = "8887776661";

/// Two people of one name; the second row breaks what is unique.
fn list() -> String {
    format!(
        "member number,first name,last name,born,company,state,email,score\n\
         {NUMBER},{NAME},Lee,1970-01-02,Acme,TX,{MAIL}@example.org,5\n\
         {NUMBER}2,{NAME},Ray,1980-03-04,Acme,TX,{MAIL}@example.org,6\n"
    )
}

/// What a push said, in all the ways in which it can be told.
fn told(error: &Error) -> String {
    let mut told = format!("{error}\n{error:?}\n{error:#?}\n{}\n{:?}\n", error.message(), error.help());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        told.push_str(&format!("{cause}\n{cause:?}\n"));
        source = cause.source();
    }
    told
}

fn assert_hidden(kind: &str, text: &str) {
    let low = text.to_lowercase();
    for value in [NAME, MAIL, NUMBER] {
        assert!(!low.contains(&value.to_lowercase()), "{kind} shows {value}: {text}");
    }
}

/// Pushes the list, which must fail: on the command line with words and with JSON, and through the library. Nothing that
/// is said, and no file that is left, has a value. The code of the error, and its message.
fn fails(kind: &str, place: &Place) -> (i32, String) {
    let collector = log_all(place);
    let temporary = place.machine.path().join("temporary");
    std::fs::create_dir_all(&temporary).unwrap();
    place.machine.file("club.csv", list());
    let mut command = place.command(&["push", "club.csv"]);
    let with_json = command.env("TMPDIR", &temporary).env("RUST_BACKTRACE", "1").output().unwrap();
    let arguments: Vec<_> =
        command.get_args().filter(|argument| *argument != "--json").map(Into::into).collect();
    let mut in_words = place.machine.command(&[]);
    let in_words =
        in_words.args::<_, std::ffi::OsString>(arguments).env("TMPDIR", &temporary).output().unwrap();
    let mut said = String::new();
    for output in [&with_json, &in_words] {
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        assert!(!output.status.success(), "{kind} went well: {said}");
    }
    assert_eq!(with_json.status.code(), in_words.status.code(), "{kind}: {said}");
    assert_hidden(kind, &said);
    assert!(said.contains("muster: "), "{kind}: {said}");
    assert_hidden(kind, &told(&in_this_process(place)));
    let folders = [place.machine.path().join("data"), place.machine.path().join("config"), temporary];
    let folders: Vec<&std::path::Path> =
        folders.iter().map(PathBuf::as_path).filter(|path| path.exists()).collect();
    assert_eq!(leaks::in_files(&[NAME, MAIL, NUMBER], &folders), Default::default(), "{kind}");
    // Nor has the log, which is among the files, and what is sent.
    let sent = String::from_utf8_lossy(&collector.bytes(None)).into_owned();
    assert!(sent.contains("muster.errors"), "{kind}: nothing was sent");
    assert_hidden(kind, &sent);
    let error: serde_json::Value = serde_json::from_slice(&with_json.stdout).unwrap();
    let message = error["error"]["message"].as_str().unwrap_or_else(|| panic!("{kind}: {said}"));
    eprintln!("{kind}: {message}");
    (with_json.status.code().unwrap(), message.to_owned())
}

/// From now on all is logged, and sent to a collector of its own.
fn log_all(place: &Place) -> Collector {
    let collector = Collector::start();
    let path = place.machine.path().join("config").join("config.yml");
    let settings = std::fs::read_to_string(&path).unwrap();
    let settings = settings.split("\nlogs:").next().unwrap();
    let logs = format!("logs: {{ level: trace, otlp: {{ endpoint: '{}' }} }}", collector.address());
    std::fs::write(&path, format!("{}\n{logs}\n", settings.trim_end())).unwrap();
    collector
}

/// The same push through the library: its error.
fn in_this_process(place: &Place) -> Error {
    let machine = &place.machine;
    let mut secrets = vec![format!("data-key={}", machine.path().join("data-key").display())];
    if place.db.is_some() {
        secrets.push(format!("live={}", machine.path().join("password").display()));
    }
    let folders = machine.folders();
    let config = Config::load(&folders, None).unwrap();
    let secrets = Secrets::new(Keychain::system(), Named::parse(&secrets, &[]).unwrap());
    let profiles = Profiles::new(folders, config, secrets);
    let request = RunRequest {
        recipe: files_of_paths(&[machine.path().join("club.csv")]).unwrap(),
        base: machine.path().to_owned(),
        name: "club".to_owned(),
        profile: Some("live".to_owned()),
        out: None,
        xlsx: false,
        sql: false,
        plan_only: false,
        remove_missing: false,
        confirmed: None,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run(&profiles, request, &Job::silent())).unwrap_err()
}
