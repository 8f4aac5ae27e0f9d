use proptest::prelude::*;

use super::*;

fn format(order: Option<DateOrder>) -> DateFormat {
    DateFormat {
        order,
        epoch: Epoch::Year1900,
        serials: false,
        today: Date::new(2026, 11, 23).unwrap(),
        past_only: true,
    }
}

fn day(text: &str) -> Parsed<Date> {
    parse_date(text, &format(None))
}

fn date(year: i16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

#[test]
fn iso_dates_stay() {
    assert_eq!(day("2018-03-04"), Parsed::Value(date(2018, 3, 4), None));
    assert_eq!(day("0987-12-31"), Parsed::Value(date(987, 12, 31), None));
}

#[test]
fn year_first_needs_no_order() {
    for text in [
        "2018/03/04",
        "2018.03.04",
        "2018-3-4",
        "2018/3/04",
        "20180304",
        " 2018-03-04 ",
        "2018-03-04T10:20:30Z",
        "2018-03-04T10:20:30.123456+02:00",
        "2018-03-04 10:20",
        "2018-03-04 00:00:00.000",
        "20180304T102030Z",
        "20180304T1020",
        "2018-03-04Z",
        "2018 03 04",
        "2018-03-04 10:20:30 UTC",
        "2018-03-04 10:20:30 -0500",
        "2018\u{2013}03\u{2013}04",
        "2018 Mar 4",
        "2018-Mar-04",
        "20180304.0",
        "2018-03-04+02:00",
    ] {
        assert_eq!(day(text), Parsed::Value(date(2018, 3, 4), Some(Change::DateFormat)), "{text}");
    }
}

#[test]
fn months_may_be_words() {
    for text in [
        "03-Aug-1971",
        "3 Aug 1971",
        "August 3, 1971",
        "Aug. 3, 1971",
        "3rd of August 1971",
        "the 3rd of August, 1971",
        "AUGUST 3RD 1971",
        "Tue, 3 Aug 1971",
        "Tuesday, August 3, 1971",
        "3Aug1971",
        "03AUG1971",
        "1971 Aug 3",
        "Aug-03-1971",
        "3. August 1971",
        "Tue Aug 03 1971 10:00:00 GMT+0200 (CEST)",
        "3/Aug/1971",
        "August 3 1971 at 9:05 pm",
    ] {
        assert_eq!(day(text), Parsed::Value(date(1971, 8, 3), Some(Change::DateFormat)), "{text}");
    }
    for text in ["Aug 3 71", "3-Aug-71", "3 Aug '71", "Aug 3, \u{2019}71", "71-Aug-03"] {
        assert_eq!(day(text), Parsed::Value(date(1971, 8, 3), Some(Change::DateCentury)), "{text}");
    }
}

#[test]
fn figures_are_read_by_the_order_of_the_column() {
    for text in
        ["03/04/2018", "3/4/2018", "03.04.2018", "3-4-2018", "3 / 4 / 2018", "3/4/2018 12:00 AM", "3 4 2018"]
    {
        let changed = Some(Change::DateFormat);
        assert_eq!(day(text), Parsed::Failed(Rule::AmbiguousDate), "{text}");
        assert_eq!(
            parse_date(text, &format(Some(DateOrder::DayMonth))),
            Parsed::Value(date(2018, 4, 3), changed),
            "{text}"
        );
        assert_eq!(
            parse_date(text, &format(Some(DateOrder::MonthDay))),
            Parsed::Value(date(2018, 3, 4), changed),
            "{text}"
        );
    }
}

#[test]
fn figures_that_fit_one_order_need_no_other() {
    let changed = Some(Change::DateFormat);
    for order in [None, Some(DateOrder::DayMonth), Some(DateOrder::MonthDay)] {
        let read = |text| parse_date(text, &format(order));
        assert_eq!(read("25/12/1999"), Parsed::Value(date(1999, 12, 25), changed));
        assert_eq!(read("12/25/1999"), Parsed::Value(date(1999, 12, 25), changed));
        assert_eq!(read("05/05/1999"), Parsed::Value(date(1999, 5, 5), changed));
    }
}

#[test]
fn two_digit_years_are_completed() {
    let read = |text, past_only| {
        parse_date(text, &DateFormat { past_only, ..format(Some(DateOrder::MonthDay)) }).value().unwrap()
    };
    assert_eq!(read("8/3/71", true), date(1971, 8, 3));
    assert_eq!(read("11/23/26", true), date(2026, 11, 23));
    assert_eq!(read("11/24/26", true), date(1926, 11, 24));
    assert_eq!(read("8/3/30", true), date(1930, 8, 3));
    assert_eq!(read("8/3/30", false), date(2030, 8, 3));
    assert_eq!(read("8/3/45", false), date(2045, 8, 3));
    assert_eq!(read("8/3/46", false), date(1946, 8, 3));
    assert_eq!(day("25/12/99"), Parsed::Value(date(1999, 12, 25), Some(Change::DateCentury)));
    // Early in a century, the window reaches back into the last one, and late in it into the next.
    let late = DateFormat { today: date(2095, 1, 1), past_only: false, ..format(Some(DateOrder::DayMonth)) };
    assert_eq!(parse_date("1/2/05", &late).value(), Some(date(2105, 2, 1)));
}

#[test]
fn day_numbers_are_read_where_the_column_holds_them() {
    let read = |text, epoch| parse_date(text, &DateFormat { serials: true, epoch, ..format(None) });
    let serial = |year, month, day| Parsed::Value(date(year, month, day), Some(Change::DateSerial));
    let failed = Parsed::Failed(Rule::UnreadableDate);
    for (text, right) in [
        ("1", serial(1900, 1, 1)),
        ("59", serial(1900, 2, 28)),
        ("60", failed),
        ("61", serial(1900, 3, 1)),
        ("43163", serial(2018, 3, 4)),
        ("43163.0", serial(2018, 3, 4)),
        ("43163.75", serial(2018, 3, 4)),
        (" 43163 ", serial(2018, 3, 4)),
        ("2958465", serial(9999, 12, 31)),
        ("2958466", failed),
        ("0", failed),
        ("-1", failed),
        ("2018-03-04", Parsed::Value(date(2018, 3, 4), None)),
        ("20180304", Parsed::Value(date(2018, 3, 4), Some(Change::DateFormat))),
    ] {
        assert_eq!(read(text, Epoch::Year1900), right, "{text}");
    }
    assert_eq!(read("0", Epoch::Year1904), serial(1904, 1, 1));
    assert_eq!(read("41701", Epoch::Year1904), serial(2018, 3, 4));
    assert_eq!(day("43163"), failed);
}

#[test]
fn days_that_never_were_and_other_text_fail() {
    for text in [
        "1999/02/30",
        "0000/00/00",
        "00/00/0000",
        "2018-13-01",
        "2018-00-10",
        "31/04/2018",
        "31/31/2018",
        "13/13/2018",
        "hello",
        "2018-03",
        "2018",
        "May 2013",
        "1/2/3",
        "1/2/345",
        "1/2/20189",
        "03/04-2018",
        "3//4/2018",
        "/3/4/2018",
        "3/4/2018/",
        "1-2-3-4",
        "2018-03-04-05",
        "3 Foo 1971",
        "3 Aug Aug 1971",
        "Aug",
        "10:30",
        "2018-03-04 25:00",
        "2018-03-04 10:61",
        "2018-03-04x10:00",
        "２０１８-03-04",
        "Aug 3",
        "3 Aug 1971 4",
        "30 Feb 2000",
        "99999999",
        "18000230",
        "180304",
        "3rd 4th 2018",
        "3,4,2018",
        "2018W101",
        "2018-063",
        "T",
        "Z",
        ":",
        "::",
        "1:2",
        "T1:00",
        "20180304T",
        "25-03-2018-",
        "1/0/2018",
        "0/5/2018",
        "123456789012",
    ] {
        assert_eq!(day(text), Parsed::Failed(Rule::UnreadableDate), "{text}");
    }
}

#[test]
fn nothing_is_missing() {
    for text in ["", " ", "\u{a0}"] {
        assert_eq!(day(text), Parsed::Missing(None));
        assert_eq!(parse_partial(text, &format(None)), Parsed::Missing(None));
    }
    for text in ["n/a", "NULL", "-", "?", "unknown"] {
        assert_eq!(day(text), Parsed::Missing(Some(Change::NullWord)), "{text}");
        assert_eq!(parse_partial(text, &format(None)), Parsed::Missing(Some(Change::NullWord)));
    }
}

#[test]
fn reads_years_and_months() {
    let read = |text| parse_partial(text, &format(None));
    let year = PartialDate::year(2013);
    let may = PartialDate { year: 2013, month: Some(5), day: None };
    let changed = Some(Change::DateFormat);
    assert_eq!(read("2013"), Parsed::Value(year, None));
    assert_eq!(read("2013-05"), Parsed::Value(may, None));
    assert_eq!(read("2013-05-07"), Parsed::Value(date(2013, 5, 7).into(), None));
    for text in [" 2013", "2013.0", "2013 "] {
        assert_eq!(read(text), Parsed::Value(year, changed), "{text}");
    }
    for text in [
        "May 2013",
        "2013/05",
        "2013/5",
        "05/2013",
        "5-2013",
        "05.2013",
        "201305",
        "MAY, 2013",
        "2013 May",
        "May-2013",
    ] {
        assert_eq!(read(text), Parsed::Value(may, changed), "{text}");
    }
    assert_eq!(read("5/25/2013"), Parsed::Value(date(2013, 5, 25).into(), changed));
    assert_eq!(read("5/6/2013"), Parsed::Failed(Rule::AmbiguousDate));
    let serials = DateFormat { serials: true, ..format(None) };
    assert_eq!(parse_partial("2013", &serials), Parsed::Value(year, None));
    assert_eq!(
        parse_partial("41401", &serials),
        Parsed::Value(date(2013, 5, 7).into(), Some(Change::DateSerial))
    );
    for text in [
        "1799",
        "2201",
        "0",
        "13",
        "201",
        "20133",
        "2013-13",
        "2013-00",
        "201313",
        "May-13",
        "May",
        "2013.5",
        "1799-05",
        "1700-01-01",
        "05 2013",
        "179905",
        "5/2013/",
        "-2013",
        "2013-",
    ] {
        assert_eq!(read(text), Parsed::Failed(Rule::UnreadableDate), "{text}");
    }
}

proptest! {
    #[test]
    fn never_panics(text in ".*|[0-9/.: \\-TZaugAMPthe']{0,24}", serials: bool) {
        for order in [None, Some(DateOrder::DayMonth), Some(DateOrder::MonthDay)] {
            let format = DateFormat { serials, ..format(order) };
            if let Parsed::Value(date, change) = parse_date(&text, &format) {
                prop_assert_eq!(change.is_none(), date.to_string() == text);
                prop_assert_eq!(parse_date(&date.to_string(), &format), Parsed::Value(date, None));
            }
            if let Parsed::Value(date, change) = parse_partial(&text, &format) {
                let mut iso = String::new();
                date.write(&mut iso);
                prop_assert_eq!(change.is_none(), iso == text);
                prop_assert_eq!(parse_partial(&iso, &format), Parsed::Value(date, None));
            }
        }
        let mut evidence = DateEvidence::default();
        evidence.add(&text);
        prop_assert_eq!(evidence.dates() + evidence.other + evidence.missing, 1);
    }

    #[test]
    fn a_day_reads_the_same_in_every_style(days in -62_000..62_000_i32, pm: bool) {
        let date = Date::from_days_since_1970(days).unwrap();
        let (y, m, d) = (date.year(), date.month(), date.day());
        let month = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December"][usize::from(m) - 1];
        let short = &month[..3];
        let clock = if pm { "11:59 PM" } else { "00:00:00" };
        for text in [
            format!("{y:04}-{m:02}-{d:02}"), format!("{y:04}/{m:02}/{d:02}"), format!("{y:04}/{m}/{d}"),
            format!("{y:04}{m:02}{d:02}"), format!("{d} {month} {y:04}"), format!("{month} {d}, {y:04}"),
            format!("{d:02}-{short}-{y:04}"), format!("{y:04}-{m:02}-{d:02}T{clock}"),
            format!("{d:02}{}{y:04}", short.to_uppercase()),
        ] {
            prop_assert_eq!(day(&text).value(), Some(date), "{}", text);
        }
        for sign in ['/', '-', '.', ' '] {
            for (order, figures) in [
                (DateOrder::DayMonth, format!("{d:02}{sign}{m:02}{sign}{y:04}")),
                (DateOrder::DayMonth, format!("{d}{sign}{m}{sign}{y:04} {clock}")),
                (DateOrder::MonthDay, format!("{m:02}{sign}{d:02}{sign}{y:04}")),
                (DateOrder::MonthDay, format!("{m}{sign}{d}{sign}{y:04}")),
            ] {
                let parsed = parse_date(&figures, &format(Some(order)));
                prop_assert_eq!(parsed.value(), Some(date), "{}", figures);
            }
        }
    }

    #[test]
    fn two_digit_years_of_the_last_hundred_years_read_back(age_in_days in 0..36_500_i32) {
        let date = Date::from_days_since_1970(20_780 - age_in_days).unwrap();
        let text = format!("{}/{}/{:02}", date.day(), date.month(), date.year() % 100);
        let format = DateFormat { today: Date::from_days_since_1970(20_780).unwrap(), ..format(Some(DateOrder::DayMonth)) };
        prop_assert_eq!(parse_date(&text, &format), Parsed::Value(date, Some(Change::DateCentury)));
    }
}
