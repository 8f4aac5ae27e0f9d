//! Whole runs on lists that are made here, with known truth.

mod lists;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use lists::{Person, Random, list};

fn table(people: &[Person]) -> Records {
    let mut builder = Records::builder(&[]);
    for person in people {
        builder.push(Origin { source: "Club", ..Origin::default() }, |column| person.value(column));
    }
    builder.finish()
}

fn matched(records: &Records, threads: usize) -> Matching {
    let settings = Settings { threads, training_pairs: 200_000, ..Settings::default() };
    run(records, &Decisions::default(), &settings, &unwatched).unwrap()
}

/// Pairs of one person: right, found, all.
fn pairs_of(person: &[u32], truth: &[usize]) -> [usize; 3] {
    let mut counts = [0; 3];
    for a in 0..truth.len() {
        for b in a + 1..truth.len() {
            let (found, is) = (person[a] == person[b], truth[a] == truth[b]);
            counts[0] += usize::from(found && is);
            counts[1] += usize::from(found);
            counts[2] += usize::from(is);
        }
    }
    counts
}

#[test]
fn people_are_found_and_strangers_stay_apart() {
    let (people, truth) = list(3_000, 7);
    let found = matched(&table(&people), 2);
    let [right, merged, all] = pairs_of(&found.clusters.person, &truth);
    let (precision, recall) = (right as f64 / merged as f64, right as f64 / all as f64);
    assert!(found.model.learnt);
    assert!(precision >= 0.995, "{right} of {merged} merged pairs are right");
    assert!(recall >= 0.80, "{right} of {all} pairs are found");
}

#[test]
fn a_list_without_repeats_is_left_alone() {
    let mut random = Random(3);
    let people: Vec<Person> = (0..4_000).map(|_| Person::made(&mut random)).collect();
    let found = matched(&table(&people), 2);
    let mut rows: Vec<&Person> = people.iter().collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(rows.windows(2).all(|two| two[0] != two[1]), "the list has no repeats");
    assert!(found.clusters.several().len() <= 1, "{:?}", found.clusters.several());
}

#[test]
fn tables_of_any_size_work() {
    for size in [0, 1, 2, 3] {
        let mut random = Random(1);
        let person = Person::made(&mut random);
        let found = matched(&table(&vec![person; size]), 2);
        assert_eq!(found.clusters.people(), usize::from(size > 0), "{size}");
    }
    let nobody = Person(std::array::from_fn(|_| String::new()));
    assert_eq!(matched(&table(&vec![nobody; 5]), 1).clusters.people(), 5);
}

#[test]
fn threads_make_no_difference() {
    let (people, _) = list(1_500, 11);
    let records = table(&people);
    let one = matched(&records, 1);
    assert_eq!(one, matched(&records, 4));
    assert!(!one.pairs.is_empty());
}

#[test]
fn the_work_can_be_cancelled_at_every_stage() {
    let (people, _) = list(300, 2);
    let records = table(&people);
    for stop in [Stage::Plan, Stage::Train, Stage::Compare, Stage::Cluster] {
        let watch = move |stage, _, _| {
            if stage == stop { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
        };
        let result = run(&records, &Decisions::default(), &Settings::default(), &watch);
        assert!(matches!(result, Err(crate::EngineError::Cancelled)), "{stop:?}");
    }
}

#[test]
fn a_model_is_kept_as_text() {
    let (people, _) = list(500, 5);
    let found = matched(&table(&people), 2);
    let text = serde_json::to_string(&found.model).unwrap();
    let model: Model = serde_json::from_str(&text).unwrap();
    let again = Scorer::new(&table(&people), &model).score(0, 1);
    assert!((again.weight - Scorer::new(&table(&people), &found.model).score(0, 1).weight).abs() < 1e-3);
}

#[test]
fn an_edited_record_is_compared_as_in_a_full_run() {
    let (mut people, _) = list(800, 13);
    let records = table(&people);
    let found = matched(&records, 2);
    let settings = Settings::default();
    let mut matcher = Matcher::new(records, &found.plan, found.model.clone(), settings);
    let mut random = Random(17);
    let mut some = 0;
    for _ in 0..25 {
        let at = random.below(people.len());
        // Now and then somebody else's record, with a slip, so that there is something to find.
        people[at] = if random.one_in(2) {
            people[random.below(at + 1)].again(&mut random)
        } else {
            Person::made(&mut random)
        };
        let person = people[at].clone();
        let quick = matcher.replace(at as u32, None, |column| person.value(column));
        let mut full =
            scoring::score_pairs(matcher.records(), &found.plan, &found.model, &settings, &unwatched)
                .unwrap();
        full.retain(|pair| pair.a == at as u32 || pair.b == at as u32);
        full.sort_unstable_by_key(|pair| if pair.a == at as u32 { pair.b } else { pair.a });
        assert_eq!(quick, full);
        some += quick.len();
    }
    assert!(some > 5);
}

#[test]
fn members_of_the_database_are_not_compared_with_one_another() {
    let mut random = Random(23);
    let person = Person::made(&mut random);
    let mut builder = Records::builder(&[]);
    for existing in [true, true, false] {
        builder.push(Origin { source: "", existing, membership: None }, |column| person.value(column));
    }
    let records = builder.finish();
    let found = matched(&records, 1);
    assert_eq!(found.pairs.iter().map(|pair| (pair.a, pair.b)).collect::<Vec<_>>(), [(0, 2), (1, 2)]);
    let joined = found.clusters.person;
    assert_ne!(joined[0], joined[1], "only a person's decision puts two members together");
    let decisions = Decisions { same: vec![(1, 0)], different: vec![] };
    let decided = run(&records, &decisions, &Settings::default(), &unwatched).unwrap().clusters;
    assert!(decided.same(0, 1));
}

#[test]
fn an_appended_record_moves_no_weights_and_is_put_together_by_decisions() {
    let (people, _) = list(400, 31);
    let records = table(&people);
    let found = matched(&records, 1);
    let mut more = records.clone();
    let last = more.len() as u32;
    let origin = Origin { source: "Club", existing: true, membership: None };
    more.append(origin, |column| people[7].value(column));
    let scores = |records: &Records| {
        let scorer = Scorer::new(records, &found.model);
        (0..20).map(|at| scorer.score(at, at + 1).weight).collect::<Vec<_>>()
    };
    assert_eq!(scores(&records), scores(&more));
    let decisions = Decisions { same: vec![(7, last)], different: vec![] };
    let settings = Settings::default();
    let joined =
        clustering::cluster(&more, &found.pairs, &found.model, &decisions, &settings, &unwatched).unwrap();
    assert!(joined.same(7, last));
    assert_eq!(joined.person[..last as usize], found.clusters.person[..]);
}

#[test]
fn a_replaced_membership_no_longer_joins() {
    let mut random = Random(37);
    let (one, other) = (Person::made(&mut random), Person::made(&mut random));
    let mut builder = Records::builder(&[]);
    for person in [&one, &other] {
        builder.push(Origin { source: "Golf", existing: false, membership: Some(5) }, |column| {
            person.value(column)
        });
    }
    let mut records = builder.finish();
    assert!(records.same_membership(0, 1));
    records.replace(1, Some(6), |column| other.value(column));
    assert!(!records.same_membership(0, 1));
    assert!(!matched(&records, 1).clusters.same(0, 1));
}

#[test]
fn one_membership_is_one_person_and_decisions_come_before_it() {
    let mut random = Random(29);
    let (one, other) = (Person::made(&mut random), Person::made(&mut random));
    let mut builder = Records::builder(&[]);
    for (source, person) in [("Golf", &one), ("Golf", &other), ("Tennis", &other)] {
        builder.push(Origin { source, existing: false, membership: Some(5) }, |column| person.value(column));
    }
    let records = builder.finish();
    let found = matched(&records, 1);
    assert!(found.clusters.same(0, 1), "the same number in the same club");
    assert!(explain(&records, &found.model, 0, 1).same_membership);
    assert!(!explain(&records, &found.model, 0, 2).same_membership);
    let decisions = Decisions { same: vec![], different: vec![(0, 1)] };
    assert!(!run(&records, &decisions, &Settings::default(), &unwatched).unwrap().clusters.same(0, 1));
}

/// Some lists and what was found in them, so that not every case of a property learns its own model.
static LISTS: LazyLock<Vec<(Vec<Person>, Matching)>> = LazyLock::new(|| {
    let lists = (0..3).map(|seed| list(300, seed).0);
    lists.map(|people| (people.clone(), matched(&table(&people), 1))).collect()
});

/// Values to compare, with much in common.
fn person() -> impl Strategy<Value = Person> {
    let given =
        prop::sample::select(vec!["Robert", "Bob", "R", "Robrt", "Ann", "Ann Marie", "Marie", "Reyes", ""]);
    let middle = prop::sample::select(vec!["", "Ann", "A", "Lee"]);
    let family = prop::sample::select(vec!["Reyes", "Reyez", "Lee", "Lee-Reyes", "Robert", "Smith", ""]);
    let date =
        prop::sample::select(vec!["1970-01-02", "1970-02-01", "1971-01-02", "1970-01-12", "1988-07-30", ""]);
    let state = prop::sample::select(vec!["CA", "NY", ""]);
    let company = prop::sample::select(vec!["Acme", "Acme Inc", "Keller", ""]);
    (given, middle, family, date, state, company)
        .prop_map(|(a, b, c, d, e, f)| Person([a, b, c, d, e, f].map(str::to_owned)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn comparing_is_symmetric(a in person(), b in person()) {
        let records = table(&[a, b]);
        prop_assert_eq!(comparison::compare(&records, 0, 1), comparison::compare(&records, 1, 0));
    }

    /// Whatever the levels were, a pair whose fields are made equal one by one does not become less sure.
    #[test]
    fn a_field_made_equal_never_lowers_the_score(a in person(), b in person(), at in prop::sample::select(vec![0_usize, 2, 3, 4, 5]), seed in 0_usize..3) {
        let mut equal = b.clone();
        equal.0[at].clone_from(&a.0[at]);
        let (mut people, found) = LISTS[seed].clone();
        people.extend([a, b, equal]);
        let n = people.len() as u32;
        let records = table(&people);
        let scorer = Scorer::new(&records, &found.model);
        let (before, after) = (scorer.score(n - 3, n - 2), scorer.score(n - 3, n - 1));
        let swapped = before.pattern.code(0) == usize::from(comparison::names::given::SWAPPED);
        let missing = records.given[n as usize - 3] == 0 || people[n as usize - 3].0[at].is_empty();
        if !swapped && !missing {
            prop_assert!(after.weight >= before.weight - 1e-4, "{before:?} {after:?}");
        }
    }

    #[test]
    fn steps_of_an_explanation_add_up(a in person(), b in person()) {
        let (mut people, found) = LISTS[0].clone();
        people.extend([a.clone(), b]);
        let n = people.len() as u32;
        let records = table(&people);
        let explained = explain(&records, &found.model, n - 2, n - 1);
        let scored = Scorer::new(&records, &found.model).score(n - 2, n - 1);
        prop_assert!((explained.weight - f64::from(scored.weight)).abs() < 1e-3);
        let sum: f64 = explained.steps.iter().map(|step| step.weight).sum();
        prop_assert!((sum - explained.weight).abs() < 1e-9);
        let family = &a.0[2];
        prop_assert!(family.is_empty() || family == "Smith" || !explained.sentence.contains(family.as_str()));
    }

    #[test]
    fn the_order_of_pairs_and_decisions_makes_no_difference(seed in 0_usize..3, turn in 0_usize..1_000) {
        let (people, found) = &LISTS[seed];
        let records = table(people);
        let n = people.len() as u32;
        let mut decisions = Decisions {
            same: vec![(0, 1), (2, 1), (n - 1, 5), (7, 9)],
            different: vec![(0, 2), (9, 8), (5, 4)],
        };
        let mut pairs = found.pairs.clone();
        let settings = Settings::default();
        let once = clustering::cluster(&records, &pairs, &found.model, &decisions, &settings, &unwatched).unwrap();
        pairs.rotate_left(turn % found.pairs.len().max(1));
        pairs.reverse();
        decisions.same.rotate_left(turn % 4);
        decisions.different.reverse();
        decisions.same.iter_mut().for_each(|pair| *pair = (pair.1, pair.0));
        let again = clustering::cluster(&records, &pairs, &found.model, &decisions, &settings, &unwatched).unwrap();
        for (a, b) in &decisions.different {
            prop_assert!(!again.same(*a, *b));
        }
        prop_assert_eq!(once, again);
    }
}
