//! Their columns to our fields.
//!
//! [`profile`] looks at the rows, [`look`] judges what a column's values are, [`suggest`] brings that together with the
//! headers (`matching`, `synonyms`). [`source`] names the organisation that a file comes from.

pub mod header;
pub mod look;
mod matching;
pub mod profile;
pub mod source;
pub mod suggest;
mod synonyms;

#[cfg(test)]
mod tests;
