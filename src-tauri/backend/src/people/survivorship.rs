//! Whose value of a field wins: the rules of an import, previewed on its people before they count.

use muster_engine::Field;
use muster_engine::resolve::{Comparison, Record, Survivorship, SurvivorshipSettings};
use rusqlite::OptionalExtension;

use super::record::{Known, Reader};
use super::session::Session;
use super::view::{PeopleView, RuleEffect, RuleExample, RulesPreview, SurvivorshipView};
use crate::error::{Code, Error, Result};
use crate::imports::Imports;
use crate::progress::Job;

/// Values that a preview shows at the most.
const EXAMPLES: usize = 50;

impl Imports {
    /// The rules of an import.
    ///
    /// # Errors
    /// When the import does not exist.
    pub async fn survivorship(&self, id: u32) -> Result<SurvivorshipView> {
        let import = self.import(id).await?;
        let settings = self.people_settings(import.id).await?.survivorship;
        let clubs = self.with_staging(import.id, |staging| {
            let mut statement =
                staging.connection().prepare("SELECT DISTINCT source FROM staged_file ORDER BY id")?;
            let clubs = statement.query_map([], |row| row.get(0))?;
            Ok(clubs.collect::<rusqlite::Result<_>>()?)
        });
        Ok(SurvivorshipView { problems: settings.problems(), settings, clubs: clubs.await? })
    }

    /// What other rules would do to the people of an import that have several records.
    ///
    /// # Errors
    /// When the records have not been compared yet.
    pub async fn survivorship_preview(
        &self,
        id: u32,
        settings: SurvivorshipSettings,
    ) -> Result<RulesPreview> {
        let import = self.import(id).await?;
        self.in_session(import.id, move |session| preview(session, &settings)).await
    }

    /// Sets the rules and settles all people by them. Progress is reported as `people_settle`.
    ///
    /// # Errors
    /// When the rules contradict themselves, or the job is cancelled; then they stay as they were.
    pub async fn survivorship_set(
        &self,
        id: u32,
        rules: SurvivorshipSettings,
        job: &Job,
    ) -> Result<PeopleView> {
        if let Some(problem) = rules.problems().into_iter().next() {
            return Err(Error::new(Code::InvalidInput, problem));
        }
        let import = self.import(id).await?;
        let mut settings = self.people_settings(import.id).await?;
        settings.survivorship = rules;
        self.settle_by(import.id, settings, job).await?;
        self.people(id).await
    }
}

fn preview(session: &Session<'_>, settings: &SurvivorshipSettings) -> Result<RulesPreview> {
    let db = session.staging.connection();
    let (before, after) = (session.rules(), Survivorship::new(settings));
    let mut comparison = Comparison::new(&before, &after, EXAMPLES);
    let reader = Reader::new(db)?;
    let mut statement = db.prepare("SELECT person FROM staged_member ORDER BY person")?;
    let people = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<u32>>>()?;
    for person in &people {
        let records = person_records(&reader, *person)?;
        let flat: Vec<Record<'_>> = records.iter().flat_map(Known::records).collect();
        comparison.push(&flat, session.book.values());
    }
    let found = comparison.finish();
    let mut examples = Vec::with_capacity(found.examples.len());
    for example in found.examples {
        let Some(&person) = people.get(example.cluster as usize) else { continue };
        examples.push(RuleExample {
            group: group_of(&reader, person)?,
            name: reader.known(person)?.map(|known| known.name()).unwrap_or_default(),
            field: example.field,
            club: example.membership.map(|(club, _)| club),
            before: example.before,
            before_reason: example.before_reason,
            after: example.after,
            after_reason: example.after_reason,
        });
    }
    let effect = |change: &muster_engine::resolve::FieldChange| RuleEffect {
        field: change.field,
        changed: change.changed,
        opened: change.opened,
        closed: change.closed,
    };
    let mut fields: Vec<RuleEffect> = found.fields.iter().map(effect).collect();
    fields.sort_by_key(|effect: &RuleEffect| Field::index(effect.field));
    Ok(RulesPreview {
        problems: settings.problems(),
        members: found.members,
        changed_members: found.changed_members,
        open_before: found.open_before,
        open_after: found.open_after,
        fields,
        examples,
    })
}

/// The records of a person: their rows, and the members of the target that were compared.
fn person_records(reader: &Reader<'_>, person: u32) -> Result<Vec<Known>> {
    let sql = "SELECT row_id FROM staged_person WHERE person = ?1
               UNION SELECT record FROM staged_match_member WHERE member_id IN (
                   SELECT member_id FROM staged_person WHERE person = ?1
                   UNION SELECT member_id FROM staged_member_merge WHERE person = ?1)
               ORDER BY 1";
    let mut statement = reader.db.prepare_cached(sql)?;
    let records = statement.query_map([person], |row| row.get(0))?;
    reader.all(&records.collect::<rusqlite::Result<Vec<u32>>>()?)
}

fn group_of(reader: &Reader<'_>, record: u32) -> Result<Option<u32>> {
    let sql = "SELECT group_id FROM staged_group_record WHERE record = ?1 ORDER BY group_id LIMIT 1";
    let mut statement = reader.db.prepare_cached(sql)?;
    Ok(statement.query_row([record], |row| row.get(0)).optional()?)
}
