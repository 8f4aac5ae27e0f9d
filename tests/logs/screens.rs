//! The same people go through what the screens ask for, in this process.

use muster_backend::Job;
use muster_backend::config::{Config, LogLevel, LogsConfig, OtlpConfig};
use muster_backend::imports::{Imports, NewOperation, PushChoice};
use muster_backend::members::{MemberQuery, Members};
use muster_backend::people::{DecideInput, QueueKind, QueueQuery, Verdict};
use muster_backend::push::Fate;
use muster_backend::rejects::{RejectFilter, Rejects};
use muster_backend::staging::RowQuery;
use muster_backend::statistics::{StatisticsQuery, count};
use muster_backend::telemetry::{self, Program};
use muster_engine::Field;
use muster_tests::collector::Collector;
use muster_tests::{Machine, staged};

use super::canaries::{NAME, PEOPLE, assert_none, kept, people};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_two_thousand_people_is_logged_or_sent_by_the_screens() {
    let (machine, collector) = (Machine::new(), Collector::start());
    let otlp = OtlpConfig { endpoint: Some(collector.address()), ..OtlpConfig::default() };
    let logs = LogsConfig { level: LogLevel::Trace, otlp: Some(otlp), ..LogsConfig::default() };
    let profiles = machine.profiles(Config { logs, ..Config::default() });
    telemetry::start(&profiles, Program::App, None).await;
    let imports = Imports::open(profiles.clone(), &machine.data_key()).await.unwrap();
    let files = [machine.file("a.csv", people(0, PEOPLE, "TX")), machine.file("b.csv", people(0, 200, "WA"))];
    let import = staged(&imports, &files).await;
    fix(&imports, import.id).await;
    settle(&imports, import.id).await;
    let (job, how) = (Job::silent(), PushChoice::default());
    let plan = imports.plan(import.id, how, &job).await.unwrap();
    imports.plan_rows(import.id, Fate::Insert, 0, 100).await.unwrap();
    imports.plan_sql(import.id, how).await.unwrap();
    let pushed = imports.push(import.id, &plan.package, how, None, &job).await.unwrap();
    // An outdated plan, and one of nothing.
    imports.push(import.id, NAME, how, None, &job).await.unwrap_err();
    imports.plan(999, how, &job).await.unwrap_err();
    let members = Members::new(profiles.clone());
    let query =
        MemberQuery { name: Some(NAME.to_owned()), born: None, club: None, company: None, state: None };
    let found = members.search(None, &query, 0, 50).await.unwrap();
    assert!(found.count > 0);
    members.view(None, found.rows[0].id).await.unwrap();
    let unreadable = MemberQuery { born: Some(NAME.to_owned()), ..query };
    members.search(None, &unreadable, 0, 50).await.unwrap_err();
    let rejects = Rejects::new(profiles.clone());
    rejects.list(None, RejectFilter::default(), 0, 50).await.unwrap();
    count(&profiles, None, &StatisticsQuery::default(), &job).await.unwrap();
    imports.undo(pushed.push, false, None, &job).await.unwrap();
    members.close().await;
    telemetry::finish();
    let log = machine.path().join("data/logs");
    let text = std::fs::read_to_string(log.join("muster.jsonl")).unwrap();
    for event in ["rows_read", "matched", "pushed", "push_failed", "searched", "counted", "undone"] {
        assert!(text.contains(&format!("\"{event}\"")), "{event}");
    }
    assert_none("the log", &log);
    assert!(collector.received().len() >= 3);
    assert_none("what was sent", kept(&collector).path());
}

/// The Files, Columns and Fix steps.
async fn fix(imports: &Imports, id: u32) {
    let job = Job::silent();
    let view = imports.open_import(id).await.unwrap();
    imports.preview(id, view.files[0].id).await.unwrap();
    imports.columns(id).await.unwrap();
    imports.column_values(id, view.files[0].id, 1, Some(NAME), 0, 50).await.unwrap();
    imports
        .rows(id, RowQuery { search: Some(NAME.to_owned()), ..RowQuery::default() }, 0, 100)
        .await
        .unwrap();
    imports.issue_counts(id, RowQuery::default()).await.unwrap();
    imports.facet(id, Field::FamilyName, RowQuery::default(), Some(NAME.to_owned())).await.unwrap();
    imports.spellings(id, Field::Company).await.unwrap();
    imports.cell_story(id, 1, Field::BirthDate).await.unwrap();
    imports.row_story(id, 1).await.unwrap();
    let edit = NewOperation::EditCell { row: 3, field: Field::GivenName, value: Some(format!("{NAME}edit")) };
    imports.add_operation(id, edit, &job).await.unwrap();
    imports.operations(id).await.unwrap();
}

/// The People step.
async fn settle(imports: &Imports, id: u32) {
    imports.people_match(id, &Job::silent()).await.unwrap();
    let query = QueueQuery {
        kind: QueueKind::All,
        field: None,
        clubs: Vec::new(),
        score_from: None,
        score_to: None,
        text: Some(NAME.to_owned()),
    };
    let page = imports.people_queue(id, query, 0, 10).await.unwrap();
    if let Some(item) = page.items.first() {
        imports.people_group(id, item.group).await.unwrap();
        let input = DecideInput {
            group: item.group,
            verdict: Verdict::Different,
            excluded: Vec::new(),
            values: Vec::new(),
        };
        imports.people_decide(id, input).await.unwrap();
    }
    imports.people_decisions(Some(NAME), 0, 10).await.unwrap();
}
