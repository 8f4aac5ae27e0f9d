//! Members of the target whom people said to be one person become one with the push.
//!
//! Between the members themselves the survivorship rules, or what a person chose, decide whose value stays, and a blank is
//! filled, whatever the mode. What the lists say beyond that goes by the mode, as for every member who is there.

use muster_engine::Field;
use muster_engine::resolve::{FieldSet, PERSON_FIELDS};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::PlanRequest;
use super::details::{COLUMNS, Details};
use super::drift::refused;
use super::merge::not_as_planned;
use super::present::KnownMember;
use crate::error::Result;
use crate::staging;
use crate::store::journal::{self, Entry};
use crate::store::sql::{drop_temporary, each, one, run, temporary};

/// A person whom the target has as several members.
pub(super) struct Merging {
    /// Who stays
    pub(super) into: i64,
    version: i64,
    /// As they are
    own: Details,
    /// As they are with what comes from the others
    pub(super) base: Details,
    others: Vec<Other>,
}

/// A member who goes.
struct Other {
    member: i64,
    version: i64,
    /// What comes from them
    fields: FieldSet,
}

/// What the plan keeps of a member who goes.
pub(super) struct PlannedMerge {
    pub(super) merged: i64,
    pub(super) merged_version: i64,
    pub(super) member: i64,
    pub(super) version: i64,
    /// Names of the fields of who stays that come from who goes: a JSON array
    pub(super) fields: String,
    /// What who stays becomes; once for each of those
    pub(super) made: Option<String>,
}

impl Merging {
    /// Of who stays and those who go; `resolved` is what the person's values are by rules and decisions, `open` what is not
    /// settled yet.
    pub(super) fn new(
        into: &KnownMember,
        others: &[&KnownMember],
        resolved: &Details,
        open: FieldSet,
    ) -> Merging {
        let (own, mut base) = (into.details.clone(), into.details.clone());
        let mut found: Vec<Other> = Vec::with_capacity(others.len());
        for other in others {
            let mut fields = FieldSet::EMPTY;
            for field in PERSON_FIELDS {
                let theirs = other.details.shown(field);
                let chosen = !open.contains(field) && theirs == resolved.shown(field);
                let wanted = theirs.is_some() && theirs != own.shown(field);
                if wanted && theirs != base.shown(field) && (chosen || base.shown(field).is_none()) {
                    base = base.keeping(&other.details, FieldSet::EMPTY.with(field));
                    fields = fields.with(field);
                    // What an earlier one filled is not theirs any more.
                    for earlier in &mut found {
                        let left = |of: &Field| *of != field && earlier.fields.contains(*of);
                        earlier.fields = PERSON_FIELDS.into_iter().filter(left).collect();
                    }
                }
            }
            found.push(Other { member: other.id, version: other.version, fields });
        }
        Merging { into: into.id, version: into.version, own, base, others: found }
    }

    /// All members of it.
    pub(super) fn members(&self) -> impl Iterator<Item = i64> {
        std::iter::once(self.into).chain(self.others.iter().map(|other| other.member))
    }

    /// Fields that a person typed, of who stays or of whom a value comes from.
    pub(super) fn typed(&self, by_hand: impl Fn(i64) -> FieldSet) -> FieldSet {
        let of_others = self.others.iter().flat_map(|other| {
            let typed = by_hand(other.member);
            let of_them = move |field: &Field| other.fields.contains(*field) && typed.contains(*field);
            PERSON_FIELDS.into_iter().filter(of_them)
        });
        let own = by_hand(self.into);
        PERSON_FIELDS.into_iter().filter(|field| own.contains(*field)).chain(of_others).collect()
    }

    /// How who stays is now, and becomes without the lists.
    pub(super) fn change(&self) -> (&Details, &Details) {
        (&self.own, &self.base)
    }

    /// What the plan keeps; `made` is what the lists make of who stays. A value of theirs is not the others' any more.
    pub(super) fn planned(&self, made: Option<&Details>) -> Vec<PlannedMerge> {
        let made = made.unwrap_or(&self.base);
        let still = |field: &Field| made.shown(*field) == self.base.shown(*field);
        let merge = |(at, other): (usize, &Other)| {
            let fields = PERSON_FIELDS.iter().filter(|field| other.fields.contains(**field));
            let names: Vec<&str> = fields.filter(|field| still(field)).map(|field| field.name()).collect();
            PlannedMerge {
                merged: other.member,
                merged_version: other.version,
                member: self.into,
                version: self.version,
                fields: serde_json::to_string(&names).unwrap_or_default(),
                made: (at == 0).then(|| self.base.to_json()),
            }
        };
        self.others.iter().enumerate().map(merge).collect()
    }
}

/// A table of the transaction with a merge.
const TABLE: &str = "planned_merge";
const PLANNED_COLUMNS: &str = "merged_id BIGINT, merged_version BIGINT, member_id BIGINT, version BIGINT, fields TEXT, \
                               final TEXT";

/// Members who were looked at and are otherwise by now.
pub(super) const DRIFTED: &str = "SELECT count(*) FROM planned_merge
     LEFT JOIN member ON planned_merge.member_id = member.id
     LEFT JOIN member AS merged ON planned_merge.merged_id = merged.id
     WHERE member.id IS NULL OR merged.id IS NULL OR member.version <> planned_merge.version
         OR merged.version <> planned_merge.merged_version";
/// Who stays and who goes.
pub(super) const BOTH: &str = "WHERE member.id IN (
         SELECT planned_merge.member_id FROM planned_merge UNION SELECT planned_merge.merged_id FROM planned_merge)";
/// Memberships of who goes.
pub(super) const THEIRS: &str = "INNER JOIN planned_merge ON membership.member_id = planned_merge.merged_id";
/// What the push changes besides: its images are kept with those of the merges.
pub(super) const NOT_MERGED: &str = " AND NOT EXISTS (
         SELECT 1 FROM planned_merge WHERE planned_merge.member_id = member.id OR planned_merge.merged_id = member.id)";
/// As [`NOT_MERGED`], of memberships.
pub(super) const NOT_MOVED: &str = " AND NOT EXISTS (
         SELECT 1 FROM planned_merge WHERE planned_merge.merged_id = membership.member_id)";
/// The memberships go over.
pub(super) const MOVE: &str = "UPDATE membership SET member_id = planned_merge.member_id FROM planned_merge
     WHERE membership.member_id = planned_merge.merged_id";
/// Those who go.
pub(super) const DELETE: &str =
    "DELETE FROM member WHERE id IN (SELECT planned_merge.merged_id FROM planned_merge)";
/// Notes who was merged into whom; `$1` is the entry.
pub(super) const NOTE: &str = "INSERT INTO member_merge (push_id, member_id, merged_id, fields)
     SELECT CAST($1 AS bigint), planned_merge.member_id, planned_merge.merged_id, planned_merge.fields FROM planned_merge";

/// Brings the merges; `$1` is a JSON array of them.
pub(super) fn insert_sql(backend: DbBackend) -> String {
    format!(
        "INSERT INTO planned_merge (merged_id, merged_version, member_id, version, fields, final)
         SELECT CAST(merge.value ->> 0 AS bigint), CAST(merge.value ->> 1 AS bigint), CAST(merge.value ->> 2 AS bigint),
             CAST(merge.value ->> 3 AS bigint), merge.value ->> 4, merge.value ->> 5 FROM {}",
        each(backend, "$1", "merge")
    )
}

/// What who stays becomes without the lists; `$1` is the entry.
pub(super) fn update_sql(backend: DbBackend) -> String {
    let made = match backend {
        DbBackend::Postgres => "planned_merge.final::jsonb",
        _ => "planned_merge.final",
    };
    let column = |name: &&str| match *name {
        "company" => Some(format!(
            "company_id = (SELECT company.id FROM company WHERE company.name = {made} ->> 'company')"
        )),
        "member_since" | "last_active" | "score" => None,
        name => Some(format!("{name} = {made} ->> '{name}'")),
    };
    let sets: Vec<String> = COLUMNS.iter().filter_map(column).collect();
    format!(
        "UPDATE member SET {}, version = $1 FROM planned_merge
         WHERE planned_merge.final IS NOT NULL AND member.id = planned_merge.member_id",
        sets.join(", ")
    )
}

/// How many merges the plan has.
pub(super) fn planned(request: &PlanRequest) -> Result<u32> {
    let db = staging::connect(&request.staged)?;
    Ok(db.query_row("SELECT count(*) FROM staged_merge", [], |row| row.get(0))?)
}

/// Brings the merges to the target's open transaction; none, and nothing is done.
pub(super) async fn load(db: &DatabaseConnection, request: &PlanRequest) -> Result<()> {
    if planned(request)? == 0 {
        return Ok(());
    }
    let backend = db.get_database_backend();
    db.execute_unprepared(&temporary(backend, TABLE, PLANNED_COLUMNS)).await?;
    let staged = staging::connect(&request.staged)?;
    let mut pieces = Vec::new();
    {
        let sql = "SELECT json_group_array(json_array(merged_id, merged_version, member_id, version, fields, final)) FROM (
                 SELECT *, row_number() OVER (ORDER BY merged_id) / 5000 AS piece FROM staged_merge)
             GROUP BY piece ORDER BY piece";
        let mut statement = staged.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            pieces.push(row.get::<_, String>(0)?);
        }
    }
    for piece in pieces {
        run(db, &insert_sql(backend), [piece.into()]).await?;
    }
    Ok(())
}

/// Refuses where one of them is otherwise than the plan saw.
pub(super) async fn check(db: &DatabaseConnection, merges: u32) -> Result<()> {
    if merges == 0 {
        return Ok(());
    }
    match one(db, DRIFTED, []).await?.try_get_by_index::<i64>(0)? {
        0 => Ok(()),
        count => Err(refused(format!(
            "The database has changed since this plan was made: members to be merged were changed ({count})"
        ))),
    }
}

/// Keeps how all of them are, before anything of them changes.
pub(super) async fn keep(db: &DatabaseConnection, entry: Entry, merges: u32) -> Result<()> {
    if merges == 0 {
        return Ok(());
    }
    journal::keep_before(db, entry, &journal::MEMBER, "member.id", BOTH, []).await?;
    journal::keep_before(db, entry, &journal::MEMBERSHIP, "planned_merge.member_id", THEIRS, []).await?;
    Ok(())
}

/// Makes one member of each two. Those who stay are written again where rows of the lists change them.
pub(super) async fn merge(db: &DatabaseConnection, entry: Entry, merges: u32) -> Result<()> {
    if merges == 0 {
        return Ok(());
    }
    run(db, &update_sql(db.get_database_backend()), [entry.id.into()]).await?;
    run(db, MOVE, []).await?;
    if run(db, DELETE, []).await? != u64::from(merges) {
        return Err(not_as_planned());
    }
    run(db, NOTE, [entry.id.into()]).await?;
    Ok(())
}

/// At the end of the transaction.
pub(super) async fn leave(db: &DatabaseConnection, merges: u32) -> Result<()> {
    if merges == 0 { Ok(()) } else { drop_temporary(db, &[TABLE]).await }
}
