//! The workspace: imports that are left and opened again, files replaced, columns chosen.

use muster_backend::imports::{ChosenBy, DateOrder, NewOperation, ReaderOptions, Step, Target};
use muster_backend::staging::RowQuery;
use muster_backend::{Code, Job};
use muster_engine::Field;
use muster_tests::{Machine, rows, shown, staged};

const CLUB: &str = "name,born,joined\nAnn Lee,13/02/1970,1990\nBob Ray,03/04/1980,2001\n";

#[tokio::test]
async fn an_import_is_as_it_was_left() {
    let machine = Machine::new();
    let file = machine.file("rowing_club.csv", CLUB);
    let id = {
        let imports = machine.open().await;
        let id = staged(&imports, &[file]).await.id;
        imports.set_step(id, Step::Fix).await.unwrap();
        let edit = NewOperation::EditCell { row: 1, field: Field::GivenName, value: Some("Anna".into()) };
        imports.add_operation(id, edit, &Job::silent()).await.unwrap();
        id
    };
    let imports = machine.open().await;
    let view = imports.open_import(id).await.unwrap();
    assert_eq!((view.step, view.stale, view.files[0].source.as_str()), (Step::Fix, false, "Rowing Club"));
    assert_eq!(imports.operations(id).await.unwrap()[0].label, "Set given name to “Anna”");
    let found = rows(&imports, id, RowQuery::default()).await;
    assert_eq!(shown(&found[0], Field::GivenName), Some("Anna"));
    assert_eq!(shown(&found[1], Field::BirthDate), Some("1980-04-03"));
}

#[tokio::test]
async fn a_newer_file_replays_choices_and_steps() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await;
    for (row, value) in [(1, "Anna"), (2, "Robert")] {
        let edit = NewOperation::EditCell { row, field: Field::GivenName, value: Some(value.into()) };
        imports.add_operation(import.id, edit, &Job::silent()).await.unwrap();
    }
    let newer = "name,born,joined,score\nZoe Kay,30/01/1999,2020,5\nAnn Lee,13/02/1970,1991,7\n";
    let newer = machine.file("club 2.csv", newer);
    let view = imports.replace_file(import.id, import.files[0].id, &newer, &Job::silent()).await.unwrap();
    assert!(view.stale);
    let view = imports.stage(import.id, &Job::silent()).await.unwrap();
    assert_eq!((view.counts.unwrap().read, view.files[0].source.as_str()), (2, "Club"));
    let found = rows(&imports, import.id, RowQuery::default()).await;
    assert_eq!(shown(&found[1], Field::GivenName), Some("Anna"));
    let steps = imports.operations(import.id).await.unwrap();
    assert_eq!([(steps[0].rows, steps[0].not_found), (steps[1].rows, steps[1].not_found)], [(1, 0), (0, 1)]);
}

#[tokio::test]
async fn an_unclear_order_of_dates_is_a_question_and_never_a_guess() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let file = machine.file("club.csv", "name,born\nAnn Lee,01/02/1970\nBob Ray,03/04/1980\n");
    let import = imports.create(None).await.unwrap();
    let view = imports.add_files(import.id, &[file], &Job::silent()).await.unwrap();
    assert_eq!(view.files[0].questions, 1);
    let error = imports.stage(import.id, &Job::silent()).await.unwrap_err();
    assert_eq!(error.code(), Code::NeedsAnswer);
    let columns =
        imports.set_date_order(import.id, view.files[0].id, 1, Some(DateOrder::MonthDay)).await.unwrap();
    assert!(!columns[0].columns[1].date_order.as_ref().unwrap().question);
    imports.stage(import.id, &Job::silent()).await.unwrap();
    let found = rows(&imports, import.id, RowQuery::default()).await;
    assert_eq!(shown(&found[0], Field::BirthDate), Some("1970-01-02"));
    // The answer is remembered for the next file with the same header.
    let other = imports.create(None).await.unwrap();
    let next = machine.file("next.csv", "name,born\nCyd Orr,05/06/1970\n");
    let view = imports.add_files(other.id, &[next], &Job::silent()).await.unwrap();
    assert_eq!(view.files[0].questions, 0);
}

#[tokio::test]
async fn a_target_has_one_column_and_choices_are_remembered() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let list = "member,name,x\n1,Ann Lee,Oregon\n2,Bob Ray,Texas\n";
    let import = imports.create(None).await.unwrap();
    let view = imports.add_files(import.id, &[machine.file("club.csv", list)], &Job::silent()).await.unwrap();
    let file = view.files[0].id;
    let columns = imports.set_target(import.id, file, 2, Some(Target::State)).await.unwrap();
    assert_eq!(columns[0].columns[2].chosen_by, ChosenBy::Person);
    let columns = imports.set_target(import.id, file, 2, Some(Target::FullName)).await.unwrap();
    assert_eq!((columns[0].columns[1].target, columns[0].columns[2].target), (None, Some(Target::FullName)));
    let next = imports.create(None).await.unwrap();
    imports
        .add_files(next.id, &[machine.file("next.csv", "Member,Name,X\n3,Cyd Orr,Ohio\n")], &Job::silent())
        .await
        .unwrap();
    let columns = imports.columns(next.id).await.unwrap();
    assert_eq!(columns[0].columns[2].chosen_by, ChosenBy::Template);
    assert!(columns[0].template.is_some());
}

#[tokio::test]
async fn reader_options_can_be_overruled_and_detected_again() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = imports.create(None).await.unwrap();
    let file = machine.file("club.csv", "name;born\nAnn \u{e4};1970-01-02\n");
    let view = imports.add_files(import.id, &[file], &Job::silent()).await.unwrap();
    let file = view.files[0].id;
    let preview = imports.preview(import.id, file).await.unwrap();
    assert_eq!((preview.detected.delimiter.as_deref(), preview.header.len()), (Some(";"), 2));
    let options = ReaderOptions { delimiter: Some(",".into()), ..ReaderOptions::default() };
    let preview = imports.set_options(import.id, file, options).await.unwrap();
    assert_eq!(
        (preview.header, preview.chosen.delimiter.as_deref()),
        (vec!["name;born".to_owned()], Some(","))
    );
    let preview = imports.set_options(import.id, file, ReaderOptions::default()).await.unwrap();
    assert_eq!(preview.rows[0], ["Ann ä", "1970-01-02"]);
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_and_the_others_are_added() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = imports.create(None).await.unwrap();
    let picture = machine.file("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");
    let good = machine.file("club.csv", CLUB);
    let error = imports.add_files(import.id, &[picture, good.clone()], &Job::silent()).await.unwrap_err();
    assert!(error.to_string().starts_with("picture.csv: "), "{error}");
    assert_eq!(imports.open_import(import.id).await.unwrap().files.len(), 1);
    let twice = imports.add_files(import.id, &[good], &Job::silent()).await.unwrap_err();
    assert_eq!(twice.code(), Code::InvalidInput);
}

#[tokio::test]
async fn deleting_asks_for_the_name_and_leaves_nothing() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await;
    assert_eq!(imports.delete(import.id, "Tast").await.unwrap_err().code(), Code::Refused);
    imports.delete(import.id, "Test").await.unwrap();
    assert!(imports.list().await.unwrap().is_empty());
    assert_eq!(std::fs::read_dir(machine.folders().raw_files()).unwrap().count(), 0);
    assert!(!machine.folders().import(import.id.into()).exists());
}

#[tokio::test]
async fn a_cancelled_staging_leaves_the_rows_that_were_there() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await;
    imports
        .add_files(import.id, &[machine.file("more.csv", "name,born\nCyd Orr,1970-05-06\n")], &Job::silent())
        .await
        .unwrap();
    let job = Job::silent();
    job.cancel();
    assert_eq!(imports.stage(import.id, &job).await.unwrap_err().code(), Code::Cancelled);
    assert_eq!(rows(&imports, import.id, RowQuery::default()).await.len(), 2);
    assert_eq!(imports.stage(import.id, &Job::silent()).await.unwrap().counts.unwrap().read, 3);
}

#[tokio::test]
async fn the_sample_opens_with_all_kinds_of_findings() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = imports.create_sample(&Job::silent()).await.unwrap();
    assert_eq!(import.files.len(), 3);
    let import = imports.stage(import.id, &Job::silent()).await.unwrap();
    let counts = import.counts.unwrap();
    assert_eq!(counts.read, counts.clean + counts.suspect + counts.rejected + counts.excluded);
    assert!(counts.suspect > 0 && counts.rejected > 0, "{counts:?}");
}
