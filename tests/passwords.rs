//! The password of a database, over all that a person does with it: it is in no file, argument, environment or output.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use muster_backend::probe::DIE_AT;
use muster_tests::postgres::server;
use muster_tests::{Keychain, Login, Machine, leaks};
use tempfile::TempDir;

const LIST: &str =
    "member number,first name,last name,born,state\n1,Ann,Lee,1970-01-02,TX\n2,Bob,Ray,1980-03-04,NY\n";

/// All that is done with a profile. `{}` is a list of members, `{entry}` the first entry of the ledger.
const WORK: [&[&str]; 11] = [
    &["profiles", "list"],
    &["profiles", "test", "live"],
    &["plan", "{}"],
    &["push", "{}"],
    &["push", "{}", "--mode", "mirror", "--remove-missing"],
    &["history"],
    &["undo", "{entry}", "--dry-run"],
    &["members", "list", "ann"],
    &["export", "--out", "members.csv"],
    &["undo", "{entry}"],
    &["audit", "verify"],
];

fn add_profile(machine: &Machine, login: &Login) {
    let (port, ca) = (login.port.to_string(), login.ca.to_str().unwrap());
    let mut add = vec!["profiles", "add", "live", "--environment", "dev", "--driver", "postgres"];
    add.extend([
        "--host",
        &login.host,
        "--port",
        &port,
        "--database",
        &login.database,
        "--user",
        &login.user,
    ]);
    add.extend(["--root-cert", ca]);
    assert!(machine.muster(&add).status.success());
    assert!(machine.muster(&["profiles", "use", "live"]).status.success());
}

/// Does all of it, in words and as JSON, lets a push die with what it has written, and looks everywhere.
fn leaves_no_trace(machine: &Machine, login: &Login, give: impl Fn(&mut Command), elsewhere: &[&Path]) {
    let list = machine.file("club.csv", LIST);
    let temporary = machine.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let watch = leaks::Watch::start(&[login.canary()]);
    let mut said = Vec::new();
    let mut run = |arguments: &[&'static str], dies_at: Option<&str>| {
        let entry = login.psql("SELECT CASE WHEN to_regclass('push') IS NULL THEN 0 ELSE 1 END");
        let entry = if entry == "1" { login.psql("SELECT min(id) FROM push") } else { entry };
        let meant = |argument: &&'static str| match *argument {
            "{}" => list.to_str().unwrap().to_owned(),
            "{entry}" => entry.clone(),
            argument => argument.to_owned(),
        };
        let arguments: Vec<String> = arguments.iter().map(meant).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = machine.command(&arguments);
        give(&mut command);
        command.env("TMPDIR", &temporary).env("RUST_BACKTRACE", "1").env("RUST_LOG", "trace");
        if let Some(place) = dies_at {
            command.env(DIE_AT, place);
        }
        let output = command.output().unwrap();
        said.extend([output.stdout, output.stderr]);
        output.status.code()
    };
    for place in ["rows half sent", "audit written", "committed"] {
        assert_eq!(run(&["push", "{}", "--mode", "update"], Some(place)), None);
    }
    assert!(
        std::fs::read_dir(&temporary).unwrap().count() >= 3,
        "what the dead left behind is searched, too"
    );
    for work in WORK {
        for json in [&["--json"][..], &[]] {
            let code = run(&[work, json].concat(), None);
            // What cannot be done twice is refused.
            assert!(code == Some(0) || code == Some(4), "{work:?}: {code:?}");
        }
    }
    assert_eq!(watch.stop(), Default::default());
    let folders = [&[machine.path()], elsewhere].concat();
    assert_eq!(leaks::in_files(&[login.canary()], &folders), Default::default());
    let said = String::from_utf8_lossy(&said.concat()).into_owned();
    assert!(!said.contains(login.canary()), "{said}");
}

#[test]
fn a_password_in_the_keychain_is_nowhere_else() {
    let (db, machine) = (server().database(), Machine::with(Keychain::unlocked()));
    add_profile(&machine, &db);
    let watch = leaks::Watch::start(&[db.canary()]);
    let mut set = machine.command(&["secrets", "set", "live"]);
    let mut child = set.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", db.password).unwrap();
    assert!(child.wait().unwrap().success());
    leaves_no_trace(&machine, &db, |_| {}, &[]);
    assert_eq!(watch.stop(), Default::default());
}

#[test]
fn a_password_in_a_scheduler_s_file_is_nowhere_else() {
    let (db, machine, elsewhere) = (server().database(), Machine::new(), TempDir::new().unwrap());
    add_profile(&machine, &db);
    let file = elsewhere.path().join("password");
    std::fs::write(&file, &db.password).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let named = format!("live={}", file.display());
    leaves_no_trace(
        &machine,
        &db,
        |command| {
            command.args(["--secret-file", &named]);
        },
        &[],
    );
}
