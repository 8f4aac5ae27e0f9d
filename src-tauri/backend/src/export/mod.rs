//! The result as files: `master` (clean), `suspects` and `rejects`, each as CSV, XLSX or both.
//!
//! Rows are streamed from the staging database, so memory does not grow with them. All files are written beside their
//! final place and renamed at the end: whoever looks sees the old files or the new ones, never half of one.

pub(crate) mod csv;
mod list;
mod members;
#[cfg(test)]
mod tests;
pub(crate) mod xlsx;

pub use members::export_members;
pub(crate) use members::{folder_of, format_of};

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use self::list::List;
use crate::error::{Error, Result};
use crate::progress::Job;
use crate::store::SqliteAccess;
use crate::telemetry::{Event, Stage, record, stage_now};

const COUNT: &str = "SELECT count(*) FROM staged_row WHERE class IN (0, 1, 2)";

/// A file format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma separated, UTF-8
    Csv,
    /// Excel workbook
    Xlsx,
}

impl ExportFormat {
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            ExportFormat::Csv => "csv",
            ExportFormat::Xlsx => "xlsx",
        }
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportedFile {
    /// Its name, without the folder
    pub name: String,
    /// Rows, without the header
    pub rows: u32,
    /// Bytes
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size: f64,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportReport {
    /// Where
    pub folder: String,
    /// The files
    pub files: Vec<ExportedFile>,
}

/// Writes the staged rows of an import into a folder, which is made where it is missing; older files of the same
/// names are replaced. Blocks. Progress is reported as `export`, in rows.
///
/// # Errors
/// When the staging cannot be read or the folder not written, or the job is cancelled; then no file is changed.
pub fn export_files(
    staged: &SqliteAccess,
    folder: &Path,
    formats: &[ExportFormat],
    job: &Job,
) -> Result<ExportReport> {
    std::fs::create_dir_all(folder).map_err(|cause| Error::disk("make the folder", &cause))?;
    let result = stage_now(Stage::Export, || write_all(staged, folder, formats, job));
    // What a cancel interrupts fails in its own words.
    let written = result.map_err(|error| if job.is_cancelled() { Error::cancelled() } else { error })?;
    let files = put_in_place(written, folder)?;
    Ok(ExportReport { folder: folder.to_string_lossy().into_owned(), files })
}

/// A file that is complete and waits for its name.
pub(crate) struct Written {
    pub(crate) temporary: NamedTempFile,
    pub(crate) target: PathBuf,
    pub(crate) rows: u32,
}

fn write_all(
    staged: &SqliteAccess,
    folder: &Path,
    formats: &[ExportFormat],
    job: &Job,
) -> Result<Vec<Written>> {
    let mut db = open(staged)?;
    // One transaction: the lists are of one moment.
    let db = db.transaction()?;
    let total: u32 = db.query_row(COUNT, [], |row| row.get(0))?;
    let mut progress = Progress { job, done: 0, total: total.into() };
    job.report("export", 0, Some(progress.total))?;
    let mut written = Vec::new();
    for list in List::ALL {
        let mut sinks =
            formats.iter().map(|&format| Sink::new(format, list, folder, job)).collect::<Result<Vec<_>>>()?;
        let rows = list::read(&db, list, |cells| {
            for sink in &mut sinks {
                sink.row(cells)?;
            }
            progress.step()
        })?;
        for (sink, format) in sinks.into_iter().zip(formats) {
            let target = folder.join(format!("{}.{}", list.name(), format.extension()));
            written.push(Written { temporary: sink.finish()?, target, rows });
        }
    }
    job.report("export", progress.total, Some(progress.total))?;
    Ok(written)
}

fn open(staged: &SqliteAccess) -> Result<Connection> {
    if !staged.path.exists() {
        return Err(Error::not_found("import"));
    }
    let db = staged.connect()?;
    db.busy_timeout(Duration::from_secs(10))?;
    Ok(db)
}

/// Gives all files their names.
pub(crate) fn put_in_place(written: Vec<Written>, folder: &Path) -> Result<Vec<ExportedFile>> {
    let failed = |cause: &io::Error| Error::disk("write the file", cause);
    let mut files = Vec::new();
    for Written { temporary, target, rows } in written {
        let size = temporary.as_file().metadata().map_err(|cause| failed(&cause))?.len();
        temporary.persist(&target).map_err(|cause| failed(&cause.error))?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "no file reaches 2^53 bytes")]
        files.push(ExportedFile { name, rows, size: size as f64 });
    }
    // On Unix a new name is on the disk once its folder is.
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|cause| failed(&cause))?;
    }
    record(Event::Exported {
        files: u32::try_from(files.len()).unwrap_or(u32::MAX),
        rows: files.iter().map(|file| u64::from(file.rows)).sum(),
    });
    Ok(files)
}

struct Progress<'j> {
    job: &'j Job,
    done: u64,
    total: u64,
}

impl Progress<'_> {
    const EVERY: u64 = 4_096;

    fn step(&mut self) -> Result<()> {
        self.done += 1;
        if self.done.is_multiple_of(Self::EVERY) {
            self.job.report("export", self.done, Some(self.total))?;
        }
        Ok(())
    }
}

/// One file being written.
enum Sink {
    Csv(csv::CsvFile),
    Xlsx(Box<xlsx::XlsxFile>),
}

impl Sink {
    fn new(format: ExportFormat, list: List, folder: &Path, job: &Job) -> Result<Sink> {
        let file = temporary(folder)?;
        Ok(match format {
            ExportFormat::Csv => Sink::Csv(csv::CsvFile::new(file, list.header())),
            ExportFormat::Xlsx => {
                Sink::Xlsx(Box::new(xlsx::XlsxFile::new(file, list.name(), list.header(), folder, job)?))
            }
        })
    }

    fn row(&mut self, cells: &[Option<&str>]) -> Result<()> {
        match self {
            Sink::Csv(file) => file.row(cells),
            Sink::Xlsx(file) => file.row(cells),
        }
    }

    /// The complete file, safe on the disk.
    fn finish(self) -> Result<NamedTempFile> {
        sync(match self {
            Sink::Csv(file) => file.finish()?,
            Sink::Xlsx(file) => file.finish()?,
        })
    }
}

/// The file, once it is safe on the disk.
pub(crate) fn sync(mut file: NamedTempFile) -> Result<NamedTempFile> {
    file.flush()
        .and_then(|()| file.as_file().sync_all())
        .map_err(|cause| Error::disk("write the file", &cause))?;
    Ok(file)
}

/// A file beside its final place. It has the permissions that the person's other new files have.
pub(crate) fn temporary(folder: &Path) -> Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".muster-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|cause| Error::disk("write into the folder", &cause))
}
