//! Compares one record again after it was edited, without a full run.

use super::blocking::{BlockIndex, BlockingPlan};
use super::records::{Column, Records};
use super::scoring::{ScoredPair, Scorer, weight};
use super::settings::Settings;
use super::weights::Model;

/// Records whose pairs can be brought up to date record by record. Four bytes a record and rule on top of the records.
pub struct Matcher {
    records: Records,
    model: Model,
    settings: Settings,
    index: BlockIndex,
}

impl Matcher {
    /// Keeps what is needed to compare single records again.
    pub fn new(records: Records, plan: &BlockingPlan, model: Model, settings: Settings) -> Matcher {
        let index = BlockIndex::new(&records, plan, &settings).without_order();
        Matcher { records, model, settings, index }
    }

    /// The records as they are now.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Replaces the values of a record (see [`Records::replace`]) and gives all its pairs, as a full run with the same plan
    /// and model would: those that were there before and are not among them are gone. In order of the other record.
    pub fn replace<'t>(
        &mut self,
        record: u32,
        membership: Option<u128>,
        value: impl Fn(Column) -> Option<&'t str>,
    ) -> Vec<ScoredPair> {
        self.records.replace(record, membership, value);
        self.index.update(&self.records, record);
        self.pairs_of(record)
    }

    /// All pairs of a record at or above [`Settings::review_above`], in order of the other record.
    pub fn pairs_of(&self, record: u32) -> Vec<ScoredPair> {
        let scorer = Scorer::new(&self.records, &self.model);
        let least = weight(self.settings.review_above);
        let others = self.index.neighbours(&self.records, record);
        others.into_iter().filter_map(|other| scorer.score_above(record, other, least)).collect()
    }
}
