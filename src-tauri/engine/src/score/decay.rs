//! Recency decay: what a score has above a floor halves with every half-life since the last activity.
//!
//! `floor + (unified − floor) × ½^(months ÷ half-life)`: exponential decay as of radioactive matter (E. Rutherford, 1900), in use
//! for rankings and recommender systems as "time decay". A score at or below the floor stays, so nobody gains by staying away.

use serde::{Deserialize, Serialize};

use super::formula::{Formula, Part, number};
use crate::date::{Date, PartialDate};

/// Days of a mean month of the Gregorian calendar: 400 years have 146,097 days and 4,800 months.
const DAYS_PER_MONTH: f64 = 146_097.0 / 4_800.0;

/// Decay of scores by the time since the last activity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Decay {
    /// Months (of 30.436875 days) in which what a score has above the floor halves; greater than 0
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub half_life_months: f64,
    /// What scores decay to
    #[serde(default)]
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub floor: f64,
}

impl Decay {
    fn months(&self, last_active: Option<PartialDate>, as_of: Date) -> Option<f64> {
        let last = last_active.and_then(PartialDate::earliest)?;
        let days = as_of.days_since_1970() - last.days_since_1970();
        (days > 0).then(|| f64::from(days) / DAYS_PER_MONTH)
    }

    /// The score as of a date. A missing last activity and one in the future leave it as it is; a reduced date counts from
    /// its first day.
    pub(super) fn apply(&self, unified: f64, last_active: Option<PartialDate>, as_of: Date) -> f64 {
        let Some(months) = self.months(last_active, as_of).filter(|_| unified > self.floor) else {
            return unified;
        };
        let share = 0.5_f64.powf(months / self.half_life_months);
        // Rounding shall not lift it.
        (self.floor + (unified - self.floor) * share).min(unified)
    }

    /// The formula of a score with the decay behind it.
    pub(super) fn extend(&self, formula: Formula, last_active: Option<PartialDate>, as_of: Date) -> Formula {
        let Some(months) = self.months(last_active, as_of).filter(|_| formula.result > self.floor) else {
            let sentence =
                format!("{} Nothing is taken off for the time since the last activity.", formula.sentence);
            return Formula { sentence, ..formula };
        };
        let before = formula.result;
        let result = self.apply(before, last_active, as_of);
        let [unified, floor, half_life, passed] =
            [before, self.floor, self.half_life_months, (months * 10.0).round() / 10.0].map(number);
        let left = match self.floor == 0.0 {
            true => format!("{unified} × ½^({passed} ÷ {half_life})"),
            false => format!("{floor} + ({unified} − {floor}) × ½^({passed} ÷ {half_life})"),
        };
        let sentence = format!(
            "{} The last activity was {passed} months before {as_of}; what a score has above {floor} halves every {half_life} months.",
            formula.sentence
        );
        let mut parts = formula.parts;
        parts.push(Part::new("score before decay", before));
        parts.push(Part::new("months since the last activity", months));
        parts.push(Part::new("half-life in months", self.half_life_months));
        parts.push(Part::new("floor", self.floor));
        let text = format!("{}; {left}", formula.text);
        Formula::new(text, sentence, parts, result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<PartialDate> {
        PartialDate::parse_iso(text)
    }

    #[test]
    fn half_is_left_after_a_half_life() {
        let as_of = Date::new(2026, 1, 1).unwrap();
        let decay = Decay { half_life_months: 4_800.0, floor: 0.0 };
        assert_eq!(decay.apply(80.0, day("1626-01-01"), as_of), 40.0);
        let decay = Decay { half_life_months: 4_800.0, floor: 20.0 };
        assert_eq!(decay.apply(80.0, day("1626"), as_of), 50.0);
        assert_eq!(decay.apply(10.0, day("1626"), as_of), 10.0);
    }

    #[test]
    fn no_activity_known_or_one_in_the_future_changes_nothing() {
        let as_of = Date::new(2026, 1, 1).unwrap();
        let decay = Decay { half_life_months: 6.0, floor: 0.0 };
        assert_eq!(decay.apply(80.0, None, as_of), 80.0);
        assert_eq!(decay.apply(80.0, day("2026-01-01"), as_of), 80.0);
        assert_eq!(decay.apply(80.0, day("2030-01-01"), as_of), 80.0);
    }
}
