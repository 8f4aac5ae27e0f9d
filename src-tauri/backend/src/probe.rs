//! What tests look in through: places at which the program dies as if by `kill -9`, and the plans that a database makes
//! for the program's own statements. Compiled in only with the feature `probes`, which no crate but the tests asks for.

#[cfg(feature = "probes")]
pub use die::{DIE_AT, END_AT, OF_A_PUSH, Point};
#[cfg(feature = "probes")]
pub use explain::PLANS;

#[cfg(feature = "probes")]
pub(crate) use die::reached;
#[cfg(feature = "probes")]
pub(crate) use explain::explain;

/// The program has come to the place of this name.
#[cfg(not(feature = "probes"))]
pub(crate) const fn reached(_place: &str) {}

#[cfg(feature = "probes")]
mod die {
    /// The variable that names the place at which the program is to die.
    pub const DIE_AT: &str = "MUSTER_TEST_DIE_AT";

    /// The variable that names the place at which the program is asked to end, as a scheduler does it (SIGTERM).
    pub const END_AT: &str = "MUSTER_TEST_END_AT";

    /// A place.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Point {
        /// Its name
        pub name: &'static str,
        /// A push comes by on PostgreSQL alone
        pub postgres_only: bool,
        /// What was pushed is committed there
        pub committed: bool,
    }

    const fn place(name: &'static str) -> Point {
        Point { name, postgres_only: false, committed: false }
    }

    /// The places of a push that adds, changes, removes and refuses members, in the order in which it comes by.
    pub const OF_A_PUSH: [Point; 27] = [
        place("target opened"),
        place("ledger asked"),
        place("raw files archived"),
        place("load begun"),
        Point { postgres_only: true, ..place("rows half sent") },
        place("rows loaded"),
        place("locked"),
        place("sources written"),
        place("drift checked"),
        place("entry opened"),
        place("companies written"),
        place("members added"),
        place("memberships added"),
        place("source records added"),
        place("images before kept"),
        place("members changed"),
        place("memberships changed"),
        place("images after kept"),
        place("images of removed kept"),
        place("memberships removed"),
        place("members removed"),
        place("removal noted"),
        place("refused rows written"),
        place("additions noted"),
        place("audit written"),
        place("about to commit"),
        Point { committed: true, ..place("committed") },
    ];

    /// Dies, or is asked to end, where a variable says so.
    pub(crate) fn reached(place: &str) {
        debug_assert!(OF_A_PUSH.iter().any(|point| point.name == place), "no such place: {place}");
        let named = |variable| std::env::var_os(variable).is_some_and(|name| name == place);
        if named(DIE_AT) {
            die();
        }
        if named(END_AT) {
            ask_to_end();
        }
    }

    /// Neither an exit nor a panic: nothing is cleaned up and nothing flushed.
    #[cfg(unix)]
    fn die() {
        use rustix::process::{Signal, getpid, kill_process};
        let _ = kill_process(getpid(), Signal::KILL);
    }

    #[cfg(not(unix))]
    fn die() {
        std::process::abort();
    }

    #[cfg(unix)]
    fn ask_to_end() {
        use rustix::process::{Signal, getpid, kill_process};
        let _ = kill_process(getpid(), Signal::TERM);
    }

    #[cfg(not(unix))]
    fn ask_to_end() {}
}

#[cfg(feature = "probes")]
mod explain {
    use std::io::Write as _;

    use sea_orm::sea_query::Value;
    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    /// The variable that names a file to which the plan of every statement is added, as the database makes it at that
    /// moment for those values: a JSON array of the statement and the lines of its plan.
    pub const PLANS: &str = "MUSTER_TEST_PLANS";

    /// Adds the plan of a statement that is about to run. What cannot be explained is left out.
    pub(crate) async fn explain(db: &impl ConnectionTrait, sql: &str, values: &[Value]) {
        let Some(file) = std::env::var_os(PLANS) else { return };
        let backend = db.get_database_backend();
        if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|verb| starts_with(sql, verb)) {
            return;
        }
        let (verb, column) = match backend {
            DbBackend::Postgres => ("EXPLAIN", 0),
            _ => ("EXPLAIN QUERY PLAN", 3),
        };
        let statement = Statement::from_sql_and_values(backend, format!("{verb} {sql}"), values.to_vec());
        let Ok(rows) = db.query_all_raw(statement).await else { return };
        let lines: Vec<String> = rows.iter().filter_map(|row| row.try_get_by_index(column).ok()).collect();
        let line = serde_json::json!([sql, lines]).to_string() + "\n";
        if let Ok(mut file) = std::fs::File::options().append(true).create(true).open(file) {
            let _ = file.write_all(line.as_bytes());
        }
    }

    /// Whether a statement, after its comments, starts with a verb.
    fn starts_with(sql: &str, verb: &str) -> bool {
        let first = sql.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"));
        first.is_some_and(|line| line.starts_with(verb))
    }
}
