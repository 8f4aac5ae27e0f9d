//! The plan: every row's fate in the target, kept with the staged rows.

use std::collections::{HashMap, HashSet};

use muster_engine::recipe::PushMode;
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};

use super::PlanRequest;
use super::details::Details;
use super::fates::{Candidate, Fates, Found, Removal, hash};
use super::impact::Impact;
use super::present::{self, Present};
use super::report::{Fate, FieldImpact, PlanView, shown};
use super::rows::count;
use super::sentence::{Added, sentence};
use crate::error::Result;
use crate::progress::Job;
use crate::store::{self, Target};

/// Rows that are looked up together.
const CHUNK: i64 = 5_000;

/// Finds every row's fate and keeps it in the staging database, for [`super::plan_rows`] to show and
/// [`super::push()`] to carry out. Rows that repeat a key of the same source are compared with the first that has it.
/// Nothing is written to the target. Progress is reported as `plan`, in rows.
///
/// # Errors
/// [`crate::Code::Cancelled`] when cancelled (the plan is as before), [`crate::Code::NotFound`] without staged
/// rows, and as [`Target::open`].
pub async fn make_plan(request: &PlanRequest, job: &Job) -> Result<PlanView> {
    let target = Target::open_for(&request.access, &request.person, job).await?;
    // A server does not keep a transaction open for long that says nothing: what only looks at the rows comes before.
    let fates = Fates::begin(&request.staged)?;
    let rows = Rows { files: fates.files()?.into_iter().collect(), repeats: fates.repeats()? };
    let compared = target.read(async |db| compare(db, &fates, rows, request, job).await).await;
    target.close().await?;
    let Compared { impact, added, repeat } = compared?;
    let package = request.package_id();
    fates.keep(&serde_json::to_string(&Stamp { package: package.clone() }).unwrap_or_default())?;
    let (_, counts) = count(&request.staged)?;
    Ok(PlanView {
        profile: request.profile.clone(),
        mode: request.mode,
        sentence: sentence(&counts, added, &impact, &request.profile.name),
        counts,
        impact,
        package,
        repeat_of: repeat.map(shown),
    })
}

/// What the push needs to know of its plan; kept in `staged_state` as `plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// The package that the plan was made for
    pub(super) package: String,
}

/// What the rows are, without a look at the target.
struct Rows {
    /// The source of each file
    files: HashMap<i64, String>,
    /// For rows that repeat the key of an earlier one: that one
    repeats: HashMap<i64, i64>,
}

/// What the comparison with the target found beyond the rows' fates.
struct Compared {
    impact: Vec<FieldImpact>,
    added: Added,
    /// The push that has carried out the package already
    repeat: Option<i64>,
}

async fn compare(
    db: &DatabaseConnection,
    fates: &Fates,
    rows: Rows,
    request: &PlanRequest,
    job: &Job,
) -> Result<Compared> {
    let planner = Planner::new(db, fates, rows, request.mode).await?;
    let new_clubs = planner.sources.values().filter(|club| club.is_none()).count();
    let impact = planner.plan_rows(job).await?.measured(db).await?;
    let companies = present::new_companies(db, &fates.companies()?).await?;
    let repeat = store::push::carried_out(db, &request.package_id()).await?;
    let added = Added {
        clubs: u32::try_from(new_clubs).unwrap_or(u32::MAX),
        companies: u32::try_from(companies).unwrap_or(u32::MAX),
    };
    Ok(Compared { impact, added, repeat: repeat.map(|push| push.id) })
}

struct Planner<'p> {
    db: &'p DatabaseConnection,
    fates: &'p Fates,
    mode: PushMode,
    rows: Rows,
    /// The club of each source, where the target has it
    sources: HashMap<String, Option<i64>>,
}

impl<'p> Planner<'p> {
    async fn new(
        db: &'p DatabaseConnection,
        fates: &'p Fates,
        rows: Rows,
        mode: PushMode,
    ) -> Result<Planner<'p>> {
        let names: HashSet<&String> = rows.files.values().collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let clubs = present::clubs(db, &names).await?;
        let sources = names.into_iter().map(|name| (name.clone(), clubs.get(&name).copied())).collect();
        Ok(Planner { db, fates, mode, rows, sources })
    }

    async fn plan_rows(&self, job: &Job) -> Result<Impact> {
        let mut impact = Impact::default();
        // A person is changed once in a push, and by a row that agrees with all others about them.
        let mut changed = HashSet::new();
        let last = self.fates.last_row()?;
        let mut after = 0;
        while after < last {
            let upto = after.saturating_add(CHUNK).min(last);
            let candidates = self.fates.candidates(after, upto)?;
            let present = self.look_up(&candidates).await?;
            let mut found = Vec::with_capacity(candidates.len());
            for candidate in &candidates {
                found.push(self.fate(candidate, &present, &mut changed, &mut impact)?);
            }
            self.fates.add(&found)?;
            job.report("plan", upto.cast_unsigned(), u64::try_from(last).ok())?;
            after = upto;
        }
        if self.mode == PushMode::Mirror {
            self.plan_removals(job).await?;
        }
        Ok(impact)
    }

    /// What the target has of the candidates, by file and key.
    async fn look_up(&self, candidates: &[Candidate]) -> Result<HashMap<i64, HashMap<String, Present>>> {
        let mut by_file: HashMap<i64, Vec<&Candidate>> = HashMap::new();
        for candidate in candidates {
            by_file.entry(candidate.file).or_default().push(candidate);
        }
        let mut present = HashMap::new();
        for (file, candidates) in by_file {
            let club =
                self.rows.files.get(&file).and_then(|source| self.sources.get(source).copied().flatten());
            if let Some(club) = club {
                present.insert(file, present::by_key(self.db, club, &candidates).await?);
            }
        }
        Ok(present)
    }

    fn fate(
        &self,
        candidate: &Candidate,
        present: &HashMap<i64, HashMap<String, Present>>,
        changed: &mut HashSet<i64>,
        impact: &mut Impact,
    ) -> Result<Found> {
        if let Some(&first) = self.rows.repeats.get(&candidate.row) {
            let same = self.fates.details(first)? == candidate.details;
            let fate = if same { Fate::SkipIdentical } else { Fate::Conflict };
            return Ok(Found { same_key_row: Some(first), ..Found::new(candidate.row, fate) });
        }
        let there = present.get(&candidate.file).and_then(|keys| keys.get(&candidate.key));
        let Some(there) = there else { return Ok(Found::new(candidate.row, Fate::Insert)) };
        let (mut fate, mut made) = candidate.details.decide(&there.details, self.mode);
        if fate == Fate::Update && !changed.insert(there.member) {
            (fate, made) = (Fate::Conflict, None);
        }
        if let Some(made) = &made {
            impact.add(&there.details, made);
        }
        let theirs = (fate != Fate::SkipIdentical).then(|| there.details.to_json());
        Ok(Found {
            membership: Some(there.membership),
            member: Some(there.member),
            version: Some(there.version),
            theirs,
            made: made.as_ref().map(Details::to_json),
            ..Found::new(candidate.row, fate)
        })
    }

    /// Memberships of the lists' clubs that no row has, whatever became of the row.
    async fn plan_removals(&self, job: &Job) -> Result<()> {
        for (source, club) in &self.sources {
            let Some(club) = *club else { continue };
            let keys = self.fates.keys(source)?;
            let mut after = 0;
            loop {
                let page = present::page(self.db, club, after, 5_000).await?;
                let Some(last) = page.last() else { break };
                after = last.membership;
                let gone = page.iter().filter(|there| !keys.contains(&hash(&there.key)));
                let removals: Vec<Removal> = gone
                    .map(|there| Removal {
                        membership: there.membership,
                        member: there.member,
                        version: there.version,
                        source: source.clone(),
                        theirs: there.details.to_json(),
                    })
                    .collect();
                self.fates.add_removals(&removals)?;
                job.report("plan", 0, None)?;
            }
        }
        Ok(())
    }
}
