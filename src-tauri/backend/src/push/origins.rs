//! Where values come from of members who are made of several records: brought to the target with the push.

use sea_orm::{DatabaseConnection, DbBackend};

use super::PlanRequest;
use crate::error::Result;
use crate::staging;
use crate::store::journal::Entry;
use crate::store::sql::{each, run};

/// Members that are sent together.
const CHUNK: u32 = 5_000;

/// Persons of several records who are written, with the row or the member that names who they are in the target.
/// SQLite joins in the order of `CROSS JOIN`: from the persons of several rows, in the order of rows.
const WRITTEN: &str = "SELECT staged_fate.row_id AS place, staged_fate.member_id, staged_fate.lead_row_id, staged_member.provenance
     FROM staged_person CROSS JOIN staged_member CROSS JOIN staged_fate
     WHERE staged_person.row_id > ?1 AND staged_member.person = staged_person.person
         AND staged_fate.row_id = staged_person.row_id
         AND (staged_fate.writes_member = 1 OR (
             staged_fate.fate = 0 AND staged_fate.member_id IS NULL AND staged_fate.lead_row_id = staged_fate.row_id))";

/// Adds what the JSON array `$1` holds; `$2` is the entry, `$3` what is added to the number of a new member's row.
pub(super) fn insert_sql(backend: DbBackend) -> String {
    format!(
        "INSERT INTO value_origin (push_id, member_id, origins)
         SELECT CAST($2 AS bigint), coalesce(CAST(made.value ->> 0 AS bigint), $3 + CAST(made.value ->> 1 AS bigint)),
             made.value ->> 2 FROM {}",
        each(backend, "$1", "made")
    )
}

/// How many pieces [`write`] sends.
pub(super) fn pieces(request: &PlanRequest) -> Result<u32> {
    let db = staging::connect_to_scan(&request.staged)?;
    let count: u32 = db.query_row(&format!("SELECT count(*) FROM ({WRITTEN})"), [0], |row| row.get(0))?;
    Ok(count.div_ceil(CHUNK))
}

/// Adds the origins; a new member's id is `members` plus the number of their row.
pub(super) async fn write(
    db: &DatabaseConnection,
    request: &PlanRequest,
    entry: Entry,
    members: i64,
) -> Result<()> {
    let sql = insert_sql(db.get_database_backend());
    let mut after = 0;
    loop {
        let (piece, last) = read(request, after)?;
        if last == after {
            return Ok(());
        }
        after = last;
        run(db, &sql, [piece.into(), entry.id.into(), members.into()]).await?;
    }
}

fn read(request: &PlanRequest, after: i64) -> Result<(String, i64)> {
    let db = staging::connect_to_scan(&request.staged)?;
    let sql = format!(
        "SELECT json_group_array(json_array(member_id, lead_row_id, provenance)), coalesce(max(place), ?1)
         FROM ({WRITTEN} ORDER BY staged_person.row_id LIMIT {CHUNK})"
    );
    Ok(db.query_row(&sql, [after], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
