//! A cell's value as text.

use std::fmt::Write;

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime, ExcelDateTimeType};

use crate::date::Date;

/// A cell's value, whichever reader it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Empty,
    Text(&'a str),
    Int(i64),
    Float(f64),
    Bool(bool),
    Date(ExcelDateTime),
    IsoDate(&'a str),
    IsoDuration(&'a str),
    Error(CellErrorType),
    /// An error value that comes as text
    ErrorText(&'a str),
}

impl<'a> Value<'a> {
    pub(super) fn of_ref(data: &'a DataRef) -> Value<'a> {
        match data {
            DataRef::Empty => Value::Empty,
            DataRef::String(text) => Value::Text(text),
            DataRef::SharedString(text) => Value::Text(text),
            DataRef::Int(number) => Value::Int(*number),
            DataRef::Float(number) => Value::Float(*number),
            DataRef::Bool(yes) => Value::Bool(*yes),
            DataRef::DateTime(date) => Value::Date(*date),
            DataRef::DateTimeIso(text) => Value::IsoDate(text),
            DataRef::DurationIso(text) => Value::IsoDuration(text),
            DataRef::Error(error) => Value::Error(error.clone()),
        }
    }

    pub(super) fn of(data: &'a Data) -> Value<'a> {
        match data {
            Data::Empty => Value::Empty,
            Data::String(text) => Value::Text(text),
            Data::Int(number) => Value::Int(*number),
            Data::Float(number) => Value::Float(*number),
            Data::Bool(yes) => Value::Bool(*yes),
            Data::DateTime(date) => Value::Date(*date),
            Data::DateTimeIso(text) => Value::IsoDate(text),
            Data::DurationIso(text) => Value::IsoDuration(text),
            Data::Error(error) => Value::Error(error.clone()),
        }
    }

    /// ODS has no type for errors: they are texts.
    pub(super) fn of_ods(data: &'a Data) -> Value<'a> {
        match data {
            Data::String(text) if is_error_text(text) => Value::ErrorText(text),
            _ => Value::of(data),
        }
    }

    pub(super) fn is_error(&self) -> bool {
        matches!(self, Value::Error(_) | Value::ErrorText(_))
    }

    /// Appends the value's text.
    pub(super) fn write(&self, out: &mut String) {
        // Writing to a string does not fail.
        let _ = match self {
            Value::Empty => Ok(()),
            Value::Text(text) | Value::ErrorText(text) => out.write_str(text),
            Value::Int(number) => write!(out, "{number}"),
            Value::Float(number) => write_number(*number, out),
            Value::Bool(yes) => out.write_str(if *yes { "TRUE" } else { "FALSE" }),
            Value::Date(date) => write_date(*date, out),
            Value::IsoDate(text) => out.write_str(tidy_iso(text)),
            Value::IsoDuration(text) => match clock(text) {
                Some((hours, minutes, seconds)) => write!(out, "{hours:02}:{minutes:02}:{seconds:02}"),
                None => out.write_str(text),
            },
            Value::Error(error) => write!(out, "{error}"),
        };
    }
}

fn is_error_text(text: &str) -> bool {
    const ERRORS: [&str; 7] = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"];
    let numbered = || text.strip_prefix("Err:").is_some_and(|code| code.parse::<u16>().is_ok());
    ERRORS.contains(&text) || numbered()
}

/// The fewest digits that give the same number back. Powers of ten only where the digits would be mostly zeros.
fn write_number(number: f64, out: &mut String) -> std::fmt::Result {
    let size = number.abs();
    if number.fract() == 0.0 && size < 9_007_199_254_740_992.0 {
        write!(out, "{}", number as i64)
    } else if size >= 1e21 || (size > 0.0 && size < 1e-6) {
        write!(out, "{number:e}")
    } else {
        write!(out, "{number}")
    }
}

/// Days from 1970 to the day 0 of the 1900 epoch, for days from 1900-03-01, and to the one of the 1904 epoch.
const DAY_0_OF_1900: i32 = -25_569;
const DAY_0_OF_1904: i32 = -24_107;

/// The first day number after 9999-12-31 in the 1900 epoch.
const DAYS_END: f64 = 2_958_466.0;

fn write_date(date: ExcelDateTime, out: &mut String) -> std::fmt::Result {
    let number = date.as_f64();
    let is_1904 = counts_from_1904(date);
    if date.is_duration() && number.abs() < DAYS_END {
        let seconds = (number.abs() * 86_400.0).round() as u64;
        let sign = if number < 0.0 { "-" } else { "" };
        return write!(out, "{sign}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    if !(0.0..DAYS_END).contains(&number) {
        return write_number(number, out);
    }
    let seconds_of_all = (number * 86_400.0).round() as u64;
    let (days, seconds) = ((seconds_of_all / 86_400) as i32, seconds_of_all % 86_400);
    let time = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if days == 0 && !(is_1904 && seconds == 0) {
        // A time of day without a date; a bare 0 is not even that.
        return if seconds == 0 {
            out.write_str("0")
        } else {
            write!(out, "{:02}:{:02}:{:02}", time.0, time.1, time.2)
        };
    }
    let since_1970 = match (is_1904, days) {
        (true, _) => days + DAY_0_OF_1904,
        // Excel has a 29 February 1900, so days before it are one off.
        (false, ..60) => days + DAY_0_OF_1900 + 1,
        (false, 60) => return out.write_str("1900-02-29"),
        (false, _) => days + DAY_0_OF_1900,
    };
    match Date::from_days_since_1970(since_1970) {
        Some(day) => day.write(out),
        None => return write_number(number, out),
    }
    if seconds == 0 { Ok(()) } else { write!(out, "T{:02}:{:02}:{:02}", time.0, time.1, time.2) }
}

/// calamine does not tell the epoch of a date, but it compares.
fn counts_from_1904(date: ExcelDateTime) -> bool {
    let kind = if date.is_duration() { ExcelDateTimeType::TimeDelta } else { ExcelDateTimeType::DateTime };
    date == ExcelDateTime::new(date.as_f64(), kind, true)
}

/// Without a time of midnight, and without fractions of seconds.
fn tidy_iso(text: &str) -> &str {
    let whole = text.split('.').next().unwrap_or(text).trim_end_matches('Z');
    whole.strip_suffix("T00:00:00").unwrap_or(whole)
}

/// Hours, minutes and seconds of an ISO duration such as `PT09H30M00S`.
fn clock(text: &str) -> Option<(u32, u32, u32)> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
    Some((hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Value) -> String {
        let mut out = String::new();
        value.write(&mut out);
        out
    }

    fn date(number: f64, is_1904: bool) -> String {
        text(Value::Date(ExcelDateTime::new(number, ExcelDateTimeType::DateTime, is_1904)))
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (number, expected) in [
            (57.0, "57"),
            (-0.0, "0"),
            (1e14, "100000000000000"),
            (4_111_111_111_111_111.0, "4111111111111111"),
            (-2.5, "-2.5"),
            (0.1, "0.1"),
            (1_234_567.891, "1234567.891"),
            (0.000_01, "0.00001"),
            (1e20, "100000000000000000000"),
            (1e21, "1e21"),
            (1.5e-9, "1.5e-9"),
        ] {
            assert_eq!(text(Value::Float(number)), expected);
            assert_eq!(expected.parse::<f64>().unwrap(), number);
        }
        assert_eq!(text(Value::Int(-7)), "-7");
    }

    #[test]
    fn dates_are_iso_in_both_epochs() {
        assert_eq!(date(25_569.0, false), "1970-01-01");
        assert_eq!(date(24_107.0, true), "1970-01-01");
        assert_eq!(date(0.0, true), "1904-01-01");
        assert_eq!(date(1.0, false), "1900-01-01");
        assert_eq!(date(59.0, false), "1900-02-28");
        assert_eq!(date(60.0, false), "1900-02-29");
        assert_eq!(date(61.0, false), "1900-03-01");
        assert_eq!(date(2_958_465.0, false), "9999-12-31");
        assert_eq!(date(45_943.541, false), "2025-10-13T12:59:02");
        // One rounding error before midnight is midnight.
        assert_eq!(date(25_568.999_999_999_9, false), "1970-01-01");
        assert_eq!(date(0.5, false), "12:00:00");
        assert_eq!((date(0.0, false), date(-3.0, false)), ("0".into(), "-3".into()));
        assert_eq!(date(2_958_466.0, false), "2958466");
        assert_eq!(date(2_958_000.0, true), "2958000");
    }

    #[test]
    fn durations_and_iso_texts_are_tidied() {
        let duration = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(text(Value::Date(duration)), "36:00:00");
        assert_eq!(text(Value::IsoDate("2018-03-12T00:00:00")), "2018-03-12");
        assert_eq!(text(Value::IsoDate("2018-03-12T10:20:30.123")), "2018-03-12T10:20:30");
        assert_eq!(text(Value::IsoDuration("PT09H30M00S")), "09:30:00");
        assert_eq!(text(Value::IsoDuration("P1Y")), "P1Y");
    }

    #[test]
    fn the_rest_is_as_shown() {
        assert_eq!(text(Value::Bool(true)), "TRUE");
        assert_eq!(text(Value::Text("007")), "007");
        assert_eq!(text(Value::Error(CellErrorType::NA)), "#N/A");
        let error = Data::String("#N/A".into());
        assert!(Value::of_ods(&error).is_error() && !Value::of(&error).is_error());
    }
}
