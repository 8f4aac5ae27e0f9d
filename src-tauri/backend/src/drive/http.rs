//! Requests to the Drive API: signed, made again where that may help, and given up when the person cancels.

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode, Url};
use serde::de::DeserializeOwned;

use super::Drive;
use super::failure::{Failure, not_understood, signed_out, unreachable};
use crate::error::{Error, Result};
use crate::progress::{Job, LOOK, unless_cancelled};

/// Longest answer of the API that is taken, in bytes; a page of 100 files is a tenth of it.
const LONGEST: usize = 4 * 1_024 * 1_024;

/// How attempts follow each other: truncated exponential backoff with jitter, as Google asks for.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Before the second attempt; doubled each time
    pub first: Duration,
    /// No pause is longer, unless Google asks for it
    pub longest: Duration,
    /// Longest pause that Google may ask for
    pub patience: Duration,
    /// Attempts
    pub attempts: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(32),
            patience: Duration::from_secs(120),
            attempts: 7,
        }
    }
}

impl Pace {
    /// The pause after an attempt, numbered from 0; `None` where it was the last, or Google asks for more than there is
    /// patience for.
    fn after(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        if attempt + 1 >= self.attempts || asked.is_some_and(|asked| asked > self.patience) {
            return None;
        }
        let doubled = self.first.saturating_mul(1 << attempt.min(16)).min(self.longest);
        // So that many programs that were turned down together do not come back together.
        let own = doubled / 2 + doubled.mul_f64(random_part() / 2.0);
        Some(asked.map_or(own, |asked| asked.max(own)))
    }
}

/// From 0 to 1.
fn random_part() -> f64 {
    let number = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(number) / f64::from(u32::MAX)
}

/// Waits before another attempt, and tells so.
pub(super) async fn pause(job: &Job, length: Duration) -> Result<()> {
    let started = Instant::now();
    while let Some(left) = length.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) {
        job.report("drive_wait", started.elapsed().as_secs(), Some(length.as_secs().max(1)))?;
        tokio::time::sleep(left.min(LOOK)).await;
    }
    job.report("drive_wait", length.as_secs().max(1), Some(length.as_secs().max(1)))
}

/// Counts the attempts at one piece of work.
pub(super) struct Attempts<'d> {
    drive: &'d Drive,
    made: u32,
}

impl<'d> Attempts<'d> {
    pub(super) fn of(drive: &'d Drive) -> Attempts<'d> {
        Attempts { drive, made: 0 }
    }

    /// Progress was made: the next failure is a first one.
    pub(super) fn start_again(&mut self) {
        self.made = 0;
    }

    /// Waits for the next attempt; gives the error where there is none.
    pub(super) async fn next(&mut self, error: Error, asked: Option<Duration>, job: &Job) -> Result<()> {
        let Some(length) = self.drive.0.pace.after(self.made, asked) else { return Err(error) };
        self.made += 1;
        pause(job, length).await
    }
}

/// A request to the API.
pub(super) struct Request<'r> {
    pub(super) account: &'r str,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
}

impl<'r> Request<'r> {
    pub(super) fn new(account: &'r str, url: Url) -> Request<'r> {
        Request { account, url, headers: HeaderMap::new() }
    }

    /// Names the key of a file that was shared by link (`X-Goog-Drive-Resource-Keys`).
    pub(super) fn with_key(mut self, id: &str, key: Option<&str>) -> Request<'r> {
        if let Some(value) = key.and_then(|key| HeaderValue::from_str(&format!("{id}/{key}")).ok()) {
            self.headers.insert("x-goog-drive-resource-keys", value);
        }
        self
    }
}

/// What came of one attempt.
pub(super) enum Outcome {
    Answer(Response),
    Failed(Failure),
    /// No answer
    Lost,
}

impl Drive {
    /// Makes a request once. A token that is not taken is fetched anew, once.
    ///
    /// # Errors
    /// When the sign-in is over, or the job is cancelled.
    pub(super) async fn attempt(&self, request: &Request<'_>, job: &Job) -> Result<Outcome> {
        for renewed in [false, true] {
            let token = self.token(request.account, job).await?;
            let sent = self
                .0
                .api
                .get(request.url.clone())
                .headers(request.headers.clone())
                .bearer_auth(token.expose())
                .send();
            let Ok(answer) = unless_cancelled(job, sent).await? else { return Ok(Outcome::Lost) };
            if answer.status() == StatusCode::UNAUTHORIZED {
                self.forget_token(request.account).await;
                if renewed {
                    self.note_signed_out(request.account, true);
                }
                continue;
            }
            if answer.status().is_success() {
                return Ok(Outcome::Answer(answer));
            }
            return Ok(Outcome::Failed(unless_cancelled(job, Failure::of(answer)).await?));
        }
        Err(signed_out())
    }

    /// Makes a request until it succeeds or no attempt is left.
    ///
    /// # Errors
    /// As [`Drive::attempt`]; what Google answers in the end.
    pub(super) async fn send(&self, request: &Request<'_>, job: &Job) -> Result<Response> {
        let mut attempts = Attempts::of(self);
        loop {
            let (error, asked) = match self.attempt(request, job).await? {
                Outcome::Answer(answer) => return Ok(answer),
                Outcome::Failed(failure) if failure.passes() => (failure.error(), failure.retry_after),
                Outcome::Failed(failure) => return Err(failure.error()),
                Outcome::Lost => (unreachable(), None),
            };
            attempts.next(error, asked, job).await?;
        }
    }

    /// A request whose answer is JSON. An answer that is cut counts as none.
    ///
    /// # Errors
    /// As [`Drive::send`]; when the answer does not fit.
    pub(super) async fn json<T: DeserializeOwned>(&self, request: &Request<'_>, job: &Job) -> Result<T> {
        let mut attempts = Attempts::of(self);
        loop {
            let answer = self.send(request, job).await?;
            match unless_cancelled(job, whole(answer)).await? {
                Some(body) => return serde_json::from_slice(&body).map_err(|_| not_understood()),
                None => attempts.next(unreachable(), None, job).await?,
            }
        }
    }
}

/// All of an answer; nothing where it is cut or too long.
async fn whole(mut answer: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return None;
        }
    }
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_heed_what_google_asks() {
        let pace = Pace::default();
        for (attempt, most) in [(0, 1.0), (1, 2.0), (2, 4.0), (4, 16.0), (5, 32.0)] {
            let length = pace.after(attempt, None).unwrap().as_secs_f64();
            assert!(length >= most / 2.0 && length <= most, "{attempt}: {length}");
        }
        assert_eq!(pace.after(6, None), None);
        assert_eq!(pace.after(0, Some(Duration::from_secs(20))), Some(Duration::from_secs(20)));
        assert_eq!(pace.after(0, Some(Duration::from_secs(3_600))), None);
    }

    #[tokio::test]
    async fn a_pause_ends_when_the_person_cancels() {
        let job = Job::silent();
        job.cancel();
        assert!(pause(&job, Duration::from_secs(60)).await.is_err());
    }
}
