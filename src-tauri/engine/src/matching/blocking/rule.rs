//! Rules that say which records are worth comparing: those that share a key.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::matching::comparison::{Comparison, dates};
use crate::matching::records::{ExtraKind, MISSING, Records};

/// Key of a record that a rule does not compare.
pub(crate) const NO_KEY: u32 = 0;

/// What two records must share to be compared. Names that stand for themselves are compared by their numbers; "sound"
/// is the Soundex code, "form" the name with its nicknames, and a birth date is the same when day and month changed
/// places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum BlockingRule {
    /// The membership number of one source
    Membership,
    /// Given and family name, in either order, and birth date
    NameAndBirthDate,
    /// Given and family name, in either order
    Name,
    /// Family name and birth date
    FamilyAndBirthDate,
    /// Form of the given name and birth date
    GivenAndBirthDate,
    /// Email address
    Email,
    /// Phone number
    Phone,
    /// An identifier, by the position of its extra column
    Identifier(u8),
    /// Birth date and state
    BirthDateAndState,
    /// Birth date
    BirthDate,
    /// Form of the given name, and family name
    FormAndFamily,
    /// Sounds of given and family name
    Sounds,
    /// Family name, state and initial of the given name
    FamilyStateInitial,
    /// Given name, state and sound of the family name
    GivenStateSound,
    /// Family name, initial of the given name and year of birth
    FamilyInitialYear,
    /// Form of the given name, day and month of birth
    GivenAndBirthday,
    /// Form of the given name, year of birth and initial of the family name
    GivenYearInitial,
    /// Given name, state and company
    GivenStateCompany,
    /// Text before the @ of the email address, and given name
    EmailLocalPart,
    /// Family name and an extra column
    FamilyAndExtra(u8),
    /// Given name and an extra column
    GivenAndExtra(u8),
    /// Two extra columns
    TwoExtras(u8, u8),
}

impl BlockingRule {
    /// The rules that a table can have, the most telling first: a pair belongs to the first rule that makes it.
    pub(crate) fn of(records: &Records) -> Vec<BlockingRule> {
        use BlockingRule::*;
        let mut rules =
            vec![Membership, NameAndBirthDate, Name, FamilyAndBirthDate, GivenAndBirthDate, Email, Phone];
        let extras: Vec<(u8, ExtraKind)> =
            (0_u8..).zip(records.extras.iter().map(|extra| extra.column.kind)).collect();
        let kinds = |wanted: fn(ExtraKind) -> bool| {
            extras.iter().filter(move |(_, kind)| wanted(*kind)).map(|(index, _)| *index)
        };
        rules.extend(kinds(|kind| kind == ExtraKind::Identifier).map(Identifier));
        rules.extend([
            BirthDateAndState,
            BirthDate,
            FormAndFamily,
            Sounds,
            FamilyStateInitial,
            GivenStateSound,
        ]);
        rules.extend([
            FamilyInitialYear,
            GivenAndBirthday,
            GivenYearInitial,
            GivenStateCompany,
            EmailLocalPart,
        ]);
        let shared = |kind| !matches!(kind, ExtraKind::Identifier | ExtraKind::AddressNumber);
        rules.extend(kinds(shared).map(FamilyAndExtra));
        rules.extend(kinds(shared).map(GivenAndExtra));
        for a in kinds(|kind| kind != ExtraKind::Identifier) {
            rules.extend(
                kinds(|kind| kind != ExtraKind::Identifier).filter(|b| *b > a).map(|b| TwoExtras(a, b)),
            );
        }
        rules
    }

    /// In words, for people.
    pub fn words(self, records: &Records) -> String {
        use BlockingRule::*;
        let extra = |index: u8| {
            records.extras.get(usize::from(index)).map_or("", |extra| extra.column.label.as_str())
        };
        match self {
            Membership => "same member number of one club".into(),
            NameAndBirthDate => "same name and birth date".into(),
            Name => "same given and family name".into(),
            FamilyAndBirthDate => "same family name and birth date".into(),
            GivenAndBirthDate => "same given name or nickname, and birth date".into(),
            Email => "same email".into(),
            Phone => "same phone".into(),
            Identifier(index) => format!("same {}", extra(index)),
            BirthDateAndState => "same birth date and state".into(),
            BirthDate => "same birth date".into(),
            FormAndFamily => "same given name or nickname, and family name".into(),
            Sounds => "given and family name sound the same".into(),
            FamilyStateInitial => "same family name, state and first letter".into(),
            GivenStateSound => "same given name and state, family name sounds the same".into(),
            FamilyInitialYear => "same family name, first letter and year of birth".into(),
            GivenAndBirthday => "same given name or nickname, and birthday".into(),
            GivenYearInitial => {
                "same given name or nickname, year of birth and first letter of the family name".into()
            }
            GivenStateCompany => "same given name, state and company".into(),
            EmailLocalPart => "same given name, and same email before the @".into(),
            FamilyAndExtra(index) => format!("same family name and {}", extra(index)),
            GivenAndExtra(index) => format!("same given name and {}", extra(index)),
            TwoExtras(a, b) => format!("same {} and {}", extra(a), extra(b)),
        }
    }

    /// Comparisons that are exact in every pair of the rule; `None` where the rule is no ground to learn from, since
    /// what its records share is less than whole values.
    pub(crate) fn fixed(self) -> Option<Vec<Comparison>> {
        use BlockingRule::*;
        Some(match self {
            Name => vec![Comparison::GivenName, Comparison::FamilyName],
            BirthDate => vec![Comparison::BirthDate],
            BirthDateAndState => vec![Comparison::BirthDate, Comparison::State],
            Email => vec![Comparison::Email],
            Phone => vec![Comparison::Phone],
            Identifier(index) => vec![Comparison::Extra(index)],
            FamilyAndExtra(index) => vec![Comparison::FamilyName, Comparison::Extra(index)],
            GivenAndExtra(index) => vec![Comparison::GivenName, Comparison::Extra(index)],
            TwoExtras(a, b) => vec![Comparison::Extra(a), Comparison::Extra(b)],
            _ => return None,
        })
    }

    /// The key of a record; [`NO_KEY`] where a value is missing.
    pub(crate) fn key(self, records: &Records, record: usize) -> u32 {
        let keys = Keys { records, record };
        keys.of(self).map_or(NO_KEY, |parts| hash(self, parts))
    }
}

/// A 32-bit hash. Two keys in four thousand million collide, which costs a needless comparison, as in every run.
fn hash(rule: BlockingRule, parts: [u32; 4]) -> u32 {
    let mut message = [0; 17];
    for (bytes, part) in message.chunks_exact_mut(4).zip(parts) {
        bytes.copy_from_slice(&part.to_le_bytes());
    }
    message[16] = matches!(rule, BlockingRule::Membership).into();
    (xxh3_64(&message) as u32).max(1)
}

/// Parts of a record's keys; `None` is missing.
struct Keys<'r> {
    records: &'r Records,
    record: usize,
}

impl Keys<'_> {
    fn of(&self, rule: BlockingRule) -> Option<[u32; 4]> {
        use BlockingRule::*;
        Some(match rule {
            Membership => self.membership()?,
            NameAndBirthDate => {
                let [a, b] = self.either_order()?;
                [a, b, self.date()?, 0]
            }
            Name => {
                let [a, b] = self.either_order()?;
                [a, b, 0, 0]
            }
            FamilyAndBirthDate => [self.family()?, self.date()?, 0, 0],
            GivenAndBirthDate => [self.form()?, self.date()?, 1, 0],
            Email => [known(self.records.email.ids[self.record])?, 0, 0, 0],
            Phone => [known(self.records.phone.ids[self.record])?, 0, 0, 0],
            Identifier(index) => [self.extra(index)?, 0, 0, 0],
            BirthDateAndState => [known(self.records.birth_date[self.record])?, self.state()?, 2, 0],
            BirthDate => [known(self.records.birth_date[self.record])?, 0, 0, 0],
            FormAndFamily => [self.form()?, self.family()?, 3, 0],
            Sounds => [self.sound(self.given()?)?, self.sound(self.family()?)?, 0, 0],
            FamilyStateInitial => [self.family()?, self.state()?, self.initial(self.given()?), 0],
            GivenStateSound => [self.given()?, self.state()?, self.sound(self.family()?)?, 0],
            FamilyInitialYear => [self.family()?, self.initial(self.given()?), self.year()?, 0],
            GivenAndBirthday => [self.form()?, self.date()? % 10_000, 4, 0],
            GivenYearInitial => [self.form()?, self.year()?, self.initial(self.family()?), 5],
            GivenStateCompany => {
                [self.given()?, self.state()?, known(self.records.company.ids[self.record])?, 0]
            }
            EmailLocalPart => [self.given()?, known(self.records.email_local.ids[self.record])?, 0, 0],
            FamilyAndExtra(index) => [self.family()?, self.extra(index)?, 0, 0],
            GivenAndExtra(index) => [self.given()?, self.extra(index)?, 0, 0],
            TwoExtras(a, b) => [self.extra(a)?, self.extra(b)?, 0, 0],
        })
    }

    fn membership(&self) -> Option<[u32; 4]> {
        let key = self.records.membership[self.record];
        (key != 0)
            .then(|| [self.records.source[self.record], key as u32, (key >> 32) as u32, (key >> 64) as u32])
    }

    fn given(&self) -> Option<u32> {
        known(self.records.given[self.record])
    }

    fn family(&self) -> Option<u32> {
        known(self.records.family[self.record])
    }

    fn state(&self) -> Option<u32> {
        known(self.records.state.ids[self.record])
    }

    fn extra(&self, index: u8) -> Option<u32> {
        known(self.records.extras.get(usize::from(index))?.text.ids[self.record])
    }

    fn either_order(&self) -> Option<[u32; 2]> {
        let (given, family) = (self.given()?, self.family()?);
        Some([given.min(family), given.max(family)])
    }

    /// The given name's nickname groups, or its first word; numbers of both kinds do not meet.
    fn form(&self) -> Option<u32> {
        let given = self.given()?;
        let features = self.records.names.features(given);
        Some(match (features.root, features.first) {
            (0, MISSING) => given,
            (0, first) => first,
            (root, _) => u32::MAX - u32::from(root),
        })
    }

    fn sound(&self, name: u32) -> Option<u32> {
        known(self.records.names.features(name).sound)
    }

    fn initial(&self, name: u32) -> u32 {
        self.records.names.features(name).initial.into()
    }

    /// The birth date, the same for day and month in either order.
    fn date(&self) -> Option<u32> {
        let (year, month, day) = dates::parts(known(self.records.birth_date[self.record])?);
        Some(year * 10_000 + month.min(day) * 100 + month.max(day))
    }

    fn year(&self) -> Option<u32> {
        Some(known(self.records.birth_date[self.record])? / 10_000)
    }
}

fn known(value: u32) -> Option<u32> {
    (value != MISSING).then_some(value)
}
