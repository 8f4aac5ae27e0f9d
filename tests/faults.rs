//! Pushes whose network breaks, or that several people make at once: nothing is lost, nothing written twice.

use std::process::Stdio;
use std::time::{Duration, Instant};

use muster_tests::Proxy;
use muster_tests::postgres::server;
use muster_tests::proxy::{CommitFault, Faults, Outcome};

use crate::lists::{Random, list};
use crate::place::Place;

/// Rows of a list that takes a while to be pushed.
const ROWS: usize = 20_000;

/// A place whose connections go through a proxy, with the tables made.
pub(crate) fn behind_a_proxy() -> (Place, Proxy) {
    let db = server().database();
    let proxy = Proxy::before(db.port);
    let login = db.login().plain().at_port(proxy.port());
    let place = Place::on(db, &login);
    assert_eq!(place.run(&["history"]).0, 0);
    (place, proxy)
}

/// Pushes until it is done: a fault that was not used up may still be waiting for a commit.
fn push_at_last(place: &Place) {
    let codes: Vec<i32> = (0..3).map(|_| place.run(&["push", "club.csv"]).0).collect();
    assert!(codes.contains(&0) && codes.iter().all(|code| [0, 75].contains(code)), "{codes:?}");
}

#[test]
fn a_commit_without_an_answer_is_looked_up_in_the_ledger() {
    let (place, proxy) = behind_a_proxy();
    place.machine.file("club.csv", list(0, 100, "TX"));
    // The plan, the look at the ledger, and the push commit, in this order.
    let (_, report) = place.run(&["plan", "club.csv"]);
    assert_eq!(report["push"]["inserted"], 100);
    let before = proxy.commits();
    assert_eq!(place.run(&["plan", "club.csv"]).0, 0);
    let of_a_plan = proxy.commits() - before;
    // Opening the target commits once more, when it looks at the schema; so does the look at the ledger.
    for nth in of_a_plan + 1..of_a_plan + 5 {
        let list = list(nth as usize * 1000, 100, "TX");
        place.machine.file("club.csv", list);
        let before = place.number("SELECT count(*) FROM membership");
        proxy.at_commit(nth, CommitFault::Unanswered);
        let (code, report) = place.run(&["push", "club.csv"]);
        let outcome = proxy.outcome(Duration::from_secs(1));
        let written = place.number("SELECT count(*) FROM membership") - before;
        match code {
            0 => assert_eq!((written, report["push"]["inserted"].as_i64()), (100, Some(100)), "{report:#}"),
            // A read was cut: nothing was written, and a retry may mend it.
            75 => assert_eq!(written, 0, "{report:#}"),
            _ => panic!("{code} {report:#}"),
        }
        assert!(outcome.is_none() || outcome == Some(Outcome::Committed), "{outcome:?}");
        push_at_last(&place);
        assert_eq!(place.number("SELECT count(*) FROM membership") - before, 100);
    }
}

#[test]
fn a_commit_that_never_arrived_wrote_nothing_and_may_be_tried_again() {
    let (place, proxy) = behind_a_proxy();
    place.machine.file("club.csv", list(0, 100, "TX"));
    for nth in 1..9 {
        proxy.at_commit(nth, CommitFault::Unsent);
        let (code, report) = place.run(&["push", "club.csv"]);
        if proxy.outcome(Duration::from_millis(10)).is_none() {
            break;
        }
        let written = place.number("SELECT count(*) FROM membership");
        assert!((code == 75 && written == 0) || (code == 0 && written == 100), "{code} {written} {report:#}");
        if code == 0 {
            break;
        }
    }
    push_at_last(&place);
    assert_eq!(place.number("SELECT count(*) FROM membership"), 100);
}

#[test]
fn a_network_that_breaks_ends_a_push_within_a_minute_and_without_a_trace() {
    let (place, proxy) = behind_a_proxy();
    place.machine.file("club.csv", list(0, ROWS, "TX"));
    let mut random = Random(7);
    let slow = Faults { bytes_per_second: Some(2_000_000), ..Faults::default() };
    for break_it in [Proxy::cut as fn(&Proxy), Proxy::reset, |proxy: &Proxy| {
        proxy.set(Faults { black_hole: true, ..Faults::default() });
    }] {
        proxy.set(Faults::default());
        let planned = {
            let started = Instant::now();
            assert_eq!(place.run(&["plan", "club.csv"]).0, 0);
            started.elapsed()
        };
        proxy.set(slow);
        let started = Instant::now();
        let push = place.command(&["push", "club.csv"]).stdout(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(planned + Duration::from_millis(random.below(600)));
        break_it(&proxy);
        let output = push.wait_with_output().unwrap();
        assert!(started.elapsed() < planned + Duration::from_secs(60), "{:?}", started.elapsed());
        let code = output.status.code().unwrap();
        assert!([0, 75].contains(&code), "{code} {}", String::from_utf8_lossy(&output.stdout));
        proxy.set(Faults::default());
        let db = place.db.as_ref().unwrap();
        db.kill_backends();
        let all = i64::try_from(ROWS).unwrap();
        let written = place.number("SELECT count(*) FROM membership");
        assert!(written == 0 || written == all, "{written}");
    }
    assert_eq!(place.run(&["push", "club.csv"]).0, 0);
    assert_eq!(place.number("SELECT count(*) FROM push"), 1);
}
