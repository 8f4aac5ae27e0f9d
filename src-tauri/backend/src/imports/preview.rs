//! The preview of a file: how it is read, its first rows, and the faults of all of it.

use std::path::Path;

use muster_engine::read::encoding;
use muster_engine::recipe::ReaderOptions;
use muster_engine::{Level, Rule};
use serde::Serialize;

use super::files::{FileView, parse};
use super::{Imports, blocking};
use crate::error::Result;
use crate::raw_files;
use crate::reading::Layout;
use crate::reading::recipes::reader_options;

/// Rows of a preview.
const PREVIEW: usize = 50;

/// A fault of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FileIssue {
    /// The rule's name
    pub rule: String,
    /// How bad
    pub level: Level,
    /// The first line that has it
    pub line: Option<u32>,
    /// The rule's name for people
    pub label: String,
    /// Rows that have it
    pub rows: u32,
}

/// How a file is read, with its first rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FilePreview {
    /// The file
    pub file: FileView,
    /// What the person fixed
    pub chosen: ReaderOptions,
    /// What is in force
    pub detected: ReaderOptions,
    /// Encodings that can be chosen
    pub encodings: Vec<String>,
    /// Sheets that can be chosen
    pub sheets: Vec<String>,
    /// The columns' names
    pub header: Vec<String>,
    /// The first rows
    pub rows: Vec<Vec<String>>,
    /// Line of each of them
    pub lines: Vec<u32>,
    /// Faults of the file
    pub issues: Vec<FileIssue>,
}

impl Imports {
    /// How a file is read, with its first rows and the faults of all of it.
    ///
    /// # Errors
    /// When the file does not exist or cannot be read.
    pub async fn preview(&self, id: u32, file: u32) -> Result<FilePreview> {
        let file = self.file(id, file).await?;
        let path = raw_files::path(&self.folders, &file.sha256);
        let layout: Layout = parse(&file.detected)?;
        let read = layout.clone();
        let (rows, lines, issues) = blocking(move || first_rows(&path, &read)).await?;
        Ok(FilePreview {
            file: self.file_view(&file).await?,
            chosen: parse(&file.reader)?,
            detected: reader_options(&layout),
            encodings: encoding::OFFERED_ENCODINGS.iter().map(|offered| offered.label.to_owned()).collect(),
            sheets: layout.sheets,
            header: layout.header,
            rows,
            lines,
            issues,
        })
    }
}

type FirstRows = (Vec<Vec<String>>, Vec<u32>, Vec<FileIssue>);

fn first_rows(path: &Path, layout: &Layout) -> Result<FirstRows> {
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    let mut issues: Vec<(Rule, u64, u32)> = Vec::new();
    let mut source = layout.rows(path)?;
    while let Some(batch) = source.next_batch()? {
        for row in 0..batch.len().min(PREVIEW.saturating_sub(rows.len())) {
            rows.push(batch.cells(row).map(str::to_owned).collect());
            lines.push(u32::try_from(batch.rows()[row].line).unwrap_or(u32::MAX));
        }
        for &(row, rule) in batch.issues() {
            match issues.iter_mut().find(|(found, ..)| *found == rule) {
                Some((.., count)) => *count += 1,
                None => issues.push((rule, batch.rows()[row as usize].line, 1)),
            }
        }
    }
    let issue = |(rule, line, rows): (Rule, u64, u32)| FileIssue {
        rule: rule.name().to_owned(),
        level: rule.level(None),
        line: u32::try_from(line).ok(),
        label: rule.label().to_owned(),
        rows,
    };
    Ok((rows, lines, issues.into_iter().map(issue).collect()))
}
