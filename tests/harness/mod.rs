//! What the tests stand on does what they take it to do.

mod keychain;
mod leaks;
mod network;
mod postgres;
