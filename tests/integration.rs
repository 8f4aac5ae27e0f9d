//! Muster's integration tests, one module a subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines, missing_docs)]

// The two clubs' real lists: every count that is known of them.
mod clubs;
// The program `muster`: its output, its exit codes, its files.
mod command_line;
// Pushes that are killed, cut off, or made by several people at once.
#[cfg(unix)]
mod faults;
// What the tests stand on: servers, broken networks, keychains, the search for leaks.
mod harness;
// The workspace: imports that are left and opened again, files replaced, columns chosen.
mod imports;
// The system's keychain in all its states, and secrets where none may be.
mod keychain;
// The members by hand: searched, created, edited by two at once, deleted, brought back.
#[cfg(unix)]
mod members;
// A member file: opened, edited, saved with its previous version kept.
mod member_file;
// The person's steps: done, undone in any order, replayed.
mod operations;
// Who is who: matched, decided, remembered.
mod people;
// A machine and a database to push to, of each kind.
#[cfg(unix)]
mod place;
// Database profiles: kept, tried on real servers, confirmed.
#[cfg(unix)]
mod profiles;
// Push: plan, ledger, repeats.
mod push;
// Pushes and their undo on every kind of database.
#[cfg(unix)]
mod pushes;
// Workbooks, read by a worker process.
mod workbooks;
