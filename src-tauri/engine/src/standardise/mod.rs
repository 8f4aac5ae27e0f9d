//! Text to typed values, one file a kind of field.
//!
//! A standardiser never fails: what it cannot understand is [`Parsed::Failed`] with a rule, and the raw text stays.

pub mod company;
pub mod date;
pub mod email;
mod lexicon;
pub mod name;
pub mod phone;
pub mod score;
pub mod spelling;
pub mod state;
pub mod text;
pub mod typed;

use crate::issue::{Change, Rule};

/// What became of a cell's text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Parsed<T> {
    /// Nothing there: empty, spaces, or a word for nothing. The change says so where it was such a word.
    Missing(Option<Change>),
    /// A value, and how it differs from the text if it does
    Value(T, Option<Change>),
    /// Not understood; the rule is the issue
    Failed(Rule),
}

impl<T> Parsed<T> {
    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Parsed::Value(value, _) => Some(value),
            Parsed::Missing(_) | Parsed::Failed(_) => None,
        }
    }
}
