//! A block of rows for the grid: filtered, sorted and counted by the database.

use muster_engine::staged::RowClass;
use muster_engine::{Field, Level, Rule};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize};

use super::{Staging, class_of};
use crate::error::{Code, Error, Result};

/// Which rows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowQuery {
    /// Only rows of a class
    pub class: Option<RowClass>,
    /// Only rows with an issue of this rule
    pub rule: Option<String>,
    /// Only rows of a file
    pub file: Option<u32>,
    /// Only rows that a person's step changed
    pub edited: bool,
    /// Only rows with this text in one of their fields
    pub search: Option<String>,
    /// Only rows with certain values
    pub facets: Vec<FacetFilter>,
    /// The order; rows that are equal in it stand as in the files
    pub sort: Vec<SortBy>,
}

/// Rows with one of some values in a field; `None` is the empty cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FacetFilter {
    /// The field
    pub field: Field,
    /// The values, as shown
    pub values: Vec<Option<String>>,
}

/// A field to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SortBy {
    /// A field's name, `row` or `class`
    pub field: String,
    /// Last first
    pub descending: bool,
}

/// A row of the grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GridRow {
    /// Its number over all files, from 1
    pub row: u32,
    /// Id of its file
    pub file: u32,
    /// The organisation that it comes from
    pub source: String,
    /// Line of the file or row of the sheet
    pub line: u32,
    /// Where it goes
    pub class: RowClass,
    /// What the cells show, in the order of the fields
    pub cells: Vec<Option<String>>,
    /// One character a cell: `.` as read, `c` changed by a rule, `e` edited, `w` warning, `x` error
    pub marks: String,
}

/// Some rows of all that a query finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowBlock {
    /// How many rows the query finds
    pub total: u32,
    /// The rows of the block
    pub rows: Vec<GridRow>,
}

/// How many rows have an issue of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct IssueCount {
    /// The rule's name
    pub rule: String,
    /// Its worst level
    pub level: Level,
    /// Rows
    pub rows: u32,
    /// The rule's name for people
    pub label: String,
    /// What a person can do
    pub help: String,
    /// The field, where all its issues are about one
    pub field: Option<Field>,
}

/// A field of the grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldInfo {
    /// The field
    pub field: Field,
    /// Its name for people
    pub label: String,
    /// Whether any row has a value
    pub used: bool,
    /// `text`, `date`, `number` or `choice`
    pub kind: String,
    /// The values of a choice
    pub choices: Vec<String>,
}

/// A condition on `staged_row` and the values of its parameters.
#[derive(Debug, Default)]
pub(super) struct Filter {
    conditions: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Filter {
    pub(super) fn new(query: &RowQuery) -> Result<Filter> {
        let mut filter = Filter::default();
        if let Some(class) = query.class {
            filter.add(&format!("staged_row.class = {}", class as u8), []);
        }
        if let Some(rule) = &query.rule {
            let rule: Rule = rule.parse().map_err(|_| unknown("rule"))?;
            let rows = format!("SELECT row_id FROM staged_issue WHERE rule = {}", rule as u8);
            filter.add(&format!("staged_row.id IN ({rows})"), []);
        }
        if let Some(file) = query.file {
            filter.add(&format!("staged_row.file_id = {file}"), []);
        }
        if query.edited {
            filter.add("staged_row.id IN (SELECT row_id FROM staged_touch)", []);
        }
        if let Some(search) = query.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
            filter.search(search);
        }
        for facet in &query.facets {
            filter.facet(facet);
        }
        Ok(filter)
    }

    /// Adds a condition whose parameters are written `?`.
    pub(super) fn add(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.values.extend(values);
    }

    /// `WHERE …`, or nothing.
    pub(super) fn sql(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Each word must occur in some field.
    fn search(&mut self, search: &str) {
        let fields = Field::ALL.map(Field::name).join(" || char(10), '') || coalesce(");
        let all = format!("(coalesce({fields} || char(10), '') || coalesce(unread, '')) LIKE ? ESCAPE '\\'");
        for word in search.split_whitespace() {
            let escaped: String = word
                .chars()
                .flat_map(|c| ['\\'].into_iter().filter(move |_| "%_\\".contains(c)).chain([c]))
                .collect();
            self.add(&all, [Value::Text(format!("%{escaped}%"))]);
        }
    }

    fn facet(&mut self, facet: &FacetFilter) {
        let shown = shown(facet.field);
        let texts: Vec<_> = facet.values.iter().flatten().map(|text| Value::Text(text.clone())).collect();
        let marks = vec!["?"; texts.len()].join(", ");
        let empty = if facet.values.contains(&None) { format!("{shown} IS NULL OR ") } else { String::new() };
        self.add(&format!("({empty}{shown} IN ({marks}))"), texts);
    }
}

/// What the grid shows of a field, in SQL: the value, or the text that could not be understood.
pub(super) fn shown(field: Field) -> String {
    let name = field.name();
    format!("coalesce({name}, CASE WHEN unread IS NOT NULL THEN json_extract(unread, '$.{name}') END)")
}

impl Staging {
    /// Rows `offset..offset + limit` of all that the query finds.
    ///
    /// # Errors
    /// When the query names what does not exist, or the database fails.
    pub fn rows(&self, query: &RowQuery, offset: u32, limit: u32) -> Result<RowBlock> {
        let filter = Filter::new(query)?;
        let order = self.order(&query.sort)?;
        let (total, ids) = if filter.is_empty() && query.sort.is_empty() {
            // Rows are numbered without gaps: the block is a range.
            (self.counts()?.read, format!("id > {offset} AND id <= {}", u64::from(offset) + u64::from(limit)))
        } else if filter.is_empty() {
            let block = format!("SELECT id FROM staged_row ORDER BY {order} LIMIT {limit} OFFSET {offset}");
            (self.counts()?.read, format!("id IN ({block})"))
        } else {
            let total = self.find(query, &filter, &order)?;
            let end = u64::from(offset) + u64::from(limit);
            let block =
                format!("SELECT row_id FROM temp.found WHERE position > {offset} AND position <= {end}");
            (total, format!("id IN ({block})"))
        };
        Ok(RowBlock { total, rows: self.block(&ids, &order)? })
    }

    /// Puts the ids of all rows that the query finds into `temp.found`, unless they are there already.
    fn find(&self, query: &RowQuery, filter: &Filter, order: &str) -> Result<u32> {
        let wanted = serde_json::to_string(query).unwrap_or_default();
        self.db.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS found (position INTEGER PRIMARY KEY, row_id INTEGER NOT NULL);
             CREATE TEMP TABLE IF NOT EXISTS found_for (query TEXT NOT NULL, changes INTEGER, total INTEGER);",
        )?;
        let changes: i64 = self.db.query_row(
            "SELECT coalesce(max(value), '0') FROM staged_state WHERE name = 'revision'",
            [],
            |row| Ok(row.get::<_, String>(0)?.parse().unwrap_or_default()),
        )?;
        let known = "SELECT total FROM temp.found_for WHERE query = ?1 AND changes = ?2";
        if let Ok(total) = self.db.query_row(known, (&wanted, changes), |row| row.get(0)) {
            return Ok(total);
        }
        self.db.execute_batch("DELETE FROM temp.found; DELETE FROM temp.found_for;")?;
        let sql = format!(
            "INSERT INTO temp.found (row_id) SELECT id FROM staged_row{} ORDER BY {order}",
            filter.sql()
        );
        let total = self.db.prepare(&sql)?.execute(params_from_iter(filter.values.iter()))?;
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        self.db.execute("INSERT INTO temp.found_for VALUES (?1, ?2, ?3)", (&wanted, changes, total))?;
        Ok(total)
    }

    /// The rows' order in SQL. Indexes that it needs are made at the first use.
    fn order(&self, sort: &[SortBy]) -> Result<String> {
        let mut order = Vec::new();
        for by in sort {
            let direction = if by.descending { "DESC" } else { "ASC" };
            match by.field.as_str() {
                "row" => order.push(format!("id {direction}")),
                "class" => order.push(format!("class {direction}")),
                name => {
                    let field: Field = name.parse().map_err(|_| unknown("field"))?;
                    let expression = sort_expression(field);
                    if sort.len() == 1 {
                        let index = format!(
                            "CREATE INDEX IF NOT EXISTS staged_row_by_{field} ON staged_row ({expression})"
                        );
                        self.db.execute_batch(&index)?;
                    }
                    order.push(format!("{expression} {direction} NULLS LAST"));
                }
            }
        }
        order.push("id".to_owned());
        Ok(order.join(", "))
    }

    fn block(&self, ids: &str, order: &str) -> Result<Vec<GridRow>> {
        let sql = format!(
            "SELECT id, file_id, line, class, marks, unread, {} FROM staged_row WHERE {ids} ORDER BY {order}",
            super::load::field_columns()
        );
        let sources = self.sources()?;
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| grid_row(row, &sources))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// `(file id, source)` of the staged files.
    pub(super) fn sources(&self) -> Result<Vec<(u32, String)>> {
        let mut statement = self.db.prepare_cached("SELECT id, source FROM staged_file")?;
        Ok(statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
    }

    /// How many rows that the query finds have an issue, by rule, worst and most frequent first.
    ///
    /// # Errors
    /// When the query names what does not exist, or the database fails.
    pub fn issue_counts(&self, query: &RowQuery) -> Result<Vec<IssueCount>> {
        let filter = Filter::new(query)?;
        let rows = if filter.is_empty() {
            String::new()
        } else {
            format!(" WHERE row_id IN (SELECT id FROM staged_row{})", filter.sql())
        };
        let sql = format!(
            "SELECT rule, min(level), count(DISTINCT row_id), min(field), max(field) FROM staged_issue{rows}
             GROUP BY rule ORDER BY 2, 3 DESC, rule"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let counts = statement.query_map(params_from_iter(filter.values.iter()), issue_count)?;
        Ok(counts.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The fields, and which of them any row has a value for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn fields(&self) -> Result<Vec<FieldInfo>> {
        Field::ALL
            .into_iter()
            .map(|field| {
                Ok(FieldInfo {
                    field,
                    label: field.label().to_owned(),
                    used: self.is_used(field)?,
                    kind: kind(field).to_owned(),
                    choices: if field == Field::State {
                        muster_engine::standardise::state::STATES
                            .iter()
                            .map(|(code, _)| (*code).to_owned())
                            .collect()
                    } else {
                        Vec::new()
                    },
                })
            })
            .collect()
    }

    fn is_used(&self, field: Field) -> Result<bool> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM staged_row WHERE {field} IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM staged_row WHERE unread IS NOT NULL AND json_extract(unread, '$.{field}') IS NOT NULL)"
        );
        Ok(self.db.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
    }
}

fn sort_expression(field: Field) -> String {
    match field {
        Field::Score => "CAST(score AS REAL)".to_owned(),
        Field::Prefix
        | Field::GivenName
        | Field::MiddleName
        | Field::FamilyName
        | Field::Suffix
        | Field::PreferredName
        | Field::Company
        | Field::Email
        | Field::SourceKey => format!("{field} COLLATE NOCASE"),
        _ => field.name().to_owned(),
    }
}

fn kind(field: Field) -> &'static str {
    match field {
        Field::BirthDate | Field::MemberSince | Field::LastActive => "date",
        Field::Score => "number",
        Field::State => "choice",
        _ => "text",
    }
}

fn grid_row(row: &Row<'_>, sources: &[(u32, String)]) -> rusqlite::Result<GridRow> {
    let file = row.get(1)?;
    let unread: Option<String> = row.get(5)?;
    let unread = unread.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let mut cells = Vec::with_capacity(Field::COUNT);
    for field in Field::ALL {
        let value: Option<String> = row.get(6 + field.index())?;
        let text = || unread.as_ref()?.get(field.name())?.as_str().map(str::to_owned);
        cells.push(value.or_else(text));
    }
    Ok(GridRow {
        row: row.get(0)?,
        file,
        source: sources
            .iter()
            .find(|(id, _)| *id == file)
            .map(|(_, source)| source.clone())
            .unwrap_or_default(),
        line: row.get(2)?,
        class: class_of(row.get(3)?),
        cells,
        marks: row.get(4)?,
    })
}

fn issue_count(row: &Row<'_>) -> rusqlite::Result<Option<IssueCount>> {
    let code: u8 = row.get(0)?;
    let (first, last): (i64, i64) = (row.get(3)?, row.get(4)?);
    let field =
        usize::try_from(first).ok().filter(|_| first == last).and_then(|at| Field::ALL.get(at).copied());
    Rule::ALL
        .get(usize::from(code))
        .map(|rule| {
            Ok::<_, rusqlite::Error>(IssueCount {
                rule: rule.name().to_owned(),
                level: level_of(row.get(1)?),
                rows: row.get(2)?,
                label: rule.label().to_owned(),
                help: rule.help().to_owned(),
                field,
            })
        })
        .transpose()
}

pub(super) fn level_of(code: u8) -> Level {
    match code {
        0 => Level::Error,
        1 => Level::Warning,
        _ => Level::Info,
    }
}

fn unknown(what: &str) -> Error {
    Error::new(Code::InvalidInput, format!("The request names a {what} that Muster does not have"))
}
