//! What a person decided about a field of a person: remembered by the record's key, stronger than any rule.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::agree::agree;
use crate::field::Field;

/// A value that a person chose, or typed, for a field of the person whom a record is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct ValueDecision {
    /// The club of the record
    pub source: String,
    /// The record's key in its club
    pub source_key: String,
    /// The field
    pub field: Field,
    /// The value; `None` where it is to be blank
    pub value: Option<String>,
    /// Who decided
    pub person: String,
    /// When: RFC 3339, UTC, so that later is greater as text
    pub decided: String,
    /// The values that the records had when it was decided. Where a record now has another one, the person is asked
    /// again. `None`: not known, and the decision stands
    #[serde(default)]
    pub seen: Option<Vec<String>>,
}

impl ValueDecision {
    /// Whether a value was there when it was decided, or is what was decided.
    pub(super) fn knows(&self, value: &str) -> bool {
        let Some(seen) = &self.seen else { return true };
        seen.iter().chain(&self.value).any(|known| agree(self.field, known, value))
    }
}

/// Decisions, found by the record's key.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Club → key → decisions
    by_source: HashMap<String, HashMap<String, Vec<ValueDecision>>>,
}

impl Decisions {
    /// Indexes decisions. Of several for one key and field, the latest counts.
    pub fn new(decisions: impl IntoIterator<Item = ValueDecision>) -> Decisions {
        let mut all = Decisions::default();
        decisions.into_iter().for_each(|decision| all.add(decision));
        all
    }

    /// Adds a decision.
    pub fn add(&mut self, decision: ValueDecision) {
        let keys = self.by_source.entry(decision.source.clone()).or_default();
        keys.entry(decision.source_key.clone()).or_default().push(decision);
    }

    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.by_source.is_empty()
    }

    /// The latest decision on a field among those on several records (`(club, key)`), in whatever order they are given.
    pub(super) fn latest<'d>(
        &'d self,
        field: Field,
        records: impl Iterator<Item = (&'d str, &'d str)>,
    ) -> Option<&'d ValueDecision> {
        let of_record = |(source, key): (&str, &str)| self.by_source.get(source)?.get(key);
        records
            .filter_map(of_record)
            .flatten()
            .filter(|decision| decision.field == field)
            .max_by_key(|decision| rank(decision))
    }
}

/// Total, so that the order in which decisions are given does not matter.
fn rank(decision: &ValueDecision) -> impl Ord + use<'_> {
    let ValueDecision { source, source_key, value, person, decided, seen, .. } = decision;
    (decided, source, source_key, value, person, seen)
}
