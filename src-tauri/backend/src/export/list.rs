//! The three lists of an export, read row by row.

use muster_engine::Rule;
use muster_engine::write::csv::{MASTER_HEADER, REJECTS_HEADER, SUSPECTS_HEADER};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::error::{Code, Error, Result};

const RECORDS: &str = include_str!("sql/records.sql");
const REJECTS: &str = include_str!("sql/rejects.sql");

/// A list of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Clean rows
    Master,
    /// Rows whose dates cannot all be true
    Suspects,
    /// Rows with an error
    Rejects,
}

impl List {
    /// All lists, in the order in which they are written.
    pub(super) const ALL: [List; 3] = [List::Master, List::Suspects, List::Rejects];

    /// Name of the file, without its extension.
    pub(super) const fn name(self) -> &'static str {
        match self {
            List::Master => "master",
            List::Suspects => "suspects",
            List::Rejects => "rejects",
        }
    }

    /// The column headers.
    pub(super) const fn header(self) -> &'static [&'static str] {
        match self {
            List::Master => &MASTER_HEADER,
            List::Suspects => &SUSPECTS_HEADER,
            List::Rejects => &REJECTS_HEADER,
        }
    }

    /// `staged_row.class`
    const fn class(self) -> u8 {
        self as u8
    }

    /// The column that holds codes of rules, which the files show by name.
    const fn issues_column(self) -> Option<usize> {
        match self {
            List::Master => None,
            List::Suspects => Some(MASTER_HEADER.len()),
            List::Rejects => Some(2),
        }
    }
}

/// Gives each row of a list to `each`, in the order of the files; says how many there were.
pub(super) fn read(
    db: &Connection,
    list: List,
    mut each: impl FnMut(&[Option<&str>]) -> Result<()>,
) -> Result<u32> {
    let sql = if list == List::Rejects { REJECTS } else { RECORDS };
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query((list.class(), u8::from(list.issues_column().is_some())))?;
    let mut count = 0;
    let mut issues = String::new();
    while let Some(row) = rows.next()? {
        if let Some(column) = list.issues_column() {
            name_rules(text(row, column)?.unwrap_or_default(), &mut issues);
        }
        let mut cells = [None; SUSPECTS_HEADER.len()];
        let cells = &mut cells[..list.header().len()];
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell = match list.issues_column() {
                Some(codes) if codes == column => Some(issues.as_str()),
                _ => text(row, column)?,
            };
        }
        each(cells)?;
        count += 1;
    }
    Ok(count)
}

pub(super) fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<Option<&'r str>> {
    let wrong = || Error::new(Code::Internal, "The staged rows hold something that is no text");
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// `17,22` → `joined_before_birth+repeated_key`.
fn name_rules(codes: &str, names: &mut String) {
    names.clear();
    for rule in codes.split(',').filter_map(|code| Rule::ALL.get(code.parse::<usize>().ok()?)) {
        if !names.is_empty() {
            names.push('+');
        }
        names.push_str(rule.name());
    }
}
