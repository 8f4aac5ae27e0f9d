//! `muster`: the use cases of Muster without a screen, for schedulers and scripts.

mod arguments;
mod commands;
mod output;
mod progress;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use muster_backend::Error;
use muster_backend::telemetry::{self, Event, Program, Seconds};

use arguments::Arguments;
use output::Output;

fn main() -> ExitCode {
    if let Some(code) = muster_backend::worker::run_if_asked() {
        return code;
    }
    let began = Instant::now();
    telemetry::watch_panics();
    let arguments = Arguments::parse();
    let (output, verb) = (Output::new(arguments.json), arguments.command.verb());
    let done = tokio::runtime::Runtime::new()
        .map_err(|error| Error::disk("start", &error))
        .and_then(|runtime| runtime.block_on(commands::work(arguments, &output)));
    let code = done.unwrap_or_else(|error| {
        telemetry::record(Event::Failed { code: error.code() });
        output.failed(&error)
    });
    telemetry::record(Event::Ended {
        program: Program::CommandLine,
        command: Some(verb),
        exit_code: (0..u8::MAX).find(|number| ExitCode::from(*number) == code).unwrap_or(u8::MAX).into(),
        seconds: Seconds::since(began),
    });
    telemetry::finish();
    code
}
