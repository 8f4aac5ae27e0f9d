use super::*;

fn detected(text: &str) -> Detected {
    detect(text.as_bytes(), true, &ReaderOptions::default()).unwrap()
}

fn split(text: &str) -> (char, Option<u64>, Vec<String>) {
    let found = detected(text);
    assert_eq!(found.columns, found.header.len());
    (char::from(found.dialect.delimiter), found.dialect.header_row, found.header)
}

#[test]
fn finds_delimiters() {
    for delimiter in delimiter::CANDIDATES.map(char::from) {
        let text = "name,dob,company\n\"Brown, V; x\",1967/03/26,Keller Group\nKim,1968/03/26,\n"
            .replace(',', &delimiter.to_string());
        let text = text.replacen(&format!("Brown{delimiter}"), "Brown,", 1);
        assert_eq!(split(&text), (delimiter, Some(1), ["name", "dob", "company"].map(String::from).to_vec()));
    }
}

#[test]
fn commas_in_numbers_and_names_do_not_win() {
    assert_eq!(split("name;score;fee\nKim;1,5;2,5\nLee;2,5;3,0\n").0, ';');
    assert_eq!(split("name\tstate\nBrennan, Mikayla\tIllinois\nHolmes, Thomas\tWisconsin\n").0, '\t');
    assert_eq!(
        split("id,name\n0,Williams-Stephenson\n1,\"Brown, Vasquez and Sanchez\"\n2,Keller Group\n").0,
        ','
    );
    assert_eq!(split("name, dob, state\nKim, 1970-01-01, TX\nLee, 1971-01-01, OR\n").0, ',');
}

#[test]
fn one_column_needs_no_delimiter() {
    assert_eq!(split("name\nKeller Group\nSmith\n"), (',', Some(1), vec!["name".into()]));
    let (delimiter, header, names) = split("company\nBrown, Vasquez and Sanchez\nKeller Group\nSmith Inc\n");
    assert_eq!((delimiter, header, names.len()), ('\t', Some(1), 1));
    let (delimiter, _, names) = split("name\nBrown, V\nKeller, X\n");
    assert_eq!((delimiter, names.len()), ('\t', 1));
    assert_eq!(split("name").2, ["name"]);
}

#[test]
fn a_preamble_is_skipped() {
    let text = "Unity Golf Club\n\nExported 2018-09-01, by: Kim\nname,dob,score\nKim,1970-01-01,5\nLee,1971-01-01,7\n";
    assert_eq!(split(text), (',', Some(4), ["name", "dob", "score"].map(String::from).to_vec()));
    assert_eq!(split("sep=;\nname;dob\nKim;1970-01-01\n").1, Some(2));
    assert_eq!(split("sep=;\nname;dob\nKim;1970-01-01\n").0, ';');
    assert_eq!(split("Title,,\nname,dob,score\nKim,1970-01-01,5\n").1, Some(2));
}

#[test]
fn a_header_may_be_missing_or_run_over_lines() {
    let (_, header, names) = split("Robert,Mclaughlin,1967/03/26,3\nBrittany,Norris,1972/09/06,12\n");
    assert_eq!(
        (header, names),
        (None, ["column 1", "column 2", "column 3", "column 4"].map(String::from).to_vec())
    );
    let (_, header, names) = split("\"full\nname\",dob\nKim,1970-01-01\nLee,1971-01-01\n");
    assert_eq!((header, names), (Some(1), ["full\nname", "dob"].map(String::from).to_vec()));
}

#[test]
fn options_are_followed() {
    let options = |options: ReaderOptions| detect(b"a|b;x,c\n1|2;y,3\nname|z;w,d\n", true, &options);
    let given = |text: &str| Some(text.to_owned());
    let found =
        options(ReaderOptions { delimiter: given(";"), header_row: Some(3), ..ReaderOptions::default() })
            .unwrap();
    assert_eq!((found.dialect.delimiter, found.dialect.header_row), (b';', Some(3)));
    assert_eq!(found.header, ["name|z", "w,d"]);
    let found = options(ReaderOptions {
        header_row: Some(0),
        quote: given(""),
        encoding: given("latin1"),
        ..ReaderOptions::default()
    })
    .unwrap();
    assert_eq!((found.dialect.header_row, found.dialect.quote), (None, None));
    assert_eq!(found.dialect.encoding, encoding_rs::WINDOWS_1252);
    assert!(matches!(
        options(ReaderOptions { header_row: Some(9), ..ReaderOptions::default() }),
        Err(EngineError::Limit(_))
    ));
    assert!(matches!(
        options(ReaderOptions { delimiter: given("€"), ..ReaderOptions::default() }),
        Err(EngineError::Limit(_))
    ));
    assert!(matches!(
        options(ReaderOptions { encoding: given("klingon"), ..ReaderOptions::default() }),
        Err(EngineError::UnknownEncoding)
    ));
}

#[test]
fn apostrophes_may_be_the_quotes() {
    let found = detected("'name','dob'\n'Brown, V','1970-01-01'\n'Kim','1971-01-01'\n");
    assert_eq!((found.dialect.quote, found.header.len()), (Some(b'\''), 2));
    assert_eq!(detected("name,dob\nO'Brien,1970\nD'Arcy,1971\n").dialect.quote, Some(b'"'));
}

#[test]
fn the_sample_may_end_anywhere() {
    let text = "name,dob,company\n\"Brown, V\",1967/03/26,\"Keller\nGroup\"\nJosé,1968/03/26,x\n".repeat(3);
    for end in 40..text.len() {
        let found = detect(&text.as_bytes()[..end], false, &ReaderOptions::default()).unwrap();
        assert_eq!(
            (found.dialect.delimiter, found.columns, found.dialect.header_row),
            (b',', 3, Some(1)),
            "{end}"
        );
    }
}

#[test]
fn other_files_are_refused_with_a_reason() {
    let files: [&[u8]; 10] = [
        b"PK\x03\x04\x14\0",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1A\n",
        b"\x1F\x8B\x08\0",
        b"<!DOCTYPE html><table>",
        b"[{\"name\": 1}]",
        b"",
        b" \n\r\n",
        b"\0\x01\x02\x03abc\0\0\0\x05\x06",
    ];
    for file in files {
        assert!(
            matches!(detect(file, true, &ReaderOptions::default()), Err(EngineError::NotAList(_))),
            "{file:?}"
        );
    }
}

#[test]
fn utf16_is_read() {
    let bytes: Vec<u8> =
        "name\tdob\r\nJosé\t1970-01-01\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = detect(&bytes, true, &ReaderOptions::default()).unwrap();
    assert_eq!((found.dialect.encoding, found.dialect.delimiter), (encoding_rs::UTF_16LE, b'\t'));
    assert_eq!(found.header, ["name", "dob"]);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_detected_or_refused(bytes: Vec<u8>, whole: bool) {
        if let Ok(found) = detect(&bytes, whole, &ReaderOptions::default()) {
            proptest::prop_assert!(found.columns >= 1 && found.columns == found.header.len());
        }
    }
}
