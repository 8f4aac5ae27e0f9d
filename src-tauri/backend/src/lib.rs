//! Muster's use cases: everything with side effects. The desktop shell and the command line call the same ones.
//!
//! [`imports`] is the desktop's workspace, [`run`] a whole import without a screen. Both read files through
//! [`reading`], keep rows in [`staging`], write them to a target through [`push`] and to files through [`mod@export`]. [`member_file`]
//! edits a file that was written so.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines))]

pub mod archive;
pub mod config;
pub mod drive;
pub mod error;
pub mod export;
pub mod folders;
pub mod imports;
pub mod keychain;
pub mod member_file;
pub mod members;
pub mod people;
pub mod probe;
pub mod profiles;
pub mod progress;
pub mod push;
pub mod raw_files;
pub mod reading;
pub mod rejects;
pub mod run;
pub mod sample;
pub mod schedule;
pub mod secret;
pub mod secrets;
pub mod staging;
pub mod statistics;
pub mod steps;
pub mod store;
pub mod telemetry;
pub mod worker;

pub use error::{Code, Error, Result};
pub use folders::Folders;
pub use progress::Job;
