//! A CSV file of an export; the engine says how its cells are written.

use std::io::Write;

use muster_engine::write::csv::encode_row;
use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// Bytes that are gathered before they are written.
const BUFFER: usize = 1 << 18;

pub(crate) struct CsvFile {
    file: NamedTempFile,
    buffer: Vec<u8>,
}

impl CsvFile {
    pub(crate) fn new(file: NamedTempFile, header: &[&str]) -> CsvFile {
        let mut buffer = Vec::with_capacity(BUFFER + BUFFER / 8);
        encode_row(&mut buffer, header.iter().copied().map(Some));
        CsvFile { file, buffer }
    }

    pub(crate) fn row(&mut self, cells: &[Option<&str>]) -> Result<()> {
        encode_row(&mut self.buffer, cells.iter().copied());
        if self.buffer.len() < BUFFER { Ok(()) } else { self.write() }
    }

    /// A line as it is, for what [`encode_row`] has no other form for.
    pub(crate) fn raw_line(&mut self, line: &str) -> Result<()> {
        self.buffer.extend_from_slice(line.as_bytes());
        self.buffer.push(b'\n');
        if self.buffer.len() < BUFFER { Ok(()) } else { self.write() }
    }

    pub(crate) fn finish(mut self) -> Result<NamedTempFile> {
        self.write()?;
        Ok(self.file)
    }

    fn write(&mut self) -> Result<()> {
        self.file.write_all(&self.buffer).map_err(|cause| Error::disk("write the file", &cause))?;
        self.buffer.clear();
        Ok(())
    }
}
