//! The schemas of Muster's databases, step by step and reversible: [`target`] holds the members, [`workspace`] what
//! the desktop remembers about its imports. One file a table; a step is never changed once it is released.
//!
//! The backend runs the steps under a lock (`muster_backend::store::migrate`); they are not run from elsewhere.

mod parts;
pub mod target;
pub mod workspace;
