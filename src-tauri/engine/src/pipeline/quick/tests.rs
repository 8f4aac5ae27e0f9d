//! The quick way and the general way write the same.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::date::Date;
use crate::field::Target;
use crate::issue::Rule;
use crate::operations::Operations;
use crate::pipeline::{ColumnPlan, PlanSettings, stage};
use crate::read::{RawBatchBuilder, RowSource};
use crate::recipe::{DateOrder, RuleSettings};
use crate::staged::{RowClass, StagedBatch};
use crate::standardise::date::Epoch;
use crate::write::csv::MASTER_FIELDS;

const APART: [Target; 14] = [
    Target::GivenName,
    Target::FamilyName,
    Target::MiddleName,
    Target::PreferredName,
    Target::Prefix,
    Target::Suffix,
    Target::BirthDate,
    Target::Company,
    Target::State,
    Target::Email,
    Target::Phone,
    Target::MemberSince,
    Target::LastActive,
    Target::Score,
];

const WHOLE: [Target; 7] = [
    Target::LastActive,
    Target::FullName,
    Target::BirthDate,
    Target::SourceKey,
    Target::MemberSince,
    Target::Score,
    Target::Company,
];

fn plan(targets: &[Target], date_order: Option<DateOrder>, settings: &PlanSettings) -> FilePlan {
    let column = |(at, &target): (usize, &Target)| ColumnPlan {
        header: at.to_string(),
        target: Some(target),
        date_order,
        ..ColumnPlan::default()
    };
    let columns: Vec<_> = targets.iter().enumerate().map(column).collect();
    FilePlan::new("Harbour Rowing Club", &columns, Epoch::Year1900, settings)
}

fn settings() -> PlanSettings {
    let companies =
        [("0", "Hall Ltd"), ("7", "Brown, Lee and Sons"), ("8", ""), ("9", "=1+1"), ("10", &"x".repeat(70))];
    let companies = companies.map(|(id, name)| (id.to_owned(), name.to_owned()));
    PlanSettings {
        companies: Arc::new(CompanyDimension::new(companies)),
        operations: Arc::new(Operations::default()),
        rules: RuleSettings { score_max: Some(150.0), ..RuleSettings::default() },
        today: Date::new(2026, 11, 25).unwrap(),
        fingerprints: false,
    }
}

const ORIGIN: &str = "Harbour Rowing Club,\"members, spring.csv\"";

/// The line that the general way makes.
fn general(staged: &StagedBatch) -> Vec<u8> {
    let mut line = Vec::new();
    for field in MASTER_FIELDS {
        encode_cell(&mut line, staged.value(0, field).unwrap_or_default());
        line.push(b',');
    }
    line.extend_from_slice(format!("{ORIGIN},{}\n", staged.rows()[0].line).as_bytes());
    line
}

/// Whether the quick way took the first row. If it did, all it says is what the general way says.
fn took(plan: &FilePlan, raw: &RawBatch) -> bool {
    let quick = QuickPlan::new(plan).unwrap();
    let mut writer = quick.writer(ORIGIN.as_bytes());
    let Some(found) = writer.write(raw, 0) else { return false };
    let staged = stage(plan, raw);
    let row = staged.rows()[0];
    assert_eq!(String::from_utf8_lossy(writer.line()), String::from_utf8_lossy(&general(&staged)));
    assert_eq!((found.key, found.raw_hash, row.class), (row.key, row.raw_hash, RowClass::Clean));
    assert_eq!(staged.issues(0), []);
    true
}

/// A row, and one behind it, since a batch's last cells are read the general way.
fn rows(cells: &[&str]) -> RawBatch {
    let mut builder = RawBatchBuilder::default();
    for row in [cells, &["behind it stands another row with text enough for a copy"; 4]] {
        builder.start_row(1);
        row.iter().for_each(|cell| builder.push_cell(cell));
    }
    builder.take()
}

/// The same as the reader makes it.
fn read(cells: &[&str]) -> Option<RawBatch> {
    let detected = crate::read::detect::Detected {
        dialect: crate::read::detect::Dialect {
            encoding: crate::read::encoding::by_label("utf-8").unwrap(),
            delimiter: b'\t',
            quote: Some(b'"'),
            header_row: None,
        },
        header: vec![String::new(); cells.len()],
        columns: cells.len(),
    };
    let text = format!("{}\n{}\n", cells.join("\t"), "x".repeat(200));
    let batch =
        crate::read::delimited::DelimitedReader::new(text.as_bytes(), &detected).next_batch().unwrap()?;
    (!batch.issues().iter().any(|&(row, _)| row == 0) && batch.cells(0).len() == cells.len()).then_some(batch)
}

#[test]
fn plain_rows_are_taken_and_others_left() {
    let settings = settings();
    let plan = plan(&WHOLE, Some(DateOrder::MonthDay), &settings);
    let plain = ["02/06/2018", "Ann Lee", "07/20/1997", "", "2017", "99", "7"];
    assert!(took(&plan, &rows(&plain)));
    assert!(took(&plan, &read(&plain).unwrap()));
    let mut titled = plain;
    titled[1] = "Dr. Ann, \"Nan\" Lee Jr";
    assert!(took(&plan, &rows(&titled)));
    for (at, text) in [
        (1, "Ann\u{202e} Lee"),
        (1, "n/a"),
        (1, ""),
        (2, "02/30/1997"),
        (4, "1996"),
        (5, "151"),
        (5, "99.0"),
        (6, "6"),
        (6, "10"),
    ] {
        let mut cells = plain;
        cells[at] = text;
        assert!(!took(&plan, &rows(&cells)), "{text}");
    }
    let mut cells = plain;
    cells[3] = " A-7 ";
    assert!(took(&plan, &rows(&cells)));
}

#[test]
fn rules_that_are_off_make_no_difference() {
    let mut settings = settings();
    settings.rules.off = vec![Rule::JoinedUnderAge, Rule::MissingName];
    let plan = plan(&WHOLE, Some(DateOrder::MonthDay), &settings);
    assert!(took(&plan, &rows(&["", "Ann Lee", "07/20/1997", "", "1997", "", ""])));
    assert!(!took(&plan, &rows(&["", "", "07/20/1997", "", "1997", "", ""])));
}

#[test]
fn what_persons_change_goes_the_general_way() {
    let mut settings = settings();
    settings.fingerprints = true;
    assert!(QuickPlan::new(&plan(&WHOLE, None, &settings)).is_none());
    settings.fingerprints = false;
    assert!(QuickPlan::new(&plan(&WHOLE, None, &settings)).is_some());
    assert!(QuickPlan::new(&plan(&[Target::FullName, Target::GivenName], None, &settings)).is_none());
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "", " ", "n/a", "Ann", "O'Brien", "Dr", "Dr.", "Ann Lee", "ann lee", "Ann  Lee", "Mary Ann Lee", "Ann Lee Jr",
            "Null", "None Lee", "No Name", "Jr", "Zoë", "Lee, Ann", "\"Ann\"", "NMN", "=1", "-", "A B", "Ab Cd", "Dean Sr",
            "An-Ha Ly", "CA", "ca", "Texas", "new york", "ZZ", "0", "7", "007", "7.0", "8", "9", "10", "42", "Hall Ltd",
            "99", "150", "151", "0099", "12.5", "2017", "2017-05", "1970", "1750", "ann@example.org", "=a@example.org",
            "+1 555 555 0100", "5555550100", "(212) 555-0100", "1970-01-02", "1970/01/02", "01/02/1970", "13/02/1970",
            "02/13/1970", "02/30/1970", "2030-01-01", "1970-01-02 10:00", "2 Jan 1970", "x",
        ]).prop_map(str::to_owned),
        1 => "[ -~]{0,12}",
        1 => "[A-Z][a-z]{1,40}",
        1 => "[A-Z][a-z]{1,9} [A-Z][a-z]{1,9}",
        1 => "[0-9]{2}/[0-9]{2}/[0-9]{4}|[0-9]{4}[-/][01][0-9][-/][0-3][0-9]|[0-9]{1,4}",
        1 => "\\PC{0,8}",
    ]
}

/// A row in which most cells are as they should be.
fn row(targets: &'static [Target]) -> impl Strategy<Value = Vec<String>> {
    let likely = |target: &Target| match target {
        Target::GivenName | Target::FamilyName => "[A-Z][a-z]{1,10}",
        Target::FullName => "[A-Z][a-z]{1,9} [A-Z][a-z]{1,9}",
        Target::BirthDate => "0[1-9]/[12][0-9]/19[0-9]{2}|19[0-9]{2}-0[1-9]-[12][0-9]|",
        Target::LastActive => "0[1-9]/[12][0-9]/201[0-9]|",
        Target::MemberSince => "199[0-9]|200[0-9]-0[1-9]|",
        Target::Score => "[1-9][0-9]?|",
        Target::Company => "[0789]|",
        Target::State => "TX|Ohio|ny|",
        _ => "",
    };
    let cells: Vec<_> = targets
        .iter()
        .map(|target| prop_oneof![9 => likely(target).prop_map(|text| text), 1 => cell()])
        .collect();
    cells
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_general_way(
        apart in row(&APART),
        whole in row(&WHOLE),
        order in prop::sample::select(vec![None, Some(DateOrder::DayMonth), Some(DateOrder::MonthDay)]),
        fewer in 0..3_usize,
    ) {
        let settings = settings();
        for (targets, cells) in [(&APART[..], apart), (&WHOLE[..], whole)] {
            let plan = plan(targets, order, &settings);
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            took(&plan, &rows(&cells));
            took(&plan, &rows(&cells[..cells.len() - fewer]));
            if let Some(raw) = read(&cells) {
                took(&plan, &raw);
            }
        }
    }
}
