//! The Push step: the plan, the push, the files.

use std::path::Path;

use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use super::{Imports, blocking};
use crate::archive::Archive;
use crate::error::{Code, Error, Result};
use crate::export::{ExportFormat, ExportReport, export_files};
use crate::progress::Job;
use crate::push::{
    self, Fate, PlanRequest, PlanRows, PlanView, PlannedStatement, PushEntry, PushMode, PushReport,
    PushedDecisions, ScorePlan, UndoReport,
};
use crate::store::entities::{import, import_push};

impl Imports {
    /// What a push of the import into the active profile would do.
    ///
    /// # Errors
    /// When the rows are not staged, the target cannot be read, or the job is cancelled.
    pub async fn plan(&self, id: u32, how: PushChoice, job: &Job) -> Result<PlanView> {
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        push::make_plan(&self.plan_request(&import, how).await?, job).await
    }

    /// Rows of the plan with a fate.
    ///
    /// # Errors
    /// When there is no plan.
    pub async fn plan_rows(&self, id: u32, fate: Fate, offset: u32, limit: u32) -> Result<PlanRows> {
        let import = self.import(id).await?;
        push::plan_rows(&self.staged_file(import.id), fate, offset, limit.min(1_000)).await
    }

    /// The statements that a push of the plan would run, in order.
    ///
    /// # Errors
    /// When the rows are not staged.
    pub async fn plan_sql(&self, id: u32, how: PushChoice) -> Result<Vec<PlannedStatement>> {
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        push::plan_statements(&self.plan_request(&import, how).await?).await
    }

    /// Carries out the plan with that package id, which was made with the same choice. For a prod profile, `confirmed`
    /// is its name as the person typed it.
    ///
    /// # Errors
    /// When a prod profile is not confirmed, something changed since the plan, the target cannot be written, or the job
    /// is cancelled; then nothing was written.
    pub async fn push(
        &self,
        id: u32,
        package: &str,
        how: PushChoice,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<PushReport> {
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        let request = self.plan_request(&import, how).await?;
        request.profile.confirm(confirmed)?;
        let report = push::push(&request, package, job).await?;
        let pushed = import_push::ActiveModel {
            import_id: Set(import.id),
            push_id: Set(i64::from(report.push)),
            profile: Set(report.profile.name.clone()),
            package: Set(report.package.clone()),
            finished: Set(report.finished.clone()),
            ..Default::default()
        };
        if report.repeat_of.is_none() {
            pushed.insert(self.db()).await?;
            self.touch(import.id).await?;
            // The members are new to who compares records with those of the target.
            self.with_staging(import.id, |staging| staging.set_state("people_pushed", "1")).await?;
        }
        Ok(report)
    }

    /// Writes master, suspects and rejects into a folder.
    ///
    /// # Errors
    /// When the rows are not staged, the folder cannot be written, or the job is cancelled; then no file is changed.
    pub async fn export(
        &self,
        id: u32,
        folder: &Path,
        formats: Vec<ExportFormat>,
        job: &Job,
    ) -> Result<ExportReport> {
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        let staged = self.staged_file(import.id);
        let (folder, job) = (folder.to_owned(), job.clone());
        blocking(move || export_files(&staged, &folder, &formats, &job)).await
    }

    /// The report of the import as it stands, as JSON: counts, files, issues and its last push.
    ///
    /// # Errors
    /// When the rows are not staged.
    pub async fn report(&self, id: u32) -> Result<String> {
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        let view = self.open_import(id).await?;
        let issues = self.issue_counts(id, crate::staging::RowQuery::default()).await?;
        let pushes = self.push_history().await?;
        let pushes: Vec<_> = pushes.into_iter().filter(|push| push.import_name == import.name).collect();
        let report = serde_json::json!({
            "import": view.name, "counts": view.counts, "files": view.files, "issues": issues, "pushes": pushes,
        });
        serde_json::to_string_pretty(&report)
            .map_err(|_| Error::new(Code::Internal, "The report could not be written"))
    }

    /// Saves the report of the import as it stands; gives the file's name.
    ///
    /// # Errors
    /// When the rows are not staged, or the file cannot be written.
    pub async fn save_report(&self, id: u32, path: &Path) -> Result<String> {
        let report = self.report(id).await?;
        std::fs::write(path, report).map_err(|error| Error::disk("save the report", &error))?;
        Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
    }

    /// The entries of the active profile's ledger, newest first.
    ///
    /// # Errors
    /// When the target cannot be read.
    pub async fn push_history(&self) -> Result<Vec<PushEntry>> {
        push::history(&self.profiles.access(None).await?).await
    }

    /// Takes back an entry of the active profile's ledger; a dry run only tells what that would do.
    ///
    /// # Errors
    /// As [`push::undo`]; when a prod profile is not confirmed.
    pub async fn undo(
        &self,
        entry: u32,
        dry_run: bool,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<UndoReport> {
        let profile = self.profiles.info(None)?;
        if !dry_run {
            profile.confirm(confirmed)?;
        }
        let access = self.profiles.access(None).await?;
        push::undo(&access, entry, &person(), &profile.name, dry_run, job).await
    }

    pub(crate) async fn check_staged(&self, import: &import::Model) -> Result<()> {
        let files = self.files_of(import.id).await?;
        if import.stage_key.as_deref() == Some(self.stage_key(import, &files).await?.as_str()) {
            return Ok(());
        }
        Err(Error::new(Code::NeedsAnswer, "The files or columns were changed after the rows were read")
            .with_help("Go to Fix, so that they are read again, and come back."))
    }

    pub(super) async fn plan_request(&self, import: &import::Model, how: PushChoice) -> Result<PlanRequest> {
        let mut prepared = self.prepare(import).await?;
        prepared.people = self.people_recipe(import.id).await?;
        prepared.scores = self.score_recipe(import.id).await?;
        Ok(PlanRequest {
            staged: self.staged_file(import.id),
            access: self.profiles.access(None).await?,
            mode: how.mode,
            remove_missing: how.remove_missing && how.mode == PushMode::Mirror,
            profile: self.profiles.info(None)?,
            import_name: import.name.clone(),
            person: person(),
            decisions: PushedDecisions {
                made: prepared.people.decisions.clone(),
                reverted: self.reverted_decisions().await?,
            },
            keep_hand_edits: prepared.people.keeps_hand_edits(),
            package: prepared.package_parts(),
            readings: prepared.readings(),
            scores: prepared.scores.clone().map(ScorePlan::new).transpose()?,
            archive: Archive::of(self.profiles()),
            raw_files: prepared.raw_sources(),
            replay: None,
        })
    }
}

/// How an import is pushed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PushChoice {
    /// What happens to keys that the target has
    pub mode: PushMode,
    /// With the mode mirror: also remove what the lists do not have any more
    pub remove_missing: bool,
}

/// The operating system's name of the person, for the ledger.
pub fn person() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}
