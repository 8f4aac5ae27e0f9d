//! The Files step: which files an import has, where they come from and how they are read.

use std::path::{Path, PathBuf};

use muster_engine::map::source::source_from_file_name;
use muster_engine::map::suggest::required_missing;
use muster_engine::recipe::{Dimension, ReaderOptions};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::preview::FilePreview;
use super::{ImportView, Imports, blocking, small};
use crate::error::{Code, Error, Result};
use crate::folders::Folders;
use crate::progress::Job;
use crate::raw_files::{self, RawFile};
use crate::reading::columns::{self, Column, FileFacts, choose_columns};
use crate::reading::{FileKind, Layout};
use crate::store::drive_file;
use crate::store::entities::import_file;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// A list of members
    Members,
    /// A list of companies, that members refer to
    Companies,
}

impl FileRole {
    pub(super) fn of(dimension: Option<Dimension>) -> FileRole {
        if dimension.is_some() { FileRole::Companies } else { FileRole::Members }
    }

    pub(super) fn dimension(self) -> Option<Dimension> {
        match self {
            FileRole::Members => None,
            FileRole::Companies => Some(Dimension::Company),
        }
    }

    fn name(self) -> &'static str {
        match self {
            FileRole::Members => "members",
            FileRole::Companies => "companies",
        }
    }

    pub(super) fn of_name(name: &str) -> FileRole {
        if name == "companies" { FileRole::Companies } else { FileRole::Members }
    }
}

/// A file of an import.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FileView {
    /// Its id
    pub id: u32,
    /// Its name, without a folder
    pub name: String,
    /// Bytes
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size: f64,
    /// Lower-case hex
    pub sha256: String,
    /// The kind of file
    pub kind: FileKind,
    /// What it is
    pub role: FileRole,
    /// The organisation that it comes from
    pub source: String,
    /// Rows
    pub rows: Option<u32>,
    /// Questions that are open
    pub questions: u32,
    /// It came from Google Drive
    pub from_drive: bool,
}

/// A file that was read once.
pub(super) struct Looked {
    pub(super) raw: RawFile,
    layout: Layout,
    facts: FileFacts,
}

impl Imports {
    /// Adds files to an import, copying them into Muster's keeping. Files that can be read are added even if another
    /// one cannot.
    ///
    /// # Errors
    /// The first error that a file met, after all files were tried; cancelling at once.
    pub async fn add_files(&self, id: u32, paths: &[PathBuf], job: &Job) -> Result<ImportView> {
        let import = self.import(id).await?;
        let mut failed = None;
        for path in paths {
            match self.add_file(import.id, path, job).await {
                Err(error) if error.code() == Code::Cancelled => return Err(error),
                Err(error) => failed = failed.or(Some(error.about(&file_name(path)))),
                Ok(()) => {}
            }
        }
        self.touch(import.id).await?;
        match failed {
            Some(error) => Err(error),
            None => self.open_import(id).await,
        }
    }

    async fn add_file(&self, import: i64, path: &Path, job: &Job) -> Result<()> {
        let looked = self.look(path, ReaderOptions::default(), None, job).await?;
        self.add_looked(import, file_name(path), &looked).await.map(|_| ())
    }

    /// Adds a file that was looked at. Gives its id.
    pub(super) async fn add_looked(&self, import: i64, name: String, looked: &Looked) -> Result<i64> {
        let files = self.files_of(import).await?;
        if files.iter().any(|file| file.sha256 == looked.raw.sha256) {
            return Err(Error::new(Code::InvalidInput, "The same file is in this import already"));
        }
        let role = FileRole::of(looked.facts.dimension);
        let file = import_file::ActiveModel {
            import_id: Set(import),
            position: Set(files.last().map_or(1, |last| last.position + 1)),
            source: Set(source_from_file_name(&name)),
            name: Set(name),
            role: Set(role.name().to_owned()),
            reader: Set(json(&ReaderOptions::default())?),
            ..looked_model(looked)?
        };
        let file = file.insert(self.db()).await?;
        self.apply_template(&file, &looked.facts).await?;
        Ok(file.id)
    }

    /// Copies a file into Muster's keeping and looks at all of it.
    async fn look(
        &self,
        path: &Path,
        options: ReaderOptions,
        role: Option<FileRole>,
        job: &Job,
    ) -> Result<Looked> {
        let (folders, path, job) = (self.folders.clone(), path.to_owned(), job.clone());
        blocking(move || {
            let raw = raw_files::keep(&folders, &path, &job)?;
            look_at(&folders, raw, &options, role, &job)
        })
        .await
    }

    /// Looks at all of a file that is in Muster's keeping.
    pub(super) async fn look_kept(
        &self,
        raw: RawFile,
        options: ReaderOptions,
        role: Option<FileRole>,
        job: &Job,
    ) -> Result<Looked> {
        let (folders, job) = (self.folders.clone(), job.clone());
        blocking(move || look_at(&folders, raw, &options, role, &job)).await
    }

    /// Takes a file out of an import.
    ///
    /// # Errors
    /// When the import or the file does not exist.
    pub async fn remove_file(&self, id: u32, file: u32) -> Result<ImportView> {
        let file = self.file(id, file).await?;
        import_file::Entity::delete_by_id(file.id).exec(self.db()).await?;
        self.drop_raw(&file.sha256).await?;
        self.touch(file.import_id).await?;
        self.open_import(id).await
    }

    /// Puts a newer version in the place of a file. Choices and steps stay and are replayed.
    ///
    /// # Errors
    /// When the new file cannot be read as a list, or the job is cancelled; then the old one stays.
    pub async fn replace_file(&self, id: u32, file: u32, path: &Path, job: &Job) -> Result<ImportView> {
        let file = self.file(id, file).await?;
        let options = parse(&file.reader)?;
        let looked = self.look(path, options, Some(FileRole::of_name(&file.role)), job).await?;
        self.put_in_place(&file, file_name(path), &looked).await?;
        // It is a file of the disk from now on.
        drive_file::forget(self.db(), file.id).await?;
        self.open_import(id).await
    }

    /// Puts a file that was looked at in the place of another one.
    pub(super) async fn put_in_place(
        &self,
        file: &import_file::Model,
        name: String,
        looked: &Looked,
    ) -> Result<()> {
        let changed = import_file::ActiveModel { id: Set(file.id), name: Set(name), ..looked_model(looked)? };
        changed.update(self.db()).await?;
        self.values.forget(file.id);
        if looked.raw.sha256 != file.sha256 {
            self.drop_raw(&file.sha256).await?;
        }
        self.touch(file.import_id).await
    }

    /// Says which organisation a file comes from.
    ///
    /// # Errors
    /// When the name is empty, or the file does not exist.
    pub async fn set_source(&self, id: u32, file: u32, source: &str) -> Result<ImportView> {
        let source = source.trim();
        if source.is_empty() {
            return Err(Error::new(
                Code::InvalidInput,
                "A file needs the name of the club that it comes from",
            )
            .with_help("Type the name of the club."));
        }
        let file = self.file(id, file).await?;
        let change = import_file::ActiveModel {
            id: Set(file.id),
            source: Set(source.to_owned()),
            ..Default::default()
        };
        change.update(self.db()).await?;
        self.touch(file.import_id).await?;
        self.open_import(id).await
    }

    /// Says what a file is: members or companies.
    ///
    /// # Errors
    /// When the file does not exist or cannot be read.
    pub async fn set_role(&self, id: u32, file: u32, role: FileRole) -> Result<ImportView> {
        let file = self.file(id, file).await?;
        self.look_again(&file, parse(&file.reader)?, role).await?;
        self.open_import(id).await
    }

    /// Says how a file is read; what is not said is detected.
    ///
    /// # Errors
    /// When the file cannot be read so; then nothing is changed.
    pub async fn set_options(&self, id: u32, file: u32, options: ReaderOptions) -> Result<FilePreview> {
        let found = self.file(id, file).await?;
        self.look_again(&found, options, FileRole::of_name(&found.role)).await?;
        self.preview(id, file).await
    }

    async fn look_again(
        &self,
        file: &import_file::Model,
        options: ReaderOptions,
        role: FileRole,
    ) -> Result<()> {
        let path = raw_files::path(&self.folders, &file.sha256);
        let reader = json(&options)?;
        let (layout, facts) = blocking(move || {
            let layout = Layout::detect(&path, &options)?;
            let facts = columns::profile(&path, &layout, Some(role.dimension()), &Job::silent())?;
            Ok((layout, facts))
        })
        .await?;
        let change = import_file::ActiveModel {
            id: Set(file.id),
            role: Set(role.name().to_owned()),
            reader: Set(reader),
            detected: Set(json(&layout)?),
            rows: Set(i64::try_from(facts.rows).ok()),
            profile: Set(Some(json(&facts)?)),
            ..Default::default()
        };
        change.update(self.db()).await?;
        self.values.forget(file.id);
        self.touch(file.import_id).await
    }

    pub(super) async fn file(&self, import: u32, file: u32) -> Result<import_file::Model> {
        let found = import_file::Entity::find_by_id(i64::from(file))
            .filter(import_file::Column::ImportId.eq(i64::from(import)))
            .one(self.db())
            .await?;
        found.ok_or_else(|| Error::not_found("file"))
    }

    pub(super) async fn file_view(&self, file: &import_file::Model) -> Result<FileView> {
        let layout: Layout = parse(&file.detected)?;
        let columns = self.columns_of(file).await?;
        Ok(FileView {
            id: small(file.id),
            name: file.name.clone(),
            size: file.size as f64,
            sha256: file.sha256.clone(),
            kind: layout.kind,
            role: FileRole::of_name(&file.role),
            source: file.source.clone(),
            rows: file.rows.map(small),
            questions: questions(FileRole::of_name(&file.role), &columns),
            from_drive: drive_file::of_file(self.db(), file.id).await?.is_some(),
        })
    }

    /// Drops a raw file that no import has any more.
    pub(super) async fn drop_raw(&self, sha256: &str) -> Result<()> {
        let users = import_file::Entity::find()
            .filter(import_file::Column::Sha256.eq(sha256))
            .count(self.db())
            .await?;
        if users > 0 {
            return Ok(());
        }
        match std::fs::remove_file(raw_files::path(&self.folders, sha256)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::disk("delete the raw file", &error))
            }
            _ => Ok(()),
        }
    }
}

fn look_at(
    folders: &Folders,
    raw: RawFile,
    options: &ReaderOptions,
    role: Option<FileRole>,
    job: &Job,
) -> Result<Looked> {
    let kept = raw_files::path(folders, &raw.sha256);
    let layout = Layout::detect(&kept, options)?;
    let facts = columns::profile(&kept, &layout, role.map(FileRole::dimension), job)?;
    Ok(Looked { raw, layout, facts })
}

fn looked_model(looked: &Looked) -> Result<import_file::ActiveModel> {
    let kind = match looked.layout.kind {
        FileKind::Delimited => "delimited",
        FileKind::Workbook => "workbook",
    };
    Ok(import_file::ActiveModel {
        sha256: Set(looked.raw.sha256.clone()),
        size: Set(i64::try_from(looked.raw.size).unwrap_or(i64::MAX)),
        kind: Set(kind.to_owned()),
        detected: Set(json(&looked.layout)?),
        profile: Set(Some(json(&looked.facts)?)),
        rows: Set(i64::try_from(looked.facts.rows).ok()),
        ..Default::default()
    })
}

/// Open questions: orders of dates, and a name that no column gives.
fn questions(role: FileRole, columns: &[Column]) -> u32 {
    if role == FileRole::Companies {
        return 0;
    }
    let orders = columns.iter().filter(|column| column.has_question()).count();
    let targets: Vec<_> = columns.iter().map(|column| column.target).collect();
    u32::try_from(orders).unwrap_or(u32::MAX) + u32::from(!required_missing(&targets).is_empty())
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|_| Error::new(Code::Internal, "A setting could not be saved"))
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(value: &serde_json::Value) -> Result<T> {
    serde_json::from_value(value.clone()).map_err(|_| {
        Error::new(
            Code::NewerSchema,
            "A part of this import was saved in a form that this version does not know",
        )
        .with_help("Remove the file from the import and add it again.")
    })
}

pub(super) fn choose(file: &import_file::Model, choices: &columns::Choices) -> Result<Vec<Column>> {
    let Some(profile) = &file.profile else { return Ok(Vec::new()) };
    Ok(choose_columns(&parse(profile)?, choices))
}
