//! What people decided, found by the keys of records, and whether it still is about the records as they are.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use muster_engine::Field;
use muster_engine::decisions::{PairDecision, RecipeDecisions, RecordKey, Seen};
use muster_engine::resolve::{self, ValueDecision, agree};

use super::record::{COMPARED, Known};

/// A pair decision with the number of the decision that it is a part of; 0 where it comes from elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) set: i64,
    pub(super) pair: PairDecision,
}

/// A value that is another one than when a person decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) record: u32,
    pub(super) field: Field,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// All decisions in force.
#[derive(Debug, Clone, Default)]
pub(super) struct Book {
    /// The latest decision on each pair
    entries: Vec<Entry>,
    by_pair: HashMap<(RecordKey, RecordKey), usize>,
    by_key: HashMap<RecordKey, Vec<usize>>,
    values: Vec<ValueDecision>,
    values_by_key: HashMap<RecordKey, Vec<usize>>,
    resolve: resolve::Decisions,
    /// What was taken back: a target may still have it
    reverted: RecipeDecisions,
}

impl Book {
    /// Of decisions in any order: the latest on each pair counts.
    pub(super) fn new(pairs: impl IntoIterator<Item = Entry>, values: Vec<ValueDecision>) -> Book {
        let mut book = Book::default();
        book.extend(pairs, values);
        book
    }

    /// Adds decisions.
    pub(super) fn extend(
        &mut self,
        pairs: impl IntoIterator<Item = Entry>,
        values: impl IntoIterator<Item = ValueDecision>,
    ) {
        pairs.into_iter().for_each(|entry| self.add(entry));
        for value in values {
            let key = RecordKey { source: value.source.clone(), key: value.source_key.clone() };
            self.values_by_key.entry(key).or_default().push(self.values.len());
            self.resolve.add(value.clone());
            self.values.push(value);
        }
    }

    /// Of a recipe's decisions.
    pub(super) fn of_recipe(decisions: &RecipeDecisions) -> Book {
        let entries = decisions.pairs.iter().map(|pair| Entry { set: 0, pair: pair.clone() });
        Book::new(entries, decisions.values.clone())
    }

    /// That takes no decision from elsewhere that was taken back here.
    pub(super) fn forgetting(self, reverted: RecipeDecisions) -> Book {
        Book { reverted, ..self }
    }

    /// With more decisions, such as those of the target.
    pub(super) fn with(mut self, more: &RecipeDecisions) -> Book {
        if more.is_empty() {
            return self;
        }
        let pair = |one: &PairDecision| (one.a.clone(), one.b.clone(), one.same, one.decided.clone());
        let value = |one: &ValueDecision| {
            (one.source.clone(), one.source_key.clone(), one.field, one.decided.clone())
        };
        let pairs: HashSet<_> = self.reverted.pairs.iter().map(pair).collect();
        let values: HashSet<_> = self.reverted.values.iter().map(value).collect();
        let stands = more.pairs.iter().filter(|one| !pairs.contains(&pair(one)));
        let stands: Vec<Entry> = stands.map(|pair| Entry { set: 0, pair: pair.clone() }).collect();
        let chosen: Vec<ValueDecision> =
            more.values.iter().filter(|one| !values.contains(&value(one))).cloned().collect();
        self.extend(stands, chosen);
        self
    }

    /// As [`Book::with`], of a book that others have, too; that book itself where there is nothing more.
    pub(super) fn joined(self: &Arc<Book>, more: &RecipeDecisions) -> Arc<Book> {
        if more.is_empty() { Arc::clone(self) } else { Arc::new(Book::clone(self).with(more)) }
    }

    fn add(&mut self, entry: Entry) {
        let (a, b) = (entry.pair.a.clone(), entry.pair.b.clone());
        if a == b {
            return;
        }
        let pair = if a < b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
        if let Some(&at) = self.by_pair.get(&pair) {
            let known = &mut self.entries[at];
            // The same decision may come from here and from the target: ours has a number.
            let rank = |entry: &Entry| (entry.pair.decided.clone(), entry.set);
            if rank(&entry) >= rank(known) {
                *known = entry;
            }
            return;
        }
        let at = self.entries.len();
        self.entries.push(entry);
        self.by_pair.insert(pair, at);
        self.by_key.entry(a).or_default().push(at);
        self.by_key.entry(b).or_default().push(at);
    }

    /// All entries.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The positions of entries about a key.
    pub(super) fn of(&self, key: &RecordKey) -> &[usize] {
        self.by_key.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The latest decision between any keys of two records.
    pub(super) fn between(&self, a: &Known, b: &Known) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        let pairs = a.keys().flat_map(|x| b.keys().map(move |y| (x, y)));
        let found = pairs.filter_map(|(x, y)| {
            let pair = if x < y { (x.clone(), y.clone()) } else { (y.clone(), x.clone()) };
            self.by_pair.get(&pair).copied()
        });
        found.max_by_key(|at| &self.entries[*at].pair.decided)
    }

    /// What is another value than when a person decided about two records. `a` has the first key of the decision.
    pub(super) fn changes(&self, pair: &PairDecision, a: &Known, b: &Known) -> Vec<Change> {
        let Some(Seen { a: of_a, b: of_b }) = &pair.seen else { return Vec::new() };
        let of = |seen: &BTreeMap<Field, String>, known: &Known| {
            COMPARED
                .into_iter()
                .filter_map(|field| {
                    let (before, after) = (seen.get(&field).map(String::as_str), known.value(field));
                    let owned = |text: Option<&str>| text.map(str::to_owned);
                    let change =
                        || Change { record: known.record, field, before: owned(before), after: owned(after) };
                    let other = !alike(field, before, after);
                    (other && self.was_changed(known, field, &pair.decided)).then(change)
                })
                .collect::<Vec<_>>()
        };
        let mut changes = of(of_a, a);
        changes.extend(of(of_b, b));
        changes
    }

    /// Whether a value that differs from what a person saw was changed. That of a row was, by its list. A member has the
    /// values of all records that were put together: theirs was changed where a person typed it since the decision, or
    /// where a list did and it is not what another of the records said, or what a person chose for them.
    fn was_changed(&self, known: &Known, field: Field, decided: &str) -> bool {
        if known.row.is_some() {
            return true;
        }
        let since = known.changes.get(&field).filter(|change| change.at.as_str() > decided);
        since.is_some_and(|change| change.by_hand || !self.was_said(known, field))
    }

    /// Whether a value of a record is one that people saw at one of its keys, or chose for it.
    fn was_said(&self, known: &Known, field: Field) -> bool {
        let value = known.value(field);
        let seen_at = |key: &RecordKey, at: usize| {
            let pair = &self.entries[at].pair;
            let Some(seen) = &pair.seen else { return false };
            let side = if pair.a == *key { &seen.a } else { &seen.b };
            alike(field, side.get(&field).map(String::as_str), value)
        };
        known.keys().any(|key| self.of(key).iter().any(|at| seen_at(key, *at)))
            || self
                .values_of(known.keys())
                .any(|chosen| chosen.field == field && alike(field, chosen.value.as_deref(), value))
    }

    /// The value decisions, for survivorship.
    pub(super) fn values(&self) -> &resolve::Decisions {
        &self.resolve
    }

    /// The value decisions about any of some keys.
    pub(super) fn values_of<'b>(
        &'b self,
        keys: impl Iterator<Item = &'b RecordKey>,
    ) -> impl Iterator<Item = &'b ValueDecision> {
        keys.filter_map(|key| self.values_by_key.get(key)).flatten().map(|at| &self.values[*at])
    }

    /// What of the decisions is about records of some keys: for a recipe and for the target.
    pub(super) fn about(&self, knows: impl Fn(&RecordKey) -> bool) -> RecipeDecisions {
        let pairs = self.entries.iter().map(|entry| &entry.pair);
        let values = self.values.iter().filter(|value| {
            knows(&RecordKey { source: value.source.clone(), key: value.source_key.clone() })
        });
        RecipeDecisions {
            pairs: pairs.filter(|pair| knows(&pair.a) && knows(&pair.b)).cloned().collect(),
            values: values.cloned().collect(),
        }
    }
}

/// What a person sees of a record.
pub(super) fn seen_of(known: &Known) -> BTreeMap<Field, String> {
    COMPARED.into_iter().filter_map(|field| Some((field, known.value(field)?.to_owned()))).collect()
}

/// Whether two values are the same to a person; so are two that are missing.
fn alike(field: Field, one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => agree(field, one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}
