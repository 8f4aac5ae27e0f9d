//! Random pushes, undone in reverse and in any order: each member is as before the push, or kept and named because
//! somebody has written them since.

use std::collections::{BTreeMap, BTreeSet};

use muster_backend::store::journal;
use serde_json::Value;

use crate::fingerprint::members;
use crate::lists::Random;
use crate::place::Place;

/// Pushes that are made before any of them is undone, and how often.
const PUSHES: usize = 10;
const BLOCKS: usize = 10;
const MODES: [&[&str]; 4] =
    [&[], &["--mode", "fill-blanks"], &["--mode", "update"], &["--mode", "mirror", "--remove-missing"]];

/// All that is known of each member, by their id; the version first.
type State = BTreeMap<i64, String>;
/// The members' keys, and who has them.
type Keys = BTreeMap<String, i64>;

fn keys(state: &State) -> Keys {
    let mut keys = Keys::new();
    for (id, text) in state {
        // id, member_id, club_id, source_key, … of each membership
        let memberships = text.lines().filter_map(|line| line.strip_prefix("membership|"));
        keys.extend(memberships.map(|line| (line.split('|').nth(3).unwrap().to_owned(), *id)));
    }
    keys
}

/// The last entry of the ledger, and the members.
fn state(place: &Place) -> (i64, State) {
    let mut state = State::new();
    let member: Vec<_> =
        journal::MEMBER.columns.iter().filter(|column| !["id", "version"].contains(column)).collect();
    let columns = member.into_iter().copied().collect::<Vec<_>>().join(", ");
    let queries = [
        "SELECT 0, max(id) FROM push".to_owned(),
        format!("SELECT id, version, {columns} FROM member ORDER BY id"),
        format!("SELECT member_id, 'membership', {} FROM membership ORDER BY id", journal::MEMBERSHIP.columns.join(", ")),
        "SELECT member_id, source_record.id, year, source_file_id, line, source_record.club_id, membership_id, push_id
         FROM source_record INNER JOIN membership ON source_record.membership_id = membership.id ORDER BY source_record.id"
            .to_owned(),
    ];
    let lines = match &place.db {
        Some(_) => place.lines(&queries.join(";\n")),
        None => queries.iter().flat_map(|query| place.lines(query)).collect(),
    };
    for line in lines {
        let (id, rest) = line.split_once('|').unwrap();
        let text = state.entry(id.parse().unwrap()).or_default();
        text.push_str(rest);
        text.push('\n');
    }
    let last = state.remove(&0).unwrap();
    (last.trim().parse().unwrap(), state)
}

fn version(text: &str) -> i64 {
    text.split('|').next().unwrap().parse().unwrap()
}

/// An entry of the ledger, and all members before and after it.
struct Entry {
    id: i64,
    before: State,
    after: State,
}

/// What undo makes of the members as they are now, and whom it keeps.
fn undone(entry: &Entry, now: &State) -> (State, BTreeSet<i64>) {
    let (mut expected, mut kept) = (now.clone(), BTreeSet::new());
    let (before_keys, now_keys) = (keys(&entry.before), keys(now));
    let ids: BTreeSet<&i64> = entry.before.keys().chain(entry.after.keys()).collect();
    for id in ids {
        if entry.before.get(id) == entry.after.get(id) {
            continue;
        }
        if !now.contains_key(id) && !entry.before.contains_key(id) {
            // Added by it and gone since: as before it already.
            continue;
        }
        let is_theirs = match now.get(id) {
            Some(text) => version(text) == entry.id,
            None => !entry.after.contains_key(id),
        };
        // Removed by it, and the key is another one's by now.
        let mut keys = before_keys.iter().filter(|(_, member)| *member == id).map(|(key, _)| key);
        let is_theirs = is_theirs && keys.all(|key| now_keys.get(key).is_none_or(|member| member == id));
        if !is_theirs {
            kept.insert(*id);
            continue;
        }
        match entry.before.get(id) {
            Some(text) => expected.insert(*id, text.clone()),
            None => expected.remove(id),
        };
    }
    (expected, kept)
}

fn random_list(random: &mut Random) -> String {
    let mut list = "member number,first name,last name,born,company,state,email\n".to_owned();
    for number in 0..8 {
        if random.below(4) > 0 {
            let state = ["TX", "NY", ""][random.below(3) as usize];
            let mail = ["", "a@example.org"][random.below(2) as usize];
            let company = ["", "Acme", "Blue"][random.below(3) as usize];
            list.push_str(&format!("{number},Ann{number},Lee,1970-01-02,{company},{state},{mail}\n"));
        }
    }
    // Somebody is in every list, and now and then a row is refused.
    list.push_str(&format!(
        "99,Zoe,Last,{},,,\n",
        ["1970-01-02", "never"][usize::from(random.below(5) == 0)]
    ));
    list
}

fn block(place: &Place, random: &mut Random, in_any_order: bool) -> usize {
    let ((mut last, start), shown) = (state(place), members(place));
    let mut entries: Vec<Entry> = Vec::new();
    while entries.len() < PUSHES {
        let before = entries.last().map_or_else(|| start.clone(), |entry| entry.after.clone());
        let (code, push) = place.push(&random_list(random), MODES[random.below(4) as usize]);
        assert!([0, 3].contains(&code), "{push:#}");
        let (id, after) = state(place);
        // A package that was pushed already is no entry.
        if id > last {
            entries.push(Entry { id, before, after });
        }
        last = id;
    }
    let (mut now, mut kept_in_all) = (entries[PUSHES - 1].after.clone(), 0);
    while !entries.is_empty() {
        let at = if in_any_order { random.below(entries.len() as u64) as usize } else { entries.len() - 1 };
        let entry = entries.remove(at);
        let (expected, kept) = undone(&entry, &now);
        let id = entry.id.to_string();
        let dry = entries.len().is_multiple_of(4).then(|| place.run(&["undo", &id, "--dry-run"]).1);
        let (code, report) = place.run(&["undo", &id]);
        assert_eq!(code, 0, "{report:#}");
        if let Some(dry) = dry {
            let counts = |report: &Value| {
                ["kept", "restored", "removed", "brought_back"].map(|name| report[name].clone())
            };
            assert_eq!(counts(&dry), counts(&report));
        }
        let named = report["kept_members"].as_array().unwrap();
        let named: BTreeSet<i64> = named.iter().map(|kept| kept["member"].as_i64().unwrap()).collect();
        assert_eq!(named, kept, "entry {id}");
        now = state(place).1;
        for (member, text) in &expected {
            assert_eq!(now.get(member), Some(text), "entry {id}, member {member}");
        }
        assert_eq!(now.len(), expected.len(), "entry {id}");
        kept_in_all += kept.len();
    }
    if !in_any_order {
        assert_eq!((now, members(place), kept_in_all), (start, shown, 0));
    }
    kept_in_all
}

fn a_hundred_pushes(place: &Place) {
    let mut random = Random(20_261_125);
    assert_eq!(place.push("member number,first name\n0,Ann\n1,Bob\n", &[]).0, 0);
    let mut kept = 0;
    for number in 0..BLOCKS {
        kept += block(place, &mut random, number % 2 == 1);
    }
    assert!(kept > 0, "no undo kept anybody: the lists do not overlap");
    let (_, audit) = place.run(&["audit", "verify"]);
    let entries = 1 + 2 * (BLOCKS * PUSHES) as u64;
    assert_eq!((audit["entries"].as_u64(), &audit["broken_at"]), (Some(entries), &Value::Null));
    eprintln!("{} pushes undone, {kept} times somebody was kept", BLOCKS * PUSHES);
}

/// Somebody is removed and added anew: their key is taken when the removal is undone.
#[test]
fn what_is_there_anew_is_not_brought_back_a_second_time() {
    const TWO: &str = "member number,first name,company\n1,Ann,Acme\n2,Bob,Acme\n";
    for place in [Place::sqlite(), Place::postgres()] {
        assert_eq!(place.push(TWO, &[]).0, 0);
        let gone = "member number,first name,company\n1,Ann,Acme\n";
        assert_eq!(place.push(gone, &["--mode", "mirror", "--remove-missing"]).1["removed"], 1);
        assert_eq!(place.push("member number,first name,company\n2,Bob,Blue\n", &[]).1["inserted"], 1);
        let (code, report) = place.run(&["undo", "2"]);
        assert_eq!((code, &report["brought_back"], &report["kept"]), (0, &0.into(), &1.into()), "{report:#}");
        assert_eq!(report["kept_members"][0]["changed_by"], 3);
        assert_eq!(place.number("SELECT count(*) FROM membership"), 2);
        // The undo of all that takes the companies away; one that comes again has another number.
        for entry in ["3", "1"] {
            assert_eq!(place.run(&["undo", entry]).0, 0);
        }
        let undone = place.number("SELECT max(id) FROM push");
        if place.number("SELECT count(*) FROM company WHERE name = 'Acme'") == 0 {
            assert_eq!(place.push("member number,first name,company\n7,Cyd,Acme\n", &[]).0, 0);
            let (code, report) = place.run(&["undo", &undone.to_string()]);
            assert_eq!(code, 4, "{report:#}");
        }
    }
}

#[test]
fn a_hundred_random_pushes_to_sqlite_are_undone() {
    a_hundred_pushes(&Place::sqlite());
}

#[test]
fn a_hundred_random_pushes_to_postgresql_are_undone() {
    a_hundred_pushes(&Place::postgres());
}
