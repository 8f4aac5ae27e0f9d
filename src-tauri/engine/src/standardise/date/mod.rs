//! Dates as people and programs write them, to ISO 8601.
//!
//! [`read`] says what a text says; here that becomes a day, with what is known of the whole column ([`DateFormat`]).
//! [`evidence`] finds out what can be known of a column.

mod evidence;
mod read;

pub use evidence::{DateEvidence, DateVerdict};

use self::read::{Written, Year};
use super::Parsed;
use crate::date::{Date, PartialDate};
use crate::issue::{Change, Rule};
use crate::recipe::DateOrder;

/// From when a spreadsheet counts days (ECMA-376 part 1, 18.17.4.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Epoch {
    /// Day 1 is 1900-01-01, and there was a 1900-02-29 (day 60)
    #[default]
    Year1900,
    /// Day 0 is 1904-01-01
    Year1904,
}

/// What is known about the dates of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateFormat {
    /// What comes first in 03/04/2018; `None` where nobody knows
    pub order: Option<DateOrder>,
    /// From when day numbers count
    pub epoch: Epoch,
    /// The column holds day numbers of a spreadsheet
    pub serials: bool,
    /// The day that two-digit years are completed by
    pub today: Date,
    /// Dates of the column lie in the past (births), so a two-digit year is the latest that does not come after today
    pub past_only: bool,
}

/// Years that a bare year, or a date without separators, may have: other numbers are more likely something else.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2200;

/// Reads a day.
///
/// Understood, with a time of day after it or not: `2018-03-04`, `2018/3/4`, `20180304`; `4/3/2018`, `4.3.18` and
/// `4-3-2018` by the order of the column, or without one where only one order fits; `3 Aug 1971`, `03-Aug-71`,
/// `August 3rd, 1971`, `Tue, 3 August 1971`, `1971-Aug-03`; day numbers where the column holds them.
///
/// [`Rule::AmbiguousDate`] for a date that fits both orders in a column without one; [`Rule::UnreadableDate`] for text
/// that is no date, and for days that never were (`1999/02/30`).
///
/// Two-digit years are completed to the past where [`DateFormat::past_only`] is set, else to the years from 80 before
/// to 19 after today's (the window of Java's `SimpleDateFormat`).
#[inline]
pub fn parse_date(text: &str, format: &DateFormat) -> Parsed<Date> {
    match read::read(text) {
        Written::Nothing(change) => Parsed::Missing(change),
        Written::Day { year: Year::Four(year), month, day } => match Date::new(year, month, day) {
            Some(date) => Parsed::Value(date, if is_iso(text) { None } else { Some(Change::DateFormat) }),
            None => Parsed::Failed(Rule::UnreadableDate),
        },
        written => day_of(written, format),
    }
}

/// Reads a day, a month (`2013-05`, `May 2013`, `05/2013`) or a year (`2013`); years 1800 to 2200.
///
/// A day is read as by [`parse_date`]. A number of four digits is a year, of six `YYYYMM`, of eight `YYYYMMDD`; in a
/// column of day numbers, others are such a number.
#[inline]
pub fn parse_partial(text: &str, format: &DateFormat) -> Parsed<PartialDate> {
    if let &[a, b, c, d] = text.as_bytes()
        && let Some(year) = read::four(a, b, c, d)
        && YEARS.contains(&year)
    {
        return Parsed::Value(PartialDate::year(year), None);
    }
    let parsed = match read::read(text) {
        Written::Nothing(change) => return Parsed::Missing(change),
        Written::Month { year, month } => {
            let iso = text.len() == 7 && text.as_bytes()[4] == b'-';
            month_of(year, month, if iso { None } else { Some(Change::DateFormat) })
        }
        Written::Number { whole, digits: 4 } => match i16::try_from(whole) {
            Ok(year) => Parsed::Value(PartialDate::year(year), Some(Change::DateFormat)),
            Err(_) => Parsed::Failed(Rule::UnreadableDate),
        },
        Written::Number { whole, digits: 6 } => {
            month_of((whole / 100) as i16, (whole % 100) as u8, Some(Change::DateFormat))
        }
        _ => match parse_date(text, format) {
            Parsed::Value(date, change) => Parsed::Value(date.into(), change),
            Parsed::Missing(change) => Parsed::Missing(change),
            Parsed::Failed(rule) => Parsed::Failed(rule),
        },
    };
    match parsed {
        Parsed::Value(date, _) if !YEARS.contains(&date.year) => Parsed::Failed(Rule::UnreadableDate),
        parsed => parsed,
    }
}

fn month_of(year: i16, month: u8, change: Option<Change>) -> Parsed<PartialDate> {
    if (1..=12).contains(&month) {
        Parsed::Value(PartialDate { year, month: Some(month), day: None }, change)
    } else {
        Parsed::Failed(Rule::UnreadableDate)
    }
}

/// Whether a text that was read as a day is `YYYY-MM-DD` already.
#[inline]
fn is_iso(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9', _, _, _, b'-', _, _, b'-', _, b'0'..=b'9'])
}

/// The day that a text says, by what is known of the column.
#[inline]
fn day_of(written: Written, format: &DateFormat) -> Parsed<Date> {
    match written {
        Written::Day { year, month, day } => complete(year, month, day, format),
        Written::Figures { first, second, year } => {
            let order = match (first, second) {
                (13.., _) => DateOrder::DayMonth,
                (_, 13..) => DateOrder::MonthDay,
                (first, second) if first == second => DateOrder::DayMonth,
                _ => match format.order {
                    Some(order) => order,
                    None if first == 0 || second == 0 => return Parsed::Failed(Rule::UnreadableDate),
                    None => return Parsed::Failed(Rule::AmbiguousDate),
                },
            };
            let (day, month) = if order == DateOrder::DayMonth { (first, second) } else { (second, first) };
            complete(year, month, day, format)
        }
        Written::Number { whole, digits: 8 } => match eight_digits(whole) {
            Some(date) => Parsed::Value(date, Some(Change::DateFormat)),
            None => Parsed::Failed(Rule::UnreadableDate),
        },
        Written::Number { whole, .. } if format.serials => match from_serial(whole, format.epoch) {
            Some(date) => Parsed::Value(date, Some(Change::DateSerial)),
            None => Parsed::Failed(Rule::UnreadableDate),
        },
        Written::Nothing(change) => Parsed::Missing(change),
        Written::Number { .. } | Written::Month { .. } | Written::Unreadable => {
            Parsed::Failed(Rule::UnreadableDate)
        }
    }
}

#[inline]
fn complete(year: Year, month: u8, day: u8, format: &DateFormat) -> Parsed<Date> {
    let (year, change) = match year {
        Year::Four(year) => (year, Change::DateFormat),
        Year::Two(year) => (with_century(year, month, day, format), Change::DateCentury),
    };
    match Date::new(year, month, day) {
        Some(date) => Parsed::Value(date, Some(change)),
        None => Parsed::Failed(Rule::UnreadableDate),
    }
}

fn with_century(year: u8, month: u8, day: u8, format: &DateFormat) -> i16 {
    let today = format.today;
    let this_century = today.year() / 100 * 100 + i16::from(year);
    if format.past_only {
        let after_today = (this_century, month, day) > (today.year(), today.month(), today.day());
        this_century - if after_today { 100 } else { 0 }
    } else if this_century > today.year() + 19 {
        this_century - 100
    } else if this_century < today.year() - 80 {
        this_century + 100
    } else {
        this_century
    }
}

fn eight_digits(number: u32) -> Option<Date> {
    let year = i16::try_from(number / 10_000).ok().filter(|year| YEARS.contains(year))?;
    Date::new(year, (number / 100 % 100) as u8, (number % 100) as u8)
}

/// The day of a spreadsheet's day number. Excel's 1900 calendar has a 29 February 1900 that never was, so numbers up to
/// 59 count from one day later than the others, and 60 is no day.
fn from_serial(number: u32, epoch: Epoch) -> Option<Date> {
    /// 9999-12-31 by the 1900 calendar
    const LAST: u32 = 2_958_465;
    let number = i32::try_from(number).ok().filter(|_| number <= LAST)?;
    let days = match (epoch, number) {
        (Epoch::Year1900, 0 | 60) => return None,
        (Epoch::Year1900, 1..60) => number - 25_568,
        (Epoch::Year1900, _) => number - 25_569,
        (Epoch::Year1904, _) => number - 24_107,
    };
    Date::from_days_since_1970(days)
}

#[cfg(test)]
mod tests;
