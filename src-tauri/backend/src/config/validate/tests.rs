use super::*;
use crate::config::{Driver, Environment, Tls};

fn read_plain(text: &str) -> Result<Config> {
    read(text, BTreeMap::new())
}

fn read_with(text: &str, variables: &[(&str, &str)]) -> Result<Config> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    read(text, layers::of_muster(variables))
}

const PROD: &str = "profiles:\n  my-club: { environment: prod, driver: postgres, host: db.example.org, port: 5433, \
    database: members, user: importer, tls: verify-ca, root_cert: ca.pem }\nactive_profile: my-club\n";

#[test]
fn reads_profiles() {
    let config = read_plain(PROD).unwrap();
    let profile = config.profile("my-club").unwrap();
    assert_eq!((profile.environment, profile.driver), (Environment::Prod, Driver::Postgres));
    assert_eq!((profile.port, profile.tls), (Some(5433), Some(Tls::VerifyCa)));
    assert!(config.profile("local").is_err());
    assert_eq!(read_plain("# only a remark\n").unwrap(), Config::default());
    assert_eq!(read_plain("active_profile: local").unwrap(), Config::default());
}

#[test]
fn tells_all_problems_at_once_each_with_its_place() {
    let text = "
profiles:
  a: { environment: live, driver: postgres, host: 'postgres://db', port: 99999, path: x.db, database: m }
  b: { driver: sqlite, host: db, colour: canary }
  'c d': { environment: dev, driver: sqlite, path: '' }
  e: canary
active_profile: nobody
extra: canary
";
    let error = read_plain(text).unwrap_err();
    assert_eq!(error.code(), Code::Config);
    let places = [
        "profiles.a.environment",
        "profiles.a.host",
        "profiles.a.port",
        "profiles.a.path",
        "profiles.a.user",
        "profiles.b.environment",
        "profiles.b.host",
        "profiles.b.path",
        "profiles.b.colour",
        "profiles.(a key)",
        "profiles.(a key).path",
        "profiles.e",
        "active_profile",
        "extra",
    ];
    for place in places {
        assert!(error.message().contains(&format!("- {place}: ")), "{place} is missing in {error}");
    }
    assert_eq!(error.message().matches("\n- ").count(), places.len(), "{error}");
    assert!(error.message().contains(&format!("in {} places", places.len())));
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn refuses_a_secret_wherever_it_is_and_says_where_it_belongs() {
    for (text, place) in [
        (
            "profiles:\n  x: { environment: dev, driver: sqlite, path: x, password: canary }",
            "profiles.x.password",
        ),
        ("token: canary", "token"),
        ("a:\n  - 'Client-Secret': canary", "a.1.Client-Secret"),
        ("profiles:\n  x: { api_key: canary }", "profiles.x.api_key"),
        ("profiles:\n  x: { host: 'postgres://sam:canary@db/members' }", "profiles.x.host"),
        ("profiles:\n  x: { host: 'host=db password = canary' }", "profiles.x.host"),
        ("dsn: postgresql://sam:can@ary@db", "dsn"),
        ("# before: postgres://sam:canary@db\nactive_profile: local", "line 1"),
        ("? 'postgres://sam:canary@db'\n: 1", "(a key)"),
    ] {
        let error = read_plain(text).unwrap_err();
        let told = error.to_string();
        assert!(told.contains("keychain") && told.contains("muster secrets set"), "{text}: {told}");
        assert!(told.contains(&format!("{place}: holds a secret")), "{place}: {told}");
        assert!(!told.contains("canary") && !told.contains("can@ary"), "{told}");
    }
    let named = PROD.replace("my-club", "secret-society");
    assert!(read_plain(&named).is_ok(), "a profile may be called so");
}

#[test]
fn a_file_that_is_no_yaml_is_told_by_its_line() {
    let error = read_plain("profiles:\n  a: { environment: canary\n  b: [").unwrap_err();
    assert_eq!(error.code(), Code::Config);
    assert!(error.message().contains("line ") && !error.to_string().contains("canary"), "{error}");
    assert!(read_plain("- a\n- b").is_err());
}

#[test]
fn variables_lie_over_the_file() {
    let config = read_with(
        PROD,
        &[
            ("MUSTER_PROFILE_MY_CLUB_HOST", "127.0.0.1"),
            ("MUSTER_PROFILE_MY_CLUB_PORT", "6432"),
            ("MUSTER_PROFILE_MY_CLUB_USER", ""),
            ("MUSTER_DATA_DIR", "/elsewhere"),
        ],
    )
    .unwrap();
    let profile = config.profile("my-club").unwrap();
    assert_eq!((profile.host.as_deref(), profile.port), (Some("127.0.0.1"), Some(6432)));
    assert_eq!(profile.user.as_deref(), Some("importer"));
    let built_in = read_with("", &[("MUSTER_PROFILE_LOCAL_PATH", "other.db")]).unwrap();
    assert_eq!(built_in.profile("local").unwrap().path.as_deref(), Some("other.db"));
}

#[test]
fn a_variable_that_does_not_fit_is_named() {
    let error = read_with(
        PROD,
        &[
            ("MUSTER_ACTIVE_PROFILE", "nobody"),
            ("MUSTER_PROFILE_MY_CLUB_PORT", "canary"),
            ("MUSTER_PROFILE_OTHER_HOST", "canary"),
            ("MUSTER_PROFILE_MY_CLUB_PASSWORD", "canary"),
        ],
    )
    .unwrap_err();
    for name in [
        "MUSTER_ACTIVE_PROFILE: there is no profile",
        "MUSTER_PROFILE_MY_CLUB_PORT: must be a number",
        "MUSTER_PROFILE_OTHER_HOST: names no setting",
        "MUSTER_PROFILE_MY_CLUB_PASSWORD: holds a secret",
    ] {
        assert!(error.message().contains(name), "{name}: {error}");
    }
    assert!(!error.to_string().contains("canary"));
}

#[test]
fn a_form_is_checked_key_by_key() {
    let profile = Profile { host: Some("db".into()), ..Profile::sqlite(Environment::Dev, " ") };
    let problems = check_profile("-x", &profile);
    let places: Vec<_> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["name", "host", "path"]);
    assert!(check_profile("x", &Profile::sqlite(Environment::Dev, "x.db")).is_empty());
    assert_eq!(check_profile("data-key", &Profile::sqlite(Environment::Dev, "x.db"))[0].place, "name");
}

#[test]
fn a_host_is_a_name_or_an_address() {
    for host in
        ["localhost", "db.example.org", "192.0.2.7", "::1", "2001:db8::7", "my_host", "bücher.example"]
    {
        assert!(is_host(host), "{host}");
    }
    for host in ["", " ", "db:5432", "a b", "http://db", "db/x", "-db", "a..b", "sam@db", "/var/run"] {
        assert!(!is_host(host), "{host}");
    }
}

#[test]
fn reads_what_is_set_of_google_drive() {
    let text =
        "drive: { client_id: 1-a.apps.googleusercontent.com, token_url: 'http://127.0.0.1:8080/token' }";
    let config = read_plain(text).unwrap();
    assert_eq!(config.drive.token_url(), "http://127.0.0.1:8080/token");
    assert_eq!(config.drive.api_url(), "https://www.googleapis.com/drive/v3");
    assert!(config.profiles.contains_key("local"));
    let over = read_with(text, &[("MUSTER_DRIVE_CLIENT_ID", "2-b")]).unwrap();
    assert_eq!(over.drive.client_id.as_deref(), Some("2-b"));
    let alone = read_with("", &[("MUSTER_DRIVE_API_URL", "http://localhost:1")]).unwrap();
    assert_eq!(alone.drive.api_url(), "http://localhost:1");
}

#[test]
fn tells_what_does_not_fit_of_google_drive_and_quotes_no_secret() {
    let text = "drive: { api_url: 'http://example.org/canary', client_id: 7, colour: canary }";
    let error = read_plain(text).unwrap_err().to_string();
    for place in ["drive.api_url", "drive.client_id", "drive.colour"] {
        assert!(error.contains(place), "{error}");
    }
    for text in ["drive: { client_secret: canary }", "drive: { refresh_token: canary }"] {
        let error = read_plain(text).unwrap_err();
        assert!(
            error.to_string().contains("holds a secret") && !error.to_string().contains("canary"),
            "{error}"
        );
    }
    let error = read_with("", &[("MUSTER_DRIVE_API_URL", "ftp://canary")]).unwrap_err().to_string();
    assert!(error.contains("MUSTER_DRIVE_API_URL") && !error.contains("canary"), "{error}");
}
