//! What a cluster becomes: one member with their memberships, each value with where it comes from and why it won.

use serde::{Deserialize, Serialize};

use super::conflict::{Conflict, ValueAt};
use super::pick::TieBreak;
use crate::field::Field;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Provenance {
    /// From a record of the cluster
    Record {
        /// Its index
        record: u32,
    },
    /// From a person's decision
    Person,
    /// There is no value
    Nowhere,
}

/// Why a value won, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// No record has a value
    Blank,
    /// Only one record has a value
    Only,
    /// All records that have a value agree
    Agreed,
    /// The field's rule
    Rule {
        /// [`super::SurvivorRule::words`]
        rule: &'static str,
        /// What told records apart that the rule held equal
        tie: Option<TieBreak>,
    },
    /// It stands in the record that the group's first field came from
    MovesWith(Field),
    /// The record that the group came from leaves it blank; another has it
    Fills(Field),
    /// A person chose it
    Decision {
        /// Who
        person: &'a str,
        /// When, RFC 3339
        decided: &'a str,
    },
    /// A person typed it into the database's member
    HandEdit,
    /// Not settled: a person has to choose
    Asked,
}

impl Reason<'_> {
    /// In words: `newest by last active`.
    pub fn words(&self) -> String {
        match self {
            Reason::Blank => "no record has a value".to_owned(),
            Reason::Only => "the only value".to_owned(),
            Reason::Agreed => "all records agree".to_owned(),
            Reason::Rule { rule, tie: None } => (*rule).to_owned(),
            Reason::Rule { rule, tie: Some(tie) } => format!("{rule}; equal there, so {}", tie.words()),
            Reason::MovesWith(field) => format!("moves with the {}", field.label().to_lowercase()),
            Reason::Fills(field) => {
                format!("fills a blank of the record that the {} came from", field.label().to_lowercase())
            }
            Reason::Decision { person, decided } => {
                format!("chosen by {person} on {}", decided.get(..10).unwrap_or(decided))
            }
            Reason::HandEdit => "typed by hand in the database".to_owned(),
            Reason::Asked => "records disagree: choose one".to_owned(),
        }
    }
}

/// A field of a member or of a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldResult<'a> {
    /// The field
    pub field: Field,
    /// The value; `None` where there is none, or where a person has to choose
    pub value: Option<&'a str>,
    /// Where it comes from
    pub from: Provenance,
    /// Why
    pub reason: Reason<'a>,
    /// Values that say something else, with their records
    pub losers: Vec<ValueAt<'a>>,
    /// Where a person has to choose: what the rule, or their earlier decision, would take
    pub proposal: Option<&'a str>,
}

impl FieldResult<'_> {
    /// Whether a person has to choose.
    pub fn is_open(&self) -> bool {
        self.reason == Reason::Asked
    }
}

/// A company's id in the source that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompanyId<'a> {
    /// The id
    pub id: &'a str,
    /// Index of the record that has it; its club is the source
    pub record: u32,
}

/// A person in a club. Records of one club with different keys are different memberships of the member; records with
/// the same key, a repeated row or the database's state of it, are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership<'a> {
    /// The club
    pub source: &'a str,
    /// The key in the club
    pub source_key: &'a str,
    /// Indexes of its records, by the order of the tie breaks
    pub records: Vec<u32>,
    /// `member_since`, `last_active` and `score`, as [`super::MEMBERSHIP_FIELDS`]
    pub facts: Vec<FieldResult<'a>>,
}

impl<'a> Membership<'a> {
    /// The value of a membership field.
    pub fn value(&self, field: Field) -> Option<&'a str> {
        self.facts.iter().find(|fact| fact.field == field)?.value
    }
}

/// One person, as resolved from a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    /// The fields of [`super::PERSON_FIELDS`], in that order
    pub fields: Vec<FieldResult<'a>>,
    /// The id that a source has for the member's company; without a company, an id that nobody has resolved yet
    pub company_id: Option<CompanyId<'a>>,
    /// One for each club and key, by club and key
    pub memberships: Vec<Membership<'a>>,
    /// All disagreements, open or settled, in the order of fields (memberships' after those of the person)
    pub conflicts: Vec<Conflict<'a>>,
}

impl<'a> Member<'a> {
    /// The result of a field of the person.
    pub fn field(&self, field: Field) -> Option<&FieldResult<'a>> {
        self.fields.iter().find(|result| result.field == field)
    }

    /// The value of a field of the person.
    pub fn value(&self, field: Field) -> Option<&'a str> {
        self.field(field)?.value
    }

    /// Whether a person has to choose the value of a field.
    pub fn is_open(&self) -> bool {
        self.conflicts.iter().any(|conflict| conflict.state.is_open())
    }
}
