//! The plan: every row's fate in the target, kept with the staged rows.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::time::Instant;

use muster_engine::recipe::PushMode;
use muster_engine::resolve::FieldSet;
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};

use super::PlanRequest;
use super::details::Details;
use super::fates::{Candidate, Fates, Found, Removal, hash, kept_stamp};
use super::hand_edits::fields_by_hand;
use super::impact::Impact;
use super::member_merges::Merging;
use super::people::People;
use super::present::{self, KnownMember, Present};
use super::report::{Fate, FieldImpact, PlanView, shown};
use super::rows::count;
use super::scores::{self, Memberships, ScoreCounts, ScorePlan};
use super::sentence::{Added, sentence};
use crate::error::Result;
use crate::progress::Job;
use crate::store::{self, SqliteAccess, Target, journal};
use crate::telemetry::{Event, ProfileId, Seconds, Stage, record, stage};

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
    let began = Instant::now();
    let plan = stage(Stage::Plan, plan_for(request, job)).await?;
    record(Event::Planned {
        profile: ProfileId::of(&plan.profile.name),
        environment: plan.profile.environment,
        driver: plan.profile.driver,
        mode: plan.mode,
        insert: plan.counts.insert,
        update: plan.counts.update,
        skip_identical: plan.counts.skip_identical,
        skip_different: plan.counts.skip_different,
        conflict: plan.counts.conflict,
        reject: plan.counts.reject,
        remove: plan.counts.remove,
        merges: plan.counts.merges,
        seconds: Seconds::since(began),
    });
    Ok(plan)
}

async fn plan_for(request: &PlanRequest, job: &Job) -> Result<PlanView> {
    let target = Target::open_for(&request.access, &request.person, job).await?;
    // A server does not keep a transaction open for long that says nothing: what only looks at the rows comes before.
    let fates = Fates::begin(&request.staged)?;
    let rows = Rows { files: fates.files()?.into_iter().collect(), repeats: fates.repeats()? };
    let planned = plan_on(&target, fates, rows, request, job).await;
    target.close().await?;
    let (Compared { impact, added, repeat, .. }, stamp) = planned?;
    let (_, counts) = count(&request.staged)?;
    Ok(PlanView {
        profile: request.profile.clone(),
        mode: request.mode,
        sentence: sentence(&counts, added, stamp.scores, &impact, &request.profile.name),
        counts,
        impact,
        scores: stamp.scores,
        package: stamp.package,
        repeat_of: repeat.map(shown),
    })
}

async fn plan_on(
    target: &Target,
    fates: Fates,
    rows: Rows,
    request: &PlanRequest,
    job: &Job,
) -> Result<(Compared, Stamp)> {
    let compared = target.read(async |db| compare(db, &fates, rows, request, job).await).await?;
    let package = request.package_id();
    let mut stamp = Stamp { package, fates: request.fates_id(), ledger: compared.ledger, scores: None };
    fates.keep(&stamp.text())?;
    // A package that was pushed before changes no scores either.
    if let Some(plan) = request.scores.as_ref().filter(|_| compared.repeat.is_none()) {
        stamp.scores = Some(target.read(async |db| count_scores(db, request, plan, job).await).await?);
        super::fates::stamp(&request.staged, &stamp.text())?;
    }
    Ok((compared, stamp))
}

async fn count_scores(
    db: &DatabaseConnection,
    request: &PlanRequest,
    plan: &ScorePlan,
    job: &Job,
) -> Result<ScoreCounts> {
    let memberships = Memberships { db, staged: &request.staged, removes: request.remove_missing };
    scores::count(&memberships, plan, job).await
}

/// Whether the plan that is kept has the fates that a plan would find now: nothing was written to the target since.
pub(super) async fn is_planned(db: &DatabaseConnection, request: &PlanRequest) -> Result<bool> {
    let stamp = Stamp::kept(&request.staged)?;
    let ledger = journal::last_entry(db).await?;
    Ok(stamp.is_some_and(|stamp| stamp.fates == request.fates_id() && stamp.ledger == ledger))
}

/// What the push needs to know of its plan; kept in `staged_state` as `plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// The package that the plan was made for
    pub(super) package: String,
    /// Of the package without its scores
    #[serde(default)]
    pub(super) fates: String,
    /// The last entry of the target's ledger
    #[serde(default)]
    pub(super) ledger: i64,
    /// What becomes of scores
    #[serde(default)]
    pub(super) scores: Option<ScoreCounts>,
}

impl Stamp {
    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Of the plan that is kept with the staged rows.
    pub(super) fn kept(staged: &SqliteAccess) -> Result<Option<Stamp>> {
        Ok(kept_stamp(staged)?.and_then(|text| serde_json::from_str(&text).ok()))
    }
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
    /// The last entry of the ledger
    ledger: i64,
}

async fn compare(
    db: &DatabaseConnection,
    fates: &Fates,
    rows: Rows,
    request: &PlanRequest,
    job: &Job,
) -> Result<Compared> {
    let planner = Planner::new(db, fates, rows, request).await?;
    let new_clubs = planner.sources.values().filter(|club| club.is_none()).count();
    let impact = planner.plan_rows(job).await?.measured(db).await?;
    let companies = present::new_companies(db, &fates.companies()?).await?;
    let repeat = store::push::carried_out(db, &request.package_id()).await?;
    let added = Added {
        clubs: u32::try_from(new_clubs).unwrap_or(u32::MAX),
        companies: u32::try_from(companies).unwrap_or(u32::MAX),
    };
    let ledger = journal::last_entry(db).await?;
    Ok(Compared { impact, added, repeat: repeat.map(|push| push.id), ledger })
}

struct Planner<'p> {
    db: &'p DatabaseConnection,
    fates: &'p Fates,
    mode: PushMode,
    /// The import is the whole list of its clubs, so that who is missing in it is told
    whole: bool,
    keep_hand_edits: bool,
    rows: Rows,
    /// The club of each source, where the target has it
    sources: HashMap<String, Option<i64>>,
    people: People,
}

/// What the rows before did.
#[derive(Default)]
struct Progress {
    /// Members who are written, and by rows of which person: a member is written once in a push, with what all rows of
    /// the person make of them
    written: HashMap<i64, Option<i64>>,
    /// The row that adds a person
    leads: HashMap<i64, i64>,
    /// What rows make of members whom others are merged into
    made: HashMap<i64, Details>,
    impact: Impact,
}

/// What the target has of the rows of a chunk.
#[derive(Default)]
struct There {
    /// By file and key
    memberships: HashMap<i64, HashMap<String, Present>>,
    /// Fields that a person typed, by member
    by_hand: HashMap<i64, FieldSet>,
}

impl There {
    fn kept(&self, member: i64) -> FieldSet {
        self.by_hand.get(&member).copied().unwrap_or_default()
    }
}

impl<'p> Planner<'p> {
    async fn new(
        db: &'p DatabaseConnection,
        fates: &'p Fates,
        rows: Rows,
        request: &PlanRequest,
    ) -> Result<Planner<'p>> {
        let names: HashSet<&String> = rows.files.values().collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let clubs = present::clubs(db, &names).await?;
        let sources: HashMap<String, Option<i64>> =
            names.into_iter().map(|name| (name.clone(), clubs.get(&name).copied())).collect();
        let club = |(file, source): (&i64, &String)| Some((*file, *clubs.get(source)?));
        let of_file = rows.files.iter().filter_map(club).collect();
        // Who is to lose a membership by the same push is left alone, until the next one.
        let people = People::find(db, fates, &of_file, !request.remove_missing).await?;
        let (mode, whole, keep_hand_edits) =
            (request.mode, request.replay.is_none(), request.keep_hand_edits);
        Ok(Planner { db, fates, mode, whole, keep_hand_edits, rows, sources, people })
    }

    async fn plan_rows(&self, job: &Job) -> Result<Impact> {
        let mut progress = Progress::default();
        let last = self.fates.last_row()?;
        let mut after = 0;
        while after < last {
            let upto = after.saturating_add(CHUNK).min(last);
            let candidates = self.fates.candidates(after, upto)?;
            let there = self.look_up(&candidates).await?;
            let mut found = Vec::with_capacity(candidates.len());
            for candidate in &candidates {
                found.push(self.fate(candidate, &there, &mut progress)?);
            }
            self.fates.add(&found)?;
            job.report("plan", upto.cast_unsigned(), u64::try_from(last).ok())?;
            after = upto;
        }
        if self.mode == PushMode::Mirror && self.whole {
            self.plan_removals(job).await?;
        }
        for merging in self.people.all_merging() {
            let (own, base) = merging.change();
            progress.impact.add(own, base);
            self.fates.add_merges(&merging.planned(progress.made.get(&merging.into)))?;
        }
        Ok(progress.impact)
    }

    /// What the target has of the candidates.
    async fn look_up(&self, candidates: &[Candidate]) -> Result<There> {
        let mut by_file: HashMap<i64, Vec<&Candidate>> = HashMap::new();
        for candidate in candidates {
            by_file.entry(candidate.file).or_default().push(candidate);
        }
        let mut there = There::default();
        for (file, candidates) in by_file {
            let club =
                self.rows.files.get(&file).and_then(|source| self.sources.get(source).copied().flatten());
            if let Some(club) = club {
                there.memberships.insert(file, present::by_key(self.db, club, &candidates).await?);
            }
        }
        if self.keep_hand_edits && self.mode != PushMode::InsertNew {
            let found = there.memberships.values().flat_map(HashMap::values).map(|there| there.member);
            let persons = candidates.iter().filter_map(|candidate| self.people.person_of(candidate.row));
            let joined = persons.filter_map(|person| Some(self.people.member_of(person)?.id));
            let mut members: Vec<i64> = found.chain(joined).collect();
            let merging = members.iter().filter_map(|member| self.people.merging(*member));
            let merging: Vec<i64> = merging.flat_map(Merging::members).collect();
            members.extend(merging);
            members.sort_unstable();
            members.dedup();
            there.by_hand = fields_by_hand(self.db, &members).await?;
        }
        Ok(there)
    }

    fn fate(&self, candidate: &Candidate, there: &There, progress: &mut Progress) -> Result<Found> {
        if let Some(&first) = self.rows.repeats.get(&candidate.row) {
            let same = self.fates.details(first)? == candidate.details;
            let fate = if same { Fate::SkipIdentical } else { Fate::Conflict };
            return Ok(Found { same_key_row: Some(first), ..Found::new(candidate.row, fate) });
        }
        let (ours, open) = self.people.details(self.fates, candidate.row, &candidate.details)?;
        let person = self.people.person_of(candidate.row);
        let present = there.memberships.get(&candidate.file).and_then(|keys| keys.get(&candidate.key));
        if let Some(present) = present {
            let present = self.after_merge(present);
            // What is open, and what a person typed there, stays as it is there.
            let ours = ours.keeping(&present.details, open);
            let ours = ours.keeping(&present.details, self.typed(there, present.member));
            return Ok(self.fate_of_present(candidate, &present, &ours, progress));
        }
        match person.and_then(|person| Some((person, self.people.member_of(person)?))) {
            Some((person, member)) => {
                let ours = ours.keeping(&member.details, open);
                let ours = ours.keeping(&member.details, self.typed(there, member.id));
                Ok(self.joining(candidate, person, member, &ours, progress))
            }
            None => {
                let lead = person
                    .map_or(candidate.row, |person| *progress.leads.entry(person).or_insert(candidate.row));
                let made = person.map(|_| ours.to_json());
                Ok(Found { lead: Some(lead), made, ..Found::new(candidate.row, Fate::Insert) })
            }
        }
    }

    /// A membership that is there, as it is once its member is merged with others.
    fn after_merge<'t>(&self, present: &'t Present) -> Cow<'t, Present> {
        match self.people.merging(present.member) {
            None => Cow::Borrowed(present),
            Some(merging) => Cow::Owned(Present {
                member: merging.into,
                details: present.details.with_person_of(&merging.base),
                ..present.clone()
            }),
        }
    }

    fn typed(&self, there: &There, member: i64) -> FieldSet {
        let merging = self.people.merging(member);
        merging.map_or_else(|| there.kept(member), |merging| merging.typed(|member| there.kept(member)))
    }

    /// A row whose membership is there.
    fn fate_of_present(
        &self,
        candidate: &Candidate,
        there: &Present,
        ours: &Details,
        progress: &mut Progress,
    ) -> Found {
        let person = self.people.person_of(candidate.row);
        let (mut fate, mut made) = ours.decide(&there.details, self.mode);
        let mut writes_member = false;
        if fate == Fate::Update {
            match progress.written.get(&there.member) {
                None => {
                    progress.written.insert(there.member, person);
                    writes_member = true;
                }
                Some(by) if person.is_some() && *by == person => {}
                Some(_) => (fate, made) = (Fate::Conflict, None),
            }
        }
        if let Some(made) = &made {
            progress.impact.add(&there.details, made);
            if self.people.merging(there.member).is_some() {
                progress.made.insert(there.member, made.clone());
            }
        }
        let theirs = (fate != Fate::SkipIdentical).then(|| there.details.to_json());
        Found {
            membership: Some(there.membership),
            member: Some(there.member),
            version: Some(there.version),
            theirs,
            made: made.as_ref().map(Details::to_json),
            writes_member,
            ..Found::new(candidate.row, fate)
        }
    }

    /// A new membership of a member who is there. Whether it changes the member, the mode says.
    fn joining(
        &self,
        candidate: &Candidate,
        person: i64,
        member: &KnownMember,
        ours: &Details,
        progress: &mut Progress,
    ) -> Found {
        let theirs = candidate.details.with_person_of(&member.details);
        let (fate, made) = ours.decide(&theirs, self.mode);
        let made = made.filter(|_| fate == Fate::Update).unwrap_or_else(|| theirs.clone());
        let writes_member = !progress.written.contains_key(&member.id);
        if writes_member {
            progress.written.insert(member.id, Some(person));
            progress.impact.add(&theirs, &made);
            if self.people.merging(member.id).is_some() {
                progress.made.insert(member.id, made.clone());
            }
        }
        Found {
            member: Some(member.id),
            version: Some(member.version),
            theirs: Some(theirs.to_json()),
            made: Some(made.to_json()),
            writes_member,
            ..Found::new(candidate.row, Fate::Insert)
        }
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
