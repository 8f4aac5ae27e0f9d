//! Statistics of the members, on every kind of database.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use calamine::{Data, Reader, open_workbook_auto};
use muster_backend::statistics::{self, StatisticsQuery};
use muster_backend::{Code, Job};
use serde_json::{Value, json};

use crate::members::{fill_statements, size};
use crate::place::Place;

const AS_OF: &str = "2026-11-25";

/// Five members: one in one club; one in two, in one of them twice; one of whom little is known; one in no club; one who
/// joins a club after the day of counting.
fn five_members(place: &Place) {
    let add = ["members", "add", "--club", "Golf", "--given-name", "Ann", "--birth-date", "2010-11-26"];
    let more = ["--state", "OR", "--company", "Acme", "--member-since", "2013"];
    assert_eq!(place.run(&[&add[..], &more].concat()).0, 0);
    let member = |name: &str, values: &str| {
        format!(
            "INSERT INTO member (given_name, version, birth_date, state, company_id, company_source_id)
             VALUES ('{name}', 1, {values});"
        )
    };
    let membership = |name: &str, club: &str, key: &str, since: &str| {
        format!(
            "INSERT INTO membership (member_id, club_id, source_key, member_since)
             SELECT member.id, club.id, '{key}', {since} FROM member, club
             WHERE member.given_name = '{name}' AND club.name = '{club}';"
        )
    };
    let acme = "(SELECT id FROM company WHERE name = 'Acme')";
    place.execute(
        &[
            "INSERT INTO club (name) VALUES ('Rowing'), ('=Tennis');".to_owned(),
            member("Bob", &format!("'1926-11-25', 'AL', {acme}, NULL")),
            member("Cyd", "NULL, NULL, NULL, '4711'"),
            member("Dee", "'2030-01-01', 'OR', NULL, NULL"),
            member("Eve", &format!("'1961-11-26', 'WA', {acme}, NULL")),
            membership("Bob", "Rowing", "2", "'2026-01-01'"),
            membership("Bob", "Golf", "3", "'2020-05'"),
            membership("Bob", "Golf", "4", "NULL"),
            membership("Cyd", "=Tennis", "5", "NULL"),
            membership("Eve", "Rowing", "6", "'2027'"),
            membership("Eve", "Golf", "7", "'2016-11-25'"),
        ]
        .concat(),
    );
}

/// `name count`, of the groups that have members; `?` is not known.
fn groups(counted: &Value, list: &str) -> Vec<String> {
    let groups = counted[list].as_array().unwrap().iter().filter(|group| group["members"] != 0);
    groups.map(|group| format!("{} {}", group["name"].as_str().unwrap_or("?"), group["members"])).collect()
}

#[test]
fn members_are_counted_by_each_of_their_facts() {
    for place in Place::all() {
        five_members(&place);
        let (code, counted) = place.run(&["statistics", "--as-of", AS_OF]);
        assert_eq!(code, 0, "{counted}");
        assert_eq!((&counted["as_of"], &counted["club"]), (&AS_OF.into(), &Value::Null));
        assert_eq!((&counted["members"], &counted["memberships"]), (&5.into(), &7.into()));
        assert_eq!(groups(&counted, "by_state"), ["OR 2", "AL 1", "WA 1", "? 1"]);
        // A company whose name nobody knows is known by its id.
        assert_eq!(groups(&counted, "by_company"), ["Acme 3", "4711 1", "? 1"]);
        assert_eq!(groups(&counted, "by_age"), ["under 18 1", "55–64 1", "75 and over 1", "? 2"]);
        assert_eq!(groups(&counted, "by_club"), ["Golf 3", "Rowing 2", "=Tennis 1"]);
        assert_eq!(groups(&counted, "by_tenure"), ["5–9 1", "10–19 2", "? 2"]);
        assert_eq!(
            counted["overlap"],
            json!({
                "clubs": ["=Tennis", "Golf", "Rowing"],
                "combinations": [
                    { "clubs": ["Golf", "Rowing"], "members": 2 },
                    { "clubs": [], "members": 1 },
                    { "clubs": ["=Tennis"], "members": 1 },
                    { "clubs": ["Golf"], "members": 1 },
                ],
                "pairs": [[1, 0, 0], [0, 3, 2], [0, 2, 2]],
            })
        );
        // The day decides about ages and tenures.
        let (_, later) = place.run(&["statistics", "--as-of", "2030-01-01"]);
        assert_eq!(groups(&later, "by_age"), ["under 18 1", "18–24 1", "65–74 1", "75 and over 1", "? 1"]);
    }
}

#[test]
fn the_members_of_a_club_have_their_time_in_it_as_tenure() {
    for place in Place::all() {
        five_members(&place);
        let (code, counted) = place.run(&["statistics", "--club", "rowing", "--as-of", AS_OF]);
        assert_eq!((code, &counted["club"]), (0, &"Rowing".into()), "{counted}");
        assert_eq!((&counted["members"], &counted["memberships"]), (&2.into(), &5.into()));
        assert_eq!(groups(&counted, "by_state"), ["AL 1", "WA 1"]);
        assert_eq!(groups(&counted, "by_tenure"), ["under 1 1", "? 1"]);
        assert_eq!(groups(&counted, "by_club"), ["Golf 2", "Rowing 2"]);
        let (code, refused) = place.run(&["statistics", "--club", "Chess"]);
        assert_eq!((code, &refused["error"]["code"]), (1, &"not_found".into()));
        let (code, refused) = place.run(&["statistics", "--as-of", "2026-02-30"]);
        assert_eq!((code, &refused["error"]["code"]), (1, &"invalid_input".into()));
    }
}

#[test]
fn an_empty_database_has_nobody() {
    for place in Place::all() {
        let (code, counted) = place.run(&["statistics"]);
        assert_eq!((code, &counted["members"]), (0, &0.into()), "{counted}");
        assert_eq!(counted["by_state"], json!([]));
        assert_eq!(counted["overlap"], json!({ "clubs": [], "combinations": [], "pairs": [] }));
    }
}

#[test]
fn counts_are_written_as_files_without_live_formulas() {
    let place = Place::sqlite();
    five_members(&place);
    let path = |name: &str| place.machine.path().join(name);
    let (code, written) = place.run(&["statistics", "--as-of", AS_OF, "--out", "counts.csv"]);
    assert_eq!((code, &written["file"]["name"]), (0, &"counts.csv".into()), "{written}");
    let text = std::fs::read_to_string(path("counts.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "as_of,members_of,statistic,group,other_club,members,share");
    assert_eq!(written["file"]["rows"], lines.len() - 1);
    for line in [
        "2026-11-25,,members_by_state,OR,,2,0.4000",
        "2026-11-25,,members_by_state,,,1,0.2000",
        "2026-11-25,,members_by_club,'=Tennis,,1,0.2000",
        "2026-11-25,,club_combinations,Golf + Rowing,,2,0.4000",
        "2026-11-25,,club_pairs,Golf,Rowing,2,0.4000",
    ] {
        assert_eq!(lines.iter().filter(|found| **found == line).count(), 1, "{line}: {text}");
    }
    let arguments = ["statistics", "--as-of", AS_OF, "--club", "Golf", "--out", "counts.xlsx"];
    assert_eq!(place.run(&arguments).0, 0);
    let mut book = open_workbook_auto(path("counts.xlsx")).unwrap();
    let sheets = [
        "about",
        "members_by_state",
        "members_by_company",
        "members_by_age",
        "members_by_club",
        "members_by_tenure",
        "club_combinations",
        "club_pairs",
    ];
    assert_eq!(book.sheet_names(), sheets);
    for sheet in sheets {
        assert!(book.worksheet_formula(sheet).unwrap().is_empty(), "{sheet}");
    }
    let about = book.worksheet_range("about").unwrap();
    assert_eq!(about.get_value((2, 1)), Some(&Data::String("Golf".into())));
    let clubs = book.worksheet_range("members_by_club").unwrap();
    assert_eq!(
        clubs.rows().nth(2).unwrap(),
        [Data::String("Rowing".into()), Data::Float(2.0), Data::Float(0.6667)]
    );
    let pairs = book.worksheet_range("club_pairs").unwrap();
    assert_eq!(pairs.get_value((1, 1)), Some(&Data::Float(3.0)));
    // Another ending is refused, and what was written is as it was.
    assert_eq!(place.run(&["statistics", "--out", "counts.pdf"]).0, 1);
    assert!(!path("counts.pdf").exists());
}

#[test]
fn the_command_tells_people_the_counts() {
    let place = Place::sqlite();
    five_members(&place);
    let output = place.machine.muster(&["statistics", "--as-of", AS_OF]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("5 members with 7 memberships; ages and tenures as of 2026-11-25\n"), "{text}");
    for line in ["        2  OR", "        1  not known", "        2  Golf + Rowing", "        1  no club"] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
}

/// More members than are counted at once: nobody is left out or counted twice between.
#[tokio::test(flavor = "multi_thread")]
async fn many_members_are_counted_in_ranges() {
    let many = size().max(120_000);
    for place in [Place::sqlite(), Place::postgres()] {
        let kind = if place.db.is_some() { "PostgreSQL" } else { "SQLite" };
        let add = ["members", "add", "--club", "First Club", "--given-name", "Ann", "--state", "CA"];
        assert_eq!(place.run(&add).0, 0);
        place.execute(&fill_statements(place.db.is_some(), many)[..3].join(";"));
        // Numbers have gaps, and some members are in two clubs.
        place.execute(
            "DELETE FROM member WHERE id % 1000 = 7;
             INSERT INTO membership (member_id, club_id, source_key, member_since)
             SELECT id, 2 + id % 2, CAST(id AS text), CAST(1990 + id % 40 AS text) FROM member WHERE id > 1;
             INSERT INTO membership (member_id, club_id, source_key, member_since)
             SELECT id, 4, CAST(id AS text), '2001-02-03' FROM member WHERE id % 5 = 0 AND id > 1",
        );
        if let Some(db) = &place.db {
            db.psql("ANALYZE");
        }
        let started = Instant::now();
        let (code, counted) = place.run(&["statistics", "--as-of", AS_OF]);
        println!("{kind}: {many} members in {:.1} s", started.elapsed().as_secs_f64());
        assert_eq!(code, 0, "{counted}");
        let number = |sql: &str| place.number(&format!("SELECT count(*) FROM {sql}"));
        assert_eq!(counted["members"], number("member"));
        assert_eq!(counted["memberships"], number("membership"));
        for group in counted["by_state"].as_array().unwrap() {
            let state = group["name"].as_str().unwrap();
            assert_eq!(group["members"], number(&format!("member WHERE state = '{state}'")), "{state}");
        }
        let sum = |list: &str| {
            counted[list]
                .as_array()
                .unwrap()
                .iter()
                .map(|group| group["members"].as_i64().unwrap())
                .sum::<i64>()
        };
        for list in ["by_company", "by_age", "by_tenure"] {
            assert_eq!(sum(list), number("member"), "{list}");
        }
        let old = number("member WHERE birth_date <= '1951-11-25'");
        let oldest =
            counted["by_age"].as_array().unwrap().iter().find(|group| group["name"] == "75 and over");
        assert_eq!(oldest.unwrap()["members"], old);
        let in_both = number("membership WHERE club_id = 4 AND member_id % 2 = 0");
        let clubs = json!(["Small Club", "Unity Golf Club"]);
        let together = counted["overlap"]["combinations"].as_array().unwrap();
        assert_eq!(together.iter().find(|of| of["clubs"] == clubs).unwrap()["members"], in_both);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_tells_how_far_it_is_and_can_be_cancelled() {
    use muster_backend::config::{Config, Environment, Profile};
    let place = Place::sqlite();
    let add = ["members", "add", "--club", "First Club", "--given-name", "Ann", "--state", "CA"];
    assert_eq!(place.run(&add).0, 0);
    place.execute(&fill_statements(false, 120_000)[..3].join(";"));
    let profile = Profile::sqlite(Environment::Dev, "live.db");
    let config = Config {
        profiles: [("live".to_owned(), profile)].into(),
        active_profile: "live".into(),
        ..Config::default()
    };
    let profiles = place.machine.profiles(config);
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let job = Job::new(move |stage, done, total| tell.lock().unwrap().push((stage, done, total)));
    statistics::count(&profiles, None, &StatisticsQuery::default(), &job).await.unwrap();
    let total = Some(120_001);
    assert_eq!(*told.lock().unwrap(), [0, 50_000, 100_000, 120_001].map(|done| ("count", done, total)));
    let stopped = Arc::new(Mutex::new(None::<Job>));
    let stop = Arc::clone(&stopped);
    let job = Job::new(move |_, done, _| {
        if let (50_000, Some(job)) = (done, &*stop.lock().unwrap()) {
            job.cancel();
        }
    });
    *stopped.lock().unwrap() = Some(job.clone());
    let error = statistics::count(&profiles, None, &StatisticsQuery::default(), &job).await.unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
}
