//! Logs, traces and metrics: what is in them, where they go, and that nothing else is in them.

mod agent;
mod canaries;
mod screens;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use muster_backend::telemetry::{COUNTERS, DURATIONS, EVENTS};
use muster_tests::collector::Collector;
use muster_tests::proxy::closed_port;
use serde_json::Value;

use crate::lists::list;
use crate::place::Place;

/// Adds the settings of the log.
fn settings(place: &Place, logs: &str) {
    let path = place.machine.path().join("config").join("config.yml");
    let former = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{former}\nlogs: {logs}\n")).unwrap();
}

/// The lines of the log.
fn lines(place: &Place) -> Vec<Value> {
    let text = std::fs::read_to_string(place.machine.path().join("data/logs/muster.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of_event(place: &Place, name: &str) -> Vec<Value> {
    lines(place).into_iter().filter(|line| line["event"] == name).collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

#[test]
fn a_push_is_one_event_and_each_stage_is_a_span() {
    for place in Place::all() {
        assert_eq!(place.push(&list(0, 30, "TX"), &["--match"]).0, 0);
        let pushed = of_event(&place, "pushed");
        assert_eq!(pushed.len(), 1, "{pushed:?}");
        let line = &pushed[0];
        assert_eq!(
            (line["inserted"].as_u64(), line["mode"].as_str(), line["level"].as_str()),
            (Some(30), Some("insert-new"), Some("info")),
            "{line}"
        );
        assert!(line["seconds"].as_f64().unwrap() > 0.0 && line["environment"] == "dev", "{line}");
        let of_driver = if place.db.is_some() { "postgres" } else { "sqlite" };
        assert_eq!(line["driver"], of_driver);
        // The profile's name is a person's text: an id stands for it.
        assert!(line["profile"].as_str().unwrap().starts_with("p-"), "{line}");
        let read = &of_event(&place, "rows_read")[0];
        assert_eq!((read["read"].as_u64(), read["clean"].as_u64()), (Some(30), Some(30)));
        let lines = lines(&place);
        let stages: BTreeSet<&str> = lines.iter().filter_map(|line| line["stage"].as_str()).collect();
        for stage in
            ["run", "look", "read", "match", "resolve", "plan", "push", "archive", "load", "merge", "commit"]
        {
            assert!(stages.contains(stage), "{stage} is missing: {stages:?}");
        }
        assert!(lines.iter().filter(|line| !line["stage"].is_null()).all(|line| line["outcome"] == "ok"));
        let of_read = lines.iter().find(|line| line["stage"] == "read").unwrap();
        assert_eq!(of_read["rows"].as_u64(), Some(30), "{of_read}");
        let runs: BTreeSet<&str> = lines.iter().map(|line| line["run"].as_str().unwrap()).collect();
        // Adding the profile and using it were runs of the program, too.
        assert_eq!(runs.len(), 3);
    }
}

#[test]
fn failures_are_told_by_their_code() {
    let place = Place::sqlite();
    assert_ne!(place.push("no list at all\n", &["--profile", "nobody"]).0, 0);
    assert_eq!(of_event(&place, "failed").last().unwrap()["code"], "config");
    assert_eq!(place.run(&["undo", "99"]).0, 1);
    assert_eq!(of_event(&place, "failed").last().unwrap()["code"], "not_found");
    let ended = of_event(&place, "ended");
    assert_eq!(
        (ended.last().unwrap()["command"].as_str(), ended.last().unwrap()["exit_code"].as_u64()),
        (Some("undo"), Some(1))
    );
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_log_and_a_level_leaves_out_what_is_below() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::sqlite();
    let folder = place.machine.path().join("data/logs");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("muster.jsonl"))), (0o700, 0o600));
    let before = lines(&place).len();
    settings(&place, "{ level: warn }");
    assert_eq!(place.push(&list(0, 3, "TX"), &[]).0, 0);
    assert_eq!(lines(&place).len(), before);
    assert_eq!(place.run(&["undo", "99"]).0, 1);
    assert_eq!(lines(&place).len(), before + 1);
    assert_eq!(place.run(&["undo", "99", "--log-level", "off"]).0, 1);
    assert_eq!(lines(&place).len(), before + 1);
    assert_eq!(place.run(&["members", "list", "Ann", "--log-level", "debug"]).0, 0);
    assert_eq!(of_event(&place, "searched").len(), 1);
}

#[test]
fn settings_that_do_not_fit_are_told() {
    let place = Place::sqlite();
    settings(&place, "{ otlp: { endpoint: 'http://agent.example.org:4318' } }");
    let (code, error) = place.run(&["history"]);
    assert_eq!(code, 1);
    assert!(error["error"]["message"].as_str().unwrap().contains("logs.otlp.endpoint"), "{error}");
}

#[test]
fn what_a_push_did_is_sent_to_the_collector_and_to_nobody_before_it_is_named() {
    for place in Place::all() {
        let (collector, elsewhere) = (Collector::start(), Collector::start());
        // What other programs are told by the environment counts for nothing.
        let push = |list: String| {
            place.machine.file("club.csv", list);
            let mut command = place.command(&["push", "club.csv"]);
            command.env("OTEL_EXPORTER_OTLP_ENDPOINT", elsewhere.address());
            command.env("OTEL_RESOURCE_ATTRIBUTES", "host.name=qanarihost");
            assert!(command.output().unwrap().status.success());
        };
        push(list(0, 5, "TX"));
        assert_eq!(collector.received().len(), 0);
        settings(&place, &format!("{{ otlp: {{ endpoint: '{}' }} }}", collector.address()));
        push(list(0, 9, "TX"));
        assert_eq!(elsewhere.received().len(), 0);
        for (path, texts) in [
            ("/v1/logs", &["pushed", "rows_read", "inserted"][..]),
            ("/v1/traces", &["commit", "merge", "outcome"]),
            ("/v1/metrics", &["muster.push.inserted", "muster.runs", "muster.stage.duration"]),
        ] {
            let bytes = collector.bytes(Some(path));
            for text in texts.iter().chain(&["service.name", "deployment.environment.name"]) {
                assert!(has(&bytes, text), "{path} lacks {text}");
            }
        }
        let all = collector.bytes(None);
        for text in ["qanarihost", "host.name", "/src/", "live", "thread.id"] {
            assert!(!has(&all, text), "{text} was sent");
        }
    }
}

#[test]
fn the_key_goes_into_its_header_and_nowhere_else() {
    let (place, collector) = (Place::sqlite(), Collector::start());
    settings(
        &place,
        &format!("{{ otlp: {{ endpoint: '{}', key_header: dd-api-key }} }}", collector.address()),
    );
    // Without a key nothing is sent, and the work goes on.
    assert_eq!(place.push(&list(0, 3, "TX"), &[]).0, 0);
    assert_eq!(collector.received().len(), 0);
    assert!(
        ["secret_missing", "keychain"].contains(&of_event(&place, "not_sent")[0]["code"].as_str().unwrap())
    );
    let key = place.machine.file("key", "qanarikey0123456\n");
    #[cfg(unix)]
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let named = format!("logs={}", key.display());
    assert_eq!(place.push(&list(0, 5, "TX"), &["--secret-file", &named]).0, 0);
    let received = collector.received();
    assert!(received.len() >= 3);
    for request in received {
        assert!(request.head.contains("dd-api-key: qanarikey0123456"), "{}", request.head);
        assert!(!has(&request.body, "qanarikey"));
    }
    let data = place.machine.path().join("data");
    assert_eq!(muster_tests::leaks::in_files(&["qanarikey0123456"], &[&data]), BTreeSet::new());
}

/// No time is compared with another run's: only with the bound that is promised, and much to spare.
#[test]
fn a_collector_that_is_gone_fails_no_push_and_delays_its_end_by_seconds_at_most() {
    let silent = Collector::silent();
    let busy = Collector::answering("503 Service Unavailable");
    let gone = format!("http://127.0.0.1:{}", closed_port());
    for address in [gone, busy.address(), silent.address()] {
        let place = Place::sqlite();
        settings(&place, &format!("{{ level: trace, otlp: {{ endpoint: '{address}' }} }}"));
        let began = Instant::now();
        let (code, push) = place.push(&list(0, 20, "TX"), &[]);
        assert_eq!((code, push["inserted"].as_u64()), (0, Some(20)), "{push}");
        assert!(began.elapsed() < Duration::from_secs(40));
        // The program had all its work done, and only its end waited.
        let ended = &of_event(&place, "ended");
        assert!(ended.last().unwrap()["seconds"].as_f64().unwrap() < 30.0);
    }
}

#[test]
fn a_test_tells_which_step_failed() {
    let place = Place::sqlite();
    let (code, report) = place.run(&["logs", "test"]);
    assert_eq!((code, report["steps"][0]["state"].as_str()), (1, Some("failed")), "{report}");
    let collector = Collector::start();
    let test = |address: &str| {
        let place = Place::sqlite();
        settings(&place, &format!("{{ otlp: {{ endpoint: '{address}' }} }}"));
        let (code, report) = place.run(&["logs", "test"]);
        let failed =
            report["steps"].as_array().unwrap().iter().find(|step| step["state"] == "failed").cloned();
        (code, failed.map(|step| (step["step"].as_str().unwrap().to_owned(), step["message"].to_string())))
    };
    assert_eq!(test(&collector.address()), (0, None));
    for path in ["/v1/logs", "/v1/traces", "/v1/metrics"] {
        assert!(collector.received().iter().any(|request| request.path == path), "{path}");
    }
    let fails = |address: &str, step: &str, words: &str| {
        let (code, failed) = test(address);
        let (at, message) = failed.unwrap();
        assert_eq!((code, at.as_str()), (1, step), "{message}");
        assert!(message.contains(words), "{message}");
    };
    fails(&format!("http://127.0.0.1:{}", closed_port()), "connection", "Nobody accepts");
    fails("https://nowhere.invalid", "name", "not known");
    // It answers, but not to TLS.
    fails(&collector.address().replace("http://", "https://"), "tls", "No secure connection");
    fails(&Collector::answering("403 Forbidden").address(), "logs", "refuses the key");
    fails(&Collector::answering("404 Not Found").address(), "logs", "nothing at that address");
    fails(&Collector::answering("503 Service Unavailable").address(), "logs", "at the moment");
}

/// The kinds of values that an event can have: none of them is text.
#[test]
fn no_event_has_a_field_of_free_text() {
    let allowed = [
        "count",
        "yes or no",
        "seconds",
        "id",
        "file of the sources",
        "code",
        "environment",
        "driver",
        "mode",
        "kind",
        "program",
        "command",
        "stage",
        "change",
    ];
    for event in EVENTS {
        for (field, kind) in event.fields {
            assert!(allowed.contains(kind), "{}.{field} is made of {kind}", event.name);
        }
    }
}

fn docs(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)).unwrap()
}

#[test]
fn the_documentation_lists_every_event_and_metric_as_it_is() {
    let page = docs("LOGS.md");
    for event in EVENTS {
        let fields: Vec<String> = event.fields.iter().map(|(field, _)| format!("`{field}`")).collect();
        let row = format!("| `{}` | {} | {} |", event.name, event.level.to_lowercase(), fields.join(", "));
        assert!(page.contains(&row), "docs/LOGS.md lacks: {row}");
    }
    for metric in COUNTERS.iter().chain(&DURATIONS) {
        let row = format!("| `{}` | {} | {} |", metric.name, metric.unit, metric.about);
        assert!(page.contains(&row), "docs/LOGS.md lacks: {row}");
    }
}

/// A dashboard that asks for what nobody sends shows nothing, and nobody notices.
#[test]
fn the_sample_dashboard_and_monitor_ask_for_metrics_that_are_sent() {
    let known: BTreeSet<&str> = COUNTERS.iter().chain(&DURATIONS).map(|metric| metric.name).collect();
    for file in ["datadog/dashboard.json", "datadog/monitor.json"] {
        let text = docs(file);
        let _: Value = serde_json::from_str(&text).unwrap();
        let of_name = |c: char| c.is_ascii_lowercase() || c == '.' || c == '_';
        let asked: BTreeSet<&str> = text
            .match_indices("muster.")
            .map(|(at, _)| text[at..].split(|c| !of_name(c)).next().unwrap().trim_end_matches('.'))
            .collect();
        assert!(!asked.is_empty(), "{file}");
        assert!(asked.is_subset(&known), "{file}: {:?}", asked.difference(&known));
    }
}
