//! Who is who: records matched within and between lists and with the members of a database; decided, remembered, reverted.

use std::fmt::Write as _;
use std::path::PathBuf;

use muster_backend::imports::Imports;
use muster_backend::people::{
    ChosenValue, DecideInput, Decided, PersonGroup, QueueItem, QueueKind, QueueQuery, Verdict,
};
use muster_backend::{Code, Job};
use muster_engine::Field;
use muster_tests::{Machine, clubs, staged};

// The workspace remembers: the next list asks nothing twice, unless a record changed.
mod decisions;
// Rows that are edited after matching, thresholds and rules that are moved.
mod edits;
// Without a screen: recipes, and the program `muster`.
mod headless;
// Members of a database who become one with a push.
#[cfg(unix)]
mod merging;
// Members of a database, of each kind.
#[cfg(unix)]
mod target;

const GOLF: &str = "\
1001,Zbigniew Kowalczyk,1970-01-02,Acme,Texas,zk@one.example
1002,Ottoline Featherstone,1981-05-06,Globex,Ohio,of@one.example
1003,Maximilian Oberholzer,1965-11-12,Umbrella,Iowa,
1004,Wilhelmina Strand,1979-09-10,Acme,Texas,
1005,Ignatius Pemberton,1950-02-03,Hooli,Utah,
1006,Ignatius Pemberton,1950-02-08,Hooli,Utah,
1007,Philippa Ravensworth,1961-03-04,Initech,Iowa,
";

const SOFTBALL: &str = "\
2001,Zbigniew Kowalczyk,1970-01-02,Acme,Texas,zk@one.example
2002,Ottoline Featherstone,1981-05-06,Stark,Ohio,of@one.example
2003,Max Oberholzer,1965-11-21,,Nevada,
2004,Wilhelmina Strandt,1979-09-10,Soylent,Texas,
2005,Ignatius Pemberton,1950-03-03,Hooli,Utah,
2007,Philippa Ravensworth,,Initech,Iowa,
";

const GOLF_CLUB: &str = "unity_golf_club.csv";
const LEAGUE: &str = "us_softball_league.csv";

/// People of no importance, all different, with numbers from `first`.
fn others(first: usize, count: usize) -> String {
    let given = ["Ann", "Bob", "Cyd", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon", "Kay", "Lee"];
    let family =
        ["Orr", "Ray", "Hill", "Moss", "Pike", "Reed", "Shaw", "Tate", "Voss", "Webb", "York", "Zane"];
    let mut rows = String::new();
    for at in first..first + count {
        let (year, month, day) = (1940 + at * 7 % 60, 1 + at * 5 % 12, 1 + at * 11 % 28);
        let state = ["Ohio", "Utah", "Iowa", "Texas", "Maine"][at % 5];
        let (given, family, firm) = (given[at % 12], family[at / 12 % 12], at % 17);
        writeln!(rows, "{at},{given} {family}son,{year}-{month:02}-{day:02},Company {firm},{state},")
            .unwrap();
    }
    rows
}

/// A list of a club, with people of no importance.
fn list(machine: &Machine, name: &str, rows: &str) -> PathBuf {
    let first = if name == GOLF_CLUB { 0 } else { 144 };
    machine.file(name, format!("member number,name,born,company,state,email\n{rows}{}", others(first, 140)))
}

/// The lists of both clubs.
fn both(machine: &Machine) -> [PathBuf; 2] {
    [list(machine, GOLF_CLUB, GOLF), list(machine, LEAGUE, SOFTBALL)]
}

/// An import of files, staged and matched.
async fn matched(imports: &Imports, files: &[PathBuf]) -> u32 {
    let import = staged(imports, files).await.id;
    imports.people_match(import, &Job::silent()).await.unwrap();
    import
}

async fn queue(imports: &Imports, import: u32, kind: QueueKind) -> Vec<QueueItem> {
    let query = QueueQuery { kind, ..QueueQuery::default() };
    imports.people_queue(import, query, 0, 100).await.unwrap().items
}

/// The group of a person, by a part of their name.
async fn find(imports: &Imports, import: u32, name: &str) -> QueueItem {
    let query = QueueQuery { kind: QueueKind::All, text: Some(name.into()), ..QueueQuery::default() };
    let mut found = imports.people_queue(import, query, 0, 10).await.unwrap().items;
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.remove(0)
}

async fn opened(imports: &Imports, import: u32, name: &str) -> PersonGroup {
    let group = find(imports, import, name).await.group;
    imports.people_group(import, group).await.unwrap()
}

fn word(group: u32, verdict: Verdict) -> DecideInput {
    DecideInput { group, verdict, excluded: Vec::new(), values: Vec::new() }
}

async fn decide(imports: &Imports, import: u32, name: &str, verdict: Verdict) -> Decided {
    let group = find(imports, import, name).await.group;
    imports.people_decide(import, word(group, verdict)).await.unwrap()
}

fn company(value: &str) -> ChosenValue {
    ChosenValue { field: Field::Company, value: Some(value.into()) }
}

/// What the records of a group say of a field.
fn said(group: &PersonGroup, field: Field) -> Vec<Option<&str>> {
    group.records.iter().map(|record| record.cells[field.index()].as_deref()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sure_are_merged_and_the_doubtful_asked_in_the_order_of_what_matters() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let view = imports.people(import).await.unwrap();
    assert!(view.blocking.iter().any(|rule| rule.used && rule.name == "same name and birth date"));
    let counts = view.counts;
    assert_eq!((counts.records, counts.people, counts.merged), (293, 289, 4));
    assert_eq!((counts.to_review, counts.conflicts, counts.found, counts.decided), (3, 1, 2, 0));
    let all = queue(&imports, import, QueueKind::All).await;
    let names: Vec<&str> = all.iter().map(|item| item.records[0].name.as_str()).collect();
    let expected = [
        "Ottoline Featherstone",
        "Wilhelmina Strand",
        "Maximilian Oberholzer",
        "Philippa Ravensworth",
        "Ignatius Pemberton",
        "Zbigniew Kowalczyk",
    ];
    assert_eq!(names, expected);
    let conflict = &all[0];
    assert!(conflict.company_between_clubs && conflict.open == [Field::Company]);
    let places: Vec<_> =
        conflict.records.iter().map(|at| (at.club.as_str(), at.file.as_str(), at.line)).collect();
    assert_eq!(places, [("Unity Golf Club", GOLF_CLUB, 3), ("US Softball League", LEAGUE, 3)]);
    assert!(conflict.sentence.contains("the company differs"), "{}", conflict.sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_group_says_why_and_what_the_member_would_be() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let group = opened(&imports, import, "strandt").await;
    assert_eq!(group.kind, QueueKind::ToReview);
    assert_eq!(said(&group, Field::FamilyName), [Some("Strand"), Some("Strandt")]);
    assert!(group.asked.whether_same && group.asked.fields == [Field::Company]);
    let [pair] = group.pairs.as_slice() else { panic!("one pair") };
    let sum: f64 = pair.evidence.iter().map(|step| step.bits).sum();
    assert!((pair.evidence.last().unwrap().sum - sum).abs() < 1e-9);
    assert!((1.0 / (1.0 + (-sum).exp2()) - pair.probability).abs() < 1e-9);
    let birth = pair.evidence.iter().find(|step| step.field == Some(Field::BirthDate)).unwrap();
    assert_eq!((birth.words.as_str(), birth.a.as_deref()), ("the same", Some("1979-09-10")));
    assert!(birth.bits > 0.0);
    let value =
        |field| group.member.fields.iter().find(|found| found.field == field).unwrap().value.as_deref();
    assert_eq!((value(Field::FamilyName), value(Field::Company)), (Some("Strandt"), None));
    assert!(group.member.open && group.member.memberships.len() == 2);
    // One can go on from each group to the next of its kind, and back.
    let next = group.next.unwrap();
    assert_eq!(imports.people_group(import, next).await.unwrap().previous, Some(group.group));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_filtered_by_field_club_probability_and_words() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let count = async |query: QueueQuery| {
        let query = QueueQuery { kind: QueueKind::All, ..query };
        imports.people_queue(import, query, 0, 1).await.unwrap().total
    };
    let all = QueueQuery::default();
    assert_eq!(count(all.clone()).await, 6);
    assert_eq!(count(QueueQuery { field: Some(Field::Company), ..all.clone() }).await, 2);
    assert_eq!(count(QueueQuery { clubs: vec!["Unity Golf Club".into()], ..all.clone() }).await, 6);
    assert_eq!(count(QueueQuery { clubs: vec!["Unity".into()], ..all.clone() }).await, 0);
    assert_eq!(count(QueueQuery { score_from: Some(0.9), score_to: Some(0.99), ..all.clone() }).await, 2);
    assert_eq!(count(QueueQuery { text: Some("OBERHOLZER 2003".into()), ..all }).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_merged_in_the_real_lists() {
    let Some(files) = clubs() else { return };
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &files).await;
    let counts = imports.people(import).await.unwrap().counts;
    assert_eq!((counts.records, counts.people, counts.merged, counts.found), (12_748, 12_747, 1, 0));
    let kelly = opened(&imports, import, "kelly nguyen").await;
    assert_eq!((kelly.kind, kelly.records.len()), (QueueKind::Conflicts, 2));
    assert!(kelly.asked.fields.contains(&Field::Company) && !kelly.asked.whether_same);
    let chosen = said(&kelly, Field::Company)[1].unwrap().to_owned();
    let input = DecideInput { values: vec![company(&chosen)], ..word(kelly.group, Verdict::Same) };
    let decided = imports.people_decide(import, input).await.unwrap();
    assert_eq!((decided.counts.conflicts, decided.counts.people), (0, 12_747));
    let kelly = opened(&imports, import, "kelly nguyen").await;
    assert_eq!(kelly.kind, QueueKind::Decided);
    let field = kelly.member.fields.iter().find(|found| found.field == Field::Company).unwrap();
    assert_eq!(field.value.as_deref(), Some(chosen.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_asks_for_matching_before_its_results() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &both(&machine)).await.id;
    let error = imports.people_queue(import, QueueQuery::default(), 0, 10).await.unwrap_err();
    assert_eq!(error.code(), Code::NeedsAnswer);
    let job = Job::silent();
    job.cancel();
    assert_eq!(imports.people_match(import, &job).await.unwrap_err().code(), Code::Cancelled);
    assert_eq!(imports.people(import).await.unwrap().counts.merged, 0);
}
