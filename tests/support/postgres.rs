//! A real PostgreSQL and a PgBouncer before it, as `scripts/with-services.sh` starts them: TLS with a certificate
//! authority of their own, SCRAM passwords, free ports on 127.0.0.1. Each test makes a database of its own on them.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use crate::login::{Login, literal};
use crate::services::{Services, random_text};

pub use crate::database::{Backend, Database};

/// A running PostgreSQL.
pub struct Server {
    /// What its superuser logs in with.
    pub(crate) admin: Login,
    bouncer_port: Option<u16>,
    certificates: PathBuf,
    services: Option<Mutex<Services>>,
}

/// What is unusual about a server that a test has for itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// It keeps what it committed even when it is killed. Slower.
    pub durable: bool,
    /// It offers no TLS.
    pub without_tls: bool,
    /// Whom its certificate names instead of `DNS:localhost,IP:127.0.0.1`.
    pub names: Option<&'static str>,
}

/// The server that all tests of a run share. Without `scripts/with-services.sh` around the run, one that is
/// started for this process.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var_os("MUSTER_TEST_POSTGRES_PORT") {
        Some(_) => Server::found(true, |name| std::env::var(name).ok()),
        None => Server::start(Options::default()),
    })
}

impl Server {
    /// One of its own for a test that stops or kills it, or wants an unusual one. Gone when dropped.
    pub fn start(options: Options) -> Server {
        let names = options.names.map(|names| format!("--names={names}"));
        let mut arguments = vec!["--only=postgres,bouncer"];
        arguments.extend(options.durable.then_some("--durable"));
        arguments.extend(options.without_tls.then_some("--no-tls"));
        arguments.extend(names.as_deref());
        let services = Services::start(&arguments);
        // The harness itself cannot check a certificate that names somebody else.
        let tls = !options.without_tls && options.names.is_none();
        let server = Server::found(tls, |name| services.variable(name));
        Server { services: Some(Mutex::new(services)), ..server }
    }

    fn found(tls: bool, get: impl Fn(&str) -> Option<String>) -> Server {
        let needed = |name: &str| get(name).unwrap_or_else(|| panic!("{name} is not set"));
        let certificates = PathBuf::from(needed("MUSTER_TEST_CERTIFICATES"));
        let password = std::fs::read_to_string(needed("MUSTER_TEST_POSTGRES_PASSWORD_FILE")).unwrap();
        let admin = Login::new("postgres", "postgres", &password)
            .at_port(needed("MUSTER_TEST_POSTGRES_PORT").parse().unwrap())
            .with_psql(needed("MUSTER_TEST_PSQL").into())
            .with_ca(certificates.join("ca.pem"));
        let admin = if tls { admin } else { admin.plain() };
        let bouncer_port = get("MUSTER_TEST_BOUNCER_PORT").map(|port| port.parse().unwrap());
        Server { admin, bouncer_port, certificates, services: None }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.admin.port
    }

    /// The port of the PgBouncer before it, which pools transactions: what a session keeps is lost or leaks there.
    pub fn bouncer(&self) -> u16 {
        self.bouncer_port.expect("this run has no PgBouncer")
    }

    /// The certificate authority that signed its certificate (PEM).
    pub fn ca(&self) -> PathBuf {
        self.certificates.join("ca.pem")
    }

    /// A certificate authority that did not.
    pub fn other_ca(&self) -> PathBuf {
        self.certificates.join("other-ca.pem")
    }

    /// Runs SQL as the superuser, outside any test's database.
    pub fn psql(&self, sql: &str) -> String {
        self.admin.psql(sql)
    }

    /// A new, empty database with an owner of its own; both are dropped with it.
    pub fn database(&self) -> Database {
        let (name, owner) = (format!("muster_{}", random_text()), format!("owner_{}", random_text()));
        let login = self.admin.clone().in_database(&name).as_user(&owner, &awkward_password());
        // Nobody is ever connected to template0, so tests can copy it at the same time.
        self.psql(&format!(
            "CREATE ROLE {owner} LOGIN PASSWORD {};
             CREATE DATABASE {name} OWNER {owner} TEMPLATE template0;
             REVOKE ALL ON DATABASE {name} FROM PUBLIC;",
            literal(&login.password)
        ));
        Database::new(login, self.admin.clone(), self.bouncer_port)
    }

    /// Stops it as an administrator would; for a server of the test's own, as are the next ones.
    pub fn stop(&self) {
        self.tell("stop postgres");
    }

    /// Kills it (SIGKILL), as when the machine fails.
    pub fn kill(&self) {
        self.tell("kill postgres");
    }

    /// Starts it again on the same port.
    pub fn start_again(&self) {
        self.tell("start postgres");
    }

    fn tell(&self, order: &str) {
        let services = self.services.as_ref().expect("only a test's own server may be stopped");
        services.lock().unwrap().tell(order);
    }
}

/// A password with everything that quoting in SQL, URLs, YAML or files can get wrong; its end is random.
pub(crate) fn awkward_password() -> String {
    format!("p@s:s/w%6Frd '\\\"#${{&? {}", random_text())
}
