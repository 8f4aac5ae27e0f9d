//! What is compared, and how equal two values can be.

use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::matching::records::{ExtraKind, Records};

/// What is compared of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Given names, with preferred and middle names where they stand in for them
    GivenName,
    /// Middle names and initials
    MiddleName,
    /// Family names
    FamilyName,
    /// The generation: Jr., Sr., III
    Suffix,
    /// Birth dates
    BirthDate,
    /// Companies
    Company,
    /// States
    State,
    /// Email addresses
    Email,
    /// Phone numbers
    Phone,
    /// An extra column, by its position
    Extra(u8),
}

impl Comparison {
    /// The comparisons of a member's fields, in the order of explanations.
    pub const OF_FIELDS: [Comparison; 9] = [
        Comparison::GivenName,
        Comparison::MiddleName,
        Comparison::FamilyName,
        Comparison::Suffix,
        Comparison::BirthDate,
        Comparison::Company,
        Comparison::State,
        Comparison::Email,
        Comparison::Phone,
    ];

    /// The field that is compared; `None` for an extra column.
    pub const fn field(self) -> Option<Field> {
        Some(match self {
            Comparison::GivenName => Field::GivenName,
            Comparison::MiddleName => Field::MiddleName,
            Comparison::FamilyName => Field::FamilyName,
            Comparison::Suffix => Field::Suffix,
            Comparison::BirthDate => Field::BirthDate,
            Comparison::Company => Field::Company,
            Comparison::State => Field::State,
            Comparison::Email => Field::Email,
            Comparison::Phone => Field::Phone,
            Comparison::Extra(_) => return None,
        })
    }

    /// Position in a [`Pattern`].
    pub(crate) const fn position(self) -> usize {
        match self {
            Comparison::GivenName => 0,
            Comparison::MiddleName => 1,
            Comparison::FamilyName => 2,
            Comparison::Suffix => 3,
            Comparison::BirthDate => 4,
            Comparison::Company => 5,
            Comparison::State => 6,
            Comparison::Email => 7,
            Comparison::Phone => 8,
            Comparison::Extra(index) => 9 + index as usize,
        }
    }

    /// The comparisons of a table, each with its kind of levels, in the order of a [`Pattern`].
    pub(crate) fn of(records: &Records) -> Vec<(Comparison, &'static [Level])> {
        let fields = Comparison::OF_FIELDS.into_iter().map(|comparison| (comparison, comparison.levels()));
        let extras = records.extras.iter().enumerate().map(|(index, extra)| {
            let levels: &[Level] = match extra.column.kind {
                ExtraKind::Text => {
                    &[Level::Different, Level::Similar, Level::Close, Level::Near, Level::Exact]
                }
                ExtraKind::Code => &[Level::Different, Level::TwoEdits, Level::OneEdit, Level::Exact],
                ExtraKind::Identifier => &[Level::Different, Level::TwoEdits, Level::OneEdit, Level::Exact],
                ExtraKind::AddressNumber => &[Level::Different, Level::OneEdit, Level::Exact],
            };
            (Comparison::Extra(index as u8), levels)
        });
        fields.chain(extras).collect()
    }

    const fn levels(self) -> &'static [Level] {
        use Level::*;
        match self {
            Comparison::GivenName => &[
                Different,
                Similar,
                Initial,
                TwoNames,
                Close,
                OtherGivenName,
                Nickname,
                Near,
                Swapped,
                Exact,
            ],
            Comparison::MiddleName => &[Different, Initial, Near, Exact],
            Comparison::FamilyName => &[Different, Similar, TwoNames, Close, PartOfName, Near, Exact],
            Comparison::Suffix => &[Different, Exact],
            Comparison::BirthDate => {
                &[Different, SameYear, TwoParts, YearOff, OneDigit, DayMonthSwapped, Exact]
            }
            Comparison::Company => &[Different, Close, Exact],
            Comparison::State => &[Different, Exact],
            Comparison::Email => &[Different, SameLocalPart, OneEdit, Exact],
            Comparison::Phone => &[Different, OneEdit, Exact],
            Comparison::Extra(_) => &[],
        }
    }

    /// Whether people of one household agree on it as one person does with himself: what says that two records are of
    /// one family says little about who of the family they are.
    pub(crate) fn is_of_household(self, records: &Records) -> bool {
        match self {
            Comparison::FamilyName | Comparison::State | Comparison::Phone => true,
            Comparison::Extra(index) => records
                .extras
                .get(usize::from(index))
                .is_some_and(|extra| !matches!(extra.column.kind, ExtraKind::Identifier)),
            _ => false,
        }
    }
}

/// How equal two values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Missing in one record or both, so it says nothing
    Missing,
    /// Nothing in common
    Different,
    /// Jaro-Winkler similarity of at least 0.80
    Similar,
    /// Jaro-Winkler similarity of at least 0.88
    Close,
    /// Jaro-Winkler similarity of at least 0.94, or one edit of a text of four letters and more
    Near,
    /// Close or nearly the same spelling, but both are names that many have: Mark and Mary
    TwoNames,
    /// One is the other's initial
    Initial,
    /// One's given name is the other's middle or preferred name, or one of several given names
    OtherGivenName,
    /// One is a known nickname of the other
    Nickname,
    /// Given and family name changed places
    Swapped,
    /// One is a part of the other: a hyphenated or married name, or it stands there as a middle name
    PartOfName,
    /// Same year only
    SameYear,
    /// Two of day, month and year are the same
    TwoParts,
    /// Same day and month, the year off by one or ten
    YearOff,
    /// One digit differs, or two neighbours changed places
    OneDigit,
    /// Day and month changed places
    DayMonthSwapped,
    /// Same text before the @, other domain
    SameLocalPart,
    /// Two characters off
    TwoEdits,
    /// One character off, or two neighbours changed places
    OneEdit,
    /// The same
    Exact,
}

impl Level {
    /// In words, to follow a field's label: `Birth date: day and month swapped`.
    pub const fn words(self) -> &'static str {
        match self {
            Level::Missing => "missing",
            Level::Different => "different",
            Level::Similar => "similar spelling",
            Level::Close => "close spelling",
            Level::Near => "nearly the same spelling",
            Level::TwoNames => "close spelling of two usual names",
            Level::Initial => "initial of the other",
            Level::OtherGivenName => "another given name of the same person",
            Level::Nickname => "nickname of the other",
            Level::Swapped => "given and family name swapped",
            Level::PartOfName => "part of the other name",
            Level::SameYear => "same year only",
            Level::TwoParts => "day, month or year differs",
            Level::YearOff => "year off by one or ten",
            Level::OneDigit => "one digit differs",
            Level::DayMonthSwapped => "day and month swapped",
            Level::SameLocalPart => "same before the @, other domain",
            Level::TwoEdits => "two characters differ",
            Level::OneEdit => "one character differs",
            Level::Exact => "the same",
        }
    }
}

/// Most comparisons of a [`Pattern`].
pub(crate) const MOST_COMPARISONS: usize = 16;

/// Levels of all comparisons of a pair, four bits each: 0 is missing, others are one more than the level's position in
/// its comparison's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Pattern(pub(crate) u64);

impl Pattern {
    #[inline]
    pub(crate) fn set(&mut self, position: usize, code: u8) {
        self.0 |= u64::from(code) << (position * 4);
    }

    /// The code at a position.
    #[inline]
    pub(crate) const fn code(self, position: usize) -> usize {
        (self.0 >> (position * 4) & 15) as usize
    }

    /// The pattern with some positions missing; `mask` has four bits set for each that stays.
    #[inline]
    pub(crate) const fn masked(self, mask: u64) -> Pattern {
        Pattern(self.0 & mask)
    }
}
