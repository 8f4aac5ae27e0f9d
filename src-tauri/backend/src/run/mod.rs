//! A whole import without a screen: from files or a recipe to a database or a folder, with a report.

mod encode;
mod fetched;
mod files;
mod repeats;
mod report;
mod stream;

pub(crate) use fetched::is_elsewhere;
use files::{Look, Place};
pub use files::{files_of_paths, read_recipe};
pub use muster_engine::recipe::MatchSettings;
pub use report::{People, Report, ReportFile, ReportIssue, Seconds};

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use muster_engine::recipe::Recipe;

use crate::archive::Archive;
use crate::config::{Driver, ProfileInfo};
use crate::error::{Code, Error, Result};
use crate::export::{ExportFormat, export_files};
use crate::folders::Folders;
use crate::imports::{blocking, person};
use crate::people::{match_by_recipe, matched_counts};
use crate::profiles::Profiles;
use crate::progress::Job;
use crate::push::{self, PlanRequest, PlanView, PushMode, PushSummary, PushedDecisions, ScorePlan};
use crate::reading::prepared::PreparedImport;
use crate::staging::{RowQuery, Staging};
use crate::store::{DataKey, SqliteAccess};
use crate::telemetry::{Counter, Event, Seconds as Duration, Stage, count, record, stage};

/// What to run.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// The recipe; its paths are relative to `base`
    pub recipe: Recipe,
    /// The folder of the recipe
    pub base: PathBuf,
    /// The name of the import in the ledger
    pub name: String,
    /// The target database; where there is a folder and no name, nothing goes to a database
    pub profile: Option<String>,
    /// A folder for `master.csv`, `suspects.csv`, `rejects.csv`, `recipe.yml` and `report.json`
    pub out: Option<PathBuf>,
    /// Further formats of the files in the folder
    pub xlsx: bool,
    /// Compare with the target and write nothing to it
    pub plan_only: bool,
    /// Report the statements that a push would run
    pub sql: bool,
    /// With the mode mirror: also remove what the lists do not have any more
    pub remove_missing: bool,
    /// The name of a prod profile, typed to confirm
    pub confirmed: Option<String>,
}

/// What a run did: the report, and the recipe with all that was detected.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The report
    pub report: Report,
    /// The recipe, complete
    pub recipe: Recipe,
}

/// Runs an import.
///
/// # Errors
/// When a file cannot be read, a prod profile is not confirmed, the target cannot be written, or the job is
/// cancelled. Then the target is as it was.
pub async fn run(profiles: &Profiles, request: RunRequest, job: &Job) -> Result<Ran> {
    let started = Instant::now();
    let ran = stage(Stage::Run, run_import(profiles, request, job)).await?;
    let (counts, people) = (ran.report.counts, ran.report.people);
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    record(Event::RowsRead {
        files: narrow(ran.report.files.len() as u64),
        read: counts.read,
        clean: counts.clean,
        suspect: counts.suspect,
        rejected: counts.rejected,
        excluded: counts.excluded,
        seconds: Duration::since(started),
    });
    if ran.recipe.matching.is_some() {
        record(Event::Matched {
            records: narrow(people.records),
            people: narrow(people.members),
            merged: narrow(people.merged),
            to_review: narrow(people.to_review),
            conflicts: narrow(people.conflicts),
        });
    }
    Ok(ran)
}

async fn run_import(profiles: &Profiles, request: RunRequest, job: &Job) -> Result<Ran> {
    let started = Instant::now();
    let target = target(profiles, &request)?;
    let paths: Vec<&str> = request.recipe.files.iter().map(|file| file.path.as_str()).collect();
    let fetched = fetched::fetch(profiles, &paths, job).await?;
    let place = Arc::new(Place { base: request.base.clone(), fetched });
    let (import, mut report) = match target {
        None => to_folder(&request, &place, started, job).await?,
        Some(profile) => {
            let import = look(&request, &place, Look::All, job).await?;
            let seconds = Seconds { look: started.elapsed().as_secs_f64(), ..Seconds::default() };
            to_database(import, &request, profiles, profile, seconds, job).await?
        }
    };
    let recipe = import.recipe();
    report.seconds.total = started.elapsed().as_secs_f64();
    if let Some(out) = &request.out {
        write_record(out, &report, &recipe)?;
    }
    Ok(Ran { report, recipe })
}

/// The database that the result goes to; a prod profile must be confirmed by its name.
fn target(profiles: &Profiles, request: &RunRequest) -> Result<Option<ProfileInfo>> {
    if request.out.is_some() && request.profile.is_none() && !request.plan_only {
        return Ok(None);
    }
    let profile = profiles.info(request.profile.as_deref())?;
    if !request.plan_only {
        profile.confirm(request.confirmed.as_deref())?;
    }
    if profile.driver == Driver::Sqlite
        && let Some(folder) = Path::new(&profile.location).parent()
    {
        Folders::make_private(folder)?;
    }
    Ok(Some(profile))
}

async fn look(request: &RunRequest, place: &Arc<Place>, look: Look, job: &Job) -> Result<PreparedImport> {
    let (recipe, place, job) = (request.recipe.clone(), Arc::clone(place), job.clone());
    let look = blocking(move || {
        let prepared = files::prepare(&recipe, &place, look, &job)?;
        count(Counter::Files, prepared.files.len() as u64);
        Ok(prepared)
    });
    stage(Stage::Look, look).await
}

/// Straight to files, in one pass over the rows. The first rows say how dates are written; where the rest says
/// otherwise, all rows are looked at and the files are made anew.
async fn to_folder(
    request: &RunRequest,
    place: &Arc<Place>,
    started: Instant,
    job: &Job,
) -> Result<(PreparedImport, Report)> {
    let Some(out) = request.out.clone() else { return Err(Error::not_found("folder")) };
    let mut import = look(request, place, Look::Start, job).await?;
    let mut seconds = Seconds { look: started.elapsed().as_secs_f64(), ..Seconds::default() };
    let mut streamed = stream_to(&import, &out, job).await?;
    if !streamed.dates_agree {
        import = look(request, place, Look::All, job).await?;
        streamed = stream_to(&import, &out, job).await?;
    }
    let lists = import.files.iter_mut().filter(|file| file.dimension.is_none());
    for (file, list) in lists.zip(streamed.lists) {
        file.facts.rows = list.rows;
        if let Some(raw) = list.raw {
            (file.sha256, file.size) = (raw.sha256, raw.size);
        }
    }
    let mut people = People::new(streamed.counts.clean, streamed.repeats);
    if request.xlsx || request.recipe.matching.is_some() {
        let staged = Staged::new(&import, job).await?;
        if request.xlsx {
            staged.export(&out, true, job).await?;
        }
        let matching = Instant::now();
        match_by_recipe(&staged.access, &request.recipe, None, job).await?;
        people = matched_counts(&staged.access)?.map_or(people, People::of_counts);
        seconds.people = matching.elapsed().as_secs_f64();
    }
    seconds.stage = started.elapsed().as_secs_f64() - seconds.look - seconds.people;
    let report = Report {
        counts: streamed.counts,
        files: import.files.iter().map(ReportFile::of).collect(),
        issues: streamed.issues,
        people,
        push: None,
        scores: None,
        sql: None,
        seconds,
    };
    Ok((import, report))
}

async fn stream_to(import: &PreparedImport, out: &Path, job: &Job) -> Result<stream::Streamed> {
    let (import, out, job) = (import.clone(), out.to_owned(), job.clone());
    let read = blocking(move || {
        let streamed = stream::stream(&import, &out, &job)?;
        count(Counter::Rows, streamed.counts.read);
        Ok(streamed)
    });
    stage(Stage::Read, read).await
}

async fn to_database(
    import: PreparedImport,
    request: &RunRequest,
    profiles: &Profiles,
    profile: ProfileInfo,
    mut seconds: Seconds,
    job: &Job,
) -> Result<(PreparedImport, Report)> {
    let files: Vec<_> = import.files.iter().map(ReportFile::of).collect();
    let started = Instant::now();
    let staged = Staged::new(&import, job).await?;
    seconds.stage = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let target = Some((profile.clone(), profiles.access(Some(&profile.name)).await?));
    match_by_recipe(&staged.access, &request.recipe, target, job).await?;
    seconds.people = started.elapsed().as_secs_f64();
    let plan_request = PlanRequest {
        staged: staged.access.clone(),
        access: profiles.access(Some(&profile.name)).await?,
        mode: request.recipe.push.mode,
        remove_missing: request.remove_missing && request.recipe.push.mode == PushMode::Mirror,
        profile,
        import_name: request.name.clone(),
        person: person(),
        decisions: PushedDecisions { made: request.recipe.decisions.clone(), ..PushedDecisions::default() },
        keep_hand_edits: !request.recipe.resolve.as_ref().is_some_and(|rules| rules.overwrite_hand_edits),
        package: import.package_parts(),
        readings: import.readings(),
        scores: import.scores.clone().map(ScorePlan::new).transpose()?,
        archive: Archive::of(profiles),
        raw_files: import.raw_sources(),
        replay: None,
    };
    let started = Instant::now();
    let plan = push::make_plan(&plan_request, job).await?;
    seconds.plan = started.elapsed().as_secs_f64();
    let sql = if request.sql { Some(push::plan_statements(&plan_request).await?) } else { None };
    let started = Instant::now();
    let (summary, scores) = if request.plan_only {
        (planned(&plan), plan.scores)
    } else {
        let report = push::push(&plan_request, &plan.package, job).await?;
        (PushSummary::from(&report), report.scores)
    };
    seconds.push = started.elapsed().as_secs_f64();
    let started = Instant::now();
    if let Some(out) = &request.out {
        let exported = staged.export(out, request.xlsx, job).await;
        exported.map_err(|error| if request.plan_only { error } else { after_push(error) })?;
    }
    seconds.export = started.elapsed().as_secs_f64();
    let report = staged.report(files, summary, seconds).await?;
    Ok((import, Report { scores, sql, ..report }))
}

/// Where writing the result files was cancelled, the push before it is done all the same.
fn after_push(error: Error) -> Error {
    if error.code() != Code::Cancelled {
        return error;
    }
    Error::new(Code::Cancelled, "Cancelled while the result files were written; the push before that is done")
        .with_help("Run it again for the files: the push is not done twice.")
}

/// Rows staged in a temporary folder, encrypted with a key that nobody else ever knows.
struct Staged {
    access: SqliteAccess,
    /// Gone with the rows
    _folder: tempfile::TempDir,
}

impl Staged {
    async fn new(import: &PreparedImport, job: &Job) -> Result<Staged> {
        let failed = |error: std::io::Error| Error::disk("make a temporary folder", &error);
        let folder = tempfile::tempdir().map_err(failed)?;
        let access = SqliteAccess { path: folder.path().join("staged.db"), key: DataKey::random()? };
        let staged = Staged { access: access.clone(), _folder: folder };
        let (import, job) = (import.clone(), job.clone());
        let read = blocking(move || {
            let staging = Staging::create_new(&access)?;
            let ids: Vec<i64> = (0_i64..).take(import.operations.len()).collect();
            import.stage_into(&staging, &ids, &job)?;
            count(Counter::Rows, staging.counts()?.read);
            staging.close()
        });
        stage(Stage::Read, read).await?;
        Ok(staged)
    }

    async fn export(&self, out: &Path, xlsx: bool, job: &Job) -> Result<()> {
        let (staged, out, job) = (self.access.clone(), out.to_owned(), job.clone());
        let formats =
            if xlsx { vec![ExportFormat::Csv, ExportFormat::Xlsx] } else { vec![ExportFormat::Csv] };
        blocking(move || {
            std::fs::create_dir_all(&out)
                .map_err(|error| Error::disk("make the folder of the results", &error))?;
            export_files(&staged, &out, &formats, &job)
        })
        .await?;
        Ok(())
    }

    async fn report(&self, files: Vec<ReportFile>, push: PushSummary, seconds: Seconds) -> Result<Report> {
        let access = self.access.clone();
        blocking(move || {
            let staging = Staging::open(&access)?;
            let counts = staging.counts()?;
            let issue = |found: crate::staging::IssueCount| {
                Some(ReportIssue {
                    rule: found.rule.parse().ok()?,
                    level: found.level,
                    rows: found.rows.into(),
                })
            };
            let mut issues: Vec<_> =
                staging.issue_counts(&RowQuery::default())?.into_iter().filter_map(issue).collect();
            issues.sort_by_key(|issue| issue.rule);
            let people = match matched_counts(&access)? {
                Some(matched) => People::of_counts(matched),
                None => People::new(counts.clean, staging.repeats()?),
            };
            Ok(Report { counts, files, issues, people, push: Some(push), scores: None, sql: None, seconds })
        })
        .await
    }
}

fn planned(plan: &PlanView) -> PushSummary {
    PushSummary {
        profile: plan.profile.name.clone(),
        mode: plan.mode,
        inserted: plan.counts.insert,
        joined: plan.counts.joins,
        merged: plan.counts.merges,
        updated: plan.counts.update,
        skipped_identical: plan.counts.skip_identical,
        skipped_different: plan.counts.skip_different + plan.counts.conflict,
        conflicts: plan.counts.conflict,
        removed: 0,
        rejected: plan.counts.reject,
        package: plan.package.clone(),
    }
}

/// Writes `recipe.yml` and `report.json` beside the results.
fn write_record(out: &Path, report: &Report, recipe: &Recipe) -> Result<()> {
    let failed = |error: std::io::Error| Error::disk("write the report", &error);
    let unwritable = || Error::new(Code::Internal, "The report could not be written");
    std::fs::create_dir_all(out).map_err(failed)?;
    let json = serde_json::to_string_pretty(report).map_err(|_| unwritable())?;
    std::fs::write(out.join("report.json"), json + "\n").map_err(failed)?;
    let yaml = serde_saphyr::to_string(recipe).map_err(|_| unwritable())?;
    std::fs::write(out.join("recipe.yml"), yaml).map_err(failed)
}
