//! The OAuth server and the mock of Drive that are npm's (tests/servers/google.mjs).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{LazyLock, Mutex};

use serde_json::json;

use crate::services::Services;

/// Where they are.
#[derive(Debug)]
pub struct Google {
    /// The OAuth server
    pub oauth: String,
    /// The mock of Drive
    pub mock: String,
}

/// The servers of the run, or of this process where it was started alone.
pub fn google() -> &'static Google {
    static GOOGLE: LazyLock<(Google, Option<Mutex<Services>>)> = LazyLock::new(|| {
        let told = |name: &str| std::env::var(name).ok();
        if let (Some(oauth), Some(mock)) = (told("MUSTER_TEST_OAUTH_URL"), told("MUSTER_TEST_DRIVE_MOCK_URL"))
        {
            return (Google { oauth, mock }, None);
        }
        let services = Services::start(&["--only=google"]);
        let of = |name: &str| services.variable(name).unwrap();
        let google = Google { oauth: of("MUSTER_TEST_OAUTH_URL"), mock: of("MUSTER_TEST_DRIVE_MOCK_URL") };
        (google, Some(Mutex::new(services)))
    });
    &GOOGLE.0
}

/// Puts a CSV file into the mock.
pub fn create_in_mock(mock: &str, id: &str, name: &str, text: &str) {
    let file =
        json!({ "id": id, "name": name, "mimeType": "text/csv", "parents": ["root"], "content": text });
    let (host, body) = (mock.trim_start_matches("http://"), file.to_string());
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "POST /drive/v3/files HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer valid-token\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
