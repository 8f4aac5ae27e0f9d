//! From files, choices and steps to staged rows.

use std::time::Instant;

use muster_engine::recipe::{Operation, RuleSettings};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};

use super::files::{FileRole, json, parse};
use super::{ImportView, Imports, blocking, poisoned};
use crate::drive::path_of;
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::raw_files;
use crate::reading::columns::Column;
use crate::reading::prepared::{PreparedFile, PreparedImport};
use crate::store::drive_file;
use crate::store::entities::{import, import_file, operation};
use crate::telemetry::{self, Event, Seconds, Stage};

/// Raised when the engine gives other results for the same input: staged rows are then made anew.
const ENGINE: u32 = 1;

impl Imports {
    /// Stages the import's rows, unless they are staged as its files, choices and steps say.
    ///
    /// # Errors
    /// When a question is open, a file cannot be read, or the job is cancelled; then the staged rows stay as they were.
    pub async fn stage(&self, id: u32, job: &Job) -> Result<ImportView> {
        let began = Instant::now();
        let import = self.import(id).await?;
        let files = self.files_of(import.id).await?;
        let key = self.stage_key(&import, &files).await?;
        let steps = self.steps(import.id).await?;
        let applied = applied(&steps.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        let wanted = applied.clone();
        let up_to_date = import.stage_key.as_deref() == Some(key.as_str())
            && self
                .with_staging(import.id, move |staging| Ok(staging.state("applied")? == Some(wanted)))
                .await?;
        if !up_to_date {
            self.check_ready(&files).await?;
            let prepared = self.prepare(&import).await?;
            let ids = steps.into_iter().map(|(id, _)| id).collect();
            telemetry::stage(Stage::Read, self.stage_prepared(&import, prepared, ids, job)).await?;
            let saved =
                import::ActiveModel { id: Set(import.id), stage_key: Set(Some(key)), ..Default::default() };
            saved.update(self.db()).await?;
        }
        let view = self.open_import(id).await?;
        if let Some(counts) = view.counts.filter(|_| !up_to_date) {
            telemetry::record(Event::RowsRead {
                files: u32::try_from(view.files.len()).unwrap_or(u32::MAX),
                read: counts.read,
                clean: counts.clean,
                suspect: counts.suspect,
                rejected: counts.rejected,
                excluded: counts.excluded,
                seconds: Seconds::since(began),
            });
        }
        Ok(view)
    }

    async fn stage_prepared(
        &self,
        import: &import::Model,
        prepared: PreparedImport,
        ids: Vec<i64>,
        job: &Job,
    ) -> Result<()> {
        let slot = self.staging(import.id)?;
        let own = self.staged_file(import.id);
        let job = job.clone();
        blocking(move || {
            // Into a file of its own, so that a cancelled or failed run leaves the rows that were there.
            let next = own.at(own.path.with_file_name("staged.next.db"));
            let staging = crate::staging::Staging::create_new(&next)?;
            prepared.stage_into(&staging, &ids, &job)?;
            staging.set_state("applied", &applied(&ids))?;
            staging.close()?;
            let mut slot = slot.lock().map_err(|_| poisoned())?;
            slot.replace_with(&next.path)
        })
        .await
    }

    async fn check_ready(&self, files: &[import_file::Model]) -> Result<()> {
        if !files.iter().any(|file| FileRole::of_name(&file.role) == FileRole::Members) {
            return Err(Error::new(Code::NeedsAnswer, "This import has no list of members yet")
                .with_help("Go to Files and add one."));
        }
        for file in files {
            if self.file_view(file).await?.questions > 0 {
                return Err(Error::new(
                    Code::NeedsAnswer,
                    format!("{}: a question about its columns is open", file.name),
                )
                .with_help("Go to Columns and answer it."));
            }
        }
        Ok(())
    }

    /// What the staged rows follow from, besides the steps.
    pub(super) async fn stage_key(
        &self,
        _import: &import::Model,
        files: &[import_file::Model],
    ) -> Result<String> {
        let mut hasher = Sha256::new();
        hasher.update(format!("engine {ENGINE}\n"));
        for file in files {
            let columns = self.columns_of(file).await?;
            let columns: Vec<_> = columns
                .iter()
                .map(|column| (&column.facts.header, column.target, column.date_order))
                .collect();
            let line = format!(
                "{}\t{}\t{}\t{}\t{}\t{columns:?}\n",
                file.id, file.sha256, file.role, file.source, file.detected
            );
            hasher.update(line);
        }
        Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The steps in force, with their ids, in order.
    pub(super) async fn steps(&self, import: i64) -> Result<Vec<(i64, Operation)>> {
        let saved = operation::Entity::find()
            .filter(operation::Column::ImportId.eq(import))
            .filter(operation::Column::Undone.eq(false))
            .order_by_asc(operation::Column::Position)
            .all(self.db())
            .await?;
        saved.into_iter().map(|step| Ok((step.id, parse(&step.body)?))).collect()
    }

    /// The import with all that is decided, ready to be staged.
    pub(super) async fn prepare(&self, import: &import::Model) -> Result<PreparedImport> {
        let mut files = Vec::new();
        for file in self.files_of(import.id).await? {
            let columns = self.columns_of(&file).await?;
            let origin = drive_file::of_file(self.db(), file.id).await?.map(|kept| path_of(&kept.drive_id));
            files.push(PreparedFile { origin, ..self.prepare_file(&file, columns)? });
        }
        let operations = self.steps(import.id).await?.into_iter().map(|(_, step)| step).collect();
        blocking(move || PreparedImport::new(files, operations, RuleSettings::default())).await
    }

    fn prepare_file(&self, file: &import_file::Model, columns: Vec<Column>) -> Result<PreparedFile> {
        Ok(PreparedFile {
            id: file.id,
            path: raw_files::path(&self.folders, &file.sha256),
            name: file.name.clone(),
            origin: None,
            sha256: file.sha256.clone(),
            size: u64::try_from(file.size).unwrap_or_default(),
            source: file.source.clone(),
            dimension: FileRole::of_name(&file.role).dimension(),
            layout: parse(&file.detected)?,
            facts: parse(file.profile.as_ref().unwrap_or(&json(&())?))?,
            columns,
        })
    }

    /// Cells of each column that could not be understood, as staged.
    pub(super) async fn unreadable(
        &self,
        import: &import::Model,
        file: i64,
        columns: &[Column],
    ) -> Result<Vec<u32>> {
        if import.stage_key.is_none() {
            return Ok(vec![0; columns.len()]);
        }
        let fields: Vec<_> =
            columns.iter().map(|column| column.target.and_then(muster_engine::Target::field)).collect();
        self.with_staging(import.id, move |staging| {
            fields
                .iter()
                .map(|field| field.map_or(Ok(0), |field| staging.failed_cells(file, field)))
                .collect()
        })
        .await
    }
}

/// Which steps the staged rows have seen.
pub(super) fn applied(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}
