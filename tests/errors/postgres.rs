//! Errors of a real PostgreSQL, most of which quote values in their message, detail or context.

use std::io::Write;

use muster_tests::postgres::server;
use muster_tests::proxy::closed_port;
use muster_tests::{Database, Proxy};

use super::{MAIL, NAME, fails, list};
use crate::place::Place;

/// A kind of error: what provokes it, what takes that away, and the exit code.
struct Kind(&'static str, String, String, i32);

/// A trigger on `member` that does something with a new row.
fn trigger(kind: &'static str, body: &str, code: i32) -> Kind {
    let up = format!(
        "CREATE FUNCTION provoke() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NEW; END $$;
         CREATE TRIGGER provoke BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION provoke();"
    );
    Kind(kind, up, "DROP TRIGGER provoke ON member; DROP FUNCTION provoke();".to_owned(), code)
}

fn change(kind: &'static str, up: &str, down: &str, code: i32) -> Kind {
    Kind(kind, up.to_owned(), down.to_owned(), code)
}

fn of_values() -> Vec<Kind> {
    vec![
        change("unique", "CREATE UNIQUE INDEX once ON member (given_name)", "DROP INDEX once", 1),
        change(
            "foreign key",
            "CREATE TABLE known (name TEXT PRIMARY KEY);
             ALTER TABLE member ADD CONSTRAINT known_name FOREIGN KEY (given_name) REFERENCES known",
            "ALTER TABLE member DROP CONSTRAINT known_name; DROP TABLE known",
            1,
        ),
        change(
            "check",
            "ALTER TABLE member ADD CONSTRAINT short_name CHECK (length(given_name) < 3)",
            "ALTER TABLE member DROP CONSTRAINT short_name",
            1,
        ),
        change(
            "not null",
            "ALTER TABLE member ALTER COLUMN phone SET NOT NULL",
            "ALTER TABLE member ALTER COLUMN phone DROP NOT NULL",
            1,
        ),
        change(
            "exclusion",
            "ALTER TABLE member ADD CONSTRAINT apart EXCLUDE USING btree (email WITH =)",
            "ALTER TABLE member DROP CONSTRAINT apart",
            1,
        ),
        change(
            "too long",
            "ALTER TABLE member ALTER COLUMN given_name TYPE varchar(3)",
            "ALTER TABLE member ALTER COLUMN given_name TYPE text",
            1,
        ),
        trigger("no number", "PERFORM NEW.email::int", 1),
        trigger("no date", "PERFORM NEW.given_name::date", 1),
        trigger("no JSON", "PERFORM NEW.given_name::json", 1),
        trigger("bad pattern", "PERFORM '' ~ ('(' || NEW.given_name)", 1),
        trigger("division by zero", "PERFORM 1 / (length(NEW.given_name) - 11)", 1),
        trigger("bad encoding", "PERFORM convert_to(NEW.given_name || U&'\\015B', 'LATIN1')", 1),
        trigger("bad bytes", "PERFORM convert_from(NEW.given_name::bytea || '\\xff'::bytea, 'UTF8')", 1),
        change(
            "number out of range",
            "CREATE FUNCTION provoke() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM NEW.source_key::int; RETURN NEW; END $$;
             CREATE TRIGGER provoke BEFORE INSERT ON membership FOR EACH ROW EXECUTE FUNCTION provoke();",
            "DROP TRIGGER provoke ON membership; DROP FUNCTION provoke();",
            1,
        ),
        trigger("raised with a value", "RAISE EXCEPTION 'not %', NEW.given_name USING DETAIL = NEW.email, HINT = NEW.given_name", 1),
        trigger(
            "raised as a broken rule named by a value",
            "RAISE EXCEPTION 'not %', NEW.given_name USING ERRCODE = '23514', CONSTRAINT = NEW.given_name, TABLE = NEW.email",
            1,
        ),
        trigger("serialization failure", "RAISE EXCEPTION 'not %', NEW.given_name USING ERRCODE = '40001'", 75),
        trigger("disk full", "RAISE EXCEPTION 'not %', NEW.given_name USING ERRCODE = '53100'", 75),
        trigger("ended by the server", "PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(1)", 75),
    ]
}

fn of_permissions(db: &Database) -> Vec<Kind> {
    let (role, name) = (&db.user, &db.database);
    let owned = |kind, up: String, down: String, code| Kind(kind, up, down, code);
    vec![
        owned(
            "permission denied",
            format!("REVOKE INSERT ON member FROM {role}"),
            format!("GRANT INSERT ON member TO {role}"),
            1,
        ),
        owned(
            "row-level security",
            format!(
                "ALTER TABLE member ENABLE ROW LEVEL SECURITY; ALTER TABLE member FORCE ROW LEVEL SECURITY;
                 CREATE POLICY others ON member USING (true) WITH CHECK (given_name <> '{NAME}')"
            ),
            "DROP POLICY others ON member; ALTER TABLE member NO FORCE ROW LEVEL SECURITY;
             ALTER TABLE member DISABLE ROW LEVEL SECURITY"
                .to_owned(),
            1,
        ),
        owned(
            "read-only",
            format!("ALTER DATABASE {name} SET default_transaction_read_only = on"),
            format!("SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only"),
            1,
        ),
        owned(
            "another column",
            format!("ALTER TABLE member RENAME COLUMN phone TO {MAIL}"),
            format!("ALTER TABLE member RENAME COLUMN {MAIL} TO phone"),
            1,
        ),
        owned(
            "too many connections",
            format!("ALTER DATABASE {name} CONNECTION LIMIT 0"),
            format!("ALTER DATABASE {name} CONNECTION LIMIT -1"),
            75,
        ),
        owned(
            "no room for temporary files",
            format!(
                "ALTER ROLE {role} SET temp_file_limit = 64; ALTER ROLE {role} SET work_mem = '64kB';
                 CREATE FUNCTION provoke() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 PERFORM max(n) FROM (SELECT n FROM generate_series(1, 50000) AS s (n) ORDER BY n % 7 OFFSET 1) AS t; RETURN NEW; END $$;
                 CREATE TRIGGER provoke BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION provoke();"
            ),
            format!(
                "DROP TRIGGER provoke ON member; DROP FUNCTION provoke();
                 ALTER ROLE {role} RESET temp_file_limit; ALTER ROLE {role} RESET work_mem"
            ),
            75,
        ),
        {
            let Kind(kind, up, down, code) =
                trigger("statement timeout", "PERFORM pg_sleep(5), NEW.given_name::text", 75);
            let (up, down) = (
                format!("{up} ALTER ROLE {role} SET statement_timeout = '300ms'"),
                format!("{down} ALTER ROLE {role} RESET statement_timeout"),
            );
            Kind(kind, up, down, code)
        },
    ]
}

#[test]
fn no_error_of_postgresql_shows_a_value() {
    let place = Place::postgres();
    assert_eq!(place.run(&["history"]).0, 0);
    let db = place.db.as_ref().unwrap();
    let kinds: Vec<Kind> = of_values().into_iter().chain(of_permissions(db)).collect();
    assert!(kinds.len() > 25, "{}", kinds.len());
    for Kind(kind, up, down, expected) in &kinds {
        db.superuser().psql(up);
        let (code, message) = fails(kind, &place);
        assert_eq!(code, *expected, "{kind}: {message}");
        db.superuser().psql(down);
        assert_eq!(place.number("SELECT count(*) FROM member"), 0, "{kind}");
    }
    // Without all that the list can be pushed.
    let (code, report) = place.run(&["push", "club.csv"]);
    assert_eq!(code, 0, "{report:#}");
}

#[test]
fn no_error_about_locks_shows_a_value() {
    let place = Place::postgres();
    assert_eq!(place.run(&["history"]).0, 0);
    let db = place.db.as_ref().unwrap();
    let role = &db.user;
    let session = |sql: &str, until: &str| {
        let mut session = db.superuser().command().spawn().unwrap();
        session.stdin.as_mut().unwrap().write_all(sql.as_bytes()).unwrap();
        drop(session.stdin.take());
        assert!(db.wait_until(until));
        session
    };
    db.superuser().psql(&format!("ALTER ROLE {role} SET lock_timeout = '300ms'"));
    let mut other = session(
        "BEGIN; LOCK TABLE member IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600);",
        "SELECT count(*) > 0 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'member'::regclass",
    );
    assert_eq!(fails("lock timeout", &place).0, 75);
    other.kill().unwrap();
    other.wait().unwrap();
    db.kill_backends();
    // Each waits for what the other has; the push is the first to look.
    db.superuser().psql(&format!(
        "ALTER ROLE {role} RESET lock_timeout; ALTER ROLE {role} SET deadlock_timeout = '10ms';
         CREATE FUNCTION provoke() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             PERFORM pg_advisory_xact_lock(2);
             WHILE NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted) LOOP
                 PERFORM pg_sleep(0.01);
             END LOOP;
             PERFORM pg_advisory_xact_lock(1);
             RETURN NEW;
         END $$;
         CREATE TRIGGER provoke BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION provoke();"
    ));
    let mut other = session(
        "SET deadlock_timeout = '60s';
         DO $$ BEGIN
             PERFORM pg_advisory_lock(1);
             LOOP
                 IF EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 2 AND granted AND objsubid = 1) THEN
                     PERFORM pg_advisory_lock(2);
                     PERFORM pg_advisory_unlock(2);
                 END IF;
                 PERFORM pg_sleep(0.01);
             END LOOP;
         END $$;",
        "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND granted",
    );
    assert_eq!(fails("deadlock", &place).0, 75);
    other.kill().unwrap();
    other.wait().unwrap();
    db.kill_backends();
    assert_eq!(place.number("SELECT count(*) FROM member"), 0);
}

/// Tells another thread that it is over, when it is dropped.
struct End<'e>(&'e std::sync::atomic::AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn no_error_of_a_connection_shows_a_value() {
    let refused = server().database();
    let login = refused.login().at_port(closed_port());
    assert_eq!(fails("connection refused", &Place::on(refused, &login)).0, 75);

    let db = server().database();
    let login = db.login().as_user(&db.user, &format!("{NAME} and more"));
    let (code, message) = fails("wrong password", &Place::on(db, &login));
    assert!(code == 1 && message.contains("refuses the login"), "{message}");

    let db = server().database();
    let login = db.login().in_database("nowhere");
    let (code, message) = fails("unknown database", &Place::on(db, &login));
    assert!(code == 1 && message.contains("no database"), "{message}");

    let db = server().database();
    let login = db.login().with_ca(server().other_ca());
    let (code, message) = fails("certificate", &Place::on(db, &login));
    assert!(code == 75 && message.contains("secure connection"), "{message}");

    let db = server().database();
    let proxy = Proxy::before(db.port);
    let login = db.login().plain().at_port(proxy.port());
    let place = Place::on(db, &login);
    assert_eq!(place.run(&["history"]).0, 0);
    for (kind, end) in [("connection closed", Proxy::cut as fn(&Proxy)), ("connection reset", Proxy::reset)] {
        place.db.as_ref().unwrap().superuser().psql(
            "CREATE FUNCTION provoke() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
             CREATE TRIGGER provoke BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION provoke();",
        );
        place.machine.file("club.csv", list());
        let ended = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            // Also where this fails.
            let _end = End(&ended);
            scope.spawn(|| {
                while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
                    if place.db.as_ref().unwrap().superuser().psql(waits) != "0" {
                        end(&proxy);
                        place.db.as_ref().unwrap().kill_backends();
                    }
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
            });
            assert_eq!(fails(kind, &place).0, 75);
        });
        place
            .db
            .as_ref()
            .unwrap()
            .superuser()
            .psql("DROP TRIGGER provoke ON member; DROP FUNCTION provoke();");
    }
    assert_eq!(place.number("SELECT count(*) FROM member"), 0);
}
