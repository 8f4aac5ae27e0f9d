//! What of `tracing` gets through: events and spans of the target [`TARGET`], which are made in this module only. What
//! libraries tell (statements, addresses, values) does not, at no level.

use std::time::Instant;

use opentelemetry::trace::{Span as _, SpanContext};
use opentelemetry_sdk::trace::Span as OtlpSpan;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::line::{Fields, Value, json_line};
use super::{TARGET, otlp, run_id, sinks};

/// Writes to the file and hands over to what sends.
pub(super) struct MusterLayer;

/// A stage at work.
struct Open {
    began: Instant,
    fields: Fields,
    sent: Option<OtlpSpan>,
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target() == TARGET
}

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for MusterLayer {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_ours(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_ours(metadata)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let parent = span.parent().and_then(|parent| sent_as(&parent));
        let sent = sinks().otlp.and_then(|otlp| otlp.start(fields.word("stage"), parent));
        span.extensions_mut().insert(Open { began: Instant::now(), fields, sent });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(open) = span.extensions_mut().get_mut::<Open>()
        {
            values.record(&mut open.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let (sinks, level) = (sinks(), *event.metadata().level());
        if !is_ours(event.metadata()) || !sinks.takes(level) {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        if let Some(file) = &sinks.file {
            file.write(&json_line(level, run_id(), &fields));
        }
        if let Some(otlp) = &sinks.otlp {
            let within = context.event_span(event).and_then(|span| sent_as(&span));
            otlp.log(level, &fields, within.as_ref());
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(Open { began, mut fields, sent }) = span.extensions_mut().remove::<Open>() else { return };
        if let Some(mut sent) = sent {
            otlp::finish(&mut sent, &fields);
        }
        let sinks = sinks();
        if let Some(file) = sinks.file.as_ref().filter(|_| sinks.takes(Level::INFO)) {
            fields.set("seconds", Value::Fraction(began.elapsed().as_secs_f64()));
            file.write(&json_line(Level::INFO, run_id(), &fields));
        }
    }
}

/// As what a stage is sent, where it is.
fn sent_as<S: for<'l> LookupSpan<'l>>(
    span: &tracing_subscriber::registry::SpanRef<'_, S>,
) -> Option<SpanContext> {
    span.extensions().get::<Open>()?.sent.as_ref().map(|sent| sent.span_context().clone())
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Program, record, start, watch_panics};
    use super::TARGET;
    use crate::config::{Config, LogLevel, LogsConfig};
    use crate::folders::Folders;
    use crate::keychain::Keychain;
    use crate::profiles::Profiles;
    use crate::secrets::{Named, Secrets};

    /// A name, in all the ways in which somebody may log it by mistake, and as libraries do.
    #[tokio::test]
    async fn a_text_does_not_get_through_whoever_logs_it() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let logs = LogsConfig { level: LogLevel::Trace, ..LogsConfig::default() };
        let config = Config { logs, ..Config::default() };
        let secrets = Secrets::new(Keychain::system(), Named::default());
        start(&Profiles::new(folders.clone(), config, secrets), Program::App, None).await;
        let name = String::from("Qanarivolux");
        tracing::error!(target: TARGET, event = "failed", name, "{name} is a message");
        tracing::error!(target: TARGET, event = %name, other = ?name, rows = 3_u64);
        tracing::error!(target: "sqlx::query", statement = name, "{name}");
        tracing::error!(name, "{name}");
        tracing::info_span!(target: TARGET, "stage", stage = "read", file = name).in_scope(|| {
            tracing::info_span!("Qanarivolux", name)
                .in_scope(|| record(Event::Tested { program: Program::App }));
        });
        let hook = std::panic::take_hook();
        watch_panics();
        let panicked = std::thread::spawn(move || panic!("{name}")).join();
        std::panic::set_hook(hook);
        assert!(panicked.is_err());
        let text = std::fs::read_to_string(folders.logs().join("muster.jsonl")).unwrap();
        assert!(!text.to_lowercase().contains("qanarivolux"), "{text}");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told = |key: &str, word: &str| lines.iter().filter(|line| line[key] == word).count();
        // Of the two of ours the rest got through; of the libraries' nothing did.
        assert_eq!((lines.len(), told("event", "failed"), told("stage", "read")), (6, 1, 1), "{text}");
        let panicked = lines.iter().find(|line| line["event"] == "panicked").unwrap();
        assert_eq!(panicked["file"], "layer.rs", "{text}");
    }
}
