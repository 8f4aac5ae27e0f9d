use super::*;
use crate::config::{Environment, Tls};
use crate::keychain::{Item, Keychain};
use crate::secrets::Named;
use crate::steps::StepState;

struct Bench {
    _folder: tempfile::TempDir,
    profiles: Profiles,
    keychain: Keychain,
}

fn bench(keychain: Keychain) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::new(keychain.clone(), Named::default());
    let profiles = Profiles::open(Folders::under(folder.path()), None, secrets).unwrap();
    Bench { _folder: folder, profiles, keychain }
}

fn server(environment: Environment) -> ProfileForm {
    ProfileForm {
        environment,
        driver: Driver::Postgres,
        path: None,
        host: Some("127.0.0.1".into()),
        port: Some(5433),
        database: Some("members".into()),
        user: Some("importer".into()),
        tls: Some(Tls::Disable),
        root_cert: Some(String::new()),
    }
}

fn file(path: &str) -> ProfileForm {
    ProfileForm {
        driver: Driver::Sqlite,
        path: Some(path.into()),
        host: None,
        port: None,
        database: None,
        user: None,
        tls: None,
        root_cert: None,
        ..server(Environment::Dev)
    }
}

fn secret() -> Secret {
    Secret::new("canary".into())
}

#[tokio::test]
async fn a_profile_is_added_used_and_removed() {
    let Bench { profiles, _folder, .. } = bench(Keychain::in_memory());
    let before = profiles.clone();
    profiles.add("live", &server(Environment::Prod)).await.unwrap();
    profiles.set_secret("live", secret()).await.unwrap();
    assert_eq!(profiles.activate("live").await.unwrap().location, "importer@127.0.0.1:5433/members");
    assert_eq!(before.info(None).unwrap().environment, Environment::Prod, "clones see it");
    assert_eq!(profiles.with_secret().await.unwrap(), ["live"]);
    let names: Vec<_> = profiles.list().into_iter().map(|view| (view.name, view.active)).collect();
    assert_eq!(names, [("live".to_owned(), true), ("local".to_owned(), false)]);
    let Access::Postgres(access) = profiles.access(None).await.unwrap() else { panic!("a server") };
    assert_eq!((access.port, &access.password), (5433, &Some(secret())));
    assert!(!format!("{access:?}").contains("canary"));
    let text = std::fs::read_to_string(profiles.folders().config_file()).unwrap();
    assert!(text.contains("active_profile: live") && !text.contains("canary"), "{text}");

    assert_eq!(profiles.remove("live").await.unwrap_err().code(), Code::Refused);
    profiles.activate("local").await.unwrap();
    assert_eq!(profiles.remove("live").await.unwrap().secret_kept, None);
    assert!(profiles.info(Some("live")).is_err());
    profiles.add("live", &server(Environment::Prod)).await.unwrap();
    assert!(profiles.with_secret().await.unwrap().is_empty(), "the password went with the profile");
}

#[tokio::test]
async fn a_form_that_does_not_fit_changes_nothing() {
    let Bench { profiles, _folder, .. } = bench(Keychain::in_memory());
    let wrong = ProfileForm { host: Some("a b".into()), port: Some(99_999), ..server(Environment::Dev) };
    let error = profiles.add("local", &wrong).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidInput);
    for key in ["host", "port", "name"] {
        assert!(error.message().contains(&format!("- {key}: ")), "{error}");
    }
    assert!(!profiles.folders().config_file().exists());
    assert!(profiles.edit("nobody", &file("x.db")).await.is_err());
}

#[tokio::test]
async fn a_password_does_not_follow_to_another_server() {
    let Bench { profiles, keychain, _folder } = bench(Keychain::in_memory());
    profiles.add("live", &server(Environment::Prod)).await.unwrap();
    profiles.set_secret("live", secret()).await.unwrap();
    let renamed = ProfileForm { environment: Environment::Staging, ..server(Environment::Prod) };
    profiles.edit("live", &renamed).await.unwrap();
    assert_eq!(profiles.with_secret().await.unwrap(), ["live"], "the same server keeps it");
    profiles.edit("live", &ProfileForm { host: Some("other.example".into()), ..renamed }).await.unwrap();
    assert_eq!(keychain.get(&Item::Profile("live".into())).await.unwrap(), None);
}

#[tokio::test]
async fn without_a_keychain_profiles_can_be_kept_and_secrets_cannot() {
    let Bench { profiles, _folder, .. } = bench(Keychain::missing());
    profiles.add("live", &server(Environment::Prod)).await.unwrap();
    for error in [
        profiles.set_secret("live", secret()).await.unwrap_err(),
        profiles.with_secret().await.unwrap_err(),
        profiles.access(Some("live")).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), Code::Keychain);
    }
    let removed = profiles.remove("live").await.unwrap();
    assert!(removed.secret_kept.unwrap().contains("no keychain"));
    let files = std::fs::read_dir(profiles.folders().config_file().parent().unwrap()).unwrap().count();
    assert_eq!(files, 1, "nothing but the settings");
}

#[tokio::test]
async fn the_data_folder_s_key_is_made_once() {
    let Bench { profiles, keychain, _folder } = bench(Keychain::in_memory());
    let key = profiles.secrets().data_key(profiles.folders()).await.unwrap();
    let again = Secrets::new(keychain, Named::default());
    assert_eq!(again.data_key(profiles.folders()).await.unwrap(), key);
    let other = tempfile::tempdir().unwrap();
    let of_other = Secrets::new(Keychain::in_memory(), Named::default());
    assert_ne!(of_other.data_key(&Folders::under(other.path())).await.unwrap(), key);
    // The keychain lost it while encrypted databases are there.
    std::fs::write(profiles.folders().workspace(), [9; 4_096]).unwrap();
    let without = Secrets::new(Keychain::in_memory(), Named::default());
    assert_eq!(without.data_key(profiles.folders()).await.unwrap_err().code(), Code::SecretMissing);
    let locked = Secrets::new(Keychain::locked(), Named::default());
    assert_eq!(locked.data_key(profiles.folders()).await.unwrap_err().code(), Code::KeychainLocked);
}

#[tokio::test]
async fn a_file_s_steps_are_told_apart() {
    let Bench { profiles, _folder, .. } = bench(Keychain::in_memory());
    let data = profiles.folders().data().to_owned();
    Folders::make_private(&data).unwrap();
    let state = |report: &TestReport, step| {
        report.steps.iter().find(|tried| tried.step == step).map(|tried| tried.state).unwrap()
    };
    let fresh = profiles.test("local", &Job::silent()).await.unwrap();
    assert!(fresh.ok && fresh.steps.len() == 3, "{fresh:?}");
    assert!(!data.join("members.db").exists(), "a test makes nothing");

    std::fs::write(data.join("members.db"), "no database, but long enough to have a header").unwrap();
    let wrong = profiles.test("local", &Job::silent()).await.unwrap();
    assert_eq!((state(&wrong, Step::Folder), state(&wrong, Step::File)), (StepState::Ok, StepState::Failed));
    assert_eq!(state(&wrong, Step::Schema), StepState::Skipped);
    assert!(!wrong.ok && wrong.code == Some(Code::InvalidInput));

    std::fs::remove_file(data.join("members.db")).unwrap();
    let db = rusqlite::Connection::open(data.join("members.db")).unwrap();
    let key = profiles.secrets().data_key(profiles.folders()).await.unwrap();
    db.pragma_update(None, "key", key.as_pragma().expose()).unwrap();
    db.execute_batch(
        "CREATE TABLE seaql_migrations (version TEXT); INSERT INTO seaql_migrations VALUES ('m9999')",
    )
    .unwrap();
    let newer = profiles.test("local", &Job::silent()).await.unwrap();
    assert_eq!((newer.code, state(&newer, Step::Schema)), (Some(Code::NewerSchema), StepState::Failed));

    profiles.add("gone", &file("/proc/nowhere/x.db")).await.unwrap();
    let gone = profiles.test("gone", &Job::silent()).await.unwrap();
    assert_eq!((gone.code, state(&gone, Step::Folder)), (Some(Code::Disk), StepState::Failed));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_by_its_step() {
    let Bench { profiles, _folder, .. } = bench(Keychain::in_memory());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    profiles.add("dead", &ProfileForm { port: Some(free.into()), ..server(Environment::Dev) }).await.unwrap();
    let dead = profiles.test("dead", &Job::silent()).await.unwrap();
    assert_eq!(dead.code, Some(Code::Network));
    assert_eq!((dead.steps[0].state, dead.steps[1].state), (StepState::Ok, StepState::Failed), "{dead:?}");
    assert!(dead.steps[1].message.contains("refuses connections"));
    assert!(dead.steps[2..].iter().all(|step| step.state == StepState::Skipped));

    let nameless = ProfileForm { host: Some("no-such-host.invalid".into()), ..server(Environment::Dev) };
    profiles.add("nameless", &nameless).await.unwrap();
    let nameless = profiles.test("nameless", &Job::silent()).await.unwrap();
    assert_eq!((nameless.code, nameless.steps[0].state), (Some(Code::Network), StepState::Failed));

    let job = Job::silent();
    job.cancel();
    assert_eq!(profiles.test("dead", &job).await.unwrap_err().code(), Code::Cancelled);
}
