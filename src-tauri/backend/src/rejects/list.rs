//! The list of the inbox, and how many rows are open.

use sea_orm::{DatabaseConnection, QueryResult};
use serde::{Deserialize, Serialize};

use super::kept::number;
use super::view::{FoundRule, rules_in_words};
use crate::error::Result;
use crate::store::sql::{all, one};

/// Which rows are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RejectFilter {
    /// Those that wait for somebody
    #[default]
    Open,
    /// Those that a replay took in
    Replayed,
    /// Those that somebody put away
    Dismissed,
    /// All
    All,
}

impl RejectFilter {
    /// Rows of a push that was undone are gone with it, but for those that were taken in since.
    fn condition(self) -> &'static str {
        match self {
            RejectFilter::Open => {
                "reject.replayed_by IS NULL AND reject.dismissed IS NULL AND push.undone IS NULL"
            }
            RejectFilter::Replayed => "reject.replayed_by IS NOT NULL",
            RejectFilter::Dismissed => {
                "reject.replayed_by IS NULL AND reject.dismissed IS NOT NULL AND push.undone IS NULL"
            }
            RejectFilter::All => "(reject.replayed_by IS NOT NULL OR push.undone IS NULL)",
        }
    }
}

/// Where a row of the inbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RejectState {
    /// It waits for somebody
    Open,
    /// A replay took it in
    Replayed,
    /// Somebody put it away
    Dismissed,
}

impl RejectState {
    /// By two columns of `reject`.
    pub(super) fn of(replayed_by: Option<i64>, dismissed: Option<&str>) -> RejectState {
        match (replayed_by, dismissed) {
            (Some(_), _) => RejectState::Replayed,
            (None, Some(_)) => RejectState::Dismissed,
            (None, None) => RejectState::Open,
        }
    }
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RejectRow {
    /// Its number
    pub id: u32,
    /// Where it stands
    pub state: RejectState,
    /// Name of its file
    pub file: String,
    /// The club
    pub source: String,
    /// Line of the file or row of the sheet
    pub line: u32,
    /// What is wrong with it, or why it was skipped when it was last replayed
    pub reasons: Vec<FoundRule>,
    /// The push that refused it
    pub push: u32,
    /// Name of that push's import
    pub import_name: String,
    /// When it was refused: RFC 3339, UTC
    pub refused: String,
    /// Somebody saved other cells
    pub fixed: bool,
    /// The push that took it in
    pub replayed_by: Option<u32>,
}

/// A page of the inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RejectPage {
    /// How many rows the filter lets through
    pub total: u32,
    /// How many rows are open
    pub open: u32,
    /// How many of the open ones were fixed, and wait for a replay
    pub fixed: u32,
    /// The rows of the page
    pub rows: Vec<RejectRow>,
}

/// How many rows a filter lets through.
pub(super) async fn count(db: &DatabaseConnection, filter: RejectFilter) -> Result<u32> {
    count_where(db, filter.condition()).await
}

async fn count_where(db: &DatabaseConnection, condition: &str) -> Result<u32> {
    let sql =
        format!("SELECT count(*) FROM reject INNER JOIN push ON reject.push_id = push.id WHERE {condition}");
    Ok(number(one(db, &sql, []).await?.try_get_by_index(0)?))
}

/// A page, the rows of the newest push first, and within a push in the order of its files.
pub(super) async fn page(
    db: &DatabaseConnection,
    filter: RejectFilter,
    offset: u32,
    limit: u32,
) -> Result<RejectPage> {
    let sql = format!(
        "SELECT reject.id, reject.line, reject.rules, reject.outcome, reject.replayed_by, reject.dismissed,
             reject.push_id, CASE WHEN reject.fixed_cells IS NULL THEN 0 ELSE 1 END AS fixed,
             source_file.name AS file, club.name AS source, push.import_name, push.started
         FROM reject INNER JOIN push ON reject.push_id = push.id
         INNER JOIN source_file ON reject.source_file_id = source_file.id
         INNER JOIN club ON source_file.club_id = club.id
         WHERE {} ORDER BY reject.push_id DESC, reject.id LIMIT {limit} OFFSET {offset}",
        filter.condition()
    );
    let rows = all(db, &sql, []).await?;
    let fixed = format!("{} AND reject.fixed_cells IS NOT NULL", RejectFilter::Open.condition());
    Ok(RejectPage {
        total: count(db, filter).await?,
        open: count(db, RejectFilter::Open).await?,
        fixed: count_where(db, &fixed).await?,
        rows: rows.iter().map(listed).collect::<Result<_>>()?,
    })
}

fn listed(row: &QueryResult) -> Result<RejectRow> {
    let text = |column: &str| row.try_get::<String>("", column);
    let (replayed_by, dismissed): (Option<i64>, Option<String>) =
        (row.try_get("", "replayed_by")?, row.try_get("", "dismissed")?);
    let outcome: Option<String> = row.try_get("", "outcome")?;
    // `1` is a 32-bit number to PostgreSQL, and any to SQLite.
    let fixed: i32 = row.try_get("", "fixed")?;
    Ok(RejectRow {
        id: number(row.try_get("", "id")?),
        state: RejectState::of(replayed_by, dismissed.as_deref()),
        file: text("file")?,
        source: text("source")?,
        line: number(row.try_get("", "line")?),
        reasons: rules_in_words(&text("rules")?, outcome.as_deref()),
        push: number(row.try_get("", "push_id")?),
        import_name: text("import_name")?,
        refused: text("started")?,
        fixed: fixed == 1,
        replayed_by: replayed_by.map(number),
    })
}
