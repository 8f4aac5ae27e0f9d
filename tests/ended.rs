//! Work that a scheduler ends (SIGTERM), in each part of a push and at random moments: it comes to its end or
//! leaves everything as it was, within 30 seconds, its report says which, and the next run does the rest.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use muster_backend::probe::{END_AT, OF_A_PUSH};
use muster_tests::proxy::Faults;
use serde_json::Value;

use crate::faults::behind_a_proxy;
use crate::fingerprint::members;
use crate::kills::{Killed, PUSH};
use crate::lists::{Random, list};
use crate::place::Place;

/// A scheduler kills after that.
const LIMIT: Duration = Duration::from_secs(30);
/// The named places, of which `kills.rs` tries all: in each part of a push.
const PLACES: [&str; 9] = [
    "target opened",
    "rows half sent",
    "rows loaded",
    "locked",
    "memberships added",
    "members changed",
    "audit written",
    "about to commit",
    "committed",
];
/// Random moments, beside them.
const MOMENTS: usize = 4;

fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn ask_to_end(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// The exit code and the report, once it has ended.
fn end_of(child: Child, asked: Instant) -> (i32, Value) {
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < LIMIT, "{:?}", asked.elapsed());
    let report = serde_json::from_slice(&output.stdout);
    (output.status.code().unwrap(), report.expect("one JSON object"))
}

/// What the report says is what became of it. Whether it was pushed.
fn check(killed: &mut Killed<'_>, code: i32, report: &Value, place: &str) -> bool {
    let committed = killed.settle();
    let told = report["error"]["code"].as_str();
    match (code, told) {
        (3, None) => assert!(committed, "{place}: {report:#}"),
        (75, Some("cancelled")) => assert!(!committed, "{place}: {report:#}"),
        // Then either is true.
        (75, Some("in_doubt")) => {}
        _ => panic!("{place}: {code} {report:#}"),
    }
    committed
}

fn ends(place: &Place) {
    let mut killed = Killed::new(place);
    let mut took = Duration::ZERO;
    let tried = OF_A_PUSH.iter().filter(|point| PLACES.contains(&point.name));
    for point in tried.filter(|point| place.db.is_some() || !point.postgres_only) {
        let started = Instant::now();
        let (code, report) = end_of(start(place.command(&PUSH).env(END_AT, point.name)), started);
        took = started.elapsed();
        let committed = check(&mut killed, code, &report, point.name);
        eprintln!("{}: ended after {:.1} s with exit code {code}", point.name, took.as_secs_f64());
        assert!(committed || !point.committed, "{}", point.name);
    }
    let mut random = Random(20_261_126);
    let mut done = 0;
    for _ in 0..MOMENTS {
        // By then it listens to signals.
        let moment = took.mul_f64(0.2) + took.mul_f64(random.below(1_000) as f64 / 1_000.0);
        let push = start(&mut place.command(&PUSH));
        std::thread::sleep(moment);
        ask_to_end(&push);
        let asked = Instant::now();
        let (code, report) = end_of(push, asked);
        eprintln!("{moment:.1?}: ended after {:.1?} with exit code {code}", asked.elapsed());
        done += usize::from(check(&mut killed, code, &report, "a random moment"));
    }
    eprintln!("{done} of {MOMENTS} pushes were done when they were asked to end");
    assert_eq!(place.run(&PUSH).0, 3);
    killed.check_members();
    assert_eq!(members(place), killed.with);
    // Once more, nothing is left to do.
    let (code, report) = place.run(&PUSH);
    let push = &report["push"];
    let counts = ["inserted", "updated", "removed"].map(|name| push[name].as_u64().unwrap());
    assert_eq!((code, counts), (3, [0, 0, 0]), "{report:#}");
}

#[test]
fn a_push_to_sqlite_that_is_ended_leaves_all_or_nothing() {
    ends(&Place::sqlite());
}

#[test]
fn a_push_to_postgresql_that_is_ended_leaves_all_or_nothing() {
    ends(&Place::postgres());
}

/// A server that says nothing any more holds nobody up.
#[test]
fn a_push_that_waits_for_a_dead_network_ends_in_time() {
    let (place, proxy) = behind_a_proxy();
    place.machine.file("club.csv", list(0, 20_000, "TX"));
    proxy.set(Faults { bytes_per_second: Some(100_000), ..Faults::default() });
    let push = start(&mut place.command(&["push", "club.csv"]));
    // Once rows are on their way.
    let written = "SELECT count(*) > 0 FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name LIKE 'muster: %' AND query LIKE 'COPY%' AND state = 'active'";
    let db = place.db.as_ref().unwrap();
    assert!((0..6).any(|_| db.wait_until(written)));
    proxy.set(Faults { black_hole: true, ..Faults::default() });
    ask_to_end(&push);
    let (code, report) = end_of(push, Instant::now());
    assert_eq!((code, &report["error"]["code"]), (75, &"cancelled".into()), "{report:#}");
    proxy.set(Faults::default());
    let gone = "SELECT count(*) = 0 FROM pg_stat_activity
                WHERE datname = current_database() AND application_name LIKE 'muster: %'";
    assert!(db.wait_until(gone));
    assert_eq!(place.number("SELECT count(*) FROM membership"), 0);
}

/// What waits for another writer is ended, too.
#[test]
fn a_push_that_waits_for_its_turn_ends_at_once() {
    let place = Place::sqlite();
    place.machine.file("club.csv", list(0, 10, "TX"));
    assert_eq!(place.run(&["push", "club.csv"]).0, 0);
    let other = place.machine.database("live.db");
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    place.machine.file("club.csv", list(0, 20, "TX"));
    let mut command = place.command(&["push", "club.csv"]);
    let mut push = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(push.stderr.take().unwrap()), &mut told)
        .unwrap();
    assert!(told.contains("waiting for"), "{told}");
    ask_to_end(&push);
    let (code, report) = end_of(push, Instant::now());
    assert_eq!((code, &report["error"]["code"]), (75, &"cancelled".into()), "{report:#}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(place.run(&["push", "club.csv"]).1["push"]["inserted"], 10);
}

/// What does not look at the cancel, a program that waits for its standard input here, is ended after 25 seconds, or at
/// once on a second signal. The report says that too.
#[test]
fn what_does_not_end_is_ended() {
    let place = Place::postgres();
    for signals in [2, 1] {
        let mut command = place.machine.command(&["secrets", "set", "live", "--json"]);
        let mut child = start(command.stdin(Stdio::piped()));
        let input = child.stdin.take();
        // By then it listens to signals.
        std::thread::sleep(Duration::from_secs(2));
        let asked = Instant::now();
        for _ in 0..signals {
            ask_to_end(&child);
            std::thread::sleep(Duration::from_secs(1));
        }
        let (code, report) = end_of(child, asked);
        assert_eq!((code, &report["error"]["code"]), (75, &"in_doubt".into()), "{report:#}");
        drop(input);
    }
}
