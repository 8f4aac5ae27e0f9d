//! Files of a recipe that are in S3: `s3://BUCKET/KEY`, read at the address, in the region and with the key of the archive.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use object_store::aws::AmazonS3;
use object_store::path::Path as Key;
use object_store::{Error as StoreError, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt};
use serde::Serialize;

use super::Archive;
use super::s3::{PART, connect};
use crate::config::{ArchiveConfig, ArchiveKind, is_bucket};
use crate::error::{Code, Error, Result};
use crate::profiles::Profiles;
use crate::progress::{Job, unless_cancelled};
use crate::secret::Secret;

/// How such a path begins.
const SCHEME: &str = "s3://";

/// Times that a file which was changed on its way is fetched from its start.
const FRESH_STARTS: u32 = 3;

/// Whether a path of a recipe is one in S3.
pub(crate) fn is_in_s3(path: &str) -> bool {
    path.starts_with(SCHEME)
}

/// The bucket and the object's key in such a path.
fn parts(path: &str) -> Option<(&str, Key)> {
    let (bucket, name) = path.strip_prefix(SCHEME)?.split_once('/')?;
    // One that would be asked for under another name is no file either.
    let key = Key::parse(name).ok().filter(|key| !name.is_empty() && key.as_ref() == name)?;
    is_bucket(bucket).then_some((bucket, key))
}

/// The bucket and the folder (`None`: the bucket itself) of an address `s3://BUCKET[/PREFIX]`.
fn folder(address: &str) -> Option<(&str, Option<Key>)> {
    let rest = address.strip_prefix(SCHEME)?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = prefix.trim_end_matches('/');
    let key = Key::parse(prefix).ok().filter(|key| key.as_ref() == prefix)?;
    is_bucket(bucket).then_some((bucket, (!prefix.is_empty()).then_some(key)))
}

/// An object of a bucket, as a recipe can name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct S3Item {
    /// `s3://BUCKET/KEY`
    pub path: String,
    /// What is after the last `/` of its key
    pub name: String,
    /// Bytes
    pub size: u64,
    /// RFC 3339
    pub modified: String,
    /// Another one where the object was written again: its entity tag, or where the store gives none, its time
    pub version: String,
}

/// What is in a folder of a bucket (`s3://BUCKET[/PREFIX]`), in the order of its keys; what is in folders below it is left out.
///
/// # Errors
/// [`Code::Config`] where the archive of the settings is not in S3, [`Code::SecretMissing`], [`Code::InvalidInput`] where this is
/// no such address, [`Code::NotFound`] where there is no such bucket; when it cannot be listed, or the job is cancelled.
pub async fn list_s3(profiles: &Profiles, address: &str, job: &Job) -> Result<Vec<S3Item>> {
    let files = S3Files::open(profiles).await?;
    let (bucket, prefix) = folder(address).ok_or_else(|| {
        Error::new(Code::InvalidInput, "This is no folder in S3")
            .with_help("It has the form s3://BUCKET/PREFIX.")
    })?;
    let store = connect(&files.config, bucket, &files.secret)?;
    let asked = store.list_with_delimiter(prefix.as_ref());
    let mut listed = unless_cancelled(job, asked).await?.map_err(|error| not_listed(&error))?.objects;
    listed.sort_by(|a, b| a.location.cmp(&b.location));
    let item = |object: ObjectMeta| {
        let modified = object.last_modified.to_rfc3339();
        S3Item {
            path: format!("{SCHEME}{bucket}/{}", object.location),
            name: object.location.filename().unwrap_or_default().to_owned(),
            size: object.size,
            version: object.e_tag.unwrap_or_else(|| modified.clone()),
            modified,
        }
    };
    Ok(listed.into_iter().map(item).collect())
}

/// The S3 of the archive's settings, for a run. Nothing is asked of it before a file is fetched.
pub(crate) struct S3Files {
    config: ArchiveConfig,
    secret: Secret,
}

impl S3Files {
    /// # Errors
    /// [`Code::Config`] where the archive of the settings is not in S3; as [`crate::secrets::Secrets::of_archive`], and
    /// [`Code::SecretMissing`].
    pub(crate) async fn open(profiles: &Profiles) -> Result<S3Files> {
        let archive = Archive::of(profiles);
        if archive.config.kind != ArchiveKind::S3 {
            return Err(Error::new(Code::Config, "A file is in S3, and the settings name no S3").with_help(
                "Files are read with the archive's address, region and key: set the archive to S3 (Settings, or \
                 config.yml; docs/ARCHIVE.md).",
            ));
        }
        Ok(S3Files { secret: archive.secret().await?, config: archive.config })
    }

    /// Fetches a file into `to`, which is made. Gives its name. The job's stage is `s3_download`, in bytes.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] where the path names no object, [`Code::NotFound`] where it is not there; when it cannot be
    /// read, or the job is cancelled. What is at `to` then counts for nothing.
    pub(crate) async fn fetch(&self, path: &str, to: &Path, job: &Job) -> Result<String> {
        let (bucket, key) = parts(path).ok_or_else(|| {
            Error::new(Code::InvalidInput, "This is no path of a file in S3")
                .with_help("It has the form s3://BUCKET/KEY.")
        })?;
        let store = connect(&self.config, bucket, &self.secret)?;
        for _ in 0..FRESH_STARTS {
            let there = unless_cancelled(job, store.head(&key)).await?.map_err(|error| told(&error))?;
            let mut file = File::create(to).map_err(|error| failed(&error))?;
            if read(&store, &there, &mut file, job).await? {
                return Ok(key.filename().unwrap_or_default().to_owned());
            }
        }
        Err(Error::new(Code::Network, "The file was changed in S3 each time that it was fetched")
            .with_help("Somebody may be writing it. Try again in a moment."))
    }
}

/// Reads an object as it is described; `false` where it has become another one meanwhile.
async fn read(store: &AmazonS3, there: &ObjectMeta, to: &mut File, job: &Job) -> Result<bool> {
    let mut done = 0;
    job.report("s3_download", done, Some(there.size))?;
    while done < there.size {
        let range = done..(done + PART).min(there.size);
        let part =
            GetOptions { range: Some(range.into()), if_match: there.e_tag.clone(), ..GetOptions::default() };
        let asked = async { store.get_opts(&there.location, part).await?.bytes().await };
        let bytes = match unless_cancelled(job, asked).await? {
            Ok(bytes) if bytes.is_empty() => return Ok(false),
            Ok(bytes) => bytes,
            Err(StoreError::Precondition { .. }) => return Ok(false),
            Err(error) => return Err(told(&error)),
        };
        to.write_all(&bytes).map_err(|error| failed(&error))?;
        done += bytes.len() as u64;
        job.report("s3_download", done, Some(there.size))?;
    }
    Ok(done == there.size)
}

/// The store's error, without what it quotes.
fn told(error: &StoreError) -> Error {
    match error {
        StoreError::NotFound { .. } => missing(),
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => not_let_in(),
        _ => Error::new(Code::Network, "S3 did not answer as it should")
            .with_help("Check its address (archive.endpoint) and the network, and try again."),
    }
}

/// The error of a list, of which the crate has no kinds: the store's answer is in its text only. A retry mends none of these.
fn not_listed(error: &StoreError) -> Error {
    let text = error.to_string();
    let answered = |status: &str| text.contains(&format!("status code: {status}"));
    if answered("404") {
        missing()
    } else if answered("403") || answered("401") {
        not_let_in()
    } else {
        told(error)
    }
}

fn missing() -> Error {
    Error::new(Code::NotFound, "S3 has no such file, or no such bucket")
        .with_help("Check the path: s3://BUCKET/KEY.")
}

fn not_let_in() -> Error {
    Error::new(Code::Refused, "S3 does not let this access key read what is there").with_help(
        "Check the key's id (archive.key_id), its secret (muster secrets set archive) and its rights.",
    )
}

fn failed(error: &std::io::Error) -> Error {
    Error::disk("keep the file from S3", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_bucket_and_an_object() {
        for (path, bucket, key) in [
            ("s3://lists/golf.csv", "lists", "golf.csv"),
            ("s3://my.lists/2026/11/golf club.csv", "my.lists", "2026/11/golf club.csv"),
        ] {
            let (found, object) = parts(path).unwrap();
            assert_eq!((found, object.as_ref()), (bucket, key));
        }
        for wrong in [
            "s3://",
            "s3://lists",
            "s3://lists/",
            "s3:///golf.csv",
            "s3://lists//golf.csv",
            "s3://lists/2026/",
            "s3://a/b",
            "s3://lists/../x",
            "s3://l?s/x",
        ] {
            assert!(parts(wrong).is_none(), "{wrong}");
        }
        for (address, bucket, prefix) in [
            ("s3://lists", "lists", None),
            ("s3://lists/", "lists", None),
            ("s3://lists/in/box/", "lists", Some("in/box")),
        ] {
            let (found, folder) = folder(address).unwrap();
            assert_eq!((found, folder.as_ref().map(Key::as_ref)), (bucket, prefix));
        }
        assert!(
            folder("s3://").is_none() && folder("lists/in").is_none() && folder("s3://lists/../x").is_none()
        );
        assert!(!is_in_s3("S3.csv") && !is_in_s3("s3/golf.csv"));
    }
}
