use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_recipe_replays_what_was_decided() {
    let machine = Machine::new();
    both(&machine);
    let recipe = format!(
        "version: 1
files:
- path: {GOLF_CLUB}
- path: {LEAGUE}
match: {{ review_above: 0.50, merge_above: 0.99 }}
decisions:
  pairs:
  - same: true
    a: {{ source: Unity Golf Club, key: '1003' }}
    b: {{ source: US Softball League, key: '2003' }}
    person: ann
    decided: 2026-11-20T10:00:00.000Z
  values:
  - source: Unity Golf Club
    source_key: '1002'
    field: company
    value: Globex
    person: ann
    decided: 2026-11-20T10:00:00.000Z
"
    );
    machine.file("recipe.yml", recipe);
    let (code, report) = machine.muster_json(&["run", "--recipe", "recipe.yml", "--out", "out"]);
    assert_eq!(code, 0, "{report}");
    let people = &report["people"];
    let counts = ["records", "members", "merged", "to_review", "conflicts"].map(|name| people[name].as_u64());
    assert_eq!(counts, [293, 288, 5, 2, 0].map(Some));
    // The recipe that is written replays them as well.
    let written = std::fs::read_to_string(machine.path().join("out/recipe.yml")).unwrap();
    assert!(written.contains("merge_above") && written.contains("'1003'") || written.contains("\"1003\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_being_asked_a_run_counts_by_the_keys() {
    let machine = Machine::new();
    both(&machine);
    let files = [GOLF_CLUB, LEAGUE];
    let (_, report) = machine.muster_json(&[&["run", "--out", "out"], &files[..]].concat());
    assert_eq!(
        (report["people"]["members"].as_u64(), report["people"]["to_review"].as_u64()),
        (Some(293), Some(0))
    );
    let (_, report) = machine.muster_json(&[&["run", "--match", "--out", "out"], &files[..]].concat());
    assert_eq!(
        (report["people"]["members"].as_u64(), report["people"]["to_review"].as_u64()),
        (Some(289), Some(3))
    );
    let (_, report) = machine.muster_json(&[&["run", "--match"], &files[..]].concat());
    assert_eq!(report["people"]["conflicts"].as_u64(), Some(1));
}
