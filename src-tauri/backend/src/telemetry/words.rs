//! What an event may carry: counts, durations, flags, words of a fixed vocabulary, and ids. No type here is made of text
//! that came from a file, a database or a person, and no other type can be added from outside.

use std::panic::Location;

use muster_engine::recipe::PushMode;
use sha2::{Digest, Sha256};

use crate::config::{ArchiveKind, Driver, Environment};
use crate::error::Code;

mod sealed {
    pub trait Sealed {}
}

/// A value of an event.
pub trait Loggable: sealed::Sealed {
    /// What the table of events says of it
    const KIND: &'static str;
    /// What `tracing` gets
    type Plain: tracing::Value;
    /// It as `tracing` gets it.
    fn plain(self) -> Self::Plain;
}

macro_rules! loggable {
    ($($type:ty = $kind:literal as $plain:ty: |$value:ident| $made:expr;)+) => {$(
        impl sealed::Sealed for $type {}
        impl Loggable for $type {
            const KIND: &'static str = $kind;
            type Plain = $plain;
            fn plain(self) -> $plain {
                let $value = self;
                $made
            }
        }
    )+};
}

/// A duration in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seconds(f64);

impl Seconds {
    /// The time since then.
    pub fn since(then: std::time::Instant) -> Seconds {
        Seconds(then.elapsed().as_secs_f64())
    }

    /// As a number.
    pub fn value(self) -> f64 {
        self.0
    }
}

/// The id of a profile: a hash of its name, which is a person's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileId([u8; 6]);

impl ProfileId {
    /// Of the profile of this name.
    pub fn of(name: &str) -> ProfileId {
        let hash = Sha256::new().chain_update(b"muster profile\0").chain_update(name).finalize();
        let mut id = [0; 6];
        id.copy_from_slice(&hash[..6]);
        ProfileId(id)
    }

    /// `p-` and twelve digits.
    pub fn text(self) -> String {
        self.0.iter().fold("p-".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }
}

/// The name of a file of Muster's own sources, without folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile(String);

impl SourceFile {
    /// Where something happened.
    pub fn of(place: &Location<'_>) -> SourceFile {
        let name = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
        SourceFile(if is_source(name) { name.to_owned() } else { "unknown.rs".to_owned() })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

loggable! {
    u32 = "count" as u64: |value| u64::from(value);
    u64 = "count" as u64: |value| value;
    bool = "yes or no" as bool: |value| value;
    Seconds = "seconds" as f64: |value| value.0;
    ProfileId = "id" as String: |value| value.text();
    SourceFile = "file of the sources" as String: |value| value.0;
    Code = "code" as &'static str: |value| value.name();
    Environment = "environment" as &'static str: |value| value.name();
    Driver = "driver" as &'static str: |value| value.name();
    PushMode = "mode" as &'static str: |value| value.name();
    ArchiveKind = "kind" as &'static str: |value| value.name();
}

impl<T: Loggable> sealed::Sealed for Option<T> {}
impl<T: Loggable> Loggable for Option<T> {
    const KIND: &'static str = T::KIND;
    type Plain = Option<T::Plain>;
    fn plain(self) -> Self::Plain {
        self.map(T::plain)
    }
}

const ENVIRONMENTS: [&str; 3] =
    [Environment::Dev.name(), Environment::Staging.name(), Environment::Prod.name()];
const DRIVERS: [&str; 2] = [Driver::Sqlite.name(), Driver::Postgres.name()];
const ARCHIVES: [&str; 3] =
    [ArchiveKind::Folder.name(), ArchiveKind::Database.name(), ArchiveKind::S3.name()];
const MODES: [&str; 4] = ["insert-new", "fill-blanks", "update", "mirror"];
const OK: &str = "ok";

macro_rules! words {
    ($(
        $(#[$about:meta])*
        $name:ident ($kind:literal) { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }
    )+) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub enum $name { $($(#[$doc])* $variant),+ }

            impl $name {
                /// All words.
                pub const ALL: &'static [&'static str] = &[$($word),+];

                /// The word.
                pub const fn word(self) -> &'static str {
                    match self { $($name::$variant => $word),+ }
                }
            }

            impl sealed::Sealed for $name {}
            impl Loggable for $name {
                const KIND: &'static str = $kind;
                type Plain = &'static str;
                fn plain(self) -> &'static str {
                    self.word()
                }
            }
        )+

        /// Lists of all words that may be logged, but for the names of events.
        const VOCABULARY: &[&[&str]] = &[
            $($name::ALL,)+ &ENVIRONMENTS, &DRIVERS, &ARCHIVES, &MODES, &Code::NAMES, &[OK],
        ];
    };
}

words! {
    /// A program of Muster.
    Program ("program") {
        /// The desktop app
        App = "app",
        /// `muster`
        CommandLine = "command-line",
    }

    /// A command of `muster`.
    Verb ("command") {
        /// `muster run`
        Run = "run",
        /// `muster plan`
        Plan = "plan",
        /// `muster push`
        Push = "push",
        /// `muster undo`
        Undo = "undo",
        /// `muster history`
        History = "history",
        /// `muster archive`
        Archive = "archive",
        /// `muster audit`
        Audit = "audit",
        /// `muster rejects`
        Rejects = "rejects",
        /// `muster members`
        Members = "members",
        /// `muster export`
        Export = "export",
        /// `muster statistics`
        Statistics = "statistics",
        /// `muster schedule`
        Schedule = "schedule",
        /// `muster drive`
        Drive = "drive",
        /// `muster s3`
        S3 = "s3",
        /// `muster profiles`
        Profiles = "profiles",
        /// `muster secrets`
        Secrets = "secrets",
        /// `muster logs`
        Logs = "logs",
        /// `muster sample`
        Sample = "sample",
    }

    /// A stage of the work; each is a span.
    Stage ("stage") {
        /// A whole import without a screen
        Run = "run",
        /// Files are fetched from Google Drive
        Download = "download",
        /// Finding out what the files are
        Look = "look",
        /// Rows are read, standardised and validated, in one pass
        Read = "read",
        /// Records are compared
        Match = "match",
        /// Of the records of one person one member is made
        Resolve = "resolve",
        /// Comparing with the target
        Plan = "plan",
        /// All of a push
        Push = "push",
        /// Raw files are archived
        Archive = "archive",
        /// What is to be written is brought to the database
        Load = "load",
        /// It is merged there, under the writers' lock
        Merge = "merge",
        /// The transaction is committed
        Commit = "commit",
        /// Files are written
        Export = "export",
        /// An entry of the ledger is taken back
        Undo = "undo",
        /// Members are searched
        Search = "search",
        /// A member is changed by hand
        Edit = "edit",
        /// Refused rows are pushed again
        Replay = "replay",
        /// Members are counted
        Count = "count",
        /// The Test button of the logs
        Test = "test",
    }

    /// What was done to a member by hand.
    Change ("change") {
        /// Added
        Create = "create",
        /// Changed
        Edit = "edit",
        /// Removed
        Delete = "delete",
        /// Made one of two
        Merge = "merge",
        /// Told apart again
        Unmerge = "unmerge",
        /// A refused row got other cells
        Fix = "fix",
        /// A refused row was put away
        Dismiss = "dismiss",
        /// That was taken back
        Reopen = "reopen",
    }
}

/// How a stage ended: `ok`, or the code of its error.
pub(super) fn outcome<T>(done: &Result<T, crate::Error>) -> &'static str {
    done.as_ref().map_or_else(|error| error.code().name(), |_| OK)
}

/// Whether a text is a word of the vocabulary, an id, or the name of a source file. All others are dropped where they
/// would be written, whoever wrote them.
pub(super) fn may_be_logged(text: &str) -> bool {
    let known = |words: &[&str]| words.contains(&text);
    VOCABULARY.iter().any(|words| known(words))
        || super::event::EVENTS.iter().any(|event| event.name == text)
        || is_id(text)
        || is_source(text)
}

fn is_id(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.strip_prefix("p-").is_some_and(|digits| digits.len() == 12 && digits.bytes().all(digit))
}

fn is_source(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.strip_suffix(".rs").is_some_and(|stem| (1..=60).contains(&stem.len()) && stem.bytes().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_ids_and_source_files_may_be_logged() {
        for word in ["run", "insert-new", "postgres", "in_doubt", "ok", "pushed", "merge.rs"] {
            assert!(may_be_logged(word), "{word}");
        }
        assert!(may_be_logged(&ProfileId::of("live").text()));
        for text in
            ["", "Ann", "ann@example.org", "1971-03-14", "p-", "p-ann", "../merge.rs", "Merge.rs", "live"]
        {
            assert!(!may_be_logged(text), "{text}");
        }
    }

    #[test]
    fn the_words_are_those_of_the_settings() {
        for (value, word) in [
            (serde_json::to_value(Environment::Staging), Environment::Staging.name()),
            (serde_json::to_value(Driver::Postgres), Driver::Postgres.name()),
            (serde_json::to_value(ArchiveKind::S3), ArchiveKind::S3.name()),
        ] {
            assert_eq!(value.unwrap(), word);
        }
        let modes = [PushMode::InsertNew, PushMode::FillBlanks, PushMode::Update, PushMode::Mirror];
        assert_eq!(modes.map(PushMode::name), MODES);
    }

    #[test]
    fn a_source_file_has_no_folder() {
        let place = SourceFile::of(Location::caller());
        assert_eq!(place.name(), "words.rs");
    }
}
