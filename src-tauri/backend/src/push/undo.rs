//! Undo: takes back what an entry of the ledger did, be it a push, an edit, a merge or an undo, in any order.
//!
//! The unit is a member with all that is theirs. Where the member's version is still that which the entry left, nobody
//! has written since, and all that the entry did to them is taken back exactly, their version too. All others are kept
//! as they are and named. Members who were merged are taken back together, or kept together. An undo is an entry like any
//! other, so it can be undone as well.

use std::time::Instant;

use sea_orm::sea_query::Value;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseConnection, DbBackend};
use serde::Serialize;
use serde_json::json;

use super::report::shown;
use super::undo_rows::ByMember;
use super::{brought_back, undo_rows, undo_scores};
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::store::entities::push;
use crate::store::journal::{self, Entry, Table, now};
use crate::store::merges;
use crate::store::sql::{all, drop_temporary, one, run, temporary};
use crate::store::{self, Access, Target};
use crate::telemetry::{Event, Seconds, Stage, record, stage};

/// How many of the kept members are named.
const NAMED: u32 = 1_000;

/// A member who was left as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeptMember {
    /// Their number in the target
    pub member: u32,
    /// Their name; empty where they are not there any more
    pub name: String,
    /// The entry of the ledger that wrote them since; none where they are gone
    pub changed_by: Option<u32>,
}

/// What an undo does, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UndoReport {
    /// The entry that is taken back
    pub push: u32,
    /// The undo's own entry; none in a dry run
    pub undo: Option<u32>,
    /// Members that the entry had added and that are removed
    pub removed: u32,
    /// Members that it had changed and that are as before
    pub restored: u32,
    /// Members that it had removed and that are back
    pub brought_back: u32,
    /// Members that were changed since and are kept
    pub kept: u32,
    /// Other members of the clubs whose scores it had changed and that are as before
    pub scores_restored: u32,
    /// Those among them whose scores were changed since and are kept
    pub scores_kept: u32,
    /// The first of them
    pub kept_members: Vec<KeptMember>,
}

/// Takes back an entry of the ledger; with `dry_run` only tells what that would do.
///
/// # Errors
/// [`Code::NotFound`] without such an entry, [`Code::Refused`] where it was undone before, and as [`Target::write`]. Then
/// nothing was written.
pub async fn undo(
    access: &Access,
    id: u32,
    person: &str,
    profile: &str,
    dry_run: bool,
    job: &Job,
) -> Result<UndoReport> {
    let began = Instant::now();
    let undo = Undo { id: id.into(), person, profile };
    let work = Target::with(access, person, job, async |target| match dry_run {
        true => target.read(async |db| undo.look(db).await).await,
        false => target.write(async |db| undo.carry_out(db, job).await).await,
    });
    let report = stage(Stage::Undo, work).await?;
    if let Some(undo) = report.undo {
        record(Event::Undone {
            entry: report.push,
            undo,
            removed: report.removed,
            restored: report.restored,
            brought_back: report.brought_back,
            kept: report.kept,
            seconds: Seconds::since(began),
        });
    }
    Ok(report)
}

struct Undo<'u> {
    id: i64,
    person: &'u str,
    profile: &'u str,
}

/// Tables in an order in which their rows can be removed; reversed, they can be added.
static BY_MEMBER: [ByMember; 3] = [
    (
        &journal::SOURCE_RECORD,
        "INNER JOIN membership ON source_record.membership_id = membership.id",
        "membership.member_id",
    ),
    (&journal::MEMBERSHIP, "", "membership.member_id"),
    (&journal::MEMBER, "", "member.id"),
];

/// The members who can be taken back. Not as a join: SQLite would read the whole other table for it.
pub(super) const FREE: &str = "(SELECT undo_member.member_id FROM undo_member WHERE undo_member.kept = 0 AND undo_member.did <> 'scored')";

impl Undo<'_> {
    async fn look(&self, db: &DatabaseConnection) -> Result<UndoReport> {
        self.check(db).await?;
        brought_back::check_names(db, self.id).await?;
        self.find_members(db).await?;
        let report = self.report(db).await?;
        drop_temporary(db, &["undo_member"]).await?;
        Ok(report)
    }

    async fn carry_out(&self, db: &DatabaseConnection, job: &Job) -> Result<UndoReport> {
        let undone = self.check(db).await?;
        brought_back::check_names(db, self.id).await?;
        self.find_members(db).await?;
        let mut report = self.report(db).await?;
        let entry = journal::open(db, self.ledger(&report)).await?;
        // Each table is a step of the progress. Members go last: until then their memberships may be on the way to
        // others.
        let steps = u64::try_from(2 * BY_MEMBER.len()).ok();
        undo_scores::remove(db, self.id, entry).await?;
        let [theirs @ .., member] = BY_MEMBER;
        for (at, by_member) in (1..).zip(theirs) {
            undo_rows::remove_added(db, (self.id, entry), by_member, FREE).await?;
            job.report("undo", at, steps)?;
        }
        for (at, (table, ..)) in (BY_MEMBER.len() as u64..).zip(BY_MEMBER.into_iter().rev()) {
            self.bring_back(db, entry, table).await?;
            undo_rows::revert(db, (self.id, entry), table, FREE).await?;
            job.report("undo", at, steps)?;
        }
        undo_rows::remove_added(db, (self.id, entry), member, FREE).await?;
        undo_scores::restore(db, self.id, entry).await?;
        self.turn_rejects(db, entry).await?;
        // Last: now nobody refers to what only this entry needed.
        self.remove_lookups(db, entry, &report).await?;
        self.mark(db, &undone).await?;
        let (base, _) = merges::base(db, self.id).await?;
        merges::turn(db, base, self.id, entry, &now()).await?;
        let detail = json!({
            "undoes": self.id, "removed": report.removed, "restored": report.restored,
            "brought_back": report.brought_back, "kept": report.kept,
        });
        journal::audit(db, entry, self.person, "undo", &detail).await?;
        drop_temporary(db, &["undo_member"]).await?;
        report.undo = Some(shown(entry.id));
        Ok(report)
    }

    async fn check(&self, db: &DatabaseConnection) -> Result<push::Model> {
        let entry = store::push::by_id(db, self.id).await?.ok_or_else(|| Error::not_found("push"))?;
        if entry.undone.is_some() {
            return Err(Error::new(Code::Refused, "This was undone already")
                .with_help("To bring it back, undo the undo."));
        }
        Ok(entry)
    }

    /// `undo_member`: whose rows the entry wrote, what it did to them, and whether they can be taken back.
    async fn find_members(&self, db: &DatabaseConnection) -> Result<()> {
        let columns = "member_id BIGINT PRIMARY KEY, did TEXT, kept BIGINT, changed_by BIGINT, scores_kept BIGINT DEFAULT 0";
        let backend = db.get_database_backend();
        db.execute_unprepared(&temporary(backend, "undo_member", columns)).await?;
        let added = "INSERT INTO undo_member (member_id, did, kept, changed_by)
             SELECT member.id, 'added', CASE WHEN member.version = $1 THEN 0 ELSE 1 END, member.version
             FROM change CROSS JOIN member
             WHERE change.push_id = $1 AND change.table_name = 'member' AND change.before IS NULL AND change.after IS NULL
                 AND member.id BETWEEN change.first_id AND change.last_id";
        run(db, added, [self.id.into()]).await?;
        let written = "INSERT INTO undo_member (member_id, did, kept, changed_by)
             SELECT change.first_id,
                 CASE WHEN change.before IS NULL THEN 'added' WHEN change.after IS NULL THEN 'removed' ELSE 'changed' END,
                 CASE
                     WHEN change.after IS NULL AND member.id IS NULL THEN 0
                     WHEN member.version = CAST(change.after ->> 'version' AS bigint) THEN 0
                     ELSE 1
                 END,
                 member.version
             FROM change LEFT JOIN member ON change.first_id = member.id
             WHERE change.push_id = $1 AND change.table_name = 'member'
                 AND (change.before IS NOT NULL OR change.after IS NOT NULL)";
        run(db, written, [self.id.into()]).await?;
        // Whoever has the key of a membership by now keeps it.
        let taken = "UPDATE undo_member SET kept = 1, changed_by = taken.version
             FROM (
                 SELECT change.member_id AS id, max(member.version) AS version
                 FROM change
                 INNER JOIN membership ON membership.club_id = CAST(change.before ->> 'club_id' AS bigint)
                     AND membership.source_key = change.before ->> 'source_key'
                 INNER JOIN member ON membership.member_id = member.id
                 WHERE change.push_id = $1 AND change.table_name = 'membership' AND change.before IS NOT NULL
                     AND change.after IS NULL
                 GROUP BY change.member_id) AS taken
             WHERE undo_member.member_id = taken.id AND undo_member.kept = 0";
        run(db, taken, [self.id.into()]).await?;
        let (base, kind) = merges::base(db, self.id).await?;
        merges::keep_together(db, base, &kind).await?;
        undo_scores::find_members(db, self.id).await?;
        if backend == DbBackend::Postgres {
            db.execute_unprepared("ANALYZE undo_member").await?;
        }
        Ok(())
    }

    async fn report(&self, db: &DatabaseConnection) -> Result<UndoReport> {
        let counts = "SELECT
                 count(CASE WHEN kept = 0 AND did = 'added' THEN 1 END) AS removed,
                 count(CASE WHEN kept = 0 AND did = 'changed' THEN 1 END) AS restored,
                 count(CASE WHEN kept = 0 AND did = 'removed' THEN 1 END) AS brought_back,
                 count(CASE WHEN kept = 1 THEN 1 END) AS kept,
                 count(CASE WHEN did = 'scored' AND scores_kept = 0 THEN 1 END) AS scores_restored,
                 count(CASE WHEN did = 'scored' AND scores_kept = 1 THEN 1 END) AS scores_kept
             FROM undo_member";
        let row = one(db, counts, []).await?;
        let count = |name: &str| -> Result<u32> { Ok(shown(row.try_get("", name)?)) };
        let named = format!(
            "SELECT undo_member.member_id, undo_member.changed_by, member.given_name, member.family_name
             FROM undo_member LEFT JOIN member ON undo_member.member_id = member.id
             WHERE undo_member.kept = 1 ORDER BY undo_member.member_id LIMIT {NAMED}"
        );
        let mut kept_members = Vec::new();
        for row in all(db, &named, []).await? {
            let (given, family): (Option<String>, Option<String>) =
                (row.try_get("", "given_name")?, row.try_get("", "family_name")?);
            kept_members.push(KeptMember {
                member: shown(row.try_get("", "member_id")?),
                name: given.into_iter().chain(family).collect::<Vec<_>>().join(" "),
                changed_by: row.try_get::<Option<i64>>("", "changed_by")?.map(shown),
            });
        }
        Ok(UndoReport {
            push: shown(self.id),
            undo: None,
            removed: count("removed")?,
            restored: count("restored")?,
            brought_back: count("brought_back")?,
            kept: count("kept")?,
            scores_restored: count("scores_restored")?,
            scores_kept: count("scores_kept")?,
            kept_members,
        })
    }

    fn ledger(&self, report: &UndoReport) -> push::ActiveModel {
        let (back, restored) = (i64::from(report.brought_back), i64::from(report.restored));
        push::ActiveModel {
            undoes: Set(Some(self.id)),
            rows_read: Set(back + restored),
            staged: Set(back + restored),
            clean: Set(back + restored),
            inserted: Set(back),
            updated: Set(restored),
            removed: Set(report.removed.into()),
            ..journal::blank("undo", self.person, self.profile, &now())
        }
    }

    /// Companies, clubs, files and rejects that the entry had added, and that nothing refers to: only where nobody has
    /// written since, for an image that a later entry keeps may name them.
    async fn remove_lookups(&self, db: &DatabaseConnection, entry: Entry, report: &UndoReport) -> Result<()> {
        let later = "SELECT count(*) FROM push WHERE id > $1 AND id < $2 AND (kind IN ('push', 'edit') AND undone IS NULL OR kind IN ('merge', 'unmerge'))
             AND EXISTS (SELECT 1 FROM change WHERE change.push_id = push.id AND change.before IS NOT NULL)";
        let later: i64 = one(db, later, [self.id.into(), entry.id.into()]).await?.try_get_by_index(0)?;
        if report.kept > 0 || later > 0 {
            return Ok(());
        }
        for (table, free) in [
            (&journal::REJECT, "reject.replayed_by IS NULL"),
            (
                &journal::SOURCE_FILE,
                "NOT EXISTS (SELECT 1 FROM source_record WHERE source_record.source_file_id = source_file.id)
                 AND NOT EXISTS (SELECT 1 FROM reject WHERE reject.source_file_id = source_file.id)",
            ),
            (
                &journal::CLUB,
                "NOT EXISTS (SELECT 1 FROM membership WHERE membership.club_id = club.id)
                 AND NOT EXISTS (SELECT 1 FROM source_file WHERE source_file.club_id = club.id)
                 AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.club_id = club.id OR decision.other_club_id = club.id)",
            ),
            (&journal::COMPANY, "NOT EXISTS (SELECT 1 FROM member WHERE member.company_id = company.id)"),
        ] {
            let name = table.name;
            let which = format!("WHERE {free} AND {}", journal::added_by(name));
            journal::keep_before(db, entry, table, "NULL", &which, [self.id.into()]).await?;
            undo_rows::remove_kept(db, entry, name).await?;
        }
        Ok(())
    }

    /// Rows that the entry had removed come back as they were; what members refer to comes before them.
    async fn bring_back(&self, db: &DatabaseConnection, entry: Entry, table: &'static Table) -> Result<()> {
        let undone = (self.id, entry);
        if table.name == journal::MEMBER.name {
            for lookup in [&journal::COMPANY, &journal::CLUB, &journal::SOURCE_FILE, &journal::REJECT] {
                undo_rows::bring_back(db, undone, lookup, "change.member_id IS NULL").await?;
            }
        }
        undo_rows::bring_back(db, undone, table, &format!("change.member_id IN {FREE}")).await
    }

    /// Rows of the inbox that a replay took in are open again, and those that an undo opened are taken in again: where
    /// their member was taken back, and nobody has changed them since.
    async fn turn_rejects(&self, db: &DatabaseConnection, entry: Entry) -> Result<()> {
        let which = format!(
            "INNER JOIN change ON change.first_id = reject.id
             WHERE change.push_id = $1 AND change.table_name = 'reject' AND change.before IS NOT NULL
                 AND reject.version = CAST(change.after ->> 'version' AS bigint)
                 AND coalesce(reject.replayed_by, 0) = coalesce(CAST(change.after ->> 'replayed_by' AS bigint), 0)
                 AND (change.member_id IS NULL OR change.member_id IN {FREE})"
        );
        let table = &journal::REJECT;
        if journal::keep_before(db, entry, table, "change.member_id", &which, [self.id.into()]).await? == 0 {
            return Ok(());
        }
        let from = format!(
            "SELECT change.first_id AS id, change.before AS image FROM change
             WHERE change.push_id = $1 AND change.table_name = 'reject' AND change.before IS NOT NULL
                 AND change.after IS NOT NULL AND change.first_id IN (
                     SELECT kept.first_id FROM change AS kept
                     WHERE kept.push_id = {} AND kept.table_name = 'reject')",
            entry.id
        );
        run(db, &table.revert(db.get_database_backend(), &from), [self.id.into()]).await?;
        journal::keep_after(db, entry, table).await
    }

    /// The entry is undone; one that it had undone itself is not so any more.
    async fn mark(&self, db: &DatabaseConnection, undone: &push::Model) -> Result<()> {
        let values: [Value; 2] = [now().into(), self.id.into()];
        run(db, "UPDATE push SET undone = $1 WHERE id = $2", values).await?;
        let Some(redone) = undone.undoes else { return Ok(()) };
        let done = run(db, "UPDATE push SET undone = NULL WHERE id = $1", [redone.into()]).await;
        done.map(|_| ()).map_err(|error| match error.code() {
            Code::Database => {
                Error::new(Code::Refused, "The same import was pushed again since it was taken back")
                    .with_help("Undo that push first.")
            }
            _ => error,
        })
    }
}
