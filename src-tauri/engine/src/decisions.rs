//! What people decided about who is who, as a recipe keeps it: by the records' keys, so that it can be replayed on the
//! next list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::resolve::ValueDecision;

/// A record, by its key in its club.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKey {
    /// The club
    pub source: String,
    /// The key in the club: see [`crate::key::source_key`]
    pub key: String,
}

/// What two records looked like when a person decided about them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The values of the first record
    #[serde(default)]
    pub a: BTreeMap<Field, String>,
    /// The values of the second record
    #[serde(default)]
    pub b: BTreeMap<Field, String>,
}

/// What a person said of two records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairDecision {
    /// Whether they are one person
    pub same: bool,
    /// A record
    pub a: RecordKey,
    /// The other
    pub b: RecordKey,
    /// Who decided
    pub person: String,
    /// When: RFC 3339, UTC, so that later is greater as text
    pub decided: String,
    /// What they looked like. Where a record changed since, the person is asked again; without it the decision stands
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// All that people decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecipeDecisions {
    /// About pairs of records
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<PairDecision>,
    /// About values of fields
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueDecision>,
}

impl RecipeDecisions {
    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.values.is_empty()
    }
}
