//! The replay: a push of rows of the inbox, planned and carried out like any other.

use std::collections::HashMap;

use muster_engine::Field;
use muster_engine::recipe::PushMode;
use muster_engine::staged::RowClass;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::kept::number;
use super::stage::Chosen;
use crate::archive::Archive;
use crate::config::ProfileInfo;
use crate::error::{Code, Error, Result};
use crate::imports::blocking;
use crate::profiles::Profiles;
use crate::progress::Job;
use crate::push::{
    self, Difference, Fate, PackageParts, PlanCounts, PlanRequest, PlanView, PushedDecisions, Readings,
    ReplayedRow, is_taken, outcome_of, person,
};
use crate::staging::{self, GridRow, RowQuery, Staging};
use crate::store::{DataKey, SqliteAccess, Target};

/// Rows that a plan or a report lists at most, of each fate.
const LISTED: u32 = 1_000;

/// Which rows are replayed, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReplayChoice {
    /// Rows of the inbox
    pub ids: Vec<u32>,
    /// All open rows that somebody has fixed
    pub all_fixed: bool,
    /// What happens to keys that the target has by now; without it, what the rows' push did, or insert-new where they
    /// come from pushes of several modes
    pub mode: Option<PushMode>,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReplayRow {
    /// Its number in the inbox
    pub reject: u32,
    /// Name of its file
    pub file: String,
    /// Line of the file or row of the sheet
    pub line: u32,
    /// The member's name
    pub name: String,
    /// `insert`, `update`, `skip_identical`, `skip_different`, `conflict`, `reject` or `suspect`
    pub outcome: String,
    /// The row is dealt with; else it stays in the inbox
    pub taken: bool,
    /// Why, in words
    pub reason: String,
    /// Where its details differ from those in the database
    pub differences: Vec<Difference>,
}

/// What a replay would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReplayPlan {
    /// Names the plan; the replay asks for it
    pub plan: String,
    /// Where it goes
    pub profile: ProfileInfo,
    /// What happens to keys that are there
    pub mode: PushMode,
    /// What the replay would do, in one sentence
    pub sentence: String,
    /// Rows by fate
    pub counts: PlanCounts,
    /// How many rows would be dealt with
    pub taken: u32,
    /// How many would stay in the inbox
    pub stay: u32,
    /// The rows, those that stay first; of each fate the first
    pub rows: Vec<ReplayRow>,
}

/// What a replay did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReplayReport {
    /// Its entry in the ledger, which can be undone; of the earlier replay where this one repeats it
    pub push: u32,
    /// Where it went
    pub profile: ProfileInfo,
    /// What happened to keys that were there
    pub mode: PushMode,
    /// New members
    pub inserted: u32,
    /// Members changed
    pub updated: u32,
    /// Rows that were there already, with the same details
    pub already_there: u32,
    /// Rows that stay in the inbox, all told
    pub stay: u32,
    /// Those among them that are refused again: an error, or dates that cannot all be true
    pub refused: u32,
    /// Nothing was written because the same rows were replayed before, by that entry
    pub repeat_of: Option<u32>,
    /// What became of the rows, those that stay first; of each fate the first
    pub rows: Vec<ReplayRow>,
}

/// A replay made ready: staged rows in a folder of their own.
struct Ready {
    request: PlanRequest,
    // Deleted with it.
    _folder: tempfile::TempDir,
}

/// What a replay would do.
pub(super) async fn plan(
    profiles: &Profiles,
    profile: Option<&str>,
    choice: &ReplayChoice,
    job: &Job,
) -> Result<ReplayPlan> {
    let ready = Ready::new(profiles, profile, choice, job).await?;
    let view = push::make_plan(&ready.request, job).await?;
    ready.plan(view).await
}

/// Carries out a replay.
pub(super) async fn replay(
    profiles: &Profiles,
    profile: Option<&str>,
    choice: &ReplayChoice,
    seen: Option<&str>,
    job: &Job,
) -> Result<ReplayReport> {
    let ready = Ready::new(profiles, profile, choice, job).await?;
    let plan = push::make_plan(&ready.request, job).await?;
    let package = plan.package.clone();
    let plan = ready.plan(plan).await?;
    if seen.is_some_and(|seen| seen != plan.plan) {
        return Err(Error::new(
            Code::Refused,
            "The rows or the database have changed since you looked at this plan",
        )
        .with_help("Nothing was written. Look at the new plan and replay that."));
    }
    let report = push::push(&ready.request, &package, job).await?;
    let plan = match report.repeat_of {
        // What the earlier one has made of the rows.
        Some(_) => ready.plan(push::make_plan(&ready.request, job).await?).await?,
        None => plan,
    };
    Ok(ReplayReport {
        push: report.push,
        profile: report.profile,
        mode: report.mode,
        inserted: report.inserted,
        updated: report.updated,
        already_there: report.skipped_identical,
        stay: plan.stay,
        refused: plan.counts.reject + plan.counts.suspect,
        repeat_of: report.repeat_of,
        rows: plan.rows,
    })
}

impl Ready {
    async fn new(
        profiles: &Profiles,
        profile: Option<&str>,
        choice: &ReplayChoice,
        job: &Job,
    ) -> Result<Ready> {
        let access = profiles.access(profile).await?;
        let person = person();
        let read = async |target: &Target| target.read(async |db| Chosen::read(db, choice).await).await;
        let chosen = Target::with(&access, &person, job, read).await?;
        let mode = choice.mode.unwrap_or_else(|| mode_of(&chosen.modes));
        let import_name = match chosen.imports.as_slice() {
            [one] => format!("Rejects of {one}"),
            _ => "Rejects of several imports".to_owned(),
        };
        let failed = |error: std::io::Error| Error::disk("make a temporary folder", &error);
        let folder = tempfile::tempdir().map_err(failed)?;
        // Encrypted with a key that nobody else ever knows: the rows are gone with the folder.
        let staged = SqliteAccess { path: folder.path().join("staged.db"), key: DataKey::random()? };
        let rows = chosen.write(&staged).await?;
        // A row's version is another one after each change and each replay: so the same package is the same replay.
        let named: Vec<_> = rows.iter().map(|row| (row.reject, row.version)).collect();
        let package = PackageParts { files: Vec::new(), recipe: json!({ "rejects": named }).to_string() };
        let request = PlanRequest {
            staged,
            access,
            mode,
            remove_missing: false,
            profile: profiles.info(profile)?,
            import_name,
            person,
            decisions: PushedDecisions::default(),
            keep_hand_edits: true,
            package,
            readings: Readings::default(),
            scores: None,
            // The files of the rows were archived when they were pushed first.
            archive: Archive::of(profiles),
            raw_files: Vec::new(),
            replay: Some(rows),
        };
        Ok(Ready { request, _folder: folder })
    }

    fn replayed(&self) -> &[ReplayedRow] {
        self.request.replay.as_deref().unwrap_or_default()
    }

    async fn plan(&self, view: PlanView) -> Result<ReplayPlan> {
        let (staged, package) = (self.request.staged.clone(), view.package.clone());
        let plan = blocking(move || name_of(&staged, &package)).await?;
        let counts = view.counts;
        let taken = counts.insert + counts.update + counts.skip_identical;
        Ok(ReplayPlan {
            plan,
            profile: view.profile,
            mode: view.mode,
            sentence: view.sentence,
            counts,
            taken,
            stay: u32::try_from(self.replayed().len()).unwrap_or(u32::MAX).saturating_sub(taken),
            rows: self.rows().await?,
        })
    }

    /// What becomes of the rows, as the plan says.
    async fn rows(&self) -> Result<Vec<ReplayRow>> {
        let ids: HashMap<i64, i64> = self.replayed().iter().map(|row| (row.row, row.reject)).collect();
        let reject = |row: u32| number(ids.get(&row.into()).copied().unwrap_or_default());
        let mut rows: Vec<ReplayRow> = suspects(self.request.staged.clone()).await?;
        rows.iter_mut().for_each(|row| row.reject = reject(row.reject));
        for fate in [
            Fate::Reject,
            Fate::SkipDifferent,
            Fate::Conflict,
            Fate::Insert,
            Fate::Update,
            Fate::SkipIdentical,
        ] {
            let page = push::plan_rows(&self.request.staged, fate, 0, LISTED).await?;
            rows.extend(page.rows.into_iter().map(|row| ReplayRow {
                reject: reject(row.row),
                file: row.file,
                line: row.line,
                name: row.name,
                outcome: outcome_of(Some(fate)).to_owned(),
                taken: is_taken(Some(fate)),
                reason: row.reason,
                differences: row.differences,
            }));
        }
        Ok(rows)
    }
}

/// The mode of the rows' pushes, where it is one.
fn mode_of(modes: &[String]) -> PushMode {
    let all = [PushMode::InsertNew, PushMode::FillBlanks, PushMode::Update, PushMode::Mirror];
    match modes {
        [one] => all.into_iter().find(|mode| mode.name() == one).unwrap_or_default(),
        _ => PushMode::InsertNew,
    }
}

/// Rows that contradict themselves; `reject` is still the number among the staged rows.
async fn suspects(staged: SqliteAccess) -> Result<Vec<ReplayRow>> {
    blocking(move || {
        let staging = Staging::open(&staged)?;
        let query = RowQuery { class: Some(RowClass::Suspect), ..RowQuery::default() };
        let block = staging.rows(&query, 0, LISTED)?;
        block.rows.iter().map(|row| suspect(&staging, row)).collect()
    })
    .await
}

fn suspect(staging: &Staging, row: &GridRow) -> Result<ReplayRow> {
    let story = staging.row_story(row.row)?;
    let parts = [Field::Prefix, Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix];
    let parts = parts.iter().filter_map(|part| row.cells.get(part.index())?.as_deref());
    let reasons: Vec<&str> = story.issues.iter().map(|issue| issue.label.as_str()).collect();
    Ok(ReplayRow {
        reject: row.row,
        file: story.file,
        line: story.line,
        name: parts.collect::<Vec<_>>().join(" "),
        outcome: outcome_of(None).to_owned(),
        taken: false,
        reason: reasons.join(", "),
        differences: Vec::new(),
    })
}

/// Names a plan: another fate, or another version of a member that it looked at, gives another name.
fn name_of(staged: &SqliteAccess, package: &str) -> Result<String> {
    let db = staging::connect(staged)?;
    let mut statement = db.prepare(
        "SELECT row_id, fate, coalesce(membership_id, 0), coalesce(version, 0) FROM staged_fate ORDER BY row_id",
    )?;
    let mut hasher = Sha256::new();
    hasher.update(package);
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            hasher.update(row.get::<_, i64>(column)?.to_le_bytes());
        }
    }
    Ok(format!("{:x}", hasher.finalize()))
}
