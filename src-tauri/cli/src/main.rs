//! `muster`: the use cases of Muster without a screen, for schedulers and scripts.

mod arguments;
mod commands;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;
use muster_backend::Error;

use arguments::Arguments;
use output::Output;

fn main() -> ExitCode {
    if let Some(code) = muster_backend::worker::run_if_asked() {
        return code;
    }
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    let done = tokio::runtime::Runtime::new()
        .map_err(|error| Error::disk("start", &error))
        .and_then(|runtime| runtime.block_on(commands::work(arguments, &output)));
    done.unwrap_or_else(|error| output.failed(&error))
}
