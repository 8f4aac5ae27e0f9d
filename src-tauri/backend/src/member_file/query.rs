//! A block of a member file's rows for the grid: found, ordered and marked.

use muster_engine::Field;
use muster_engine::standardise::Parsed;
use muster_engine::standardise::typed::standardise;
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize};

use super::open_file::{Column, OpenFile};
use super::working::Working;
use crate::error::{Code, Error, Result};

/// Rows of a block at the most.
const LARGEST_BLOCK: u32 = 1_000;

/// Which rows of a member file, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberRowQuery {
    /// Only rows that are not saved yet, deleted ones among them
    pub unsaved: bool,
    /// Only rows with these words in their cells
    pub search: Option<String>,
    /// The order; rows that are equal in it stand as in the file
    pub sort: Vec<ColumnSort>,
}

/// A column to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ColumnSort {
    /// Its place, from 0; the rows' numbers where there is none
    pub column: Option<u32>,
    /// Last first
    pub descending: bool,
}

/// What a row is compared with the file on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MemberRowState {
    /// As on the disk
    Saved,
    /// A cell was edited
    Changed,
    /// Not on the disk
    Added,
    /// On the disk only
    Deleted,
}

/// A row of a member file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberRow {
    /// Its number for as long as the file is open, from 1
    pub row: u32,
    /// What it is compared with the file on the disk
    pub state: MemberRowState,
    /// Its cells
    pub cells: Vec<Option<String>>,
    /// One character a cell: `.` as on the disk, `e` edited, `w` not understood
    pub marks: String,
    /// What is not understood
    pub warnings: Vec<CellWarning>,
}

/// A cell that the rule of its field does not understand. It is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CellWarning {
    /// The column's place, from 0
    pub column: u32,
    /// The rule, for people
    pub label: String,
    /// What a person can do
    pub help: String,
}

/// Some rows of all that a query finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberRows {
    /// How many rows the query finds
    pub total: u32,
    /// The rows of the block
    pub rows: Vec<MemberRow>,
}

/// What the table `found` holds: the rows of a query, which stay in their order while their cells are edited.
pub(super) struct Found {
    query: MemberRowQuery,
    total: u32,
}

impl OpenFile {
    /// Rows `offset..offset + limit` of all that the query finds.
    pub(super) fn rows(&mut self, query: &MemberRowQuery, offset: u32, limit: u32) -> Result<MemberRows> {
        let end = u64::from(offset) + u64::from(limit.min(LARGEST_BLOCK));
        let filter = Filter::of(query, self.working.columns);
        let (total, ids) = if !filter.is_empty() || !query.sort.is_empty() {
            let total = self.find(query, &filter)?;
            (
                total,
                format!(
                    "SELECT row_id AS id, position FROM temp.found WHERE position > {offset} AND position <= {end}"
                ),
            )
        } else {
            self.working.found = None;
            (self.working.rows, self.working.range(offset, end)?)
        };
        Ok(MemberRows { total, rows: self.block(&ids)? })
    }

    /// One row, as the grid shows it.
    pub(super) fn row(&self, row: u32) -> Result<MemberRow> {
        let found = self.block(&format!("SELECT {row} AS id, 1 AS position"))?;
        found.into_iter().next().ok_or_else(|| Error::not_found("row"))
    }

    /// Puts the numbers of all rows that the query finds into `temp.found`, unless they are there already.
    fn find(&mut self, query: &MemberRowQuery, filter: &Filter) -> Result<u32> {
        if let Some(found) = self.working.found.as_ref().filter(|found| found.query == *query) {
            return Ok(found.total);
        }
        let order = self.order(&query.sort)?;
        let db = &self.working.db;
        db.execute("DELETE FROM temp.found", [])?;
        let sql = format!(
            "INSERT INTO temp.found (row_id) SELECT id FROM member_row WHERE {} ORDER BY {order}",
            filter.sql()
        );
        let total = db.prepare(&sql)?.execute(params_from_iter(&filter.words))?;
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        self.working.found = Some(Found { query: query.clone(), total });
        Ok(total)
    }

    fn order(&self, sort: &[ColumnSort]) -> Result<String> {
        let mut order = Vec::new();
        for by in sort {
            let direction = if by.descending { "DESC" } else { "ASC" };
            let Some(column) = by.column.map(|column| column as usize) else {
                order.push(format!("id {direction}"));
                continue;
            };
            let known = self.columns.get(column).ok_or_else(|| {
                Error::new(Code::InvalidInput, "The request names a column that the file does not have")
            })?;
            let number = known.field == Some(Field::Score) || known.name == "source_row";
            let value =
                if number { format!("CAST(c{column} AS REAL)") } else { format!("c{column} COLLATE NOCASE") };
            order.push(format!("c{column} IS NULL, {value} {direction}"));
        }
        order.push("id".to_owned());
        Ok(order.join(", "))
    }

    /// The rows that `ids` selects (`id`, `position`), with what they are on the disk.
    fn block(&self, ids: &str) -> Result<Vec<MemberRow>> {
        let working = &self.working;
        let sql = format!(
            "SELECT m.id, m.absent, s.present, {}, {} FROM ({ids}) AS wanted
             INNER JOIN member_row AS m ON m.id = wanted.id
             LEFT JOIN saved_row AS s ON s.row_id = m.id ORDER BY wanted.position",
            working.names("m."),
            working.names("s.")
        );
        let mut statement = working.db.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| self.grid_row(row))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn grid_row(&self, row: &Row<'_>) -> rusqlite::Result<MemberRow> {
        let (absent, on_disk): (bool, Option<bool>) = (row.get(1)?, row.get(2)?);
        let state = match (absent, on_disk) {
            (true, _) => MemberRowState::Deleted,
            (false, None) => MemberRowState::Saved,
            (false, Some(true)) => MemberRowState::Changed,
            (false, Some(false)) => MemberRowState::Added,
        };
        let columns = self.columns.len();
        let mut found = MemberRow {
            row: row.get(0)?,
            state,
            cells: Vec::with_capacity(columns),
            marks: String::with_capacity(columns),
            warnings: Vec::new(),
        };
        for (at, column) in self.columns.iter().enumerate() {
            let cell: Option<String> = row.get(3 + at)?;
            let warning = cell.as_deref().and_then(|text| self.warning(column, at, text));
            let edited = state == MemberRowState::Changed
                && row.get_ref(3 + columns + at)?.as_str_or_null().ok() != Some(cell.as_deref());
            found.marks.push(match (&warning, edited) {
                (Some(_), _) => 'w',
                (None, true) => 'e',
                (None, false) => '.',
            });
            found.warnings.extend(warning);
            found.cells.push(cell);
        }
        Ok(found)
    }

    /// What the rule of a column's field says against a text.
    fn warning(&self, column: &Column, at: usize, text: &str) -> Option<CellWarning> {
        match standardise(column.field?, text, self.today, &mut String::new()) {
            Parsed::Failed(rule) => Some(CellWarning {
                column: u32::try_from(at).unwrap_or(u32::MAX),
                label: rule.label().to_owned(),
                help: rule.help().to_owned(),
            }),
            Parsed::Missing(_) | Parsed::Value(..) => None,
        }
    }
}

impl Working {
    /// The numbers of rows by their place among the present ones.
    fn range(&self, offset: u32, end: u64) -> Result<String> {
        if self.rows + 1 == self.next_row {
            return Ok(format!(
                "SELECT id, id AS position FROM member_row WHERE id > {offset} AND id <= {end}"
            ));
        }
        // Rows are missing: places are counted along a narrow index.
        self.db
            .execute_batch("CREATE INDEX IF NOT EXISTS present_row ON member_row (id) WHERE absent = 0")?;
        Ok(format!(
            "SELECT id, id AS position FROM member_row INDEXED BY present_row WHERE absent = 0 ORDER BY id
             LIMIT {} OFFSET {offset}",
            end - u64::from(offset)
        ))
    }
}

/// A condition on `member_row`, and the patterns of its parameters.
pub(super) struct Filter {
    conditions: Vec<String>,
    pub(super) words: Vec<String>,
}

impl Filter {
    pub(super) fn of(query: &MemberRowQuery, columns: usize) -> Filter {
        let mut filter = Filter { conditions: Vec::new(), words: Vec::new() };
        if query.unsaved {
            filter.conditions.push("id IN (SELECT row_id FROM saved_row)".to_owned());
        }
        // Each word must occur in some cell.
        let cells: Vec<_> =
            (0..columns).map(|column| format!("coalesce(c{column} || char(10), '')")).collect();
        for word in query.search.as_deref().unwrap_or_default().split_whitespace() {
            filter.conditions.push(format!("({}) LIKE ? ESCAPE '\\'", cells.join(" || ")));
            filter.words.push(pattern(word));
        }
        filter
    }

    pub(super) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Deleted rows are shown among those that are not saved.
    pub(super) fn sql(&self) -> String {
        let unsaved = self.conditions.iter().any(|condition| condition.contains("saved_row"));
        let present = (!unsaved).then(|| "absent = 0".to_owned());
        present.iter().chain(&self.conditions).cloned().collect::<Vec<_>>().join(" AND ")
    }
}

/// A pattern of LIKE that finds a word anywhere.
fn pattern(word: &str) -> String {
    let escaped: String = word
        .chars()
        .flat_map(|letter| ['\\'].into_iter().filter(move |_| "%_\\".contains(letter)).chain([letter]))
        .collect();
    format!("%{escaped}%")
}
