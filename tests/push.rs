//! Push: plan, ledger, repeats.

use muster_backend::imports::{NewOperation, PushChoice};
use muster_backend::push::Fate;
use muster_backend::{Code, Job};
use muster_engine::Field;
use muster_tests::{Machine, staged};

const CLUB: &str = "name,born,score\nAnn Lee,1970-01-02,5\nBob Ray,1980-03-04,6\nCyd Orr,never,7\n";

#[tokio::test(flavor = "multi_thread")]
async fn next_month_s_file_adds_the_new_and_lists_the_different() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let first = staged(&imports, &[machine.file("club.csv", CLUB)]).await.id;
    let plan = imports.plan(first, PushChoice::default(), &Job::silent()).await.unwrap();
    assert_eq!((plan.counts.insert, plan.counts.reject), (2, 1));
    imports.push(first, &plan.package, PushChoice::default(), None, &Job::silent()).await.unwrap();
    assert_eq!(machine.in_members::<String>("SELECT raw_line FROM reject"), "Cyd Orr,never,7");
    let next = "name,born,score\nAnn Lee,1970-01-02,5\nBob Ray,1980-03-04,9\nDot Poe,1990-05-06,1\n";
    std::fs::create_dir(machine.path().join("next")).unwrap();
    let next = staged(&imports, &[machine.file("next/club.csv", next)]).await.id;
    let plan = imports.plan(next, PushChoice::default(), &Job::silent()).await.unwrap();
    assert_eq!((plan.counts.insert, plan.counts.skip_identical, plan.counts.skip_different), (1, 1, 1));
    let different = imports.plan_rows(next, Fate::SkipDifferent, 0, 10).await.unwrap();
    let found = &different.rows[0].differences[0];
    assert_eq!(
        (found.field, found.theirs.as_deref(), found.ours.as_deref()),
        (Field::Score, Some("6"), Some("9"))
    );
    let report =
        imports.push(next, &plan.package, PushChoice::default(), None, &Job::silent()).await.unwrap();
    assert_eq!((report.inserted, report.skipped_identical, report.skipped_different), (1, 1, 1));
    assert_eq!(imports.push_history().await.unwrap().len(), 2);
    let read_back: u32 = machine.in_members("SELECT sum(inserted) FROM push");
    assert_eq!(read_back, machine.in_members::<u32>("SELECT count(*) FROM membership"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_plan_that_was_seen_is_pushed() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await.id;
    let plan = imports.plan(import, PushChoice::default(), &Job::silent()).await.unwrap();
    let edit = NewOperation::EditCell { row: 3, field: Field::BirthDate, value: Some("1990-01-01".into()) };
    imports.add_operation(import, edit, &Job::silent()).await.unwrap();
    let error =
        imports.push(import, &plan.package, PushChoice::default(), None, &Job::silent()).await.unwrap_err();
    assert_eq!(error.code(), Code::Refused);
    let plan = imports.plan(import, PushChoice::default(), &Job::silent()).await.unwrap();
    assert_eq!(
        imports
            .push(import, &plan.package, PushChoice::default(), None, &Job::silent())
            .await
            .unwrap()
            .inserted,
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_on_the_files_step_must_be_read_before_a_push() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", CLUB)]).await;
    imports.set_source(import.id, import.files[0].id, "Other").await.unwrap();
    assert_eq!(
        imports.plan(import.id, PushChoice::default(), &Job::silent()).await.unwrap_err().code(),
        Code::NeedsAnswer
    );
}
