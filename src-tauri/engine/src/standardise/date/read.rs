//! What the text of a date says, before anything is known of its column.

use crate::issue::Change;
use crate::standardise::lexicon::Lexicon;
use crate::standardise::text::is_nothing;

/// A year as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    /// With four digits
    Four(i16),
    /// With two, so the century is open
    Two(u8),
}

/// What a text says. Days and months are not checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Nothing, or a word for nothing
    Nothing(Option<Change>),
    /// Year, month and day, each known for what it is
    Day { year: Year, month: u8, day: u8 },
    /// Day and month in an order that the text does not tell
    Figures { first: u8, second: u8, year: Year },
    /// A month of a year
    Month { year: i16, month: u8 },
    /// A number alone, of that many digits; a fraction (the time of day in a spreadsheet) is left out
    Number { whole: u32, digits: u8 },
    /// None of these
    Unreadable,
}

/// Month names and their usual short forms, in the order of [`MONTHS`]; then words that say nothing.
const WORDS: Lexicon<128> = Lexicon::new(&[
    "january",
    "jan",
    "february",
    "feb",
    "march",
    "mar",
    "april",
    "apr",
    "may",
    "june",
    "jun",
    "july",
    "jul",
    "august",
    "aug",
    "september",
    "sept",
    "sep",
    "october",
    "oct",
    "november",
    "nov",
    "december",
    "dec",
    "monday",
    "mon",
    "tuesday",
    "tues",
    "tue",
    "wednesday",
    "weds",
    "wed",
    "thursday",
    "thurs",
    "thur",
    "thu",
    "friday",
    "fri",
    "saturday",
    "sat",
    "sunday",
    "sun",
    "of",
    "the",
]);

/// The month of each of the first words; other words say nothing.
const MONTHS: [u8; 24] = [1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 6, 7, 7, 8, 8, 9, 9, 9, 10, 10, 11, 11, 12, 12];

/// Reads the text of a date.
#[inline]
pub(super) fn read(text: &str) -> Written {
    if let Ok(bytes) = <&[u8; 10]>::try_from(text.as_bytes())
        && let Some(written) = read_ten(bytes)
    {
        return written;
    }
    read_slowly(text)
}

/// The usual ten-byte forms: `2018-03-04`, `2018/03/04`, `03/04/2018`, `03.04.2018`, `03-04-2018`.
#[inline]
fn read_ten(text: &[u8; 10]) -> Option<Written> {
    let &[_, _, c, _, e, f, _, h, _, _] = text;
    let (start, end) = (word(text.first_chunk()?), word(text.last_chunk()?));
    let sign = |byte: u8| matches!(byte, b'/' | b'-' | b'.');
    if c == f && sign(c) {
        let figures = start & 0xffff | (start >> 8) & 0xffff_0000 | end & 0xffff_ffff_0000_0000;
        let [first, second, century, year] = pairs(figures)?;
        let year = i16::from(century) * 100 + i16::from(year);
        Some(Written::Figures { first, second, year: Year::Four(year) })
    } else if e == h && sign(e) {
        let figures = start & 0xffff_ffff | (start >> 8) & 0xffff_0000_0000 | end & 0xffff_0000_0000_0000;
        let [century, year, month, day] = pairs(figures)?;
        let year = i16::from(century) * 100 + i16::from(year);
        Some(Written::Day { year: Year::Four(year), month, day })
    } else {
        None
    }
}

#[inline]
fn word(bytes: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*bytes)
}

/// The numbers of eight digits, two at a time; `None` where one of them is no digit.
#[inline]
fn pairs(digits: u64) -> Option<[u8; 4]> {
    let digits = digits ^ 0x3030_3030_3030_3030;
    // A byte above 9 carries into its highest bit, or has it already.
    if (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let tens = digits & 0x00ff_00ff_00ff_00ff;
    let [a, _, b, _, c, _, d, _] = (tens * 10 + (digits >> 8 & 0x00ff_00ff_00ff_00ff)).to_le_bytes();
    Some([a, b, c, d])
}

#[inline]
fn two(a: u8, b: u8) -> Option<u8> {
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    if a > 9 || b > 9 { None } else { Some(a * 10 + b) }
}

/// The number of four digits.
#[inline]
pub(super) fn four(a: u8, b: u8, c: u8, d: u8) -> Option<i16> {
    Some(i16::from(two(a, b)?) * 100 + i16::from(two(c, d)?))
}

fn read_slowly(text: &str) -> Written {
    let text = text.trim();
    if text.is_empty() {
        return Written::Nothing(None);
    }
    if is_nothing(text) {
        return Written::Nothing(Some(Change::NullWord));
    }
    without_time(text).and_then(Parts::read).and_then(|parts| parts.resolve()).unwrap_or(Written::Unreadable)
}

/// The text before a time of day; `None` where what looks like a time is none.
fn without_time(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let Some(colon) = bytes.iter().position(|&byte| byte == b':') else { return without_basic_time(text) };
    let mut hour = colon;
    while hour > 0 && colon - hour < 2 && is_digit(hour - 1) {
        hour -= 1;
    }
    if hour == colon || hour == 0 || !is_time(&text[hour..]) {
        return None;
    }
    let date = text[..hour].trim_end();
    let date = date.strip_suffix(" at").or_else(|| date.strip_suffix([',', '+'])).unwrap_or(date);
    // The T of ISO 8601, which is no end of a word.
    let t = date.strip_suffix(['T', 't']).filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    let date = t.unwrap_or(date).trim_end();
    // A digit or dash right before the hour means that the colon belongs to something else.
    (date.len() < hour).then_some(date)
}

/// The date before a time in ISO 8601's basic form, `20180304T101500Z`, or before the zone of XML Schema's `2018-03-04Z`.
fn without_basic_time(text: &str) -> Option<&str> {
    let ends_in_digit = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    let local = text.strip_suffix('Z').filter(|rest| ends_in_digit(rest)).unwrap_or(text);
    match local.split_once('T') {
        Some((date, clock)) if ends_in_digit(date) => {
            let known = matches!(clock.len(), 4 | 6) && clock.bytes().all(|byte| byte.is_ascii_digit());
            known.then_some(date)
        }
        _ => Some(local),
    }
}

/// Whether the text is `H:MM`, with seconds, fraction, half of the day and time zone as they come.
fn is_time(text: &str) -> bool {
    let (clock, rest) =
        text.split_at(text.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(text.len()));
    let mut parts = clock.split(':');
    let mut within = |most: u8, optional: bool| match parts.next() {
        Some(part) => (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|value| value <= most),
        None => optional,
    };
    if !(within(24, false) && within(59, false) && within(60, true)) || parts.next().is_some() {
        return false;
    }
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    is_time_suffix(rest.trim())
}

/// `AM`, `Z`, `UTC`, `GMT+0200 (CEST)`, `+02:00`, or nothing.
fn is_time_suffix(text: &str) -> bool {
    let strip = |text: &mut &str, word: &str| {
        if text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)) {
            *text = text[word.len()..].trim_start();
        }
    };
    let mut rest = text;
    for word in ["am", "pm", "a.m.", "p.m.", "utc", "gmt", "z"] {
        strip(&mut rest, word);
    }
    if let Some(zone) = rest.strip_prefix(['+', '-', '\u{2212}']) {
        rest = zone.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':').trim_start();
    }
    rest.is_empty() || rest.starts_with('(') && rest.ends_with(')')
}

/// A number and how many digits it was written with.
#[derive(Clone, Copy, Default)]
struct Figure {
    value: u32,
    digits: u8,
}

/// Numbers, month and signs of a date, in the order in which they stand.
#[derive(Default)]
struct Parts {
    figures: [Figure; 3],
    count: usize,
    /// The month, if a word says it, and how many numbers stand before it
    month: Option<(u8, usize)>,
    /// The sign after each number; a space where only spaces stand there
    signs: [u8; 3],
    /// Something only dates with a month's name have: words, commas, ordinals, an apostrophe
    wordy: bool,
}

impl Parts {
    fn read(text: &str) -> Option<Parts> {
        let mut parts = Parts::default();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let len = match c {
                '0'..='9' => parts.take_figure(rest)?,
                'a'..='z' | 'A'..='Z' => parts.take_word(rest)?,
                _ => {
                    parts.take_sign(c)?;
                    c.len_utf8()
                }
            };
            rest = &rest[len..];
        }
        Some(parts)
    }

    fn take_figure(&mut self, text: &str) -> Option<usize> {
        let len = text.bytes().take_while(u8::is_ascii_digit).count();
        let figure = Figure { value: text[..len].parse().ok()?, digits: u8::try_from(len).ok()? };
        *self.figures.get_mut(self.count)? = figure;
        self.count += 1;
        // 3rd, 21st
        let ordinal = text.get(len..len + 2).is_some_and(|end| {
            ["st", "nd", "rd", "th"].iter().any(|suffix| suffix.eq_ignore_ascii_case(end))
        });
        let ends = !text[len..].chars().nth(2).is_some_and(|c| c.is_ascii_alphabetic());
        if ordinal && ends && len <= 2 {
            self.wordy = true;
            return Some(len + 2);
        }
        Some(len)
    }

    fn take_word(&mut self, text: &str) -> Option<usize> {
        let len = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = WORDS.find(&text.as_bytes()[..len])?;
        self.wordy = true;
        if let Some(&month) = MONTHS.get(word) {
            if self.month.is_some() {
                return None;
            }
            self.month = Some((month, self.count));
        }
        Some(len)
    }

    fn take_sign(&mut self, c: char) -> Option<()> {
        let sign = match c {
            ' ' | '\u{a0}' | '\t' | '\u{202f}' => b' ',
            '/' | '.' | '-' => c as u8,
            '\u{2010}'..='\u{2014}' => b'-',
            ',' | '\'' | '\u{2019}' => {
                self.wordy = true;
                return Some(());
            }
            _ => return None,
        };
        // Before the first number, only the end of a word may stand: "Aug. 3", "Tue - 3 Aug".
        let Some(last) = self.count.checked_sub(1) else { return self.wordy.then_some(()) };
        let known = &mut self.signs[last];
        match (*known, sign) {
            (0 | b' ', _) => *known = sign,
            (_, b' ') => {}
            // Two signs in a row: only where a word stands between them, 3-Aug-1971.
            _ if self.month.is_some() => {}
            _ => return None,
        }
        Some(())
    }

    fn resolve(&self) -> Option<Written> {
        if let Some((month, before)) = self.month {
            return self.resolve_with_month(month, before);
        }
        let [first, second, third] = self.figures;
        if self.wordy || self.count > 0 && !matches!(self.signs[self.count - 1], 0 | b' ') {
            return None;
        }
        match self.count {
            1 => (first.digits <= 8).then_some(Written::Number { whole: first.value, digits: first.digits }),
            2 => self.resolve_two(first, second),
            3 if self.signs[0] != self.signs[1] => None,
            3 if first.digits == 4 => Some(Written::Day {
                year: first.year()?,
                month: second.day_or_month()?,
                day: third.day_or_month()?,
            }),
            3 => Some(Written::Figures {
                first: first.day_or_month()?,
                second: second.day_or_month()?,
                year: third.year()?,
            }),
            _ => None,
        }
    }

    /// A month and a year, or a number with a fraction.
    fn resolve_two(&self, first: Figure, second: Figure) -> Option<Written> {
        let dot = self.signs[0] == b'.';
        if dot && (first.digits > 4 && first.digits <= 8 || second.value == 0) {
            return Some(Written::Number { whole: first.value, digits: first.digits });
        }
        let (year, month) = if first.digits == 4 { (first, second) } else { (second, first) };
        // 2013.5 is a number rather than May 2013.
        if year.digits != 4 || dot && month.digits != 2 || self.signs[0] == b' ' {
            return None;
        }
        Some(Written::Month { year: i16::try_from(year.value).ok()?, month: month.day_or_month()? })
    }

    fn resolve_with_month(&self, month: u8, before: usize) -> Option<Written> {
        let [first, second, _] = self.figures;
        match self.count {
            1 if first.digits == 4 => Some(Written::Month { year: i16::try_from(first.value).ok()?, month }),
            2 => {
                // 1971 Aug 3; else the year comes last.
                let year_first = first.digits == 4 || before == 1 && first.digits == 2 && first.value > 31;
                let (day, year) = if year_first { (second, first) } else { (first, second) };
                Some(Written::Day { year: year.year()?, month, day: day.day_or_month()? })
            }
            _ => None,
        }
    }
}

impl Figure {
    fn year(self) -> Option<Year> {
        match self.digits {
            4 => Some(Year::Four(i16::try_from(self.value).ok()?)),
            2 => Some(Year::Two(u8::try_from(self.value).ok()?)),
            _ => None,
        }
    }

    fn day_or_month(self) -> Option<u8> {
        if self.digits <= 2 { u8::try_from(self.value).ok() } else { None }
    }
}
