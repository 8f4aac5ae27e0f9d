//! Where raw files are kept for ever.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::validate::{Problem, check_known, plain_text};

/// A kind of archive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ArchiveKind {
    /// A folder, on this machine or a shared drive
    Folder,
    /// The database that is pushed to: who can read its members can read their lists, and nobody else
    #[default]
    Database,
    /// A bucket of Amazon S3 or of a store that speaks its language
    S3,
}

impl ArchiveKind {
    /// Its name, as in the settings.
    pub const fn name(self) -> &'static str {
        match self {
            ArchiveKind::Folder => "folder",
            ArchiveKind::Database => "database",
            ArchiveKind::S3 => "s3",
        }
    }
}

/// The archive of raw files. The secret of an S3 key is no setting: it is in the keychain under `archive`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveConfig {
    /// The kind
    #[serde(default)]
    pub kind: ArchiveKind,
    /// Folder: the path; a relative one is below the data folder; `archive` where nothing is said
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// S3: the bucket
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// S3: the region; `us-east-1` where nothing is said
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// S3: the address of another store than Amazon's: `https://…`, or `http://` on this machine
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// S3: what stands before the names of the objects
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// S3: the id of the access key
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// S3: `false` takes a store that lets files be overwritten
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditional_writes: Option<bool>,
}

impl ArchiveConfig {
    /// Whether nothing was said.
    pub(super) fn is_default(&self) -> bool {
        *self == ArchiveConfig::default()
    }
}

const KEYS: [&str; 8] =
    ["kind", "path", "bucket", "region", "endpoint", "prefix", "key_id", "conditional_writes"];

/// Tells what does not fit.
pub(super) fn check(settings: &Value, problems: &mut Vec<Problem>) {
    let Some(archive) = settings.as_object() else {
        problems.push(Problem::new("archive", "must be a map of settings"));
        return;
    };
    check_known("archive.", archive, &KEYS, problems);
    let kind = archive.get("kind").map_or(Some("database"), Value::as_str).unwrap_or_default();
    let own: &[&str] = match kind {
        "folder" => &["path"],
        "database" => &[],
        "s3" => &KEYS[2..],
        _ => {
            problems.push(Problem::new("archive.kind", "must be one of folder, database, s3"));
            return;
        }
    };
    for key in KEYS[1..].iter().filter(|key| archive.contains_key(**key)) {
        let place = format!("archive.{key}");
        if !own.contains(key) {
            problems.push(Problem::new(&place, format!("does not belong to an archive of the kind {kind}")));
        } else if let Some(fault) = fault(key, archive) {
            problems.push(Problem::new(&place, fault));
        }
    }
    if kind == "s3" {
        let missing = ["bucket", "key_id"].into_iter().filter(|key| !archive.contains_key(*key));
        problems.extend(missing.map(|key| Problem::new(&format!("archive.{key}"), "is missing")));
    }
}

fn fault(key: &str, archive: &Map<String, Value>) -> Option<&'static str> {
    let value = archive.get(key)?;
    let text = value.as_str().unwrap_or_default();
    match key {
        "conditional_writes" => (!value.is_boolean()).then_some("must be true or false"),
        "endpoint" => (!is_endpoint(text))
            .then_some("must be the address of a store, https://… (http:// on this machine only)"),
        "bucket" => (!is_bucket(text)).then_some("must be the name of a bucket"),
        _ => (!plain_text(value)).then_some("must be text"),
    }
}

/// Whether a bucket may be called so.
pub(crate) fn is_bucket(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    (3..=63).contains(&text.len()) && text.chars().all(fits)
}

fn is_endpoint(text: &str) -> bool {
    let authority = |rest: &str| rest.split('/').next().unwrap_or_default().to_owned();
    if let Some(rest) = text.strip_prefix("https://") {
        return !authority(rest).is_empty() && !authority(rest).contains('@');
    }
    let Some(rest) = text.strip_prefix("http://") else { return false };
    let authority = authority(rest);
    let host = authority.rsplit_once(':').map_or(authority.as_str(), |(host, _)| host);
    ["localhost", "127.0.0.1", "[::1]"].contains(&host)
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
            "{ kind: folder, path: /srv/raw }",
            "{ kind: database }",
            "{ kind: s3, bucket: raw-files, key_id: AKIA, region: eu-west-1, prefix: muster/ }",
            "{ kind: s3, bucket: raw, key_id: A, endpoint: 'http://127.0.0.1:9000', conditional_writes: false }",
        ] {
            assert_eq!(problems_of(fits), Vec::<String>::new(), "{fits}");
        }
    }

    #[test]
    fn all_that_does_not_fit_is_told() {
        assert_eq!(problems_of("{ kind: tape }"), ["archive.kind: must be one of folder, database, s3"]);
        assert_eq!(
            problems_of("{ kind: s3, path: x, endpoint: 'http://example.org' }"),
            [
                "archive.path: does not belong to an archive of the kind s3",
                "archive.endpoint: must be the address of a store, https://… (http:// on this machine only)",
                "archive.bucket: is missing",
                "archive.key_id: is missing",
            ]
        );
        assert_eq!(problems_of("{ kind: folder, path: x, buckets: x }").len(), 1);
        assert_eq!(problems_of("[]"), ["archive: must be a map of settings"]);
    }
}
