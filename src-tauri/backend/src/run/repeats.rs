//! Finds members that are listed twice, over lists of any size.
//!
//! Every row leaves 24 bytes: its key, and the hash of its raw cells with its class. They are kept in memory up to a limit,
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
const ENTRY: usize = 24;

/// What is kept of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The first and the last half of the key
    key: [u64; 2],
    /// The hash of the raw cells; its lowest bit says instead whether the row is clean
    raw_hash_and_class: u64,
}

impl Entry {
    #[inline]
    fn new(key: u128, raw_hash: u64, clean: bool) -> Entry {
        Entry { key: [(key >> 64) as u64, key as u64], raw_hash_and_class: raw_hash & !1 | u64::from(clean) }
    }

    /// What is kept of a clean row.
    #[inline]
    pub(super) fn clean(row: QuickRow) -> Entry {
        Entry::new(row.key, row.raw_hash, true)
    }

    fn is_clean(&self) -> bool {
        self.raw_hash_and_class & 1 == 1
    }

    fn raw_hash(&self) -> u64 {
        self.raw_hash_and_class & !1
    }
}

/// What is kept of rows; excluded ones do not count.
pub(super) fn entries(rows: &[StagedRow]) -> impl Iterator<Item = Entry> {
    let taken = rows.iter().filter(|row| row.class != RowClass::Excluded);
    taken.map(|row| Entry::new(row.key, row.raw_hash, row.class == RowClass::Clean))
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
            self.parts[part_of(row)].push(*row);
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
                for number in [entry.key[0], entry.key[1], entry.raw_hash_and_class] {
                    bytes.extend_from_slice(&number.to_le_bytes());
                }
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

/// The part that a row belongs to.
#[inline]
fn part_of(row: &Entry) -> usize {
    (row.key[0] >> (u64::BITS - PARTS.ilog2())) as usize
}

/// Finds the repeats of one part after the other, until none is left.
fn find(work: &Mutex<impl Iterator<Item = (Vec<Entry>, Option<File>)>>) -> Result<Found> {
    let (mut found, mut seen) = (Found::default(), Seen::default());
    while let Some((mut part, file)) = work.lock().ok().and_then(|mut work| work.next()) {
        if let Some(file) = file {
            read_back(file, &mut part).map_err(failed)?;
        }
        set_single_apart(&mut part, &mut seen, &mut found);
        part.sort_unstable();
        for of_member in part.chunk_by(|one, other| one.key == other.key) {
            found.count(of_member);
        }
    }
    Ok(found)
}

/// Two bits for each of many places: whether a key fell on it, and whether another one did.
#[derive(Default)]
struct Seen {
    once: Vec<u64>,
    again: Vec<u64>,
}

/// Counts the members that are surely listed once and leaves the others. Nearly all are listed once, and finding that out
/// costs less than sorting them.
fn set_single_apart(part: &mut Vec<Entry>, seen: &mut Seen, found: &mut Found) {
    // With 16 places for a key, one in 16 keys shares its place with another key.
    let places = (part.len() * 16).next_power_of_two().max(64);
    for bits in [&mut seen.once, &mut seen.again] {
        bits.clear();
        bits.resize(places / 64, 0);
    }
    // Keys are hashes: any of their bits will do but for the first, which are the part's.
    let place = |entry: &Entry| {
        let place = entry.key[1] as usize & (places - 1);
        (place / 64, 1_u64 << (place % 64))
    };
    for entry in part.iter() {
        let (word, bit) = place(entry);
        seen.again[word] |= seen.once[word] & bit;
        seen.once[word] |= bit;
    }
    part.retain(|entry| {
        let (word, bit) = place(entry);
        let single = seen.again[word] & bit == 0;
        found.clean.members += u64::from(single && entry.is_clean());
        !single
    });
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
            |rows: &[Entry]| rows.chunk_by(|one, other| one.raw_hash() == other.raw_hash()).count() as u64;
        let all = different(of_member);
        self.rows += of_member.len() as u64 - all;
        self.keys += if all > 1 { all } else { 0 };
        let clean: Vec<Entry> = of_member.iter().copied().filter(|entry| entry.is_clean()).collect();
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
        if let [first, last, raw_hash] = bytes.as_chunks::<8>().0 {
            part.push(Entry {
                key: [first, last].map(|half| u64::from_le_bytes(*half)),
                raw_hash_and_class: u64::from_le_bytes(*raw_hash),
            });
        }
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
            let entry = |raw_hash, clean| Entry::new(key, raw_hash << 1, clean);
            let part = part_of(&entry(0, true));
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
    fn single_members_are_counted_without_sorting() {
        let entry = |key, clean| Entry::new(key, 2, clean);
        let mut part: Vec<Entry> = (0..1_000).map(|key| entry(key, key % 4 > 0)).collect();
        part.push(entry(7, true));
        let mut found = Found::default();
        set_single_apart(&mut part, &mut Seen::default(), &mut found);
        assert_eq!((part.len(), found.clean.members), (2, 749));
        let mut finder = RepeatFinder::with_limit(2_000);
        finder.add(&part).unwrap();
        assert_eq!(
            finder.finish().unwrap(),
            Found { rows: 1, keys: 0, clean: Repeats { members: 1, conflicts: 0, merged: 1 } }
        );
    }

    #[test]
    fn finds_the_same_in_memory_and_on_disk() {
        let clean = Repeats { members: 1_000, conflicts: 5, merged: 100 };
        let expected = Found { rows: 100, keys: 20, clean };
        assert_eq!(found(usize::MAX), expected);
        assert_eq!(found(7), expected);
    }
}
