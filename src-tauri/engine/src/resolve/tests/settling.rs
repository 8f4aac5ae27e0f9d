use super::*;
use crate::field::Field::*;

/// Two clubs' records of a person: golf is the older one.
fn pair(field: Field, golf: &'static str, softball: &'static str) -> [Record<'static>; 2] {
    [
        row("Golf", "g1", &[(field, golf), (LastActive, "2020-01-01")]),
        row("Softball", "s1", &[(field, softball), (LastActive, "2024-01-01")]),
    ]
}

fn winner<'a>(records: &[Record<'a>], field: Field, rule: SurvivorRule) -> (Option<&'a str>, String) {
    let member = settled(records, &with_rule(field, rule));
    let result = member.field(field).unwrap();
    (result.value, result.reason.words())
}

#[test]
fn each_rule_has_its_winner() {
    let records = pair(Email, "long.address@example.org", "b@example.org");
    let sources = vec!["Golf".to_owned()];
    for (rule, expected, reason) in [
        (SurvivorRule::SourcePriority { sources }, "long.address@example.org", "priority of the club"),
        (SurvivorRule::Newest, "b@example.org", "newest by last active"),
        (SurvivorRule::Longest, "long.address@example.org", "longest value"),
        (
            SurvivorRule::MostFrequent,
            "b@example.org",
            "most frequent value; equal there, so the later last activity",
        ),
        (
            SurvivorRule::NonBlank,
            "b@example.org",
            "first value that is not blank; equal there, so the later last activity",
        ),
    ] {
        assert_eq!(winner(&records, Email, rule), (Some(expected), reason.to_owned()));
    }
}

#[test]
fn most_frequent_counts_records_that_agree() {
    let mut records = pair(Email, "a@example.org", "b@example.org").to_vec();
    records.push(row("Tennis", "t1", &[(Email, "A@example.org")]));
    let (value, reason) = winner(&records, Email, SurvivorRule::MostFrequent);
    assert_eq!((value, reason.as_str()), (Some("a@example.org"), "most frequent value"));
}

#[test]
fn a_priority_without_clubs_is_the_general_order() {
    let records = pair(Email, "a@example.org", "b@example.org");
    let settings = SurvivorshipSettings {
        source_order: vec!["Golf".into(), "Softball".into()],
        ..with_rule(Email, SurvivorRule::SourcePriority { sources: Vec::new() })
    };
    assert_eq!(settled(&records, &settings).value(Email), Some("a@example.org"));
}

#[test]
fn ties_break_by_activity_then_source_order_then_place() {
    let rule = || SurvivorRule::NonBlank;
    let same_day = |source, key, value| row(source, key, &[(Phone, value), (LastActive, "2024-01-01")]);
    let records = [same_day("A", "1", "+1"), same_day("B", "1", "+2")];
    let settings =
        SurvivorshipSettings { source_order: vec!["B".into(), "A".into()], ..with_rule(Phone, rule()) };
    let result = settled(&records, &settings);
    let by_order = result.field(Phone).unwrap();
    assert_eq!((by_order.value, by_order.from), (Some("+2"), Provenance::Record { record: 1 }));
    assert!(by_order.reason.words().ends_with("the order of the clubs"));
    assert_eq!(winner(&records, Phone, rule()).0, Some("+1"));
    let records =
        [Record { row: 9, ..records[0] }, Record { row: 3, values: records[1].values, ..records[0] }];
    assert_eq!(winner(&records, Phone, rule()).0, Some("+2"));
}

#[test]
fn a_blank_never_wins() {
    let records = [
        row("Golf", "g1", &[(Email, "a@example.org")]),
        row("Softball", "s1", &[(Email, "  "), (LastActive, "2024-01-01")]),
    ];
    assert_eq!(
        winner(&records, Email, SurvivorRule::Newest),
        (Some("a@example.org"), "the only value".to_owned())
    );
}

#[test]
fn the_parts_of_a_name_come_from_one_record() {
    let records = [
        row(
            "Golf",
            "g1",
            &[(GivenName, "Ann"), (FamilyName, "Featherstonehaugh"), (LastActive, "2024-01-01")],
        ),
        row("Softball", "s1", &[(GivenName, "Annabel"), (FamilyName, "Lee")]),
    ];
    let member = settled(&records, &following());
    assert_eq!((member.value(GivenName), member.value(FamilyName)), (Some("Ann"), Some("Featherstonehaugh")));
    assert_eq!(member.field(GivenName).unwrap().reason, Reason::MovesWith(FamilyName));
    assert_eq!(member.field(GivenName).unwrap().losers, [ValueAt { value: "Annabel", records: vec![1] }]);
}

#[test]
fn the_state_moves_with_the_company() {
    let records = [
        row("Golf", "g1", &[(Company, "Acme"), (State, "OR"), (LastActive, "2024-01-01")]),
        row("Softball", "s1", &[(Company, "Keller"), (State, "WA"), (LastActive, "2020-01-01")]),
    ];
    let settings = SurvivorshipSettings {
        rules: [(Company, SurvivorRule::Longest), (State, SurvivorRule::Newest)].into(),
        ..following()
    };
    let member = settled(&records, &settings);
    assert_eq!((member.value(Company), member.value(State)), (Some("Keller"), Some("WA")));
    assert_eq!(member.field(State).unwrap().reason.words(), "moves with the company");
    let apart = SurvivorshipSettings { groups: Vec::new(), ..settings };
    assert_eq!(settled(&records, &apart).value(State), Some("OR"));
}

#[test]
fn a_blank_of_a_group_is_filled_as_the_settings_say() {
    let with = |blanks, agreeing: Option<&'static str>| {
        let mut records = vec![
            row("Golf", "g1", &[(Company, "Acme"), (LastActive, "2024-01-01")]),
            row("Softball", "s1", &[(Company, "Keller"), (State, "WA"), (LastActive, "2022-01-01")]),
        ];
        records.extend(agreeing.map(|state| row("Tennis", "t1", &[(Company, "ACME"), (State, state)])));
        let groups = vec![FieldGroup { fields: vec![Company, State], blanks }];
        let member = settled(&records, &SurvivorshipSettings { groups, ..following() });
        let result = member.field(State).unwrap();
        (result.value, result.reason)
    };
    let fills = Reason::Fills(Company);
    assert_eq!(with(GroupBlanks::Fill, None), (Some("WA"), Reason::Fills(Company)));
    assert_eq!(with(GroupBlanks::Fill, Some("OR")), (Some("OR"), fills));
    assert_eq!(with(GroupBlanks::FillFromAgreeing, Some("OR")), (Some("OR"), fills));
    assert_eq!(with(GroupBlanks::FillFromAgreeing, None), (None, Reason::MovesWith(Company)));
    assert_eq!(with(GroupBlanks::Keep, Some("OR")), (None, Reason::MovesWith(Company)));
}

#[test]
fn a_company_has_its_own_id_and_never_another_ones() {
    let mut records = [
        row("Golf", "g1", &[(Company, "Acme"), (LastActive, "2024-01-01")]),
        row("Softball", "s1", &[(Company, "Keller")]),
        row("Tennis", "t1", &[(Company, "ACME")]),
    ];
    records[1].company_id = Some("7");
    assert_eq!(settled(&records, &following()).company_id, None);
    records[2].company_id = Some("9");
    assert_eq!(settled(&records, &following()).company_id, Some(CompanyId { id: "9", record: 2 }));
    // An id that nobody could look up is kept where there is no company.
    let mut lone = [row("Golf", "g1", &[])];
    lone[0].company_id = Some("12");
    assert_eq!(settled(&lone, &following()).company_id, Some(CompanyId { id: "12", record: 0 }));
}

#[test]
fn the_fuller_date_of_those_that_fit_is_taken() {
    let records = [
        row("Golf", "g1", &[(BirthDate, "1971"), (LastActive, "2024-01-01")]),
        row("Softball", "s1", &[(BirthDate, "1971-03-14")]),
    ];
    let member = settled(&records, &with_rule(BirthDate, SurvivorRule::Newest));
    let result = member.field(BirthDate).unwrap();
    assert_eq!((result.value, result.reason), (Some("1971-03-14"), Reason::Agreed));
    assert!(result.losers.is_empty() && member.conflicts.is_empty());
}

#[test]
fn each_club_and_key_is_a_membership_with_facts_of_its_own() {
    let records = [
        row("Golf", "g2", &[(Score, "10"), (MemberSince, "1999")]),
        row("Softball", "s1", &[(Score, "82"), (LastActive, "2024-01-01")]),
        row("Golf", "g1", &[(Score, "20"), (LastActive, "2023-01-01")]),
        Record { row: 7, ..row("Golf", "g1", &[(Score, "30"), (LastActive, "2023-06-01")]) },
    ];
    let member = settled(&records, &following());
    let facts: Vec<_> = member
        .memberships
        .iter()
        .map(|known| (known.source, known.source_key, known.value(Score), known.value(LastActive)))
        .collect();
    assert_eq!(
        facts,
        [
            ("Golf", "g1", Some("30"), Some("2023-06-01")),
            ("Golf", "g2", Some("10"), None),
            ("Softball", "s1", Some("82"), Some("2024-01-01")),
        ]
    );
    assert_eq!(member.memberships[0].records, [3, 2]);
    assert_eq!(member.memberships[1].value(MemberSince), Some("1999"));
}

#[test]
fn a_newer_list_of_a_club_replaces_what_the_database_has_from_it() {
    let stored = stored("Golf", "g1", &[(Company, "A Company With A Long Name"), (LastActive, "2023-01-01")]);
    let newer = row("Golf", "g1", &[(Company, "Acme"), (LastActive, "2024-01-01")]);
    let settings = SurvivorshipSettings {
        rules: [(Company, SurvivorRule::Longest)].into(),
        ..SurvivorshipSettings::default()
    };
    let member = settled(&[stored, newer], &settings);
    assert_eq!(member.value(Company), Some("Acme"));
    assert!(member.conflicts.iter().all(|conflict| conflict.field != Company));
    // An older list does not.
    let older = row("Golf", "g1", &[(Company, "Acme"), (LastActive, "2022-01-01")]);
    assert!(settled(&[stored, older], &settings).is_open());
}

#[test]
fn no_records_make_an_empty_member() {
    let member = settled(&[], &following());
    assert!(member.fields.iter().all(|result| result.reason == Reason::Blank));
    assert!(member.memberships.is_empty() && !member.is_open());
}

#[test]
fn settings_are_part_of_a_recipe() {
    let settings = SurvivorshipSettings {
        source_order: vec!["Golf".into()],
        rules: [(Email, SurvivorRule::SourcePriority { sources: vec!["Softball".into()] })].into(),
        ..SurvivorshipSettings::default()
    };
    let text = serde_json::to_string(&settings).unwrap();
    assert!(text.contains(r#""email":{"rule":"source_priority","sources":["Softball"]}"#), "{text}");
    assert_eq!(serde_json::from_str::<SurvivorshipSettings>(&text).unwrap(), settings);
    assert_eq!(serde_json::from_str::<SurvivorshipSettings>("{}").unwrap(), SurvivorshipSettings::default());
    let recipe = r#"{"version":1,"files":[],"resolve":{"company_conflict":"follow_rule"}}"#;
    let recipe: crate::recipe::Recipe = serde_json::from_str(recipe).unwrap();
    assert_eq!(recipe.resolve, Some(following()));
}

#[test]
fn settings_that_contradict_themselves_are_named() {
    assert!(SurvivorshipSettings::default().problems().is_empty());
    let group = |fields: &[Field]| FieldGroup { fields: fields.to_vec(), blanks: GroupBlanks::Fill };
    let settings = SurvivorshipSettings {
        groups: vec![group(&[Company, State]), group(&[State, Score]), group(&[Email])],
        rules: [(SourceKey, SurvivorRule::Newest)].into(),
        ..SurvivorshipSettings::default()
    };
    assert_eq!(settings.problems().len(), 4);
    // They are usable all the same: every field of a person has one result.
    let member = settled(&[row("Golf", "g1", &[(State, "OR")])], &settings);
    let fields: Vec<Field> = member.fields.iter().map(|result| result.field).collect();
    assert_eq!(fields, PERSON_FIELDS);
}
