//! Whether the target is still as the plan found it. Asked under the writers' lock, so the answer holds to the commit.

use sea_orm::DatabaseConnection;

use super::removal;
use super::report::shown;
use super::sentence::thousands;
use crate::error::{Code, Error, Result};
use crate::store::sql::all;

/// Memberships planned as new that are there by now. SQLite joins in the order of `CROSS JOIN`: it would read all
/// memberships in the order of their members otherwise.
pub(super) const ADDED: &str = "SELECT membership.member_id FROM planned CROSS JOIN planned_file CROSS JOIN membership
     WHERE planned.fate = 0 AND planned.file_id = planned_file.file_id AND planned_file.club_id = membership.club_id
         AND planned.source_key = membership.source_key
     ORDER BY membership.member_id";

/// Members that were compared with and are otherwise by now, or gone. A version never comes again with other details.
pub(super) const CHANGED: &str = "SELECT DISTINCT planned.member_id FROM planned
     LEFT JOIN membership ON planned.membership_id = membership.id
     LEFT JOIN member ON membership.member_id = member.id
     WHERE planned.membership_id IS NOT NULL AND (member.id IS NULL OR member.version <> planned.version)
     UNION
     SELECT planned.member_id FROM planned LEFT JOIN member ON planned.member_id = member.id
     WHERE planned.fate = 0 AND planned.member_id IS NOT NULL AND (member.id IS NULL OR member.version <> planned.version)
     ORDER BY 1";

/// How many members a message names.
const NAMED: usize = 5;

/// Statements that find what has changed, and what is said of one member and of several.
const QUESTIONS: [(&str, &str, &str); 3] = [
    (ADDED, "that the plan would add is there already", "that the plan would add are there already"),
    (CHANGED, "that the plan looked at was changed", "that the plan looked at were changed"),
    (removal::DRIFTED, "that the plan would remove was changed", "that the plan would remove were changed"),
];

/// Refuses when the target has changed since the plan; `removes` where the plan removes memberships.
pub(super) async fn check(db: &DatabaseConnection, removes: bool) -> Result<()> {
    let mut found = Vec::new();
    for (sql, one, many) in QUESTIONS.into_iter().filter(|(sql, ..)| removes || *sql != removal::DRIFTED) {
        let ids: Vec<i64> =
            all(db, sql, []).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
        if let Some(told) = told(&ids, one, many) {
            found.push(told);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let message = format!("The database has changed since this plan was made: {}", found.join("; "));
    Err(refused(message))
}

/// Members are named by their numbers: an error must not tell who they are.
fn told(ids: &[i64], one: &str, many: &str) -> Option<String> {
    let named: Vec<String> = ids.iter().take(NAMED).map(i64::to_string).collect();
    let more = if ids.len() > NAMED { ", …" } else { "" };
    match ids.len() {
        0 => None,
        1 => Some(format!("1 member {one} (number {})", named.join(""))),
        count => {
            let count = thousands(shown(i64::try_from(count).unwrap_or(i64::MAX)));
            Some(format!("{count} members {many} (numbers {}{more})", named.join(", ")))
        }
    }
}

pub(super) fn refused(message: impl Into<String>) -> Error {
    Error::new(Code::Refused, message)
        .with_help("Nothing was written. Make a new plan, look at it and push that.")
}
