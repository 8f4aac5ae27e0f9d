//! What was planted, row by row (`truth.csv`) and counted (`manifest.json`). All of it is computed from the values that
//! were written, not from what was meant to be.

use std::collections::BTreeMap;

use serde::Serialize;

use super::names::{COMPANIES, MISSING_COMPANY};
use super::record::{Kind, Record};
use super::render::digits;
use super::{Layout, SampleSettings};

/// The first line of `truth.csv`.
pub(super) const HEADER: &str = "source_file,source_row,person,suspect,kinds\n";

macro_rules! rules {
    ($($variant:ident = $name:literal;)*) => {
        /// The rules that a record breaks, by the names that Muster's reports use.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Broken { $($variant),* }

        impl Broken {
            pub(super) const NAMES: &'static [&'static str] = &[$($name),*];
        }
    };
}

rules! {
    JoinedBeforeBirth = "joined_before_birth";
    ActiveBeforeJoined = "active_before_joined";
    BornInFuture = "born_in_future";
    ImplausibleAge = "implausible_age";
    UnbalancedQuote = "unbalanced_quote";
    SurplusCells = "surplus_cells";
    MissingCells = "missing_cells";
    UndecodableBytes = "undecodable_bytes";
    MissingName = "missing_name";
    UnreadableBirthDate = "unreadable_birth_date";
    UnreadableLastActive = "unreadable_last_active";
    UnreadableScore = "unreadable_score";
    UnreadableState = "unreadable_state";
    UnknownCompany = "unknown_company";
    InvisibleCharacters = "invisible_characters";
    RepeatedRow = "repeated_row";
    RepeatedKey = "repeated_key";
}

/// Rules that make a record a suspect.
const SUSPECT: [Broken; 4] =
    [Broken::JoinedBeforeBirth, Broken::ActiveBeforeJoined, Broken::BornInFuture, Broken::ImplausibleAge];
/// Rules that reject a record.
const REJECT: [Broken; 4] =
    [Broken::UnbalancedQuote, Broken::SurplusCells, Broken::MissingName, Broken::UnreadableBirthDate];

/// A set of broken rules.
#[derive(Debug, Clone, Copy, Default)]
struct Rules(u32);

impl Rules {
    fn of(record: &Record) -> Rules {
        let kinds = record.kinds;
        let born = record.birth.value().map(|day| day.year);
        let active = record.last_active.value().map(|day| day.year);
        let since = record.since.value();
        let before = |a: Option<u16>, b: Option<u16>| a.zip(b).is_some_and(|(a, b)| a < b);
        let mut rules = Rules(0);
        for (rule, is_broken) in [
            (Broken::JoinedBeforeBirth, before(since, born)),
            (Broken::ActiveBeforeJoined, before(active, since)),
            // Everybody else is born from 1935 to 2006.
            (Broken::BornInFuture, born.is_some_and(|year| year > 2030)),
            (Broken::ImplausibleAge, born.is_some_and(|year| year < 1900)),
            (Broken::UnbalancedQuote, kinds.has(Kind::UnbalancedQuote)),
            (Broken::SurplusCells, kinds.has(Kind::SurplusCells)),
            (Broken::MissingCells, kinds.has(Kind::MissingCells)),
            (Broken::UndecodableBytes, kinds.has(Kind::InvalidUtf8)),
            (Broken::MissingName, record.given.is_empty() && record.family.is_empty()),
            (Broken::UnreadableBirthDate, record.birth.is_unreadable()),
            (Broken::UnreadableLastActive, record.last_active.is_unreadable()),
            (Broken::UnreadableScore, record.score.is_unreadable()),
            (Broken::UnreadableState, record.state.is_unreadable()),
            (Broken::UnknownCompany, record.company.value() == Some(MISSING_COMPANY)),
            (Broken::InvisibleCharacters, kinds.has(Kind::Invisible)),
            (Broken::RepeatedRow, kinds.has(Kind::RepeatedRow)),
            (Broken::RepeatedKey, kinds.has(Kind::RepeatedKey)),
        ] {
            rules.0 |= u32::from(is_broken) << rule as u32;
        }
        rules
    }

    fn has(self, rule: Broken) -> bool {
        self.0 & (1 << rule as u32) != 0
    }

    fn has_any(self, rules: &[Broken]) -> bool {
        rules.iter().any(|&rule| self.has(rule))
    }
}

/// Counts of one list, as its rows are written.
#[derive(Debug)]
pub(super) struct Counter {
    layout: Layout,
    rows: u64,
    suspect: u64,
    rejected: u64,
    rules: [u64; Broken::NAMES.len()],
    planted: [u64; Kind::NAMES.len()],
}

impl Counter {
    /// Nothing counted yet.
    pub(super) fn new(layout: Layout) -> Counter {
        Counter {
            layout,
            rows: 0,
            suspect: 0,
            rejected: 0,
            rules: [0; Broken::NAMES.len()],
            planted: [0; Kind::NAMES.len()],
        }
    }

    /// Counts a record and appends its line of `truth.csv`. The header is line 1 of the list.
    pub(super) fn add(&mut self, record: &Record, truth: &mut Vec<u8>) {
        let rules = Rules::of(record);
        self.rows += 1;
        if rules.has_any(&REJECT) {
            self.rejected += 1;
        } else if rules.has_any(&SUSPECT) {
            self.suspect += 1;
        }
        for (code, count) in self.rules.iter_mut().enumerate() {
            *count += u64::from(rules.0 >> code & 1);
        }
        truth.extend_from_slice(self.layout.file_name().as_bytes());
        truth.push(b',');
        digits(self.rows + 1, truth);
        truth.push(b',');
        digits(record.person, truth);
        truth.push(b',');
        let suspects = SUSPECT.into_iter().filter(|&rule| rules.has(rule));
        joined(suspects.map(|rule| Broken::NAMES[rule as usize]), truth);
        truth.push(b',');
        for code in record.kinds.codes() {
            self.planted[code] += 1;
        }
        joined(record.kinds.codes().map(|code| Kind::NAMES[code]), truth);
        truth.push(b'\n');
    }

    /// What was counted. What never occurs is not listed.
    pub(super) fn finish(self) -> ListSummary {
        let named = |names: &[&'static str], counts: &[u64]| {
            names.iter().copied().zip(counts.iter().copied()).filter(|&(_, count)| count > 0).collect()
        };
        ListSummary {
            name: self.layout.file_name(),
            rows: self.rows,
            clean: self.rows - self.suspect - self.rejected,
            suspect: self.suspect,
            rejected: self.rejected,
            rules: named(Broken::NAMES, &self.rules),
            planted: named(Kind::NAMES, &self.planted),
        }
    }
}

fn joined(names: impl Iterator<Item = &'static str>, out: &mut Vec<u8>) {
    for (index, name) in names.enumerate() {
        if index > 0 {
            out.push(b'+');
        }
        out.extend_from_slice(name.as_bytes());
    }
}

/// What one list holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListSummary {
    /// Name of the file
    pub name: &'static str,
    /// Rows, without the header
    pub rows: u64,
    /// Rows that are neither suspect nor rejected
    pub clean: u64,
    /// Rows that break a suspect rule and no rule that rejects
    pub suspect: u64,
    /// Rows with an error: an unreadable birth date, no name, an unbalanced quote, a cell too many
    pub rejected: u64,
    /// Rows by the rule they break. Unreadable dates are counted by column. A repeated row or key is the later one of two.
    pub rules: BTreeMap<&'static str, u64>,
    /// Rows by what was planted in them, as `truth.csv` lists it
    pub planted: BTreeMap<&'static str, u64>,
}

/// What a sample holds: the text of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleSummary {
    /// The settings it was made from
    pub settings: SampleSettings,
    /// The lists, in order
    pub lists: Vec<ListSummary>,
    /// Rows of all lists
    pub rows: u64,
    /// Different people in the lists
    pub people: u64,
    /// Of them, people who are in both lists
    pub people_in_both: u64,
    /// Pairs of records of one person within a list, all lists together
    pub pairs_within: u64,
    /// Pairs of records of one person in different lists
    pub pairs_across: u64,
    /// Companies in `companies.csv`
    pub companies: u64,
    /// The company id that the lists use and `companies.csv` lacks
    pub missing_company: u32,
}

impl SampleSummary {
    /// A summary of counted lists.
    pub(super) fn of(settings: &SampleSettings, lists: Vec<ListSummary>) -> SampleSummary {
        SampleSummary {
            settings: settings.clone(),
            rows: lists.iter().map(|list| list.rows).sum(),
            lists,
            people: 0,
            people_in_both: 0,
            pairs_within: 0,
            pairs_across: 0,
            companies: COMPANIES.len() as u64,
            missing_company: MISSING_COMPANY,
        }
    }
}
