//! Pushes that are killed, cut off, or made by several people at once: nothing is lost, nothing written twice.

use std::process::Stdio;
use std::time::{Duration, Instant};

use muster_tests::Proxy;
use muster_tests::postgres::server;
use muster_tests::proxy::{CommitFault, Faults, Outcome};

use crate::place::Place;

/// Rows of the list that is pushed and killed.
const ROWS: usize = 20_000;

/// How often a push is killed; `make soak` kills more often.
fn kills() -> usize {
    std::env::var("MUSTER_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12)
}

fn list(rows: usize, first: usize) -> String {
    let mut list = "number,first name,last name,born,company,state\n".to_owned();
    for number in first..first + rows {
        let (day, company) = (number % 28 + 1, number % 50);
        let (given, family) = (letters(number), letters(number % 700));
        list.push_str(&format!("{number},Ann{given},Lee{family},1970-01-{day:02},Firm {company},TX\n"));
    }
    list
}

/// A number in letters: names have no figures.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    while number > 0 {
        text.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    text
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

/// Kills pushes at random moments of their writing; then one is let through.
fn survives_kills(place: &Place) {
    place.machine.file("club.csv", list(ROWS, 0));
    let timed = |arguments: &[&str]| {
        let started = Instant::now();
        let (code, report) = place.run(arguments);
        assert_eq!(code, 0, "{report:#}");
        started.elapsed()
    };
    // Until the plan is made nothing is written: kills are for what comes after.
    let planned = timed(&["plan", "club.csv"]);
    let written = {
        let other = Place::sqlite();
        other.machine.file("club.csv", list(ROWS, 0));
        let started = Instant::now();
        assert_eq!(other.run(&["push", "club.csv"]).0, 0);
        started.elapsed().max(planned + Duration::from_millis(500))
    };
    let mut random = Random(20_261_125);
    let (mut committed, span) = (0, u64::try_from((written - planned).as_millis()).unwrap());
    for _ in 0..kills() {
        let mut push =
            place.command(&["push", "club.csv"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(planned.mul_f64(0.7) + Duration::from_millis(random.below(span + 300)));
        push.kill().unwrap();
        push.wait().unwrap();
        // The server notices that its client is gone when it next looks.
        if let Some(db) = &place.db {
            assert!(db.wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name LIKE 'muster: %' AND state <> 'idle'"));
        }
        let (members, memberships, ledger) = (
            place.number("SELECT count(*) FROM member"),
            place.number("SELECT count(*) FROM membership"),
            place.number("SELECT count(*) FROM push"),
        );
        let all = i64::try_from(ROWS).unwrap();
        assert!(
            [(0, 0, 0), (all, all, 1)].contains(&(members, memberships, ledger)),
            "{members} {memberships} {ledger}"
        );
        committed += usize::from(ledger == 1);
    }
    let (code, report) = place.run(&["push", "club.csv"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(place.number("SELECT count(*) FROM membership"), i64::try_from(ROWS).unwrap());
    assert_eq!(
        place.number("SELECT count(DISTINCT source_key) FROM membership"),
        i64::try_from(ROWS).unwrap()
    );
    assert_eq!(place.number("SELECT count(*) FROM push"), 1);
    eprintln!("{} kills, {committed} after the commit", kills());
}

#[test]
fn a_killed_push_to_sqlite_leaves_all_or_nothing() {
    survives_kills(&Place::sqlite());
}

#[test]
fn a_killed_push_to_postgresql_leaves_all_or_nothing() {
    let db = server().database();
    let login = db.login();
    survives_kills(&Place::on(db, &login));
}

/// A place whose connections go through a proxy, with the tables made.
fn behind_a_proxy() -> (Place, Proxy) {
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
    place.machine.file("club.csv", list(100, 0));
    // The plan, the look at the ledger, and the push commit, in this order.
    let (_, report) = place.run(&["plan", "club.csv"]);
    assert_eq!(report["push"]["inserted"], 100);
    let before = proxy.commits();
    assert_eq!(place.run(&["plan", "club.csv"]).0, 0);
    let of_a_plan = proxy.commits() - before;
    // Opening the target commits once more, when it looks at the schema; so does the look at the ledger.
    for nth in of_a_plan + 1..of_a_plan + 5 {
        let list = list(100, nth as usize * 1000);
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
    place.machine.file("club.csv", list(100, 0));
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
    place.machine.file("club.csv", list(ROWS, 0));
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

#[test]
fn eight_people_push_overlapping_lists_at_once() {
    for place in [Place::sqlite(), {
        let db = server().database();
        let login = db.login();
        Place::on(db, &login)
    }] {
        assert_eq!(place.run(&["history"]).0, 0);
        let results: Vec<i32> = std::thread::scope(|scope| {
            let place = &place;
            let pushes: Vec<_> = (0..8)
                .map(|person| {
                    scope.spawn(move || {
                        let name = format!("p{person}/club.csv");
                        std::fs::create_dir_all(place.machine.path().join(format!("p{person}"))).unwrap();
                        place.machine.file(&name, list(300, person * 100));
                        // Refused where another one was quicker: a new plan is made and pushed.
                        for _ in 0..20 {
                            let (code, report) = place.run(&["push", &name]);
                            match code {
                                0 => return 0,
                                4 | 75 => {}
                                _ => panic!("{code} {report:#}"),
                            }
                        }
                        1
                    })
                })
                .collect();
            pushes.into_iter().map(|push| push.join().unwrap()).collect()
        });
        assert_eq!(results, [0; 8]);
        assert_eq!(place.number("SELECT count(*) FROM membership"), 1000);
        assert_eq!(place.number("SELECT count(DISTINCT source_key) FROM membership"), 1000);
        assert_eq!(place.number("SELECT sum(inserted) FROM push"), 1000);
        assert_eq!(place.run(&["audit", "verify"]).1["broken_at"], serde_json::Value::Null);
    }
}
