use muster_backend::config::Config;
use muster_backend::imports::PushChoice;
use muster_backend::keychain::Keychain;
use muster_backend::people::{PeopleState, Thresholds};
use muster_backend::profiles::Profiles;
use muster_backend::push::PushMode;
use muster_backend::secrets::{Named, Secrets};

use super::*;
use crate::place::Place;

pub(super) async fn open(place: &Place) -> Imports {
    let folders = place.machine.folders();
    let config = Config::load(&folders, None).unwrap();
    let file = |name: &str, file: &str| format!("{name}={}", place.machine.path().join(file).display());
    let mut named = vec![file("data-key", "data-key")];
    if place.db.is_some() {
        named.push(file("live", "password"));
    }
    let secrets = Secrets::new(Keychain::system(), Named::parse(&named, &[]).unwrap());
    Imports::open(Profiles::new(folders, config, secrets), &place.machine.data_key()).await.unwrap()
}

pub(super) async fn push(imports: &Imports, import: u32) -> (u32, u32) {
    let how = PushChoice::default();
    let plan = imports.plan(import, how, &Job::silent()).await.unwrap();
    let report = imports.push(import, &plan.package, how, None, &Job::silent()).await.unwrap();
    (report.inserted, report.skipped_identical)
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_compared_with_the_members_of_the_database() {
    for place in Place::all() {
        let imports = open(&place).await;
        let golf = list(&place.machine, GOLF_CLUB, GOLF);
        let first = matched(&imports, std::slice::from_ref(&golf)).await;
        assert_eq!(imports.people(first).await.unwrap().members_compared, 0);
        push(&imports, first).await;
        assert_eq!(imports.people(first).await.unwrap().state, PeopleState::Stale);
        let softball = list(&place.machine, LEAGUE, SOFTBALL);
        let import = matched(&imports, &[softball]).await;
        let view = imports.people(import).await.unwrap();
        assert_eq!(view.state, PeopleState::Current);
        assert!(view.members_compared > 6, "{}", view.members_compared);
        let counts = view.counts;
        assert_eq!((counts.records, counts.to_review, counts.conflicts), (146, 3, 1));
        let group = opened(&imports, import, "featherstone").await;
        let of_database: Vec<_> = group.records.iter().map(|record| record.member.is_some()).collect();
        assert_eq!(of_database, [false, true]);
        assert_eq!(group.records[1].clubs, ["Unity Golf Club"]);
        let input = DecideInput { values: vec![company("Stark")], ..word(group.group, Verdict::Same) };
        imports.people_decide(import, input).await.unwrap();
        decide(&imports, import, "oberholzer", Verdict::Same).await;
        decide(&imports, import, "strandt", Verdict::Different).await;
        let counts = decide(&imports, import, "ravensworth", Verdict::Same).await.counts;
        assert_eq!((counts.to_review, counts.conflicts), (0, 0));
        push(&imports, import).await;
        // Both lists again: nothing is asked, and nobody is new.
        let both = matched(&imports, &super::both(&place.machine)).await;
        let counts = imports.people(both).await.unwrap().counts;
        assert_eq!((counts.to_review, counts.conflicts, counts.changed), (0, 0, 0), "{counts:?}");
        assert_eq!(counts.in_database, counts.people);
        assert_eq!(push(&imports, both).await.0, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_put_together_from_the_lists_raises_no_question_beside_them() {
    for place in Place::all() {
        let imports = open(&place).await;
        let import = matched(&imports, &super::both(&place.machine)).await;
        for (name, firm) in [("featherstone", "Stark"), ("strandt", "Soylent")] {
            let group = find(&imports, import, name).await.group;
            let input = DecideInput { values: vec![company(firm)], ..word(group, Verdict::Same) };
            imports.people_decide(import, input).await.unwrap();
        }
        decide(&imports, import, "oberholzer", Verdict::Same).await;
        let settled = decide(&imports, import, "ravensworth", Verdict::Same).await.counts;
        let all = Thresholds { review: 0.1, merge: 0.99 };
        let pairs = imports.people_threshold_counts(import, all).await.unwrap();
        push(&imports, import).await;
        let next = matched(&imports, &super::both(&place.machine)).await;
        let view = imports.people(next).await.unwrap();
        assert!(view.members_compared > 280, "{}", view.members_compared);
        // The pairs are those of the rows, weighed as they were.
        assert_eq!(imports.people_threshold_counts(next, all).await.unwrap(), pairs);
        assert_eq!((view.counts.people, view.counts.in_database), (settled.people, settled.people));
        assert_eq!((view.counts.to_review, view.counts.conflicts, view.counts.changed), (0, 0, 0));
        // One list alone lacks what the member has of the other.
        let golf = list(&place.machine, GOLF_CLUB, GOLF);
        let next = matched(&imports, &[golf]).await;
        let counts = imports.people(next).await.unwrap().counts;
        assert_eq!((counts.people, counts.to_review, counts.changed), (counts.in_database, 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_members_of_the_database_are_one_only_by_a_person_s_word() {
    for place in Place::all() {
        let imports = open(&place).await;
        // Pushed one after the other without a look at who is who.
        for file in super::both(&place.machine) {
            let import = staged(&imports, &[file]).await.id;
            push(&imports, import).await;
        }
        let import = matched(&imports, &super::both(&place.machine)).await;
        let view = imports.people(import).await.unwrap();
        assert_eq!((view.counts.people, view.counts.in_database), (293, 293));
        let group = find(&imports, import, "kowalczyk").await;
        assert_eq!(group.kind, QueueKind::ToReview);
        let query = QueueQuery::default();
        let preview = imports.people_bulk_preview(import, query).await.unwrap();
        assert_eq!(preview.groups, 0, "a bulk merge takes no two members");
        let counts = decide(&imports, import, "kowalczyk", Verdict::Same).await.counts;
        assert_eq!((counts.people, counts.decided), (292, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_elsewhere_is_known_from_the_database() {
    for place in Place::all() {
        let imports = open(&place).await;
        let import = matched(&imports, &super::both(&place.machine)).await;
        decide(&imports, import, "oberholzer", Verdict::Different).await;
        decide(&imports, import, "strandt", Verdict::Different).await;
        decide(&imports, import, "ravensworth", Verdict::Same).await;
        let group = find(&imports, import, "featherstone").await.group;
        let input = DecideInput { values: vec![company("Stark")], ..word(group, Verdict::Same) };
        let counts = imports.people_decide(import, input).await.unwrap().counts;
        push(&imports, import).await;
        drop(imports);
        // Another person's machine, which has the database and nothing else.
        std::fs::remove_dir_all(place.machine.folders().import(import.into())).unwrap();
        for file in ["workspace.db", "workspace.db-wal", "workspace.db-shm"] {
            let _ = std::fs::remove_file(place.machine.path().join("data").join(file));
        }
        let imports = open(&place).await;
        let import = matched(&imports, &super::both(&place.machine)).await;
        let again = imports.people(import).await.unwrap().counts;
        assert_eq!((again.to_review, again.conflicts, again.changed), (0, 0, 0), "{again:?}");
        assert_eq!((again.people, again.in_database), (counts.people, counts.people));
        let group = opened(&imports, import, "oberholzer").await;
        assert_eq!((group.decisions.len(), group.decisions[0].id), (1, 0));
        assert_eq!(imports.people_decisions(None, 0, 10).await.unwrap().total, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_merged_into_a_member_did_not_change_since() {
    for place in Place::all() {
        let imports = open(&place).await;
        let golf = [list(&place.machine, GOLF_CLUB, GOLF)];
        let softball = SOFTBALL
            .replace("Oberholzer,1965-11-21,,Nevada,", "Oberholzer,1965-11-21,,Nevada,mo@one.example");
        let files = [golf[0].clone(), list(&place.machine, LEAGUE, &softball)];
        let import = matched(&imports, &files).await;
        decide(&imports, import, "oberholzer", Verdict::Same).await;
        decide(&imports, import, "strandt", Verdict::Different).await;
        push(&imports, import).await;
        // Of the other club's records only the members are left: of one, with the values of both.
        let next = matched(&imports, &golf).await;
        let group = opened(&imports, next, "oberholzer").await;
        assert_eq!((group.kind, changed(&group).as_slice()), (QueueKind::Decided, &[][..]));
        // A third club's record of the same person gives the member an email address: nobody changed anything.
        let row = "3004,Wilhelmina Strandt,1979-09-10,Soylent,Texas,ws@one.example";
        let others = others(300, 100);
        let text = format!("member number,name,born,company,state,email\n{row}\n{others}");
        let tennis = place.machine.file("tennis_club.csv", text);
        let third = matched(&imports, &[tennis]).await;
        let how = PushChoice { mode: PushMode::FillBlanks, ..PushChoice::default() };
        let plan = imports.plan(third, how, &Job::silent()).await.unwrap();
        imports.push(third, &plan.package, how, None, &Job::silent()).await.unwrap();
        assert_eq!(place.number("SELECT count(*) FROM member WHERE email = 'ws@one.example'"), 1);
        let again = async || opened(&imports, matched(&imports, &golf).await, "strandt").await;
        let group = again().await;
        assert_eq!((group.kind, changed(&group).as_slice()), (QueueKind::Decided, &[][..]));
        // What the club's list changes counts, also where nobody looked.
        list(&place.machine, LEAGUE, &softball.replace("Soylent,Texas", "Soylent,Utah"));
        assert_eq!(place.run(&["push", LEAGUE, "--mode", "update"]).0, 0);
        let group = again().await;
        assert_eq!((group.kind, changed(&group).as_slice()), (QueueKind::Changed, &[Field::State][..]));
        // So does what a person types.
        let member = group.records.iter().find(|record| record.row.is_none()).unwrap().member.unwrap();
        let edit = ["members", "edit", &member.to_string(), "--phone", "+1 212 555 0123"];
        assert_eq!(place.run(&[&edit[..], &["--club", "US Softball League"]].concat()).0, 0);
        assert_eq!(changed(&again().await), [Field::State, Field::Phone]);
    }
}

/// The fields that a group shows as changed since somebody decided.
fn changed(group: &PersonGroup) -> Vec<Field> {
    group.changed.iter().map(|change| change.field).collect()
}
