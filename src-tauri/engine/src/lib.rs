//! Muster's engine: bytes and values in, values out.
//!
//! A record's path, one module a stage: [`read`] → [`map`] → [`standardise`] → [`operations`] → [`validate`];
//! [`pipeline`] joins them for a batch of rows. Then [`matching`] finds the records of one person; for those,
//! [`resolve`] → [`score`], and [`statistics`] counts. The engine has no clock, disk, network, database, async runtime
//! or window, so the same input gives the same answer on any number of threads.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines))]

pub mod date;
pub mod decisions;
pub mod error;
pub mod field;
pub mod issue;
pub mod key;
pub mod map;
pub mod matching;
pub mod operations;
mod piece;
pub mod pipeline;
pub mod read;
pub mod recipe;
pub mod resolve;
pub mod score;
pub mod staged;
pub mod standardise;
pub mod statistics;
pub mod validate;
pub mod write;

pub use date::Date;
pub use error::EngineError;
pub use field::{Field, Target};
pub use issue::{Change, Level, Rule};
pub use read::RawBatch;
pub use staged::StagedBatch;
