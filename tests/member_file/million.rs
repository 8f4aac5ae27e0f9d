//! How quick a file of a million rows is.

use muster_backend::member_file::{ColumnSort, MemberRowChoice, MemberRowQuery};
use muster_tests::Machine;

use super::{opened, rows, silent};

/// Run by hand, in release: `cargo test --release -p muster-tests -- --ignored --nocapture a_million_rows`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes long where it is not optimised; prints what it measures"]
async fn a_million_rows_stay_quick() {
    let machine = Machine::new();
    let (given, family) = (["Ann", "Bob", "Cyd", "Dana"], ["Lee", "Ray", "Orr", "Nguyen", "Hart"]);
    let line = |row: usize| {
        let (given, family) = (given[row % 4], family[row % 5]);
        format!(
            "{given},,{family},,,,1970-01-02,\"Blue, Inc.\",NY,a{row}@example.org,,2013,2024-02-03,5,Golf Club,golf.csv,{row}\n"
        )
    };
    let header = muster_engine::write::csv::MASTER_HEADER.join(",");
    let lines: String = std::iter::once(format!("{header}\n")).chain((0..1_000_000).map(line)).collect();
    let path = machine.file("master.csv", lines);
    let timed = |what: &str, started: std::time::Instant| eprintln!("{what}: {:?}", started.elapsed());
    let now = std::time::Instant::now;
    let (files, view) = {
        let started = now();
        let opened = opened(&machine, &path).await;
        timed("open", started);
        opened
    };
    let id = view.id;
    let measure = |what: &'static str, query: MemberRowQuery, offset: u32, expected: u32| {
        let files = &files;
        async move {
            let started = now();
            let block = files.rows(id, query, offset, 200).await.unwrap();
            timed(what, started);
            assert_eq!(block.total, expected, "{what}");
        }
    };
    let search = MemberRowQuery { search: Some("a777777@".into()), ..MemberRowQuery::default() };
    let sort = vec![ColumnSort { column: Some(2), descending: true }];
    let sorted = MemberRowQuery { sort, ..MemberRowQuery::default() };
    measure("first block", MemberRowQuery::default(), 0, 1_000_000).await;
    measure("last block", MemberRowQuery::default(), 999_800, 1_000_000).await;
    measure("search", search, 0, 1).await;
    measure("sort", sorted.clone(), 0, 1_000_000).await;
    measure("sorted, last block", sorted, 999_800, 1_000_000).await;
    let started = now();
    files.edit(id, 777_777, 0, Some("Anna".into())).await.unwrap();
    timed("edit", started);
    let started = now();
    files.delete_rows(id, rows(&[5, 500_000])).await.unwrap();
    timed("delete two rows", started);
    measure("first block after it", MemberRowQuery::default(), 0, 999_998).await;
    measure("last block after it", MemberRowQuery::default(), 999_700, 999_998).await;
    let started = now();
    files.save(id, &silent()).await.unwrap();
    timed("save", started);
    let query = MemberRowQuery { search: Some("bob".into()), ..MemberRowQuery::default() };
    let started = now();
    files.delete_rows(id, MemberRowChoice::Found { query }).await.unwrap();
    timed("delete 250,000 rows", started);
    let started = now();
    files.undo(id).await.unwrap();
    timed("undo it", started);
}
