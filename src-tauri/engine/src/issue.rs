//! What can be wrong with a record, and what standardising can change: two closed sets.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::field::{Field, UnknownName};

/// How bad an issue is. An error rejects the row; a warning keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The row cannot become a member until it is fixed
    Error,
    /// The row is kept; a person should look
    Warning,
    /// Worth knowing
    Info,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $level:ident, $suspect:literal, $label:literal, $help:literal;)*) => {
        /// What a check found. The name of a rule is part of reports and files, and never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum Rule { $($(#[doc = $doc])* $variant),* }

        impl Rule {
            /// All rules, in the order in which a row lists them.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant),*];

            /// The name in reports and files: `joined_before_birth`.
            pub const fn name(self) -> &'static str { match self { $(Rule::$variant => $name),* } }

            /// The name for people.
            pub const fn label(self) -> &'static str { match self { $(Rule::$variant => $label),* } }

            /// What a person can do about it.
            pub const fn help(self) -> &'static str { match self { $(Rule::$variant => $help),* } }

            /// Whether the rule makes a record a suspect, kept apart from the clean ones.
            pub const fn makes_suspect(self) -> bool { match self { $(Rule::$variant => $suspect),* } }

            const fn usual_level(self) -> Level { match self { $(Rule::$variant => Level::$level),* } }
        }
    };
}

rules! {
    /// A quote that is opened and not closed, or closed in the middle of a value
    UnbalancedQuote = "unbalanced_quote", Error, false, "Unbalanced quote",
        "A quotation mark is opened and never closed on this line. Check the row against the file, then edit or exclude it.";
    /// More cells than the header has columns
    SurplusCells = "surplus_cells", Error, false, "More cells than columns",
        "The row has more values than the header has columns, so values may stand in the wrong column. Correct the file or exclude the row.";
    /// Fewer cells than the header has columns
    MissingCells = "missing_cells", Warning, false, "Fewer cells than columns",
        "The row ends early. The missing values are empty; check that none slipped into another column.";
    /// A NUL character in the text
    NulCharacter = "nul_character", Warning, false, "NUL character",
        "The text holds a NUL character, which was left out.";
    /// Bytes that the file's encoding does not have
    UndecodableBytes = "undecodable_bytes", Warning, false, "Undecodable bytes",
        "Some bytes are not text in the file's encoding and show as \u{fffd}. Choose another encoding for the file, or edit the cell.";
    /// A quoted value that runs over several lines
    MultiLineValue = "multi_line_value", Info, false, "Value over several lines",
        "A quoted value runs over more than one line of the file.";
    /// An error value of a spreadsheet, such as #N/A
    CellError = "cell_error", Warning, false, "Spreadsheet error value",
        "The cell holds an error of the spreadsheet, such as #N/A. Correct the formula or type the value.";
    /// Neither a given nor a family name
    MissingName = "missing_name", Error, false, "No name",
        "A member needs a given or a family name. Type it, or exclude the row.";
    /// A date that cannot be understood
    UnreadableDate = "unreadable_date", Warning, false, "Unreadable date",
        "The text is not a date. Type it as YYYY-MM-DD.";
    /// A date that fits both orders in a column whose order nobody has settled
    AmbiguousDate = "ambiguous_date", Warning, false, "Day or month first?",
        "The date fits both orders. Say on the Columns step which comes first.";
    /// A score that is no number
    UnreadableScore = "unreadable_score", Warning, false, "Unreadable score",
        "The score is not a number. Type a number or clear the cell.";
    /// A state that is not one of the USPS's
    UnreadableState = "unreadable_state", Warning, false, "Unknown state",
        "This is not a US state or territory. Map the value to a state, or clear it.";
    /// A company that the company list does not have
    UnknownCompany = "unknown_company", Warning, false, "Unknown company",
        "The company list has no such entry. Map the value to a company, or add it to the company list.";
    /// A score outside the configured range
    ScoreOutOfRange = "score_out_of_range", Warning, false, "Score out of range",
        "The score lies outside the range set for scores.";
    /// Text that has not the form of an e-mail address
    BadEmail = "bad_email", Warning, false, "Not an e-mail address",
        "The text has not the form of an e-mail address. Correct it or clear the cell.";
    /// Text that has not the form of a phone number
    BadPhone = "bad_phone", Warning, false, "Not a phone number",
        "The text has not the form of a phone number. Correct it or clear the cell.";
    /// Invisible or bidirectional control characters in a name
    InvisibleCharacters = "invisible_characters", Warning, false, "Invisible characters in a name",
        "The name holds characters that cannot be seen or that turn the direction of writing. They were left out.";
    /// member_since's year lies before the birth year
    JoinedBeforeBirth = "joined_before_birth", Warning, true, "Joined before birth",
        "The year of joining lies before the year of birth. Correct one of the two dates.";
    /// last_active's year lies before member_since's
    ActiveBeforeJoined = "active_before_joined", Warning, true, "Active before joining",
        "The last activity lies before the year of joining. Correct one of the two dates.";
    /// Birth date after today
    BornInFuture = "born_in_future", Warning, true, "Born in the future",
        "The birth date lies in the future. Correct it.";
    /// Last activity after today
    ActiveInFuture = "active_in_future", Warning, true, "Active in the future",
        "The last activity lies in the future. Correct it.";
    /// Older than 120 years
    ImplausibleAge = "implausible_age", Warning, true, "Over 120 years old",
        "The birth date makes this member over 120 years old. Correct it.";
    /// Younger than the configured age at joining
    JoinedUnderAge = "joined_under_age", Warning, false, "Very young at joining",
        "The member was younger at joining than the age set for this check.";
    /// The same row stands earlier in the file
    RepeatedRow = "repeated_row", Warning, false, "Repeated row",
        "The same row stands earlier in the file. Exclude one of them.";
    /// Another row has the same source key with other details
    RepeatedKey = "repeated_key", Warning, false, "Same member twice",
        "Another row of this source is the same member with other details. Exclude one, or correct what tells them apart.";
}

impl Rule {
    /// The level of the rule for a field: a birth date that cannot be read is an error, since it identifies the member.
    pub const fn level(self, field: Option<Field>) -> Level {
        match (self, field) {
            (Rule::UnreadableDate | Rule::AmbiguousDate, Some(Field::BirthDate)) => Level::Error,
            _ => self.usual_level(),
        }
    }
}

impl FromStr for Rule {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == name).ok_or(UnknownName)
    }
}

macro_rules! changes {
    ($($(#[doc = $doc:literal])* $variant:ident = $label:literal;)*) => {
        /// How standardising changed a value. The text in the file is always kept beside it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Change { $($(#[doc = $doc])* $variant),* }

        impl Change {
            /// All changes, by their code.
            pub const ALL: &'static [Change] = &[$(Change::$variant),*];

            /// What was done, for people.
            pub const fn label(self) -> &'static str { match self { $(Change::$variant => $label),* } }
        }
    };
}

changes! {
    /// Spaces at the ends removed, runs of spaces made one
    Spaces = "Spaces tidied";
    /// All-capitals or all-lower-case text given capitals
    LetterCase = "Capital letters corrected";
    /// Characters that cannot be seen removed
    InvisibleRemoved = "Invisible characters removed";
    /// Letters with separate accents composed (Unicode NFC)
    Composed = "Accents composed";
    /// A full name split into its parts
    NameSplit = "Part of the full name";
    /// A title moved to its own field
    TitleMoved = "Title moved to its own field";
    /// A suffix moved to its own field
    SuffixMoved = "Suffix moved to its own field";
    /// A nickname moved to its own field
    NicknameMoved = "Nickname moved to its own field";
    /// A title, suffix or initial written in its usual form
    UsualForm = "Written in its usual form";
    /// A date written as ISO 8601
    DateFormat = "Date written as YYYY-MM-DD";
    /// A day number of a spreadsheet turned into a date
    DateSerial = "Spreadsheet day number turned into a date";
    /// A two-digit year completed
    DateCentury = "Two-digit year completed";
    /// A state's name turned into its code
    StateCode = "State written as its two-letter code";
    /// A company's id replaced by its name
    CompanyLookup = "Company found in the company list by its id";
    /// A company's name written as in the company list
    CompanyName = "Company written as in the company list";
    /// A number written plainly
    NumberFormat = "Number written plainly";
    /// An e-mail address's domain in lower case
    EmailCase = "Domain of the address in lower case";
    /// A phone number written in one form
    PhoneFormat = "Phone number written in one form";
    /// A word for "nothing" (n/a, null, -) emptied
    NullWord = "A word for nothing, left empty";
    /// A value mapped on the Columns step
    ValueMapped = "Value mapped on the Columns step";
}

impl Change {
    /// The change of a code, as stored.
    pub fn from_code(code: u8) -> Option<Change> {
        Change::ALL.get(usize::from(code)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_parse_back() {
        for &rule in Rule::ALL {
            assert_eq!(rule.name().parse(), Ok(rule));
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("\"{}\"", rule.name()));
        }
        for (code, &change) in Change::ALL.iter().enumerate() {
            assert_eq!(Change::from_code(u8::try_from(code).unwrap()), Some(change));
        }
        assert_eq!(Change::from_code(255), None);
    }

    #[test]
    fn an_unreadable_birth_date_is_an_error_and_other_dates_are_warnings() {
        assert_eq!(Rule::UnreadableDate.level(Some(Field::BirthDate)), Level::Error);
        assert_eq!(Rule::UnreadableDate.level(Some(Field::LastActive)), Level::Warning);
    }
}
