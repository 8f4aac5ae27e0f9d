//! Checks settings and tells all that does not fit at once, each with its place, without quoting a value that may be
//! a secret.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{ArchiveConfig, Config, Profile, drive, layers};
use crate::error::{Code, Error, Result};

const KEYS: [&str; 9] =
    ["environment", "driver", "path", "host", "port", "database", "user", "tls", "root_cert"];
const TOP: [&str; 6] = ["profiles", "active_profile", "drive", "archive", "logs", "schedules"];
const OF_SQLITE: [&str; 1] = ["path"];
const OF_POSTGRES: [&str; 6] = ["host", "port", "database", "user", "tls", "root_cert"];

const SECRETS_HELP: &str = "Remove the secret from there: a profile's password belongs in the system's keychain \
    (muster secrets set NAME, or Settings); docs/PROFILES.md tells how schedulers hand one over.";
const HELP: &str = "Correct it and try again; docs/PROFILES.md describes the settings.";

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Problem {
    /// Where: `profiles.prod.port`, `line 3`, the name of a variable; for a form, the key
    pub place: String,
    /// What is wrong, and what fits
    pub message: String,
    #[serde(skip)]
    #[cfg_attr(feature = "specta", specta(skip))]
    is_secret: bool,
}

impl Problem {
    pub(super) fn new(place: &str, message: impl Into<String>) -> Problem {
        Problem { place: place.to_owned(), message: message.into(), is_secret: false }
    }

    /// About a key of a form.
    pub(crate) fn of_form(key: &str, message: &str) -> Problem {
        Problem::new(key, message)
    }

    pub(super) fn secret(place: &str) -> Problem {
        let message = "holds a secret; secrets belong in the system's keychain only";
        Problem { is_secret: true, ..Problem::new(place, message) }
    }
}

/// All problems as one error.
pub(crate) fn refuse(what: &str, code: Code, problems: &[Problem]) -> Error {
    let told: Vec<_> =
        problems.iter().map(|problem| format!("{}: {}", problem.place, problem.message)).collect();
    let message = match told.as_slice() {
        [one] => format!("{what} not right: {one}"),
        _ => format!("{what} not right in {} places:\n- {}", told.len(), told.join("\n- ")),
    };
    let help = if problems.iter().any(|problem| problem.is_secret) { SECRETS_HELP } else { HELP };
    Error::new(code, message).with_help(help)
}

/// Reads settings from YAML, with variables over them. Without `profiles`, those built in stay.
pub(super) fn read(text: &str, variables: BTreeMap<String, String>) -> Result<Config> {
    let mut settings = parse(text)?;
    let mut problems = Vec::new();
    find_secrets("", &Value::Object(settings.clone()), &mut problems);
    if problems.is_empty() {
        problems.extend(credentials_in_lines(text));
    }
    let built_in = serde_json::to_value(Config::default()).unwrap_or_default();
    for (key, value) in built_in.as_object().into_iter().flatten() {
        settings.entry(key.clone()).or_insert_with(|| value.clone());
    }
    let (origins, misplaced) = layers::lay_over(&mut settings, variables, &KEYS);
    problems.extend(misplaced);
    check(&settings, &mut problems);
    for problem in &mut problems {
        if let Some(variable) = origins.get(&problem.place) {
            problem.place.clone_from(variable);
        }
    }
    if !problems.is_empty() {
        return Err(refuse("The settings (config.yml) are", Code::Config, &problems));
    }
    serde_json::from_value(Value::Object(settings))
        .map_err(|_| Error::new(Code::Config, "The settings (config.yml) do not fit").with_help(HELP))
}

fn parse(text: &str) -> Result<Map<String, Value>> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Map::new());
    }
    let unreadable = |place: String| {
        Error::new(Code::Config, format!("The settings (config.yml) are no YAML that Muster can read{place}"))
            .with_help(HELP)
    };
    let value: Value = serde_saphyr::from_str(text).map_err(|error| {
        unreadable(error.location().map(|place| format!(": line {}", place.line())).unwrap_or_default())
    })?;
    match value {
        Value::Object(settings) => Ok(settings),
        _ => Err(unreadable(": it is no list of settings with a name each".into())),
    }
}

fn check(settings: &Map<String, Value>, problems: &mut Vec<Problem>) {
    check_known("", settings, &TOP, problems);
    if let Some(archive) = settings.get("archive") {
        super::archive::check(archive, problems);
    }
    if let Some(logs) = settings.get("logs") {
        super::logs::check(logs, problems);
    }
    super::schedule::check(settings.get("schedules"), problems);
    let of_drive = settings.get("drive");
    if let Some(drive) = of_drive.and_then(Value::as_object) {
        check_known("drive.", drive, &drive::KEYS, problems);
    }
    drive::check(of_drive, problems);
    let empty = Map::new();
    let profiles = settings.get("profiles").and_then(Value::as_object).unwrap_or_else(|| {
        problems.push(Problem::new("profiles", "must be a map of names to profiles"));
        &empty
    });
    for (name, profile) in profiles {
        let place = format!("profiles.{}", shown(name));
        if let Some(fault) = profile_name_fault(name) {
            problems.push(Problem::new(&place, fault));
        }
        match profile.as_object() {
            Some(profile) => check_keys(&format!("{place}."), profile, problems),
            None => problems.push(Problem::new(&place, "must be a map of settings")),
        }
    }
    match settings.get("active_profile").and_then(Value::as_str) {
        Some(name) if profiles.contains_key(name) || profiles.is_empty() => {}
        _ => {
            let names = profiles.keys().map(|name| shown(name)).collect::<Vec<_>>().join(", ");
            problems.push(Problem::new(
                "active_profile",
                format!("there is no profile of that name; the profiles are: {names}"),
            ));
        }
    }
}

/// What is wrong with a profile as a form has it; the place of a problem is `name` or a key.
pub fn check_profile(name: &str, profile: &Profile) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(profile_name_fault(name).map(|fault| Problem::new("name", fault)));
    let settings = serde_json::to_value(profile).unwrap_or_default();
    find_secrets("", &settings, &mut problems);
    if let Some(settings) = settings.as_object() {
        check_keys("", settings, &mut problems);
    }
    problems
}

/// What is wrong with the name of a `thing`.
pub(super) fn name_fault(name: &str, thing: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() {
        Some(format!("a {thing} needs a name"))
    } else if name.len() > 40
        || !name.chars().all(fits)
        || !name.starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        Some("must be at most 40 letters, digits, - _ or . and start with a letter or digit".into())
    } else {
        None
    }
}

fn profile_name_fault(name: &str) -> Option<String> {
    if let Some(fault) = name_fault(name, "profile") {
        Some(fault)
    } else if [crate::keychain::DATA_KEY, crate::secrets::ARCHIVE, crate::secrets::LOGS].contains(&name) {
        Some(
            "this name is taken by the key of the data folder, of the archive, or of the logs; choose another one".into(),
        )
    } else if name == crate::keychain::GOOGLE_DRIVE {
        Some("this name is taken by the sign-in to Google Drive; choose another one".into())
    } else {
        None
    }
}

/// `prefix` is what stands before a key in a place.
fn check_keys(prefix: &str, profile: &Map<String, Value>, problems: &mut Vec<Problem>) {
    check_known(prefix, profile, &KEYS, problems);
    let mut one_of = |key: &str, known: &[&str], required: bool| match profile.get(key) {
        None if !required => {}
        Some(Value::String(value)) if known.contains(&value.as_str()) => {}
        None => problems
            .push(Problem::new(&format!("{prefix}{key}"), format!("is missing: {}", known.join(", ")))),
        Some(_) => {
            problems.push(Problem::new(
                &format!("{prefix}{key}"),
                format!("must be one of {}", known.join(", ")),
            ));
        }
    };
    one_of("environment", &["dev", "staging", "prod"], true);
    one_of("driver", &["sqlite", "postgres"], true);
    one_of("tls", &["verify-full", "verify-ca", "require", "disable"], false);
    let (theirs, others, required): (&str, &[&str], &[&str]) =
        match profile.get("driver").and_then(Value::as_str) {
            Some("sqlite") => ("sqlite", &OF_POSTGRES, &["path"]),
            Some("postgres") => ("postgres", &OF_SQLITE, &["host", "database", "user"]),
            _ => ("", &[], &[]),
        };
    for key in others.iter().filter(|key| profile.contains_key(**key)) {
        problems.push(Problem::new(
            &format!("{prefix}{key}"),
            format!("does not belong to a profile of {theirs}"),
        ));
    }
    for key in KEYS.iter().filter(|key| !others.contains(key)) {
        let fault = match profile.get(*key) {
            None if required.contains(key) => Some("is missing"),
            None => None,
            Some(value) => value_fault(key, value),
        };
        problems.extend(fault.map(|fault| Problem::new(&format!("{prefix}{key}"), fault)));
    }
    let unchecked =
        ["require", "disable"].contains(&profile.get("tls").and_then(Value::as_str).unwrap_or(""));
    if unchecked && profile.contains_key("root_cert") {
        problems.push(Problem::new(
            &format!("{prefix}root_cert"),
            "is used with tls: verify-full or verify-ca only",
        ));
    }
}

fn value_fault(key: &str, value: &Value) -> Option<&'static str> {
    let (text, plain) = (value.as_str(), plain_text(value));
    match key {
        "port" => (!value.as_u64().is_some_and(|port| (1..=65_535).contains(&port)))
            .then_some("must be a number from 1 to 65535"),
        "host" => (!text.is_some_and(is_host))
            .then_some("must be a name or an address only, such as db.example.org or 192.0.2.7"),
        "database" | "user" => (!plain || text.is_some_and(|text| text.len() > 63))
            .then_some("must be text of at most 63 bytes, in quotes where it could be a number"),
        "path" | "root_cert" => (!plain).then_some("must be the path of a file"),
        _ => None,
    }
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && !label.starts_with('-')
    };
    host.parse::<IpAddr>().is_ok()
        || (host.len() <= 253 && host.strip_suffix('.').unwrap_or(host).split('.').all(label))
}

/// What is wrong with the archive's settings as a form has them; the place of a problem is a key.
pub fn check_archive(archive: &ArchiveConfig) -> Vec<Problem> {
    let mut problems = Vec::new();
    let settings = serde_json::to_value(archive).unwrap_or_default();
    find_secrets("archive", &settings, &mut problems);
    super::archive::check(&settings, &mut problems);
    for problem in &mut problems {
        if let Some(key) = problem.place.strip_prefix("archive.") {
            problem.place = key.to_owned();
        }
    }
    problems
}

/// Tells the keys that are no settings; `prefix` is what stands before a key in a place.
pub(super) fn check_known(
    prefix: &str,
    settings: &Map<String, Value>,
    known: &[&str],
    problems: &mut Vec<Problem>,
) {
    for key in settings.keys().filter(|key| !known.contains(&key.as_str())) {
        unknown(&format!("{prefix}{}", shown(key)), key, &known.join(", "), problems);
    }
}

/// Whether a value is text that is not blank, on one line.
pub(super) fn plain_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control))
}

fn unknown(place: &str, key: &str, known: &str, problems: &mut Vec<Problem>) {
    // A secret was told already, and more urgently.
    if !is_secret_key(key) {
        problems.push(Problem::new(place, format!("is no setting; there are: {known}")));
    }
}

/// A key as it may be shown: what is no plain word may be anything.
pub(super) fn shown(key: &str) -> String {
    let plain = key.len() <= 40 && key.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    if plain { key.to_owned() } else { "(a key)".to_owned() }
}

/// Whether a key is the name of a secret.
pub(super) fn is_secret_key(key: &str) -> bool {
    const NAMES: [&str; 11] = [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "apikey",
        "privatekey",
        "accesskey",
        "credential",
        "datakey",
    ];
    let key: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    NAMES.iter().any(|name| key.contains(name))
}

/// Whether a text carries a password: `scheme://user:password@host`, or `password=…` as in libpq's strings.
fn has_credentials(text: &str) -> bool {
    let in_address = text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', ' ', '"', '\'', ',', '}']).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    });
    let squeezed: String = text.to_lowercase().split_whitespace().collect();
    in_address || ["password=", "passwd=", "pwd="].iter().any(|word| squeezed.contains(word))
}

pub(super) fn find_secrets(place: &str, value: &Value, problems: &mut Vec<Problem>) {
    let below = |key: String| if place.is_empty() { key } else { format!("{place}.{key}") };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                // A profile or schedule may be called after what it holds; its keys may not.
                let is_name = ["profiles", "schedules"].contains(&place) && value.is_object();
                let is_setting = place == "drive" && drive::KEYS.contains(&key.as_str());
                if has_credentials(key) || (is_secret_key(key) && !is_name && !is_setting) {
                    problems.push(Problem::secret(&below(shown(key))));
                } else {
                    find_secrets(&below(shown(key)), value, problems);
                }
            }
        }
        Value::Array(list) => {
            for (number, value) in (1..).zip(list) {
                find_secrets(&below(number.to_string()), value, problems);
            }
        }
        Value::String(text) if has_credentials(text) => problems.push(Problem::secret(place)),
        _ => {}
    }
}

/// A connection string in a comment is a secret in a file, too.
fn credentials_in_lines(text: &str) -> Vec<Problem> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| has_credentials(line));
    lines.map(|(number, _)| Problem::secret(&format!("line {number}"))).collect()
}

#[cfg(test)]
mod tests;
