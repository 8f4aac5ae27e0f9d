//! The details of a member as a row of a list and as the target have them, compared and merged.

use std::collections::BTreeMap;

use muster_engine::Field;
use muster_engine::recipe::PushMode;
use muster_engine::resolve::{FieldSet, MEMBERSHIP_FIELDS};

use super::report::{Difference, Fate};
use crate::error::Result;

/// The columns of details, in the order in which both databases give them.
pub(super) const COLUMNS: [&str; Details::COUNT] = [
    "prefix",
    "given_name",
    "middle_name",
    "family_name",
    "suffix",
    "preferred_name",
    "birth_date",
    "company",
    "state",
    "email",
    "phone",
    "member_since",
    "last_active",
    "score",
    "company_source_id",
];

/// Whether a column of [`COLUMNS`] is a membership's.
fn is_of_membership(at: usize) -> bool {
    Field::ALL.get(at).is_some_and(|field| at < Details::COMPANY_ID && MEMBERSHIP_FIELDS.contains(field))
}

/// What a row says of a member, field by field; missing is `None`. A score is the shortest text of its number.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Details {
    values: [Option<String>; Details::COUNT],
}

impl Details {
    const COUNT: usize = Field::COUNT;
    /// The place of a company id that nobody has resolved; the field is the company.
    const COMPANY_ID: usize = Field::COUNT - 1;

    /// Reads the columns of [`COLUMNS`].
    pub(super) fn read(mut column: impl FnMut(usize) -> Result<Option<String>>) -> Result<Details> {
        let mut values = [const { None }; Details::COUNT];
        for (at, value) in values.iter_mut().enumerate() {
            *value = column(at)?;
        }
        let score = &mut values[Field::Score.index()];
        *score = score.take().map(|text| text.parse::<f64>().map_or(text, |score| score.to_string()));
        Ok(Details { values })
    }

    /// As it is kept with the staged rows: a JSON object without what is missing.
    pub(super) fn to_json(&self) -> String {
        let present =
            COLUMNS.iter().zip(&self.values).filter_map(|(name, value)| Some((name, value.as_ref()?)));
        serde_json::to_string(&present.collect::<BTreeMap<_, _>>()).unwrap_or_default()
    }

    /// As [`Details::to_json`] wrote it.
    pub(super) fn of_json(text: &str) -> Details {
        let mut kept: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
        Details { values: COLUMNS.map(|name| kept.remove(name)) }
    }

    /// A field, as people read it: an unresolved company is its id.
    pub(super) fn shown(&self, field: Field) -> Option<&str> {
        let value = self.values[field.index()].as_deref();
        match field {
            Field::SourceKey => None,
            Field::Company => value.or(self.values[Details::COMPANY_ID].as_deref()),
            _ => value,
        }
    }

    /// The name, with its parts in the usual order.
    pub(super) fn name(&self) -> String {
        let parts = [Field::Prefix, Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix];
        parts.iter().filter_map(|part| self.values[part.index()].as_deref()).collect::<Vec<_>>().join(" ")
    }

    /// Where these, the row's, differ from those that are there.
    pub(super) fn differences(&self, theirs: &Details) -> Vec<Difference> {
        let differs = |field: &Field| self.shown(*field) != theirs.shown(*field);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Field::ALL
            .into_iter()
            .filter(differs)
            .map(|field| Difference {
                field,
                theirs: owned(theirs.shown(field)),
                ours: owned(self.shown(field)),
            })
            .collect()
    }

    /// What each field becomes by the rule of `pick`, which sees ours and theirs. A company is one thing with its id.
    fn merged(&self, theirs: &Details, ours_first: bool) -> Details {
        let (first, second) = if ours_first { (self, theirs) } else { (theirs, self) };
        let mut values = [const { None }; Details::COUNT];
        for (at, value) in values.iter_mut().enumerate() {
            *value = first.values[at].clone().or_else(|| second.values[at].clone());
        }
        let company = if first.shown(Field::Company).is_some() { first } else { second };
        for at in [Field::Company.index(), Details::COMPANY_ID] {
            values[at].clone_from(&company.values[at]);
        }
        Details { values }
    }

    /// These, with what is a person's (and not a membership's) taken from others.
    pub(super) fn with_person_of(&self, other: &Details) -> Details {
        let values =
            std::array::from_fn(|at| if is_of_membership(at) { self } else { other }.values[at].clone());
        Details { values }
    }

    /// These, with some fields taken from others. A company is one thing with its id.
    pub(super) fn keeping(&self, theirs: &Details, fields: FieldSet) -> Details {
        let kept = |at: usize| {
            let field = if at == Details::COMPANY_ID { Some(&Field::Company) } else { Field::ALL.get(at) };
            field.is_some_and(|field| fields.contains(*field))
        };
        let values = std::array::from_fn(|at| if kept(at) { theirs } else { self }.values[at].clone());
        Details { values }
    }

    /// What becomes of a row whose key is there with details `theirs`, and what an update makes of them.
    pub(super) fn decide(&self, theirs: &Details, mode: PushMode) -> (Fate, Option<Details>) {
        if self == theirs {
            return (Fate::SkipIdentical, None);
        }
        let made = match mode {
            PushMode::InsertNew => return (Fate::SkipDifferent, None),
            PushMode::FillBlanks => self.merged(theirs, false),
            PushMode::Update => self.merged(theirs, true),
            PushMode::Mirror => self.clone(),
        };
        if made == *theirs { (Fate::SkipDifferent, None) } else { (Fate::Update, Some(made)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(pairs: &[(&str, &str)]) -> Details {
        Details::read(|at| {
            Ok(pairs.iter().find(|(name, _)| *name == COLUMNS[at]).map(|(_, value)| (*value).to_owned()))
        })
        .unwrap()
    }

    #[test]
    fn survives_being_kept() {
        let some = details(&[("given_name", "Ann"), ("score", "75.50"), ("company_source_id", "20")]);
        assert_eq!(Details::of_json(&some.to_json()).to_json(), some.to_json());
        assert_eq!((some.shown(Field::Score), some.shown(Field::Company)), (Some("75.5"), Some("20")));
    }

    #[test]
    fn each_mode_decides_by_its_rule() {
        let theirs = details(&[("given_name", "Ann"), ("state", "TX"), ("email", "a@b.c")]);
        let ours = details(&[("given_name", "Ann"), ("state", "NY"), ("phone", "+15550100")]);
        let made = |mode| {
            let (fate, made) = ours.decide(&theirs, mode);
            assert_eq!(fate, Fate::Update);
            made.unwrap()
        };
        assert_eq!(ours.decide(&theirs, PushMode::InsertNew).0, Fate::SkipDifferent);
        let filled = [("given_name", "Ann"), ("state", "TX"), ("email", "a@b.c"), ("phone", "+15550100")];
        assert!(made(PushMode::FillBlanks) == details(&filled));
        let updated = [("given_name", "Ann"), ("state", "NY"), ("email", "a@b.c"), ("phone", "+15550100")];
        assert!(made(PushMode::Update) == details(&updated));
        assert!(made(PushMode::Mirror) == ours);
        for mode in [PushMode::FillBlanks, PushMode::Update, PushMode::Mirror] {
            assert_eq!(theirs.decide(&theirs, mode).0, Fate::SkipIdentical);
        }
        // Nothing to fill, and nothing that overwrites.
        let less = details(&[("given_name", "Ann"), ("state", "TX")]);
        assert_eq!(less.decide(&theirs, PushMode::FillBlanks).0, Fate::SkipDifferent);
        assert_eq!(less.decide(&theirs, PushMode::Update).0, Fate::SkipDifferent);
    }

    #[test]
    fn a_company_and_its_unresolved_id_exclude_each_other() {
        let named = details(&[("company", "Acme")]);
        let unresolved = details(&[("company_source_id", "20")]);
        let (_, made) = unresolved.decide(&named, PushMode::Update);
        assert!(made.is_some_and(|made| made == unresolved));
        assert_eq!(unresolved.decide(&named, PushMode::FillBlanks).0, Fate::SkipDifferent);
    }
}
