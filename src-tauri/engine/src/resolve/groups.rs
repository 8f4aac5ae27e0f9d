//! Fields that move together: they are taken from one record, so that no member is put together from two companies' offices.

use serde::{Deserialize, Serialize};

use crate::field::Field;

/// Fields that are taken from one record. The rule of the first field chooses the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct FieldGroup {
    /// Two or more fields of a person; the first one leads
    pub fields: Vec<Field>,
    /// What becomes of a field that the chosen record leaves blank
    #[serde(default)]
    pub blanks: GroupBlanks,
}

/// What becomes of a field that the record chosen for a group leaves blank while another record has a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum GroupBlanks {
    /// Filled: first from records that agree with the chosen one on the rest of the group, else from any other
    #[default]
    Fill,
    /// Filled only from records that agree with the chosen one on the rest of the group
    FillFromAgreeing,
    /// Left blank: the group is taken as it is
    Keep,
}

/// The groups that Muster starts with: the parts of a name, and the state with the company. (The company's id in its
/// source always goes with the company.)
pub fn default_groups() -> Vec<FieldGroup> {
    let group = |fields: &[Field]| FieldGroup { fields: fields.to_vec(), blanks: GroupBlanks::Fill };
    vec![
        group(&[Field::FamilyName, Field::GivenName, Field::MiddleName, Field::Suffix, Field::Prefix]),
        group(&[Field::Company, Field::State]),
    ]
}
