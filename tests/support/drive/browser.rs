//! A person with a browser, who signs in at the OAuth server's own pages.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

/// What the person does with the question whether Muster may see the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Allows it
    Given,
    /// Refuses
    Refused,
}

struct Page {
    status: u16,
    location: Option<String>,
}

/// Signs in as `login`, from the address that Muster opens to the page that it shows in the end. Panics when a page is
/// not as expected.
pub fn sign_in(address: &str, login: &str, consent: Consent) {
    let mut cookies = BTreeMap::new();
    let mut address = address.to_owned();
    let mut asked = 0;
    for _ in 0..20 {
        let at_interaction = address.contains("/interaction/");
        let page = if at_interaction && consent == Consent::Refused {
            exchange("GET", &format!("{address}/abort"), &mut cookies, "")
        } else if at_interaction {
            let form = match asked {
                0 => format!("prompt=login&login={login}&password=any"),
                _ => "prompt=consent".to_owned(),
            };
            asked += 1;
            exchange("POST", &address, &mut cookies, &form)
        } else {
            exchange("GET", &address, &mut cookies, "")
        };
        match page.location {
            Some(next) if next.starts_with("http") => address = next,
            Some(next) => address = format!("{}{next}", origin(&address)),
            None => {
                assert_eq!(page.status, 200, "the page at the end");
                return;
            }
        }
    }
    panic!("the sign-in does not end");
}

fn origin(address: &str) -> &str {
    let end = address[7..].find('/').map_or(address.len(), |end| end + 7);
    &address[..end]
}

fn exchange(verb: &str, address: &str, cookies: &mut BTreeMap<String, String>, form: &str) -> Page {
    let host = origin(address).trim_start_matches("http://");
    let target = &address[origin(address).len()..];
    let target = if target.is_empty() { "/" } else { target };
    let sent: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = format!(
        "{verb} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        sent.join("; "),
        form.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let mut location = None;
    for line in head.lines().skip(1) {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.to_ascii_lowercase().as_str() {
            "location" => location = Some(value.trim().to_owned()),
            "set-cookie" => {
                let (name, value) = value.trim().split(';').next().unwrap().split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            _ => {}
        }
    }
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    Page { status, location }
}
