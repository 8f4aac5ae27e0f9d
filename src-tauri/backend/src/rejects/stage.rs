//! Rows of the inbox as an import of their own: staged, so that the planner and the push take them like any other.

use std::collections::{HashMap, HashSet};

use muster_engine::RawBatch;
use muster_engine::recipe::RuleSettings;
use muster_engine::staged::StagedBatch;
use sea_orm::DatabaseConnection;

use super::kept::{self, FileOf, Kept};
use super::read::Readers;
use super::replay::ReplayChoice;
use crate::error::{Code, Error, Result};
use crate::imports::blocking;
use crate::push::ReplayedRow;
use crate::staging::{StagedFile, Staging};
use crate::store::SqliteAccess;

/// Rows that are read together.
const CHUNK: usize = 1_000;

/// The chosen rows, read and staged, in memory: an inbox is what people look through.
#[derive(Default)]
pub(super) struct Chosen {
    /// File and reading by their number among the staged files
    files: HashMap<(i64, i64), i64>,
    listed: Vec<(i64, FileOf)>,
    seen: HashSet<i64>,
    rows: Vec<(i64, RawBatch, StagedBatch)>,
    pub(super) replayed: Vec<ReplayedRow>,
    pub(super) modes: Vec<String>,
    pub(super) imports: Vec<String>,
}

impl Chosen {
    /// Reads the chosen rows.
    pub(super) async fn read(db: &DatabaseConnection, choice: &ReplayChoice) -> Result<Chosen> {
        let mut chosen = Chosen::default();
        let mut readers = Readers::default();
        if choice.all_fixed {
            let mut after = 0;
            loop {
                let rows = kept::fixed_after(db, after, CHUNK).await?;
                let Some(last) = rows.last() else { break };
                after = last.id;
                for row in &rows {
                    chosen.add(db, &mut readers, row).await?;
                }
            }
        }
        let mut ids = choice.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        for ids in ids.chunks(CHUNK) {
            let rows = kept::by_ids(db, ids).await?;
            if let Some(missing) = ids.iter().find(|id| rows.iter().all(|row| row.id != i64::from(**id))) {
                return Err(Error::not_found(&format!("row {missing} of the inbox")));
            }
            for row in &rows {
                row.check_open()?;
                chosen.add(db, &mut readers, row).await?;
            }
        }
        if chosen.rows.is_empty() {
            return Err(Error::new(Code::InvalidInput, "There is no row to replay")
                .with_help("Fix a row first, or choose the rows to replay."));
        }
        Ok(chosen)
    }

    async fn add(&mut self, db: &DatabaseConnection, readers: &mut Readers, kept: &Kept) -> Result<()> {
        if !self.seen.insert(kept.id) {
            return Ok(());
        }
        let (raw, staged) = readers.of(db, kept).await?.stage(kept);
        let next = i64::try_from(self.listed.len()).unwrap_or(i64::MAX) + 1;
        let file = *self.files.entry((kept.file.id, kept.reading.unwrap_or_default())).or_insert(next);
        if file == next {
            self.listed.push((file, kept.file.clone()));
        }
        self.rows.push((file, raw, staged));
        self.replayed.push(ReplayedRow { row: 0, reject: kept.id, version: kept.version });
        for (seen, name) in [(&mut self.modes, &kept.push.mode), (&mut self.imports, &kept.push.import_name)]
        {
            if !seen.contains(name) {
                seen.push(name.clone());
            }
        }
        Ok(())
    }

    /// Writes the rows into a new staging database; gives which of its rows is which of the inbox.
    pub(super) async fn write(mut self, staged: &SqliteAccess) -> Result<Vec<ReplayedRow>> {
        let staged = staged.clone();
        blocking(move || {
            let staging = Staging::create_new(&staged)?;
            let mut loader = staging.loader(Vec::new())?;
            for (file, of) in &self.listed {
                loader.start_file(&StagedFile {
                    id: *file,
                    name: of.name.clone(),
                    source: of.source.clone(),
                    sha256: of.sha256.clone(),
                    size: of.size.cast_unsigned(),
                    header: of.header.clone(),
                })?;
            }
            for ((row, replayed), (file, raw, staged)) in (1..).zip(&mut self.replayed).zip(&self.rows) {
                replayed.row = row;
                loader.add(*file, raw, staged)?;
            }
            loader.finish(&RuleSettings::default())?;
            staging.close()?;
            Ok(self.replayed)
        })
        .await
    }
}
