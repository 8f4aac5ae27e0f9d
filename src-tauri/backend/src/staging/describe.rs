//! Tells the story of a row and of a cell: what stood in the file, what happened to it and what is wrong with it.

use muster_engine::pipeline::{self, FilePlan};
use muster_engine::staged::{CellOrigin, RowClass, StagedBatch};
use muster_engine::{Field, Level, Rule};
use serde::Serialize;

use super::query::level_of;
use super::{Staging, class_of};
use crate::error::{Error, Result};

/// What happened to a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CellStory {
    /// The field
    pub field: Field,
    /// The text in the file
    pub raw: Option<String>,
    /// What it became; `None` where it is missing or was not understood
    pub value: Option<String>,
    /// What changed it, in order
    pub changes: Vec<CellChange>,
    /// What is wrong with it
    pub issues: Vec<FoundIssue>,
}

/// A change of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CellChange {
    /// What was done
    pub label: String,
    /// A person did it; else a rule
    pub by_person: bool,
    /// What the cell showed before
    pub before: Option<String>,
    /// What it shows after
    pub after: Option<String>,
}

/// An issue of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundIssue {
    /// The rule's name
    pub rule: String,
    /// How bad
    pub level: Level,
    /// The field it is about
    pub field: Option<Field>,
    /// The rule's name for people
    pub label: String,
    /// What a person can do
    pub help: String,
}

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowStory {
    /// Its number over all files
    pub row: u32,
    /// Name of its file
    pub file: String,
    /// The organisation that it comes from
    pub source: String,
    /// Line of the file or row of the sheet
    pub line: u32,
    /// Where it goes
    pub class: RowClass,
    /// All its cells, also those that are mapped to no field
    pub raw: Vec<RawCell>,
    /// What is wrong with it
    pub issues: Vec<FoundIssue>,
}

/// A raw cell with its column's header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RawCell {
    /// The header
    pub header: String,
    /// The text
    pub value: String,
}

impl Staging {
    /// The steps that changed a row, by their ids.
    ///
    /// # Errors
    /// When the database fails.
    pub fn steps_of(&self, row: u32) -> Result<Vec<i64>> {
        let sql = "SELECT operation_id FROM staged_touch WHERE row_id = ?1 ORDER BY operation_id";
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(statement.query_map([row], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Tells what happened to a cell. `plan_with(file, n)` gives the plan of a file with only the first `n` of the
    /// recipe's steps; `steps` are the labels of those that changed the row, by their position, in order.
    ///
    /// # Errors
    /// When the row does not exist, or the database fails.
    pub fn cell_story(
        &self,
        row: u32,
        field: Field,
        steps: &[(usize, String)],
        plan_with: &dyn Fn(i64, usize) -> Result<FilePlan>,
    ) -> Result<CellStory> {
        let (file, raw) = self.raw_row(row)?;
        let plan = plan_with(file, 0)?;
        let raw_text = plan.raw_text(&raw, 0, field).map(str::to_owned);
        let mut staged = pipeline::stage(&plan, &raw);
        let mut changes = Vec::new();
        if let CellOrigin::Changed(change) = staged.origin(0, field) {
            let (before, after) = (raw_text.clone(), shown(&staged, field));
            changes.push(CellChange { label: change.label().to_owned(), by_person: false, before, after });
        }
        for (position, label) in steps {
            let next = pipeline::stage(&plan_with(file, position + 1)?, &raw);
            let (before, after) = (shown(&staged, field), shown(&next, field));
            if before != after {
                changes.push(CellChange { label: label.clone(), by_person: true, before, after });
            }
            staged = next;
        }
        let value = staged.value(0, field).map(str::to_owned);
        let mut issues = self.issues_of(row)?;
        issues.retain(|issue| issue.field == Some(field));
        Ok(CellStory { field, raw: raw_text, value, changes, issues })
    }

    /// A row as it stands in the file, with its issues.
    ///
    /// # Errors
    /// When the row does not exist, or the database fails.
    pub fn row_story(&self, row: u32) -> Result<RowStory> {
        let sql = "SELECT file.name, file.source, line, class, raw, file.header FROM staged_row
                   JOIN staged_file AS file ON file.id = staged_row.file_id WHERE staged_row.id = ?1";
        let story = self.db.prepare_cached(sql)?.query_row([row], |found| {
            let (cells, header): (String, String) = (found.get(4)?, found.get(5)?);
            Ok(RowStory {
                row,
                file: found.get(0)?,
                source: found.get(1)?,
                line: found.get(2)?,
                class: class_of(found.get(3)?),
                raw: raw_cells(&cells, &header),
                issues: Vec::new(),
            })
        });
        let mut story = story.map_err(|_| Error::not_found("row"))?;
        story.issues = self.issues_of(row)?;
        Ok(story)
    }

    fn issues_of(&self, row: u32) -> Result<Vec<FoundIssue>> {
        let sql = "SELECT rule, level, field FROM staged_issue WHERE row_id = ?1 ORDER BY level, rule";
        let mut statement = self.db.prepare_cached(sql)?;
        let found = statement.query_map([row], |found| {
            let (code, level, field): (u8, u8, i64) = (found.get(0)?, found.get(1)?, found.get(2)?);
            Ok((code, level, usize::try_from(field).ok()))
        })?;
        let mut issues = Vec::new();
        for issue in found {
            let (code, level, field) = issue?;
            if let Some(rule) = Rule::ALL.get(usize::from(code)) {
                issues.push(FoundIssue {
                    rule: rule.name().to_owned(),
                    level: level_of(level),
                    field: field.and_then(|at| Field::ALL.get(at).copied()),
                    label: rule.label().to_owned(),
                    help: rule.help().to_owned(),
                });
            }
        }
        Ok(issues)
    }
}

fn shown(staged: &StagedBatch, field: Field) -> Option<String> {
    staged.value(0, field).or_else(|| staged.unread(0, field)).map(str::to_owned)
}

fn raw_cells(cells: &str, header: &str) -> Vec<RawCell> {
    let cells: Vec<String> = serde_json::from_str(cells).unwrap_or_default();
    let mut header: Vec<String> = serde_json::from_str(header).unwrap_or_default();
    for column in header.len()..cells.len() {
        header.push(format!("column {}", column + 1));
    }
    let cells = cells.into_iter().map(Some).chain(std::iter::repeat(None));
    header
        .into_iter()
        .zip(cells)
        .map(|(header, value)| RawCell { header, value: value.unwrap_or_default() })
        .collect()
}
