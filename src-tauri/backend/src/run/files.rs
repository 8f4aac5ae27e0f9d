//! From paths and recipes to prepared files.

use std::path::{Path, PathBuf};

use muster_engine::Target;
use muster_engine::map::source::source_from_file_name;
use muster_engine::recipe::{FileRecipe, Recipe, VERSION};

use super::fetched::FetchedFiles;
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::raw_files::{self, RawFile};
use crate::reading::columns::{Choices, ChosenBy, choose_columns, profile, profile_start};
use crate::reading::prepared::{PeopleRecipe, PreparedFile, PreparedImport};
use crate::reading::{FileKind, Layout};

/// A recipe for files with nothing said about them.
///
/// # Errors
/// When a path is not text.
pub fn files_of_paths(paths: &[PathBuf]) -> Result<Recipe> {
    let file = |path: &PathBuf| {
        let path =
            path.to_str().ok_or_else(|| Error::new(Code::InvalidInput, "The name of a file is not text"))?;
        Ok(FileRecipe { path: path.to_owned(), ..FileRecipe::default() })
    };
    Ok(Recipe::of_files(paths.iter().map(file).collect::<Result<_>>()?))
}

/// Reads a recipe.
///
/// # Errors
/// When it cannot be read, does not fit, or was written by a newer version.
pub fn read_recipe(path: &Path) -> Result<Recipe> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::disk("read the recipe", &error))?;
    let recipe: Recipe = serde_saphyr::from_str(&text).map_err(|error| {
        let place = error.location().map(|place| format!(" in line {}", place.line())).unwrap_or_default();
        Error::new(Code::InvalidInput, format!("The recipe does not fit{place}"))
            .with_help("Compare the file with the example in docs/FORMATS.md.")
    })?;
    if recipe.version > VERSION {
        return Err(Error::new(Code::NewerSchema, "The recipe was written by a newer version of Muster")
            .with_help("Install the newer version."));
    }
    Ok(recipe)
}

/// Where the files of a recipe are.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder of the recipe
    pub(super) base: PathBuf,
    /// Those that are in Google Drive or in S3
    pub(super) fetched: FetchedFiles,
}

/// How much of a file is looked at before its rows are staged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The first rows; whoever stages the rest must check what its dates say
    Start,
    /// All rows
    All,
}

/// Looks at the files of a recipe, all at the same time.
///
/// # Errors
/// When a file cannot be read, none of them is a list of members, or the job is cancelled.
pub(super) fn prepare(recipe: &Recipe, place: &Place, look: Look, job: &Job) -> Result<PreparedImport> {
    let files: Vec<Result<PreparedFile>> = std::thread::scope(|scope| {
        let looking: Vec<_> = (1..)
            .zip(&recipe.files)
            .map(|(id, file)| scope.spawn(move || prepare_file(id, file, place, look, job)))
            .collect();
        looking.into_iter().map(|looked| looked.join().unwrap_or_else(|_| Err(unexpected()))).collect()
    });
    let named = |(file, prepared): (&FileRecipe, Result<PreparedFile>)| {
        prepared.map_err(|error| error.about(&file_name(&file.path)))
    };
    let files = recipe.files.iter().zip(files).map(named).collect::<Result<Vec<_>>>()?;
    if files.iter().all(|file| file.dimension.is_some()) {
        return Err(Error::new(Code::InvalidInput, "None of the files is a list of members")
            .with_help("Name at least one list of members."));
    }
    let mut import = PreparedImport::new(files, recipe.operations.clone(), recipe.rules.clone())?;
    import.people = PeopleRecipe {
        matching: recipe.matching,
        resolve: recipe.resolve.clone(),
        decisions: recipe.decisions.clone(),
    };
    import.scores.clone_from(&recipe.scores);
    Ok(import)
}

fn unexpected() -> Error {
    Error::new(Code::Internal, "The file could not be looked at")
}

fn prepare_file(id: i64, recipe: &FileRecipe, place: &Place, look: Look, job: &Job) -> Result<PreparedFile> {
    let fetched = place.fetched.get(&recipe.path);
    let path = fetched.map_or_else(|| place.base.join(&recipe.path), |fetched| fetched.path.clone());
    let layout = Layout::detect(&path, &recipe.reader)?;
    let said = recipe.dimension.is_some() || !recipe.columns.is_empty();
    let role = said.then_some(recipe.dimension);
    let facts = match look {
        Look::Start => profile_start(&path, &layout, role, job)?,
        Look::All => profile(&path, &layout, role, job)?,
    };
    // Rows that are staged straight from a text file are hashed on their way.
    let hashed_later = look == Look::Start && layout.kind == FileKind::Delimited && facts.dimension.is_none();
    let raw = if hashed_later { RawFile::default() } else { raw_files::hash(&path, &Job::silent())? };
    let name = fetched.map_or_else(|| file_name(&recipe.path), |fetched| fetched.name.clone());
    let by_person =
        |(header, target): (&String, &Option<Target>)| (header.clone(), (*target, ChosenBy::Person));
    let choices = Choices {
        targets: recipe.columns.iter().map(by_person).collect(),
        date_orders: recipe.date_order.clone(),
    };
    Ok(PreparedFile {
        id,
        path,
        sha256: raw.sha256,
        size: raw.size,
        source: recipe.source.clone().unwrap_or_else(|| source_from_file_name(&name)),
        name,
        origin: fetched.map(|_| recipe.path.clone()),
        dimension: facts.dimension,
        columns: choose_columns(&facts, &choices),
        layout,
        facts,
    })
}

fn file_name(path: &str) -> String {
    Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
