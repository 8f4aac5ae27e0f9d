//! Every count that is known of the two clubs' lists (counted elsewhere with two other programs).

use muster_backend::Job;
use muster_backend::imports::{Imports, PushChoice};
use muster_backend::push::Fate;
use muster_backend::staging::{Counts, FacetFilter, RowQuery};
use muster_engine::Field;
use muster_engine::staged::RowClass;
use muster_tests::{Machine, clubs, rows, shown, staged};

fn only(rule: &str) -> RowQuery {
    RowQuery { rule: Some(rule.into()), ..RowQuery::default() }
}

async fn count(imports: &Imports, import: u32, query: RowQuery) -> u32 {
    imports.rows(import, query, 0, 1).await.unwrap().total
}

async fn values(imports: &Imports, import: u32, field: Field) -> Vec<(Option<String>, u32)> {
    let facet = imports.facet(import, field, RowQuery::default(), None).await.unwrap();
    facet.values.into_iter().map(|value| (value.value, value.rows)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_known_counts_come_out() {
    let Some(files) = clubs() else { return };
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &files).await;
    let expected = Counts { read: 16_118, clean: 12_748, suspect: 3_370, rejected: 0, excluded: 0 };
    assert_eq!(import.counts, Some(expected));
    for (rule, expected) in [
        ("joined_before_birth", 3_357),
        ("active_before_joined", 13),
        ("unknown_company", 760),
        ("joined_under_age", 1_211),
        ("repeated_key", 2),
        ("unreadable_state", 0),
        ("unreadable_date", 0),
    ] {
        assert_eq!(count(&imports, import.id, only(rule)).await, expected, "{rule}");
    }
    let unknown = RowQuery { class: Some(RowClass::Clean), ..only("unknown_company") };
    assert_eq!(count(&imports, import.id, unknown).await, 597);
    let golf_and_softball: Vec<_> = import.files.iter().map(|file| file.rows).collect();
    assert_eq!(golf_and_softball, [Some(8_466), Some(7_652), Some(20)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_suffixes_and_states_land_in_their_fields() {
    let Some(files) = clubs() else { return };
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &files).await.id;
    let expected = [("Mr.", 51), ("Mrs.", 39), ("Dr.", 38), ("Ms.", 9), ("Miss", 7)];
    let titles = values(&imports, import, Field::Prefix).await;
    assert_eq!(titles[1..], expected.map(|(title, rows)| (Some(title.to_owned()), rows)));
    let suffixes = values(&imports, import, Field::Suffix).await;
    for (suffix, rows) in [
        ("MD", 76),
        ("DDS", 53),
        ("PhD", 20),
        ("DVM", 19),
        ("Jr.", 14),
        ("II", 6),
        ("V", 2),
        ("III", 1),
        ("IV", 1),
    ] {
        assert!(suffixes.contains(&(Some(suffix.to_owned()), rows)), "{suffix}: {suffixes:?}");
    }
    assert_eq!(suffixes.iter().filter_map(|(suffix, rows)| suffix.as_ref().map(|_| rows)).sum::<u32>(), 192);
    let states = values(&imports, import, Field::State).await;
    assert_eq!(states.len(), 51);
    assert!(states.iter().all(|(state, _)| state.as_ref().is_some_and(|code| code.len() == 2)));
    let capital = FacetFilter { field: Field::State, values: vec![Some("DC".into())] };
    let found = rows(&imports, import, RowQuery { facets: vec![capital], ..RowQuery::default() }).await;
    assert_eq!(found.len(), 163);
    assert!(found.iter().all(|row| row.source == "Unity Golf Club"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_member_who_is_listed_twice_is_shown_twice_and_pushed_once() {
    let Some(files) = clubs() else { return };
    let machine = Machine::new();
    let imports = machine.open().await;
    let import = staged(&imports, &files).await.id;
    let twice = rows(&imports, import, only("repeated_key")).await;
    assert_eq!(twice.len(), 2);
    for row in &twice {
        assert_eq!(shown(row, Field::GivenName), Some("Kelly"));
        assert_eq!(shown(row, Field::FamilyName), Some("Nguyen"));
        assert_eq!(shown(row, Field::BirthDate), Some("1970-10-11"));
    }
    let plan = imports.plan(import, PushChoice::default(), &Job::silent()).await.unwrap();
    assert_eq!((plan.counts.insert, plan.counts.conflict), (12_747, 1));
    let skipped = imports.plan_rows(import, Fate::Conflict, 0, 10).await.unwrap();
    assert_eq!(skipped.rows[0].row, twice[1].row);
    assert_eq!(skipped.rows[0].differences.iter().filter(|found| found.field == Field::Company).count(), 1);
    let report =
        imports.push(import, &plan.package, PushChoice::default(), None, &Job::silent()).await.unwrap();
    assert_eq!((report.inserted, report.skipped_different), (12_747, 1));
    assert_eq!(machine.in_members::<u32>("SELECT count(*) FROM member"), 12_747);
    assert_eq!(
        machine.in_members::<u32>(
            "SELECT count(*) FROM member WHERE company_id IS NULL AND company_source_id = '20'"
        ),
        597
    );
    let again = imports.plan(import, PushChoice::default(), &Job::silent()).await.unwrap();
    let report =
        imports.push(import, &again.package, PushChoice::default(), None, &Job::silent()).await.unwrap();
    assert_eq!((report.inserted, report.skipped_identical, report.skipped_different), (0, 12_747, 1));
    assert_eq!(report.repeat_of, Some(1));
    assert_eq!(machine.in_members::<u32>("SELECT count(*) FROM push"), 1);
}
