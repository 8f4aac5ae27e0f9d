//! The reject inbox of a profile's database: rows that pushes refused, with their raw line, until they are fixed and
//! replayed, or dismissed.
//!
//! A row is read, standardised and checked as its import did: the target keeps how ([`crate::push::Readings`]). So whoever
//! may write to the database can fix it, also without the import. A replay is a push like any other.

mod edit;
mod kept;
mod list;
mod read;
mod replay;
mod stage;
mod view;

pub use list::{RejectFilter, RejectPage, RejectRow, RejectState};
pub use replay::{ReplayChoice, ReplayPlan, ReplayReport, ReplayRow};
pub use view::{RejectCell, RejectView};

use sea_orm::DatabaseConnection;

use crate::error::{Error, Result};
use crate::profiles::Profiles;
use crate::progress::Job;
use crate::push::person;
use crate::store::Target;
use crate::telemetry::{Change, Event, Stage, record, stage};

/// Rows of a page at most.
const PAGE: u32 = 500;

/// The reject inboxes of the profiles. Without a profile's name, that of the active one is meant.
pub struct Rejects {
    profiles: Profiles,
}

impl Rejects {
    /// Over these profiles. Opens nothing.
    pub fn new(profiles: Profiles) -> Rejects {
        Rejects { profiles }
    }

    /// How many rows are open.
    ///
    /// # Errors
    /// When the database cannot be opened or read.
    pub async fn count_open(&self, profile: Option<&str>) -> Result<u32> {
        let count = self.read(profile, async |db| list::count(db, RejectFilter::Open).await);
        Ok(count.await?.unwrap_or_default())
    }

    /// A page of the inbox, the rows of the newest push first.
    ///
    /// # Errors
    /// When the database cannot be opened or read.
    pub async fn list(
        &self,
        profile: Option<&str>,
        filter: RejectFilter,
        offset: u32,
        limit: u32,
    ) -> Result<RejectPage> {
        let page = self.read(profile, async |db| list::page(db, filter, offset, limit.min(PAGE)).await);
        Ok(page.await?.unwrap_or_default())
    }

    /// A row as it came and as it stands: its cells, what is wrong with them, what became of it.
    ///
    /// # Errors
    /// [`crate::Code::NotFound`] where there is no such row; when the database cannot be opened or read.
    pub async fn show(&self, profile: Option<&str>, id: u32) -> Result<RejectView> {
        let view = self.read(profile, async |db| view::view(db, id.into()).await);
        view.await?.ok_or_else(|| Error::not_found("row"))
    }

    /// Saves a row's cells, all of them in the order of the columns, and checks them; no member is written. `version` is
    /// that which the person saw.
    ///
    /// # Errors
    /// [`crate::Code::Refused`] where the row is not open or somebody else changed it; as [`Target::write`].
    pub async fn fix(
        &self,
        profile: Option<&str>,
        id: u32,
        version: u32,
        cells: &[String],
        job: &Job,
    ) -> Result<RejectView> {
        let fix = async |db: &DatabaseConnection| edit::fix(db, id.into(), version.into(), cells).await;
        self.write(profile, Change::Fix, job, fix).await
    }

    /// As [`Rejects::fix`], of the cells alone that are named: by the header of their column, the field that it is mapped
    /// to, or `column 3`.
    ///
    /// # Errors
    /// [`crate::Code::InvalidInput`] where there is no such column; else as [`Rejects::fix`].
    pub async fn fix_named(
        &self,
        profile: Option<&str>,
        id: u32,
        values: &[(String, String)],
        job: &Job,
    ) -> Result<RejectView> {
        let fix = async |db: &DatabaseConnection| edit::fix_named(db, id.into(), values).await;
        self.write(profile, Change::Fix, job, fix).await
    }

    /// Puts a row away without taking it in, or takes that back.
    ///
    /// # Errors
    /// As [`Rejects::fix`].
    pub async fn dismiss(
        &self,
        profile: Option<&str>,
        id: u32,
        dismissed: bool,
        job: &Job,
    ) -> Result<RejectView> {
        let change = if dismissed { Change::Dismiss } else { Change::Reopen };
        let dismiss = async |db: &DatabaseConnection| edit::dismiss(db, id.into(), dismissed).await;
        self.write(profile, change, job, dismiss).await
    }

    /// What a replay would do. Nothing is written.
    ///
    /// # Errors
    /// [`crate::Code::InvalidInput`] where no row is chosen, [`crate::Code::Refused`] where one of them is not open; as
    /// [`crate::push::make_plan`].
    pub async fn plan(&self, profile: Option<&str>, choice: &ReplayChoice, job: &Job) -> Result<ReplayPlan> {
        replay::plan(&self.profiles, profile, choice, job).await
    }

    /// Replays rows: those that are clean now are pushed, in one transaction and as one entry of the ledger, and are
    /// done; the others stay open with their new reason. `plan` is that of the plan which the person looked at: where
    /// the replay would do otherwise by now, nothing is written. For a prod profile, `confirmed` is its name.
    ///
    /// # Errors
    /// As [`Rejects::plan`] and [`crate::push::push()`].
    pub async fn replay(
        &self,
        profile: Option<&str>,
        choice: &ReplayChoice,
        plan: Option<&str>,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<ReplayReport> {
        self.profiles.info(profile)?.confirm(confirmed)?;
        let replay = replay::replay(&self.profiles, profile, choice, plan, job);
        let report = stage(Stage::Replay, replay).await?;
        record(Event::Replayed {
            inserted: report.inserted,
            updated: report.updated,
            already_there: report.already_there,
            stay: report.stay,
            refused: report.refused,
        });
        Ok(report)
    }

    /// Reads in one transaction; `None` where a SQLite database was not made yet.
    async fn read<T>(
        &self,
        profile: Option<&str>,
        work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T>,
    ) -> Result<Option<T>> {
        let access = self.profiles.access(profile).await?;
        if !access.is_there() {
            return Ok(None);
        }
        Target::read_once(&access, work).await.map(Some)
    }

    async fn write<T>(
        &self,
        profile: Option<&str>,
        change: Change,
        job: &Job,
        work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T>,
    ) -> Result<T> {
        let access = self.profiles.access(profile).await?;
        let person = person();
        let write = Target::with(&access, &person, job, async |target| target.write(work).await);
        let written = stage(Stage::Edit, write).await?;
        record(Event::RejectChanged { change });
        Ok(written)
    }
}
