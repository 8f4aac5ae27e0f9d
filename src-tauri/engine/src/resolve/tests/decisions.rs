use super::*;
use crate::field::Field::*;

fn decision(key: (&str, &str), field: Field, value: Option<&str>, decided: &str) -> ValueDecision {
    ValueDecision {
        source: key.0.into(),
        source_key: key.1.into(),
        field,
        value: value.map(str::to_owned),
        person: "Kim".into(),
        decided: decided.into(),
        seen: None,
    }
}

const GOLF: (&str, &str) = ("Golf", "g1");
const SOFTBALL: (&str, &str) = ("Softball", "s1");

fn two_companies() -> [Record<'static>; 2] {
    [
        row("Golf", "g1", &[(Company, "Acme"), (State, "OR"), (LastActive, "2024-01-01")]),
        row("Softball", "s1", &[(Company, "Keller"), (State, "WA")]),
    ]
}

#[test]
fn a_decision_settles_a_company_and_its_state_follows() {
    let decisions = Decisions::new([decision(SOFTBALL, Company, Some("keller"), "2026-03-04T10:00:00Z")]);
    let records = two_companies();
    let member = resolve(&records, &Survivorship::default(), &decisions);
    let company = member.field(Company).unwrap();
    assert_eq!((company.value, company.from), (Some("keller"), Provenance::Person));
    assert_eq!(company.reason.words(), "chosen by Kim on 2026-03-04");
    assert_eq!((member.value(State), member.is_open()), (Some("WA"), false));
    assert_eq!(member.conflicts[0].state, ConflictState::ByPerson);
}

#[test]
fn a_value_that_no_record_has_takes_nothing_with_it() {
    let decisions = Decisions::new([decision(GOLF, Company, Some("Third"), "2026-03-04T10:00:00Z")]);
    let member_records = two_companies();
    let member = resolve(&member_records, &Survivorship::default(), &decisions);
    assert_eq!(member.value(Company), Some("Third"));
    // The state goes by its own rule.
    let state = member.field(State).unwrap();
    assert_eq!(
        (state.value, state.reason),
        (Some("OR"), Reason::Rule { rule: "newest by last active", tie: None })
    );
}

#[test]
fn the_latest_decision_on_any_of_the_records_counts() {
    let of = |key, value, decided| decision(key, Email, value, decided);
    let decisions = Decisions::new([
        of(SOFTBALL, None, "2026-03-05T10:00:00Z"),
        of(GOLF, Some("old@example.org"), "2026-03-04T10:00:00Z"),
    ]);
    let records = [row("Golf", "g1", &[(Email, "a@example.org")]), row("Softball", "s1", &[])];
    let member = resolve(&records, &Survivorship::default(), &decisions);
    // A person may decide that a field is to be blank.
    assert_eq!((member.value(Email), member.field(Email).unwrap().from), (None, Provenance::Person));
    let golf_alone = resolve(&records[..1], &Survivorship::default(), &decisions);
    assert_eq!(golf_alone.value(Email), Some("old@example.org"));
}

#[test]
fn a_value_that_was_not_there_is_asked_again() {
    let seen = Some(vec!["Acme".to_owned(), "Keller".to_owned()]);
    let known = ValueDecision { seen, ..decision(GOLF, Company, Some("Acme"), "2026-03-04T10:00:00Z") };
    let decisions = Decisions::new([known]);
    let mut records = two_companies();
    assert_eq!(resolve(&records, &Survivorship::default(), &decisions).value(Company), Some("Acme"));
    records[1].values[Company.index()] = Some("Third");
    let member = resolve(&records, &Survivorship::new(&following()), &decisions);
    let company = member.field(Company).unwrap();
    assert!(company.is_open());
    assert_eq!(company.proposal, Some("Acme"));
    assert_eq!(
        (member.conflicts[0].state, &member.conflicts[0].changed[..]),
        (ConflictState::Changed, &["Third"][..])
    );
}

#[test]
fn what_a_person_typed_is_kept_unless_the_settings_say_otherwise() {
    let by_hand = Record {
        by_person: FieldSet::EMPTY.with(Email).with(Phone),
        ..stored("Golf", "g1", &[(Email, "hand@example.org"), (LastActive, "2023-01-01")])
    };
    let newer =
        row("Golf", "g1", &[(Email, "list@example.org"), (Phone, "+15550100"), (LastActive, "2024-01-01")]);
    let member = settled(&[by_hand, newer], &SurvivorshipSettings::default());
    let email = member.field(Email).unwrap();
    assert_eq!((email.value, email.reason), (Some("hand@example.org"), Reason::HandEdit));
    assert_eq!(email.losers, [ValueAt { value: "list@example.org", records: vec![1] }]);
    assert_eq!(member.conflicts[0].state, ConflictState::ByPerson);
    // So is a field that was emptied by hand.
    assert_eq!((member.value(Phone), member.field(Phone).unwrap().reason), (None, Reason::HandEdit));

    let overwriting = SurvivorshipSettings { overwrite_hand_edits: true, ..Default::default() };
    let member = settled(&[by_hand, newer], &overwriting);
    assert_eq!((member.value(Email), member.value(Phone)), (Some("list@example.org"), Some("+15550100")));
}

#[test]
fn a_company_typed_by_hand_is_not_asked_and_brings_its_state() {
    let by_hand = Record {
        by_person: FieldSet::EMPTY.with(Company),
        ..stored("Golf", "g1", &[(Company, "Acme"), (State, "OR")])
    };
    let other = row("Softball", "s1", &[(Company, "Keller"), (State, "WA"), (LastActive, "2024-01-01")]);
    let member = settled(&[other, by_hand], &SurvivorshipSettings::default());
    assert_eq!(
        (member.value(Company), member.value(State), member.is_open()),
        (Some("Acme"), Some("OR"), false)
    );
}

#[test]
fn a_decision_is_stronger_than_a_hand_edit() {
    let by_hand = Record {
        by_person: FieldSet::EMPTY.with(Email),
        ..stored("Golf", "g1", &[(Email, "hand@example.org")])
    };
    let decisions = Decisions::new([decision(GOLF, Email, Some("b@example.org"), "2026-03-04T10:00:00Z")]);
    let records = [by_hand];
    let member = resolve(&records, &Survivorship::default(), &decisions);
    assert_eq!(member.value(Email), Some("b@example.org"));
}

#[test]
fn a_decision_on_a_membership_is_of_that_membership() {
    let decisions = Decisions::new([decision(GOLF, Score, Some("55"), "2026-03-04T10:00:00Z")]);
    let records = [row("Golf", "g1", &[(Score, "50")]), row("Softball", "s1", &[(Score, "70")])];
    let member = resolve(&records, &Survivorship::default(), &decisions);
    let scores: Vec<_> = member.memberships.iter().map(|known| known.value(Score)).collect();
    assert_eq!(scores, [Some("55"), Some("70")]);
}
