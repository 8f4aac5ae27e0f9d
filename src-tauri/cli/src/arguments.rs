//! The arguments of the program.

mod schedule;

pub(crate) use schedule::{DriveCommand, S3Command, ScheduleArguments, ScheduleCommand};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use muster_backend::config::{Driver, Environment, LogLevel, Tls};
use muster_backend::push::PushMode;
use muster_backend::telemetry::Verb;

/// Bring member lists of several clubs together into one trusted database.
#[derive(Debug, Parser)]
#[command(name = "muster", version, about, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Print one JSON object and nothing else
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read the settings from this file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Take the secret of a profile (or `data-key`) from this file of yours, mode 0600, instead of the keychain
    #[arg(long, global = true, value_name = "NAME=PATH")]
    pub(crate) secret_file: Vec<String>,
    /// Take the secret of a profile (or `data-key`) from this open file descriptor, a pipe
    #[arg(long, global = true, value_name = "NAME=FD")]
    pub(crate) secret_fd: Vec<String>,
    /// Log from this level on, whatever the settings say: off, error, warn, info, debug or trace
    #[arg(long, global = true, value_name = "LEVEL", value_parser = log_level)]
    pub(crate) log_level: Option<LogLevel>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 failed for good; 2 wrong usage; 3 done, but some rows were rejected; \
4 refused (drift, a prod profile not confirmed, a newer schema); 75 failed in a way that a retry may mend.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import files into a database, or into a folder of result files
    Run(RunArguments),
    /// Tell what a push of files would do to a database, and write nothing
    Plan(PlanArguments),
    /// Import files into a database
    Push(RunArguments),
    /// Take back a push, an edit or an undo; members changed since are kept and named
    Undo(UndoArguments),
    /// The pushes, edits and undos of a database, newest first
    History(ProfileChoice),
    /// Raw files as they came: list, get and verify them
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// The record of who did what
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Rows that pushes refused: list, fix, dismiss and replay them
    #[command(subcommand)]
    Rejects(RejectsCommand),
    /// The members of a database: search, show, add, edit, remove, merge, unmerge
    #[command(subcommand)]
    Members(Box<MembersCommand>),
    /// Write the members of a database into a CSV or XLSX file
    Export(ExportArguments),
    /// Count the members of a database by state, company, age, club and tenure, and which clubs share members
    Statistics(StatisticsArguments),
    /// Database profiles: where pushes go
    #[command(subcommand)]
    Profiles(ProfilesCommand),
    /// Passwords of profiles, in the system's keychain
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// The log: whether what is sent arrives
    #[command(subcommand)]
    Logs(LogsCommand),
    /// Recipes that run by themselves at a time of the day
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Google Drive, as far as it is connected
    #[command(subcommand)]
    Drive(DriveCommand),
    /// The S3 of the archive's settings
    #[command(subcommand)]
    S3(S3Command),
    /// Make sample lists with planted suspects, duplicates and dirt
    Sample(SampleArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Lists of members and companies (CSV, TSV, XLSX, XLS, ODS); s3://BUCKET/KEY and drive:FILE_ID too
    #[arg(required_unless_present = "recipe", conflicts_with = "recipe")]
    pub(crate) files: Vec<PathBuf>,
    /// Do what this recipe says; its files are relative to it
    #[arg(long, value_name = "FILE")]
    pub(crate) recipe: Option<PathBuf>,
    /// Push to this profile; without it and without --out, to the active one
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Write master.csv, suspects.csv, rejects.csv, recipe.yml and report.json into this folder; without --profile,
    /// no database is touched
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write the result files as XLSX too
    #[arg(long, requires = "out")]
    pub(crate) xlsx: bool,
    /// Find who is the same person, also where the recipe does not say `match:`
    #[arg(long = "match")]
    pub(crate) matching: bool,
    /// Compare with the database and write nothing to it
    #[arg(long)]
    pub(crate) plan_only: bool,
    /// What happens to members whom the database has; without it, what the recipe says
    #[arg(long, value_enum)]
    pub(crate) mode: Option<Mode>,
    /// With the mode mirror: also remove members whom the lists do not have any more
    #[arg(long)]
    pub(crate) remove_missing: bool,
    /// The name of a prod profile once more, to confirm a push to it
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// Show the statements that a push would run, with placeholders for all values
    #[arg(long)]
    pub(crate) sql: bool,
}

/// What a push does with keys that the database has.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Mode {
    /// Skip and list them
    InsertNew,
    /// Fill what is blank there
    FillBlanks,
    /// Overwrite what differs; blanks erase nothing
    Update,
    /// Make them what the lists say, blanks too
    Mirror,
}

impl From<Mode> for PushMode {
    fn from(mode: Mode) -> PushMode {
        match mode {
            Mode::InsertNew => PushMode::InsertNew,
            Mode::FillBlanks => PushMode::FillBlanks,
            Mode::Update => PushMode::Update,
            Mode::Mirror => PushMode::Mirror,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct UndoArguments {
    /// The number of the entry in the history
    pub(crate) push: u32,
    /// Only tell what would be taken back, and who would be kept
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The profile; without it, the active one
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The name of a prod profile once more, to confirm
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
}

/// What to do with the archive.
#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveCommand {
    /// The raw files of a database's pushes, newest first
    List {
        /// Of this push only
        #[arg(long, value_name = "ID")]
        push: Option<u32>,
        #[command(flatten)]
        profile: ProfileChoice,
    },
    /// Save a raw file as it came
    Get {
        /// Its SHA-256, as list shows it
        sha256: String,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        profile: ProfileChoice,
    },
    /// Read all raw files and compare their hashes; exit code 1 where one is missing or damaged
    Verify(ProfileChoice),
    /// Write a small file to the archive, read it, and see that it cannot be overwritten
    Test,
}

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogsCommand {
    /// Send one log, one trace and one metric as the settings say; exit code 1 where one of them does not arrive
    Test,
}

#[derive(Debug, Args)]
pub(crate) struct ProfileChoice {
    /// The profile; without it, the active one
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that no entry of the audit was changed or taken out
    Verify(ProfileChoice),
}

#[derive(Debug, Subcommand)]
pub(crate) enum MembersCommand {
    /// Find members, in the order of their names
    List(ListArguments),
    /// Show a member with their history and where they come from
    Show {
        /// Their number
        id: u32,
        /// The profile; without it, the active one
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,
    },
    /// Add a member with a membership in a club
    Add {
        /// Name of the club; a new one is made
        #[arg(long, value_name = "NAME")]
        club: String,
        #[command(flatten)]
        fields: FieldArguments,
        /// The club's own number for the member
        #[arg(long)]
        member_number: Option<String>,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Change a member; an empty text clears a field
    Edit {
        /// Their number
        id: u32,
        /// Only if this is still their version (see `show`)
        #[arg(long, value_name = "VERSION")]
        if_version: Option<u32>,
        /// The club whose membership is meant, where they have several
        #[arg(long, value_name = "NAME")]
        club: Option<String>,
        #[command(flatten)]
        fields: FieldArguments,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Delete a member with their memberships; `muster undo` brings them back
    Remove {
        /// Their number
        id: u32,
        /// Only if this is still their version (see `show`)
        #[arg(long, value_name = "VERSION")]
        if_version: Option<u32>,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Make one member of two: the second one's memberships go to the first
    Merge(MergeArguments),
    /// Tell apart who were merged; edits since then stay
    Unmerge {
        /// The number of who went, or of the member whom they were merged into
        id: u32,
        /// Only tell what would be done
        #[arg(long)]
        dry_run: bool,
        /// Only if this is still the version of the member whom they were merged into (see `show`)
        #[arg(long, value_name = "VERSION")]
        if_version: Option<u32>,
        #[command(flatten)]
        write: WriteArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct MergeArguments {
    /// The number of who stays
    pub(crate) keep: u32,
    /// The number of who goes
    pub(crate) other: u32,
    /// A value of the member, as `email=ann@example.org`; without, that of who stays, or the other's where it is blank
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// Only tell what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Only if these are still their versions (see `show`): first who stays, then who goes
    #[arg(long, value_name = "VERSION", num_args = 2)]
    pub(crate) if_versions: Option<Vec<u32>>,
    #[command(flatten)]
    pub(crate) write: WriteArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RejectsCommand {
    /// List the open rows, those of the newest push first
    List {
        /// Also those that were replayed or dismissed
        #[arg(long)]
        all: bool,
        /// How many are listed
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
        /// How many are left out before
        #[arg(long, value_name = "N", default_value_t = 0)]
        offset: u32,
        #[command(flatten)]
        choice: ProfileChoice,
    },
    /// Show a row as it came, its cells, and what is wrong with it
    Show {
        /// Its number
        id: u32,
        #[command(flatten)]
        choice: ProfileChoice,
    },
    /// Save other cells of a row; `replay` then takes it in
    Fix {
        /// Its number
        id: u32,
        /// Header of a column, or the field that it is mapped to, and the new text of the cell
        #[arg(required = true, value_name = "FIELD_OR_COLUMN=VALUE", value_parser = assignment)]
        values: Vec<(String, String)>,
        #[command(flatten)]
        choice: ProfileChoice,
    },
    /// Put a row away without taking it in
    Dismiss {
        /// Its number
        id: u32,
        /// Take the dismissal back
        #[arg(long)]
        undo: bool,
        #[command(flatten)]
        choice: ProfileChoice,
    },
    /// Push rows again; exit code 3 where some of them stay
    Replay(ReplayArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// Their numbers
    #[arg(required_unless_present = "all")]
    pub(crate) ids: Vec<u32>,
    /// All open rows that were fixed
    #[arg(long, conflicts_with = "ids")]
    pub(crate) all: bool,
    /// Only tell what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What happens to members whom the database has by now; without it, what the push did that refused the rows
    #[arg(long, value_enum)]
    pub(crate) mode: Option<Mode>,
    #[command(flatten)]
    pub(crate) write: WriteArguments,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("must be FIELD_OR_COLUMN=VALUE".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Beginnings of given, family or preferred names, in any order
    pub(crate) name: Vec<String>,
    /// A birth date (YYYY-MM-DD), or its year, or year and month
    #[arg(long, value_name = "DATE")]
    pub(crate) born: Option<String>,
    /// Name of a club
    #[arg(long, value_name = "NAME")]
    pub(crate) club: Option<String>,
    /// Name of a company
    #[arg(long, value_name = "NAME")]
    pub(crate) company: Option<String>,
    /// A state
    #[arg(long)]
    pub(crate) state: Option<String>,
    /// How many are listed
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: u32,
    /// How many are left out before
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: u32,
    /// The profile; without it, the active one
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

/// Fields of a member and of a membership.
#[derive(Debug, Args)]
pub(crate) struct FieldArguments {
    /// Title
    #[arg(long)]
    pub(crate) prefix: Option<String>,
    /// Given name
    #[arg(long)]
    pub(crate) given_name: Option<String>,
    /// Middle name
    #[arg(long)]
    pub(crate) middle_name: Option<String>,
    /// Family name
    #[arg(long)]
    pub(crate) family_name: Option<String>,
    /// Suffix
    #[arg(long)]
    pub(crate) suffix: Option<String>,
    /// Preferred name
    #[arg(long)]
    pub(crate) preferred_name: Option<String>,
    /// Birth date, YYYY-MM-DD
    #[arg(long)]
    pub(crate) birth_date: Option<String>,
    /// Name of the company
    #[arg(long)]
    pub(crate) company: Option<String>,
    /// State
    #[arg(long)]
    pub(crate) state: Option<String>,
    /// E-mail address
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Phone number
    #[arg(long)]
    pub(crate) phone: Option<String>,
    /// When they joined: YYYY, YYYY-MM or YYYY-MM-DD
    #[arg(long)]
    pub(crate) member_since: Option<String>,
    /// When they were last active, YYYY-MM-DD
    #[arg(long)]
    pub(crate) last_active: Option<String>,
    /// The club's score
    #[arg(long)]
    pub(crate) score: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WriteArguments {
    /// The profile; without it, the active one
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The name of a prod profile once more, to confirm
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The file; its ending (.csv or .xlsx) says the format
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The profile; without it, the active one
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct StatisticsArguments {
    /// Only the members of this club; their tenure is then that in it
    #[arg(long, value_name = "NAME")]
    pub(crate) club: Option<String>,
    /// The day of ages and tenures, YYYY-MM-DD; without it, today
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Also write the counts into this file; its ending (.csv or .xlsx) says the format
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The profile; without it, the active one
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    /// Rows of both lists together
    #[arg(long, value_name = "N")]
    pub(crate) rows: Option<u64>,
    /// The same seed makes the same files
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// The folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfilesCommand {
    /// List the profiles, and for which of them there is a password
    List,
    /// Add a profile
    Add(ProfileArguments),
    /// Try a profile step by step; nothing is written
    Test {
        /// The profile; without it, the active one
        name: Option<String>,
    },
    /// Make a profile the active one
    Use {
        /// The profile
        name: String,
    },
    /// Remove a profile and its password; its database stays as it is
    Remove {
        /// The profile
        name: String,
        /// The name of a prod profile once more, to confirm
        #[arg(long, value_name = "NAME")]
        confirm: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ProfileArguments {
    /// Its name
    pub(crate) name: String,
    /// Change the profile of that name instead
    #[arg(long)]
    pub(crate) replace: bool,
    /// What it is for: dev, staging or prod
    #[arg(long, value_parser = environment)]
    pub(crate) environment: Environment,
    /// sqlite or postgres
    #[arg(long, value_parser = driver)]
    pub(crate) driver: Driver,
    /// SQLite: the file; a relative path is below the data folder
    #[arg(long, value_name = "FILE")]
    pub(crate) path: Option<String>,
    /// PostgreSQL: name or address of the server
    #[arg(long)]
    pub(crate) host: Option<String>,
    /// PostgreSQL: the port, if it is not 5432
    #[arg(long)]
    pub(crate) port: Option<u32>,
    /// PostgreSQL: name of the database
    #[arg(long)]
    pub(crate) database: Option<String>,
    /// PostgreSQL: who logs in; set the password with `muster secrets set`
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// PostgreSQL: verify-full (if nothing is said), verify-ca, require or disable
    #[arg(long, value_parser = tls)]
    pub(crate) tls: Option<Tls>,
    /// PostgreSQL: a PEM file of the certificate authority; a relative path is below the config folder
    #[arg(long, value_name = "FILE")]
    pub(crate) root_cert: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Keep the password of a profile, read from the terminal or from a pipe
    Set {
        /// The profile; `archive` and `logs` for their keys
        name: String,
    },
    /// Remove the password of a profile
    Remove {
        /// The profile
        name: String,
    },
}

fn environment(text: &str) -> Result<Environment, String> {
    known(text, "dev, staging or prod")
}

fn log_level(text: &str) -> Result<LogLevel, String> {
    known(text, "off, error, warn, info, debug or trace")
}

fn driver(text: &str) -> Result<Driver, String> {
    known(text, "sqlite or postgres")
}

fn tls(text: &str) -> Result<Tls, String> {
    known(text, "verify-full, verify-ca, require or disable")
}

impl Command {
    /// As the log calls it.
    pub(crate) fn verb(&self) -> Verb {
        match self {
            Command::Run(_) => Verb::Run,
            Command::Plan(_) => Verb::Plan,
            Command::Push(_) => Verb::Push,
            Command::Undo(_) => Verb::Undo,
            Command::History(_) => Verb::History,
            Command::Archive(_) => Verb::Archive,
            Command::Audit(_) => Verb::Audit,
            Command::Rejects(_) => Verb::Rejects,
            Command::Members(_) => Verb::Members,
            Command::Export(_) => Verb::Export,
            Command::Statistics(_) => Verb::Statistics,
            Command::Profiles(_) => Verb::Profiles,
            Command::Secrets(_) => Verb::Secrets,
            Command::Logs(_) => Verb::Logs,
            Command::Schedule(_) => Verb::Schedule,
            Command::Drive(_) => Verb::Drive,
            Command::S3(_) => Verb::S3,
            Command::Sample(_) => Verb::Sample,
        }
    }
}

/// The names are those of the settings.
fn known<T: serde::de::DeserializeOwned>(text: &str, names: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|_| format!("must be {names}"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
