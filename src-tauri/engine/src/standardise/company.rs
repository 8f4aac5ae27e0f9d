//! Companies: an id or a name, looked up in the company list.

use std::collections::HashMap;

use super::Parsed;
use super::text::is_nothing;
use crate::issue::{Change, Rule};

/// Ids that are plain numbers below this are found by their position in a table.
const DENSE: usize = 1 << 16;

/// Marks a free place of that table.
const FREE: u32 = u32::MAX;

/// The list of companies that records refer to, read from a file of ids and names.
#[derive(Debug, Clone, Default)]
pub struct CompanyDimension {
    /// Ids and names, tidied by the caller, in the order of the file
    entries: Vec<(String, String)>,
    by_id: HashMap<Box<str>, u32>,
    /// Ids written as plain numbers, by their value
    by_number: Vec<u32>,
    by_name: HashMap<Box<str>, u32>,
    /// Names without regard to case, spaces and punctuation; [`FREE`] where two different names are alike in that
    by_folded: HashMap<Box<str>, u32>,
    conflicts: usize,
}

/// A company that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompanyHit<'a> {
    /// The name as in the company list; with an empty list, the text itself
    pub name: &'a str,
    /// The id in the company list
    pub id: Option<&'a str>,
}

impl CompanyDimension {
    /// The list of these ids and names, which are tidied already. An entry without id or name counts by the other.
    ///
    /// Where an id stands twice with different names, or a name twice with different ids, the first is taken; see
    /// [`CompanyDimension::conflicts`].
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> CompanyDimension {
        let mut list = CompanyDimension::default();
        for (id, name) in entries {
            list.add(id, name);
        }
        list
    }

    /// No company list: every text is taken as a name.
    pub fn empty() -> CompanyDimension {
        CompanyDimension::default()
    }

    fn add(&mut self, id: String, name: String) {
        let index = self.entries.len() as u32;
        let known_id = self.by_id.get(id.as_str()).copied().filter(|_| !id.is_empty());
        let known_name = self.by_name.get(name.as_str()).copied().filter(|_| !name.is_empty());
        if known_id.is_some() && known_id == known_name || id.is_empty() && name.is_empty() {
            return;
        }
        self.conflicts += usize::from(known_id.is_some() || known_name.is_some());
        if !id.is_empty() && known_id.is_none() {
            if let Some(number) = number(&id) {
                self.by_number.resize(self.by_number.len().max(number + 1), FREE);
                let place = &mut self.by_number[number];
                // "7" is number 7 before "007" is.
                if *place == FREE || number.to_string() == id {
                    *place = index;
                }
            }
            self.by_id.insert(id.as_str().into(), index);
        }
        if !name.is_empty() && known_name.is_none() {
            let folded = fold(&name);
            if !folded.is_empty() {
                self.by_folded.entry(folded.into()).and_modify(|known| *known = FREE).or_insert(index);
            }
            self.by_name.insert(name.as_str().into(), index);
        }
        self.entries.push((id, name));
    }

    /// Ids and names, in the order of the file.
    pub fn entries(&self) -> &[(String, String)] {
        &self.entries
    }

    /// Whether there is no company list.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many entries contradict an earlier one: the same id with another name, or the same name with another id.
    pub fn conflicts(&self) -> usize {
        self.conflicts
    }

    /// Finds a company by its id (`7`, `007`, or `7.0` as spreadsheets write it), else by its name, else by its name
    /// without regard to case, spaces and punctuation (`&` is `and`).
    ///
    /// With an empty list a text is taken as the name as it stands, so [tidy](super::text::tidy) it first; a bare number
    /// is an id without a list. What is not found is [`Rule::UnknownCompany`]: nothing is guessed.
    #[inline]
    pub fn look_up<'a>(&'a self, text: &'a str) -> Parsed<CompanyHit<'a>> {
        if let Some(hit) = self.position(text).and_then(|position| self.hit(position as u32)) {
            return Parsed::Value(hit, change_of(hit, text, Change::CompanyLookup));
        }
        self.look_up_slowly(text)
    }

    /// Where in [`CompanyDimension::entries`] the company stands whose id is this plain number.
    #[inline]
    pub(crate) fn position(&self, text: &str) -> Option<usize> {
        let position = *self.by_number.get(number(text)?)? as usize;
        // The same number with as many digits is the same text.
        self.entries.get(position).is_some_and(|(id, _)| id.len() == text.len()).then_some(position)
    }

    #[inline]
    fn hit(&self, index: u32) -> Option<CompanyHit<'_>> {
        let (id, name) = self.entries.get(index as usize)?;
        // A company without a name is shown by its id.
        let shown = if name.is_empty() { id } else { name };
        Some(CompanyHit { name: shown, id: (!id.is_empty()).then_some(id.as_str()) })
    }

    fn look_up_slowly<'a>(&'a self, text: &'a str) -> Parsed<CompanyHit<'a>> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Parsed::Missing(None);
        }
        if self.is_empty() {
            return without_list(text, trimmed);
        }
        let find = |index: Option<&u32>, change: Change| {
            self.hit(*index?).map(|hit| Parsed::Value(hit, change_of(hit, text, change)))
        };
        let whole = trimmed.split_once('.').map_or(trimmed, |(whole, fraction)| {
            if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') { whole } else { trimmed }
        });
        find(self.by_id.get(trimmed), Change::CompanyLookup)
            .or_else(|| find(self.by_name.get(trimmed), Change::CompanyName))
            .or_else(|| find(self.by_number.get(number(whole)?), Change::CompanyLookup))
            .or_else(|| find(self.by_id.get(whole), Change::CompanyLookup))
            .or_else(|| find(self.by_folded.get(fold(trimmed).as_str()), Change::CompanyName))
            .unwrap_or(match is_nothing(trimmed) {
                true => Parsed::Missing(Some(Change::NullWord)),
                false => Parsed::Failed(Rule::UnknownCompany),
            })
    }
}

/// The change, unless the name is the text.
#[inline]
fn change_of(hit: CompanyHit<'_>, text: &str, change: Change) -> Option<Change> {
    if hit.name == text { None } else { Some(change) }
}

fn without_list<'a>(text: &str, trimmed: &'a str) -> Parsed<CompanyHit<'a>> {
    if is_nothing(trimmed) {
        return Parsed::Missing(Some(Change::NullWord));
    }
    if trimmed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Parsed::Failed(Rule::UnknownCompany);
    }
    let change = if trimmed == text { None } else { Some(Change::Spaces) };
    Parsed::Value(CompanyHit { name: trimmed, id: None }, change)
}

/// The value of an id that is a plain number below [`DENSE`], with leading zeros or not.
#[inline]
fn number(id: &str) -> Option<usize> {
    if id.is_empty() || id.len() > 9 {
        return None;
    }
    let mut value = 0_usize;
    for byte in id.bytes() {
        let digit = usize::from(byte.wrapping_sub(b'0'));
        if digit > 9 {
            return None;
        }
        value = value * 10 + digit;
    }
    (value < DENSE).then_some(value)
}

/// A name's letters and digits in lower case, `&` as `and`.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '&' => folded.push_str("and"),
            c if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ => {}
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(entries: &[(&str, &str)]) -> CompanyDimension {
        CompanyDimension::new(entries.iter().map(|&(id, name)| (id.to_owned(), name.to_owned())))
    }

    fn clubs() -> CompanyDimension {
        list(&[
            ("0", "Williams-Stephenson"),
            ("1", "Brown, Vasquez and Sanchez"),
            ("3", "Mcdonald Inc"),
            ("A-7", "Scott & Sons"),
            ("70000", "Far Away Ltd"),
            ("007", "Bond Ltd"),
        ])
    }

    #[test]
    fn finds_by_id() {
        let clubs = clubs();
        for (text, id, name) in [
            ("0", "0", "Williams-Stephenson"),
            ("1", "1", "Brown, Vasquez and Sanchez"),
            (" 3 ", "3", "Mcdonald Inc"),
            ("3.0", "3", "Mcdonald Inc"),
            ("03", "3", "Mcdonald Inc"),
            ("003", "3", "Mcdonald Inc"),
            ("A-7", "A-7", "Scott & Sons"),
            ("70000", "70000", "Far Away Ltd"),
            ("70000.0", "70000", "Far Away Ltd"),
            ("007", "007", "Bond Ltd"),
            ("7", "007", "Bond Ltd"),
        ] {
            let hit = CompanyHit { name, id: Some(id) };
            assert_eq!(clubs.look_up(text), Parsed::Value(hit, Some(Change::CompanyLookup)), "{text}");
        }
    }

    #[test]
    fn finds_by_name() {
        let clubs = clubs();
        let hit = CompanyHit { name: "Scott & Sons", id: Some("A-7") };
        assert_eq!(clubs.look_up("Scott & Sons"), Parsed::Value(hit, None));
        for text in ["SCOTT & SONS", "Scott and Sons", " scott  and sons.", "Scott&Sons"] {
            assert_eq!(clubs.look_up(text), Parsed::Value(hit, Some(Change::CompanyName)), "{text}");
        }
        assert_eq!(clubs.look_up("brown vasquez and sanchez").value().unwrap().id, Some("1"));
    }

    #[test]
    fn guesses_nothing() {
        let clubs = clubs();
        for text in ["20", "4", "Scott", "Mcdonald", "3.5", "-3", "3a", "99999999999999999999", "0x3"] {
            assert_eq!(clubs.look_up(text), Parsed::Failed(Rule::UnknownCompany), "{text}");
        }
        assert_eq!(clubs.look_up(""), Parsed::Missing(None));
        assert_eq!(clubs.look_up("  "), Parsed::Missing(None));
        assert_eq!(clubs.look_up("N/A"), Parsed::Missing(Some(Change::NullWord)));
    }

    #[test]
    fn without_a_list_a_text_is_a_name() {
        let none = CompanyDimension::empty();
        assert!(none.is_empty());
        let named = |name| CompanyHit { name, id: None };
        assert_eq!(none.look_up("Keller Group"), Parsed::Value(named("Keller Group"), None));
        assert_eq!(none.look_up("3M"), Parsed::Value(named("3M"), None));
        assert_eq!(none.look_up(" 3M "), Parsed::Value(named("3M"), Some(Change::Spaces)));
        assert_eq!(none.look_up("20"), Parsed::Failed(Rule::UnknownCompany));
        assert_eq!(none.look_up("20.0"), Parsed::Failed(Rule::UnknownCompany));
        assert_eq!(none.look_up("none"), Parsed::Missing(Some(Change::NullWord)));
    }

    #[test]
    fn the_first_entry_wins_and_conflicts_are_counted() {
        let clubs = list(&[
            ("1", "One"),
            ("1", "Uno"),
            ("2", "One"),
            ("1", "One"),
            ("3", "A-B"),
            ("4", "AB"),
            ("", ""),
        ]);
        assert_eq!(clubs.conflicts(), 2);
        assert_eq!(clubs.look_up("1").value().unwrap().name, "One");
        assert_eq!(clubs.look_up("2").value().unwrap().name, "One");
        assert_eq!(clubs.look_up("One").value().unwrap().id, Some("1"));
        // Two companies that differ in punctuation only are told apart by their exact names, or not at all.
        assert_eq!(clubs.look_up("A-B").value().unwrap().id, Some("3"));
        assert_eq!(clubs.look_up("a b"), Parsed::Failed(Rule::UnknownCompany));
    }

    #[test]
    fn the_plain_number_goes_before_the_padded_one() {
        let clubs = list(&[("007", "Padded"), ("7", "Plain")]);
        assert_eq!(clubs.look_up("7").value().unwrap().name, "Plain");
        assert_eq!(clubs.look_up("007").value().unwrap().name, "Padded");
        assert_eq!(clubs.look_up("07").value().unwrap().name, "Plain");
    }

    #[test]
    fn entries_may_lack_an_id_or_a_name() {
        let clubs = list(&[("", "No Id"), ("5", "")]);
        assert_eq!(clubs.look_up("No Id").value(), Some(CompanyHit { name: "No Id", id: None }));
        assert_eq!(clubs.look_up("5"), Parsed::Value(CompanyHit { name: "5", id: Some("5") }, None));
    }

    proptest! {
        #[test]
        fn a_name_found_is_found_again(text in ".*|[0-9.]{0,6}|[A-Za-z &\\-]{0,12}") {
            for list in [clubs(), CompanyDimension::empty()] {
                if let Parsed::Value(hit, _) = list.look_up(&text) {
                    prop_assert_eq!(list.look_up(hit.name), Parsed::Value(hit, None));
                }
            }
        }
    }
}
