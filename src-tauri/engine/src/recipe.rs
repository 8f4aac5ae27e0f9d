//! The recipe: everything a person decided about an import, as data that can be replayed on next month's files.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::decisions::RecipeDecisions;
use crate::field::{Field, Target, UnknownName};
use crate::issue::Rule;
use crate::resolve::SurvivorshipSettings;
use crate::score::ScoreSettings;

/// The recipe's format; a program refuses a newer one.
pub const VERSION: u32 = 1;

/// What is done to the raw files of an import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// [`VERSION`]
    pub version: u32,
    /// The files, in the order in which their rows are numbered
    pub files: Vec<FileRecipe>,
    /// What the person did, in order
    #[serde(default)]
    pub operations: Vec<Operation>,
    /// Limits of the rules
    #[serde(default, skip_serializing_if = "RuleSettings::is_default")]
    pub rules: RuleSettings,
    /// Thresholds of matching
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matching: Option<MatchSettings>,
    /// Whose values win where records are one person
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<SurvivorshipSettings>,
    /// What people decided about who is who
    #[serde(default, skip_serializing_if = "RecipeDecisions::is_empty")]
    pub decisions: RecipeDecisions,
    /// How scores are brought to one scale; without it they stay as they are
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<ScoreSettings>,
    /// How the result goes to the target
    #[serde(default)]
    pub push: PushSettings,
}

impl Recipe {
    /// A recipe for files, with nothing decided yet.
    pub fn of_files(files: Vec<FileRecipe>) -> Recipe {
        Recipe {
            version: VERSION,
            files,
            operations: Vec::new(),
            rules: RuleSettings::default(),
            matching: None,
            resolve: None,
            decisions: RecipeDecisions::default(),
            scores: None,
            push: PushSettings::default(),
        }
    }
}

/// One file of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecipe {
    /// Where the file is, relative to the recipe
    pub path: String,
    /// The organisation that the file comes from; without one, the file's name tells
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The file is a dimension (a list of companies) and not a list of members
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<Dimension>,
    /// How the bytes are read; what is not said is detected
    #[serde(default, skip_serializing_if = "ReaderOptions::is_default")]
    pub reader: ReaderOptions,
    /// Column header → target; `None` keeps the column as extra. Columns that are not named are mapped by their headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, Option<Target>>,
    /// Column header → which comes first in dates written in figures
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub date_order: BTreeMap<String, DateOrder>,
}

/// A list that records refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// id and name of companies
    Company,
}

/// How a file is read. `None` means: detect it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct ReaderOptions {
    /// A label of the WHATWG Encoding Standard: `utf-8`, `windows-1252`
    pub encoding: Option<String>,
    /// One ASCII character
    pub delimiter: Option<String>,
    /// One ASCII character; empty for none
    pub quote: Option<String>,
    /// Line (or sheet row) of the header, from 1; 0 where there is none
    pub header_row: Option<u32>,
    /// Name of the sheet
    pub sheet: Option<String>,
}

impl ReaderOptions {
    fn is_default(&self) -> bool {
        *self == ReaderOptions::default()
    }
}

/// Which comes first in a date written in figures, such as 03/04/2018.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 03/04 is 3 April
    DayMonth,
    /// 03/04 is 4 March
    MonthDay,
}

/// A row named by what identifies it, so that next month's file finds it again: the hash of its source and of the
/// raw text of its identifying columns, and how many rows before it have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowRef {
    /// See [`crate::key::fingerprint`]
    pub fingerprint: u128,
    /// 0 for the first row with that fingerprint
    pub occurrence: u32,
}

impl fmt::Display for RowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.fingerprint)?;
        if self.occurrence > 0 { write!(f, "#{}", self.occurrence) } else { Ok(()) }
    }
}

impl FromStr for RowRef {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let (hash, occurrence) = text.split_once('#').unwrap_or((text, "0"));
        Ok(RowRef {
            fingerprint: u128::from_str_radix(hash, 16).map_err(|_| UnknownName)?,
            occurrence: occurrence.parse().map_err(|_| UnknownName)?,
        })
    }
}

impl Serialize for RowRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RowRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One step that a person did. Steps are independent of each other's numbers: any one can be dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    /// Type a value into one cell
    EditCell {
        /// The row
        row: RowRef,
        /// The field
        field: Field,
        /// The raw text of the cell in the file; where it is another now, the edit is left out and reported
        was: Option<String>,
        /// What was typed
        value: Option<String>,
    },
    /// Replace text in a field of all rows
    ReplaceValue {
        /// The field
        field: Field,
        /// Text to find
        find: String,
        /// Text to put in its place
        replace: String,
        /// Only cells that are that text as a whole
        #[serde(default)]
        whole_cell: bool,
        /// Capitals matter
        #[serde(default)]
        match_case: bool,
    },
    /// Give several spellings of a field one value
    MergeValues {
        /// The field
        field: Field,
        /// The values, as shown; `None` is the empty cell
        from: Vec<Option<String>>,
        /// The value they get
        to: Option<String>,
    },
    /// Read a value of a column as another one, before it is standardised
    MapValue {
        /// Source of the file
        source: String,
        /// Header of the column
        column: String,
        /// The raw text, without spaces at its ends
        from: String,
        /// What it is read as; `None` is nothing
        to: Option<String>,
    },
    /// Leave rows out
    ExcludeRows {
        /// The rows
        rows: Vec<RowRef>,
    },
    /// Take excluded rows in again
    RestoreRows {
        /// The rows
        rows: Vec<RowRef>,
    },
}

/// Limits of the rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleSettings {
    /// `joined_under_age`: warn below this age in years, by the difference of the years
    pub joined_under_age: u8,
    /// `implausible_age`: years above which an age is suspect
    pub oldest_age: u8,
    /// `score_out_of_range`: the least score
    pub score_min: Option<f64>,
    /// `score_out_of_range`: the greatest score
    pub score_max: Option<f64>,
    /// Rules that are switched off
    pub off: Vec<Rule>,
}

impl Default for RuleSettings {
    fn default() -> Self {
        RuleSettings {
            joined_under_age: 5,
            oldest_age: 120,
            score_min: None,
            score_max: None,
            off: Vec::new(),
        }
    }
}

impl RuleSettings {
    fn is_default(&self) -> bool {
        *self == RuleSettings::default()
    }
}

/// Thresholds of matching, as probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchSettings {
    /// Pairs above are shown to a person
    pub review_above: f64,
    /// Pairs above are merged
    pub merge_above: f64,
}

impl Default for MatchSettings {
    fn default() -> Self {
        MatchSettings { review_above: 0.50, merge_above: 0.99 }
    }
}

/// How the result goes to the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushSettings {
    /// The mode
    pub mode: PushMode,
}

/// What a push does with keys that the target has already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum PushMode {
    /// Skip and list them
    #[default]
    InsertNew,
    /// Fill what is blank there, change nothing else
    FillBlanks,
    /// Overwrite what differs; a blank in the list erases nothing
    Update,
    /// Make them what the list says, blanks too; members whom the list does not have any more are removed only where
    /// that is asked for by itself
    Mirror,
}

impl PushMode {
    /// The name in recipes and in the ledger: `insert-new`.
    pub const fn name(self) -> &'static str {
        match self {
            PushMode::InsertNew => "insert-new",
            PushMode::FillBlanks => "fill-blanks",
            PushMode::Update => "update",
            PushMode::Mirror => "mirror",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_refs_print_and_parse() {
        for text in ["000000000000000000000000000000ff", "ffffffffffffffffffffffffffffffff#3"] {
            let row: RowRef = text.parse().unwrap();
            assert_eq!(row.to_string(), text);
        }
        assert!("xyz".parse::<RowRef>().is_err());
    }
}
