//! The rows that a push refuses, on their way to the target's reject inbox.

use muster_engine::Rule;
use rusqlite::Connection;
use sea_orm::{DatabaseConnection, DbBackend};
use serde_json::json;

use super::PlanRequest;
use crate::error::Result;
use crate::progress::Job;
use crate::staging;
use crate::store::SqliteAccess;
use crate::store::sql::{each, run};

/// Rows that are written together.
const CHUNK: usize = 500;

/// Writes the refused rows; gives their number.
pub(super) async fn write(
    db: &DatabaseConnection,
    request: &PlanRequest,
    push: i64,
    job: &Job,
) -> Result<u64> {
    let staged = &request.staged;
    request.readings.write(db, push, &files(staged)?).await?;
    let sql = insert_sql(sea_orm::ConnectionTrait::get_database_backend(db));
    let (mut written, mut after) = (0, 0);
    loop {
        let (rows, last) = read(staged, after)?;
        if rows.is_empty() {
            return Ok(written);
        }
        after = last;
        // PostgreSQL's text has no NUL.
        let rows = serde_json::Value::from(rows).to_string().replace("\\u0000", "");
        written += run(db, &sql, [push.into(), rows.into()]).await?;
        job.report("push", last.cast_unsigned(), None)?;
    }
}

/// Adds refused rows; `$1` is the entry of the ledger, `$2` a JSON array of them.
pub(super) fn insert_sql(backend: DbBackend) -> String {
    format!(
        "INSERT INTO reject (push_id, source_file_id, line, rules, raw_line, cells, reading_id, occurrence)
         SELECT $1, planned_file.source_file_id, CAST(refused.value ->> 'line' AS bigint), refused.value ->> 'rules',
             refused.value ->> 'raw_line', refused.value ->> 'cells', planned_file.reading_id,
             CAST(refused.value ->> 'occurrence' AS bigint)
         FROM {} INNER JOIN planned_file ON planned_file.file_id = CAST(refused.value ->> 'file' AS bigint)
         ORDER BY CAST(refused.value ->> 'row' AS bigint)",
        each(backend, "$2", "refused")
    )
}

/// The files with refused rows.
fn files(staged: &SqliteAccess) -> Result<Vec<i64>> {
    let db = staging::connect_to_scan(staged)?;
    let mut statement = db.prepare(
        "SELECT DISTINCT staged_row.file_id FROM staged_fate
         INNER JOIN staged_row ON staged_fate.row_id = staged_row.id WHERE staged_fate.fate = 3",
    )?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The next refused rows after a row, and the last one's id.
fn read(staged: &SqliteAccess, after: i64) -> Result<(Vec<serde_json::Value>, i64)> {
    let db: Connection = staging::connect_to_scan(staged)?;
    let mut statement = db.prepare(
        "SELECT staged_row.id, staged_row.file_id, staged_row.line, staged_row.raw, staged_raw_line.text, (
             SELECT group_concat(broken.rule, ',') FROM (
                 SELECT DISTINCT rule FROM staged_issue WHERE row_id = staged_row.id ORDER BY rule) AS broken),
             staged_row.occurrence
         FROM staged_fate INNER JOIN staged_row ON staged_fate.row_id = staged_row.id
         LEFT JOIN staged_raw_line ON staged_row.id = staged_raw_line.row_id
         WHERE staged_fate.fate = 3 AND staged_fate.row_id > ?1 ORDER BY staged_fate.row_id LIMIT ?2",
    )?;
    let mut found = statement.query(rusqlite::params![after, CHUNK])?;
    let (mut rows, mut last) = (Vec::new(), after);
    while let Some(row) = found.next()? {
        last = row.get(0)?;
        let (cells, raw, codes): (String, Option<String>, Option<String>) =
            (row.get(3)?, row.get(4)?, row.get(5)?);
        let raw =
            raw.unwrap_or_else(|| serde_json::from_str::<Vec<String>>(&cells).unwrap_or_default().join("\t"));
        rows.push(json!({
            "row": last, "file": row.get::<_, i64>(1)?, "line": row.get::<_, i64>(2)?, "rules": names(codes.as_deref()),
            "raw_line": raw, "cells": cells, "occurrence": row.get::<_, i64>(6)?,
        }));
    }
    Ok((rows, last))
}

/// `surplus_cells+unreadable_date`. A row without any name, where that rule is switched off, breaks no other.
pub(super) fn names(codes: Option<&str>) -> String {
    let rules =
        codes.into_iter().flat_map(|codes| codes.split(',')).filter_map(|code| code.parse::<usize>().ok());
    let names: Vec<&str> = rules.filter_map(|code| Rule::ALL.get(code)).map(|rule| rule.name()).collect();
    if names.is_empty() { Rule::MissingName.name().to_owned() } else { names.join("+") }
}
