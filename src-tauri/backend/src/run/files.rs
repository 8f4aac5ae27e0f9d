//! From paths and recipes to prepared files.

use std::path::{Path, PathBuf};

use muster_engine::map::source::source_from_file_name;
use muster_engine::recipe::{FileRecipe, Recipe, VERSION};

use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::raw_files;
use crate::reading::Layout;
use crate::reading::columns::{Choices, ChosenBy, choose_columns, profile};
use crate::reading::prepared::{PreparedFile, PreparedImport};

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

/// Looks at the files of a recipe.
///
/// # Errors
/// When a file cannot be read, two lists have one source and name, or the job is cancelled.
pub(super) fn prepare(recipe: &Recipe, base: &Path, job: &Job) -> Result<PreparedImport> {
    let mut files = Vec::with_capacity(recipe.files.len());
    for (id, file) in (1..).zip(&recipe.files) {
        let prepared = prepare_file(id, file, base, job);
        files.push(prepared.map_err(|error| error.about(&file_name(&file.path)))?);
    }
    if files.iter().all(|file| file.dimension.is_some()) {
        return Err(Error::new(Code::InvalidInput, "None of the files is a list of members")
            .with_help("Name at least one list of members."));
    }
    PreparedImport::new(files, recipe.operations.clone(), recipe.rules.clone())
}

fn prepare_file(id: i64, recipe: &FileRecipe, base: &Path, job: &Job) -> Result<PreparedFile> {
    let path = base.join(&recipe.path);
    let layout = Layout::detect(&path, &recipe.reader)?;
    let said = recipe.dimension.is_some() || !recipe.columns.is_empty();
    let role = said.then_some(recipe.dimension);
    // Hashing and looking at the values both read the whole file: at the same time.
    let (raw, facts) = std::thread::scope(|scope| {
        let hashing = scope.spawn(|| raw_files::hash(&path, &Job::silent()));
        let facts = profile(&path, &layout, role, job);
        (hashing.join(), facts)
    });
    let raw = raw.map_err(|_| Error::new(Code::Internal, "The file could not be hashed"))??;
    let facts = facts?;
    let name = file_name(&recipe.path);
    let choices = Choices {
        targets: recipe
            .columns
            .iter()
            .map(|(header, target)| (header.clone(), (*target, ChosenBy::Person)))
            .collect(),
        date_orders: recipe.date_order.clone(),
    };
    Ok(PreparedFile {
        id,
        path,
        sha256: raw.sha256,
        size: raw.size,
        source: recipe.source.clone().unwrap_or_else(|| source_from_file_name(&name)),
        name,
        dimension: facts.dimension,
        columns: choose_columns(&facts, &choices),
        layout,
        facts,
    })
}

fn file_name(path: &str) -> String {
    Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
