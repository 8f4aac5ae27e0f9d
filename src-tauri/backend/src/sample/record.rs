//! One record of a list before it becomes text: its values, how they are written, and what was planted in it.

use super::people::Day;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal;)*) => {
        /// What can be planted in a record. The names stand in `truth.csv` and `manifest.json`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Kind { $($(#[doc = $doc])* $variant),* }

        impl Kind {
            /// All names, by the kind's code.
            pub(super) const NAMES: &'static [&'static str] = &[$($name),*];
        }
    };
}

kinds! {
    /// A further record of a person in the same list
    SamePerson = "same_person";
    /// The person's first record stands in the other club's list
    OtherClub = "other_club";
    /// The same line again
    RepeatedRow = "repeated_row";
    /// The same name and birth date again, with other details
    RepeatedKey = "repeated_key";
    /// Another person of the same name: father and son
    Namesake = "namesake";
    /// A slip of the pen in the given name
    TypoGiven = "typo_given";
    /// A slip of the pen in the family name
    TypoFamily = "typo_family";
    /// The short form in place of the given name
    Nickname = "nickname";
    /// Only the given name's first letter
    Initial = "initial";
    /// Family name where the given name belongs, and the other way round
    SwappedNames = "swapped_names";
    /// Another family name, as after a marriage
    MarriedName = "married_name";
    /// A second family name after a hyphen
    Hyphenated = "hyphenated";
    /// A middle initial
    Middle = "middle";
    /// Day and month of birth swapped
    BirthSwapped = "birth_swapped";
    /// Another day or month of birth
    BirthDigit = "birth_digit";
    /// Another year of birth
    BirthYear = "birth_year";
    /// No birth date
    BirthMissing = "birth_missing";
    /// Another state
    StateMoved = "state_moved";
    /// No state
    StateMissing = "state_missing";
    /// Another company
    CompanyChanged = "company_changed";
    /// No company
    CompanyMissing = "company_missing";
    /// A title with the name
    Title = "title";
    /// A suffix with the name
    Suffix = "suffix";
    /// The short form in quotes or parentheses
    QuotedNickname = "quoted_nickname";
    /// Written `Last, First`
    LastFirst = "last_first";
    /// A family name with a particle
    Particle = "particle";
    /// Name in capitals or in small letters
    LetterCase = "letter_case";
    /// Spaces too many
    Spaces = "spaces";
    /// A zero-width space in the name
    Invisible = "invisible";
    /// A word for "nothing"
    NullWord = "null_word";
    /// A state written another way that can be understood
    StateVariant = "state_variant";
    /// A birth date that is none
    BadBirth = "bad_birth";
    /// A last activity that is no date
    BadActive = "bad_active";
    /// A score that is no number
    BadScore = "bad_score";
    /// A state that is none
    BadState = "bad_state";
    /// A company that the company list does not have
    UnknownCompany = "unknown_company";
    /// Neither given nor family name
    NoName = "no_name";
    /// A row that ends early
    MissingCells = "missing_cells";
    /// A row with a cell too many
    SurplusCells = "surplus_cells";
    /// A quote that is opened and not closed
    UnbalancedQuote = "unbalanced_quote";
    /// A byte that is not UTF-8
    InvalidUtf8 = "invalid_utf8";
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Kinds(u64);

impl Kinds {
    /// Adds a kind.
    pub(super) const fn add(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u8;
    }

    /// Takes kinds away.
    pub(super) fn remove(&mut self, kinds: &[Kind]) {
        for &kind in kinds {
            self.0 &= !(1 << kind as u8);
        }
    }

    /// Whether it has a kind.
    pub(super) const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Whether it has any of some kinds.
    pub(super) fn has_any(self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|&kind| self.has(kind))
    }

    /// The codes of its kinds, in order.
    pub(super) fn codes(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let code = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (code < u64::BITS).then_some(code as usize)
        })
    }
}

/// A cell: nothing, a value, a word for nothing, or text that cannot be read as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Cell<T> {
    #[default]
    Missing,
    Value(T),
    NullWord(&'static str),
    Unreadable(&'static str),
}

impl<T: Copy> Cell<T> {
    /// The value, if there is one.
    pub(super) fn value(self) -> Option<T> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Missing | Cell::NullWord(_) | Cell::Unreadable(_) => None,
        }
    }

    /// Whether the cell holds text that is no value.
    pub(super) fn is_unreadable(self) -> bool {
        matches!(self, Cell::Unreadable(_))
    }
}

/// How a state is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum StateForm {
    /// As the rest of the list does
    #[default]
    Usual,
    /// The code where the list has names, the name where it has codes
    Other,
    /// In small letters
    Lower,
    /// In capitals
    Upper,
}

/// Capitals of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Case {
    /// As usual
    #[default]
    Usual,
    /// All capitals
    Upper,
    /// All small
    Lower,
}

/// In what order a name's parts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Order {
    /// Given name first
    #[default]
    Usual,
    /// `Last, First`
    LastFirst,
    /// Given and family name in each other's place
    Swapped,
}

/// A record. It is filled anew for every row, so that its texts need no memory of their own each time.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) person: u64,
    pub(super) is_woman: bool,
    pub(super) title: &'static str,
    pub(super) given: String,
    pub(super) nickname: &'static str,
    /// In parentheses rather than quotes
    pub(super) parentheses: bool,
    pub(super) middle: &'static str,
    pub(super) family: String,
    pub(super) suffix: &'static str,
    pub(super) order: Order,
    pub(super) case: Case,
    pub(super) spaces: bool,
    pub(super) birth: Cell<Day>,
    pub(super) company: Cell<u32>,
    pub(super) last_active: Cell<Day>,
    pub(super) score: Cell<u32>,
    pub(super) since: Cell<u16>,
    /// Index into [`super::names::STATES`]
    pub(super) state: Cell<usize>,
    pub(super) state_form: StateForm,
    pub(super) kinds: Kinds,
}

impl Record {
    /// Forgets everything but the memory of the texts.
    pub(super) fn clear(&mut self) {
        let (mut given, mut family) = (std::mem::take(&mut self.given), std::mem::take(&mut self.family));
        given.clear();
        family.clear();
        *self = Record { given, family, ..Record::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_its_kinds_in_order() {
        let mut kinds = Kinds::default();
        kinds.add(Kind::InvalidUtf8);
        kinds.add(Kind::SamePerson);
        assert_eq!(
            kinds.codes().map(|code| Kind::NAMES[code]).collect::<Vec<_>>(),
            ["same_person", "invalid_utf8"]
        );
        assert!(kinds.has(Kind::SamePerson) && !kinds.has(Kind::Title));
        assert!(Kind::NAMES.len() <= 64);
    }
}
