//! Pushes that are killed (`kill -9`), at every named place and at random moments: all of it is there or nothing, and
//! the next push does the rest once.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use muster_backend::probe::{DIE_AT, OF_A_PUSH};

use crate::fingerprint::{fingerprint, members, table_names};
use crate::lists::{Random, list};
use crate::place::Place;

/// Rows of the list whose push is killed; some are in the database already and change, some of those there are
/// missing in it, and a few are refused.
const ROWS: usize = 50_000;
const THERE: usize = 4_000;
const MISSING: usize = 500;
const REFUSED: usize = 40;
pub(crate) const PUSH: [&str; 5] = ["push", "club.csv", "--mode", "mirror", "--remove-missing"];

/// How often a push is killed, the named places included; `make soak` kills more often.
fn kills() -> usize {
    std::env::var("MUSTER_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(200)
}

/// A database on which pushes are killed, and what it holds without and with the push.
pub(crate) struct Killed<'p> {
    pub(crate) place: &'p Place,
    /// All tables as they are as long as no push is committed
    before: String,
    /// The members without the push, and with it
    without: String,
    pub(crate) with: String,
    committed: usize,
}

impl Killed<'_> {
    /// Fills the database, and pushes once to know how it must be in the end.
    pub(crate) fn new(place: &Place) -> Killed<'_> {
        place.machine.file("club.csv", list(0, THERE, "TX"));
        assert_eq!(place.run(&["push", "club.csv"]).0, 0);
        let without = members(place);
        let mut new = list(MISSING, ROWS, "NY");
        for number in 0..REFUSED {
            new.push_str(&format!("{},Ann,Lee,never,,TX\n", 900_000 + number));
        }
        place.machine.file("club.csv", new);
        let (code, report) = place.run(&PUSH);
        let push = &report["push"];
        let counts = ["inserted", "updated", "removed", "rejected"].map(|name| push[name].as_u64().unwrap());
        let changed = THERE - MISSING;
        let expected = [ROWS - changed, changed, MISSING, REFUSED].map(|count| count as u64);
        assert_eq!((code, counts), (3, expected), "{report:#}");
        let mut killed = Killed { place, before: String::new(), without, with: members(place), committed: 0 };
        killed.check_members();
        killed.take_back();
        killed
    }

    /// Every row of the list once.
    pub(crate) fn check_members(&self) {
        let rows = i64::try_from(ROWS).unwrap();
        for sql in [
            "SELECT count(*) FROM member",
            "SELECT count(*) FROM membership",
            "SELECT count(DISTINCT source_key) FROM membership",
            "SELECT count(DISTINCT member_id) FROM membership",
            "SELECT count(*) FROM member WHERE state = 'NY'",
        ] {
            assert_eq!(self.place.number(sql), rows, "{sql}");
        }
    }

    /// The raw file of the latest push is in the archive as it came.
    fn check_archive(&self) {
        let entry = self.place.number("SELECT max(id) FROM push WHERE kind = 'push'").to_string();
        let (_, files) = self.place.run(&["archive", "list", "--push", &entry]);
        let (code, check) = self.place.run(&["archive", "verify"]);
        assert_eq!((files["files"].as_array().unwrap().len(), code), (1, 0), "{files} {check}");
    }

    /// The database without the push again.
    fn take_back(&mut self) {
        let entry = self.place.number("SELECT max(id) FROM push").to_string();
        let (code, report) = self.place.run(&["undo", &entry]);
        assert_eq!((code, report["kept"].as_u64()), (0, Some(0)), "{report:#}");
        assert_eq!(members(self.place), self.without);
        self.before = fingerprint(self.place);
    }

    fn start(&self, place: Option<&str>) -> Child {
        let mut command = self.place.command(&PUSH);
        if let Some(place) = place {
            command.env(DIE_AT, place);
        }
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// A push that dies at a place; how long it took to come there.
    fn dies_at(&mut self, place: &str, committed: bool) -> Duration {
        let started = Instant::now();
        let status = self.start(Some(place)).wait().unwrap();
        let took = started.elapsed();
        assert_eq!(
            status.signal(),
            Some(9),
            "{place}: {status}; was it built with cargo build -p muster-cli -p muster-tests --bins?"
        );
        assert_eq!(self.settle(), committed, "{place}");
        took
    }

    /// A push that is killed at a moment, if it has not ended by then.
    fn dies_after(&mut self, moment: Duration) {
        let mut push = self.start(None);
        std::thread::sleep(moment);
        push.kill().unwrap();
        push.wait().unwrap();
        self.glance();
        self.settle();
    }

    /// What others see at this moment: none of the push or all of it, also where the server has not noticed yet.
    fn glance(&self) {
        let seen = self.place.number(&format!(
            "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM push WHERE kind = 'push' AND undone IS NULL AND id > 1)
                      THEN (SELECT count(*) FROM membership) - {THERE}
                      ELSE (SELECT count(*) FROM membership) - {ROWS} END"
        ));
        assert_eq!(seen, 0, "a part of a push was seen");
    }

    /// Once the server has noticed: all tables are as before, or the push is there as a whole, and is taken back.
    /// Whether it was there.
    pub(crate) fn settle(&mut self) -> bool {
        if let Some(db) = &self.place.db {
            let idle = "SELECT count(*) = 0 FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name LIKE 'muster: %'";
            assert!(db.wait_until(idle));
        }
        let now = fingerprint(self.place);
        if now == self.before {
            return false;
        }
        assert_eq!(members(self.place), self.with, "before:\n{}\nnow:\n{now}", self.before);
        self.check_members();
        self.check_archive();
        self.committed += 1;
        self.take_back();
        true
    }
}

fn survives_kills(place: &Place) {
    let started = Instant::now();
    let mut killed = Killed::new(place);
    let points = OF_A_PUSH.iter().filter(|point| place.db.is_some() || !point.postgres_only);
    let mut took = Vec::new();
    for point in points.clone() {
        took.push(killed.dies_at(point.name, point.committed));
    }
    // Until the target is opened nothing can be written: half of that time is left out.
    let (planned, whole) = (took[0].div_f64(2.0), took[took.len() - 1]);
    let mut random = Random(20_261_125);
    let moments = kills().saturating_sub(took.len());
    for _ in 0..moments {
        let span = u64::try_from((whole - planned).as_micros()).unwrap();
        killed.dies_after(planned + Duration::from_micros(random.below(span * 26 / 25)));
    }
    // The next one does it, and nobody sees a part of it.
    let ended = AtomicBool::new(false);
    let code = std::thread::scope(|scope| {
        let others = scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                killed.glance();
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let code = place.run(&PUSH).0;
        ended.store(true, Ordering::Relaxed);
        others.join().unwrap();
        code
    });
    assert_eq!(code, 3);
    killed.check_members();
    assert_eq!(members(place), killed.with);
    assert_eq!(place.run(&["audit", "verify"]).1["broken_at"], serde_json::Value::Null);
    assert!(table_names(place).iter().all(|table| !table.starts_with("planned")));
    eprintln!(
        "{} kills at named places and {moments} at random moments in {:.0} s, {} of them after the commit",
        took.len(),
        started.elapsed().as_secs_f64(),
        killed.committed
    );
}

#[test]
fn a_killed_push_to_sqlite_leaves_all_or_nothing() {
    survives_kills(&Place::sqlite());
}

#[test]
fn a_killed_push_to_postgresql_leaves_all_or_nothing() {
    survives_kills(&Place::postgres());
}
