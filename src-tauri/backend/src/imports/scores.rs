//! The scores of an import: how they are brought to one scale, tried out before it counts.

use muster_engine::score::{ScoreMethod, ScoreSettings};
use serde::Serialize;

use super::{Imports, PushChoice, now};
use crate::error::Result;
use crate::progress::Job;
use crate::push::{ScorePlan, ScoresPreview, preview_scores};
use crate::store::score_settings;

/// A method's formula in letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MethodFormula {
    /// As in the settings: `z_score`
    pub method: String,
    /// `common mean + …`
    pub formula: String,
}

/// What is set for the scores of an import.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScoresView {
    /// Whether a push brings scores to one scale; else they stay as they are
    pub unify: bool,
    /// Method, parameters, decay and weights
    pub settings: ScoreSettings,
    /// The formulas of all methods
    pub formulas: Vec<MethodFormula>,
}

impl Imports {
    /// What is set for the scores of an import; a new one starts with what was set last.
    ///
    /// # Errors
    /// When the import does not exist.
    pub async fn scores(&self, id: u32) -> Result<ScoresView> {
        let import = self.import(id).await?;
        let kept = score_settings::of_import(self.db(), import.id).await?;
        let (unify, settings) = kept.unwrap_or_default();
        Ok(ScoresView { unify, settings, formulas: formulas() })
    }

    /// Sets whether and how scores are brought to one scale.
    ///
    /// # Errors
    /// Settings with which no score can be computed; when the import does not exist.
    pub async fn scores_set(&self, id: u32, unify: bool, settings: ScoreSettings) -> Result<ScoresView> {
        settings.check()?;
        let import = self.import(id).await?;
        score_settings::keep(self.db(), import.id, unify, &settings, &now()).await?;
        self.scores(id).await
    }

    /// What a push would do to scores with settings that need not be kept. Progress is reported as `plan` and `scores`.
    ///
    /// # Errors
    /// When the rows are not staged, the target cannot be read, no score can be computed with the settings, or the job is
    /// cancelled.
    pub async fn scores_preview(
        &self,
        id: u32,
        how: PushChoice,
        settings: ScoreSettings,
        job: &Job,
    ) -> Result<ScoresPreview> {
        let tried = ScorePlan::new(settings)?;
        let import = self.import(id).await?;
        self.check_staged(&import).await?;
        preview_scores(&self.plan_request(&import, how).await?, &tried, job).await
    }

    /// For the recipe: how scores are brought to one scale, if they are.
    pub(super) async fn score_recipe(&self, import: i64) -> Result<Option<ScoreSettings>> {
        let kept = score_settings::of_import(self.db(), import).await?;
        Ok(kept.filter(|(unify, _)| *unify).map(|(_, settings)| settings))
    }
}

fn formulas() -> Vec<MethodFormula> {
    let of = |(name, method): (&str, ScoreMethod)| MethodFormula {
        method: name.to_owned(),
        formula: method.general_formula().to_owned(),
    };
    [
        ("z_score", ScoreMethod::Z_SCORE),
        ("percentile_rank", ScoreMethod::PERCENTILE_RANK),
        ("min_max", ScoreMethod::MIN_MAX),
    ]
    .map(of)
    .to_vec()
}
