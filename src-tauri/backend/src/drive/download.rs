//! Fetches a file: goes on where a transfer was cut, checks what came, and keeps only what is whole.

use std::fs::File;
use std::io::{Seek, Write};
use std::time::Instant;

use md5::{Digest as _, Md5};
use reqwest::header::{CONTENT_RANGE, HeaderValue, RANGE};
use reqwest::{Response, StatusCode};
use sha2::{Digest as _, Sha256};

use super::Drive;
use super::failure::unreachable;
use super::http::{Attempts, Outcome, Request};
use super::remote::{RemoteFile, SHEET, XLSX};
use crate::error::{Code, Error, Result};
use crate::progress::{Job, unless_cancelled};
use crate::raw_files::RawFile;
use crate::telemetry::{Event, Seconds, Stage, record, stage};

/// Times that a file which came damaged, or changed on its way, is fetched from its start.
const FRESH_STARTS: u32 = 2;

/// A file that was fetched.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// As Drive described it
    pub(crate) file: RemoteFile,
    /// The hash and size of what came
    pub(crate) raw: RawFile,
}

/// What came so far.
struct Arriving<'f> {
    to: &'f mut File,
    sha256: Sha256,
    md5: Md5,
    size: u64,
}

/// Why a transfer ended.
enum Ended {
    Whole,
    /// More may come by another attempt
    Cut,
    /// Nothing that came fits to what comes now
    StartAgain,
}

impl Drive {
    /// Fetches a file into `to`, which is empty; Google Sheets come as XLSX. The job's stage is `download`, in bytes.
    ///
    /// # Errors
    /// When the file may not be fetched, no attempt is left, what came does not have the checksum that Drive gives, or
    /// the job is cancelled. What is in `to` then counts for nothing.
    pub(crate) async fn fetch(&self, account: &str, id: &str, to: &mut File, job: &Job) -> Result<Fetched> {
        let began = Instant::now();
        let fetched = stage(Stage::Download, self.fetch_whole(account, id, to, job)).await?;
        record(Event::Downloaded { bytes: fetched.raw.size, seconds: Seconds::since(began) });
        Ok(fetched)
    }

    async fn fetch_whole(&self, account: &str, id: &str, to: &mut File, job: &Job) -> Result<Fetched> {
        let mut file = self.file(account, id, job).await?;
        for _ in 0..FRESH_STARTS {
            let raw = match file.mime_type.as_str() {
                SHEET => self.export(account, &file, to, job).await?,
                _ => self.media(account, &file, to, job).await?,
            };
            // Somebody may have written to it meanwhile; a Sheet has no checksum that would tell.
            let now = self.file(account, id, job).await?;
            match raw {
                Some(raw) if now.version() == file.version() => return Ok(Fetched { file, raw }),
                _ => file = now,
            }
        }
        Err(Error::new(Code::Network, "The file did not arrive as it is in Google Drive")
            .with_help("Somebody may be changing it. Try again in a moment."))
    }

    /// Nothing where what came is not what Drive has.
    async fn media(
        &self,
        account: &str,
        file: &RemoteFile,
        to: &mut File,
        job: &Job,
    ) -> Result<Option<RawFile>> {
        let mut url = self.address(&["files", &file.id])?;
        url.query_pairs_mut().append_pair("alt", "media").append_pair("supportsAllDrives", "true");
        let mut arriving = Arriving::into(to)?;
        let mut attempts = Attempts::of(self);
        let mut furthest = 0;
        loop {
            let mut request =
                Request::new(account, url.clone()).with_key(&file.id, file.resource_key.as_deref());
            if let Some(range) = arriving.range() {
                request.headers.insert(RANGE, range);
            }
            let (error, asked) = match self.attempt(&request, job).await? {
                Outcome::Answer(answer) => match arriving.take(answer, file.size(), job).await? {
                    Ended::Whole => return Ok(arriving.finish(file)),
                    Ended::Cut => (unreachable(), None),
                    Ended::StartAgain => {
                        arriving.empty()?;
                        (unreachable(), None)
                    }
                },
                // All of it is there already, or the file is shorter now.
                Outcome::Failed(failure) if failure.status == 416 => {
                    arriving.empty()?;
                    (failure.error(), None)
                }
                Outcome::Failed(failure) if failure.passes() => (failure.error(), failure.retry_after),
                Outcome::Failed(failure) => return Err(failure.error()),
                Outcome::Lost => (unreachable(), None),
            };
            if arriving.size > furthest {
                furthest = arriving.size;
                attempts.start_again();
            }
            attempts.next(error, asked, job).await?;
        }
    }

    async fn export(
        &self,
        account: &str,
        file: &RemoteFile,
        to: &mut File,
        job: &Job,
    ) -> Result<Option<RawFile>> {
        let mut url = self.address(&["files", &file.id, "export"])?;
        url.query_pairs_mut().append_pair("mimeType", XLSX);
        let mut arriving = Arriving::into(to)?;
        let mut attempts = Attempts::of(self);
        loop {
            let request = Request::new(account, url.clone()).with_key(&file.id, file.resource_key.as_deref());
            let answer = self.send(&request, job).await?;
            // Made anew each time: there is nothing to go on from.
            arriving.empty()?;
            match arriving.take(answer, None, job).await? {
                Ended::Whole => return Ok(arriving.finish(file)),
                Ended::Cut | Ended::StartAgain => attempts.next(unreachable(), None, job).await?,
            }
        }
    }
}

impl<'f> Arriving<'f> {
    fn into(to: &'f mut File) -> Result<Arriving<'f>> {
        let mut arriving = Arriving { to, sha256: Sha256::default(), md5: Md5::default(), size: 0 };
        arriving.empty()?;
        Ok(arriving)
    }

    fn empty(&mut self) -> Result<()> {
        self.to.rewind().and_then(|()| self.to.set_len(0)).map_err(|error| failed(&error))?;
        (self.sha256, self.md5, self.size) = (Sha256::default(), Md5::default(), 0);
        Ok(())
    }

    /// What to ask for, where something is there already.
    fn range(&self) -> Option<HeaderValue> {
        if self.size == 0 {
            return None;
        }
        HeaderValue::from_str(&format!("bytes={}-", self.size)).ok()
    }

    /// Takes what an answer holds. `whole` is the size of the file, where it is known.
    async fn take(&mut self, mut answer: Response, whole: Option<u64>, job: &Job) -> Result<Ended> {
        if answer.status() == StatusCode::PARTIAL_CONTENT {
            if begins(&answer) != Some(self.size) {
                return Ok(Ended::StartAgain);
            }
        } else {
            // The server sends all of it, whatever was asked for.
            self.empty()?;
        }
        // What the answer says goes first: somebody may have saved another version since Drive told the size.
        let whole = answer.content_length().map(|length| self.size + length).or(whole);
        job.report("download", self.size, whole)?;
        loop {
            match unless_cancelled(job, answer.chunk()).await? {
                Ok(Some(chunk)) => {
                    self.to.write_all(&chunk).map_err(|error| failed(&error))?;
                    self.sha256.update(&chunk);
                    self.md5.update(&chunk);
                    self.size += chunk.len() as u64;
                    job.report("download", self.size, whole)?;
                }
                Ok(None) => break,
                Err(_) => return Ok(Ended::Cut),
            }
        }
        Ok(match whole {
            Some(whole) if self.size < whole => Ended::Cut,
            _ => Ended::Whole,
        })
    }

    /// Nothing where it is not what Drive says it has.
    fn finish(self, file: &RemoteFile) -> Option<RawFile> {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let md5 = hex(&self.md5.finalize());
        if file.md5_checksum.as_ref().is_some_and(|expected| !expected.eq_ignore_ascii_case(&md5)) {
            return None;
        }
        Some(RawFile { sha256: hex(&self.sha256.finalize()), size: self.size })
    }
}

/// Where the part in an answer begins.
fn begins(answer: &Response) -> Option<u64> {
    let range = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

fn failed(error: &std::io::Error) -> Error {
    Error::disk("keep the file from Google Drive", error)
}
