//! The statements that a push will run, in order, for people who want to see the SQL before. Made of the same texts that
//! the push runs; cells' values are never part of them, but go to the database beside them.

use sea_orm::{DbBackend, EntityTrait, QueryTrait};
use serde::Serialize;

use super::carry_out::{FINISH, TABLES, insert_files_sql};
use super::plan::Stamp;
use super::readings::{INSERT_COMPANY_LIST, INSERT_READING, NOTE_READING};
use super::report::PlanCounts;
use super::rows::count;
use super::scores::{self, ScoreCounts};
use super::{PlanRequest, drift, member_merges, merge, origins, planned, rejects, removal};
use crate::error::Result;
use crate::store::entities::push;
use crate::store::journal::{self, EntryText};
use crate::store::{Access, lock};

/// A statement of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlannedStatement {
    /// What it is for
    pub purpose: String,
    /// Its text, with placeholders: `$1`, `$2`, …; `:entry` and `:year` are those of the push's entry in the ledger
    pub sql: String,
    /// Rows that it writes, where the plan knows
    pub rows: Option<u32>,
}

/// The statements of a push of the plan that was made last, in order. Nothing is asked of the database. A SQLite database
/// gets new members in pieces of 50,000 rows, each with the same statements.
///
/// # Errors
/// [`crate::Code::NotFound`] without staged rows.
pub async fn plan_statements(request: &PlanRequest) -> Result<Vec<PlannedStatement>> {
    let request = request.clone();
    crate::imports::blocking(move || {
        let (_, counts) = count(&request.staged)?;
        let backend = match request.access {
            Access::Postgres(_) => DbBackend::Postgres,
            Access::Sqlite(_) => DbBackend::Sqlite,
        };
        let entry = EntryText { id: ":entry".to_owned(), year: ":year".to_owned() };
        let rescored = Stamp::kept(&request.staged)?.and_then(|stamp| stamp.scores).unwrap_or_default();
        let several = origins::pieces(&request)? > 0;
        let push = Push { request: &request, counts, rescored, backend, entry, several };
        let tidied =
            |statement: PlannedStatement| PlannedStatement { sql: tidied(&statement.sql), ..statement };
        Ok(push.statements().into_iter().map(tidied).collect())
    })
    .await
}

/// The text without what its lines are indented by in Muster's own sources.
fn tidied(sql: &str) -> String {
    let lines: Vec<&str> = sql.trim().lines().map(str::trim_end).collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().skip(1).filter(|line| !line.is_empty()).map(indent).min().unwrap_or_default();
    let first = lines.iter().take(1).copied();
    first
        .chain(lines.iter().skip(1).map(|line| line.get(common..).unwrap_or_default()))
        .collect::<Vec<_>>()
        .join("\n")
}

pub(super) struct Push<'p> {
    pub(super) request: &'p PlanRequest,
    pub(super) counts: PlanCounts,
    pub(super) rescored: ScoreCounts,
    pub(super) backend: DbBackend,
    pub(super) entry: EntryText,
    /// Some members are made of several rows
    pub(super) several: bool,
}

pub(super) fn said(purpose: &str, sql: impl Into<String>, rows: Option<u32>) -> PlannedStatement {
    PlannedStatement { purpose: purpose.to_owned(), sql: sql.into(), rows }
}

impl Push<'_> {
    pub(super) fn statements(&self) -> Vec<PlannedStatement> {
        let mut all = self.load();
        all.extend(self.open());
        all.extend(self.insert());
        all.extend(self.update());
        if self.several {
            let sql = origins::insert_sql(self.backend);
            all.push(said("Note where the values of members with several rows come from", sql, None));
        }
        all.extend(self.remove());
        all.extend(self.scores());
        all.extend(self.refuse());
        all.extend(self.close());
        all
    }

    fn removed(&self) -> u32 {
        if self.request.remove_missing { self.counts.remove } else { 0 }
    }

    /// What is brought to the database before the lock is taken.
    fn load(&self) -> Vec<PlannedStatement> {
        let PlanCounts { insert, update, .. } = self.counts;
        let mut all = match self.backend {
            DbBackend::Postgres => vec![
                said("Make room for the planned rows, for this transaction only", planned::table_sql(), None),
                said("Bring the planned rows", planned::COPY, Some(insert + update)),
            ],
            _ => vec![said(
                "See the planned rows in the import’s own file",
                planned::view_sql(),
                Some(insert + update),
            )],
        };
        all.push(said("Bring the files of the import", insert_files_sql(self.backend), None));
        if self.request.remove_missing && self.counts.remove > 0 {
            all.push(said(
                "Bring the memberships to be removed",
                removal::insert_sql(self.backend),
                Some(self.counts.remove),
            ));
        }
        if self.counts.merges > 0 {
            let sql = member_merges::insert_sql(self.backend);
            all.push(said("Bring the members who become one", sql, Some(self.counts.merges)));
        }
        all
    }

    /// Under the lock: sources, the check for drift, the ledger's entry.
    fn open(&self) -> Vec<PlannedStatement> {
        let mut all = Vec::new();
        if self.backend == DbBackend::Postgres {
            all.push(said("Take the writers’ lock", lock::take_sql(), None));
        }
        let row = journal::blank("push", "", "", "");
        let ledger = push::Entity::insert(row).build(self.backend).sql;
        all.extend([
            said("Find the clubs and files that are there", merge::FIND_FILES, None),
            said("Add clubs", merge::INSERT_CLUBS, None),
            said("Find the clubs that were added", merge::FIND_FILES, None),
            said("Add files", merge::INSERT_SOURCE_FILES, None),
            said("Find the files that were added", merge::FIND_FILES, None),
            said("Refuse if a new member is there by now", drift::ADDED, Some(0)),
            said("Refuse if a member was changed meanwhile", drift::CHANGED, Some(0)),
        ]);
        if self.removed() > 0 {
            all.push(said("Refuse if one of the removed was changed", removal::DRIFTED, Some(0)));
        }
        if self.counts.merges > 0 {
            let purpose = "Refuse if a member who becomes one with another was changed meanwhile";
            all.push(said(purpose, member_merges::DRIFTED, Some(0)));
        }
        all.extend([
            said("Open the entry of the ledger", ledger, Some(1)),
            said("Add companies", merge::INSERT_COMPANIES, None),
        ]);
        all
    }

    fn insert(&self) -> Vec<PlannedStatement> {
        let rows = Some(self.counts.insert);
        if self.counts.insert == 0 {
            return Vec::new();
        }
        vec![
            said("Add members", merge::INSERT_MEMBERS, Some(self.counts.insert - self.counts.joins)),
            said("Add their memberships", merge::INSERT_MEMBERSHIPS, rows),
            said("Note where they come from", merge::INSERT_SOURCE_RECORDS, rows),
        ]
    }

    fn update(&self) -> Vec<PlannedStatement> {
        let (rows, members) = (Some(self.counts.update), Some(self.counts.members_written));
        if self.counts.members_written == 0 && self.counts.merges == 0 {
            return Vec::new();
        }
        let before = |table, member, which: &str| {
            journal::keep_before_sql(self.backend, &self.entry, table, member, which)
        };
        let after = |table| journal::keep_after_sql(self.backend, &self.entry, table);
        let (member, membership) = (&journal::MEMBER, &journal::MEMBERSHIP);
        let (of_member, of_membership) = merge::of_rows(self.counts.merges);
        let mut all = Vec::new();
        if self.counts.merges > 0 {
            let theirs = before(membership, "planned_merge.member_id", member_merges::THEIRS);
            all.extend([
                said(
                    "Keep how members who become one are",
                    before(member, "member.id", member_merges::BOTH),
                    None,
                ),
                said("Keep how their memberships are", theirs, None),
            ]);
        }
        all.extend([
            said("Keep how changing members are", before(member, "member.id", &of_member), members),
            said(
                "Keep how their memberships are",
                before(membership, "membership.member_id", &of_membership),
                rows,
            ),
        ]);
        all.extend(self.merge());
        all.extend([
            said("Change members", merge::UPDATE_MEMBERS, members),
            said("Change their memberships", merge::UPDATE_MEMBERSHIPS, rows),
            said("Note where the changes come from", merge::INSERT_CHANGED_RECORDS, rows),
            said("Keep how the members became", after(member), members),
            said("Keep how the memberships became", after(membership), rows),
        ]);
        all
    }

    /// Members who become one.
    fn merge(&self) -> Vec<PlannedStatement> {
        if self.counts.merges == 0 {
            return Vec::new();
        }
        let (update, rows) = (member_merges::update_sql(self.backend), Some(self.counts.merges));
        vec![
            said("Give who stays what comes from who goes", update, None),
            said("Move memberships to who stays", member_merges::MOVE, None),
            said("Remove who goes", member_merges::DELETE, rows),
            said("Note who was merged into whom", member_merges::NOTE, rows),
        ]
    }

    fn remove(&self) -> Vec<PlannedStatement> {
        let removed = self.removed();
        if removed == 0 {
            return Vec::new();
        }
        let members = (&journal::MEMBER, "member.id", removal::KEPT_MEMBERS);
        let kept = removal::KEPT.into_iter().chain([members]).map(|(table, member, which)| {
            let sql = journal::keep_before_sql(self.backend, &self.entry, table, member, which);
            said("Keep what is removed", sql, None)
        });
        let mut all: Vec<_> = kept.collect();
        all.extend([
            said("Remove scores", removal::DELETE_SCORES, None),
            said("Remove where they come from", removal::DELETE_RECORDS, None),
            said("Remove memberships", removal::DELETE_MEMBERSHIPS, Some(removed)),
            said("Remove members who are in no club any more", removal::DELETE_MEMBERS, None),
            said("Give the others their new version", removal::UPDATE_LEFT, None),
        ]);
        let after = journal::keep_after_sql(self.backend, &self.entry, &journal::MEMBER);
        all.push(said("Keep how they became", after, None));
        all
    }

    fn scores(&self) -> Vec<PlannedStatement> {
        let Some(plan) = &self.request.scores else { return Vec::new() };
        scores::shown_statements(plan, self.backend, &self.entry, &self.rescored)
    }

    /// The reject inbox.
    fn refuse(&self) -> Vec<PlannedStatement> {
        if self.counts.reject == 0 {
            return Vec::new();
        }
        let mut all = Vec::new();
        if !self.request.readings.companies.is_empty() {
            all.push(said("Keep the company list for the reject inbox", INSERT_COMPANY_LIST, None));
        }
        if !self.request.readings.files.is_empty() {
            all.push(said("Keep how the files of refused rows were read", INSERT_READING, None));
            all.push(said("Note that for their rows", NOTE_READING, None));
        }
        let insert = rejects::insert_sql(self.backend);
        all.push(said("Put refused rows into the reject inbox", insert, Some(self.counts.reject)));
        all
    }

    fn close(&self) -> Vec<PlannedStatement> {
        let note = |table| journal::note_added_sql(&self.entry, table);
        let mut all: Vec<PlannedStatement> = TABLES
            .iter()
            .map(|table| said(&format!("Note what was added to {}", table.name), note(table), None))
            .collect();
        all.push(said("Add an entry to the audit", journal::INSERT_AUDIT, Some(1)));
        all.push(said("Note when the push was done", FINISH, Some(1)));
        all.push(said("Make all of it visible at once", "COMMIT", None));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Job;
    use crate::push::{Fate, Readings, ScorePlan, ScoreSettings, push};
    use crate::push::{PushMode, make_plan, plan_rows};
    use crate::store::fixture::Fixture;
    use crate::store::sql::recorded;

    /// What the push runs, but for what it only reads and what goes past [`crate::store::sql::run`].
    fn without_reads(push: &Push<'_>) -> Vec<String> {
        let all = push.statements().into_iter().map(|statement| statement.sql);
        let past = |sql: &String| {
            !sql.starts_with("SELECT")
                && !sql.starts_with("CREATE")
                && sql != "COMMIT"
                && !sql.contains("\"push\"")
        };
        all.filter(past)
            .filter(|sql| ![INSERT_READING, INSERT_COMPANY_LIST].contains(&sql.as_str()))
            .collect()
    }

    #[tokio::test]
    async fn what_is_shown_is_what_the_push_runs() {
        let fixture = Fixture::clubs();
        for (round, mode) in [PushMode::InsertNew, PushMode::Update, PushMode::Mirror].into_iter().enumerate()
        {
            let recipe = format!("{{\"round\":{round}}}");
            let request = PlanRequest {
                mode,
                remove_missing: mode == PushMode::Mirror,
                readings: Readings::default(),
                scores: Some(ScorePlan::new(ScoreSettings::default()).unwrap()),
                ..fixture.request(&recipe)
            };
            let plan = make_plan(&request, &Job::silent()).await.unwrap();
            recorded::take();
            let report = push(&request, &plan.package, &Job::silent()).await.unwrap();
            let mut ran = recorded::take();
            assert!(ran.remove(0).starts_with("ATTACH"), "the import's own file, whose path is a value");
            let year = fixture.number("SELECT year FROM audit_entry ORDER BY id DESC LIMIT 1").to_string();
            let entry = EntryText { id: report.push.to_string(), year };
            let shown = Push {
                request: &request,
                counts: plan.counts,
                rescored: plan.scores.unwrap_or_default(),
                backend: DbBackend::Sqlite,
                entry,
                several: false,
            };
            assert_eq!(without_reads(&shown), ran, "{mode:?}");
            assert_eq!(mode == PushMode::InsertNew, plan.counts.update == 0, "{:?}", plan.counts);
            // Changes somebody, and takes somebody away, for the next rounds.
            fixture.set(1, &format!("state = '{}'", ["WA", "OR", "TX"][round]));
            if round == 1 {
                fixture.db.execute("DELETE FROM staged_row WHERE membership_key = 'k-cy'", []).unwrap();
            }
        }
    }

    #[test]
    fn lines_are_shown_without_what_all_of_them_are_indented_by() {
        assert_eq!(tidied("SELECT 1,\n         2\n             FROM a\n"), "SELECT 1,\n2\n    FROM a");
        assert_eq!(tidied("COMMIT"), "COMMIT");
    }

    #[tokio::test]
    async fn no_value_of_a_cell_is_shown() {
        let mut fixture = Fixture::new();
        fixture.file(1, "canary-file.csv", "Canary Club");
        let row = fixture.member(1, "canary-key", "CanaryGiven", "CanaryFamily", 0);
        fixture.set(row, "company = 'CanaryCompany', email = 'canary@example.org'");
        let request = fixture.request("{\"canary\":1}");
        make_plan(&request, &Job::silent()).await.unwrap();
        assert_eq!(plan_rows(&request.staged, Fate::Insert, 0, 9).await.unwrap().total, 1);
        let shown = plan_statements(&request).await.unwrap();
        assert_eq!(shown.iter().find(|one| one.purpose == "Add members").unwrap().rows, Some(1));
        assert!(shown.iter().all(|one| !one.sql.to_lowercase().contains("canary")));
        assert!(shown.iter().any(|one| one.sql.contains(":entry")));
    }
}
