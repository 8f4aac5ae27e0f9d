//! Who is who: the records of an import and the members of the active profile are matched, a person settles what is
//! doubtful, and each person becomes one member. See `docs/PEOPLE.md`.
//!
//! [`run`] compares; its results are kept beside the staged rows (`staging/schema.sql`). [`settle`] makes people and groups
//! of them, [`groups`] says what a person has to look at, and [`decide`], [`bulk`], [`thresholds`] and [`survivorship`] are
//! what they can do about it. Decisions are in the workspace, by the keys of the records ([`book`]).

mod at_hand;
mod book;
mod bulk;
mod decide;
mod found;
mod gather;
mod groups;
mod headless;
mod incremental;
mod matched;
mod members;
mod open_group;
mod queue;
mod record;
mod run;
mod session;
mod settle;
mod state;
mod survivorship;
mod tables;
mod target_decisions;
mod thresholds;
mod view;

pub(crate) use at_hand::AtHand;
pub(crate) use headless::{match_by_recipe, matched_counts};
pub use muster_engine::decisions::RecipeDecisions;
pub use muster_engine::resolve::SurvivorshipSettings;
pub(crate) use session::Compared;
pub use view::*;
