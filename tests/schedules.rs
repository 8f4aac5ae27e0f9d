//! Schedules: kept in the settings, tried, run by the command line and by the open app, handed to a timer of the system.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use muster_backend::Job;
use muster_backend::config::Config;
use muster_backend::profiles::Profiles;
use muster_backend::schedule::{ScheduleForm, Schedules};
use muster_backend::secrets::{Named, Secrets};
use muster_tests::Machine;
use serde_json::Value;

const CLUB: &str =
    "given name,surname,dob,joined,state\nAnn,Lee,1970/01/02,1990,Oregon\nBob,Ray,1980/03/04,1999,TX\n";
const RECIPE: &str = "version: 1\nfiles:\n  - { path: club.csv, source: Rowing Club }\n";
const ADD: [&str; 9] =
    ["schedule", "add", "nightly", "--recipe", "recipe.yml", "--profile", "local", "--daily", "02:30"];

fn machine() -> Machine {
    let machine = Machine::new();
    machine.file("club.csv", CLUB);
    machine.file("recipe.yml", RECIPE);
    machine
}

fn only(machine: &Machine) -> Value {
    let (code, list) = machine.muster_json(&["schedule", "list"]);
    assert_eq!(code, 0, "{list}");
    list["schedules"][0].clone()
}

fn states(report: &Value) -> Vec<(&str, &str)> {
    let steps = report["steps"].as_array().unwrap();
    steps.iter().map(|step| (step["step"].as_str().unwrap(), step["state"].as_str().unwrap())).collect()
}

#[test]
fn a_schedule_is_added_tried_run_paused_and_removed() {
    let machine = machine();
    let (code, added) = machine.muster_json(&[&ADD[..], &["--weekly", "Mon", "--weekly", "friday"]].concat());
    assert_eq!(code, 0, "{added}");
    assert_eq!(added["schedule"]["weekly"], serde_json::json!(["monday", "friday"]));
    assert_eq!(machine.muster(&ADD).status.code(), Some(1), "there is one of that name");

    let (code, tried) = machine.muster_json(&["schedule", "test", "nightly"]);
    assert_eq!(code, 0, "{tried:#}");
    assert!(states(&tried).iter().all(|(_, state)| *state == "ok"), "{tried:#}");
    assert!(tried["steps"][5]["message"].as_str().unwrap().contains("would insert 2"), "{tried:#}");
    let pushes = "SELECT count(*) FROM push";
    assert_eq!(machine.in_members::<i64>(pushes), 0, "a test pushes nothing");

    let (code, report) = machine.muster_json(&["schedule", "run", "nightly"]);
    assert_eq!((code, &report["push"]["inserted"]), (0, &2.into()), "{report:#}");
    let last = only(&machine)["last"].clone();
    assert_eq!((&last["exit_code"], &last["note"]), (&0.into(), &Value::Null), "{last}");
    assert!(last["told"].as_str().unwrap().starts_with("2 rows read; 2 inserted"), "{last}");
    // The same package again.
    let (code, report) = machine.muster_json(&["schedule", "run", "nightly"]);
    assert_eq!((code, &report["push"]["inserted"]), (0, &0.into()), "{report:#}");
    assert_eq!(machine.in_members::<i64>(pushes), 1);

    assert_eq!(machine.muster(&["schedule", "pause", "nightly"]).status.code(), Some(0));
    assert_eq!(only(&machine)["next"], Value::Null);
    machine.file("club.csv", CLUB.replace("Ann", "Eve"));
    let (code, nothing) = machine.muster_json(&["schedule", "run", "nightly", "--unless-paused"]);
    assert_eq!((code, &nothing["paused"]), (0, &true.into()));
    assert_eq!(machine.in_members::<i64>(pushes), 1);
    assert_eq!(machine.muster(&["schedule", "resume", "nightly"]).status.code(), Some(0));
    assert!(only(&machine)["next"].is_string());
    let (_, report) = machine.muster_json(&["schedule", "run", "nightly", "--unless-paused"]);
    assert_eq!(report["push"]["inserted"], 1);

    assert_eq!(
        machine
            .muster(&[
                "profiles",
                "add",
                "other",
                "--environment",
                "dev",
                "--driver",
                "sqlite",
                "--path",
                "o.db"
            ])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(machine.muster(&["profiles", "use", "other"]).status.code(), Some(0));
    assert_eq!(
        machine.muster(&["profiles", "remove", "local"]).status.code(),
        Some(4),
        "the schedule needs it"
    );
    assert_eq!(machine.muster(&["schedule", "remove", "nightly"]).status.code(), Some(0));
    assert_eq!(only(&machine), Value::Null);
    assert_eq!(machine.muster(&["schedule", "run", "nightly"]).status.code(), Some(1));
    assert_eq!(machine.muster(&["profiles", "remove", "local"]).status.code(), Some(0));
}

#[test]
fn why_a_run_failed_is_kept() {
    let machine = machine();
    assert_eq!(machine.muster(&ADD).status.code(), Some(0));
    std::fs::remove_file(machine.path().join("club.csv")).unwrap();
    let (code, report) = machine.muster_json(&["schedule", "run", "nightly"]);
    assert_eq!((code, &report["error"]["code"]), (1, &"disk".into()), "{report}");
    let last = only(&machine)["last"].clone();
    assert_eq!(last["exit_code"], 1);
    assert!(last["told"].as_str().unwrap().contains(report["error"]["message"].as_str().unwrap()), "{last}");
    let (code, tried) = machine.muster_json(&["schedule", "test", "nightly"]);
    assert_eq!(code, 1);
    assert_eq!(states(&tried)[1..4], [("recipe", "ok"), ("files", "failed"), ("profile", "skipped")]);
    assert!(tried["steps"][2]["message"].as_str().unwrap().starts_with("club.csv: "), "{tried:#}");
    machine.file("recipe.yml", "files: 1\n");
    assert_eq!(states(&machine.muster_json(&["schedule", "test", "nightly"]).1)[1], ("recipe", "failed"));
    // Without its key the data folder is of no use, and that is told at the step of the secret.
    machine.file("recipe.yml", RECIPE);
    machine.file("club.csv", CLUB);
    std::fs::remove_file(machine.path().join("data-key")).unwrap();
    assert_eq!(states(&machine.muster_json(&["schedule", "test", "nightly"]).1)[4], ("secret", "failed"));
}

#[test]
fn all_that_does_not_fit_is_told_at_once() {
    let machine = machine();
    let add = ["schedule", "add", "a b", "--recipe", "recipe.yml", "--profile", "nowhere", "--daily", "2:30"];
    let (code, report) = machine.muster_json(&add);
    assert_eq!((code, &report["error"]["code"]), (1, &"invalid_input".into()), "{report}");
    for place in ["name", "profile", "daily"] {
        assert!(report["error"]["message"].as_str().unwrap().contains(&format!("- {place}: ")), "{report}");
    }
    assert_eq!(machine.muster(&[&ADD[..], &["--weekly", "someday"]].concat()).status.code(), Some(2));
    assert_eq!(only(&machine), Value::Null);
}

#[test]
fn a_prod_profile_is_confirmed_when_the_schedule_is_added() {
    let machine = machine();
    std::fs::create_dir_all(machine.path().join("config")).unwrap();
    let prod = "profiles:\n  live: { environment: prod, driver: sqlite, path: live.db }\n  local: { environment: dev, \
                driver: sqlite, path: members.db }\nactive_profile: local\n";
    machine.file("config/config.yml", prod);
    let add =
        ["schedule", "add", "weekly", "--recipe", "recipe.yml", "--profile", "live", "--daily", "23:59"];
    let confirmed = |name: &str| machine.muster(&[&add[..], &["--confirm", name]].concat()).status.code();
    assert_eq!(machine.muster(&add).status.code(), Some(4));
    assert_eq!(confirmed("local"), Some(4));
    assert_eq!(confirmed("live"), Some(0));
    let (code, report) = machine.muster_json(&["schedule", "run", "weekly"]);
    assert_eq!((code, &report["push"]["profile"]), (0, &"live".into()), "{report}");
    // A schedule that was led to prod by hand is refused.
    let settings = std::fs::read_to_string(machine.path().join("config/config.yml")).unwrap();
    let by_hand: String =
        settings.lines().filter(|line| !line.contains("confirm")).map(|line| format!("{line}\n")).collect();
    machine.file("config/config.yml", by_hand);
    assert_eq!(machine.muster_json(&["schedule", "run", "weekly"]).0, 4);
    assert_eq!(only(&machine)["last"]["exit_code"], 4);
}

fn profiles(machine: &Machine) -> Profiles {
    let named = [format!("data-key={}", machine.path().join("data-key").display())];
    let secrets =
        Secrets::new(muster_backend::keychain::Keychain::system(), Named::parse(&named, &[]).unwrap());
    Profiles::open(machine.folders(), None, secrets).unwrap()
}

fn form(machine: &Machine, daily: &str) -> ScheduleForm {
    ScheduleForm {
        recipe: machine.path().join("recipe.yml").to_str().unwrap().to_owned(),
        profile: "local".to_owned(),
        daily: daily.to_owned(),
        weekly: Vec::new(),
        out: Some(machine.path().join("results").to_str().unwrap().to_owned()),
        confirmed: None,
    }
}

/// The open app looks what is due; each time counts once, and one that was missed is made up for once.
#[tokio::test]
async fn a_time_that_was_missed_is_made_up_for_once() {
    let machine = machine();
    let schedules = Schedules::new(profiles(&machine));
    let now = jiff::Zoned::now();
    // Half a day away from now.
    let daily = now.checked_add(jiff::Span::new().hours(12)).unwrap().strftime("%H:%M").to_string();
    schedules.add("nightly", &form(&machine, &daily)).await.unwrap();
    assert!(schedules.due(&now).unwrap().is_empty(), "nothing was missed before it was there");
    let days = |days: i64| now.checked_add(jiff::Span::new().days(days)).unwrap();
    let late = days(3);
    let due = schedules.due(&late).unwrap();
    assert_eq!(due.len(), 1);
    schedules.run("nightly", Some(&due[0]), &Job::silent()).await.unwrap();
    assert!(schedules.due(&late).unwrap().is_empty(), "once");
    let last = schedules.list().unwrap()[0].last.clone().unwrap();
    assert!(last.note.unwrap().starts_with("It was due on "));
    assert!(machine.path().join("results/report.json").exists());
    assert_eq!(schedules.due(&days(4)).unwrap().len(), 1);
    // A run that was ended is made up for; one that failed is not.
    let job = Job::silent();
    job.cancel();
    let due = schedules.due(&days(4)).unwrap();
    assert!(schedules.run("nightly", Some(&due[0]), &job).await.is_err());
    assert_eq!(schedules.due(&days(4)).unwrap().len(), 1);
    std::fs::remove_file(machine.path().join("club.csv")).unwrap();
    assert!(schedules.run("nightly", Some(&due[0]), &Job::silent()).await.is_err());
    assert!(schedules.due(&days(4)).unwrap().is_empty());
    // What is paused, or has a timer, is not the app's.
    schedules.pause("nightly", true).await.unwrap();
    assert!(schedules.due(&days(9)).unwrap().is_empty());
}

#[tokio::test]
async fn schedules_take_turns() {
    let machine = machine();
    machine.file("second.csv", CLUB.replace("Lee", "Fox"));
    machine.file("second.yml", RECIPE.replace("club.csv", "second.csv"));
    let schedules = Schedules::new(profiles(&machine));
    schedules.add("one", &form(&machine, "02:30")).await.unwrap();
    let second = machine.path().join("second.yml").to_str().unwrap().to_owned();
    schedules.add("two", &ScheduleForm { recipe: second, ..form(&machine, "02:30") }).await.unwrap();
    let job = Job::silent();
    // One in this program, the other in another one.
    let other =
        machine.command(&["schedule", "run", "two", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let one = schedules.run("one", None, &job).await.unwrap();
    let other = other.wait_with_output().unwrap();
    assert_eq!((one.push.unwrap().inserted, other.status.code()), (2, Some(0)));
    let runs: Vec<_> = schedules.list().unwrap().into_iter().map(|view| view.last.unwrap()).collect();
    let apart = runs[0].finished <= runs[1].started || runs[1].finished <= runs[0].started;
    assert!(apart, "{runs:?}");
}

#[test]
fn the_settings_say_what_was_added() {
    let machine = machine();
    assert_eq!(machine.muster(&[&ADD[..], &["--out", "results %h"]].concat()).status.code(), Some(0));
    let config = Config::load_file(&machine.folders(), None).unwrap();
    let schedule = &config.schedules["nightly"];
    assert_eq!(schedule.daily, "02:30");
    assert_eq!(schedule.out.as_deref(), machine.path().join("results %h").to_str());
    let mode =
        |path: &str| std::fs::metadata(machine.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data/schedules"), mode("data/schedules/nightly.json")), (0o700, 0o600));
}

/// The units of a machine whose paths want quoting. Without a session of systemd they are written, and the rest is told.
#[test]
#[cfg(target_os = "linux")]
fn a_timer_of_systemd_is_written_as_systemd_reads_it() {
    let machine = machine();
    let home = machine.path().join(r#"50% "off" $HOME"#);
    std::fs::create_dir(&home).unwrap();
    let program = home.join("muster");
    std::fs::hard_link(muster_tests::program(), &program)
        .or_else(|_| std::fs::copy(muster_tests::program(), &program).map(|_| ()))
        .unwrap();
    let settings = home.join("my settings.yml");
    std::fs::write(&settings, "").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).arg("--config").arg(&settings).arg("--json").current_dir(machine.path());
        let variables = machine.command(&[]);
        command.envs(variables.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
            .env("XDG_CONFIG_HOME", &home)
            .env("XDG_RUNTIME_DIR", machine.path().join("no session"))
            .env("MUSTER_SECRET_FILE_LOCAL", home.join("secret"))
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        let output = command.output().unwrap();
        (output.status.code().unwrap(), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    let (code, added) = run(&[&ADD[..], &["--os-timer"]].concat());
    assert_eq!(code, 0, "{added:#}");
    assert_eq!(
        added["timer"]["by_hand"][1], "systemctl --user enable --now muster-nightly.timer",
        "{added:#}"
    );
    let units = home.join("systemd/user");
    let [service, timer] = ["service", "timer"].map(|kind| units.join(format!("muster-nightly.{kind}")));
    let text = std::fs::read_to_string(&service).unwrap();
    let key = std::fs::read_to_string(machine.path().join("data-key")).unwrap();
    assert!(text.contains("MUSTER_SECRET_FILE_LOCAL=") && !text.contains(key.trim()), "{text}");
    if Command::new("systemd-analyze").arg("--version").output().is_ok() {
        let verified = Command::new("systemd-analyze")
            .args(["--user", "--man=no", "verify"])
            .args([&service, &timer])
            .env("XDG_RUNTIME_DIR", machine.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&verified.stderr).into_owned();
        assert!(verified.status.success() && !said.contains("muster-nightly"), "{said}\n{text}");
    }
    // Another time: the files say so; a timer that is taken back leaves none.
    let (code, _) = run(&[&ADD[..8], &["03:45", "--replace"]].concat());
    assert_eq!(code, 0);
    assert!(std::fs::read_to_string(&timer).unwrap().contains("OnCalendar=*-*-* 03:45:00"));
    let (code, removed) = run(&["schedule", "remove", "nightly"]);
    assert_eq!(code, 0, "{removed:#}");
    assert!(!service.exists() && !timer.exists());
}

#[test]
fn the_lists_of_a_folder_in_drive_can_be_listed() {
    use muster_tests::drive::{FOLDER, FakeDrive, FakeFile};
    let fake = FakeDrive::start();
    fake.put(FakeFile::new("inbox", "Inbox", FOLDER, ""));
    fake.put(FakeFile { parent: "inbox".into(), ..FakeFile::csv("abc-1", "rowing_club.csv", CLUB) });
    fake.put(FakeFile { parent: "inbox".into(), ..FakeFile::csv("abc-2", "chess_club.csv", CLUB) });
    fake.put(FakeFile { parent: "inbox".into(), ..FakeFile::new("below", "Below", FOLDER, "") });
    fake.put(FakeFile::csv("abc-3", "elsewhere.csv", CLUB));
    fake.pages_of(1);
    let machine = Machine::new();
    fake.write_settings(&machine);
    assert_eq!(machine.muster(&["drive", "list", "--folder", "inbox"]).status.code(), Some(1));
    let token = machine.file("google-drive", fake.refresh_token());
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o600)).unwrap();
    let secret = format!("google-drive={}", token.display());
    let (code, list) = machine.muster_json(&["drive", "list", "--folder", "inbox", "--secret-file", &secret]);
    let mut ids: Vec<_> =
        list["files"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!((code, ids), (0, vec!["abc-1", "abc-2"]), "{list:#}");
}
