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
