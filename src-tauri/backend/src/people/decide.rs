//! A person's word on a group: kept for ever by the records' keys, then the group is settled by it.

use std::collections::BTreeSet;

use muster_engine::Field;
use muster_engine::decisions::{PairDecision, RecipeDecisions, RecordKey, Seen};
use muster_engine::resolve::{PERSON_FIELDS, SurvivorshipSettings, ValueDecision, agree};

use super::book::seen_of;
use super::open_group::decision_view;
use super::record::Known;
use super::session::{Session, unfit};
use super::view::{ChosenValue, DecideInput, Decided, DecisionPage, PeopleView, Verdict};
use crate::error::{Error, Result};
use crate::imports::{Imports, now, small};
use crate::members::{FieldValue, standardised};
use crate::reading::prepared::PeopleRecipe;
use crate::store::decision::{self, DecisionSet};
use crate::store::put_off;

/// Records of one person up to which a decision names each pair, so that it holds whichever of them is missing next time.
const EACH_PAIR: usize = 10;

/// Records from which all is settled anew rather than one by one.
const MANY: usize = 2_000;

/// What is to be kept of a decision, and what it touches.
pub(super) struct Word {
    pub(super) set: DecisionSet,
    pub(super) parts: RecipeDecisions,
    pub(super) records: Vec<u32>,
}

/// A group that was put off.
struct Later {
    /// Its kind, and when its turn comes
    place: (u8, u32),
    keys: Vec<RecordKey>,
}

/// Who decides, and when.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) person: String,
    pub(super) now: String,
}

impl Who {
    /// The person at the machine, now.
    pub(super) fn here() -> Who {
        Who { person: crate::imports::person(), now: now() }
    }
}

impl Imports {
    /// Decides about a group.
    ///
    /// # Errors
    /// When there is no such group, what was said does not fit it, or the workspace cannot be written.
    pub async fn people_decide(&self, id: u32, input: DecideInput) -> Result<Decided> {
        let import = self.import(id).await?;
        let who = Who::here();
        let group = input.group;
        let (next, word) = self
            .in_session(import.id, move |session| {
                session.group(group)?;
                let next = session.neighbour(group, true)?;
                let word = if input.verdict == Verdict::Later {
                    Err(go_to_the_end(session, group)?)
                } else {
                    Ok(word(session, &input, &who)?)
                };
                Ok((next, word))
            })
            .await?;
        let word = match word {
            Ok(word) => word,
            Err(later) => return self.keep_later(import.id, group, &later, next).await,
        };
        let decision = decision::add(self.db(), &word.set, &word.parts).await?;
        self.touch(import.id).await?;
        self.in_session(import.id, move |session| {
            let kind = session.group(group)?.kind;
            let counts = session.settle_around(&word.records)?;
            let next = match next.filter(|next| session.group(*next).is_ok()) {
                Some(next) => Some(next),
                None => session.first_of(kind)?,
            };
            Ok(Decided { decision: Some(small(decision)), counts, next })
        })
        .await
    }

    /// Keeps that a group was put off.
    async fn keep_later(&self, import: i64, group: u32, later: &Later, next: Option<u32>) -> Result<Decided> {
        put_off::keep(self.db(), import, later.place, later.keys.iter()).await?;
        self.in_session(import, move |session| {
            let counts = session.counts()?;
            Ok(Decided { decision: None, counts, next: next.or(session.first_beside(group)?) })
        })
        .await
    }

    /// Takes a decision back, all of it.
    ///
    /// # Errors
    /// When there is no such decision in force, or the workspace cannot be written.
    pub async fn people_revert(&self, id: u32, decision: u32) -> Result<PeopleView> {
        let import = self.import(id).await?;
        let (pairs, values) = decision::parts(self.db(), decision.into()).await?;
        decision::revert(self.db(), decision.into(), &now()).await?;
        let mut keys: BTreeSet<RecordKey> = BTreeSet::new();
        for (_, pair) in pairs {
            keys.extend([pair.a, pair.b]);
        }
        keys.extend(
            values.into_iter().map(|value| RecordKey { source: value.source, key: value.source_key }),
        );
        let matched = self
            .with_staging(import.id, |staging| Ok(super::state::stamp(staging.connection())?.is_some()))
            .await?;
        if matched {
            self.in_session(import.id, move |session| settle_keys(session, &keys)).await?;
        }
        self.people(id).await
    }

    /// Decisions whose words hold a text, the last ones first.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn people_decisions(
        &self,
        search: Option<&str>,
        offset: u32,
        limit: u32,
    ) -> Result<DecisionPage> {
        let (total, sets) =
            decision::page(self.db(), search.unwrap_or_default(), offset, limit.min(500)).await?;
        let mut items = Vec::with_capacity(sets.len());
        for set in &sets {
            let mut view = decision_view(set);
            if set.kind != "bulk" {
                let (_, values) = decision::parts(self.db(), set.id).await?;
                for value in values {
                    let chosen = ChosenValue { field: value.field, value: value.value };
                    if !view.values.contains(&chosen) {
                        view.values.push(chosen);
                    }
                }
            }
            items.push(view);
        }
        Ok(DecisionPage { total, items })
    }

    /// What people decided about the records of an import: for its recipe, and for the target, which remembers it for
    /// others. Empty where its records have not been compared.
    ///
    /// # Errors
    /// When the workspace or the staged rows cannot be read.
    pub async fn decisions_of(&self, id: u32) -> Result<RecipeDecisions> {
        let import = self.import(id).await?;
        let book = self.book().await?;
        self.with_staging(import.id, move |staging| decisions_about(staging.connection(), &book)).await
    }
}

impl Imports {
    /// What is decided about who is who in an import; nothing where its records have not been compared.
    pub(crate) async fn people_recipe(&self, import: i64) -> Result<PeopleRecipe> {
        let decisions = self.decisions_of(small(import)).await?;
        let settings = self.people_settings(import).await?;
        let matched = self
            .with_staging(import, |staging| Ok(super::state::stamp(staging.connection())?.is_some()))
            .await?;
        Ok(PeopleRecipe {
            matching: matched.then(|| settings.thresholds.into()),
            resolve: (matched && settings.survivorship != SurvivorshipSettings::default())
                .then_some(settings.survivorship),
            decisions,
        })
    }
}

/// The decisions of a book about records of an import.
pub(super) fn decisions_about(
    db: &rusqlite::Connection,
    book: &super::book::Book,
) -> Result<RecipeDecisions> {
    if super::state::stamp(db)?.is_none() {
        return Ok(RecipeDecisions::default());
    }
    let reader = super::record::Reader::new(db)?;
    Ok(book.about(|key| reader.with_key(key).is_ok_and(|records| !records.is_empty())))
}

fn settle_keys(session: &mut Session<'_>, keys: &BTreeSet<RecordKey>) -> Result<()> {
    let settler = session.settler()?;
    if keys.len() > MANY {
        return session.in_transaction(|| settler.settle_all(&crate::Job::silent()));
    }
    let mut records = Vec::new();
    for key in keys {
        records.extend(settler.reader.with_key(key)?);
    }
    session.in_transaction(|| settler.settle_around(&records))
}

/// Puts a group at the end of its queue.
fn go_to_the_end(session: &Session<'_>, group: u32) -> Result<Later> {
    let kind = super::tables::code(session.group(group)?.kind);
    let sql = "UPDATE staged_group SET later =
                   (SELECT max(others.later) + 1 FROM staged_group AS others WHERE others.kind = ?2)
               WHERE id = ?1 RETURNING later";
    let db = session.staging.connection();
    let turn =
        db.prepare_cached(sql)?.query_row(rusqlite::params![group, kind], |row| row.get::<_, u32>(0))?;
    let records = session.records(group)?;
    let keys = records.iter().flat_map(|(known, _)| known.keys().cloned()).collect();
    Ok(Later { place: (kind, turn), keys })
}

/// What a decision says, checked.
fn word(session: &Session<'_>, input: &DecideInput, who: &Who) -> Result<Word> {
    let records = session.records(input.group)?;
    if input.verdict == Verdict::Different {
        return different(&records, who);
    }
    let is_excluded = |known: &Known| input.excluded.contains(&known.record);
    let known = |record: &u32| records.iter().any(|(known, _)| known.record == *record);
    if !input.excluded.iter().all(known) {
        return Err(Error::not_found("record"));
    }
    let (excluded, included): (Vec<&Known>, Vec<&Known>) =
        records.iter().map(|(known, _)| known).partition(|known| is_excluded(known));
    if included.len() < 2 {
        return Err(unfit(
            "One record alone is nobody's double",
            "Leave out fewer records, or say that they are different.",
        ));
    }
    if included.iter().any(|one| excluded.iter().any(|other| one.shares_key(other))) {
        return Err(one_key());
    }
    let mut parts = RecipeDecisions { pairs: same_pairs(&included, who), values: Vec::new() };
    for one in &included {
        parts.pairs.extend(excluded.iter().filter_map(|other| pair(one, other, false, who)));
    }
    let values = values_of(&included, &input.values)?;
    parts.values = value_decisions(&included, &values, who);
    let label = label(&included, "are one person", &values);
    Ok(word_of("same", label, parts, &records, who))
}

fn different(records: &[(Known, u32)], who: &Who) -> Result<Word> {
    let several = records.iter().any(|(_, person)| *person != records[0].1);
    let mut parts = RecipeDecisions::default();
    for (at, (one, person)) in records.iter().enumerate() {
        for (other, of) in &records[at + 1..] {
            // What is one person already is not taken apart by the question whether it is another's.
            if !several || person != of {
                parts.pairs.extend(pair(one, other, false, who));
            }
        }
    }
    if parts.pairs.is_empty() {
        return Err(one_key());
    }
    let all: Vec<&Known> = records.iter().map(|(known, _)| known).collect();
    let label = label(&all, "are different people", &[]);
    Ok(word_of("different", label, parts, records, who))
}

fn one_key() -> Error {
    unfit(
        "The club lists these records under one key, so they are one membership",
        "Correct the record in Fix: its member number, or its name and birth date.",
    )
}

fn word_of(kind: &str, label: String, parts: RecipeDecisions, records: &[(Known, u32)], who: &Who) -> Word {
    let set = DecisionSet {
        id: 0,
        kind: kind.to_owned(),
        label,
        groups: 1,
        person: who.person.clone(),
        decided: who.now.clone(),
        reverted: None,
    };
    Word { set, parts, records: records.iter().map(|(known, _)| known.record).collect() }
}

/// A decision about two records; `None` where they are one membership by their key.
fn pair(a: &Known, b: &Known, same: bool, who: &Who) -> Option<PairDecision> {
    if a.shares_key(b) {
        return None;
    }
    Some(PairDecision {
        same,
        a: a.key()?.clone(),
        b: b.key()?.clone(),
        person: who.person.clone(),
        decided: who.now.clone(),
        seen: Some(Seen { a: seen_of(a), b: seen_of(b) }),
    })
}

/// Decisions that make records one person.
pub(super) fn same_pairs(records: &[&Known], who: &Who) -> Vec<PairDecision> {
    let mut pairs: Vec<PairDecision> = Vec::new();
    for (at, one) in records.iter().enumerate() {
        for (place, other) in records.iter().enumerate().skip(at + 1) {
            if records.len() <= EACH_PAIR || at == 0 || place == at + 1 {
                pairs.extend(pair(one, other, true, who));
            }
        }
    }
    // Of two records of one key the decision is the same, in whatever order they come: the first, a row's before that of
    // the member who has its key, says what the person saw.
    let mut seen = BTreeSet::new();
    pairs.retain(|pair| {
        let (a, b) = (pair.a.clone(), pair.b.clone());
        seen.insert(if a < b { (a, b) } else { (b, a) })
    });
    pairs
}

/// The values that a person chose, as a list would give them.
fn values_of(records: &[&Known], chosen: &[ChosenValue]) -> Result<Vec<(Field, Option<String>)>> {
    let mut values = Vec::with_capacity(chosen.len());
    for one in chosen {
        if !PERSON_FIELDS.contains(&one.field) {
            return Err(unfit(
                "Only what belongs to the person can be chosen",
                "What belongs to a membership stays with its club.",
            ));
        }
        let of_record = records.iter().any(|known| known.value(one.field) == one.value.as_deref());
        if of_record || one.value.is_none() {
            values.push((one.field, one.value.clone()));
        } else {
            values.extend(standardised(&[FieldValue { field: one.field, value: one.value.clone() }])?);
        }
    }
    Ok(values)
}

fn value_decisions(records: &[&Known], values: &[(Field, Option<String>)], who: &Who) -> Vec<ValueDecision> {
    let mut decisions = Vec::new();
    let keys: BTreeSet<&RecordKey> = records.iter().flat_map(|known| known.keys()).collect();
    for (field, value) in values {
        let mut seen: Vec<String> = Vec::new();
        for text in records.iter().filter_map(|known| known.value(*field)) {
            if !seen.iter().any(|known| agree(*field, known, text)) {
                seen.push(text.to_owned());
            }
        }
        decisions.extend(keys.iter().map(|key| ValueDecision {
            source: key.source.clone(),
            source_key: key.key.clone(),
            field: *field,
            value: value.clone(),
            person: who.person.clone(),
            decided: who.now.clone(),
            seen: Some(seen.clone()),
        }));
    }
    decisions
}

/// `Ann Lee (Unity Golf Club) and Ann M. Lee (US Softball League) are one person; company: Acme`.
fn label(records: &[&Known], verdict: &str, values: &[(Field, Option<String>)]) -> String {
    let named = |known: &&Known| format!("{} ({})", known.name(), known.clubs().join(", "));
    let names: Vec<String> = records.iter().map(named).collect();
    let names = match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    };
    let values: Vec<String> = values
        .iter()
        .map(|(field, value)| {
            format!("; {}: {}", field.label().to_lowercase(), value.as_deref().unwrap_or("none"))
        })
        .collect();
    format!("{names} {verdict}{}", values.concat())
}

impl Session<'_> {
    /// The first group of a kind.
    fn first_of(&self, kind: super::view::QueueKind) -> Result<Option<u32>> {
        use rusqlite::OptionalExtension;
        let sql = "SELECT id FROM staged_group WHERE kind = ?1 ORDER BY later, place, id LIMIT 1";
        let mut statement = self.staging.connection().prepare_cached(sql)?;
        Ok(statement.query_row([super::tables::code(kind)], |row| row.get(0)).optional()?)
    }

    /// The first group of a group's kind, other than itself.
    fn first_beside(&self, group: u32) -> Result<Option<u32>> {
        let first = self.first_of(self.group(group)?.kind)?;
        Ok(first.filter(|first| *first != group))
    }
}
