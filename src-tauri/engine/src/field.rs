//! Muster's record fields, and what a column of a file can be mapped to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A field of a staged record, in the order in which screens and tables show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Field {
    /// Titles and honorifics: `Dr.`, `Mrs.`
    Prefix,
    /// First name
    GivenName,
    /// Names or initials between given and family name
    MiddleName,
    /// Last name, with its particles (`van der Berg`)
    FamilyName,
    /// Generational and professional suffixes: `Jr.`, `MD`
    Suffix,
    /// Nickname, from quotes or parentheses
    PreferredName,
    /// ISO 8601 date
    BirthDate,
    /// Name of the company, looked up in the company dimension where there is one
    Company,
    /// USPS two-letter code
    State,
    /// E-mail address
    Email,
    /// Phone number
    Phone,
    /// ISO 8601 date, or its reduced forms `YYYY-MM` and `YYYY`
    MemberSince,
    /// ISO 8601 date
    LastActive,
    /// The club's own score, a decimal number
    Score,
    /// The club's own member number
    SourceKey,
}

impl Field {
    /// How many fields a staged record has.
    pub const COUNT: usize = 15;

    /// All fields, in order.
    pub const ALL: [Field; Field::COUNT] = [
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
        Field::MemberSince,
        Field::LastActive,
        Field::Score,
        Field::SourceKey,
    ];

    /// The name in recipes, output files and the database: `birth_date`.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Prefix => "prefix",
            Field::GivenName => "given_name",
            Field::MiddleName => "middle_name",
            Field::FamilyName => "family_name",
            Field::Suffix => "suffix",
            Field::PreferredName => "preferred_name",
            Field::BirthDate => "birth_date",
            Field::Company => "company",
            Field::State => "state",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::MemberSince => "member_since",
            Field::LastActive => "last_active",
            Field::Score => "score",
            Field::SourceKey => "source_key",
        }
    }

    /// The name for people: `Birth date`.
    pub const fn label(self) -> &'static str {
        match self {
            Field::Prefix => "Title",
            Field::GivenName => "Given name",
            Field::MiddleName => "Middle name",
            Field::FamilyName => "Family name",
            Field::Suffix => "Suffix",
            Field::PreferredName => "Preferred name",
            Field::BirthDate => "Birth date",
            Field::Company => "Company",
            Field::State => "State",
            Field::Email => "Email",
            Field::Phone => "Phone",
            Field::MemberSince => "Member since",
            Field::LastActive => "Last active",
            Field::Score => "Score",
            Field::SourceKey => "Member number",
        }
    }

    /// Whether it is a part of a person's name.
    pub const fn is_of_name(self) -> bool {
        self as usize <= Field::PreferredName as usize
    }

    /// Position in [`Field::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Field {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Field::ALL.into_iter().find(|field| field.name() == name).ok_or(UnknownName)
    }
}

/// A name that is no field, target or rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this name is not known")]
pub struct UnknownName;

/// What a column can be mapped to. A full name fills several fields; `Id` and `Name` belong to a dimension file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The whole name in one column
    FullName,
    /// [`Field::Prefix`]
    Prefix,
    /// [`Field::GivenName`]
    GivenName,
    /// [`Field::MiddleName`]
    MiddleName,
    /// [`Field::FamilyName`]
    FamilyName,
    /// [`Field::Suffix`]
    Suffix,
    /// [`Field::PreferredName`]
    PreferredName,
    /// [`Field::BirthDate`]
    BirthDate,
    /// [`Field::Company`], as a name or as an id of the company dimension
    Company,
    /// [`Field::State`]
    State,
    /// [`Field::Email`]
    Email,
    /// [`Field::Phone`]
    Phone,
    /// [`Field::MemberSince`]
    MemberSince,
    /// [`Field::LastActive`]
    LastActive,
    /// [`Field::Score`]
    Score,
    /// [`Field::SourceKey`]
    SourceKey,
    /// The id column of a dimension
    Id,
    /// The name column of a dimension
    Name,
}

impl Target {
    /// Targets of a file of members.
    pub const MEMBERS: [Target; 16] = [
        Target::FullName,
        Target::Prefix,
        Target::GivenName,
        Target::MiddleName,
        Target::FamilyName,
        Target::Suffix,
        Target::PreferredName,
        Target::BirthDate,
        Target::Company,
        Target::State,
        Target::Email,
        Target::Phone,
        Target::MemberSince,
        Target::LastActive,
        Target::Score,
        Target::SourceKey,
    ];

    /// The field that the target fills alone; `None` for a full name and for a dimension's columns.
    pub const fn field(self) -> Option<Field> {
        match self {
            Target::FullName | Target::Id | Target::Name => None,
            Target::Prefix => Some(Field::Prefix),
            Target::GivenName => Some(Field::GivenName),
            Target::MiddleName => Some(Field::MiddleName),
            Target::FamilyName => Some(Field::FamilyName),
            Target::Suffix => Some(Field::Suffix),
            Target::PreferredName => Some(Field::PreferredName),
            Target::BirthDate => Some(Field::BirthDate),
            Target::Company => Some(Field::Company),
            Target::State => Some(Field::State),
            Target::Email => Some(Field::Email),
            Target::Phone => Some(Field::Phone),
            Target::MemberSince => Some(Field::MemberSince),
            Target::LastActive => Some(Field::LastActive),
            Target::Score => Some(Field::Score),
            Target::SourceKey => Some(Field::SourceKey),
        }
    }

    /// The name in recipes: `full_name`, or the field's name.
    pub const fn name(self) -> &'static str {
        match self {
            Target::FullName => "full_name",
            Target::Id => "id",
            Target::Name => "name",
            _ => match self.field() {
                Some(field) => field.name(),
                None => "",
            },
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_at_its_index_and_parses_back() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), index);
            assert_eq!(field.name().parse(), Ok(field));
            assert_eq!(serde_json::to_string(&field).unwrap(), format!("\"{}\"", field.name()));
        }
        assert_eq!("birthdate".parse::<Field>(), Err(UnknownName));
    }

    #[test]
    fn targets_are_named_like_their_fields() {
        for target in Target::MEMBERS {
            assert_eq!(serde_json::to_string(&target).unwrap(), format!("\"{target}\""));
            if let Some(field) = target.field() {
                assert_eq!(target.name(), field.name());
            }
        }
    }
}
