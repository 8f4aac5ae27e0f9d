//! The state of the People step, its thresholds and counts.

use muster_engine::resolve::SurvivorshipSettings;
use serde::{Deserialize, Serialize};

use crate::config::ProfileInfo;

/// Whether there are results of matching, and whether they are those of the rows as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum PeopleState {
    /// Matching has not run
    Missing,
    /// Rows, thresholds or the active profile changed since; what is shown may be out of date
    Stale,
    /// As the rows are
    Current,
}

/// Who is who in an import, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PeopleCounts {
    /// Clean rows
    pub records: u32,
    /// People among them
    pub people: u32,
    /// Rows that are one person with another row: records − people
    pub merged: u32,
    /// Groups of which a person has to say whether they are one
    pub to_review: u32,
    /// People with a field that a person has to settle
    pub conflicts: u32,
    /// Groups that were decided before, and whose records changed since
    pub changed: u32,
    /// Groups that a person decided
    pub decided: u32,
    /// People of several records whom matching found by itself, with nothing to settle
    pub found: u32,
    /// People whom the active profile has already
    pub in_database: u32,
}

/// From which probability a pair is asked about, and merged without asking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Thresholds {
    /// A person is asked from here, 0 to 1
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub review: f64,
    /// Merged without asking from here, 0 to 1
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub merge: f64,
}

/// A rule that says which records are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BlockingView {
    /// In words: `same name and birth date`
    pub name: String,
    /// Pairs that it makes
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub pairs: f64,
    /// Whether they are compared; not where there are none or too many
    pub used: bool,
    /// Blocks that are left out, since too many records share their value
    pub left_out_blocks: u32,
    /// Their pairs
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub left_out_pairs: f64,
}

/// The state of the People step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PeopleView {
    /// Whether matching has run, on the rows as they are
    pub state: PeopleState,
    /// Why the results are out of date, for people
    pub stale: Option<String>,
    /// The counts; with [`PeopleState::Missing`] all zero but the records
    pub counts: PeopleCounts,
    /// The thresholds
    pub thresholds: Thresholds,
    /// The lowest threshold that can be set: pairs below it are not kept
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub lowest: f64,
    /// Which records are compared
    pub blocking: Vec<BlockingView>,
    /// Whether the weights were learnt from these lists; else there are too few pairs, and they are assumed
    pub learnt: bool,
    /// Whose values win
    pub survivorship: SurvivorshipSettings,
    /// The clubs of the import, for filters and for the order of trust
    pub clubs: Vec<String>,
    /// The profile whose members were compared
    pub profile: Option<ProfileInfo>,
    /// Members of the profile that were compared
    pub members_compared: u32,
    /// How long matching took
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub seconds: Option<f64>,
}

/// What thresholds would do with the pairs that are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ThresholdCounts {
    /// Pairs that would be merged without asking
    pub merge: u32,
    /// Pairs that a person would be asked about
    pub ask: u32,
    /// Pairs with some likeness that would stay apart
    pub apart: u32,
}
