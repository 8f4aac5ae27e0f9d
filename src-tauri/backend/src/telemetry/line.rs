//! What is written of an event or of a stage: field names of the program's and values that may be logged.

use std::fmt;

use serde_json::{Map, Value as Json, json};
use tracing::Level;
use tracing::field::{Field, Visit};

use super::words::may_be_logged;

/// A value of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Number(i64),
    Fraction(f64),
    Flag(bool),
    Word(String),
}

impl Value {
    fn json(&self) -> Json {
        match self {
            Value::Number(number) => json!(number),
            Value::Fraction(number) => json!(number),
            Value::Flag(flag) => json!(flag),
            Value::Word(word) => json!(word),
        }
    }
}

/// The fields of an event or of a stage. What is no count, duration, flag, word of the vocabulary or id is dropped here,
/// whoever wrote it: so are all messages.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// The word of a field; empty where there is none.
    pub(super) fn word(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| *known == name);
        match found {
            Some((_, Value::Word(word))) => word,
            _ => "",
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), Value::Fraction(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), Value::Number(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), Value::Number(i64::try_from(value).unwrap_or(i64::MAX)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), Value::Flag(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if may_be_logged(value) {
            self.set(field.name(), Value::Word(value.to_owned()));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// A level as the lines have it.
pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// A line of the file.
pub(super) fn json_line(level: Level, run: &str, fields: &Fields) -> String {
    let mut line = Map::new();
    line.insert("time".into(), crate::imports::now().into());
    line.insert("level".into(), level_name(level).into());
    line.insert("run".into(), run.into());
    line.extend(fields.iter().map(|(name, value)| (name.to_owned(), value.json())));
    Json::Object(line).to_string()
}
