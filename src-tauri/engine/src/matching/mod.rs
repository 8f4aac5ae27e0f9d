//! Who is the same person: within a list, between lists, and among the members of the database.
//!
//! The steps, each usable alone, and [`run()`] for all of them:
//!
//! 1. [`Records`]: a table of standardised records.
//! 2. [`blocking::plan`]: which pairs are worth comparing, with their number for each rule.
//! 3. [`weights::train`]: how telling each field is, learnt without labels (a [`Model`]).
//! 4. [`scoring::score_pairs`]: the pairs that may be one person.
//! 5. [`clustering::cluster`]: the records of each person, with people's decisions as constraints.
//! 6. [`explanation::explain`]: why a pair scored what it did.
//!
//! After an edit, [`Matcher::replace`] compares one record again. The same records give the same result, whatever the
//! number of threads.

pub mod blocking;
pub mod clustering;
pub mod comparison;
pub mod explanation;
mod incremental;
mod records;
mod run;
pub mod scoring;
pub mod settings;
#[cfg(test)]
mod tests;
mod threads;
pub mod weights;

pub use blocking::{BlockingPlan, BlockingRule, RulePlan};
pub use clustering::{ApartBecause, Clusters, Decisions, KeptApart};
pub use comparison::{Comparison, Level, Pattern};
pub use explanation::{Explanation, Step, StepKind, explain};
pub use incremental::Matcher;
pub use records::{Column, ExtraColumn, ExtraKind, MOST_EXTRA, Origin, Records, RecordsBuilder};
pub use run::{Matching, run};
pub use scoring::{ScoredPair, Scorer};
pub use settings::{Settings, Stage, Watch, unwatched};
pub use weights::{Model, Relatives};
