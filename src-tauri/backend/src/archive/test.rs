//! Tries the archive of the settings step by step, and says what was done and where it stopped.

use serde::Serialize;

use super::s3::{overwritable, test_name};
use super::{Archive, Place};
use crate::config::ArchiveKind;
use crate::error::{Code, Result};
use crate::profiles::Profiles;
use crate::progress::{Job, unless_cancelled};
use crate::steps::{StepTest, TestStep, TestedStep, TestedSteps};

/// A step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ArchiveTestStepName {
    /// The archive is the database of each push
    Database,
    /// The secret of the access key is there
    Secret,
    /// Something can be written
    Write,
    /// What was written can be read, and is the same
    Read,
    /// Writing over it is refused
    Overwrite,
}

impl ArchiveTestStepName {
    const fn of(kind: ArchiveKind) -> &'static [ArchiveTestStepName] {
        use ArchiveTestStepName::{Database, Overwrite, Read, Secret, Write};
        match kind {
            ArchiveKind::Database => &[Database],
            ArchiveKind::Folder => &[Write, Read],
            ArchiveKind::S3 => &[Secret, Write, Read, Overwrite],
        }
    }
}

impl TestStep for ArchiveTestStepName {
    fn name(self) -> &'static str {
        match self {
            ArchiveTestStepName::Database => "database",
            ArchiveTestStepName::Secret => "secret",
            ArchiveTestStepName::Write => "write",
            ArchiveTestStepName::Read => "read",
            ArchiveTestStepName::Overwrite => "overwrite",
        }
    }
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ArchiveTestReport {
    /// Where the archive is
    pub location: String,
    /// Whether no step failed
    pub ok: bool,
    /// What kind the failure is
    pub code: Option<Code>,
    /// All steps, in order
    pub steps: Vec<TestedStep<ArchiveTestStepName>>,
}

impl Profiles {
    /// Writes a small file to the archive, reads it, tries to write over it, and removes it. The job's stages are the
    /// names of the steps.
    ///
    /// # Errors
    /// When the job is cancelled. A step that failed is in the report.
    pub async fn test_archive(&self, job: &Job) -> Result<ArchiveTestReport> {
        let mut trial = Trial { archive: Archive::of(self), name: test_name()?, place: None };
        let tested = trial.steps(job).await;
        trial.clean_up().await;
        tested
    }
}

/// A test at work.
struct Trial {
    archive: Archive,
    /// What the small file is called
    name: String,
    place: Option<Place>,
}

impl Trial {
    async fn steps(&mut self, job: &Job) -> Result<ArchiveTestReport> {
        let location = self.archive.location();
        let mut test = StepTest::new(ArchiveTestStepName::of(self.archive.config.kind), job);
        while let Some(step) = test.begin()? {
            test.end(step, unless_cancelled(job, self.try_step(step)).await?)?;
        }
        let TestedSteps { ok, code, steps } = test.report();
        Ok(ArchiveTestReport { location, ok, code, steps })
    }

    async fn place(&mut self) -> Result<&Place> {
        let place = match self.place.take() {
            Some(place) => place,
            None => self.archive.place().await?,
        };
        Ok(self.place.insert(place))
    }

    async fn try_step(&mut self, step: ArchiveTestStepName) -> Result<String> {
        let (name, location) = (self.name.clone(), self.archive.location());
        let key_id = self.archive.config.key_id.clone().unwrap_or_default();
        let place = self.place().await?;
        Ok(match (step, place) {
            (ArchiveTestStepName::Secret, _) => format!("The secret of the access key {key_id} is there"),
            (ArchiveTestStepName::Write, Place::Folder(folder)) => {
                folder.write_test(&name).await?;
                format!("A small file was written to {location}")
            }
            (ArchiveTestStepName::Write, Place::S3(s3)) => {
                s3.write_test(&name).await?;
                format!("A small object was written to {location}")
            }
            (ArchiveTestStepName::Read, Place::Folder(folder)) => {
                folder.read_test(&name).await?;
                "It was read, and is the same".to_owned()
            }
            (ArchiveTestStepName::Read, Place::S3(s3)) => {
                s3.read_test(&name).await?;
                "It was read, and is the same".to_owned()
            }
            (ArchiveTestStepName::Overwrite, Place::S3(s3)) => {
                match (s3.refuses_overwriting(&name).await?, s3.is_strict()) {
                    (true, _) => "Writing over it was refused, as it must be".to_owned(),
                    (false, true) => return Err(overwritable()),
                    (false, false) => "The store lets it be overwritten, which the settings allow".to_owned(),
                }
            }
            _ => "The database of each push keeps its files; nothing was written".to_owned(),
        })
    }

    async fn clean_up(&self) {
        match &self.place {
            Some(Place::Folder(folder)) => folder.remove_test(&self.name).await,
            Some(Place::S3(s3)) => s3.remove_test(&self.name).await,
            _ => {}
        }
    }
}
