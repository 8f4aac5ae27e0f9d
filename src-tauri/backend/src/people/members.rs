//! The members of the target that can be a person of the import: found through indexes, a chunk of rows at a time.
//!
//! Two ways lead to a member. A row's key may be there already: then the row is that membership, whatever it says now.
//! Or a member shares with the row the birth date (also with day and month swapped) and the first letter of a name; given
//! and family name; family name, first letter and year of birth; the email; or the phone. A member who shares none of
//! that is not fetched, and so not found.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_engine::Field;
use muster_engine::resolve::{FieldSet, PERSON_FIELDS};
use sea_orm::{DatabaseConnection, DbBackend, QueryResult};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::record::{Known, MEMBER_COLUMNS, Values, bit};
use crate::error::Result;
use crate::push::fields_by_hand;
use crate::store::chain;
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
    /// Fields that were changed, and not by putting records together
    pub(super) changes: Changes,
}

/// The last change of a field, by a list or by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LastChange {
    /// RFC 3339, UTC
    pub(super) at: String,
    pub(super) by_hand: bool,
}

/// The last changes of a member's fields.
pub(super) type Changes = BTreeMap<Field, LastChange>;

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
            let mut changes = self.changes(&list, numbers).await?;
            for row in all(self.db, &sql, [list.clone().into()]).await? {
                members.push(member(&row, &typed, &mut changes)?);
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

    /// When a list or an edit last changed a field of members. A push that gave the member another membership put records
    /// together, as a merge does: the values that it wrote are those of the records.
    async fn changes(&self, list: &str, numbers: &str) -> Result<HashMap<i64, Changes>> {
        let sql = format!(
            "SELECT change.member_id, push.kind, push.finished, CAST(change.before AS text) AS before_image,
                 CAST(change.after AS text) AS after_image,
                 CASE WHEN EXISTS (
                     SELECT 1 FROM membership INNER JOIN change AS added
                         ON membership.id BETWEEN added.first_id AND added.last_id
                     WHERE membership.member_id = change.member_id AND added.push_id = change.push_id
                         AND added.table_name = 'membership' AND added.before IS NULL
                 ) THEN 1 ELSE 0 END AS joined
             FROM change INNER JOIN push ON change.push_id = push.id
             WHERE change.member_id IN {numbers} AND change.table_name = 'member' AND change.after IS NOT NULL
                 AND push.undone IS NULL AND push.kind <> 'undo'
             ORDER BY change.member_id, change.push_id"
        );
        let mut members: HashMap<i64, Changes> = HashMap::new();
        for row in all(self.db, &sql, [list.into()]).await? {
            let (kind, at): (String, String) = (row.try_get("", "kind")?, row.try_get("", "finished")?);
            let (before, after): (Option<String>, Option<String>) =
                (row.try_get("", "before_image")?, row.try_get("", "after_image")?);
            let joined = row.try_get::<i32>("", "joined")? == 1;
            let changed = changed_fields(before.as_deref(), after.as_deref());
            note(members.entry(row.try_get("", "member_id")?).or_default(), &kind, &at, joined, &changed);
        }
        Ok(members)
    }
}

/// Notes the fields that an entry changed, later than those noted before.
fn note(changes: &mut Changes, kind: &str, at: &str, joined: bool, changed: &[Field]) {
    let by_hand = kind == "edit";
    for &field in changed {
        if by_hand || (kind == "push" && !joined) {
            changes.insert(field, LastChange { at: at.to_owned(), by_hand });
        } else {
            changes.remove(&field);
        }
    }
}

/// Fields of a person that differ in two images of a row of `member`.
fn changed_fields(before: Option<&str>, after: Option<&str>) -> Vec<Field> {
    let image = |text: Option<&str>| {
        serde_json::from_str::<serde_json::Value>(text.unwrap_or("{}")).unwrap_or_default()
    };
    let (before, after) = (image(before), image(after));
    PERSON_FIELDS.into_iter().filter(|field| !chain::same(&before, &after, *field)).collect()
}

fn member(
    row: &QueryResult,
    typed: &HashMap<i64, FieldSet>,
    changes: &mut HashMap<i64, Changes>,
) -> Result<FoundMember> {
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
        changes: changes.remove(&id).unwrap_or_default(),
    })
}

/// Fields as bits.
fn mask(fields: &FieldSet) -> i64 {
    let fields = Field::ALL.into_iter().filter(|field| fields.contains(*field));
    fields.map(bit).fold(0, |mask, bit| mask | bit)
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

    #[test]
    fn images_tell_which_fields_of_a_person_changed() {
        let before = r#"{"given_name":"Ann","company_id":1,"version":3}"#;
        let after = r#"{"given_name":"Ann","company_id":2,"version":4}"#;
        assert_eq!(changed_fields(Some(before), Some(after)), [Field::Company]);
    }

    #[test]
    fn only_lists_and_people_change_a_member() {
        let (state, email, both) = (&[Field::State], &[Field::Email], &[Field::State, Field::Email]);
        let mut changes = Changes::new();
        note(&mut changes, "push", "2026-01-01", true, both);
        assert_eq!(changes, Changes::new());
        note(&mut changes, "push", "2026-01-02", false, state);
        note(&mut changes, "edit", "2026-01-03", false, email);
        let change = |at: &str, by_hand| LastChange { at: at.to_owned(), by_hand };
        let expected =
            [(Field::State, change("2026-01-02", false)), (Field::Email, change("2026-01-03", true))];
        assert_eq!(changes, BTreeMap::from(expected));
        // What records that are put together say takes the place of both.
        note(&mut changes, "push", "2026-01-04", true, state);
        note(&mut changes, "merge", "2026-01-05", false, email);
        assert_eq!(changes, Changes::new());
    }
}
