//! The Fix step: rows, issues, facets and the stories of cells.

use muster_engine::Field;

use super::Imports;
use super::operations::label;
use crate::error::{Error, Result};
use crate::staging::{CellStory, Facet, FieldInfo, IssueCount, RowBlock, RowQuery, RowStory, SpellingGroup};

/// Rows of a block at the most.
const LARGEST_BLOCK: u32 = 1_000;

impl Imports {
    /// The grid's fields.
    ///
    /// # Errors
    /// When the import does not exist.
    pub async fn fields(&self, id: u32) -> Result<Vec<FieldInfo>> {
        let import = self.import(id).await?;
        let mut fields = self.with_staging(import.id, |staging| staging.fields()).await?;
        let companies = self.prepare(&import).await?.companies;
        if let Some(company) = fields.iter_mut().find(|field| field.field == Field::Company) {
            company.choices = companies.entries().iter().map(|(_, name)| name.clone()).collect();
            if !company.choices.is_empty() {
                "choice".clone_into(&mut company.kind);
            }
        }
        Ok(fields)
    }

    /// A block of the rows that a query finds.
    ///
    /// # Errors
    /// When the import does not exist, or the query names what does not exist.
    pub async fn rows(&self, id: u32, query: RowQuery, offset: u32, limit: u32) -> Result<RowBlock> {
        let import = self.import(id).await?;
        self.with_staging(import.id, move |staging| staging.rows(&query, offset, limit.min(LARGEST_BLOCK)))
            .await
    }

    /// Issues by rule among the rows that a query finds.
    ///
    /// # Errors
    /// As [`Imports::rows`].
    pub async fn issue_counts(&self, id: u32, query: RowQuery) -> Result<Vec<IssueCount>> {
        let import = self.import(id).await?;
        self.with_staging(import.id, move |staging| staging.issue_counts(&query)).await
    }

    /// Values of a field among the rows that a query finds.
    ///
    /// # Errors
    /// As [`Imports::rows`].
    pub async fn facet(
        &self,
        id: u32,
        field: Field,
        query: RowQuery,
        search: Option<String>,
    ) -> Result<Facet> {
        let import = self.import(id).await?;
        self.with_staging(import.id, move |staging| staging.facet(field, &query, search.as_deref())).await
    }

    /// Values of a field that look like spellings of one another.
    ///
    /// # Errors
    /// When the import does not exist.
    pub async fn spellings(&self, id: u32, field: Field) -> Result<Vec<SpellingGroup>> {
        let import = self.import(id).await?;
        self.with_staging(import.id, move |staging| staging.spellings(field)).await
    }

    /// What happened to a cell.
    ///
    /// # Errors
    /// When the row does not exist.
    pub async fn cell_story(&self, id: u32, row: u32, field: Field) -> Result<CellStory> {
        let import = self.import(id).await?;
        let prepared = self.prepare(&import).await?;
        let steps = self.steps(import.id).await?;
        self.with_staging(import.id, move |staging| {
            let touched = staging.steps_of(row)?;
            let positions = steps.iter().enumerate().filter(|(_, (id, _))| touched.contains(id));
            let labels: Vec<_> = positions.map(|(at, (_, step))| (at, label(step))).collect();
            staging.cell_story(row, field, &labels, &|file, steps| {
                let file = prepared.files.iter().find(|found| found.id == file);
                file.map(|file| prepared.plan(file, steps, true)).ok_or_else(|| Error::not_found("file"))
            })
        })
        .await
    }

    /// A row as it stands in its file.
    ///
    /// # Errors
    /// When the row does not exist.
    pub async fn row_story(&self, id: u32, row: u32) -> Result<RowStory> {
        let import = self.import(id).await?;
        self.with_staging(import.id, move |staging| staging.row_story(row)).await
    }
}
