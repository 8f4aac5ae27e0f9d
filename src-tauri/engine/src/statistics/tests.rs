use proptest::prelude::*;

use super::*;

fn today() -> Date {
    Date::new(2026, 11, 25).unwrap()
}

fn joined<'a>(club: &'a str, member_since: Option<&'a str>) -> MembershipFacts<'a> {
    MembershipFacts { club, member_since }
}

fn counted(members: &[MemberFacts<'_>]) -> Statistics {
    let mut builder = StatisticsBuilder::new(today());
    members.iter().for_each(|member| builder.push(member));
    builder.finish()
}

fn names(groups: &[Group]) -> Vec<(&str, u32)> {
    groups.iter().map(|group| (group.name.as_deref().unwrap_or("?"), group.members)).collect()
}

#[test]
fn members_are_counted_by_each_of_their_facts() {
    let golf = [joined("Golf", Some("2013"))];
    let both =
        [joined("Softball", Some("2026-01-01")), joined("Golf", Some("2020-05")), joined("Golf", None)];
    let members = [
        MemberFacts {
            state: Some("OR"),
            company: Some("Acme"),
            birth_date: Some("2010-11-26"),
            memberships: &golf,
        },
        MemberFacts {
            state: Some("AL"),
            company: Some("Acme"),
            birth_date: Some("1926-11-25"),
            memberships: &both,
        },
        MemberFacts { state: Some("OR"), company: None, birth_date: Some("2030-01-01"), memberships: &[] },
    ];
    let found = counted(&members);
    assert_eq!((found.members, found.memberships), (3, 4));
    assert_eq!(names(&found.by_state), [("OR", 2), ("AL", 1)]);
    assert_eq!(names(&found.by_company), [("Acme", 2), ("?", 1)]);
    let ages: Vec<_> = names(&found.by_age).into_iter().filter(|group| group.1 > 0).collect();
    assert_eq!(ages, [("under 18", 1), ("75 and over", 1), ("?", 1)]);
    assert_eq!(found.by_age.len(), Bands::of_ages().len() + 1);
    assert_eq!(names(&found.by_club), [("Golf", 2), ("Softball", 1)]);
    // The member of two clubs joined the first of them in May 2020.
    let tenures: Vec<_> = names(&found.by_tenure).into_iter().filter(|group| group.1 > 0).collect();
    assert_eq!(tenures, [("5–9", 1), ("10–19", 1), ("?", 1)]);
    let combinations: Vec<_> =
        found.overlap.combinations.iter().map(|known| (known.clubs.join("+"), known.members)).collect();
    let expected =
        [("", 1), ("Golf", 1), ("Golf+Softball", 1)].map(|(clubs, members)| (clubs.to_owned(), members));
    assert_eq!(combinations, expected);
    assert_eq!(found.overlap.clubs, ["Golf", "Softball"]);
    assert_eq!(found.overlap.pairs, [[2, 1], [1, 1]]);
}

#[test]
fn nobody_is_counted_as_nothing() {
    let found = counted(&[]);
    assert_eq!((found.members, found.by_state.len(), found.overlap.combinations.len()), (0, 0, 0));
    assert!(found.by_age.iter().all(|group| group.members == 0 && group.name.is_some()));
    assert!(found.tables().iter().all(|table| table.rows.iter().all(|row| row.len() == table.header.len())));
}

#[test]
fn the_long_table_has_every_count_once() {
    let (golf, both) = ([joined("Golf", None)], [joined("Golf", None), joined("Rowing", None)]);
    let member = |memberships| MemberFacts { state: Some("OR"), memberships, ..Default::default() };
    let found = counted(&[member(&golf), member(&both)]);
    let table = found.long_table();
    let wide: usize = found.tables().iter().map(|table| table.rows.len()).sum();
    // Of the pairs, a row has a count for each of the two clubs.
    assert_eq!(table.rows.len(), wide + 2);
    let rows: Vec<String> = table.rows.iter().map(|row| row.join("|")).collect();
    for row in [
        "members_by_state|OR||2|1.0000",
        "members_by_company|||2|1.0000",
        "club_combinations|Golf + Rowing||1|0.5000",
        "club_pairs|Golf|Rowing|1|0.5000",
        "club_pairs|Rowing|Rowing|1|0.5000",
    ] {
        assert_eq!(rows.iter().filter(|found| *found == row).count(), 1, "{row}: {rows:#?}");
    }
}

#[test]
fn tables_are_ready_for_csv() {
    let memberships = [joined("=Golf", None), joined("Softball", None)];
    let found =
        counted(&[MemberFacts { state: Some("OR"), memberships: &memberships, ..Default::default() }]);
    let tables = found.tables();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let expected = [
        "members_by_state",
        "members_by_company",
        "members_by_age",
        "members_by_club",
        "members_by_tenure",
        "club_combinations",
        "club_pairs",
    ];
    assert_eq!(names, expected);
    assert_eq!(
        (&tables[0].header[..], &tables[0].rows[..]),
        (
            &["state", "members", "share"].map(str::to_owned)[..],
            &[["OR", "1", "1.0000"].map(str::to_owned).to_vec()][..],
        )
    );
    assert_eq!(tables[5].rows, [["=Golf + Softball", "2", "1", "1.0000"]]);
    let mut csv = Vec::new();
    for row in &tables[6].rows {
        crate::write::csv::encode_row(&mut csv, row.iter().map(|cell| Some(cell.as_str())));
    }
    assert_eq!(String::from_utf8(csv).unwrap(), "'=Golf,1,1\nSoftball,1,1\n");
}

#[derive(Debug, Clone)]
struct Person {
    state: Option<&'static str>,
    birth_date: Option<&'static str>,
    clubs: Vec<(&'static str, Option<&'static str>)>,
}

fn person() -> impl Strategy<Value = Person> {
    let dates = vec![None, Some("1971"), Some("2001-02-03"), Some("2025-12-31"), Some("x")];
    let club = (prop::sample::select(vec!["A", "B", "C", "D"]), prop::sample::select(dates.clone()));
    let state = prop::sample::select(vec![None, Some("OR"), Some("WA"), Some("")]);
    (state, prop::sample::select(dates), prop::collection::vec(club, 0..4))
        .prop_map(|(state, birth_date, clubs)| Person { state, birth_date, clubs })
}

fn push(builder: &mut StatisticsBuilder, person: &Person) {
    let memberships: Vec<_> = person.clubs.iter().map(|&(club, since)| joined(club, since)).collect();
    let Person { state, birth_date, .. } = *person;
    builder.push(&MemberFacts { state, company: state, birth_date, memberships: &memberships });
}

/// As a database counts: each fact by itself, the members of a kind together.
fn counted_by_facts(people: &[Person]) -> Statistics {
    let mut builder = StatisticsBuilder::new(today());
    let as_of = today().to_string();
    for person in people {
        builder.add(Fact::State(person.state), 2);
        builder.add(Fact::Company(person.state), 2);
        builder.add(Fact::BirthDate(person.birth_date), 2);
        let dates = person.clubs.iter().filter_map(|club| club.1);
        builder.add(Fact::Joined(dates.filter(|date| *date <= as_of.as_str()).min()), 2);
        let clubs: Vec<&str> = person.clubs.iter().map(|club| club.0).collect();
        builder.add(Fact::Clubs(&clubs), 2);
    }
    builder.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn all_is_counted_once_in_any_order_on_any_threads(
        people in prop::collection::vec(person(), 0..40),
        cut in 0_usize..40,
    ) {
        let mut whole = StatisticsBuilder::new(today());
        people.iter().for_each(|person| push(&mut whole, person));
        let whole = whole.finish();
        let cut = cut.min(people.len());
        let mut one = StatisticsBuilder::new(today());
        people[cut..].iter().rev().for_each(|person| push(&mut one, person));
        let mut other = StatisticsBuilder::new(today());
        people[..cut].iter().for_each(|person| push(&mut other, person));
        one.merge(other);
        prop_assert_eq!(&one.finish(), &whole);

        let twice: Vec<Person> = people.iter().chain(&people).cloned().collect();
        let mut doubled = StatisticsBuilder::new(today());
        twice.iter().for_each(|person| push(&mut doubled, person));
        prop_assert_eq!(&counted_by_facts(&people), &doubled.finish());

        let members = people.len() as u32;
        for groups in [&whole.by_state, &whole.by_company, &whole.by_age, &whole.by_tenure] {
            prop_assert_eq!(groups.iter().map(|group| group.members).sum::<u32>(), members);
        }
        let combinations = &whole.overlap.combinations;
        prop_assert_eq!(combinations.iter().map(|known| known.members).sum::<u32>(), members);
        // A club's members are those of all its combinations.
        for (position, club) in whole.overlap.clubs.iter().enumerate() {
            let with_it = combinations.iter().filter(|known| known.clubs.contains(club));
            let in_it: u32 = with_it.map(|known| known.members).sum();
            prop_assert_eq!(whole.overlap.pairs[position][position], in_it);
        }
    }
}
