//! The files of an import with all that is decided about them: ready to be staged.

use std::path::PathBuf;
use std::sync::Arc;

use muster_engine::Date;
use muster_engine::Target;
use muster_engine::decisions::RecipeDecisions;
use muster_engine::operations::Operations;
use muster_engine::pipeline::{self, FilePlan, Occurrences, PlanSettings};
use muster_engine::recipe::{Dimension, MatchSettings, Operation, RuleSettings};
use muster_engine::resolve::SurvivorshipSettings;
use muster_engine::score::ScoreSettings;
use muster_engine::standardise::company::CompanyDimension;

use super::columns::{Column, FileFacts};
use super::{Layout, parallel};
use crate::error::{Error, Result};
use crate::progress::Job;
use crate::staging::{StagedFile, Staging};

/// A file with all that is decided about it.
#[derive(Debug, Clone)]
pub struct PreparedFile {
    /// Id in the import
    pub id: i64,
    /// Where its bytes are
    pub path: PathBuf,
    /// Its name, without a folder
    pub name: String,
    /// Its path in a recipe, where that is not its name
    pub origin: Option<String>,
    /// Lower-case hex
    pub sha256: String,
    /// Bytes
    pub size: u64,
    /// The organisation that it comes from
    pub source: String,
    /// A list of companies and not of members
    pub dimension: Option<Dimension>,
    /// How it is read
    pub layout: Layout,
    /// What was found in it
    pub facts: FileFacts,
    /// What its columns are
    pub columns: Vec<Column>,
}

impl PreparedFile {
    fn staged(&self) -> StagedFile {
        StagedFile {
            id: self.id,
            name: self.name.clone(),
            source: self.source.clone(),
            sha256: self.sha256.clone(),
            size: self.size,
            header: self.layout.header.clone(),
        }
    }

    fn position(&self, target: Target) -> Option<usize> {
        self.columns.iter().position(|column| column.target == Some(target))
    }
}

/// What is decided about who is who.
#[derive(Debug, Clone, Default)]
pub struct PeopleRecipe {
    /// Thresholds of matching; `None`: records are not matched
    pub matching: Option<MatchSettings>,
    /// Whose values win
    pub resolve: Option<SurvivorshipSettings>,
    /// What people decided
    pub decisions: RecipeDecisions,
}

impl PeopleRecipe {
    /// Whether what people typed into the database by hand stays as it is.
    pub fn keeps_hand_edits(&self) -> bool {
        !self.resolve.as_ref().is_some_and(|rules| rules.overwrite_hand_edits)
    }
}

/// An import, ready to be staged.
#[derive(Debug, Clone)]
pub struct PreparedImport {
    /// The files, in order
    pub files: Vec<PreparedFile>,
    /// The person's steps, in order
    pub operations: Vec<Operation>,
    /// Limits of the rules
    pub rules: RuleSettings,
    /// Who is who
    pub people: PeopleRecipe,
    /// How scores are brought to one scale
    pub scores: Option<ScoreSettings>,
    /// The companies that records refer to
    pub companies: Arc<CompanyDimension>,
    /// Today
    pub today: Date,
}

impl PreparedImport {
    /// Gathers what is decided, and reads the company lists among the files.
    ///
    /// # Errors
    /// When a company list cannot be read.
    pub fn new(
        files: Vec<PreparedFile>,
        operations: Vec<Operation>,
        rules: RuleSettings,
    ) -> Result<PreparedImport> {
        let mut companies = Vec::new();
        for file in files.iter().filter(|file| file.dimension.is_some()) {
            read_companies(file, &mut companies)?;
        }
        Ok(PreparedImport {
            files,
            operations,
            rules,
            people: PeopleRecipe::default(),
            scores: None,
            companies: Arc::new(CompanyDimension::new(companies)),
            today: today()?,
        })
    }

    /// The files of members, in order.
    pub fn lists(&self) -> impl Iterator<Item = &PreparedFile> {
        self.files.iter().filter(|file| file.dimension.is_none())
    }

    /// What is done to the rows of a file, with the first `steps` of the person's steps.
    pub fn plan(&self, file: &PreparedFile, steps: usize, fingerprints: bool) -> FilePlan {
        let operations = self.operations.iter().take(steps);
        let settings = PlanSettings {
            companies: Arc::clone(&self.companies),
            operations: Arc::new(Operations::new(operations)),
            rules: self.rules.clone(),
            today: self.today,
            fingerprints,
        };
        let columns: Vec<_> = file.columns.iter().map(Column::plan).collect();
        FilePlan::new(&file.source, &columns, file.layout.epoch(), &settings)
    }

    /// Stages all rows of all files. `ids` are the ids of the steps, in order.
    ///
    /// # Errors
    /// When a file cannot be read, the staging cannot be written, or the job is cancelled; then nothing is staged.
    pub fn stage_into(&self, staging: &Staging, ids: &[i64], job: &Job) -> Result<()> {
        let total: u64 = self.lists().map(|file| file.facts.rows).sum();
        let mut loader = staging.loader(ids.to_vec())?;
        let mut done = 0;
        for file in self.lists() {
            loader.start_file(&file.staged())?;
            let plan = self.plan(file, usize::MAX, true);
            let mut occurrences = Occurrences::default();
            parallel::in_order(
                &mut *file.layout.rows(&file.path)?,
                |batch| occurrences.number(&plan, batch),
                |_: &mut (), raw| ((pipeline::stage(&plan, &raw), raw), None),
                |(staged, raw)| {
                    loader.add(file.id, &raw, &staged)?;
                    done += staged.len() as u64;
                    job.report("stage", done, Some(total))
                },
            )?;
        }
        loader.finish(&self.rules)
    }
}

/// Reads the ids and names of a company list.
fn read_companies(file: &PreparedFile, companies: &mut Vec<(String, String)>) -> Result<()> {
    let (Some(id), Some(name)) = (file.position(Target::Id), file.position(Target::Name)) else {
        return Ok(());
    };
    let mut rows = file.layout.rows(&file.path)?;
    while let Some(batch) = rows.next_batch().map_err(Error::from)? {
        for row in 0..batch.len() {
            if let (Some(id), Some(name)) = (batch.cell(row, id), batch.cell(row, name)) {
                companies.push((id.trim().to_owned(), name.trim().to_owned()));
            }
        }
    }
    Ok(())
}

/// Today, where the person is.
pub(crate) fn today() -> Result<Date> {
    let today = jiff::Zoned::now().date();
    let parts = (u8::try_from(today.month()), u8::try_from(today.day()));
    let date = if let (Ok(month), Ok(day)) = parts { Date::new(today.year(), month, day) } else { None };
    date.ok_or_else(|| {
        Error::new(crate::Code::Internal, "The clock of this machine shows no date that Muster can use")
            .with_help("Set the clock.")
    })
}
