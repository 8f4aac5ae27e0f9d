use std::path::Path;

use muster_migrations::{target, workspace};
use sea_orm::{ActiveModelTrait, ActiveValue, EntityTrait, ModelTrait};
use sea_orm_migration::MigratorTrait;

use super::entities::{
    club, column_choice, company, import, import_file, import_push, member, membership, operation, reject,
    source_file, source_record, template,
};
use super::fixture::{access, open_plainly, sqlite_access};
use super::*;
use crate::error::Code;
use crate::progress::Job;

fn schema_of(path: &Path) -> Vec<String> {
    let db = open_plainly(path);
    let mut statement =
        db.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn steps_go_down_and_up_again() {
    let folder = tempfile::tempdir().unwrap();
    for schema in [Schema::Target, Schema::Workspace] {
        let path = folder.path().join(format!("{schema:?}.db"));
        let db = sqlite::open(&sqlite_access(&path), &Job::silent()).await.unwrap();
        migrate(&db, schema).await.unwrap();
        let up = schema_of(&path);
        match schema {
            Schema::Target => target::Migrator::down(&db, None).await.unwrap(),
            Schema::Workspace => workspace::Migrator::down(&db, None).await.unwrap(),
        }
        assert_eq!(schema_of(&path).len(), 2, "only the list of steps and SQLite's sequences are left");
        migrate(&db, schema).await.unwrap();
        assert_eq!(schema_of(&path), up);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("members.db");
    Target::open(&access(&path)).await.unwrap().close().await.unwrap();
    let db = open_plainly(&path);
    db.execute("INSERT INTO seaql_migrations VALUES ('m9999_later', 0)", []).unwrap();
    let before = schema_of(&path);
    assert_eq!(Target::open(&access(&path)).await.unwrap_err().code(), Code::NewerSchema);
    assert_eq!(schema_of(&path), before);
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("members.db");
    open_plainly(&path).execute_batch("CREATE TABLE reject (id INTEGER)").unwrap();
    assert_eq!(Target::open(&access(&path)).await.unwrap_err().code(), Code::Database);
    assert_eq!(schema_of(&path), ["CREATE TABLE reject (id INTEGER)"]);
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("members.csv");
    std::fs::write(&path, "name,birth date\n".repeat(100)).unwrap();
    assert_eq!(Target::open(&access(&path)).await.unwrap_err().code(), Code::InvalidInput);
    let nowhere = folder.path().join("none").join("members.db");
    assert_eq!(Target::open(&access(&nowhere)).await.unwrap_err().code(), Code::Disk);
}

#[test]
fn eight_starters_run_each_step_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("members.db");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        Target::open(&access(&path)).await.unwrap().close().await.unwrap()
                    });
                });
            }
        });
        let db = open_plainly(&path);
        let steps: usize = db
            .query_row("SELECT count(*) FROM seaql_migrations", [], |row| row.get::<_, i32>(0))
            .unwrap() as usize;
        assert_eq!(steps, target::Migrator::migrations().len());
    }
}

#[tokio::test]
async fn an_error_of_the_database_quotes_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::open(&access(&folder.path().join("members.db"))).await.unwrap();
    let club = club::ActiveModel { name: ActiveValue::Set("Canary Club".into()), ..Default::default() };
    club.clone().insert(target.db()).await.unwrap();
    let error = crate::Error::from(club.insert(target.db()).await.unwrap_err());
    assert_eq!(error.code(), Code::Database);
    assert!(!format!("{error} {error:?}").contains("Canary"));
}

#[tokio::test]
async fn entities_fit_the_tables_of_the_target() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::open(&access(&folder.path().join("members.db"))).await.unwrap();
    let rows = "INSERT INTO company VALUES (1, 'Acme', '7'); INSERT INTO club VALUES (1, 'Golf');
        INSERT INTO member (id, given_name, company_id, version) VALUES (1, 'Ann', 1, 1);
        INSERT INTO membership (id, member_id, club_id, source_key, member_since, score) VALUES (1, 1, 1, 'k', '2013', 75.5);
        INSERT INTO source_file VALUES (1, 1, printf('%064d', 0), 'golf.csv', 9, '[]', '2026-11-23T00:00:00Z');
        INSERT INTO push (id, kind, package, profile, mode, person, import_name, started, finished, rows_read, excluded,
            rejected, staged, suspect, clean, inserted, updated, skipped_identical, skipped_different, conflicts,
            rejected_in_push, removed)
        VALUES (1, 'push', printf('%064d', 0), 'local', 'insert-new', 'pat', 'Lists', 's', 'f', 1, 0, 0, 1, 0, 1, 1, 0, 0, 0,
            0, 0, 0);
        INSERT INTO source_record (id, year, source_file_id, line, club_id, membership_id, push_id, fingerprint)
        VALUES (1, 2026, 1, 2, 1, 1, 1, x'00ff');
        INSERT INTO reject (id, push_id, source_file_id, line, rules, raw_line, cells) VALUES (1, 1, 1, 3, 'r', 'raw', '[]')";
    open_plainly(&folder.path().join("members.db")).execute_batch(rows).unwrap();
    let db = target.db();
    let person = member::Entity::find_by_id(1).one(db).await.unwrap().unwrap();
    assert_eq!((person.version, person.given_name.as_deref()), (1, Some("Ann")));
    assert!(!format!("{person:?}").contains("Ann"));
    assert_eq!(person.find_related(company::Entity).one(db).await.unwrap().unwrap().name, "Acme");
    assert_eq!(membership::Entity::find().one(db).await.unwrap().unwrap().score, Some(75.5));
    assert_eq!(source_file::Entity::find().one(db).await.unwrap().unwrap().size, 9);
    assert_eq!(source_record::Entity::find().one(db).await.unwrap().unwrap().fingerprint, [0, 255]);
    assert_eq!(reject::Entity::find().one(db).await.unwrap().unwrap().line, 3);
    assert_eq!(push::newest_first(db).await.unwrap()[0].clean, 1);
}

#[tokio::test]
async fn entities_fit_the_tables_of_the_workspace() {
    use ActiveValue::Set;
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(&sqlite_access(&folder.path().join("workspace.db"))).await.unwrap();
    let db = workspace.db();
    let now = || Set("2026-11-23T00:00:00Z".to_owned());
    let import = import::ActiveModel {
        name: Set("Lists".into()),
        step: Set("files".into()),
        created: now(),
        updated: now(),
        redo: Set(serde_json::json!([])),
        ..Default::default()
    };
    let import = import.insert(db).await.unwrap();
    assert_eq!((import.redo.clone(), import.stage_key.clone()), (serde_json::json!([]), None));
    let file = import_file::ActiveModel {
        import_id: Set(import.id),
        position: Set(0),
        name: Set("golf.csv".into()),
        sha256: Set("0".repeat(64)),
        size: Set(9),
        kind: Set("delimited".into()),
        role: Set("members".into()),
        source: Set("Golf".into()),
        reader: Set(serde_json::json!({})),
        detected: Set(serde_json::json!({"encoding": "utf-8"})),
        ..Default::default()
    };
    let file = file.insert(db).await.unwrap();
    assert_eq!(
        (file.profile.clone(), file.rows, file.detected["encoding"].as_str()),
        (None, None, Some("utf-8"))
    );
    let choice = column_choice::ActiveModel {
        file_id: Set(file.id),
        header: Set("Name".into()),
        target: Set(Some("full_name".into())),
        chosen_by: Set("muster".into()),
        ..Default::default()
    };
    choice.clone().insert(db).await.unwrap();
    assert!(choice.insert(db).await.is_err(), "a header has one choice");
    let step = operation::ActiveModel {
        import_id: Set(import.id),
        position: Set(0),
        body: Set(serde_json::json!({"kind": "exclude_rows", "rows": []})),
        created: now(),
        ..Default::default()
    };
    assert!(!step.insert(db).await.unwrap().undone);
    let shape =
        template::ActiveModel { shape: Set("abc".into()), body: Set(serde_json::json!({})), updated: now() };
    template::Entity::insert(shape).exec(db).await.unwrap();
    assert!(template::Entity::find_by_id("abc").one(db).await.unwrap().is_some());
    let pushed = import_push::ActiveModel {
        import_id: Set(import.id),
        push_id: Set(1),
        profile: Set("local".into()),
        package: Set("p".into()),
        finished: now(),
        ..Default::default()
    };
    pushed.insert(db).await.unwrap();
    import.delete(db).await.unwrap();
    assert!(column_choice::Entity::find().all(db).await.unwrap().is_empty());
    assert!(operation::Entity::find().all(db).await.unwrap().is_empty());
    assert!(import_push::Entity::find().all(db).await.unwrap().is_empty());
}
