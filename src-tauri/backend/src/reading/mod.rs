//! From a raw file to rows: how it is read, what its columns are, and its batches on all cores.

pub mod columns;
pub mod layout;
pub mod parallel;
pub mod prepared;
pub mod recipes;

pub use columns::{ChosenBy, Column, ColumnFacts, choose_columns, profile};
pub use layout::{FileKind, Layout};
