//! The quick way of a row from its raw cells to a line of `master.csv`.
//!
//! Most rows of most lists break no rule and hold a company's number and a plain score. For these the general way (staged cells with their origins, issues, parts of names in memory of their own) does
//! a lot that nobody looks at where rows go straight to files. The quick way decides with the same functions as the
//! general one, and leaves every row to it that has anything unusual; what it writes is the same, byte for byte.

use super::FilePlan;
use crate::field::Field;
use crate::key::{self, SourceKeys};
use crate::piece::{Line, Piece};
use crate::read::{RawBatch, Span};
use crate::standardise::company::CompanyDimension;
use crate::standardise::date::{parse_date, parse_partial};
use crate::standardise::name::{
    NameColumns, NameParts, are_plain, from_columns, plain_space, split_full_name,
};
use crate::standardise::{Parsed, email, phone, score, state, text};
use crate::validate::RecordFacts;
use crate::write::csv::encode_cell;

/// Bytes of the longest line that is written the quick way.
const LINE: usize = 512;

/// Bytes of the longest origin that is copied without a call.
const ORIGIN: usize = 64;

/// Bytes of the longest company that is.
const COMPANY: usize = 64;

/// What the quick way needs to know of a file; made once for all of its rows.
#[derive(Debug)]
pub struct QuickPlan<'p> {
    plan: &'p FilePlan,
    names: Names,
    /// The companies as cells, and their lengths; those that are too long are 0 long
    companies: Vec<([u8; COMPANY], u8)>,
    keys: SourceKeys,
}

/// Where the names stand.
#[derive(Debug, Clone, Copy)]
enum Names {
    /// In one column
    Whole(usize),
    /// In columns of their own: prefix, given, middle, family, suffix, preferred
    Apart([Option<usize>; 6]),
}

/// A row that was written: what identifies it, as in [`crate::staged::StagedRow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuickRow {
    /// Identifies the membership
    pub key: u128,
    /// Hash of all raw cells
    pub raw_hash: u64,
}

/// The given, middle, family and preferred name of a row.
type NamePieces<'t> = [Piece<'t>; 4];

impl<'p> QuickPlan<'p> {
    /// `None` where every row has to go the general way: the person has changed something, rows get fingerprints, or
    /// there is no name, or one in two places.
    pub fn new(plan: &'p FilePlan) -> Option<QuickPlan<'p>> {
        let operations = plan.operations();
        let changed = !operations.rows.is_empty() || !operations.fields.is_empty() || !plan.values.is_empty();
        if changed || plan.fingerprints {
            return None;
        }
        let names = match plan.full_name {
            Some(_) if plan.separate_names => return None,
            Some(column) => Names::Whole(column),
            None => Names::Apart(super::row::NAME_FIELDS.map(|field| plan.columns[field.index()])),
        };
        Some(QuickPlan {
            plan,
            names,
            companies: encoded(&plan.companies),
            keys: SourceKeys::new(&plan.source)?,
        })
    }

    /// A writer for one thread. Each line ends with `origin`, which is encoded already, and the number of the row's line.
    pub fn writer(&self, origin: &[u8]) -> QuickWriter<'_> {
        let mut short = [0; ORIGIN];
        if let Some(start) = short.get_mut(..origin.len()) {
            start.copy_from_slice(origin);
        }
        QuickWriter {
            quick: self,
            origin: short,
            whole_origin: origin.to_owned(),
            keys: self.keys.clone(),
            line: Line::new(),
            parts: NameParts::default(),
            text: String::new(),
            cell: Vec::new(),
        }
    }
}

fn encoded(companies: &CompanyDimension) -> Vec<([u8; COMPANY], u8)> {
    let mut cell = Vec::new();
    let encode = |(id, name): &(String, String)| {
        cell.clear();
        encode_cell(&mut cell, if name.is_empty() { id } else { name });
        let mut bytes = [0; COMPANY];
        match (bytes.get_mut(..cell.len()), u8::try_from(cell.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(&cell);
                (bytes, length)
            }
            _ => (bytes, 0),
        }
    };
    companies.entries().iter().map(encode).collect()
}

/// Writes rows the quick way, one after the other.
#[derive(Debug)]
pub struct QuickWriter<'q> {
    quick: &'q QuickPlan<'q>,
    /// The origin, where it is short
    origin: [u8; ORIGIN],
    whole_origin: Vec<u8>,
    keys: SourceKeys,
    line: Line<LINE>,
    /// A name that is not plain
    parts: NameParts,
    /// Memory for values that are not written as they stand
    text: String,
    cell: Vec<u8>,
}

/// A raw row at work.
#[derive(Clone, Copy)]
struct RawCells<'t> {
    text: &'t str,
    spans: &'t [Span],
}

impl<'t> RawCells<'t> {
    #[inline]
    fn span(self, column: Option<usize>) -> Span {
        column.and_then(|column| self.spans.get(column)).copied().unwrap_or_default()
    }

    #[inline]
    fn at(self, column: Option<usize>) -> &'t str {
        let span = self.span(column);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    #[inline]
    fn names(self, columns: [Option<usize>; 6]) -> NameColumns<'t> {
        let [prefix, given, middle, family, suffix, preferred] = columns.map(|column| Some(self.at(column)));
        NameColumns { prefix, given, middle, family, suffix, preferred }
    }

    #[inline]
    fn piece(self, column: Option<usize>) -> Option<Piece<'t>> {
        let span = self.span(column);
        Piece::new(self.text.as_bytes(), span.start as usize, span.end as usize)
    }
}

impl QuickWriter<'_> {
    /// The row written last: its fields in the order of [`MASTER_FIELDS`](crate::write::csv::MASTER_FIELDS), its origin
    /// and the number of its line, with commas between them and a line end.
    pub fn line(&self) -> &[u8] {
        self.line.as_bytes()
    }

    /// Writes a row in which the reader found no fault; `None` where it must go the general way. A row that was written
    /// is clean.
    #[inline]
    pub fn write(&mut self, raw: &RawBatch, index: usize) -> Option<QuickRow> {
        let cells = RawCells { text: raw.text(), spans: raw.spans(index) };
        self.line.truncate(0);
        let names = self.plain_names(cells);
        match names {
            None => self.write_names(cells)?,
            Some([given, middle, family, preferred]) => {
                for (piece, commas) in [(given, 1), (middle, 1), (family, 3), (preferred, 1)] {
                    self.line.push_piece(piece)?;
                    self.line.push_start(b",,,", commas)?;
                }
            }
        }
        self.write_fields(raw, index, cells, names)
    }

    /// Takes a name that is not plain apart, in the general way, and writes its parts.
    fn write_names(&mut self, cells: RawCells<'_>) -> Option<()> {
        let parts = &mut self.parts;
        match self.quick.names {
            Names::Whole(column) => split_full_name(cells.at(Some(column)), parts),
            Names::Apart(columns) => from_columns(&cells.names(columns), parts),
        }
        if parts.invisible || !parts.has_name() {
            return None;
        }
        let [prefix, given, middle, family, suffix, preferred] = parts.values();
        for part in [given, middle, family, prefix, suffix, preferred] {
            self.cell.clear();
            encode_cell(&mut self.cell, part);
            self.line.push_slice(&self.cell)?;
            self.line.push(b",")?;
        }
        Some(())
    }

    /// The parts of a plain name; `None` for others, and where there is none.
    #[inline]
    fn plain_names<'t>(&self, cells: RawCells<'t>) -> Option<NamePieces<'t>> {
        match self.quick.names {
            Names::Whole(column) => {
                let Span { start, end } = cells.span(Some(column));
                let space = start as usize + plain_space(cells.at(Some(column)))?;
                let text = cells.text.as_bytes();
                let given = Piece::new(text, start as usize, space)?;
                let family = Piece::new(text, space + 1, end as usize)?;
                Some([given, Piece::EMPTY, family, Piece::EMPTY])
            }
            Names::Apart(columns) => {
                let [prefix, given, middle, family, suffix, preferred] =
                    columns.map(|column| Some(cells.at(column)));
                let texts = NameColumns { prefix, given, middle, family, suffix, preferred };
                let named =
                    given.is_some_and(|text| !text.is_empty()) || family.is_some_and(|text| !text.is_empty());
                if !named || !are_plain(&texts) {
                    return None;
                }
                let [_, given, middle, family, _, preferred] = columns;
                Some([
                    cells.piece(given)?,
                    cells.piece(middle)?,
                    cells.piece(family)?,
                    cells.piece(preferred)?,
                ])
            }
        }
    }

    /// Writes what follows the names, and checks the rules.
    #[inline]
    fn write_fields(
        &mut self,
        raw: &RawBatch,
        index: usize,
        cells: RawCells<'_>,
        names: Option<NamePieces<'_>>,
    ) -> Option<QuickRow> {
        let plan = self.quick.plan;
        let at = |field: Field| cells.at(plan.columns[field.index()]);
        let mut facts = RecordFacts { has_name: true, ..RecordFacts::default() };
        let birth = match at(Field::BirthDate) {
            "" => None,
            text => Some(parse_date(text, &plan.dates[0]).value()?),
        };
        facts.birth = birth;
        let birth = birth.map(crate::Date::iso);
        if let Some(birth) = &birth {
            self.line.push(birth)?;
        }
        self.line.push(b",")?;
        self.write_company(at(Field::Company))?;
        self.write_state(at(Field::State))?;
        self.write_text(at(Field::Email), email::parse_email)?;
        self.write_text(at(Field::Phone), phone::parse_phone)?;
        match at(Field::MemberSince) {
            "" => {}
            text => {
                let since = parse_partial(text, &plan.dates[1]).value()?;
                facts.member_since = Some(since);
                let (bytes, length) = since.iso();
                self.line.push_start(&bytes, length)?;
            }
        }
        self.line.push(b",")?;
        match at(Field::LastActive) {
            "" => {}
            text => {
                let active = parse_date(text, &plan.dates[2]).value()?;
                facts.last_active = Some(active);
                self.line.push(&active.iso())?;
            }
        }
        self.line.push(b",")?;
        match at(Field::Score) {
            "" => {}
            text => {
                facts.score = Some(score::usual(text.as_bytes())?);
                self.line.push_piece(cells.piece(plan.columns[Field::Score.index()])?)?;
            }
        }
        self.line.push(b",")?;
        let mut clean = true;
        plan.rules.check(&facts, &mut |_, _| clean = false);
        if !clean {
            return None;
        }
        let key = self.key(at(Field::SourceKey), names, birth.as_ref())?;
        self.write_origin(raw.rows().get(index)?.line)?;
        let raw_hash = key::raw_hash_of_line(cells.text.as_bytes(), cells.spans)
            .unwrap_or_else(|| key::raw_hash(raw.cells(index)));
        Some(QuickRow { key, raw_hash })
    }

    #[inline]
    fn write_origin(&mut self, line: u64) -> Option<()> {
        match self.whole_origin.len() {
            length @ ..=ORIGIN => self.line.push_start(&self.origin, length)?,
            _ => self.line.push_slice(&self.whole_origin)?,
        }
        self.line.push(b",")?;
        self.line.push_number(line)?;
        self.line.push(b"\n")
    }

    #[inline]
    fn write_company(&mut self, text: &str) -> Option<()> {
        if !text.is_empty() {
            let position = self.quick.plan.companies.position(text)?;
            let (cell, length) = self.quick.companies.get(position).filter(|(_, length)| *length > 0)?;
            self.line.push_start(cell, usize::from(*length))?;
        }
        self.line.push(b",")
    }

    #[inline]
    fn write_state(&mut self, text: &str) -> Option<()> {
        if !text.is_empty() {
            let code = state::parse_state(text).value()?;
            self.line.push(code.as_bytes().first_chunk::<2>()?)?;
        }
        self.line.push(b",")
    }

    /// Writes a field in the general way, which is quick enough for it.
    #[inline]
    fn write_text(&mut self, text: &str, parse: fn(&str, &mut String) -> Parsed<()>) -> Option<()> {
        if !text.is_empty() {
            self.text.clear();
            self.cell.clear();
            parse(text, &mut self.text).value()?;
            encode_cell(&mut self.cell, &self.text);
            self.line.push_slice(&self.cell)?;
        }
        self.line.push(b",")
    }

    /// Plain names are hashed as pieces, others as they were taken apart.
    #[inline]
    fn key(&mut self, number: &str, names: Option<NamePieces<'_>>, birth: Option<&[u8; 10]>) -> Option<u128> {
        let source = &self.quick.plan.source;
        if !number.is_empty() {
            self.text.clear();
            text::tidy(number, &mut self.text).value()?;
            return Some(key::numbered_key(source, &self.text));
        }
        if let Some([given, middle, family, _]) = names {
            return self.keys.key([given, middle, family, Piece::EMPTY], birth);
        }
        let [_, given, middle, family, suffix, _] = self.parts.values();
        let name = [given, middle, family, suffix].map(|part| (!part.is_empty()).then_some(part));
        let birth = birth.and_then(|date| std::str::from_utf8(date).ok());
        Some(key::source_key(source, name, birth))
    }
}

#[cfg(test)]
mod tests;
