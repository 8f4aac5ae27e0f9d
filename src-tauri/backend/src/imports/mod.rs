//! Imports: the desktop's pieces of work, kept in the workspace database and saved at every change.
//!
//! [`Imports`] is the open workspace; each of its public functions is a use case of a screen. What an import is made
//! of (files, choices, steps) is in the workspace database; what follows from it is in the import's
//! [`crate::staging`].

mod columns;
mod drive;
mod files;
mod fix;
mod operations;
mod preview;
mod push;
mod samples;
mod scores;
mod stage;
mod values;

pub use columns::{ColumnView, DateOrderView, FileColumns};
pub use drive::{DriveAdded, DriveNotAdded, DriveState, DriveStatus};
pub use files::{FileRole, FileView};
pub use operations::{NewOperation, OperationResult, OperationView};
pub use preview::{FileIssue, FilePreview};
pub use values::{ColumnValue, ColumnValuePage};

pub use crate::reading::ChosenBy;
pub use muster_engine::recipe::{DateOrder, ReaderOptions};
pub use muster_engine::{Field, Target};

pub use push::{PushChoice, person};
pub use scores::{MethodFormula, ScoresView};

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::folders::Folders;
use crate::profiles::Profiles;
use crate::staging::{Counts, Staging};
use crate::store::entities::{import, import_file, import_push};
use crate::store::{DataKey, SqliteAccess, Workspace};

/// The steps of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Which files
    Files,
    /// Which columns are which fields
    Columns,
    /// See and fix the records
    Fix,
    /// Who is who
    People,
    /// Into the target
    Push,
}

impl Step {
    const ALL: [Step; 5] = [Step::Files, Step::Columns, Step::Fix, Step::People, Step::Push];

    /// The name in the workspace.
    const fn name(self) -> &'static str {
        match self {
            Step::Files => "files",
            Step::Columns => "columns",
            Step::Fix => "fix",
            Step::People => "people",
            Step::Push => "push",
        }
    }

    fn of_name(name: &str) -> Step {
        Step::ALL.into_iter().find(|step| step.name() == name).unwrap_or(Step::Files)
    }
}

/// An import in the list of imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportSummary {
    /// Its id
    pub id: u32,
    /// Its name
    pub name: String,
    /// Where the person left it
    pub step: Step,
    /// Names of its files
    pub files: Vec<String>,
    /// Counts of its rows, once staged
    pub counts: Option<Counts>,
    /// RFC 3339, UTC
    pub created: String,
    /// RFC 3339, UTC
    pub updated: String,
    /// When it was last pushed: RFC 3339, UTC
    pub pushed: Option<String>,
}

/// An open import.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportView {
    /// Its id
    pub id: u32,
    /// Its name
    pub name: String,
    /// Where the person left it
    pub step: Step,
    /// Its files
    pub files: Vec<FileView>,
    /// Counts of its rows, once staged
    pub counts: Option<Counts>,
    /// Files or columns changed since the rows were staged
    pub stale: bool,
}

/// Opens the workspace of the profiles' data folder with the folder's key.
///
/// # Errors
/// As [`Imports::open`].
pub async fn open_workspace(profiles: Profiles, key: &DataKey) -> Result<Imports> {
    Imports::open(profiles, key).await
}

/// The open workspace.
pub struct Imports {
    folders: Folders,
    profiles: Profiles,
    db: Workspace,
    /// Of the data folder: what is derived from an import is encrypted, too
    key: DataKey,
    stagings: Mutex<HashMap<i64, Arc<Mutex<Staging>>>>,
    values: values::Cache,
    /// Compared records of the import that somebody works on
    pub(crate) compared: crate::people::Compared,
    /// What people decided about who is who
    pub(crate) at_hand: Arc<crate::people::AtHand>,
}

impl Imports {
    /// Opens the workspace in the data folder, making what is missing.
    ///
    /// # Errors
    /// When the folder or the database cannot be made or opened, or was made by a newer program.
    pub async fn open(profiles: Profiles, key: &DataKey) -> Result<Imports> {
        let folders = profiles.folders().clone();
        Folders::make_private(folders.data())?;
        let db = Workspace::open(&SqliteAccess { path: folders.workspace(), key: key.clone() }).await?;
        Ok(Imports {
            folders,
            profiles,
            db,
            key: key.clone(),
            stagings: Mutex::default(),
            values: values::Cache::default(),
            compared: crate::people::Compared::default(),
            at_hand: Arc::default(),
        })
    }

    /// The folders.
    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    /// The profiles: pushes go to the active one.
    pub fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    pub(crate) fn db(&self) -> &DatabaseConnection {
        self.db.db()
    }

    /// All imports, the last changed first.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn list(&self) -> Result<Vec<ImportSummary>> {
        let imports = import::Entity::find().order_by_desc(import::Column::Updated).all(self.db()).await?;
        let mut list = Vec::with_capacity(imports.len());
        for import in imports {
            list.push(self.summary(import).await?);
        }
        Ok(list)
    }

    async fn summary(&self, import: import::Model) -> Result<ImportSummary> {
        let files = self.files_of(import.id).await?;
        let pushed = import_push::Entity::find()
            .filter(import_push::Column::ImportId.eq(import.id))
            .order_by_desc(import_push::Column::Finished)
            .one(self.db())
            .await?;
        Ok(ImportSummary {
            id: small(import.id),
            counts: self.staged_counts(&import)?,
            name: import.name,
            step: Step::of_name(&import.step),
            files: files.into_iter().map(|file| file.name).collect(),
            created: import.created,
            updated: import.updated,
            pushed: pushed.map(|push| push.finished),
        })
    }

    /// Makes an empty import. Without a name it is named by today's date.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub async fn create(&self, name: Option<&str>) -> Result<ImportView> {
        let name = match name.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => format!("Import of {}", jiff::Zoned::now().strftime("%-d %B %Y")),
        };
        let import = import::ActiveModel {
            name: Set(name),
            step: Set(Step::Files.name().to_owned()),
            created: Set(now()),
            updated: Set(now()),
            stage_key: Set(None),
            redo: Set(serde_json::Value::Array(Vec::new())),
            ..Default::default()
        };
        let import = import.insert(self.db()).await?;
        self.view(import).await
    }

    /// Opens an import.
    ///
    /// # Errors
    /// When it does not exist or cannot be read.
    pub async fn open_import(&self, id: u32) -> Result<ImportView> {
        let import = self.import(id).await?;
        self.view(import).await
    }

    async fn view(&self, import: import::Model) -> Result<ImportView> {
        let files = self.files_of(import.id).await?;
        let mut views = Vec::with_capacity(files.len());
        for file in &files {
            views.push(self.file_view(file).await?);
        }
        let counts = self.staged_counts(&import)?;
        let stale = import.stage_key.as_deref() != Some(self.stage_key(&import, &files).await?.as_str());
        Ok(ImportView {
            id: small(import.id),
            name: import.name,
            step: Step::of_name(&import.step),
            files: views,
            counts,
            stale,
        })
    }

    /// Gives an import another name.
    ///
    /// # Errors
    /// When the name is empty, or the import does not exist.
    pub async fn rename(&self, id: u32, name: &str) -> Result<ImportView> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Error::new(Code::InvalidInput, "An import needs a name").with_help("Type a name."));
        }
        let mut import: import::ActiveModel = self.import(id).await?.into();
        import.name = Set(name.to_owned());
        import.updated = Set(now());
        let import = import.update(self.db()).await?;
        self.view(import).await
    }

    /// Keeps where the person is.
    ///
    /// # Errors
    /// When the import does not exist.
    pub async fn set_step(&self, id: u32, step: Step) -> Result<ImportView> {
        let mut import: import::ActiveModel = self.import(id).await?.into();
        import.step = Set(step.name().to_owned());
        let import = import.update(self.db()).await?;
        self.view(import).await
    }

    /// Deletes an import with its steps and what follows from it. Raw files that no other import has go too; what
    /// was pushed stays in its database. The name must be typed.
    ///
    /// # Errors
    /// When the name is not the import's, or the workspace cannot be written.
    pub async fn delete(&self, id: u32, confirmed_name: &str) -> Result<()> {
        let import = self.import(id).await?;
        if import.name.trim() != confirmed_name.trim() {
            return Err(Error::new(Code::Refused, "The typed name is not the name of this import")
                .with_help("Type the name as it is shown."));
        }
        let files = self.files_of(import.id).await?;
        if let Ok(mut stagings) = self.stagings.lock() {
            stagings.remove(&import.id);
        }
        import::Entity::delete_by_id(import.id).exec(self.db()).await?;
        for file in files {
            self.drop_raw(&file.sha256).await?;
        }
        match std::fs::remove_dir_all(self.folders.import(import.id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::disk("delete the import", &error))
            }
            _ => Ok(()),
        }
    }

    pub(crate) async fn import(&self, id: u32) -> Result<import::Model> {
        let found = import::Entity::find_by_id(i64::from(id)).one(self.db()).await?;
        found.ok_or_else(|| Error::not_found("import"))
    }

    async fn files_of(&self, import: i64) -> Result<Vec<import_file::Model>> {
        Ok(import_file::Entity::find()
            .filter(import_file::Column::ImportId.eq(import))
            .order_by_asc(import_file::Column::Position)
            .all(self.db())
            .await?)
    }

    /// Notes that an import changed.
    pub(crate) async fn touch(&self, import: i64) -> Result<()> {
        let change = import::ActiveModel { id: Set(import), updated: Set(now()), ..Default::default() };
        change.update(self.db()).await?;
        Ok(())
    }

    /// The import's staging, opened once.
    fn staging(&self, import: i64) -> Result<Arc<Mutex<Staging>>> {
        let mut stagings = self.stagings.lock().map_err(|_| poisoned())?;
        if let Some(staging) = stagings.get(&import) {
            return Ok(Arc::clone(staging));
        }
        let folder = self.folders.import(import);
        Folders::make_private(&folder)?;
        let staging = Arc::new(Mutex::new(Staging::open(&self.staged_file(import))?));
        stagings.insert(import, Arc::clone(&staging));
        Ok(staging)
    }

    /// The import's staged rows.
    pub(crate) fn staged_file(&self, import: i64) -> SqliteAccess {
        SqliteAccess { path: self.folders.import(import).join("staged.db"), key: self.key.clone() }
    }

    /// Does something with the import's staging, away from the threads that answer the screens.
    pub(crate) async fn with_staging<T: Send + 'static>(
        &self,
        import: i64,
        work: impl FnOnce(&mut Staging) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let staging = self.staging(import)?;
        blocking(move || work(&mut *staging.lock().map_err(|_| poisoned())?)).await
    }

    fn staged_counts(&self, import: &import::Model) -> Result<Option<Counts>> {
        if import.stage_key.is_none() {
            return Ok(None);
        }
        let staging = self.staging(import.id)?;
        // While another call works on the rows, the list of imports does not wait for it.
        let Ok(staging) = staging.try_lock() else { return Ok(None) };
        Ok(Some(staging.counts()?).filter(|counts| counts.read > 0))
    }
}

/// Runs blocking work on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    // What is done there belongs to the same stage.
    let stage = tracing::Span::current();
    tokio::task::spawn_blocking(move || stage.in_scope(work)).await.map_err(|_| poisoned())?
}

pub(crate) fn poisoned() -> Error {
    Error::new(Code::Internal, "An earlier step failed in a way that Muster did not expect")
        .with_help("Close Muster and open it again. Your files and steps are saved.")
}

/// Now, as RFC 3339 in UTC.
pub(crate) fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Ids of the workspace as the screens get them: JavaScript has no 64-bit integers.
pub(crate) fn small(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}
