//! Queries on `decision_set` and `decision_part` of the workspace: what people decided about who is who.

use muster_engine::decisions::{PairDecision, RecipeDecisions, RecordKey};
use muster_engine::resolve::ValueDecision;
use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, TransactionTrait};
use serde_json::{Value as Json, json};

use super::sql::{all, one, run};
use crate::error::{Error, Result};

/// All that a person said at once, without its parts.
#[derive(Debug, Clone)]
pub struct DecisionSet {
    /// Its number
    pub id: i64,
    /// `same`, `different` or `bulk`
    pub kind: String,
    /// In words
    pub label: String,
    /// Groups that it is about
    pub groups: i64,
    /// Who
    pub person: String,
    /// RFC 3339, UTC
    pub decided: String,
    /// RFC 3339, UTC
    pub reverted: Option<String>,
}

/// Parts that are written with one statement.
const PARTS: usize = 2_000;

/// Keeps a decision with its parts, all or nothing; gives its number. Who and when are those of the set.
///
/// # Errors
/// When the database fails.
pub async fn add(db: &DatabaseConnection, set: &DecisionSet, parts: &RecipeDecisions) -> Result<i64> {
    let transaction = db.begin().await?;
    let sql = "INSERT INTO decision_set (kind, label, groups, person, decided) VALUES ($1, $2, $3, $4, $5)
               RETURNING id";
    let values = [
        set.kind.clone().into(),
        set.label.clone().into(),
        set.groups.into(),
        set.person.clone().into(),
        set.decided.clone().into(),
    ];
    let id: i64 = one(&transaction, sql, values).await?.try_get("", "id")?;
    let pairs = parts.pairs.iter().map(of_pair);
    let rows: Vec<Json> = pairs.chain(parts.values.iter().map(of_value)).collect();
    for rows in rows.chunks(PARTS) {
        let rows = Json::Array(rows.to_vec()).to_string();
        let sql = "INSERT INTO decision_part
                       (set_id, kind, source, source_key, other_source, other_source_key, field, value, seen)
                   SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
                       value ->> 6, value ->> 7
                   FROM json_each($2)";
        run(&transaction, sql, [id.into(), rows.into()]).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

fn of_pair(pair: &PairDecision) -> Json {
    let kind = if pair.same { "same" } else { "different" };
    let seen = pair.seen.as_ref().and_then(|seen| serde_json::to_string(seen).ok());
    json!([kind, pair.a.source, pair.a.key, pair.b.source, pair.b.key, null, null, seen])
}

fn of_value(value: &ValueDecision) -> Json {
    let seen = value.seen.as_ref().and_then(|seen| serde_json::to_string(seen).ok());
    json!(["value", value.source, value.source_key, null, null, value.field.name(), value.value, seen])
}

/// Marks a decision as reverted; its parts no longer count.
///
/// # Errors
/// When there is no such decision in force, or the database fails.
pub async fn revert(db: &DatabaseConnection, id: i64, now: &str) -> Result<()> {
    let sql = "UPDATE decision_set SET reverted = $2 WHERE id = $1 AND reverted IS NULL";
    match run(db, sql, [id.into(), now.into()]).await? {
        0 => Err(Error::not_found("decision")),
        _ => Ok(()),
    }
}

const PART: &str =
    "decision_part.set_id, decision_part.kind, source, source_key, other_source, other_source_key, field,
                    value, seen, person, decided";

/// What of the decisions in force tells that there are others by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// Number of the last decision
    pub last: i64,
    /// How many were reverted
    pub reverted: i64,
}

/// The age of the decisions, answered by indexes.
///
/// # Errors
/// When the database fails.
pub async fn age(db: &DatabaseConnection) -> Result<Age> {
    let sql = "SELECT (SELECT coalesce(max(id), 0) FROM decision_set) AS last,
                   (SELECT count(*) FROM decision_set WHERE reverted IS NOT NULL) AS reverted";
    let row = one(db, sql, []).await?;
    Ok(Age { last: row.try_get("", "last")?, reverted: row.try_get("", "reverted")? })
}

/// Parts of all decisions that were reverted.
///
/// # Errors
/// When the database fails.
pub async fn reverted(db: &DatabaseConnection) -> Result<RecipeDecisions> {
    let (pairs, values) = parts_of(db, "decision_set.reverted IS NOT NULL", []).await?;
    Ok(RecipeDecisions { pairs: pairs.into_iter().map(|(_, pair)| pair).collect(), values })
}

/// Parts of decisions: on pairs, with the number of the decision, and on values.
pub type Parts = (Vec<(i64, PairDecision)>, Vec<ValueDecision>);

/// Parts of the decisions in force whose numbers come after one; of all after 0.
///
/// # Errors
/// When the database fails.
pub async fn parts_after(db: &DatabaseConnection, after: i64) -> Result<Parts> {
    parts_of(db, "decision_set.reverted IS NULL AND decision_set.id > $1", [after.into()]).await
}

/// Parts of one decision, be it in force or not.
///
/// # Errors
/// When the database fails.
pub async fn parts(db: &DatabaseConnection, set: i64) -> Result<Parts> {
    parts_of(db, "decision_set.id = $1", [set.into()]).await
}

async fn parts_of(
    db: &DatabaseConnection,
    of: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Parts> {
    let sql = format!(
        "SELECT {PART} FROM decision_part INNER JOIN decision_set ON decision_part.set_id = decision_set.id
         WHERE {of} ORDER BY decision_part.id"
    );
    let (mut pairs, mut chosen) = (Vec::new(), Vec::new());
    for row in all(db, &sql, values).await? {
        let kind: String = row.try_get("", "kind")?;
        if kind == "value" {
            chosen.extend(value_of(&row)?);
        } else {
            pairs.push((row.try_get("", "set_id")?, pair_of(&row, kind == "same")?));
        }
    }
    Ok((pairs, chosen))
}

fn pair_of(row: &QueryResult, same: bool) -> Result<PairDecision> {
    let seen: Option<String> = row.try_get("", "seen")?;
    Ok(PairDecision {
        same,
        a: RecordKey { source: row.try_get("", "source")?, key: row.try_get("", "source_key")? },
        b: RecordKey { source: row.try_get("", "other_source")?, key: row.try_get("", "other_source_key")? },
        person: row.try_get("", "person")?,
        decided: row.try_get("", "decided")?,
        seen: seen.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

fn value_of(row: &QueryResult) -> Result<Option<ValueDecision>> {
    let seen: Option<String> = row.try_get("", "seen")?;
    let field: String = row.try_get("", "field")?;
    let Ok(field) = field.parse() else { return Ok(None) };
    Ok(Some(ValueDecision {
        source: row.try_get("", "source")?,
        source_key: row.try_get("", "source_key")?,
        field,
        value: row.try_get("", "value")?,
        person: row.try_get("", "person")?,
        decided: row.try_get("", "decided")?,
        seen: seen.and_then(|text| serde_json::from_str(&text).ok()),
    }))
}

/// A page of decisions whose words hold a text, the last ones first, and how many there are.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &DatabaseConnection,
    search: &str,
    offset: u32,
    limit: u32,
) -> Result<(u32, Vec<DecisionSet>)> {
    let mut like = String::from("%");
    for letter in search.trim().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            like.push('\\');
        }
        like.push(letter);
    }
    like.push('%');
    let condition = "label LIKE $1 ESCAPE '\\' OR person LIKE $1 ESCAPE '\\'";
    let total = format!("SELECT count(*) AS total FROM decision_set WHERE {condition}");
    let total: i64 = one(db, &total, [like.clone().into()]).await?.try_get("", "total")?;
    let sql = format!(
        "SELECT id, kind, label, groups, person, decided, reverted FROM decision_set WHERE {condition}
         ORDER BY id DESC LIMIT {limit} OFFSET {offset}"
    );
    let rows = all(db, &sql, [like.into()]).await?;
    let sets = rows.iter().map(set_of).collect::<Result<_>>()?;
    Ok((u32::try_from(total).unwrap_or(u32::MAX), sets))
}

/// Decisions by their numbers.
///
/// # Errors
/// When the database fails.
pub async fn sets(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<DecisionSet>> {
    let sql = "SELECT id, kind, label, groups, person, decided, reverted FROM decision_set
               WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id DESC";
    let ids = serde_json::to_string(ids).unwrap_or_default();
    all(db, sql, [ids.into()]).await?.iter().map(set_of).collect()
}

fn set_of(row: &QueryResult) -> Result<DecisionSet> {
    Ok(DecisionSet {
        id: row.try_get("", "id")?,
        kind: row.try_get("", "kind")?,
        label: row.try_get("", "label")?,
        groups: row.try_get("", "groups")?,
        person: row.try_get("", "person")?,
        decided: row.try_get("", "decided")?,
        reverted: row.try_get("", "reverted")?,
    })
}
