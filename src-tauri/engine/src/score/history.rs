//! When `score_history` gets a row.

/// What `score_history` keeps of a membership.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ScoreState<'a> {
    /// The club's own score
    pub score: Option<f64>,
    /// The unified score
    pub unified_score: Option<f64>,
    /// ISO 8601
    pub last_active: Option<&'a str>,
}

/// Differences up to this, absolute or as a share of the greater number, are no change: a number that has been through
/// a database or computed in another order comes back within it, and no club's score is that exact.
pub const TOLERANCE: f64 = 1e-9;

/// Whether a row is due: the score, the unified score or the last activity is another one than in the latest row.
///
/// Numbers are compared with [`TOLERANCE`]; a number that is not finite is no number. `previous` is the latest row of the
/// membership, not the latest state, so that small changes cannot add up unseen. Without a row, one is due where there is
/// anything to keep. A change of the method's version alone needs no row: it counts where it changes a unified score.
pub fn needs_history(previous: Option<&ScoreState<'_>>, now: &ScoreState<'_>) -> bool {
    let previous = previous.copied().unwrap_or_default();
    differ(previous.score, now.score)
        || differ(previous.unified_score, now.unified_score)
        || filled(previous.last_active) != filled(now.last_active)
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn differ(one: Option<f64>, other: Option<f64>) -> bool {
    let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
    match (finite(one), finite(other)) {
        (None, None) => false,
        (Some(one), Some(other)) => (one - other).abs() > TOLERANCE * one.abs().max(other.abs()).max(1.0),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: ScoreState<'_> =
        ScoreState { score: Some(82.0), unified_score: Some(61.5), last_active: Some("2026-01-02") };

    #[test]
    fn each_of_the_three_makes_a_row() {
        assert!(needs_history(Some(&STATE), &ScoreState { score: Some(82.1), ..STATE }));
        assert!(needs_history(Some(&STATE), &ScoreState { score: None, ..STATE }));
        assert!(needs_history(Some(&STATE), &ScoreState { unified_score: Some(61.6), ..STATE }));
        assert!(needs_history(Some(&STATE), &ScoreState { last_active: Some("2026-01-03"), ..STATE }));
        assert!(needs_history(Some(&STATE), &ScoreState { last_active: None, ..STATE }));
        assert!(needs_history(None, &STATE));
    }

    #[test]
    fn nothing_new_makes_none() {
        assert!(!needs_history(Some(&STATE), &STATE));
        assert!(!needs_history(None, &ScoreState::default()));
        let digits = ScoreState { unified_score: Some(61.5 * (1.0 + 1e-12)), ..STATE };
        assert!(!needs_history(Some(&STATE), &digits));
        let nan = ScoreState { score: Some(f64::NAN), ..ScoreState::default() };
        assert!(!needs_history(Some(&nan), &nan));
        assert!(!needs_history(None, &nan));
    }
}
