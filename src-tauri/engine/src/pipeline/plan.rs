//! What is done to the rows of one file, made ready to be applied to many of them.

use std::sync::Arc;

use crate::date::Date;
use crate::field::{Field, Target};
use crate::key;
use crate::operations::{Operations, ValueMap};
use crate::read::RawBatch;
use crate::recipe::{DateOrder, RuleSettings};
use crate::standardise::company::CompanyDimension;
use crate::standardise::date::{DateFormat, Epoch};
use crate::validate::RuleBook;

/// A column of a file.
#[derive(Debug, Clone, Default)]
pub struct ColumnPlan {
    /// Its header, unique in the file
    pub header: String,
    /// What it is mapped to; `None` keeps it as extra
    pub target: Option<Target>,
    /// For a date: what comes first in dates written in figures
    pub date_order: Option<DateOrder>,
    /// For a date: the cells are day numbers of a spreadsheet
    pub date_serials: bool,
}

/// What the files of an import have in common.
#[derive(Debug, Clone)]
pub struct PlanSettings {
    /// The company list; empty where there is none
    pub companies: Arc<CompanyDimension>,
    /// The person's steps
    pub operations: Arc<Operations>,
    /// Limits of the rules
    pub rules: RuleSettings,
    /// Today, for the rules about the future
    pub today: Date,
    /// Whether every row gets a fingerprint, also where no step names rows
    pub fingerprints: bool,
}

/// What is done to the rows of one file.
#[derive(Debug)]
pub struct FilePlan {
    pub(super) source: String,
    /// Position of the column of each field
    pub(super) columns: [Option<usize>; Field::COUNT],
    pub(super) full_name: Option<usize>,
    pub(super) separate_names: bool,
    /// Fields that are no parts of a name, with the positions of their columns
    pub(super) plain: Vec<(Field, usize)>,
    /// Value mappings by column position
    pub(super) values: Vec<(usize, ValueMap)>,
    pub(super) dates: [DateFormat; 3],
    pub(super) companies: Arc<CompanyDimension>,
    pub(super) rules: RuleBook,
    pub(super) fingerprints: bool,
    operations: Arc<Operations>,
    identity: Vec<usize>,
}

impl FilePlan {
    /// Makes a plan for a file of a source. Of several columns with one target the first counts.
    pub fn new(source: &str, columns: &[ColumnPlan], epoch: Epoch, settings: &PlanSettings) -> FilePlan {
        let position = |target: Target| columns.iter().position(|column| column.target == Some(target));
        let mut by_field = [None; Field::COUNT];
        for target in Target::MEMBERS {
            if let Some(field) = target.field() {
                by_field[field.index()] = position(target);
            }
        }
        let date = |field: Field| {
            let column = by_field[field.index()].map(|at: usize| &columns[at]);
            DateFormat {
                order: column.and_then(|column| column.date_order),
                epoch,
                serials: column.is_some_and(|column| column.date_serials),
                today: settings.today,
                past_only: field != Field::LastActive,
            }
        };
        let name_fields = [Field::GivenName, Field::MiddleName, Field::FamilyName];
        FilePlan {
            source: source.to_owned(),
            full_name: position(Target::FullName),
            plain: Field::ALL
                .into_iter()
                .filter(|field| !field.is_of_name())
                .filter_map(|field| Some((field, by_field[field.index()]?)))
                .collect(),
            separate_names: name_fields.iter().any(|field| by_field[field.index()].is_some()),
            values: value_maps(source, columns, &settings.operations),
            dates: [date(Field::BirthDate), date(Field::MemberSince), date(Field::LastActive)],
            companies: Arc::clone(&settings.companies),
            rules: RuleBook::new(&settings.rules, settings.today),
            fingerprints: settings.fingerprints || settings.operations.name_rows(),
            operations: Arc::clone(&settings.operations),
            identity: identity(columns),
            columns: by_field,
        }
    }

    /// The person's steps.
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// The source of the file.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Identifies a row by the raw text of its member number, or else of its name and birth date; see
    /// [`key::fingerprint`].
    pub fn fingerprint(&self, batch: &RawBatch, row: usize) -> u128 {
        if self.identity.is_empty() {
            return key::fingerprint(&self.source, batch.cells(row));
        }
        let cells = self.identity.iter().map(|&column| batch.cell(row, column).unwrap_or_default());
        key::fingerprint(&self.source, cells)
    }

    /// The raw text that a field of a row is made of, without spaces at its ends; `None` where no column is mapped to
    /// it or the cell is empty. For a part of a full name it is the full name.
    pub fn raw_text<'b>(&self, batch: &'b RawBatch, row: usize, field: Field) -> Option<&'b str> {
        let column =
            self.columns[field.index()].or(if field.is_of_name() { self.full_name } else { None })?;
        batch.cell(row, column).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Columns whose raw text tells a member from the others: names and birth date, and the member number.
fn identity(columns: &[ColumnPlan]) -> Vec<usize> {
    let identifying = [
        Target::SourceKey,
        Target::FullName,
        Target::GivenName,
        Target::MiddleName,
        Target::FamilyName,
        Target::BirthDate,
    ];
    let found = |target: &Target| columns.iter().position(|column| column.target == Some(*target));
    identifying.iter().filter_map(found).collect()
}

fn value_maps(source: &str, columns: &[ColumnPlan], operations: &Operations) -> Vec<(usize, ValueMap)> {
    let map = |(at, column): (usize, &ColumnPlan)| {
        column.target?;
        let values = operations.values.get(&(source.to_owned(), column.header.clone()))?;
        Some((at, values.clone()))
    };
    columns.iter().enumerate().filter_map(map).collect()
}
