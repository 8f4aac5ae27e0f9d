//! The DAG in docs/airflow, run by a real Airflow: each new file is imported, a failing import fails its task for good,
//! and only what a retry may mend is tried again.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use muster_tests::drive::{FOLDER, FakeDrive, FakeFile};
use muster_tests::{Machine, proxy, random_text};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::archive_s3::{ask, moto};

const CLUB: &str =
    "given name,surname,dob,joined,state\nAnn,Lee,1970/01/02,1990,Oregon\nBob,Ray,1980/03/04,1999,TX\n";
const REJECTED: &str =
    "given name,surname,dob,joined,state\nEve,Fox,1970/01/02,1990,Oregon\n,,1981/05/06,2001,TX\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// An Airflow with a database of its own.
struct Airflow {
    home: TempDir,
    program: PathBuf,
}

impl Airflow {
    /// Installs it where that was not done yet; nothing where this Python makes no environments.
    fn new() -> Option<Airflow> {
        let python = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
        if !python.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: python3 has no venv, which Airflow is installed into");
            return None;
        }
        let install = "source scripts/environment.sh && install_airflow >&2 && printf %s \"$MUSTER_AIRFLOW\"";
        let installed = Command::new("bash").args(["-c", install]).current_dir(root()).output().unwrap();
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
        let program = PathBuf::from(String::from_utf8(installed.stdout).unwrap()).join("bin/airflow");
        let airflow = Airflow { home: TempDir::new().unwrap(), program };
        let migrated = airflow.command(&["db", "migrate"]).output().unwrap();
        assert!(migrated.status.success(), "{}", told(&migrated));
        Some(airflow)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env("AIRFLOW_HOME", self.home.path())
            .env("AIRFLOW__CORE__DAGS_FOLDER", root().join("docs/airflow"))
            .env("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
            .env("AIRFLOW__CORE__UNIT_TEST_MODE", "False")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("NO_COLOR", "1")
            .current_dir(self.home.path());
        command
    }

    /// `airflow dags test` on a machine.
    fn test(&self, place: &Place, params: Value, variables: &[(&str, &str)]) -> Output {
        let params = params.to_string();
        let mut command = self.command(&["dags", "test", "muster_import", "--conf", &params]);
        let muster = place.machine.command(&[]);
        for (name, value) in muster.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
            .env("MUSTER_PROGRAM", &place.program)
            .env("MUSTER_RETRIES", "1")
            .env("MUSTER_RETRY_SECONDS", "1");
        command.envs(variables.iter().copied()).output().unwrap()
    }
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A machine with an inbox, and a `muster` that notes each call before it is one.
struct Place {
    machine: Machine,
    program: PathBuf,
}

impl Place {
    fn new() -> Place {
        let machine = Machine::new();
        std::fs::create_dir(machine.path().join("inbox")).unwrap();
        let calls = machine.path().join("calls");
        let script = format!(
            "#!/bin/sh\necho \"$@\" >>'{}'\nexec '{}' \"$@\"\n",
            calls.display(),
            muster_tests::program().display()
        );
        let program = machine.file("noting-muster", script);
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Place { machine, program }
    }

    fn put(&self, name: &str, text: &str) {
        self.machine.file(&format!("inbox/{name}"), text);
    }

    fn params(&self, profile: &str) -> Value {
        json!({
            "watch": self.machine.path().join("inbox"), "profile": profile, "settle_seconds": 0,
            "done": self.machine.path().join("done"),
        })
    }

    /// The calls so far that were imports.
    fn imports(&self) -> usize {
        let calls = std::fs::read_to_string(self.machine.path().join("calls")).unwrap_or_default();
        calls.lines().filter(|line| line.starts_with("run ")).count()
    }
}

/// One Airflow for all: making its database takes a while.
#[test]
fn airflow_imports_each_new_file_and_retries_only_what_may_help() {
    let Some(airflow) = Airflow::new() else { return };
    each_new_file_once(&airflow);
    a_refusal_is_final(&airflow);
    a_network_that_is_gone_is_tried_again(&airflow);
    files_in_drive_with_a_recipe(&airflow);
    files_in_a_bucket(&airflow);
}

fn each_new_file_once(airflow: &Airflow) {
    let place = Place::new();
    place.put("rowing_club.csv", CLUB);
    place.put("chess_club.csv", REJECTED);
    place.put("notes.md", "no list");
    let out = place.machine.path().join("out");
    let mut params = place.params("local");
    params["out"] = json!(out);
    let ran = airflow.test(&place, params.clone(), &[]);
    assert!(ran.status.success(), "{}", told(&ran));
    assert!(told(&ran).contains("chess_club.csv: 1 rows were rejected"), "{}", told(&ran));
    assert_eq!(place.imports(), 2);
    assert_eq!(place.machine.in_members::<i64>("SELECT count(*) FROM member"), 3);
    let club = "SELECT count(*) FROM club WHERE name IN ('Rowing Club', 'Chess Club')";
    assert_eq!(place.machine.in_members::<i64>(club), 2);
    assert!(out.join("chess_club/report.json").exists());
    // Nothing is new the next time.
    let again = airflow.test(&place, params, &[]);
    assert!(again.status.success(), "{}", told(&again));
    assert_eq!(place.imports(), 2);
}

fn a_refusal_is_final(airflow: &Airflow) {
    let place = Place::new();
    let add = ["profiles", "add", "live", "--environment", "prod", "--driver", "sqlite", "--path", "live.db"];
    assert!(place.machine.muster(&add).status.success());
    place.put("rowing_club.csv", CLUB);
    let failed = airflow.test(&place, place.params("live"), &[]);
    assert!(!failed.status.success(), "{}", told(&failed));
    assert!(
        told(&failed).contains("live is a prod profile and the push was not confirmed"),
        "{}",
        told(&failed)
    );
    assert_eq!(place.imports(), 1, "it is not tried again");
    // Confirmed, the file is still new.
    let mut params = place.params("live");
    params["confirm"] = json!("live");
    let ran = airflow.test(&place, params, &[]);
    assert!(ran.status.success(), "{}", told(&ran));
    assert_eq!(place.imports(), 2);
}

fn a_network_that_is_gone_is_tried_again(airflow: &Airflow) {
    let place = Place::new();
    let port = proxy::closed_port().to_string();
    let add = [
        "profiles",
        "add",
        "far",
        "--environment",
        "dev",
        "--driver",
        "postgres",
        "--host",
        "localhost",
        "--port",
        &port,
        "--database",
        "members",
        "--user",
        "importer",
        "--tls",
        "disable",
    ];
    assert!(place.machine.muster(&add).status.success());
    let secret = place.machine.file("far", "a-password\n");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    place.put("rowing_club.csv", CLUB);
    let failed =
        airflow.test(&place, place.params("far"), &[("MUSTER_SECRET_FILE_FAR", secret.to_str().unwrap())]);
    assert!(!failed.status.success(), "{}", told(&failed));
    assert!(told(&failed).contains("cannot be reached"), "{}", told(&failed));
    assert_eq!(place.imports(), 2, "{}", told(&failed));
    assert!(!told(&failed).contains("a-password"));
}

fn files_in_drive_with_a_recipe(airflow: &Airflow) {
    let place = Place::new();
    let fake = FakeDrive::start();
    fake.put(FakeFile::new("folder-1", "Inbox", FOLDER, ""));
    let list = CLUB.replace("given name", "first");
    fake.put(FakeFile { parent: "folder-1".into(), ..FakeFile::csv("abc-1", "any name.csv", &list) });
    fake.write_settings(&place.machine);
    place.machine.file("companies.csv", "id,name\n1,Acme\n");
    let recipe = place.machine.file(
        "recipe.yml",
        "version: 1\nfiles:\n  - { path: last month.csv, source: Rowing Club, columns: { first: given_name, surname: \
         family_name, dob: birth_date, joined: member_since, state: state } }\n  - { path: companies.csv, dimension: company }\n",
    );
    let token = place.machine.file("google-drive", fake.refresh_token());
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut params = place.params("local");
    params["watch"] = json!("drive:folder-1");
    params["recipe"] = json!(recipe);
    params["muster_connection"] = json!("muster_files");
    let connection =
        json!({ "conn_type": "generic", "extra": { "secret_files": { "google-drive": token } } });
    let ran = airflow.test(&place, params, &[("AIRFLOW_CONN_MUSTER_FILES", &connection.to_string())]);
    assert!(ran.status.success(), "{}", told(&ran));
    assert_eq!(place.machine.in_members::<i64>("SELECT count(*) FROM member WHERE given_name = 'Ann'"), 1);
    assert_eq!(place.imports(), 1);
}

fn files_in_a_bucket(airflow: &Airflow) {
    let place = Place::new();
    let folder = format!("inbox-{}", random_text());
    for (name, text) in [("rowing_club.csv", CLUB), ("notes.md", "no list"), ("below/chess_club.csv", CLUB)] {
        ask("PUT", &format!("/raw/{folder}/{name}"), text.as_bytes());
    }
    let archive = format!("archive: {{ kind: s3, bucket: raw, key_id: muster, endpoint: '{}' }}\n", moto());
    std::fs::create_dir_all(place.machine.path().join("config")).unwrap();
    place.machine.file("config/config.yml", archive);
    let secret = std::env::var("MUSTER_TEST_S3_SECRET_FILE").unwrap();
    let secret = [("MUSTER_SECRET_FILE_ARCHIVE", secret.as_str())];
    let mut params = place.params("local");
    params["watch"] = json!(format!("s3://raw/{folder}"));
    let ran = airflow.test(&place, params.clone(), &secret);
    assert!(ran.status.success(), "{}", told(&ran));
    let members = "SELECT count(*) FROM member";
    assert_eq!((place.imports(), place.machine.in_members::<i64>(members)), (1, 2));
    // One that is written again is new again.
    ask("PUT", &format!("/raw/{folder}/rowing_club.csv"), CLUB.replace("Ann,Lee", "Ann,Orr").as_bytes());
    assert!(airflow.test(&place, params.clone(), &secret).status.success());
    assert!(airflow.test(&place, params, &secret).status.success());
    assert_eq!((place.imports(), place.machine.in_members::<i64>(members)), (2, 3));
}
