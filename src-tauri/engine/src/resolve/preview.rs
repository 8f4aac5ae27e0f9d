//! What a change of the rules would do, counted and shown on real members.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decision::Decisions;
use super::member::{FieldResult, Member};
use super::record::Record;
use super::rules::Survivorship;
use super::settle::resolve;
use crate::field::Field;

/// How a field of all members would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldChange {
    /// The field
    pub field: Field,
    /// Values that would be another one, or none, or one where there was none
    pub changed: u32,
    /// Values that a person would newly have to choose
    pub opened: u32,
    /// Values that a person would no longer have to choose
    pub closed: u32,
}

/// A value that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Example {
    /// Which of the clusters that were pushed, from 0
    pub cluster: u32,
    /// The field
    pub field: Field,
    /// The membership's club and key, where the field is a membership's
    pub membership: Option<(String, String)>,
    /// The value now; `None`: none, or open
    pub before: Option<String>,
    /// Why
    pub before_reason: String,
    /// The value with the new rules
    pub after: Option<String>,
    /// Why
    pub after_reason: String,
}

/// What a change of the rules would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SurvivorshipPreview {
    /// Members looked at
    pub members: u32,
    /// Members of whom any value would change, open or close
    pub changed_members: u32,
    /// Members with a value to choose now
    pub open_before: u32,
    /// Members with a value to choose with the new rules
    pub open_after: u32,
    /// Fields that would change, in their order
    pub fields: Vec<FieldChange>,
    /// The first values that would change
    pub examples: Vec<Example>,
}

/// Compares two settings over clusters that pass by one after the other.
#[derive(Debug)]
pub struct Comparison<'r> {
    before: &'r Survivorship,
    after: &'r Survivorship,
    most_examples: usize,
    fields: BTreeMap<Field, FieldChange>,
    result: SurvivorshipPreview,
}

impl<'r> Comparison<'r> {
    /// Begins; at most `most_examples` examples are kept.
    pub fn new(before: &'r Survivorship, after: &'r Survivorship, most_examples: usize) -> Comparison<'r> {
        let result = SurvivorshipPreview {
            members: 0,
            changed_members: 0,
            open_before: 0,
            open_after: 0,
            fields: Vec::new(),
            examples: Vec::new(),
        };
        Comparison { before, after, most_examples, fields: BTreeMap::new(), result }
    }

    /// Adds a cluster.
    pub fn push(&mut self, records: &[Record<'_>], decisions: &Decisions) {
        let before = resolve(records, self.before, decisions);
        let after = resolve(records, self.after, decisions);
        self.result.open_before += u32::from(before.is_open());
        self.result.open_after += u32::from(after.is_open());
        let mut is_changed = false;
        for ((one, other), membership) in pairs(&before, &after) {
            is_changed |= self.compare(one, other, membership);
        }
        self.result.changed_members += u32::from(is_changed);
        self.result.members += 1;
    }

    /// The counts of all clusters pushed.
    pub fn finish(mut self) -> SurvivorshipPreview {
        self.result.fields = self.fields.into_values().collect();
        self.result
    }

    fn compare(
        &mut self,
        before: &FieldResult<'_>,
        after: &FieldResult<'_>,
        membership: Option<(&str, &str)>,
    ) -> bool {
        let opened = !before.is_open() && after.is_open();
        let closed = before.is_open() && !after.is_open();
        let changed = !opened && !closed && before.value != after.value;
        if !(opened || closed || changed) {
            return false;
        }
        let field = before.field;
        let none = FieldChange { field, changed: 0, opened: 0, closed: 0 };
        let counts = self.fields.entry(field).or_insert(none);
        counts.changed += u32::from(changed);
        counts.opened += u32::from(opened);
        counts.closed += u32::from(closed);
        if self.result.examples.len() < self.most_examples {
            self.result.examples.push(Example {
                cluster: self.result.members,
                field,
                membership: membership.map(|(source, key)| (source.to_owned(), key.to_owned())),
                before: before.value.map(str::to_owned),
                before_reason: before.reason.words(),
                after: after.value.map(str::to_owned),
                after_reason: after.reason.words(),
            });
        }
        true
    }
}

type Pair<'m, 'a> = ((&'m FieldResult<'a>, &'m FieldResult<'a>), Option<(&'a str, &'a str)>);

/// The fields of two results of the same records. They have the same memberships in the same order.
fn pairs<'m, 'a>(before: &'m Member<'a>, after: &'m Member<'a>) -> impl Iterator<Item = Pair<'m, 'a>> {
    let of_person = before.fields.iter().zip(&after.fields).map(|pair| (pair, None));
    let of_clubs = before.memberships.iter().zip(&after.memberships).flat_map(|(one, other)| {
        let key = Some((one.source, one.source_key));
        one.facts.iter().zip(&other.facts).map(move |pair| (pair, key))
    });
    of_person.chain(of_clubs)
}
