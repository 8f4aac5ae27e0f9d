//! "Try it with sample lists": an import of invented clubs, to look around in.

use super::{ImportView, Imports, blocking};
use crate::error::{Error, Result};
use crate::progress::Job;
use crate::sample::{SampleSettings, write_sample};

impl Imports {
    /// Makes an import with sample lists in it.
    ///
    /// # Errors
    /// When the files cannot be written, or the job is cancelled; then there is no such import.
    pub async fn create_sample(&self, job: &Job) -> Result<ImportView> {
        let failed = |error: std::io::Error| Error::disk("write the sample lists", &error);
        let folder = tempfile::tempdir().map_err(failed)?;
        let out = folder.path().to_owned();
        let settings = SampleSettings::first_start();
        let summary = blocking(move || {
            write_sample(&settings, &out, &mut |_| std::ops::ControlFlow::Continue(())).map_err(failed)
        })
        .await?;
        let lists = summary.lists.iter().map(|list| folder.path().join(list.name));
        let files: Vec<_> = lists.chain([folder.path().join("companies.csv")]).collect();
        let import = self.create(Some("Sample lists")).await?;
        match self.add_files(import.id, &files, job).await {
            Ok(view) => Ok(view),
            Err(error) => {
                self.delete(import.id, &import.name).await?;
                Err(error)
            }
        }
    }
}
