//! How a file is read: what was detected, with what the person fixed.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use muster_engine::read::delimited::DelimitedReader;
use muster_engine::read::detect::{Detected, Dialect, detect};
use muster_engine::read::{RowSource, encoding, workbook};
use muster_engine::recipe::ReaderOptions;
use muster_engine::standardise::date::Epoch;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::raw_files::Hashing;
use crate::worker;

/// Bytes of a file's start that its layout is detected from.
const SAMPLE: u64 = 256 * 1024;

/// Kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// CSV, TSV and other delimited text
    Delimited,
    /// XLSX, XLSM, XLSB, XLS, ODS
    Workbook,
}

/// How a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The kind of file
    pub kind: FileKind,
    /// Text: label of the encoding
    pub encoding: String,
    /// Text: the delimiter
    pub delimiter: u8,
    /// Text: the quote, if any
    pub quote: Option<u8>,
    /// Line or sheet row of the header; `None` where there is none
    pub header_row: Option<u32>,
    /// Workbook: the sheet
    pub sheet: Option<String>,
    /// Workbook: its visible sheets
    pub sheets: Vec<String>,
    /// Workbook: day numbers count from 1904
    pub epoch_1904: bool,
    /// The columns' names, each once
    pub header: Vec<String>,
}

impl Layout {
    /// Finds out how a file is read. What the options say is not detected.
    ///
    /// # Errors
    /// When the file cannot be opened or is no list.
    pub fn detect(path: &Path, options: &ReaderOptions) -> Result<Layout> {
        let mut file = File::open(path).map_err(|error| Error::disk("open the file", &error))?;
        let mut sample = Vec::new();
        file.by_ref()
            .take(SAMPLE)
            .read_to_end(&mut sample)
            .map_err(|error| Error::disk("read the file", &error))?;
        if workbook::is_workbook(&sample) {
            return Layout::of_sheet(path, options);
        }
        let whole = (sample.len() as u64) < SAMPLE;
        let detected = detect(&sample, whole, options)?;
        Ok(Layout {
            kind: FileKind::Delimited,
            encoding: detected.dialect.encoding.name().to_lowercase(),
            delimiter: detected.dialect.delimiter,
            quote: detected.dialect.quote,
            header_row: detected.dialect.header_row.map(|row| u32::try_from(row).unwrap_or(u32::MAX)),
            sheet: None,
            sheets: Vec::new(),
            epoch_1904: false,
            header: detected.header,
        })
    }

    fn of_sheet(path: &Path, options: &ReaderOptions) -> Result<Layout> {
        let sheets = worker::sheets(path)?;
        let (header, _rows) = worker::read_sheet(path, options.sheet.as_deref(), options.header_row)?;
        Ok(Layout {
            kind: FileKind::Workbook,
            encoding: "utf-8".to_owned(),
            delimiter: b',',
            quote: None,
            header_row: header.header_row,
            sheet: Some(header.sheet),
            sheets: sheets.into_iter().filter(|sheet| sheet.visible).map(|sheet| sheet.name).collect(),
            epoch_1904: header.epoch_1904,
            header: header.header,
        })
    }

    /// The rows of the file.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn rows(&self, path: &Path) -> Result<Box<dyn RowSource + Send>> {
        match self.kind {
            FileKind::Delimited => {
                let file = File::open(path).map_err(|error| Error::disk("open the file", &error))?;
                Ok(Box::new(DelimitedReader::new(file, &self.detected()?)))
            }
            FileKind::Workbook => {
                let header_row = Some(self.header_row.unwrap_or(0));
                let (_, rows) = worker::read_sheet(path, self.sheet.as_deref(), header_row)?;
                Ok(Box::new(rows))
            }
        }
    }

    /// Like [`Layout::rows`], and hashes the file while it is read; `None` for a workbook, whose rows are not read from its
    /// bytes one after the other.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn hashed_rows(&self, path: &Path) -> Result<Option<(Box<dyn RowSource + Send>, Hashing)>> {
        if self.kind == FileKind::Workbook {
            return Ok(None);
        }
        let file = File::open(path).map_err(|error| Error::disk("open the file", &error))?;
        let hashing = Hashing::default();
        let rows = DelimitedReader::new(hashing.reader(file), &self.detected()?);
        Ok(Some((Box::new(rows), hashing)))
    }

    /// What day numbers count from.
    pub fn epoch(&self) -> Epoch {
        if self.epoch_1904 { Epoch::Year1904 } else { Epoch::Year1900 }
    }

    fn detected(&self) -> Result<Detected> {
        let encoding = encoding::by_label(&self.encoding)?;
        let header_row = self.header_row.map(u64::from);
        let dialect = Dialect { encoding, delimiter: self.delimiter, quote: self.quote, header_row };
        Ok(Detected { dialect, header: self.header.clone(), columns: self.header.len() })
    }
}
