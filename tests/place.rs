//! A machine and a database to push to, of each kind.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use muster_tests::postgres::{Database, server};
use muster_tests::{Login, Machine};
use serde_json::Value;

/// A machine with an active profile `live`, and what looks into its database from outside.
pub(crate) struct Place {
    pub(crate) machine: Machine,
    pub(crate) db: Option<Database>,
}

impl Place {
    /// An empty database on the server that the tests share.
    pub(crate) fn postgres() -> Place {
        let db = server().database();
        let login = db.login();
        Place::on(db, &login)
    }

    /// One for each kind of database, and one behind PgBouncer.
    pub(crate) fn all() -> Vec<Place> {
        let direct = server().database();
        let login = direct.login();
        let pooled = server().database();
        let bouncer = pooled.bouncer();
        vec![Place::sqlite(), Place::on(direct, &login), Place::on(pooled, &bouncer)]
    }

    pub(crate) fn sqlite() -> Place {
        let machine = Machine::new();
        let added = machine.muster(&[
            "profiles",
            "add",
            "live",
            "--environment",
            "dev",
            "--driver",
            "sqlite",
            "--path",
            "live.db",
        ]);
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        assert!(machine.muster(&["profiles", "use", "live"]).status.success());
        Place { machine, db: None }
    }

    pub(crate) fn on(db: Database, login: &Login) -> Place {
        let machine = Machine::new();
        let port = login.port.to_string();
        let mut add =
            vec!["profiles", "add", "live", "--environment", "dev", "--driver", "postgres", "--host"];
        add.extend([
            login.host.as_str(),
            "--port",
            &port,
            "--database",
            &login.database,
            "--user",
            &login.user,
        ]);
        if login.tls {
            add.extend(["--root-cert", login.ca.to_str().unwrap()]);
        } else {
            add.extend(["--tls", "disable"]);
        }
        let added = machine.muster(&add);
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        assert!(machine.muster(&["profiles", "use", "live"]).status.success());
        let file = machine.file("password", format!("{}\n", login.password));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        Place { machine, db: Some(db) }
    }

    /// `muster … --json` with the profile's password.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let password = format!("live={}", self.machine.path().join("password").display());
        let secret: &[&str] = if self.db.is_some() { &["--secret-file", &password] } else { &[] };
        self.machine.command(&[arguments, secret, &["--json"]].concat())
    }

    /// Runs it: the exit code and the object.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.command(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let object = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON object: {text}"));
        (output.status.code().unwrap(), object)
    }

    /// Pushes a list of the club: the exit code and the report's `push`.
    pub(crate) fn push(&self, list: &str, more: &[&str]) -> (i32, Value) {
        self.machine.file("club.csv", list);
        let (code, report) = self.run(&[&["push", "club.csv"], more].concat());
        (code, if report["push"].is_null() { report } else { report["push"].clone() })
    }

    /// The one number that a query finds.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        match &self.db {
            Some(db) => db.psql(sql).trim().parse().unwrap(),
            None => self.machine.database("live.db").query_row(sql, [], |row| row.get(0)).unwrap(),
        }
    }

    /// Runs statements in the database, from outside.
    pub(crate) fn execute(&self, sql: &str) {
        match &self.db {
            Some(db) => drop(db.psql(sql)),
            None => self.machine.database("live.db").execute_batch(sql).unwrap(),
        }
    }

    /// All that is known of the members, but for the ledger: equal contents, equal text.
    pub(crate) fn contents(&self) -> String {
        let (_, file) = self.run(&["export", "--out", "contents.csv"]);
        assert!(file["rows"].is_number(), "{file}");
        let mut text = std::fs::read_to_string(self.machine.path().join("contents.csv")).unwrap();
        for (table, columns) in [
            ("member", "id, version, coalesce(company_id, 0)"),
            ("membership", "id, member_id, source_key"),
            ("company", "id, name"),
            ("club", "id, name"),
            ("source_record", "id, membership_id, push_id, line"),
            ("reject", "id, push_id, raw_line"),
        ] {
            text.push_str(&self.rows(table, columns));
        }
        text
    }

    fn rows(&self, table: &str, columns: &str) -> String {
        let lines = self.lines(&format!("SELECT {columns} FROM {table} ORDER BY id"));
        format!("{table}\n{}\n", lines.join("\n"))
    }

    /// The rows that a query finds, their columns separated by `|`.
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        if let Some(db) = &self.db {
            return db.psql(sql).lines().map(str::to_owned).collect();
        }
        let db = self.machine.database("live.db");
        let mut statement = db.prepare(sql).unwrap();
        let count = statement.column_count();
        let rows = statement.query_map([], |row| {
            let texts = (0..count).map(|at| row.get_ref(at).map(text));
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join("|"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }
}

/// A value as psql prints it.
fn text(value: rusqlite::types::ValueRef<'_>) -> String {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{bytes:?}"),
    }
}
