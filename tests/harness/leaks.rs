//! The search for secrets finds what is there, and nothing else.

use std::process::{Command, Stdio};
use std::time::Duration;

use muster_tests::leaks::{self, Watch};
use muster_tests::postgres::server;
use muster_tests::random_text;
use tempfile::TempDir;

#[test]
fn a_secret_in_a_file_is_found_as_programs_write_it() {
    let (folder, secret) = (TempDir::new().unwrap(), random_text());
    let utf_16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    file("innocent", &vec![b'x'; 3 << 20]);
    file("another's", random_text().as_bytes());
    // Across the border of two pieces in which files are read.
    let far = file("deep/down/far", &[vec![b' '; (1 << 20) - 5], secret.clone().into_bytes()].concat());
    let plain = file("plain", format!("password: x{secret}y").as_bytes());
    let wide = file("wide", &utf_16);
    let hidden = file(".hidden", base64(&format!("ab{secret}")).as_bytes());
    file(&format!("named/{secret}"), b"");
    let found: Vec<String> = leaks::in_files(&[&secret], &[folder.path()]).into_iter().collect();
    let mut expected = vec![far, plain, wide, hidden, format!("a name in {}/named", folder.path().display())];
    expected.sort();
    assert_eq!(found, expected);
    assert!(leaks::in_files(&[&random_text()], &[folder.path()]).is_empty());
}

#[test]
fn a_secret_in_arguments_or_environment_is_found_in_grandchildren_too() {
    let secret = random_text();
    let watch = Watch::start(&[&secret]);
    // A program that starts another and ends before it.
    let script = r#"secret=$(cat); sh -c "sleep 0.3; :" program "$secret" & sleep 0.1"#;
    run(Command::new("sh").args(["-c", script]), &secret);
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(watch.stop().into_iter().collect::<Vec<_>>(), ["cmdline of sh"]);
    let watch = Watch::start(&[&secret]);
    run(Command::new("sleep").arg("0.2").env("PGPASSWORD", &secret), "");
    assert_eq!(watch.stop().into_iter().collect::<Vec<_>>(), ["environ of sleep"]);
}

#[test]
fn what_the_harness_does_itself_leaks_nothing() {
    let db = server().database();
    let watch = Watch::start(&[db.canary()]);
    db.psql("SELECT pg_sleep(0.2)");
    db.bouncer().psql("SELECT pg_sleep(0.2)");
    db.role("");
    assert!(watch.stop().is_empty());
}

/// Runs it with this on its standard input.
fn run(command: &mut Command, input: &str) {
    use std::io::Write;
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn base64(text: &str) -> String {
    let mut child = Command::new("base64").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}
