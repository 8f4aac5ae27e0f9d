//! PostgreSQL and PgBouncer for tests.

use std::io::Write;

use muster_tests::postgres::{Options, Server, server};

#[test]
fn a_test_has_a_database_of_its_own_which_goes_with_it() {
    let (one, other) = (server().database(), server().database());
    one.psql("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)");
    assert_eq!(one.psql("SELECT count(*) FROM t"), "2");
    assert_eq!(other.psql("SELECT to_regclass('t') IS NULL"), "t");
    assert!(
        one.login()
            .in_database(&other.database)
            .try_psql("SELECT 1")
            .unwrap_err()
            .contains("permission denied")
    );
    let role = one.role("GRANT SELECT ON t TO {role}");
    let (name, users) = (one.database.clone(), format!("'{}', '{}'", one.user, role.user));
    let left = format!(
        "SELECT (SELECT count(*) FROM pg_database WHERE datname = '{name}'),
                (SELECT count(*) FROM pg_roles WHERE rolname IN ({users}))"
    );
    assert_eq!(server().psql(&left), "1|2");
    drop(one);
    assert_eq!(server().psql(&left), "0|0");
}

#[test]
fn connections_are_encrypted_and_the_certificate_is_checked() {
    let db = server().database();
    let how = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(db.psql(how), "t|TLSv1.3");
    assert_eq!(db.login().plain().psql(how), "f|");
    let message = db.login().with_ca(server().other_ca()).try_psql(how).unwrap_err();
    assert!(message.contains("certificate verify failed"), "{message}");
    let message = db.login().as_user(&db.user, "wrong").try_psql(how).unwrap_err();
    assert!(message.contains("password authentication failed"), "{message}");
}

#[test]
fn a_server_may_have_another_s_certificate_or_none() {
    let server = Server::start(Options { names: Some("DNS:elsewhere.example"), ..Options::default() });
    let db = server.database();
    let checking = db.login().encrypted();
    assert!(checking.try_psql("SELECT 1").unwrap_err().contains("does not match host name"));
    drop(db);
    drop(server);
    let server = Server::start(Options { without_tls: true, ..Options::default() });
    let db = server.database();
    let checking = db.login().encrypted();
    assert!(checking.try_psql("SELECT 1").unwrap_err().contains("does not support SSL"));
    assert_eq!(db.psql("SELECT 1"), "1");
    assert_eq!(db.bouncer().psql("SELECT 1"), "1");
}

#[test]
fn a_role_may_do_what_it_was_granted_and_no_more() {
    let db = server().database();
    db.psql("CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2)");
    let role = db.role("GRANT SELECT (a) ON t TO {role}");
    assert_eq!(role.psql("SELECT a FROM t"), "1");
    assert!(role.try_psql("SELECT b FROM t").unwrap_err().contains("permission denied"));
    assert!(role.try_psql("CREATE TABLE u (a int)").unwrap_err().contains("permission denied"));
}

#[test]
fn connections_can_be_seen_and_killed() {
    let db = server().database();
    assert_eq!(db.kill_backends(), 0);
    let mut client = db.command().env("PGAPPNAME", "victim").spawn().unwrap();
    client.stdin.as_mut().unwrap().write_all(b"BEGIN;\n").unwrap();
    assert!(db.wait_until("SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'victim'"));
    assert!(db.wait_until(
        "SELECT state = 'idle in transaction' FROM pg_stat_activity WHERE application_name = 'victim'"
    ));
    let seen = db.backends();
    assert_eq!((seen[0].application.as_str(), seen[0].state.as_str()), ("victim", "idle in transaction"));
    assert_eq!((seen[0].user.as_str(), seen[0].tls), (db.user.as_str(), true));
    assert_eq!(db.kill_backends(), 1);
    client.stdin.as_mut().unwrap().write_all(b"SELECT 1;\n").unwrap();
    let output = client.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("terminating connection"));
}

#[test]
fn a_row_that_was_not_touched_keeps_its_transaction() {
    let db = server().database();
    db.psql("CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 1), (2, 2)");
    let before = db.xmins("t", "id");
    db.psql("UPDATE t SET a = a WHERE id = 2");
    let after = db.xmins("t", "id");
    assert_eq!((before.len(), &before["1"]), (2, &after["1"]));
    assert_eq!(before["1"], before["2"]);
    assert_ne!(before["2"], after["2"]);
}

#[test]
fn the_bouncer_gives_one_connection_to_many_clients() {
    let db = server().database();
    let (direct, pooled) = (db.login(), db.bouncer());
    let backend = "SELECT pg_backend_pid()";
    assert_ne!(direct.psql(backend), direct.psql(backend));
    assert_eq!(pooled.psql(backend), pooled.psql(backend));
    // What a client sets reaches the next one: the bouncer pools transactions, not sessions.
    pooled.psql("SET statement_timeout = '12345ms'");
    assert_eq!(pooled.psql("SHOW statement_timeout"), "12345ms");
    assert_eq!(direct.psql("SHOW statement_timeout"), "0");
    assert!(
        pooled
            .with_ca(server().other_ca())
            .try_psql(backend)
            .unwrap_err()
            .contains("certificate verify failed")
    );
}

#[test]
fn a_durable_server_keeps_what_it_committed_when_it_is_killed() {
    let server = Server::start(Options { durable: true, ..Options::default() });
    let db = server.database();
    assert_eq!(db.psql("SHOW fsync"), "on");
    db.psql("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
    let mut client = db.command().spawn().unwrap();
    client
        .stdin
        .as_mut()
        .unwrap()
        .write_all(b"BEGIN; INSERT INTO t VALUES (2); SELECT 'inserted';\n")
        .unwrap();
    assert!(db.wait_until("SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'idle in transaction'"));
    server.kill();
    assert!(db.try_psql("SELECT 1").unwrap_err().contains("Connection refused"));
    server.start_again();
    assert_eq!(db.psql("SELECT a FROM t"), "1");
    drop(client.stdin.take());
    client.wait().unwrap();
    server.stop();
    server.start_again();
    assert_eq!(db.psql("SELECT a FROM t"), "1");
}

#[test]
fn a_server_of_a_test_s_own_is_gone_with_it() {
    let server = Server::start(Options::default());
    let (port, bouncer, folder) = (server.port(), server.bouncer(), server.ca());
    let answers = |port| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
    assert!(answers(port) && answers(bouncer) && folder.exists());
    drop(server);
    assert!(!answers(port) && !answers(bouncer) && !folder.exists());
}
