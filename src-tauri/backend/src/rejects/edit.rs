//! What a person does to a row of the inbox. No member is written, so the audit knows of it, and not the ledger.

use sea_orm::DatabaseConnection;
use sea_orm::sea_query::Value;
use serde_json::json;

use super::kept::{self, Kept};
use super::read::Readers;
use super::view::{RejectView, numbered, view};
use crate::error::{Code, Error, Result};
use crate::push::person;
use crate::store::journal::{audit_apart, now};
use crate::store::sql::run;

/// Characters of a cell, and cells of a row, at most: a spreadsheet's limits.
const LONGEST: usize = 32_767;
const MOST: usize = 16_384;

/// Saves all cells of a row.
pub(super) async fn fix(
    db: &DatabaseConnection,
    id: i64,
    version: i64,
    cells: &[String],
) -> Result<RejectView> {
    let kept = kept::by_id(db, id).await?;
    kept.check_open()?;
    if kept.version != version {
        return Err(Error::new(Code::Refused, "Somebody else changed this row after you opened it")
            .with_help("Nothing was saved. Open the row again and look at what they did."));
    }
    save(db, &kept, cells).await
}

/// Saves some cells of a row.
pub(super) async fn fix_named(
    db: &DatabaseConnection,
    id: i64,
    values: &[(String, String)],
) -> Result<RejectView> {
    let kept = kept::by_id(db, id).await?;
    kept.check_open()?;
    let mut readers = Readers::default();
    let columns = &readers.of(db, &kept).await?.columns;
    let mut cells = kept.current().to_vec();
    for (name, value) in values {
        let named = |text: &str| text.trim().to_lowercase() == name.trim().to_lowercase();
        let by_header = columns.iter().position(|column| named(&column.header));
        let by_field =
            || columns.iter().position(|column| column.target.is_some_and(|target| named(target.name())));
        let by_number = || (0..cells.len().max(columns.len())).find(|&at| named(&numbered(at)));
        let Some(at) = by_header.or_else(by_field).or_else(by_number) else {
            let known: Vec<&str> = columns.iter().map(|column| column.header.as_str()).collect();
            let message =
                format!("The row has no column or field “{name}”; its columns are: {}", known.join(", "));
            return Err(Error::new(Code::InvalidInput, message)
                .with_help("Name the header of a column, a field that one is mapped to, or “column 3”."));
        };
        if cells.len() <= at {
            cells.resize(at + 1, String::new());
        }
        cells[at].clone_from(value);
    }
    save(db, &kept, &cells).await
}

async fn save(db: &DatabaseConnection, kept: &Kept, cells: &[String]) -> Result<RejectView> {
    if cells.iter().any(|cell| cell.chars().count() > LONGEST) {
        return Err(Error::new(Code::InvalidInput, "A cell is too long")
            .with_help("Shorten it to 32,767 characters."));
    }
    if cells.len() > MOST {
        return Err(Error::new(Code::InvalidInput, "The row has too many cells")
            .with_help("Leave out what belongs to no column."));
    }
    let differ = |at: &usize| cells.get(*at) != kept.current().get(*at);
    let changed = (0..cells.len().max(kept.current().len())).filter(differ).count();
    // PostgreSQL's text has no NUL.
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('\0', "")).collect();
    let cells = serde_json::to_string(&cells).unwrap_or_default();
    update(db, kept, "fixed_cells = $3", Some(cells.into())).await?;
    audit_apart(db, &person(), "reject fixed", &json!({ "reject": kept.id, "cells": changed })).await?;
    view(db, kept.id).await
}

/// Puts a row away, or takes that back.
pub(super) async fn dismiss(db: &DatabaseConnection, id: i64, dismissed: bool) -> Result<RejectView> {
    let kept = kept::by_id(db, id).await?;
    if kept.dismissed.is_some() == dismissed {
        return view(db, id).await;
    }
    if dismissed {
        kept.check_open()?;
        update(db, &kept, "dismissed = $3", Some(now().into())).await?;
    } else {
        update(db, &kept, "dismissed = NULL", None).await?;
    }
    let action = if dismissed { "reject dismissed" } else { "reject opened again" };
    audit_apart(db, &person(), action, &json!({ "reject": id })).await?;
    view(db, id).await
}

async fn update(db: &DatabaseConnection, kept: &Kept, set: &str, value: Option<Value>) -> Result<()> {
    let sql = format!("UPDATE reject SET version = version + 1, {set} WHERE id = $1 AND version = $2");
    let values: Vec<Value> = [kept.id.into(), kept.version.into()].into_iter().chain(value).collect();
    // Read under the writers' lock, the row is as it was read.
    match run(db, &sql, values).await? {
        1 => Ok(()),
        _ => Err(Error::new(Code::Internal, "The row was not saved").with_help("Try again.")),
    }
}
