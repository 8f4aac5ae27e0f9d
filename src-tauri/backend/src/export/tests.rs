use std::collections::BTreeMap;

use calamine::{Data, Reader, open_workbook_auto};

use super::*;
use crate::error::Code;
use crate::store::fixture::{CLEAN, Fixture, cancelling_at};

const BOTH: [ExportFormat; 2] = [ExportFormat::Csv, ExportFormat::Xlsx];

fn hostile() -> Fixture {
    let mut fixture = Fixture::clubs();
    let evil = fixture.member(2, "k-evil", "=HYPERLINK(\"http://x\",\"y\")", "+1+cmd|' /C calc'!A0", CLEAN);
    fixture
        .set(evil, "preferred_name = '@SUM(A1)', middle_name = '-2+3', phone = '+15550100123', score = '-5'");
    fixture
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn lists_are_as_documented() {
    let fixture = hostile();
    let out = fixture.folder().join("out");
    let report = export_files(&fixture.staged(), &out, &[ExportFormat::Csv], &Job::silent()).unwrap();
    let summary: Vec<_> = report.files.iter().map(|file| (file.name.as_str(), file.rows)).collect();
    assert_eq!(summary, [("master.csv", 7), ("suspects.csv", 1), ("rejects.csv", 1)]);
    let files = files(&out);
    assert_eq!(files.len(), 3, "no temporary files are left");
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let master = text("master.csv");
    let header = "given_name,middle_name,family_name,prefix,suffix,preferred_name,birth_date,company,state,email,phone,\
                  member_since,last_active,score,source,source_file,source_row";
    let lines: Vec<&str> = master.lines().collect();
    assert_eq!(lines[0], header);
    assert_eq!(lines[1], "Ann,,Lee,,,,1970-10-11,,,,,2013,2024-02-03,,Golf Club,golf.csv,2");
    assert_eq!(
        lines[3],
        "Kelly,,Nguyen,,,,1970-10-11,\"Blue, Inc.\",NY,,,2013,2024-02-03,75.5,Golf Club,golf.csv,4"
    );
    assert_eq!(
        lines[7],
        "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",'-2+3,'+1+cmd|' /C calc'!A0,,,'@SUM(A1),1970-10-11,,,,+15550100123,2013,\
         2024-02-03,-5,Softball League,softball.tsv,11"
    );
    assert_eq!(text("suspects.csv").lines().nth(1).unwrap().rsplit(',').next(), Some("joined_before_birth"));
    assert_eq!(
        text("rejects.csv"),
        "source_file,source_row,issues,raw_line\ngolf.csv,7,surplus_cells+unreadable_date,\"'=bro,ken,\"\"x\"\n"
    );
    assert_eq!(report.files[0].size, master.len() as f64);
}

#[test]
fn workbooks_hold_typed_cells_and_no_formula() {
    let fixture = hostile();
    let out = fixture.folder().join("out");
    export_files(&fixture.staged(), &out, &BOTH, &Job::silent()).unwrap();
    assert_eq!(files(&out).len(), 6);
    let mut book = open_workbook_auto(out.join("master.xlsx")).unwrap();
    let range = book.worksheet_range("master").unwrap();
    assert_eq!(range.height(), 8);
    let cell = |row, column| range.get_value((row, column)).unwrap().clone();
    assert_eq!(cell(7, 0), Data::String("=HYPERLINK(\"http://x\",\"y\")".into()));
    assert_eq!(cell(7, 13), Data::Float(-5.0));
    assert_eq!(cell(1, 6), Data::String("1970-10-11".into()));
    assert_eq!(cell(1, 11), Data::String("2013".into()));
    assert_eq!(cell(7, 10), Data::String("+15550100123".into()));
    assert!(book.worksheet_formula("master").unwrap().is_empty());
}

#[test]
fn rows_beyond_a_sheet_go_to_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = temporary(folder.path()).unwrap();
    let mut book = xlsx::XlsxFile::with_sheet_rows(
        file,
        ("rejects", List::Rejects.header()),
        folder.path(),
        &Job::silent(),
        3,
    )
    .unwrap();
    let long = "😀".repeat(20_000);
    for row in ["1", "2", "3", "4", "5"] {
        book.row(&[Some("a.csv"), Some(row), None, Some(&long)]).unwrap();
    }
    let path = folder.path().join("rejects.xlsx");
    book.finish().unwrap().persist(&path).unwrap();
    let mut book = open_workbook_auto(path).unwrap();
    assert_eq!(book.sheet_names(), ["rejects", "rejects 2", "rejects 3"]);
    let last = book.worksheet_range("rejects 3").unwrap();
    assert_eq!(last.get_value((1, 1)), Some(&Data::Float(5.0)));
    let Some(Data::String(cut)) = last.get_value((1, 3)) else { panic!("no text") };
    assert!(cut.encode_utf16().count() <= 32_767 && cut.ends_with('…'));
}

#[test]
fn a_cancel_or_a_fault_leaves_the_old_files() {
    let fixture = Fixture::many(20_000, "a");
    let out = fixture.folder().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("master.csv"), "old").unwrap();
    let before = files(&out);
    for stop_at in [1, 3, 5] {
        let error = export_files(&fixture.staged(), &out, &BOTH, &cancelling_at(stop_at)).unwrap_err();
        assert_eq!(error.code(), Code::Cancelled);
        assert_eq!(files(&out), before);
    }
    let gone = fixture.staged().at(fixture.folder().join("none.db"));
    assert_eq!(export_files(&gone, &out, &BOTH, &Job::silent()).unwrap_err().code(), Code::NotFound);
    assert_eq!(files(&out), before);
    let report = export_files(&fixture.staged(), &out, &BOTH, &Job::silent()).unwrap();
    assert_eq!(report.files[0].rows, 20_000);
    assert_eq!(files(&out).len(), 6);
}

/// `MUSTER_ROWS=1000000 cargo test --release export_of_many -- --ignored --nocapture`
#[test]
#[ignore = "measures"]
fn export_of_many_rows_takes_bounded_memory() {
    let rows = std::env::var("MUSTER_ROWS").map_or(200_000, |rows| rows.parse().unwrap());
    let fixture = Fixture::many(rows, "a");
    for format in BOTH {
        let start = std::time::Instant::now();
        let report = export_files(&fixture.staged(), fixture.folder(), &[format], &Job::silent()).unwrap();
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        println!("{format:?}: {:?}, {peak}, {:?}", start.elapsed(), report.files[0]);
    }
}
