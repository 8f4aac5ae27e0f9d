//! What can be told: a closed set of events. docs/LOGS.md has the table of them.
//!
//! An event is made of what [`Loggable`] is for, so free text does not compile:
//!
//! ```compile_fail
//! let name = String::from("Ann");
//! muster_backend::telemetry::Loggable::plain(name);
//! ```

use muster_engine::recipe::PushMode;

use super::TARGET;
use super::words::{Change, Loggable, ProfileId, Program, Seconds, SourceFile, Verb};
use crate::config::{ArchiveKind, Driver, Environment};
use crate::error::Code;

/// An event as the table of them has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventKind {
    /// Its name
    pub name: &'static str,
    /// Its level
    pub level: &'static str,
    /// Its fields, and what they are made of
    pub fields: &'static [(&'static str, &'static str)],
}

macro_rules! events {
    ($(
        $(#[$doc:meta])*
        $variant:ident $name:literal $level:ident { $($(#[$about:meta])* $field:ident: $type:ty),* $(,)? }
    )+) => {
        /// Something that happened.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $($(#[$doc])* $variant { $($(#[$about])* $field: $type),* },)+
        }

        /// All kinds of events.
        pub const EVENTS: &[EventKind] = &[$(EventKind {
            name: $name,
            level: stringify!($level),
            fields: &[$((stringify!($field), <$type as Loggable>::KIND)),*],
        }),+];

        impl Event {
            /// Hands it to `tracing`.
            pub(super) fn emit(self) {
                match self {
                    $(Event::$variant { $($field),* } => tracing::event!(
                        target: TARGET, tracing::Level::$level, event = $name,
                        $($field = Loggable::plain($field)),*
                    ),)+
                }
            }
        }
    };
}

events! {
    /// A program began.
    Started "started" INFO {
        /// Which
        program: Program,
    }
    /// A program ended.
    Ended "ended" INFO {
        /// Which
        program: Program,
        /// What it was asked to do
        command: Option<Verb>,
        /// What it told who started it
        exit_code: u32,
        /// How long it worked
        seconds: Seconds,
    }
    /// Something that a person or a scheduler asked for did not work.
    Failed "failed" WARN {
        /// Why
        code: Code,
    }
    /// Muster made a mistake.
    Panicked "panicked" ERROR {
        /// Where
        file: SourceFile,
        /// Its line
        line: u32,
    }
    /// Nothing is sent, because the key of the collector could not be had, or no secure connections can be made.
    NotSent "not_sent" WARN {
        /// Why
        code: Code,
    }
    /// The rows of an import were read.
    RowsRead "rows_read" INFO {
        /// Files, company lists too
        files: u32,
        /// Rows: read = clean + suspect + rejected + excluded
        read: u32,
        /// Rows without a fault
        clean: u32,
        /// Rows whose dates cannot all be true
        suspect: u32,
        /// Rows with an error
        rejected: u32,
        /// Rows that a person left out
        excluded: u32,
        /// How long that took
        seconds: Seconds,
    }
    /// Records were compared.
    Matched "matched" INFO {
        /// Clean records
        records: u32,
        /// Different people among them
        people: u32,
        /// Records that are one person with another one
        merged: u32,
        /// Groups that a person should look at
        to_review: u32,
        /// People whose records disagree
        conflicts: u32,
    }
    /// A plan was made.
    Planned "planned" INFO {
        /// Of the target
        profile: ProfileId,
        /// Of the target
        environment: Environment,
        /// Of the target
        driver: Driver,
        /// What happens to keys that are there
        mode: PushMode,
        /// New memberships
        insert: u32,
        /// Members that change
        update: u32,
        /// Rows that are there with the same details
        skip_identical: u32,
        /// Rows that are there with other details
        skip_different: u32,
        /// Rows that another one contradicts
        conflict: u32,
        /// Rows with an error
        reject: u32,
        /// Memberships that the lists do not have
        remove: u32,
        /// Members who become one with another one
        merges: u32,
        /// How long that took
        seconds: Seconds,
    }
    /// A push was carried out, or found to be a repeat.
    Pushed "pushed" INFO {
        /// Its number in the ledger
        push: u32,
        /// Of the target
        profile: ProfileId,
        /// Of the target
        environment: Environment,
        /// Of the target
        driver: Driver,
        /// What happened to keys that were there
        mode: PushMode,
        /// Nothing was written, because it was pushed before
        repeat: bool,
        /// Its rows are those of the reject inbox
        replay: bool,
        /// New memberships
        inserted: u32,
        /// Those among them whose member was there
        joined: u32,
        /// Members who became one with another one
        merged: u32,
        /// Members changed
        updated: u32,
        /// Rows that were there with the same details
        skipped_identical: u32,
        /// Rows that were there with other details
        skipped_different: u32,
        /// Those among them that another row contradicts
        conflicts: u32,
        /// Memberships removed
        removed: u32,
        /// Rows refused
        rejected: u32,
        /// How long that took
        seconds: Seconds,
    }
    /// A push was not carried out.
    PushFailed "push_failed" WARN {
        /// Of the target
        profile: ProfileId,
        /// Of the target
        environment: Environment,
        /// Of the target
        driver: Driver,
        /// What should have happened to keys that were there
        mode: PushMode,
        /// Why
        code: Code,
        /// How long it was tried
        seconds: Seconds,
    }
    /// An entry of the ledger was taken back.
    Undone "undone" INFO {
        /// The entry
        entry: u32,
        /// The undo's own
        undo: u32,
        /// Members removed
        removed: u32,
        /// Members as before
        restored: u32,
        /// Members brought back
        brought_back: u32,
        /// Members kept, because somebody wrote them since
        kept: u32,
        /// How long that took
        seconds: Seconds,
    }
    /// A member was changed by hand.
    MemberWritten "member_written" INFO {
        /// How
        change: Change,
    }
    /// A refused row was fixed, put away or opened again.
    RejectChanged "reject_changed" INFO {
        /// How
        change: Change,
    }
    /// Refused rows were pushed again.
    Replayed "replayed" INFO {
        /// Members added
        inserted: u32,
        /// Members changed
        updated: u32,
        /// Rows that were there
        already_there: u32,
        /// Rows that stay in the inbox
        stay: u32,
        /// Those among them that were refused again
        refused: u32,
    }
    /// The raw files of a push are in the archive.
    Archived "archived" INFO {
        /// The kind of archive
        kind: ArchiveKind,
        /// How many
        files: u32,
        /// Their size
        bytes: u64,
    }
    /// A file was fetched from Google Drive.
    Downloaded "downloaded" INFO {
        /// Its size
        bytes: u64,
        /// How long that took
        seconds: Seconds,
    }
    /// Files were written.
    Exported "exported" INFO {
        /// How many
        files: u32,
        /// Their rows
        rows: u64,
    }
    /// Members were counted.
    Counted "counted" INFO {
        /// How many
        members: u32,
        /// How long that took
        seconds: Seconds,
    }
    /// Members were searched.
    Searched "searched" DEBUG {
        /// How many were found
        found: u32,
        /// How long that took
        seconds: Seconds,
    }
    /// Somebody tries whether what is sent arrives.
    Tested "tested" INFO {
        /// Which program
        program: Program,
    }
}
