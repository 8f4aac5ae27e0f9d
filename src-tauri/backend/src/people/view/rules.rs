//! Whose value of a field wins.

use muster_engine::Field;
use muster_engine::resolve::SurvivorshipSettings;
use serde::Serialize;

/// Whose values win.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SurvivorshipView {
    /// The rules
    pub settings: SurvivorshipSettings,
    /// What cannot be meant, for people
    pub problems: Vec<String>,
    /// The clubs of the import
    pub clubs: Vec<String>,
}

/// How a field of all people of several records would change with other rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RuleEffect {
    /// The field
    pub field: Field,
    /// Values that would be another one
    pub changed: u32,
    /// Values that a person would newly have to choose
    pub opened: u32,
    /// Values that a person would no longer have to choose
    pub closed: u32,
}

/// A value that other rules would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RuleExample {
    /// The group, where there is one to open
    pub group: Option<u32>,
    /// The person's name
    pub name: String,
    /// The field
    pub field: Field,
    /// The club, where the field is of a membership
    pub club: Option<String>,
    /// The value now; `None`: none, or to be chosen
    pub before: Option<String>,
    /// Why
    pub before_reason: String,
    /// The value with the new rules
    pub after: Option<String>,
    /// Why
    pub after_reason: String,
}

/// What other rules would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RulesPreview {
    /// What cannot be meant, for people
    pub problems: Vec<String>,
    /// People of several records
    pub members: u32,
    /// People of whom any value would change
    pub changed_members: u32,
    /// People with a value to choose now
    pub open_before: u32,
    /// People with a value to choose with the new rules
    pub open_after: u32,
    /// Fields that would change
    pub fields: Vec<RuleEffect>,
    /// Some of the values that would change
    pub examples: Vec<RuleExample>,
}
