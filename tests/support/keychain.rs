//! A keychain (Secret Service) on a bus of its own, in all the states in which a person's may be.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use tempfile::TempDir;

use crate::services::Services;

/// A keychain that a test has for itself; gone when dropped.
pub struct Keychain {
    bus: Option<String>,
    // The session's folder, in which a program would look for a bus that it was not told of.
    runtime: TempDir,
    services: Option<Mutex<Services>>,
}

impl Keychain {
    /// An unlocked, empty one: as after the person's login.
    pub fn unlocked() -> Keychain {
        Keychain::start(&["--only=keychain"])
    }

    /// A daemon to which nobody has given the password: as after a login without one.
    pub fn never_unlocked() -> Keychain {
        Keychain::start(&["--only=keychain", "--never-unlocked"])
    }

    /// No bus at all: as in a scheduler's job or a bare container.
    pub fn absent() -> Keychain {
        Keychain { bus: None, runtime: TempDir::new().unwrap(), services: None }
    }

    /// Whether there is none.
    pub fn is_absent(&self) -> bool {
        self.services.is_none()
    }

    fn start(options: &[&str]) -> Keychain {
        let services = Services::start(options);
        let bus = services.variable("MUSTER_TEST_KEYCHAIN_BUS");
        Keychain { bus, runtime: TempDir::new().unwrap(), services: Some(Mutex::new(services)) }
    }

    /// Locks it; what it holds stays in it.
    pub fn lock(&self) {
        self.tell("lock");
    }

    /// Makes the daemon hang: it keeps its name on the bus and never answers.
    pub fn freeze(&self) {
        self.tell("freeze");
    }

    /// Lets a hanging daemon go on.
    pub fn thaw(&self) {
        self.tell("thaw");
    }

    /// Kills the daemon; the bus stays.
    pub fn kill(&self) {
        self.tell("kill");
    }

    /// Starts the daemon again, with what it held.
    pub fn start_again(&self) {
        self.tell("start");
    }

    /// Gives this keychain, and no other, to a program that is started.
    pub fn give_to(&self, command: &mut Command) {
        command.env("XDG_RUNTIME_DIR", self.runtime.path()).env_remove("DBUS_SESSION_BUS_ADDRESS");
        if let Some(bus) = &self.bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
    }

    /// Keeps a secret under attributes, as another program would: `&[("service", "x"), ("username", "y")]`.
    pub fn store(&self, attributes: &[(&str, &str)], secret: &str) {
        assert!(self.try_store(attributes, secret), "secret-tool store");
    }

    /// The same; whether it could.
    pub fn try_store(&self, attributes: &[(&str, &str)], secret: &str) -> bool {
        let mut command = self.secret_tool(&["store", "--label=Test"], attributes);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        // Without a bus it ends before it reads.
        let _ = child.stdin.take().unwrap().write_all(secret.as_bytes());
        child.wait().unwrap().success()
    }

    /// The secret with these attributes, or nothing: also when the keychain is locked, absent or hangs (for 5 s).
    pub fn lookup(&self, attributes: &[(&str, &str)]) -> Option<String> {
        let output = self.secret_tool(&["lookup"], attributes).stdin(Stdio::null()).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// Removes what has these attributes.
    pub fn clear(&self, attributes: &[(&str, &str)]) {
        let status = self.secret_tool(&["clear"], attributes).stdin(Stdio::null()).status().unwrap();
        assert!(status.success(), "secret-tool clear");
    }

    fn secret_tool(&self, verb: &[&str], attributes: &[(&str, &str)]) -> Command {
        let mut command = Command::new("timeout");
        command.args(["5", "secret-tool"]).args(verb).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        for (name, value) in attributes {
            command.args([name, value]);
        }
        self.give_to(&mut command);
        command
    }

    fn tell(&self, verb: &str) {
        let services = self.services.as_ref().expect("there is no daemon");
        services.lock().unwrap().tell(&format!("{verb} keychain"));
    }
}

/// The folder of the bus that this process's own code finds. Panics when that could be the person's: tests that
/// ask the keychain inside the test's process need `scripts/with-services.sh` around the run.
pub fn of_this_process() -> PathBuf {
    let bus = std::env::var("MUSTER_TEST_KEYCHAIN_BUS").ok();
    let used = std::env::var("DBUS_SESSION_BUS_ADDRESS").ok();
    assert!(bus.is_some() && bus == used, "run this test under scripts/with-services.sh");
    std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap()
}
