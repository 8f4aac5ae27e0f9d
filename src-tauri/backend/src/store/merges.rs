//! Queries of `member_merge`: which members of the target were merged into which, and by which entry.

use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, QueryResult};

use super::journal::Entry;
use super::sql::{all, run};
use crate::error::Result;

/// A merge of two members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its number
    pub id: i64,
    /// The entry that merged them
    pub entry: i64,
    /// The member who stayed
    pub member: i64,
    /// The member who went
    pub merged: i64,
    /// Names of the fields of the member who stayed that came with it
    pub fields: Vec<String>,
}

const MERGE: &str = "SELECT id, push_id, member_id, merged_id, fields FROM member_merge";

fn merge(row: &QueryResult) -> Result<Merge> {
    let fields: String = row.try_get_by_index(4)?;
    Ok(Merge {
        id: row.try_get_by_index(0)?,
        entry: row.try_get_by_index(1)?,
        member: row.try_get_by_index(2)?,
        merged: row.try_get_by_index(3)?,
        fields: serde_json::from_str(&fields).unwrap_or_default(),
    })
}

/// Notes a merge.
///
/// # Errors
/// When the database fails.
pub async fn add(
    db: &impl ConnectionTrait,
    entry: Entry,
    member: i64,
    merged: i64,
    fields: &[&str],
) -> Result<()> {
    let fields = serde_json::to_string(fields).unwrap_or_default();
    let sql = "INSERT INTO member_merge (push_id, member_id, merged_id, fields) VALUES ($1, $2, $3, $4)";
    run(db, sql, [entry.id.into(), member.into(), merged.into(), fields.into()]).await?;
    Ok(())
}

/// The merge in force with which a member went.
///
/// # Errors
/// When the database fails.
pub async fn of_merged(db: &impl ConnectionTrait, merged: i64) -> Result<Option<Merge>> {
    let sql = format!("{MERGE} WHERE merged_id = $1 AND ended_by IS NULL ORDER BY id DESC LIMIT 1");
    all(db, &sql, [merged.into()]).await?.first().map(merge).transpose()
}

/// The merges in force of members into a member, the oldest first; those of members who were merged into these follow.
///
/// # Errors
/// When the database fails.
pub async fn into_member(db: &impl ConnectionTrait, member: i64) -> Result<Vec<Merge>> {
    let sql = format!("{MERGE} WHERE member_id = $1 AND ended_by IS NULL ORDER BY id");
    let (mut found, mut at): (Vec<Merge>, usize) = (Vec::new(), 0);
    let mut of = Some(member);
    while let Some(member) = of {
        for row in &all(db, &sql, [member.into()]).await? {
            let next = merge(row)?;
            if found.iter().all(|known| known.id != next.id) {
                found.push(next);
            }
        }
        of = found.get(at).map(|merge| merge.merged);
        at += 1;
    }
    Ok(found)
}

/// A member and all who were ever merged into them, or they into, and so on; with merges that were taken back.
///
/// # Errors
/// When the database fails.
pub async fn related(db: &impl ConnectionTrait, member: i64) -> Result<Vec<i64>> {
    let (mut found, mut at) = (vec![member], 0);
    while let Some(&member) = found.get(at) {
        let sql = "SELECT member_id FROM member_merge WHERE merged_id = $1
            UNION SELECT merged_id FROM member_merge WHERE member_id = $1";
        for row in all(db, sql, [member.into()]).await? {
            let next = row.try_get_by_index(0)?;
            if !found.contains(&next) {
                found.push(next);
            }
        }
        at += 1;
    }
    Ok(found)
}

/// Who a member is by now: themselves, or whom they were merged into.
///
/// # Errors
/// When the database fails.
pub async fn who(db: &impl ConnectionTrait, member: i64) -> Result<i64> {
    let mut member = member;
    // A member who went comes into no other one, so this ends.
    while let Some(merge) = of_merged(db, member).await? {
        member = merge.member;
    }
    Ok(member)
}

/// An un-merge takes a merge back.
///
/// # Errors
/// When the database fails.
pub async fn end(db: &impl ConnectionTrait, merge: i64, by: Entry) -> Result<()> {
    run(db, "UPDATE member_merge SET ended_by = $1 WHERE id = $2", [by.id.into(), merge.into()]).await?;
    let sql = "INSERT INTO member_unmerge (push_id, merge_id) VALUES ($1, $2)";
    run(db, sql, [by.id.into(), merge.into()]).await?;
    Ok(())
}

/// The entry that an undo, or an undo of an undo, is about in the end, and its kind.
///
/// # Errors
/// When the database fails.
pub async fn base(db: &impl ConnectionTrait, entry: i64) -> Result<(i64, String)> {
    let mut entry = entry;
    loop {
        let row = super::sql::one(db, "SELECT undoes, kind FROM push WHERE id = $1", [entry.into()]).await?;
        match row.try_get_by_index::<Option<i64>>(0)? {
            Some(undoes) => entry = undoes,
            None => return Ok((entry, row.try_get_by_index(1)?)),
        }
    }
}

/// The merges that an entry is about: those that it did, and those that it took back.
const ABOUT: &str = "(member_merge.push_id = $1
    OR member_merge.id IN (SELECT member_unmerge.merge_id FROM member_unmerge WHERE member_unmerge.push_id = $1))";

/// `undo_member` is there: of members who were merged, or told apart, by one entry (`base`, which is taken back or done
/// again) all are taken back, or all are kept.
///
/// # Errors
/// When the database fails.
pub async fn keep_together(db: &impl ConnectionTrait, base: i64, kind: &str) -> Result<()> {
    if matches!(kind, "merge" | "unmerge") {
        let all_or_none = "UPDATE undo_member SET kept = 1
             WHERE EXISTS (SELECT 1 FROM undo_member AS other WHERE other.kept = 1)";
        run(db, all_or_none, []).await?;
        return Ok(());
    }
    // In one push all go to the same member, so two steps reach everybody.
    for (one, other) in [("member_id", "merged_id"), ("merged_id", "member_id")] {
        let sql = format!(
            "UPDATE undo_member SET kept = 1 WHERE kept = 0 AND member_id IN (
                 SELECT member_merge.{one} FROM member_merge
                 INNER JOIN undo_member AS other ON member_merge.{other} = other.member_id
                 WHERE member_merge.push_id = $1 AND other.kept = 1)"
        );
        run(db, &sql, [base.into()]).await?;
    }
    Ok(())
}

/// After an entry (`undone`) was taken back by another one: the merges that it did, or took back, are turned, and so are
/// the decisions that came with them; as far as the members are not kept.
///
/// # Errors
/// When the database fails.
pub async fn turn(db: &impl ConnectionTrait, base: i64, undone: i64, by: Entry, now: &str) -> Result<()> {
    let free = "member_merge.merged_id IN (SELECT undo_member.member_id FROM undo_member WHERE undo_member.kept = 0)";
    let sql = format!(
        "UPDATE member_merge SET ended_by = CASE WHEN ended_by IS NULL THEN {} END
         WHERE {ABOUT} AND (ended_by IS NULL OR ended_by = $2) AND {free}",
        by.id
    );
    let values: [Value; 2] = [base.into(), undone.into()];
    if run(db, &sql, values).await? > 0 {
        let decisions =
            "UPDATE decision SET reverted = CASE WHEN reverted IS NULL THEN $2 END WHERE push_id = $1";
        run(db, decisions, [base.into(), now.into()]).await?;
    }
    Ok(())
}
