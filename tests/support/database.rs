//! A test's own database on a PostgreSQL.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::login::{Login, literal};
use crate::postgres::awkward_password;
use crate::services::random_text;

/// A database that one test has for itself, and its owner's login: `db.psql(…)`, `db.port`. Dropped with it.
pub struct Database {
    owner: Login,
    admin: Login,
    bouncer_port: Option<u16>,
    roles: Mutex<Vec<String>>,
}

/// A connection as the server sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Its process, for [`Database::kill_backend`].
    pub pid: u32,
    /// Who is connected.
    pub user: String,
    /// What the program calls itself.
    pub application: String,
    /// `active`, `idle`, `idle in transaction`, …
    pub state: String,
    /// Whether the connection is encrypted.
    pub tls: bool,
}

impl Deref for Database {
    type Target = Login;

    fn deref(&self) -> &Login {
        &self.owner
    }
}

impl Database {
    pub(crate) fn new(owner: Login, admin: Login, bouncer_port: Option<u16>) -> Database {
        Database { owner, admin, bouncer_port, roles: Mutex::default() }
    }

    /// The owner's login.
    pub fn login(&self) -> Login {
        self.owner.clone()
    }

    /// The owner's login through PgBouncer.
    pub fn bouncer(&self) -> Login {
        self.login().at_port(self.bouncer_port.expect("this run has no PgBouncer"))
    }

    /// The superuser's login to this database.
    pub fn superuser(&self) -> Login {
        self.admin.clone().in_database(&self.database)
    }

    /// A new user who may connect and do what `grants` say: SQL in which `{role}` stands for the user, such as
    /// `GRANT SELECT ON member TO {role}`.
    pub fn role(&self, grants: &str) -> Login {
        let role = format!("role_{}", random_text());
        let login = self.login().as_user(&role, &awkward_password());
        self.superuser().psql(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD {};
             GRANT CONNECT ON DATABASE {} TO {role};
             {};",
            literal(&login.password),
            self.database,
            grants.replace("{role}", &role)
        ));
        self.roles.lock().unwrap().push(role);
        login
    }

    /// Who is connected to this database, without the one who asks.
    pub fn backends(&self) -> Vec<Backend> {
        let listed = self.superuser().psql(
            "SELECT pid, usename, state, coalesce(ssl, false), application_name
             FROM pg_stat_activity LEFT JOIN pg_stat_ssl USING (pid)
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
             ORDER BY pid",
        );
        listed.lines().map(backend).collect()
    }

    /// Ends a connection from the server's side, as an administrator or a restart would.
    pub fn kill_backend(&self, pid: u32) {
        self.superuser().psql(&format!("SELECT pg_terminate_backend({pid}, 5000)"));
    }

    /// Ends all connections but the one that does so; returns how many.
    pub fn kill_backends(&self) -> usize {
        let backends = self.backends();
        backends.iter().for_each(|backend| self.kill_backend(backend.pid));
        backends.len()
    }

    /// By the key of each row, the transaction that wrote it last: a row that kept its number was not touched.
    pub fn xmins(&self, table: &str, key: &str) -> BTreeMap<String, String> {
        let listed = self.superuser().psql(&format!("SELECT xmin, {key} FROM {table}"));
        listed
            .lines()
            .filter_map(|line| line.split_once('|'))
            .map(|(xmin, key)| (key.into(), xmin.into()))
            .collect()
    }

    /// Asks until a query says `t`, ten seconds at most; whether it did.
    pub fn wait_until(&self, sql: &str) -> bool {
        let end = Instant::now() + Duration::from_secs(10);
        while self.superuser().psql(sql) != "t" {
            if Instant::now() > end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        true
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut sql = format!("DROP DATABASE {} WITH (FORCE);", self.database);
        for role in self.roles.get_mut().unwrap().iter().chain([&self.owner.user]) {
            sql += &format!("DROP ROLE {role};");
        }
        // A test may have killed its server.
        if let Err(message) = self.admin.try_psql(&sql) {
            eprintln!("the database {} was not dropped: {message}", self.database);
        }
    }
}

fn backend(line: &str) -> Backend {
    let mut columns = line.splitn(5, '|').map(str::to_owned);
    let mut next = || columns.next().unwrap();
    Backend {
        pid: next().parse().unwrap(),
        user: next(),
        state: next(),
        tls: next() == "t",
        application: next(),
    }
}
