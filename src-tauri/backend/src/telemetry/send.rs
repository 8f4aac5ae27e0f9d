//! Sends what was collected, as OTLP over HTTP, to the address of the settings and to no other: what the environment
//! says (`OTEL_…`) counts for nothing here. Requests run on a thread of their own, which no work waits for.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::runtime::{Builder, Runtime};

use crate::config::{OtlpConfig, Signal};
use crate::error::{Code, Error, Result};
use crate::secret::Secret;

/// How long a collector may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// How long a request may take in all.
const LIMIT: Duration = Duration::from_secs(5);

/// Why a request got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// The host's name is not known
    Name,
    /// Nobody answers, or the connection broke
    Connection,
    /// No secure connection came about
    Tls,
    /// No answer in time
    Slow,
}

/// What came of the last request: the status, or why there is none.
pub(super) type Answer = std::result::Result<u16, Lost>;

/// Sends one signal. Cheap to clone.
#[derive(Clone)]
pub(super) struct Sender {
    client: Client,
    url: Url,
    key: Option<(HeaderName, HeaderValue)>,
    last: Arc<Mutex<Option<Answer>>>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

/// Makes requests without following redirects: a key never goes on to another address.
///
/// # Errors
/// When the system gives no means to make secure connections.
pub(super) fn client(config: &OtlpConfig) -> Result<Client> {
    // Another part of the program may have chosen before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("Muster/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .timeout(LIMIT)
        .redirect(Policy::none());
    let builder = if config.is_local() { builder.no_proxy() } else { builder };
    builder.build().map_err(|_| {
        Error::new(Code::Internal, "No secure connections can be made on this machine")
            .with_help("Check that the system's list of certificate authorities can be read.")
    })
}

impl Sender {
    /// For one signal.
    ///
    /// # Errors
    /// [`Code::Config`] where the settings name no address, or the key is none that a header can carry.
    pub(super) fn new(
        client: &Client,
        config: &OtlpConfig,
        signal: Signal,
        key: Option<&Secret>,
    ) -> Result<Sender> {
        let wrong = |what: &str| {
            Error::new(Code::Config, format!("The {what} of the collector in the settings does not fit"))
                .with_help("Correct it in the settings (logs), then try again.")
        };
        let url = config.address(signal).ok_or_else(|| wrong("address"))?;
        let key = match (config.header_of_key(), key) {
            (Some(header), Some(key)) => {
                let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| wrong("header"))?;
                let mut value = HeaderValue::from_str(key.expose()).map_err(|_| wrong("key"))?;
                value.set_sensitive(true);
                Some((name, value))
            }
            _ => None,
        };
        Ok(Sender { client: client.clone(), url, key, last: Arc::default() })
    }

    /// Whether anybody answers at the address; nothing is sent, not even the key.
    pub(super) async fn reach(&self) -> Answer {
        let asked = self.client.head(self.url.clone()).send();
        asked.await.map(|answer| answer.status().as_u16()).map_err(|error| lost(&error))
    }

    /// What came of the last request.
    pub(super) fn last(&self) -> Option<Answer> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn post(self, body: Bytes) -> Answer {
        let mut request =
            self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/x-protobuf").body(body);
        if let Some((name, value)) = self.key.clone() {
            request = request.header(name, value);
        }
        let answer = request.send().await;
        let answer = answer.map(|answer| answer.status().as_u16()).map_err(|error| lost(&error));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        answer
    }
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> std::result::Result<Response<Bytes>, HttpError> {
        let runtime = runtime().ok_or("no thread to send on")?;
        let answer = runtime.spawn(self.clone().post(request.into_body())).await?;
        let status = answer.map_err(|_| "no answer")?;
        Ok(Response::builder().status(status).body(Bytes::new())?)
    }
}

/// The thread that sends. It ends with the program.
fn runtime() -> Option<&'static Runtime> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let start = || {
        let builder = &mut Builder::new_multi_thread();
        builder.worker_threads(1).max_blocking_threads(2).thread_name("telemetry").enable_all().build().ok()
    };
    RUNTIME.get_or_init(start).as_ref()
}

/// Only the kind of failure: what a library says of it may name the address.
fn lost(error: &reqwest::Error) -> Lost {
    use std::io::ErrorKind as Kind;
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut refused = false;
    while let Some(error) = cause {
        if error.to_string().starts_with("dns error") {
            return Lost::Name;
        }
        refused |= error.downcast_ref::<std::io::Error>().is_some_and(|error| {
            matches!(error.kind(), Kind::ConnectionRefused | Kind::HostUnreachable | Kind::NetworkUnreachable)
        });
        cause = error.source();
    }
    if error.is_timeout() {
        return Lost::Slow;
    }
    // What goes wrong between the connection and the first request is the handshake.
    let secure = error.url().is_some_and(|url| url.scheme() == "https");
    if secure && error.is_connect() && !refused { Lost::Tls } else { Lost::Connection }
}
