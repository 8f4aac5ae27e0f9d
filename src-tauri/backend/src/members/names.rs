//! What a person types to find a name, as conditions that the indexes of names can answer.
//!
//! The words are cut into one, two or three phrases, and each phrase has to be the beginning of another part of the
//! name: `lee ann` finds Ann Lee, and `maria de la c` finds Maria de la Cruz.

use sea_orm::DbBackend;
use sea_orm::sea_query::Value;

/// Words beyond these are left out: no name has more.
const MOST_WORDS: usize = 6;
/// Comes after every letter, so that it ends the range of texts that begin alike.
const LAST: char = '\u{10ffff}';

/// A statement's text and the values for its placeholders.
#[derive(Debug, Default)]
pub(super) struct Bound {
    /// The values of `$1`, `$2`, …
    pub(super) values: Vec<Value>,
}

impl Bound {
    /// Adds a value; gives its placeholder.
    pub(super) fn add(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}

/// A part of a name that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Given,
    Middle,
    Family,
    Preferred,
}

impl Part {
    const fn column(self) -> &'static str {
        match self {
            Part::Given => "given_name",
            Part::Middle => "middle_name",
            Part::Family => "family_name",
            Part::Preferred => "preferred_name",
        }
    }

    /// The index that has the part first.
    const fn index(self) -> Option<&'static str> {
        match self {
            Part::Given => Some("ix_member_given_name_family_name"),
            Part::Family => Some("ix_member_family_name_given_name"),
            Part::Preferred => Some("ix_member_preferred_name"),
            Part::Middle => None,
        }
    }
}

/// Which part begins with which phrase.
type Branch = Vec<(Part, String)>;

/// What was typed, in all the ways in which it can be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameSearch {
    branches: Vec<Branch>,
}

impl NameSearch {
    /// `None` where nothing was typed.
    pub(super) fn of(text: &str) -> Option<NameSearch> {
        use Part::{Family, Given, Middle, Preferred};
        let words: Vec<&str> = text
            .split(|letter: char| letter.is_whitespace() || letter == ',')
            .filter(|word| !word.is_empty())
            .take(MOST_WORDS)
            .collect();
        if words.is_empty() {
            return None;
        }
        let phrase = |from: usize, to: usize| words[from..to].join(" ");
        let all = phrase(0, words.len());
        let mut branches: Vec<Branch> =
            [Family, Given, Preferred].into_iter().map(|part| vec![(part, all.clone())]).collect();
        for cut in 1..words.len() {
            let (left, right) = (phrase(0, cut), phrase(cut, words.len()));
            for (first, second) in
                [(Given, Family), (Family, Given), (Preferred, Family), (Family, Preferred)]
            {
                branches.push(vec![(first, left.clone()), (second, right.clone())]);
            }
            for end in cut + 1..words.len() {
                let thirds = [left.clone(), phrase(cut, end), phrase(end, words.len())];
                for parts in [[Given, Middle, Family], [Family, Given, Middle]] {
                    branches.push(parts.into_iter().zip(thirds.clone()).collect());
                }
            }
        }
        Some(NameSearch { branches })
    }

    /// Whether each branch is a single part, so that what one branch finds is cheaply left out of the next.
    pub(super) fn is_single(&self) -> bool {
        self.branches.iter().all(|branch| branch.len() == 1)
    }

    /// All of it as one condition on `member`.
    pub(super) fn condition(&self, backend: DbBackend, bound: &mut Bound) -> String {
        let branches: Vec<String> =
            self.branches.iter().map(|branch| branch_condition(branch, backend, bound)).collect();
        format!("({})", branches.join(" OR "))
    }

    /// Each branch as a condition, with the index to use, which is that of the longest phrase: SQLite has to be told,
    /// since its planner knows nothing of the data.
    pub(super) fn branches(&self, backend: DbBackend, bound: &mut Bound) -> Vec<(&'static str, String)> {
        let mut before: Vec<String> = Vec::new();
        let mut found = Vec::with_capacity(self.branches.len());
        for branch in &self.branches {
            let indexed = branch.iter().filter_map(|(part, phrase)| Some((part.index()?, phrase.len())));
            let Some((index, _)) = indexed.max_by_key(|(_, length)| *length) else { continue };
            let own = branch_condition(branch, backend, bound);
            let condition = match self.is_single() && !before.is_empty() {
                true => format!("{own} AND ({}) IS NOT TRUE", before.join(" OR ")),
                false => own.clone(),
            };
            before.push(own);
            found.push((index, condition));
        }
        found
    }
}

fn branch_condition(branch: &Branch, backend: DbBackend, bound: &mut Bound) -> String {
    let parts: Vec<String> =
        branch.iter().map(|(part, phrase)| begins(*part, phrase, backend, bound)).collect();
    parts.join(" AND ")
}

/// The part begins with the phrase, whether small or capital.
fn begins(part: Part, phrase: &str, backend: DbBackend, bound: &mut Bound) -> String {
    let column = part.column();
    let one = |spelling: String| {
        let (from, to) = (bound.add(spelling.clone()), bound.add(format!("{spelling}{LAST}")));
        match backend {
            DbBackend::Postgres => {
                format!(
                    "lower(member.{column}) ~>=~ lower({from}) AND lower(member.{column}) ~<~ lower({to})"
                )
            }
            _ => {
                format!("member.{column} >= {from} COLLATE NOCASE AND member.{column} < {to} COLLATE NOCASE")
            }
        }
    };
    let ranges: Vec<String> = spellings(phrase).into_iter().map(one).collect();
    match ranges.as_slice() {
        [range] => range.clone(),
        ranges => format!("({})", ranges.join(" OR ")),
    }
}

/// SQLite folds the case of A to Z only, and so does PostgreSQL under the locale C: other letters are looked for in
/// the cases in which names stand.
fn spellings(phrase: &str) -> Vec<String> {
    let mut spellings = vec![phrase.to_owned()];
    if !phrase.is_ascii() {
        let capitalised: Vec<String> = phrase.split(' ').map(capitalised).collect();
        for other in [capitalised.join(" "), phrase.to_lowercase(), phrase.to_uppercase()] {
            if !spellings.contains(&other) {
                spellings.push(other);
            }
        }
    }
    spellings
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_in_every_way() {
        assert_eq!(NameSearch::of(" , "), None);
        assert!(NameSearch::of("lee").unwrap().is_single());
        let search = NameSearch::of("de la Cruz, Maria").unwrap();
        let wanted: Branch = vec![(Part::Family, "de la Cruz".into()), (Part::Given, "Maria".into())];
        assert!(search.branches.contains(&wanted));
        let whole: Branch = vec![(Part::Family, "de la Cruz Maria".into())];
        assert!(search.branches.contains(&whole));
        let thirds: Branch = vec![
            (Part::Given, "de la".into()),
            (Part::Middle, "Cruz".into()),
            (Part::Family, "Maria".into()),
        ];
        assert!(search.branches.contains(&thirds));
    }

    #[test]
    fn letters_beyond_a_to_z_are_looked_for_in_each_case() {
        assert_eq!(spellings("Lee"), ["Lee"]);
        assert_eq!(spellings("élodie å"), ["élodie å", "Élodie Å", "ÉLODIE Å"]);
    }
}
