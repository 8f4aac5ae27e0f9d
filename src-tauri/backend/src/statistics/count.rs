//! Members counted by the database, a range of their numbers after the other.
//!
//! Each range is one statement that gives how many members have which fact: few rows, however many members there are.
//! Between two ranges the job is told, and may be cancelled.

use std::collections::HashMap;

use sea_orm::{DatabaseConnection, DbBackend, QueryResult};

use muster_engine::Date;
use muster_engine::statistics::{Fact, Statistics, StatisticsBuilder};

use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::store::sql::{all, one};

/// Members of a range: enough that the databases read in order, few enough that a cancel is heard soon.
const RANGE: u32 = 50_000;

/// Names of clubs or companies by their numbers.
type Names = HashMap<i64, String>;

/// Counts all members, or those of a club; gives the club's name, too.
///
/// # Errors
/// [`Code::NotFound`] where there is no such club; when the database fails or the job is cancelled.
pub(super) async fn count(
    db: &DatabaseConnection,
    as_of: Date,
    club: Option<u32>,
    job: &Job,
) -> Result<(Option<String>, Statistics)> {
    let clubs = names(db, "SELECT id, name FROM club").await?;
    let companies = names(db, "SELECT id, name FROM company").await?;
    let club_name = match club {
        Some(club) => Some(clubs.get(&club.into()).cloned().ok_or_else(|| Error::not_found("club"))?),
        None => None,
    };
    let total: i64 = one(db, "SELECT count(*) FROM member", []).await?.try_get_by_index(0)?;
    let total = total.unsigned_abs();
    let statement = statement(db.get_database_backend(), club.is_some());
    let mut counter = Counter { builder: StatisticsBuilder::new(as_of), clubs, companies };
    let (mut after, mut done) = (0_i64, 0);
    job.report("count", 0, Some(total))?;
    loop {
        let last = last_of_range(db, after).await?;
        let mut values = vec![after.into(), last.unwrap_or(i64::MAX).into(), as_of.to_string().into()];
        values.extend(club.map(|club| i64::from(club).into()));
        for row in all(db, &statement, values).await? {
            counter.add(&row)?;
        }
        let Some(last) = last else { break };
        after = last;
        done += u64::from(RANGE);
        job.report("count", done, Some(total))?;
    }
    job.report("count", total, Some(total))?;
    Ok((club_name, counter.builder.finish()))
}

async fn names(db: &DatabaseConnection, sql: &str) -> Result<Names> {
    let mut names = Names::new();
    for row in all(db, sql, []).await? {
        names.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    Ok(names)
}

/// The last member of a full range; `None` where there are fewer members left.
async fn last_of_range(db: &DatabaseConnection, after: i64) -> Result<Option<i64>> {
    let skipped = RANGE - 1;
    let sql = format!("SELECT id FROM member WHERE id > $1 ORDER BY id LIMIT 1 OFFSET {skipped}");
    match all(db, &sql, [after.into()]).await?.first() {
        Some(row) => Ok(Some(row.try_get_by_index(0)?)),
        None => Ok(None),
    }
}

/// A kind of fact, as the statement numbers them.
const STATE: i32 = 0;
const COMPANY: i32 = 1;
/// The id of a company in its source whose name nobody knows
const COMPANY_SOURCE_ID: i32 = 2;
const BIRTH_DATE: i32 = 3;
const JOINED: i32 = 4;
const CLUBS: i32 = 5;

/// Of the members after `$1` up to `$2`: a kind of fact, its value, how many members have it. `$3` is the day of
/// counting, `$4` the club, where only its members count.
///
/// Dates are compared byte by byte, in which order ISO 8601 dates come by time, reduced ones at their first day.
fn statement(backend: DbBackend, of_club: bool) -> String {
    let (clubs, bytes) = match backend {
        DbBackend::Postgres => ("string_agg(CAST(membership.club_id AS text), ',')", " COLLATE \"C\""),
        _ => ("group_concat(membership.club_id, ',')", ""),
    };
    let (joined_here, having) = match of_club {
        true => (
            " AND membership.club_id = $4",
            "HAVING max(CASE WHEN membership.club_id = $4 THEN 1 ELSE 0 END) = 1",
        ),
        false => ("", ""),
    };
    // The range is said of the memberships, too: they are read in the order of their members then.
    format!(
        "WITH people AS MATERIALIZED (
             SELECT member.state, member.company_id, member.company_source_id, member.birth_date, {clubs} AS clubs,
                 min(membership.member_since{bytes})
                     FILTER (WHERE membership.member_since{bytes} <= $3{joined_here}) AS joined
             FROM member LEFT JOIN membership
                 ON membership.member_id = member.id
                 AND membership.member_id > $1 AND membership.member_id <= $2
             WHERE member.id > $1 AND member.id <= $2
             GROUP BY member.id {having}
         )
         SELECT {STATE} AS fact, state AS value, count(*) AS members FROM people GROUP BY state
         UNION ALL
         SELECT {COMPANY}, CAST(company_id AS text), count(*) FROM people
         WHERE company_source_id IS NULL GROUP BY company_id
         UNION ALL
         SELECT {COMPANY_SOURCE_ID}, company_source_id, count(*) FROM people
         WHERE company_source_id IS NOT NULL GROUP BY company_source_id
         UNION ALL
         SELECT {BIRTH_DATE}, birth_date, count(*) FROM people GROUP BY birth_date
         UNION ALL
         SELECT {JOINED}, joined, count(*) FROM people GROUP BY joined
         UNION ALL
         SELECT {CLUBS}, clubs, count(*) FROM people GROUP BY clubs"
    )
}

struct Counter {
    builder: StatisticsBuilder,
    clubs: Names,
    companies: Names,
}

impl Counter {
    fn add(&mut self, row: &QueryResult) -> Result<()> {
        let kind: i32 = row.try_get("", "fact")?;
        let value: Option<String> = row.try_get("", "value")?;
        let value = value.as_deref();
        let members = narrow(row.try_get::<i64>("", "members")?.unsigned_abs());
        match kind {
            STATE => self.builder.add(Fact::State(value), members),
            COMPANY => {
                let name = value.map(|id| name_of(&self.companies, id)).transpose()?;
                self.builder.add(Fact::Company(name), members);
            }
            COMPANY_SOURCE_ID => self.builder.add(Fact::Company(value), members),
            BIRTH_DATE => self.builder.add(Fact::BirthDate(value), members),
            JOINED => self.builder.add(Fact::Joined(value), members),
            _ => {
                let ids = value.into_iter().flat_map(|ids| ids.split(','));
                let clubs = ids.map(|id| name_of(&self.clubs, id)).collect::<Result<Vec<_>>>()?;
                self.builder.add(Fact::Clubs(&clubs), members);
            }
        }
        Ok(())
    }
}

/// Foreign keys see to it that there is one.
fn name_of<'n>(names: &'n Names, id: &str) -> Result<&'n str> {
    let name = id.parse().ok().and_then(|id: i64| names.get(&id));
    name.map(String::as_str).ok_or_else(|| Error::new(Code::Internal, "A club or a company has no name"))
}

/// As the screens have it.
pub(super) fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
