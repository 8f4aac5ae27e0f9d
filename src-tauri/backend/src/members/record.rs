//! A member's or a membership's values by field, as somebody typed them, and the rules that they may not break.

use sea_orm::sea_query::Value;

use muster_engine::recipe::RuleSettings;
use muster_engine::standardise::date::{parse_date, parse_partial};
use muster_engine::validate::{RecordFacts, RuleBook};
use muster_engine::{Field, Rule};

use super::values::FieldValue;
use super::{day_format, today};
use crate::error::{Code, Error, Result};

/// Values by field; a field without a value is blank.
#[derive(Debug, Clone, Default)]
pub(super) struct Record(Vec<(Field, Option<String>)>);

impl Record {
    pub(super) fn of(values: &[FieldValue]) -> Record {
        Record(values.iter().map(|value| (value.field, value.value.clone())).collect())
    }

    pub(super) fn get(&self, field: Field) -> Option<&str> {
        self.0.iter().find(|(of, _)| *of == field).and_then(|(_, value)| value.as_deref())
    }

    /// Sets what differs; gives the fields that did.
    pub(super) fn change(&mut self, values: Vec<(Field, Option<String>)>) -> Vec<Field> {
        let mut changed = Vec::new();
        for (field, value) in values {
            if self.get(field) != value.as_deref() {
                self.0.retain(|(of, _)| *of != field);
                self.0.push((field, value));
                changed.push(field);
            }
        }
        changed
    }

    pub(super) fn value(&self, field: Field) -> Result<Value> {
        if field == Field::Score {
            return Ok(self.score()?.into());
        }
        Ok(self.get(field).map(str::to_owned).into())
    }

    pub(super) fn score(&self) -> Result<Option<f64>> {
        let number = |text: &str| {
            text.parse().map_err(|_| Error::new(Code::Internal, "A standardised score is not a number"))
        };
        self.get(Field::Score).map(number).transpose()
    }
}

pub(super) fn only(fields: &[Field], values: &[FieldValue]) -> Result<()> {
    match values.iter().find(|value| !fields.contains(&value.field)) {
        None => Ok(()),
        Some(other) => {
            Err(Error::new(Code::InvalidInput, format!("{} cannot be changed here", other.field.label())))
        }
    }
}

/// Rules by which the record would be kept apart from the clean ones, or refused.
pub(super) fn broken(member: &Record, membership: &Record) -> Result<Vec<(Rule, Option<Field>)>> {
    let format = day_format()?;
    let text = |record: &Record, field: Field| record.get(field).unwrap_or_default().to_owned();
    let facts = RecordFacts {
        birth: parse_date(&text(member, Field::BirthDate), &format).value(),
        member_since: parse_partial(&text(membership, Field::MemberSince), &format).value(),
        last_active: parse_date(&text(membership, Field::LastActive), &format).value(),
        score: membership.score()?,
        has_name: member.get(Field::GivenName).or(member.get(Field::FamilyName)).is_some(),
    };
    let mut found = Vec::new();
    RuleBook::new(&RuleSettings::default(), today()?).check(&facts, &mut |rule: Rule, field| {
        if rule.makes_suspect() || rule == Rule::MissingName {
            found.push((rule, field));
        }
    });
    Ok(found)
}

/// Refuses a record that contradicts itself and did not before.
pub(super) fn refuse_new(before: &[(Rule, Option<Field>)], after: &[(Rule, Option<Field>)]) -> Result<()> {
    match after.iter().find(|broken| !before.contains(broken)) {
        None => Ok(()),
        Some((rule, field)) => {
            let message = match field {
                Some(field) if *rule != Rule::MissingName => {
                    format!("{}: {}", field.label(), rule.label().to_lowercase())
                }
                _ => rule.label().to_owned(),
            };
            Err(Error::new(Code::InvalidInput, message).with_help(rule.help()))
        }
    }
}
