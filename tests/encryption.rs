//! What lies in the data folder and in temporary folders cannot be read: no value of a list is found there.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use muster_backend::Job;
use muster_backend::imports::PushChoice;
use muster_backend::member_file::MemberFiles;
use muster_backend::probe::DIE_AT;
use muster_backend::staging::{RowQuery, SortBy};
use muster_backend::store::DataKey;
use muster_tests::{Machine, leaks, staged};

const CANARY: &str = "Qanarivolux";

/// Enough rows that pages are written out while others are still filled.
fn list() -> String {
    let mut list = "member number,first name,last name,born,company\n".to_owned();
    for number in 0..5_000 {
        list.push_str(&format!("{number},{CANARY},Lee,19{:02}-01-02,{CANARY} Inc\n", number % 100));
    }
    // And one that is refused, with its raw line.
    list.push_str(&format!("7777,{CANARY},Ray,never,\n"));
    list
}

/// The files below a folder in which the value can be read, but for the raw lists.
fn readable(folder: &Path) -> Vec<String> {
    let files = leaks::in_files(&[CANARY], &[folder]).into_iter();
    files.filter(|file| !file.contains("/raw/")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn staged_rows_and_the_plan_cannot_be_read() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.file("club.csv", list())]).await.id;
    // Sorted, filtered and counted, as the Fix screen does.
    let sort = vec![SortBy { field: "given_name".to_owned(), descending: true }];
    let query = RowQuery { search: Some(CANARY.to_owned()), sort, ..RowQuery::default() };
    assert_eq!(imports.rows(import, query, 4_000, 100).await.unwrap().rows.len(), 100);
    let plan = imports.plan(import, PushChoice::default(), &Job::silent()).await.unwrap();
    imports.push(import, &plan.package, PushChoice::default(), None, &Job::silent()).await.unwrap();
    let data = machine.folders().data().to_owned();
    assert_eq!(readable(&data), [""; 0]);
    let rows = machine.folders().import(import.into()).join("staged.db");
    assert!(std::fs::metadata(&rows).unwrap().len() > 500_000);
    // One of another key, or of a version that did not encrypt, is made anew.
    drop(imports);
    for stale in [&b"SQLite format 3\0 and more"[..], &[7; 8_192]] {
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(rows.with_extension(format!("db{suffix}")));
        }
        std::fs::write(&rows, stale).unwrap();
        let imports = machine.open().await;
        assert_eq!(imports.stage(import, &Job::silent()).await.unwrap().counts.unwrap().read, 5_001);
    }
    assert_eq!(readable(&data), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_working_copy_and_a_draft_cannot_be_read() {
    let machine = Machine::new();
    let mut file = "given_name,family_name,source\n".to_owned();
    for number in 0..5_000 {
        file.push_str(&format!("{CANARY},Lee{number},Golf Club\n"));
    }
    let path = machine.file("master.csv", file);
    let files = MemberFiles::new(&machine.folders(), machine.data_key());
    let view = files.open(&path, &Job::silent()).await.unwrap();
    files.edit(view.id, 1, 1, Some(format!("Not{CANARY}"))).await.unwrap();
    assert_eq!(readable(machine.folders().data()), [""; 0]);
    files.close_all();
    assert_eq!(files.drafts().await.unwrap().len(), 1);
    assert_eq!(readable(machine.folders().data()), [""; 0]);
    let other = MemberFiles::new(&machine.folders(), DataKey::random().unwrap());
    assert_eq!(other.drafts().await.unwrap(), [], "without the key it cannot be opened, and it stays");
    assert_eq!(files.drafts().await.unwrap().len(), 1);
}

#[test]
fn what_a_killed_run_leaves_cannot_be_read() {
    let machine = Machine::new();
    machine.file("club.csv", list());
    let temporary = machine.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    for place in ["rows loaded", "audit written"] {
        let mut command = machine.command(&["push", "club.csv", "--profile", "local"]);
        let status = command.env("TMPDIR", &temporary).env(DIE_AT, place).status().unwrap();
        assert_eq!(status.code(), None);
    }
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 2);
    assert_eq!(leaks::in_files(&[CANARY], &[&temporary, machine.folders().data()]), Default::default());
}

/// Threads that write encrypted databases until the process ends.
fn write_until_the_end(folder: &Path) {
    let key = DataKey::new([7; 32]).to_hex();
    for number in 0..8 {
        let path = folder.join(format!("{number}-{}.db", std::process::id()));
        let key = key.clone();
        std::thread::spawn(move || {
            let db = rusqlite::Connection::open(path).unwrap();
            db.execute_batch(&format!("PRAGMA key = \"x'{}'\"; CREATE TABLE t (text)", key.expose()))
                .unwrap();
            loop {
                db.execute("INSERT INTO t VALUES (hex(randomblob(3000)))", []).unwrap();
            }
        });
    }
    std::thread::sleep(Duration::from_millis(100));
}

#[test]
fn a_program_that_is_done_may_end_while_threads_have_databases_open() {
    const FOLDER: &str = "MUSTER_TEST_WRITES_UNTIL_IT_ENDS";
    if let Some(folder) = std::env::var_os(FOLDER) {
        write_until_the_end(Path::new(&folder));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "encryption::a_program_that_is_done_may_end_while_threads_have_databases_open";
    for _ in 0..20 {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", name]).env(FOLDER, folder.path());
        let status = program.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{status}");
    }
}
