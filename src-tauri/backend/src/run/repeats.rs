//! Finds members that are listed twice, over lists of any size.
//!
//! Every row leaves 25 bytes: its key, the hash of its raw cells and its class. They are kept in memory up to a limit,
//! then spread over files by the key's first bits, so that each part fits the memory when it is sorted.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::sync::Mutex;

use muster_engine::pipeline::QuickRow;
use muster_engine::staged::{RowClass, StagedRow};

use crate::error::{Error, Result};
use crate::staging::Repeats;

/// Parts by the key's first bits.
const PARTS: usize = 64;
/// Rows kept in memory over all parts.
const IN_MEMORY: usize = 1 << 20;
const ENTRY: usize = 25;

/// What is kept of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    key: u128,
    raw_hash: u64,
    clean: bool,
}

impl Entry {
    /// What is kept of a clean row.
    #[inline]
    pub(super) fn clean(row: QuickRow) -> Entry {
        Entry { key: row.key, raw_hash: row.raw_hash, clean: true }
    }
}

/// What is kept of rows; excluded ones do not count.
pub(super) fn entries(rows: &[StagedRow]) -> impl Iterator<Item = Entry> {
    let taken = rows.iter().filter(|row| row.class != RowClass::Excluded);
    taken.map(|row| Entry { key: row.key, raw_hash: row.raw_hash, clean: row.class == RowClass::Clean })
}

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Rows that repeat an earlier one as a whole
    pub(super) rows: u64,
    /// Rows whose member is listed with other details too
    pub(super) keys: u64,
    /// Among the clean rows
    pub(super) clean: Repeats,
}

/// Collects rows.
#[derive(Debug)]
pub(super) struct RepeatFinder {
    parts: Vec<Vec<Entry>>,
    kept: usize,
    limit: usize,
    files: Vec<File>,
}

impl RepeatFinder {
    pub(super) fn new() -> RepeatFinder {
        RepeatFinder::with_limit(IN_MEMORY)
    }

    fn with_limit(limit: usize) -> RepeatFinder {
        RepeatFinder { parts: vec![Vec::new(); PARTS], kept: 0, limit, files: Vec::new() }
    }

    /// Adds rows.
    pub(super) fn add(&mut self, rows: &[Entry]) -> Result<()> {
        for row in rows {
            self.parts[(row.key >> 122) as usize].push(*row);
        }
        self.kept += rows.len();
        if self.kept > self.limit { self.spill().map_err(failed) } else { Ok(()) }
    }

    fn spill(&mut self) -> std::io::Result<()> {
        if self.files.is_empty() {
            self.files = (0..PARTS).map(|_| tempfile::tempfile()).collect::<std::io::Result<_>>()?;
        }
        let mut bytes = Vec::new();
        for (part, file) in self.parts.iter_mut().zip(&mut self.files) {
            bytes.clear();
            for entry in part.drain(..) {
                bytes.extend_from_slice(&entry.key.to_le_bytes());
                bytes.extend_from_slice(&entry.raw_hash.to_le_bytes());
                bytes.push(u8::from(entry.clean));
            }
            file.write_all(&bytes)?;
        }
        self.kept = 0;
        Ok(())
    }

    /// Finds the repeats, part by part on all cores.
    pub(super) fn finish(self) -> Result<Found> {
        let files = self.files.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
        let work = Mutex::new(self.parts.into_iter().zip(files));
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let found = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| find(&work))).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Ok(Found::default())))
                .collect::<Vec<_>>()
        });
        found.into_iter().try_fold(Found::default(), |all, part| Ok(all.plus(part?)))
    }
}

/// Finds the repeats of one part after the other, until none is left.
fn find(work: &Mutex<impl Iterator<Item = (Vec<Entry>, Option<File>)>>) -> Result<Found> {
    let mut found = Found::default();
    while let Some((mut part, file)) = work.lock().ok().and_then(|mut work| work.next()) {
        if let Some(file) = file {
            read_back(file, &mut part).map_err(failed)?;
        }
        part.sort_unstable();
        for of_member in part.chunk_by(|one, other| one.key == other.key) {
            found.count(of_member);
        }
    }
    Ok(found)
}

impl Found {
    fn plus(self, other: Found) -> Found {
        Found {
            rows: self.rows + other.rows,
            keys: self.keys + other.keys,
            clean: Repeats {
                members: self.clean.members + other.clean.members,
                conflicts: self.clean.conflicts + other.clean.conflicts,
                merged: self.clean.merged + other.clean.merged,
            },
        }
    }

    fn count(&mut self, of_member: &[Entry]) {
        let different =
            |rows: &[Entry]| rows.chunk_by(|one, other| one.raw_hash == other.raw_hash).count() as u64;
        let all = different(of_member);
        self.rows += of_member.len() as u64 - all;
        self.keys += if all > 1 { all } else { 0 };
        let clean: Vec<Entry> = of_member.iter().copied().filter(|entry| entry.clean).collect();
        if !clean.is_empty() {
            let different = different(&clean);
            self.clean.members += 1;
            self.clean.conflicts += u64::from(different > 1);
            self.clean.merged += clean.len() as u64 - different;
        }
    }
}

fn read_back(mut file: File, part: &mut Vec<Entry>) -> std::io::Result<()> {
    file.rewind()?;
    let mut file = BufReader::new(file);
    let mut bytes = [0; ENTRY];
    loop {
        match file.read_exact(&mut bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        let (mut key, mut raw_hash) = ([0; 16], [0; 8]);
        key.copy_from_slice(&bytes[..16]);
        raw_hash.copy_from_slice(&bytes[16..24]);
        part.push(Entry {
            key: u128::from_le_bytes(key),
            raw_hash: u64::from_le_bytes(raw_hash),
            clean: bytes[24] == 1,
        });
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::disk("keep intermediate results in the temporary folder", &error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(limit: usize) -> Found {
        let mut finder = RepeatFinder::with_limit(limit);
        for number in 0..1_000_u64 {
            let key = (u128::from(number) << 118) | 1;
            let entry = |raw_hash, clean| Entry { key, raw_hash, clean };
            let part = (key >> 122) as usize;
            finder.parts[part].push(entry(number, true));
            if number % 10 == 0 {
                finder.parts[part].push(entry(number, true));
            }
            if number % 100 == 0 {
                finder.parts[part].push(entry(number + 1, number % 200 == 0));
            }
            finder.kept += 1;
            if finder.kept > limit {
                finder.spill().unwrap();
            }
        }
        finder.finish().unwrap()
    }

    #[test]
    fn finds_the_same_in_memory_and_on_disk() {
        let clean = Repeats { members: 1_000, conflicts: 5, merged: 100 };
        let expected = Found { rows: 100, keys: 20, clean };
        assert_eq!(found(usize::MAX), expected);
        assert_eq!(found(7), expected);
    }
}
