use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Writer};
use zip::write::SimpleFileOptions;

use super::*;
use crate::issue::Rule;

const ODS: &[u8] = include_bytes!("../../../../../tests/fixtures/workbooks/members.ods");
const XLS: &[u8] = include_bytes!("../../../../../tests/fixtures/workbooks/members.xls");

/// A row as tests compare it: sheet row, cells, faults.
type Row = (u64, Vec<String>, Vec<Rule>);

fn row(line: u64, cells: &[&str], rules: &[Rule]) -> Row {
    (line, cells.iter().map(|&cell| cell.to_owned()).collect(), rules.to_vec())
}

fn read(
    file: &[u8],
    sheet: Option<&str>,
    header_row: Option<u32>,
) -> Result<(SheetHeader, Vec<Row>), EngineError> {
    let (mut header, mut rows) = (None, Vec::new());
    read_sheet(Cursor::new(file), sheet, header_row, &mut |part| {
        match part {
            WorkbookPart::Header(found) => assert!(header.replace(found).is_none()),
            WorkbookPart::Rows(batch) => {
                assert!(!batch.is_empty());
                for (index, row) in batch.rows().iter().enumerate() {
                    let rules = batch.issues().iter().filter(|issue| issue.0 as usize == index);
                    let cells = batch.cells(index).map(str::to_owned).collect();
                    rows.push((row.line, cells, rules.map(|issue| issue.1).collect()));
                }
            }
        }
        Ok(())
    })?;
    Ok((header.unwrap(), rows))
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// An XLSX with one sheet, whose XML is given.
fn xlsx(sheet: &str) -> Vec<u8> {
    xlsx_with("", sheet)
}

/// The same, with attributes of the workbook's properties.
fn xlsx_with(properties: &str, sheet: &str) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_owned(),
        ),
        ("_rels/.rels", relation("rId1", "officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr {properties}/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("rId1", "worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}">{sheet}</worksheet>"#)),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn cells_become_true_text() {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for (column, name) in ["name", "member no", "born", "seen", "score", "card"].into_iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write(1, 0, "Zoë").unwrap();
    sheet.write(1, 1, "00042").unwrap();
    sheet.write_with_format(1, 2, ExcelDateTime::from_ymd(1970, 2, 28).unwrap(), &date).unwrap();
    let seen = ExcelDateTime::from_ymd(2018, 3, 4).unwrap().and_hms(10, 20, 30).unwrap();
    sheet.write_with_format(1, 3, seen, &time).unwrap();
    sheet.write(1, 4, 57.0).unwrap();
    sheet.write(1, 5, 4_111_111_111_111_111.0).unwrap();
    sheet.write(3, 0, true).unwrap();
    sheet.write(3, 4, 2.5).unwrap();
    let (header, rows) = read(&book.save_to_buffer().unwrap(), None, None).unwrap();
    assert_eq!(header.header, strings(&["name", "member no", "born", "seen", "score", "card"]));
    assert_eq!((header.format, header.header_row, header.epoch_1904), (WorkbookFormat::Xlsx, Some(1), false));
    assert_eq!(
        rows,
        [
            row(2, &["Zoë", "00042", "1970-02-28", "2018-03-04T10:20:30", "57", "4111111111111111"], &[]),
            row(4, &["TRUE", "", "", "", "2.5", ""], &[]),
        ]
    );
}

#[test]
fn old_and_open_document_workbooks_are_read_alike() {
    for (file, format) in [(XLS, WorkbookFormat::Xls), (ODS, WorkbookFormat::Ods)] {
        assert!(is_workbook(&file[..1_000]));
        let names = sheets(Cursor::new(file)).unwrap();
        assert_eq!(
            names.iter().map(|sheet| (sheet.name.as_str(), sheet.visible)).collect::<Vec<_>>(),
            [("Members", true), ("Notes", false)]
        );
        // LibreOffice made a number of the boolean.
        let (header, rows) = read(file, None, None).unwrap();
        assert_eq!((header.format, header.header_row, header.sheet.as_str()), (format, Some(3), "Members"));
        assert_eq!(header.header, strings(&["name", "member no", "born", "score", "card", "active"]));
        assert_eq!(
            rows,
            [
                row(4, &["Zoë Sample", "00042", "1970-02-28", "57", "4111111111111111", "1"], &[]),
                row(6, &["Max Invented", "00043", "2001-12-31", "2.5", "#N/A", ""], &[Rule::CellError]),
            ]
        );
    }
}

#[test]
fn the_sheet_and_the_header_can_be_chosen() {
    assert_eq!(read(XLS, Some("Notes"), Some(0)).unwrap().1, [row(1, &["hidden"], &[])]);
    let (header, rows) = read(XLS, Some("Members"), Some(4)).unwrap();
    assert_eq!((header.header_row, rows.len()), (Some(4), 1));
    let (header, rows) = read(XLS, None, Some(0)).unwrap();
    assert_eq!((header.header_row, header.columns, rows.len()), (None, 6, 4));
    assert!(matches!(read(XLS, Some("members"), None), Err(EngineError::NoSuchSheet)));
    assert!(matches!(read(XLS, None, Some(99)), Err(EngineError::NotAList(_))));
}

#[test]
fn a_sheet_that_claims_to_be_huge_costs_little() {
    let sheet = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#;
    let (header, rows) = read(&xlsx(sheet), None, None).unwrap();
    assert_eq!((header.columns, rows.len()), (1, 1));
    assert_eq!(
        (rows[0].0, rows[0].1.len(), rows[0].2.as_slice()),
        (1_048_576, 16_384, &[Rule::SurplusCells][..])
    );
    let beyond = r#"<sheetData><row r="1"><c r="XFE1"><v>1</v></c></row></sheetData>"#;
    assert!(matches!(read(&xlsx(beyond), None, None), Err(EngineError::Limit(_))));
}

#[test]
fn inline_and_rich_text_errors_and_gaps_are_read() {
    let sheet = r#"<sheetData>
        <row r="2"><c r="B2" t="inlineStr"><is><r><t xml:space="preserve">full </t></r><r><t>name</t></r></is></c><c r="C2" t="str"><v>state</v></c><c r="D2" t="str"><v>state</v></c></row>
        <row r="3"><c r="B3" t="str"><v> Kim &amp; Lee </v></c><c r="C3" t="e"><v>#N/A</v></c></row>
        <row r="4"><c r="B4" t="str"><v> </v></c></row>
        <row r="5"><c r="A5" t="str"><v>x</v></c><c r="D5" t="d"><v>2018-03-04T00:00:00</v></c></row>
    </sheetData>"#;
    let (header, rows) = read(&xlsx(sheet), None, None).unwrap();
    assert_eq!(
        (header.header_row, header.header),
        (Some(2), strings(&["column 1", "full name", "state", "state (2)"]))
    );
    assert_eq!(
        rows,
        [
            row(3, &["", " Kim & Lee ", "#N/A", ""], &[Rule::CellError]),
            row(5, &["x", "", "", "2018-03-04"], &[])
        ]
    );
}

#[test]
fn many_rows_come_in_batches() {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "name").unwrap();
    for index in 1..=20_000_u32 {
        sheet.write(index, 0, format!("member {index}")).unwrap();
    }
    let file = book.save_to_buffer().unwrap();
    let mut sizes = Vec::new();
    let mut sink = |part| {
        if let WorkbookPart::Rows(batch) = part {
            sizes.push(batch.len());
        }
        Ok(())
    };
    read_sheet(Cursor::new(&file), None, None, &mut sink).unwrap();
    assert_eq!(sizes, [8_192, 8_192, 3_616]);
    let stopped = read_sheet(Cursor::new(&file), None, None, &mut |_| Err(EngineError::Limit("stop")));
    assert!(matches!(stopped, Err(EngineError::Limit("stop"))));
}

#[test]
fn reasons_do_not_quote_cells() {
    for cell in [
        r#"<c r="A1" t="e"><v>#SECRET!</v></c>"#,
        r#"<c r="A1" t="secret"><v>1</v></c>"#,
        r#"<c r="A1" t="str"><v>&secret;</v></c>"#,
        r#"<c r="secret"><v>1</v></c>"#,
    ] {
        let sheet = format!(r#"<sheetData><row r="1">{cell}</row></sheetData>"#);
        if let Err(error) = read(&xlsx(&sheet), None, None) {
            assert!(!format!("{error} {error:?}").to_lowercase().contains("secret"), "{error:?}");
        }
    }
    let empty = xlsx("<sheetData></sheetData>");
    assert!(matches!(read(&empty, None, None), Err(EngineError::NotAList(_))));
}

#[test]
fn damaged_workbooks_are_errors() {
    let good = xlsx(r#"<sheetData><row r="1"><c r="A1" t="str"><v>name</v></c></row></sheetData>"#);
    for length in (0..good.len()).step_by(97) {
        assert!(read(&good[..length], None, None).is_err());
    }
    // What comes after the workbook in an old container may be missing.
    let whole = read(XLS, None, None).unwrap();
    for length in (0..XLS.len()).step_by(509) {
        if let Ok(part) = read(&XLS[..length], None, None) {
            assert_eq!(part, whole, "{length}");
        }
    }
}

const OLE: [u8; 8] = *b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// A container with a directory entry of a stream in its second sector.
fn container(stream: &str) -> Vec<u8> {
    let mut file = vec![0; 1_536];
    file[..8].copy_from_slice(&OLE);
    let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file[640..640 + name.len()].copy_from_slice(&name);
    file[704] = u8::try_from(name.len() + 2).unwrap();
    file[706] = 2;
    file
}

#[test]
fn passwords_are_told() {
    assert!(matches!(read(&container("EncryptedPackage"), None, None), Err(EngineError::PasswordProtected)));
    // FilePass right after the globals' BOF, with XOR obfuscation (type 0), which calamine takes for a codepage.
    let mut xor = container("Workbook");
    xor[1_024..1_032].copy_from_slice(&[0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00]);
    xor[1_044..1_050].copy_from_slice(&[0x2F, 0x00, 0x06, 0x00, 0x00, 0x00]);
    assert!(matches!(read(&xor, None, None), Err(EngineError::PasswordProtected)));
}

#[test]
fn formats_are_told_by_content() {
    let format = |file: &[u8]| detect_format(&mut Cursor::new(file));
    assert!(matches!(format(XLS), Ok(WorkbookFormat::Xls)));
    assert!(matches!(format(ODS), Ok(WorkbookFormat::Ods)));
    assert!(matches!(format(&xlsx("")), Ok(WorkbookFormat::Xlsx)));
    assert!(matches!(format(&container("WordDocument")), Err(EngineError::NotAList(_))));
    assert!(matches!(format(b"name,state\n"), Err(EngineError::NotAList(_))));
    let archive = |names: &[&str]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    assert!(matches!(
        format(&archive(&["[Content_Types].xml", "word/document.xml"])),
        Err(EngineError::NotAList(_))
    ));
    assert!(matches!(format(&archive(&["members.csv"])), Err(EngineError::NotAList(_))));
    assert!(!is_workbook(&archive(&["members.csv"])));
    assert!(matches!(format(&archive(&["_rels/.rels", "xl/workbook.bin"])), Ok(WorkbookFormat::Xlsb)));
    assert!(matches!(format(&archive(&["xl/workbook.xml", "xl/vbaProject.bin"])), Ok(WorkbookFormat::Xlsm)));
    assert!(is_workbook(&xlsx("")) && !is_workbook(b"name") && !is_workbook(b"PK\x03\x04"));
}

#[test]
fn the_1904_epoch_is_told() {
    let sheet = r#"<sheetData><row r="1"><c r="A1" t="str"><v>name</v></c></row></sheetData>"#;
    assert!(read(&xlsx_with(r#"date1904="1""#, sheet), None, None).unwrap().0.epoch_1904);
    assert!(!read(&xlsx(sheet), None, None).unwrap().0.epoch_1904);
}
