//! The blocks of rules: sorted lists of records.

use std::ops::Range;

use super::{BlockingPlan, BlockingRule, NO_KEY};
use crate::matching::records::Records;
use crate::matching::settings::Settings;
use crate::matching::threads::in_order;

/// The blocks of one rule.
pub(crate) struct Blocks {
    /// Key of each record
    pub(crate) keys: Vec<u32>,
    /// Records that share a key, block after block, each block in the order of the records
    pub(crate) order: Vec<u32>,
    /// Keys of blocks that are left out, sorted
    too_large: Vec<u32>,
    pub(crate) pairs: f64,
    pub(crate) left_out_blocks: u32,
    pub(crate) left_out_pairs: f64,
}

impl Blocks {
    pub(crate) fn new(records: &Records, rule: BlockingRule, settings: &Settings) -> Blocks {
        let keys: Vec<u32> = (0..records.len()).map(|record| rule.key(records, record)).collect();
        let mut keyed: Vec<u64> = (0_u64..)
            .zip(&keys)
            .filter(|(_, key)| **key != NO_KEY)
            .map(|(record, key)| u64::from(*key) << 32 | record)
            .collect();
        keyed.sort_unstable();
        let mut blocks = Blocks {
            keys,
            order: Vec::new(),
            too_large: Vec::new(),
            pairs: 0.0,
            left_out_blocks: 0,
            left_out_pairs: 0.0,
        };
        for block in keyed.chunk_by(|a, b| a >> 32 == b >> 32).filter(|block| block.len() > 1) {
            blocks.add(records, block, settings);
        }
        blocks
    }

    fn add(&mut self, records: &Records, block: &[u64], settings: &Settings) {
        let existing = block.iter().filter(|entry| records.existing[**entry as u32 as usize]).count();
        let pairs = count_pairs(block.len()) - count_pairs(existing);
        if block.len() > settings.block_records as usize {
            let key = (block[0] >> 32) as u32;
            self.too_large.push(key);
            self.left_out_blocks += 1;
            self.left_out_pairs += pairs;
            block.iter().for_each(|entry| self.keys[*entry as u32 as usize] = NO_KEY);
        } else {
            self.pairs += pairs;
            self.order.extend(block.iter().map(|entry| *entry as u32));
        }
    }

    /// Blocks as ranges of `order`.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.order.chunk_by(|a, b| self.keys[*a as usize] == self.keys[*b as usize]).map(move |block| {
            let range = start..start + block.len();
            start = range.end;
            range
        })
    }
}

fn count_pairs(records: usize) -> f64 {
    records as f64 * (records as f64 - 1.0).max(0.0) / 2.0
}

/// A piece of work: a rule and a range of its order.
pub(crate) type Task = (usize, Range<usize>);

/// The blocks of all used rules: what tells which rule makes a pair, and whose pairs change with a record. At most eight
/// bytes a record and rule.
pub(crate) struct BlockIndex {
    pub(crate) rules: Vec<BlockingRule>,
    pub(crate) blocks: Vec<Blocks>,
}

impl BlockIndex {
    pub(crate) fn new(records: &Records, plan: &BlockingPlan, settings: &Settings) -> BlockIndex {
        let rules: Vec<BlockingRule> = plan.used().collect();
        let blocks =
            in_order(rules.len(), settings.threads, |rule| Blocks::new(records, rules[rule], settings));
        BlockIndex { rules, blocks }
    }

    /// Whether `rule` is the first to make the pair.
    #[inline]
    pub(crate) fn is_first(&self, rule: usize, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        !self.blocks[..rule].iter().any(|blocks| blocks.keys[a] != NO_KEY && blocks.keys[a] == blocks.keys[b])
    }

    /// Forgets what only a full run needs.
    pub(crate) fn without_order(mut self) -> BlockIndex {
        self.blocks.iter_mut().for_each(|blocks| blocks.order = Vec::new());
        self
    }

    /// Pieces of work with some hundred thousand pairs each: a rule and a range of its order, made of whole blocks.
    pub(crate) fn tasks(&self) -> Vec<Task> {
        (0..self.rules.len()).flat_map(|rule| self.tasks_of(rule)).collect()
    }

    /// The pieces of work of one rule.
    pub(crate) fn tasks_of(&self, rule: usize) -> Vec<Task> {
        const PAIRS: f64 = 262_144.0;
        let blocks = &self.blocks[rule];
        let mut tasks = Vec::new();
        let (mut start, mut pairs) = (0, 0.0);
        for range in blocks.ranges() {
            pairs += count_pairs(range.len());
            if pairs >= PAIRS {
                tasks.push((rule, start..range.end));
                (start, pairs) = (range.end, 0.0);
            }
        }
        if start < blocks.order.len() {
            tasks.push((rule, start..blocks.order.len()));
        }
        tasks
    }

    /// Calls `with` for each pair of a task in the blocks whose key is wanted, the smaller record first, whichever rule
    /// is the first to make it.
    pub(crate) fn all_pairs_of(
        &self,
        records: &Records,
        (rule, range): &Task,
        wanted: impl Fn(u32) -> bool,
        mut with: impl FnMut(u32, u32),
    ) {
        let blocks = &self.blocks[*rule];
        let order = &blocks.order[range.clone()];
        for block in order.chunk_by(|a, b| blocks.keys[*a as usize] == blocks.keys[*b as usize]) {
            if !wanted(blocks.keys[block[0] as usize]) {
                continue;
            }
            for (at, &a) in block.iter().enumerate() {
                for &b in &block[at + 1..] {
                    if !(records.existing[a as usize] && records.existing[b as usize]) {
                        with(a, b);
                    }
                }
            }
        }
    }

    /// Takes a record's changed values into its blocks, as far as [`BlockIndex::neighbours`] sees them.
    pub(crate) fn update(&mut self, records: &Records, record: u32) {
        for (rule, blocks) in self.rules.iter().zip(&mut self.blocks) {
            let mut key = rule.key(records, record as usize);
            if blocks.too_large.binary_search(&key).is_ok() {
                key = NO_KEY;
            }
            blocks.keys[record as usize] = key;
        }
    }

    /// Records that share a block with a record, in order, each once.
    pub(crate) fn neighbours(&self, records: &Records, record: u32) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        for blocks in &self.blocks {
            let key = blocks.keys[record as usize];
            if key == NO_KEY {
                continue;
            }
            // A scan of 4 MB a rule for a million records takes a few hundred microseconds.
            found.extend(
                (0_u32..).zip(&blocks.keys).filter(|(_, other)| **other == key).map(|(other, _)| other),
            );
        }
        found.sort_unstable();
        found.dedup();
        let own = records.existing[record as usize];
        found.retain(|&other| other != record && !(own && records.existing[other as usize]));
        found
    }
}
