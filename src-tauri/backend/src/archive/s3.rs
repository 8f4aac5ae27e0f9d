//! An archive in a bucket of Amazon S3, or of a store that speaks its language.
//!
//! A file is written on the condition that nothing is there under its name (`If-None-Match: *`), with the SHA-256 of its
//! bytes for the store to check, and is then read back. One that is too large for one request is sent in parts, which
//! know no condition; its name is looked up before, and only bytes with its hash are completed under it.

use std::fs::File;
use std::io::{Read, Write};
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum, S3ConditionalPut};
use object_store::path::Path as Key;
use object_store::{
    ClientOptions, Error as StoreError, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
    RetryConfig, WriteMultipart,
};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::{Progress, RawSource, damaged, lost, not_as_read};
use crate::config::ArchiveConfig;
use crate::error::{Code, Error, Result};
use crate::progress::Job;
use crate::secret::Secret;

/// Bytes that are sent or read at once; larger files go in parts.
pub(super) const PART: u64 = 8 << 20;
/// Parts that are under way at once.
const PARTS_AT_ONCE: usize = 4;
/// How long the store may take for one request, and how long a failing one is tried again.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a test of the archive writes.
pub(super) const TEST: &[u8] = b"Muster";

#[derive(Debug)]
pub(super) struct S3Archive {
    store: AmazonS3,
    prefix: String,
    /// Whether the store must refuse to write over a file
    strict: bool,
    /// That it does was seen
    refuses: OnceCell<()>,
}

/// Where an archive of these settings is.
pub(super) fn location(config: &ArchiveConfig) -> String {
    let (bucket, prefix) = (config.bucket.as_deref().unwrap_or_default(), prefix(config));
    if prefix.is_empty() { format!("s3://{bucket}") } else { format!("s3://{bucket}/{prefix}") }
}

fn prefix(config: &ArchiveConfig) -> &str {
    config.prefix.as_deref().unwrap_or_default().trim_matches('/')
}

/// A bucket at the address, in the region and with the key of the archive.
pub(super) fn connect(config: &ArchiveConfig, bucket: &str, secret: &Secret) -> Result<AmazonS3> {
    // For the connections; the program has one provider of cryptography.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(config.region.as_deref().unwrap_or("us-east-1"))
        .with_access_key_id(config.key_id.as_deref().unwrap_or_default())
        .with_secret_access_key(secret.expose())
        .with_checksum_algorithm(Checksum::SHA256)
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        .with_client_options(ClientOptions::new().with_timeout(PATIENCE))
        .with_retry(RetryConfig { max_retries: 5, retry_timeout: PATIENCE, ..RetryConfig::default() });
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    builder.build().map_err(|error| told(&error))
}

impl S3Archive {
    pub(super) fn new(config: &ArchiveConfig, secret: &Secret) -> Result<S3Archive> {
        let store = connect(config, config.bucket.as_deref().unwrap_or_default(), secret)?;
        let strict = config.conditional_writes.unwrap_or(true);
        Ok(S3Archive { store, prefix: prefix(config).to_owned(), strict, refuses: OnceCell::new() })
    }

    fn key(&self, name: &str) -> Result<Key> {
        let text = if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) };
        Key::parse(text).map_err(|_| {
            Error::new(Code::Config, "The prefix of the archive cannot be a part of an object's name")
                .with_help("Correct it in the settings (archive.prefix).")
        })
    }

    pub(super) async fn keep(&self, file: &RawSource, progress: &Progress<'_>) -> Result<()> {
        let key = self.key(&file.sha256)?;
        match self.store.head(&key).await {
            Ok(there) if there.size == file.size => return progress.report(file.size),
            Ok(_) => return Err(damaged()),
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(told(&error)),
        }
        if self.strict {
            self.refuses.get_or_try_init(|| self.check_conditions()).await?;
        }
        if file.size <= PART {
            self.put(file, &key).await?
        } else {
            self.put_parts(file, &key, progress).await?
        }
        progress.report(file.size)?;
        match self.read(&file.sha256, &mut std::io::sink(), progress).await? == file.sha256 {
            true => Ok(()),
            false => Err(damaged()),
        }
    }

    async fn put(&self, file: &RawSource, key: &Key) -> Result<()> {
        let bytes =
            tokio::fs::read(&file.path).await.map_err(|error| Error::disk("read the file", &error))?;
        if format!("{:x}", Sha256::digest(&bytes)) != file.sha256 {
            return Err(not_as_read());
        }
        match self.store.put_opts(key, PutPayload::from(bytes), create()).await {
            // Somebody else has archived it meanwhile; what they wrote is checked as well.
            Ok(_) | Err(StoreError::AlreadyExists { .. } | StoreError::Precondition { .. }) => Ok(()),
            Err(error) => Err(not_stored(&error)),
        }
    }

    async fn put_parts(&self, file: &RawSource, key: &Key, progress: &Progress<'_>) -> Result<()> {
        let failed = |error: std::io::Error| Error::disk("read the file", &error);
        let upload = self.store.put_multipart(key).await.map_err(|error| not_stored(&error))?;
        let mut upload =
            WriteMultipart::new_with_chunk_size(upload, usize::try_from(PART).unwrap_or(usize::MAX));
        let sent = async {
            let mut from = File::open(&file.path).map_err(failed)?;
            let (mut hasher, mut chunk, mut done) = (Sha256::new(), vec![0; 1 << 20], 0);
            loop {
                let length = from.read(&mut chunk).map_err(failed)?;
                if length == 0 {
                    break;
                }
                hasher.update(&chunk[..length]);
                upload.wait_for_capacity(PARTS_AT_ONCE).await.map_err(|error| told(&error))?;
                upload.write(&chunk[..length]);
                done += length as u64;
                progress.report(done)?;
            }
            if format!("{:x}", hasher.finalize()) == file.sha256 { Ok(()) } else { Err(not_as_read()) }
        };
        match sent.await {
            Ok(()) => upload.finish().await.map(drop).map_err(|error| told(&error)),
            Err(error) => {
                let _ = upload.abort().await;
                Err(error)
            }
        }
    }

    /// Writes the bytes; gives their hash.
    pub(super) async fn read(
        &self,
        sha256: &str,
        to: &mut (dyn Write + Send),
        progress: &Progress<'_>,
    ) -> Result<String> {
        let key = self.key(sha256)?;
        let size = self.store.head(&key).await.map_err(|error| told(&error))?.size;
        let (mut hasher, mut done) = (Sha256::new(), 0);
        while done < size {
            let range = done..(done + PART).min(size);
            let bytes = self.store.get_range(&key, range).await.map_err(|error| told(&error))?;
            if bytes.is_empty() {
                break;
            }
            hasher.update(&bytes);
            to.write_all(&bytes).map_err(|error| Error::disk("save the file", &error))?;
            done += bytes.len() as u64;
            progress.report(done)?;
        }
        Ok(format!("{:x}", hasher.finalize()))
    }

    /// Sees that the store refuses to write over an object: some take the condition and ignore it.
    async fn check_conditions(&self) -> Result<()> {
        let name = test_name()?;
        self.write_test(&name).await?;
        let refused = self.refuses_overwriting(&name).await;
        self.remove_test(&name).await;
        if refused? { Ok(()) } else { Err(overwritable()) }
    }

    async fn put_test(&self, name: &str) -> Result<std::result::Result<(), StoreError>> {
        let key = self.key(name)?;
        Ok(self.store.put_opts(&key, PutPayload::from_static(TEST), create()).await.map(drop))
    }

    /// Writes a small object of a name of its own.
    pub(super) async fn write_test(&self, name: &str) -> Result<()> {
        self.put_test(name).await?.map_err(|error| not_stored(&error))
    }

    /// Reads it, and compares.
    pub(super) async fn read_test(&self, name: &str) -> Result<()> {
        let mut bytes = Vec::new();
        let progress = Progress { job: &Job::silent(), done: 0, total: 0 };
        self.read(name, &mut bytes, &progress).await?;
        if bytes == TEST { Ok(()) } else { Err(damaged()) }
    }

    /// Tries to write over it; whether the store refused that.
    pub(super) async fn refuses_overwriting(&self, name: &str) -> Result<bool> {
        match self.put_test(name).await? {
            Err(StoreError::AlreadyExists { .. } | StoreError::Precondition { .. }) => Ok(true),
            Ok(()) => Ok(false),
            Err(error) => Err(told(&error)),
        }
    }

    /// A bucket that keeps everything for ever may refuse this; the object is small.
    pub(super) async fn remove_test(&self, name: &str) {
        if let Ok(key) = self.key(name) {
            let _ = self.store.delete(&key).await;
        }
    }

    /// Whether the settings ask for a store that refuses to write over a file.
    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }
}

/// A name that nothing has in the archive.
pub(super) fn test_name() -> Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random)
        .map_err(|_| Error::new(Code::Internal, "The system gives no random numbers"))?;
    let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("muster-test-{name}"))
}

pub(super) fn overwritable() -> Error {
    Error::new(Code::Refused, "The archive's store lets files be overwritten").with_help(
        "It ignores conditional writes. Use another store, or set archive.conditional_writes: false.",
    )
}

fn create() -> PutOptions {
    PutOptions { mode: PutMode::Create, ..PutOptions::default() }
}

/// As [`told`], where something was to be written: then it is the bucket that is not found.
fn not_stored(error: &StoreError) -> Error {
    match error {
        StoreError::NotFound { .. } => Error::new(Code::Config, "The archive's store has no such bucket")
            .with_help("Correct the bucket in the settings (archive.bucket), or make it."),
        error => told(error),
    }
}

/// The store's error, without what it quotes.
fn told(error: &StoreError) -> Error {
    match error {
        StoreError::NotFound { .. } => lost(),
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => Error::new(
            Code::Refused,
            "The archive's store does not accept the access key",
        )
        .with_help(
            "Check the key's id (archive.key_id), its secret (muster secrets set archive) and its rights.",
        ),
        StoreError::NotSupported { .. } | StoreError::NotImplemented { .. } => {
            Error::new(Code::Config, "The archive's store cannot do what an archive needs")
                .with_help("Use a store with conditional writes, such as Amazon S3.")
        }
        _ => Error::new(Code::Network, "The archive's store did not answer as it should")
            .with_help("Check its address (archive.endpoint), the bucket and the network, and try again."),
    }
}
