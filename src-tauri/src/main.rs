//! Muster's desktop program.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = muster_backend::worker::run_if_asked() {
        return code;
    }
    match muster_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "muster: {error}");
            ExitCode::FAILURE
        }
    }
}
