//! The proxy breaks the network as it is told, and only then.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::time::{Duration, Instant};

use muster_tests::postgres::{Database, server};
use muster_tests::proxy::{CommitFault, Faults, Outcome, closed_port};
use muster_tests::{Login, Proxy};

const SOON: Duration = Duration::from_secs(10);

/// A database, a proxy before it, and the owner's login through the proxy without TLS.
fn behind_a_proxy() -> (Database, Proxy, Login) {
    let db = server().database();
    db.psql("CREATE TABLE t (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
    let proxy = Proxy::before(db.port);
    let login = db.login().plain().at_port(proxy.port());
    (db, proxy, login)
}

fn seconds(action: impl FnOnce()) -> f64 {
    let started = Instant::now();
    action();
    started.elapsed().as_secs_f64()
}

#[test]
fn without_faults_it_is_not_noticed() {
    let (db, proxy, login) = behind_a_proxy();
    assert_eq!(
        login.psql("BEGIN; INSERT INTO t SELECT generate_series(1, 50000); COMMIT; SELECT count(*) FROM t"),
        "50000"
    );
    assert_eq!(login.psql("SELECT a FROM t").lines().count(), 50_000);
    assert_eq!((proxy.commits(), proxy.accepted()), (1, 2));
    let encrypted = db.login().at_port(proxy.port());
    assert_eq!(encrypted.psql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), "t");
    assert_eq!(proxy.accepted(), 3);
}

#[test]
fn it_delays_and_throttles() {
    let (_db, proxy, login) = behind_a_proxy();
    let quick = seconds(|| drop(login.psql("SELECT 1")));
    proxy.set(Faults { delay: Duration::from_millis(100), ..Faults::default() });
    // The startup, the password's three turns and the query: each waits twice.
    assert!(seconds(|| drop(login.psql("SELECT 1"))) > quick + 0.8);
    proxy.set(Faults { bytes_per_second: Some(20_000), ..Faults::default() });
    let slow = seconds(|| assert_eq!(login.psql("SELECT repeat('x', 20000)").len(), 20_000));
    assert!((0.9..quick + 6.0).contains(&slow), "{slow}");
    proxy.set(Faults::default());
    assert!(seconds(|| drop(login.psql("SELECT repeat('x', 20000)"))) < 0.9);
}

#[test]
fn a_black_hole_swallows_until_it_is_over() {
    let (db, proxy, login) = behind_a_proxy();
    proxy.set(Faults { black_hole: true, ..Faults::default() });
    let mut client = login.command().env("PGCONNECT_TIMEOUT", "2").spawn().unwrap();
    assert!(!client.wait().unwrap().success());
    let mut client = login.command().spawn().unwrap();
    client.stdin.take().unwrap().write_all(b"INSERT INTO t VALUES (1)").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((proxy.open() > 0, client.try_wait().unwrap()), (true, None));
    proxy.set(Faults::default());
    assert!(client.wait().unwrap().success());
    assert_eq!(db.psql("SELECT count(*) FROM t"), "1");
}

#[test]
fn it_cuts_connections() {
    let (db, proxy, login) = behind_a_proxy();
    let mut client = login.command().spawn().unwrap();
    client.stdin.take().unwrap().write_all(b"BEGIN; INSERT INTO t VALUES (1); SELECT pg_sleep(60)").unwrap();
    assert!(db.wait_until("SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active' AND pid <> pg_backend_pid()"));
    assert_eq!(proxy.open(), 1);
    proxy.cut();
    assert_eq!(proxy.open(), 0);
    let said = client.wait_with_output().unwrap();
    assert!(text(&said).contains("server closed the connection unexpectedly"), "{}", text(&said));
    assert_eq!(login.psql("SELECT count(*) FROM t"), "0", "the next connection works");
}

#[test]
fn a_cut_ends_the_stream_and_a_reset_breaks_it() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let proxy = Proxy::before(listener.local_addr().unwrap().port());
    let connect = || {
        let mut client = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
        client.write_all(b"x").unwrap();
        let mut server = listener.accept().unwrap().0;
        server.read_exact(&mut [0]).unwrap();
        (client, server)
    };
    let (mut client, mut server) = connect();
    proxy.cut();
    assert_eq!((client.read(&mut [0]).unwrap(), server.read(&mut [0]).unwrap()), (0, 0));
    let (mut client, mut server) = connect();
    proxy.reset();
    for side in [&mut client, &mut server] {
        assert_eq!(side.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    let refused = TcpStream::connect(("127.0.0.1", closed_port())).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn the_client_of_a_commit_without_an_answer_does_not_know_what_the_server_knows() {
    let (db, proxy, login) = behind_a_proxy();
    proxy.at_commit(2, CommitFault::Unanswered);
    let message = login
        .try_psql("BEGIN; INSERT INTO t VALUES (1); COMMIT;\nBEGIN; INSERT INTO t VALUES (2); COMMIT;\nINSERT INTO t VALUES (3)")
        .unwrap_err();
    assert!(message.contains("server closed the connection unexpectedly"), "{message}");
    assert_eq!(proxy.outcome(SOON), Some(Outcome::Committed));
    assert_eq!(db.psql("SELECT a FROM t ORDER BY a"), "1\n2");
    login.psql("BEGIN; INSERT INTO t VALUES (4); COMMIT");
    assert_eq!(proxy.commits(), 3);
}

#[test]
fn a_commit_that_was_refused_is_told_apart() {
    let (db, proxy, login) = behind_a_proxy();
    proxy.at_commit(1, CommitFault::Unanswered);
    login.try_psql("BEGIN; INSERT INTO t VALUES (1), (1); COMMIT;").unwrap_err();
    assert_eq!(proxy.outcome(SOON), Some(Outcome::RolledBack));
    assert_eq!(db.psql("SELECT count(*) FROM t"), "0");
}

#[test]
fn a_commit_that_was_not_sent_is_not_done() {
    let (db, proxy, login) = behind_a_proxy();
    proxy.at_commit(1, CommitFault::Unsent);
    login.try_psql("BEGIN; INSERT INTO t VALUES (1); COMMIT;").unwrap_err();
    assert_eq!(proxy.outcome(SOON), Some(Outcome::Unsent));
    assert!(db.wait_until("SELECT count(*) = 0 FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"));
    assert_eq!(db.psql("SELECT count(*) FROM t"), "0");
}

#[test]
#[should_panic(expected = "through TLS")]
fn a_commit_that_cannot_be_seen_is_no_silence() {
    let (db, proxy, _) = behind_a_proxy();
    proxy.at_commit(1, CommitFault::Unsent);
    db.login().at_port(proxy.port()).psql("BEGIN; INSERT INTO t VALUES (1); COMMIT;");
    proxy.outcome(Duration::from_millis(100));
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
