//! A small staging database for tests.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use muster_engine::{Field, Rule};
use rusqlite::{Connection, params};
use tempfile::TempDir;

use crate::config::{Driver, Environment, ProfileInfo};
use crate::progress::Job;
use crate::push::{PackageFile, PackageParts, PlanRequest, PushMode, PushedDecisions, Readings};
use crate::store::{Access, DataKey, SqliteAccess};

pub(crate) const CLEAN: u8 = 0;
pub(crate) const SUSPECT: u8 = 1;
pub(crate) const REJECTED: u8 = 2;
pub(crate) const EXCLUDED: u8 = 3;

/// A folder with `staged.db` and, once opened, `members.db`.
pub(crate) struct Fixture {
    folder: TempDir,
    pub(crate) db: Connection,
    rows: i64,
}

impl Fixture {
    pub(crate) fn new() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let db = sqlite_access(&folder.path().join("staged.db")).connect().unwrap();
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;").unwrap();
        db.execute_batch(include_str!("../staging/schema.sql")).unwrap();
        Fixture { folder, db, rows: 0 }
    }

    /// Two clubs: Golf with Kelly twice, a suspect, an excluded and a rejected row; Softball with three rows.
    pub(crate) fn clubs() -> Fixture {
        let mut fixture = Fixture::new();
        fixture.file(1, "golf.csv", "Golf Club");
        fixture.file(2, "softball.tsv", "Softball League");
        fixture.member(1, "k-ann", "Ann", "Lee", CLEAN);
        let kelly = fixture.member(1, "k-kelly", "Kelly", "Nguyen", CLEAN);
        fixture.set(kelly, "company = 'Acme', company_id = '7', state = 'TX', score = '75.5'");
        let again = fixture.member(1, "k-kelly", "Kelly", "Nguyen", CLEAN);
        fixture.set(again, "company = 'Blue, Inc.', company_id = '8', state = 'NY', score = '75.5'");
        let early = fixture.member(1, "k-early", "Early", "Bird", SUSPECT);
        fixture.issue(early, Rule::JoinedBeforeBirth, Some(Field::MemberSince), 1);
        fixture.member(1, "k-gone", "Gone", "Girl", EXCLUDED);
        let broken = fixture.member(1, "k-broken", "Bro", "Ken", REJECTED);
        fixture.issue(broken, Rule::UnreadableDate, Some(Field::BirthDate), 0);
        fixture.issue(broken, Rule::SurplusCells, None, 0);
        fixture.db.execute("INSERT INTO staged_raw_line VALUES (?1, '=bro,ken,\"x')", [broken]).unwrap();
        // The same key in another club is another membership.
        let ann = fixture.member(2, "k-ann", "Ann", "Lee", CLEAN);
        fixture.set(ann, "company = 'Acme', company_id = '7'");
        let unresolved = fixture.member(2, "k-bob", "Bob", "Ray", CLEAN);
        fixture.set(unresolved, "company_id = '20'");
        fixture.issue(unresolved, Rule::UnknownCompany, Some(Field::Company), 1);
        fixture.member(2, "k-cy", "Cy", "Oh", CLEAN);
        fixture
    }

    /// `count` clean members of one club; their keys begin with `prefix`.
    pub(crate) fn many(count: u32, prefix: &str) -> Fixture {
        let fixture = Fixture::new();
        fixture.file(1, "many.csv", "Big Club");
        fixture
            .db
            .execute(
                "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
                 INSERT INTO staged_row (id, file_id, line, class, membership_key, raw_hash, fingerprint, given_name,
                     middle_name, family_name, birth_date, company, company_id, state, member_since, last_active,
                     score, marks, raw)
                 SELECT n, 1, n + 1, 0, ?2 || printf('%08x%08x%08x', n * 2654435761 % 4294967296,
                     n * 40503 % 65536, n), n, randomblob(16), 'Given' || (n % 5000), char(65 + n % 26) || '.',
                     'Family' || (n * 7 % 90000), date('1940-01-01', (n % 22000) || ' days'), 'Company ' || (n % 100),
                     n % 100, 'TX', 1980 + n % 40, date('2020-01-01', (n % 1500) || ' days'), (n % 1000) / 10.0,
                     '...............', '[]' FROM number",
                params![count, prefix],
            )
            .unwrap();
        fixture
            .db
            .execute_batch("CREATE INDEX staged_row_key ON staged_row (membership_key, file_id); PRAGMA wal_checkpoint(TRUNCATE);")
            .unwrap();
        fixture
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn staged(&self) -> SqliteAccess {
        sqlite_access(&self.folder.path().join("staged.db"))
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.folder.path().join("members.db")
    }

    pub(crate) fn file(&self, id: i64, name: &str, source: &str) {
        let sql = "INSERT INTO staged_file (id, name, source, sha256, size, header) VALUES (?1, ?2, ?3, ?4, 100, '[]')";
        self.db.execute(sql, params![id, name, source, format!("{id:064x}")]).unwrap();
    }

    /// Adds a row with line = row id + 1; gives its id.
    pub(crate) fn member(&mut self, file: i64, key: &str, given: &str, family: &str, class: u8) -> i64 {
        self.rows += 1;
        let sql = "INSERT INTO staged_row (id, file_id, line, class, membership_key, raw_hash, fingerprint, given_name,
                   family_name, birth_date, member_since, last_active, marks, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?1,
                   randomblob(16), ?6, ?7, '1970-10-11', '2013', '2024-02-03', '...............', ?8)";
        let raw = serde_json::json!([given, family]).to_string();
        self.db
            .execute(sql, params![self.rows, file, self.rows + 1, class, key, given, family, raw])
            .unwrap();
        self.rows
    }

    pub(crate) fn set(&self, row: i64, assignments: &str) {
        self.db.execute(&format!("UPDATE staged_row SET {assignments} WHERE id = ?1"), [row]).unwrap();
    }

    pub(crate) fn issue(&self, row: i64, rule: Rule, field: Option<Field>, level: u8) {
        let field = field.map_or(-1, |field| i64::try_from(field.index()).unwrap());
        let sql = "INSERT INTO staged_issue (rule, row_id, field, level) VALUES (?1, ?2, ?3, ?4)";
        self.db.execute(sql, params![rule as u8, row, field, level]).unwrap();
    }

    /// A request for a push of the fixture; `recipe` makes the package.
    pub(crate) fn request(&self, recipe: &str) -> PlanRequest {
        let file =
            |name: &str| PackageFile { sha256: "aa".into(), name: name.into(), source: "Golf Club".into() };
        PlanRequest {
            staged: self.staged(),
            access: access(&self.target()),
            mode: PushMode::InsertNew,
            remove_missing: false,
            profile: ProfileInfo {
                name: "local".into(),
                environment: Environment::Dev,
                driver: Driver::Sqlite,
                location: "members.db".into(),
            },
            import_name: "Spring lists".into(),
            person: "pat".into(),
            decisions: PushedDecisions::default(),
            keep_hand_edits: true,
            package: PackageParts { files: vec![file("golf.csv")], recipe: recipe.into() },
            readings: Readings::default(),
            scores: None,
            archive: crate::archive::Archive::in_folder(self.folder.path().join("archive")),
            raw_files: Vec::new(),
            replay: None,
        }
    }

    /// The target through another driver.
    pub(crate) fn target_db(&self) -> Connection {
        open_plainly(&self.target())
    }

    /// One number of the target.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.target_db().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// What opens a SQLite database of a test.
pub(crate) fn access(path: &Path) -> Access {
    Access::Sqlite(sqlite_access(path))
}

/// As [`access`].
pub(crate) fn sqlite_access(path: &Path) -> SqliteAccess {
    SqliteAccess { path: path.to_owned(), key: DataKey::new([7; 32]) }
}

/// Opens an encrypted database of a test through another driver.
pub(crate) fn open_plainly(path: &Path) -> Connection {
    let db = Connection::open(path).unwrap();
    db.execute_batch(&format!("PRAGMA key = \"{}\"", DataKey::new([7; 32]).as_pragma().expose())).unwrap();
    db
}

/// A job that is cancelled at its `n`th report.
pub(crate) fn cancelling_at(n: usize) -> Job {
    let this: Arc<OnceLock<Job>> = Arc::default();
    let (inner, seen) = (this.clone(), AtomicUsize::new(0));
    let job = Job::new(move |_, _, _| {
        if seen.fetch_add(1, Ordering::Relaxed) + 1 == n
            && let Some(job) = inner.get()
        {
            job.cancel();
        }
    });
    let _ = this.set(job.clone());
    job
}
