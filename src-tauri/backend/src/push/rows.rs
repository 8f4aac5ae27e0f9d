//! A page of the plan, with the differences of its rows.

use muster_engine::{Field, Rule};
use sea_orm::QueryResult;

use super::PlanRequest;
use super::report::{Difference, Fate, PlanRow, PlanRows, shown};
use super::session::{Session, all};
use crate::error::Result;
use crate::progress::Job;

const PAGE: &str = include_str!("sql/page.sql");

/// Rows with a fate, in the order of the files, from the `offset`th (from 0). Only what [`super::make_plan`] has
/// planned is there.
///
/// # Errors
/// When one of the databases cannot be opened or read.
pub async fn plan_rows(request: &PlanRequest, fate: Fate, offset: u32, limit: u32) -> Result<PlanRows> {
    let session = Session::open(&request.target, &request.staged, &Job::silent()).await?;
    let result = page(&session, fate, offset, limit).await;
    session.close(result).await
}

async fn page(session: &Session, fate: Fate, offset: u32, limit: u32) -> Result<PlanRows> {
    let code = fate as u8;
    let count = "SELECT count(*) FROM staged.staged_fate WHERE fate = ?1";
    let total = match all(session.db(), count, [code.into()]).await?.first() {
        Some(row) => shown(row.try_get_by_index(0)?),
        None => 0,
    };
    let found = all(session.db(), PAGE, [code.into(), limit.into(), offset.into()]).await?;
    let rows = found.iter().map(|row| plan_row(row, fate)).collect::<Result<_>>()?;
    Ok(PlanRows { total, rows })
}

fn plan_row(row: &QueryResult, fate: Fate) -> Result<PlanRow> {
    let differences = if fate == Fate::SkipDifferent { differences(row)? } else { Vec::new() };
    Ok(PlanRow {
        row: shown(row.try_get("", "id")?),
        file: row.try_get("", "file")?,
        line: shown(row.try_get("", "line")?),
        fate,
        name: name(row)?,
        reason: reason(row, fate)?,
        differences,
    })
}

fn name(row: &QueryResult) -> Result<String> {
    let parts = [Field::Prefix, Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix];
    let mut name = String::new();
    for field in parts {
        if let Some(part) = value(row, "ours", field)? {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(&part);
        }
    }
    Ok(name)
}

fn reason(row: &QueryResult, fate: Fate) -> Result<String> {
    let details = if fate == Fate::SkipIdentical { "the same details" } else { "other details" };
    match fate {
        Fate::Insert => return Ok("New member".to_owned()),
        Fate::Reject => return broken_rules(row),
        Fate::SkipIdentical | Fate::SkipDifferent => {}
    }
    let first_line: Option<i64> = row.try_get("", "first_line")?;
    let Some(line) = first_line else { return Ok(format!("Already in the database, with {details}")) };
    let (file, first_file): (i64, Option<i64>) =
        (row.try_get("", "file_id")?, row.try_get("", "first_file_id")?);
    if first_file == Some(file) {
        return Ok(format!("Same member as line {line} of the same file, with {details}"));
    }
    let first_file: Option<String> = row.try_get("", "first_file")?;
    Ok(format!("Same member as line {line} of {}, with {details}", first_file.unwrap_or_default()))
}

fn broken_rules(row: &QueryResult) -> Result<String> {
    let codes: Option<String> = row.try_get("", "broken_rules")?;
    let rules = codes.iter().flat_map(|codes| codes.split(',')).filter_map(|code| code.parse::<usize>().ok());
    let labels: Vec<&str> = rules.filter_map(|code| Rule::ALL.get(code)).map(|rule| rule.label()).collect();
    Ok(if labels.is_empty() { Rule::MissingName.label().to_owned() } else { labels.join(", ") })
}

fn differences(row: &QueryResult) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for field in Field::ALL.into_iter().filter(|&field| field != Field::SourceKey) {
        let (ours, theirs) = (value(row, "ours", field)?, value(row, "theirs", field)?);
        if ours != theirs {
            differences.push(Difference { field, theirs, ours });
        }
    }
    Ok(differences)
}

fn value(row: &QueryResult, whose: &str, field: Field) -> Result<Option<String>> {
    let column = format!("{whose}_{}", field.name());
    if field == Field::Score {
        let score: Option<f64> = row.try_get("", &column)?;
        return Ok(score.map(|score| score.to_string()));
    }
    Ok(row.try_get("", &column)?)
}
