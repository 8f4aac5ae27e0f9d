//! Scores: clubs score on their own scales; this brings them to one.
//!
//! A [`ScaleBuilder`] gathers the clubs' scores, [`Scale`] is the fit: [`Scale::unified`] for a membership,
//! [`Scale::combined`] for a member, each with its [`Formula`]. [`preview`] says who moves, [`ClubComparisonBuilder`] how the
//! clubs' scores are spread before and after, [`needs_history`] when `score_history` gets a row. See `docs/SCORES.md`.

mod combine;
mod decay;
mod distribution;
mod formula;
mod history;
mod min_max;
mod moments;
mod percentile;
mod preview;
mod scale;
mod settings;
mod tally;
#[cfg(test)]
mod tests;
mod version;
mod z_score;

pub use decay::Decay;
pub use distribution::{
    Bin, ClubComparison, ClubComparisonBuilder, Distribution, DistributionBuilder, MOST_BINS,
    QUANTILE_SHARES, Quantile,
};
pub use formula::{Formula, Part};
pub use history::{ScoreState, TOLERANCE, needs_history};
pub use moments::Moments;
pub use preview::{Move, ScoreChange, ScorePreview, preview};
pub use scale::{ClubCounts, ClubScore, Scale, ScaleBuilder};
pub use settings::{ScoreMethod, ScoreSettings};
pub use tally::LARGEST_SCORE;
pub use version::MethodVersion;
