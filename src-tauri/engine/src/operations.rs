//! The person's steps, made ready to be laid over standardised rows.
//!
//! A step sees what the grid shows: the standardised value, or the text that could not be understood. What it puts
//! there is standardised like any other text of that field. Steps apply in order, so that dropping any one of them
//! and staging again undoes it and nothing else.

use std::collections::{HashMap, HashSet};

use crate::field::Field;
use crate::recipe::{Operation, RowRef};

/// A step on one row.
#[derive(Debug, Clone)]
pub(crate) enum RowStep {
    Edit { field: Field, was: Option<String>, value: Option<String> },
    Exclude,
    Restore,
}

/// A step on a field of every row.
#[derive(Debug, Clone)]
pub(crate) enum FieldStep {
    Replace { find: String, replace: String, whole_cell: bool, match_case: bool },
    Merge { from: HashSet<Option<String>>, to: Option<String> },
}

/// The steps of a recipe, indexed by what they apply to. An index is the step's position in the recipe.
#[derive(Debug, Clone, Default)]
pub struct Operations {
    pub(crate) rows: HashMap<RowRef, Vec<(u32, RowStep)>>,
    pub(crate) fields: Vec<(u32, Field, FieldStep)>,
    /// `(source, column header)` → raw text → `(index, what it is read as)`
    pub(crate) values: HashMap<(String, String), ValueMap>,
    fingerprints: HashSet<u128>,
}

/// Raw text → `(index of the step, what it is read as)`.
pub(crate) type ValueMap = HashMap<String, (u32, Option<String>)>;

impl Operations {
    /// Indexes steps given in order with their positions.
    pub fn new<'o>(steps: impl IntoIterator<Item = &'o Operation>) -> Operations {
        let mut all = Operations::default();
        for (index, operation) in (0..).zip(steps) {
            all.add(index, operation);
        }
        all.fingerprints = all.rows.keys().map(|row| row.fingerprint).collect();
        all
    }

    fn add(&mut self, index: u32, operation: &Operation) {
        match operation {
            Operation::EditCell { row, field, was, value } => {
                let step = RowStep::Edit { field: *field, was: was.clone(), value: value.clone() };
                self.rows.entry(*row).or_default().push((index, step));
            }
            Operation::ExcludeRows { rows } => self.add_to_rows(index, rows, &RowStep::Exclude),
            Operation::RestoreRows { rows } => self.add_to_rows(index, rows, &RowStep::Restore),
            Operation::ReplaceValue { field, find, replace, whole_cell, match_case } => {
                let step = FieldStep::Replace {
                    find: find.clone(),
                    replace: replace.clone(),
                    whole_cell: *whole_cell,
                    match_case: *match_case,
                };
                self.fields.push((index, *field, step));
            }
            Operation::MergeValues { field, from, to } => {
                let step = FieldStep::Merge { from: from.iter().cloned().collect(), to: to.clone() };
                self.fields.push((index, *field, step));
            }
            Operation::MapValue { source, column, from, to } => {
                let values = self.values.entry((source.clone(), column.clone())).or_default();
                values.insert(from.clone(), (index, to.clone()));
            }
        }
    }

    fn add_to_rows(&mut self, index: u32, rows: &[RowRef], step: &RowStep) {
        for row in rows {
            self.rows.entry(*row).or_default().push((index, step.clone()));
        }
    }

    /// Whether any step names single rows, so that rows need fingerprints.
    pub fn name_rows(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Whether a step names a row with this fingerprint.
    pub fn names(&self, fingerprint: u128) -> bool {
        self.fingerprints.contains(&fingerprint)
    }
}

impl FieldStep {
    /// What the step makes of what a cell shows; `None` where it leaves it alone.
    pub(crate) fn apply(&self, shown: Option<&str>) -> Option<Option<String>> {
        match self {
            FieldStep::Merge { from, to } => {
                // A borrowed look-up in a set of Option<String> needs the owned key only when there is a value.
                let found = match shown {
                    None => from.contains(&None),
                    Some(text) => from.iter().any(|value| value.as_deref() == Some(text)),
                };
                (found && shown != to.as_deref()).then(|| to.clone())
            }
            FieldStep::Replace { find, replace, whole_cell, match_case } => {
                let after = replace_in(shown.unwrap_or_default(), find, replace, *whole_cell, *match_case)?;
                (shown.unwrap_or_default() != after).then(|| (!after.is_empty()).then_some(after))
            }
        }
    }
}

/// The text with every occurrence of `find` replaced; `None` where there is none. An empty `find` matches only an
/// empty cell as a whole.
pub fn replace_in(
    text: &str,
    find: &str,
    replace: &str,
    whole_cell: bool,
    match_case: bool,
) -> Option<String> {
    if whole_cell || find.is_empty() {
        let same = if match_case { text == find } else { text.to_lowercase() == find.to_lowercase() };
        return same.then(|| replace.to_owned());
    }
    if match_case {
        return text.contains(find).then(|| text.replace(find, replace));
    }
    replace_any_case(text, find, replace)
}

/// Lower-casing can change a text's length (`İ`), so matches are looked for character by character.
fn replace_any_case(text: &str, find: &str, replace: &str) -> Option<String> {
    let wanted: Vec<char> = find.chars().flat_map(char::to_lowercase).collect();
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = match_length(rest, &wanted) {
            out.push_str(replace);
            rest = &rest[length..];
            found = true;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    found.then_some(out)
}

/// Bytes of `text` that are `wanted` (lower-cased) from its start on.
fn match_length(text: &str, wanted: &[char]) -> Option<usize> {
    let mut matched = 0;
    for (offset, character) in text.char_indices() {
        for lower in character.to_lowercase() {
            if wanted.get(matched) != Some(&lower) {
                return None;
            }
            matched += 1;
        }
        if matched == wanted.len() {
            return Some(offset + character.len_utf8());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_parts_and_whole_cells() {
        assert_eq!(replace_in("Keller group", "GROUP", "Ltd", false, false).as_deref(), Some("Keller Ltd"));
        assert_eq!(replace_in("Keller group", "GROUP", "Ltd", false, true), None);
        assert_eq!(replace_in("Keller group", "group", "Ltd", true, false), None);
        assert_eq!(replace_in("OR", "or", "WA", true, false).as_deref(), Some("WA"));
        assert_eq!(replace_in("", "", "WA", false, false).as_deref(), Some("WA"));
        assert_eq!(replace_in("x", "", "WA", false, false), None);
        assert_eq!(replace_in("aİb", "İ", "i", false, false).as_deref(), Some("aib"));
    }

    #[test]
    fn a_step_that_changes_nothing_is_no_change() {
        let step = FieldStep::Merge { from: [Some("a".into()), None].into(), to: Some("a".into()) };
        assert_eq!(step.apply(Some("a")), None);
        assert_eq!(step.apply(None), Some(Some("a".into())));
        assert_eq!(step.apply(Some("b")), None);
    }

    #[test]
    fn a_later_mapping_of_a_value_wins() {
        let map = |to: &str| Operation::MapValue {
            source: "S".into(),
            column: "c".into(),
            from: "x".into(),
            to: Some(to.into()),
        };
        let operations = Operations::new(&[map("1"), map("2")]);
        let values = &operations.values[&("S".to_owned(), "c".to_owned())];
        assert_eq!(values["x"], (1, Some("2".to_owned())));
    }
}
