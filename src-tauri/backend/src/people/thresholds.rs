//! From which probability a pair is asked about, and merged; and which pairs were compared at all.

use rusqlite::params;

use super::matched::{LOWEST, weight};
use super::session::unfit;
use super::state::Kept;
use super::view::{BlockingView, PeopleView, ThresholdCounts, Thresholds};
use crate::error::Result;
use crate::imports::Imports;
use crate::progress::Job;

impl Imports {
    /// What thresholds would do with the pairs that are kept, without what people decided. Quick: it reads counts by
    /// hundredths of a bit, never the pairs.
    ///
    /// # Errors
    /// When the thresholds contradict each other, or the import does not exist.
    pub async fn people_threshold_counts(&self, id: u32, thresholds: Thresholds) -> Result<ThresholdCounts> {
        check(thresholds)?;
        let import = self.import(id).await?;
        self.with_staging(import.id, move |staging| {
            let sql = "SELECT coalesce(sum(pairs) FILTER (WHERE bucket >= ?2), 0),
                           coalesce(sum(pairs) FILTER (WHERE bucket >= ?1 AND bucket < ?2), 0),
                           coalesce(sum(pairs) FILTER (WHERE bucket < ?1), 0)
                       FROM staged_pair_count";
            let buckets = params![bucket(thresholds.review), bucket(thresholds.merge)];
            let mut statement = staging.connection().prepare_cached(sql)?;
            let counts = statement.query_row(buckets, |row| {
                Ok(ThresholdCounts { merge: row.get(0)?, ask: row.get(1)?, apart: row.get(2)? })
            });
            Ok(counts?)
        })
        .await
    }

    /// Sets the thresholds and settles all pairs anew by them; nothing is compared again.
    ///
    /// # Errors
    /// When the thresholds contradict each other, or the job is cancelled; then they stay as they were.
    pub async fn people_set_thresholds(
        &self,
        id: u32,
        thresholds: Thresholds,
        job: &Job,
    ) -> Result<PeopleView> {
        check(thresholds)?;
        let import = self.import(id).await?;
        let mut settings = self.people_settings(import.id).await?;
        settings.thresholds = thresholds;
        self.settle_by(import.id, settings, job).await?;
        self.people(id).await
    }

    /// Settles all by other settings, and keeps them.
    pub(super) async fn settle_by(
        &self,
        import: i64,
        settings: super::session::Settings,
        job: &Job,
    ) -> Result<()> {
        let matched = self
            .with_staging(import, |staging| Ok(super::state::stamp(staging.connection())?.is_some()))
            .await?;
        if matched {
            let job = job.clone();
            let settle = move |session: &mut super::session::Session<'_>| {
                session.in_transaction(|| session.settler()?.settle_all(&job))
            };
            self.in_session_with(import, settings.clone(), settle).await?;
        }
        self.keep_people_settings(import, &settings).await
    }
}

fn check(thresholds: Thresholds) -> Result<()> {
    let sound =
        LOWEST <= thresholds.review && thresholds.review <= thresholds.merge && thresholds.merge < 1.0;
    if sound {
        return Ok(());
    }
    Err(unfit(
        "These thresholds do not fit each other",
        "Ask from 0.10 or more, merge from there or more, and below 1.",
    ))
}

/// The bucket of `staged_pair_count` that a probability is in.
fn bucket(probability: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "some thousands of hundredths of a bit")]
    let bucket = (weight(probability) * 100.0).floor() as i64;
    bucket
}

/// The rules of a run, for people.
pub(super) fn blocking(kept: &Kept) -> Vec<BlockingView> {
    let view = |rule: &muster_engine::matching::RulePlan| BlockingView {
        name: rule.name.clone(),
        pairs: rule.pairs,
        used: rule.used,
        left_out_blocks: rule.left_out_blocks,
        left_out_pairs: rule.left_out_pairs,
    };
    kept.plan.rules.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_must_fit_each_other() {
        let of = |review, merge| check(Thresholds { review, merge }).is_ok();
        assert!(of(0.5, 0.99) && of(0.9, 0.9));
        assert!(!of(0.05, 0.99) && !of(0.99, 0.5) && !of(0.5, 1.0) && !of(f64::NAN, 0.99));
    }

    #[test]
    fn even_odds_are_no_evidence() {
        assert_eq!((bucket(0.5), bucket(0.8)), (0, 200));
    }
}
