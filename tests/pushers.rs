//! Eight people push overlapping lists at once: what is there in the end is what some order of them would have left.

use std::collections::BTreeMap;

use crate::lists::letters;
use crate::place::Place;

const PEOPLE: usize = 8;
const ROUNDS: usize = 20;
/// Rows of a list; the next person's begins a third further on.
const ROWS: usize = 30;
const MODES: [&str; 4] = ["insert-new", "update", "fill-blanks", "update"];
const STATES: [&str; PEOPLE] = ["TX", "NY", "CA", "WY", "FL", "OH", "PA", "GA"];

/// What a list says of a member: their state and company, blank now and then.
type Told = (Option<&'static str>, Option<String>);

fn list(person: usize) -> BTreeMap<usize, Told> {
    let member = |number: usize| {
        let state = (number % 4 != person % 4).then_some(STATES[person]);
        let company = (!number.is_multiple_of(3)).then(|| format!("Firm {}", letters(person + 1)));
        (number, (state, company))
    };
    (person * ROWS / 3..).take(ROWS).map(member).collect()
}

fn as_file(list: &BTreeMap<usize, Told>) -> String {
    let mut text = "member number,first name,state,company\n".to_owned();
    for (number, (state, company)) in list {
        let (state, company) = (state.unwrap_or_default(), company.as_deref().unwrap_or_default());
        text.push_str(&format!("{number},Ann{},{state},{company}\n", letters(number + 1)));
    }
    text
}

/// What the database is after the push of a list, by the rules of its mode.
fn push_to(there: &mut BTreeMap<usize, Told>, list: BTreeMap<usize, Told>, mode: &str) {
    for (number, told) in list {
        let Some(had) = there.get_mut(&number) else {
            there.insert(number, told);
            continue;
        };
        let (new, old) = (told, had.clone());
        *had = match mode {
            "update" => (new.0.or(old.0), new.1.or(old.1)),
            "fill-blanks" => (old.0.or(new.0), old.1.or(new.1)),
            _ => old,
        };
    }
}

/// Pushes until it is done: refused where another one was quicker, a new plan is made and pushed. How often.
fn push_at_last(place: &Place, person: usize, file: &str) -> usize {
    for attempt in 1..=40 {
        let output = place
            .command(&["push", file, "--mode", MODES[person % MODES.len()]])
            .env("USER", format!("person {person}"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(!said.to_lowercase().contains("deadlock"), "{said}");
        match output.status.code() {
            Some(0) => return attempt,
            Some(4 | 75) => {}
            code => panic!("{code:?} {said}"),
        }
    }
    panic!("person {person} never came through");
}

fn serialised(place: &Place) {
    assert_eq!(place.run(&["history"]).0, 0);
    let mut attempts = 0;
    for round in 0..ROUNDS {
        let club = format!("club_{}", letters(round + 1));
        attempts += std::thread::scope(|scope| {
            let pushes: Vec<_> = (0..PEOPLE)
                .map(|person| {
                    let file = format!("p{person}/{club}.csv");
                    std::fs::create_dir_all(place.machine.path().join(format!("p{person}"))).unwrap();
                    place.machine.file(&file, as_file(&list(person)));
                    scope.spawn(move || push_at_last(place, person, &file))
                })
                .collect();
            pushes.into_iter().map(|push| push.join().unwrap()).sum::<usize>()
        });
        // The ledger has the order: an entry is written under the writers' lock.
        let order = place.lines(&format!("SELECT person FROM push WHERE import_name = '{club}' ORDER BY id"));
        assert_eq!(order.len(), PEOPLE, "{order:?}");
        let mut expected = BTreeMap::new();
        for person in &order {
            let person: usize = person.strip_prefix("person ").unwrap().parse().unwrap();
            push_to(&mut expected, list(person), MODES[person % MODES.len()]);
        }
        let sql = format!(
            "SELECT source_key, member.state, company.name FROM membership INNER JOIN member ON membership.member_id = member.id
             LEFT JOIN company ON member.company_id = company.id INNER JOIN source_record ON source_record.membership_id = membership.id
             INNER JOIN push ON source_record.push_id = push.id WHERE import_name = '{club}'
             GROUP BY membership.id, source_key, member.state, company.name ORDER BY CAST(source_key AS integer)"
        );
        let line = |(number, (state, company)): (&usize, &Told)| {
            format!("{number}|{}|{}", state.unwrap_or_default(), company.as_deref().unwrap_or_default())
        };
        assert_eq!(place.lines(&sql), expected.iter().map(line).collect::<Vec<_>>(), "{order:?}");
    }
    let (_, audit) = place.run(&["audit", "verify"]);
    assert_eq!((audit["entries"].as_u64(), &audit["broken_at"]), (Some(160), &serde_json::Value::Null));
    if place.db.is_some() {
        assert_eq!(
            place.number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
            0
        );
    }
    eprintln!("{} pushes in {attempts} attempts", ROUNDS * PEOPLE);
}

#[test]
fn eight_people_who_push_to_sqlite_at_once_are_serialised() {
    serialised(&Place::sqlite());
}

#[test]
fn eight_people_who_push_to_postgresql_at_once_are_serialised() {
    serialised(&Place::postgres());
}
