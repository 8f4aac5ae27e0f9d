//! The members of the target that can be a person of the import: found through indexes, a chunk of rows at a time.
//!
//! Two ways lead to a member. A row's key may be there already: then the row is that membership, whatever it says now.
//! Or a member shares with the row the birth date (also with day and month swapped) and the first letter of a name; given
//! and family name; family name, first letter and year of birth; the email; or the phone. A member who shares none of
//! that is not fetched, and so not found.

use std::collections::{HashMap, HashSet};

use muster_engine::Field;
use muster_engine::resolve::FieldSet;
use sea_orm::{DatabaseConnection, DbBackend, QueryResult};
use serde_json::json;

use super::record::{Known, MEMBER_COLUMNS, Values};
use crate::error::Result;
use crate::push::fields_by_hand;
use crate::store::sql::{all, texts};

/// Rows that are looked up together.
pub(super) const CHUNK: usize = 2_000;
/// Members that are read together.
const READ: usize = 5_000;

/// A membership as the target has it.
pub(super) struct FoundMembership {
    pub(super) member: i64,
    pub(super) club: String,
    pub(super) key: String,
    pub(super) member_since: Option<String>,
    pub(super) last_active: Option<String>,
    pub(super) score: Option<String>,
}

/// A member as the target has them.
pub(super) struct FoundMember {
    pub(super) id: i64,
    pub(super) version: i64,
    pub(super) values: Values,
    pub(super) company_id: Option<String>,
    /// Fields that a person typed: bit n is field n
    pub(super) by_person: i64,
}

/// Looks members up in a target.
pub(super) struct Lookup<'d> {
    db: &'d DatabaseConnection,
    clubs: HashMap<String, i64>,
}

impl<'d> Lookup<'d> {
    /// Over the clubs of the import.
    pub(super) async fn new(db: &'d DatabaseConnection, sources: &[String]) -> Result<Lookup<'d>> {
        let names = serde_json::to_string(sources).unwrap_or_default();
        let sql =
            format!("SELECT id, name FROM club WHERE name IN {}", texts(db.get_database_backend(), "$1"));
        let mut clubs = HashMap::new();
        for row in all(db, &sql, [names.into()]).await? {
            clubs.insert(row.try_get("", "name")?, row.try_get("", "id")?);
        }
        Ok(Lookup { db, clubs })
    }

    /// Whether the target has any member.
    pub(super) async fn is_empty(&self) -> Result<bool> {
        Ok(all(self.db, "SELECT id FROM member LIMIT 1", []).await?.is_empty())
    }

    /// The members of rows whose key the target has: member by club and key.
    pub(super) async fn by_key(&self, rows: &[Known]) -> Result<HashMap<(String, String), i64>> {
        let mut keys: HashMap<&str, Vec<&str>> = HashMap::new();
        for key in rows.iter().flat_map(Known::keys) {
            keys.entry(&key.source).or_default().push(&key.key);
        }
        let mut found = HashMap::new();
        for (source, keys) in keys {
            let Some(&club) = self.clubs.get(source) else { continue };
            let keys = serde_json::to_string(&keys).unwrap_or_default();
            let sql = format!(
                "SELECT source_key, member_id FROM membership WHERE club_id = $1 AND source_key IN {}",
                texts(self.db.get_database_backend(), "$2")
            );
            for row in all(self.db, &sql, [club.into(), keys.into()]).await? {
                let key: String = row.try_get("", "source_key")?;
                found.insert((source.to_owned(), key), row.try_get("", "member_id")?);
            }
        }
        Ok(found)
    }

    /// Members that can be the person of one of the rows.
    pub(super) async fn alike(&self, rows: &[Known]) -> Result<HashSet<i64>> {
        let mut found = HashSet::new();
        let keys: Vec<_> = rows.iter().map(block_keys).collect();
        let keys = serde_json::Value::Array(keys).to_string();
        for sql in self.block_queries() {
            for row in all(self.db, &sql, [keys.clone().into()]).await? {
                found.insert(row.try_get("", "id")?);
            }
        }
        Ok(found)
    }

    fn block_queries(&self) -> Vec<String> {
        let postgres = self.db.get_database_backend() == DbBackend::Postgres;
        // One row of keys a row of the list: d and e dates, f and g small family and given name, m email, p phone.
        let keys = if postgres {
            "jsonb_to_recordset($1::jsonb) AS k (d TEXT, e TEXT, f TEXT, g TEXT, m TEXT, p TEXT)".to_owned()
        } else {
            let columns = ["d", "e", "f", "g", "m", "p"].map(|key| format!("value ->> '{key}' AS {key}"));
            // Materialised, so that the keys are the outer loop and each is looked up in the index.
            format!("(SELECT {} FROM json_each($1) LIMIT -1) AS k", columns.join(", "))
        };
        let join = if postgres { "INNER JOIN" } else { "CROSS JOIN" };
        let (lower_family, lower_given) = if postgres {
            ("lower(member.family_name) = k.f", "lower(member.given_name) = k.g")
        } else {
            ("member.family_name = k.f COLLATE NOCASE", "member.given_name = k.g COLLATE NOCASE")
        };
        let first = |column: &str| format!("lower(substr(member.{column}, 1, 1))");
        let letters = "(substr(k.f, 1, 1), substr(k.g, 1, 1))";
        let alike =
            format!("({} IN {letters} OR {} IN {letters})", first("family_name"), first("given_name"));
        let same_initial = format!("{} = substr(k.g, 1, 1)", first("given_name"));
        let same_year = "substr(member.birth_date, 1, 4) = substr(k.d, 1, 4)";
        let conditions = [
            format!("member.birth_date = k.d AND {alike}"),
            format!("member.birth_date = k.e AND {alike}"),
            format!("{lower_family} AND {lower_given}"),
            format!("{lower_family} AND {same_initial} AND {same_year}"),
            "member.email = k.m".to_owned(),
            "member.phone = k.p".to_owned(),
        ];
        let query = |condition: String| {
            if postgres {
                format!("SELECT DISTINCT member.id FROM {keys} {join} member ON {condition}")
            } else {
                format!("SELECT DISTINCT member.id FROM {keys} {join} member WHERE {condition}")
            }
        };
        conditions.map(query).into()
    }

    /// Members with all their memberships.
    pub(super) async fn read(&self, ids: &[i64]) -> Result<(Vec<FoundMember>, Vec<FoundMembership>)> {
        let (mut members, mut memberships) = (Vec::new(), Vec::new());
        for ids in ids.chunks(READ) {
            let list = serde_json::to_string(ids).unwrap_or_default();
            let numbers = match self.db.get_database_backend() {
                DbBackend::Postgres => "(SELECT jsonb_array_elements_text($1::jsonb)::bigint)",
                _ => "(SELECT value FROM json_each($1))",
            };
            let columns = MEMBER_COLUMNS.map(|name| match name {
                "company" => "company.name AS company".to_owned(),
                name => format!("member.{name}"),
            });
            let sql = format!(
                "SELECT member.id, member.version, member.company_source_id, {} FROM member
                 LEFT JOIN company ON member.company_id = company.id WHERE member.id IN {numbers}
                 ORDER BY member.id",
                columns.join(", ")
            );
            let typed = fields_by_hand(self.db, ids).await?;
            for row in all(self.db, &sql, [list.clone().into()]).await? {
                members.push(member(&row, &typed)?);
            }
            let sql = format!(
                "SELECT membership.member_id, club.name AS club, source_key, member_since, last_active, score
                 FROM membership INNER JOIN club ON membership.club_id = club.id
                 WHERE membership.member_id IN {numbers} ORDER BY membership.member_id, club.name, source_key"
            );
            for row in all(self.db, &sql, [list.into()]).await? {
                memberships.push(FoundMembership {
                    member: row.try_get("", "member_id")?,
                    club: row.try_get("", "club")?,
                    key: row.try_get("", "source_key")?,
                    member_since: row.try_get("", "member_since")?,
                    last_active: row.try_get("", "last_active")?,
                    score: row.try_get::<Option<f64>>("", "score")?.map(|score| score.to_string()),
                });
            }
        }
        Ok((members, memberships))
    }
}

fn member(row: &QueryResult, typed: &HashMap<i64, FieldSet>) -> Result<FoundMember> {
    let mut values = [const { None }; Field::COUNT];
    for name in MEMBER_COLUMNS {
        if let Ok(field) = name.parse::<Field>() {
            values[field.index()] = row.try_get("", name)?;
        }
    }
    let id = row.try_get("", "id")?;
    Ok(FoundMember {
        id,
        version: row.try_get("", "version")?,
        values,
        company_id: row.try_get("", "company_source_id")?,
        by_person: typed.get(&id).map_or(0, mask),
    })
}

/// Fields as bits.
fn mask(fields: &FieldSet) -> i64 {
    let fields = Field::ALL.into_iter().filter(|field| fields.contains(*field));
    fields.map(super::record::bit).fold(0, |mask, bit| mask | bit)
}

fn block_keys(row: &Known) -> serde_json::Value {
    let small = |field: Field| row.value(field).map(str::to_lowercase);
    let date = row.value(Field::BirthDate).filter(|date| date.len() == 10);
    json!({
        "d": date,
        "e": date.and_then(swapped),
        "f": small(Field::FamilyName),
        "g": small(Field::GivenName),
        "m": row.value(Field::Email),
        "p": row.value(Field::Phone),
    })
}

/// A date with day and month in each other's place, where that is a date and another one.
fn swapped(date: &str) -> Option<String> {
    let (year, month, day) = (date.get(..4)?, date.get(5..7)?, date.get(8..)?);
    (month != day && day <= "12").then(|| format!("{year}-{day}-{month}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_swapped_where_that_makes_another_date() {
        assert_eq!(swapped("1970-03-04").as_deref(), Some("1970-04-03"));
        assert_eq!(swapped("1970-03-14"), None);
        assert_eq!(swapped("1970-03-03"), None);
    }
}
