use super::*;
use crate::field::Field::*;

fn two_companies() -> [Record<'static>; 2] {
    [
        row("Golf", "g1", &[(Company, "Acme"), (State, "OR"), (LastActive, "2024-01-01")]),
        row("Softball", "s1", &[(Company, "Keller"), (State, "WA")]),
    ]
}

#[test]
fn different_companies_are_asked() {
    let records = two_companies();
    let member = settled(&records, &SurvivorshipSettings::default());
    let company = member.field(Company).unwrap();
    assert!(member.is_open() && company.is_open());
    assert_eq!((company.value, company.proposal, company.from), (None, Some("Acme"), Provenance::Nowhere));
    // The state waits, since it moves with the company.
    assert_eq!(member.field(State).unwrap().proposal, Some("OR"));
    let conflict = &member.conflicts[0];
    assert_eq!(
        (conflict.field, conflict.state, conflict.between_clubs),
        (Company, ConflictState::Open, true)
    );
    let values: Vec<_> =
        conflict.values.iter().map(|known| (known.value, known.records.as_slice())).collect();
    assert_eq!(values, [("Acme", &[0][..]), ("Keller", &[1])]);
    let view = MemberView::new(&member, &records);
    assert!(view.open && view.conflicts[0].values[1].records == [1]);
    assert_eq!((view.records[1].source.as_str(), view.records[1].row), ("Softball", 2));
}

#[test]
fn a_state_on_which_all_agree_does_not_wait() {
    let mut records = two_companies();
    records[1].values[State.index()] = Some("or");
    let member = settled(&records, &SurvivorshipSettings::default());
    assert_eq!(member.value(State), Some("OR"));
    assert!(member.field(Company).unwrap().is_open());
}

#[test]
fn a_club_that_disagrees_with_itself_is_asked_too() {
    let records = [
        row("Golf", "g1", &[(Company, "Acme")]),
        Record { row: 9, ..row("Golf", "g1", &[(Company, "Keller")]) },
    ];
    let member = settled(&records, &SurvivorshipSettings::default());
    assert!(member.is_open());
    assert!(!member.conflicts[0].between_clubs);
}

#[test]
fn capitals_and_spaces_are_no_conflict() {
    let records = [
        row("Golf", "g1", &[(Company, "Keller Group")]),
        row("Softball", "s1", &[(Company, "KELLER  GROUP")]),
    ];
    let member = settled(&records, &SurvivorshipSettings::default());
    assert!(member.conflicts.is_empty());
    assert_eq!(member.field(Company).unwrap().reason, Reason::Agreed);
}

#[test]
fn a_rule_may_settle_companies_and_it_is_reported() {
    let member = settled(&two_companies(), &following());
    assert_eq!((member.value(Company), member.is_open()), (Some("Acme"), false));
    let states: Vec<_> = member.conflicts.iter().map(|conflict| (conflict.field, conflict.state)).collect();
    assert_eq!(states, [(Company, ConflictState::ByRule), (State, ConflictState::ByRule)]);
}

#[test]
fn company_is_asked_wherever_it_stands_in_its_group() {
    for groups in [Vec::new(), vec![FieldGroup { fields: vec![State, Company], blanks: GroupBlanks::Fill }]] {
        let settings = SurvivorshipSettings { groups, ..SurvivorshipSettings::default() };
        assert!(settled(&two_companies(), &settings).field(Company).unwrap().is_open());
    }
}

#[test]
fn a_reduced_date_stands_with_each_date_that_it_fits() {
    let records = [
        row("A", "1", &[(BirthDate, "1971")]),
        row("B", "1", &[(BirthDate, "1971-03-14")]),
        row("C", "1", &[(BirthDate, "1971-05-14")]),
    ];
    let member = settled(&records, &following());
    let conflict = &member.conflicts[0];
    let values: Vec<_> =
        conflict.values.iter().map(|known| (known.value, known.records.as_slice())).collect();
    assert_eq!(values, [("1971-03-14", &[0, 1][..]), ("1971-05-14", &[0, 2])]);
}

#[test]
fn facts_of_a_membership_may_conflict() {
    let records = [
        row("Golf", "g1", &[(MemberSince, "1999")]),
        Record { row: 3, ..row("Golf", "g1", &[(MemberSince, "2003")]) },
        row("Softball", "s1", &[(MemberSince, "2010")]),
    ];
    let member = settled(&records, &following());
    let fields: Vec<_> =
        member.conflicts.iter().map(|conflict| (conflict.field, conflict.values.len())).collect();
    assert_eq!(fields, [(MemberSince, 2)]);
}

#[test]
fn a_change_of_rules_is_counted_and_shown() {
    let (ask, follow) = (Survivorship::default(), Survivorship::new(&following()));
    let mut comparison = Comparison::new(&ask, &follow, 1);
    let none = Decisions::default();
    comparison.push(&[row("Golf", "g1", &[(Company, "Acme")])], &none);
    comparison.push(&two_companies(), &none);
    let preview = comparison.finish();
    assert_eq!((preview.members, preview.changed_members), (2, 1));
    assert_eq!((preview.open_before, preview.open_after), (1, 0));
    let change = |field| FieldChange { field, changed: 0, opened: 0, closed: 1 };
    assert_eq!(preview.fields, [change(Company), change(State)]);
    let [example] = &preview.examples[..] else { panic!() };
    assert_eq!((example.cluster, example.field, example.after.as_deref()), (1, Company, Some("Acme")));

    let newest = Survivorship::new(&with_rule(Score, SurvivorRule::Newest));
    let longest = Survivorship::new(&with_rule(Score, SurvivorRule::Longest));
    let mut comparison = Comparison::new(&newest, &longest, 9);
    comparison.push(
        &[
            row("Golf", "g1", &[(Score, "9"), (LastActive, "2024-01-01")]),
            row("Golf", "g1", &[(Score, "10")]),
        ],
        &none,
    );
    let preview = comparison.finish();
    assert_eq!(preview.fields, [FieldChange { field: Score, changed: 1, opened: 0, closed: 0 }]);
    assert_eq!(preview.examples[0].membership, Some(("Golf".into(), "g1".into())));
}
