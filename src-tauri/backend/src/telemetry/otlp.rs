//! OpenTelemetry: logs, traces and metrics are collected here and sent in batches by threads of their own. Full queues
//! drop what is new, so a collector that is slow or gone costs no work anything.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Span, SpanContext, SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{
    LogExporter, MetricExporter, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider, Span as OtlpSpan};
use tracing::Level;

use super::event::EVENTS;
use super::line::{Fields, Value, level_name};
use super::metrics::Instruments;
use super::send::{Sender, client};
use super::words::Stage;
use super::{TARGET, run_id};
use crate::config::{Environment, OtlpConfig, Signal};
use crate::error::{Code, Error, Result};
use crate::secret::Secret;

/// The address goes before what the environment says, and counts for nothing: the sender knows its own.
const UNUSED: &str = "http://127.0.0.1";

/// Between two reports of metrics.
const INTERVAL: Duration = Duration::from_secs(30);

/// Collects and sends.
pub(super) struct Otlp {
    logs: SdkLoggerProvider,
    traces: SdkTracerProvider,
    metrics: SdkMeterProvider,
    logger: SdkLogger,
    tracer: SdkTracer,
    instruments: Instruments,
}

/// The senders of the three signals.
pub(super) struct Senders {
    pub(super) logs: Sender,
    pub(super) traces: Sender,
    pub(super) metrics: Sender,
}

impl Senders {
    pub(super) fn new(config: &OtlpConfig, key: Option<&Secret>) -> Result<Senders> {
        let client = client(config)?;
        let sender = |signal| Sender::new(&client, config, signal, key);
        Ok(Senders {
            logs: sender(Signal::Logs)?,
            traces: sender(Signal::Traces)?,
            metrics: sender(Signal::Metrics)?,
        })
    }
}

/// Who sends: the program, its version and the environment; no name of a machine or a person.
pub(super) fn resource(of: Environment) -> Resource {
    Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", "muster"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", run_id()),
            KeyValue::new("deployment.environment.name", of.name()),
        ])
        .build()
}

pub(super) fn log_exporter(sender: &Sender) -> Result<LogExporter> {
    let builder = LogExporter::builder().with_http().with_http_client(sender.clone());
    builder.with_endpoint(UNUSED).with_protocol(Protocol::HttpBinary).build().map_err(|_| unbuilt())
}

pub(super) fn span_exporter(sender: &Sender) -> Result<SpanExporter> {
    let builder = SpanExporter::builder().with_http().with_http_client(sender.clone());
    builder.with_endpoint(UNUSED).with_protocol(Protocol::HttpBinary).build().map_err(|_| unbuilt())
}

/// Each report has what came since the one before, as Datadog wants it.
pub(super) fn metric_exporter(sender: &Sender) -> Result<MetricExporter> {
    let builder = MetricExporter::builder().with_http().with_http_client(sender.clone());
    let builder = builder.with_endpoint(UNUSED).with_protocol(Protocol::HttpBinary);
    builder.with_temporality(Temporality::Delta).build().map_err(|_| unbuilt())
}

fn unbuilt() -> Error {
    Error::new(Code::Internal, "Logs cannot be sent from here")
        .with_help("Check the variables OTEL_… of the environment, or start Muster without them.")
}

impl Otlp {
    /// Begins to collect.
    ///
    /// # Errors
    /// As [`Sender::new`].
    pub(super) fn new(config: &OtlpConfig, key: Option<&Secret>, of: Environment) -> Result<Otlp> {
        let senders = Senders::new(config, key)?;
        let logs = SdkLoggerProvider::builder()
            .with_resource(resource(of))
            .with_batch_exporter(log_exporter(&senders.logs)?)
            .build();
        let traces = SdkTracerProvider::builder()
            .with_resource(resource(of))
            .with_sampler(Sampler::AlwaysOn)
            .with_batch_exporter(span_exporter(&senders.traces)?)
            .build();
        let reader = PeriodicReader::builder(metric_exporter(&senders.metrics)?).with_interval(INTERVAL);
        let metrics =
            SdkMeterProvider::builder().with_resource(resource(of)).with_reader(reader.build()).build();
        let instruments = Instruments::new(&metrics.meter(TARGET));
        let (logger, tracer) = (logs.logger(TARGET), traces.tracer(TARGET));
        Ok(Otlp { logs, traces, metrics, logger, tracer, instruments })
    }

    /// What is counted with.
    pub(super) fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    /// Begins the span of a stage.
    pub(super) fn start(&self, stage: &str, parent: Option<SpanContext>) -> Option<OtlpSpan> {
        let name = Stage::ALL.iter().copied().find(|known| *known == stage)?;
        let builder = self.tracer.span_builder(name).with_kind(SpanKind::Internal);
        let root = Context::new();
        let parent = parent.map_or_else(|| root.clone(), |parent| root.with_remote_span_context(parent));
        Some(self.tracer.build_with_context(builder, &parent))
    }

    /// Sends an event, within the span of a stage where there is one.
    pub(super) fn log(&self, level: Level, fields: &Fields, within: Option<&SpanContext>) {
        log(&self.logger, level, fields, within);
    }

    /// Sends what is left and ends, in this time at most.
    pub(super) fn shut_down(&self, limit: Duration) {
        let (done, all_done) = channel();
        let (logs, traces, metrics) = (self.logs.clone(), self.traces.clone(), self.metrics.clone());
        let ends: [Box<dyn FnOnce() + Send>; 3] = [
            Box::new(move || drop(logs.shutdown_with_timeout(limit))),
            Box::new(move || drop(traces.shutdown_with_timeout(limit))),
            Box::new(move || drop(metrics.shutdown_with_timeout(limit))),
        ];
        for end in ends {
            let done = done.clone();
            std::thread::spawn(move || {
                end();
                let _ = done.send(());
            });
        }
        drop(done);
        let began = Instant::now();
        for _ in 0..3 {
            let left = limit.saturating_sub(began.elapsed());
            if all_done.recv_timeout(left).is_err() {
                return;
            }
        }
    }
}

/// Hands a record over.
pub(super) fn log(logger: &SdkLogger, level: Level, fields: &Fields, within: Option<&SpanContext>) {
    let mut record = logger.create_log_record();
    let name = EVENTS.iter().map(|event| event.name).find(|name| *name == fields.word("event"));
    if let Some(name) = name {
        record.set_event_name(name);
        record.set_body(AnyValue::from(name));
    }
    let (severity, text) = (severity(level), level_name(level));
    record.set_timestamp(std::time::SystemTime::now());
    record.set_severity_number(severity);
    record.set_severity_text(text);
    for (name, value) in fields.iter() {
        let value = match value {
            Value::Number(number) => AnyValue::Int(*number),
            Value::Fraction(number) => AnyValue::Double(*number),
            Value::Flag(flag) => AnyValue::Boolean(*flag),
            Value::Word(word) => AnyValue::from(word.clone()),
        };
        record.add_attribute(name, value);
    }
    if let Some(within) = within {
        record.set_trace_context(within.trace_id(), within.span_id(), Some(within.trace_flags()));
    }
    logger.emit(record);
}

/// Ends the span of a stage with what is known of it.
pub(super) fn finish(span: &mut OtlpSpan, fields: &Fields) {
    for (name, value) in fields.iter() {
        span.set_attribute(match value {
            Value::Number(number) => KeyValue::new(name, *number),
            Value::Fraction(number) => KeyValue::new(name, *number),
            Value::Flag(flag) => KeyValue::new(name, *flag),
            Value::Word(word) => KeyValue::new(name, word.clone()),
        });
    }
    span.set_status(match fields.word("outcome") {
        "ok" => Status::Ok,
        // Without one it was given up: nobody waits for it any more.
        "" => Status::Unset,
        code => Status::error(code.to_owned()),
    });
    span.end();
}

fn severity(level: Level) -> Severity {
    match level {
        Level::ERROR => Severity::Error,
        Level::WARN => Severity::Warn,
        Level::INFO => Severity::Info,
        Level::DEBUG => Severity::Debug,
        Level::TRACE => Severity::Trace,
    }
}
