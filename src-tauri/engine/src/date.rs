//! A civil date, and its reduced forms.

use std::fmt;

/// A day of the proleptic Gregorian calendar, years 1 to 9999 (ISO 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// The date, if there is such a day.
    pub const fn new(year: i16, month: u8, day: u8) -> Option<Date> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) {
            return None;
        }
        Some(Date { year, month, day })
    }

    /// Year, 1 to 9999.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// Month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The day that lies `days` after 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    pub fn from_days_since_1970(days: i32) -> Option<Date> {
        let shifted = i64::from(days) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Date::new(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Days after 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    pub fn days_since_1970(self) -> i32 {
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        // A year begins in March, so that the leap day is its last.
        let year = i32::from(self.year) - i32::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// Writes `YYYY-MM-DD`.
    pub fn write(self, out: &mut String) {
        PartialDate::from(self).write(out);
    }

    /// `YYYY-MM-DD`.
    #[inline]
    pub fn iso(self) -> [u8; 10] {
        PartialDate::from(self).iso().0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const fn days_in(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A date of which only the year, or year and month, may be known (ISO 8601 reduced precision).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// Year, 1 to 9999
    pub year: i16,
    /// Month, 1 to 12
    pub month: Option<u8>,
    /// Day; only where the month is known
    pub day: Option<u8>,
}

impl PartialDate {
    /// Only the year is known.
    pub const fn year(year: i16) -> PartialDate {
        PartialDate { year, month: None, day: None }
    }

    /// The date that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` says; `None` for any other text.
    pub fn parse_iso(text: &str) -> Option<PartialDate> {
        let bytes = text.as_bytes();
        let dashes = [4, 7].into_iter().filter(|&at| at < bytes.len());
        if !matches!(bytes.len(), 4 | 7 | 10) || dashes.clone().any(|at| bytes[at] != b'-') {
            return None;
        }
        let number = |from: usize, to: usize| {
            let digits = bytes.get(from..to)?;
            let add =
                |sum: i16, &digit: &u8| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0'));
            digits.iter().try_fold(0, add)
        };
        let year = number(0, 4)?;
        let part = |at: usize| match at < bytes.len() {
            true => u8::try_from(number(at, at + 2)?).ok().map(Some),
            false => Some(None),
        };
        let (month, day) = (part(5)?, part(8)?);
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1))?;
        Some(PartialDate { year, month, day })
    }

    /// The first day that it can be.
    pub fn earliest(self) -> Option<Date> {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// Writes `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub fn write(self, out: &mut String) {
        let (bytes, length) = self.iso();
        out.push_str(std::str::from_utf8(&bytes[..length]).unwrap_or_default());
    }

    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and how many bytes it has.
    #[inline]
    pub fn iso(self) -> ([u8; 10], usize) {
        let year = self.year.clamp(0, 9999).unsigned_abs();
        let ([a, b], [c, d]) = (two((year / 100) as u8), two((year % 100) as u8));
        let ([e, f], [g, h]) = (two(self.month.unwrap_or_default()), two(self.day.unwrap_or_default()));
        let length = match (self.month, self.day) {
            (None, None) => 4,
            (Some(_), Some(_)) => 10,
            _ => 7,
        };
        ([a, b, c, d, b'-', e, f, b'-', g, h], length)
    }
}

/// The numbers below 100 as two digits.
const TWO_DIGITS: [[u8; 2]; 100] = {
    let mut digits = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        digits[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    digits
};

/// A number below 100 as two digits.
#[inline]
fn two(number: u8) -> [u8; 2] {
    TWO_DIGITS.get(usize::from(number)).copied().unwrap_or(*b"00")
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        PartialDate { year: date.year, month: Some(date.month), day: Some(date.day) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_leap_years() {
        assert!(Date::new(2000, 2, 29).is_some());
        assert!(Date::new(1900, 2, 29).is_none());
        assert!(Date::new(2024, 2, 29).is_some());
        assert!(Date::new(2023, 4, 31).is_none());
        assert!(Date::new(0, 1, 1).is_none());
    }

    #[test]
    fn counts_days_from_1970() {
        assert_eq!(Date::from_days_since_1970(0), Date::new(1970, 1, 1));
        assert_eq!(Date::from_days_since_1970(-1), Date::new(1969, 12, 31));
        assert_eq!(Date::from_days_since_1970(11_016), Date::new(2000, 2, 29));
        assert_eq!(Date::from_days_since_1970(i32::MAX), None);
    }

    #[test]
    fn counting_days_and_back_is_the_same_date() {
        for days in (-719_162..2_932_896).step_by(29).chain([2_932_896]) {
            assert_eq!(Date::from_days_since_1970(days).unwrap().days_since_1970(), days);
        }
    }

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        for text in ["0987", "2013-05", "1999-12-01"] {
            let mut out = String::new();
            PartialDate::parse_iso(text).unwrap().write(&mut out);
            assert_eq!(out, text);
        }
        let others = [
            "",
            "987",
            "0000",
            "2013-13",
            "2013-5",
            "2013/05",
            "2023-02-29",
            "2013-05-",
            "+013",
            "2013-05-1é",
        ];
        assert!(others.iter().all(|text| PartialDate::parse_iso(text).is_none()));
    }

    #[test]
    fn writes_reduced_precision() {
        let mut out = String::new();
        PartialDate::year(987).write(&mut out);
        out.push(' ');
        PartialDate { year: 2013, month: Some(5), day: None }.write(&mut out);
        out.push(' ');
        Date::new(1999, 12, 1).unwrap().write(&mut out);
        assert_eq!(out, "0987 2013-05 1999-12-01");
    }
}
