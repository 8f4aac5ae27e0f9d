//! Which kind of workbook a file is, from its content and never from its name.

use std::io::{Read, Seek, SeekFrom};

use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::error::EngineError;

/// A kind of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkbookFormat {
    /// Office Open XML
    Xlsx,
    /// Office Open XML with macros, which are never run
    Xlsm,
    /// Office Open XML's binary sibling
    Xlsb,
    /// Excel 97 to 2003
    Xls,
    /// OpenDocument
    Ods,
}

impl WorkbookFormat {
    /// The name for people: `XLSX`.
    pub const fn name(self) -> &'static str {
        match self {
            WorkbookFormat::Xlsx => "XLSX",
            WorkbookFormat::Xlsm => "XLSM",
            WorkbookFormat::Xlsb => "XLSB",
            WorkbookFormat::Xls => "XLS",
            WorkbookFormat::Ods => "ODS",
        }
    }
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// First entries of the ZIP archives that office programs write.
const FIRST_ENTRIES: [&[u8]; 6] =
    [b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"customXml/", b"mimetype"];

/// Whether a file may be a workbook, from its first bytes (a kilobyte is enough). Another kind of Office document
/// may look so too; [`detect_format`] tells.
pub fn is_workbook(start_of_file: &[u8]) -> bool {
    if start_of_file.starts_with(OLE) {
        return true;
    }
    // A local file header: its name is at byte 30.
    let name = start_of_file.get(30..).unwrap_or_default();
    start_of_file.starts_with(ZIP)
        && FIRST_ENTRIES.iter().any(|first| name.starts_with(first))
        && (!name.starts_with(b"mimetype") || memmem::find(&name[..name.len().min(200)], ODS_TYPE).is_some())
}

/// Which kind of workbook a file is. Reads the list of a ZIP archive's entries, or an old workbook once through.
///
/// # Errors
/// [`EngineError::NotAList`] for other files, [`EngineError::PasswordProtected`].
pub fn detect_format<R: Read + Seek>(input: &mut R) -> Result<WorkbookFormat, EngineError> {
    input.rewind()?;
    let mut start = Vec::new();
    input.by_ref().take(1_024).read_to_end(&mut start)?;
    if start.starts_with(OLE) {
        return ole_format(input);
    }
    if !start.starts_with(ZIP) {
        return Err(EngineError::NotAList("it is no workbook"));
    }
    let entries = zip_entries(input)?;
    let has = |name: &[u8]| memmem::find(&entries, name).is_some();
    if has(b"xl/workbook.bin") {
        Ok(WorkbookFormat::Xlsb)
    } else if has(b"xl/vbaProject.bin") {
        Ok(WorkbookFormat::Xlsm)
    } else if has(b"xl/") || has(b"sheet1.xml") {
        Ok(WorkbookFormat::Xlsx)
    } else if memmem::find(&start, ODS_TYPE).is_some() || (has(b"content.xml") && has(b"mimetype")) {
        Ok(WorkbookFormat::Ods)
    } else if has(b"word/") || has(b"ppt/") {
        Err(EngineError::NotAList("it is a document or a presentation, not a workbook"))
    } else {
        Err(EngineError::NotAList("it is a ZIP archive. Unpack it first"))
    }
}

/// The end of the archive, where its list of entries stands. Lists are a few kilobytes long; of a longer one the
/// end is enough.
fn zip_entries<R: Read + Seek>(input: &mut R) -> Result<Vec<u8>, EngineError> {
    const LONGEST: u64 = 1 << 20;
    const END_RECORD: &[u8] = b"PK\x05\x06";
    let size = input.seek(SeekFrom::End(0))?;
    input.seek(SeekFrom::Start(size.saturating_sub(LONGEST)))?;
    let mut tail = Vec::new();
    input.by_ref().take(LONGEST).read_to_end(&mut tail)?;
    let Some(end) = memmem::rfind(&tail, END_RECORD) else {
        return Err(EngineError::NotAList("it is a damaged or incomplete workbook or archive"));
    };
    let length = tail.get(end + 12..end + 16).map_or(0, |bytes| {
        bytes.iter().rev().fold(0_usize, |number, &byte| (number << 8) | usize::from(byte))
    });
    Ok(tail[end.saturating_sub(length)..end].to_vec())
}

/// An OLE container holds an old workbook, or the ciphertext of a new one. Its structures are aligned, so they are
/// found without following its chains of sectors.
fn ole_format<R: Read + Seek>(input: &mut R) -> Result<WorkbookFormat, EngineError> {
    input.rewind()?;
    let mut block = Vec::with_capacity(BLOCK);
    let mut has_workbook = false;
    loop {
        block.clear();
        input.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        for at in (0..block.len()).step_by(64) {
            let bytes = &block[at..];
            if has_file_pass(bytes) || is_stream(bytes, "EncryptedPackage") {
                return Err(EngineError::PasswordProtected);
            }
            has_workbook |= is_stream(bytes, "Workbook") || is_stream(bytes, "Book");
        }
        if block.len() < BLOCK {
            break;
        }
    }
    if has_workbook {
        return Ok(WorkbookFormat::Xls);
    }
    Err(EngineError::NotAList("it is an old Office document, not a workbook"))
}

/// A multiple of a sector.
const BLOCK: usize = 64 * 1024;

/// Whether a directory entry of a stream stands here (MS-CFB 2.6.1: 64 bytes of UTF-16 name, its length, its type).
fn is_stream(bytes: &[u8], name: &str) -> bool {
    let mut at = 0;
    for unit in name.encode_utf16().chain([0]) {
        if bytes.get(at..at + 2) != Some(&unit.to_le_bytes()) {
            return false;
        }
        at += 2;
    }
    bytes.get(64..67) == Some(&[at as u8, 0, 2])
}

/// Whether the globals of a workbook start here and soon say that they are encrypted, be it with XOR
/// (MS-XLS 2.1.7.20.1: BOF, WriteProtect, FilePass).
fn has_file_pass(bytes: &[u8]) -> bool {
    let biff8 = bytes.starts_with(&[0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00]);
    let biff5 = bytes.starts_with(&[0x09, 0x08, 0x08, 0x00, 0x00, 0x05, 0x05, 0x00]);
    if !biff8 && !biff5 {
        return false;
    }
    let mut at = 0;
    for _ in 0..4 {
        let Some(&[kind, high, length, length_high]) = bytes.get(at..at + 4) else { return false };
        if (kind, high) == (0x2F, 0) {
            return true;
        }
        at += 4 + usize::from(u16::from_le_bytes([length, length_high]));
    }
    false
}
