//! HTTP, as much as is needed: a request a connection.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::answers::answer;
use super::{FakeDrive, Fault};

/// A request.
pub(super) struct Request {
    pub(super) verb: String,
    /// Its parts, decoded
    pub(super) path: Vec<String>,
    pub(super) query: BTreeMap<String, String>,
    /// By their names in lower case
    pub(super) headers: BTreeMap<String, String>,
    pub(super) form: BTreeMap<String, String>,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// What goes wrong while it is sent
    pub(super) fault: Option<Fault>,
}

pub(super) fn serve(listener: &TcpListener, drive: &FakeDrive) {
    for stream in listener.incoming().flatten() {
        let drive = drive.clone();
        std::thread::spawn(move || {
            if let Some(request) = read(&stream) {
                send(stream, answer(&drive, &request));
            }
        });
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (verb, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Request {
        verb,
        path: path.split('/').skip(1).map(decoded).collect(),
        query: pairs(query),
        headers,
        form: pairs(&String::from_utf8(body).unwrap_or_default()),
    })
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    text.split('&').filter(|text| !text.is_empty()).map(pair).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let code: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&code, 16).unwrap_or(b'?')
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn send(mut stream: TcpStream, mut answer: Answer) {
    let mut upto = answer.body.len();
    let mut hold = false;
    match answer.fault.take() {
        Some(Fault::Close) => return,
        Some(Fault::Late(length)) => std::thread::sleep(length),
        Some(Fault::Cut(bytes)) => upto = upto.min(bytes),
        Some(Fault::Stall(bytes)) => (upto, hold) = (upto.min(bytes), true),
        Some(Fault::Flip) => {
            if let Some(byte) = answer.body.first_mut() {
                *byte ^= 1;
            }
        }
        _ => {}
    }
    let mut head = format!("HTTP/1.1 {} x\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", answer.body.len()));
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer.body[..upto]));
    let _ = stream.flush();
    if hold {
        // Until whoever waits for the rest gives up.
        let _ = stream.set_read_timeout(Some(Duration::from_secs(120)));
        let _ = stream.read(&mut [0; 1]);
    }
}

/// Posts a form; the status and the body.
pub fn post(url: &str, form: &[(&str, &str)]) -> (u16, String) {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let form: Vec<_> =
        form.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let body = form.join("&");
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return (status, unchunked(body));
    }
    (status, body.to_owned())
}

fn unchunked(mut text: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = text.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap_or(0);
        if length == 0 {
            break;
        }
        whole.push_str(&rest[..length]);
        text = rest[length..].trim_start_matches("\r\n");
    }
    whole
}
