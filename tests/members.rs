//! The members by hand, on both databases.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use muster_backend::config::{Config, Driver, Environment, Profile, Tls};
use muster_backend::members::{
    FieldValue, LISTED, MemberEdit, MemberEvent, MemberQuery, MemberView, Members, MembershipEdit, NewMember,
};
use muster_backend::profiles::Profiles;
use muster_backend::push::UndoReport;
use muster_backend::secrets::{Named, Secrets};
use muster_backend::store::sql::{all, one, run};
use muster_backend::store::{Target, journal};
use muster_backend::{Code, Folders, Job, keychain::Keychain};
use muster_engine::Field;
use muster_tests::Database;
use muster_tests::postgres::server;
use tempfile::TempDir;

/// A profile `local` with an empty database, and its members.
struct Place {
    folder: TempDir,
    profiles: Profiles,
    members: Members,
    postgres: Option<Database>,
}

impl Place {
    fn sqlite() -> Place {
        let folder = TempDir::new().unwrap();
        let profile = Profile::sqlite(Environment::Dev, folder.path().join("members.db").to_str().unwrap());
        Place::with(folder, profile, "data-key", &"07".repeat(32), None)
    }

    fn postgres() -> Place {
        let db = server().database();
        let profile = Profile {
            environment: Environment::Dev,
            driver: Driver::Postgres,
            path: None,
            host: Some(db.host.clone()),
            port: Some(db.port),
            database: Some(db.database.clone()),
            user: Some(db.user.clone()),
            tls: Some(if db.tls { Tls::VerifyFull } else { Tls::Disable }),
            root_cert: db.tls.then(|| db.ca.to_str().unwrap().to_owned()),
        };
        let password = db.password.clone();
        Place::with(TempDir::new().unwrap(), profile, "local", &password, Some(db))
    }

    fn with(
        folder: TempDir,
        profile: Profile,
        name: &str,
        secret: &str,
        postgres: Option<Database>,
    ) -> Place {
        let path = folder.path().join("secret");
        std::fs::write(&path, secret).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let named = Named::parse(&[format!("{name}={}", path.display())], &[]).unwrap();
        let config = Config {
            profiles: [("local".to_owned(), profile)].into(),
            active_profile: "local".to_owned(),
            ..Config::default()
        };
        let folders = Folders::under(folder.path());
        let profiles = Profiles::new(folders, config, Secrets::new(Keychain::system(), named));
        Place { folder, members: Members::new(profiles.clone()), profiles, postgres }
    }

    fn both() -> [Place; 2] {
        [Place::sqlite(), Place::postgres()]
    }

    async fn target(&self) -> Target {
        Target::open(&self.profiles.access(None).await.unwrap()).await.unwrap()
    }

    async fn number(&self, sql: &str) -> i64 {
        let target = self.target().await;
        target.read(async |db| Ok(one(db, sql, []).await?.try_get_by_index(0)?)).await.unwrap()
    }

    async fn search(&self, query: &MemberQuery) -> Vec<String> {
        let page = self.members.search(None, query, 0, 100).await.unwrap();
        assert_eq!((page.count as usize, page.more), (page.rows.len(), false));
        let name = |row: &muster_backend::members::FoundMember| {
            [&row.given_name, &row.family_name].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
        };
        page.rows.iter().map(name).collect()
    }

    async fn undo(&self, entry: u32) -> UndoReport {
        let access = self.profiles.access(None).await.unwrap();
        muster_backend::push::undo(&access, entry, "pat", "local", false, &Job::silent()).await.unwrap()
    }

    async fn add(&self, club: &str, values: &[(Field, &str)]) -> u32 {
        let new = NewMember { club: club.into(), values: values_of(values) };
        self.members.create(None, &new, None, &Job::silent()).await.unwrap().member
    }
}

fn values_of(values: &[(Field, &str)]) -> Vec<FieldValue> {
    values.iter().map(|&(field, text)| FieldValue { field, value: Some(text.to_owned()) }).collect()
}

fn edit(version: u32, values: &[(Field, &str)]) -> MemberEdit {
    MemberEdit { version, values: values_of(values), memberships: Vec::new() }
}

fn value(view: &MemberView, field: Field) -> Option<&str> {
    view.values.iter().find(|value| value.field == field).and_then(|value| value.value.as_deref())
}

fn named(name: &str) -> MemberQuery {
    MemberQuery { name: Some(name.to_owned()), ..MemberQuery::default() }
}

async fn people(place: &Place) {
    use Field::{BirthDate, Company, FamilyName, GivenName, MiddleName, PreferredName, State};
    place
        .add(
            "Golf Club",
            &[
                (GivenName, "Maria"),
                (MiddleName, "Elena"),
                (FamilyName, "de la Cruz"),
                (BirthDate, "1971-03-14"),
                (Company, "Acme"),
                (State, "CA"),
            ],
        )
        .await;
    place
        .add(
            "Golf Club",
            &[(GivenName, "Robert"), (PreferredName, "Bob"), (FamilyName, "Lee"), (BirthDate, "1971-12-31")],
        )
        .await;
    place.add("Softball League", &[(GivenName, "Lee"), (FamilyName, "Roberts"), (State, "TX")]).await;
    place.add("Softball League", &[(GivenName, "Élodie"), (FamilyName, "Åberg"), (Company, "Blue")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_found_by_their_beginnings_in_any_order() {
    for place in Place::both() {
        assert!(place.search(&MemberQuery::default()).await.is_empty());
        people(&place).await;
        assert_eq!(place.search(&MemberQuery::default()).await.len(), 4);
        for (typed, found) in [
            ("LEE", vec!["Robert Lee", "Lee Roberts"]),
            ("rob", vec!["Robert Lee", "Lee Roberts"]),
            ("lee bob", vec!["Robert Lee"]),
            ("bob", vec!["Robert Lee"]),
            ("Cruz", vec![]),
            ("de la c maria", vec!["Maria de la Cruz"]),
            ("Maria el de la", vec!["Maria de la Cruz"]),
            ("de la Cruz, Maria", vec!["Maria de la Cruz"]),
            ("ÉLODIE", vec!["Élodie Åberg"]),
            ("élo åb", vec!["Élodie Åberg"]),
            ("maria lee", vec![]),
            ("%", vec![]),
            ("'; DROP TABLE member", vec![]),
        ] {
            assert_eq!(place.search(&named(typed)).await, found, "{typed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_hold_together() {
    for place in Place::both() {
        people(&place).await;
        let choices = place.members.choices(None, None).await.unwrap();
        let names = |choices: &[muster_backend::members::MemberChoice]| {
            choices.iter().map(|choice| choice.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&choices.clubs), ["Golf Club", "Softball League"]);
        assert_eq!(names(&choices.companies), ["Acme", "Blue"]);
        assert_eq!(choices.states, ["CA", "TX"]);
        let narrowed = place.members.choices(None, Some("LU")).await.unwrap();
        assert_eq!(names(&narrowed.companies), ["Blue"]);
        let born = |born: &str| MemberQuery { born: Some(born.into()), ..MemberQuery::default() };
        assert_eq!(place.search(&born("1971")).await, ["Maria de la Cruz", "Robert Lee"]);
        assert_eq!(place.search(&born("1971-12")).await, ["Robert Lee"]);
        assert_eq!(place.search(&born("1971-03-14")).await, ["Maria de la Cruz"]);
        let golf = MemberQuery { club: Some(choices.clubs[0].id), ..named("Lee") };
        assert_eq!(place.search(&golf).await, ["Robert Lee"]);
        let company = MemberQuery { company: Some(choices.companies[0].id), ..MemberQuery::default() };
        assert_eq!(place.search(&company).await, ["Maria de la Cruz"]);
        let texan = MemberQuery { state: Some("texas".into()), ..born("1971") };
        assert!(place.search(&texan).await.is_empty());
        let league = MemberQuery {
            club: Some(choices.clubs[1].id),
            state: Some("TX".into()),
            ..MemberQuery::default()
        };
        assert_eq!(place.search(&league).await, ["Lee Roberts"]);
        let error = place.members.search(None, &born("canary"), 0, 10).await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput);
        assert!(!error.to_string().contains("canary"));
    }
}

/// Every row of the tables that a change by hand writes.
async fn contents(place: &Place) -> Vec<String> {
    let target = place.target().await;
    let postgres = place.postgres.is_some();
    let mut rows = Vec::new();
    for table in
        [&journal::COMPANY, &journal::CLUB, &journal::MEMBER, &journal::MEMBERSHIP, &journal::SOURCE_RECORD]
    {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| match (*column, postgres) {
                ("fingerprint", true) => "encode(fingerprint, 'hex')".to_owned(),
                ("fingerprint", false) => "lower(hex(fingerprint))".to_owned(),
                (column, _) => format!("coalesce(CAST({column} AS text), '-')"),
            })
            .collect();
        let sql = format!("SELECT {} FROM {} ORDER BY id", columns.join(" || '|' || "), table.name);
        let found = target.read(async |db| all(db, &sql, []).await).await.unwrap();
        rows.extend(
            found.iter().map(|row| format!("{}: {}", table.name, row.try_get_by_index::<String>(0).unwrap())),
        );
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn created_edited_deleted_and_brought_back() {
    use Field::{BirthDate, Company, Email, FamilyName, GivenName, Score, State};
    for place in Place::both() {
        let members = &place.members;
        let id = place
            .add(
                "Golf Club",
                &[(GivenName, "Ann"), (FamilyName, "Lee"), (BirthDate, "1970-01-02"), (Score, "7.50")],
            )
            .await;
        let made = members.view(None, id).await.unwrap();
        // As the engine makes the key: the club's list meets this membership.
        let key = muster_engine::key::source_key(
            "Golf Club",
            [Some("Ann"), None, Some("Lee"), None],
            Some("1970-01-02"),
        );
        assert_eq!(made.memberships[0].source_key, format!("{key:032x}"));
        assert_eq!(made.history.len(), 1);
        assert_eq!((made.history[0].event, made.history[0].kind.as_str()), (MemberEvent::Added, "edit"));
        let membership = made.memberships[0].id;
        let change = MemberEdit {
            memberships: vec![MembershipEdit { id: membership, values: values_of(&[(Score, "8")]) }],
            ..edit(made.version, &[(State, "Texas"), (Company, "Acme"), (Email, "ann@EXAMPLE.org")])
        };
        members.edit(None, id, &change, None, &Job::silent()).await.unwrap();
        let edited = members.view(None, id).await.unwrap();
        assert_eq!(value(&edited, State), Some("TX"));
        assert_eq!(value(&edited, Email), Some("ann@example.org"));
        assert_ne!(edited.version, made.version);
        let changes: Vec<_> = edited.history[0]
            .changes
            .iter()
            .map(|change| (change.field.unwrap(), change.before.as_deref(), change.after.as_deref()))
            .collect();
        assert_eq!(
            changes,
            [
                (Company, None, Some("Acme")),
                (State, None, Some("TX")),
                (Email, None, Some("ann@example.org")),
                (Score, Some("7.5"), Some("8"))
            ]
        );
        let before = contents(&place).await;
        let removed = members.remove(None, id, edited.version, None, &Job::silent()).await.unwrap();
        let error = members.view(None, id).await.unwrap_err();
        assert_eq!(error.code(), Code::NotFound);
        assert!(error.message().contains("was deleted by"), "{error}");
        assert!(place.search(&MemberQuery::default()).await.is_empty());
        let images = "SELECT count(*) FROM change WHERE before IS NOT NULL AND after IS NULL";
        assert_eq!(place.number(images).await, 2);
        let undone = place.undo(removed.entry.unwrap()).await;
        assert_eq!((undone.brought_back, undone.kept), (1, 0));
        assert_eq!(contents(&place).await, before);
        let back = members.view(None, id).await.unwrap();
        let events: Vec<_> = back.history.iter().map(|entry| entry.event).collect();
        use MemberEvent::{Added, BroughtBack, Changed, Removed};
        assert_eq!(events, [BroughtBack, Removed, Changed, Added]);
        // The edit itself can be undone, too, and then the creation.
        let edit = back.history[2].entry;
        assert_eq!(place.undo(edit).await.restored, 1);
        let restored = members.view(None, id).await.unwrap();
        assert_eq!((value(&restored, State), value(&restored, Company)), (None, None));
        assert_eq!(restored.memberships, made.memberships);
        let audit =
            muster_backend::push::verify_audit(&place.profiles.access(None).await.unwrap()).await.unwrap();
        assert_eq!((audit.entries, audit.broken_at), (5, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_edit_the_second_is_told() {
    use Field::{FamilyName, GivenName, State};
    for place in Place::both() {
        let id = place.add("Golf Club", &[(GivenName, "Ann"), (FamilyName, "Lee")]).await;
        let other = Members::new(place.profiles.clone());
        let (mine, theirs) =
            (place.members.view(None, id).await.unwrap(), other.view(None, id).await.unwrap());
        other.edit(None, id, &edit(theirs.version, &[(State, "TX")]), None, &Job::silent()).await.unwrap();
        let late = edit(mine.version, &[(State, "CA")]);
        let error = place.members.edit(None, id, &late, None, &Job::silent()).await.unwrap_err();
        assert_eq!(error.code(), Code::Refused);
        assert!(error.message().contains("was changed meanwhile by"), "{error}");
        assert!(error.message().contains("(entry 2)"), "{error}");
        assert_eq!(
            place.members.remove(None, id, mine.version, None, &Job::silent()).await.unwrap_err().code(),
            Code::Refused
        );
        assert_eq!(value(&place.members.view(None, id).await.unwrap(), State), Some("TX"));
        // Eight at once: one of them comes first, the others saw a version that is gone.
        let version = place.members.view(None, id).await.unwrap().version;
        let mut tasks = tokio::task::JoinSet::new();
        for at in 0..8 {
            let members = Members::new(place.profiles.clone());
            tasks.spawn(async move {
                let change = edit(
                    version,
                    &[(GivenName, ["Ada", "Bea", "Cyd", "Dot", "Eve", "Fay", "Gia", "Hal"][at])],
                );
                members
                    .edit(None, id, &change, None, &Job::silent())
                    .await
                    .map(|_| ())
                    .map_err(|error| error.code())
            });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert_eq!(results.iter().filter(|result| **result == Err(Code::Refused)).count(), 7);
        assert_eq!(place.number("SELECT count(*) FROM push").await, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_and_writes_nothing() {
    use Field::{BirthDate, Company, FamilyName, GivenName, MemberSince, SourceKey};
    for place in Place::both() {
        let id = place
            .add("Golf Club", &[(GivenName, "Ann"), (FamilyName, "Lee"), (BirthDate, "1970-01-02")])
            .await;
        let before = contents(&place).await;
        let create = async |values: &[(Field, &str)], club: &str| {
            let new = NewMember { club: club.into(), values: values_of(values) };
            place.members.create(None, &new, None, &Job::silent()).await.unwrap_err()
        };
        let again =
            create(&[(GivenName, "Ann"), (FamilyName, "Lee"), (BirthDate, "1970-01-02")], "Golf Club").await;
        assert_eq!(again.code(), Code::Refused);
        assert!(again.message().contains(&format!("(number {id})")), "{again}");
        assert_eq!(create(&[(BirthDate, "1970-01-02")], "Golf Club").await.message(), "No name");
        assert_eq!(create(&[(GivenName, "Ann")], "  ").await.message(), "A member needs a club");
        let company = create(&[(GivenName, "Bob"), (Company, "4711")], "New Club").await;
        assert_eq!(company.message(), "Company: unknown company");
        let early =
            create(&[(GivenName, "Bob"), (BirthDate, "1990-01-01"), (MemberSince, "1980")], "New Club").await;
        assert_eq!(early.message(), "Member since: joined before birth");
        let version = place.members.view(None, id).await.unwrap().version;
        for (change, message) in [
            (edit(version, &[(BirthDate, "03/04/1971")]), "Birth date: day or month first?"),
            (edit(version, &[(GivenName, ""), (FamilyName, "")]), "No name"),
            (edit(version, &[(SourceKey, "1")]), "Member number cannot be changed here"),
        ] {
            let error = place.members.edit(None, id, &change, None, &Job::silent()).await.unwrap_err();
            assert_eq!((error.code(), error.message()), (Code::InvalidInput, message));
        }
        assert_eq!(contents(&place).await, before);
        let same = edit(version, &[(GivenName, " Ann ")]);
        assert_eq!(place.members.edit(None, id, &same, None, &Job::silent()).await.unwrap().entry, None);
        assert_eq!(place.number("SELECT count(*) FROM push").await, 1);
    }
}

/// How many members the search is tried on. The time that it may take does not depend on it.
pub(crate) fn size() -> i64 {
    std::env::var("MUSTER_TEST_MEMBERS").ok().and_then(|text| text.parse().ok()).unwrap_or(30_000)
}

/// Statements that fill a database within itself, whose ledger has an entry: names of three syllables, so that short
/// beginnings are common and long ones rare.
pub(crate) fn fill_statements(postgres: bool, members: i64) -> [String; 4] {
    let numbers = match postgres {
        true => format!("SELECT n FROM generate_series(1::bigint, {members}) AS number (n)"),
        false => format!(
            "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {members}) SELECT n FROM number"
        ),
    };
    let syllable = |factor: u32, of: &str| {
        format!("substr('{of}', 1 + 2 * CAST((n * {factor} / 7) % {} AS integer), 2)", of.len() / 2)
    };
    let starts = "AbAnBaBeBrCaChCoDaDeElErFeFrGaGoGrHaHeHoIvJaJoKaKeKiLaLeLoMaMaMeMiMoNaNoOcOlPaPePrQuRaReRoSaScShSmStTaTeThToUlVaViWaWeWiXuYaYoZe";
    let middles = "nalerontimasiderovanubekilopexu";
    let name = |a: u32, b: u32, c: u32| {
        format!("{} || {} || {}", syllable(a, starts), syllable(b, middles), syllable(c, middles))
    };
    let day = |n: &str| format!("1930 + ({n} % 76)");
    let two = |n: &str| format!("substr(CAST(100 + {n} AS text), 2, 2)");
    let states = "CATXFLNYPAILOHGANCMICATXFLNYCAWY";
    [
        "INSERT INTO club (name) VALUES ('Unity Golf Club'), ('US Softball League'), ('Small Club')".to_owned(),
        format!("INSERT INTO company (name) SELECT 'Company ' || n FROM ({}) AS numbers WHERE n <= 200", numbers),
        format!(
            "INSERT INTO member (given_name, middle_name, family_name, preferred_name, birth_date, state, company_id, version)
             SELECT {given}, 'M.', {family}, CASE WHEN n % 30 = 0 THEN {preferred} END,
                 CAST({year} AS text) || '-' || {month} || '-' || {date}, substr('{states}', 1 + 2 * CAST((n * 31 / 3) % 16 AS integer), 2),
                 CASE WHEN n % 3 = 0 THEN 1 + (n / 3) % 200 END, 1
             FROM ({numbers}) AS numbers",
            given = name(7_919, 104_729, 1_299_709),
            family = name(15_485_863, 32_452_843, 49_979_687),
            preferred = name(613, 1_013, 2_003),
            year = day("n * 17 / 5"),
            month = two("(1 + n % 12)"),
            date = two("(1 + (n / 12) % 28)"),
        ),
        "INSERT INTO membership (member_id, club_id, source_key)
         SELECT id, CASE WHEN id % 1000 = 0 THEN 3 ELSE 1 + id % 2 END, CAST(id AS text) FROM member"
            .to_owned(),
    ]
}

async fn fill(place: &Place, members: i64) {
    let statements = fill_statements(place.postgres.is_some(), members);
    let target = place.target().await;
    if place.postgres.is_none() {
        // Names come in no order, and so do the pages of their indexes.
        run(target.db(), "PRAGMA cache_size = -400000", []).await.unwrap();
    }
    target
        .write(async |db| {
            journal::open(db, journal::blank("edit", "pat", "local", &journal::now())).await?;
            for statement in statements {
                run(db, &statement, []).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    if let Some(postgres) = &place.postgres {
        postgres.psql("ANALYZE");
    }
}

/// Searches as a person does them: letter by letter, filters alone and together.
fn searches() -> Vec<MemberQuery> {
    let mut queries = vec![MemberQuery::default()];
    for name in
        ["m", "ma", "mana", "mana b", "m b", "z", "ze", "zena", "smleti", "smleti joroma", "j s m", "qqq"]
    {
        queries.push(named(name));
    }
    let club = |club: u32| MemberQuery { club: Some(club), ..MemberQuery::default() };
    let state = |state: &str| MemberQuery { state: Some(state.into()), ..MemberQuery::default() };
    queries.extend([
        club(1),
        club(3),
        state("TX"),
        state("WY"),
        MemberQuery { company: Some(7), ..MemberQuery::default() },
        MemberQuery { born: Some("1971".into()), ..MemberQuery::default() },
        MemberQuery { born: Some("1971-03-14".into()), ..MemberQuery::default() },
        MemberQuery { club: Some(1), ..state("TX") },
        MemberQuery { club: Some(3), ..state("TX") },
        MemberQuery { company: Some(7), ..state("WY") },
        MemberQuery { name: Some("m".into()), ..state("TX") },
        MemberQuery { name: Some("m".into()), ..club(1) },
        MemberQuery {
            name: Some("ma".into()),
            born: Some("1971".into()),
            club: Some(2),
            company: Some(9),
            state: Some("CA".into()),
        },
    ]);
    queries
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_reads_no_whole_table() {
    for place in Place::both() {
        let engine = if place.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
        fill(&place, size()).await;
        let scans = "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables WHERE relname IN ('member', 'membership', 'membership_default')";
        let before = place.postgres.as_ref().map(|db| db.psql(scans));
        for query in searches() {
            for offset in [0, LISTED - 100] {
                let started = Instant::now();
                let page = place.members.search(None, &query, offset, 100).await.unwrap();
                let took = started.elapsed();
                println!(
                    "{engine}: {:>6.0} ms, {:>5}{} found, from {offset}: {query:?}",
                    took.as_secs_f64() * 1000.0,
                    page.count,
                    if page.more { "+" } else { "" }
                );
            }
        }
        let started = Instant::now();
        let choices = place.members.choices(None, Some("company 1")).await.unwrap();
        println!("{engine}: {:>6.0} ms for the choices", started.elapsed().as_secs_f64() * 1000.0);
        assert_eq!((choices.clubs.len(), choices.states.first().map(String::as_str)), (3, Some("CA")));
        if let Some(before) = before {
            // The server counts what a connection did once it is idle.
            drop(place.members);
            std::thread::sleep(Duration::from_millis(1_500));
            assert_eq!(place.postgres.as_ref().unwrap().psql(scans), before, "a whole table was read");
        }
        drop(place.folder);
    }
}
