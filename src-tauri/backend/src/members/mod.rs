//! The members of a profile's database, looked at and changed by hand.
//!
//! [`Members`] searches them, shows one with all that happened to them, and creates, edits and deletes them. Whoever
//! edits says which version they saw: a member who was changed meanwhile is not overwritten. Each change is an entry of
//! the ledger, with images of the rows before and after, so it can be undone like a push.

mod choices;
mod found;
mod history;
mod lookups;
mod merge;
mod merged_from;
mod moved;
mod names;
mod origins;
mod record;
mod scores;
mod search;
mod search_sql;
mod unmerge;
mod values;
mod view;
mod write;

pub use choices::{COMPANIES, MemberChoice, MemberChoices};
pub use found::{FoundMember, MemberPage};
pub use history::{FieldChange, HistoryEntry, MemberEvent};
pub use merge::{MemberMerge, MergeReport, MovedMembership};
pub use merged_from::MergedFrom;
pub use origins::ValueOrigin;
pub use scores::{ClubScores, ClubWeight, CombinedScore, MemberScores, ScoreRow};
pub use search::{LISTED, MOST, MemberQuery};
pub use unmerge::UnmergeReport;
pub(crate) use values::standardised;
pub use values::{FieldProblem, FieldValue, check};
pub use view::{MemberView, MembershipView, SourceView};
pub use write::{MemberEdit, MembershipEdit, NewMember, Written};

use std::time::Instant;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use tokio::sync::Mutex;

use muster_engine::Date;
use muster_engine::standardise::date::{DateFormat, Epoch};

use crate::config::ProfileInfo;
use crate::error::{Code, Error, Result};
use crate::folders::Folders;
use crate::profiles::Profiles;
use crate::progress::Job;
use crate::push::person;
use crate::store::{Access, Target};
use crate::telemetry::{Change, Event, Seconds, Stage, record, stage};

/// Rows of a page at most.
const PAGE: u32 = 500;
/// Memory for pages of a SQLite database that were read, in KiB: a search by name reads the same ones again and again.
const CACHE: u32 = 65_536;

/// The members of the profiles. Keeps the database open that was read last, so that a search while somebody types does
/// not connect anew at every letter.
pub struct Members {
    profiles: Profiles,
    open: Mutex<Option<Open>>,
}

struct Open {
    access: Access,
    target: Target,
}

impl Members {
    /// Over these profiles. Opens nothing.
    pub fn new(profiles: Profiles) -> Members {
        Members { profiles, open: Mutex::default() }
    }

    /// A page of the members that a query finds, in the order of their names. Without a profile's name, of the active
    /// one.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] where a filter cannot be read; when the database cannot be opened or read.
    pub async fn search(
        &self,
        profile: Option<&str>,
        query: &MemberQuery,
        offset: u32,
        limit: u32,
    ) -> Result<MemberPage> {
        let limit = limit.min(PAGE);
        let began = Instant::now();
        let found = self.read(profile, async |db| search::search(db, query, offset, limit).await);
        let page = stage(Stage::Search, found).await?.unwrap_or_else(MemberPage::empty);
        record(Event::Searched { found: page.count, seconds: Seconds::since(began) });
        Ok(page)
    }

    /// What members can be filtered by; `company` narrows the companies to those whose name holds it.
    ///
    /// # Errors
    /// When the database cannot be opened or read.
    pub async fn choices(&self, profile: Option<&str>, company: Option<&str>) -> Result<MemberChoices> {
        let found = self.read(profile, async |db| choices::choices(db, company).await);
        Ok(found.await?.unwrap_or_default())
    }

    /// A member with their memberships, all that happened to them and where they come from.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such member, with who deleted them; when the database cannot be opened or
    /// read.
    pub async fn view(&self, profile: Option<&str>, id: u32) -> Result<MemberView> {
        let found = self.read(profile, async |db| view::view(db, id.into()).await);
        found.await?.ok_or_else(|| Error::not_found("member"))
    }

    /// The history of a member's scores.
    ///
    /// # Errors
    /// When the database cannot be opened or read.
    pub async fn scores(&self, profile: Option<&str>, id: u32) -> Result<MemberScores> {
        let found = self.read(profile, async |db| scores::scores(db, id.into()).await);
        Ok(found.await?.unwrap_or_default())
    }

    /// Adds a member with a membership. For a prod profile, `confirmed` is its name as the person typed it.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] where a value cannot be read, naming its field; [`Code::Refused`] where the club has this
    /// member, the record contradicts itself or a prod profile is not confirmed; as [`Target::write`].
    pub async fn create(
        &self,
        profile: Option<&str>,
        new: &NewMember,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<Written> {
        let info = self.confirmed(profile, confirmed)?;
        self.write(&info, Change::Create, job, async |db, by| write::create(db, by, new).await).await
    }

    /// Changes a member, if they still are as the person saw them.
    ///
    /// # Errors
    /// [`Code::Refused`] where somebody else changed them meanwhile, saying who; else as [`Members::create`].
    pub async fn edit(
        &self,
        profile: Option<&str>,
        id: u32,
        edit: &MemberEdit,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<Written> {
        let info = self.confirmed(profile, confirmed)?;
        self.write(&info, Change::Edit, job, async |db, by| write::edit(db, by, id.into(), edit).await).await
    }

    /// Deletes a member with all that is theirs, if they still are as the person saw them. [`crate::push::undo`]
    /// brings them back.
    ///
    /// # Errors
    /// As [`Members::edit`].
    pub async fn remove(
        &self,
        profile: Option<&str>,
        id: u32,
        version: u32,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<Written> {
        let info = self.confirmed(profile, confirmed)?;
        let remove = async |db: &DatabaseConnection, by: &write::By| {
            write::remove(db, by, id.into(), version.into()).await
        };
        self.write(&info, Change::Delete, job, remove).await
    }

    /// Makes one member of two, if both still are as the person saw them; with `dry_run` only tells what that would do.
    ///
    /// # Errors
    /// As [`Members::edit`].
    pub async fn merge(
        &self,
        profile: Option<&str>,
        merge: &MemberMerge,
        dry_run: bool,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<MergeReport> {
        if dry_run {
            let found = self.read(profile, async |db| merge::look(db, merge).await).await?;
            return found.ok_or_else(|| Error::not_found("member"));
        }
        let info = self.confirmed(profile, confirmed)?;
        self.write(&info, Change::Merge, job, async |db, by| merge::carry_out(db, by, merge).await).await
    }

    /// Tells apart who were merged: `merged` is there again with their memberships, and what was edited since stays. With
    /// a version of the member whom they were merged into, only if those still are as the person saw them; with `dry_run`
    /// only tells what that would do.
    ///
    /// # Errors
    /// [`Code::NotFound`] where nobody of that number was merged into another member; else as [`Members::edit`].
    pub async fn unmerge(
        &self,
        profile: Option<&str>,
        merged: u32,
        version: Option<u32>,
        dry_run: bool,
        confirmed: Option<&str>,
        job: &Job,
    ) -> Result<UnmergeReport> {
        let (merged, version) = (merged.into(), version.map(i64::from));
        if dry_run {
            let found = self.read(profile, async |db| unmerge::look(db, merged, version).await).await?;
            return found.ok_or_else(|| Error::not_found("member"));
        }
        let info = self.confirmed(profile, confirmed)?;
        let unmerge =
            async |db: &DatabaseConnection, by: &write::By| unmerge::carry_out(db, by, merged, version).await;
        self.write(&info, Change::Unmerge, job, unmerge).await
    }

    fn confirmed(&self, profile: Option<&str>, confirmed: Option<&str>) -> Result<ProfileInfo> {
        let info = self.profiles.info(profile)?;
        info.confirm(confirmed)?;
        Ok(info)
    }

    /// Reads in one transaction; `None` where a SQLite database was not made yet.
    async fn read<T>(
        &self,
        profile: Option<&str>,
        work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T>,
    ) -> Result<Option<T>> {
        let access = self.profiles.access(profile).await?;
        let mut open = self.open.lock().await;
        if open.as_ref().is_none_or(|open| open.access != access) {
            *open = None;
            if !access.is_there() {
                return Ok(None);
            }
            let target = Target::open_for(&access, &person(), &Job::silent()).await?;
            if target.backend() == DbBackend::Sqlite {
                target.db().execute_unprepared(&format!("PRAGMA cache_size = -{CACHE}")).await?;
            }
            *open = Some(Open { access, target });
        }
        let Some(Open { target, .. }) = &*open else { return Ok(None) };
        let result = target.read(work).await;
        if let Err(error) = &result
            && !matches!(error.code(), Code::InvalidInput | Code::NotFound)
        {
            // The connection may be broken; the next one is new.
            *open = None;
        }
        result.map(Some)
    }

    /// Closes the connection that searches leave open, before the program ends.
    pub async fn close(&self) {
        if let Some(Open { target, .. }) = self.open.lock().await.take() {
            // Nothing was being written.
            let _ = target.close().await;
        }
    }

    async fn write<T>(
        &self,
        info: &ProfileInfo,
        change: Change,
        job: &Job,
        work: impl AsyncFnOnce(&DatabaseConnection, &write::By) -> Result<T>,
    ) -> Result<T> {
        let access = self.profiles.access(Some(&info.name)).await?;
        if let Access::Sqlite(sqlite) = &access
            && let Some(folder) = sqlite.path.parent()
        {
            // The first thing that ever happens on this machine may be a member who is added.
            Folders::make_private(folder)?;
        }
        let by = write::By { person: person(), profile: info.name.clone() };
        let write = async |target: &Target| target.write(async |db| work(db, &by).await).await;
        let written = stage(Stage::Edit, Target::with(&access, &by.person, job, write)).await?;
        record(Event::MemberWritten { change });
        Ok(written)
    }
}

/// A number of the database as the screens have it.
fn number(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(if id < 0 { 0 } else { u32::MAX })
}

/// How a date is read that a person types: one that fits both orders is asked about, not guessed.
fn day_format() -> Result<DateFormat> {
    Ok(DateFormat { order: None, epoch: Epoch::Year1900, serials: false, today: today()?, past_only: true })
}

/// The day, by this machine's clock.
///
/// # Errors
/// [`Code::Internal`] where the clock shows none.
pub(crate) fn today() -> Result<Date> {
    let today = jiff::Zoned::now().date();
    let parts = (u8::try_from(today.month()), u8::try_from(today.day()));
    let date = if let (Ok(month), Ok(day)) = parts { Date::new(today.year(), month, day) } else { None };
    date.ok_or_else(|| {
        Error::new(Code::Internal, "The clock of this machine shows no date that Muster can use")
            .with_help("Set the clock.")
    })
}
