use std::collections::BTreeMap;

use muster_backend::imports::NewOperation;
use muster_backend::people::{PeopleState, Thresholds};
use muster_engine::resolve::{CompanyConflict, SurvivorRule, SurvivorshipSettings};

use super::*;

/// Types a value into the row of a list that has a number.
async fn edit(imports: &Imports, import: u32, name: &str, key: &str, field: Field, value: &str) {
    let group = opened(imports, import, name).await;
    let row = group.records.iter().find(|record| record.key == key).unwrap().row.unwrap();
    let edit = NewOperation::EditCell { row, field, value: Some(value.into()) };
    imports.add_operation(import, edit, &Job::silent()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_row_is_compared_again_by_itself() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    edit(&imports, import, "featherstone", "2002", Field::Company, "Globex").await;
    let view = imports.people(import).await.unwrap();
    assert_eq!((view.state, view.counts.conflicts, view.counts.found), (PeopleState::Current, 0, 3));
    edit(&imports, import, "kowalczyk", "2001", Field::FamilyName, "Different").await;
    edit(&imports, import, "oberholzer", "2003", Field::BirthDate, "1965-11-12").await;
    let counts = imports.people(import).await.unwrap().counts;
    let by_hand = (counts.people, counts.to_review, counts.conflicts, counts.found);
    // A full run finds the same people and groups.
    imports.people_match(import, &Job::silent()).await.unwrap();
    let counts = imports.people(import).await.unwrap().counts;
    assert_eq!((counts.people, counts.to_review, counts.conflicts, counts.found), by_hand);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_whose_key_is_edited_leaves_the_rows_of_its_old_key() {
    let machine = Machine::new();
    let imports = machine.open().await;
    // Without member numbers, name and birth date are the key: the two rows are one membership.
    let rows = format!("{GOLF}8001,Zbigniew Kowalczyk,1970-01-02,Hooli,Utah,\n{}", others(0, 140));
    let rows: String =
        rows.lines().filter_map(|row| row.split_once(',')).map(|(_, row)| format!("{row}\n")).collect();
    let file = machine.file(GOLF_CLUB, format!("name,born,company,state,email\n{rows}"));
    let import = matched(&imports, &[file]).await;
    let before = imports.people(import).await.unwrap().counts;
    let group = opened(&imports, import, "kowalczyk").await;
    assert!(group.pairs[0].same_key && group.records[0].person == group.records[1].person);
    let row = group.records[1].row.unwrap();
    let value = Some("Wiktor".to_owned());
    let edit = NewOperation::EditCell { row, field: Field::GivenName, value };
    imports.add_operation(import, edit, &Job::silent()).await.unwrap();
    let counts = imports.people(import).await.unwrap().counts;
    assert_eq!(counts.people, before.people + 1);
    imports.people_match(import, &Job::silent()).await.unwrap();
    assert_eq!(imports.people(import).await.unwrap().counts, counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_left_out_leaves_its_group_and_comes_back() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let before = imports.people(import).await.unwrap().counts;
    let row = opened(&imports, import, "strandt").await.records[1].row.unwrap();
    let step = imports
        .add_operation(import, NewOperation::ExcludeRows { rows: vec![row] }, &Job::silent())
        .await
        .unwrap();
    let view = imports.people(import).await.unwrap();
    assert_eq!((view.state, view.counts.to_review, view.counts.records), (PeopleState::Current, 2, 292));
    imports.undo_operation(import, step.operation.unwrap().id, &Job::silent()).await.unwrap();
    assert_eq!(imports.people(import).await.unwrap().counts, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_edits_make_the_results_stale() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let replace = NewOperation::ReplaceValue {
        field: Field::FamilyName,
        find: "son".into(),
        replace: "sen".into(),
        whole_cell: false,
        match_case: true,
    };
    imports.add_operation(import, replace, &Job::silent()).await.unwrap();
    let view = imports.people(import).await.unwrap();
    assert_eq!(view.state, PeopleState::Stale);
    assert!(view.stale.unwrap().starts_with("Many rows were edited"));
    assert_eq!(imports.people_match(import, &Job::silent()).await.unwrap().state, PeopleState::Current);
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_are_moved_after_matching() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let of = |review, merge| Thresholds { review, merge };
    let counts = imports.people_threshold_counts(import, of(0.5, 0.99)).await.unwrap();
    assert_eq!((counts.merge, counts.ask), (5, 3));
    let all = counts.merge + counts.ask + counts.apart;
    let counts = imports.people_threshold_counts(import, of(0.6, 0.95)).await.unwrap();
    assert_eq!((counts.merge, counts.ask), (6, 1));
    assert_eq!(counts.merge + counts.ask + counts.apart, all);
    let view = imports.people_set_thresholds(import, of(0.6, 0.95), &Job::silent()).await.unwrap();
    assert_eq!((view.thresholds, view.counts.to_review, view.counts.conflicts), (of(0.6, 0.95), 1, 2));
    assert_eq!(view.counts.people, 288);
    for wrong in [of(0.05, 0.99), of(0.9, 0.5), of(0.5, 1.0)] {
        let error = imports.people_set_thresholds(import, wrong, &Job::silent()).await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput);
    }
    // A new import starts with what was set last.
    let next = matched(&imports, &both(&machine)).await;
    assert_eq!(imports.people(next).await.unwrap().thresholds, of(0.6, 0.95));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_previewed_on_real_people_before_they_count() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &both(&machine)).await;
    let rules = SurvivorshipSettings {
        source_order: vec!["US Softball League".into()],
        rules: BTreeMap::from([(Field::Company, SurvivorRule::SourcePriority { sources: Vec::new() })]),
        company_conflict: CompanyConflict::FollowRule,
        ..SurvivorshipSettings::default()
    };
    let preview = imports.survivorship_preview(import, rules.clone()).await.unwrap();
    assert_eq!((preview.members, preview.open_before, preview.open_after), (3, 1, 0));
    let example = preview.examples.iter().find(|example| example.field == Field::Company).unwrap();
    assert_eq!(
        (example.name.as_str(), example.before.as_deref(), example.after.as_deref()),
        ("Ottoline Featherstone", None, Some("Stark"))
    );
    assert_eq!(imports.people(import).await.unwrap().counts.conflicts, 1);
    let view = imports.survivorship_set(import, rules.clone(), &Job::silent()).await.unwrap();
    assert_eq!((view.counts.conflicts, view.survivorship), (0, rules.clone()));
    let wrong = SurvivorshipSettings {
        rules: BTreeMap::from([(Field::SourceKey, SurvivorRule::Newest)]),
        ..rules.clone()
    };
    assert!(imports.survivorship_set(import, wrong, &Job::silent()).await.is_err());
    assert_eq!(imports.survivorship(import).await.unwrap().settings, rules);
}
