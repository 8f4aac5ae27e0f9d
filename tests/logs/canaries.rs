//! Two thousand people whose names, dates and addresses are nowhere else go through the command line, at the level at
//! which all is logged. Nothing of them is in the log, nor in the bytes of what is sent.

use std::collections::HashSet;
use std::path::Path;
use std::sync::OnceLock;

use muster_tests::collector::Collector;
use muster_tests::leaks;

use super::{lines, settings};
use crate::lists::Random;
use crate::place::Place;

/// How many people.
pub(super) const PEOPLE: usize = 2_000;
/// The name of one of them, which is looked for in hexadecimal and the like, too.
pub(super) const NAME: &str = "Qvarnostelu";
/// The beginning of their address.
pub(super) const MAIL: &str = "qmailostelu";
/// Letters of a name.
const LENGTH: usize = 9;

/// Their family names, all different, and like nothing else.
fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut random = Random(7);
        let letter = |random: &mut Random| char::from(b'a' + u8::try_from(random.below(26)).unwrap());
        (0..PEOPLE).map(|_| (0..LENGTH).map(|_| letter(&mut random)).collect()).collect()
    })
}

/// A birth date of their own: 1930-01-01 and on.
fn born(number: usize) -> String {
    format!("{}-{:02}-{:02}", 1930 + number / 336, number / 28 % 12 + 1, number % 28 + 1)
}

/// People from this number on. Every hundredth has no date that can be read.
pub(super) fn people(first: usize, count: usize, state: &str) -> String {
    let mut list = "member number,first name,last name,born,company,state,email,joined\n".to_owned();
    for number in first..first + count {
        let (name, born) = (&names()[number], born(number));
        let born = if number % 100 == 99 { format!("{name} {born}") } else { born };
        let (given, mail) =
            if number == 5 { (NAME, MAIL) } else { (&names()[PEOPLE - 1 - number][..], &name[..]) };
        list.push_str(&format!(
            "{number},{given},{name},{born},{NAME} Ltd,{state},{mail}@example.org,2001\n"
        ));
    }
    list
}

/// Nothing of the people is in these files.
pub(super) fn assert_none(what: &str, folder: &Path) {
    assert_eq!(leaks::in_files(&[NAME, MAIL], &[folder]), Default::default(), "{what}");
    let dates: HashSet<String> = (0..PEOPLE).map(born).collect();
    let names: HashSet<&[u8]> = names().iter().map(String::as_bytes).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap().to_ascii_lowercase();
        for window in bytes.windows(LENGTH).filter(|window| window.iter().all(u8::is_ascii_lowercase)) {
            assert!(!names.contains(window), "{what}: {}", String::from_utf8_lossy(window));
        }
        for window in bytes.windows(10).filter(|window| window[4] == b'-' && window[7] == b'-') {
            let date = std::str::from_utf8(window).unwrap_or_default();
            assert!(!dates.contains(date), "{what}: {date}");
        }
    }
}

/// What was sent, as files to be searched.
pub(super) fn kept(collector: &Collector) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, request) in collector.received().iter().enumerate() {
        let bytes = [request.head.as_bytes(), &request.body].concat();
        std::fs::write(folder.path().join(number.to_string()), bytes).unwrap();
    }
    folder
}

#[test]
fn nothing_of_two_thousand_people_is_logged_or_sent() {
    for place in [Place::sqlite(), Place::postgres()] {
        let collector = Collector::start();
        settings(&place, &format!("{{ level: trace, otlp: {{ endpoint: '{}' }} }}", collector.address()));
        let file = format!("{NAME}.csv");
        place.machine.file(&file, people(0, PEOPLE, "TX"));
        place.machine.file("other.csv", people(0, 300, "WA"));
        let done = |arguments: &[&str], codes: &[i32]| {
            let (code, told) = place.run(arguments);
            assert!(codes.contains(&code), "{arguments:?}: {code} {told}");
            told
        };
        done(&["run", &file, "--out", "out", "--xlsx"], &[3]);
        done(&["plan", &file, "--sql"], &[3]);
        let pushed = done(&["push", &file, "other.csv", "--match"], &[3]);
        assert_eq!(pushed["counts"]["read"].as_u64(), Some(PEOPLE as u64 + 300));
        done(&["push", "other.csv", "--mode", "update"], &[3]);
        done(&["history"], &[0]);
        done(&["archive", "list"], &[0]);
        done(&["archive", "verify"], &[0]);
        let (name, mail) = (&names()[6], format!("{MAIL}new@example.org"));
        done(&["members", "list", name, "--born", &born(6)], &[0]);
        done(&["members", "list", "--company", &format!("{NAME} Ltd")], &[0]);
        done(&["members", "show", "1"], &[0]);
        let added = done(
            &[
                "members",
                "add",
                "--club",
                NAME,
                "--given-name",
                NAME,
                "--family-name",
                NAME,
                "--email",
                &mail,
            ],
            &[0],
        );
        let id = added["member"].to_string();
        done(&["members", "edit", &id, "--birth-date", &born(8)], &[0]);
        done(&["members", "merge", "1", &id], &[0]);
        done(&["members", "unmerge", &id], &[0]);
        let removed = done(&["members", "remove", &id], &[0]);
        done(&["undo", &removed["entry"].to_string()], &[0]);
        let rejects = done(&["rejects", "list"], &[0]);
        let row = rejects["rows"][0]["id"].to_string();
        done(&["rejects", "show", &row], &[0]);
        done(&["rejects", "fix", &row, &format!("born={}", born(99))], &[0]);
        done(&["rejects", "replay", &row], &[0, 3]);
        let row = rejects["rows"][1]["id"].to_string();
        done(&["rejects", "dismiss", &row], &[0]);
        done(&["statistics", "--out", "statistics.csv"], &[0]);
        done(&["export", "--out", "members.csv"], &[0]);
        done(&["audit", "verify"], &[0]);
        fails(&place);
        let events = lines(&place);
        for event in ["pushed", "undone", "member_written", "replayed", "counted", "exported", "failed"] {
            assert!(events.iter().any(|line| line["event"] == event), "{event}");
        }
        assert_none("the log", &place.machine.path().join("data/logs"));
        let sent = kept(&collector);
        assert!(std::fs::read_dir(sent.path()).unwrap().count() > 50);
        assert_none("what was sent", sent.path());
    }
}

/// What people get wrong, with values in it.
fn fails(place: &Place) {
    place.machine.file(&format!("{NAME}.xlsx"), [b"PK\x03\x04", NAME.as_bytes()].concat());
    place
        .machine
        .file("recipe.yml", format!("version: 1\nfiles: [{{ path: {NAME}.csv, columns: {NAME} }}]\n"));
    let (mail, day) = (format!("{MAIL}@example.org"), born(7));
    let workbook = format!("{NAME}.xlsx");
    let missing = format!("{NAME}-missing.csv");
    let wrong: [&[&str]; 14] = [
        &["run", &missing, "--out", "out2"],
        &["run", &workbook, "--out", "out2"],
        &["run", "--recipe", "recipe.yml"],
        &["push", "other.csv", "--profile", NAME],
        &["undo", "999999"],
        &["members", "show", "999999"],
        &["members", "list", "--born", NAME],
        &["members", "list", "--club", NAME, "--state", NAME],
        &["members", "add", "--club", NAME],
        &["members", "add", "--club", "Other", "--given-name", NAME, "--birth-date", &mail],
        &["members", "edit", "1", "--email", NAME],
        &["members", "edit", "1", "--if-version", "77", "--birth-date", &day],
        &["rejects", "fix", "1", &format!("{NAME}={NAME}")],
        &["statistics", "--as-of", NAME],
    ];
    for arguments in wrong {
        assert_ne!(place.run(arguments).0, 0, "{arguments:?}");
    }
}

/// The search itself: it finds a name, a date and a name in hexadecimal.
#[test]
fn what_is_looked_for_is_found() {
    let hex: String = NAME.bytes().map(|byte| format!("{byte:02x}")).collect();
    for text in [names()[12].clone(), format!("x{}y", names()[1_999]), born(1_234), hex, NAME.to_owned()] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("log"), format!("{{\"event\":\"{text}\"}}")).unwrap();
        let path = folder.path().to_owned();
        assert!(std::thread::spawn(move || assert_none("the search", &path)).join().is_err(), "{text}");
    }
}
