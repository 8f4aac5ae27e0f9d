//! Muster's integration tests, one module a subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::too_many_lines, missing_docs)]

// The DAG of docs/airflow, run by a real Airflow.
#[cfg(target_os = "linux")]
mod airflow;
// Raw files as they came: stored before a push, found again, verified.
#[cfg(unix)]
mod archive;
// The archive in S3: versions, kills, lists that are read from there.
#[cfg(unix)]
mod archive_s3;
// The two clubs' real lists: every count that is known of them.
mod clubs;
// The program `muster`: its output, its exit codes, its files.
mod command_line;
// Google Drive: signing in, looking around, downloads through all that can go wrong.
#[cfg(unix)]
mod drive;
// What lies in the data folder and in temporary folders cannot be read.
#[cfg(unix)]
mod encryption;
// Work that a scheduler ends: in time, all or nothing, and told.
#[cfg(unix)]
mod ended;
// Errors of databases, provoked with values that nobody may see.
#[cfg(unix)]
mod errors;
// Pushes whose network breaks, or that several people make at once.
#[cfg(unix)]
mod faults;
// What the tables of a target hold, as a short text.
#[cfg(unix)]
mod fingerprint;
// What the tests stand on: servers, broken networks, keychains, the search for leaks.
mod harness;
// The workspace: imports that are left and opened again, files replaced, columns chosen.
mod imports;
// The system's keychain in all its states, and secrets where none may be.
mod keychain;
// Pushes that are killed at every named place and at random moments.
#[cfg(unix)]
mod kills;
// Lists of members made of numbers.
mod lists;
// The members by hand: searched, created, edited by two at once, deleted, brought back.
#[cfg(unix)]
mod members;
// The members by the command line, and whom it waits for.
#[cfg(unix)]
mod members_by_command;
// A member file: opened, edited, saved with its previous version kept.
mod member_file;
// The person's steps: done, undone in any order, replayed.
mod operations;
// Who is who: matched, decided, remembered.
mod people;
// Logs, traces and metrics: what is in them, where they go, and that nothing else is.
#[cfg(unix)]
mod logs;
// A machine and a database to push to, of each kind.
#[cfg(unix)]
mod place;
// The password of a database, over all that is done with it.
#[cfg(unix)]
mod passwords;
// Database profiles: kept, tried on real servers, confirmed.
#[cfg(unix)]
mod profiles;
// Push: plan, ledger, repeats.
mod push;
// The plans that databases make for our statements.
#[cfg(unix)]
mod plans;
// Members counted: by their facts, of a club, as a file.
#[cfg(unix)]
mod statistics;
// Eight people who push at once.
#[cfg(unix)]
mod pushers;
// Pushes and their undo on every kind of database.
#[cfg(unix)]
mod pushes;
// Refused rows: fixed, replayed, dismissed.
#[cfg(unix)]
mod rejects;
// Schedules: added, tried, run, made up for, handed to a timer of the system.
#[cfg(unix)]
mod schedules;
// The tables, as docs/SCHEMA.md draws them.
#[cfg(unix)]
mod schema;
// Scores on one scale: pushed, in the history, undone.
#[cfg(unix)]
mod scores;
// Random pushes, undone in any order.
#[cfg(unix)]
mod undos;
// Workbooks, read by a worker process.
mod workbooks;
