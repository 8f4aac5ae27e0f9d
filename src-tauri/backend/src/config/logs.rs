//! What is logged, and where it is sent.

use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::drive::is_loopback;
use super::validate::{Problem, check_known};

/// From which level on something is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Nothing
    Off,
    /// What should not happen
    Error,
    /// What did not work
    Warn,
    /// What was done
    #[default]
    Info,
    /// Also what is of use when something is looked for
    Debug,
    /// All
    Trace,
}

/// The older files that are kept where nothing is said.
const KEEP: u32 = 10;
/// Most older files that are kept.
const MOST_KEPT: u64 = 100;

/// The log. Sent is nothing but where `otlp` says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct LogsConfig {
    /// From which level on
    #[serde(default)]
    pub level: LogLevel,
    /// How many older files are kept; 10 where nothing is said
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<u32>,
    /// Where logs, traces and metrics are sent, too
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otlp: Option<OtlpConfig>,
}

/// A collector that takes OTLP over HTTP. The key that it wants is no setting: it is in the keychain under `logs`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct OtlpConfig {
    /// Its address, to which `/v1/logs`, `/v1/traces` and `/v1/metrics` are added
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Instead of an address: Datadog's own intake at this site
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datadog_site: Option<String>,
    /// With an address: the header that the key goes into, as it is; without it none is sent
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_header: Option<String>,
    /// `true` takes an address that is `http://` and not on this machine, such as an agent in the same private network
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
}

/// What can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Logs,
    Traces,
    Metrics,
}

impl LogsConfig {
    /// Whether nothing was said.
    pub(super) fn is_default(&self) -> bool {
        *self == LogsConfig::default()
    }

    /// How many older files are kept.
    pub fn keep(&self) -> u32 {
        self.keep.unwrap_or(KEEP)
    }
}

impl OtlpConfig {
    /// Where a signal is sent; nothing where the settings were not checked.
    pub(crate) fn address(&self, signal: Signal) -> Option<Url> {
        let base = match (&self.endpoint, &self.datadog_site) {
            (Some(endpoint), _) => endpoint.trim_end_matches('/').to_owned(),
            (None, Some(site)) => format!("https://otlp.{site}"),
            (None, None) => return None,
        };
        let path = match signal {
            Signal::Logs => "v1/logs",
            Signal::Traces => "v1/traces",
            Signal::Metrics => "v1/metrics",
        };
        Url::parse(&format!("{base}/{path}")).ok()
    }

    /// The header that the key goes into.
    pub(crate) fn header_of_key(&self) -> Option<&str> {
        if self.datadog_site.is_some() { Some("dd-api-key") } else { self.key_header.as_deref() }
    }

    /// Whether the collector is on this machine, where no proxy is asked.
    pub(crate) fn is_local(&self) -> bool {
        self.address(Signal::Logs).is_some_and(|url| url.host_str().is_some_and(is_loopback))
    }
}

/// What is wrong with these settings, as a form has them.
pub(crate) fn check_logs(config: &LogsConfig) -> Vec<Problem> {
    let mut problems = Vec::new();
    check(&serde_json::to_value(config).unwrap_or_default(), &mut problems);
    problems
}

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
const OF_OTLP: [&str; 4] = ["endpoint", "datadog_site", "key_header", "insecure"];
/// Datadog's sites; the key goes to no other host.
const SITES: [&str; 7] = [
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "datadoghq.eu",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "ddog-gov.com",
];
/// Headers that are not for keys.
const RESERVED: [&str; 9] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Tells what does not fit.
pub(super) fn check(settings: &Value, problems: &mut Vec<Problem>) {
    let Some(logs) = settings.as_object() else {
        problems.push(Problem::new("logs", "must be a map of settings"));
        return;
    };
    check_known("logs.", logs, &["level", "keep", "otlp"], problems);
    if logs.get("level").is_some_and(|level| !level.as_str().is_some_and(|level| LEVELS.contains(&level))) {
        problems.push(Problem::new("logs.level", format!("must be one of {}", LEVELS.join(", "))));
    }
    if logs.get("keep").is_some_and(|keep| !keep.as_u64().is_some_and(|keep| (1..=MOST_KEPT).contains(&keep)))
    {
        problems.push(Problem::new("logs.keep", format!("must be a number from 1 to {MOST_KEPT}")));
    }
    match logs.get("otlp") {
        None => {}
        Some(Value::Object(otlp)) => check_otlp(otlp, problems),
        Some(_) => problems.push(Problem::new("logs.otlp", "must be a map of settings")),
    }
}

fn check_otlp(otlp: &Map<String, Value>, problems: &mut Vec<Problem>) {
    check_known("logs.otlp.", otlp, &OF_OTLP, problems);
    match (otlp.get("endpoint"), otlp.get("datadog_site")) {
        (Some(endpoint), None) => {
            let insecure = otlp.get("insecure") == Some(&Value::Bool(true));
            let fault = endpoint_fault(endpoint, insecure, otlp.contains_key("key_header"));
            problems.extend(fault.map(|fault| Problem::new("logs.otlp.endpoint", fault)));
        }
        (None, Some(site)) => {
            if !site.as_str().is_some_and(|site| SITES.contains(&site)) {
                problems.push(Problem::new(
                    "logs.otlp.datadog_site",
                    format!("must be one of {}", SITES.join(", ")),
                ));
            }
            for key in ["key_header", "insecure"].into_iter().filter(|key| otlp.contains_key(*key)) {
                problems.push(Problem::new(&format!("logs.otlp.{key}"), "does not belong to datadog_site"));
            }
        }
        _ => problems.push(Problem::new("logs.otlp", "must have either endpoint or datadog_site")),
    }
    if otlp.get("key_header").is_some_and(|header| !header.as_str().is_some_and(is_header)) {
        problems.push(Problem::new(
            "logs.otlp.key_header",
            "must be the name of a header in small letters, such as dd-api-key",
        ));
    }
    if otlp.get("insecure").is_some_and(|insecure| !insecure.is_boolean()) {
        problems.push(Problem::new("logs.otlp.insecure", "must be true or false"));
    }
}

fn endpoint_fault(endpoint: &Value, insecure: bool, with_key: bool) -> Option<&'static str> {
    const WRONG: &str = "must be the address of a collector, such as http://127.0.0.1:4318 or https://otel.example.org, \
                         without a user, ? or #";
    let Some(url) = endpoint.as_str().and_then(|text| Url::parse(text).ok()) else { return Some(WRONG) };
    let bare = url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() || url.host_str().is_none() {
        return Some(WRONG);
    }
    match url.scheme() {
        "https" => None,
        "http" if url.host_str().is_some_and(is_loopback) => None,
        "http" if !insecure => {
            Some("is not encrypted and not on this machine: use https://, or say insecure: true as well")
        }
        "http" if with_key => {
            Some("is not encrypted: no key is sent there; use https://, or leave out key_header")
        }
        "http" => None,
        _ => Some(WRONG),
    }
}

fn is_header(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=64).contains(&name.len()) && name.chars().all(fits) && !RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(yaml: &str) -> Vec<String> {
        let settings: Value = serde_saphyr::from_str(yaml).unwrap();
        let mut problems = Vec::new();
        check(&settings, &mut problems);
        problems.into_iter().map(|problem| format!("{}: {}", problem.place, problem.message)).collect()
    }

    #[test]
    fn settings_that_fit_are_taken() {
        for fits in [
            "{}",
            "{ level: trace, keep: 3 }",
            "{ otlp: { endpoint: 'http://127.0.0.1:4318' } }",
            "{ otlp: { endpoint: 'http://[::1]:4318/', key_header: dd-api-key } }",
            "{ otlp: { endpoint: 'https://otel.example.org/team', key_header: authorization } }",
            "{ otlp: { endpoint: 'http://agent.internal:4318', insecure: true } }",
            "{ otlp: { datadog_site: datadoghq.eu } }",
        ] {
            assert_eq!(problems_of(fits), Vec::<String>::new(), "{fits}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        for (wrong, place) in [
            ("[]", "logs: "),
            ("{ level: loud }", "logs.level: "),
            ("{ keep: 0 }", "logs.keep: "),
            ("{ keep: many }", "logs.keep: "),
            ("{ file: x }", "logs.file: "),
            ("{ otlp: yes }", "logs.otlp: "),
            ("{ otlp: {} }", "logs.otlp: must have either"),
            (
                "{ otlp: { endpoint: 'https://a.example', datadog_site: datadoghq.com } }",
                "logs.otlp: must have",
            ),
            (
                "{ otlp: { endpoint: 'http://agent.internal:4318' } }",
                "logs.otlp.endpoint: is not encrypted and",
            ),
            (
                "{ otlp: { endpoint: 'http://agent.internal:4318', insecure: true, key_header: x-key } }",
                "logs.otlp.endpoint: is not encrypted: no key",
            ),
            ("{ otlp: { endpoint: 'http://127.0.0.1.example.org' } }", "logs.otlp.endpoint: "),
            ("{ otlp: { endpoint: 'https://otel.example.org/?key=1' } }", "logs.otlp.endpoint: must be"),
            ("{ otlp: { endpoint: 'ftp://127.0.0.1' } }", "logs.otlp.endpoint: must be"),
            ("{ otlp: { datadog_site: datadoghq.com.example.org } }", "logs.otlp.datadog_site: "),
            ("{ otlp: { datadog_site: datadoghq.com, insecure: true } }", "logs.otlp.insecure: does not"),
            ("{ otlp: { endpoint: 'https://a.example', key_header: Host } }", "logs.otlp.key_header: "),
            ("{ otlp: { endpoint: 'https://a.example', key_header: host } }", "logs.otlp.key_header: "),
            ("{ otlp: { endpoint: 'https://a.example', insecure: 1 } }", "logs.otlp.insecure: must"),
        ] {
            let told = problems_of(wrong);
            assert!(told.len() == 1 && told[0].starts_with(place), "{wrong}: {told:?}");
        }
    }

    #[test]
    fn the_signals_have_addresses_below_the_endpoint() {
        let otlp = OtlpConfig { endpoint: Some("http://127.0.0.1:4318/".into()), ..OtlpConfig::default() };
        assert_eq!(otlp.address(Signal::Traces).unwrap().as_str(), "http://127.0.0.1:4318/v1/traces");
        assert!(otlp.is_local() && otlp.header_of_key().is_none());
        let datadog = OtlpConfig { datadog_site: Some("datadoghq.eu".into()), ..OtlpConfig::default() };
        assert_eq!(datadog.address(Signal::Logs).unwrap().as_str(), "https://otlp.datadoghq.eu/v1/logs");
        assert_eq!(datadog.header_of_key(), Some("dd-api-key"));
    }
}
