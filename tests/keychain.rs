//! The system's keychain in all its states, seen from outside; and secrets where none may be.

use std::io::Write;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use muster_backend::keychain::Keychain as SystemKeychain;
use muster_backend::secrets::{Named, Secrets};
use muster_backend::{Code, Folders};
use muster_tests::{Keychain, Machine, keychain, leaks, random_text};

const ITEM: [(&str, &str); 2] = [("service", "org.muster.Muster"), ("username", "profile/live")];

/// What a person waits for at most.
const PATIENCE: Duration = Duration::from_secs(10);

fn machine(keychain: Keychain) -> Machine {
    let machine = Machine::with(keychain);
    std::fs::create_dir_all(machine.path().join("config")).unwrap();
    machine.file(
        "config/config.yml",
        "profiles:\n  local: { environment: dev, driver: sqlite, path: members.db }\n  live: { environment: prod, \
         driver: postgres, host: localhost, database: members, user: importer }\nactive_profile: local\n",
    );
    machine
}

/// `muster secrets set live --json` with the secret through a pipe.
fn set(machine: &Machine, secret: &str) -> Output {
    let mut command = machine.command(&["secrets", "set", "live", "--json"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{secret}\n").as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// The exit code and the error's code of a `set` that must fail in time, without a trace of the secret.
fn refused(machine: &Machine) -> (i32, String) {
    let (secret, started) = (random_text(), Instant::now());
    let output = set(machine, &secret);
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains(&secret));
    assert_eq!(leaks::in_files(&[&secret], &[machine.path()]), Default::default(), "no plain file instead");
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(object["error"]["help"].is_string());
    (output.status.code().unwrap(), object["error"]["code"].as_str().unwrap().to_owned())
}

#[test]
fn a_password_goes_to_the_keychain_and_nowhere_else() {
    let machine = machine(Keychain::unlocked());
    let (first, second) = (random_text(), random_text());
    let watch = leaks::Watch::start(&[&first, &second]);
    for secret in [&first, &second] {
        let output = set(&machine, secret);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(!String::from_utf8_lossy(&output.stdout).contains(secret.as_str()));
    }
    assert_eq!(machine.keychain().lookup(&ITEM).as_deref(), Some(second.as_str()));
    let (code, list) = machine.muster_json(&["profiles", "list"]);
    assert_eq!((code, &list["profiles"][0]["has_secret"]), (0, &true.into()));
    assert!(list["profiles"][1]["has_secret"].is_null(), "a file needs no password");
    assert!(!list.to_string().contains(&second));
    assert_eq!(machine.muster(&["secrets", "remove", "live"]).status.code(), Some(0));
    assert_eq!(machine.keychain().lookup(&ITEM), None);
    assert_eq!(machine.muster(&["secrets", "remove", "live"]).status.code(), Some(0), "again is no error");
    assert_eq!(watch.stop(), Default::default());
    assert_eq!(leaks::in_files(&[&first, &second], &[machine.path()]), Default::default());
}

#[test]
fn what_another_program_set_is_found() {
    let machine = machine(Keychain::unlocked());
    machine.keychain().store(&ITEM, "from elsewhere");
    let (_, list) = machine.muster_json(&["profiles", "list"]);
    assert_eq!(list["profiles"][0]["has_secret"], true);
}

#[test]
fn a_profile_takes_its_password_with_it() {
    let machine = machine(Keychain::unlocked());
    assert!(set(&machine, &random_text()).status.success());
    assert_eq!(machine.muster(&["profiles", "remove", "live"]).status.code(), Some(4));
    let (code, removed) = machine.muster_json(&["profiles", "remove", "live", "--confirm", "live"]);
    assert_eq!((code, &removed["secret_kept"]), (0, &serde_json::Value::Null));
    assert_eq!(machine.keychain().lookup(&ITEM), None);
}

#[test]
fn without_a_bus_there_is_no_keychain_and_the_rest_works() {
    let machine = machine(Keychain::absent());
    assert_eq!(refused(&machine), (1, "keychain".to_owned()));
    let (code, list) = machine.muster_json(&["profiles", "list"]);
    assert_eq!(code, 0);
    assert!(list["keychain"].as_str().unwrap().contains("no keychain"), "{list}");
    assert_eq!(list["profiles"].as_array().unwrap().len(), 2);
}

#[test]
fn a_killed_keychain_is_missing_and_is_found_again() {
    let machine = machine(Keychain::unlocked());
    machine.keychain().kill();
    assert_eq!(refused(&machine).0, 1);
    machine.keychain().start_again();
    assert!(set(&machine, &random_text()).status.success());
}

#[test]
fn a_locked_keychain_is_told_as_locked() {
    let machine = machine(Keychain::unlocked());
    assert!(set(&machine, &random_text()).status.success());
    machine.keychain().lock();
    assert_eq!(refused(&machine), (75, "keychain_locked".to_owned()));
    let (code, list) = machine.muster_json(&["profiles", "list"]);
    assert_eq!(code, 0);
    assert!(list["keychain"].as_str().unwrap().contains("locked"), "{list}");
}

#[test]
fn a_keychain_that_nobody_unlocked_is_told_as_locked() {
    let machine = machine(Keychain::never_unlocked());
    assert_eq!(refused(&machine), (75, "keychain_locked".to_owned()));
}

#[test]
fn a_keychain_that_hangs_is_told_in_time() {
    let machine = machine(Keychain::unlocked());
    machine.keychain().freeze();
    assert_eq!(refused(&machine), (75, "keychain_locked".to_owned()));
    machine.keychain().thaw();
    assert!(set(&machine, &random_text()).status.success());
}

#[cfg(unix)]
#[test]
fn a_bus_that_never_answers_is_told_in_time() {
    let machine = machine(Keychain::absent());
    let socket = machine.path().join("bus");
    // Connections wait in its queue for ever.
    let _bus = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let started = Instant::now();
    let mut command = machine.command(&["profiles", "list", "--json"]);
    let output =
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display())).output().unwrap();
    assert!(started.elapsed() < PATIENCE && started.elapsed() > Duration::from_secs(5));
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(list["keychain"].as_str().unwrap().contains("does not answer"), "{list}");
}

#[tokio::test]
async fn each_data_folder_has_a_key_of_its_own() {
    keychain::of_this_process();
    let key_of = |folders: Folders| async move {
        Secrets::new(SystemKeychain::system(), Named::default()).data_key(&folders).await
    };
    let (one, other) = (Machine::new(), Machine::new());
    let first = key_of(one.folders()).await.unwrap();
    assert_eq!(key_of(one.folders()).await.unwrap(), first);
    assert_ne!(key_of(other.folders()).await.unwrap(), first);
    let hex = first.to_hex();
    assert_eq!(leaks::in_files(&[hex.expose()], &[one.path()]), Default::default());
    // With databases that it opens, a lost key is not made again.
    one.file("data/workspace.db", [7; 4_096]);
    assert_eq!(key_of(one.folders()).await.unwrap(), first);
    one.file("data/data-key.id", "another");
    assert_eq!(key_of(one.folders()).await.unwrap_err().code(), Code::SecretMissing);
}

/// Two programs that start together on a fresh machine get the same key.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_made_twice_at_once_is_one_key() {
    keychain::of_this_process();
    let machine = Machine::new();
    let key = || {
        let folders = machine.folders();
        tokio::spawn(async move {
            Secrets::new(SystemKeychain::system(), Named::default()).data_key(&folders).await.unwrap()
        })
    };
    let keys = [key(), key(), key()];
    let mut made = Vec::new();
    for key in keys {
        made.push(key.await.unwrap());
    }
    assert!(made.iter().all(|key| *key == made[0]));
}
