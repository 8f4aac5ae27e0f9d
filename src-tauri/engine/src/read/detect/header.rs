//! The header, in text files and in sheets alike.
//!
//! A header is looked for among the first rows: titles and notes before it fill fewer columns than the list has,
//! and a row that looks like the rows below it is data. Evidence for a header: words over columns of figures, and
//! words that headers use. Evidence against it: figures over figures, and values that occur again below.

use std::collections::{HashMap, HashSet};

use super::cell::Look;

/// Rows among which a header is looked for.
const FIRST_ROWS: usize = 30;

/// Rows below a header that it is compared with.
const COMPARED_ROWS: usize = 200;

/// Words of headers.
const HEADER_WORDS: &[&str] = &[
    "name",
    "names",
    "first",
    "last",
    "middle",
    "surname",
    "forename",
    "firstname",
    "lastname",
    "fullname",
    "given",
    "family",
    "title",
    "prefix",
    "suffix",
    "nickname",
    "dob",
    "birth",
    "birthday",
    "birthdate",
    "date",
    "born",
    "id",
    "no",
    "nr",
    "number",
    "key",
    "code",
    "company",
    "employer",
    "organisation",
    "organization",
    "club",
    "state",
    "province",
    "region",
    "country",
    "city",
    "town",
    "zip",
    "postcode",
    "postal",
    "address",
    "street",
    "email",
    "mail",
    "phone",
    "tel",
    "telephone",
    "mobile",
    "fax",
    "score",
    "points",
    "rating",
    "handicap",
    "member",
    "membership",
    "since",
    "joined",
    "join",
    "active",
    "activity",
    "status",
    "type",
    "gender",
    "sex",
    "age",
    "year",
    "notes",
    "note",
    "comment",
    "comments",
    "value",
    "amount",
    "department",
    "role",
    "category",
    "website",
];

/// The column count that most rows have; of several, the greatest. At least 1.
pub(in crate::read) fn usual_width(widths: &[usize]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for &width in widths.iter().filter(|&&width| width > 0) {
        *counts.entry(width).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(width, count)| (count * width.min(2), width))
        .map_or(1, |(width, _)| width)
}

/// Index of the header among the first rows of a list that usually has `columns` columns; `None` where all rows
/// look like data.
pub(in crate::read) fn find(rows: &[&[String]], columns: usize) -> Option<usize> {
    let filled = |index: usize| rows[index].iter().filter(|cell| !cell.trim().is_empty()).count();
    let first_rows = rows.len().min(FIRST_ROWS);
    // A row that fills all columns ends the search: if it is not the header, it is data.
    let full = (0..first_rows).find(|&index| filled(index) >= columns);
    if let Some(full) = full.filter(|&full| is_header(rows, full, columns)) {
        return Some(full);
    }
    // A header with gaps, or with fewer columns than the rows have.
    let half = columns.div_ceil(2).max(2.min(columns));
    let end = full.unwrap_or(first_rows);
    (0..end).rev().find(|&index| filled(index) >= half && is_header(rows, index, columns))
}

fn is_header(rows: &[&[String]], index: usize, columns: usize) -> bool {
    let header: Vec<&str> = rows[index].iter().map(|cell| cell.trim()).collect();
    let named: Vec<&str> = header.iter().copied().filter(|cell| !cell.is_empty()).collect();
    let distinct = named.iter().map(|cell| cell.to_lowercase()).collect::<HashSet<_>>().len();
    let figures = named.iter().filter(|cell| Look::of(cell).is_data()).count();
    // Two columns may share a name, and one may be a year.
    if named.is_empty() || distinct * 3 < named.len() * 2 || figures * 2 > named.len() {
        return false;
    }
    let below = &rows[index + 1..rows.len().min(index + 1 + COMPARED_ROWS)];
    let evidence: i32 = header.iter().enumerate().map(|(column, cell)| evidence(cell, column, below)).sum();
    // With no evidence at all a row of words is a header: most lists have one.
    evidence > 0 || (evidence == 0 && figures == 0 && named.len() >= columns)
}

/// Whether a cell speaks for (positive) or against a header over its column.
fn evidence(cell: &str, column: usize, below: &[&[String]]) -> i32 {
    if cell.is_empty() {
        return 0;
    }
    let values =
        || below.iter().filter_map(|row| row.get(column)).map(|value| value.trim()).filter(|v| !v.is_empty());
    let count = values().count();
    let figures = values().filter(|value| Look::of(value).is_data()).count();
    let mut evidence = 0;
    if figures * 10 >= count * 8 && count > 0 {
        evidence += if Look::of(cell).is_data() { -2 } else { 2 };
    }
    if values().any(|value| value == cell) {
        evidence -= 2;
    }
    if has_header_word(cell) {
        evidence += 2;
    }
    evidence
}

/// Whether one of the words, split at punctuation and at capitals, is one that headers use.
fn has_header_word(cell: &str) -> bool {
    if cell.len() > 60 || Look::of(cell).is_data() {
        return false;
    }
    let mut spaced = String::with_capacity(cell.len() + 8);
    let mut lower_before = false;
    for letter in cell.chars() {
        if letter.is_uppercase() && lower_before {
            spaced.push(' ');
        }
        lower_before = letter.is_lowercase();
        spaced.extend(letter.to_lowercase());
    }
    let mut words = spaced.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.clone().count() <= 5 && words.any(|word| HEADER_WORDS.contains(&word))
}

/// Names of columns, each once: spaces at the ends go, an empty name becomes `column 3`, a second `name` becomes
/// `name (2)`.
pub fn unique_names<S: AsRef<str>>(header: &[S]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(header.len());
    let mut next = HashMap::<String, usize>::new();
    let given: HashSet<&str> = header.iter().map(|name| name.as_ref().trim()).collect();
    for (index, name) in header.iter().enumerate() {
        let name = name.as_ref().trim();
        let plain = if name.is_empty() { format!("column {}", index + 1) } else { name.to_owned() };
        let mut unique = plain.clone();
        let repeat = next.entry(plain.clone()).or_insert(1);
        // A name made here must be neither one made before nor one that stands in the header.
        while taken.contains(&unique) || ((unique != name) && given.contains(unique.as_str())) {
            *repeat += 1;
            unique = format!("{plain} ({repeat})");
        }
        taken.insert(unique.clone());
        names.push(unique);
    }
    names
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_made_unique() {
        assert_eq!(
            unique_names(&["name", " name ", "", "name (2)", "name"]),
            ["name", "name (3)", "column 3", "name (2)", "name (4)"]
        );
        assert_eq!(unique_names(&["", "column 1"]), ["column 1 (2)", "column 1"]);
        assert_eq!(unique_names(&["\u{a0}id"]), ["id"]);
    }

    fn header_of(text: &str) -> Option<usize> {
        let rows: Vec<Vec<String>> =
            text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        let width = usual_width(&rows.iter().map(Vec::len).collect::<Vec<_>>());
        find(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), width)
    }

    #[test]
    fn finds_headers() {
        assert_eq!(header_of("first_name,dob\nRobert,1967/03/26\n"), Some(0));
        assert_eq!(header_of("Club list,\n,\nname,dob\nRobert,1967/03/26\n"), Some(2));
        assert_eq!(header_of("Members 2018\nname,dob\nRobert,1967/03/26\n"), Some(1));
        assert_eq!(header_of("name,state\nRobert,OR\nKim,OR\n"), Some(0));
        assert_eq!(header_of("a,b,c\n1,2,3,\n4,5,6,\n"), Some(0));
        assert_eq!(header_of("name,,dob\nRobert,x,1967/03/26\nKim,y,1968/03/26\n"), Some(0));
        assert_eq!(header_of("name"), Some(0));
        assert_eq!(header_of("name,club,2018\nKim,A,1\n"), Some(0));
    }

    #[test]
    fn a_list_of_data_alone_has_no_header() {
        assert_eq!(header_of("Robert,1967/03/26\nKim,1968/03/26\n"), None);
        assert_eq!(header_of("Robert,OR\nKim,MD\nLee,OR\n"), None);
        assert_eq!(header_of("1\n2\n3"), None);
    }

    proptest! {
        #[test]
        fn any_names_become_unique(names in prop::collection::vec("(a|b| |column [1-4]|a \\([2-4]\\)){0,2}", 0..12)) {
            let unique = unique_names(&names);
            prop_assert_eq!(unique.iter().collect::<HashSet<_>>().len(), names.len());
        }
    }
}
