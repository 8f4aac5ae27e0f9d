//! Database profiles: kept, tried on real servers, confirmed.

use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use muster_tests::postgres::{Options, Server, server};
use muster_tests::proxy::closed_port;
use muster_tests::{Keychain, Login, Machine, leaks};
use serde_json::Value;

/// Adds a profile `live` for a login; its TLS is as the login's.
fn add(machine: &Machine, login: &Login, more: &[&str]) {
    let port = login.port.to_string();
    let ca = login.ca.to_str().unwrap();
    let mut arguments = vec!["profiles", "add", "live", "--environment", "staging", "--driver", "postgres"];
    arguments.extend(["--host", &login.host, "--port", &port]);
    arguments.extend(["--database", &login.database, "--user", &login.user]);
    match login.tls {
        true => arguments.extend(["--root-cert", ca]),
        false => arguments.extend(["--tls", "disable"]),
    }
    arguments.extend(more);
    let output = machine.muster(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A file of the scheduler's with the password.
fn password_file(machine: &Machine, login: &Login) -> String {
    let path: PathBuf = machine.file("password", format!("{}\n", login.password));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    format!("live={}", path.display())
}

/// Adds a profile for the login on a new machine and tries it.
fn tried(login: &Login) -> (i32, Value) {
    let machine = Machine::new();
    add(&machine, login, &[]);
    let file = password_file(&machine, login);
    let (code, report) = machine.muster_json(&["profiles", "test", "live", "--secret-file", &file]);
    assert!(!report.to_string().contains(login.canary()));
    (code, report)
}

/// The states of the steps, by their first letters: `ooofss`.
fn states(report: &Value) -> String {
    let steps = report["steps"].as_array().unwrap();
    steps.iter().map(|step| step["state"].as_str().unwrap().chars().next().unwrap()).collect()
}

fn message<'r>(report: &'r Value, step: &str) -> &'r str {
    let steps = report["steps"].as_array().unwrap();
    steps.iter().find(|tried| tried["step"] == step).unwrap()["message"].as_str().unwrap()
}

#[test]
fn a_server_that_can_be_pushed_to_passes_every_step() {
    let db = server().database();
    let (code, report) = tried(&db.login());
    assert_eq!((code, states(&report).as_str()), (0, "oooooo"), "{report:#}");
    assert!(message(&report, "schema").contains("the first push makes them"));
    assert!(message(&report, "tls").contains("trusted"));
    let (code, report) = tried(&db.login().plain());
    assert_eq!((code, states(&report).as_str()), (0, "oosooo"), "{report:#}");
    let tables = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public'";
    assert_eq!(db.psql(tables), "0", "nothing was written");
}

#[test]
fn pgbouncer_s_pooled_transactions_are_enough() {
    let db = server().database();
    for _ in 0..3 {
        let (code, report) = tried(&db.bouncer());
        assert_eq!((code, states(&report).replace('s', "o").as_str()), (0, "oooooo"), "{report:#}");
    }
}

#[test]
fn who_is_not_let_in_is_told_at_the_login() {
    let db = server().database();
    let stranger = db.login().as_user(&db.user, "wrong password 0123456789abcdef");
    let (code, report) = tried(&stranger);
    assert_eq!((code, states(&report).as_str()), (1, "ooofss"), "{report:#}");
    assert!(message(&report, "login").contains("28P01"));
    let (_, report) = tried(&db.login().in_database("nowhere"));
    assert!(message(&report, "login").contains("3D000"), "{report:#}");
    let machine = Machine::with(Keychain::unlocked());
    add(&machine, &db.login(), &[]);
    let (code, report) = machine.muster_json(&["profiles", "test", "live"]);
    assert_eq!((code, &report["code"]), (1, &"secret_missing".into()), "{report:#}");
    let machine = Machine::new();
    add(&machine, &db.login(), &[]);
    let (code, report) = machine.muster_json(&["profiles", "test", "live"]);
    assert_eq!((code, states(&report).as_str()), (1, "oosfss"), "{report:#}");
    assert!(message(&report, "login").contains("no keychain"));
}

#[test]
fn a_certificate_that_does_not_fit_is_told_at_its_step() {
    let db = server().database();
    let (code, report) = tried(&db.login().with_ca(server().other_ca()));
    assert_eq!((code, states(&report).as_str()), (1, "oofsss"), "{report:#}");
    assert!(message(&report, "tls").contains("no authority"));
    let (_, report) = tried(&db.login().with_ca("/nowhere/ca.pem".into()));
    assert!(message(&report, "tls").contains("cannot be read"), "{report:#}");

    let elsewhere = Server::start(Options { names: Some("DNS:db.example.org"), ..Options::default() });
    let login = elsewhere.database().login().encrypted();
    let (_, report) = tried(&login);
    assert_eq!(states(&report), "oofsss", "{report:#}");
    assert!(message(&report, "tls").contains("another name"), "{report:#}");
}

#[test]
fn a_server_without_tls_is_refused_where_it_must_be_encrypted() {
    let server = Server::start(Options { without_tls: true, ..Options::default() });
    let db = server.database();
    let (_, report) = tried(&db.login().encrypted());
    assert_eq!(states(&report), "oofsss", "{report:#}");
    assert!(message(&report, "tls").contains("does not encrypt"));
    assert_eq!(tried(&db.login().plain()).0, 0);
}

#[test]
fn a_server_that_cannot_be_reached_may_answer_later() {
    let db = server().database();
    let (code, report) = tried(&db.login().at_port(closed_port()));
    assert_eq!((code, states(&report).as_str()), (75, "ofssss"), "{report:#}");
    assert_eq!(report["code"], "network");
}

#[test]
fn missing_rights_are_told_before_a_push_finds_them() {
    let db = server().database();
    let all =
        "GRANT USAGE, CREATE ON SCHEMA public TO {role}; GRANT TEMPORARY ON DATABASE {database} TO {role}";
    let all = all.replace("{database}", &db.database);
    let (code, report) = tried(&db.role(&all));
    assert_eq!(code, 0, "{report:#}");
    let (code, report) = tried(&db.role("GRANT USAGE ON SCHEMA public TO {role}"));
    assert_eq!((code, states(&report).as_str()), (1, "oooofs"), "{report:#}");
    assert!(message(&report, "permission").contains("make tables"));
    db.psql(
        "CREATE TABLE member (id bigint); CREATE TABLE seaql_migrations (version text, applied_at bigint)",
    );
    let (_, report) = tried(&db.role(&all));
    assert!(message(&report, "permission").contains("member"), "{report:#}");
    let read_only = db.role(&format!("{all}; ALTER ROLE {{role}} SET default_transaction_read_only = on"));
    let (_, report) = tried(&read_only);
    assert!(message(&report, "permission").contains("read-only"), "{report:#}");
}

#[test]
fn tables_of_a_newer_program_are_left_alone() {
    let db = server().database();
    db.psql(
        "CREATE TABLE seaql_migrations (version text, applied_at bigint);
         INSERT INTO seaql_migrations VALUES ('m9999_later', 0);",
    );
    let (code, report) = tried(&db.login());
    assert_eq!((code, states(&report).as_str()), (4, "ooooof"), "{report:#}");
}

#[test]
fn a_password_comes_from_the_keychain_a_file_a_variable_or_a_pipe_and_leaves_no_trace() {
    let db = server().database();
    let login = db.login();
    let machine = Machine::with(Keychain::unlocked());
    add(&machine, &login, &[]);
    let watch = leaks::Watch::start(&[login.canary()]);
    machine
        .keychain()
        .store(&[("service", "org.muster.Muster"), ("username", "profile/live")], &login.password);
    assert_eq!(machine.muster_json(&["profiles", "test", "live"]).0, 0);
    machine.keychain().clear(&[("service", "org.muster.Muster")]);
    assert_eq!(machine.muster_json(&["profiles", "test", "live"]).0, 1);

    let (reader, mut writer) = std::io::pipe().unwrap();
    std::io::Write::write_all(&mut writer, login.password.as_bytes()).unwrap();
    drop(writer);
    // The program's standard input is that pipe.
    let mut command = machine.command(&["profiles", "test", "live", "--secret-fd", "live=0"]);
    assert!(reader.as_raw_fd() > 0 && command.stdin(reader).output().unwrap().status.success());
    assert_eq!(leaks::in_files(&[login.canary()], &[machine.path()]), Default::default());

    let file = password_file(&machine, &login);
    assert_eq!(machine.muster_json(&["profiles", "test", "live", "--secret-file", &file]).0, 0);
    let path = file.strip_prefix("live=").unwrap();
    let mut command = machine.command(&["profiles", "test", "live"]);
    assert!(command.env("MUSTER_SECRET_FILE_LIVE", path).output().unwrap().status.success());
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, report) = machine.muster_json(&["profiles", "test", "live", "--secret-file", &file]);
    assert_eq!((code, &report["code"]), (4, &"refused".into()), "{report:#}");
    assert_eq!(watch.stop(), Default::default());
}

#[test]
fn profiles_are_added_used_and_removed_from_the_command_line() {
    let machine = Machine::new();
    let code = |arguments: &[&str]| machine.muster(arguments).status.code().unwrap();
    let file = ["--driver", "sqlite", "--path", "live.db", "--environment", "prod"];
    let add = |more: &[&str]| code(&[&["profiles", "add", "live"], &file[..], more].concat());
    assert_eq!(add(&[]), 0);
    assert_eq!(add(&[]), 1, "there is one already");
    assert_eq!(add(&["--replace"]), 0);
    assert_eq!(code(&["profiles", "add", "x", "--driver", "sqlite", "--environment", "live"]), 2);
    let (_, wrong) =
        machine.muster_json(&["profiles", "add", "a b", "--driver", "sqlite", "--environment", "dev"]);
    let told = wrong["error"]["message"].as_str().unwrap();
    assert!(told.contains("- name: ") && told.contains("- path: "), "{told}");
    assert_eq!(code(&["profiles", "use", "nowhere"]), 1);
    assert_eq!(code(&["profiles", "use", "live"]), 0);
    assert_eq!(code(&["profiles", "test"]), 0);
    assert_eq!(code(&["secrets", "set", "live"]), 1, "a file has no password");
    let (_, list) = machine.muster_json(&["profiles", "list"]);
    assert_eq!(
        (&list["profiles"][0]["name"], &list["profiles"][0]["active"]),
        (&"live".into(), &true.into())
    );
    assert_eq!(code(&["profiles", "remove", "live", "--confirm", "live"]), 4, "the active one");
    assert_eq!(code(&["profiles", "use", "local"]), 0);
    assert_eq!(code(&["profiles", "remove", "live"]), 4, "prod wants its name");
    assert_eq!(code(&["profiles", "remove", "live", "--confirm", "live"]), 0);
    let mode = std::fs::metadata(machine.path().join("config/config.yml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn settings_that_do_not_fit_are_told_whole() {
    let machine = Machine::new();
    std::fs::create_dir_all(machine.path().join("config")).unwrap();
    machine.file(
        "config/config.yml",
        "profiles:\n  live: { environment: prod, driver: postgres, host: db, password: canary1234 }\nactive_profile: x\n",
    );
    let (code, object) = machine.muster_json(&["profiles", "list"]);
    let text = object.to_string();
    assert_eq!((code, &object["error"]["code"]), (1, &"config".into()));
    for part in [
        "profiles.live.password",
        "profiles.live.database",
        "profiles.live.user",
        "active_profile",
        "keychain",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("canary1234"));
}
