//! What is settled together: records, what links them, and what people decided about them. Either all of an import, or
//! all that hangs together with some records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::params;

use super::book::{Book, Change};
use super::record::{CANDIDATE, Reader};
use crate::error::Result;

/// Two records that may be one person, with the evidence in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) weight: f64,
    /// One club lists them under one key
    pub(super) same_key: bool,
}

/// A decision that is about records which are there.
pub(super) struct Applied {
    pub(super) same: bool,
    /// Records with its first key, and with its second
    pub(super) a: Vec<u32>,
    pub(super) b: Vec<u32>,
    /// What changed since; where anything did, the person is asked again
    pub(super) changes: Vec<Change>,
}

impl Applied {
    /// Pairs of records that it is about.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let pairs = self.a.iter().flat_map(|&a| self.b.iter().map(move |&b| (a, b)));
        pairs.filter(|(a, b)| a != b)
    }
}

/// What is settled together.
#[derive(Default)]
pub(super) struct Gathered {
    /// Pairs with some likeness
    pub(super) links: Vec<Link>,
    /// One person by the target's word: a row and the member who has its key, or two rows of one member
    pub(super) ties: Vec<(u32, u32)>,
    pub(super) applied: Vec<Applied>,
    /// The records; `None`: all
    pub(super) scope: Option<BTreeSet<u32>>,
}

/// The least evidence, in bits, for which a person is asked.
pub(super) struct Ask(pub(super) f64);

impl Link {
    /// Whether two records are looked at together because of it.
    pub(super) fn connects(&self, ask: &Ask) -> bool {
        self.same_key || self.weight >= ask.0
    }
}

/// All of the import.
pub(super) fn everything(reader: &Reader<'_>, book: &Book) -> Result<Gathered> {
    let mut statement = reader.db.prepare("SELECT a, b, weight, same_key FROM staged_pair ORDER BY a, b")?;
    let links = statement.query_map([], |row| {
        Ok(Link { a: row.get(0)?, b: row.get(1)?, weight: row.get(2)?, same_key: row.get(3)? })
    })?;
    let links = links.collect::<rusqlite::Result<_>>()?;
    let sql = format!(
        "SELECT staged_row.id, found.record FROM staged_match_membership AS found
         INNER JOIN staged_row ON staged_row.membership_key = found.source_key
         INNER JOIN staged_file ON staged_row.file_id = staged_file.id AND staged_file.source = found.club
         WHERE {CANDIDATE} ORDER BY staged_row.id"
    );
    let mut statement = reader.db.prepare(&sql)?;
    let ties = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut ties: Vec<(u32, u32)> = ties.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT row_id, member_id FROM staged_tie WHERE member_id IN (
                   SELECT member_id FROM staged_tie GROUP BY member_id HAVING count(*) > 1)
               ORDER BY member_id, row_id";
    let mut statement = reader.db.prepare(sql)?;
    let tied = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let tied: Vec<(u32, i64)> = tied.collect::<rusqlite::Result<_>>()?;
    ties.extend(tied.windows(2).filter(|two| two[0].1 == two[1].1).map(|two| (two[0].0, two[1].0)));
    let applied = applied(reader, book, 0..book.entries().len())?;
    Ok(Gathered { links, ties, applied, scope: None })
}

/// All that hangs together with some records.
pub(super) fn around(reader: &Reader<'_>, book: &Book, from: &[u32], ask: &Ask) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    let mut scope: BTreeSet<u32> = from.iter().copied().collect();
    let mut waiting: Vec<u32> = from.to_vec();
    let mut links: BTreeMap<(u32, u32), Link> = BTreeMap::new();
    let mut entries: BTreeSet<usize> = BTreeSet::new();
    while let Some(record) = waiting.pop() {
        let mut next = Vec::new();
        for link in links_of(reader, record)? {
            if link.connects(ask) {
                next.push(if link.a == record { link.b } else { link.a });
                links.insert((link.a, link.b), link);
            }
        }
        if let Some(known) = reader.known(record)? {
            for key in known.keys() {
                for other in reader.with_key(key)? {
                    // The rows of one key are one membership; a member's tie counts either way.
                    if other != record {
                        let is_tie = known.row.is_none() || other > reader.last_row;
                        if is_tie {
                            gathered.ties.push((record.min(other), record.max(other)));
                        }
                        next.push(other);
                    }
                }
                for &entry in book.of(key).iter().filter(|entry| entries.insert(**entry)) {
                    let pair = &book.entries()[entry].pair;
                    next.extend(reader.with_key(&pair.a)?);
                    next.extend(reader.with_key(&pair.b)?);
                }
            }
            if let Some(member) = known.member.filter(|_| known.row.is_some()) {
                for other in rows_tied(reader, member)?.into_iter().filter(|other| *other != record) {
                    gathered.ties.push((record.min(other), record.max(other)));
                    next.push(other);
                }
            }
        }
        next.extend(group_mates(reader, record)?);
        waiting.extend(next.into_iter().filter(|record| scope.insert(*record)));
    }
    gathered.ties.sort_unstable();
    gathered.ties.dedup();
    gathered.links = links.into_values().collect();
    gathered.applied = applied(reader, book, entries)?;
    gathered.scope = Some(scope);
    Ok(gathered)
}

fn links_of(reader: &Reader<'_>, record: u32) -> Result<Vec<Link>> {
    let sql = "SELECT a, b, weight, same_key FROM staged_pair WHERE a = ?1
               UNION ALL SELECT a, b, weight, same_key FROM staged_pair WHERE b = ?1";
    let mut statement = reader.db.prepare_cached(sql)?;
    let links = statement.query_map([record], |row| {
        Ok(Link { a: row.get(0)?, b: row.get(1)?, weight: row.get(2)?, same_key: row.get(3)? })
    })?;
    Ok(links.collect::<rusqlite::Result<_>>()?)
}

fn rows_tied(reader: &Reader<'_>, member: i64) -> Result<Vec<u32>> {
    let sql = "SELECT row_id FROM staged_tie WHERE member_id = ?1 ORDER BY row_id";
    let mut statement = reader.db.prepare_cached(sql)?;
    let rows = statement.query_map([member], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Records that were looked at or put together with a record before.
fn group_mates(reader: &Reader<'_>, record: u32) -> Result<Vec<u32>> {
    let sql = "SELECT other.record FROM staged_group_record AS own
               INNER JOIN staged_group_record AS other ON own.group_id = other.group_id
               WHERE own.record = ?1
               UNION SELECT other.row_id FROM staged_person AS own
               INNER JOIN staged_person AS other ON own.person = other.person WHERE own.row_id = ?1";
    let mut statement = reader.db.prepare_cached(sql)?;
    let rows = statement.query_map(params![record], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The decisions of whose records both sides are there.
fn applied(
    reader: &Reader<'_>,
    book: &Book,
    entries: impl IntoIterator<Item = usize>,
) -> Result<Vec<Applied>> {
    let mut by_key: HashMap<_, Vec<u32>> = HashMap::new();
    let mut applied = Vec::new();
    for entry in entries {
        let pair = &book.entries()[entry].pair;
        for key in [&pair.a, &pair.b] {
            if !by_key.contains_key(key) {
                by_key.insert(key, reader.with_key(key)?);
            }
        }
        let (a, b) = (&by_key[&pair.a], &by_key[&pair.b]);
        // What the list says now counts; without a row of it, what the target has.
        let (Some(&first), Some(&second)) = (a.first(), b.first()) else { continue };
        let changes = match (reader.known(first)?, reader.known(second)?) {
            (Some(one), Some(other)) => book.changes(pair, &one, &other),
            _ => continue,
        };
        applied.push(Applied { same: pair.same, a: a.clone(), b: b.clone(), changes });
    }
    Ok(applied)
}
