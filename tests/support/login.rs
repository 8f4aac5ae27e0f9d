//! What a user logs in to a database with, and the program psql as that user.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tempfile::NamedTempFile;

/// What a user logs in to a database with.
#[derive(Clone)]
pub struct Login {
    /// `localhost`, which the server's certificate names.
    pub host: String,
    /// The port of the server, of the PgBouncer before it, or of a proxy.
    pub port: u16,
    /// The database.
    pub database: String,
    /// The user.
    pub user: String,
    /// The user's password: random, and full of characters that want quoting.
    pub password: String,
    /// The certificate authority that signed the server's certificate (PEM).
    pub ca: PathBuf,
    /// Whether psql insists on TLS and checks the certificate (`verify-full`); else it speaks without (`disable`).
    pub tls: bool,
    psql: PathBuf,
    // psql reads the password here: it is then in nobody's arguments or environment, where leaks are looked for.
    password_file: Arc<NamedTempFile>,
}

impl Login {
    pub(crate) fn new(database: &str, user: &str, password: &str) -> Login {
        Login {
            host: "localhost".into(),
            port: 5432,
            database: database.into(),
            user: user.into(),
            password: password.into(),
            ca: PathBuf::new(),
            tls: true,
            psql: "psql".into(),
            password_file: password_file(password),
        }
    }

    pub(crate) fn with_psql(self, psql: PathBuf) -> Login {
        Login { psql, ..self }
    }

    /// The same with another certificate authority.
    #[must_use]
    pub fn with_ca(self, ca: PathBuf) -> Login {
        Login { ca, ..self }
    }

    /// The same to another database of the server.
    #[must_use]
    pub fn in_database(self, database: &str) -> Login {
        Login { database: database.into(), ..self }
    }

    /// The same at another port: PgBouncer's or a proxy's.
    #[must_use]
    pub fn at_port(self, port: u16) -> Login {
        Login { port, ..self }
    }

    /// The same without TLS, so that a proxy can understand what is said.
    #[must_use]
    pub fn plain(self) -> Login {
        Login { tls: false, ..self }
    }

    /// The same with TLS and a check of the certificate, which is how it is on usual servers.
    #[must_use]
    pub fn encrypted(self) -> Login {
        Login { tls: true, ..self }
    }

    /// The same as another user.
    #[must_use]
    pub fn as_user(self, user: &str, password: &str) -> Login {
        let password_file = password_file(password);
        Login { user: user.into(), password: password.into(), password_file, ..self }
    }

    /// The random part of the password, to look for where no password may be (`leaks`): the rest would be
    /// written in other ways by what quotes it.
    pub fn canary(&self) -> &str {
        &self.password[self.password.len() - 16..]
    }

    /// Runs SQL and returns what psql prints: a line a row, columns separated by `|`. Panics when it fails.
    pub fn psql(&self, sql: &str) -> String {
        self.try_psql(sql).unwrap_or_else(|message| panic!("psql: {message}"))
    }

    /// Runs SQL; the error is psql's message. Each statement is a transaction of its own.
    pub fn try_psql(&self, sql: &str) -> Result<String, String> {
        let mut child = self.command().spawn().unwrap();
        // It may have ended already, without a connection.
        let _ = child.stdin.take().unwrap().write_all(sql.as_bytes());
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout).unwrap().trim_end().to_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// psql as this user, which reads SQL from its standard input: for a test that goes on while it runs.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.psql);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"])
            .env("PGHOST", &self.host)
            .env("PGPORT", self.port.to_string())
            .env("PGDATABASE", &self.database)
            .env("PGUSER", &self.user)
            .env("PGPASSFILE", self.password_file.path())
            .env("PGSSLMODE", if self.tls { "verify-full" } else { "disable" })
            .env("PGSSLROOTCERT", &self.ca)
            .env("PGGSSENCMODE", "disable")
            .env("PGCONNECT_TIMEOUT", "10")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// A file that only the person may read, as psql wants it.
fn password_file(password: &str) -> Arc<NamedTempFile> {
    let mut file = NamedTempFile::new().unwrap();
    let quoted = password.replace('\\', "\\\\").replace(':', "\\:");
    writeln!(file, "*:*:*:*:{quoted}").unwrap();
    Arc::new(file)
}

/// A text as SQL writes it.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
