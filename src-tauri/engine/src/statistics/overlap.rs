//! Which clubs share members.
//!
//! Combinations are exclusive, each member in one, as in UpSet plots (A. Lex, N. Gehlenborg, H. Strobelt, R. Vuillemot and
//! H. Pfister, "UpSet: Visualization of Intersecting Sets", IEEE TVCG 20(12), 2014). The matrix of pairs is inclusive.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Members who are in exactly these clubs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Combination {
    /// The clubs, by name; none for members without a membership
    pub clubs: Vec<String>,
    /// How many members
    pub members: u32,
}

/// Which clubs share members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Overlap {
    /// The clubs, by name
    pub clubs: Vec<String>,
    /// Members by exactly the clubs they are in, the most first, then fewer clubs first, then by name
    pub combinations: Vec<Combination>,
    /// `pairs[i][j]`: members who are in both clubs, whatever others they are in; `pairs[i][i]`: the club's members
    pub pairs: Vec<Vec<u32>>,
}

/// Counts combinations of clubs, each known by its number.
#[derive(Debug, Clone, Default)]
pub(super) struct OverlapCounter {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
    combinations: HashMap<Box<[u32]>, u32>,
    current: Vec<u32>,
}

impl OverlapCounter {
    /// Counts members of these clubs; a club that is named twice counts once. Gives how many were named.
    pub(super) fn add<'c>(&mut self, clubs: impl Iterator<Item = &'c str>, members: u32) -> u32 {
        let mut current = std::mem::take(&mut self.current);
        current.clear();
        current.extend(clubs.map(|club| self.number(club)));
        let named = current.len() as u32;
        current.sort_unstable();
        current.dedup();
        self.count(&current, members);
        self.current = current;
        named
    }

    fn count(&mut self, combination: &[u32], members: u32) {
        match self.combinations.get_mut(combination) {
            Some(count) => *count += members,
            None => {
                self.combinations.insert(combination.into(), members);
            }
        }
    }

    fn number(&mut self, club: &str) -> u32 {
        if let Some(&number) = self.numbers.get(club) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(club.to_owned());
        self.numbers.insert(club.to_owned(), number);
        number
    }

    pub(super) fn merge(&mut self, other: OverlapCounter) {
        let numbers: Vec<u32> = other.names.iter().map(|club| self.number(club)).collect();
        for (combination, members) in other.combinations {
            let mut combination: Vec<u32> =
                combination.iter().map(|&number| numbers[number as usize]).collect();
            combination.sort_unstable();
            self.count(&combination, members);
        }
    }

    pub(super) fn finish(self) -> Overlap {
        let mut clubs = self.names.clone();
        clubs.sort_unstable();
        // Positions by name; every name is there.
        let places: Vec<usize> =
            self.names.iter().map(|name| clubs.binary_search(name).unwrap_or_default()).collect();
        let mut pairs = vec![vec![0; clubs.len()]; clubs.len()];
        let mut combinations = Vec::with_capacity(self.combinations.len());
        for (combination, members) in self.combinations {
            let mut here: Vec<usize> = combination.iter().map(|&number| places[number as usize]).collect();
            here.sort_unstable();
            for &one in &here {
                for &other in &here {
                    pairs[one][other] += members;
                }
            }
            let clubs = here.iter().map(|&place| clubs[place].clone()).collect();
            combinations.push(Combination { clubs, members });
        }
        combinations.sort_by(|one: &Combination, other: &Combination| {
            let fewer = || one.clubs.len().cmp(&other.clubs.len());
            other.members.cmp(&one.members).then_with(fewer).then_with(|| one.clubs.cmp(&other.clubs))
        });
        Overlap { clubs, combinations, pairs }
    }
}
