use rusqlite::types::Value;

use super::*;
use crate::error::Code;
use crate::progress::Job;
use crate::store::fixture::{Fixture, access, cancelling_at};

async fn plan_and_push(fixture: &Fixture, recipe: &str) -> PushReport {
    let request = fixture.request(recipe);
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    push(&request, &plan.package, &Job::silent()).await.unwrap()
}

/// Every row of every table of the target.
fn contents(fixture: &Fixture) -> Vec<Vec<Value>> {
    let db = fixture.target_db();
    let tables = [
        "company",
        "club",
        "member",
        "membership",
        "source_file",
        "push",
        "source_record",
        "reject",
        "change",
    ];
    let mut rows = Vec::new();
    for table in tables {
        let mut statement = db.prepare(&format!("SELECT '{table}', * FROM {table} ORDER BY 2")).unwrap();
        let columns = statement.column_count();
        let found = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).unwrap();
        rows.extend(found.map(Result::<Vec<Value>, _>::unwrap));
    }
    rows
}

#[tokio::test]
async fn a_plan_tells_every_row_s_fate() {
    let fixture = Fixture::clubs();
    let request = fixture.request("{}");
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    assert_eq!(
        plan.sentence,
        "Adds 5 members, 2 clubs and 1 company, skips 1 that contradicts another row, refuses 1 row with errors"
    );
    let expected =
        PlanCounts { insert: 5, conflict: 1, reject: 1, suspect: 1, excluded: 1, ..PlanCounts::default() };
    assert_eq!(plan.counts, expected);
    assert_eq!((plan.repeat_of, plan.package.as_str()), (None, request.package_id().as_str()));
    let page = plan_rows(&request.staged, Fate::Conflict, 0, 10).await.unwrap();
    assert_eq!(page.total, 1);
    let kelly = &page.rows[0];
    assert_eq!(
        (kelly.row, kelly.line, kelly.file.as_str(), kelly.name.as_str()),
        (3, 4, "golf.csv", "Kelly Nguyen")
    );
    assert_eq!(kelly.reason, "Same member as line 3 of the same file, with other details");
    let differences: Vec<_> = kelly
        .differences
        .iter()
        .map(|d| (d.field.name(), d.theirs.as_deref().unwrap(), d.ours.as_deref().unwrap()))
        .collect();
    assert_eq!(differences, [("company", "Acme", "Blue, Inc."), ("state", "TX", "NY")]);
    let rejects = plan_rows(&request.staged, Fate::Reject, 0, 10).await.unwrap();
    assert_eq!(rejects.rows[0].reason, "More cells than columns, Unreadable date");
    let inserts = plan_rows(&request.staged, Fate::Insert, 3, 10).await.unwrap();
    assert_eq!((inserts.total, inserts.rows.len(), inserts.rows[0].name.as_str()), (5, 2, "Bob Ray"));
    assert_eq!(fixture.number("SELECT count(*) FROM member"), 0);
}

#[tokio::test]
async fn a_push_writes_what_the_plan_says_and_the_ledger_adds_up() {
    let fixture = Fixture::clubs();
    let report = plan_and_push(&fixture, "{}").await;
    assert_eq!(
        (report.inserted, report.skipped_different, report.rejected, report.repeat_of),
        (5, 1, 1, None)
    );
    assert_eq!((report.counts.read, report.counts.clean), (9, 6));
    assert!(report.issues.iter().any(|issue| issue.rule == "unknown_company" && issue.rows == 1));
    for (sql, expected) in [
        ("SELECT count(*) FROM member", 5),
        ("SELECT count(*) FROM membership JOIN club ON club.id = club_id WHERE club.name = 'Golf Club'", 2),
        ("SELECT count(*) FROM source_record WHERE push_id = 1 AND length(fingerprint) = 16", 5),
        ("SELECT count(*) FROM member WHERE company_source_id = '20' AND company_id IS NULL", 1),
        ("SELECT count(*) FROM company WHERE name = 'Acme' AND source_company_id = '7'", 1),
        ("SELECT count(*) FROM company", 1),
        ("SELECT count(*) FROM membership WHERE score = 75.5 AND typeof(score) = 'real'", 1),
        ("SELECT count(*) FROM reject WHERE line = 7 AND raw_line = '=bro,ken,\"x'", 1),
        ("SELECT count(*) FROM reject WHERE rules = 'surplus_cells+unreadable_date'", 1),
        (
            "SELECT count(*) FROM push WHERE rows_read = 9 AND staged = 7 AND inserted = 5 AND person = 'pat'",
            1,
        ),
        ("SELECT count(*) FROM pragma_foreign_key_check", 0),
    ] {
        assert_eq!(fixture.number(sql), expected, "{sql}");
    }
    let where_from = "SELECT line FROM source_record JOIN membership ON membership.id = membership_id
                      JOIN member ON member.id = member_id WHERE given_name = 'Kelly'";
    assert_eq!(fixture.number(where_from), 3);
    let history = history(&access(&fixture.target())).await.unwrap();
    assert_eq!((history.len(), history[0].inserted, history[0].skipped, history[0].rejected), (1, 5, 1, 1));
    assert_eq!(history[0].import_name, "Spring lists");
}

#[tokio::test]
async fn the_same_package_again_changes_nothing() {
    let fixture = Fixture::clubs();
    plan_and_push(&fixture, "{}").await;
    let before = contents(&fixture);
    let request = fixture.request("{}");
    // Without a new plan, and with one.
    let straight = push(&request, &request.package_id(), &Job::silent()).await.unwrap();
    assert_eq!((straight.repeat_of, straight.inserted), (Some(1), 0));
    assert_eq!((straight.skipped_identical, straight.skipped_different), (5, 1));
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    assert_eq!((plan.repeat_of, plan.counts.insert, plan.counts.skip_identical), (Some(1), 0, 5));
    assert!(
        plan.sentence
            .starts_with("Adds no members, skips 5 that are the same and 1 that contradicts another row")
    );
    assert_eq!(push(&request, &plan.package, &Job::silent()).await.unwrap().repeat_of, Some(1));
    assert_eq!(contents(&fixture), before);
}

#[tokio::test]
async fn another_package_with_the_same_rows_inserts_none() {
    let fixture = Fixture::clubs();
    plan_and_push(&fixture, "{}").await;
    fixture.set(1, "state = 'CA', score = '1.5'");
    let report = plan_and_push(&fixture, "{ }").await;
    assert_eq!((report.push, report.repeat_of, report.inserted), (2, None, 0));
    assert_eq!((report.skipped_identical, report.skipped_different), (4, 2));
    assert_eq!(fixture.number("SELECT count(*) FROM membership"), 5);
    let page = plan_rows(&fixture.staged(), Fate::SkipDifferent, 0, 10).await.unwrap();
    assert_eq!(page.rows[0].reason, "Already in the database, with other details");
    let differences: Vec<_> =
        page.rows[0].differences.iter().map(|d| (d.field.name(), d.ours.as_deref())).collect();
    assert_eq!(differences, [("state", Some("CA")), ("score", Some("1.5"))]);
}

#[tokio::test]
async fn a_key_in_two_files_of_one_source_is_one_member() {
    let mut fixture = Fixture::new();
    fixture.file(1, "one.csv", "Golf Club");
    fixture.file(2, "two.csv", "Golf Club");
    for file in [1, 2, 2] {
        fixture.member(file, "k", "Ann", "Lee", 0);
    }
    let request = fixture.request("{}");
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    assert_eq!(plan.sentence, "Adds 1 member and 1 club, skips 2 that are the same");
    let page = plan_rows(&request.staged, Fate::SkipIdentical, 0, 10).await.unwrap();
    assert_eq!(page.rows[1].reason, "Same member as line 2 of one.csv, with the same details");
    assert_eq!(push(&request, &plan.package, &Job::silent()).await.unwrap().inserted, 1);
}

#[tokio::test]
async fn a_clean_row_without_a_name_is_refused_and_counted() {
    let mut fixture = Fixture::clubs();
    let nameless = fixture.member(2, "k-nobody", "", "", 0);
    fixture.set(nameless, "given_name = NULL, family_name = NULL");
    let report = plan_and_push(&fixture, "{}").await;
    assert_eq!((report.inserted, report.rejected), (5, 2));
    assert_eq!(fixture.number("SELECT rejected_in_push FROM push"), 1);
    assert_eq!(
        fixture.number("SELECT count(*) FROM reject WHERE rules = 'missing_name' AND raw_line = char(9)"),
        1
    );
}

#[tokio::test]
async fn a_changed_import_or_target_is_refused() {
    let fixture = Fixture::clubs();
    let request = fixture.request("{}");
    let refused = |result: crate::Result<PushReport>| {
        let error = result.unwrap_err();
        assert_eq!(error.code(), Code::Refused);
        error.message().to_owned()
    };
    let package = request.package_id();
    let message = refused(push(&request, &package, &Job::silent()).await);
    assert_eq!(message, "There is no plan for this import");
    make_plan(&request, &Job::silent()).await.unwrap();
    let edited = fixture.request("{ }");
    refused(push(&edited, &package, &Job::silent()).await);
    refused(push(&edited, &edited.package_id(), &Job::silent()).await);
    // Somebody adds one of the members.
    let club = "INSERT INTO club VALUES (1, 'Golf Club'); INSERT INTO member (id, given_name, version) VALUES (1, 'Ann', 1);
                INSERT INTO membership (member_id, club_id, source_key) VALUES (1, 1, 'k-ann');";
    fixture.target_db().execute_batch(club).unwrap();
    let message = refused(push(&request, &package, &Job::silent()).await);
    assert!(message.ends_with("1 member that the plan would add is there already (number 1)"), "{message}");
    // A new plan sees it; then somebody changes it, in a field and by its version alone.
    assert_eq!(make_plan(&request, &Job::silent()).await.unwrap().counts.skip_different, 1);
    let same = "UPDATE member SET family_name = 'Lee', birth_date = '1970-10-11', version = 5;
                UPDATE membership SET member_since = '2013', last_active = '2024-02-03';";
    fixture.target_db().execute_batch(same).unwrap();
    let message = refused(push(&request, &package, &Job::silent()).await);
    assert!(message.ends_with("1 member that the plan looked at was changed (number 1)"), "{message}");
    assert_eq!(make_plan(&request, &Job::silent()).await.unwrap().counts.skip_identical, 1);
    fixture.target_db().execute_batch("UPDATE member SET version = version + 1").unwrap();
    refused(push(&request, &package, &Job::silent()).await);
    assert_eq!(fixture.number("SELECT count(*) FROM push"), 0);
    assert_eq!(fixture.number("SELECT count(*) FROM member"), 1);
}

/// Makes rows one person; `resolved` is what they make of the member.
fn one_person(fixture: &Fixture, rows: &[i64], member: Option<i64>, resolved: &[(&str, &str)]) {
    for row in rows {
        let sql =
            "INSERT INTO staged_person (row_id, person, lead_row_id, member_id) VALUES (?1, ?2, ?2, ?3)";
        fixture.db.execute(sql, rusqlite::params![row, rows[0], member]).unwrap();
    }
    let columns: String = resolved.iter().map(|(column, _)| format!(", {column}")).collect();
    let values: String = resolved.iter().map(|(_, value)| format!(", '{value}'")).collect();
    let sql = format!(
        "INSERT INTO staged_member (person, birth_date, open, memberships, provenance{columns})
         VALUES ({}, '1970-10-11', 0, '[]', '{{}}'{values})",
        rows[0]
    );
    fixture.db.execute_batch(&sql).unwrap();
}

const ANN: [(&str, &str); 3] = [("given_name", "Ann"), ("family_name", "Lee"), ("email", "ann@example.org")];

#[tokio::test]
async fn rows_of_one_person_become_one_member_with_their_memberships() {
    let fixture = Fixture::clubs();
    one_person(&fixture, &[1, 7], None, &ANN);
    let request = fixture.request("{}");
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    assert!(plan.sentence.starts_with("Adds 4 members with 5 memberships, 2 clubs and"), "{}", plan.sentence);
    assert_eq!((plan.counts.insert, plan.counts.joins), (5, 1));
    let page = plan_rows(&request.staged, Fate::Insert, 0, 10).await.unwrap();
    let reasons: Vec<_> = page.rows.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(reasons[2], "New in this club; the same person as line 2 of golf.csv");
    let report = push(&request, &plan.package, &Job::silent()).await.unwrap();
    assert_eq!((report.inserted, report.joined), (5, 1));
    for (sql, expected) in [
        ("SELECT count(*) FROM member", 4),
        ("SELECT count(*) FROM membership", 5),
        ("SELECT count(*) FROM source_record", 5),
        ("SELECT count(DISTINCT member_id) FROM membership WHERE source_key = 'k-ann'", 1),
        ("SELECT count(*) FROM member WHERE email = 'ann@example.org'", 1),
        // The member has no company, since the person's rows make none of theirs.
        ("SELECT count(*) FROM member WHERE given_name = 'Ann' AND company_id IS NULL", 1),
        ("SELECT count(*) FROM pragma_foreign_key_check", 0),
    ] {
        assert_eq!(fixture.number(sql), expected, "{sql}");
    }
    let undone = undo(&request.access, 1, "pat", "local", false, &Job::silent()).await.unwrap();
    assert_eq!((undone.removed, undone.kept), (4, 0));
    assert_eq!(fixture.number("SELECT count(*) FROM membership"), 0);
}

/// Every member and membership, as text.
fn members(fixture: &Fixture) -> Vec<Vec<Value>> {
    let keep = |row: &Vec<Value>| matches!(&row[0], Value::Text(table) if table == "member" || table == "membership");
    contents(fixture).into_iter().filter(keep).collect()
}

#[tokio::test]
async fn a_new_membership_joins_the_member_who_is_there() {
    for mode in [PushMode::InsertNew, PushMode::Update] {
        let fixture = Fixture::clubs();
        for row in 7..=9 {
            fixture.set(row, "class = 3");
        }
        assert_eq!(plan_and_push(&fixture, "{}").await.inserted, 2);
        let before = members(&fixture);
        for row in 7..=9 {
            fixture.set(row, "class = 0");
        }
        // Whose the first row is, its key tells; the rows are one person.
        one_person(&fixture, &[1, 7], None, &ANN);
        let request = PlanRequest { mode, ..fixture.request("{ }") };
        let plan = make_plan(&request, &Job::silent()).await.unwrap();
        assert_eq!((plan.counts.insert, plan.counts.joins), (3, 1));
        let inserts = plan_rows(&request.staged, Fate::Insert, 0, 10).await.unwrap();
        assert_eq!(inserts.rows[0].reason, "New in this club; the person is member 1 already");
        push(&request, &plan.package, &Job::silent()).await.unwrap();
        assert_eq!(fixture.number("SELECT count(*) FROM membership WHERE member_id = 1"), 2);
        assert_eq!(fixture.number("SELECT version FROM member WHERE id = 1"), 2);
        let with_email = "SELECT count(*) FROM member WHERE email = 'ann@example.org'";
        assert_eq!(fixture.number(with_email), i64::from(mode == PushMode::Update));
        let undone = undo(&request.access, 2, "pat", "local", false, &Job::silent()).await.unwrap();
        assert_eq!((undone.removed, undone.restored, undone.kept), (2, 1, 0));
        assert_eq!(members(&fixture), before);
    }
}

#[tokio::test]
async fn a_member_who_is_joined_must_not_have_changed_since_the_plan() {
    let fixture = Fixture::clubs();
    for row in 7..=9 {
        fixture.set(row, "class = 3");
    }
    plan_and_push(&fixture, "{}").await;
    fixture.set(7, "class = 0");
    one_person(&fixture, &[7], Some(1), &ANN);
    let request = fixture.request("{ }");
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    assert_eq!(plan.counts.joins, 1);
    fixture.target_db().execute_batch("UPDATE member SET version = version + 1").unwrap();
    let error = push(&request, &plan.package, &Job::silent()).await.unwrap_err();
    assert_eq!(error.code(), Code::Refused);
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    push(&request, &plan.package, &Job::silent()).await.unwrap();
    assert_eq!(fixture.number("SELECT count(*) FROM membership WHERE member_id = 1"), 2);
}

#[tokio::test]
async fn a_cancel_leaves_the_target_untouched() {
    let fixture = Fixture::many(120_000, "a");
    let request = fixture.request("{}");
    let plan = make_plan(&request, &Job::silent()).await.unwrap();
    // One that stops between statements, and one that interrupts a statement.
    for after in [1, 2] {
        let job = cancelling_at(after);
        let error = push(&request, &plan.package, &job).await.unwrap_err();
        assert_eq!(error.code(), Code::Cancelled);
    }
    let job = Job::silent();
    let clone = job.clone();
    std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(150));
        clone.cancel();
    });
    let error = push(&request, &plan.package, &job).await.unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
    for table in ["member", "membership", "club", "company", "push", "source_file"] {
        assert_eq!(fixture.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(push(&request, &plan.package, &Job::silent()).await.unwrap().inserted, 120_000);
}

#[tokio::test]
async fn counts_that_do_not_add_up_are_refused_by_the_database() {
    let fixture = Fixture::clubs();
    plan_and_push(&fixture, "{}").await;
    let db = fixture.target_db();
    for change in
        ["rows_read = rows_read + 1", "staged = staged + 1", "inserted = inserted - 1", "suspect = -1"]
    {
        let error = db.execute(&format!("UPDATE push SET {change}"), []).unwrap_err();
        assert!(error.to_string().contains("CHECK constraint failed"), "{change}: {error}");
    }
    let columns = "kind, package, profile, mode, person, import_name, started, finished, undone, rows_read, excluded,
                 rejected, staged, suspect, clean, inserted, updated, skipped_identical, skipped_different, conflicts,
                 rejected_in_push, removed";
    let twice = &format!("INSERT INTO push ({columns}) SELECT {columns} FROM push");
    assert!(db.execute(twice, []).is_err());
    db.execute("UPDATE push SET undone = '2026-11-23T00:00:00Z'", []).unwrap();
    db.execute(twice, []).unwrap();
}

/// Numbers for `docs`: `MUSTER_ROWS=200000 cargo test --release push_of_many -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "measures"]
async fn push_of_many_rows_takes_bounded_memory() {
    let rows = std::env::var("MUSTER_ROWS").map_or(200_000, |rows| rows.parse().unwrap());
    let fixture = Fixture::many(rows, "a");
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap().to_owned()
    };
    println!("fixture made: {}", peak());
    for round in ["first", "again"] {
        let request = fixture.request(round);
        let start = std::time::Instant::now();
        let plan = make_plan(&request, &Job::silent()).await.unwrap();
        println!("{round} plan: {:?}, {}, {}", start.elapsed(), peak(), plan.sentence);
        let start = std::time::Instant::now();
        let report = push(&request, &plan.package, &Job::silent()).await.unwrap();
        println!("{round} push: {:?}, {}, inserted {}", start.elapsed(), peak(), report.inserted);
        let start = std::time::Instant::now();
        plan_rows(&request.staged, Fate::ALL[usize::from(round == "again")], rows - 100, 100).await.unwrap();
        println!("{round} last page: {:?}", start.elapsed());
    }
    println!("target: {} MB", std::fs::metadata(fixture.target()).unwrap().len() >> 20);
}
