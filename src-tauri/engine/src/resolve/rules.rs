//! Survivorship rules: whose value of a field wins. Editable, part of the recipe (`resolve:`).

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::groups::{FieldGroup, GroupBlanks, default_groups};
use crate::field::Field;

/// Fields of a person, one value each. The other fields belong to a membership.
pub const PERSON_FIELDS: [Field; 11] = [
    Field::Prefix,
    Field::GivenName,
    Field::MiddleName,
    Field::FamilyName,
    Field::Suffix,
    Field::PreferredName,
    Field::BirthDate,
    Field::Company,
    Field::State,
    Field::Email,
    Field::Phone,
];

/// Fields of a person in a club, one value for each membership (its key is the membership itself).
pub const MEMBERSHIP_FIELDS: [Field; 3] = [Field::MemberSince, Field::LastActive, Field::Score];

/// Which record's value of a field wins. A blank never wins over a value, whatever the rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum SurvivorRule {
    /// The value of the club that comes first
    SourcePriority {
        /// Clubs, the most trusted first; empty: [`SurvivorshipSettings::source_order`]. Clubs not named come after
        #[serde(default)]
        sources: Vec<String>,
    },
    /// The value of the record with the latest `last_active`
    Newest,
    /// The value with the most characters
    Longest,
    /// The value that most records have
    MostFrequent,
    /// Any value, in the order of the tie breaks
    NonBlank,
}

impl SurvivorRule {
    /// The rule in words: `newest by last active`.
    pub const fn words(&self) -> &'static str {
        match self {
            SurvivorRule::SourcePriority { .. } => "priority of the club",
            SurvivorRule::Newest => "newest by last active",
            SurvivorRule::Longest => "longest value",
            SurvivorRule::MostFrequent => "most frequent value",
            SurvivorRule::NonBlank => "first value that is not blank",
        }
    }
}

/// What happens when the records of one person name different companies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum CompanyConflict {
    /// A person is asked; until then the company is open
    #[default]
    Ask,
    /// The rule of the company field decides; the disagreement is reported
    FollowRule,
}

/// All that decides whose value wins. What is not said has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct SurvivorshipSettings {
    /// Clubs, the most trusted first; breaks ties, and serves [`SurvivorRule::SourcePriority`]. Others follow by name
    pub source_order: Vec<String>,
    /// Rules that differ from [`default_rule`]
    pub rules: BTreeMap<Field, SurvivorRule>,
    /// Fields that move together; a field is of one group at most
    pub groups: Vec<FieldGroup>,
    /// Different companies of one person
    pub company_conflict: CompanyConflict,
    /// Whether a list may overwrite what a person typed into the database's member
    pub overwrite_hand_edits: bool,
}

impl Default for SurvivorshipSettings {
    fn default() -> Self {
        SurvivorshipSettings {
            source_order: Vec::new(),
            rules: BTreeMap::new(),
            groups: default_groups(),
            company_conflict: CompanyConflict::Ask,
            overwrite_hand_edits: false,
        }
    }
}

impl SurvivorshipSettings {
    /// The rule of a field, its default where none is set.
    pub fn rule(&self, field: Field) -> SurvivorRule {
        self.rules.get(&field).cloned().unwrap_or_else(|| default_rule(field))
    }

    /// What cannot be meant, in words for the person; empty where all is well.
    ///
    /// [`Survivorship::new`] takes such settings all the same: a field belongs to the first group that names it, and a group
    /// has no membership fields.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut seen: Vec<Field> = Vec::new();
        for (number, group) in (1..).zip(&self.groups) {
            if group.fields.len() < 2 {
                problems
                    .push(format!("Group {number} has fewer than two fields, so nothing moves together."));
            }
            for &field in &group.fields {
                if !PERSON_FIELDS.contains(&field) {
                    problems.push(format!(
                        "{} belongs to each membership and cannot move with others. Take it out of group {number}.",
                        field.label()
                    ));
                } else if seen.contains(&field) {
                    problems.push(format!(
                        "{} is in a group already. Take it out of group {number}.",
                        field.label()
                    ));
                }
                seen.push(field);
            }
        }
        if self.rules.contains_key(&Field::SourceKey) {
            problems.push("A member number is no value to choose: each membership keeps its own.".to_owned());
        }
        problems
    }
}

/// The rule that a field starts with: the fullest name, the birth date that most records have, the newest of all else.
pub const fn default_rule(field: Field) -> SurvivorRule {
    match field {
        Field::Prefix | Field::GivenName | Field::MiddleName | Field::FamilyName | Field::Suffix => {
            SurvivorRule::Longest
        }
        Field::BirthDate => SurvivorRule::MostFrequent,
        _ => SurvivorRule::Newest,
    }
}

/// A rule made ready for use.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    Priority(HashMap<String, u32>),
    Newest,
    Longest,
    MostFrequent,
    NonBlank,
}

/// Fields that are settled at once: a group, or a field by itself.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) fields: Vec<Field>,
    pub(super) blanks: GroupBlanks,
}

/// [`SurvivorshipSettings`] made ready for many clusters.
#[derive(Debug, Clone)]
pub struct Survivorship {
    rules: Vec<(Rule, SurvivorRule)>,
    pub(super) units: Vec<Unit>,
    order: HashMap<String, u32>,
    pub(super) asks_company: bool,
    pub(super) keeps_hand_edits: bool,
}

impl Survivorship {
    /// Makes settings ready. See [`SurvivorshipSettings::problems`] for settings that contradict themselves.
    pub fn new(settings: &SurvivorshipSettings) -> Survivorship {
        let order = positions(&settings.source_order);
        let rule = |field| {
            let rule = settings.rule(field);
            let ready = match &rule {
                SurvivorRule::SourcePriority { sources } if sources.is_empty() => {
                    Rule::Priority(order.clone())
                }
                SurvivorRule::SourcePriority { sources } => Rule::Priority(positions(sources)),
                SurvivorRule::Newest => Rule::Newest,
                SurvivorRule::Longest => Rule::Longest,
                SurvivorRule::MostFrequent => Rule::MostFrequent,
                SurvivorRule::NonBlank => Rule::NonBlank,
            };
            (ready, rule)
        };
        Survivorship {
            rules: Field::ALL.into_iter().map(rule).collect(),
            units: units(&settings.groups),
            asks_company: settings.company_conflict == CompanyConflict::Ask,
            keeps_hand_edits: !settings.overwrite_hand_edits,
            order,
        }
    }

    pub(super) fn rule(&self, field: Field) -> &Rule {
        &self.rules[field.index()].0
    }

    pub(super) fn words(&self, field: Field) -> &'static str {
        self.rules[field.index()].1.words()
    }

    /// A club's place in the order of sources; clubs that it does not name share the last place.
    pub(super) fn place(&self, source: &str) -> u32 {
        place(&self.order, source)
    }
}

impl Default for Survivorship {
    fn default() -> Self {
        Survivorship::new(&SurvivorshipSettings::default())
    }
}

/// A club's place; [`u32::MAX`] for one that is not named.
pub(super) fn place(order: &HashMap<String, u32>, source: &str) -> u32 {
    order.get(source).copied().unwrap_or(u32::MAX)
}

fn positions(sources: &[String]) -> HashMap<String, u32> {
    let mut positions = HashMap::new();
    for (position, source) in (0..).zip(sources) {
        positions.entry(source.clone()).or_insert(position);
    }
    positions
}

fn units(groups: &[FieldGroup]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut free = PERSON_FIELDS.to_vec();
    for group in groups {
        let mut fields = Vec::new();
        for &field in &group.fields {
            if let Some(position) = free.iter().position(|&other| other == field) {
                fields.push(free.remove(position));
            }
        }
        if !fields.is_empty() {
            units.push(Unit { fields, blanks: group.blanks });
        }
    }
    units.extend(free.into_iter().map(|field| Unit { fields: vec![field], blanks: GroupBlanks::Fill }));
    units
}
