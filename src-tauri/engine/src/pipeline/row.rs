//! One row through all stages.

use crate::date::{Date, PartialDate};
use crate::field::Field;
use crate::issue::{Change, Level, Rule};
use crate::key;
use crate::operations::RowStep;
use crate::read::RawBatch;
use crate::recipe::RowRef;
use crate::staged::{Cell, CellOrigin, Issue, RowClass, StagedBatch, StagedRow};
use crate::standardise::company::CompanyHit;
use crate::standardise::date::{parse_date, parse_partial};
use crate::standardise::name::{self, NameColumns, NameParts};
use crate::standardise::{Parsed, email, phone, score, state, text};
use crate::validate::RecordFacts;

use super::FilePlan;

/// The parts of a name, in the order in which the name standardiser has them.
pub(super) const NAME_FIELDS: [Field; 6] = [
    Field::Prefix,
    Field::GivenName,
    Field::MiddleName,
    Field::FamilyName,
    Field::Suffix,
    Field::PreferredName,
];

/// Stages rows one after the other; keeps its buffers.
pub(super) struct RowStager<'p> {
    plan: &'p FilePlan,
    parts: NameParts,
    row: Row,
    text: String,
}

/// The row in work.
#[derive(Default)]
struct Row {
    cells: [Cell; Field::COUNT],
    failed: [Option<Rule>; Field::COUNT],
    birth: Option<Date>,
    member_since: Option<PartialDate>,
    last_active: Option<Date>,
    score: Option<f64>,
    company_id: (u32, u32),
    invisible: Option<Field>,
    excluded: bool,
}

impl<'p> RowStager<'p> {
    pub(super) fn new(plan: &'p FilePlan) -> RowStager<'p> {
        RowStager { plan, parts: NameParts::default(), row: Row::default(), text: String::new() }
    }

    /// Appends row `index` of `raw` to `staged`.
    pub(super) fn stage(&mut self, raw: &RawBatch, index: usize, faults: &[Rule], staged: &mut StagedBatch) {
        self.row = Row::default();
        self.text = std::mem::take(&mut staged.text);
        self.standardise_names(raw, index, staged);
        let plan = self.plan;
        for &(field, column) in &plan.plain {
            let cell = raw.cell(index, column).unwrap_or_default();
            self.standardise_mapped(field, column, cell, staged);
        }
        let fingerprint = if self.plan.fingerprints { self.plan.fingerprint(raw, index) } else { 0 };
        let row_ref = RowRef { fingerprint, occurrence: raw.rows()[index].occurrence };
        self.apply_operations(raw, index, row_ref, staged);
        self.finish(raw, index, faults, row_ref, staged);
    }

    fn standardise_names(&mut self, raw: &RawBatch, index: usize, staged: &mut StagedBatch) {
        let plan = self.plan;
        let row = staged.rows.len();
        self.parts.clear();
        let column = |field: Field| plan.columns[field.index()];
        if let Some(at) = plan.full_name {
            let cell = raw.cell(index, at).unwrap_or_default();
            name::split_full_name(mapped(plan, at, cell, row, staged).0.unwrap_or_default(), &mut self.parts);
        }
        if plan.full_name.is_none() || plan.separate_names {
            let mut cells = [None; 6];
            for (cell, field) in cells.iter_mut().zip(NAME_FIELDS) {
                *cell = column(field)
                    .and_then(|at| mapped(plan, at, raw.cell(index, at).unwrap_or_default(), row, staged).0);
            }
            let [prefix, given, middle, family, suffix, preferred] = cells;
            // A full name counts where the separate columns are empty in this row.
            if plan.full_name.is_none()
                || [given, family].iter().flatten().any(|cell| !cell.trim().is_empty())
            {
                self.parts.clear();
                let columns = NameColumns { prefix, given, middle, family, suffix, preferred };
                name::from_columns(&columns, &mut self.parts);
            }
        }
        self.take_name_parts();
    }

    fn take_name_parts(&mut self) {
        let parts = &self.parts;
        for ((field, value), change) in NAME_FIELDS.into_iter().zip(parts.values()).zip(parts.changes) {
            // A piece of a full name is the file's own text: only what was rewritten or moved counts as changed.
            let origin = match change {
                None | Some(Change::NameSplit) => CellOrigin::AsRead,
                Some(change) => CellOrigin::Changed(change),
            };
            if !value.is_empty() || origin != CellOrigin::AsRead {
                let start = self.text.len();
                self.text.push_str(value);
                self.row.cells[field.index()] = cell(start, self.text.len(), origin, false);
            }
        }
        if parts.invisible {
            self.row.invisible = Some(Field::FamilyName);
        }
    }

    fn standardise_mapped(&mut self, field: Field, column: usize, raw: &str, staged: &mut StagedBatch) {
        let (value, by_map) = mapped(self.plan, column, raw, staged.rows.len(), staged);
        self.set(field, value.unwrap_or_default(), None);
        if by_map && self.row.failed[field.index()].is_none() {
            self.row.cells[field.index()].origin = CellOrigin::Changed(Change::ValueMapped);
        }
    }

    /// Standardises a text into a field. `origin` overrules what standardising says of where the value comes from.
    fn set(&mut self, field: Field, raw: &str, origin: Option<CellOrigin>) {
        let company = (field == Field::Company).then(|| self.keep_company_id(raw));
        let start = self.text.len();
        let parsed = match company {
            Some(company) => written(company, |hit| self.text.push_str(hit.name)),
            None => self.parse(field, raw),
        };
        let (changed, failed) = match parsed {
            Parsed::Missing(change) | Parsed::Value((), change) => (change, None),
            Parsed::Failed(rule) => {
                self.text.truncate(start);
                // What cannot be understood is shown as it stands, on one line and without invisible characters.
                if !matches!(text::tidy(raw, &mut self.text), Parsed::Value(..)) {
                    self.text.push_str(raw.trim());
                }
                (None, Some(rule))
            }
        };
        let origin = origin.or(changed.map(CellOrigin::Changed)).unwrap_or_default();
        self.row.cells[field.index()] = cell(start, self.text.len(), origin, failed.is_some());
        self.row.failed[field.index()] = failed;
    }

    /// Appends the standardised text and keeps the typed value.
    fn parse(&mut self, field: Field, raw: &str) -> Parsed<()> {
        let out = &mut self.text;
        match field {
            Field::BirthDate => {
                let parsed = parse_date(raw, &self.plan.dates[0]);
                self.row.birth = parsed.value();
                written(parsed, |date| date.write(out))
            }
            Field::MemberSince => {
                let parsed = parse_partial(raw, &self.plan.dates[1]);
                self.row.member_since = parsed.value();
                written(parsed, |date| date.write(out))
            }
            Field::LastActive => {
                let parsed = parse_date(raw, &self.plan.dates[2]);
                self.row.last_active = parsed.value();
                written(parsed, |date| date.write(out))
            }
            Field::Score => {
                let parsed = score::parse_score(raw, out);
                self.row.score = parsed.value();
                written(parsed, |_| ())
            }
            Field::State => written(state::parse_state(raw), |code| out.push_str(code)),
            Field::Email => email::parse_email(raw, out),
            Field::Phone => phone::parse_phone(raw, out),
            Field::SourceKey => text::tidy(raw, out),
            // Typed into a part of a name; names that are read go through the name standardiser.
            _ => text::tidy_name(raw, out),
        }
    }

    /// Looks a company up and keeps its id. An id that the company list does not have is kept too: the list may get it
    /// later.
    fn keep_company_id<'t>(&mut self, raw: &'t str) -> Parsed<CompanyHit<'t>>
    where
        'p: 't,
    {
        let found = self.plan.companies.look_up(raw);
        let id = match &found {
            Parsed::Value(CompanyHit { id, .. }, _) => *id,
            Parsed::Failed(_) => {
                Some(raw.trim()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            }
            Parsed::Missing(_) => None,
        };
        let start = self.text.len();
        self.text.push_str(id.unwrap_or_default());
        self.row.company_id = (offset(start), offset(self.text.len() - start));
        found
    }

    fn apply_operations(&mut self, raw: &RawBatch, at: usize, row: RowRef, staged: &mut StagedBatch) {
        let operations = self.plan.operations();
        if operations.rows.is_empty() && operations.fields.is_empty() {
            return;
        }
        let index = offset(staged.rows.len());
        let of_row = operations.rows.get(&row).map_or(&[][..], Vec::as_slice);
        let (mut rows, mut fields) = (of_row.iter().peekable(), operations.fields.iter().peekable());
        loop {
            let row_first = match (rows.peek(), fields.peek()) {
                (None, None) => break,
                (Some(row), Some(field)) => row.0 < field.0,
                (row, _) => row.is_some(),
            };
            let step = if row_first {
                rows.next().map(|(step, action)| (*step, self.apply_to_row(raw, at, action)))
            } else {
                fields.next().map(|(step, field, action)| {
                    let after = action.apply(self.shown(*field));
                    (*step, after.map(|value| self.edit(*field, value.as_deref())).is_some())
                })
            };
            if let Some((step, true)) = step {
                staged.touches.push((index, step));
            }
        }
    }

    fn apply_to_row(&mut self, raw: &RawBatch, at: usize, step: &RowStep) -> bool {
        match step {
            RowStep::Edit { field, was, value } => {
                let applies = self.plan.raw_text(raw, at, *field) == was.as_deref();
                if applies {
                    self.edit(*field, value.as_deref());
                }
                applies
            }
            RowStep::Exclude => !std::mem::replace(&mut self.row.excluded, true),
            RowStep::Restore => std::mem::replace(&mut self.row.excluded, false),
        }
    }

    fn edit(&mut self, field: Field, value: Option<&str>) {
        if field.is_of_name() {
            // Whoever retyped the name has seen it.
            self.row.invisible = None;
        }
        self.set(field, value.unwrap_or_default(), Some(CellOrigin::Edited));
    }

    /// What the grid shows of a cell.
    fn shown(&self, field: Field) -> Option<&str> {
        let cell = self.row.cells[field.index()];
        (cell.len > 0).then(|| &self.text[cell.start as usize..(cell.start + cell.len) as usize])
    }

    fn value(&self, field: Field) -> Option<&str> {
        if self.row.cells[field.index()].failed { None } else { self.shown(field) }
    }

    fn finish(
        &mut self,
        raw: &RawBatch,
        index: usize,
        faults: &[Rule],
        row: RowRef,
        staged: &mut StagedBatch,
    ) {
        let class = self.validate(faults, staged);
        let raw_hash = key::raw_hash(raw.cells(index));
        let key = self.key(raw_hash);
        staged.cells.extend_from_slice(&self.row.cells);
        staged.rows.push(StagedRow {
            line: raw.rows()[index].line,
            class,
            key,
            raw_hash,
            fingerprint: row.fingerprint,
            occurrence: row.occurrence,
            company_id: self.row.company_id,
            issues_end: offset(staged.issues.len()),
        });
        staged.text = std::mem::take(&mut self.text);
    }

    fn validate(&mut self, faults: &[Rule], staged: &mut StagedBatch) -> RowClass {
        let rules = &self.plan.rules;
        let row = offset(staged.rows.len());
        let mut class = RowClass::Clean;
        let mut found = |rule: Rule, field: Option<Field>| {
            if !rules.is_on(rule) {
                return;
            }
            if rule.level(field) == Level::Error {
                class = RowClass::Rejected;
            } else if rule.makes_suspect() && class == RowClass::Clean {
                class = RowClass::Suspect;
            }
            staged.issues.push(Issue { row, field, rule });
        };
        for &rule in faults {
            found(rule, None);
        }
        if let Some(field) = self.row.invisible {
            found(Rule::InvisibleCharacters, Some(field));
        }
        if self.row.failed != [None; Field::COUNT] {
            for field in Field::ALL {
                if let Some(rule) = self.row.failed[field.index()] {
                    found(rule, Some(field));
                }
            }
        }
        let facts = RecordFacts {
            birth: self.row.birth,
            member_since: self.row.member_since,
            last_active: self.row.last_active,
            score: self.row.score,
            has_name: self.row.cells[Field::GivenName.index()].len > 0
                || self.row.cells[Field::FamilyName.index()].len > 0,
        };
        rules.check(&facts, &mut found);
        if self.row.excluded { RowClass::Excluded } else { class }
    }

    fn key(&self, raw_hash: u64) -> u128 {
        let source = &self.plan.source;
        if let Some(number) = self.value(Field::SourceKey) {
            return key::numbered_key(source, number);
        }
        let name = [Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix]
            .map(|field| self.value(field));
        let birth = self.value(Field::BirthDate);
        if name.iter().chain([&birth]).all(Option::is_none) {
            // Nothing identifies the row: it is like no other.
            return key::numbered_key(source, &format!("{raw_hash:016x}"));
        }
        key::source_key(source, name, birth)
    }
}

/// The text that a cell is read as, and whether the person mapped it.
fn mapped<'t>(
    plan: &'t FilePlan,
    column: usize,
    cell: &'t str,
    row: usize,
    staged: &mut StagedBatch,
) -> (Option<&'t str>, bool) {
    let Some((_, values)) = plan.values.iter().find(|(at, _)| *at == column) else {
        return (Some(cell), false);
    };
    match values.get(cell.trim()) {
        None => (Some(cell), false),
        Some((step, to)) => {
            staged.touches.push((offset(row), *step));
            (to.as_deref(), true)
        }
    }
}

fn written<T>(parsed: Parsed<T>, write: impl FnOnce(T)) -> Parsed<()> {
    match parsed {
        Parsed::Missing(change) => Parsed::Missing(change),
        Parsed::Failed(rule) => Parsed::Failed(rule),
        Parsed::Value(value, change) => {
            write(value);
            Parsed::Value((), change)
        }
    }
}

fn cell(start: usize, end: usize, origin: CellOrigin, failed: bool) -> Cell {
    Cell { start: offset(start), len: offset(end - start), origin, failed }
}

/// A batch's text is a few megabytes, far below `u32::MAX`.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
