//! A member file: opened, edited, saved with its previous version kept.

mod drafts;
mod million;
mod properties;

use std::path::{Path, PathBuf};

use muster_backend::member_file::{
    ColumnSort, MemberFileView, MemberFiles, MemberRowChoice, MemberRowQuery, MemberRowState, MemberRows,
    Unsaved,
};
use muster_backend::{Code, Error, Job};
use muster_tests::Machine;

const MASTER: &str = "given_name,family_name,birth_date,state,email,score,shoe size,source\n\
                      Ann,Lee,1970-01-02,NY,ann@example.org,5,38,Golf Club\n\
                      Bob,\"Ray, Jr\",1980-03-04,CA,,6.5,'=1+1,Golf Club\n\
                      Cyd,Orr,,TX,cyd@example.org,,41,Golf Club\n";
const NOTHING: Unsaved = Unsaved { changed: 0, added: 0, deleted: 0 };

fn silent() -> Job {
    Job::silent()
}

async fn opened(machine: &Machine, path: &Path) -> (MemberFiles, MemberFileView) {
    let files = MemberFiles::new(&machine.folders(), machine.data_key());
    let view = files.open(path, &silent()).await.unwrap();
    (files, view)
}

async fn all(files: &MemberFiles, id: u32) -> MemberRows {
    files.rows(id, MemberRowQuery::default(), 0, 1_000).await.unwrap()
}

async fn cells(files: &MemberFiles, id: u32) -> Vec<Vec<String>> {
    let texts = |cells: Vec<Option<String>>| cells.into_iter().map(Option::unwrap_or_default).collect();
    all(files, id).await.rows.into_iter().map(|row| texts(row.cells)).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn rows(numbers: &[u32]) -> MemberRowChoice {
    MemberRowChoice::Rows { rows: numbers.to_vec() }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    result.unwrap_err().code()
}

/// Files beside the member file that are neither it nor its previous versions.
fn strays(machine: &Machine) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(machine.path()).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.to_string_lossy().contains(".muster-")).collect()
}

#[tokio::test]
async fn columns_header_and_guards_are_as_in_the_file() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    assert_eq!((view.name.as_str(), view.rows, view.unsaved), ("master.csv", 3, NOTHING));
    let labels: Vec<_> = view.columns.iter().map(|column| column.label.as_str()).collect();
    assert_eq!(
        labels,
        ["Given name", "Family name", "Birth date", "State", "Email", "Score", "shoe size", "Source"]
    );
    assert_eq!(cells(&files, view.id).await[1][6], "=1+1", "the guard is not part of the value");
    files.save(view.id, &silent()).await.unwrap();
    assert_eq!(text(&path), MASTER, "the guard is written once, whatever the number of saves");
}

#[tokio::test]
async fn typed_values_are_standardised_or_kept_with_a_warning() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    for (column, typed, shown, mark, noted) in [
        (2, "14 March 1971", Some("1971-03-14"), "..e.....", true),
        (2, "03/04/1971", Some("03/04/1971"), "..w.....", false),
        (2, "1970-01-02", Some("1970-01-02"), "........", false),
        (3, "california", Some("CA"), "...e....", true),
        (3, "Narnia", Some("Narnia"), "...w....", false),
        (3, "n/a", None, "...e....", true),
        (3, "NY", Some("NY"), "........", false),
        (4, "Ann@EXAMPLE.org", Some("Ann@example.org"), "....e...", true),
        (4, "ann at home", Some("ann at home"), "....w...", false),
        (6, "  as typed ", Some("  as typed "), "....w.e.", false),
    ] {
        let change = files.edit(view.id, 1, column, Some(typed.to_owned())).await.unwrap();
        assert_eq!(change.row.cells[column as usize].as_deref(), shown, "{typed}");
        assert_eq!((change.row.marks.as_str(), change.note.is_some()), (mark, noted), "{typed}");
        assert_eq!(change.row.warnings.len(), mark.matches('w').count());
    }
    files.save(view.id, &silent()).await.unwrap();
    assert!(text(&path).contains("Ann,Lee,1970-01-02,NY,ann at home,5,  as typed ,Golf Club\n"));
}

#[tokio::test]
async fn edits_new_rows_and_deletions_are_saved_and_the_previous_version_is_kept() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    let id = view.id;
    files.edit(id, 1, 0, Some("Anna".into())).await.unwrap();
    let added = files.add_row(id).await.unwrap();
    assert_eq!((added.row.row, added.row.state), (4, MemberRowState::Added));
    files.edit(id, 4, 1, Some("New".into())).await.unwrap();
    let view = files.delete_rows(id, rows(&[3])).await.unwrap();
    assert_eq!((view.rows, view.unsaved), (3, Unsaved { changed: 1, added: 1, deleted: 1 }));
    assert_eq!(text(&path), MASTER, "nothing is written before it is saved");
    let unsaved = MemberRowQuery { unsaved: true, ..MemberRowQuery::default() };
    let shown = files.rows(id, unsaved, 0, 10).await.unwrap();
    let states: Vec<_> = shown.rows.iter().map(|row| (row.row, row.state)).collect();
    assert_eq!(
        states,
        [(1, MemberRowState::Changed), (3, MemberRowState::Deleted), (4, MemberRowState::Added)]
    );
    let view = files.save(id, &silent()).await.unwrap();
    assert_eq!((view.rows, view.unsaved), (3, NOTHING));
    let expected = MASTER
        .replace("Ann,", "Anna,")
        .replace("Cyd,Orr,,TX,cyd@example.org,,41,Golf Club\n", ",New,,,,,,\n");
    assert_eq!(text(&path), expected);
    assert_eq!(strays(&machine), Vec::<PathBuf>::new());
    let versions = files.versions(id).await.unwrap();
    assert_eq!((versions.len(), versions[0].size), (1, MASTER.len() as f64));
    // Undo goes back beyond the save, and that is not saved yet.
    let view = files.undo(id).await.unwrap();
    assert_eq!((view.rows, view.unsaved), (4, Unsaved { changed: 0, added: 1, deleted: 0 }));
    files.save(id, &silent()).await.unwrap();
    // The version that is restored takes the place of the file, which is kept too.
    let view = files.restore(id, versions[0].id.clone(), &silent()).await.unwrap();
    assert_eq!((text(&path).as_str(), view.rows, view.unsaved), (MASTER, 3, NOTHING));
    assert_eq!(files.versions(view.id).await.unwrap().len(), 3);
    assert_eq!(code(files.undo(id).await), Code::NotFound, "the id of what was open before is not valid");
}

#[tokio::test]
async fn a_file_that_another_program_changed_is_not_written_over() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    files.edit(view.id, 1, 0, Some("Anna".into())).await.unwrap();
    let theirs = MASTER.replace("Bob", "Rob");
    machine.file("master.csv", &theirs);
    let error = files.save(view.id, &silent()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.message()),
        (Code::Refused, "Another program has changed the file since it was opened")
    );
    assert_eq!((text(&path), files.versions(view.id).await.unwrap().len()), (theirs.clone(), 0));
    // As another file they can be saved, and that is the open one then.
    let other = machine.path().join("mine.csv");
    let saved = files.save_as(view.id, &other, &silent()).await.unwrap();
    assert_eq!((saved.name.as_str(), saved.unsaved), ("mine.csv", NOTHING));
    assert_eq!((text(&other), text(&path)), (MASTER.replace("Ann,", "Anna,"), theirs.clone()));
    // Or their version is taken.
    let again = files.open(&path, &silent()).await.unwrap();
    files.edit(again.id, 1, 0, Some("Anna".into())).await.unwrap();
    machine.file("master.csv", MASTER);
    let reloaded = files.reload(again.id, &silent()).await.unwrap();
    assert_eq!((reloaded.unsaved, cells(&files, reloaded.id).await[1][0].as_str()), (NOTHING, "Bob"));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(code(files.save(reloaded.id, &silent()).await), Code::Refused);
}

#[tokio::test]
async fn a_cancelled_save_changes_nothing() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let (files, view) = opened(&machine, &path).await;
    files.edit(view.id, 1, 0, Some("Anna".into())).await.unwrap();
    let job = Job::silent();
    job.cancel();
    assert_eq!(code(files.save(view.id, &job).await), Code::Cancelled);
    assert_eq!((text(&path).as_str(), strays(&machine).len()), (MASTER, 0));
    assert_eq!(files.current().await.unwrap().unwrap().unsaved.changed, 1);
}

#[tokio::test]
async fn rows_are_found_sorted_and_counted_around_deleted_ones() {
    let machine = Machine::new();
    let lines: String = (1..=500).map(|row| format!("Ann {row:04},{}\n", 5_000 - row)).collect();
    let path = machine.file("master.csv", format!("given_name,score\n{lines}"));
    let (files, view) = opened(&machine, &path).await;
    let id = view.id;
    files.delete_rows(id, rows(&[1, 2, 10])).await.unwrap();
    let block = files.rows(id, MemberRowQuery::default(), 5, 3).await.unwrap();
    assert_eq!(
        (block.total, block.rows.iter().map(|row| row.row).collect::<Vec<_>>()),
        (497, vec![8, 9, 11])
    );
    let search = MemberRowQuery { search: Some("ann 005".into()), ..MemberRowQuery::default() };
    let found = files.rows(id, search.clone(), 0, 10).await.unwrap();
    assert_eq!((found.total, found.rows[1].row), (11, 50));
    let sort = vec![ColumnSort { column: Some(1), descending: false }];
    let sorted = files.rows(id, MemberRowQuery { sort, ..MemberRowQuery::default() }, 0, 2).await.unwrap();
    assert_eq!((sorted.total, sorted.rows[0].row), (497, 500));
    // All that is found can be deleted, and brought back.
    let view = files.delete_rows(id, MemberRowChoice::Found { query: search.clone() }).await.unwrap();
    assert_eq!((view.rows, view.unsaved.deleted, view.undo.as_deref()), (486, 14, Some("Delete 11 rows")));
    assert_eq!(files.rows(id, search, 0, 10).await.unwrap().total, 0);
    let unsaved = MemberRowQuery { unsaved: true, ..MemberRowQuery::default() };
    let view = files.bring_back_rows(id, MemberRowChoice::Found { query: unsaved }).await.unwrap();
    assert_eq!((view.rows, view.unsaved), (500, NOTHING));
    assert_eq!(code(files.delete_rows(id, rows(&[999])).await), Code::InvalidInput);
}

#[tokio::test]
async fn what_is_no_member_file_is_refused_in_words() {
    let machine = Machine::new();
    let files = MemberFiles::new(&machine.folders(), machine.data_key());
    for (name, bytes, expected) in [
        ("list.ods", &b"x"[..], "end in .csv or .xlsx"),
        ("list.xlsx", b"given_name,family_name\nAnn,Lee\n", "of another kind"),
        (
            "list.csv",
            b"Members of the club\n\nname,born\nAnn Lee,1970-01-02\nBob Ray,1980-03-04\n",
            "first line",
        ),
        ("empty.csv", b"", "empty"),
    ] {
        let error = files.open(&machine.file(name, bytes), &silent()).await.unwrap_err();
        assert!(error.message().contains(expected), "{name}: {error}");
    }
    assert_eq!(files.current().await.unwrap(), None);
}

#[tokio::test]
async fn what_the_file_has_beyond_its_header_and_kind_is_kept_or_told() {
    let machine = Machine::new();
    // A byte order mark, one name twice, one empty, a row with a cell too many and one with two too few.
    let odd = "\u{feff}given_name,state,state,\nAnn,NY,old,x,surplus\nBob,CA\n";
    let path = machine.file("odd.csv", odd);
    let (files, view) = opened(&machine, &path).await;
    let labels: Vec<_> = view.columns.iter().map(|column| column.label.as_str()).collect();
    assert_eq!(labels, ["Given name", "State", "state", "Column 4", "Column 5"]);
    assert!(view.faults.iter().any(|fault| fault.rule == "surplus_cells" && fault.line == Some(2)));
    files.save(view.id, &silent()).await.unwrap();
    assert_eq!(text(&path), "\u{feff}given_name,state,state,,\nAnn,NY,old,x,surplus\nBob,CA,,,\n");
    let semicolons = machine.file("semicolons.csv", "name;born\nAnn Lee;1970-01-02\nBob Ray;1980-03-04\n");
    let view = files.open(&semicolons, &silent()).await.unwrap();
    assert_eq!(view.notes, ["The file has semicolons between its cells. Saving writes commas."]);
    files.save(view.id, &silent()).await.unwrap();
    assert_eq!(text(&semicolons), "name,born\nAnn Lee,1970-01-02\nBob Ray,1980-03-04\n");
}

#[tokio::test]
async fn a_list_without_rows_gets_its_first_one() {
    let machine = Machine::new();
    let path = machine.file("master.csv", "given_name,family_name\n");
    let (files, view) = opened(&machine, &path).await;
    assert_eq!((view.rows, view.columns.len()), (0, 2));
    files.add_row(view.id).await.unwrap();
    files.edit(view.id, 1, 1, Some("Lee".into())).await.unwrap();
    files.save(view.id, &silent()).await.unwrap();
    assert_eq!(text(&path), "given_name,family_name\n,Lee\n");
}

/// A value whose lines look like rows: the reader takes its quote for a stray one.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_csv_file_would_not_give_back_is_not_saved_as_one() {
    let machine = Machine::new();
    let path = machine.file("master.csv", "given_name,family_name,note\nAnn,Lee,x\n");
    let (files, view) = opened(&machine, &path).await;
    let before = text(&path);
    files.edit(view.id, 1, 2, Some("x\n1,2,3".into())).await.unwrap();
    assert_eq!(code(files.save(view.id, &silent()).await), Code::Refused);
    assert_eq!((text(&path), strays(&machine).len()), (before, 0));
    // A workbook holds it.
    let view = files.save_as(view.id, &machine.path().join("master.xlsx"), &silent()).await.unwrap();
    let view = files.reload(view.id, &silent()).await.unwrap();
    assert_eq!(cells(&files, view.id).await[0][2], "x\n1,2,3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_edited_like_a_text_file() {
    let machine = Machine::new();
    machine.file(
        "club.csv",
        "name,born,score,member no\nAnn Lee,1970-01-02,5,007\nBob Ray,1980-03-04,6.5,008\n",
    );
    assert!(machine.muster(&["run", "club.csv", "--out", "out", "--xlsx"]).status.success());
    let path = machine.path().join("out/master.xlsx");
    let (files, view) = opened(&machine, &path).await;
    let before = cells(&files, view.id).await;
    assert_eq!((before.len(), before[1][0].as_str(), before[1][13].as_str()), (2, "Bob", "6.5"));
    files.edit(view.id, 1, 0, Some("=HYPERLINK(\"x\")".into())).await.unwrap();
    files.edit(view.id, 2, 13, Some("not a number".into())).await.unwrap();
    files.save(view.id, &silent()).await.unwrap();
    let view = files.reload(view.id, &silent()).await.unwrap();
    let after = cells(&files, view.id).await;
    assert_eq!((after[0][0].as_str(), after[1][13].as_str()), ("=HYPERLINK(\"x\")", "not a number"));
    assert_eq!((&after[0][1..], &after[1][..13]), (&before[0][1..], &before[1][..13]));
    // As CSV the formula gets its guard.
    let csv = machine.path().join("master.csv");
    files.save_as(view.id, &csv, &silent()).await.unwrap();
    assert!(text(&csv).contains("\n\"'=HYPERLINK(\"\"x\"\")\",,Lee,"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_with_more_sheets_is_never_written_over() {
    let machine = Machine::new();
    let path = machine.path().join("two.xlsx");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/two_sheets.xlsx");
    std::fs::copy(fixture, &path).unwrap();
    let (files, view) = opened(&machine, &path).await;
    assert!(view.blocked.is_some());
    assert_eq!(code(files.save(view.id, &silent()).await), Code::Refused);
    let saved = files.save_as(view.id, &machine.path().join("one.xlsx"), &silent()).await.unwrap();
    assert_eq!(saved.blocked, None);
}

#[tokio::test]
async fn closing_and_crashing_leave_no_copy_of_the_rows() {
    let machine = Machine::new();
    let path = machine.file("master.csv", MASTER);
    let copies = || std::fs::read_dir(machine.folders().open_files()).unwrap().count();
    let (files, view) = opened(&machine, &path).await;
    assert_eq!(copies(), 1);
    let left_over = machine.folders().open_files().join("file-crashed");
    std::fs::create_dir(&left_over).unwrap();
    std::fs::write(left_over.join("lock"), "").unwrap();
    // Another start removes what nobody holds, and not what is open.
    let other = MemberFiles::new(&machine.folders(), machine.data_key());
    assert_eq!(copies(), 1);
    drop(other);
    files.close(view.id).await.unwrap();
    assert_eq!((copies(), files.current().await.unwrap()), (0, None));
}
