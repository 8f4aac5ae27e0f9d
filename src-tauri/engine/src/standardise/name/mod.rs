//! Names of people: titles, given, middle and family names, suffixes and nicknames.
//!
//! The rules are those of the published parsers nameparser (python-nameparser), humanname and probablepeople, as far as
//! they agree; where they guess, a name is left whole. What a word is depends on where it stands:
//!
//! - A title stands first and has a name after it; a lone word is never a title. Words that are names as well (Major,
//!   Judge) are titles only before two names, or with a dot. Dean, Duke and the like are names.
//! - A suffix stands last. Those that may be initials or family names (V, MA, DO) need two names before them, and
//!   capitals in text that has small letters.
//! - A particle (`de la`, `van der`) belongs to the family name after it, except where it begins the name (Van Morrison).
//! - `Last, First Middle` and `First Last, Suffix` are told apart by whether all words after the comma are suffixes.
//! - Of two words and more, the first is the given name, the last the family name, others are middle names. One word
//!   alone is a family name, since lists are sorted by it.
//! - Text all in capitals or all in small letters gets its capitals; other text keeps its own, except for a family name
//!   of four letters or more in capitals (`Jean DUPONT`).

mod case;
mod clean;
mod columns;
mod ends;
mod letters;
mod particles;
mod split;
mod suffixes;
mod titles;

pub(crate) use columns::are_plain;
pub use columns::{NameColumns, from_columns};
pub(crate) use split::plain_space;
pub use split::split_full_name;

use super::text::is_no_name;
use crate::issue::Change;

/// The parts of a name. One value can be used for many names, so that its memory is.
///
/// An empty part is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameParts {
    /// Titles in their usual form: `Dr.`, `Mr. and Mrs.`
    pub prefix: String,
    /// Given name
    pub given: String,
    /// Other given names and initials
    pub middle: String,
    /// Family name with its particles
    pub family: String,
    /// Suffixes in their usual form: `Jr., MD`
    pub suffix: String,
    /// Nickname
    pub preferred: String,
    /// How each part, in this order, differs from the text; `None` where it does not, or where the part is missing.
    /// [`Change::NullWord`] where a word for nothing was left out.
    pub changes: [Option<Change>; 6],
    /// The text held invisible or bidirectional characters, which were left out
    pub invisible: bool,
    work: Work,
}

/// Memory for names that are not simple, kept between names.
#[derive(Debug, Clone, Default)]
struct Work {
    /// The text, tidied
    text: String,
    /// The same without nicknames
    core: String,
}

// Leftovers of the last name make no difference.
impl PartialEq for Work {
    fn eq(&self, _: &Work) -> bool {
        true
    }
}

impl Eq for Work {}

/// Positions in [`NameParts::changes`].
const PREFIX: usize = 0;
const GIVEN: usize = 1;
const MIDDLE: usize = 2;
const FAMILY: usize = 3;
const SUFFIX: usize = 4;
const PREFERRED: usize = 5;

impl NameParts {
    /// Empties all parts and keeps their memory.
    #[inline]
    pub fn clear(&mut self) {
        self.values_mut().into_iter().for_each(String::clear);
        self.changes = [None; 6];
        self.invisible = false;
    }

    /// The parts in their order: prefix, given, middle, family, suffix, preferred.
    pub fn values(&self) -> [&str; 6] {
        [&self.prefix, &self.given, &self.middle, &self.family, &self.suffix, &self.preferred]
    }

    fn values_mut(&mut self) -> [&mut String; 6] {
        let NameParts { prefix, given, middle, family, suffix, preferred, .. } = self;
        [prefix, given, middle, family, suffix, preferred]
    }

    /// Empties a part that says `n/a` once titles and suffixes are taken off; says whether it did.
    fn clear_no_name(&mut self, part: usize) -> bool {
        let [prefix, given, middle, family, suffix, preferred] = self.values_mut();
        let value = match part {
            PREFIX => prefix,
            GIVEN => given,
            MIDDLE => middle,
            FAMILY => family,
            SUFFIX => suffix,
            _ => preferred,
        };
        let none = is_no_name(value);
        if none {
            value.clear();
        }
        none
    }

    /// Whether there is a given or a family name.
    pub fn has_name(&self) -> bool {
        !self.given.is_empty() || !self.family.is_empty()
    }
}

/// One capital or small letter, with a dot or without.
fn is_initial(word: &str) -> bool {
    let mut chars = word.strip_suffix('.').unwrap_or(word).chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// Appends a title or suffix, after a space or comma where there is one already.
fn append(part: &mut String, joint: &str, word: &str) {
    if !part.is_empty() {
        part.push_str(joint);
    }
    part.push_str(word);
}

#[cfg(test)]
mod tests;
