//! What holds for every cluster, whatever the settings and decisions.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const NAMES: [Option<&str>; 5] = [None, Some("Ann"), Some("ANN"), Some("Lee"), Some(" ")];
const COMPANIES: [Option<&str>; 5] = [None, Some("Acme"), Some("acme"), Some("Keller"), Some("Third Ltd")];
const DATES: [Option<&str>; 6] =
    [None, Some("1971"), Some("1971-03"), Some("1971-03-14"), Some("1971-03-15"), Some("2003-01-01")];
const NUMBERS: [Option<&str>; 3] = [None, Some("1"), Some("82.5")];

fn values_of(field: Field) -> &'static [Option<&'static str>] {
    match field {
        Field::BirthDate | Field::MemberSince | Field::LastActive => &DATES,
        Field::Company | Field::Email => &COMPANIES,
        Field::Score | Field::Phone => &NUMBERS,
        _ => &NAMES,
    }
}

fn record() -> impl Strategy<Value = Record<'static>> {
    let value = |field: Field| prop::sample::select(values_of(field));
    let values = Field::ALL.map(value).to_vec();
    let place = (
        prop::sample::select(vec!["A", "B", "C"]),
        prop::sample::select(vec!["1", "2"]),
        0_u32..3,
        prop::sample::select(vec![Origin::List, Origin::List, Origin::Database]),
    );
    let more = (prop::sample::select(&NUMBERS[..]), any::<u16>(), any::<u16>());
    (values, place, more).prop_map(|(values, (source, source_key, row, origin), (company_id, one, other))| {
        let mut all = [None; Field::COUNT];
        all.copy_from_slice(&values);
        let is_typed = |field: &Field| origin == Origin::Database && one & other & 1 << field.index() != 0;
        let by_person = Field::ALL.into_iter().filter(is_typed).collect();
        Record { source, source_key, file: "f", row, origin, values: all, company_id, by_person }
    })
}

fn settings() -> impl Strategy<Value = SurvivorshipSettings> {
    let rule = prop_oneof![
        Just(SurvivorRule::SourcePriority { sources: vec!["C".into(), "A".into()] }),
        Just(SurvivorRule::SourcePriority { sources: Vec::new() }),
        Just(SurvivorRule::Newest),
        Just(SurvivorRule::Longest),
        Just(SurvivorRule::MostFrequent),
        Just(SurvivorRule::NonBlank),
    ];
    let rules = prop::collection::btree_map(prop::sample::select(&Field::ALL[..]), rule, 0..15);
    let groups = prop_oneof![Just(default_groups()), Just(Vec::new())];
    (rules, groups, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(rules, groups, ordered, ask, overwrite_hand_edits)| SurvivorshipSettings {
            source_order: if ordered { vec!["B".into()] } else { Vec::new() },
            rules,
            groups,
            company_conflict: if ask { CompanyConflict::Ask } else { CompanyConflict::FollowRule },
            overwrite_hand_edits,
        },
    )
}

fn decisions() -> impl Strategy<Value = Vec<ValueDecision>> {
    let one = (
        prop::sample::select(vec!["A", "B"]),
        prop::sample::select(&Field::ALL[..14]),
        prop::sample::select(vec![None, Some("Ann"), Some("acme"), Some("decided")]),
        0_u8..3,
        prop::option::of(Just(vec!["Acme".to_owned(), "1".to_owned(), "Ann".to_owned()])),
    );
    let decision = one.prop_map(|(source, field, value, day, seen)| ValueDecision {
        source: source.into(),
        source_key: "1".into(),
        field,
        value: value.map(str::to_owned),
        person: "Kim".into(),
        decided: format!("2026-01-0{day}T00:00:00Z"),
        seen,
    });
    prop::collection::vec(decision, 0..4)
}

fn cluster() -> impl Strategy<Value = Vec<Record<'static>>> {
    prop::collection::vec(record(), 1..7)
}

/// A result with records written out in place of their indexes.
fn written(member: &Member<'_>, records: &[Record<'_>]) -> Vec<String> {
    let record = |&index: &u32| format!("{:?}", records[index as usize]);
    let values = |values: &[ValueAt<'_>]| -> Vec<(String, Vec<String>)> {
        values
            .iter()
            .map(|known| (known.value.to_owned(), known.records.iter().map(record).collect()))
            .collect()
    };
    let field = |result: &FieldResult<'_>| {
        let from = match result.from {
            Provenance::Record { record: index } => record(&index),
            other => format!("{other:?}"),
        };
        let losers = values(&result.losers);
        format!(
            "{} {:?} {from} {:?} {losers:?} {:?}",
            result.field, result.value, result.reason, result.proposal
        )
    };
    let mut lines: Vec<String> = member.fields.iter().map(field).collect();
    for known in &member.memberships {
        lines.push(format!("{} {}", known.source, known.source_key));
        lines.extend(known.records.iter().map(record));
        lines.extend(known.facts.iter().map(field));
    }
    for known in &member.conflicts {
        let more = (known.state, known.between_clubs, &known.changed);
        lines.push(format!("{} {more:?} {:?}", known.field, values(&known.values)));
    }
    lines.push(format!("{:?}", member.company_id.map(|known| (known.id, record(&known.record)))));
    lines
}

fn all_results<'m, 'a>(member: &'m Member<'a>) -> impl Iterator<Item = (&'m FieldResult<'a>, Option<usize>)> {
    let of_person = member.fields.iter().map(|result| (result, None));
    let facts =
        |(at, known): (usize, &'m Membership<'a>)| known.facts.iter().map(move |fact| (fact, Some(at)));
    of_person.chain(member.memberships.iter().enumerate().flat_map(facts))
}

/// The member as the database would hold it: a record for each membership.
fn as_stored<'a>(member: &Member<'a>) -> Vec<Record<'a>> {
    let stored = |known: &Membership<'a>| {
        let mut values = [None; Field::COUNT];
        for result in member.fields.iter().chain(&known.facts) {
            values[result.field.index()] = result.value;
        }
        Record {
            source: known.source,
            source_key: known.source_key,
            file: "",
            row: 0,
            origin: Origin::Database,
            values,
            company_id: member.company_id.map(|known| known.id),
            by_person: FieldSet::EMPTY,
        }
    };
    member.memberships.iter().map(stored).collect()
}

fn plain_values<'a>(member: &Member<'a>) -> Vec<(Field, Option<&'a str>)> {
    all_results(member).map(|(result, _)| (result.field, result.value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_records_and_decisions_does_not_matter(
        records in cluster(),
        settings in settings(),
        decided in decisions(),
        turn in 0_usize..7,
        backwards in any::<bool>(),
    ) {
        let rules = Survivorship::new(&settings);
        let decisions = Decisions::new(decided.clone());
        let mut turned = records.clone();
        turned.rotate_left(turn % records.len());
        if backwards {
            turned.reverse();
        }
        let turned_decisions = Decisions::new(decided.into_iter().rev());
        let one = written(&resolve(&records, &rules, &decisions), &records);
        let other = written(&resolve(&turned, &rules, &turned_decisions), &turned);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_blank_never_wins_over_a_value(records in cluster(), settings in settings(), decided in decisions()) {
        let decisions = Decisions::new(decided);
        let member = resolve(&records, &Survivorship::new(&settings), &decisions);
        for (result, membership) in all_results(&member) {
            let by_person = matches!(result.reason, Reason::Decision { .. } | Reason::HandEdit);
            if result.value.is_some() || result.is_open() || by_person {
                continue;
            }
            let scope: Vec<u32> = match membership {
                Some(at) => member.memberships[at].records.clone(),
                None => (0..records.len() as u32).collect(),
            };
            prop_assert!(scope.iter().all(|&index| records[index as usize].value(result.field).is_none()));
        }
    }

    #[test]
    fn a_value_was_in_the_input_or_was_decided(
        records in cluster(),
        settings in settings(),
        decided in decisions(),
    ) {
        let decisions = Decisions::new(decided.clone());
        let member = resolve(&records, &Survivorship::new(&settings), &decisions);
        for (result, _) in all_results(&member) {
            match result.from {
                Provenance::Record { record } => {
                    prop_assert!(result.value.is_some());
                    prop_assert_eq!(result.value, records[record as usize].value(result.field));
                }
                Provenance::Person => {
                    let says = |known: &ValueDecision| {
                        known.field == result.field && known.value.as_deref() == result.value
                    };
                    prop_assert!(decided.iter().any(says));
                }
                Provenance::Nowhere => prop_assert_eq!(result.value, None),
            }
            let says_else = |known: &ValueAt<'_>| {
                result.value.is_none_or(|value| !agree(result.field, value, known.value))
            };
            prop_assert!(result.losers.iter().all(says_else));
        }
    }

    #[test]
    fn what_was_settled_stays_settled(records in cluster(), settings in settings(), decided in decisions()) {
        let rules = Survivorship::new(&settings);
        let decisions = Decisions::new(decided);
        let member = resolve(&records, &rules, &decisions);
        let stored = as_stored(&member);
        let none = Decisions::default();
        let again = resolve(&stored, &rules, &none);
        prop_assert_eq!(plain_values(&again), plain_values(&member));
        prop_assert!(again.conflicts.is_empty());
    }

    #[test]
    fn the_same_lists_again_change_nothing(records in cluster(), settings in settings()) {
        let settings = SurvivorshipSettings { company_conflict: CompanyConflict::FollowRule, ..settings };
        let lists: Vec<Record<'_>> =
            records.into_iter().map(|record| Record { origin: Origin::List, by_person: FieldSet::EMPTY, ..record }).collect();
        let rules = Survivorship::new(&settings);
        let none = Decisions::default();
        let member = resolve(&lists, &rules, &none);
        let mut again = lists.clone();
        again.extend(as_stored(&member));
        prop_assert_eq!(plain_values(&resolve(&again, &rules, &none)), plain_values(&member));
    }

    #[test]
    fn a_lone_record_is_settled_as_among_others(record in record(), settings in settings()) {
        // A decision on somebody else leads past the short way for lone records.
        let other = ValueDecision {
            source: "Z".into(),
            source_key: "9".into(),
            field: Field::Email,
            value: None,
            person: "Kim".into(),
            decided: String::new(),
            seen: None,
        };
        let rules = Survivorship::new(&settings);
        let (none, other) = (Decisions::default(), Decisions::new([other]));
        let records = [record];
        prop_assert_eq!(resolve(&records, &rules, &none), resolve(&records, &rules, &other));
    }

    #[test]
    fn a_conflict_is_open_exactly_where_a_field_is(
        records in cluster(),
        settings in settings(),
        decided in decisions(),
    ) {
        let decisions = Decisions::new(decided);
        let member = resolve(&records, &Survivorship::new(&settings), &decisions);
        let open: BTreeSet<Field> =
            all_results(&member).map(|(result, _)| result).filter(|result| result.is_open()).map(|result| result.field).collect();
        let asked: BTreeSet<Field> =
            member.conflicts.iter().filter(|known| known.state.is_open()).map(|known| known.field).collect();
        prop_assert_eq!(open, asked);
        prop_assert_eq!(member.fields.len(), PERSON_FIELDS.len());
        let in_memberships: usize = member.memberships.iter().map(|known| known.records.len()).sum();
        prop_assert_eq!(in_memberships, records.len());
    }
}
