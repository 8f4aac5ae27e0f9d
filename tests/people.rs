//! Who is who: records matched within and between lists and with the members of a database; decided, remembered, reverted.

use std::path::PathBuf;

use muster_backend::Job;
use muster_backend::imports::{Imports, NewOperation, PushChoice};
use muster_backend::people::{
    ChosenValue, DecideInput, PeopleState, PersonGroup, QueueItem, QueueKind, QueueQuery, Thresholds, Verdict,
};
use muster_engine::Field;
use muster_tests::{Machine, clubs, staged};

const GOLF: &str = "\
member,name,born,company,state,email
1,Zbigniew Kowalczyk,1970-01-02,Acme,Texas,zk@one.example
2,Ottoline Featherstone,1981-05-06,Globex,Ohio,of@one.example
3,Ann Lee,1992-07-08,Initech,Utah,
4,Maximilian Oberholzer,1965-11-12,Umbrella,Iowa,mo@one.example
5,Quentin Abernathy,1955-03-04,Hooli,Maine,qa@one.example
6,Wilhelmina Strand,1979-09-10,Acme,Texas,
";

const SOFTBALL: &str = "\
member,name,born,company,state,email
11,Zbigniew Kowalczyk,1970-01-02,Acme,Texas,zk@one.example
12,Ottoline Featherstone,1981-05-06,Stark,Ohio,of@one.example
13,Bob Ray,1990-01-01,Initech,Utah,
14,Maximilian Oberholzer,1965-11-21,,Nevada,
16,Wilhelmina Strandt,1979-09-10,Soylent,Texas,
";

fn lists(machine: &Machine, golf: &str, softball: &str) -> [PathBuf; 2] {
    [machine.file("unity_golf_club.csv", golf), machine.file("us_softball_league.csv", softball)]
}

async fn matched(imports: &Imports, files: &[PathBuf]) -> u32 {
    let import = staged(imports, files).await.id;
    imports.people_match(import, &Job::silent()).await.unwrap();
    import
}

async fn queue(imports: &Imports, import: u32, kind: QueueKind) -> Vec<QueueItem> {
    let query = QueueQuery { kind, ..QueueQuery::default() };
    imports.people_queue(import, query, 0, 100).await.unwrap().items
}

#[tokio::test(flavor = "multi_thread")]
async fn look() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = matched(&imports, &lists(&machine, GOLF, SOFTBALL)).await;
    let view = imports.people(import).await.unwrap();
    println!("{view:#?}");
    for item in queue(&imports, import, QueueKind::All).await {
        println!("{item:?}");
    }
    if let Some(files) = clubs() {
        let import = matched(&imports, &files).await;
        let view = imports.people(import).await.unwrap();
        println!("{:#?}", (view.counts, view.seconds, view.blocking, view.learnt));
        for item in queue(&imports, import, QueueKind::All).await.iter().take(30) {
            println!("{item:?}");
        }
        println!(
            "{:?}",
            imports.people_threshold_counts(import, Thresholds { review: 0.5, merge: 0.99 }).await.unwrap()
        );
    }
}
