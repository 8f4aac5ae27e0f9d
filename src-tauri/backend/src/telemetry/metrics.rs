//! Metrics: sums and durations over what happened, made from the same events.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use super::event::Event;
use super::sinks;
use super::words::{Loggable, ProfileId, Stage};
use crate::config::Environment;
use muster_engine::recipe::PushMode;

/// A metric as the table of them has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricKind {
    /// Its name
    pub name: &'static str,
    /// Its unit, as UCUM writes it
    pub unit: &'static str,
    /// What it counts or measures
    pub about: &'static str,
}

const fn metric(name: &'static str, unit: &'static str, about: &'static str) -> MetricKind {
    MetricKind { name, unit, about }
}

/// Sums.
pub const COUNTERS: [MetricKind; 16] = [
    metric("muster.rows.read", "{row}", "Rows that were read"),
    metric("muster.rows.clean", "{row}", "Rows without a fault"),
    metric("muster.rows.suspect", "{row}", "Rows whose dates cannot all be true"),
    metric("muster.rows.rejected", "{row}", "Rows with an error"),
    metric("muster.rows.excluded", "{row}", "Rows that a person left out"),
    metric("muster.push.done", "{push}", "Pushes carried out"),
    metric("muster.push.failed", "{push}", "Pushes not carried out, by code"),
    metric("muster.push.inserted", "{row}", "New memberships"),
    metric("muster.push.updated", "{row}", "Members changed"),
    metric("muster.push.merged", "{row}", "Members who became one with another one"),
    metric("muster.push.removed", "{row}", "Memberships removed"),
    metric("muster.push.skipped", "{row}", "Rows that were there already"),
    metric("muster.push.rejected", "{row}", "Rows refused"),
    metric("muster.runs", "{run}", "Runs of the command line, by command and exit code"),
    metric("muster.tests", "{test}", "Tries whether what is sent arrives"),
    metric("muster.errors", "{error}", "What was asked for and did not work, by code"),
];

/// Durations.
pub const DURATIONS: [MetricKind; 2] = [
    metric("muster.push.duration", "s", "How long a push took"),
    metric("muster.stage.duration", "s", "How long a stage took, by stage and outcome"),
];

/// From a hundredth of a second to hours.
const BOUNDS: [f64; 12] = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0];

/// What is counted with.
pub(super) struct Instruments {
    counters: Vec<(&'static str, Counter<u64>)>,
    durations: Vec<(&'static str, Histogram<f64>)>,
}

impl Instruments {
    pub(super) fn new(meter: &Meter) -> Instruments {
        let counter = |kind: &MetricKind| {
            let made = meter.u64_counter(kind.name).with_unit(kind.unit).with_description(kind.about);
            (kind.name, made.build())
        };
        let duration = |kind: &MetricKind| {
            let made = meter.f64_histogram(kind.name).with_unit(kind.unit).with_description(kind.about);
            (kind.name, made.with_boundaries(BOUNDS.to_vec()).build())
        };
        Instruments {
            counters: COUNTERS.iter().map(counter).collect(),
            durations: DURATIONS.iter().map(duration).collect(),
        }
    }

    fn add(&self, name: &str, number: impl Into<u64>, of: &[KeyValue]) {
        let found = self.counters.iter().find(|(known, _)| *known == name);
        if let Some((_, counter)) = found {
            counter.add(number.into(), of);
        }
    }

    fn lasted(&self, name: &str, seconds: f64, of: &[KeyValue]) {
        let found = self.durations.iter().find(|(known, _)| *known == name);
        if let Some((_, histogram)) = found {
            histogram.record(seconds, of);
        }
    }

    fn count(&self, event: &Event) {
        match event {
            Event::RowsRead { read, clean, suspect, rejected, excluded, .. } => {
                for (name, number) in [
                    ("muster.rows.read", read),
                    ("muster.rows.clean", clean),
                    ("muster.rows.suspect", suspect),
                    ("muster.rows.rejected", rejected),
                    ("muster.rows.excluded", excluded),
                ] {
                    self.add(name, *number, &[]);
                }
            }
            Event::Pushed { repeat: false, .. } => self.count_push(event),
            Event::PushFailed { profile, environment, mode, code, .. } => {
                let mut of = of_push(*profile, *environment, *mode).to_vec();
                of.push(KeyValue::new("code", code.name()));
                self.add("muster.push.failed", 1_u64, &of);
            }
            Event::Ended { command: Some(command), exit_code, .. } => {
                let code = i64::from(*exit_code);
                let of = [KeyValue::new("command", command.word()), KeyValue::new("exit_code", code)];
                self.add("muster.runs", 1_u64, &of);
            }
            Event::Failed { code } => {
                self.add("muster.errors", 1_u64, &[KeyValue::new("code", code.name())]);
            }
            _ => {}
        }
    }

    fn count_push(&self, event: &Event) {
        let Event::Pushed { profile, environment, mode, seconds, .. } = event else { return };
        let Event::Pushed { inserted, updated, merged, removed, rejected, .. } = event else { return };
        let Event::Pushed { skipped_identical, skipped_different, .. } = event else { return };
        let of = of_push(*profile, *environment, *mode);
        self.add("muster.push.done", 1_u64, &of);
        for (name, number) in [
            ("muster.push.inserted", *inserted),
            ("muster.push.updated", *updated),
            ("muster.push.merged", *merged),
            ("muster.push.removed", *removed),
            ("muster.push.skipped", skipped_identical + skipped_different),
            ("muster.push.rejected", *rejected),
        ] {
            self.add(name, number, &of);
        }
        self.lasted("muster.push.duration", seconds.value(), &of);
    }
}

fn of_push(profile: ProfileId, of: Environment, mode: PushMode) -> [KeyValue; 3] {
    [
        KeyValue::new("profile", profile.plain()),
        KeyValue::new("environment", of.name()),
        KeyValue::new("mode", mode.name()),
    ]
}

/// Counts what an event tells.
pub(super) fn event(event: &Event) {
    if let Some(otlp) = sinks().otlp {
        otlp.instruments().count(event);
    }
}

/// Notes how long a stage took.
pub(super) fn stage(stage: Stage, outcome: &'static str, lasted: Duration) {
    if let Some(otlp) = sinks().otlp {
        let of = [KeyValue::new("stage", stage.word()), KeyValue::new("outcome", outcome)];
        otlp.instruments().lasted("muster.stage.duration", lasted.as_secs_f64(), &of);
    }
}
