//! What the dates of a column say about how they are written.

use super::read::{Written, four, read};
use super::{YEARS, eight_digits};
use crate::date::Date;
use crate::recipe::DateOrder;

/// Counts over a column's values, from which its order of day and month follows. Counts of parts of a column add up, so
/// it can be gathered by several threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateEvidence {
    /// Day and month in figures that fit both orders, 05/05/2018 among them
    pub both: u64,
    /// Those of `both` where the orders give two different days
    pub differing: u64,
    /// Only a day first fits: 25/03/2018
    pub day_month_only: u64,
    /// Only a month first fits: 03/25/2018
    pub month_day_only: u64,
    /// Dates that need no order: 2018-03-25, 25 March 2018, 2018
    pub unambiguous: u64,
    /// Numbers that may be a spreadsheet's day numbers from 1927 to 2100
    pub serial_like: u64,
    /// Text that is no date
    pub other: u64,
    /// Empty cells and words for nothing
    pub missing: u64,
}

/// What a column's order of day and month is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateVerdict {
    /// The values show it
    Order(DateOrder),
    /// The values fit both orders, or show both: only a person can tell
    Question,
    /// No value needs an order
    NotNeeded,
}

/// Day numbers of 1927-05-18 and 2100-12-31: with fewer digits, a number is more likely a year or nothing of the kind.
const SERIALS: std::ops::RangeInclusive<u32> = 10_000..=73_415;

impl DateEvidence {
    /// Counts one value of the column.
    #[inline]
    pub fn add(&mut self, text: &str) {
        if text.is_empty() {
            self.missing += 1;
            return;
        }
        // A year alone, as in most columns of when people joined.
        if let &[a, b, c, d] = text.as_bytes()
            && let Some(year) = four(a, b, c, d)
        {
            self.add_if_known(YEARS.contains(&year));
            return;
        }
        match read(text) {
            Written::Figures { first, second, .. } => self.add_figures(first, second),
            Written::Nothing(_) => self.missing += 1,
            Written::Unreadable => self.other += 1,
            // Any leap year will do where the century is open.
            Written::Day { year, month, day } => {
                let year = if let super::Year::Four(year) = year { year } else { 2000 };
                self.add_if_known(Date::new(year, month, day).is_some());
            }
            Written::Month { month, .. } => self.add_if_known((1..=12).contains(&month)),
            Written::Number { whole, digits } => match digits {
                4 => self.add_if_known(i16::try_from(whole).is_ok_and(|year| YEARS.contains(&year))),
                8 => self.add_if_known(eight_digits(whole).is_some()),
                _ if SERIALS.contains(&whole) => self.serial_like += 1,
                _ => self.other += 1,
            },
        }
    }

    #[inline]
    fn add_figures(&mut self, first: u8, second: u8) {
        match (first, second) {
            (1..=12, 1..=12) => {
                self.both += 1;
                self.differing += u64::from(first != second);
            }
            (13..=31, 1..=12) => self.day_month_only += 1,
            (1..=12, 13..=31) => self.month_day_only += 1,
            _ => self.other += 1,
        }
    }

    #[inline]
    fn add_if_known(&mut self, known: bool) {
        if known { self.unambiguous += 1 } else { self.other += 1 }
    }

    /// Adds the counts of another part of the column.
    pub fn merge(&mut self, other: &DateEvidence) {
        self.both += other.both;
        self.differing += other.differing;
        self.day_month_only += other.day_month_only;
        self.month_day_only += other.month_day_only;
        self.unambiguous += other.unambiguous;
        self.serial_like += other.serial_like;
        self.other += other.other;
        self.missing += other.missing;
    }

    /// How many values are neither missing nor unreadable.
    pub const fn dates(&self) -> u64 {
        self.both + self.day_month_only + self.month_day_only + self.unambiguous + self.serial_like
    }

    /// The column's order of day and month: never a guess. One value that fits only one order settles it, unless
    /// another fits only the other.
    pub const fn verdict(&self) -> DateVerdict {
        match (self.day_month_only > 0, self.month_day_only > 0) {
            (true, true) => DateVerdict::Question,
            (true, false) => DateVerdict::Order(DateOrder::DayMonth),
            (false, true) => DateVerdict::Order(DateOrder::MonthDay),
            (false, false) if self.differing > 0 => DateVerdict::Question,
            (false, false) => DateVerdict::NotNeeded,
        }
    }

    /// Whether the column holds day numbers of a spreadsheet: at least one value in ten that is not missing. A mixed
    /// column is what a spreadsheet leaves that understood only some of the dates typed into it.
    pub const fn serials(&self) -> bool {
        self.serial_like > 0 && self.serial_like * 10 >= self.dates() + self.other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(values: &[&str]) -> DateEvidence {
        let mut evidence = DateEvidence::default();
        values.iter().for_each(|value| evidence.add(value));
        evidence
    }

    #[test]
    fn counts_what_each_value_says() {
        let all = evidence(&[
            "03/04/2018",
            "05/05/2018",
            "25/03/2018",
            "03/25/2018",
            "2018-03-25",
            "25 Mar 2018",
            "2018",
            "43184",
            "43184.25",
            "99/99/2018",
            "2018-02-30",
            "hello",
            "",
            " ",
            "n/a",
            "3/4/18",
            "20180325",
            "20189999",
            "12",
            "May 2013",
            "2013-13",
        ]);
        let right = DateEvidence {
            both: 3,
            differing: 2,
            day_month_only: 1,
            month_day_only: 1,
            unambiguous: 5,
            serial_like: 2,
            other: 6,
            missing: 3,
        };
        assert_eq!(all, right);
        assert_eq!(all.dates(), 12);
        let mut merged = evidence(&["03/04/2018", "n/a"]);
        merged.merge(&evidence(&["25/03/2018"]));
        assert_eq!(merged, evidence(&["25/03/2018", "n/a", "03/04/2018"]));
    }

    #[test]
    fn one_decisive_value_settles_the_order() {
        let day_first = DateVerdict::Order(DateOrder::DayMonth);
        assert_eq!(evidence(&["03/04/2018", "25/03/2018"]).verdict(), day_first);
        assert_eq!(evidence(&["03/04/2018", "3-25-18"]).verdict(), DateVerdict::Order(DateOrder::MonthDay));
    }

    #[test]
    fn what_fits_both_orders_is_a_question() {
        assert_eq!(evidence(&["03/04/2018", "2018-03-25"]).verdict(), DateVerdict::Question);
        assert_eq!(evidence(&["25/03/2018", "03/25/2018"]).verdict(), DateVerdict::Question);
    }

    #[test]
    fn some_columns_need_no_order() {
        for values in [&["05/05/2018", "2018-03-25"][..], &["2013", "1999"], &["hello"], &[]] {
            assert_eq!(evidence(values).verdict(), DateVerdict::NotNeeded, "{values:?}");
        }
    }

    #[test]
    fn knows_columns_of_day_numbers() {
        assert!(evidence(&["43184", "43185.5", ""]).serials());
        assert!(evidence(&["43184", "03/25/2018", "03/26/2018"]).serials());
        assert!(!evidence(&["2013", "1999"]).serials());
        assert!(!evidence(&[]).serials());
        let mut values = vec!["2018-03-25"; 20];
        values.push("12345");
        assert!(!evidence(&values).serials());
    }
}
