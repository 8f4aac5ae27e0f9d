//! Databases: opening them, and bringing their tables to the version that the program knows.
//!
//! One file of queries a table stands beside the entities, with only what is used.

pub mod access;
pub mod chain;
pub mod decision;
pub mod drive_file;
pub mod entities;
#[cfg(test)]
pub(crate) mod fixture;
pub mod journal;
pub(crate) mod lock;
pub mod merges;
mod migrate;
pub mod pair_decisions;
pub mod people_settings;
pub mod postgres;
pub mod push;
pub mod put_off;
pub mod score_history;
pub mod score_settings;
pub mod sql;
pub mod sqlite;
pub mod target;
#[cfg(test)]
mod tests;
mod watch;
pub mod workspace;

pub use access::{Access, DataKey, PostgresAccess, SqliteAccess};
pub use migrate::{Schema, migrate};
pub use target::Target;
pub use workspace::Workspace;
