//! A page of the plan, with the differences of its rows; and how many rows have each fate.

use muster_engine::Rule;
use rusqlite::{Row, params};

use super::details::{COLUMNS, Details};
use super::fates::details_of;
use super::report::{Fate, PlanCounts, PlanRow, PlanRows};
use crate::error::{Error, Result};
use crate::staging::{self, Counts};
use crate::store::SqliteAccess;

/// Rows of a staging database with a fate, in the order of the files, from the `offset`th (from 0), as [`super::make_plan`] left them. No
/// database but the import's own is asked.
///
/// # Errors
/// When the staging cannot be opened or read.
pub async fn plan_rows(staged: &SqliteAccess, fate: Fate, offset: u32, limit: u32) -> Result<PlanRows> {
    let staged = staged.clone();
    crate::imports::blocking(move || page(&staged, fate, offset, limit)).await
}

fn page(staged: &SqliteAccess, fate: Fate, offset: u32, limit: u32) -> Result<PlanRows> {
    let db = open(staged)?;
    if fate == Fate::Remove {
        return removals(&db, offset, limit);
    }
    let total =
        db.query_row("SELECT count(*) FROM staged_fate WHERE fate = ?1", [fate as u8], |row| row.get(0))?;
    let sql = format!(
        "SELECT staged_row.id, staged_row.line, staged_file.name, staged_file.id, first_row.line, first_file.id,
             first_file.name, staged_fate.theirs, staged_fate.final, (
                 SELECT group_concat(broken.code, ',') FROM (
                     SELECT DISTINCT staged_issue.rule AS code FROM staged_issue
                     WHERE staged_issue.row_id = staged_row.id AND staged_issue.level = 0 ORDER BY staged_issue.rule
                 ) AS broken
             ), first_row.id, staged_fate.member_id, {}
         FROM staged_fate
         INNER JOIN staged_row ON staged_fate.row_id = staged_row.id
         INNER JOIN staged_file ON staged_row.file_id = staged_file.id
         LEFT JOIN staged_row AS first_row
             ON coalesce(staged_fate.same_key_row_id, nullif(staged_fate.lead_row_id, staged_row.id)) = first_row.id
         LEFT JOIN staged_file AS first_file ON first_row.file_id = first_file.id
         WHERE staged_fate.fate = ?1 ORDER BY staged_fate.row_id LIMIT ?2 OFFSET ?3",
        details_of("staged_row")
    );
    let first = format!("SELECT {} FROM staged_row WHERE id = ?1", details_of("staged_row"));
    let mut first = db.prepare(&first)?;
    let mut statement = db.prepare(&sql)?;
    let mut found = statement.query(params![fate as u8, limit, offset])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let first_row: Option<i64> = row.get(10)?;
        let earlier = match first_row {
            Some(id) => first
                .query(rusqlite::params![id])?
                .next()?
                .map(|row| Details::read(|at| Ok(row.get(at)?)))
                .transpose()?,
            None => None,
        };
        rows.push(plan_row(row, fate, earlier)?);
    }
    Ok(PlanRows { total, rows })
}

fn open(staged: &SqliteAccess) -> Result<rusqlite::Connection> {
    if !staged.path.exists() {
        return Err(Error::not_found("import"));
    }
    staging::connect(staged)
}

const FIRST_DETAIL: usize = 12;

fn plan_row(row: &Row<'_>, fate: Fate, earlier: Option<Details>) -> Result<PlanRow> {
    let ours = Details::read(|at| Ok(row.get(FIRST_DETAIL + at)?))?;
    let (theirs, made): (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
    let theirs = theirs.as_deref().map(Details::of_json).or(earlier);
    let made = made.as_deref().map(Details::of_json);
    let differences = match (fate, &theirs) {
        (Fate::Update | Fate::SkipDifferent | Fate::Conflict, Some(theirs))
        | (Fate::Insert, Some(theirs))
            if fate != Fate::Insert || row.get::<_, Option<i64>>(11)?.is_some() =>
        {
            made.as_ref().unwrap_or(&ours).differences(theirs)
        }
        _ => Vec::new(),
    };
    Ok(PlanRow {
        row: row.get(0)?,
        file: row.get(2)?,
        line: row.get(1)?,
        fate,
        name: ours.name(),
        reason: reason(row, fate)?,
        differences,
    })
}

fn reason(row: &Row<'_>, fate: Fate) -> Result<String> {
    let details = match fate {
        Fate::Insert => return new_membership(row),
        Fate::Reject => return broken_rules(row),
        Fate::Update => return Ok("Already in the database; these details change".to_owned()),
        Fate::Remove => return Ok(NO_MORE_LISTED.to_owned()),
        Fate::SkipIdentical => "the same details",
        Fate::SkipDifferent | Fate::Conflict => "other details",
    };
    let line: Option<u32> = row.get(4)?;
    let Some(line) = line else {
        return Ok(match fate {
            Fate::Conflict => "Another row of this import changes the same person otherwise".to_owned(),
            _ => format!("Already in the database, with {details}"),
        });
    };
    let (file, first_file): (i64, Option<i64>) = (row.get(3)?, row.get(5)?);
    if first_file == Some(file) {
        return Ok(format!("Same member as line {line} of the same file, with {details}"));
    }
    let first_file: Option<String> = row.get(6)?;
    Ok(format!("Same member as line {line} of {}, with {details}", first_file.unwrap_or_default()))
}

/// Whose the new membership is.
fn new_membership(row: &Row<'_>) -> Result<String> {
    let (member, line): (Option<u32>, Option<u32>) = (row.get(11)?, row.get(4)?);
    let file: Option<String> = row.get(6)?;
    Ok(match (member, line) {
        (Some(member), _) => format!("New in this club; the person is member {member} already"),
        (None, Some(line)) => {
            format!("New in this club; the same person as line {line} of {}", file.unwrap_or_default())
        }
        (None, None) => "New".to_owned(),
    })
}

fn broken_rules(row: &Row<'_>) -> Result<String> {
    let codes: Option<String> = row.get(9)?;
    let rules = codes.iter().flat_map(|codes| codes.split(',')).filter_map(|code| code.parse::<usize>().ok());
    let labels: Vec<&str> = rules.filter_map(|code| Rule::ALL.get(code)).map(|rule| rule.label()).collect();
    Ok(if labels.is_empty() { Rule::MissingName.label().to_owned() } else { labels.join(", ") })
}

const NO_MORE_LISTED: &str = "The list of the club does not have them any more";

fn removals(db: &rusqlite::Connection, offset: u32, limit: u32) -> Result<PlanRows> {
    let total = db.query_row("SELECT count(*) FROM staged_removal", [], |row| row.get(0))?;
    let mut statement = db.prepare(
        "SELECT membership_id, source, theirs FROM staged_removal ORDER BY membership_id LIMIT ?1 OFFSET ?2",
    )?;
    let mut found = statement.query([limit, offset])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let theirs: String = row.get(2)?;
        rows.push(PlanRow {
            row: row.get(0)?,
            file: row.get(1)?,
            line: 0,
            fate: Fate::Remove,
            name: Details::of_json(&theirs).name(),
            reason: NO_MORE_LISTED.to_owned(),
            differences: Vec::new(),
        });
    }
    Ok(PlanRows { total, rows })
}

const JOINS: &str = "SELECT count(*) FROM staged_fate
     WHERE fate = 0 AND (member_id IS NOT NULL OR lead_row_id <> row_id)";

const COUNT_FATES: &str = include_str!("sql/count_fates.sql");

/// Counts rows by class and by fate.
pub(super) fn count(staged: &SqliteAccess) -> Result<(Counts, PlanCounts)> {
    let db = open(staged)?;
    let mut classes = Counts::default();
    let mut fates = PlanCounts::default();
    let mut statement = db.prepare(COUNT_FATES)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let (class, fate, rows): (u8, Option<usize>, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        classes.add(staging::class_of(class), rows);
        if let Some(fate) = fate.and_then(|code| Fate::ALL.get(code)) {
            *fates.of(*fate) += rows;
        }
    }
    fates.joins = db.query_row(JOINS, [], |row| row.get(0))?;
    fates.members_written =
        db.query_row("SELECT count(*) FROM staged_fate WHERE writes_member = 1", [], |row| row.get(0))?;
    fates.remove = db.query_row("SELECT count(*) FROM staged_removal", [], |row| row.get(0))?;
    fates.merges = db.query_row("SELECT count(*) FROM staged_merge", [], |row| row.get(0))?;
    fates.suspect = classes.suspect;
    fates.excluded = classes.excluded;
    Ok((classes, fates))
}

// The columns of a page begin with as many as FIRST_DETAIL says.
const _: () = assert!(FIRST_DETAIL + COLUMNS.len() == 27);
