//! Records as matching sees them: columns of numbers, each distinct value kept once.

mod fold;
mod names;
mod replace;
mod values;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub(crate) use fold::{fold_code, fold_email, fold_phone, fold_words, generation, local_part};
pub(crate) use names::Names;
pub(crate) use values::{MISSING, Values};

use super::comparison::Comparison;
use crate::field::Field;
use crate::staged::StagedBatch;

/// How the values of an extra column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ExtraKind {
    /// Words, such as a street or a suburb: exact, near and similar spellings
    Text,
    /// A short code that many share, such as a postcode: exact, one or two characters off
    Code,
    /// A number that is one person's own, such as an identity number; also a key of blocks
    Identifier,
    /// A house number
    AddressNumber,
}

/// A column beyond the fields of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExtraColumn {
    /// The name for people, used in explanations
    pub label: String,
    /// How its values are compared
    pub kind: ExtraKind,
}

/// Most extra columns of [`Records`].
pub const MOST_EXTRA: usize = 7;

/// Which value is asked for when a record is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A member's field
    Field(Field),
    /// An extra column, by its position
    Extra(usize),
}

/// Where a record comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origin<'t> {
    /// The source (club) that lists it
    pub source: &'t str,
    /// Whether it is a member of the database already: two of them are not compared
    pub existing: bool,
    /// What identifies the membership within its source, where the source says so (its own member number): records of
    /// one source that share it are one person without a comparison. `None` where it is not known for sure.
    pub membership: Option<u128>,
}

/// A column of texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextColumn {
    pub(crate) values: Values,
    pub(crate) ids: Vec<u32>,
    /// How often each value occurs
    pub(crate) counts: Vec<u32>,
}

impl TextColumn {
    fn push(&mut self, folded: &str) {
        let id = self.values.intern(folded);
        self.ids.push(id);
    }

    fn count(&mut self) {
        self.counts = counts(&self.ids, self.values.len());
    }
}

/// An extra column.
#[derive(Debug, Clone)]
pub(crate) struct Extra {
    pub(crate) column: ExtraColumn,
    pub(crate) text: TextColumn,
}

/// The records to be matched. About 60 bytes a record, and each distinct value once.
#[derive(Debug, Clone, Default)]
pub struct Records {
    pub(crate) names: Names,
    pub(crate) given: Vec<u32>,
    pub(crate) middle: Vec<u32>,
    pub(crate) family: Vec<u32>,
    pub(crate) preferred: Vec<u32>,
    /// How often each name is a given name, and a family name
    pub(crate) given_counts: Vec<u32>,
    pub(crate) family_counts: Vec<u32>,
    /// See [`generation`]
    pub(crate) generation: Vec<u8>,
    /// Year × 10,000 + month × 100 + day; 0 is missing
    pub(crate) birth_date: Vec<u32>,
    pub(crate) birth_counts: HashMap<u32, u32>,
    pub(crate) company: TextColumn,
    pub(crate) state: TextColumn,
    pub(crate) email: TextColumn,
    pub(crate) email_local: TextColumn,
    pub(crate) phone: TextColumn,
    pub(crate) extras: Vec<Extra>,
    pub(crate) sources: Values,
    pub(crate) source: Vec<u32>,
    pub(crate) existing: Vec<bool>,
    pub(crate) membership: Vec<u128>,
}

impl Records {
    /// Starts a table of records with some extra columns, of which those beyond [`MOST_EXTRA`] are left out.
    pub fn builder(extra: &[ExtraColumn]) -> RecordsBuilder {
        let extras = extra
            .iter()
            .take(MOST_EXTRA)
            .map(|column| Extra { column: column.clone(), text: TextColumn::default() })
            .collect();
        RecordsBuilder { records: Records { extras, ..Records::default() } }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.given.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// The source that lists a record.
    pub fn source(&self, record: u32) -> &str {
        self.sources.text(self.source[record as usize])
    }

    /// Whether a record is a member of the database already.
    pub fn is_existing(&self, record: u32) -> bool {
        self.existing[record as usize]
    }

    /// Whether two records are the same membership of the same source.
    #[inline]
    pub fn same_membership(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        self.membership[a] != 0
            && self.membership[a] == self.membership[b]
            && self.source[a] == self.source[b]
    }

    /// The extra columns.
    pub fn extra_columns(&self) -> impl Iterator<Item = &ExtraColumn> {
        self.extras.iter().map(|extra| &extra.column)
    }

    /// Share of the records that have a value to compare.
    pub(crate) fn filled(&self, comparison: Comparison) -> f64 {
        let share =
            |ids: &[u32]| ids.iter().filter(|id| **id != MISSING).count() as f64 / ids.len().max(1) as f64;
        match comparison {
            Comparison::GivenName => share(&self.given),
            Comparison::MiddleName => share(&self.middle),
            Comparison::FamilyName => share(&self.family),
            Comparison::Suffix => {
                self.generation.iter().filter(|one| **one != 0).count() as f64 / self.len().max(1) as f64
            }
            Comparison::BirthDate => share(&self.birth_date),
            Comparison::Company => share(&self.company.ids),
            Comparison::State => share(&self.state.ids),
            Comparison::Email => share(&self.email.ids),
            Comparison::Phone => share(&self.phone.ids),
            Comparison::Extra(index) => {
                self.extras.get(usize::from(index)).map_or(0.0, |e| share(&e.text.ids))
            }
        }
    }

    /// Adds a record to a finished table: its values count in no frequency, and so move nobody's weights. It is for one whom
    /// no other is looked up for, but who is put together with others by what is known of them.
    pub fn append<'t>(&mut self, origin: Origin<'_>, value: impl Fn(Column) -> Option<&'t str>) {
        self.push(origin, value);
    }

    fn push<'t>(&mut self, origin: Origin<'_>, value: impl Fn(Column) -> Option<&'t str>) {
        let records = self;
        let field = |field| value(Column::Field(field)).unwrap_or_default();
        for (ids, of) in [
            (&mut records.given, Field::GivenName),
            (&mut records.middle, Field::MiddleName),
            (&mut records.family, Field::FamilyName),
            (&mut records.preferred, Field::PreferredName),
        ] {
            ids.push(records.names.intern(&fold_words(field(of))));
        }
        records.generation.push(generation(field(Field::Suffix)));
        records.birth_date.push(packed_date(field(Field::BirthDate)));
        records.company.push(&fold_words(field(Field::Company)));
        records.state.push(&fold_code(field(Field::State)));
        let email = fold_email(field(Field::Email));
        records.email_local.push(local_part(&email));
        records.email.push(&email);
        records.phone.push(&fold_phone(field(Field::Phone)));
        for (index, extra) in records.extras.iter_mut().enumerate() {
            let text = value(Column::Extra(index)).unwrap_or_default();
            extra.text.push(&fold_extra(extra.column.kind, text));
        }
        let source = records.sources.intern(origin.source);
        records.source.push(source);
        records.existing.push(origin.existing);
        records.membership.push(origin.membership.unwrap_or_default());
    }

    /// How many pairs could be compared: all but those of two existing records.
    pub(crate) fn comparable_pairs(&self) -> f64 {
        let existing = self.existing.iter().filter(|existing| **existing).count() as f64;
        let all = self.len() as f64;
        (all * (all - 1.0) - existing * (existing - 1.0)) / 2.0
    }
}

/// Makes [`Records`].
#[derive(Debug)]
pub struct RecordsBuilder {
    records: Records,
}

impl RecordsBuilder {
    /// Adds a record; `value` gives its standardised values (dates as `YYYY-MM-DD`). Records are numbered from 0 in
    /// the order in which they are added.
    pub fn push<'t>(&mut self, origin: Origin<'_>, value: impl Fn(Column) -> Option<&'t str>) {
        self.records.push(origin, value);
    }

    /// Adds a row of a staged batch. The row's key is its [`Origin::membership`] where the file has a member number, or a
    /// name and a birth date; a name alone may be that of two members of one club.
    pub fn push_staged(&mut self, source: &str, batch: &StagedBatch, row: usize) {
        let has = |field| batch.value(row, field).is_some();
        let known =
            has(Field::SourceKey) || has(Field::BirthDate) && has(Field::GivenName) && has(Field::FamilyName);
        let membership = known.then(|| batch.rows()[row].key);
        self.push(Origin { source, existing: false, membership }, |column| match column {
            Column::Field(field) => batch.value(row, field),
            Column::Extra(_) => None,
        });
    }

    /// How many records were added.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether none was added.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The records, with the frequencies of their values.
    pub fn finish(self) -> Records {
        let mut records = self.records;
        records.given_counts = counts(&records.given, records.names.len());
        records.family_counts = counts(&records.family, records.names.len());
        for &date in records.birth_date.iter().filter(|&&date| date != MISSING) {
            *records.birth_counts.entry(date).or_default() += 1;
        }
        for column in [
            &mut records.company,
            &mut records.state,
            &mut records.email,
            &mut records.email_local,
            &mut records.phone,
        ] {
            column.count();
        }
        records.extras.iter_mut().for_each(|extra| extra.text.count());
        records
    }
}

fn counts(ids: &[u32], values: usize) -> Vec<u32> {
    let mut counts = vec![0_u32; values];
    for &id in ids {
        counts[id as usize] += 1;
    }
    counts
}

pub(crate) fn fold_extra(kind: ExtraKind, text: &str) -> String {
    match kind {
        ExtraKind::Text => fold_words(text),
        ExtraKind::Code | ExtraKind::Identifier | ExtraKind::AddressNumber => fold_code(text),
    }
}

/// A whole date `YYYY-MM-DD` as one number that keeps its digits; 0 for anything else. Months and days need not
/// exist: dates of lists may be mistyped.
pub(crate) fn packed_date(iso: &str) -> u32 {
    let bytes = iso.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return MISSING;
    }
    let digits = bytes.iter().filter(|byte| **byte != b'-');
    let mut number = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return MISSING;
        }
        number = number * 10 + u32::from(byte - b'0');
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_kept_as_numbers() {
        let mut builder = Records::builder(&[]);
        for company in ["Keller Group", "keller group."] {
            builder.push(Origin { source: "Club", ..Origin::default() }, |column| match column {
                Column::Field(Field::GivenName) => Some("Ann"),
                Column::Field(Field::FamilyName) => Some("Lee"),
                Column::Field(Field::BirthDate) => Some("1970-01-02"),
                Column::Field(Field::Company) => Some(company),
                _ => None,
            });
        }
        let records = builder.finish();
        assert_eq!(records.company.ids, [1, 1]);
        assert_eq!(records.birth_date, [19_700_102; 2]);
        assert_eq!(records.given_counts[records.given[0] as usize], 2);
        assert_eq!(records.middle, [MISSING; 2]);
        assert_eq!(records.source(1), "Club");
    }

    #[test]
    fn only_whole_dates_are_compared() {
        assert_eq!(packed_date("1999-02-03"), 19_990_203);
        for text in ["1999", "1999-02", "1999/02/03", "1999-02-0x", ""] {
            assert_eq!(packed_date(text), MISSING);
        }
    }
}
