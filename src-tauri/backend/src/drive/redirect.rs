//! Takes the answer that the browser brings back: a listener on the loopback interface on a free port (RFC 8252, 7.3).
//!
//! It answers nobody but who knows the `state` of this sign-in. Other requests (of browsers that open connections in
//! advance or ask for an icon, of pages that guess the port) change nothing.

use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::error::{Error, Result};
use crate::secret::Secret;

/// Longest head of a request, in bytes.
const LONGEST: usize = 16 * 1_024;

/// How long a browser may take to send its request.
const SLOWEST: Duration = Duration::from_secs(10);

/// What the browser brought.
#[derive(Debug)]
pub(super) enum Brought {
    /// The code to fetch tokens with
    Code(Secret),
    /// Why there is none, a word of RFC 6749, 4.1.2.1
    Refused(String),
}

/// The listener.
pub(super) struct Redirect {
    listener: TcpListener,
    address: String,
}

/// What the answer must carry to be that of this sign-in.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    /// As sent
    pub(super) state: String,
    /// Where the person signs in: a server that names itself (RFC 9207) names the same origin
    pub(super) origin: String,
}

impl Redirect {
    /// Listens on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub(super) async fn listen() -> Result<Redirect> {
        let failed = |error: std::io::Error| Error::disk("listen for the browser's answer", &error);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        Ok(Redirect { listener, address: format!("http://127.0.0.1:{port}/") })
    }

    /// Where the browser is to bring the answer.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Waits for the answer. Each connection is served by itself: one that says nothing keeps no other waiting.
    pub(super) async fn wait(self, expected: Expected) -> Result<Brought> {
        let (found, mut brought) = mpsc::channel(1);
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    tokio::spawn(serve(stream, expected.clone(), found.clone()));
                }
                Some(brought) = brought.recv() => return Ok(brought),
            }
        }
    }
}

async fn serve(mut stream: TcpStream, expected: Expected, found: mpsc::Sender<Brought>) {
    let Ok(Some(head)) = tokio::time::timeout(SLOWEST, read_head(&mut stream)).await else { return };
    let brought = understand(&head, &expected);
    let (status, words) = match &brought {
        Some(Brought::Code(_)) => {
            ("200 OK", "Muster has the answer. You can close this page and go back to Muster.")
        }
        Some(Brought::Refused(_)) => {
            ("200 OK", "Muster was not let in. You can close this page and go back to Muster.")
        }
        None => ("404 Not Found", "There is nothing here."),
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Muster</title><p>{words}</p></html>"
    );
    // The address holds the code: it is neither kept nor told to another page.
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\n\r\n{page}",
        page.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    if let Some(brought) = brought {
        let _ = found.try_send(brought);
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 1_024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let length = stream.read(&mut chunk).await.ok()?;
        if length == 0 || head.len() + length > LONGEST {
            return None;
        }
        head.extend_from_slice(&chunk[..length]);
    }
    String::from_utf8(head).ok()
}

/// The answer in a request, where it is one to this sign-in.
fn understand(head: &str, expected: &Expected) -> Option<Brought> {
    let path = head.strip_prefix("GET ")?.split_once(" HTTP/1.")?.0;
    let url = Url::parse("http://127.0.0.1/").ok()?.join(path).ok()?;
    if url.path() != "/" || url.host_str() != Some("127.0.0.1") {
        return None;
    }
    let one = |name: &str| {
        let mut values =
            url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        values.next().filter(|_| values.next().is_none())
    };
    let named = |issuer: String| {
        Url::parse(&issuer).is_ok_and(|url| url.origin().ascii_serialization() == expected.origin)
    };
    if one("state")? != expected.state || one("iss").is_some_and(|issuer| !named(issuer)) {
        return None;
    }
    match (one("code"), one("error")) {
        (Some(code), None) if !code.is_empty() => Some(Brought::Code(Secret::new(code))),
        (None, Some(error)) => Some(Brought::Refused(error)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        Expected { state: "s1".into(), origin: "https://accounts.example.org".into() }
    }

    fn code(request: &str) -> Option<String> {
        match understand(&format!("{request} HTTP/1.1\r\nHost: x\r\n\r\n"), &expected())? {
            Brought::Code(code) => Some(code.expose().clone()),
            Brought::Refused(error) => Some(format!("refused: {error}")),
        }
    }

    #[test]
    fn only_an_answer_to_this_sign_in_counts() {
        assert_eq!(code("GET /?code=a%2Fb&state=s1&scope=x").as_deref(), Some("a/b"));
        assert_eq!(code("GET /?error=access_denied&state=s1").as_deref(), Some("refused: access_denied"));
        assert!(code("GET /?code=a&state=s1&iss=https%3A%2F%2Faccounts.example.org").is_some());
        for other in [
            "GET /?code=a&state=s2",
            "GET /?code=a",
            "GET /?code=a&state=s1&state=s2",
            "GET /?code=a&code=b&state=s1",
            "GET /?code=&state=s1",
            "GET /?code=a&error=b&state=s1",
            "GET /favicon.ico?code=a&state=s1",
            "POST /?code=a&state=s1",
            "GET http://evil.example.org/?code=a&state=s1",
            "GET /?code=a&state=s1&iss=https%3A%2F%2Fevil.example.org",
        ] {
            assert_eq!(code(other), None, "{other}");
        }
    }

    #[tokio::test]
    async fn a_connection_that_says_nothing_keeps_no_other_waiting() {
        let redirect = Redirect::listen().await.unwrap();
        let address = redirect.address().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let waiting = tokio::spawn(redirect.wait(expected()));
        let _silent = TcpStream::connect(&address).await.unwrap();
        for (request, status) in [("/?code=x&state=wrong", "404"), ("/?code=right&state=s1", "200")] {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.write_all(format!("GET {request} HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")) && !answer.contains("right"),
                "{answer}"
            );
        }
        let Brought::Code(code) = waiting.await.unwrap().unwrap() else { panic!("no code") };
        assert_eq!(code.expose(), "right");
    }
}
