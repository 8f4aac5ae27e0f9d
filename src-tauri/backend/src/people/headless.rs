//! Matching without a screen: by the recipe, which has the thresholds, the rules and what people decided.

use std::sync::Arc;

use muster_engine::recipe::Recipe;

use super::book::Book;
use super::run::{MatchRequest, match_staged};
use super::state;
use super::view::PeopleCounts;
use crate::config::ProfileInfo;
use crate::error::Result;
use crate::progress::Job;
use crate::staging;
use crate::store::put_off::PutOff;
use crate::store::{Access, SqliteAccess};

/// Matches the staged rows as a recipe says, also with the members of a target; counts who is who. Does nothing where the
/// recipe does not ask for it (`match:`).
///
/// # Errors
/// When the target cannot be read, or the job is cancelled.
pub(crate) async fn match_by_recipe(
    staged: &SqliteAccess,
    recipe: &Recipe,
    target: Option<(ProfileInfo, Access)>,
    job: &Job,
) -> Result<()> {
    let Some(thresholds) = recipe.matching else { return Ok(()) };
    let request = MatchRequest {
        staged: staged.clone(),
        target,
        thresholds: thresholds.into(),
        survivorship: recipe.resolve.clone().unwrap_or_default(),
        book: Arc::new(Book::of_recipe(&recipe.decisions)),
        put_off: PutOff::default(),
    };
    match_staged(request, job).await?;
    Ok(())
}

/// The counts of staged rows that were matched; `None` where they were not.
///
/// # Errors
/// When the database fails.
pub(crate) fn matched_counts(staged: &SqliteAccess) -> Result<Option<PeopleCounts>> {
    let db = staging::connect(staged)?;
    if state::stamp(&db)?.is_none() {
        return Ok(None);
    }
    Ok(Some(state::counts(&db)?))
}
