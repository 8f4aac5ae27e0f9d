//! What the People screen sees.

mod decision;
mod group;
mod overview;
mod queue;
mod rules;

pub use decision::*;
pub use group::*;
pub use overview::*;
pub use queue::*;
pub use rules::*;
