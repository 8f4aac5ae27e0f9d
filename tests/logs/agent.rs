//! Datadog's own test agent takes what is sent.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::settings;
use crate::lists::list;
use crate::place::Place;

/// What the agent has got of a kind, as JSON.
fn got(port: &str, what: &str) -> Value {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    let ask = format!("GET /test/session/{what} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
    stream.write_all(ask.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(" 200 "), "{what}: {head}");
    serde_json::from_str(body).unwrap()
}

#[test]
fn a_push_arrives_at_datadog_s_test_agent_as_logs_traces_and_metrics() {
    let port = std::env::var("MUSTER_TEST_AGENT_PORT").expect("run under scripts/with-services.sh");
    let place = Place::sqlite();
    settings(&place, &format!("{{ otlp: {{ endpoint: 'http://127.0.0.1:{port}' }} }}"));
    assert_eq!(place.push(&list(0, 7, "TX"), &[]).0, 0);
    let logs = got(&port, "logs").to_string();
    for text in ["pushed", "rows_read", "\"inserted\"", "insert-new", "service.name"] {
        assert!(logs.contains(text), "the logs lack {text}: {logs}");
    }
    let metrics = got(&port, "metrics").to_string();
    for text in ["muster.push.inserted", "muster.push.duration", "muster.runs", "DELTA"] {
        assert!(metrics.contains(text), "the metrics lack {text}: {metrics}");
    }
    let traces = got(&port, "traces").to_string();
    for text in ["commit", "merge", "plan"] {
        assert!(traces.contains(text), "the traces lack {text}: {traces}");
    }
    let (code, report) = place.run(&["logs", "test"]);
    assert_eq!((code, report["ok"].as_bool()), (0, Some(true)), "{report}");
}
