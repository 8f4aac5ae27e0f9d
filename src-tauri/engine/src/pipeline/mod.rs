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
    stage_slices(plan, raw, raw.len().max(1), &mut staged, |_, _| {});
    staged
}

/// Rows of a slice whose staged form fits a processor's first cache.
pub const SLICE_ROWS: usize = 64;

/// Stages a batch slice by slice, in the memory of `staged`: `each` gets the number of the slice's first row in `raw`,
/// and the slice. For callers that are done with a row once they have seen it.
pub fn stage_slices(
    plan: &FilePlan,
    raw: &RawBatch,
    slice_rows: usize,
    staged: &mut StagedBatch,
    mut each: impl FnMut(usize, &StagedBatch),
) {
    let mut stager = row::RowStager::new(plan);
    let mut faults = raw.issues().iter().peekable();
    let mut found = Vec::new();
    for first in (0..raw.len()).step_by(slice_rows) {
        let rows = first..raw.len().min(first + slice_rows);
        staged.clear_for(rows.len());
        for index in rows {
            found.clear();
            while let Some(&&(_, rule)) = faults.peek().filter(|&&&(at, _)| at as usize == index) {
                faults.next();
                found.push(rule);
            }
            stager.stage(raw, index, &found, staged);
        }
        each(first, staged);
    }
}
