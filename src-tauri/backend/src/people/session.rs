//! The People step of an import, open: its settings, its decisions and its compared records at hand.

use std::sync::{Arc, Mutex};

use muster_engine::recipe::MatchSettings;
use muster_engine::resolve::SurvivorshipSettings;

use super::book::Book;
use super::matched::{Matched, Table, not_matched};
use super::record::Reader;
use super::settle::{Said, Settler};
use super::state;
use super::view::{PeopleCounts, PeopleState, PeopleView, Thresholds};
use crate::error::{Code, Error, Result};
use crate::imports::{Imports, poisoned};
use crate::progress::Job;
use crate::staging::Staging;
use crate::store::people_settings;
use crate::store::put_off::{self, PutOff};
use crate::telemetry::{Event, record};

/// The compared records of one import, which take memory: of the import that somebody works on.
pub(crate) type Compared = Mutex<Option<(i64, Arc<Mutex<Matched>>)>>;

/// What a use case works with.
pub(super) struct Session<'s> {
    pub(super) staging: &'s Staging,
    pub(super) matched: &'s mut Matched,
    pub(super) book: &'s Book,
    pub(super) settings: &'s Settings,
    pub(super) put_off: &'s PutOff,
}

/// What is set for an import.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) thresholds: Thresholds,
    pub(super) survivorship: SurvivorshipSettings,
}

impl Default for Thresholds {
    fn default() -> Self {
        MatchSettings::default().into()
    }
}

impl From<MatchSettings> for Thresholds {
    fn from(settings: MatchSettings) -> Self {
        Thresholds { review: settings.review_above, merge: settings.merge_above }
    }
}

impl From<Thresholds> for MatchSettings {
    fn from(thresholds: Thresholds) -> Self {
        MatchSettings { review_above: thresholds.review, merge_above: thresholds.merge }
    }
}

impl Session<'_> {
    /// Settles people and groups.
    pub(super) fn settler(&self) -> Result<Settler<'_>> {
        let (thresholds, survivorship) = (self.settings.thresholds, &self.settings.survivorship);
        let said = Said { book: self.book, put_off: self.put_off };
        Settler::new(self.staging.connection(), self.matched, said, thresholds, survivorship)
    }

    /// Does several writes, all or none.
    pub(super) fn in_transaction<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let transaction = self.staging.connection().unchecked_transaction()?;
        let done = work()?;
        transaction.commit()?;
        Ok(done)
    }

    /// Settles what hangs together with some records, and counts.
    pub(super) fn settle_around(&self, records: &[u32]) -> Result<PeopleCounts> {
        self.in_transaction(|| self.settler()?.settle_around(records))?;
        state::counts(self.staging.connection())
    }
}

impl Imports {
    /// What is set for the People step of an import.
    pub(super) async fn people_settings(&self, import: i64) -> Result<Settings> {
        let kept = people_settings::of_import(self.db(), import).await?;
        Ok(kept.map_or_else(Settings::default, |(thresholds, survivorship)| Settings {
            thresholds: thresholds.into(),
            survivorship,
        }))
    }

    /// Keeps what is set.
    pub(super) async fn keep_people_settings(&self, import: i64, settings: &Settings) -> Result<()> {
        let thresholds = settings.thresholds.into();
        let now = crate::imports::now();
        people_settings::keep(self.db(), import, thresholds, &settings.survivorship, &now).await
    }

    /// Works on the matched records of an import, away from the threads that answer the screens.
    ///
    /// # Errors
    /// [`Code::NeedsAnswer`] where the records have not been compared yet.
    pub(super) async fn in_session<T: Send + 'static>(
        &self,
        import: i64,
        work: impl FnOnce(&mut Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let settings = self.people_settings(import).await?;
        self.in_session_with(import, settings, work).await
    }

    /// As [`Imports::in_session`], with settings that are not kept yet.
    pub(super) async fn in_session_with<T: Send + 'static>(
        &self,
        import: i64,
        settings: Settings,
        work: impl FnOnce(&mut Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (book, at_hand) = (self.book().await?, Arc::clone(&self.at_hand));
        let put_off = put_off::of_import(self.db(), import).await?;
        let known = self.compared_of(import)?;
        let (done, made) = self
            .with_staging(import, move |staging| {
                let db = staging.connection();
                let stamp = state::stamp(db)?.ok_or_else(not_matched)?;
                let of_target = || state::target_decisions(db);
                let book = at_hand.joined(&book, (import, &stamp.run), of_target)?;
                let mut made = None;
                let compared = match known {
                    Some(known) => known,
                    None => {
                        let matched = open(staging, settings.thresholds)?;
                        Arc::clone(made.insert(Arc::new(Mutex::new(matched))))
                    }
                };
                let mut matched = compared.lock().map_err(|_| poisoned())?;
                let (book, settings, put_off) = (&*book, &settings, &put_off);
                let done = work(&mut Session { staging, matched: &mut matched, book, settings, put_off })?;
                drop(matched);
                Ok((done, made))
            })
            .await?;
        if let Some(made) = made {
            self.keep_compared(import, Some(made))?;
        }
        Ok(done)
    }

    fn compared_of(&self, import: i64) -> Result<Option<Arc<Mutex<Matched>>>> {
        let compared = self.compared.lock().map_err(|_| poisoned())?;
        Ok(compared.as_ref().filter(|(of, _)| *of == import).map(|(_, matched)| Arc::clone(matched)))
    }

    /// Keeps the compared records of an import in place of those of another one.
    pub(super) fn keep_compared(&self, import: i64, matched: Option<Arc<Mutex<Matched>>>) -> Result<()> {
        let mut compared = self.compared.lock().map_err(|_| poisoned())?;
        *compared = matched.map(|matched| (import, matched));
        Ok(())
    }

    /// The state of the People step. Records that were edited since are compared again where they are few.
    ///
    /// # Errors
    /// When the import does not exist, its rows are not staged, or the workspace cannot be read.
    pub async fn people(&self, id: u32) -> Result<PeopleView> {
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        self.compare_edited(import.id).await?;
        let settings = self.people_settings(import.id).await?;
        let profile = self.profiles().info(None).ok();
        let view = move |staging: &mut Staging| view(staging, settings, profile.as_ref());
        self.with_staging(import.id, view).await
    }

    /// Looks for records of the same person: within and between the lists, and among the members of the active profile.
    /// Progress is reported as `people_members` and `people_read` (rows), the stages of the engine, and `people_settle`.
    ///
    /// # Errors
    /// When the rows are not staged, the profile's database cannot be read, or the job is cancelled; then what was found
    /// before stays.
    pub async fn people_match(&self, id: u32, job: &Job) -> Result<PeopleView> {
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        let settings = self.people_settings(import.id).await?;
        let request = super::run::MatchRequest {
            staged: self.staged_file(import.id),
            target: Some((self.profiles().info(None)?, self.profiles().access(None).await?)),
            thresholds: settings.thresholds,
            survivorship: settings.survivorship,
            book: self.book().await?,
            put_off: put_off::of_import(self.db(), import.id).await?,
        };
        self.keep_compared(import.id, None)?;
        let matched = super::run::match_staged(request, job).await?;
        self.keep_compared(import.id, Some(Arc::new(Mutex::new(matched))))?;
        let view = self.people(id).await?;
        record(Event::Matched {
            records: view.counts.records,
            people: view.counts.people,
            merged: view.counts.merged,
            to_review: view.counts.to_review,
            conflicts: view.counts.conflicts,
        });
        Ok(view)
    }
}

/// Reads the records and makes them ready to be compared, as the last run did.
pub(super) fn open(staging: &Staging, thresholds: Thresholds) -> Result<Matched> {
    let kept = state::kept(staging.connection())?;
    let reader = Reader::new(staging.connection())?;
    let table = Table::read(&reader, &Job::silent())?.with_uncompared(&reader)?;
    Ok(Matched::new(table, &kept.plan, kept.model, thresholds))
}

fn view(
    staging: &Staging,
    settings: Settings,
    active: Option<&crate::config::ProfileInfo>,
) -> Result<PeopleView> {
    let db = staging.connection();
    let stamp = state::stamp(db)?;
    let changed = state::changed_rows(db, 1)?;
    let stale = stamp.as_ref().and_then(|stamp| {
        let place = |profile: &crate::config::ProfileInfo| (profile.name.clone(), profile.location.clone());
        if !changed.is_empty() {
            return Some("Many rows were edited since the records were compared.");
        }
        if stamp.profile.as_ref().map(place) != active.map(place) {
            return Some("The members of another profile were compared.");
        }
        pushed_since(staging).then_some("The import was pushed since: its members are in the database now.")
    });
    let kept = state::kept(db).ok();
    let mut statement = db.prepare_cached("SELECT DISTINCT source FROM staged_file ORDER BY id")?;
    let clubs = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(PeopleView {
        state: match (&stamp, stale) {
            (None, _) => PeopleState::Missing,
            (Some(_), Some(_)) => PeopleState::Stale,
            (Some(_), None) => PeopleState::Current,
        },
        stale: stale.map(str::to_owned),
        counts: state::counts(db)?,
        thresholds: settings.thresholds,
        lowest: super::matched::LOWEST,
        blocking: kept.as_ref().map(super::thresholds::blocking).unwrap_or_default(),
        learnt: kept.is_some_and(|kept| kept.model.learnt),
        survivorship: settings.survivorship,
        clubs,
        profile: stamp.as_ref().and_then(|stamp| stamp.profile.clone()),
        members_compared: stamp.as_ref().map_or(0, |stamp| stamp.members),
        seconds: stamp.map(|stamp| stamp.seconds),
    })
}

/// Whether the import was pushed since its records were compared.
fn pushed_since(staging: &Staging) -> bool {
    staging.state("people_pushed").is_ok_and(|pushed| pushed.as_deref() == Some("1"))
}

/// What a person asked for does not fit.
pub(super) fn unfit(message: &str, help: &'static str) -> Error {
    Error::new(Code::InvalidInput, message).with_help(help)
}
