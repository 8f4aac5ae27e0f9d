//! What is not saved when the program ends, in peace or not.

use std::process::Command;

use muster_backend::member_file::{MemberFiles, Unsaved};
use muster_backend::store::DataKey;
use muster_backend::{Code, Folders, Job};
use muster_tests::Machine;

use super::{MASTER, NOTHING, cells, code, opened, rows, silent, strays, text};

/// Says to the test program which folder its child works in.
const CHILD: &str = "MUSTER_TEST_MEMBER_FILE";

#[tokio::test]
async fn a_draft_is_kept_when_the_program_closes_and_goes_on_with_its_steps() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    files.edit(view.id, 1, 0, Some("Anna".into())).await.unwrap();
    files.delete_rows(view.id, rows(&[3])).await.unwrap();
    assert_eq!(files.drafts().await.unwrap(), [], "what is open is no draft");
    files.close_all();
    assert_eq!(text(&path), MASTER);

    let again = MemberFiles::new(&machine.folders(), machine.data_key());
    let drafts = again.drafts().await.unwrap();
    let unsaved = Unsaved { changed: 1, added: 0, deleted: 1 };
    assert_eq!((drafts.len(), drafts[0].name.as_str(), drafts[0].unsaved), (1, "master.csv", unsaved));
    assert_eq!(code(again.resume("../other".into()).await), Code::NotFound);
    let view = again.resume(drafts[0].id.clone()).await.unwrap();
    assert_eq!((view.rows, view.unsaved, view.undo.as_deref()), (2, unsaved, Some("Delete a row")));
    assert!(view.notes[0].contains("had not saved when Muster closed"), "{:?}", view.notes);
    assert_eq!(cells(&again, view.id).await[0][0], "Anna");
    again.undo(view.id).await.unwrap();
    let view = again.save(view.id, &silent()).await.unwrap();
    assert_eq!((view.unsaved, view.notes), (NOTHING, vec![]));
    assert_eq!(text(&path), MASTER.replace("Ann,", "Anna,"));
    again.close_all();
    assert_eq!(MemberFiles::new(&machine.folders(), machine.data_key()).drafts().await.unwrap(), []);
    assert_eq!(std::fs::read_dir(machine.folders().open_files()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_draft_is_found_by_its_file_and_is_never_written_over_a_newer_one() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    files.edit(view.id, 1, 0, Some("Anna".into())).await.unwrap();
    files.close_all();
    let theirs = MASTER.replace("Bob", "Rob");
    machine.file("master.csv", &theirs);
    let view = files.open(&path, &silent()).await.unwrap();
    assert_eq!(view.unsaved.changed, 1);
    assert!(view.notes[0].contains("has been changed, moved or deleted since"), "{:?}", view.notes);
    assert_eq!(code(files.save(view.id, &silent()).await), Code::Refused);
    assert_eq!(text(&path), theirs);
    // Reloading takes their version, and the draft is gone.
    let view = files.reload(view.id, &silent()).await.unwrap();
    assert_eq!((view.unsaved, view.notes.len()), (NOTHING, 0));
    files.close_all();
    assert_eq!(files.drafts().await.unwrap(), []);
}

#[tokio::test]
async fn a_draft_that_nobody_wants_is_deleted_and_so_is_a_file_closed_without_saving() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    files.add_row(view.id).await.unwrap();
    files.close_all();
    let draft = files.drafts().await.unwrap().remove(0);
    assert_eq!(files.discard_draft(draft.id.clone()).await.unwrap(), []);
    assert_eq!(code(files.resume(draft.id).await), Code::NotFound);
    let view = files.open(&path, &silent()).await.unwrap();
    files.add_row(view.id).await.unwrap();
    files.close(view.id).await.unwrap();
    assert_eq!(files.drafts().await.unwrap(), []);
    assert_eq!(text(&path), MASTER);
}

/// The child of the tests below: edits a cell, saves, and is killed at the stage that it is told.
#[test]
#[ignore = "is run by the tests that kill it"]
fn a_program_that_is_killed() {
    let Some(told) = std::env::var_os(CHILD) else { return };
    let told = told.into_string().unwrap();
    let (stage, folder) = told.split_once(':').unwrap();
    let (stage, folder) = (stage.to_owned(), std::path::PathBuf::from(folder));
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(async {
        let files = MemberFiles::new(&Folders::under(&folder), DataKey::new([7; 32]));
        let view = files.open(&folder.join("master.csv"), &silent()).await.unwrap();
        files.edit(view.id, 1, 0, Some("Anna".into())).await.unwrap();
        // No destructor runs, no buffer is written: as with SIGKILL.
        let job = Job::new(move |now, _, _| {
            if now == stage {
                std::process::abort();
            }
        });
        let _ = files.save(view.id, &job).await;
    });
}

fn killed_at(machine: &Machine, stage: &str) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "member_file::drafts::a_program_that_is_killed", "--ignored"])
        .env(CHILD, format!("{stage}:{}", machine.path().display()))
        .output()
        .unwrap()
        .status;
    assert!(!status.success(), "it was to be killed at {stage}");
}

#[tokio::test]
async fn a_kill_between_writing_and_replacing_leaves_the_old_file_and_a_draft() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    killed_at(&machine, "Replacing the file");
    assert_eq!(text(&path), MASTER);
    assert_eq!(strays(&machine).len(), 1, "the new file was complete and had not its name yet");
    let files = MemberFiles::new(&machine.folders(), machine.data_key());
    assert_eq!(strays(&machine).len(), 0, "the next start takes it away");
    let draft = files.drafts().await.unwrap().remove(0);
    let view = files.resume(draft.id).await.unwrap();
    files.save(view.id, &silent()).await.unwrap();
    assert_eq!(text(&path), MASTER.replace("Ann,", "Anna,"));
    assert_eq!(files.versions(view.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_kill_just_after_replacing_is_a_save() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    killed_at(&machine, "Replacing the file");
    // The next thing that it would have done.
    std::fs::rename(strays(&machine).remove(0), &path).unwrap();
    let files = MemberFiles::new(&machine.folders(), machine.data_key());
    assert_eq!(files.drafts().await.unwrap(), []);
    assert_eq!(text(&path), MASTER.replace("Ann,", "Anna,"));
    assert_eq!(std::fs::read_dir(machine.folders().open_files()).unwrap().count(), 0);
}
