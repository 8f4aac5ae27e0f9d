//! The recipe of prepared files: what was detected and chosen, written down so that it can be replayed.

use muster_engine::recipe::{FileRecipe, PushSettings, ReaderOptions, Recipe};

use super::layout::{FileKind, Layout};
use super::prepared::{PreparedFile, PreparedImport};
use crate::archive::RawSource;
use crate::push::{PackageFile, PackageParts, Reading, Readings};
use crate::reading::Column;

/// How a file is read, as options: what was detected is fixed by them.
pub fn reader_options(layout: &Layout) -> ReaderOptions {
    let character = |byte: u8| char::from(byte).to_string();
    let text = layout.kind == FileKind::Delimited;
    ReaderOptions {
        encoding: text.then(|| layout.encoding.clone()),
        delimiter: text.then(|| character(layout.delimiter)),
        quote: text.then(|| layout.quote.map(character).unwrap_or_default()),
        header_row: Some(layout.header_row.unwrap_or(0)),
        sheet: layout.sheet.clone(),
    }
}

impl PreparedImport {
    /// The recipe. Paths are the files' names: a recipe stands beside its files.
    pub fn recipe(&self) -> Recipe {
        Recipe {
            operations: self.operations.clone(),
            rules: self.rules.clone(),
            matching: self.people.matching,
            resolve: self.people.resolve.clone(),
            decisions: self.people.decisions.clone(),
            scores: self.scores.clone(),
            push: PushSettings::default(),
            ..Recipe::of_files(self.files.iter().map(file_recipe).collect())
        }
    }

    /// How its lists are read, for rows that a push refuses.
    pub fn readings(&self) -> Readings {
        let reading = |file: &PreparedFile| Reading {
            file: file.id,
            columns: file.columns.iter().map(|column| Column::plan(column).into()).collect(),
            epoch: file.layout.epoch(),
        };
        Readings { files: self.lists().map(reading).collect(), companies: self.companies.clone() }
    }

    /// All its files, for the archive.
    pub fn raw_sources(&self) -> Vec<RawSource> {
        let of = |file: &PreparedFile| RawSource {
            path: file.path.clone(),
            name: file.name.clone(),
            sha256: file.sha256.clone(),
            size: file.size,
        };
        self.files.iter().map(of).collect()
    }

    /// What tells whether the same was pushed before.
    pub fn package_parts(&self) -> PackageParts {
        let file = |file: &PreparedFile| PackageFile {
            sha256: file.sha256.clone(),
            name: file.name.clone(),
            source: file.source.clone(),
        };
        PackageParts {
            files: self.files.iter().map(file).collect(),
            recipe: serde_json::to_string(&self.recipe()).unwrap_or_default(),
        }
    }
}

fn file_recipe(file: &PreparedFile) -> FileRecipe {
    let columns = file.columns.iter();
    let orders = columns.clone().filter_map(|column| Some((column.facts.header.clone(), column.date_order?)));
    FileRecipe {
        path: file.origin.clone().unwrap_or_else(|| file.name.clone()),
        source: file.dimension.is_none().then(|| file.source.clone()),
        dimension: file.dimension,
        reader: reader_options(&file.layout),
        columns: columns.map(|column| (column.facts.header.clone(), column.target)).collect(),
        date_order: orders.collect(),
    }
}
