//! A group, open before a person: its records side by side, why they may be one, and the member they would be.

use muster_engine::Field;
use muster_engine::matching::StepKind;
use muster_engine::resolve::{MemberView, Record, resolve};

use super::matched::probability;
use super::queue::{Group, same_key_sentence};
use super::record::{Known, fields_of};
use super::session::Session;
use super::view::{
    Asked, ChangedSince, DecisionKind, DecisionView, EvidenceView, GroupRecord, PairView, PersonGroup,
    QueueKind, ResolvedMember, ResolvedMembership, Verdict,
};
use crate::error::Result;
use crate::imports::{Imports, small};
use crate::store::decision::{self, DecisionSet};

/// Pairs of a group that are explained at the most.
const MOST_PAIRS: usize = 100;

impl Imports {
    /// A group with all that a person needs to decide.
    ///
    /// # Errors
    /// When there is no such group (any more).
    pub async fn people_group(&self, id: u32, group: u32) -> Result<PersonGroup> {
        let import = self.import(id).await?;
        let (mut opened, sets) = self.in_session(import.id, move |session| open(session, group)).await?;
        let known = decision::sets(self.db(), &sets).await?;
        opened.decisions.retain(|decision| decision.id == 0);
        let own = known.iter().filter(|set| set.reverted.is_none()).map(decision_view);
        opened.decisions.splice(0..0, own);
        Ok(opened)
    }
}

fn open(session: &mut Session<'_>, id: u32) -> Result<(PersonGroup, Vec<i64>)> {
    let group = session.group(id)?;
    let records = session.records(id)?;
    let (decisions, sets) = decisions(session, &records);
    let opened = PersonGroup {
        group: id,
        kind: group.kind,
        pairs: pairs(session, &records)?,
        member: member(session, &records),
        asked: asked(&group, &records),
        changed: changed(session, &records),
        decisions,
        previous: session.neighbour(id, false)?,
        next: session.neighbour(id, true)?,
        records: records.iter().map(|(known, person)| group_record(known, *person)).collect(),
    };
    Ok((opened, sets))
}

fn group_record(known: &Known, person: u32) -> GroupRecord {
    let key = known.key();
    GroupRecord {
        record: known.record,
        person,
        club: key.map(|key| key.source.clone()).unwrap_or_default(),
        key: key.map(|key| key.key.clone()).unwrap_or_default(),
        clubs: known.clubs(),
        file: known.file.clone(),
        line: known.line,
        row: known.row,
        member: known.member.map(small),
        cells: known.values.to_vec(),
    }
}

/// The pairs of a group with their evidence, the surest first.
fn pairs(session: &Session<'_>, records: &[(Known, u32)]) -> Result<Vec<PairView>> {
    let mut pairs = Vec::new();
    for (at, (a, _)) in records.iter().enumerate() {
        for (b, _) in records[at + 1..].iter().take(MOST_PAIRS.saturating_sub(pairs.len())) {
            pairs.extend(pair(session, a, b));
        }
    }
    pairs.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    Ok(pairs)
}

fn pair(session: &Session<'_>, a: &Known, b: &Known) -> Option<PairView> {
    let explained = session.matched.explain(a.record, b.record)?;
    let same_key = a.shares_key(b);
    let mut sum = 0.0;
    let evidence = explained.steps.iter().map(|step| {
        let field = step.comparison.and_then(muster_engine::matching::Comparison::field);
        let value = |known: &Known| field.and_then(|field| known.value(field)).map(str::to_owned);
        sum += step.weight;
        EvidenceView {
            field: field.filter(|_| step.kind == StepKind::Field),
            label: step.label.clone(),
            words: step.words.clone(),
            a: value(a),
            b: value(b),
            bits: step.weight,
            by_frequency: step.by_frequency,
            sum,
        }
    });
    let decision = session.book.between(a, b).map(|at| &session.book.entries()[at].pair);
    Some(PairView {
        a: a.record,
        b: b.record,
        evidence: evidence.collect(),
        probability: if same_key { 1.0 } else { probability(explained.weight) },
        sentence: if same_key {
            same_key_sentence(&[(a.clone(), 0), (b.clone(), 0)])
        } else {
            explained.sentence
        },
        same_key,
        decision: decision.map(|pair| if pair.same { Verdict::Same } else { Verdict::Different }),
    })
}

/// The member that all records together would be.
fn member(session: &Session<'_>, records: &[(Known, u32)]) -> ResolvedMember {
    let flat: Vec<Record<'_>> = records.iter().flat_map(|(known, _)| known.records()).collect();
    let of_record = records.iter().flat_map(|(known, _)| known.memberships.iter().map(|_| known.record));
    let of_record = of_record.collect();
    let rules = session.rules();
    let view = MemberView::new(&resolve(&flat, &rules, session.book.values()), &flat);
    let membership = |membership: muster_engine::resolve::MembershipView| ResolvedMembership {
        source: membership.source,
        source_key: membership.source_key,
        records: membership.records,
        facts: membership.facts,
    };
    ResolvedMember {
        records: view.records,
        of_record,
        fields: view.fields,
        memberships: view.memberships.into_iter().map(membership).collect(),
        conflicts: view.conflicts,
        open: view.open,
    }
}

fn asked(group: &Group, records: &[(Known, u32)]) -> Asked {
    let fields = fields_of(group.open);
    let whether_same = records.iter().any(|(_, person)| *person != records[0].1);
    let listed = |fields: &[Field]| {
        let labels: Vec<String> = fields.iter().map(|field| field.label().to_lowercase()).collect();
        match labels.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            labels => labels.concat(),
        }
    };
    let question = match group.kind {
        QueueKind::Changed if whether_same => {
            "A record changed since it was decided: is it still right?".to_owned()
        }
        QueueKind::Changed => {
            format!("A value changed since it was chosen: which {} is right?", listed(&fields))
        }
        QueueKind::ToReview if fields.is_empty() => "Are these records one person?".to_owned(),
        QueueKind::ToReview => {
            format!("Are these records one person? If so, which {} is right?", listed(&fields))
        }
        QueueKind::Conflicts => format!("One person: which {} is right?", listed(&fields)),
        QueueKind::Merged => "Found to be one person. Is that wrong?".to_owned(),
        QueueKind::Decided | QueueKind::All => "This was decided. Should it be decided anew?".to_owned(),
    };
    Asked { question, whether_same, fields }
}

/// What is another value than when a person decided about two of the records.
fn changed(session: &Session<'_>, records: &[(Known, u32)]) -> Vec<ChangedSince> {
    let mut found: Vec<ChangedSince> = Vec::new();
    for (at, (one, _)) in records.iter().enumerate() {
        for (other, _) in &records[at + 1..] {
            let Some(entry) = session.book.between(one, other) else { continue };
            let pair = &session.book.entries()[entry].pair;
            let (a, b) = if one.keys().any(|key| *key == pair.a) { (one, other) } else { (other, one) };
            let since = session.book.changes(pair, a, b).into_iter().map(|change| ChangedSince {
                record: change.record,
                field: change.field,
                before: change.before,
                after: change.after,
                verdict: if pair.same { Verdict::Same } else { Verdict::Different },
                person: pair.person.clone(),
                decided: pair.decided.clone(),
            });
            for change in since {
                let same =
                    |known: &ChangedSince| (known.record, known.field) == (change.record, change.field);
                if !found.iter().any(same) {
                    found.push(change);
                }
            }
        }
    }
    found
}

/// The decisions about a group's records: those that come from elsewhere, and the numbers of those of the workspace.
fn decisions(session: &Session<'_>, records: &[(Known, u32)]) -> (Vec<DecisionView>, Vec<i64>) {
    let (mut elsewhere, mut sets) = (Vec::new(), Vec::new());
    for (at, (one, _)) in records.iter().enumerate() {
        for (other, _) in &records[at + 1..] {
            let Some(entry) = session.book.between(one, other) else { continue };
            let entry = &session.book.entries()[entry];
            if entry.set != 0 {
                sets.push(entry.set);
                continue;
            }
            let verdict = if entry.pair.same { "are one person" } else { "are different people" };
            elsewhere.push(DecisionView {
                id: 0,
                kind: if entry.pair.same { DecisionKind::Same } else { DecisionKind::Different },
                label: format!("{} and {} {verdict}", one.name(), other.name()),
                groups: 1,
                values: Vec::new(),
                person: entry.pair.person.clone(),
                decided: entry.pair.decided.clone(),
                reverted: None,
            });
        }
    }
    sets.sort_unstable();
    sets.dedup();
    (elsewhere, sets)
}

/// A decision of the workspace, without the values that were chosen with it.
pub(super) fn decision_view(set: &DecisionSet) -> DecisionView {
    DecisionView {
        id: small(set.id),
        kind: match set.kind.as_str() {
            "same" => DecisionKind::Same,
            "different" => DecisionKind::Different,
            _ => DecisionKind::Bulk,
        },
        label: set.label.clone(),
        groups: u32::try_from(set.groups).unwrap_or(u32::MAX),
        values: Vec::new(),
        person: set.person.clone(),
        decided: set.decided.clone(),
        reverted: set.reverted.clone(),
    }
}
