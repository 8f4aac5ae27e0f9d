//! Who is who: the records of an import and the members of the active profile are matched, a person settles what is
//! doubtful, and each person becomes one member.

mod view;

pub use muster_engine::resolve::SurvivorshipSettings;
pub use view::*;

use crate::error::{Code, Error, Result};
use crate::imports::Imports;
use crate::progress::Job;

fn soon<T>() -> Result<T> {
    Err(Error::new(Code::NeedsAnswer, "The records have not been matched yet"))
}

#[allow(unused_variables, clippy::unused_async, missing_docs)]
impl Imports {
    pub async fn people(&self, id: u32) -> Result<PeopleView> {
        soon()
    }
    pub async fn people_match(&self, id: u32, job: &Job) -> Result<PeopleView> {
        soon()
    }
    pub async fn people_queue(
        &self,
        id: u32,
        query: QueueQuery,
        offset: u32,
        limit: u32,
    ) -> Result<QueuePage> {
        soon()
    }
    pub async fn people_group(&self, id: u32, group: u32) -> Result<PersonGroup> {
        soon()
    }
    pub async fn people_decide(&self, id: u32, input: DecideInput) -> Result<Decided> {
        soon()
    }
    pub async fn people_revert(&self, id: u32, decision: u32) -> Result<PeopleView> {
        soon()
    }
    pub async fn people_decisions(
        &self,
        search: Option<&str>,
        offset: u32,
        limit: u32,
    ) -> Result<DecisionPage> {
        soon()
    }
    pub async fn people_threshold_counts(&self, id: u32, thresholds: Thresholds) -> Result<ThresholdCounts> {
        soon()
    }
    pub async fn people_set_thresholds(
        &self,
        id: u32,
        thresholds: Thresholds,
        job: &Job,
    ) -> Result<PeopleView> {
        soon()
    }
    pub async fn people_bulk_preview(&self, id: u32, query: QueueQuery) -> Result<BulkPreview> {
        soon()
    }
    pub async fn people_bulk_merge(&self, id: u32, query: QueueQuery, job: &Job) -> Result<BulkMerged> {
        soon()
    }
    pub async fn survivorship(&self, id: u32) -> Result<SurvivorshipView> {
        soon()
    }
    pub async fn survivorship_preview(
        &self,
        id: u32,
        settings: SurvivorshipSettings,
    ) -> Result<RulesPreview> {
        soon()
    }
    pub async fn survivorship_set(
        &self,
        id: u32,
        settings: SurvivorshipSettings,
        job: &Job,
    ) -> Result<PeopleView> {
        soon()
    }
}
