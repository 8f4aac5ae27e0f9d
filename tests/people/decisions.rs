use muster_backend::people::{DecisionKind, PeopleCounts};

use super::*;

/// Settles all of both lists: two merged, one different, one in bulk.
async fn settle(imports: &Imports, import: u32) -> PeopleCounts {
    let group = find(imports, import, "featherstone").await.group;
    let input = DecideInput { values: vec![company("Globex")], ..word(group, Verdict::Same) };
    imports.people_decide(import, input).await.unwrap();
    let group = find(imports, import, "strandt").await.group;
    let input = DecideInput { values: vec![company("Soylent")], ..word(group, Verdict::Same) };
    imports.people_decide(import, input).await.unwrap();
    decide(imports, import, "oberholzer", Verdict::Different).await;
    decide(imports, import, "ravensworth", Verdict::Same).await.counts
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_import_asks_nothing_twice() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let counts = settle(&imports, import).await;
    assert_eq!((counts.to_review, counts.conflicts, counts.decided), (0, 0, 4));
    assert_eq!(counts.people, 287);
    drop(imports);
    let imports = machine.open().await;
    let next = matched(&imports, &both(&machine)).await;
    assert_ne!(next, import);
    let again = imports.people(next).await.unwrap().counts;
    assert_eq!(again, counts);
    let group = opened(&imports, next, "strandt").await;
    assert_eq!((group.kind, group.decisions.len()), (QueueKind::Decided, 1));
    assert!(
        find(&imports, next, "oberholzer").await.decision.unwrap().starts_with("Different people, said ")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_changed_is_asked_about_again() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    settle(&imports, import).await;
    // A title and a score are no reason to ask again.
    let changed = SOFTBALL
        .replace(
            "Wilhelmina Strandt,1979-09-10,Soylent,Texas",
            "Mrs. Wilhelmina Strandt,1979-09-10,Soylent,Ohio",
        )
        .replace("Max Oberholzer,1965-11-21", "Max Oberholzer,1965-11-12")
        .replace("Philippa", "Ms. Philippa");
    let files = [list(&machine, GOLF_CLUB, GOLF), list(&machine, LEAGUE, &changed)];
    let next = matched(&imports, &files).await;
    let counts = imports.people(next).await.unwrap().counts;
    assert_eq!((counts.changed, counts.to_review, counts.decided), (2, 0, 2));
    let group = opened(&imports, next, "strandt").await;
    assert_eq!(group.kind, QueueKind::Changed);
    let changes: Vec<_> = group
        .changed
        .iter()
        .map(|change| (change.field, change.before.as_deref(), change.after.as_deref(), change.verdict))
        .collect();
    assert_eq!(changes, [(Field::State, Some("TX"), Some("OH"), Verdict::Same)]);
    let group = opened(&imports, next, "oberholzer").await;
    assert_eq!((group.changed[0].field, group.changed[0].verdict), (Field::BirthDate, Verdict::Different));
    // They stay apart until that is answered.
    assert_ne!(group.records[0].person, group.records[1].person);
    decide(&imports, next, "oberholzer", Verdict::Same).await;
    let counts = decide(&imports, next, "strandt", Verdict::Same).await.counts;
    assert_eq!((counts.changed, counts.decided), (0, 4));
    let third = matched(&imports, &files).await;
    assert_eq!(imports.people(third).await.unwrap().counts, counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_asked_about_again_when_there_is_a_new_one() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    settle(&imports, import).await;
    let changed = SOFTBALL.replace("Stark", "Wayne");
    let files = [list(&machine, GOLF_CLUB, GOLF), list(&machine, LEAGUE, &changed)];
    let next = matched(&imports, &files).await;
    let group = opened(&imports, next, "featherstone").await;
    assert_eq!((group.kind, group.asked.fields.as_slice()), (QueueKind::Changed, &[Field::Company][..]));
    let conflict = group.member.conflicts.iter().find(|found| found.field == Field::Company).unwrap();
    assert_eq!(conflict.changed, ["Wayne"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_three_is_left_out() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let three = opened(&imports, import, "pemberton").await;
    assert_eq!((three.kind, three.records.len()), (QueueKind::Merged, 3));
    let other = three.records.iter().find(|record| record.key == "1006").unwrap().record;
    let input = DecideInput { excluded: vec![other], ..word(three.group, Verdict::Same) };
    let decided = imports.people_decide(import, input).await.unwrap();
    assert_eq!(decided.counts.people, 290);
    let query = QueueQuery { kind: QueueKind::All, text: Some("pemberton".into()), ..QueueQuery::default() };
    let groups = imports.people_queue(import, query.clone(), 0, 10).await.unwrap().items;
    assert!(groups.iter().all(|group| group.kind == QueueKind::Decided), "{groups:?}");
    let together = groups.iter().find(|group| group.records.len() == 2).unwrap();
    assert!(together.records.iter().all(|record| record.record != other));
    // All of it is taken back at once.
    let view = imports.people_revert(import, decided.decision.unwrap()).await.unwrap();
    assert_eq!((view.counts.people, view.counts.found, view.counts.decided), (289, 2, 0));
    assert_eq!(imports.people_queue(import, query, 0, 10).await.unwrap().items[0].records.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_found_person_is_taken_apart_and_put_together_again() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let decided = decide(&imports, import, "kowalczyk", Verdict::Different).await;
    assert_eq!((decided.counts.people, decided.counts.found), (290, 1));
    assert_eq!(find(&imports, import, "kowalczyk").await.kind, QueueKind::Decided);
    let later = decide(&imports, import, "kowalczyk", Verdict::Same).await;
    assert_eq!(later.counts.people, 289);
    // The earlier word counts again when the later one is taken back.
    let view = imports.people_revert(import, later.decision.unwrap()).await.unwrap();
    assert_eq!(view.counts.people, 290);
    let error = imports.people_revert(import, later.decision.unwrap()).await.unwrap_err();
    assert_eq!(error.code(), Code::NotFound);
    assert_eq!(imports.people_revert(import, decided.decision.unwrap()).await.unwrap().counts.found, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_are_listed_and_searched() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    settle(&imports, import).await;
    let all = imports.people_decisions(None, 0, 10).await.unwrap();
    assert_eq!((all.total, all.items.len()), (4, 4));
    let found = imports.people_decisions(Some("STRANDT"), 0, 10).await.unwrap();
    assert_eq!(found.total, 1);
    let decision = &found.items[0];
    assert_eq!(decision.kind, DecisionKind::Same);
    assert_eq!(
        decision.label,
        "Wilhelmina Strand (Unity Golf Club) and Wilhelmina Strandt (US Softball League) are one person; \
         company: Soylent"
    );
    assert_eq!(decision.values, [company("Soylent")]);
    assert_eq!(imports.people_decisions(Some("100 %"), 0, 10).await.unwrap().total, 0);
    imports.people_revert(import, decision.id).await.unwrap();
    let found = imports.people_decisions(Some("strandt"), 0, 10).await.unwrap();
    assert!(found.items[0].reverted.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_conflict_free_are_merged_at_once_and_taken_back_at_once() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let query = QueueQuery { score_from: Some(0.5), ..QueueQuery::default() };
    let preview = imports.people_bulk_preview(import, query.clone()).await.unwrap();
    assert_eq!((preview.groups, preview.records, preview.left), (2, 4, 1));
    let fields: Vec<_> = preview.fields.iter().map(|count| (count.field, count.groups)).collect();
    assert_eq!(fields, [(Field::GivenName, 1), (Field::BirthDate, 1), (Field::State, 1)]);
    assert_eq!(preview.samples.len(), 2);
    let merged = imports.people_bulk_merge(import, query.clone(), &Job::silent()).await.unwrap();
    assert_eq!((merged.groups, merged.records), (2, 4));
    assert_eq!((merged.counts.people, merged.counts.to_review), (287, 1));
    let nothing = imports.people_bulk_merge(import, query, &Job::silent()).await.unwrap();
    assert_eq!((nothing.decision, nothing.groups), (None, 0));
    assert_eq!(imports.people_decisions(None, 0, 10).await.unwrap().total, 1);
    let view = imports.people_revert(import, merged.decision.unwrap()).await.unwrap();
    assert_eq!((view.counts.people, view.counts.to_review), (289, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_comes_last() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let order = async || {
        let items = queue(&imports, import, QueueKind::ToReview).await;
        items.iter().map(|item| item.group).collect::<Vec<_>>()
    };
    let before = order().await;
    let decided = imports.people_decide(import, word(before[0], Verdict::Later)).await.unwrap();
    assert_eq!((decided.decision, decided.next), (None, Some(before[1])));
    assert_eq!(order().await, [before[1], before[2], before[0]]);
    assert_eq!(imports.people_decisions(None, 0, 10).await.unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_stays_so_when_matching_runs_again() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let order = async |imports: &Imports, import: u32| {
        let items = queue(imports, import, QueueKind::ToReview).await;
        items.iter().map(|item| (item.records[0].name.clone(), item.later)).collect::<Vec<_>>()
    };
    let before = order(&imports, import).await;
    for at in [1, 0] {
        let group = queue(&imports, import, QueueKind::ToReview).await.remove(at).group;
        imports.people_decide(import, word(group, Verdict::Later)).await.unwrap();
    }
    let after = order(&imports, import).await;
    let expected = [(&before[2].0, false), (&before[1].0, true), (&before[0].0, true)];
    assert_eq!(after, expected.map(|(name, later)| (name.clone(), later)));
    imports.people_match(import, &Job::silent()).await.unwrap();
    assert_eq!(order(&imports, import).await, after);
    // So it does when all is settled anew, and when the workspace is opened again.
    let thresholds = imports.people(import).await.unwrap().thresholds;
    imports.people_set_thresholds(import, thresholds, &Job::silent()).await.unwrap();
    drop(imports);
    let imports = machine.open().await;
    imports.people_match(import, &Job::silent()).await.unwrap();
    assert_eq!(order(&imports, import).await, after);
    // Another import asks in its own order.
    let next = matched(&imports, &both(&machine)).await;
    assert_eq!(order(&imports, next).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_window_decides_and_reverts_counts_at_once() {
    let machine = Machine::new();
    let (imports, other) = (machine.open().await, machine.open().await);
    let import = matched(&imports, &both(&machine)).await;
    let said = async |imports: &Imports| find(imports, import, "oberholzer").await.decision;
    assert_eq!((said(&imports).await, said(&other).await), (None, None));
    let first = decide(&other, import, "oberholzer", Verdict::Different).await;
    assert!(said(&imports).await.unwrap().starts_with("Different people, said "));
    let second = decide(&imports, import, "oberholzer", Verdict::Same).await;
    assert!(said(&other).await.unwrap().starts_with("One person, said "));
    other.people_revert(import, second.decision.unwrap()).await.unwrap();
    assert!(said(&imports).await.unwrap().starts_with("Different people, said "));
    imports.people_revert(import, first.decision.unwrap()).await.unwrap();
    assert_eq!((said(&imports).await, said(&other).await), (None, None));
}

/// `cargo nextest run … measures_decisions --run-ignored all --no-capture`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn measures_decisions_of_which_there_are_many() {
    use std::time::Instant;
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let seen = r#"{"a":{"given_name":"Ann","family_name":"Lee","birth_date":"1970-01-02","state":"OH"},
                   "b":{"given_name":"Ann","family_name":"Leigh","birth_date":"1970-01-02","state":"OH"}}"#;
    let db = machine.database("workspace.db");
    db.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    db.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 100000)
         INSERT INTO decision_set (kind, label, groups, person, decided)
             SELECT 'different', 'Decision ' || n, 1, 'pat', '2026-01-01T00:00:00.000Z' FROM number;
         INSERT INTO decision_part (set_id, kind, source, source_key, other_source, other_source_key, seen)
             SELECT id, 'different', 'Elsewhere', 'a' || id, 'Elsewhere', 'b' || id, '{seen}' FROM decision_set;
         COMMIT;"
    ))
    .unwrap();
    for look in ["first", "second", "third"] {
        let started = Instant::now();
        queue(&imports, import, QueueKind::ToReview).await;
        println!("{look} look at the queue: {:.0} ms", started.elapsed().as_secs_f64() * 1000.0);
    }
    for name in ["oberholzer", "strandt"] {
        let group = find(&imports, import, name).await.group;
        let started = Instant::now();
        imports.people_decide(import, word(group, Verdict::Different)).await.unwrap();
        println!("a decision: {:.0} ms", started.elapsed().as_secs_f64() * 1000.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let group = opened(&imports, import, "featherstone").await;
    let refused = async |input: DecideInput| imports.people_decide(import, input).await.unwrap_err();
    let alone = DecideInput { excluded: vec![group.records[0].record], ..word(group.group, Verdict::Same) };
    assert_eq!(refused(alone).await.code(), Code::InvalidInput);
    let stranger = DecideInput { excluded: vec![9_999], ..word(group.group, Verdict::Same) };
    assert_eq!(refused(stranger).await.code(), Code::NotFound);
    let chosen = |field, value: &str| ChosenValue { field, value: Some(value.into()) };
    for value in [chosen(Field::State, "canary"), chosen(Field::Score, "7")] {
        let error = refused(DecideInput { values: vec![value], ..word(group.group, Verdict::Same) }).await;
        assert!(error.code() == Code::InvalidInput && !error.to_string().contains("canary"));
    }
    assert_eq!(refused(word(9_999, Verdict::Same)).await.code(), Code::NotFound);
    // What is typed becomes what a list would give.
    let typed = vec![chosen(Field::State, "Calif."), company("Globex")];
    imports
        .people_decide(import, DecideInput { values: typed, ..word(group.group, Verdict::Same) })
        .await
        .unwrap();
    let group = opened(&imports, import, "featherstone").await;
    let state = group.member.fields.iter().find(|found| found.field == Field::State).unwrap();
    assert_eq!(state.value.as_deref(), Some("CA"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_of_one_key_cannot_be_different_people() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let golf = GOLF.replace("1006,", "1005,");
    let import = matched(&imports, &[list(&machine, GOLF_CLUB, &golf)]).await;
    let group = opened(&imports, import, "pemberton").await;
    assert!(group.pairs[0].same_key && group.records.len() == 2);
    let error = imports.people_decide(import, word(group.group, Verdict::Different)).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidInput);
}
