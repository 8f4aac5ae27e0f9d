//! A row of the inbox with all that is kept of it.

use std::fmt;

use sea_orm::{DatabaseConnection, QueryResult};

use super::list::RejectState;
use crate::error::{Code, Error, Result};
use crate::push::unreadable;
use crate::store::sql::all;

/// A row of `reject`, with its file and its push.
pub(super) struct Kept {
    pub(super) id: i64,
    pub(super) version: i64,
    pub(super) line: i64,
    /// Names of rules, joined by `+`
    pub(super) rules: String,
    pub(super) raw_line: String,
    /// As they came
    pub(super) cells: Vec<String>,
    pub(super) fixed: Option<Vec<String>>,
    pub(super) occurrence: u32,
    pub(super) reading: Option<i64>,
    pub(super) outcome: Option<String>,
    pub(super) replayed_by: Option<i64>,
    pub(super) dismissed: Option<String>,
    pub(super) file: FileOf,
    pub(super) push: PushOf,
}

/// The file of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FileOf {
    pub(super) id: i64,
    pub(super) source: String,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) size: i64,
    pub(super) header: Vec<String>,
}

/// The push that refused a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PushOf {
    pub(super) id: i64,
    pub(super) import_name: String,
    pub(super) mode: String,
    pub(super) started: String,
    pub(super) undone: Option<String>,
}

/// Prints no personal data.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Kept {
    pub(super) fn state(&self) -> RejectState {
        RejectState::of(self.replayed_by, self.dismissed.as_deref())
    }

    /// The cells as they stand.
    pub(super) fn current(&self) -> &[String] {
        self.fixed.as_deref().unwrap_or(&self.cells)
    }

    /// Refuses where nothing can be done to the row any more.
    pub(super) fn check_open(&self) -> Result<()> {
        let (id, help) = (self.id, "Choose other rows.");
        match (self.state(), &self.push.undone) {
            (RejectState::Replayed, _) => {
                Err(Error::new(Code::Refused, format!("Row {id} was replayed already"))
                    .with_help("Undo that replay to open it again, or edit the member."))
            }
            (RejectState::Dismissed, _) => Err(Error::new(Code::Refused, format!("Row {id} was dismissed"))
                .with_help("Take the dismissal back first.")),
            (RejectState::Open, Some(_)) => {
                Err(Error::new(Code::Refused, format!("The push that refused row {id} was undone"))
                    .with_help(help))
            }
            (RejectState::Open, None) => Ok(()),
        }
    }
}

const SELECT: &str = "SELECT reject.id, reject.version, reject.line, reject.rules, reject.raw_line, reject.cells,
         reject.fixed_cells, reject.occurrence, reject.reading_id, reject.outcome, reject.replayed_by, reject.dismissed,
         reject.source_file_id, source_file.name AS file_name, source_file.sha256, source_file.size, source_file.header,
         club.name AS source, reject.push_id, push.import_name, push.mode, push.started, push.undone
     FROM reject INNER JOIN push ON reject.push_id = push.id
     INNER JOIN source_file ON reject.source_file_id = source_file.id
     INNER JOIN club ON source_file.club_id = club.id";

/// One row.
pub(super) async fn by_id(db: &DatabaseConnection, id: i64) -> Result<Kept> {
    let rows = all(db, &format!("{SELECT} WHERE reject.id = $1"), [id.into()]).await?;
    rows.first().map_or_else(|| Err(Error::not_found("row")), kept)
}

/// Those of some numbers, in their order in the database.
pub(super) async fn by_ids(db: &DatabaseConnection, ids: &[u32]) -> Result<Vec<Kept>> {
    let numbers: Vec<String> = ids.iter().map(u32::to_string).collect();
    let sql = format!("{SELECT} WHERE reject.id IN ({}) ORDER BY reject.id", numbers.join(", "));
    all(db, &sql, []).await?.iter().map(kept).collect()
}

/// The next open rows after a number that somebody has fixed.
pub(super) async fn fixed_after(db: &DatabaseConnection, after: i64, limit: usize) -> Result<Vec<Kept>> {
    let sql = format!(
        "{SELECT} WHERE reject.id > $1 AND reject.replayed_by IS NULL AND reject.dismissed IS NULL
             AND push.undone IS NULL AND reject.fixed_cells IS NOT NULL ORDER BY reject.id LIMIT {limit}"
    );
    all(db, &sql, [after.into()]).await?.iter().map(kept).collect()
}

fn kept(row: &QueryResult) -> Result<Kept> {
    let text = |column: &str| row.try_get::<String>("", column).map_err(Error::from);
    let maybe = |column: &str| row.try_get::<Option<String>>("", column).map_err(Error::from);
    let id = |column: &str| row.try_get::<i64>("", column).map_err(Error::from);
    let cells = |text: String| serde_json::from_str::<Vec<String>>(&text).map_err(unreadable);
    Ok(Kept {
        id: id("id")?,
        version: id("version")?,
        line: id("line")?,
        rules: text("rules")?,
        raw_line: text("raw_line")?,
        cells: cells(text("cells")?)?,
        fixed: maybe("fixed_cells")?.map(cells).transpose()?,
        occurrence: number(id("occurrence")?),
        reading: row.try_get("", "reading_id")?,
        outcome: maybe("outcome")?,
        replayed_by: row.try_get("", "replayed_by")?,
        dismissed: maybe("dismissed")?,
        file: FileOf {
            id: id("source_file_id")?,
            source: text("source")?,
            name: text("file_name")?,
            sha256: text("sha256")?,
            size: id("size")?,
            header: cells(text("header")?)?,
        },
        push: PushOf {
            id: id("push_id")?,
            import_name: text("import_name")?,
            mode: text("mode")?,
            started: text("started")?,
            undone: maybe("undone")?,
        },
    })
}

/// A number of the database as the screens have it.
pub(super) fn number(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(if id < 0 { 0 } else { u32::MAX })
}
