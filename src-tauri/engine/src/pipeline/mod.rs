//! Joins the stages for a batch of rows: map → standardise → operations → validate.

mod plan;
mod row;

pub use plan::{ColumnPlan, FilePlan, PlanSettings};

use std::collections::HashMap;

use crate::read::RawBatch;
use crate::staged::StagedBatch;

/// Numbers the rows that operations name, in file order. Rows that share a fingerprint are told apart by it.
#[derive(Debug, Default)]
pub struct Occurrences {
    seen: HashMap<u128, u32>,
}

impl Occurrences {
    /// Sets [`crate::read::RawRow::occurrence`] of the rows that the plan's operations name. Batches must come in
    /// file order; everything else about them may be done on any thread in any order.
    pub fn number(&mut self, plan: &FilePlan, batch: &mut RawBatch) {
        if !plan.operations().name_rows() {
            return;
        }
        for index in 0..batch.len() {
            let fingerprint = plan.fingerprint(batch, index);
            if plan.operations().names(fingerprint) {
                let seen = self.seen.entry(fingerprint).or_default();
                batch.rows_mut()[index].occurrence = *seen;
                *seen += 1;
            }
        }
    }
}

/// Stages a batch: every raw row becomes exactly one staged row, in order.
pub fn stage(plan: &FilePlan, raw: &RawBatch) -> StagedBatch {
    let mut staged = StagedBatch::default();
    stage_into(plan, raw, &mut staged);
    staged
}

/// Like [`stage`], in the memory of a batch that nobody needs any more.
pub fn stage_into(plan: &FilePlan, raw: &RawBatch, staged: &mut StagedBatch) {
    staged.clear_for(raw.len());
    let mut stager = row::RowStager::new(plan);
    let mut faults = raw.issues().iter().peekable();
    let mut found = Vec::new();
    for index in 0..raw.len() {
        found.clear();
        while let Some(&&(_, rule)) = faults.peek().filter(|&&&(at, _)| at as usize == index) {
            faults.next();
            found.push(rule);
        }
        stager.stage(raw, index, &found, staged);
    }
}
