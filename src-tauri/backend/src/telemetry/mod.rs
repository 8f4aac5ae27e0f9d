//! Logs, traces and metrics. They say what was done, how much, for how long and with what outcome, and hold no value of a
//! file, a database or a person ([`words`]).
//!
//! Use cases [`record`] an [`Event`] and do their stages as spans ([`span`]), through `tracing` with the target
//! [`TARGET`]; only that target gets through ([`layer`]) to the file ([`file`]) and, where the settings say so, to a
//! collector ([`otlp`], [`send`]). docs/LOGS.md lists the events and the metrics.

mod event;
mod file;
mod layer;
mod line;
mod metrics;
mod otlp;
mod send;
mod settings;
mod span;
mod test;
mod words;

pub use event::{EVENTS, Event, EventKind};
pub use metrics::{COUNTERS, DURATIONS, MetricKind};
pub use settings::LogsView;
pub(crate) use span::{Counter, count, stage, stage_now};
pub use test::LogsStep;
pub use words::{Change, Loggable, ProfileId, Program, Seconds, SourceFile, Stage, Verb};

use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use tracing::Level;
use tracing_subscriber::layer::SubscriberExt;

use crate::config::LogLevel;
use crate::error::Result;
use crate::profiles::Profiles;
use file::LogFile;
use otlp::Otlp;

/// The target of what is logged.
pub const TARGET: &str = "muster";

/// How long sending what is left may take at the end.
const END_LIMIT: Duration = Duration::from_secs(5);

/// Where events go at the moment.
#[derive(Clone)]
struct Sinks {
    level: LogLevel,
    file: Option<Arc<LogFile>>,
    otlp: Option<Arc<Otlp>>,
}

static SINKS: RwLock<Sinks> = RwLock::new(Sinks { level: LogLevel::Off, file: None, otlp: None });

/// What the program is, and the level that its caller wants whatever the settings say.
static STARTED: OnceLock<(Program, Option<LogLevel>)> = OnceLock::new();

impl Sinks {
    fn takes(&self, level: Level) -> bool {
        let least = match level {
            Level::ERROR => LogLevel::Error,
            Level::WARN => LogLevel::Warn,
            Level::INFO => LogLevel::Info,
            Level::DEBUG => LogLevel::Debug,
            Level::TRACE => LogLevel::Trace,
        };
        self.level >= least
    }
}

fn sinks() -> Sinks {
    SINKS.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn set_sinks(sinks: Sinks) -> Sinks {
    std::mem::replace(&mut *SINKS.write().unwrap_or_else(PoisonError::into_inner), sinks)
}

/// Names this run of the program, so that lines of several can be told apart: 16 random digits.
fn run_id() -> &'static str {
    static RUN: OnceLock<String> = OnceLock::new();
    RUN.get_or_init(|| format!("{:016x}", getrandom::u64().unwrap_or_default()))
}

/// Begins to log as the settings say; `level` goes before theirs. That nothing can be sent is logged, and no error.
pub async fn start(profiles: &Profiles, program: Program, level: Option<LogLevel>) {
    if STARTED.set((program, level)).is_ok() {
        let subscriber = tracing_subscriber::registry().with(layer::MusterLayer);
        // A test may have one of its own.
        let _ = tracing::subscriber::set_global_default(subscriber);
    }
    configure(profiles).await;
    record(Event::Started { program });
}

/// Logs as the settings are now.
async fn configure(profiles: &Profiles) {
    let config = profiles.config();
    let wanted = STARTED.get().and_then(|(_, level)| *level);
    let level = wanted.unwrap_or(config.logs.level);
    let file = (level != LogLevel::Off)
        .then(|| Arc::new(LogFile::new(profiles.folders().logs(), config.logs.keep())));
    let former = set_sinks(Sinks { level, file: file.clone(), otlp: None });
    if let Some(former) = former.otlp {
        std::thread::spawn(move || former.shut_down(END_LIMIT));
    }
    if level == LogLevel::Off {
        return;
    }
    match sender(profiles).await {
        Ok(otlp) => drop(set_sinks(Sinks { level, file, otlp })),
        Err(error) => record(Event::NotSent { code: error.code() }),
    }
}

/// What sends, where the settings say so.
async fn sender(profiles: &Profiles) -> Result<Option<Arc<Otlp>>> {
    let config = profiles.config();
    let Some(settings) = &config.logs.otlp else { return Ok(None) };
    let key = settings::key(profiles, settings).await?;
    let environment = profiles.info(None)?.environment;
    Ok(Some(Arc::new(Otlp::new(settings, key.as_ref(), environment)?)))
}

/// Tells that something happened.
pub fn record(event: Event) {
    metrics::event(&event);
    event.emit();
}

/// Sends what is left, in five seconds at most. What happens afterwards goes to the file only.
pub fn finish() {
    let mut sinks = sinks();
    if let Some(otlp) = sinks.otlp.take() {
        set_sinks(sinks);
        otlp.shut_down(END_LIMIT);
    }
}

/// From now on a mistake of Muster is told, here and on standard error, by its place in the sources alone: its message may
/// hold a value.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        use std::io::Write;
        let Some(place) = panic.location() else { return };
        let (file, line) = (SourceFile::of(place), place.line());
        let _ = writeln!(std::io::stderr(), "muster: a mistake in Muster ({}, line {line})", file.name());
        record(Event::Panicked { file, line });
    }));
}
