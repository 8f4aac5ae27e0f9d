//! Tries whether what is sent arrives, step by step, and says what was done and where it stopped.

use opentelemetry::logs::LoggerProvider;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Span, Tracer, TracerProvider};
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use serde::Serialize;
use tracing::Level;

use super::line::{Fields, Value};
use super::otlp::{Senders, log, log_exporter, metric_exporter, resource, span_exporter};
use super::send::{Answer, Lost, Sender};
use super::{Stage, TARGET, settings};
use crate::config::{Environment, OtlpConfig};
use crate::error::{Code, Error, Result};
use crate::imports::blocking;
use crate::profiles::Profiles;
use crate::progress::Job;
use crate::steps::{StepTest, TestStep, TestedSteps};

/// A step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum LogsStep {
    /// There is a collector, and the key that it wants
    Settings,
    /// Its name is known
    Name,
    /// It accepts a connection
    Connection,
    /// The connection is secure
    Tls,
    /// It takes a log
    Logs,
    /// It takes a trace
    Traces,
    /// It takes a metric
    Metrics,
}

impl LogsStep {
    const ALL: [LogsStep; 7] = [
        LogsStep::Settings,
        LogsStep::Name,
        LogsStep::Connection,
        LogsStep::Tls,
        LogsStep::Logs,
        LogsStep::Traces,
        LogsStep::Metrics,
    ];
}

impl TestStep for LogsStep {
    fn name(self) -> &'static str {
        match self {
            LogsStep::Settings => "settings",
            LogsStep::Name => "name",
            LogsStep::Connection => "connection",
            LogsStep::Tls => "tls",
            LogsStep::Logs => "logs",
            LogsStep::Traces => "traces",
            LogsStep::Metrics => "metrics",
        }
    }

    fn can_fail_alone(self) -> bool {
        // A collector that does not take traces may take metrics.
        matches!(self, LogsStep::Logs | LogsStep::Traces)
    }
}

impl Profiles {
    /// Sends one log, one trace and one metric as the settings say. The job's stages are the names of the steps.
    ///
    /// # Errors
    /// When the job is cancelled. A step that failed is in the report.
    pub async fn test_logs(&self, job: &Job) -> Result<TestedSteps<LogsStep>> {
        let mut trial = Trial { profiles: self, ready: None, reached: None };
        let mut test = StepTest::new(&LogsStep::ALL, job);
        while let Some(step) = test.begin()? {
            test.end(step, trial.step(step).await)?;
        }
        Ok(test.report())
    }
}

struct Trial<'t> {
    profiles: &'t Profiles,
    ready: Option<Ready>,
    reached: Option<Answer>,
}

struct Ready {
    settings: OtlpConfig,
    senders: Senders,
    environment: Environment,
}

impl Trial<'_> {
    async fn step(&mut self, step: LogsStep) -> Result<String> {
        if step == LogsStep::Settings {
            return self.settings().await;
        }
        let Some(Ready { settings, senders, environment }) = &self.ready else { return Err(no_collector()) };
        let of = *environment;
        match step {
            LogsStep::Settings => Err(no_collector()),
            LogsStep::Name | LogsStep::Connection | LogsStep::Tls => {
                if self.reached.is_none() {
                    self.reached = Some(senders.logs.reach().await);
                }
                reached(step, settings, self.reached)
            }
            LogsStep::Logs => send(&senders.logs, "log", move |sender| one_log(sender, of)).await,
            LogsStep::Traces => send(&senders.traces, "trace", move |sender| one_trace(sender, of)).await,
            LogsStep::Metrics => send(&senders.metrics, "metric", move |sender| one_metric(sender, of)).await,
        }
    }

    async fn settings(&mut self) -> Result<String> {
        let config = self.profiles.config();
        let settings = config.logs.otlp.clone().ok_or_else(no_collector)?;
        let key = settings::key(self.profiles, &settings).await?;
        let senders = Senders::new(&settings, key.as_ref())?;
        let to = settings.address(crate::config::Signal::Logs).map(|url| url.origin().ascii_serialization());
        let with = match settings.header_of_key() {
            Some(header) => format!(", with the key in the header {header}"),
            None => ", without a key".to_owned(),
        };
        self.ready = Some(Ready { settings, senders, environment: self.profiles.info(None)?.environment });
        Ok(format!("Logs, traces and metrics go to {}{with}", to.unwrap_or_default()))
    }
}

fn no_collector() -> Error {
    Error::new(Code::Config, "The settings name no collector: nothing is sent")
        .with_help("Name one in the settings (logs, otlp); docs/LOGS.md tells how.")
}

fn reached(step: LogsStep, settings: &OtlpConfig, reached: Option<Answer>) -> Result<String> {
    let lost = match reached {
        Some(Err(lost)) => Some(lost),
        _ => None,
    };
    let plain = settings.address(crate::config::Signal::Logs).is_some_and(|url| url.scheme() == "http");
    match (step, lost) {
        (LogsStep::Name, Some(Lost::Name)) => {
            Err(Error::new(Code::Network, "The name of the collector's host is not known")
                .with_help("Check the address in the settings, and the network."))
        }
        (LogsStep::Name, _) => Ok("The collector's host is known".to_owned()),
        (LogsStep::Connection, Some(Lost::Connection)) => {
            Err(Error::new(Code::Network, "Nobody accepts a connection at the collector's address")
                .with_help("Check the port, that the collector runs, and that no firewall is between."))
        }
        (LogsStep::Connection, Some(Lost::Slow)) => {
            Err(Error::new(Code::Network, "The collector did not answer within 5 seconds")
                .with_help("Check that the collector runs, and that no firewall is between."))
        }
        (LogsStep::Connection, _) => Ok("The collector accepts a connection".to_owned()),
        (_, Some(Lost::Tls)) => {
            Err(Error::new(Code::Network, "No secure connection to the collector came about").with_help(
                "Its certificate must name the host and come from an authority that this system trusts.",
            ))
        }
        _ if plain => Ok("The address is http://, so nothing is encrypted on the way".to_owned()),
        _ => Ok("The connection is encrypted, and the certificate names the host".to_owned()),
    }
}

/// Sends one thing, and tells what the collector said.
async fn send(
    sender: &Sender,
    what: &str,
    one: impl FnOnce(&Sender) -> Result<()> + Send + 'static,
) -> Result<String> {
    let to = sender.clone();
    blocking(move || one(&to)).await?;
    said(what, sender.last())
}

fn said(what: &str, answer: Option<Answer>) -> Result<String> {
    let status = match answer {
        Some(Ok(status)) => status,
        Some(Err(_)) | None => {
            return Err(Error::new(Code::Network, format!("The connection broke while the {what} was sent"))
                .with_help("Try again; if it stays, look at the collector's own log."));
        }
    };
    let (code, why, help) = match status {
        200..=299 => return Ok(format!("The collector took the {what} (HTTP {status})")),
        401 | 403 => (
            Code::Refused,
            "refuses the key",
            "Set the key anew. Datadog takes traces only from organisations that asked for it; an agent takes them from all.",
        ),
        404 | 405 => (
            Code::Config,
            "has nothing at that address",
            "Check the path of the address: /v1/… is added to it.",
        ),
        415 => (
            Code::Config,
            "does not take protobuf",
            "Switch on OTLP over HTTP with protobuf in the collector.",
        ),
        408 | 429 | 500..=599 => (
            Code::Network,
            "cannot take it at the moment",
            "Try again later, or look at the collector's own log.",
        ),
        _ => (Code::Config, "does not take it", "Look at the collector's own log, and check the address."),
    };
    Err(Error::new(code, format!("The collector {why}: no {what} (HTTP {status})")).with_help(help))
}

fn one_log(sender: &Sender, of: Environment) -> Result<()> {
    let provider = SdkLoggerProvider::builder()
        .with_resource(resource(of))
        .with_simple_exporter(log_exporter(sender)?)
        .build();
    let mut fields = Fields::default();
    fields.set("event", Value::Word("tested".to_owned()));
    log(&provider.logger(TARGET), Level::INFO, &fields, None);
    Ok(())
}

fn one_trace(sender: &Sender, of: Environment) -> Result<()> {
    let provider = SdkTracerProvider::builder()
        .with_resource(resource(of))
        .with_sampler(Sampler::AlwaysOn)
        .with_simple_exporter(span_exporter(sender)?)
        .build();
    provider.tracer(TARGET).start(Stage::Test.word()).end();
    Ok(())
}

fn one_metric(sender: &Sender, of: Environment) -> Result<()> {
    let reader = PeriodicReader::builder(metric_exporter(sender)?).build();
    let provider = SdkMeterProvider::builder().with_resource(resource(of)).with_reader(reader).build();
    provider.meter(TARGET).u64_counter("muster.tests").with_unit("{test}").build().add(1, &[]);
    // What came of it is known from the answer.
    drop(provider.force_flush());
    drop(provider.shutdown());
    Ok(())
}
