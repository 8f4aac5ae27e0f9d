//! The arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 failed for good; 2 wrong usage; 3 done, but some rows were rejected; \
4 refused (drift, a prod profile not confirmed, a newer schema); 75 failed in a way that a retry may mend.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import files into a database, or into a folder of result files
    Run(RunArguments),
    /// Write the members of a database into a CSV or XLSX file
    Export(ExportArguments),
    /// Make sample lists with planted suspects, duplicates and dirt
    Sample(SampleArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Lists of members and companies (CSV, TSV, XLSX, XLS, ODS)
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
    /// Compare with the database and write nothing to it
    #[arg(long)]
    pub(crate) plan_only: bool,
    /// The name of a prod profile once more, to confirm a push to it
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
