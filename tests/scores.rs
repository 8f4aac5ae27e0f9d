//! Scores on one scale, on SQLite, PostgreSQL, and PostgreSQL behind PgBouncer: what a push writes and what its plan said, the
//! history, undo, and edits by hand between.

use muster_backend::config::Config;
use muster_backend::imports::PushChoice;
use muster_backend::members::Members;
use muster_backend::push::{Compared, PushMode, ScoreSettings};
use muster_backend::{Code, Job};
use muster_engine::score::ScoreMethod;
use muster_tests::{Machine, staged};
use serde_json::Value;

use crate::lists::Random;
use crate::place::Place;

const HEAD: &str = "member number,first name,last name,born,last active,score\n";
const GOLF: &str =
    "1,Ann,Lee,1970-01-02,2026-01-01,60\n2,Bob,Ray,1980-03-04,2026-02-01,80\n3,Cyd,Orr,1990-05-06,,\n";
const LEAGUE: &str = "7,Dot,Poe,1971-01-02,2026-01-01,1\n8,Eve,Fox,1981-03-04,2025-01-01,3\n";
const Z_SCORE: &str = "scores: { method: { method: z_score, mean: 50, spread: 15 } }";
const RANKS: &str = "scores: { method: { method: percentile_rank } }";

/// Pushes both lists with what a recipe says of scores; the exit code and the report.
fn run(place: &Place, lists: [&str; 2], scores: &str, mode: &str, more: &[&str]) -> (i32, Value) {
    let mut recipe = format!("version: 1\npush: {{ mode: {mode} }}\n{scores}\nfiles:\n");
    for (name, list) in ["golf_club.csv", "league.csv"].into_iter().zip(lists) {
        if !list.is_empty() {
            place.machine.file(name, format!("{HEAD}{list}"));
            recipe.push_str(&format!("- path: {name}\n"));
        }
    }
    place.machine.file("recipe.yml", recipe);
    let (code, report) = place.run(&[&["run", "--recipe", "recipe.yml", "--profile", "live"], more].concat());
    assert!([0, 3].contains(&code), "{report:#}");
    (code, report)
}

/// As [`run`], after a look at the plan, which says the same.
fn push(place: &Place, lists: [&str; 2], scores: &str, mode: &str) -> Value {
    let (_, plan) = run(place, lists, scores, mode, &["--plan-only"]);
    let (_, report) = run(place, lists, scores, mode, &[]);
    if report["push"]["inserted"].is_number() && !report["scores"].is_null() {
        assert_eq!(plan["scores"], report["scores"]);
    }
    check(place);
    report["scores"].clone()
}

fn counts(scores: &Value) -> [u64; 4] {
    ["memberships", "scored", "changed", "history"]
        .map(|name| scores[name].as_u64().unwrap_or_else(|| panic!("no counts: {scores}")))
}

/// All that is kept of scores, and the memberships.
fn state(place: &Place) -> Vec<String> {
    let history = "SELECT id, year, club_id, membership_id, valid_from, coalesce(valid_to, 'now'), coalesce(score, -1),
         coalesce(unified_score, -1), coalesce(last_active, ''), coalesce(method_version, '') FROM score_history ORDER BY id";
    let memberships = "SELECT membership.id, member_id, source_key, coalesce(score, -1), coalesce(unified_score, -1),
         coalesce(last_active, ''), version FROM membership INNER JOIN member ON membership.member_id = member.id
         ORDER BY membership.id";
    [place.lines(history), place.lines(memberships)].concat()
}

/// What holds at any time: no gaps, one row that holds now, and that is what the membership says.
fn check(place: &Place) {
    for (wrong, sql) in [
        (
            "two rows of a membership hold",
            "SELECT count(*) FROM (SELECT membership_id FROM score_history WHERE valid_to IS NULL
             GROUP BY membership_id HAVING count(*) > 1) AS found",
        ),
        (
            "a row does not begin where the one before ends",
            "SELECT count(*) FROM (SELECT valid_from, lag(valid_to) OVER (PARTITION BY membership_id ORDER BY valid_from, id)
             AS ended, lag(id) OVER (PARTITION BY membership_id ORDER BY valid_from, id) AS earlier FROM score_history) AS found
             WHERE earlier IS NOT NULL AND (ended IS NULL OR ended <> valid_from)",
        ),
        (
            "a row ends before it begins",
            "SELECT count(*) FROM score_history WHERE valid_to < valid_from",
        ),
        (
            "rows of no membership",
            "SELECT count(*) FROM score_history WHERE membership_id NOT IN (SELECT id FROM membership)",
        ),
        (
            "a unified score without a row",
            "SELECT count(*) FROM membership LEFT JOIN score_history ON membership.id = membership_id AND valid_to IS NULL
             WHERE membership.unified_score IS NOT NULL AND (score_history.id IS NULL
                 OR abs(membership.unified_score - score_history.unified_score) > 1e-6)",
        ),
    ] {
        assert_eq!(place.number(sql), 0, "{wrong}: {:#?}", state(place));
    }
}

fn unified(place: &Place, name: &str) -> String {
    let sql = format!(
        "SELECT coalesce(CAST(round(CAST(unified_score AS numeric), 3) AS text), 'none') FROM membership
         INNER JOIN member ON membership.member_id = member.id WHERE given_name = '{name}' ORDER BY membership.id LIMIT 1"
    );
    let text = place.lines(&sql).remove(0);
    text.parse().map_or(text, |number: f64| number.to_string())
}

fn rows(place: &Place) -> i64 {
    place.number("SELECT count(*) FROM score_history")
}

#[test]
fn a_row_comes_with_a_change_and_never_without() {
    for place in Place::all() {
        let scores = push(&place, [GOLF, LEAGUE], Z_SCORE, "update");
        assert_eq!(counts(&scores), [5, 4, 4, 4], "Cyd has neither a score nor an activity");
        let found = ["Ann", "Bob", "Cyd", "Dot", "Eve"].map(|name| unified(&place, name));
        assert_eq!(found, ["35", "65", "none", "35", "65"]);
        assert_eq!(rows(&place), 4);
        assert_eq!(
            place.number("SELECT count(*) FROM score_history WHERE method_version LIKE 'z-score/1:%'"),
            4
        );
        assert_eq!(place.number("SELECT count(*) FROM score_method"), 1);
        let before = state(&place);
        // The same package, and the same rows in another one.
        run(&place, [GOLF, LEAGUE], Z_SCORE, "update", &[]);
        assert_eq!(state(&place), before);
        assert_eq!(counts(&push(&place, [GOLF, LEAGUE], Z_SCORE, "mirror")), [5, 4, 0, 0]);
        assert_eq!(state(&place), before);
        // Bob's score moves everybody of his club, and nobody of the other; Cyd was active, which is a row, too.
        let golf = GOLF.replace(",80", ",100").replace("1990-05-06,,", "1990-05-06,2026-03-01,");
        assert_eq!(counts(&push(&place, [&golf, LEAGUE], Z_SCORE, "update")), [5, 4, 0, 2]);
        assert_eq!(
            (unified(&place, "Ann"), unified(&place, "Bob"), rows(&place)),
            ("35".into(), "65".into(), 6)
        );
        let more = format!("{golf}4,Flo,Moss,1977-01-02,,140\n");
        let scores = push(&place, [&more, ""], Z_SCORE, "update");
        assert_eq!(counts(&scores), [4, 3, 3, 3], "the clubs of the import alone");
        assert_eq!((unified(&place, "Bob"), unified(&place, "Dot")), ("50".into(), "35".into()));
        // Another method.
        assert_eq!(
            counts(&push(&place, [&more, LEAGUE], RANKS, "update"))[2..],
            [4, 4],
            "Bob is in the middle by both"
        );
        assert_eq!((unified(&place, "Bob"), unified(&place, "Eve")), ("50".into(), "75".into()));
        assert_eq!(
            place.number("SELECT count(*) FROM score_history WHERE method_version LIKE 'percentile-rank/%'"),
            4
        );
    }
}

#[test]
fn left_as_they_are_nothing_is_written() {
    for place in [Place::sqlite(), Place::postgres()] {
        let scores = push(&place, [GOLF, LEAGUE], "", "update");
        assert_eq!(scores, Value::Null);
        push(&place, [&GOLF.replace(",80", ",90"), LEAGUE], "", "update");
        assert_eq!(place.number("SELECT count(unified_score) FROM membership"), 0);
        assert_eq!((rows(&place), place.number("SELECT count(*) FROM score_method")), (0, 0));
        let (code, error) = {
            place.machine.file("recipe.yml", "version: 1\nscores: { method: { method: z_score, spread: 0 } }\nfiles:\n- path: league.csv\n");
            place.run(&["run", "--recipe", "recipe.yml", "--profile", "live"])
        };
        assert_eq!((code, error["error"]["code"].as_str()), (1, Some("invalid_input")), "{error:#}");
    }
}

#[test]
fn undo_restores_scores_and_their_history() {
    for place in Place::all() {
        push(&place, [GOLF, LEAGUE], Z_SCORE, "update");
        let first = state(&place);
        let more = format!("{GOLF}4,Flo,Moss,1977-01-02,,140\n");
        push(&place, [&more, ""], Z_SCORE, "insert-new");
        let second = state(&place);
        let (_, dry) = place.run(&["undo", "2", "--dry-run"]);
        let (_, report) = place.run(&["undo", "2"]);
        for report in [&dry, &report] {
            let counts =
                ["removed", "kept", "scores_restored", "scores_kept"].map(|name| report[name].as_u64());
            assert_eq!(counts, [1, 0, 2, 0].map(Some), "{report:#}");
        }
        assert_eq!(state(&place), first);
        // The undo is undone, and the other way round again.
        assert_eq!(place.run(&["undo", "3"]).0, 0);
        assert_eq!(state(&place), second);
        // Out of order: the first push's members of the golf club go with all their history, though the second moved them.
        let (_, report) = place.run(&["undo", "1"]);
        assert_eq!((report["removed"].as_u64(), report["kept"].as_u64()), (Some(5), Some(0)), "{report:#}");
        check(&place);
        assert_eq!(rows(&place), 1);
        let undone = place.number("SELECT max(id) FROM push").to_string();
        assert_eq!(place.run(&["undo", &undone]).0, 0);
        assert_eq!(state(&place), second);
        for entry in ["2", "1"] {
            let entry = match place
                .number(&format!("SELECT count(*) FROM push WHERE id = {entry} AND undone IS NULL"))
            {
                1 => entry.to_owned(),
                _ => continue,
            };
            assert_eq!(place.run(&["undo", &entry]).0, 0);
        }
        assert!(state(&place).is_empty(), "{:#?}", state(&place));
    }
}

#[test]
fn an_undo_between_is_a_change_like_any_other() {
    for place in [Place::sqlite(), Place::postgres()] {
        push(&place, [GOLF, ""], Z_SCORE, "update");
        // Changes Ann; then somebody new moves all.
        push(&place, [&GOLF.replace(",60", ",70"), ""], Z_SCORE, "update");
        push(&place, ["4,Flo,Moss,1977-01-02,,140\n", ""], Z_SCORE, "insert-new");
        let (_, report) = place.run(&["undo", "2"]);
        assert_eq!((report["restored"].as_u64(), report["kept"].as_u64()), (Some(1), Some(0)), "{report:#}");
        check(&place);
        let of_ann =
            "SELECT count(*) FROM score_history INNER JOIN membership ON membership_id = membership.id
             WHERE source_key = '1'";
        assert_eq!(place.number(of_ann), 4, "{:#?}", state(&place));
        assert_eq!(place.number(&format!("{of_ann} AND valid_to IS NULL AND score_history.score = 60")), 1);
        let undone = place.number("SELECT max(id) FROM push").to_string();
        assert_eq!(place.run(&["undo", &undone]).0, 0);
        check(&place);
        assert_eq!(
            (place.number(of_ann), place.number("SELECT count(*) FROM membership WHERE score = 70")),
            (3, 1)
        );
    }
}

#[test]
fn what_is_typed_by_hand_is_in_the_history() {
    for place in [Place::sqlite(), Place::postgres()] {
        push(&place, [GOLF, LEAGUE], "", "update");
        let id = |name: &str| {
            place.number(&format!("SELECT id FROM member WHERE given_name = '{name}'")).to_string()
        };
        let edit = |id: &str, arguments: &[&str]| {
            let (code, written) = place.run(&[&["members", "edit", id], arguments].concat());
            assert_eq!(code, 0, "{written:#}");
            check(&place);
        };
        edit(&id("Ann"), &["--state", "TX"]);
        assert_eq!(rows(&place), 0, "no score changed");
        let before = state(&place);
        edit(&id("Ann"), &["--score", "66"]);
        assert_eq!(rows(&place), 1);
        let entry = place.number("SELECT max(id) FROM push").to_string();
        assert_eq!(place.run(&["undo", &entry]).0, 0);
        assert_eq!(state(&place), before);
        push(&place, [GOLF, LEAGUE], Z_SCORE, "insert-new");
        edit(&id("Ann"), &["--score", "66"]);
        assert_eq!(place.number("SELECT count(*) FROM score_history WHERE valid_to IS NOT NULL"), 1);
        // The next push makes the unified score of it.
        push(&place, [LEAGUE, ""], Z_SCORE, "insert-new");
        assert_eq!(
            place.number("SELECT count(*) FROM score_history WHERE score = 66 AND valid_to IS NULL"),
            1
        );
        assert_eq!(place.run(&["members", "remove", &id("Ann")]).0, 0);
        check(&place);
    }
}

#[test]
fn decay_counts_from_the_first_of_the_month() {
    for place in [Place::sqlite(), Place::postgres()] {
        let decay = "scores: { method: { method: min_max }, decay: { half_life_months: 24 } }";
        push(&place, [GOLF, LEAGUE], decay, "update");
        // Bob and Eve have the greatest scores of their clubs; Eve was active a year earlier.
        let number = |name: &str| unified(&place, name).parse::<f64>().unwrap();
        assert!(number("Eve") < number("Bob") && number("Bob") < 100.0 && number("Ann") == 0.0);
        let as_of = place.lines("SELECT as_of FROM score_method").remove(0);
        assert!(as_of.ends_with("-01"), "{as_of}");
        assert_eq!(counts(&push(&place, [GOLF, LEAGUE], decay, "mirror"))[2..], [0, 0]);
    }
}

fn random_list(random: &mut Random) -> String {
    let mut list = String::new();
    for number in 0..7 {
        if random.below(4) > 0 {
            let score = ["", "1", "2.5", "40", "77"][random.below(5) as usize];
            let active = ["", "2025-01-01", "2026-02"][random.below(3) as usize];
            list.push_str(&format!("{number},Ann{number},Lee,1970-01-02,{active},{score}\n"));
        }
    }
    list + "99,Zoe,Last,1970-01-02,,50\n"
}

fn random_entries(place: &Place, random: &mut Random, in_any_order: bool) {
    let start = state(place);
    let mut entries: Vec<(i64, Vec<String>)> = Vec::new();
    for _ in 0..7 {
        let before = state(place);
        let last = place.number("SELECT coalesce(max(id), 0) FROM push");
        if random.below(4) == 0 && last > 0 {
            let score = random.below(99).to_string();
            let found = place.lines("SELECT member_id FROM membership ORDER BY id");
            let member = &found[random.below(found.len() as u64) as usize];
            place.run(&["members", "edit", member, "--score", &score]);
            check(place);
        } else {
            let scores = [Z_SCORE, RANKS, ""][random.below(3) as usize];
            let mode = ["insert-new", "update", "mirror"][random.below(3) as usize];
            let lists = [random_list(random), random_list(random)];
            push(place, [&lists[0], &lists[1]], scores, mode);
        }
        let id = place.number("SELECT max(id) FROM push");
        if id > last {
            entries.push((id, before));
        }
    }
    while !entries.is_empty() {
        let at = if in_any_order { random.below(entries.len() as u64) as usize } else { entries.len() - 1 };
        let (id, before) = entries.remove(at);
        let (code, report) = place.run(&["undo", &id.to_string()]);
        assert_eq!(code, 0, "{report:#}");
        check(place);
        if !in_any_order {
            assert_eq!(state(place), before, "entry {id}");
        }
    }
    if !in_any_order {
        assert_eq!(state(place), start);
    }
}

#[test]
fn random_pushes_and_edits_are_undone() {
    for place in [Place::sqlite(), Place::postgres()] {
        push(&place, [LEAGUE, ""], Z_SCORE, "update");
        let mut random = Random(20_261_126);
        for round in 0..4 {
            random_entries(&place, &mut random, round % 2 == 1);
        }
    }
}

const TWO: &str = "7,Ann,Lee,1970-01-02,2026-01-01,1\n8,Eve,Fox,1981-03-04,2025-01-01,3\n";

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_and_tried_out_before() {
    let machine = Machine::new();
    let imports = machine.open().await;
    let files = [
        machine.file("golf_club.csv", format!("{HEAD}{GOLF}")),
        machine.file("league.csv", format!("{HEAD}{TWO}")),
    ];
    let import = staged(&imports, &files).await.id;
    let kept = imports.scores(import).await.unwrap();
    assert!(!kept.unify && kept.settings == ScoreSettings::default() && kept.formulas.len() == 3);
    imports.people_match(import, &Job::silent()).await.unwrap();
    let settings =
        ScoreSettings { weights: [("Golf Club".to_owned(), 3.0)].into(), ..ScoreSettings::default() };
    let how = PushChoice::default();
    let preview = imports.scores_preview(import, how, settings.clone(), &Job::silent()).await.unwrap();
    assert_eq!((preview.compared, preview.counts.changed, preview.clubs.len()), (Compared::Own, 4, 2));
    let golf = &preview.formulas[0];
    assert_eq!(
        (golf.club.as_str(), golf.formula.text.as_str()),
        ("Golf Club", "50 + 15 × (60 − 70) ÷ 10 = 35")
    );
    let bad = ScoreSettings { method: ScoreMethod::ZScore { mean: 50.0, spread: 0.0 }, ..settings.clone() };
    let error = imports.scores_set(import, true, bad).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidInput);
    assert!(imports.scores_set(import, true, settings.clone()).await.unwrap().unify);
    // A new import starts with what was set last.
    let other = imports.create(None).await.unwrap().id;
    assert_eq!(imports.scores(other).await.unwrap().settings, settings);
    let plan = imports.plan(import, how, &Job::silent()).await.unwrap();
    assert_eq!(plan.scores, Some(preview.counts));
    assert!(plan.sentence.ends_with("4 unified scores change"), "{}", plan.sentence);
    let shown = imports.plan_sql(import, how).await.unwrap();
    assert!(shown.iter().any(|one| one.purpose == "Write the unified scores" && one.rows == Some(4)));
    let report = imports.push(import, &plan.package, how, None, &Job::silent()).await.unwrap();
    assert_eq!(report.scores, plan.scores);
    // Pushed: the same moves nobody; another method is compared with what is there now.
    let preview = imports.scores_preview(import, how, settings, &Job::silent()).await.unwrap();
    assert_eq!((preview.compared, preview.moved.changed, preview.counts.history), (Compared::Unified, 0, 0));
    let ranks = ScoreSettings { method: ScoreMethod::PERCENTILE_RANK, ..ScoreSettings::default() };
    let how = PushChoice { mode: PushMode::Update, ..how };
    let preview = imports.scores_preview(import, how, ranks, &Job::silent()).await.unwrap();
    assert!(preview.moved.changed > 0 && !preview.moves[0].name.is_empty());
    two_clubs(&machine).await;
}

/// Ann is in both clubs, and golf counts three times as much.
async fn two_clubs(machine: &Machine) {
    let ann: i64 = machine.in_members("SELECT member_id FROM membership WHERE source_key = '1'");
    let members = Members::new(machine.profiles(Config::default()));
    let scores = members.scores(None, u32::try_from(ann).unwrap()).await.unwrap();
    let clubs: Vec<_> = scores.clubs.iter().map(|club| (club.club.as_str(), club.rows.len())).collect();
    assert_eq!(clubs, [("Golf Club", 1), ("League", 1)]);
    assert_eq!(scores.formula.unwrap().text, "(3 × 35 + 1 × 35) ÷ (3 + 1) = 35");
    assert_eq!((scores.combined.len(), scores.weights[0].weight), (1, 3.0));
}
