//! A computation shown: its formula with the numbers filled in.

use serde::{Deserialize, Serialize};

/// A number of a formula.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Part {
    /// What it is: `club mean`
    pub name: String,
    /// The number
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub value: f64,
}

impl Part {
    pub(super) fn new(name: &str, value: f64) -> Part {
        Part { name: name.to_owned(), value }
    }
}

/// A formula with the numbers filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Formula {
    /// The computation: `50 + 15 × (80 − 70) ÷ 10 = 65`, numbers rounded to four decimals
    pub text: String,
    /// What it means, in a sentence or two
    pub sentence: String,
    /// Its numbers, not rounded
    pub parts: Vec<Part>,
    /// What comes out, not rounded
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub result: f64,
}

impl Formula {
    /// `left` is the computation without its result.
    pub(super) fn new(left: String, sentence: String, parts: Vec<Part>, result: f64) -> Formula {
        let written = number(result);
        // Rounded numbers do not always give the rounded result exactly, but no better one can be shown.
        let text = if left == written { left } else { format!("{left} = {written}") };
        Formula { text, sentence, parts, result }
    }
}

/// A number for people: at most four decimals, no needless zeros, a true minus sign.
pub(super) fn number(value: f64) -> String {
    let rounded = format!("{value:.4}");
    let trimmed = rounded.trim_end_matches('0').trim_end_matches('.');
    match trimmed.strip_prefix('-') {
        Some("0") => "0".to_owned(),
        Some(digits) => format!("−{digits}"),
        None => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let written = [0.0, -0.00001, -2.5, 100.0, 1.0 / 3.0, 1_200.0].map(number);
        assert_eq!(written, ["0", "0", "−2.5", "100", "0.3333", "1200"]);
    }
}
