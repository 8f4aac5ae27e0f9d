//! The arguments of `muster schedule`, `muster drive` and `muster s3`: runs without a person.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use muster_backend::config::Day;

#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleCommand {
    /// Add a schedule
    Add(ScheduleArguments),
    /// List the schedules, when they run next, and what became of them
    List,
    /// Try a schedule step by step, up to the plan; nothing is pushed
    Test {
        /// The schedule
        name: String,
    },
    /// Run a schedule now, and end as `muster run` does
    Run {
        /// The schedule
        name: String,
        /// Do nothing where it is paused; so timers call it
        #[arg(long)]
        unless_paused: bool,
    },
    /// Let a schedule rest
    Pause {
        /// The schedule
        name: String,
    },
    /// Let a schedule go on; what it missed meanwhile is not made up for
    Resume {
        /// The schedule
        name: String,
    },
    /// Remove a schedule and its timer
    Remove {
        /// The schedule
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ScheduleArguments {
    /// Its name
    pub(crate) name: String,
    /// Change the schedule of that name instead
    #[arg(long)]
    pub(crate) replace: bool,
    /// The recipe to run; its files are relative to it
    #[arg(long, value_name = "FILE")]
    pub(crate) recipe: PathBuf,
    /// Push to this profile
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: String,
    /// The time of the day, as clocks here show it
    #[arg(long, value_name = "HH:MM")]
    pub(crate) daily: String,
    /// Only on this day of the week; may be said several times
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) weekly: Vec<Day>,
    /// Also write the result files and the report into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The name of a prod profile once more, to let the schedule push to it
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
    /// Let a timer of the operating system begin it, also while the app is closed
    #[arg(long)]
    pub(crate) os_timer: bool,
}

fn day(text: &str) -> Result<Day, String> {
    Day::of_name(text).ok_or_else(|| "must be a day of the week, such as monday or mon".to_owned())
}

#[derive(Debug, Subcommand)]
pub(crate) enum DriveCommand {
    /// The lists in a folder, the newest first, as a recipe names them
    List {
        /// The id of the folder: what is after /folders/ in its address
        #[arg(long, value_name = "ID")]
        folder: String,
        /// The id of the shared drive that the folder is in, where it is in one
        #[arg(long, value_name = "ID")]
        shared_drive: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum S3Command {
    /// What is in a folder of a bucket, as a recipe names it
    List {
        /// s3://BUCKET/PREFIX
        #[arg(value_name = "FOLDER")]
        folder: String,
    },
}
