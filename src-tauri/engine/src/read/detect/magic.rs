//! Files that are no lists, told by their first bytes.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// First bytes, and what such a file is.
const KINDS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "it is a ZIP archive or a workbook, not text"),
    (b"PK\x05\x06", "it is an empty ZIP archive"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "it is an old Office document or a protected workbook, not text"),
    (b"%PDF-", "it is a PDF. Ask for the list as CSV or as a workbook"),
    (b"\x89PNG\r\n", "it is a picture"),
    (b"\xFF\xD8\xFF", "it is a picture"),
    (b"GIF8", "it is a picture"),
    (b"\x1F\x8B\x08", "it is compressed. Unpack it first"),
    (b"BZh", "it is compressed. Unpack it first"),
    (b"\xFD7zXZ\0", "it is compressed. Unpack it first"),
    (b"\x28\xB5\x2F\xFD", "it is compressed. Unpack it first"),
    (b"7z\xBC\xAF\x27\x1C", "it is compressed. Unpack it first"),
    (b"Rar!\x1A\x07", "it is compressed. Unpack it first"),
    (b"SQLite format 3\0", "it is a database"),
    (b"PAR1", "it is a Parquet file"),
    (b"{\\rtf", "it is a text document. Ask for the list as CSV or as a workbook"),
    (b"\x7FELF", "it is a program"),
];

/// Beginnings of texts of other formats, in lower case.
const TEXTS: &[(&str, &str)] = &[
    ("<!doctype html", "it is a web page. Open it in a spreadsheet program and save it as CSV"),
    ("<html", "it is a web page. Open it in a spreadsheet program and save it as CSV"),
    ("<table", "it is a web page. Open it in a spreadsheet program and save it as CSV"),
    ("<?xml", "it is an XML document, not a list"),
    ("[{\"", "it is a JSON document, not a list"),
    ("{\"", "it is a JSON document, not a list"),
];

/// Why the bytes are no list; `None` if they may be one.
pub(super) fn not_a_list(sample: &[u8], encoding: &'static Encoding) -> Option<&'static str> {
    if let Some((_, reason)) = KINDS.iter().find(|(magic, _)| sample.starts_with(magic)) {
        return Some(reason);
    }
    let text = sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample).trim_ascii_start();
    let begins =
        |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()));
    if let Some((_, reason)) = TEXTS.iter().find(|(start, _)| begins(start)) {
        return Some(reason);
    }
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let controls = sample.iter().filter(|&&byte| is_binary(byte) && !(wide && byte == 0)).count();
    (controls * 10 > sample.len()).then_some("it is not text")
}

/// Control characters that texts do not have. Some separate fields, end a DOS file or start a terminal's colours.
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0 | 2..=8 | 0x0B | 0x0E..=0x19 | 0x7F)
}
