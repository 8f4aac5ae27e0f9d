//! The part of a push that replays rows of the reject inbox: they are still open when it writes, and what becomes of
//! them is noted in the same transaction.

use muster_engine::Rule;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::json;

use super::PlanRequest;
use super::drift::refused;
use super::merge::not_as_planned;
use super::rejects::names;
use super::report::Fate;
use crate::error::Result;
use crate::staging;
use crate::store::journal::{self, Entry};
use crate::store::sql::{drop_temporary, each, one, run, temporary};

/// A row of the inbox in a staging database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayedRow {
    /// Its number among the staged rows
    pub row: i64,
    /// Its number in the inbox
    pub reject: i64,
    /// The version that was staged
    pub version: i64,
}

/// What became of rows that the plan has no fate for: they contradict themselves.
pub(crate) const SUSPECT: &str = "suspect";

const COLUMNS: &str = "reject_id BIGINT, version BIGINT, file_id BIGINT, source_key TEXT, outcome TEXT, rules TEXT, \
                       taken BIGINT";
const TEMPORARY: [&str; 1] = ["planned_reject"];
/// Rows that are brought together.
const CHUNK: usize = 1_000;

/// The name of a fate in `reject.outcome`.
pub(crate) fn outcome_of(fate: Option<Fate>) -> &'static str {
    match fate {
        None => SUSPECT,
        Some(Fate::Insert) => "insert",
        Some(Fate::Update) => "update",
        Some(Fate::SkipIdentical) => "skip_identical",
        Some(Fate::SkipDifferent) => "skip_different",
        Some(Fate::Conflict) => "conflict",
        Some(Fate::Reject | Fate::Remove) => "reject",
    }
}

/// Whether a row of that fate is dealt with: it is in the database as the row says.
pub(crate) fn is_taken(fate: Option<Fate>) -> bool {
    matches!(fate, Some(Fate::Insert | Fate::Update | Fate::SkipIdentical))
}

/// Brings what becomes of the rows to the target's open transaction, as `planned_reject`.
pub(super) async fn load(db: &DatabaseConnection, request: &PlanRequest) -> Result<()> {
    let Some(rows) = &request.replay else { return Ok(()) };
    let backend = db.get_database_backend();
    db.execute_unprepared(&temporary(backend, TEMPORARY[0], COLUMNS)).await?;
    let sql = format!(
        "INSERT INTO planned_reject (reject_id, version, file_id, source_key, outcome, rules, taken)
         SELECT CAST(one.value ->> 0 AS bigint), CAST(one.value ->> 1 AS bigint), CAST(one.value ->> 2 AS bigint),
             one.value ->> 3, one.value ->> 4, one.value ->> 5, CAST(one.value ->> 6 AS bigint) FROM {}",
        each(backend, "$1", "one")
    );
    for chunk in rows.chunks(CHUNK) {
        let planned = serde_json::Value::from(read(request, chunk)?).to_string().replace("\\u0000", "");
        run(db, &sql, [planned.into()]).await?;
    }
    Ok(())
}

fn read(request: &PlanRequest, rows: &[ReplayedRow]) -> Result<Vec<serde_json::Value>> {
    let db = staging::connect(&request.staged)?;
    let mut statement = db.prepare(
        "SELECT staged_row.file_id, staged_row.membership_key, staged_fate.fate, (
             SELECT group_concat(broken.rule, ',') FROM (
                 SELECT DISTINCT rule FROM staged_issue WHERE row_id = staged_row.id ORDER BY rule) AS broken)
         FROM staged_row LEFT JOIN staged_fate ON staged_row.id = staged_fate.row_id WHERE staged_row.id = ?1",
    )?;
    let mut planned = Vec::with_capacity(rows.len());
    for row in rows {
        let one = statement.query_row([row.row], |found| {
            let fate: Option<usize> = found.get(2)?;
            let codes: Option<String> = found.get(3)?;
            let fate = fate.and_then(|code| Fate::ALL.get(code).copied());
            let stays = matches!(fate, None | Some(Fate::Reject));
            let rules = if stays || codes.is_some() { names(codes.as_deref()) } else { String::new() };
            Ok(json!([
                row.reject,
                row.version,
                found.get::<_, i64>(0)?,
                found.get::<_, String>(1)?,
                outcome_of(fate),
                rules,
                i32::from(is_taken(fate)),
            ]))
        })?;
        planned.push(one);
    }
    Ok(planned)
}

/// Refuses where a row of the inbox is not open any more, or not as it was staged.
pub(super) async fn check(db: &DatabaseConnection, request: &PlanRequest) -> Result<()> {
    if request.replay.is_none() {
        return Ok(());
    }
    let changed: i64 = one(
        db,
        "SELECT count(*) FROM planned_reject LEFT JOIN reject ON planned_reject.reject_id = reject.id
         LEFT JOIN push ON reject.push_id = push.id
         WHERE reject.id IS NULL OR reject.version <> planned_reject.version OR reject.replayed_by IS NOT NULL
             OR reject.dismissed IS NOT NULL OR push.undone IS NOT NULL",
        [],
    )
    .await?
    .try_get_by_index(0)?;
    match changed {
        0 => Ok(()),
        1 => Err(refused("1 of the rows was replayed, fixed or dismissed by somebody else meanwhile")),
        many => Err(refused(format!(
            "{many} of the rows were replayed, fixed or dismissed by somebody else meanwhile"
        ))),
    }
}

/// Notes what became of the rows. Those that are in the database now have their images kept, so that undo opens them
/// again; the others stay open with their new reason. Gives how many stay because they are refused again.
pub(super) async fn settle(db: &DatabaseConnection, request: &PlanRequest, entry: Entry) -> Result<u64> {
    let Some(rows) = &request.replay else { return Ok(0) };
    // A row that was there already belongs to nobody whom this entry has written: undo opens it whatever became of them.
    let member =
        "CASE WHEN planned_reject.outcome = 'skip_identical' THEN NULL ELSE membership.member_id END";
    let which = "INNER JOIN planned_reject ON reject.id = planned_reject.reject_id
         INNER JOIN planned_file ON planned_reject.file_id = planned_file.file_id
         LEFT JOIN membership ON planned_file.club_id = membership.club_id
             AND planned_reject.source_key = membership.source_key
         WHERE planned_reject.taken = 1";
    journal::keep_before(db, entry, &journal::REJECT, member, which, []).await?;
    let noted = "UPDATE reject SET
             outcome = planned_reject.outcome, rules = planned_reject.rules, version = reject.version + 1,
             replayed_by = CASE WHEN planned_reject.taken = 1 THEN CAST($1 AS bigint) END
         FROM planned_reject WHERE reject.id = planned_reject.reject_id";
    if run(db, noted, [entry.id.into()]).await? != rows.len() as u64 {
        return Err(not_as_planned());
    }
    journal::keep_after(db, entry, &journal::REJECT).await?;
    let again = "SELECT count(*) FROM planned_reject WHERE outcome = 'reject'";
    let again: i64 = one(db, again, []).await?.try_get_by_index(0)?;
    drop_planned(db, request).await?;
    Ok(again.cast_unsigned())
}

/// Drops what [`load`] made.
pub(super) async fn drop_planned(db: &DatabaseConnection, request: &PlanRequest) -> Result<()> {
    if request.replay.is_some() { drop_temporary(db, &TEMPORARY).await } else { Ok(()) }
}

/// The rules that a text of `reject.rules` names; what no rule of this version is called is left out.
pub(crate) fn rules_of(text: &str) -> Vec<Rule> {
    text.split('+').filter_map(|name| name.parse().ok()).collect()
}
