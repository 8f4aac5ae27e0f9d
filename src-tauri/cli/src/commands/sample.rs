//! `muster sample`.

use std::process::ExitCode;

use muster_backend::{Error, Job, sample};

use crate::arguments::SampleArguments;
use crate::output::Output;

/// Rows of sample lists where a seed is named and no number.
const DEFAULT_ROWS: u64 = 2_000;

pub(super) fn make_sample(arguments: SampleArguments, output: &Output, job: &Job) -> Result<ExitCode, Error> {
    let settings = match (arguments.rows, arguments.seed) {
        (None, None) => sample::SampleSettings::first_start(),
        (rows, seed) => sample::SampleSettings::new(rows.unwrap_or(DEFAULT_ROWS), seed.unwrap_or(1)),
    };
    let rows = settings.rows;
    let summary = sample::write_sample(&settings, &arguments.out, &mut |done| {
        if job.report("sample", done, Some(rows)).is_ok() {
            std::ops::ControlFlow::Continue(())
        } else {
            std::ops::ControlFlow::Break(())
        }
    });
    let summary = summary.map_err(|error| {
        if job.is_cancelled() { Error::cancelled() } else { Error::disk("write the sample lists", &error) }
    })?;
    output.object(&summary, || format!("{rows} rows of sample lists in {}", arguments.out.display()))
}
