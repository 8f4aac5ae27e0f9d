//! Servers that this test holds for itself: a `scripts/with-services.sh --hold` of its own. It stops them when its
//! standard input ends, so they go with the test however that ends.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The script with the servers it started.
pub(crate) struct Services {
    child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    variables: BTreeMap<String, String>,
}

impl Services {
    /// Starts what the script's options say; panics with its last words when it cannot.
    pub(crate) fn start(options: &[&str]) -> Services {
        let mut words = tempfile::tempfile().unwrap();
        let mut command = Command::new(script());
        // A runner that kills the test's group leaves the script alone to clean up.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .arg("--hold")
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Not the test's own: a runner would wait for it.
            .stderr(words.try_clone().unwrap())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut variables = BTreeMap::new();
        loop {
            match lines.next() {
                Some(Ok(line)) if line == "ready" => break,
                Some(Ok(line)) => {
                    let (name, value) = line.split_once('=').unwrap();
                    variables.insert(name.to_owned(), value.to_owned());
                }
                _ => {
                    child.wait().unwrap();
                    let mut said = String::new();
                    words.rewind().unwrap();
                    words.read_to_string(&mut said).unwrap();
                    panic!("the servers for tests did not start: {said}");
                }
            }
        }
        Services { child, input, lines, variables }
    }

    /// What it says of its servers: a port, a file, an address.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    /// Tells it what to do to a server, and waits until it is done: `kill postgres`.
    pub(crate) fn tell(&mut self, order: &str) {
        writeln!(self.input.as_ref().unwrap(), "{order}").unwrap();
        let answer = self.lines.next().and_then(Result::ok);
        assert_eq!(answer.as_deref(), Some("done"), "{order}");
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The script that starts servers for tests.
fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/with-services.sh")
}

/// Sixteen letters and digits that nobody else has.
pub fn random_text() -> String {
    let mut bytes = [0; 8];
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
    format!("{:016x}", u64::from_ne_bytes(bytes))
}
