//! The plans that databases make for the statements of plans, pushes, undos and the members' histories, as these run:
//! none reads a large table as a whole.

use std::time::Instant;

use muster_backend::probe::PLANS;
use muster_backend::store::{Access, SqliteAccess, Target};
use muster_tests::Machine;

use crate::lists::letters;
use crate::members::fill_statements;
use crate::place::Place;

/// How many members there are: so many that an index is always the cheaper way.
fn size() -> i64 {
    crate::members::size().max(100_000)
}

/// What has to read all members, since it tells which share of them a plan changes; and what stops at the first row
/// that it finds, so that the planner may take any way.
const OF_ALL: [&str; 2] = ["SELECT count(DISTINCT member.id)", "SELECT count(*) FROM push WHERE id >"];

const ENTRY: &str = "INSERT INTO push (kind, package, profile, mode, person, import_name, started, finished, rows_read,
     excluded, rejected, staged, suspect, clean, inserted, updated, skipped_identical, skipped_different, conflicts,
     rejected_in_push, removed)
     SELECT 'push', name, 'live', 'insert-new', 'pat', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM
     (SELECT '0123456789012345678901234567890123456789012345678901234567890123' AS name) AS names";

/// Fills a database with many members and all that a push leaves: where they come from, images of every tenth.
fn fill(place: &Place) {
    make_tables(place);
    let (image, blob) = match place.db.is_some() {
        true => ("to_jsonb(member)", "'\\x00'"),
        false => ("json_object('id', id, 'given_name', given_name, 'family_name', family_name)", "x'00'"),
    };
    let mut statements = vec![ENTRY.to_owned()];
    statements.extend(fill_statements(place.db.is_some(), size()));
    statements.extend([
        "INSERT INTO source_file (club_id, sha256, name, size, header, added)
         SELECT id, '0123456789012345678901234567890123456789012345678901234567890123', 'list.csv', 1, '[]', '' FROM club"
            .to_owned(),
        format!(
            "INSERT INTO source_record (year, source_file_id, line, club_id, membership_id, push_id, fingerprint)
             SELECT 2026, club_id, id, club_id, id, 1, {blob} FROM membership"
        ),
        "INSERT INTO change (year, push_id, table_name, first_id, last_id)
         SELECT 2026, 1, 'member', min(id), max(id) FROM member"
            .to_owned(),
        format!(
            "INSERT INTO change (year, push_id, table_name, first_id, last_id, member_id, before, after)
             SELECT 2026, 1, 'member', id, id, id, {image}, {image} FROM member WHERE id % 10 = 0"
        ),
    ]);
    match &place.db {
        Some(db) => drop(db.psql(&(statements.join(";\n") + "; ANALYZE;"))),
        None => {
            let db = place.machine.database("live.db");
            let fast = "PRAGMA cache_size = -400000; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;";
            db.execute_batch(&format!("{fast} BEGIN; {}; COMMIT;", statements.join(";\n"))).unwrap();
        }
    }
}

fn make_tables(place: &Place) {
    if place.db.is_some() {
        assert_eq!(place.run(&["history"]).0, 0);
        return;
    }
    let path = place.machine.path().join("data/live.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let access = Access::Sqlite(SqliteAccess { path, key: place.machine.data_key() });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { Target::open(&access).await.unwrap().close().await.unwrap() });
}

/// Runs the program with a look at its plans.
fn run(place: &Place, arguments: &[&str]) -> serde_json::Value {
    let started = Instant::now();
    let plans = place.machine.path().join("plans");
    let output = place.command(arguments).env(PLANS, &plans).output().unwrap();
    let took = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    let engine = if place.db.is_some() { "PostgreSQL" } else { "SQLite" };
    eprintln!("{engine}: {took:.2} s for {arguments:?}");
    serde_json::from_str(&said).unwrap()
}

/// A list of the club `US Softball League`: members who are there and changed, and new ones.
fn list(machine: &Machine, there: i64, new: i64) {
    let mut list = "member number,first name,last name,born,state\n".to_owned();
    for number in 0..there + new {
        // The club has the odd numbers.
        let key = if number < there { 2 * number + 1 } else { size() / 2 * 2 + 2 * number + 1 };
        list.push_str(&format!("{key},Ann{},Lee,1970-01-02,WY\n", letters(key.unsigned_abs() as usize)));
    }
    machine.file("us_softball_league.csv", list);
}

/// The lines of a plan that read a large table as a whole.
fn whole_tables(plan: &[String]) -> Vec<&String> {
    let large = ["member", "membership", "source_record", "change"];
    let is_whole = |line: &&String| {
        // An empty partition is read as a whole.
        let cost = line
            .split_once("cost=")
            .and_then(|(_, rest)| rest.split("..").nth(1)?.split(' ').next()?.parse().ok());
        if cost.is_some_and(|cost: f64| cost < 100.0) {
            return false;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let table = match words.iter().position(|word| *word == "SCAN") {
            Some(at) => words.get(at + 1),
            None => words
                .windows(3)
                .find(|three| three[..2] == ["Scan", "on"] && line.contains("Seq Scan"))
                .map(|three| &three[2]),
        };
        table.is_some_and(|table| {
            let whole = table.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches('_');
            large.contains(&whole.trim_end_matches("_default"))
        })
    };
    plan.iter().filter(is_whole).collect()
}

/// The lines of a plan by which SQLite looks through all that an entry did to a table, for each row of something else. The
/// first of all that an entry did is found at once.
fn entries_again_and_again(plan: &[String]) -> Vec<&String> {
    let is_again = |line: &&String| {
        line.contains("INDEX ix_change_push_id_table_name_first_id")
            && line.contains("table_name=?")
            && !line.contains("first_id=?")
    };
    plan.iter().skip_while(|line| !line.contains("CORRELATED")).filter(is_again).collect()
}

/// Statements that read a large table as a whole, or an entry for each row, with their plans.
fn faults(place: &Place) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(place.machine.path().join("plans")).unwrap();
    let (mut count, mut faults) = (0, Vec::new());
    for line in text.lines() {
        let (sql, plan): (String, Vec<String>) = serde_json::from_str(line).unwrap();
        count += 1;
        let reads_all = !whole_tables(&plan).is_empty() && !OF_ALL.iter().any(|known| sql.starts_with(known));
        if reads_all || !entries_again_and_again(&plan).is_empty() {
            faults.push(format!("{sql}\n    {}\n", plan.join("\n    ")));
        }
    }
    (count, faults)
}

fn reads_no_whole_table(place: &Place) {
    fill(place);
    let there = 100;
    list(&place.machine, there, 50);
    let file = "us_softball_league.csv";
    let planned = run(place, &["plan", file, "--mode", "update"]);
    assert_eq!(planned["push"]["updated"], there, "{planned:#}");
    run(place, &["push", file, "--mode", "update"]);
    run(place, &["push", file]);
    run(place, &["history"]);
    run(place, &["members", "show", "1"]);
    run(place, &["members", "edit", "1", "--state", "TX"]);
    let dry = run(place, &["undo", "2", "--dry-run"]);
    assert_eq!((&dry["restored"], &dry["kept"]), (&(there - 1).into(), &1.into()), "{dry:#}");
    run(place, &["undo", "2"]);
    let (count, faults) = faults(place);
    assert!(count > 40, "{count} statements");
    assert!(faults.is_empty(), "{} of {count} statements:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_statement_reads_a_whole_table_of_sqlite() {
    reads_no_whole_table(&Place::sqlite());
}

#[test]
fn no_statement_reads_a_whole_table_of_postgresql() {
    reads_no_whole_table(&Place::postgres());
}

#[test]
fn an_entry_that_is_read_for_each_row_is_noticed() {
    let of = |lines: &[&str]| {
        entries_again_and_again(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>()).len()
    };
    let search = "SEARCH change USING INDEX ix_change_push_id_table_name_first_id (push_id=? AND table_name=? AND first_id<?)";
    let near =
        "SEARCH change USING COVERING INDEX ix_change_added (push_id=? AND table_name=? AND first_id<?)";
    assert_eq!(of(&["SCAN planned", "CORRELATED SCALAR SUBQUERY 2", search]), 1);
    assert_eq!(of(&["SCAN planned", "CORRELATED SCALAR SUBQUERY 2", near]), 0);
    let first = "SEARCH change USING INDEX ix_change_push_id_table_name_first_id (push_id=?)";
    assert_eq!(of(&["SCAN planned", "CORRELATED SCALAR SUBQUERY 2", first]), 0);
    assert_eq!(of(&["LIST SUBQUERY 2", search]), 0);
}

#[test]
fn a_whole_table_is_noticed() {
    let of = |line: &str| whole_tables(&[line.to_owned()]).len();
    for whole in [
        "SCAN member",
        "SCAN change USING COVERING INDEX x",
        "  ->  Seq Scan on membership_default m  (cost=0.00..596.00 rows=1)",
        "Parallel Seq Scan on source_record_2026 source_record",
    ] {
        assert_eq!(of(whole), 1, "{whole}");
    }
    for part in [
        "SEARCH member USING INTEGER PRIMARY KEY (rowid=?)",
        "SCAN planned_file",
        "Seq Scan on planned",
        "Index Scan using ix on member",
        "Seq Scan on change_2027 c (cost=0.00..0.01 rows=1)",
    ] {
        assert_eq!(of(part), 0, "{part}");
    }
}
