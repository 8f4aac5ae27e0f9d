//! Replacing the values of one record, after a person edited it.

use super::{
    Column, Records, fold_code, fold_email, fold_extra, fold_phone, fold_words, generation, local_part,
    packed_date,
};
use crate::field::Field;

impl Records {
    /// Replaces the values of a record and its [`Origin::membership`](super::Origin::membership), which may be made of
    /// them; its source stays. Frequencies of values stay as they were when the table was made, so that nobody else's
    /// weights move; a value that is new counts as one that occurs once.
    pub fn replace<'t>(
        &mut self,
        record: u32,
        membership: Option<u128>,
        value: impl Fn(Column) -> Option<&'t str>,
    ) {
        let at = record as usize;
        self.membership[at] = membership.unwrap_or_default();
        let field = |field| value(Column::Field(field)).unwrap_or_default();
        self.given[at] = self.names.intern(&fold_words(field(Field::GivenName)));
        self.middle[at] = self.names.intern(&fold_words(field(Field::MiddleName)));
        self.family[at] = self.names.intern(&fold_words(field(Field::FamilyName)));
        self.preferred[at] = self.names.intern(&fold_words(field(Field::PreferredName)));
        self.generation[at] = generation(field(Field::Suffix));
        self.birth_date[at] = packed_date(field(Field::BirthDate));
        self.company.ids[at] = self.company.values.intern(&fold_words(field(Field::Company)));
        self.state.ids[at] = self.state.values.intern(&fold_code(field(Field::State)));
        let email = fold_email(field(Field::Email));
        self.email_local.ids[at] = self.email_local.values.intern(local_part(&email));
        self.email.ids[at] = self.email.values.intern(&email);
        self.phone.ids[at] = self.phone.values.intern(&fold_phone(field(Field::Phone)));
        for (index, extra) in self.extras.iter_mut().enumerate() {
            let text = value(Column::Extra(index)).unwrap_or_default();
            extra.text.ids[at] = extra.text.values.intern(&fold_extra(extra.column.kind, text));
        }
    }
}
