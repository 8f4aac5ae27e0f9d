//! Joins the stages for a batch of rows: map → standardise → operations → validate.

mod plan;
mod quick;
mod row;

pub use plan::{ColumnPlan, FilePlan, PlanSettings};
pub use quick::{QuickPlan, QuickRow, QuickWriter};

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
    struct All;
    impl RowVisitor for All {
        fn quick(&mut self, _: usize) -> bool {
            false
        }
        fn staged(&mut self, _: usize, _: &StagedBatch) {}
    }
    let mut staged = StagedBatch::default();
    stage_slices(plan, raw, raw.len().max(1), &mut staged, &mut All);
    staged
}

/// Rows of a slice whose staged form fits a processor's first cache.
pub const SLICE_ROWS: usize = 64;

/// Who takes the rows of a batch, in order.
pub trait RowVisitor {
    /// Takes a row in which the reader found no fault as it stands, if it can; else the row is staged.
    fn quick(&mut self, index: usize) -> bool;

    /// Takes staged rows, of which the first is row `first` of the batch.
    fn staged(&mut self, first: usize, rows: &StagedBatch);
}

/// Stages a batch slice by slice, in the memory of `staged`, but for the rows that the visitor takes as they stand. For
/// callers that are done with a row once they have seen it.
pub fn stage_slices(
    plan: &FilePlan,
    raw: &RawBatch,
    slice_rows: usize,
    staged: &mut StagedBatch,
    visitor: &mut impl RowVisitor,
) {
    let mut stager = row::RowStager::new(plan);
    let mut faults = raw.issues().iter().peekable();
    let mut found = Vec::new();
    staged.clear_for(slice_rows.min(raw.len()));
    let mut first = 0;
    for index in 0..raw.len() {
        found.clear();
        while let Some(&&(_, rule)) = faults.peek().filter(|&&&(at, _)| at as usize == index) {
            faults.next();
            found.push(rule);
        }
        if staged.len() >= slice_rows {
            staged.clear_for(slice_rows);
        }
        // A row is taken only where none before it waits in a slice.
        if staged.is_empty() {
            if found.is_empty() && visitor.quick(index) {
                continue;
            }
            first = index;
        }
        stager.stage(raw, index, &found, staged);
        if staged.len() >= slice_rows || index + 1 == raw.len() {
            visitor.staged(first, staged);
        }
    }
}
