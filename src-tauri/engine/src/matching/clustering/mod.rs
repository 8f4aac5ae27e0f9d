//! From pairs to people.
//!
//! Pairs that are sure enough are joined from the strongest down. Two groups are joined only where their members agree as
//! groups, so that strangers are not chained together through one weak link: the average of all pairs between them must
//! be evidence for one person (average linkage), and none of them may be strong evidence against it (after complete
//! linkage; both in R. R. Sokal and C. D. Michener, "A statistical method for evaluating systematic relationships",
//! 1958). A person's decisions come first, as must-links and cannot-links (K. Wagstaff and C. Cardie, "Clustering with
//! Instance-level Constraints", 2000).

mod groups;

use serde::{Deserialize, Serialize};

use groups::Groups;

use super::records::Records;
use super::scoring::{ScoredPair, Scorer, weight};
use super::settings::{Settings, Stage, Watch, report};
use super::weights::Model;
use crate::error::EngineError;

/// What people decided about pairs of records, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// They are one person
    pub same: Vec<(u32, u32)>,
    /// They are two people
    pub different: Vec<(u32, u32)>,
}

/// Why two records whose pair is sure enough to merge stay apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ApartBecause {
    /// A person decided that they, or others of their groups, are different people
    Decided,
    /// Both groups hold a member of the database
    TwoMembers,
    /// Others of their groups speak against it
    OthersDisagree,
}

/// A pair that is sure enough to merge, but stays apart: for a person to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeptApart {
    /// The record with the smaller number
    pub a: u32,
    /// The record with the larger number
    pub b: u32,
    /// Why
    pub because: ApartBecause,
}

/// Who is who.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    /// For each record, the smallest record that is the same person
    pub person: Vec<u32>,
    /// Pairs above the merge threshold that are not one person here, in the order of their records
    pub kept_apart: Vec<KeptApart>,
}

impl Clusters {
    /// The records of each person who has several, in order.
    pub fn several(&self) -> Vec<Vec<u32>> {
        let mut by_person: Vec<(u32, u32)> = self.person.iter().copied().zip(0..).collect();
        by_person.sort_unstable();
        by_person
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|cluster| cluster.len() > 1)
            .map(|cluster| cluster.iter().map(|(_, record)| *record).collect())
            .collect()
    }

    /// How many people there are.
    pub fn people(&self) -> usize {
        (0_u32..).zip(&self.person).filter(|(record, person)| record == *person).count()
    }

    /// Whether two records are one person.
    pub fn same(&self, a: u32, b: u32) -> bool {
        self.person[a as usize] == self.person[b as usize]
    }
}

/// Puts records together. Pairs below [`Settings::merge_above`] count only where groups are compared. The order of pairs
/// and decisions makes no difference.
///
/// Decisions come before everything else; records of one membership come next; two members of the database are put
/// together by a decision only.
///
/// # Errors
/// [`EngineError::Cancelled`] when the watch says so.
pub fn cluster(
    records: &Records,
    pairs: &[ScoredPair],
    model: &Model,
    decisions: &Decisions,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Clusters, EngineError> {
    let mut groups = Groups::new(records, decisions);
    for (a, b) in sorted(&decisions.same) {
        groups.join_decided(a, b);
    }
    let memberships = pairs.iter().filter(|pair| records.same_membership(pair.a, pair.b));
    for (a, b) in sorted(&memberships.map(|pair| (pair.a, pair.b)).collect::<Vec<_>>()) {
        groups.join_if_allowed(a, b);
    }
    let least = weight(settings.merge_above);
    let mut sure: Vec<&ScoredPair> = pairs.iter().filter(|pair| f64::from(pair.weight) >= least).collect();
    sure.sort_unstable_by(|x, y| y.weight.total_cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    let scorer = Scorer::new(records, model);
    let total = sure.len() as u64;
    for (done, pair) in (0_u64..).zip(&sure) {
        if done % 4_096 == 0 {
            report(watch, Stage::Cluster, done, total)?;
        }
        groups.join_if_alike(pair.a, pair.b, &scorer);
    }
    report(watch, Stage::Cluster, total, total)?;
    Ok(groups.finish(&sure))
}

/// Pairs in one order, the smaller record first, each once.
fn sorted(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = pairs.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use crate::matching::records::{Column, Origin};
    use crate::matching::settings::unwatched;

    /// Given name, family name, birth date, state.
    fn table(rows: &[[&'static str; 4]]) -> Records {
        let mut builder = Records::builder(&[]);
        for row in rows {
            builder.push(Origin::default(), |column| match column {
                Column::Field(Field::GivenName) => Some(row[0]),
                Column::Field(Field::FamilyName) => Some(row[1]),
                Column::Field(Field::BirthDate) => Some(row[2]),
                Column::Field(Field::State) => Some(row[3]),
                _ => None,
            });
        }
        builder.finish()
    }

    fn clusters(records: &Records, links: &[(u32, u32, f32)], decisions: &Decisions) -> Clusters {
        let model = Model::assumed(records);
        let scorer = Scorer::new(records, &model);
        let pairs: Vec<ScoredPair> =
            links.iter().map(|&(a, b, weight)| ScoredPair { weight, ..scorer.score(a, b) }).collect();
        cluster(records, &pairs, &model, decisions, &Settings::default(), &unwatched).unwrap()
    }

    const ANN: [&str; 4] = ["Ann", "Lee", "1970-01-02", "CA"];

    #[test]
    fn strangers_are_not_chained_through_one_link() {
        let stranger = ["Bob", "Roe", "1988-07-30", "NY"];
        let records = table(&[ANN, ANN, stranger, stranger]);
        let links = [(0, 1, 20.0), (2, 3, 20.0), (1, 2, 8.0)];
        let found = clusters(&records, &links, &Decisions::default());
        assert_eq!(found.person, [0, 0, 2, 2]);
        assert_eq!(found.kept_apart, [KeptApart { a: 1, b: 2, because: ApartBecause::OthersDisagree }]);
        assert_eq!(found.several(), [vec![0, 1], vec![2, 3]]);
        assert_eq!(found.people(), 2);
    }

    #[test]
    fn decisions_hold_for_whole_groups() {
        let records = table(&[ANN; 4]);
        let links = [(0, 1, 20.0), (1, 2, 19.0), (2, 3, 18.0), (0, 3, 17.0)];
        let decided = Decisions { same: vec![(3, 0)], different: vec![(1, 2)] };
        let found = clusters(&records, &links, &decided);
        assert!(found.same(0, 3) && !found.same(1, 2));
        assert!(found.kept_apart.iter().all(|apart| apart.because == ApartBecause::Decided));
    }

    #[test]
    fn of_decisions_that_contradict_one_another_different_counts() {
        let records = table(&[ANN; 3]);
        let decided = Decisions { same: vec![(0, 1), (1, 2)], different: vec![(0, 2)] };
        let found = clusters(&records, &[], &decided);
        assert!(found.same(0, 1) && !found.same(0, 2));
    }
}
