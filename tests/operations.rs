//! The person's steps: done, undone in any order, replayed.

use muster_backend::Job;
use muster_backend::imports::{Imports, NewOperation};
use muster_backend::staging::{RowQuery, SortBy};
use muster_engine::Field;
use muster_engine::staged::RowClass;
use muster_tests::{Machine, rows, shown, staged};

const CLUB: &str = "name,born,joined,state\n\
    Ann Lee,1970-01-02,1990,OR\n\
    Bob Ray,1980-03-04,1975,OR\n\
    Cyd Orr,1990-05-06,2010,Ontario\n\
    Cyd Orr,1990-05-06,2010,Ontario\n";

fn replace(find: &str, with: &str) -> NewOperation {
    NewOperation::ReplaceValue {
        field: Field::State,
        find: find.into(),
        replace: with.into(),
        whole_cell: true,
        match_case: true,
    }
}

fn edit(row: u32, field: Field, value: &str) -> NewOperation {
    NewOperation::EditCell { row, field, value: Some(value.into()) }
}

async fn add(imports: &Imports, import: u32, operation: NewOperation) -> u32 {
    imports.add_operation(import, operation, &Job::silent()).await.unwrap().operation.unwrap().id
}

async fn states(imports: &Imports, import: u32) -> Vec<String> {
    let found = rows(imports, import, RowQuery::default()).await;
    found.iter().map(|row| shown(row, Field::State).unwrap_or("-").to_owned()).collect()
}

#[tokio::test]
async fn a_middle_step_is_undone_and_later_ones_stay() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await.id;
    add(&imports, import, replace("OR", "WA")).await;
    let middle = add(&imports, import, replace("Ontario", "CA")).await;
    let cell = add(&imports, import, edit(1, Field::State, "tx")).await;
    assert_eq!(states(&imports, import).await, ["TX", "WA", "CA", "CA"]);
    let first = imports.operations(import).await.unwrap()[0].id;
    imports.undo_operation(import, middle, &Job::silent()).await.unwrap();
    assert_eq!(states(&imports, import).await, ["TX", "WA", "Ontario", "Ontario"]);
    imports.undo_operation(import, first, &Job::silent()).await.unwrap();
    assert_eq!(states(&imports, import).await, ["TX", "OR", "Ontario", "Ontario"]);
    imports.redo_operation(import, &Job::silent()).await.unwrap();
    assert_eq!(states(&imports, import).await, ["TX", "WA", "Ontario", "Ontario"]);
    imports.undo_operation(import, cell, &Job::silent()).await.unwrap();
    assert_eq!(states(&imports, import).await, ["WA", "WA", "Ontario", "Ontario"]);
}

/// What is staged step by step must be what is staged from the files with all steps at once.
#[tokio::test]
async fn steps_one_by_one_and_all_at_once_agree() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await.id;
    add(&imports, import, replace("OR", "WA")).await;
    add(&imports, import, replace("WA", "NV")).await;
    add(&imports, import, edit(2, Field::MemberSince, "1999")).await;
    add(&imports, import, NewOperation::ExcludeRows { rows: vec![4] }).await;
    let before = rows(&imports, import, RowQuery::default()).await;
    let issues = imports.issue_counts(import, RowQuery::default()).await.unwrap();
    let file = imports.open_import(import).await.unwrap().files[0].id;
    imports.set_source(import, file, "Other Club").await.unwrap();
    imports.set_source(import, file, "Club").await.unwrap();
    drop(imports);
    std::fs::remove_file(machine.folders().import(import.into()).join("staged.db")).unwrap();
    let imports = machine.open().await;
    imports.stage(import, &Job::silent()).await.unwrap();
    assert_eq!(rows(&imports, import, RowQuery::default()).await, before);
    assert_eq!(imports.issue_counts(import, RowQuery::default()).await.unwrap(), issues);
}

#[tokio::test]
async fn fixing_a_date_clears_a_suspect_and_excluding_settles_a_repeat() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await;
    let counts = import.counts.unwrap();
    assert_eq!((counts.clean, counts.suspect), (3, 1));
    let fixed =
        imports.add_operation(import.id, edit(2, Field::MemberSince, "1999"), &Job::silent()).await.unwrap();
    assert_eq!((fixed.counts.clean, fixed.counts.suspect), (4, 0));
    let repeated = RowQuery { rule: Some("repeated_row".into()), ..RowQuery::default() };
    assert_eq!(rows(&imports, import.id, repeated.clone()).await[0].row, 4);
    let exclude = NewOperation::ExcludeFound { query: repeated.clone() };
    let excluded = imports.add_operation(import.id, exclude, &Job::silent()).await.unwrap();
    assert_eq!((excluded.counts.clean, excluded.counts.excluded), (3, 1));
    assert!(rows(&imports, import.id, repeated).await.is_empty());
    let restore = NewOperation::RestoreRows { rows: vec![4] };
    let restored = imports.add_operation(import.id, restore, &Job::silent()).await.unwrap();
    assert_eq!((restored.counts.clean, restored.counts.excluded), (4, 0));
    assert_eq!(
        rows(&imports, import.id, RowQuery { class: Some(RowClass::Excluded), ..RowQuery::default() }).await,
        []
    );
}

#[tokio::test]
async fn values_are_mapped_merged_and_counted() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await;
    let file = import.files[0].id;
    let page = imports.column_values(import.id, file, 3, None, 0, 10).await.unwrap();
    assert_eq!(page.total, 2);
    let ontario = page.values.iter().find(|value| value.value == "Ontario").unwrap();
    assert_eq!((ontario.rows, ontario.becomes.as_deref(), ontario.mapped_by_person), (2, None, false));
    let map = NewOperation::MapValue { file, column: 3, from: "Ontario".into(), to: Some("NY".into()) };
    let mapped = add(&imports, import.id, map).await;
    assert_eq!(states(&imports, import.id).await, ["OR", "OR", "NY", "NY"]);
    let page = imports.column_values(import.id, file, 3, Some("ont"), 0, 10).await.unwrap();
    assert_eq!((page.values[0].becomes.as_deref(), page.values[0].mapped_by_person), (Some("NY"), true));
    let merge = NewOperation::MergeValues {
        field: Field::State,
        from: vec![Some("OR".into()), Some("NY".into())],
        to: Some("TX".into()),
    };
    assert_eq!(imports.preview_operation(import.id, merge.clone()).await.unwrap().rows, 4);
    add(&imports, import.id, merge).await;
    imports.undo_operation(import.id, mapped, &Job::silent()).await.unwrap();
    assert_eq!(states(&imports, import.id).await, ["TX", "TX", "Ontario", "Ontario"]);
}

#[tokio::test]
async fn a_cell_tells_its_story() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await.id;
    add(&imports, import, replace("Ontario", "CA")).await;
    add(&imports, import, edit(3, Field::State, "nevada")).await;
    let story = imports.cell_story(import, 3, Field::State).await.unwrap();
    assert_eq!((story.raw.as_deref(), story.value.as_deref()), (Some("Ontario"), Some("NV")));
    let told: Vec<_> = story
        .changes
        .iter()
        .map(|change| (change.by_person, change.before.as_deref(), change.after.as_deref()))
        .collect();
    assert_eq!(told, [(true, Some("Ontario"), Some("CA")), (true, Some("CA"), Some("NV"))]);
    let row = imports.row_story(import, 3).await.unwrap();
    assert_eq!((row.line, row.raw[3].header.as_str(), row.raw[3].value.as_str()), (4, "state", "Ontario"));
    let suspect = imports.cell_story(import, 2, Field::MemberSince).await.unwrap();
    assert_eq!(suspect.issues[0].rule, "joined_before_birth");
}

#[tokio::test]
async fn rows_are_sorted_searched_and_paged_by_the_database() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await.id;
    let by = |field: &str, descending| RowQuery {
        sort: vec![SortBy { field: field.into(), descending }],
        ..RowQuery::default()
    };
    let order =
        |found: Vec<muster_backend::staging::GridRow>| found.iter().map(|row| row.row).collect::<Vec<_>>();
    assert_eq!(order(rows(&imports, import, by("family_name", false)).await), [1, 3, 4, 2]);
    assert_eq!(order(rows(&imports, import, by("birth_date", true)).await), [3, 4, 2, 1]);
    let search = RowQuery { search: Some("ontar cyd".into()), ..RowQuery::default() };
    assert_eq!(order(rows(&imports, import, search).await), [3, 4]);
    let percent = RowQuery { search: Some("%".into()), ..RowQuery::default() };
    assert!(rows(&imports, import, percent).await.is_empty());
    let block = imports.rows(import, by("family_name", false), 1, 2).await.unwrap();
    assert_eq!((block.total, order(block.rows)), (4, vec![3, 4]));
    let wrong = RowQuery { rule: Some("no_such_rule".into()), ..RowQuery::default() };
    assert!(imports.rows(import, wrong, 0, 1).await.is_err());
}
