//! A collector of logs, traces and metrics on loopback: keeps the bytes of every request as they came.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request that it got.
#[derive(Clone, Debug)]
pub struct Received {
    /// `/v1/logs`
    pub path: String,
    /// The lines of the head, in small letters
    pub head: String,
    /// As it came
    pub body: Vec<u8>,
}

/// A collector; it listens as long as the test runs.
pub struct Collector {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Collector {
    /// Takes all.
    pub fn start() -> Collector {
        Collector::answering("200 OK")
    }

    /// Answers every request with this status: `503 Service Unavailable`.
    pub fn answering(status: &'static str) -> Collector {
        Collector::listening(Some(status))
    }

    /// Accepts connections and never answers.
    pub fn silent() -> Collector {
        Collector::listening(None)
    }

    fn listening(status: Option<&'static str>) -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, received) =
            (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<Received>>>::default());
        let kept = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || serve(stream, status, &kept));
            }
        });
        Collector { port, received }
    }

    /// `http://127.0.0.1:PORT`
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests that came, in order.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// All bytes that came to a path, heads and all; without a path, to any.
    pub fn bytes(&self, path: Option<&str>) -> Vec<u8> {
        let received = self.received();
        let of_path = received.iter().filter(|request| path.is_none_or(|path| request.path == path));
        of_path.flat_map(|request| [request.head.as_bytes(), &request.body].concat()).collect()
    }
}

/// Answers the requests of a connection until it ends.
fn serve(stream: TcpStream, status: Option<&str>, kept: &Mutex<Vec<Received>>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let is_reach = request.head.starts_with("head ");
        if !is_reach {
            kept.lock().unwrap().push(request);
        }
        let Some(status) = status else {
            // Until the other side gives up.
            let _ = reader.read(&mut [0]);
            return;
        };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        if reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        let line = line.to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let path = head.split(' ').nth(1)?.to_owned();
    Some(Received { path, head, body })
}
