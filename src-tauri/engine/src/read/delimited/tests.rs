use encoding_rs::{UTF_8, WINDOWS_1252};
use proptest::prelude::*;

use super::*;
use crate::read::detect::Dialect;

/// A row as tests compare it: line, raw text, cells, faults.
type Row = (u64, String, Vec<String>, Vec<Rule>);

fn detected(columns: usize, header_row: Option<u64>) -> Detected {
    let dialect = Dialect { encoding: UTF_8, delimiter: b',', quote: Some(b'"'), header_row };
    Detected { dialect, header: (0..columns).map(|column| column.to_string()).collect(), columns }
}

fn read_all(bytes: &[u8], detected: &Detected, limits: Limits) -> Vec<Row> {
    let mut reader = DelimitedReader::with_limits(bytes, detected, limits);
    let mut rows = Vec::new();
    while let Some(batch) = reader.next_batch().unwrap() {
        assert!(!batch.is_empty());
        let mut issues = batch.issues();
        for (index, row) in batch.rows().iter().enumerate() {
            let (these, others) = issues.split_at(issues.partition_point(|issue| issue.0 as usize <= index));
            let rules: Vec<Rule> = these.iter().map(|issue| issue.1).collect();
            issues = others;
            let cells = batch.cells(index).map(str::to_owned).collect();
            rows.push((row.line, batch.raw(index), cells, rules));
        }
    }
    rows
}

/// Cells and faults of the rows after a header with as many columns as the first line has commas, and one more.
fn read(text: &str) -> Vec<(u64, Vec<String>, Vec<Rule>)> {
    let columns = text.split(['\r', '\n']).next().unwrap_or("").split(',').count();
    let rows = read_all(text.as_bytes(), &detected(columns, Some(1)), Limits::default());
    rows.into_iter().map(|(line, _, cells, rules)| (line, cells, rules)).collect()
}

fn row(line: u64, cells: &[&str], rules: &[Rule]) -> (u64, Vec<String>, Vec<Rule>) {
    (line, cells.iter().map(|&cell| cell.to_owned()).collect(), rules.to_vec())
}

#[test]
fn plain_rows_end_with_any_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "Kim,1", "", "  ", "Lee,", ",2"].join(end);
        let expected = [row(2, &["Kim", "1"], &[]), row(5, &["Lee", ""], &[]), row(6, &["", "2"], &[])];
        assert_eq!(read(&text), expected);
        assert_eq!(read(&(text + end)), expected);
    }
    assert_eq!(read("a\n"), []);
    assert_eq!(read(""), []);
}

#[test]
fn quoted_values_are_unescaped() {
    assert_eq!(
        read("a,b\n\"Brown, V\",\"say \"\"hi\"\"\"\n\"\",\"x\"  \n\"\"\"\",\\\"\n"),
        [row(2, &["Brown, V", "say \"hi\""], &[]), row(3, &["", "x"], &[]), row(4, &["\"", "\\\""], &[])]
    );
}

#[test]
fn a_quote_inside_an_unquoted_cell_is_text() {
    assert_eq!(
        read("a,b\n5\" pipe,O\"Brien\n x\"y\", \"z\"\n"),
        [row(2, &["5\" pipe", "O\"Brien"], &[]), row(3, &[" x\"y\"", " \"z\""], &[])]
    );
}

#[test]
fn ragged_rows_are_noted() {
    assert_eq!(
        read("a,b\n1\n1,2,,\n1,2,3\n\"1\",2,,\"x\"\n"),
        [
            row(2, &["1"], &[Rule::MissingCells]),
            row(3, &["1", "2", "", ""], &[]),
            row(4, &["1", "2", "3"], &[Rule::SurplusCells]),
            row(5, &["1", "2", "", "x"], &[Rule::SurplusCells]),
        ]
    );
}

#[test]
fn a_value_over_several_lines_is_kept_and_noted() {
    let rows = read_all(b"a,b\r\n1,\"x\r\n\r\ny\"\r\n2,z\r\n", &detected(2, Some(1)), Limits::default());
    let cells = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    assert_eq!(
        rows[0],
        (2, "1,\"x\r\n\r\ny\"".into(), cells(["1", "x\r\n\r\ny"]), vec![Rule::MultiLineValue])
    );
    assert_eq!(rows[1], (5, "2,z".into(), cells(["2", "z"]), vec![]));
}

#[test]
fn an_unclosed_quote_at_the_end_takes_one_line() {
    assert_eq!(
        read("a,b\n\"Kim,1\nLee,2\n"),
        [row(2, &["\"Kim", "1"], &[Rule::UnbalancedQuote]), row(3, &["Lee", "2"], &[])]
    );
}

#[test]
fn a_quote_closed_in_the_middle_takes_one_line() {
    assert_eq!(
        read("a,b\n\"Kim\" Lee,1\n\"Robert \"Bob\" Smith\",2\n\"Kim\nLee\" x,3\n"),
        [
            row(2, &["\"Kim\" Lee", "1"], &[Rule::UnbalancedQuote]),
            row(3, &["Robert \"Bob\" Smith", "2"], &[Rule::UnbalancedQuote]),
            row(4, &["\"Kim"], &[Rule::UnbalancedQuote, Rule::MissingCells]),
            row(5, &["Lee\" x", "3"], &[]),
        ]
    );
}

#[test]
fn merged_rows_are_taken_apart() {
    // The count differs from the header's.
    assert_eq!(
        read("a,b\n\"Kim,1\nLee\",2,3\nX,4\n"),
        [
            row(2, &["\"Kim", "1"], &[Rule::UnbalancedQuote]),
            row(3, &["Lee\"", "2", "3"], &[Rule::SurplusCells]),
            row(4, &["X", "4"], &[]),
        ]
    );
    // The count is right, but each line looks like a row of its own.
    assert_eq!(
        read("a,b,c\n1,\"Kim,x\n2,Lee\",y\n3,Z,z\n"),
        [
            row(2, &["1", "\"Kim", "x"], &[Rule::UnbalancedQuote]),
            row(3, &["2", "Lee\"", "y"], &[]),
            row(4, &["3", "Z", "z"], &[]),
        ]
    );
    // One of the lines does not: a name or an address over two lines.
    assert_eq!(read("a,b,c\n\"Kim\nLee\",1,y\n"), [row(2, &["Kim\nLee", "1", "y"], &[Rule::MultiLineValue])]);
    assert_eq!(
        read("a,b,c\n1,\"Kim, x\nLee\",y\n"),
        [row(2, &["1", "Kim, x\nLee", "y"], &[Rule::MultiLineValue])]
    );
}

#[test]
fn a_record_over_too_many_lines_is_taken_apart() {
    let limits = Limits { record_lines: 3, ..Limits::default() };
    let rows = |text: &str| read_all(text.as_bytes(), &detected(1, Some(1)), limits);
    assert_eq!(rows("a\n\"1\n2\n3\"\n").len(), 1);
    let apart = rows("a\n\"1\n2\n3\n4\"\n5\n");
    assert_eq!(apart.iter().map(|row| row.0).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
    assert_eq!(apart[0].3, [Rule::UnbalancedQuote]);
}

#[test]
fn a_long_line_is_cut_and_reading_goes_on() {
    let limits = Limits { record_bytes: 10, chunk_bytes: 4, ..Limits::default() };
    let rows = |text: &str| read_all(text.as_bytes(), &detected(2, Some(1)), limits);
    for end in ["\n", "\r\n", "\r"] {
        let text = format!(
            "a,b{end}1,{}€€{end}2,x{end}3,{}{end}\"{}{end}4,y",
            "x".repeat(7),
            "x".repeat(8),
            "z".repeat(99)
        );
        let found = rows(&text);
        assert_eq!(found.iter().map(|row| row.0).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
        assert_eq!((found[0].1.as_str(), found[0].3.as_slice()), ("1,xxxxxxx", &[Rule::SurplusCells][..]));
        assert_eq!((found[2].1.as_str(), found[2].3.is_empty()), ("3,xxxxxxxx", true));
        assert!(found[3].3.contains(&Rule::UnbalancedQuote));
        assert_eq!(found[4].2, ["4", "y"]);
    }
}

#[test]
fn nuls_and_undecodable_bytes_are_noted_at_their_rows() {
    let bytes = b"a\xFF,b\0\nKim\0,1\nJos\xE9,2\n\xEF\xBF\xBD,3\n\"Lee\n\xFF\",\0\n";
    for chunk_bytes in [1, 3, 1_000] {
        let rows = read_all(bytes, &detected(2, Some(1)), Limits { chunk_bytes, ..Limits::default() });
        assert_eq!(rows[0].2, ["Kim\0", "1"]);
        assert_eq!(rows[1].2, ["Jos\u{fffd}", "2"]);
        assert_eq!(
            rows.into_iter().map(|row| row.3).collect::<Vec<_>>(),
            [
                vec![Rule::NulCharacter],
                vec![Rule::UndecodableBytes],
                vec![],
                vec![Rule::NulCharacter, Rule::UndecodableBytes, Rule::MultiLineValue]
            ]
        );
    }
}

#[test]
fn the_header_is_left_out_wherever_it_is() {
    let lines = |text: &str, header_row| {
        let rows = read_all(
            text.as_bytes(),
            &detected(2, header_row),
            Limits { chunk_bytes: 3, ..Limits::default() },
        );
        rows.into_iter().map(|row| row.0).collect::<Vec<_>>()
    };
    assert_eq!(lines("\"Title\n\na,b\n1,2\n", Some(3)), [4]);
    assert_eq!(lines("\"a\na\",b\n1,2\n", Some(1)), [3]);
    assert_eq!(lines("1,2\n3,4", None), [1, 2]);
    assert_eq!(lines("sep=,\r\n1,2\n3,4", None), [2, 3]);
    assert!(lines("a,b\n1,2", Some(9)).is_empty());
}

#[test]
fn other_encodings_and_delimiters_are_read() {
    let mut found = detected(2, Some(1));
    found.dialect = Dialect { encoding: WINDOWS_1252, delimiter: b'\t', quote: None, header_row: Some(1) };
    let rows = read_all(b"a\tb\nJos\xE9\t\"x\n", &found, Limits::default());
    assert_eq!(rows[0].2, ["José", "\"x"]);
}

#[test]
fn hostile_quotes_take_linear_time() {
    // Each of these takes minutes if looking for a closing quote starts over at every line or cell.
    for line in ["\"a,b\n", "x\",\"y\n", "\"\"\"a,b\n", "\"a,\"a,\"a,b\n", "a,\"\"\"\"b\n"] {
        let text = line.repeat(400_000 / line.len());
        let rows = read_all(text.as_bytes(), &detected(50, None), Limits::default());
        assert_eq!(rows.len(), text.lines().count());
    }
    for cell in ["\"a,", "\"\",", "\"\"\"", "\"", ","] {
        let text = cell.repeat(1_900_000 / cell.len());
        assert_eq!(read_all(text.as_bytes(), &detected(3, None), Limits::default()).len(), 1);
    }
}

/// A cell that quoting has to carry.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z ,\"\r\n\té€𝄞;'\\\\\0\u{fffd}]{0,8}",
        1 => any::<String>(),
        1 => Just(String::new()),
    ]
}

fn quoted(cell: &str, always: bool) -> String {
    if always || cell.trim().is_empty() || cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Text in which quotes, delimiters and line ends are frequent.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"aab \"\"\",,,\n\n\r\0\xC3\xA9\xFF".as_slice()), 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// RFC 4180 there and back. With three columns or more a value whose lines look like rows is taken for a stray
    /// quote (see the module's rules), so such a record may come back in pieces.
    #[test]
    fn records_written_out_are_read_back(
        records in (1..5_usize).prop_flat_map(|columns| {
            prop::collection::vec(prop::collection::vec((cell(), any::<bool>()), columns), 1..6)
        }),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        chunk_bytes in 1..40_usize,
    ) {
        let columns = records[0].len();
        let written = |record: &[(String, bool)]| {
            record.iter().map(|(cell, always)| quoted(cell, *always)).collect::<Vec<_>>().join(",")
        };
        let exempt = |record: &[(String, bool)]| {
            let text = written(record);
            let mut lines = text.split(['\r', '\n']);
            columns >= 3
                && text.contains(['\r', '\n'])
                && lines.all(|line| line.is_empty() || line.matches(',').count() >= columns - 1)
        };
        let kept: Vec<_> = records.iter().filter(|record| !exempt(record)).collect();
        let lines = kept.iter().map(|record| written(record) + end);
        let text: String = lines.collect();
        let limits = Limits { chunk_bytes, ..Limits::default() };
        let rows = read_all(text.as_bytes(), &detected(columns, None), limits);
        let cells: Vec<Vec<String>> = rows.into_iter().map(|row| row.2).collect();
        let expected: Vec<Vec<String>> =
            kept.iter().map(|record| record.iter().map(|cell| cell.0.clone()).collect()).collect();
        prop_assert_eq!(cells, expected);
    }

    /// Every line that is not blank is part of exactly one row, in order, whatever the quotes.
    #[test]
    fn no_line_is_lost(bytes in prop_oneof![hostile(), any::<Vec<u8>>()], columns in 1..5_usize) {
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n");
        prop_assume!(!text.starts_with("sep="));
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let rows = read_all(&bytes, &detected(columns, None), Limits::default());
        let mut lines = Vec::new();
        for (line, raw, ..) in &rows {
            let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
            lines.extend(raw.split('\n').enumerate().map(|(offset, text)| (line + offset as u64, text.to_owned())));
        }
        let blank = |line: &str| line.bytes().all(|byte| byte == b' ' || byte == b'\t');
        lines.retain(|(_, line)| !blank(line));
        let expected = text.split('\n').zip(1_u64..).filter(|(line, _)| !blank(line));
        prop_assert_eq!(lines, expected.map(|(line, number)| (number, line.to_owned())).collect::<Vec<_>>());
    }

    /// What comes out does not depend on how the file is cut into chunks, with small limits too.
    #[test]
    fn chunks_do_not_matter(
        bytes in prop_oneof![hostile(), any::<Vec<u8>>()],
        chunk_bytes in 1..30_usize,
        columns in 1..5_usize,
        header_row in prop::option::of(1..4_u64),
        small in any::<bool>(),
    ) {
        let usual = Limits::default();
        let whole = if small { Limits { record_bytes: 12, record_lines: 3, ..usual } } else { usual };
        let detected = detected(columns, header_row);
        let expected = read_all(&bytes, &detected, whole);
        prop_assert_eq!(read_all(&bytes, &detected, Limits { chunk_bytes, ..whole }), expected);
    }
}
