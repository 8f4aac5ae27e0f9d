//! The statements of a push, one file of SQL each where they are long. They run alike on both databases: `planned` and
//! `planned_file` are there for the transaction.

use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::member_merges;
use super::report::PlanCounts;
use crate::error::{Code, Error, Result};
use crate::probe::reached;
use crate::progress::Job;
use crate::store::journal::{self, Entry, Table};
use crate::store::sql::{one, run};

pub(super) const INSERT_CLUBS: &str = include_str!("sql/insert_clubs.sql");
pub(super) const INSERT_COMPANIES: &str = include_str!("sql/insert_companies.sql");
pub(super) const INSERT_SOURCE_FILES: &str = include_str!("sql/insert_source_files.sql");
pub(super) const FIND_FILES: &str = include_str!("sql/find_files.sql");
pub(super) const INSERT_MEMBERS: &str = include_str!("sql/insert_members.sql");
pub(super) const INSERT_MEMBERSHIPS: &str = include_str!("sql/insert_memberships.sql");
pub(super) const INSERT_SOURCE_RECORDS: &str = include_str!("sql/insert_source_records.sql");
pub(super) const UPDATE_MEMBERS: &str = include_str!("sql/update_members.sql");
pub(super) const UPDATE_MEMBERSHIPS: &str = include_str!("sql/update_memberships.sql");

/// Where the changed memberships come from; $1 the year of the ledger's entry, $2 the entry.
pub(super) const INSERT_CHANGED_RECORDS: &str = include_str!("sql/insert_changed_records.sql");
/// Members that change or get a new membership, and memberships that change.
const OF_MEMBER: &str = "INNER JOIN planned ON member.id = planned.member_id WHERE planned.writes_member = 1";
const OF_MEMBERSHIP: &str =
    "INNER JOIN planned ON membership.id = planned.membership_id WHERE planned.fate = 4";

/// The members, and the memberships, whose images are kept since rows change them; images of those who are merged are
/// kept with the merge.
pub(super) fn of_rows(merges: u32) -> (String, String) {
    let (member, membership) = (OF_MEMBER.to_owned(), OF_MEMBERSHIP.to_owned());
    if merges == 0 {
        return (member, membership);
    }
    (member + member_merges::NOT_MERGED, membership + member_merges::NOT_MOVED)
}

/// Rows of one statement on SQLite. To take a failed statement back it keeps all pages that the statement changes, in memory:
/// for rows in no order nearly a page of each index for each row, so that few rows bound it. Enough that starting
/// statements costs nothing. PostgreSQL, which has no index on `planned`, takes all rows in one.
const CHUNK: i64 = 5_000;

/// Finds the clubs and files of the import in the target, and adds those that are missing.
pub(super) async fn write_sources(db: &DatabaseConnection, started: &str) -> Result<()> {
    run(db, FIND_FILES, []).await?;
    run(db, INSERT_CLUBS, []).await?;
    run(db, FIND_FILES, []).await?;
    run(db, INSERT_SOURCE_FILES, [started.into()]).await?;
    run(db, FIND_FILES, []).await?;
    Ok(())
}

/// Adds the companies of new and changed members.
pub(super) async fn write_companies(db: &DatabaseConnection) -> Result<()> {
    run(db, INSERT_COMPANIES, []).await?;
    Ok(())
}

/// Adds the new members, with their memberships and where they come from; gives what is added to the number of a row to
/// make a new member's id. Progress is reported as `push`, in rows.
pub(super) async fn insert(
    db: &DatabaseConnection,
    entry: Entry,
    counts: &PlanCounts,
    job: &Job,
) -> Result<i64> {
    let (members, memberships) =
        (greatest(db, &journal::MEMBER).await?, greatest(db, &journal::MEMBERSHIP).await?);
    let last: i64 = one(db, "SELECT coalesce(max(row_id), 0) FROM planned WHERE fate = 0", [])
        .await?
        .try_get_by_index(0)?;
    let chunk = if db.get_database_backend() == DbBackend::Postgres { last.max(1) } else { CHUNK };
    let mut written = [0, 0, 0];
    let mut first = 1;
    while first <= last {
        let end = first.saturating_add(chunk - 1).min(last);
        let range: [Value; 2] = [first.into(), end.into()];
        let with =
            |more: &[i64]| range.iter().cloned().chain(more.iter().map(|&value| value.into())).collect();
        let statements: [(&str, Vec<Value>, &str); 3] = [
            (INSERT_MEMBERS, with(&[members, entry.id]), "members added"),
            (INSERT_MEMBERSHIPS, with(&[members, memberships]), "memberships added"),
            (
                INSERT_SOURCE_RECORDS,
                with(&[memberships, entry.id, entry.year.into()]),
                "source records added",
            ),
        ];
        for (count, (sql, values, place)) in written.iter_mut().zip(statements) {
            *count += run(db, sql, values).await?;
            reached(place);
            job.report("push", end.cast_unsigned(), u64::try_from(last).ok())?;
        }
        first = end + 1;
    }
    let planned = [counts.insert - counts.joins, counts.insert, counts.insert].map(u64::from);
    set_greatest(db, &journal::MEMBER, members + last).await?;
    set_greatest(db, &journal::MEMBERSHIP, memberships + last).await?;
    if written != planned {
        return Err(not_as_planned());
    }
    Ok(members)
}

/// Changes the members that the plan changes, and those who get a new membership, and merges those who are one; keeps how
/// they were and are.
pub(super) async fn update(db: &DatabaseConnection, entry: Entry, counts: &PlanCounts) -> Result<()> {
    if counts.members_written == 0 && counts.merges == 0 {
        return Ok(());
    }
    member_merges::keep(db, entry, counts.merges).await?;
    let (member, membership) = of_rows(counts.merges);
    journal::keep_before(db, entry, &journal::MEMBER, "member.id", &member, []).await?;
    journal::keep_before(db, entry, &journal::MEMBERSHIP, "membership.member_id", &membership, []).await?;
    reached("images before kept");
    member_merges::merge(db, entry, counts.merges).await?;
    let members = run(db, UPDATE_MEMBERS, [entry.id.into()]).await?;
    reached("members changed");
    let memberships = run(db, UPDATE_MEMBERSHIPS, []).await?;
    reached("memberships changed");
    if [members, memberships] != [counts.members_written, counts.update].map(u64::from) {
        return Err(not_as_planned());
    }
    run(db, INSERT_CHANGED_RECORDS, [i64::from(entry.year).into(), entry.id.into()]).await?;
    journal::keep_after(db, entry, &journal::MEMBER).await?;
    journal::keep_after(db, entry, &journal::MEMBERSHIP).await?;
    reached("images after kept");
    Ok(())
}

/// The greatest id that a table ever gave.
async fn greatest(db: &impl ConnectionTrait, table: &Table) -> Result<i64> {
    let name = table.name;
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT greatest(coalesce(pg_sequence_last_value(pg_get_serial_sequence('{name}', 'id')::regclass), 0),
                             coalesce((SELECT max(id) FROM {name}), 0))"
        ),
        _ => format!(
            "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{name}'), 0),
                        coalesce((SELECT max(id) FROM {name}), 0))"
        ),
    };
    Ok(one(db, &sql, []).await?.try_get_by_index(0)?)
}

/// Lets the table give ids above one that we gave; SQLite notices that by itself.
async fn set_greatest(db: &impl ConnectionTrait, table: &Table, id: i64) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres && id > 0 {
        let sql = format!("SELECT setval(pg_get_serial_sequence('{}', 'id'), $1)", table.name);
        one(db, &sql, [id.into()]).await?;
    }
    Ok(())
}

pub(super) fn not_as_planned() -> Error {
    Error::new(Code::Internal, "The push did not write what its plan says, so nothing was written")
        .with_help("Make a new plan and try again.")
}
