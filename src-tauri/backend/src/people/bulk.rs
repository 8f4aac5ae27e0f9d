//! Many groups at once: those without a conflict become one person each, after a preview, by one decision.

use muster_engine::Field;
use muster_engine::decisions::RecipeDecisions;
use muster_engine::resolve::{Record, resolve};
use rusqlite::params_from_iter;

use super::decide::{Who, same_pairs};
use super::queue::{Filter, GROUP, Group, ORDER, group};
use super::record::{Known, bit, fields_of};
use super::session::Session;
use super::view::{BulkMerged, BulkPreview, BulkSample, FieldCount, QueueKind, QueueQuery};
use crate::error::Result;
use crate::imports::{Imports, small};
use crate::progress::Job;
use crate::store::decision::{self, DecisionSet};

/// Groups that a preview shows.
const SAMPLES: u32 = 8;
/// Groups from which all is settled anew rather than one by one.
const MANY: usize = 200;

impl Imports {
    /// What a bulk merge of the groups to review that a query finds would do. Groups with a conflict are left out.
    ///
    /// # Errors
    /// When the records have not been compared yet.
    pub async fn people_bulk_preview(&self, id: u32, query: QueueQuery) -> Result<BulkPreview> {
        let import = self.import(id).await?;
        self.in_session(import.id, move |session| preview(session, &query)).await
    }

    /// Makes the conflict-free groups to review that a query finds one person each. It is one decision, which can be
    /// reverted as a whole. Progress is reported as `people_merge`, in groups.
    ///
    /// # Errors
    /// When the records have not been compared yet, the workspace cannot be written, or the job is cancelled; then nothing
    /// is decided.
    pub async fn people_bulk_merge(&self, id: u32, query: QueueQuery, job: &Job) -> Result<BulkMerged> {
        let import = self.import(id).await?;
        let who = Who::here();
        let gather = {
            let (job, who) = (job.clone(), who.clone());
            move |session: &mut Session<'_>| gather(session, &query, &who, &job)
        };
        let merge = self.in_session(import.id, gather).await?;
        let mut decision = None;
        if merge.groups > 0 {
            let set = DecisionSet {
                id: 0,
                kind: "bulk".to_owned(),
                label: format!("{} groups without a conflict are one person each", merge.groups),
                groups: i64::from(merge.groups),
                person: who.person,
                decided: who.now,
                reverted: None,
            };
            decision = Some(decision::add(self.db(), &set, &merge.parts).await?);
            self.touch(import.id).await?;
        }
        let groups = merge.groups;
        let (records, job) = (merge.records, job.clone());
        let touched = small(i64::try_from(records.len()).unwrap_or_default());
        // What was decided is kept: a cancel now comes too late.
        let _ = job;
        let counts = self
            .in_session(import.id, move |session| {
                let settler = session.settler()?;
                session.in_transaction(|| match groups as usize {
                    MANY.. => settler.settle_all(&Job::silent()),
                    _ => settler.settle_around(&records),
                })?;
                session.counts()
            })
            .await?;
        Ok(BulkMerged { decision: decision.map(small), groups, records: touched, counts })
    }
}

/// The groups that a bulk merge takes.
fn condition(filter: &Filter) -> String {
    format!(
        "kind = {} AND conflict_free = 1 AND {}",
        super::tables::code(QueueKind::ToReview),
        filter.condition
    )
}

fn preview(session: &Session<'_>, query: &QueueQuery) -> Result<BulkPreview> {
    let db = session.staging.connection();
    let filter = Filter::new(query);
    let values = || params_from_iter(filter.values.iter());
    let sql =
        format!("SELECT count(*), coalesce(sum(records), 0) FROM staged_group WHERE {}", condition(&filter));
    let (groups, records) = db.query_row(&sql, values(), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let to_review = super::tables::code(QueueKind::ToReview);
    let sql = format!(
        "SELECT count(*) FROM staged_group WHERE kind = {to_review} AND conflict_free = 0 AND {}",
        filter.condition
    );
    let left = db.query_row(&sql, values(), |row| row.get(0))?;
    let mut fields = Vec::new();
    for field in Field::ALL {
        let sql = format!(
            "SELECT count(*) FROM staged_group WHERE fields & {} <> 0 AND {}",
            bit(field),
            condition(&filter)
        );
        let groups = db.query_row(&sql, values(), |row| row.get(0))?;
        if groups > 0 {
            fields.push(FieldCount { field, groups });
        }
    }
    let sql = format!(
        "SELECT {GROUP} FROM staged_group WHERE {} ORDER BY {ORDER} LIMIT {SAMPLES}",
        condition(&filter)
    );
    let mut statement = db.prepare(&sql)?;
    let found = statement.query_map(values(), group)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let samples = found.iter().map(|group| sample(session, group)).collect::<Result<_>>()?;
    Ok(BulkPreview { groups, records, left, samples, fields })
}

fn sample(session: &Session<'_>, group: &Group) -> Result<BulkSample> {
    let records = session.records(group.id)?;
    let flat: Vec<Record<'_>> = records.iter().flat_map(|(known, _)| known.records()).collect();
    let rules = session.rules();
    let member = resolve(&flat, &rules, session.book.values());
    let parts = [Field::Prefix, Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix];
    let name = parts.iter().filter_map(|part| member.value(*part)).collect::<Vec<_>>().join(" ");
    Ok(BulkSample { item: session.item(group)?, name, fields: fields_of(group.fields) })
}

/// What a bulk merge decides.
struct Merge {
    groups: u32,
    records: Vec<u32>,
    parts: RecipeDecisions,
}

fn gather(session: &Session<'_>, query: &QueueQuery, who: &Who, job: &Job) -> Result<Merge> {
    let db = session.staging.connection();
    let filter = Filter::new(query);
    let sql = format!("SELECT id FROM staged_group WHERE {} ORDER BY {ORDER}", condition(&filter));
    let mut statement = db.prepare(&sql)?;
    let groups = statement.query_map(params_from_iter(filter.values.iter()), |row| row.get(0))?;
    let groups: Vec<u32> = groups.collect::<rusqlite::Result<_>>()?;
    let mut merge = Merge { groups: 0, records: Vec::new(), parts: RecipeDecisions::default() };
    for (done, group) in (0_u64..).zip(&groups) {
        job.report("people_merge", done, Some(groups.len() as u64))?;
        let records = session.records(*group)?;
        let known: Vec<&Known> = records.iter().map(|(known, _)| known).collect();
        merge.parts.pairs.extend(same_pairs(&known, who));
        merge.records.extend(known.iter().map(|known| known.record));
        merge.groups += 1;
    }
    Ok(merge)
}
