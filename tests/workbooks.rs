//! Workbooks, read by a worker process.

use std::path::{Path, PathBuf};

use muster_backend::Job;
use muster_backend::staging::RowQuery;
use muster_engine::Field;
use muster_tests::{Machine, rows, shown, staged};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/workbooks");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending != "md"));
    files.sort();
    files
}

#[test]
fn there_are_workbooks_of_several_formats() {
    assert!(fixtures().len() >= 2, "{:?}", fixtures());
}

/// A workbook written by Muster itself is read back as the same members.
#[tokio::test(flavor = "multi_thread")]
async fn an_exported_workbook_can_be_imported() {
    let machine = Machine::new();
    machine.file(
        "club.csv",
        "name,born,score,member no\nAnn Lee,1970-01-02,5,007\nBob Ray,1980-03-04,6.5,008\n",
    );
    assert!(machine.muster(&["run", "club.csv", "--out", "out", "--xlsx"]).status.success());
    let imports = machine.open().await;
    let import = staged(&imports, &[machine.path().join("out/master.xlsx")]).await;
    let found = rows(&imports, import.id, RowQuery::default()).await;
    assert_eq!(found.len(), 2);
    assert_eq!(shown(&found[0], Field::FamilyName), Some("Lee"));
    assert_eq!(shown(&found[0], Field::BirthDate), Some("1970-01-02"));
    assert_eq!(shown(&found[1], Field::Score), Some("6.5"));
    let preview = imports.preview(import.id, import.files[0].id).await.unwrap();
    assert_eq!(preview.sheets, ["master"]);
}

/// A file that asks for all the memory ends its worker, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_workbook_is_refused_in_words() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = imports.create(None).await.unwrap();
    let broken = machine.file("broken.xlsx", b"PK\x03\x04 this is no archive");
    let error = imports.add_files(import.id, &[broken], &Job::silent()).await.unwrap_err();
    assert!(error.to_string().starts_with("broken.xlsx: "), "{error}");
}
