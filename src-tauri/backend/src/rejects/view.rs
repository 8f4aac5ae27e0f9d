//! One row of the inbox, as its drawer shows it.

use muster_engine::staged::RowClass;
use muster_engine::{Field, Level, Rule, Target};
use sea_orm::DatabaseConnection;
use serde::Serialize;

use super::kept::{self, Kept, number};
use super::list::RejectState;
use super::read::{Reader, Readers};
use crate::error::{Code, Result};
use crate::push::rules_of;

/// Why a row is not in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundRule {
    /// The rule's name, or that of a fate: `skip_different`
    pub rule: String,
    /// In words
    pub label: String,
    /// What a person can do
    pub help: String,
    /// An error; else the row is refused for another reason
    pub error: bool,
}

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RejectCell {
    /// Header of its column; `column 12` where the row has more cells than the file has columns
    pub header: String,
    /// What the column is mapped to
    pub target: Option<Target>,
    /// The text that came
    pub original: String,
    /// The text as it stands
    pub value: String,
    /// What is wrong with it
    pub issues: Vec<FoundRule>,
}

/// A row of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RejectView {
    /// Its number
    pub id: u32,
    /// One more at each change
    pub version: u32,
    /// Where it stands
    pub state: RejectState,
    /// Name of its file
    pub file: String,
    /// The club
    pub source: String,
    /// Line of the file or row of the sheet
    pub line: u32,
    /// The push that refused it
    pub push: u32,
    /// Name of that push's import
    pub import_name: String,
    /// When it was refused: RFC 3339, UTC
    pub refused: String,
    /// The row as it stands in the file
    pub raw_line: String,
    /// Its cells, in the order of the file
    pub cells: Vec<RejectCell>,
    /// What is wrong with the row as a whole
    pub issues: Vec<FoundRule>,
    /// Somebody saved other cells
    pub fixed: bool,
    /// Where the row goes as it stands: to the database, to the suspects, or back
    pub class: RowClass,
    /// It can be replayed: how its file was read is known
    pub replayable: bool,
    /// Why the last replay left it here, or that it was there already
    pub outcome: Option<FoundRule>,
    /// The push that took it in
    pub replayed_by: Option<u32>,
    /// When somebody put it away: RFC 3339, UTC
    pub dismissed: Option<String>,
}

/// Reads a row and looks for what is wrong with it as it stands.
pub(super) async fn view(db: &DatabaseConnection, id: i64) -> Result<RejectView> {
    let kept = kept::by_id(db, id).await?;
    let mut readers = Readers::default();
    let reader = match readers.of(db, &kept).await {
        Ok(reader) => Some(reader),
        // An earlier version's row is shown as it is.
        Err(error) if error.code() == Code::Refused => None,
        Err(error) => return Err(error),
    };
    Ok(shown(&kept, reader))
}

fn shown(kept: &Kept, reader: Option<&Reader>) -> RejectView {
    let mut cells = cells(kept, reader);
    let (mut issues, class) = match reader {
        Some(reader) => found(kept, reader, &mut cells),
        None => {
            (rules_of(&kept.rules).into_iter().map(|rule| of_rule(rule, None)).collect(), RowClass::Rejected)
        }
    };
    issues.sort_by_key(|issue: &FoundRule| !issue.error);
    RejectView {
        id: number(kept.id),
        version: number(kept.version),
        state: kept.state(),
        file: kept.file.name.clone(),
        source: kept.file.source.clone(),
        line: number(kept.line),
        push: number(kept.push.id),
        import_name: kept.push.import_name.clone(),
        refused: kept.push.started.clone(),
        raw_line: kept.raw_line.clone(),
        cells,
        issues,
        fixed: kept.fixed.is_some(),
        class,
        replayable: reader.is_some(),
        outcome: kept.outcome.as_deref().and_then(of_outcome),
        replayed_by: kept.replayed_by.map(number),
        dismissed: kept.dismissed.clone(),
    }
}

fn cells(kept: &Kept, reader: Option<&Reader>) -> Vec<RejectCell> {
    let header = |at: usize| match reader {
        Some(reader) => reader.columns.get(at).map(|column| column.header.clone()),
        None => kept.file.header.get(at).cloned(),
    };
    let columns = reader.map_or(kept.file.header.len(), |reader| reader.columns.len());
    let text = |cells: &[String], at: usize| cells.get(at).cloned().unwrap_or_default();
    (0..columns.max(kept.cells.len()).max(kept.current().len()))
        .map(|at| RejectCell {
            header: header(at).unwrap_or_else(|| numbered(at)),
            target: reader.and_then(|reader| reader.columns.get(at)?.target),
            original: text(&kept.cells, at),
            value: text(kept.current(), at),
            issues: Vec::new(),
        })
        .collect()
}

/// How a cell without a column is called.
pub(super) fn numbered(at: usize) -> String {
    format!("column {}", at + 1)
}

/// Puts what is wrong beside the cells; gives what is wrong with the row as a whole, and where it goes.
fn found(kept: &Kept, reader: &Reader, cells: &mut [RejectCell]) -> (Vec<FoundRule>, RowClass) {
    let (_, staged) = reader.stage(kept);
    let mut of_row = Vec::new();
    for issue in staged.issues(0) {
        let found = of_rule(issue.rule, issue.field);
        let of_field = |cell: &&mut RejectCell| {
            let field = cell.target.and_then(Target::field);
            let whole = cell.target == Some(Target::FullName);
            issue.field.is_some_and(|of| field == Some(of) || (whole && of.is_of_name()))
        };
        match cells.iter_mut().find(of_field) {
            Some(cell) => cell.issues.push(found),
            None => of_row.push(found),
        }
    }
    (of_row, staged.rows()[0].class)
}

fn of_rule(rule: Rule, field: Option<Field>) -> FoundRule {
    FoundRule {
        rule: rule.name().to_owned(),
        label: rule.label().to_owned(),
        help: rule.help().to_owned(),
        error: rule.level(field) == Level::Error,
    }
}

/// What the last replay made of a row, where that is more than what its rules say.
pub(super) fn of_outcome(outcome: &str) -> Option<FoundRule> {
    let (label, help) = match outcome {
        "skip_identical" => {
            ("In the database already, with the same details", "There is nothing left to do.")
        }
        "skip_different" => (
            "In the database already, with other details",
            "Replay it with the mode fill-blanks or update, edit the member, or dismiss the row.",
        ),
        "conflict" => {
            ("Another row changes the same person otherwise", "Replay it alone, or dismiss one of the rows.")
        }
        _ => return None,
    };
    Some(FoundRule { rule: outcome.to_owned(), label: label.to_owned(), help: help.to_owned(), error: false })
}

/// Why a row is in the inbox: what its last replay said, else the rules that it breaks.
pub(super) fn rules_in_words(rules: &str, outcome: Option<&str>) -> Vec<FoundRule> {
    if let Some(found) = outcome.and_then(of_outcome) {
        return vec![found];
    }
    let rules = rules_of(rules);
    // Whether a date is an error depends on its field, which the list does not know; a refused row has one.
    let serious = |rule: &Rule| rule.level(Some(Field::BirthDate)) == Level::Error || rule.makes_suspect();
    let mut found: Vec<FoundRule> =
        rules.iter().map(|&rule| FoundRule { error: serious(&rule), ..of_rule(rule, None) }).collect();
    found.sort_by_key(|rule| !rule.error);
    found
}
