//! From a cluster to a member: a person's word first, then hand edits, then the rules.

use std::collections::BTreeMap;

use super::agree::agree;
use super::conflict::{Conflict, ConflictState, ValueAt};
use super::decision::{Decisions, ValueDecision};
use super::groups::GroupBlanks;
use super::member::{CompanyId, FieldResult, Member, Membership, Provenance, Reason};
use super::pick::{Cluster, Pick};
use super::record::{FieldSet, Origin, Record};
use super::rules::{MEMBERSHIP_FIELDS, PERSON_FIELDS, Survivorship, Unit};
use crate::field::Field;

/// Makes one member of the records of one person.
///
/// The result does not depend on the order of the records; only the indexes in it follow that order. A value comes from a
/// record or from a decision, and a blank never wins over a value, unless a person decided for it or emptied the field by hand.
pub fn resolve<'a>(records: &[Record<'a>], rules: &Survivorship, decisions: &'a Decisions) -> Member<'a> {
    let cluster = Cluster::new(records, rules);
    let mut settling = Settling { cluster: &cluster, decisions, conflicts: Vec::new() };
    let everyone: Vec<u32> = cluster.all().collect();
    let mut fields = Vec::with_capacity(PERSON_FIELDS.len());
    for unit in &rules.units {
        settling.settle(unit, &everyone, &mut fields);
    }
    fields.sort_by_key(|result| result.field);
    settling.conflicts.sort_by_key(|conflict| conflict.field);
    let memberships = settling.memberships();
    let conflicts = settling.conflicts;
    let company = fields.iter().find(|result| result.field == Field::Company);
    let company_id = company.and_then(|result| company_id(&cluster, result));
    Member { fields, company_id, memberships, conflicts }
}

/// What a person said of a field.
#[derive(Debug, Clone)]
enum Word<'a> {
    Nothing,
    Decided(&'a ValueDecision),
    /// Decided, but a record has a value since that was not there
    Outdated(&'a ValueDecision, Vec<&'a str>),
    /// Typed into the database's member; the record that has it
    Typed(u32),
    /// Emptied in the database's member
    Emptied,
}

struct Settling<'s, 'c, 'a> {
    cluster: &'s Cluster<'c, 'a>,
    decisions: &'a Decisions,
    conflicts: Vec<Conflict<'a>>,
}

/// The record that a group is taken from.
#[derive(Debug, Clone, Copy)]
struct Donor {
    pick: Pick,
    /// The field whose rule chose it
    lead: Field,
}

impl<'a> Settling<'_, '_, 'a> {
    /// Settles fields that move together, among the records of `scope`.
    fn settle(&mut self, unit: &Unit, scope: &[u32], out: &mut Vec<FieldResult<'a>>) {
        if let Some(record) = self.lone(scope) {
            let alone = |&field: &Field| match self.cluster.value(record, field) {
                Some(_) => self.of_record(field, record, Reason::Only),
                None => nothing(field, Reason::Blank),
            };
            out.extend(unit.fields.iter().map(alone));
            return;
        }
        let words: Vec<Word<'a>> = unit.fields.iter().map(|&field| self.word(field, scope)).collect();
        let donor = self.donor(unit, &words, scope);
        let company_is_open = unit.fields.iter().zip(&words).any(|(&field, word)| {
            field == Field::Company && matches!(word, Word::Nothing) && self.company_disagrees(scope)
        });
        let is_open = company_is_open || matches!(words[0], Word::Outdated(..));
        for (&field, word) in unit.fields.iter().zip(&words) {
            let offers = self.cluster.offers(field, scope);
            let values = self.cluster.distinct(field, &offers);
            let mut result = match word {
                Word::Decided(decision) => decided(field, decision),
                Word::Outdated(decision, _) => asked(field, decision.value.as_deref()),
                Word::Typed(record) => self.of_record(field, *record, Reason::HandEdit),
                Word::Emptied => nothing(field, Reason::HandEdit),
                Word::Nothing => self.by_rule(unit, field, donor, &offers, values.len() == 1),
            };
            if is_open && values.len() > 1 && matches!(word, Word::Nothing) {
                result = asked(field, result.value);
            }
            let says_else = |value: &str| result.value.is_none_or(|chosen| !agree(field, chosen, value));
            result.losers = values.iter().filter(|known| says_else(known.value)).cloned().collect();
            self.report(field, word, &result, values);
            out.push(result);
        }
    }

    /// The only record, where nobody said anything of it: most people are of one club only.
    fn lone(&self, scope: &[u32]) -> Option<u32> {
        let [record] = *scope else { return None };
        let untouched = self.decisions.is_empty() && self.cluster.record(record).by_person == FieldSet::EMPTY;
        untouched.then_some(record)
    }

    fn report(&mut self, field: Field, word: &Word<'a>, result: &FieldResult<'a>, values: Vec<ValueAt<'a>>) {
        let (state, changed) = match word {
            Word::Outdated(_, changed) => (ConflictState::Changed, changed.clone()),
            Word::Decided(_) | Word::Typed(_) | Word::Emptied => (ConflictState::ByPerson, Vec::new()),
            Word::Nothing if result.is_open() => (ConflictState::Open, Vec::new()),
            Word::Nothing => (ConflictState::ByRule, Vec::new()),
        };
        if values.len() > 1 || state == ConflictState::Changed {
            let between_clubs = self.cluster.is_between_clubs(&values);
            self.conflicts.push(Conflict { field, values, between_clubs, state, changed });
        }
    }

    fn company_disagrees(&self, scope: &[u32]) -> bool {
        let cluster = self.cluster;
        cluster.rules.asks_company
            && cluster.distinct(Field::Company, &cluster.offers(Field::Company, scope)).len() > 1
    }

    /// What a person said of a field of these records: a decision, else a hand edit that is to be kept.
    fn word(&self, field: Field, scope: &[u32]) -> Word<'a> {
        let cluster = self.cluster;
        if let Some(decision) = self.decision(field, scope) {
            let offers = cluster.offers(field, scope);
            let values = cluster.distinct(field, &offers);
            let changed: Vec<&'a str> =
                values.iter().map(|known| known.value).filter(|value| !decision.knows(value)).collect();
            return match changed.is_empty() {
                true => Word::Decided(decision),
                false => Word::Outdated(decision, changed),
            };
        }
        let is_typed = |index: &u32| {
            let record = cluster.record(*index);
            record.origin == Origin::Database && record.by_person.contains(field)
        };
        let typed: Vec<u32> = scope.iter().copied().filter(is_typed).collect();
        if typed.is_empty() || !cluster.rules.keeps_hand_edits {
            return Word::Nothing;
        }
        let with_value = cluster.offers(field, &typed);
        cluster.pick(&[field], &with_value).map_or(Word::Emptied, |pick| Word::Typed(pick.record))
    }

    fn decision(&self, field: Field, scope: &[u32]) -> Option<&'a ValueDecision> {
        if self.decisions.is_empty() {
            return None;
        }
        let key = |&index: &u32| {
            let record = self.cluster.record(index);
            (record.source, record.source_key)
        };
        self.decisions.latest(field, scope.iter().map(key))
    }

    /// The record that the fields are taken from: one that has what a person said of them, chosen by the first field's
    /// rule. `None` where a person typed something that no record has, so that nothing can move with it.
    fn donor(&self, unit: &Unit, words: &[Word<'a>], scope: &[u32]) -> Option<Donor> {
        let mut donors = self.cluster.donors(&unit.fields, scope);
        for (position, (&field, word)) in unit.fields.iter().zip(words).enumerate() {
            let is_lead = position == 0;
            match word {
                Word::Decided(decision) => {
                    let chosen = decision.value.as_deref();
                    let has_it = |index: &u32| match (chosen, self.cluster.value(*index, field)) {
                        (Some(chosen), Some(value)) => agree(field, chosen, value),
                        (one, other) => one.is_none() && other.is_none(),
                    };
                    let with_it: Vec<u32> = donors.iter().copied().filter(has_it).collect();
                    if !with_it.is_empty() {
                        donors = with_it;
                    } else if is_lead {
                        return None;
                    }
                }
                Word::Typed(record) if is_lead => donors = vec![*record],
                Word::Emptied if is_lead => return None,
                _ => {}
            }
        }
        let pick = self.cluster.pick(&unit.fields, &donors)?;
        let has = |field: &&Field| self.cluster.value(pick.record, **field).is_some();
        Some(Donor { pick, lead: *unit.fields.iter().find(has)? })
    }

    fn by_rule(
        &self,
        unit: &Unit,
        field: Field,
        donor: Option<Donor>,
        offers: &[u32],
        all_agree: bool,
    ) -> FieldResult<'a> {
        let Some(&first) = offers.first() else { return nothing(field, Reason::Blank) };
        let reason = |reason: Reason<'a>| match (offers.len(), all_agree) {
            (1, _) => Reason::Only,
            (_, true) => Reason::Agreed,
            _ => reason,
        };
        let by_itself = |field: Field, offers: &[u32]| {
            let pick = self.cluster.pick(&[field], offers).unwrap_or(Pick { record: first, tie: None });
            let by = Reason::Rule { rule: self.cluster.rules.words(field), tie: pick.tie };
            (pick.record, by)
        };
        let Some(Donor { pick, lead }) = donor else {
            let (record, by) = by_itself(field, offers);
            return self.of_record(field, record, reason(by));
        };
        if self.cluster.value(pick.record, field).is_some() {
            let rule = self.cluster.rules.words(unit.fields[0]);
            let by =
                if field == lead { Reason::Rule { rule, tie: pick.tie } } else { Reason::MovesWith(lead) };
            return self.of_record(field, pick.record, reason(by));
        }
        let agreeing = |index: &u32| self.cluster.agree_where_both_have(pick.record, *index, &unit.fields);
        let agreeing: Vec<u32> = offers.iter().copied().filter(agreeing).collect();
        let fillers = match unit.blanks {
            GroupBlanks::Fill if agreeing.is_empty() => offers,
            GroupBlanks::Fill | GroupBlanks::FillFromAgreeing => &agreeing,
            GroupBlanks::Keep => &[],
        };
        if fillers.is_empty() {
            return nothing(field, Reason::MovesWith(lead));
        }
        self.of_record(field, by_itself(field, fillers).0, Reason::Fills(lead))
    }

    fn of_record(&self, field: Field, record: u32, reason: Reason<'a>) -> FieldResult<'a> {
        FieldResult {
            field,
            value: self.cluster.value(record, field),
            from: Provenance::Record { record },
            reason,
            losers: Vec::new(),
            proposal: None,
        }
    }

    /// One membership for each club and key.
    fn memberships(&mut self) -> Vec<Membership<'a>> {
        let mut keys: BTreeMap<(&'a str, &'a str), Vec<u32>> = BTreeMap::new();
        for index in self.cluster.all() {
            let record = self.cluster.record(index);
            keys.entry((record.source, record.source_key)).or_default().push(index);
        }
        let mut memberships = Vec::with_capacity(keys.len());
        for ((source, source_key), mut records) in keys {
            records.sort_by_key(|&index| self.cluster.rank(index));
            let mut facts = Vec::with_capacity(MEMBERSHIP_FIELDS.len());
            for field in MEMBERSHIP_FIELDS {
                let unit = Unit { fields: vec![field], blanks: GroupBlanks::Fill };
                self.settle(&unit, &records, &mut facts);
            }
            memberships.push(Membership { source, source_key, records, facts });
        }
        memberships
    }
}

fn decided<'a>(field: Field, decision: &'a ValueDecision) -> FieldResult<'a> {
    let reason = Reason::Decision { person: &decision.person, decided: &decision.decided };
    let value = decision.value.as_deref().filter(|text| !text.trim_ascii().is_empty());
    FieldResult { value, from: Provenance::Person, ..nothing(field, reason) }
}

fn asked<'a>(field: Field, proposal: Option<&'a str>) -> FieldResult<'a> {
    FieldResult { proposal, ..nothing(field, Reason::Asked) }
}

fn nothing(field: Field, reason: Reason<'_>) -> FieldResult<'_> {
    FieldResult { field, value: None, from: Provenance::Nowhere, reason, losers: Vec::new(), proposal: None }
}

/// The id of the record that the company came from, else of the best record that names the same company: never another
/// company's. Where no record names a company, the id that the best record has for one.
fn company_id<'a>(cluster: &Cluster<'_, 'a>, company: &FieldResult<'a>) -> Option<CompanyId<'a>> {
    let mut with_id: Vec<u32> =
        cluster.all().filter(|&index| cluster.record(index).company_id.is_some()).collect();
    with_id.sort_by_key(|&index| cluster.rank(index));
    let is_source = |index: u32| company.from == Provenance::Record { record: index };
    let names_it = |index: u32| match (company.value, cluster.value(index, Field::Company)) {
        (Some(company), Some(other)) => agree(Field::Company, company, other),
        (one, other) => one.is_none() && other.is_none() && company.reason == Reason::Blank,
    };
    let found = with_id.iter().copied().find(|&index| is_source(index));
    let record = found.or_else(|| with_id.iter().copied().find(|&index| names_it(index)))?;
    cluster.record(record).company_id.map(|id| CompanyId { id, record })
}
