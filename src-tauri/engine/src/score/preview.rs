//! Who moves, and by how much, when scores are made in another way.

use serde::{Deserialize, Serialize};

use super::history::TOLERANCE;

/// A member's scores before and after; the caller knows the member by the position in the list.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ScoreChange {
    /// Before
    pub before: Option<f64>,
    /// After
    pub after: Option<f64>,
}

/// How one member moves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Move {
    /// Position in the list that was compared
    pub member: u32,
    /// Score before
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub before: Option<f64>,
    /// Score after
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub after: Option<f64>,
    /// After less before, where both are there
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub delta: Option<f64>,
    /// Rank before; 1 is the best, equal scores share the better rank
    pub rank_before: Option<u32>,
    /// Rank after
    pub rank_after: Option<u32>,
    /// Ranks gained, negative where lost
    pub gained: Option<i32>,
}

/// Who moves and by how much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ScorePreview {
    /// Members compared
    pub members: u32,
    /// Whose score changes, comes or goes
    pub changed: u32,
    /// Who gains ranks
    pub up: u32,
    /// Who loses ranks
    pub down: u32,
    /// Who has no score before and one after
    pub appeared: u32,
    /// Who has a score before and none after
    pub vanished: u32,
    /// Mean of the changes' sizes, over those with both scores
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub mean_delta: f64,
    /// The greatest of them
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub largest_delta: f64,
    /// Who moves most: by ranks, then by the change of score, then by position
    pub moves: Vec<Move>,
}

/// Compares two scores of each member. At most `most` moves are listed; all are counted.
pub fn preview(changes: &[ScoreChange], most: usize) -> ScorePreview {
    let before = ranks(changes, |change| change.before);
    let after = ranks(changes, |change| change.after);
    let movement = |(index, change): (usize, &ScoreChange)| {
        let (one, other) = (finite(change.before), finite(change.after));
        let (rank_before, rank_after) = (before[index], after[index]);
        Move {
            member: index as u32,
            before: one,
            after: other,
            delta: one.zip(other).map(|(one, other)| other - one),
            rank_before,
            rank_after,
            gained: rank_before.zip(rank_after).map(|(one, other)| one as i32 - other as i32),
        }
    };
    let all: Vec<Move> = changes.iter().enumerate().map(movement).collect();
    let count = |test: fn(&Move) -> bool| all.iter().filter(|&movement| test(movement)).count() as u32;
    let deltas = || all.iter().filter_map(|movement| movement.delta).map(f64::abs);
    let (sum, number) = deltas().fold((0.0, 0.0), |(sum, number), delta| (sum + delta, number + 1.0));
    let mut preview = ScorePreview {
        members: all.len() as u32,
        changed: count(is_change),
        up: count(|movement| movement.gained.is_some_and(|gained| gained > 0)),
        down: count(|movement| movement.gained.is_some_and(|gained| gained < 0)),
        appeared: count(|movement| movement.before.is_none() && movement.after.is_some()),
        vanished: count(|movement| movement.before.is_some() && movement.after.is_none()),
        mean_delta: if number > 0.0 { sum / number } else { 0.0 },
        largest_delta: deltas().fold(0.0, f64::max),
        moves: Vec::new(),
    };
    preview.moves = greatest(all, most);
    preview
}

fn finite(score: Option<f64>) -> Option<f64> {
    score.filter(|score| score.is_finite())
}

/// With the tolerance of the history: what is no change there is none here.
fn is_change(movement: &Move) -> bool {
    match (movement.before, movement.after, movement.delta) {
        (Some(before), Some(after), Some(delta)) => {
            delta.abs() > TOLERANCE * before.abs().max(after.abs()).max(1.0)
        }
        (None, None, _) => false,
        _ => true,
    }
}

/// Standard competition ranking ("1224"): 1 more than the number of greater scores.
fn ranks(changes: &[ScoreChange], score: fn(&ScoreChange) -> Option<f64>) -> Vec<Option<u32>> {
    let mut scored: Vec<(f64, usize)> = changes
        .iter()
        .enumerate()
        .filter_map(|(index, change)| Some((finite(score(change))? + 0.0, index)))
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut ranks = vec![None; changes.len()];
    let (mut rank, mut last) = (0, None);
    for (place, (score, index)) in (1..).zip(scored) {
        if last != Some(score) {
            (rank, last) = (place, Some(score));
        }
        ranks[index] = Some(rank);
    }
    ranks
}

fn greatest(mut moves: Vec<Move>, most: usize) -> Vec<Move> {
    moves.retain(|movement| is_change(movement) || movement.gained.is_some_and(|gained| gained != 0));
    let ranks = |movement: &Move| movement.gained.map_or(0, i32::unsigned_abs);
    let delta = |movement: &Move| movement.delta.map_or(0.0, f64::abs);
    let order = |one: &Move, other: &Move| {
        let by_delta = || delta(other).total_cmp(&delta(one));
        ranks(other).cmp(&ranks(one)).then_with(by_delta).then(one.member.cmp(&other.member))
    };
    if moves.len() > most && most > 0 {
        moves.select_nth_unstable_by(most - 1, order);
    }
    moves.truncate(most);
    moves.sort_by(order);
    moves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: impl Into<Option<f64>>, after: impl Into<Option<f64>>) -> ScoreChange {
        ScoreChange { before: before.into(), after: after.into() }
    }

    #[test]
    fn ranks_and_deltas_are_counted() {
        let changes = [
            change(90.0, 50.0),
            change(80.0, 60.0),
            change(80.0, 80.0),
            change(None, 70.0),
            change(10.0, None),
        ];
        let found = preview(&changes, 10);
        assert_eq!((found.members, found.changed, found.up, found.down), (5, 4, 1, 2));
        assert_eq!((found.appeared, found.vanished), (1, 1));
        assert_eq!((found.mean_delta, found.largest_delta), (20.0, 40.0));
        let first = found.moves[0];
        assert_eq!((first.member, first.rank_before, first.rank_after), (0, Some(1), Some(4)));
        assert_eq!((first.gained, first.delta), (Some(-3), Some(-40.0)));
        // Equal scores share the better rank.
        assert_eq!(found.moves.iter().find(|movement| movement.member == 2).unwrap().rank_before, Some(2));
        assert_eq!(preview(&changes, 1).moves, [first]);
        assert!(preview(&changes, 0).moves.is_empty());
    }

    #[test]
    fn nothing_changes_nothing() {
        let found = preview(&[change(1.0, 1.0 + 1e-13), change(None, None), change(f64::NAN, None)], 10);
        assert_eq!((found.changed, found.up, found.down, found.moves.len()), (0, 0, 0, 0));
        assert_eq!(preview(&[], 10).mean_delta, 0.0);
    }
}
