//! Values as people type them into a member's form: standardised by the engine like those of a list.

use serde::{Deserialize, Serialize};

use muster_engine::standardise::date::{DateFormat, parse_date, parse_partial};
use muster_engine::standardise::{Parsed, email, phone, score, state, text};
use muster_engine::{Field, Rule};

use super::day_format;
use crate::error::{Code, Error, Result};

/// A field and what it is to be; no value clears it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldValue {
    /// The field
    pub field: Field,
    /// As typed
    pub value: Option<String>,
}

/// Prints no personal data.
impl std::fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FieldValue").field("field", &self.field).finish_non_exhaustive()
    }
}

/// A field whose text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldProblem {
    /// The field
    pub field: Field,
    /// What is wrong with it, for people
    pub message: String,
}

/// What cannot be read among what was typed. Whether a company is known is not looked at.
///
/// # Errors
/// When the clock shows no date.
pub fn check(values: &[FieldValue]) -> Result<Vec<FieldProblem>> {
    let format = day_format()?;
    let problem = |value: &FieldValue| {
        let rule = standardise(value.field, value.value.as_deref().unwrap_or_default(), &format).err()?;
        Some(FieldProblem { field: value.field, message: help_of(rule).to_owned() })
    };
    Ok(values.iter().filter_map(problem).collect())
}

/// On this form nothing comes first in a date of figures.
fn help_of(rule: Rule) -> &'static str {
    match rule {
        Rule::AmbiguousDate => "The date fits both orders of day and month. Type it as YYYY-MM-DD.",
        rule => rule.help(),
    }
}

/// All values, standardised.
///
/// # Errors
/// [`Code::InvalidInput`] for the first that cannot be read; names the field and quotes nothing.
pub(crate) fn standardised(values: &[FieldValue]) -> Result<Vec<(Field, Option<String>)>> {
    let format = day_format()?;
    let each = |value: &FieldValue| {
        let text = value.value.as_deref().unwrap_or_default();
        let value_of = standardise(value.field, text, &format).map_err(|rule| {
            Error::new(
                Code::InvalidInput,
                format!("{}: {}", value.field.label(), rule.label().to_lowercase()),
            )
            .with_help(help_of(rule))
        })?;
        Ok((value.field, value_of))
    };
    values.iter().map(each).collect()
}

/// As the Fix step reads what is typed into a cell.
fn standardise(field: Field, raw: &str, format: &DateFormat) -> Result<Option<String>, Rule> {
    let mut out = String::new();
    let parsed = match field {
        Field::BirthDate => written(parse_date(raw, format), |date| date.write(&mut out)),
        Field::LastActive => {
            let format = DateFormat { past_only: false, ..*format };
            written(parse_date(raw, &format), |date| date.write(&mut out))
        }
        Field::MemberSince => written(parse_partial(raw, format), |date| date.write(&mut out)),
        Field::Score => written(score::parse_score(raw, &mut out), |_| ()),
        Field::State => written(state::parse_state(raw), |code| out.push_str(code)),
        Field::Email => email::parse_email(raw, &mut out),
        Field::Phone => phone::parse_phone(raw, &mut out),
        Field::SourceKey | Field::Company => text::tidy(raw, &mut out),
        _ => text::tidy_name(raw, &mut out),
    };
    match parsed {
        Parsed::Value((), _) => Ok(Some(out).filter(|text| !text.is_empty())),
        Parsed::Missing(_) => Ok(None),
        Parsed::Failed(rule) => Err(rule),
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

/// A score as text, as the standardiser writes it.
pub(super) fn score_text(score: f64) -> String {
    score.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(field: Field, text: &str) -> FieldValue {
        FieldValue { field, value: Some(text.to_owned()) }
    }

    #[test]
    fn what_is_typed_becomes_what_a_list_would_give() {
        let typed = [
            value(Field::GivenName, "  Ann "),
            value(Field::BirthDate, "March 14, 1971"),
            value(Field::MemberSince, "2013-05"),
            value(Field::State, "Calif."),
            value(Field::Phone, "(212) 555-0123"),
            value(Field::Score, "1,234.50"),
            value(Field::Email, ""),
        ];
        let read: Vec<Option<String>> =
            standardised(&typed).unwrap().into_iter().map(|(_, value)| value).collect();
        let read: Vec<Option<&str>> = read.iter().map(Option::as_deref).collect();
        assert_eq!(
            read,
            [
                Some("Ann"),
                Some("1971-03-14"),
                Some("2013-05"),
                Some("CA"),
                Some("+12125550123"),
                Some("1234.5"),
                None
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_and_not_quoted() {
        for (field, text) in [
            (Field::BirthDate, "canary"),
            (Field::BirthDate, "03/04/1971"),
            (Field::State, "canary"),
            (Field::Email, "canary"),
            (Field::Phone, "canary"),
            (Field::Score, "canary"),
        ] {
            let error = standardised(&[value(field, text)]).unwrap_err();
            assert_eq!(error.code(), Code::InvalidInput);
            assert!(error.message().starts_with(field.label()) && !error.to_string().contains(text));
            let problems = check(&[value(Field::GivenName, "Ann"), value(field, text)]).unwrap();
            assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), [field]);
        }
    }
}
