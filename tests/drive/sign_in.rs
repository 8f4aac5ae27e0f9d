//! Signing in at a strict OAuth server (npm's oidc-provider): PKCE, a loopback redirect on any port, refresh tokens that
//! are good once, revocation.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;

use muster_backend::config::{Config, DriveSettings};
use muster_backend::drive::{Drive, DrivePlace, DriveQuery};
use muster_backend::keychain::Keychain as SystemKeychain;
use muster_backend::profiles::Profiles;
use muster_backend::secret::Secret;
use muster_backend::secrets::{Named, Secrets};
use muster_backend::{Code, Error, Job};
use muster_tests::drive::browser::{self, Consent};
use muster_tests::drive::{FakeDrive, FakeFile, Introspection, google};
use muster_tests::{Machine, keychain, leaks};

use super::{CLUB, PACE};

/// The keychain of the tests' process, for one test at a time.
struct Alone {
    _lock: File,
    machine: Machine,
    fake: FakeDrive,
    profiles: Profiles,
    drive: Drive,
}

impl Alone {
    async fn new() -> Alone {
        let folder = keychain::of_this_process();
        let lock = File::create(folder.join("muster-drive.lock")).unwrap();
        lock.lock().unwrap();
        let machine = Machine::new();
        let oauth = google().oauth.clone();
        let fake = FakeDrive::trusting(Introspection::at(&oauth));
        fake.put(FakeFile::csv("f", "club.csv", CLUB));
        let settings = DriveSettings {
            client_id: Some("muster-test".to_owned()),
            auth_url: Some(format!("{oauth}/auth")),
            token_url: Some(format!("{oauth}/token")),
            revoke_url: Some(format!("{oauth}/token/revocation")),
            api_url: fake.settings().api_url,
        };
        let profiles = profiles(&machine, settings);
        let drive = Drive::with_pace(profiles.clone(), PACE).unwrap();
        let alone = Alone { _lock: lock, machine, fake, profiles, drive };
        for account in alone.drive.accounts().await.unwrap() {
            let _ = alone.drive.disconnect(&account.id, &Job::silent()).await;
        }
        alone
    }

    async fn connect(&self, login: &'static str, consent: Consent) -> Result<String, Error> {
        let open = move |address: &str| {
            let address = address.to_owned();
            std::thread::spawn(move || browser::sign_in(&address, login, consent));
            Ok(())
        };
        self.drive.connect(&open, &Job::silent()).await.map(|account| account.id)
    }

    /// As after Muster was started again.
    fn again(&self) -> Drive {
        Drive::with_pace(self.profiles.clone(), PACE).unwrap()
    }
}

fn profiles(machine: &Machine, settings: DriveSettings) -> Profiles {
    let config = Config { drive: settings, ..Config::default() };
    config.save(&machine.folders(), None).unwrap();
    let secrets = Secrets::new(SystemKeychain::system(), Named::default());
    Profiles::open(machine.folders(), None, secrets).unwrap()
}

async fn listed(drive: &Drive, account: &str) -> Result<usize, Code> {
    let query = DriveQuery {
        account: account.to_owned(),
        place: DrivePlace::MyDrive,
        folder: None,
        drive: None,
        search: None,
        page: None,
    };
    drive.list(&query, &Job::silent()).await.map(|page| page.items.len()).map_err(|error| error.code())
}

/// The longest part of a token that is letters and digits only, which is what to look for.
fn canary(token: &str) -> &str {
    token.split(|c: char| !c.is_ascii_alphanumeric()).max_by_key(|part| part.len()).unwrap()
}

fn kept(account: &str) -> Option<String> {
    let username = format!("google-drive/account/{account}");
    let output = std::process::Command::new("secret-tool")
        .args(["lookup", "service", "org.muster.Muster", "username", &username])
        .output()
        .unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn accounts_are_connected_used_after_a_restart_and_disconnected() {
    let alone = Alone::new().await;
    let alice = alone.connect("alice", Consent::Given).await.unwrap();
    let bob = alone.connect("bob", Consent::Given).await.unwrap();
    let emails: Vec<_> =
        alone.drive.accounts().await.unwrap().into_iter().map(|account| account.email).collect();
    assert_eq!(emails, ["alice@example.org", "bob@example.org"]);
    let secret = kept(&alice).unwrap();
    let later = alone.again();
    assert_eq!((listed(&later, &alice).await, listed(&later, &bob).await), (Ok(1), Ok(1)));
    let rotated = kept(&alice).unwrap();
    assert_ne!(rotated, secret, "the new refresh token is kept in place of the one that was used");
    let secrets = [canary(&secret), canary(&rotated)];
    assert_eq!(leaks::in_files(&secrets, &[alone.machine.path()]), Default::default());
    assert!(!format!("{later:?}").contains(canary(&rotated)));

    let report = later.disconnect(&alice, &Job::silent()).await.unwrap();
    assert_eq!((report.not_revoked, report.accounts.len(), kept(&alice)), (None, 1, None));
    assert_eq!(listed(&later, &alice).await, Err(Code::SignedOut));
    assert_eq!(listed(&later, &bob).await, Ok(1), "the other account stays");
    // Google's side does not take it any more, either.
    let form =
        [("grant_type", "refresh_token"), ("client_id", "muster-test"), ("refresh_token", rotated.as_str())];
    let (status, body) = muster_tests::drive::post(&format!("{}/token", google().oauth), &form);
    assert_eq!((status, body.contains("invalid_grant")), (400, true), "{body}");
}

#[tokio::test]
async fn an_account_that_is_connected_again_is_there_once() {
    let alone = Alone::new().await;
    let first = alone.connect("carol", Consent::Given).await.unwrap();
    let second = alone.connect("carol", Consent::Given).await.unwrap();
    assert_eq!((first == second, alone.drive.accounts().await.unwrap().len()), (true, 1));
    assert_eq!(listed(&alone.again(), &second).await, Ok(1));
}

#[tokio::test]
async fn a_sign_in_that_was_taken_back_elsewhere_is_told_and_can_be_made_again() {
    let alone = Alone::new().await;
    let dave = alone.connect("dave", Consent::Given).await.unwrap();
    let token = kept(&dave).unwrap();
    let form = [("token", token.as_str()), ("client_id", "muster-test")];
    let (status, _) = muster_tests::drive::post(&format!("{}/token/revocation", google().oauth), &form);
    assert_eq!(status, 200);
    // The access token in memory is not taken any more, and there is no other.
    assert_eq!(listed(&alone.drive, &dave).await, Err(Code::SignedOut));
    assert!(alone.drive.accounts().await.unwrap()[0].signed_out);
    alone.connect("dave", Consent::Given).await.unwrap();
    assert!(!alone.drive.accounts().await.unwrap()[0].signed_out);
    assert_eq!(listed(&alone.drive, &dave).await, Ok(1));
}

#[tokio::test]
async fn who_refuses_is_not_connected() {
    let alone = Alone::new().await;
    let error = alone.connect("erin", Consent::Refused).await.unwrap_err();
    assert_eq!(error.code(), Code::SignedOut);
    assert!(error.message().contains("not to let Muster in"), "{error}");
    assert_eq!(alone.drive.accounts().await.unwrap(), []);
}

#[tokio::test]
async fn an_answer_that_somebody_else_brings_changes_nothing() {
    let alone = Alone::new().await;
    let open = |address: &str| {
        let address = address.to_owned();
        std::thread::spawn(move || {
            let redirect = address.split("redirect_uri=http%3A%2F%2F127.0.0.1%3A").nth(1).unwrap();
            let port = redirect.split("%2F").next().unwrap().to_owned();
            for forged in ["/?code=forged&state=guessed", "/?code=forged", "/favicon.ico"] {
                let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
                write!(stream, "GET {forged} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).unwrap();
                assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
            }
            browser::sign_in(&address, "frank", Consent::Given);
        });
        Ok(())
    };
    let account = alone.drive.connect(&open, &Job::silent()).await.unwrap();
    assert_eq!(account.email, "frank@example.org");
}

#[tokio::test]
async fn a_client_with_a_secret_needs_it() {
    let alone = Alone::new().await;
    let view = alone.drive.set_client("muster-secret", None).await.unwrap();
    assert_eq!((view.client_id.as_deref(), view.has_secret), (Some("muster-secret"), false));
    let error = alone.connect("grace", Consent::Given).await.unwrap_err();
    assert_eq!(error.code(), Code::Config, "{error}");
    let secret = "secretofthedesktopclient";
    alone.drive.set_client("muster-secret", Some(Secret::new(secret.to_owned()))).await.unwrap();
    let grace = alone.connect("grace", Consent::Given).await.unwrap();
    assert_eq!(listed(&alone.again(), &grace).await, Ok(1));
    assert_eq!(alone.drive.disconnect(&grace, &Job::silent()).await.unwrap().not_revoked, None);
    assert_eq!(leaks::in_files(&[secret], &[alone.machine.path()]), Default::default());
    let view = alone.drive.set_client("muster-test", None).await.unwrap();
    assert!(!view.has_secret, "it was the other client's");
}

#[tokio::test]
async fn nobody_waits_for_a_browser_for_ever() {
    let alone = Alone::new().await;
    let job = Job::silent();
    let cancelling = job.clone();
    let open = move |_: &str| {
        cancelling.cancel();
        Ok(())
    };
    let error = alone.drive.connect(&open, &job).await.unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
    let open = |_: &str| Err(Error::new(Code::Config, "No browser"));
    assert_eq!(alone.drive.connect(&open, &Job::silent()).await.unwrap_err().message(), "No browser");
}

#[tokio::test]
async fn without_a_client_nobody_can_sign_in() {
    let alone = Alone::new().await;
    let machine = Machine::new();
    let drive = Drive::with_pace(profiles(&machine, DriveSettings::default()), PACE).unwrap();
    let error = drive.connect(&|_| Ok(()), &Job::silent()).await.unwrap_err();
    assert_eq!(error.code(), Code::Config);
    assert!(error.help().unwrap().contains("docs/DRIVE.md"));
    drop(alone);
}

#[tokio::test]
async fn google_that_cannot_be_told_is_told_to_the_person() {
    let alone = Alone::new().await;
    let heidi = alone.connect("heidi", Consent::Given).await.unwrap();
    let mut config = (*alone.profiles.config()).clone();
    config.drive.revoke_url = Some(alone.fake.url("nowhere"));
    config.save(&alone.machine.folders(), None).unwrap();
    let secrets = Secrets::new(SystemKeychain::system(), Named::default());
    let profiles = Profiles::open(alone.machine.folders(), None, secrets).unwrap();
    let drive = Drive::with_pace(profiles, PACE).unwrap();
    let report = drive.disconnect(&heidi, &Job::silent()).await.unwrap();
    assert!(report.not_revoked.is_some());
    assert_eq!((report.accounts.len(), kept(&heidi)), (0, None), "it is forgotten here all the same");
}
